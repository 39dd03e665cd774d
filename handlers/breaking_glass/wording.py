"""Say why something does not go ahead by break-glass, and what became of a call."""

from collections.abc import Mapping
from typing import Final

from db.enums import BreakGlassStatus
from handlers.glass import two
from handlers.text import moment, named
from workflows.breaking_glass import FEWEST_WORDS, LEAST_HOURS, MOST_HOURS, At, GlassSnapshot, NoGlass, Refused

NOTHING_CHANGED = "Nothing was changed."
NOBODY_ELSE = (
    "Nobody else may agree to it. It takes two people of the break-glass role who neither proposed, own nor decide on "
    "{reference}. An admin gives the role under Settings, Roles, Break-glass."
)

_WHY: Final[Mapping[NoGlass, str]] = {
    NoGlass.UNKNOWN: "That request does not exist any more.",
    NoGlass.PROHIBITED: "{reference} is prohibited by the policy, and break-glass is never for that.",
    NoGlass.OTHER_KIND: "Break-glass is for use cases only. {reference} waits for its decision.",
    NoGlass.CHANGE: (
        "Break-glass is for what was never approved. {reference} was, and what is asked for is a change of it."
    ),
    NoGlass.DECIDED: "{reference} is decided, so break-glass cannot be used for it any more.",
    NoGlass.USED: "Break-glass was used for {reference} already. It is used once; now it waits for its decision.",
    NoGlass.USED_BEFORE: (
        "{reference} is a copy of something break-glass let through in the last 90 days. It waits for its decision."
    ),
    NoGlass.CALLED: "Break-glass was called for {reference} already, and the second person has not answered yet.",
    NoGlass.NOT_HELD: "Only people in the break-glass role can do that. An admin gives it.",
    NoGlass.PROPOSER: "You proposed {reference}, so two others would have to.",
    NoGlass.OWNER: "You own {reference}, so two others would have to.",
    NoGlass.EDITOR: "You edited what was submitted as {reference}, so two others would have to.",
    NoGlass.VOTER: "You decided on {reference}, so two others would have to.",
    NoGlass.ASKED: "You are asked to decide on {reference}: please decide it instead.",
    NoGlass.THEMSELVES: "Choose somebody other than yourself.",
    NoGlass.MAY_NOT_READ: "You may not read {reference}, so two others would have to.",
    NoGlass.REASON_SHORT: f"Say in at least {FEWEST_WORDS} words why this cannot wait. It is kept on the record.",
    NoGlass.HOURS: f"Write a whole number of hours from {LEAST_HOURS} to {MOST_HOURS}.",
    NoGlass.NOT_YOURS: "That was asked of somebody else.",
    NoGlass.OVER: "That call has ended.",
}
_WHY_THE_OTHER: Final[Mapping[NoGlass, str]] = {
    NoGlass.NOT_HELD: "{who} is not in the break-glass role.",
    NoGlass.PROPOSER: "{who} proposed {reference}.",
    NoGlass.OWNER: "{who} owns {reference}.",
    NoGlass.EDITOR: "{who} edited what was submitted as {reference}.",
    NoGlass.VOTER: "{who} decided on {reference}.",
    NoGlass.ASKED: "{who} is asked to decide on {reference}.",
    NoGlass.MAY_NOT_READ: "{who} may not read {reference}.",
}


def why_text(refused: Refused, reference: str, other: str = "") -> str:
    """Return why nothing was done, to who tried; `other` is the name of the second person, or of who called it."""
    if refused.at is At.SECOND and refused.why in _WHY_THE_OTHER:
        told = _WHY_THE_OTHER[refused.why].format(who=named(other) if other else "That person", reference=reference)
        return f"{told} Somebody else would have to."
    if refused.why is NoGlass.OVER and refused.glass is not None:
        return f"{over_text(refused.glass, reference)} {NOTHING_CHANGED}"
    return _WHY[refused.why].format(reference=reference)


def over_text(glass: GlassSnapshot, reference: str) -> str:
    """Return what became of a call that nobody can answer any more."""
    when = f", {moment(glass.settled_at)}" if glass.settled_at else ""
    match glass.status:
        case BreakGlassStatus.IN_FORCE:
            until = f" until {moment(glass.ends_at)}" if glass.ends_at else ""
            return f"{two(glass)} let {reference} go ahead by break-glass{until}."
        case BreakGlassStatus.DECLINED:
            return f"{named(glass.second.name)} did not agree to break-glass for {reference}{when}."
        case BreakGlassStatus.CALLED | BreakGlassStatus.OVERTAKEN:
            return f"The call for {reference} has ended{when}: it was taken back, decided, or nobody agreed in time."
        case BreakGlassStatus.RATIFIED | BreakGlassStatus.REFUSED | BreakGlassStatus.ENDED:
            return f"Break-glass for {reference} is over{when}."
