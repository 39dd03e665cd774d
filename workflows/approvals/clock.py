"""When somebody asked is reminded, and when their time is up. Values in, values out."""

from datetime import datetime, timedelta
from typing import Final

from workflows.people import Calendar, add_working

SHARES: Final = (0.5, 0.8, 1.0)
"""The parts of a person's time at which they are reminded; at the last one it is up."""


def standing(calendar: Calendar, asked_at: datetime, now: datetime, *, minutes: int) -> tuple[int, datetime | None]:
    """Return how many reminders are due by `now`, and when the next one after them is."""
    for given in range(len(SHARES)):
        due = reminder_at(calendar, asked_at, minutes=minutes, given=given)
        if due is None or due > now:
            return given, due
    return len(SHARES), None


def due_at(calendar: Calendar, asked_at: datetime, *, minutes: int) -> datetime | None:
    """Return when a person's time is up, in UTC, or None when they never work as long again within about two years."""
    return reminder_at(calendar, asked_at, minutes=minutes, given=len(SHARES) - 1)


def reminder_at(calendar: Calendar, asked_at: datetime, *, minutes: int, given: int) -> datetime | None:
    """Return when the next reminder is due after `given` of them, in UTC, or None when all were given.

    `minutes` of working time run in the person's own hours from when they were asked. Somebody who never works again
    within about two years is not reminded.
    """
    if given >= len(SHARES):
        return None
    try:
        return add_working(calendar, asked_at, timedelta(minutes=minutes) * SHARES[given])
    except LookupError:
        return None
