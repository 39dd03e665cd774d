"""Until when approvals hold and when owners are asked: months, working days, and who has to renew."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.enums import Tier
from workflows.people import Calendar, add_months
from workflows.recertifying import rules
from workflows.recertifying.rules import Because, Held

BERLIN = Calendar("Europe/Berlin", "DE")
FRIDAY = date(2026, 5, 15)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 3, 2), 6, date(2026, 9, 2)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 10, 31), 1, date(2026, 11, 30)),
        (date(2026, 11, 30), 13, date(2027, 12, 30)),
        (date(2026, 12, 1), 24, date(2028, 12, 1)),
    ],
)
def test_months_are_calendar_months_and_end_with_the_month(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


@given(st.dates(date(2020, 1, 1), date(2100, 1, 1)), st.integers(1, 120))
def test_a_longer_validity_never_ends_sooner(day: date, months: int) -> None:
    assert day < add_months(day, months) <= add_months(day, months + 1)
    assert add_months(day, months) >= day + timedelta(days=28 * months)


def test_an_approval_from_before_is_asked_about_before_it_ends() -> None:
    today = date(2026, 3, 2)

    assert rules.first_validity(date(2024, 1, 1), 12, today=today) == today + timedelta(days=30)
    assert rules.first_validity(date(2025, 4, 20), 12, today=today) == date(2026, 4, 20)
    assert rules.first_validity(today, 12, today=today) == date(2027, 3, 2)
    assert rules.first_validity(today, 1, today=today) == date(2026, 4, 2)


def test_a_question_that_comes_late_leaves_two_weeks() -> None:
    assert rules.due_on(date(2026, 3, 30), today=date(2026, 3, 2)) == date(2026, 3, 30)
    assert rules.due_on(date(2026, 3, 1), today=date(2026, 3, 2)) == date(2026, 3, 16)


@pytest.mark.parametrize(
    ("given", "today", "not_before", "comes"),
    [
        pytest.param(0, date(2026, 4, 15), "2026-04-14T22:00", "2026-04-15T07:00", id="at once, when they work"),
        pytest.param(0, date(2026, 4, 15), "2026-04-15T10:00", "2026-04-15T10:00", id="at once, while they work"),
        pytest.param(0, date(2026, 4, 15), "2026-04-15T18:00", "2026-04-16T07:00", id="at once, after their hours"),
        pytest.param(1, date(2026, 4, 15), "2026-04-15T10:00", "2026-05-04T07:00", id="14 days before is a holiday"),
        pytest.param(2, date(2026, 5, 4), "2026-05-04T10:00", "2026-05-12T07:00", id="three days before"),
        pytest.param(3, date(2026, 5, 12), "2026-05-12T10:00", None, id="all given"),
    ],
)
def test_prompts_come_in_the_hours_of_who_answers(given: int, today: date, not_before: str, comes: str | None) -> None:
    found = rules.prompt_at(BERLIN, FRIDAY, given=given, today=today, not_before=utc(not_before))

    assert found == (utc(comes) if comes else None)


@pytest.mark.parametrize(
    ("leave", "comes"),
    [
        pytest.param([(date(2026, 5, 12), date(2026, 5, 12))], "2026-05-13T07:00", id="back the day after"),
        pytest.param([(date(2026, 5, 11), date(2026, 5, 14))], "2026-05-08T07:00", id="back on the last day only"),
        pytest.param([(date(2026, 5, 9), date(2026, 6, 9))], "2026-05-08T07:00", id="away beyond the last day"),
        pytest.param([(date(2026, 4, 1), date(2026, 6, 9))], "2026-05-12T07:00", id="away all the time"),
    ],
)
def test_a_prompt_on_a_day_away_comes_on_the_next_working_day_or_before_they_leave(
    leave: list[tuple[date, date]], comes: str
) -> None:
    calendar = Calendar("Europe/Berlin", "DE", leave=leave)

    found = rules.prompt_at(calendar, FRIDAY, given=2, today=date(2026, 5, 4), not_before=utc("2026-05-04T10:00"))

    assert found == utc(comes)


ZONES = ("Europe/Berlin", "Pacific/Kiritimati", "Pacific/Pago_Pago", "America/New_York", "Asia/Kathmandu")


@given(
    st.sampled_from(ZONES),
    st.dates(date(2026, 1, 1), date(2028, 1, 1)),
    st.integers(0, 2),
    st.integers(0, 29),
    st.lists(st.tuples(st.integers(-40, 5), st.integers(0, 50)), max_size=3),
)
def test_a_prompt_always_comes_before_the_last_day_has_ended(
    zone: str, due: date, given: int, left: int, away: list[tuple[int, int]]
) -> None:
    leave = [(due + timedelta(days=first), due + timedelta(days=first + more)) for first, more in away]
    calendar = Calendar(zone, leave=leave)
    today = due - timedelta(days=left)
    now = datetime(today.year, today.month, today.day, 8, tzinfo=ZoneInfo(zone)).astimezone(UTC)

    found = rules.prompt_at(calendar, due, given=given, today=today, not_before=now)

    assert found is not None
    assert found >= now
    assert found.astimezone(ZoneInfo(zone)).date() <= due


@pytest.mark.parametrize(
    ("given", "left", "then"),
    [(0, 30, 1), (0, 20, 1), (0, 14, 2), (0, 5, 2), (0, 3, 3), (1, 14, 2), (1, 2, 3), (2, 3, 3)],
)
def test_of_prompts_that_were_missed_one_is_sent(given: int, left: int, then: int) -> None:
    assert rules.given_by(FRIDAY, given=given, today=FRIDAY - timedelta(days=left)) == then


@pytest.mark.parametrize(
    ("held", "because"),
    [
        (Held(Tier.MEDIUM, Tier.MEDIUM, is_answered=True, is_by_chain=False, has_lapsed=False), None),
        (Held(Tier.MEDIUM, Tier.LOW, is_answered=True, is_by_chain=False, has_lapsed=False), None),
        (Held(Tier.MEDIUM, Tier.HIGH, is_answered=True, is_by_chain=False, has_lapsed=False), Because.STRICTER),
        (Held(Tier.LOW, Tier.MEDIUM, is_answered=True, is_by_chain=False, has_lapsed=False), Because.STRICTER),
        (Held(Tier.MEDIUM, Tier.MEDIUM, is_answered=False, is_by_chain=False, has_lapsed=False), Because.UNANSWERED),
        (Held(Tier.HIGH, Tier.HIGH, is_answered=True, is_by_chain=True, has_lapsed=False), Because.BY_TIER),
        (Held(Tier.LOW, Tier.LOW, is_answered=True, is_by_chain=False, has_lapsed=True), Because.LAPSED),
    ],
)
def test_the_owner_renews_alone_unless_something_speaks_for_people(held: Held, because: Because | None) -> None:
    assert rules.why_people_renew(held) is because


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
