"""When a KPI is hit: two readings in a row that reach the target, one of them sure. Values in, values out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby, pairwise
from uuid import UUID

from db.enums import Direction, KpiSource, Verdict
from workflows.checkins.rules import Kpi
from workflows.people.snapshots import Actor


@dataclass(frozen=True, slots=True)
class VerdictSnapshot:
    """What a second person said of a reading, and when. A doubt has a `reason`, empty once it is erased."""

    by: Actor
    verdict: Verdict
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Witnessed:
    """A reading that counts, with everything second persons said of it, oldest first. Nobody entered a system's.

    `instead_of` is the value it replaced; `revision` the one of the answer it came with.
    """

    id: UUID
    kpi_id: UUID
    value: float
    unit: str
    read_for: date
    source: KpiSource
    entered_at: datetime
    entered_by: Actor | None = None
    check_in_id: UUID | None = None
    revision: int | None = None
    instead_of: float | None = None
    verdicts: tuple[VerdictSnapshot, ...] = ()

    @property
    def doubt(self) -> VerdictSnapshot | None:
        """The newest doubt of somebody who has not confirmed it since."""
        return next((each for each in self._counting()[::-1] if each.verdict is Verdict.DOUBTED), None)

    @property
    def confirmation(self) -> VerdictSnapshot | None:
        """Who confirmed it first; nobody as long as anybody doubts it."""
        return None if self.doubt else next(iter(self._counting()), None)

    @property
    def is_sure(self) -> bool:
        """Say whether it is more than one person's word."""
        return self.source is KpiSource.SYSTEM or self.confirmation is not None

    def said_by(self, person_id: UUID) -> VerdictSnapshot | None:
        """Return what this person said of it last."""
        return next((each for each in self._counting() if each.by.id == person_id), None)

    def _counting(self) -> Sequence[VerdictSnapshot]:
        """Return the newest verdict of each person, the oldest of these first."""
        newest = {each.by.id: each for each in self.verdicts}
        return sorted(newest.values(), key=lambda each: each.at)


class Reached(StrEnum):
    """How far a KPI is on the way to being hit."""

    NOT = "not"  # never two in a row
    UNCONFIRMED = "unconfirmed"  # two in a row, of which nobody confirmed one
    DOUBTED = "doubted"  # two in a row, of which somebody doubts one
    HIT = "hit"


@dataclass(frozen=True, slots=True)
class Progress:
    """Whether a KPI is hit, and by which two readings, or which two would hit it; there are none before that.

    Once hit it stays hit: `pair` is the first that did it. `newest` is its newest reading in its unit, and `holds` says
    whether that reaches the target.
    """

    reached: Reached
    pair: tuple[Witnessed, Witnessed] | None = None
    newest: Witnessed | None = None
    holds: bool = False

    @property
    def is_hit(self) -> bool:
        return self.reached is Reached.HIT


def reaches(says: Kpi, value: float) -> bool:
    """Say whether a value is at the target or beyond it; in a band, whether it lies inside, ends included."""
    match says.direction:
        case Direction.UP:
            return value >= says.target
        case Direction.DOWN:
            return value <= says.target
        case Direction.BAND:
            return says.target <= value <= (says.target if says.target_high is None else says.target_high)


def progress(says: Kpi, readings: Iterable[Witnessed]) -> Progress:
    """Return how far a KPI is, from the readings of it that count, in any order.

    It is hit by two readings in a row that reach the target, neither doubted, one at least confirmed by a second person
    or from a system. Readings in another unit are left out. Of several for one day all have to reach it: that day is
    one reading, so that a source cannot make a row by itself with another of the same day.
    """
    ours = sorted((each for each in readings if each.unit == says.unit), key=lambda each: each.read_for)
    days = [_Day.of(says, list(found)) for _, found in groupby(ours, key=lambda each: each.read_for)]
    if not days:
        return Progress(Reached.NOT)
    newest, holds = days[-1].shown, days[-1].reaches
    pairs = [pair for pair in pairwise(days) if all(day.reaches for day in pair)]
    undoubted = [pair for pair in pairs if not any(day.is_doubted for day in pair)]
    hits = [pair for pair in undoubted if any(day.is_sure for day in pair)]
    if not pairs:
        return Progress(Reached.NOT, None, newest, holds)
    reached = Reached.HIT if hits else Reached.UNCONFIRMED if undoubted else Reached.DOUBTED
    first, second = hits[0] if hits else (undoubted or pairs)[-1]
    return Progress(reached, (first.shown, second.shown), newest, holds)


@dataclass(frozen=True, slots=True)
class _Day:
    """What was read for one day. `shown` stands for it: a sure one, else the one entered last."""

    shown: Witnessed
    reaches: bool
    is_sure: bool
    is_doubted: bool

    @classmethod
    def of(cls, says: Kpi, readings: Sequence[Witnessed]) -> "_Day":
        doubted = [each for each in readings if each.doubt]
        shown = max(readings, key=lambda each: (each in doubted, each.is_sure, each.entered_at))
        return cls(
            shown=shown,
            reaches=all(reaches(says, each.value) for each in readings),
            is_sure=any(each.is_sure for each in readings),
            is_doubted=bool(doubted),
        )
