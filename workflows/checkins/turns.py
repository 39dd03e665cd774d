"""What a check-in may become, when its clock turns, and who may do what with it. Values in, values out."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from db.enums import CheckInState, UseCaseState
from workflows.checkins.periods import moment
from workflows.checkins.quiet import Quiet, after_quiet
from workflows.people.worktime import Calendar, add_working, is_on_leave, working_between, working_day

APPROVED: Final = frozenset({UseCaseState.APPROVED, UseCaseState.APPROVED_WITH_CONDITIONS})
GOING_ON: Final = frozenset(
    {UseCaseState.IN_DEPLOYMENT, UseCaseState.DEPLOYED, UseCaseState.OPTIMISING, UseCaseState.SCALING}
)
ENDED: Final = frozenset({UseCaseState.REJECTED, UseCaseState.WITHDRAWN, UseCaseState.EXPIRED, UseCaseState.RETIRED})
OPEN: Final = frozenset({CheckInState.PENDING, CheckInState.DUE, CheckInState.OVERDUE})

REMINDERS: Final = 2
"""How many reminders somebody gets, a working day apart; a working day after the last one the sponsor is told, once."""

EARLIEST: Final = timedelta(days=7)
"""How long before its date a check-in can be answered."""

LOOK_AGAIN: Final = timedelta(days=1)
"""How often it is looked whether somebody who is away, or has been off for long, works again earlier than thought."""

FAR_OFF: Final = 10


class AskedFrom(StrEnum):
    """From when on use cases are asked for their numbers: as they were before anything changed, or from then on."""

    APPROVAL = "approval"
    DEPLOYMENT = "deployment"


class No(StrEnum):
    """Why nothing became of what somebody wanted to do with a check-in."""

    UNKNOWN = "unknown"
    NOT_YOURS = "not_yours"
    HANDED_OVER = "handed_over"
    ANSWERED = "answered"
    ANSWERED_MEANWHILE = "answered_meanwhile"
    SKIPPED = "skipped"
    OVERTAKEN = "overtaken"  # a later period is answered already
    OVER = "over"  # its period; an answer can be late, nothing else can
    SUSPENDED = "suspended"
    NOT_IN_USE = "not_in_use"
    ENDED = "ended"
    TOO_EARLY = "too_early"
    NO_LAST_VALUE = "no_last_value"
    NOTHING_ASKED = "nothing_asked"
    SNOOZE_PAST_END = "snooze_past_end"
    SNOOZE_NOT_LATER = "snooze_not_later"
    REASON_MISSING = "reason_missing"
    SAME_PERSON = "same_person"
    NOT_A_READER = "not_a_reader"


class Snooze(StrEnum):
    HOUR = "hour"
    TOMORROW = "tomorrow"
    MONDAY = "monday"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Stands:
    """A check-in as far as it decides what may be done with it.

    `overtaken`: a later one of the same schedule has an answer.
    """

    state: CheckInState
    closes_at: datetime
    revision: int
    overtaken: bool
    use_case: UseCaseState
    asked_from: AskedFrom

    @property
    def why_not_asked(self) -> No | None:
        """Why its use case is not asked for numbers now, or None when it is."""
        return why_not_asked(self.use_case, self.asked_from)


def why_not_asked(use_case: UseCaseState, asked_from: AskedFrom) -> No | None:
    """Return why a use case is not asked for its numbers, or None when it is."""
    if use_case in ENDED:
        return No.ENDED
    if use_case in APPROVED:
        return None if asked_from is AskedFrom.APPROVAL else No.NOT_IN_USE
    return None if use_case in GOING_ON else No.SUSPENDED


def why_no_answer(stands: Stands, now: datetime, *, edits: bool) -> No | None:
    """Return why a check-in takes no answer now, or None when it does.

    An answer can be edited until the period ends. One that was missed, or skipped, can still be answered, late, until a
    later one is: what was said last must not change behind what was said after it.
    """
    refused = stands.why_not_asked
    if refused is not None:
        return refused
    if stands.state is CheckInState.ANSWERED:
        return None if edits and now < stands.closes_at else No.ANSWERED
    return No.OVERTAKEN if stands.overtaken else None


def why_not_put_off(stands: Stands, now: datetime) -> No | None:
    """Return why a check-in can neither be snoozed, skipped nor handed over, or None when it can."""
    refused = stands.why_not_asked
    if refused is not None:
        return refused
    if stands.state is CheckInState.ANSWERED:
        return No.ANSWERED
    if stands.state is CheckInState.SKIPPED:
        return No.SKIPPED
    return No.OVER if now >= stands.closes_at or stands.state is CheckInState.MISSED else None


def prompt_at(calendar: Calendar, since: datetime, closes_at: datetime, quiet: Quiet | None = None) -> datetime | None:
    """Return when somebody can be asked who is to be asked since then: in their hours, before the period ends.

    None means that they do not work again before it ends. A quiet time puts it off, and never makes it None.
    """
    works = _works_after(calendar, since, timedelta())
    return after_quiet(calendar, works, closes_at, quiet) if works is not None and works < closes_at else None


def reminder_at(calendar: Calendar, since: datetime, closes_at: datetime, quiet: Quiet | None) -> datetime | None:
    """Return when somebody is reminded who last heard of it then: a working day later, and not in a quiet time.

    None means never before the period ends.
    """
    step = step_at(calendar, since)
    return after_quiet(calendar, step, closes_at, quiet) if step is not None and step < closes_at else None


def step_at(calendar: Calendar, since: datetime, *, days: int = 1) -> datetime | None:
    """Return when so many of somebody's working days have passed, or None when that is never."""
    return _works_after(calendar, since, working_day(calendar) * days)


