"""When somebody's week begins, and what is still due of it. Values in, values out."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from workflows.people.worktime import Calendar, add_working, is_working_day, resolved

LATE: Final = timedelta(days=2)
"""What could not be sent within this is skipped: what it would tell is no news any more."""

_WEEK: Final = timedelta(days=7)


def begins(calendar: Calendar, monday: date) -> datetime | None:
    """Return when somebody begins to work in the week of this Monday, in UTC.

    That is the start of their hours on its first working day, public holidays known. None when there is none in it,
    or when they are on leave that day.
    """
    present = replace(calendar, leave=())
    days = (monday + timedelta(days=each) for each in range(7))
    first = next((day for day in days if is_working_day(present, day)), None)
    if first is None or not is_working_day(calendar, first):
        return None
    return resolved(calendar.zone, first, calendar.starts)


def week_due(calendar: Calendar, now: datetime) -> date | None:
    """Return the Monday of the week that has begun for somebody within `LATE`, if it is their working time now."""
    today = now.astimezone(ZoneInfo(calendar.zone)).date()
    monday = today - timedelta(days=today.weekday())
    for week in (monday, monday - _WEEK):  # who works at weekends only begins late
        at = begins(calendar, week)
        if at is not None and at <= now <= at + LATE and _works(calendar, now):
            return week
    return None


def _works(calendar: Calendar, now: datetime) -> bool:
    try:
        return add_working(calendar, now, timedelta()) <= now
    except LookupError:  # never again within about two years
        return False
