"""The local dates and moments at which use cases are asked, in every zone there is."""

import importlib.resources
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.enums import Cadence
from workflows.checkins.periods import due, first_date, is_wanted, moment, most_frequent, next_date
from workflows.checkins.rules import Rhythm

WEEKLY, FORTNIGHTLY, MONTHLY = Rhythm(Cadence.WEEKLY), Rhythm(Cadence.FORTNIGHTLY), Rhythm(Cadence.MONTHLY)
SIX_WEEKS = Rhythm(Cadence.EVERY_WEEKS, 6)
RHYTHMS = st.sampled_from([WEEKLY, FORTNIGHTLY, MONTHLY, SIX_WEEKS])
TUESDAY = 2
WALL_TIMES = (0, 30, 90, 120, 150, 180, 9 * 60, 23 * 60 + 30)
DAYS = [date(2026, 1, 1) + timedelta(days=each) for each in range(730)]


def contents(zone: str) -> bytes:
    """Return what is known of a zone, as the library reads it."""
    for folder in TZPATH:
        file = Path(folder) / zone
        if file.is_file():
            return file.read_bytes()
    *parts, name = zone.split("/")
    return importlib.resources.files(".".join(("tzdata", "zoneinfo", *parts))).joinpath(name).read_bytes()


@cache
def zones() -> list[str]:
    """Return every zone there is; of those that are the same to the last byte one stands for all."""
    return sorted({contents(zone): zone for zone in sorted(available_timezones())}.values())


def offsets(zone: str) -> Iterator[timedelta | None]:
    there = ZoneInfo(zone)
    return (datetime(day.year, day.month, day.day, 12, tzinfo=there).utcoffset() for day in DAYS)


@cache
def with_changes() -> list[str]:
    return [zone for zone in zones() if len(set(offsets(zone))) > 1]


def test_every_local_date_of_two_years_has_one_moment_of_its_own_in_every_zone() -> None:
    """No date is doubled and none is missed, also where a clock change skips or repeats the time: 2.6 million times."""
    asked = moment.__wrapped__  # nothing is asked twice here
    assert len(zones()) > 400
    for zone in zones():
        there = ZoneInfo(zone)
        for minute in WALL_TIMES:
            moments = [asked(zone, day, minute) for day in DAYS]
            assert [each.astimezone(there).date() for each in moments] == DAYS, (zone, minute)


def test_a_schedule_goes_through_every_clock_change_with_every_date_once_and_no_other() -> None:
    """The beat comes every seven hours; whatever the zone does, the dates fired are those of the calendar."""
    for zone in with_changes():
        for minute in (30, 150, 23 * 60 + 30):
            fired, following = [], date(2026, 3, 3)
            now = datetime(2026, 3, 1, tzinfo=UTC)
            while now < datetime(2026, 11, 24, tzinfo=UTC):
                now = max(now + timedelta(hours=7), moment(zone, following, minute) - timedelta(hours=3))
                found = due(WEEKLY, TUESDAY, zone=zone, minute=minute, next_date=following, now=now)
                assert found.skipped == ()
                fired += [found.fired] if found.fired else []
                following = found.next_date
            assert fired == [date(2026, 3, 3) + timedelta(weeks=each) for each in range(len(fired))], (zone, minute)
            assert len(fired) >= 37


@pytest.mark.parametrize(
    ("zone", "day", "minute", "utc"),
    [
        pytest.param("Europe/Berlin", "2026-03-29", 150, "2026-03-29T01:30", id="02:30 is skipped, so 03:30"),
        pytest.param("Europe/Berlin", "2026-10-25", 150, "2026-10-25T00:30", id="02:30 comes twice, the first counts"),
        pytest.param("Africa/Cairo", "2026-04-24", 0, "2026-04-23T22:00", id="no midnight in Cairo, so one o'clock"),
        pytest.param("America/Nuuk", "2026-03-28", 1410, "2026-03-29T00:30", id="no 23:30 in Nuuk, so 22:30"),
        pytest.param("Asia/Kathmandu", "2026-03-03", 540, "2026-03-03T03:15", id="a quarter of an hour off"),
    ],
)
def test_a_time_that_does_not_exist_or_comes_twice_still_is_one_moment(
    zone: str, day: str, minute: int, utc: str
) -> None:
    found = moment(zone, date.fromisoformat(day), minute)

    assert found == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert found.astimezone(ZoneInfo(zone)).date().isoformat() == day


