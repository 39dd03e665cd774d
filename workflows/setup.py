"""What is set up, what is left to set up, and the changes an admin makes: the same truth for Slack and the host."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from db.enums import OutboxKind
from db.queries import configuration
from db.queries import setup as stored
from db.session import Session
from workflows import approvals, checkins, intake, outbox, people, policy, policy_changes, reactions, settings
from workflows.checkins import AsksWhen
from workflows.outbox import Promise
from workflows.people import ADMIN, BUILT_IN, LEAD, Actor, Holders, LastAdmin, UnknownGroup
from workflows.policy import Policy
from workflows.policy_changes import TooFew
from workflows.settings import Digest, SettingName


class Gap(StrEnum):
    """What can be missing."""

    ADMIN = "admin"
    GOVERNANCE_CHANNEL = "governance_channel"
    LEAD = "lead"
    ROLE = "role"
    DIGEST_CHANNEL = "digest_channel"
    POLICY_DECIDERS = "policy_deciders"


@dataclass(frozen=True, slots=True)
class Missing:
    """Something left to set up. `role` and `instead`: a role nobody holds, and the one that is asked in its place.

    `few` says of a role that decides about changes of the policy that too few hold it.
    """

    gap: Gap
    is_needed: bool = True
    role: str = ""
    role_name: str = ""
    instead: str | None = None
    few: TooFew | None = None


@dataclass(frozen=True, slots=True)
class RoleSnapshot:
    """A role, who was given it, and its channel. `is_named` says whether the policy in force knows it."""

    key: str
    name: str
    holders: Holders
    channel: str | None
    is_named: bool


@dataclass(frozen=True, slots=True)
class PolicyPicture:
    """`has_fast_lane`: lines of it approve by themselves."""

    name: str
    number: int
    applied_at: datetime
    applied_by: Actor | None
    is_decided: bool = False  # changes of it are decided by people
    has_fast_lane: bool = False


@dataclass(frozen=True, slots=True)
class SetUp:
    """How Gatehouse is set up now."""

    missing: tuple[Missing, ...]
    governance_channel: str | None
    digests: tuple[Digest, ...]
    roles: tuple[RoleSnapshot, ...]
    policy: PolicyPicture
    gone: int
    asks_when: AsksWhen
    tells_week: bool = True


@dataclass(frozen=True, slots=True)
class Gone:
    """Somebody whose account is deactivated, and what waits on them: roles, seats, and use cases by reference."""

    slack_id: str
    name: str
    roles: tuple[str, ...]
    seats: tuple[str, ...]
    owns: tuple[str, ...]
    sponsors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Granted:
    """A role was given. `opened`: how many blocked lanes can be decided now."""

    is_new: bool
    opened: int


@dataclass(frozen=True, slots=True)
class UnknownRole:
    """Nothing was changed: the policy in force names no such role. `known` are those there are."""

    known: tuple[str, ...]


def what_is_left(session: Session) -> tuple[Missing, ...]:
    """Return what is left to set up, what is needed first."""
    missing = []
    if not people.holders_of(session, ADMIN):
        missing.append(Missing(Gap.ADMIN))
    if settings.value_of(session, SettingName.GOVERNANCE_CHANNEL) is None:
        missing.append(Missing(Gap.GOVERNANCE_CHANNEL))
    if not people.holders_of(session, LEAD):
        missing.append(Missing(Gap.LEAD))
    missing += _roles_nobody_holds(session)
    for few in policy_changes.too_few(session, policy.in_force(session).policy):
        missing.append(Missing(Gap.POLICY_DECIDERS, role=few.role, few=few))
    if not settings.digests(session):
        missing.append(Missing(Gap.DIGEST_CHANNEL, is_needed=False))
    return tuple(sorted(missing, key=lambda each: not each.is_needed))


def picture_of(session: Session) -> SetUp:
    """Return how everything is set up now."""
    return SetUp(
        missing=what_is_left(session),
        governance_channel=settings.value_of(session, SettingName.GOVERNANCE_CHANNEL),
        digests=tuple(settings.digests(session)),
        roles=_roles(session),
        policy=_policy(session),
        gone=len(people_gone(session)),
        asks_when=checkins.asks_when(session),
        tells_week=settings.value_of(session, SettingName.YOUR_WEEK) != settings.OFF,
    )


def role_of(session: Session, role: str) -> RoleSnapshot | None:
    """Return one role, or None when neither the policy nor anybody knows it."""
    return next((each for each in _roles(session) if each.key == role), None)


def people_gone(session: Session) -> Sequence[Gone]:
    """Return the people who left and on whom something waits."""
    left = stored.gone(session)
    ids = [person_id for person_id, _, _ in left]
    roles = _by_person(stored.roles_held(session, ids))
    seats = _by_person(stored.open_seats(session, ids))
    named = stored.named_in(session, ids)
    owns = _by_person([(owner, f"UC-{number}") for owner, _, number in named])
    sponsors = _by_person([(sponsor, f"UC-{number}") for _, sponsor, number in named])
    found = [
        Gone(slack_id, name, *(tuple(what.get(person_id, ())) for what in (roles, seats, owns, sponsors)))
        for person_id, slack_id, name in left
    ]
    return [each for each in found if each.roles or each.seats or each.owns or each.sponsors]


def blocked_roles(session: Session) -> Mapping[str, int]:
    """Return how many lanes nobody may decide, by the role they ask."""
    return stored.blocked_roles(session)


def unknown_role(session: Session, role: str) -> UnknownRole | None:
    """Return what to say of a role no policy names: whoever held it could decide nothing. None when it is known."""
    known = policy.roles(session)
    if role in known or approvals.is_awaited(session, role):
        return None
    return UnknownRole(tuple(key for key in known if key not in BUILT_IN))


def appoint_first_admin(session: Session, *, now: datetime) -> Actor | None:
    """Make the workspace's owner admin if nobody ever was, and promise them what is left to set up.

    Returns the new admin, or None when there is nothing to do or no owner is known yet. However many processes start
    at once and however often, it happens once: the record says whether anybody was admin before.
    """
    if people.was_ever_granted(session, ADMIN):
        return None
    people.hold(session)
    owner = people.owner_of_workspace(session)
    if owner is None or people.was_ever_granted(session, ADMIN):
        return None
    grant_to_person(session, ADMIN, owner.id, actor=None, now=now)
    outbox.promise(session, [Promise(OutboxKind.SET_UP, owner.slack_id, owner.id)], now=now)
    return owner


def grant_to_person(session: Session, role: str, person_id: UUID, *, actor: UUID | None, now: datetime) -> Granted:
    """Give a role to a person; lanes that waited for a holder open."""
    is_new, opened = reactions.grant_role(session, role, person_id, actor=actor, now=now)
    _redraw_homes(session, role, [person_id], now=now)
    return Granted(is_new, opened)


def grant_to_group(
    session: Session, role: str, group_id: str, *, actor: UUID | None, now: datetime
) -> Granted | UnknownGroup:
    """Give a role to a user group; lanes that waited for a holder open, as far as its members are known."""
    is_new = people.grant_group(session, role, group_id, actor=actor, now=now)
    if isinstance(is_new, UnknownGroup):
        return is_new
    opened = approvals.unblock(session, role, now=now)
    _redraw_homes(session, role, [each.id for each in people.holders_of(session, role)], now=now)
    return Granted(is_new, opened)


def withdraw_from_person(
    session: Session, role: str, person_id: UUID, *, actor: UUID | None, now: datetime
) -> bool | LastAdmin:
    """Take a role from a person; False when they did not hold it themselves."""
    done = people.withdraw_role(session, role, person_id, actor=actor, now=now)
    if done is True:
        _redraw_homes(session, role, [person_id], now=now)
    return done


def withdraw_from_group(
    session: Session, role: str, group_id: str, *, actor: UUID | None, now: datetime
) -> bool | LastAdmin:
    """Take a role from a user group; False when it did not hold it."""
    before = [each.id for each in people.holders_of(session, role)]
    done = people.withdraw_group(session, role, group_id, actor=actor, now=now)
    if done is True:
        _redraw_homes(session, role, before, now=now)
    return done


def _roles_nobody_holds(session: Session) -> list[Missing]:
    names = policy.roles(session)
    rules = policy.in_force(session).policy
    found = []
    for role, name in names.items():
        if role in BUILT_IN or people.holders_of(session, role):
            continue
        instead = [_asked_instead(session, line) for line in _lines_after(rules, role)]
        is_needed = None in instead
        called = None if is_needed or instead[0] is None else {**names, **policy.RELATION_NAMES}[instead[0]]
        found.append(Missing(Gap.ROLE, is_needed, role, name, called))
    return found


def _lines_after(rules: Policy, role: str) -> list[tuple[str, ...]]:
    """Return who is asked in the place of a role, in each lane that asks for it."""
    lanes = [(lane, chain) for chain in rules.chains.values() for stage in chain.stages for lane in stage.lanes]
    return [rules.stand_ins(lane, chain) for lane, chain in lanes if lane.role == role] or [rules.fallbacks(role)]


def _asked_instead(session: Session, line: Sequence[str]) -> str | None:
    """Return the first of these roles that somebody holds, or who follows from each use case."""
    return next((each for each in line if each in policy.RELATIONS or people.holders_of(session, each)), None)


def _roles(session: Session) -> tuple[RoleSnapshot, ...]:
    names, holdings, channels = policy.roles(session), people.holdings(session), settings.role_channels(session)
    keys = (*names, *sorted({*holdings, *channels} - set(names)))
    return tuple(
        RoleSnapshot(key, names.get(key, key), holdings.get(key, Holders()), channels.get(key), key in names)
        for key in keys
    )


def _policy(session: Session) -> PolicyPicture:
    row = configuration.policy_in_force(session)
    if row is None:
        raise LookupError("no policy has been applied yet")
    known = people.named(session, [row.applied_by]) if row.applied_by else {}
    by = known.get(row.applied_by) if row.applied_by else None
    rules, is_decided = policy.in_force(session).policy, policy_changes.is_decided(session)
    has_fast_lane = any(policy.approving(rules, intake.SUBJECT_KIND))
    return PolicyPicture(rules.name, row.number, row.applied_at, by, is_decided, has_fast_lane)


def _by_person(pairs: Sequence[tuple[UUID, str]]) -> Mapping[UUID, Sequence[str]]:
    found: dict[UUID, list[str]] = defaultdict(list)
    for person_id, what in pairs:
        if what not in found[person_id]:
            found[person_id].append(what)
    return found


def _redraw_homes(session: Session, role: str, ids: Sequence[UUID], *, now: datetime) -> None:
    """Promise these people a new Home, which shows admins a way to the settings."""
    if role == ADMIN:
        homes = [
            Promise(OutboxKind.HOME_SYNC, outbox.home_of(person.slack_id), person.id)
            for person in people.with_home_open(session, ids)
        ]
        outbox.promise(session, homes, now=now)
