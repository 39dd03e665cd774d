"""When break-glass may be used, and by whom. Values in, values out: no database, no Slack, no clock."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from db.enums import PENDING, BreakGlassStatus, Exclusion, RequestStatus, Tier

LEAST_HOURS: Final = 1
MOST_HOURS: Final = 72
USUAL_HOURS: Final = 24
FEWEST_WORDS: Final = 5
LONGEST_REASON: Final = 2000
ANSWER_WITHIN: Final = timedelta(hours=24)
"""A call nobody agreed to by then ends by itself."""
NOT_AGAIN_WITHIN: Final = timedelta(days=90)
"""As long what was let through is not let through again as a copy of itself: nobody stretches the hours that way."""

IN_VAIN: Final = frozenset({BreakGlassStatus.REFUSED, BreakGlassStatus.ENDED})
"""It was in force, and nobody approved it in that time."""
WAS_IN_FORCE: Final = IN_VAIN | {BreakGlassStatus.IN_FORCE, BreakGlassStatus.RATIFIED}


class NoGlass(StrEnum):
    """Why something does not go ahead by break-glass."""

    UNKNOWN = "unknown"
    PROHIBITED = "prohibited"
    OTHER_KIND = "other_kind"
    CHANGE = "change"
    DECIDED = "decided"
    USED = "used"
    USED_BEFORE = "used_before"
    CALLED = "called"
    NOT_HELD = "not_held"
    PROPOSER = "proposer"
    OWNER = "owner"
    EDITOR = "editor"
    VOTER = "voter"
    ASKED = "asked"
    THEMSELVES = "themselves"
    MAY_NOT_READ = "may_not_read"
    REASON_SHORT = "reason_short"
    HOURS = "hours"
    NOT_YOURS = "not_yours"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Case:
    """What is to go ahead. `kind_goes`: it is of a kind that can. `was_used`: break-glass was in force for its request.

    `was_used_before`: it was lately for something this one is a copy of. `is_called`: somebody waits for the second.
    """

    status: RequestStatus
    tier: Tier
    kind_goes: bool = True
    is_change: bool = False
    is_called: bool = False
    was_used: bool = False
    was_used_before: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """What somebody has to do with a request. `is_asked`: it waits for them, or will once it is sent again."""

    holds_role: bool
    may_read: bool = True
    excluded: Exclusion | None = None
    has_voted: bool = False
    is_asked: bool = False


def why_not_it(case: Case) -> NoGlass | None:
    """Return why this never goes ahead by break-glass, or not now; None when it can."""
    reasons = (
        (case.tier is Tier.PROHIBITED, NoGlass.PROHIBITED),
        (not case.kind_goes, NoGlass.OTHER_KIND),
        (case.is_change, NoGlass.CHANGE),
        (case.status not in PENDING, NoGlass.DECIDED),
        (case.was_used, NoGlass.USED),
        (case.was_used_before, NoGlass.USED_BEFORE),
        (case.is_called, NoGlass.CALLED),
    )
    return next((why for holds, why in reasons if holds), None)


def why_not_they(part: Part) -> NoGlass | None:
    """Return why this person may be neither of the two, or None when they may."""
    if not part.holds_role:
        return NoGlass.NOT_HELD
    if not part.may_read:
        return NoGlass.MAY_NOT_READ
    if part.excluded is not None:
        return _refusal_of(part.excluded)
    if part.has_voted:
        return NoGlass.VOTER
    return NoGlass.ASKED if part.is_asked else None


def is_reason(text: str) -> bool:
    """Say whether somebody who reads it later learns why it could not wait."""
    return len(text.split()) >= FEWEST_WORDS


def hours_of(text: str) -> int | None:
    """Return a whole number of hours within the limits, however it is typed; None for anything else."""
    calm = text.strip()
    if not (calm.isascii() and calm.isdigit() and len(calm) <= len(str(MOST_HOURS))):
        return None
    return int(calm) if LEAST_HOURS <= int(calm) <= MOST_HOURS else None


def _refusal_of(why: Exclusion) -> NoGlass:
    match why:
        case Exclusion.PROPOSER:
            return NoGlass.PROPOSER
        case Exclusion.OWNER:
            return NoGlass.OWNER
        case Exclusion.EDITOR:
            return NoGlass.EDITOR
        case Exclusion.BROKE_GLASS:
            return NoGlass.USED
