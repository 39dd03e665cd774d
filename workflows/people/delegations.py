"""Delegations: for some time one person may decide for another, who still may too."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from db.enums import Membership
from db.ids import new_id
from db.queries import delegations as stored
from db.session import Session
from workflows import ledger
from workflows.ledger import Fact, LedgerKind
from workflows.people.service import named
from workflows.people.snapshots import Actor


class NoDelegation(StrEnum):
    """Why somebody cannot stand in."""

    THEMSELVES = "themselves"
    NOT_A_MEMBER = "not_a_member"
    OVER = "over"
    OVERLAPS = "overlaps"


@dataclass(frozen=True, slots=True)
class Delegated:
    """From `starts_at` until `ends_at`, which is not included any more, `delegate` may decide for `person`."""

    id: UUID
    person: Actor
    delegate: Actor
    starts_at: datetime
    ends_at: datetime


def delegate(
    session: Session, person: Actor, to: Actor, *, starts_at: datetime, ends_at: datetime, now: datetime
) -> Delegated | NoDelegation:
    """Let `to` decide for `person` in that time. What is pending is handed over when it begins.

    Refused to the person themselves, to anybody but full members, for a time that is over, and beside another
    delegation of the same person. It never cascades: who stands in cannot pass it on.
    """
    stored.lock_person(session, person.id)  # two delegations at once would overlap unseen
    if to.id == person.id:
        return NoDelegation.THEMSELVES
    if to.membership is not Membership.MEMBER:
        return NoDelegation.NOT_A_MEMBER
    if ends_at <= max(now, starts_at):
        return NoDelegation.OVER
    if stored.between(session, person.id, starts_at, ends_at):
        return NoDelegation.OVERLAPS
    made = Delegated(new_id(), person, to, starts_at, ends_at)
    stored.insert_delegation(
        session,
        {
            "id": made.id,
            "person_id": person.id,
            "delegate_id": to.id,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "made_at": now,
        },
    )
    told = {"delegate": str(to.id), "starts": ledger.stamp(starts_at), "ends": ledger.stamp(ends_at)}
    _record(session, LedgerKind.DELEGATION_MADE, made.id, person.id, told, actor=person.id, now=now)
    return made


def end_delegations(session: Session, person: Actor, *, now: datetime) -> int:
    """End what this person has delegated, from now on; return how many delegations that ended or cancelled."""
    stored.lock_person(session, person.id)
    open_ones = stored.after(session, person.id, now)
    for row in open_ones:
        _end(session, row.id, person, at=max(row.starts_at, now), now=now)
    return len(open_ones)


def end_delegation(session: Session, made: Delegated, *, now: datetime) -> None:
    """End one delegation from now on, or cancel it. The caller holds the lock of the person who is away."""
    _end(session, made.id, made.person, at=max(made.starts_at, now), now=now)


def delegations_of(session: Session, person_id: UUID, *, now: datetime) -> list[Delegated]:
    """Return what this person has delegated and is not over, soonest first."""
    rows = stored.after(session, person_id, now)
    known = named(session, {person_id, *(row.delegate_id for row in rows)})
    return [Delegated(row.id, known[row.person_id], known[row.delegate_id], row.starts_at, row.ends_at) for row in rows]


def delegates_of(session: Session, ids: Collection[UUID], *, now: datetime) -> Mapping[UUID, Actor]:
    """Return who may decide now for those of these people who are away, by whom they stand in for."""
    rows = stored.in_force(session, ids, now)
    known = named(session, {row.delegate_id for row in rows})
    return {row.person_id: known[row.delegate_id] for row in rows if row.delegate_id in known}


def delegation_of(session: Session, delegation_id: UUID) -> Delegated | None:
    """Return a delegation, over or not; None when there is none or one of the two was erased."""
    row = stored.delegation(session, delegation_id)
    known = named(session, {row.person_id, row.delegate_id}) if row else {}
    if row is None or row.person_id not in known or row.delegate_id not in known:
        return None
    return Delegated(row.id, known[row.person_id], known[row.delegate_id], row.starts_at, row.ends_at)


def _end(session: Session, delegation_id: UUID, person: Actor, *, at: datetime, now: datetime) -> None:
    stored.end(session, delegation_id, at=at)
    _record(session, LedgerKind.DELEGATION_ENDED, delegation_id, person.id, {}, actor=person.id, now=now)


def _record(
    session: Session,
    kind: LedgerKind,
    delegation_id: UUID,
    person_id: UUID,
    data: dict[str, str],
    *,
    actor: UUID,
    now: datetime,
) -> None:
    fact = Fact(kind, {"delegation": str(delegation_id), "person": str(person_id)} | data)
    ledger.record(session, f"person:{person_id}", [fact], actor=actor, now=now)
