"""How often outputs had to be corrected and why, and when people are reminded of fixes. Values in, values out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from db.enums import RootCause, UseCaseState
from workflows.checkins.turns import ENDED
from workflows.people.worktime import Calendar, is_working_day, resolved

LOOKED_BACK: Final = timedelta(weeks=8)
"""Over how long what was before a fix is counted: at one answer a week there are eight."""

USUALLY_DUE_AFTER: Final = timedelta(weeks=2)
LATEST_DUE_AFTER: Final = timedelta(days=365)
LONGEST_FIX: Final = 1000

REMINDERS: Final = 2
"""How many reminders whoever has a fix to do gets: when it is due, and once more. Then it only shows as overdue."""

DAYS_BETWEEN_REMINDERS: Final = 2

_FURTHEST: Final = 800
"""Days after which it is no longer looked whether somebody works again."""

_COMPARABLE: Final = (2, 3)
"""A cause is named beside the largest one when it brought two thirds as many corrections, or more."""


class NoFix(StrEnum):
    """Why nothing became of what somebody wanted to do with a fix."""

    UNKNOWN = "unknown"
    NOT_YOURS = "not_yours"
    ENDED = "ended"  # the use case; what is open can still be done or dropped
    NOTHING_CORRECTED = "nothing_corrected"  # by that cause, in the answer that counts
    OPEN_ALREADY = "open_already"
    TEXT_MISSING = "text_missing"
    TEXT_TOO_LONG = "text_too_long"
    NOT_A_READER = "not_a_reader"
    DUE_MISSING = "due_missing"
    DUE_PAST = "due_past"
    DUE_TOO_FAR = "due_too_far"
    REASON_MISSING = "reason_missing"
    DONE = "done"
    DROPPED = "dropped"
    UNCHANGED = "unchanged"
    CHANGED_MEANWHILE = "changed_meanwhile"


@dataclass(frozen=True, slots=True)
class Looked:
    """An answer that looked at outputs, in its newest revision. A cause it says nothing of is missing, not nought."""

    check_in_id: UUID
    on_date: date
    outputs: int
    corrected: Mapping[RootCause, int]

    @property
    def total(self) -> int:
        return sum(self.corrected.values())


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many outputs had to be corrected; `of` is one at least."""

    corrected: int
    of: int


def said_of(by_cause: Sequence[int | None]) -> Mapping[RootCause, int]:
    """Return what an answer says of each cause; `by_cause` has them in the order of `RootCause`."""
    said = {cause: count for cause, count in zip(RootCause, by_cause, strict=True) if count is not None}
    return MappingProxyType(said)


def rate(answers: Sequence[Looked], cause: RootCause) -> Rate | None:
    """Return how many outputs had to be corrected by a cause, of how many somebody looked at.

    That is Σ corrected by it ÷ Σ looked at, over the answers that looked at any output and say how many of them this
    cause corrected, nought or more. None where there is no such answer: nobody looked, which is never nought.
    """
    said = [each for each in answers if each.outputs > 0 and cause in each.corrected]
    of = sum(each.outputs for each in said)
    return Rate(sum(each.corrected[cause] for each in said), of) if of else None


def lately(answers: Sequence[Looked]) -> list[Looked]:
    """Return the answers of the eight weeks up to and including the newest one."""
    newest = max((each.on_date for each in answers), default=None)
    return until(answers, newest) if newest else []


def until(answers: Sequence[Looked], day: date) -> list[Looked]:
    """Return the answers to check-ins of the eight weeks up to and including that of this date.

    What is *before* a fix: `day` is the date of the check-in on whose answer it was accepted.
    """
    return [each for each in answers if day - LOOKED_BACK < each.on_date <= day]


def after(answers: Sequence[Looked], day: date) -> list[Looked]:
    """Return the answers to check-ins whose date lies after this day.

    What is *after* a fix: `day` is when it was done, while it is open when it was accepted, where its owner is; at the
    earliest the date of the check-in on whose answer it was accepted.
    """
    return [each for each in answers if each.on_date > day]


def leading(corrected: Mapping[RootCause, int]) -> list[RootCause]:
    """Return the cause that corrected most, and those that corrected two thirds as many or more; none if none did."""
    most = max(corrected.values(), default=0)
    part, whole = _COMPARABLE
    named = [cause for cause, count in corrected.items() if count > 0 and count * whole >= most * part]
    return sorted(named, key=lambda cause: -corrected[cause])


def why_not_open(use_case: UseCaseState, due: date | None, text: str, *, today: date) -> NoFix | None:
    """Return what keeps a fix from being accepted or changed so, or None. `today` is where whoever does it is."""
    if use_case in ENDED:
        return NoFix.ENDED
    if not text.strip():
        return NoFix.TEXT_MISSING
    if len(text) > LONGEST_FIX:
        return NoFix.TEXT_TOO_LONG
    if due is None:
        return NoFix.DUE_MISSING
    if due < today:
        return NoFix.DUE_PAST
    return NoFix.DUE_TOO_FAR if due > today + LATEST_DUE_AFTER else None


def first_reminder(calendar: Calendar, due: date, *, heard: datetime) -> datetime | None:
    """Return when somebody is reminded of a fix that is due that day, as their working day begins, in UTC.

    Where they do not work on it, that is on the last day before on which they do. Never on the day on which they
    `heard` of it: then it is on their next working day. None when they do not work again.
    """
    known = heard.astimezone(ZoneInfo(calendar.zone)).date()
    on = day_of_reminder(calendar, due)
    if on is None or on <= known:
        on = _working_day_after(calendar, max(known, due - timedelta(days=1)))
    return resolved(calendar.zone, on, calendar.starts) if on else None


def second_reminder(calendar: Calendar, *, heard: datetime) -> datetime | None:
    """Return when somebody is reminded again: as the second working day after they `heard` of it begins, in UTC."""
    on: date | None = heard.astimezone(ZoneInfo(calendar.zone)).date()
    for _ in range(DAYS_BETWEEN_REMINDERS):
        on = _working_day_after(calendar, on) if on else None
    return resolved(calendar.zone, on, calendar.starts) if on else None


def day_of_reminder(calendar: Calendar, due: date) -> date | None:
    """Return the day a fix is due, or the last one before it on which somebody works; None when that is long ago."""
    earlier = (due - timedelta(days=days) for days in range(60))
    return next((each for each in earlier if is_working_day(calendar, each)), None)


def _working_day_after(calendar: Calendar, day: date) -> date | None:
    later = (day + timedelta(days=days) for days in range(1, _FURTHEST))
    return next((each for each in later if is_working_day(calendar, each)), None)
