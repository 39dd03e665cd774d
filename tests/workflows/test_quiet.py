"""When somebody is asked whom Slack keeps notifications from: Marek in Berlin, nine to five, asked Tuesdays at ten."""

from datetime import UTC, date, datetime

import pytest

from workflows.checkins.quiet import Quiet
from workflows.checkins.turns import prompt_at, reminder_at
from workflows.people import Calendar

BERLIN = Calendar("Europe/Berlin")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-{text}").replace(tzinfo=UTC)


ASKED, CLOSES = utc("03T09:00"), utc("10T09:00")


@pytest.mark.parametrize(
    ("begins", "ends", "asked"),
    [
        pytest.param("02T21:00", "03T07:00", "03T09:00", id="over before they are asked"),
        pytest.param("03T21:00", "04T07:00", "03T09:00", id="not begun yet"),
        pytest.param("03T08:30", "03T11:00", "03T11:00", id="ends while they work"),
        pytest.param("03T08:30", "03T17:00", "04T08:00", id="ends in the evening: the next morning"),
        pytest.param("03T08:30", "06T17:00", "09T08:00", id="ends on Friday evening: on Monday"),
        pytest.param("03T08:30", "10T08:30", "10T08:00", id="ends within the last hour: at its beginning"),
        pytest.param("03T08:30", "31T08:00", "10T08:00", id="lasts longer than the period: the last hour of it"),
        pytest.param("03T09:00", "03T09:00", "03T09:00", id="takes no time"),
    ],
)
def test_what_comes_in_a_quiet_time_waits_for_its_end_and_for_work_but_not_past_the_last_hour(
    begins: str, ends: str, asked: str
) -> None:
    assert prompt_at(BERLIN, ASKED, CLOSES, Quiet(utc(begins), utc(ends))) == utc(asked)


def test_a_quiet_time_makes_nobody_away_and_who_does_not_work_is_away_whatever_slack_says() -> None:
    always = Quiet(utc("01T00:00"), utc("31T00:00"))
    on_leave = Calendar("Europe/Berlin", leave=[(date(2026, 3, 1), date(2026, 3, 20))])
    half_an_hour = Calendar("Europe/Berlin", starts=9 * 60 + 30, ends=10 * 60 + 30, days="2")

    assert prompt_at(on_leave, ASKED, CLOSES, always) is None
    assert prompt_at(half_an_hour, ASKED, CLOSES, always) == ASKED  # less than an hour of work is left


def test_a_reminder_waits_too_and_none_comes_once_the_period_is_over() -> None:
    until_noon = Quiet(utc("04T08:00"), utc("04T11:00"))

    assert reminder_at(BERLIN, ASKED, CLOSES, None) == utc("04T09:00")
    assert reminder_at(BERLIN, ASKED, CLOSES, until_noon) == utc("04T11:00")
    assert reminder_at(BERLIN, utc("09T09:00"), CLOSES, until_noon) is None
