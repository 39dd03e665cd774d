"""Roles: given to people and to Slack user groups, never without an admin who can act."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from db.enums import Membership
from db.queries import configuration
from db.queries import ledger as record
from db.queries import people as stored
from db.session import Session
from workflows import ledger
from workflows.ledger import Fact, LedgerKind
from workflows.people.groups import group_of
from workflows.people.service import actor_of
from workflows.people.snapshots import Actor, GroupHolder, Holders

ADMIN: Final = "admin"
LEAD: Final = "lead"
AUDITOR: Final = "auditor"
BREAK_GLASS: Final = "break_glass"
STAKEHOLDER: Final = stored.STAKEHOLDER
BUILT_IN: Final = (ADMIN, LEAD, AUDITOR, BREAK_GLASS, STAKEHOLDER)
"""The roles that exist under every policy. Nobody is given the last one: the stakeholder map says who holds it."""


@dataclass(frozen=True, slots=True)
class LastAdmin:
    """Nothing was changed: it would have left nobody as admin."""


@dataclass(frozen=True, slots=True)
class UnknownGroup:
    """Nothing was changed: no user group with this id can hold a role."""


def hold(session: Session) -> None:
    """Let nobody else change roles or settings before the commit. Always before what they are judged on is read."""
    configuration.hold_counters(session)


def roles_of(session: Session, person_id: UUID) -> frozenset[str]:
    """Return the roles somebody holds, by themselves or in a user group, member of the organisation or not."""
    return frozenset(stored.roles_of(session, person_id))


def holders_of(session: Session, role: str) -> Sequence[Actor]:
    """Return the full members who hold `role` now, each once however they hold it, in the order they got it."""
    return [actor_of(row) for row in stored.holders(session, role) if row.membership is Membership.MEMBER]


def holder_counts(session: Session) -> Mapping[str, int]:
    """Return how many full members hold each role now, of the roles somebody holds; each counts once."""
    return stored.holder_counts(session)


def holdings(session: Session) -> Mapping[str, Holders]:
    """Return who was given which role, of the roles somebody holds; with them who holds one by the stakeholder map."""
    people: dict[str, list[Actor]] = defaultdict(list)
    groups: dict[str, list[GroupHolder]] = defaultdict(list)
    for role, person in stored.all_holders(session):
        people[role].append(actor_of(person))
    for role, group, members in stored.all_group_holders(session):
        groups[role].append(GroupHolder(group_of(group), members if group.refreshed_at else None))
    people[STAKEHOLDER] = list(holders_of(session, STAKEHOLDER))
    held = {role for role in (*people, *groups) if people[role] or groups[role]}
    return {role: Holders(tuple(people[role]), tuple(groups[role])) for role in sorted(held)}


def grant_role(session: Session, role: str, person_id: UUID, *, actor: UUID | None, now: datetime) -> bool:
    """Give `role` to a person; return False when they held it already. `actor` is None for the command line."""
    hold(session)
    if stored.holds_directly(session, role=role, person_id=person_id):
        return False
    stored.insert_holder(session, role=role, person_id=person_id, granted_at=now)
    _record(session, LedgerKind.ROLE_GRANTED, role, {"person": str(person_id)}, actor=actor, now=now)
    return True


def withdraw_role(
    session: Session, role: str, person_id: UUID, *, actor: UUID | None, now: datetime
) -> bool | LastAdmin:
    """Take `role` from a person; False when it was not theirs, apart from groups. Seats already theirs stay."""
    hold(session)
    if not stored.holds_directly(session, role=role, person_id=person_id):
        return False
    if _is_needed(session, role, person_id=person_id):
        return LastAdmin()
    stored.delete_holder(session, role=role, person_id=person_id)
    _record(session, LedgerKind.ROLE_WITHDRAWN, role, {"person": str(person_id)}, actor=actor, now=now)
    return True


def grant_group(
    session: Session, role: str, group_id: str, *, actor: UUID | None, now: datetime
) -> bool | UnknownGroup:
    """Give `role` to everybody in a user group, as long as they are in it; False when it held it already.

    Members not read yet are asked of Slack soon: the group counts as changed.
    """
    hold(session)
    group = stored.group(session, group_id)
    if group is None or not group.is_active:
        return UnknownGroup()
    if stored.group_holds(session, role=role, group_id=group_id):
        return False
    stored.insert_role_group(session, role=role, group_id=group_id, granted_at=now)
    _record_group(session, LedgerKind.ROLE_GRANTED, role, group_id, actor=actor, now=now)
    return True


def withdraw_group(
    session: Session, role: str, group_id: str, *, actor: UUID | None, now: datetime
) -> bool | LastAdmin:
    """Take `role` from a user group; False when it did not hold it. Seats its members already have stay."""
    hold(session)
    if not stored.group_holds(session, role=role, group_id=group_id):
        return False
    if _is_needed(session, role, group_id=group_id):
        return LastAdmin()
    stored.delete_role_group(session, role=role, group_id=group_id)
    _record_group(session, LedgerKind.ROLE_WITHDRAWN, role, group_id, actor=actor, now=now)
    return True


def was_ever_granted(session: Session, role: str) -> bool:
    """Say whether anybody was ever given `role`, by the record."""
    return record.head(session, _stream(role)) is not None


def _is_needed(session: Session, role: str, *, person_id: UUID | None = None, group_id: str | None = None) -> bool:
    """Say whether taking the role from this person or group would leave nobody as admin, where somebody is now."""
    if role != ADMIN or not holders_of(session, ADMIN):
        return False
    return not stored.others_hold(session, role=ADMIN, without_person=person_id, without_group=group_id)


def _record_group(
    session: Session, kind: LedgerKind, role: str, group_id: str, *, actor: UUID | None, now: datetime
) -> None:
    text_id, digest = ledger.write_text(session, group_id, by=actor, now=now)
    _record(session, kind, role, {"group": digest, "group_text": str(text_id)}, actor=actor, now=now)


def _record(
    session: Session, kind: LedgerKind, role: str, what: Mapping[str, str], *, actor: UUID | None, now: datetime
) -> None:
    ledger.record(session, _stream(role), [Fact(kind, {"role": role, **what})], actor=actor, now=now)


def _stream(role: str) -> str:
    return f"role:{role}"
