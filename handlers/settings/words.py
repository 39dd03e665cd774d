"""Say what is left to set up and why something is refused: the same words in Slack and on the command line."""

from collections.abc import Mapping, Sequence
from datetime import time
from itertools import groupby
from typing import Final

from db.enums import Relation
from handlers.policy_changes.words import too_few_text
from handlers.text import NAME_SHOWN, shown
from workflows.people import STAKEHOLDER, Detail
from workflows.policy import RELATIONS
from workflows.settings import ChannelProblem, Digest
from workflows.setup import Gap, Missing

ROLES_IN_LINE = 12
WEEKDAYS = {
    1: "Monday",
    2: "Tuesday",
    3: "Wednesday",
    4: "Thursday",
    5: "Friday",
    6: "Saturday",
    7: "Sunday",
}

DETAILS = {
    Detail.MANAGER: "manager",
    Detail.TEAM: "team",
    Detail.COUNTRY: "country",
    Detail.WORKING_HOURS: "working hours",
    Detail.WORKING_DAYS: "working days",
    Detail.LEAVE: "leave",
}

LAST_ADMIN = "That would leave nobody as admin, so nothing was changed. Make somebody else admin first."
UNKNOWN_GROUP = (
    "Slack has no such user group here, or it is switched off or belongs to another organisation. Nothing was changed."
)
UNKNOWN_ROLE = "The policy in force names no such role, so nothing was changed."

_RELATIONS: Final[Mapping[str, str]] = {
    Relation.SPONSOR: "its proposer says who",
    Relation.OWNERS_MANAGER: "it is whoever `gatehouse people import` says manages its owner",
    Relation.OBJECTIVE_OWNER: "it is whoever `gatehouse objectives owner` says owns its objective",
}

_GAPS = {
    Gap.ADMIN: "Nobody who can act is admin. Give a full member the role admin.",
    Gap.GOVERNANCE_CHANNEL: "There is no governance channel. Choose where requests and decisions are announced.",
    Gap.LEAD: "Nobody is programme lead. Give somebody the role lead: they are asked when nobody else may decide.",
    Gap.ROLE: "Nobody holds the role {role_name}, and nobody is asked in its place: what needs it would be blocked.",
    Gap.DIGEST_CHANNEL: "No channel gets the weekly digest yet.",
}
_ROLES = "Nobody holds these roles, and nobody is asked in their place: {role_names}. What needs them would be blocked."
_INSTEAD_OF_SEVERAL = "Nobody holds the roles {role_names}; {instead} is asked in their place."
_INSTEAD = "Nobody holds the role {role_name}; {instead} is asked in its place."
_COMMANDS = {
    Gap.ADMIN: "gatehouse roles grant admin U…",
    Gap.GOVERNANCE_CHANNEL: "gatehouse settings set governance-channel C…",
    Gap.LEAD: "gatehouse roles grant lead U…",
    Gap.ROLE: "gatehouse roles grant {role} U…",
    Gap.POLICY_DECIDERS: "gatehouse roles grant {role} U…",
    Gap.DIGEST_CHANNEL: "gatehouse settings set digest-channel C… --day Monday --at 09:00 --zone Europe/Berlin",
}
_CHANNELS = {
    ChannelProblem.SHARED: (
        "is shared with another organisation, whose people would read it too. Choose a channel of your own."
    ),
    ChannelProblem.ARCHIVED: "is archived. Choose a channel people still read.",
    ChannelProblem.DIRECT: "is a direct conversation. Choose a channel.",
    ChannelProblem.NOT_IN_IT: "has no Gatehouse in it. Invite it there first: /invite @Gatehouse",
}


def gap_text(missing: Missing) -> str:
    """Return what is missing and what to do, as plain text."""
    if missing.few is not None:
        return too_few_text(missing.few)
    text = _INSTEAD if missing.instead else _GAPS[missing.gap]
    return text.format(role_name=missing.role_name, instead=missing.instead)


def gap_texts(missing: Sequence[Missing]) -> list[tuple[bool, str]]:
    """Return whether each thing is needed, and what `gap_text` says of it; roles of the same fate share a line."""
    lines: list[tuple[bool, str]] = []
    for (gap, instead), group in groupby(missing, key=lambda each: (each.gap, each.instead)):
        alike = list(group)
        if gap is Gap.ROLE and len(alike) > 1:
            names = ", ".join(shown(each.role_name, limit=NAME_SHOWN) for each in alike[:ROLES_IN_LINE])
            names += f" and {len(alike) - ROLES_IN_LINE} more" if len(alike) > ROLES_IN_LINE else ""
            text = _INSTEAD_OF_SEVERAL if instead else _ROLES
            lines.append((alike[0].is_needed, text.format(role_names=names, instead=instead)))
        else:
            lines += [(each.is_needed, gap_text(each)) for each in alike]
    return lines


def gap_command(missing: Missing) -> str:
    """Return the command that sets it up."""
    return _COMMANDS[missing.gap].format(role=missing.role)


def relation_text(relation: str) -> str:
    """Return why nobody is given what follows from each use case."""
    return (
        f"Nobody is given the role {relation}: who that is follows from each use case, and {_RELATIONS[relation]}. "
        "Nothing was changed."
    )


def given_by_nobody(role: str) -> str | None:
    """Return why nobody is given this role or has it taken away, where that is so."""
    if role == STAKEHOLDER:
        return (
            f"Nobody is given the role {role}, nor has it taken away: whoever the stakeholder map in force names as an "
            "approver holds it. Change the map in the Foundation window and have it approved (`/gatehouse "
            "foundation`). Nothing was changed."
        )
    return relation_text(role) if role in RELATIONS else None


def channel_text(problem: ChannelProblem) -> str:
    """Return why a channel cannot be used and what to do, to stand behind its name."""
    return _CHANNELS[problem]


def when_text(digest: Digest) -> str:
    """Return when a digest is posted, as in “Mondays at 09:00, Europe/Berlin”."""
    at = time(digest.minute // 60, digest.minute % 60)
    return f"{WEEKDAYS[digest.weekday]}s at {at:%H:%M}, {digest.zone}"
