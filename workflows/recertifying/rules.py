"""Until when an approval holds, when its owner is asked, and who has to renew it. Values in, values out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from db.enums import Tier
from workflows.people.worktime import Calendar, add_months, is_working_day, resolved, works_on

ASKED_BEFORE: Final = (30, 14, 3)
"""Days before an approval ends on which its owner is asked."""
LAST: Final = len(ASKED_BEFORE) - 1
LEAST_NOTICE: Final = timedelta(days=14)
"""How long there is to answer where the question comes late: nobody is suspended without having been asked."""
CAMPAIGN_SOONEST, CAMPAIGN_LATEST = timedelta(days=7), timedelta(days=365)


class Because(StrEnum):
    """Why people have to renew an approval, and its owner alone cannot."""

    LAPSED = "lapsed"
    STRICTER = "stricter"  # the policy in force gives a stricter tier
    UNANSWERED = "unanswered"  # the policy in force asks what was never answered
    BY_TIER = "by_tier"  # the policy in force says so for its tier


@dataclass(frozen=True, slots=True)
class Held:
    """An approved text held against the policy in force."""

    approved: Tier
    now: Tier
    is_answered: bool
    is_by_chain: bool
    has_lapsed: bool


def first_validity(approved_on: date, months: int, *, today: date) -> date:
    """Return the last day of an approval that has none yet. One from before is asked about before it ends."""
    return max(add_months(approved_on, months), min(today + _longest(), add_months(today, months)))


def bounded(valid_until: date, months: int, *, today: date) -> date:
    """Return the last day after a change was approved that renews nothing: no later than it would be from today on."""
    return min(valid_until, add_months(today, months))


def is_to_be_asked(valid_until: date, *, today: date) -> bool:
    return today >= valid_until - _longest()


def due_on(valid_until: date, *, today: date) -> date:
    """Return the last day on which to answer, where the question is asked today."""
    return max(valid_until, today + LEAST_NOTICE)


def prompt_at(calendar: Calendar, due: date, *, given: int, today: date, not_before: datetime) -> datetime | None:
    """Return when the next prompt is due after `given` of them, in UTC, or None when all were given.

    The first comes at once, the others so many days before `due`, each in the person's working hours. One whose day is
    no working day for them comes on the next before the last day, else on the last one before its own. Somebody who
    never works until then gets it on its day all the same.
    """
    if given > LAST:
        return None
    day = today if given == 0 else due - timedelta(days=ASKED_BEFORE[given])
    for each in _days_around(day, due, today):
        opens, closes = works_on(calendar, each)
        if is_working_day(calendar, each) and max(opens, not_before) < closes:
            return max(opens, not_before)
    return max(resolved(calendar.zone, day, calendar.starts), not_before)


def given_by(due: date, *, given: int, today: date) -> int:
    """Return how many prompts are given or past once one goes out today: of several that were missed one is sent."""
    return max(given + 1, sum(today >= due - timedelta(days=days) for days in ASKED_BEFORE))


def has_passed(last_day: date, *, today: date) -> bool:
    return today > last_day


def why_people_renew(held: Held) -> Because | None:
    """Return why the owner's word alone does not renew an approval, or None where it does."""
    if held.has_lapsed:
        return Because.LAPSED
    strictest_first = list(Tier)
    if strictest_first.index(held.now) < strictest_first.index(held.approved):
        return Because.STRICTER
    if not held.is_answered:
        return Because.UNANSWERED
    return Because.BY_TIER if held.is_by_chain else None


def _days_around(day: date, due: date, today: date) -> Iterator[date]:
    """Yield the days on which a prompt can come: its own and those after it before `due`, then those before it."""
    yield from (day + timedelta(days=more) for more in range(max((due - day).days, 1)))
    yield from (day - timedelta(days=less) for less in range(1, (day - today).days + 1))


def _longest() -> timedelta:
    return timedelta(days=max(ASKED_BEFORE))
