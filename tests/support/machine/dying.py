"""A process that dies half-way, one that acts on what it read too long ago, and ids that are the same in every run."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from random import Random
from typing import Any

from db.queries import approvals as stored
from db.queries import auditing as audits
from db.queries import breaking_glass as glasses
from db.queries import conditions, intake, recertifying
from db.session import Database, Session
from workflows.breaking_glass.rules import ANSWER_WITHIN
from workflows.recertifying import asking

LOCKS = ((stored, "lock"), (stored, "lock_about"), (stored, "lock_by_lane"), (intake, "lock"), (audits, "hold_line"))
"""What waits until somebody else has committed."""


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

    def token_hex(self, size: int) -> str:
        return f"{self._random.getrandbits(size * 8):0{size * 2}x}"

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
                (stored, "due_reminders"): list(stored.due_reminders(session, now, limit=100)),
                (stored, "lanes_out_of_time"): list(stored.lanes_out_of_time(session, now, today=now.date())),
                (stored, "seats_of_leavers"): list(stored.seats_of_leavers(session)),
                (stored, "blocked_lanes"): list(stored.blocked_lanes(session)),
                (stored, "seats_to_hand_over"): list(stored.seats_to_hand_over(session, now=now)),
                (conditions, "due"): list(conditions.due(session, now)),
                (conditions, "of_leavers"): list(conditions.of_leavers(session)),
                (glasses, "due"): list(glasses.due(session, now=now, unanswered_since=now - ANSWER_WITHIN)),
                (audits, "overtaken"): list(audits.overtaken(session, limit=50)),
                (recertifying, "answered_campaigns"): list(recertifying.answered_campaigns(session)),
            }
            self._deeds = [(list(find(session, now)), find, deed) for find, deed in asking._DEEDS]  # noqa: SLF001 - what a beat does is nobody else's business
        self._is_waiting = True

    @contextmanager
    def pictures(self) -> Iterator[None]:
        """Let the queries of a beat answer with them until it has its first lock: the other one has ended then."""
        with ExitStack() as patches:
            for (module, name), found in self._found.items():
                original = getattr(module, name)
                self._patch(patches, module, name, self._answering(found, original))
            deeds = [(self._answering(found, find), deed) for found, find, deed in self._deeds]
            self._patch(patches, asking, "_DEEDS", deeds)
            for module, name in LOCKS:
                self._patch(patches, module, name, self._ending_the_wait(getattr(module, name)))
            yield

    def _answering(self, found: Any, original: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *args, **kwargs: found if self._is_waiting else original(*args, **kwargs)

    def _ending_the_wait(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def lock(*args: Any, **kwargs: Any) -> Any:
            self._is_waiting = False
            return original(*args, **kwargs)

        return lock

    @staticmethod
    def _patch(patches: ExitStack, module: Any, name: str, instead: Any) -> None:
        patches.callback(setattr, module, name, getattr(module, name))
        setattr(module, name, instead)
