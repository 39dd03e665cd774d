"""Ask those who have a request to look at it: at most once a day and lane."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from db.enums import LaneStatus, OutboxKind, RequestStatus
from db.queries import approvals as stored
from db.queries import verbs
from db.session import Session
from workflows import ledger, outbox, people
from workflows.approvals.rules import Refusal
from workflows.approvals.snapshots import Done, Refused
from workflows.approvals.streams import stream_of
from workflows.ledger import Fact, LedgerKind
from workflows.outbox import Promise
from workflows.people import Actor


def nudge(session: Session, request_id: UUID, *, actor: Actor, now: datetime) -> Done | Refused:
    """Remind everybody a request waits for, in the lanes nobody nudged today; the day is the actor's own.

    Only the proposer and those who own or edited it may; refused when every lane was nudged already.
    """
    request = stored.lock(session, request_id)
    if request is None:
        return Refused(Refusal.UNKNOWN, None)
    barred = {each.person_id for each in stored.exclusions(session, request_id)}
    if actor.id not in barred | {request.requester_id}:
        return Refused(Refusal.NOT_YOURS, request_id)
    if request.status is not RequestStatus.IN_REVIEW:
        return Refused(Refusal.ALREADY_DECIDED, request_id)
    lanes = [
        lane.id
        for lane in stored.lanes(session, request_id, of_round=request.round)
        if lane.status is LaneStatus.OPEN and _take(session, lane.id, actor, now)
    ]
    if not lanes:
        return Refused(Refusal.NUDGED_TODAY, request_id)
    facts = [Fact(LedgerKind.NUDGED, {"lane": str(lane_id)}) for lane_id in lanes]
    ledger.record(session, stream_of(request_id), facts, actor=actor.id, now=now)
    awaited = {
        each.delegate_id or each.person_id
        for lane_id in lanes
        for each in stored.lane_seats(session, lane_id)
        if each.verb is None and each.vacated_at is None
    }
    told = tuple(people.named(session, awaited).values())
    promises = [
        Promise(OutboxKind.NUDGE, person.slack_id, request_id, {"person": str(person.id), "by": str(actor.id)})
        for person in told
    ]
    outbox.promise(session, promises, now=now)
    return Done(request_id, told)


def _take(session: Session, lane_id: UUID, actor: Actor, now: datetime) -> bool:
    day = now.astimezone(ZoneInfo(actor.zone)).date()
    return verbs.nudge(session, lane_id=lane_id, day=day, by=actor.id, at=now)
