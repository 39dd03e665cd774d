"""Say loudly that nobody may decide a lane, and ask those anew who waited in it, once somebody may."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from db.enums import OutboxKind
from db.queries import approvals as stored
from db.session import Session
from db.tables import ApprovalLane
from workflows import people
from workflows.ledger import Fact, LedgerKind
from workflows.outbox import Promise


def fact_of_blocked(lane: ApprovalLane) -> Fact:
    return Fact(LedgerKind.LANE_BLOCKED, {"lane": str(lane.id), "role": lane.role})


def news_of_blocked(session: Session, lane: ApprovalLane) -> list[Promise]:
    """Return what the programme leads and the admins are told, each once: somebody has to be found who may decide."""
    told = {person.id: person for role in (people.LEAD, people.ADMIN) for person in people.holders_of(session, role)}
    payload = {"lane": str(lane.id)}
    return [Promise(OutboxKind.LANE_BLOCKED, each.slack_id, lane.request_id, payload) for each in told.values()]


def asked_again(session: Session, lane: ApprovalLane, *, seated: Collection[UUID], now: datetime) -> list[Promise]:
    """Return what those are told who waited in a lane that was blocked: their cards have buttons again.

    Those `seated` now have a card of their own for that. Nobody whose reminder is due is told twice.
    """
    seats = [each for each in stored.lane_seats(session, lane.id) if each.verb is None and each.vacated_at is None]
    waited = [each for each in seats if each.person_id not in seated]
    idle = [each for each in waited if each.remind_at is None or each.remind_at > now]
    known = people.named(session, {each.delegate_id or each.person_id for each in idle})
    told = [known[each.delegate_id or each.person_id] for each in idle]
    return [
        Promise(OutboxKind.VOTE_REMINDER, each.slack_id, lane.request_id, {"person": str(each.id)}) for each in told
    ]
