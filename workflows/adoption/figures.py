"""How use is counted: every figure with its window, or with why it cannot be told. Values in, values out.

docs/adoption.md has each formula with its definition.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Final

from db.enums import UsageMeasure, UsageSource, UsageTells
from workflows.adoption import sources
from workflows.adoption.snapshots import Figure, SourceUse, Telling
from workflows.adoption.suppression import FEWEST

WEEK: Final = 7
MONTH: Final = 28
"""Four weeks, so that every month has as many Mondays as another. WAU and MAU are of so many days."""

CANNOT: Final = Figure(Telling.NOT_MEASURABLE)
UNSAID: Final = Figure(Telling.NOT_REPORTED)

Span = tuple[date, date]
"""First and last day, both included."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A count as it is stored. `team` is empty where all are meant."""

    measure: UsageMeasure
    definition: str
    team: str
    first_day: date
    last_day: date
    value: int


@dataclass(frozen=True, slots=True)
class Use:
    """What a source says, and what it can tell; None: people said it in a check-in."""

    tells: UsageTells | None
    says: SourceUse


@dataclass(frozen=True, slots=True)
class Rate:
    """Active in per cent of those who could use it, or of those with access where nobody says who could.

    `of` says which; `said_by` is the source of that number where it is another one.
    """

    figure: Figure
    of: UsageMeasure | None = None
    said_by: str = ""


@dataclass(frozen=True, slots=True)
class Movement:
    """Of the people in this window and the one before: who used it in both, again, no longer, or for the first time."""

    retained: Figure
    reactivated: Figure
    lapsed: Figure
    new: Figure


@dataclass(frozen=True, slots=True)
class FirstUse:
    """Days from the first report with somebody to their first use: the median, of so many people."""

    days: Figure
    of: int = 0


@dataclass(frozen=True, slots=True)
class SourceFigures:
    """Everything that follows from one source about one use case."""

    tells: UsageTells | None
    use: SourceUse
    weekly: Figure
    monthly: Figure
    rate: Rate
    movement: Movement
    first_use: FirstUse


NO_MOVEMENT: Final = Movement(CANNOT, CANNOT, CANNOT, CANNOT)
MOVEMENT_UNSAID: Final = Movement(UNSAID, UNSAID, UNSAID, UNSAID)


def days_in(first: date, last: date) -> int:
    return (last - first).days + 1


def ending(last: date, days: int) -> Span:
    """Return so many days that end on this one."""
    return last - timedelta(days=days - 1), last


def last_told(told: Iterable[Span], first: date, last: date) -> date | None:
    """Return the last day of a window that files told of; None where they told of none."""
    return max((min(until, last) for since, until in told if since <= last and until >= first), default=None)


def days_told(told: Collection[Span], first: date, last: date) -> int:
    """Return how many days of a window files told of."""
    days = [first + timedelta(days=each) for each in range(days_in(first, last))]
    return sum(any(since <= day <= until for since, until in told) for day in days)


# -------------------------------------------------------------------------------------- what a source says


def of_people_by_day(source: UsageSource, told: Collection[Span], window: Span, active: int) -> Use:
    """Return how many people used something in a window. Days nobody told of are said, and never nought."""
    says = SourceUse(source, by_day_defined(told, window), *window, CANNOT, CANNOT, Figure.of(active))
    return Use(UsageTells.PEOPLE_BY_DAY, says)


def by_day_defined(told: Collection[Span], window: Span) -> str:
    """Return what people by day are people of, with how many days of the window were told where not all were."""
    days, of = days_told(told, *window), days_in(*window)
    return sources.BY_DAY if days == of else f"{sources.BY_DAY}; {days} of {of} days told"


def of_last_activity(source: UsageSource, window: Span, *, assigned: int, active: int) -> Use:
    """Return how many people were active in a window that ends on the day of a report, and how many had access then."""
    definition = sources.BY_LAST_ACTIVITY
    says = SourceUse(source, definition, *window, CANNOT, Figure.of(assigned), Figure.of(active))
    return Use(UsageTells.LAST_ACTIVITY, says)


def of_check_ins(said: Sequence[tuple[date, date, int | None, int | None]]) -> Use | None:
    """Return what the newest of some check-ins says, each (date, end of its period, eligible, active).

    It asks for the time since the one before: as many days as its period has, up to the day before its date.
    """
    telling = [each for each in said if (each[2], each[3]) != (None, None)]
    if not telling:
        return None
    on, ends, eligible, active = max(telling, key=lambda each: each[0])
    window = asked_of(on, ends)
    says = SourceUse(sources.CHECK_IN, sources.SAID, *window, Figure.of(eligible), CANNOT, Figure.of(active))
    return Use(None, says)


def asked_of(on: date, ends: date) -> Span:
    """Return the days a check-in asks of: as many as its period has, up to the day before its date."""
    return on - (ends - on), on - timedelta(days=1)