def at_end(calendar: Calendar, prompted_at: datetime | None, closes_at: datetime) -> CheckInState:
    """Return what a check-in without an answer is when its period has ended: missed, or its person was away.

    Away is who was never asked because they did not work, and who is on leave since, after less than a day.
    """
    if prompted_at is None:
        return CheckInState.AWAY
    had = working_between(calendar, prompted_at, closes_at)
    left = is_on_leave(calendar, closes_at - timedelta(minutes=1))
    return CheckInState.AWAY if left and had < working_day(calendar) else CheckInState.MISSED


def snoozed_until(
    what: Snooze, day: date | None, calendar: Calendar, *, now: datetime, closes_at: datetime
) -> datetime | No:
    """Return when somebody is asked again: when they work next after they want it. A day begins when they begin to.

    When the next period begins they are asked anyway, so nothing can be put off until then.
    """
    today = now.astimezone(ZoneInfo(calendar.zone)).date()
    if what is Snooze.HOUR:
        until = now + timedelta(hours=1)
    else:
        wanted = {
            Snooze.TOMORROW: today + timedelta(days=1),
            Snooze.MONDAY: today + timedelta(days=8 - today.isoweekday()),
            Snooze.DATE: day or today,
        }[what]
        if wanted <= today:
            return No.SNOOZE_NOT_LATER
        if wanted >= closes_at.astimezone(ZoneInfo(calendar.zone)).date():
            return No.SNOOZE_PAST_END
        until = moment(calendar.zone, wanted, calendar.starts)
    asked = prompt_at(calendar, until, closes_at)
    return No.SNOOZE_PAST_END if asked is None else asked


def is_far_off(value: float, last: float | None) -> bool:
    """Say whether a value is ten times the last one or more, or a tenth or less: a slip more often than the truth."""
    if last is None or last == 0:
        return False
    return abs(value) >= FAR_OFF * abs(last) or abs(value) * FAR_OFF <= abs(last)


def _works_after(calendar: Calendar, since: datetime, amount: timedelta) -> datetime | None:
    try:
        return add_working(calendar, since, amount)
    except LookupError:
        return None
