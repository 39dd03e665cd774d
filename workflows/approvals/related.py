"""Whom a role leads to: those who hold it, or, where it is a relation, the one person who is that to the subject."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from db.enums import Membership, Relation
from db.queries import approvals as stored
from db.session import Session
from db.tables import ApprovalLane
from workflows import people
from workflows.approvals.snapshots import Subject
from workflows.people import Actor
from workflows.policy import RELATIONS

OWNER: Final = "owner"
"""Kept beside the relations: never asked themselves, but their manager can be."""


def asked_by(session: Session, role: str, known: Mapping[str, UUID]) -> Sequence[Actor]:
    """Return the full members a lane asks by `role`. Whether they may vote on the request is for the caller to say.

    `known` is who somebody is to the subject; the owner's manager is looked up as people are known now.
    """
    if role not in RELATIONS:
        return people.holders_of(session, role)
    person_id = person_of(session, role, known)
    found = people.named(session, [person_id]).values() if person_id else ()
    return [each for each in found if each.membership is Membership.MEMBER]


def asked_in(session: Session, request_id: UUID, role: str) -> Sequence[Actor]:
    """Return whom `role` leads to in the current round of a request."""
    return asked_by(session, role, known_in(session, request_id, [role]))


def known_in(session: Session, request_id: UUID, roles: Collection[str]) -> Mapping[str, UUID]:
    """Return who somebody is to what a request is about; it is not read where none of `roles` asks for it."""
    return stored.relations(session, request_id) if RELATIONS.intersection(roles) else {}


def person_of(session: Session, role: str, known: Mapping[str, UUID]) -> UUID | None:
    """Return to whom a relation leads now, member or not; None for a role, and where nobody is that."""
    if role != Relation.OWNERS_MANAGER:
        return of_role(role, known)
    manager = people.manager_of(session, known[OWNER]) if OWNER in known else None
    return manager.id if manager else None


def of_role(role: str, known: Mapping[str, UUID]) -> UUID | None:
    """Return to whom a relation leads by what is known already; None for a role, and where nobody is that."""
    return known.get(role) if role in RELATIONS else None


def with_manager(session: Session, subject: Subject) -> Subject:
    """Return the subject with its owner's manager of today: a later round tells by it whether that is another one."""
    manager = person_of(session, Relation.OWNERS_MANAGER, subject.relations)
    found = {Relation.OWNERS_MANAGER.value: manager} if manager else {}
    return replace(subject, relations={**subject.relations, **found})


def keep(session: Session, request_id: UUID, number: int, known: Mapping[str, UUID]) -> None:
    """Store who somebody is to the subject of a round."""
    key = {"request_id": request_id, "round": number}
    rows = [key | {"relation": relation, "person_id": person} for relation, person in known.items()]
    if rows:
        stored.insert_relations(session, rows)


def as_asked(
    session: Session,
    lanes: Sequence[ApprovalLane],
    *,
    of_round: int,
    now: Mapping[str, UUID],
    voters: Mapping[UUID, Collection[UUID]],
) -> dict[UUID, UUID | None]:
    """Return, by lane of an earlier round, whom its relation led to then.

    Where somebody who voted was asked as what they are to the subject no longer (they stood in, or it was escalated to
    them), it is that person: what they approved is not approved by whoever is it `now`.
    """
    if not any(RELATIONS.intersection(_named(lane)) for lane in lanes):
        return {}
    request_id = lanes[0].request_id
    before, asked = stored.relations(session, request_id, of_round=of_round), _asked(session, request_id)
    found: dict[UUID, UUID | None] = {}
    for lane in lanes:
        then = before | _manager_asked(lane, asked.get(lane.id, []), now)
        gone = {then[each] for each in RELATIONS.intersection(_named(lane), then) if now.get(each) != then[each]}
        voted = sorted(gone.intersection(voters.get(lane.id, ())))
        found[lane.id] = voted[0] if voted else of_role(lane.role, then)
    return found


def _named(lane: ApprovalLane) -> set[str]:
    """Return every role by which somebody can have been asked in a lane."""
    return {lane.role, *lane.fallbacks.split(","), lane.escalate_to or ""}


def _asked(session: Session, request_id: UUID) -> dict[UUID, list[UUID]]:
    """Return who is asked in each lane, in the order they were."""
    found: dict[UUID, list[UUID]] = {}
    for seat in stored.seats(session, request_id):
        if seat.vacated_at is None:
            found.setdefault(seat.lane_id, []).append(seat.person_id)
    return found


def _manager_asked(lane: ApprovalLane, asked: Sequence[UUID], now: Mapping[str, UUID]) -> dict[str, UUID]:
    """Return the manager who was asked in a lane: the one known when its round was laid out may have changed since."""
    manager = Relation.OWNERS_MANAGER.value
    if lane.seated_role != manager or not asked:
        return {}
    return {manager: now[manager] if now.get(manager) in asked else asked[0]}
