"""When a use case has nobody who answers for it, and what a median says. Values in, values out."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from statistics import median
from typing import Final

from workflows.people.worktime import Calendar, add_working, working_day

DAYS_TO_FIND: Final = 10
"""How many working days there are to find another owner."""

_SOONEST: Final = timedelta(days=DAYS_TO_FIND - 1)  # ten working days cannot be over before


def is_ownerless(left_at: datetime | None, sponsor: Calendar | None, *, at: datetime) -> bool:
    """Say whether a use case whose owner left is without one at a moment.

    It is at once where its sponsor left too (None), or nobody knows when the owner did. Otherwise another owner is due
    within ten working days of the sponsor's; until then the sponsor answers for it.
    """
    if sponsor is None or left_at is None:
        return True
    if at - left_at < _SOONEST:
        return False
    try:
        return add_working(sponsor, left_at, working_day(sponsor) * DAYS_TO_FIND) <= at
    except LookupError:  # they never work again within about two years
        return True


def median_of(days: Iterable[float]) -> float | None:
    """Return the median of so many working days, to a tenth; None of none."""
    found = list(days)
    return to_a_tenth(median(found)) if found else None


def to_a_tenth(days: float) -> float:
    """Return days as they are told: to a tenth, and what took any time is never nought."""
    return max(round(days, 1), 0.1) if days > 0 else 0.0
