"""A process that dies half-way, one that acts on what it read too long ago, and ids that are the same in every run."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from random import Random
from typing import Any

from db.queries import approvals as stored
from db.session import Database, Session


class CrashError(Exception):
    """The process dies here."""


class Fuse:
    """Burns a little with every word to the database, and ends the process when it has burnt down."""

    def __init__(self) -> None:
        self._left: int | None = None

    def burn(self) -> None:
        if self._left is not None:
            self._left -= 1
            if self._left < 0:
                raise CrashError

    @contextmanager
    def lit(self, words: int) -> Iterator[None]:
        self._left = words
        try:
            yield
        finally:
            self._left = None

    def lay(self, monkeypatch: Any) -> None:
        """Let every session burn it."""
        for name in ("ask", "tell", "connection", "exec", "finish"):
            original = getattr(Session, name)

            def burning(session: Session, *args: Any, _original: Any = original, **kwargs: Any) -> Any:
                self.burn()
                return _original(session, *args, **kwargs)

            monkeypatch.setattr(Session, name, burning)


class Ids:
    """The clock and the chance that ids are made of, the same in every run. A few share a millisecond, as they do."""

    def __init__(self) -> None:
        self.begin_anew()

    def begin_anew(self) -> None:
        self._random = Random(0)  # noqa: S311 - nothing is secret here
        self._made = 0

    def time_ns(self) -> int:
        self._made += 1
        return self._made * 300_000

    def randbits(self, bits: int) -> int:
        return self._random.getrandbits(bits)

    def lay(self, monkeypatch: Any) -> None:
        """Let every new id be made of them."""
        monkeypatch.setattr("db.ids.time", self)
        monkeypatch.setattr("db.ids.secrets", self)


FUSE = Fuse()
IDS = Ids()


class Stale:
    """What is due, as a beat read it that then has to wait for another one, which does it first."""

    def __init__(self, database: Database, now: datetime) -> None:
        with database.reading() as session:
            self._found = {
                "due_reminders": list(stored.due_reminders(session, now, limit=100)),
                "lanes_out_of_time": list(stored.lanes_out_of_time(session, now, today=now.date())),
                "seats_of_leavers": list(stored.seats_of_leavers(session)),
                "blocked_lanes": list(stored.blocked_lanes(session)),
                "seats_to_hand_over": list(stored.seats_to_hand_over(session, now=now)),
            }
        self._is_waiting = True

    @contextmanager
    def pictures(self) -> Iterator[None]:
        """Let the queries of a beat answer with them until it has its first lock: the other one has ended then."""
        with ExitStack() as patches:
            for name, found in self._found.items():
                self._patch(patches, name, found)
            self._patch(patches, "lock", None)
            yield

    def _patch(self, patches: ExitStack, name: str, found: Any) -> None:
        original = getattr(stored, name)

        def answer(*args: Any, **kwargs: Any) -> Any:
            if name == "lock":
                self._is_waiting = False
            return found if self._is_waiting else original(*args, **kwargs)

        setattr(stored, name, answer)
        patches.callback(setattr, stored, name, original)
