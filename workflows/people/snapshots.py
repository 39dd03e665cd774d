"""Frozen pictures of people."""

from dataclasses import dataclass
from uuid import UUID

from db.enums import Membership, WorkspaceRank


@dataclass(frozen=True, slots=True)
class Profile:
    """A person as Slack describes them now. `zone` is an IANA name."""

    slack_id: str
    team_id: str
    name: str
    zone: str
    membership: Membership
    rank: WorkspaceRank = WorkspaceRank.MEMBER


@dataclass(frozen=True, slots=True)
class Actor:
    """A person we know. Held by a service, it proves that somebody asked who is acting."""

    id: UUID
    slack_id: str
    name: str
    zone: str
    membership: Membership = Membership.MEMBER


@dataclass(frozen=True, slots=True)
class NotAMember:
    """The person may not act here; `membership` says what they are instead of a full member."""

    membership: Membership
