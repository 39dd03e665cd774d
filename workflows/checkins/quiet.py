"""When somebody is asked whom Slack keeps notifications from. Values in, values out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from workflows.people.worktime import Calendar, add_working, working_between

USABLE_FOR: Final = timedelta(days=1)
"""How long what Slack told of somebody's quiet time is believed."""

LAST_CALL: Final = timedelta(hours=1)
"""How much of somebody's working time is left in a period when they are asked however quiet it is."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """A time in which Slack keeps notifications from somebody; it has ended at `ends_at`."""

    starts_at: datetime
    ends_at: datetime

    def holds(self, moment: datetime) -> bool:
        return self.starts_at <= moment < self.ends_at


def after_quiet(calendar: Calendar, at: datetime, closes_at: datetime, quiet: Quiet | None) -> datetime:
    """Return when somebody is asked who could be `at` a moment they work, before `closes_at`.

    What comes in a quiet time waits until it is over and they work, at the latest until the last hour they work before
    the period ends: nobody is left out because they are left in peace.
    """
    if quiet is None or not quiet.holds(at):
        return at
    had = working_between(calendar, at, closes_at)
    last = add_working(calendar, add_working(calendar, at, max(had - LAST_CALL, timedelta())), timedelta())
    try:
        return min(add_working(calendar, quiet.ends_at, timedelta()), last)
    except LookupError:  # they never work again after it
        return last
