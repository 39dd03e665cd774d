"""The workspace's clock: real time plus an offset that only grows, and those who follow it."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_LONGEST_STEP = 3600.0
_LONGEST_ADVANCE = 366 * 24 * 3600.0


@dataclass(slots=True)
class Follower:
    """Somebody who does timed work and reports when there is none left to do."""

    name: str
    idle_at: int = -1
    waiting: int = 0
    heard: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """What came of moving the clock: how far it went, and whom it waited for in vain."""

    played: float
    late: tuple[str, ...]


class Clock:
    def __init__(
        self,
        *,
        offset: float = 0.0,
        step: int = 0,
        on_step: Callable[[float, int], None] = lambda _offset, _step: None,
        patience: float = 10.0,
        forget_after: float = 30.0,
    ) -> None:
        self.offset = offset
        self.step = step
        self.on_step = on_step
        self._patience = patience
        self._forget_after = forget_after
        self._followers: dict[str, Follower] = {}
        self._moved = asyncio.Condition()
        self._advancing = asyncio.Lock()

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.offset)

    def followers(self) -> list[str]:
        """Return the names of those heard of lately; the others are forgotten."""
        oldest = time.monotonic() - self._forget_after
        gone = [f.name for f in self._followers.values() if not f.waiting and f.heard < oldest]
        for name in gone:
            del self._followers[name]
        return sorted(self._followers)

    async def follow(self, *, name: str, step: int, wait: float) -> tuple[float, int]:
        """Return offset and step as soon as the step is not the one the follower knows."""
        follower = self._follower(name)
        follower.waiting += 1
        try:
            async with self._moved:
                await asyncio.wait_for(self._moved.wait_for(lambda: self.step != step), wait)
        except TimeoutError:
            pass  # nothing moved: the answer says so
        finally:
            follower.waiting -= 1
            follower.heard = time.monotonic()
        return self.offset, self.step

    async def idle(self, *, name: str, step: int) -> None:
        follower = self._follower(name)
        follower.idle_at = max(follower.idle_at, min(step, self.step))
        async with self._moved:
            self._moved.notify_all()

    async def advance(self, seconds: float) -> Advance:
        """Move on in steps of an hour at most, each when every follower is idle."""
        if not 0 < seconds <= _LONGEST_ADVANCE:
            raise ValueError("The clock moves forward, by a year at most.")
        played = 0.0
        async with self._advancing:
            while seconds - played > 0:
                size = min(_LONGEST_STEP, seconds - played)
                await self._take_step(size)
                played += size
                late = await self._late_followers()
                if late:
                    return Advance(played=played, late=late)
        return Advance(played=played, late=())

    async def _take_step(self, size: float) -> None:
        self.offset += size
        self.step += 1
        self.on_step(self.offset, self.step)
        async with self._moved:
            self._moved.notify_all()
        await asyncio.sleep(0)

    async def _late_followers(self) -> tuple[str, ...]:
        try:
            async with self._moved:
                await asyncio.wait_for(self._moved.wait_for(lambda: not self._busy()), self._patience)
        except TimeoutError:
            return tuple(self._busy())
        return ()

    def _busy(self) -> list[str]:
        return [name for name in self.followers() if self._followers[name].idle_at < self.step]

    def _follower(self, name: str) -> Follower:
        follower = self._followers.setdefault(name, Follower(name=name))
        follower.heard = time.monotonic()
        return follower
