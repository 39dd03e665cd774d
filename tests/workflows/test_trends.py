"""What a picture or a table of KPIs shows, and what it never pretends."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

from db.enums import Cadence, CheckInState, Confidence, Direction, KpiSource
from workflows.checkins.rules import Kpi, Rhythm
from workflows.checkins.trends import MOST_DRAWN, MOST_READINGS, Read, Stood, Trend, Turn, Watched, trends_of

MAREK, BEN = uuid4(), uuid4()
HIS, BENS = uuid4(), uuid4()
FIRST = date(2026, 3, 3)
WEEKLY = Rhythm(Cadence.WEEKLY)
MISSED, SKIPPED, AWAY, ANSWERED = (
    CheckInState.MISSED,
    CheckInState.SKIPPED,
    CheckInState.AWAY,
    CheckInState.ANSWERED,
)


def kpi(name: str = "Hours per file", *, rhythm: Rhythm = WEEKLY, source: KpiSource = KpiSource.SELF) -> Watched:
    says = Kpi(name, "hours", Direction.DOWN, 6, 3, None, date(2026, 12, 1))
    baseline = Stood(6, "hours", date(2026, 1, 5), date(2026, 2, 2))
    return Watched(uuid4(), says, rhythm, source, MAREK, FIRST, 0, baseline)


def week(number: int) -> date:
    return FIRST + timedelta(weeks=number)


def turn(number: int, state: CheckInState = ANSWERED, track: Confidence | None = None, *, of: UUID = HIS) -> Turn:
    return Turn(uuid4(), of, MAREK if of == HIS else BEN, week(number), state, track)


def read(of: Watched, value: float, at: Turn, unit: str = "hours", **more: object) -> Read:
    return replace(Read(of.id, value, unit, at.on, of.source, at.check_in_id), **more)  # type: ignore[arg-type]


def trend_of(of: Watched, reads: list[Read], turns: list[Turn]) -> Trend:
    [found] = trends_of([replace(of, readings=len(reads))], reads, turns).drawn
    return found


def joined(trend: Trend) -> list[list[float]]:
    """Return the values between which a line is drawn."""
    return [[each.value for each in run] for run in trend.runs]


def test_what_nobody_reported_is_a_gap_that_says_why_and_no_line_crosses_it() -> None:
    hours = kpi()
    turns = [turn(0), turn(1), turn(2, MISSED), turn(3), turn(4, SKIPPED), turn(5, AWAY), turn(6)]
    reads = [read(hours, value, turns[at]) for at, value in ((0, 6), (1, 5.5), (3, 5), (6, 4))]

    trend = trend_of(hours, reads, turns)

    assert [(each.on, each.why) for each in trend.gaps] == [(week(2), MISSED), (week(4), SKIPPED), (week(5), AWAY)]
    assert joined(trend) == [[6, 5.5], [5], [4]]


def test_what_is_still_asked_is_not_missing_yet() -> None:
    hours = kpi()
    turns = [turn(0), turn(1, CheckInState.OVERDUE)]

    assert trend_of(hours, [read(hours, 6, turns[0])], turns).gaps == ()


def test_a_number_wanted_once_a_month_is_not_missing_in_the_weeks_between() -> None:
    monthly = kpi(rhythm=Rhythm(Cadence.MONTHLY))
    turns = [turn(number) for number in range(7)]  # 3 March to 14 April
    turns[5] = turn(5, MISSED)  # 7 April: the first one of its month, answered a week later

    trend = trend_of(monthly, [read(monthly, 6, turns[0]), read(monthly, 5, turns[6])], turns)

    assert trend.gaps == ()
    assert joined(trend) == [[6, 5]]


def test_a_period_without_any_check_in_is_not_drawn_across_either() -> None:
    measured = kpi(source=KpiSource.SYSTEM)
    reads = [replace(read(measured, 6 - at, turn(at)), check_in_id=None) for at in (0, 1, 3)]

    trend = trend_of(measured, reads, [])

    assert joined(trend) == [[6, 5], [3]]
    assert all(each.is_verified for each in trend.points)  # nobody typed what a system measures


def test_sources_that_disagree_stand_beside_each_other_and_are_never_joined() -> None:
    hours = kpi()
    turns = [turn(0), turn(1), turn(2)]
    reads = [read(hours, 6, each) for each in turns]
    reads += [read(hours, 7, each, source=KpiSource.SYSTEM, check_in_id=None) for each in turns]

    assert joined(trend_of(hours, reads, turns)) == [[6, 6, 6], [7, 7, 7]]


def test_readings_in_another_unit_are_left_out_and_counted_and_what_stood_in_one_is_no_baseline() -> None:
    hours = kpi()
    turns = [turn(0), turn(1), turn(2)]
    reads = [read(hours, 360, turns[0], "minutes"), read(hours, 330, turns[1], "minutes"), read(hours, 5, turns[2])]

    trend = trend_of(replace(hours, baseline=Stood(360, "minutes", FIRST, FIRST)), reads, turns)

    assert [each.value for each in trend.points] == [5]
    assert trend.other_units == (("minutes", 2),)
    assert trend.gaps == ()  # somebody did answer
    assert trend.baseline is None
    assert trend.is_rebased


def test_a_colleagues_check_ins_are_not_missing_numbers_of_marek_but_those_of_who_reported_before_him_are() -> None:
    hours = kpi()
    bens = [turn(0, of=BENS), turn(1, MISSED, of=BENS), turn(2, of=BENS), turn(3, MISSED, of=BENS)]
    his = [turn(3), turn(4)]
    reads = [read(hours, 6, bens[0]), read(hours, 5, bens[2]), read(hours, 4, his[0]), read(hours, 3, his[1])]

    trend = trend_of(hours, reads, [*bens, *his])

    assert [each.on for each in trend.gaps] == [week(1)]


def test_a_kpi_misses_nothing_of_the_time_before_there_was_one() -> None:
    later = replace(kpi(), began=week(2))
    turns = [turn(0, MISSED), turn(1, MISSED), turn(2)]

    assert trend_of(later, [read(later, 6, turns[2])], turns).gaps == ()


def test_of_many_readings_the_newest_are_shown_and_the_others_counted() -> None:
    hours = kpi()
    turns = [turn(number) for number in range(MOST_READINGS + 4)]

    trend = trend_of(hours, [read(hours, 6, each) for each in turns], turns)

    assert trend.points[0].on == week(4)
    assert len(trend.points) == MOST_READINGS
    assert trend.earlier == 4


def test_confidence_is_told_date_by_date_and_four_kpis_are_drawn_the_others_named() -> None:
    kpis = [kpi(f"KPI {number}") for number in range(6)]
    turns = [turn(0, track=Confidence.ON_TRACK), turn(1, track=Confidence.OFF_TRACK), turn(2)]

    trends = trends_of(kpis, [read(kpis[0], 6, each) for each in turns], turns)

    assert trends.said == ((week(0), Confidence.ON_TRACK), (week(1), Confidence.OFF_TRACK))
    assert len(trends.drawn) == MOST_DRAWN
    assert [each.name for each in trends.beside] == ["KPI 4", "KPI 5"]
