"""When the owner of a condition is reminded, and when it is overdue. Values in, values out."""

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from workflows.people import Calendar, is_working_day, resolved

DAYS_BEFORE: Final = (7, 1, 0)
LOOKED_AT_AFTER: Final = timedelta(days=3)
"""How long evidence lies with a lane before its people are asked again."""

_EARLIER_AT_MOST: Final = 60


def overdue_at(zone: str, due_on: date) -> datetime:
    """Return the moment from which a condition is overdue, in UTC: when the day after begins where its owner is."""
    return resolved(zone, due_on + timedelta(days=1), 0)


def due_at(calendar: Calendar, due_on: date, *, after: datetime) -> datetime:
    """Return when something is to be done about a condition next, in UTC: a reminder, or that it is overdue.

    Its owner is reminded a week before, the day before and on the day itself, when their working day begins; where they
    do not work that day, on the last day before on which they do. Never twice on a day, nor on the day of `after`, when
    they heard of it last.
    """
    heard = after.astimezone(ZoneInfo(calendar.zone)).date()
    days = {_working_day(calendar, due_on - timedelta(days=before)) for before in DAYS_BEFORE}
    following = min((day for day in days if day is not None and day > heard), default=None)
    overdue = overdue_at(calendar.zone, due_on)
    return overdue if following is None else min(overdue, resolved(calendar.zone, following, calendar.starts))


def _working_day(calendar: Calendar, day: date) -> date | None:
    """Return this day or the last one before it on which somebody works; None when that is long ago."""
    earlier = (day - timedelta(days=days) for days in range(_EARLIER_AT_MOST))
    return next((each for each in earlier if is_working_day(calendar, each)), None)
