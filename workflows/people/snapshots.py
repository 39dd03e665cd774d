"""Frozen pictures of people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from db.enums import Membership, WorkspaceRank


@dataclass(frozen=True, slots=True)
class Profile:
    """A person as Slack describes them now. `zone` is an IANA name, `locale` like “de-DE” where Slack told it."""

    slack_id: str
    team_id: str
    name: str
    zone: str
    membership: Membership
    rank: WorkspaceRank = WorkspaceRank.MEMBER
    locale: str | None = None


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


@dataclass(frozen=True, slots=True)
class Details:
    """What people say of themselves, or their organisation of them. `hours` are minutes after midnight."""

    manager: Actor | None
    team: str | None
    country: str | None
    hours: tuple[int, int] | None
    days: str | None
    leave: tuple[tuple[date, date], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A Slack user group. One that is not active, or belongs to another organisation, gives nobody a role."""

    id: str
    handle: str
    name: str
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class GroupHolder:
    """A user group that holds a role, with how many full members it has; None while its members are not known."""

    group: Group
    members: int | None


@dataclass(frozen=True, slots=True)
class Holders:
    """Who was given a role: people, members or not, and user groups."""

    people: Sequence[Actor] = ()
    groups: Sequence[GroupHolder] = ()