def of_counts(source: UsageSource, counts: Sequence[Counted], first: date, last: date) -> Use | None:
    """Return what a source counted, for the window asked for; None where it counted nothing in it.

    Active are those of the longest period not longer than the window that ends in it, the newest of these.
    """
    periods: defaultdict[tuple[str, date, date], list[Counted]] = defaultdict(list)
    for each in counts:
        periods[each.definition, each.first_day, each.last_day].append(each)
    longest = days_in(first, last)
    usable = [
        (days_in(since, until), until, found)
        for (_, since, until), found in periods.items()
        if first <= until <= last and days_in(since, until) <= longest
        if total(found, UsageMeasure.ACTIVE) is not None
    ]
    active = max(usable, key=lambda each: each[:2])[2] if usable else None
    stocks = {each: _stock(periods.values(), each, active) for each in (UsageMeasure.ELIGIBLE, UsageMeasure.ASSIGNED)}
    shown = active or next((found for found in stocks.values() if found), None)
    if shown is None:
        return None
    can = sources.COUNTED.get(source, frozenset())
    told = {UsageMeasure.ACTIVE: active, **stocks}
    figures = {
        each: (Figure.of(total(found, each) if found else None) if each in can else CANNOT)
        for each, found in told.items()
    }
    says = SourceUse(
        source,
        shown[0].definition,
        shown[0].first_day,
        shown[0].last_day,
        figures[UsageMeasure.ELIGIBLE],
        figures[UsageMeasure.ASSIGNED],
        figures[UsageMeasure.ACTIVE],
    )
    return Use(UsageTells.COUNTS, says)


def of_nobody(source: UsageSource, window: Span) -> Use:
    """Return what a source says of people that tells of none: nothing, which is not nought."""
    return Use(UsageTells.COUNTS, SourceUse(source, sources.NO_PEOPLE, *window, CANNOT, CANNOT, CANNOT))


def total(counts: Sequence[Counted], measure: UsageMeasure) -> int | None:
    """Return how many there are in one period: as it is counted for all, else the sum over its teams.

    Where a team is told of and does not say this, nobody knows the sum.
    """
    told = {each.team: each.value for each in counts if each.measure is measure}
    if "" in told:
        return told[""]
    teams = {each.team for each in counts if each.team}
    return sum(told.values()) if told and teams <= told.keys() else None


def _stock(
    periods: Iterable[Sequence[Counted]], measure: UsageMeasure, active: Sequence[Counted] | None
) -> Sequence[Counted] | None:
    """Return the counts that say best how many could use it: those beside the active ones, else the newest."""
    usable = [each for each in periods if total(each, measure) is not None]
    beside = next((each for each in usable if each is active), None)
    newest = max(
        usable, key=lambda each: (each[0].first_day, -days_in(each[0].first_day, each[0].last_day)), default=None
    )
    return beside or newest


# ------------------------------------------------------------------------------------------ what follows


def in_days(use: Use | None, days: int) -> Figure:
    """Return active of a window of just so many days: WAU of 7, MAU of 28."""
    if use is None:
        return UNSAID
    if use.tells is None:
        return CANNOT
    if use.says.active.is_shown and days_in(use.says.first_day, use.says.last_day) != days:
        return UNSAID
    return use.says.active


def rate(says: SourceUse, others: Iterable[SourceUse]) -> Rate:
    """Return active in per cent of eligible: as the source says, else as all others that say it agree.

    Where nobody says it, of those with access, and said so. Numbers that contradict one another give none.
    """
    if not says.active.is_shown:
        return Rate(says.active)
    elsewhere = {each.eligible.value: each.source for each in others if each.eligible.is_shown}
    if says.eligible.is_shown:
        return Rate(_percent(says.active, says.eligible), UsageMeasure.ELIGIBLE)
    if elsewhere:
        [(value, source), *more] = elsewhere.items()
        figure = CANNOT if more else _percent(says.active, Figure.of(value))
        return Rate(figure, UsageMeasure.ELIGIBLE, source)
    if says.assigned.is_shown:
        return Rate(_percent(says.active, says.assigned), UsageMeasure.ASSIGNED)
    return Rate(UNSAID)


def _percent(active: Figure, of: Figure) -> Figure:
    if active.value is None or not of.value or active.value > of.value:
        return CANNOT
    return Figure.of(100 * active.value / of.value)


def movement(before: Collection[str], now: Collection[str], ever: Collection[str]) -> Movement:
    """Return who stayed, came back, stayed away and is new. `ever` are those who used it at any time before now."""
    was, here, known = set(before), set(now), set(ever)
    return Movement(
        retained=Figure.of(len(here & was)),
        reactivated=Figure.of(len((here - was) & known)),
        lapsed=Figure.of(len(was - here)),
        new=Figure.of(len(here - was - known)),
    )


def time_to_first_use(people: Iterable[tuple[date, date | None]]) -> FirstUse:
    """Return the median of days from (first seen) to (earliest activity known), of those who began since.

    Who was active already when first seen began nobody knows when, and who never was is not counted yet.
    """
    days = [(active - seen).days for seen, active in people if active is not None and active > seen]
    return FirstUse(Figure.of(median(days) if days else None), len(days))


def of_enough(figure: Figure) -> Figure:
    """Return a number of people as it may be shown: fewer than five are not."""
    is_few = figure.value is not None and figure.value < FEWEST
    return Figure(Telling.SUPPRESSED) if is_few else figure


def rate_of_enough(found: Rate, active: Figure) -> Rate:
    """Return a rate as it may be shown: too few active people would follow from it."""
    hidden = of_enough(active)
    return Rate(hidden, found.of, found.said_by) if hidden.telling is Telling.SUPPRESSED else found


def movement_of_enough(found: Movement) -> Movement:
    """Return a movement as it may be shown: one part that is too small would follow from the others, so all go.

    Nought is shown here: that nobody left tells of nobody.
    """
    parts = (found.retained, found.reactivated, found.lapsed, found.new)
    if any(each.value is not None and 0 < each.value < FEWEST for each in parts):
        hidden = Figure(Telling.SUPPRESSED)
        return Movement(hidden, hidden, hidden, hidden)
    return found


def by_source(uses: Iterable[Use]) -> Mapping[tuple[str, UsageTells | None], Use]:
    return {(each.says.source, each.tells): each for each in uses}
