"""What is missing to propose something recorded, and when somebody is asked to. Values in, values out."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Final

BEFORE: Final = (30, 7)
"""How many days before its day somebody is asked to propose what was recorded; once more when the day has passed."""

LONGEST: Final = {"name": 250, "team": 80, "problem": 10_000, "stage": 120, "vendor": 120, "origin": 160}
FURTHEST: Final = timedelta(days=730)


class Missing(StrEnum):
    """What a use case cannot be proposed without, and a recording does not say."""

    TEAM = "team"
    PROBLEM = "problem"
    OWNER = "owner"
    SPONSOR = "sponsor"
    OBJECTIVE = "objective"
    KPI = "kpi"


class NoDay(StrEnum):
    """Why something cannot have to be proposed by a day."""

    PAST = "past"
    TOO_FAR = "too_far"


def missing(*, team: str | None, problem: str | None, has_owner: bool) -> tuple[Missing, ...]:
    """Return what has to be found out before it can be proposed. No recording names sponsor, objective or KPI."""
    known = {Missing.TEAM: bool(team), Missing.PROBLEM: bool(problem), Missing.OWNER: has_owner}
    return tuple(each for each in Missing if not known.get(each))


def why_no_day(propose_by: date, *, today: date) -> NoDay | None:
    if propose_by <= today:
        return NoDay.PAST
    return NoDay.TOO_FAR if propose_by > today + FURTHEST else None


def has_passed(propose_by: date, today: date) -> bool:
    """Say whether it should have been proposed by now: the day itself still counts."""
    return today > propose_by


def next_day(propose_by: date, *, after: date) -> date | None:
    """Return the next day after `after` on which somebody is asked, None when there is none any more."""
    days = [*(propose_by - timedelta(days=each) for each in BEFORE), propose_by + timedelta(days=1)]
    return next((day for day in sorted(days) if day > after), None)


def is_asked_on(propose_by: date, today: date) -> bool:
    """Say whether a day on which somebody is asked has come."""
    return today >= propose_by - timedelta(days=max(BEFORE))


def cut(name: str) -> str:
    """Return a name no longer than names are."""
    return name if len(name) <= LONGEST["name"] else name[: LONGEST["name"] - 1].rstrip() + "…"
