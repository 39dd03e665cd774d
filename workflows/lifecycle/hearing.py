"""When somebody hears of a task that is theirs, and the people of a use case of its first value. Values in, values out.

Days are those of the person they are about; moments are in UTC.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from workflows.people.worktime import Calendar, is_working_day, resolved

_FURTHEST: Final = 800
"""Days after which it is no longer looked whether somebody works again."""

UNTOLD: Final = -1
"""What `reminders` of a task is while its owner has not heard yet that it is theirs."""


class Word(StrEnum):
    """What somebody is told of a task that is theirs: after the last one nothing more."""

    GIVEN = "given"
    DUE = "due"
    OVERDUE = "overdue"


TOLD: Final = (Word.GIVEN, Word.DUE, Word.OVERDUE)
"""In this order; what `reminders` is afterwards is the place of a word in it."""


def word_due(reminders: int, due: date, *, today: date) -> Word | None:
    """Return what somebody is told of a task now; None when there is nothing more to say."""
    if reminders <= UNTOLD:
        return Word.GIVEN
    if reminders >= TOLD.index(Word.OVERDUE):
        return None
    if today > due:
        return Word.OVERDUE
    return Word.DUE if reminders < TOLD.index(Word.DUE) else None


def after_word(said: Word) -> int:
    """Return what `reminders` is once this was said."""
    return TOLD.index(said)


def next_word_at(calendar: Calendar, due: date, *, reminders: int, now: datetime) -> datetime | None:
    """Return when somebody hears of a task again who knows of it, as their working day begins; None when no more.

    On the day it is due, or on the last day before on which they work; then on the first working day after it. Never
    twice on one day.
    """
    today = now.astimezone(ZoneInfo(calendar.zone)).date()
    if reminders < TOLD.index(Word.DUE):
        on = _working_day_until(calendar, due)
        if on is not None and on > today:
            return resolved(calendar.zone, on, calendar.starts)
    if reminders < TOLD.index(Word.OVERDUE):
        later = _working_day_after(calendar, max(due, today))
        return resolved(calendar.zone, later, calendar.starts) if later else None
    return None


def asked_at(calendar: Calendar, due: date) -> datetime:
    """Return when the people of a use case are asked about its first value: as the first working day after begins."""
    on = _working_day_after(calendar, due) or due + timedelta(days=1)
    return resolved(calendar.zone, on, calendar.starts)


def _working_day_until(calendar: Calendar, day: date) -> date | None:
    earlier = (day - timedelta(days=days) for days in range(60))
    return next((each for each in earlier if is_working_day(calendar, each)), None)


def _working_day_after(calendar: Calendar, day: date) -> date | None:
    later = (day + timedelta(days=days) for days in range(1, _FURTHEST))
    return next((each for each in later if is_working_day(calendar, each)), None)
