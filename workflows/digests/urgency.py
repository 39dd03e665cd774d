"""Which of the things that wait for somebody come first this week. Values in, values out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum, auto
from typing import Final, Generic, TypeVar

TOLD: Final = 3
AHEAD: Final = timedelta(days=14)
"""What is due later than this is nothing of this week."""

Waits = TypeVar("Waits")


class ThingKind(StrEnum):
    """What is asked of somebody."""

    VOTE = auto()
    EVIDENCE = auto()  # somebody else gave it, and it is theirs to judge
    CONFIRMATION = auto()  # of numbers somebody else gave
    CHECK_IN = auto()
    CONDITION = auto()
    RECERTIFICATION = auto()
    FIX = auto()
    TASK = auto()
    PART = auto()  # of the foundation, to be looked at again
    RECORDING = auto()  # in use already, and to be proposed
    SCORECARD = auto()


OTHERS_WAIT: Final = frozenset({ThingKind.VOTE, ThingKind.EVIDENCE, ThingKind.CONFIRMATION})
"""Somebody else cannot go on until it is done."""


@dataclass(frozen=True, slots=True)
class Thing(Generic[Waits]):
    """One thing that waits for somebody. `due` is a day where they are, None where there is none.

    `since` is when they were asked, where that is known. `about` is what it is, as its feature pictures it.
    """

    kind: ThingKind
    about: Waits
    due: date | None = None
    is_late: bool = False
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Week(Generic[Waits]):
    """The things to tell, and how many more wait."""

    things: tuple[Thing[Waits], ...]
    more: int


def week_of(waiting: Iterable[Thing[Waits]], today: date) -> Week[Waits]:
    """Return what somebody is told of everything that waits for them: three things at most.

    What is late comes first, the latest first; then by the day it is due, without a day last. Of the same day comes
    first what others wait for, then what was asked first. What is due more than a fortnight from `today` is not told.
    """
    everything = sorted(waiting, key=_urgency)
    told = [each for each in everything if each.is_late or each.due is None or each.due <= today + AHEAD][:TOLD]
    return Week(tuple(told), len(everything) - len(told))


def _urgency(thing: Thing[Waits]) -> tuple[bool, date, bool, datetime, int]:
    return (
        not thing.is_late,
        thing.due or date.max,
        thing.kind not in OTHERS_WAIT,
        thing.since or datetime.max.replace(tzinfo=UTC),
        _ORDER.index(thing.kind),
    )


_ORDER: Final[Sequence[ThingKind]] = tuple(ThingKind)