@pytest.mark.parametrize(
    ("rhythm", "first", "dates"),
    [
        (WEEKLY, "2026-03-03", ["2026-03-10", "2026-03-17"]),
        (FORTNIGHTLY, "2026-03-03", ["2026-03-17", "2026-03-31"]),
        (SIX_WEEKS, "2026-03-03", ["2026-04-14", "2026-05-26"]),
        (MONTHLY, "2026-03-03", ["2026-04-07", "2026-05-05"]),
    ],
)
def test_dates_follow_one_another_as_often_as_is_said(rhythm: Rhythm, first: str, dates: list[str]) -> None:
    found = [first_date(rhythm, TUESDAY, date(2026, 3, 2))]
    for _ in dates:
        found.append(next_date(rhythm, TUESDAY, found[-1]))

    assert [each.isoformat() for each in found] == [first, *dates]


def test_a_schedule_made_on_its_own_weekday_begins_a_week_later_and_a_monthly_one_in_the_next_month() -> None:
    assert first_date(WEEKLY, TUESDAY, date(2026, 3, 3)) == date(2026, 3, 10)
    assert first_date(MONTHLY, TUESDAY, date(2026, 3, 3)) == date(2026, 4, 7)


def test_another_weekday_moves_the_next_date_to_the_nearest_such_day() -> None:
    assert next_date(WEEKLY, 4, date(2026, 3, 3)) == date(2026, 3, 12)
    assert next_date(WEEKLY, 1, date(2026, 3, 3)) == date(2026, 3, 9)
    assert next_date(FORTNIGHTLY, 7, date(2026, 3, 3)) == date(2026, 3, 15)


def test_another_weekday_never_has_a_monthly_one_asked_twice_in_a_month() -> None:
    assert next_date(MONTHLY, 5, date(2026, 3, 3)) == date(2026, 4, 3)
    assert next_date(MONTHLY, 1, date(2026, 3, 3)) == date(2026, 4, 6)
    assert next_date(MONTHLY, 5, date(2026, 12, 1)) == date(2027, 1, 1)


@given(RHYTHMS, st.integers(1, 7), st.dates(date(2026, 1, 1), date(2030, 1, 1)))
def test_every_date_is_later_than_the_one_before_and_has_the_weekday_asked_for(
    rhythm: Rhythm, weekday: int, after: date
) -> None:
    for found in (first_date(rhythm, weekday, after), next_date(rhythm, weekday, after)):
        assert found > after
        assert found.isoweekday() == weekday
        assert rhythm is not MONTHLY or found.day <= 7


@given(RHYTHMS, st.integers(0, 1439), st.integers(0, 400), st.sampled_from(["Europe/Berlin", "America/Nuuk", "UTC"]))
def test_however_late_the_beat_comes_one_date_is_fired_and_the_rest_is_skipped(
    rhythm: Rhythm, minute: int, late: int, zone: str
) -> None:
    began = date(2026, 3, 3)
    now = moment(zone, began, minute) + timedelta(days=late, minutes=1)

    found = due(rhythm, TUESDAY, zone=zone, minute=minute, next_date=began, now=now)

    dates = [*found.skipped, found.fired]
    assert dates[0] == began
    assert found.next_at > now
    assert now >= moment(zone, found.fired or began, minute)
    for day, following in zip(dates, [*dates[1:], found.next_date], strict=True):
        assert following == next_date(rhythm, TUESDAY, day or began)


def test_nothing_is_fired_before_its_moment() -> None:
    now = moment("Europe/Berlin", date(2026, 3, 3), 600) - timedelta(seconds=1)

    found = due(WEEKLY, TUESDAY, zone="Europe/Berlin", minute=600, next_date=date(2026, 3, 3), now=now)

    assert (found.skipped, found.fired, found.next_date) == ((), None, date(2026, 3, 3))


def test_a_check_in_asks_as_often_as_the_most_frequent_of_its_numbers() -> None:
    assert most_frequent([MONTHLY, FORTNIGHTLY, SIX_WEEKS]) == FORTNIGHTLY
    assert most_frequent([MONTHLY, SIX_WEEKS]) == MONTHLY
    assert most_frequent([Rhythm(Cadence.EVERY_WEEKS, 3), MONTHLY]) == Rhythm(Cadence.EVERY_WEEKS, 3)


def test_a_number_that_is_asked_for_more_rarely_is_left_out_until_its_time_has_come() -> None:
    first, week = date(2026, 3, 3), timedelta(weeks=1)

    assert is_wanted(MONTHLY, None, first)
    assert [is_wanted(WEEKLY, first, first + week)] == [True]
    assert [is_wanted(FORTNIGHTLY, first, first + each * week) for each in (1, 2)] == [False, True]
    assert [is_wanted(MONTHLY, first, first + each * week) for each in (1, 4, 5)] == [False, False, True]
    assert is_wanted(FORTNIGHTLY, first + timedelta(days=2), first + 2 * week)  # it was answered late
