"""How KPIs went: what a picture or a table of them shows, and what is missing in it. Values in, values out.

What nobody reported is a gap, never nought, and nothing is drawn across it. Readings in another unit than the KPI's are
left out and said to be.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Final
from uuid import UUID

from db.enums import CheckInState, Confidence, Direction, KpiSource
from workflows.checkins.periods import is_wanted, next_date
from workflows.checkins.rules import Kpi, Rhythm

MOST_DRAWN: Final = 4
MOST_READINGS: Final = 26
"""Half a year of weeks."""

_NO_NUMBER: Final = (CheckInState.MISSED, CheckInState.SKIPPED, CheckInState.AWAY, CheckInState.ANSWERED)


@dataclass(frozen=True, slots=True)
class Stood:
    """A baseline: what was measured from one day to another, both included, in the unit the KPI had then."""

    value: float
    unit: str
    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Watched:
    """A KPI whose way is looked at: what it says, who reports it, since when, and how many readings of it count."""

    id: UUID
    says: Kpi
    rhythm: Rhythm
    source: KpiSource
    owner_id: UUID
    began: date
    readings: int
    baseline: Stood | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """A reading that counts. `confirmed_by` are the names of who confirmed it, besides whoever entered it.

    As long as anybody doubts it, it `is_doubted` and nobody confirms it. `check_in_id` is empty where it came
    from elsewhere.
    """

    kpi_id: UUID
    value: float
    unit: str
    on: date
    source: KpiSource
    check_in_id: UUID | None = None
    confirmed_by: tuple[str, ...] = ()
    is_doubted: bool = False

    @property
    def is_verified(self) -> bool:
        """Say whether somebody besides who entered it stands for it; what a system measures nobody entered."""
        return self.source is KpiSource.SYSTEM or bool(self.confirmed_by)


@dataclass(frozen=True, slots=True)
class Turn:
    """A date on which somebody was asked, and what became of it."""

    check_in_id: UUID
    schedule_id: UUID
    person_id: UUID
    on: date
    state: CheckInState
    confidence: Confidence | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """A reading in a trend. `confidence` is what was said with it about the use case."""

    on: date
    value: float
    source: KpiSource
    is_verified: bool
    confirmed_by: tuple[str, ...] = ()
    confidence: Confidence | None = None
    is_doubted: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """A date for which a number was asked and none came, and why. Answered: this one was left out."""

    on: date
    why: CheckInState


@dataclass(frozen=True, slots=True)
class Trend:
    """One KPI. `baseline` is None while none is locked, and `is_rebased`: the one there is has another unit.

    `points` and `gaps` are the newest, the oldest of them first; `earlier` is how many readings there were before.
    `runs` are the points between which a line may be drawn: of one source, with no period missing. `other_units` says
    how many readings are left out because of the unit they have.
    """

    kpi_id: UUID
    name: str
    unit: str
    direction: Direction
    target: float
    target_high: float | None
    due: date
    baseline: Stood | None
    is_rebased: bool
    points: tuple[Point, ...]
    gaps: tuple[Gap, ...]
    runs: tuple[tuple[Point, ...], ...]
    earlier: int = 0
    other_units: tuple[tuple[str, int], ...] = ()

    @property
    def dates(self) -> list[date]:
        """Every date of which there is something to say, the first one first."""
        return sorted({*(each.on for each in self.points), *(each.on for each in self.gaps)})

    @property
    def newest(self) -> Point | None:
        return self.points[-1] if self.points else None


@dataclass(frozen=True, slots=True)
class Trends:
    """The KPIs of a use case over time. `drawn` fit into one picture; `beside` are named in words.

    `said` is what was said of the use case as a whole, date by date.
    """

    drawn: tuple[Trend, ...]
    beside: tuple[Trend, ...]
    said: tuple[tuple[date, Confidence], ...]

    @property
    def every(self) -> tuple[Trend, ...]:
        return (*self.drawn, *self.beside)

    @property
    def has_readings(self) -> bool:
        return any(each.points for each in self.drawn)


def trends_of(kpis: Sequence[Watched], reads: Sequence[Read], turns: Sequence[Turn]) -> Trends:
    """Return how these KPIs went, in their order. `reads` may be only the newest."""
    by_check_in = {each.check_in_id: each for each in turns}
    every = [_trend(each, reads, turns, by_check_in) for each in kpis]
    since = min((point.on for trend in every for point in trend.points), default=date.max)
    said = {each.on: each.confidence for each in turns if each.confidence is not None and each.on >= since}
    return Trends(
        drawn=tuple(every[:MOST_DRAWN]),
        beside=tuple(every[MOST_DRAWN:]),
        said=tuple(sorted(said.items())[-MOST_READINGS:]),
    )


def _trend(kpi: Watched, reads: Sequence[Read], turns: Sequence[Turn], by_check_in: Mapping[UUID, Turn]) -> Trend:
    own = sorted((each for each in reads if each.kpi_id == kpi.id), key=attrgetter("on"))
    counting = [each for each in own if each.unit == kpi.says.unit]
    kept = counting[-MOST_READINGS:]
    points = tuple(_point(each, by_check_in) for each in kept)
    asked = [each for each in _asked(kpi, own, turns, by_check_in) if each.on >= kpi.began]
    every_gap = _gaps(kpi, own, asked)
    since = points[0].on if len(counting) > len(kept) else date.min
    gaps = tuple(each for each in every_gap if each.on >= since)[-MOST_READINGS:]
    baseline = kpi.baseline
    is_rebased = baseline is not None and baseline.unit != kpi.says.unit
    others = sorted(each.unit for each in own if each.unit != kpi.says.unit)
    return Trend(
        kpi_id=kpi.id,
        name=kpi.says.name,
        unit=kpi.says.unit,
        direction=kpi.says.direction,
        target=kpi.says.target,
        target_high=kpi.says.target_high,
        due=kpi.says.due,
        baseline=None if is_rebased else baseline,
        is_rebased=is_rebased,
        points=points,
        gaps=gaps,
        runs=_runs(kpi.rhythm, points, gaps),
        earlier=kpi.readings - len(others) - len(points),
        other_units=tuple((unit, len(list(each))) for unit, each in groupby(others)),
    )


def _point(read: Read, by_check_in: Mapping[UUID, Turn]) -> Point:
    turn = by_check_in.get(read.check_in_id) if read.check_in_id else None
    track = turn.confidence if turn else None
    return Point(read.on, read.value, read.source, read.is_verified, read.confirmed_by, track, read.is_doubted)


def _asked(kpi: Watched, reads: Sequence[Read], turns: Sequence[Turn], by_check_in: Mapping[UUID, Turn]) -> list[Turn]:
    """Return the dates on which this KPI was asked for: those of whoever answers for it now, and of who did before.

    Who asked whom for what is not kept. Somebody who reported it once is taken to have been asked until they last did.
    """
    if kpi.source is not KpiSource.SELF:
        return []
    until: dict[UUID, date] = {}
    for each in reads:
        turn = by_check_in.get(each.check_in_id) if each.check_in_id else None
        if turn is not None:
            until[turn.schedule_id] = max(turn.on, until.get(turn.schedule_id, turn.on))
    asked = [
        each for each in turns if each.person_id == kpi.owner_id or each.on <= until.get(each.schedule_id, date.min)
    ]
    return sorted(asked, key=attrgetter("on"))


def _gaps(kpi: Watched, reads: Sequence[Read], asked: Sequence[Turn]) -> list[Gap]:
    """Return the periods in which nobody gave a number, each by the first date on which it was asked for."""
    given = {each.check_in_id: each.on for each in reads if each.check_in_id}
    on_dates = [each.on for each in reads]
    found: list[Gap] = []
    last: date | None = None
    for turn in asked:
        if turn.check_in_id in given:
            last = turn.on
        elif turn.state in _NO_NUMBER and is_wanted(kpi.rhythm, last, turn.on):
            came = next((on for on in on_dates if on >= turn.on), None)
            if came is None or is_wanted(kpi.rhythm, turn.on, came):
                found.append(Gap(turn.on, turn.state))
                last = turn.on
    return found


def _runs(rhythm: Rhythm, points: Sequence[Point], gaps: Sequence[Gap]) -> tuple[tuple[Point, ...], ...]:
    """Return the points that may be joined, source by source."""
    runs: list[list[Point]] = []
    for source in KpiSource:
        before: Point | None = None
        for point in points:
            if point.source is not source:
                continue
            if before is not None and _is_next(rhythm, before, point, gaps):
                runs[-1].append(point)
            else:
                runs.append([point])
            before = point
    return tuple(map(tuple, runs))


def _is_next(rhythm: Rhythm, one: Point, other: Point, gaps: Sequence[Gap]) -> bool:
    """Say whether no period lies between two readings: none that was asked for, and none by how often it is read."""
    if any(one.on < each.on < other.on for each in gaps):
        return False
    weekday = one.on.isoweekday()
    after_next = next_date(rhythm, weekday, next_date(rhythm, weekday, one.on))
    return other.on < after_next
