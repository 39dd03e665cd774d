"""Working time: nobody's clock runs at night, at the weekend, on a holiday or on leave; clock changes cost nothing."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.people.worktime import (
    Calendar,
    add_working,
    is_on_leave,
    is_working_day,
    resolved,
    working_between,
    working_day,
)

BERLIN = Calendar("Europe/Berlin", "DE")
ZONES = sorted(
    zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix", "right"))
)


def at(zone: str, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("start", "hours", "ends"),
    [
        pytest.param("2026-03-02T10:00", 4, "2026-03-02T14:00", id="within a day"),
        pytest.param("2026-03-02T15:00", 4, "2026-03-03T11:00", id="over night"),
        pytest.param("2026-03-06T16:00", 2, "2026-03-09T10:00", id="over a weekend"),
        pytest.param("2026-03-07T12:00", 1, "2026-03-09T10:00", id="asked on a Saturday"),
        pytest.param("2026-03-02T05:00", 1, "2026-03-02T10:00", id="asked before work"),
        pytest.param("2026-03-02T23:00", 1, "2026-03-03T10:00", id="asked at night"),
        pytest.param("2026-04-02T16:00", 2, "2026-04-07T10:00", id="over Easter, Good Friday and Monday off"),
        pytest.param("2026-03-27T16:00", 2, "2026-03-30T10:00", id="over the clock change in spring"),
        pytest.param("2026-10-23T16:00", 2, "2026-10-26T10:00", id="over the clock change in autumn"),
        pytest.param("2026-03-02T09:00", 8, "2026-03-02T17:00", id="a whole day ends with it, not on the next"),
    ],
)
def test_the_clock_runs_in_working_hours_only(start: str, hours: int, ends: str) -> None:
    found = add_working(BERLIN, at("Europe/Berlin", start), timedelta(hours=hours))

    assert found == at("Europe/Berlin", ends)


def test_leave_stops_the_clock_and_both_its_ends_belong_to_it() -> None:
    away = Calendar("Europe/Berlin", "DE", leave=[(date(2026, 3, 3), date(2026, 3, 4))])

    assert add_working(away, at("Europe/Berlin", "2026-03-02T16:00"), timedelta(hours=2)) == at(
        "Europe/Berlin", "2026-03-05T10:00"
    )
    assert is_on_leave(away, at("Europe/Berlin", "2026-03-04T23:59"))
    assert not is_on_leave(away, at("Europe/Berlin", "2026-03-05T00:00"))


def test_a_week_may_begin_on_sunday_and_hours_may_pass_midnight() -> None:
    cairo = Calendar("Africa/Cairo", days="71234")
    night = Calendar("Europe/Berlin", starts=22 * 60, ends=6 * 60)

    assert add_working(cairo, at("Africa/Cairo", "2026-03-05T16:00"), timedelta(hours=2)) == at(
        "Africa/Cairo", "2026-03-08T10:00"
    )
    assert add_working(night, at("Europe/Berlin", "2026-03-03T02:00"), timedelta(hours=5)) == at(
        "Europe/Berlin", "2026-03-03T23:00"
    )


def test_a_country_nobody_knows_the_holidays_of_has_none() -> None:
    assert is_working_day(Calendar("UTC", "XX"), date(2026, 12, 25))


def test_a_calendar_without_working_time_is_refused_and_not_waited_for() -> None:
    with pytest.raises(LookupError, match="working time"):
        add_working(Calendar("UTC", days=""), datetime(2026, 3, 2, tzinfo=UTC), timedelta(hours=1))


def test_a_time_the_clock_change_skips_is_the_moment_after_the_gap() -> None:
    assert resolved("Europe/Berlin", date(2026, 3, 29), 2 * 60 + 30) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        pytest.param("2026-03-02T10:00", "2026-03-02T14:00", 4, id="within a day"),
        pytest.param("2026-03-02T15:00", "2026-03-03T11:00", 4, id="over night"),
        pytest.param("2026-03-06T16:00", "2026-03-09T10:00", 2, id="over a weekend"),
        pytest.param("2026-03-07T08:00", "2026-03-08T20:00", 0, id="a weekend"),
        pytest.param("2026-03-02T18:00", "2026-03-03T08:00", 0, id="a night"),
        pytest.param("2026-03-02T05:00", "2026-03-02T23:00", 8, id="a whole day, from before work until after it"),
        pytest.param("2026-04-02T16:00", "2026-04-07T10:00", 2, id="over Easter, Good Friday and Monday off"),
        pytest.param("2026-03-27T09:00", "2026-03-30T17:00", 16, id="over the clock change in spring"),
        pytest.param("2026-10-23T09:00", "2026-10-26T17:00", 16, id="over the clock change in autumn"),
        pytest.param("2026-03-03T10:00", "2026-03-02T10:00", 0, id="backwards"),
    ],
)
def test_the_time_between_two_moments_is_counted_in_working_hours(start: str, end: str, hours: int) -> None:
    found = working_between(BERLIN, at("Europe/Berlin", start), at("Europe/Berlin", end))

    assert found == timedelta(hours=hours)


def test_leave_is_no_time_between_two_moments() -> None:
    away = Calendar("Europe/Berlin", "DE", leave=[(date(2026, 3, 3), date(2026, 3, 4))])

    found = working_between(away, at("Europe/Berlin", "2026-03-02T09:00"), at("Europe/Berlin", "2026-03-05T17:00"))

    assert found == timedelta(hours=16)


def test_a_night_is_as_long_as_it_lasts_when_the_clock_changes() -> None:
    night = Calendar("Europe/Berlin", starts=22 * 60, ends=6 * 60, days="6")

    def worked(begin: str, end: str) -> timedelta:
        return working_between(night, at("Europe/Berlin", begin), at("Europe/Berlin", end))

    assert worked("2026-03-21T12:00", "2026-03-22T12:00") == timedelta(hours=8)
    assert worked("2026-03-28T12:00", "2026-03-29T12:00") == timedelta(hours=7)
    assert worked("2026-10-24T12:00", "2026-10-25T12:00") == timedelta(hours=9)
    assert worked("2026-03-22T05:00", "2026-03-22T12:00") == timedelta(hours=1)


def test_a_working_day_is_as_long_as_the_persons_hours() -> None:
    assert working_day(BERLIN) == timedelta(hours=8)
    assert working_day(Calendar("Europe/Berlin", starts=22 * 60, ends=6 * 60)) == timedelta(hours=8)
    assert working_day(Calendar("Europe/Berlin", starts=10 * 60, ends=14 * 60 + 30)) == timedelta(hours=4.5)


def test_somebody_who_never_works_has_no_working_time() -> None:
    start = datetime(2026, 3, 2, tzinfo=UTC)

    assert working_between(Calendar("UTC", days=""), start, start + timedelta(days=900)) == timedelta()


@given(
    zone=st.sampled_from(ZONES),
    start=st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001 - made aware below
    hours=st.tuples(st.integers(0, 23), st.integers(0, 23)),
    amount=st.integers(1, 3000),
)
def test_what_is_counted_is_what_was_added(zone: str, start: datetime, hours: tuple[int, int], amount: int) -> None:
    """From a moment to where so much working time ends lies just so much, in every zone, at day and at night."""
    calendar = Calendar(zone, starts=hours[0] * 60, ends=hours[1] * 60)
    begin = start.replace(tzinfo=UTC)

    end = add_working(calendar, begin, timedelta(minutes=amount))

    assert working_between(calendar, begin, end) == timedelta(minutes=amount)


@given(
    zone=st.sampled_from(ZONES),
    start=st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001 - made aware below
    first=st.integers(1, 3000),
    second=st.integers(1, 3000),
)
def test_time_adds_up_in_every_zone(zone: str, start: datetime, first: int, second: int) -> None:
    """Two amounts one after the other end when their sum does; and no end lies before its start."""
    calendar = Calendar(zone)
    begin = start.replace(tzinfo=UTC)

    step = add_working(calendar, begin, timedelta(minutes=first))
    both = add_working(calendar, step, timedelta(minutes=second))

    assert begin < step < both
    assert both == add_working(calendar, begin, timedelta(minutes=first + second))
    local = both.astimezone(ZoneInfo(zone))
    assert local.isoweekday() <= 5
