"""Pass a seat to a colleague of the same role, and ask one more person besides."""

from collections.abc import Sequence
from datetime import datetime
from itertools import count
from uuid import UUID

from db.enums import EscalationMode, LaneRule, LaneStatus, Membership, RequestStatus, Section, StageStatus
from db.ids import new_id
from db.queries import approvals as stored
from db.queries import verbs
from db.session import Session
from db.tables import ApprovalLane
from workflows import ledger, people
from workflows.approvals import announcing, delegating
from workflows.approvals.cards import give_cards
from workflows.approvals.laying import AD_HOC
from workflows.approvals.related import asked_in
from workflows.approvals.rules import Refusal
from workflows.approvals.seating import ask, barred_in, unavailable_in
from workflows.approvals.snapshots import Done, Refused
from workflows.approvals.streams import digest_over, stream_of
from workflows.ledger import Fact, LedgerKind
from workflows.people import Actor
from workflows.policy import LEAD, STEERING


def reassign(
    session: Session, lane_id: UUID, *, seat: Actor, to: Actor, reason: str, actor: Actor, now: datetime
) -> Done | Refused:
    """Give the seat of `seat` in a lane to `to`, who must hold the lane's role and be free to vote there.

    Whoever has the seat may, and leads and admins; with a reason. It changes who is asked, never how many must agree.
    """
    found = stored.request_id_of_lane(session, lane_id)
    request = stored.lock(session, found) if found else None
    lane = stored.lane(session, lane_id)
    if request is None or lane is None:
        return Refused(Refusal.UNKNOWN, None)
    if actor.id != seat.id and not people.roles_of(session, actor.id) & STEERING:
        return Refused(Refusal.NOT_YOURS, request.id)
    if request.status is not RequestStatus.IN_REVIEW or lane.status is not LaneStatus.OPEN:
        return Refused(Refusal.ALREADY_DECIDED, request.id)
    if not reason.strip():
        return Refused(Refusal.REASON_MISSING, request.id)
    refusal = _why_not(session, lane, seat, to)
    if refusal is not None:
        return Refused(refusal, request.id)
    [mine] = [each for each in stored.lane_seats(session, lane_id) if each.person_id == seat.id]
    stored.vacate_seat(session, mine.id, at=now)
    ask(session, lane, [to], now=now)
    give_cards(session, request, lane, [to])
    _, digest = ledger.write_text(session, reason.strip(), by=actor.id, now=now)
    data: dict[str, ledger.Value] = {
        "lane": str(lane_id),
        "from": str(seat.id),
        "to": str(to.id),
        "reason": digest,
    }
    ledger.record(session, stream_of(request.id), [Fact(LedgerKind.SEAT_REASSIGNED, data)], actor=actor.id, now=now)
    concerned = delegating.follow(session, request, now=now) | stored.asked_ever(session, request.id) | {actor.id}
    announcing.redraw(session, request.id, people=concerned, now=now)
    return Done(request.id, (to,))


def add_approver(
    session: Session, request_id: UUID, *, person: Actor, reason: str, actor: Actor, now: datetime
) -> Done | Refused:
    """Ask one more person, in a lane of their own beside those of the open stage. It never replaces a lane.

    Whoever is asked now may, and leads and admins; with a reason. Refused for somebody who may not vote here, or is
    asked in this stage already.
    """
    request = stored.lock(session, request_id)
    if request is None:
        return Refused(Refusal.UNKNOWN, None)
    if request.status is not RequestStatus.IN_REVIEW:
        return Refused(Refusal.ALREADY_DECIDED, request_id)
    [stage] = [
        each for each in stored.stages(session, request_id, of_round=request.round) if each.status is StageStatus.OPEN
    ]
    lanes = stored.lanes_of_stage(session, stage.id)
    seated = {
        each.person_id for lane in lanes for each in stored.lane_seats(session, lane.id) if each.vacated_at is None
    }
    if actor.id not in seated and not people.roles_of(session, actor.id) & STEERING:
        return Refused(Refusal.NOT_YOURS, request_id)
    if not reason.strip():
        return Refused(Refusal.REASON_MISSING, request_id)
    if person.id in seated:
        return Refused(Refusal.ALREADY_ASKED, request_id)
    if person.membership is not Membership.MEMBER or person.id in barred_in(session, lanes[0]):
        return Refused(Refusal.NOT_ELIGIBLE, request_id)
    lane_id = new_id()
    stored.insert_lanes(session, [_lane(session, request, person, sisters=lanes, lane_id=lane_id)])
    lane = stored.lane(session, lane_id)
    if lane is None:
        raise LookupError(f"lane {lane_id} was stored and is gone")
    ask(session, lane, [person], now=now)
    give_cards(session, request, lane, [person])
    _, digest = ledger.write_text(session, reason.strip(), by=actor.id, now=now)
    data: dict[str, ledger.Value] = {"lane": str(lane_id), "person": str(person.id), "reason": digest}
    ledger.record(session, stream_of(request_id), [Fact(LedgerKind.LANE_ADDED, data)], actor=actor.id, now=now)
    concerned = delegating.follow(session, request, now=now) | stored.asked_ever(session, request_id)
    announcing.redraw(session, request_id, people=concerned, now=now)
    return Done(request_id, (person,))


def _why_not(session: Session, lane: ApprovalLane, seat: Actor, to: Actor) -> Refusal | None:
    seats = stored.lane_seats(session, lane.id)
    mine = [each for each in seats if each.person_id == seat.id and each.vacated_at is None]
    if not mine:
        return Refusal.NOT_AN_APPROVER
    if mine[0].verb is not None:
        return Refusal.SEAT_TAKEN
    if any(to.id == each.person_id and each.vacated_at is None for each in seats):
        return Refusal.ALREADY_ASKED
    holders = {person.id for person in asked_in(session, lane.request_id, lane.seated_role or lane.role)}
    return None if to.id in holders - unavailable_in(session, lane) else Refusal.NOT_ELIGIBLE


def _lane(
    session: Session, request: stored.LockedRequest, person: Actor, *, sisters: Sequence[ApprovalLane], lane_id: UUID
) -> dict[str, object]:
    """Return an extra lane: everything but the cosmetic section, as much time as its slowest sister has."""
    sections = verbs.sections(session, request.id, of_round=request.round)
    covered = (digest for section, digest in sections.items() if section != Section.COSMETIC)
    taken = {lane.key for lane in sisters}
    key = next(name for name in (f"{AD_HOC}_{number}" for number in count(1)) if name not in taken)
    return {
        "id": lane_id,
        "request_id": request.id,
        "stage_id": sisters[0].stage_id,
        "key": key,
        "name": f"Also asked: {person.name}"[:80],
        "role": AD_HOC,
        "fallbacks": LEAD,
        "seated_role": None,
        "rule": LaneRule.ANY,
        "amount": None,
        "needed": 1,
        "rejections": 1,
        "ad_hoc_id": person.id,
        "kept_from": None,
        "answer_within_minutes": max(lane.answer_within_minutes for lane in sisters),
        "escalate_to": None,
        "escalation": EscalationMode.ADD,
        "timeouts": 0,
        "content_digest": digest_over(covered),
        "status": LaneStatus.OPEN,
    }
