"""Figures of use, each against what somebody worked out by hand from the definitions in docs/adoption.md."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from db.enums import UsageMeasure, UsageSource, UsageTells
from workflows.adoption import Figure, SourceUse, Telling, figures
from workflows.adoption.figures import CANNOT, UNSAID, Counted, Rate

MONDAY, SUNDAY = date(2026, 8, 3), date(2026, 8, 9)
ELIGIBLE, ASSIGNED, ACTIVE = UsageMeasure.ELIGIBLE, UsageMeasure.ASSIGNED, UsageMeasure.ACTIVE
CSV, GITHUB = UsageSource.CSV, UsageSource.GITHUB_COPILOT


def counted(measure: UsageMeasure, value: int, *days: date, team: str = "", definition: str = "as counted") -> Counted:
    first, last = days or (MONDAY, SUNDAY)
    return Counted(measure, definition, team, first, last, value)


def said(counts: list[Counted], source: UsageSource = CSV) -> SourceUse:
    use = figures.of_counts(source, counts, MONDAY, SUNDAY)
    assert use is not None
    return use.says


def test_teams_are_summed_unless_all_are_counted_together_and_never_where_one_does_not_say() -> None:
    teams = [counted(ACTIVE, 12, team="Claims"), counted(ACTIVE, 7, team="Legal"), counted(ELIGIBLE, 40, team="Claims")]

    use = said(teams)
    assert (use.active, use.eligible, use.assigned) == (Figure.of(19), UNSAID, UNSAID)
    assert said([*teams, counted(ACTIVE, 18)]).active == Figure.of(18)


def test_of_github_the_seven_days_count_that_ends_last_in_the_window_and_never_the_longer_one() -> None:
    day, week, month = date(2026, 8, 8), date(2026, 8, 2), date(2026, 7, 12)
    counts = [
        counted(ACTIVE, 3, SUNDAY, SUNDAY, definition="daily"),
        counted(ACTIVE, 11, date(2026, 8, 1), date(2026, 8, 7), definition="weekly"),
        counted(ACTIVE, 12, week, day, definition="weekly"),
        counted(ACTIVE, 20, month, day, definition="monthly"),
    ]

    use = said(counts, GITHUB)

    assert (use.definition, use.first_day, use.last_day, use.active) == ("weekly", week, day, Figure.of(12))
    assert (use.eligible, use.assigned) == (CANNOT, CANNOT)


def test_who_could_use_it_may_be_said_for_a_month_around_the_week() -> None:
    month = counted(ELIGIBLE, 80, date(2026, 8, 1), date(2026, 8, 31))
    use = said([month, counted(ACTIVE, 20)])

    assert figures.rate(use, []) == Rate(Figure.of(25), ELIGIBLE)


def test_a_rate_is_of_eligible_of_somebody_elses_or_of_assigned_and_says_which() -> None:
    def use(eligible: Figure, active: int = 30, source: str = "csv") -> SourceUse:
        return SourceUse(source, "", MONDAY, SUNDAY, eligible, Figure.of(60), Figure.of(active))

    other, third = use(Figure.of(120), source="check_in"), use(Figure.of(100), source="openai")

    assert figures.rate(use(UNSAID), [other]) == Rate(Figure.of(25), ELIGIBLE, "check_in")
    assert figures.rate(use(UNSAID), [other, third]).figure == CANNOT  # they contradict each other
    assert figures.rate(use(UNSAID), []) == Rate(Figure.of(50), ASSIGNED)
    assert figures.rate(use(Figure.of(20)), []).figure == CANNOT  # more used it than could
    assert figures.rate(use(Figure.of(0), active=0), []).figure == CANNOT
    few = use(Figure.of(40), active=4)
    assert figures.rate_of_enough(figures.rate(few, []), few.active).figure.telling is Telling.SUPPRESSED


def test_people_by_day_are_told_with_how_many_days_were() -> None:
    told = [(date(2026, 7, 1), date(2026, 8, 4)), (date(2026, 8, 7), date(2026, 8, 7))]

    assert figures.last_told(told, MONDAY, SUNDAY) == date(2026, 8, 7)
    use = figures.of_people_by_day(GITHUB, told, figures.ending(date(2026, 8, 7), 7), 0)
    assert use.says.active == Figure.of(0)  # they told of these days, and nobody used it
    assert use.says.definition.endswith("; 5 of 7 days told")
    assert figures.last_told(told, date(2026, 8, 8), date(2026, 8, 14)) is None


def test_a_check_in_speaks_of_the_days_before_it_and_only_the_newest_that_says_something_counts() -> None:
    said = [
        (date(2026, 8, 4), date(2026, 8, 11), 40, 9),
        (date(2026, 8, 6), date(2026, 8, 13), None, None),
    ]

    use = figures.of_check_ins(said)

    assert use is not None
    assert (use.says.first_day, use.says.last_day) == (date(2026, 7, 28), MONDAY)
    assert (use.says.eligible, use.says.assigned, use.says.active) == (Figure.of(40), CANNOT, Figure.of(9))
    assert figures.in_days(use, 7) == CANNOT
    assert figures.of_check_ins(said[1:]) is None


def test_wau_and_mau_are_of_just_so_many_days() -> None:
    week = figures.of_counts(CSV, [counted(ACTIVE, 20)], MONDAY, SUNDAY)

    assert figures.in_days(week, 7) == Figure.of(20)
    assert figures.in_days(week, 28) == UNSAID
    assert figures.in_days(None, 7) == UNSAID


def test_who_stayed_came_back_stayed_away_and_is_new_by_hand() -> None:
    found = figures.movement(before={"a", "b", "c"}, now={"b", "d", "e", "f"}, ever={"a", "b", "c", "d"})

    assert (found.retained.value, found.reactivated.value, found.lapsed.value, found.new.value) == (1, 1, 2, 2)
    hidden = figures.movement_of_enough(found)
    assert {each.telling for each in (hidden.retained, hidden.reactivated, hidden.lapsed, hidden.new)} == {
        Telling.SUPPRESSED
    }


def test_a_movement_with_nobody_in_a_part_is_shown() -> None:
    people = {str(each) for each in range(7)}
    found = figures.movement(before=people, now=people, ever=people)

    assert figures.movement_of_enough(found) == found


@given(before=st.sets(st.integers(0, 20)), now=st.sets(st.integers(0, 20)), earlier=st.sets(st.integers(0, 20)))
def test_everybody_moves_one_way_only(before: set[int], now: set[int], earlier: set[int]) -> None:
    names = [{str(each) for each in some} for some in (before, now, before | earlier)]
    found = figures.movement(*names)

    values = [each.value or 0 for each in (found.retained, found.reactivated, found.lapsed, found.new)]
    assert values[0] + values[1] + values[3] == len(now)
    assert values[0] + values[2] == len(before)


def test_the_time_to_first_use_is_of_those_who_began_after_they_were_first_seen() -> None:
    people = [
        (MONDAY, date(2026, 8, 5)),  # 2 days
        (MONDAY, date(2026, 8, 12)),  # 9 days
        (MONDAY, date(2026, 8, 13)),  # 10 days
        (MONDAY, date(2026, 7, 1)),  # active before anybody looked
        (MONDAY, MONDAY),  # so may this one have been
        (MONDAY, None),  # not yet
    ]

    found = figures.time_to_first_use(people)

    assert (found.days, found.of) == (Figure.of(9), 3)
    assert figures.time_to_first_use(people[3:]).days == UNSAID


def test_a_source_without_people_cannot_tell_of_any() -> None:
    use = figures.of_nobody(UsageSource.OPENAI, (MONDAY, SUNDAY))

    assert (use.tells, use.says.active, use.says.eligible) == (UsageTells.COUNTS, CANNOT, CANNOT)
    assert figures.rate(use.says, []).figure == CANNOT
