"""Working time: the hours a person works, in their own zone, without weekends, public holidays and leave.

Local times are resolved with PEP 495's `fold=0`: a time a clock change skips is the moment after the gap, and one that
happens twice is the first of the two.
"""

import calendar as months_of
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import holidays

USUAL_STARTS: Final = 9 * 60
USUAL_ENDS: Final = 17 * 60
USUAL_DAYS: Final = "12345"
FURTHEST: Final = timedelta(days=800)
"""Where a calendar has no working time left within this, the reader of it must not wait for ever."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """When a person works: minutes after midnight in `zone`, ISO weekdays, the country's holidays, and their leave.

    `leave` holds (first day, last day), both included, in their own zone.
    """

    zone: str
    country: str | None = None
    starts: int = USUAL_STARTS
    ends: int = USUAL_ENDS
    days: str = USUAL_DAYS
    leave: Sequence[tuple[date, date]] = ()


def add_working(calendar: Calendar, start: datetime, amount: timedelta) -> datetime:
    """Return the moment, in UTC, when `amount` of the person's working time has passed since `start`.

    Nothing of it passes outside their hours: from Friday's last hour two hours end on Monday. Raises LookupError when
    the calendar has not that much working time within about two years.
    """
    left = amount
    for opens, closes in _windows(calendar, start, start + FURTHEST):
        begins = max(opens, start)
        if begins >= closes:
            continue
        if left <= closes - begins:
            return (begins + left).astimezone(UTC)
        left -= closes - begins
    raise LookupError(f"no {amount} of working time after {start} in {calendar}")


def works_at(calendar: Calendar, moment: datetime) -> datetime | None:
    """Return when somebody works, at this moment or next, in UTC; None when that is not within about two years."""
    try:
        return add_working(calendar, moment, timedelta())
    except LookupError:
        return None


def working_between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """Return how much of the person's working time lies between two moments; none when the second is not the later.

    It is time that passes: a night's work over a clock change is an hour shorter or longer.
    """
    worked = timedelta()
    for opens, closes in _windows(calendar, start, end):
        worked += max(min(closes, end) - max(opens, start), timedelta())
    return worked


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, or the last of that month where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, months_of.monthrange(year, month)[1]))


def working_day(calendar: Calendar) -> timedelta:
    """Return how long the person's working day is."""
    return timedelta(minutes=_closing(calendar) - calendar.starts)


def works_on(calendar: Calendar, day: date) -> tuple[datetime, datetime]:
    """Return when the person begins and ends on this date of their own zone, in UTC, if they work on it."""
    return resolved(calendar.zone, day, calendar.starts), resolved(calendar.zone, day, _closing(calendar))


def is_working_day(calendar: Calendar, day: date) -> bool:
    """Say whether the person works on this date of their own zone."""
    if str(day.isoweekday()) not in calendar.days:
        return False
    if any(first <= day <= last for first, last in calendar.leave):
        return False
    return day not in _holidays(calendar.country, day.year)


def is_on_leave(calendar: Calendar, moment: datetime) -> bool:
    """Say whether `moment` falls on a day of the person's leave."""
    day = moment.astimezone(ZoneInfo(calendar.zone)).date()
    return any(first <= day <= last for first, last in calendar.leave)


@lru_cache(maxsize=16_384)  # reading many people's history asks for the same days again and again
def resolved(zone: str, day: date, minute: int) -> datetime:
    """Return the moment of a local time, in UTC; `minute` counts from midnight, and 1440 is the next day's."""
    days, rest = divmod(minute, 24 * 60)
    local = datetime.combine(day + timedelta(days=days), time(rest // 60, rest % 60), tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC)


def _windows(calendar: Calendar, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the working windows from the day of `start` to that of `end`, as moments in UTC."""
    zone = ZoneInfo(calendar.zone)
    day = start.astimezone(zone).date() - timedelta(days=1)  # hours may run past midnight
    last = end.astimezone(zone).date()
    while day <= last:
        if is_working_day(calendar, day):
            yield works_on(calendar, day)
        day += timedelta(days=1)


def _closing(calendar: Calendar) -> int:
    return calendar.ends if calendar.ends > calendar.starts else calendar.ends + 24 * 60


@cache
def _holidays(country: str | None, year: int) -> frozenset[date]:
    """Return a country's public holidays in a year; none for a country the library does not know."""
    if country is None:
        return frozenset()
    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()
