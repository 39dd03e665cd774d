"""When a use case is asked for its numbers: which local dates, which moments, and what is left of runs that are late.

A schedule says a weekday, a local time and how often. Its periods begin on its local dates and end with the next one.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from db.enums import Cadence
from workflows.checkins.rules import Rhythm

_WEEK: Final = 7
_MONTH: Final = 30  # days, to say which of two rhythms asks more often, and nothing else
_WEEKS: Final = {Cadence.WEEKLY: 1, Cadence.FORTNIGHTLY: 2}


@dataclass(frozen=True, slots=True)
class Due:
    """What is due of a schedule: dates that are recorded as skipped, the one that is fired, and the next to come.

    `next_at` is the moment of `next_date`, in UTC.
    """

    skipped: tuple[date, ...]
    fired: date | None
    next_date: date
    next_at: datetime


def most_frequent(rhythms: list[Rhythm]) -> Rhythm:
    """Return the one of these that asks most often."""
    return min(rhythms, key=lambda each: (_days(each), each.cadence))


def first_date(rhythm: Rhythm, weekday: int, after: date) -> date:
    """Return the first date later than `after` of a new schedule. `weekday` is ISO's; monthly takes a month's first."""
    found = after + timedelta(days=(weekday - after.isoweekday() - 1) % _WEEK + 1)
    while rhythm.cadence is Cadence.MONTHLY and found.day > _WEEK:
        found += timedelta(days=_WEEK)
    return found


def next_date(rhythm: Rhythm, weekday: int, after: date) -> date:
    """Return the date that follows `after`: monthly, in the month after it.

    Where the weekday has changed, the nearest such day takes its place, or the first such day of that month.
    """
    if rhythm.cadence is Cadence.MONTHLY:
        return first_date(rhythm, weekday, _last_of_month(after))
    usual = after + timedelta(days=_weeks(rhythm) * _WEEK)
    return first_date(Rhythm(Cadence.WEEKLY), weekday, usual - timedelta(days=4))


@lru_cache(maxsize=65_536)
def moment(zone: str, day: date, minute: int) -> datetime:
    """Return when a local time, in minutes after midnight, is on this date, in UTC.

    What happens twice is the first of the two. What a clock change skips is as long after it, and where that would be
    the next date already, as long before it: a date has one moment, and no two dates share one.
    """
    there = ZoneInfo(zone)
    local = datetime.combine(day, time(minute // 60, minute % 60), tzinfo=there)
    found = local.astimezone(UTC)
    return found if found.astimezone(there).date() == day else local.replace(fold=1).astimezone(UTC)


def due(rhythm: Rhythm, weekday: int, *, zone: str, minute: int, next_date: date, now: datetime) -> Due:
    """Return what is due by `now` of a schedule whose next date is `next_date`.

    Of several dates that have come the last one is fired, however late within its period. Those before it are later
    than a period: they are skipped, so that nobody is asked in a burst.
    """
    come: list[date] = []
    following = next_date
    while moment(zone, following, minute) <= now:
        come.append(following)
        following = _next_date(rhythm, weekday, following)
    return Due(tuple(come[:-1]), come[-1] if come else None, following, moment(zone, following, minute))


def is_wanted(rhythm: Rhythm, last_read: date | None, on: date) -> bool:
    """Say whether a number asked for at this rhythm is wanted again on a date, when it was last read on `last_read`.

    What was answered early counts as read on the date it was asked for.
    A check-in asks as often as the most frequent of its numbers; the others are left out until their time has come.
    """
    if last_read is None:
        return True
    if rhythm.cadence is Cadence.MONTHLY:
        return (last_read.year, last_read.month) < (on.year, on.month)
    return on - last_read > timedelta(days=(_weeks(rhythm) - 1) * _WEEK)


def _last_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _weeks(rhythm: Rhythm) -> int:
    return _WEEKS.get(rhythm.cadence) or rhythm.weeks or 1


def _days(rhythm: Rhythm) -> int:
    return _MONTH if rhythm.cadence is Cadence.MONTHLY else _weeks(rhythm) * _WEEK


_next_date = next_date
