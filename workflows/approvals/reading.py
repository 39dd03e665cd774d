"""Read requests as frozen pictures, for screens and messages."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from db.enums import Exclusion, RequestStatus, Tier
from db.queries import approvals as stored
from db.queries import ledger as texts
from db.queries import verbs
from db.session import Session
from db.tables import ApprovalExclusion, ApprovalLane, ApprovalRequest, ApprovalSeat, ApprovalVote
from workflows import people, policy
from workflows.approvals import related
from workflows.approvals.snapshots import (
    CardSnapshot,
    LaneSnapshot,
    RequestSnapshot,
    SeatSnapshot,
    StageSnapshot,
    VoteSnapshot,
)
from workflows.people import Actor


def request_of(session: Session, request_id: UUID) -> RequestSnapshot | None:
    row = stored.request(session, request_id)
    return _snapshot(session, row) if row else None


def existing_request(session: Session, request_id: UUID) -> RequestSnapshot:
    """Return a request that must be there. Raises LookupError when it is not."""
    request = request_of(session, request_id)
    if request is None:
        raise LookupError(f"no request {request_id}")
    return request


def held_request(session: Session, request_id: UUID) -> RequestSnapshot | None:
    """Return a request which nobody else can change before the commit, or None when there is none."""
    return request_of(session, request_id) if stored.lock(session, request_id) else None


def voters_of(session: Session, request_id: UUID) -> frozenset[UUID]:
    """Return who ever voted on a request, in whatever round: those who gave the votes, and in whose name they did."""
    votes = stored.votes(session, request_id)
    return frozenset({vote.person_id for vote in votes} | {vote.cast_by for vote in votes})


def request_with_lane(session: Session, lane_id: UUID) -> RequestSnapshot | None:
    request_id = stored.request_id_of_lane(session, lane_id)
    return request_of(session, request_id) if request_id else None


def latest_about(session: Session, subject_kind: str, subject_ids: Sequence[UUID]) -> dict[UUID, RequestSnapshot]:
    """Return the newest request about each subject that has one."""
    newest = {row.subject_id: row for row in stored.latest_about(session, subject_kind, subject_ids)}
    return {subject_id: _snapshot(session, row) for subject_id, row in newest.items()}


def hold_about(session: Session, subject_kind: str, subject_id: UUID) -> UUID | None:
    """Return the newest request about a subject, which nobody else can change before the commit."""
    rows = stored.latest_about(session, subject_kind, [subject_id])
    return rows[-1].id if rows and stored.lock(session, rows[-1].id) is not None else None


def approval_in_force(session: Session, subject_kind: str, subject_id: UUID) -> RequestSnapshot | None:
    """Return the newest request about a subject that was approved, for showing: nothing is locked."""
    row = _newest_approved(session, subject_kind, subject_id)
    return _snapshot(session, row) if row else None


def approved_about(session: Session, subject_kind: str, subject_id: UUID) -> RequestSnapshot | None:
    """Return the newest request about a subject that was approved, which nobody else can change before the commit."""
    row = _newest_approved(session, subject_kind, subject_id)
    if row is None or stored.lock(session, row.id) is None:
        return None
    return _snapshot(session, row)


def _newest_approved(session: Session, subject_kind: str, subject_id: UUID) -> ApprovalRequest | None:
    rows = stored.latest_about(session, subject_kind, [subject_id])
    return next((row for row in reversed(rows) if row.status is RequestStatus.APPROVED), None)


def request_called(session: Session, subject_kind: str, reference: str) -> RequestSnapshot | None:
    """Return the newest request about a subject of this kind that has this reference."""
    row = stored.newest_called(session, subject_kind, reference)
    return _snapshot(session, row) if row else None


def sent_by(
    session: Session, person_id: UUID, subject_kinds: Collection[str], *, limit: int = 20
) -> list[RequestSnapshot]:
    """Return the newest requests about subjects of these kinds that this person answers for, newest first."""
    return [_snapshot(session, row) for row in stored.sent_by(session, person_id, subject_kinds, limit=limit)]


def waiting_for(
    session: Session, person_id: UUID, *, limit: int = 20, tier: Tier | None = None
) -> list[RequestSnapshot]:
    """Return what this person is asked to decide, longest waiting first; of one tier, if any."""
    found = (request_of(session, each) for each in stored.waiting_for(session, person_id, limit=limit, tier=tier))
    return [request for request in found if request is not None]


def wait_several_for(session: Session, person_id: UUID, tier: Tier) -> bool:
    """Say whether this person is asked to decide two requests of a tier or more."""
    return len(stored.waiting_for(session, person_id, limit=20, tier=tier)) > 1


def in_review(session: Session) -> list[RequestSnapshot]:
    """Return every request that is not settled, oldest first."""
    found = (request_of(session, each) for each in stored.in_review(session))
    return [request for request in found if request is not None]


def card_of(session: Session, card_id: UUID) -> CardSnapshot | None:
    row = stored.card(session, card_id)
    request = request_of(session, row.request_id) if row else None
    if row is None or request is None:
        return None
    return CardSnapshot(row.id, row.audience, row.conversation, row.person_id, row.channel, row.ts, request)


def request_of_card_at(session: Session, channel: str, ts: str) -> UUID | None:
    """Return the request whose card stands there, or None for any other message."""
    return verbs.request_of_card_at(session, channel, ts)


def place_card(session: Session, card_id: UUID, *, channel: str | None, ts: str | None) -> None:
    """Remember where a copy of the card was posted; None when that message is gone and must be posted anew."""
    stored.set_card_place(session, card_id, channel=channel, ts=ts)


def _snapshot(session: Session, row: ApprovalRequest) -> RequestSnapshot:
    seats, votes = stored.seats(session, row.id), stored.votes(session, row.id)
    exclusions = stored.exclusions(session, row.id)
    delegates = {seat.delegate_id for seat in seats if seat.delegate_id} | {vote.cast_by for vote in votes}
    proposer_id = _proposer(session, row, exclusions)
    known = people.named(session, {row.requester_id, proposer_id, *delegates} | {seat.person_id for seat in seats})
    cast = {(vote.lane_id, vote.person_id): _vote(session, vote, known) for vote in votes}
    asked: dict[UUID, list[SeatSnapshot]] = defaultdict(list)
    for seat in seats:
        asked[seat.lane_id].append(_seat(seat, known, cast.get((seat.lane_id, seat.person_id))))
    lanes: dict[UUID, list[LaneSnapshot]] = defaultdict(list)
    for lane in stored.lanes(session, row.id, of_round=row.round):
        lanes[lane.stage_id].append(_lane(lane, asked[lane.id]))
    stages = tuple(
        StageSnapshot(stage.name, stage.status, tuple(lanes[stage.id]))
        for stage in stored.stages(session, row.id, of_round=row.round)
    )
    amended = stored.request(session, row.amends_id) if row.amends_id else None
    laid = stored.round_of(session, row.id, row.round)
    if laid is None:
        raise LookupError(f"request {row.id} has no round {row.round}")
    lanes_now = [lane for each in lanes.values() for lane in each]
    return RequestSnapshot(
        id=row.id,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        reference=row.reference,
        revision=row.revision,
        round=row.round,
        tier=row.tier,
        pinned=policy.pinned(laid.snapshot),
        status=row.status,
        confidential=row.confidential,
        proposer=known[proposer_id],
        requester=known[row.requester_id],
        is_orphaned=row.orphaned_at is not None,
        opened_at=row.opened_at,
        settled_at=row.settled_at,
        stages=stages,
        excluded={each.person_id: each.why for each in exclusions},
        related=_related(session, row.id, {lane.role for lane in lanes_now}),
        amended_revision=amended.revision if amended else None,
    )


def _proposer(session: Session, row: ApprovalRequest, exclusions: Sequence[ApprovalExclusion]) -> UUID:
    """Return who proposed it, or asked for the change, whoever answers for it since."""
    if row.amends_id is not None:
        first = stored.round_of(session, row.id, 1)
        return (first.opened_by if first else None) or row.requester_id
    return next((each.person_id for each in exclusions if each.why is Exclusion.PROPOSER), row.requester_id)


def _related(session: Session, request_id: UUID, roles: Collection[str]) -> frozenset[UUID]:
    known = related.known_in(session, request_id, roles)
    return frozenset(filter(None, (related.person_of(session, role, known) for role in roles)))


def _lane(lane: ApprovalLane, asked: Sequence[SeatSnapshot]) -> LaneSnapshot:
    return LaneSnapshot(
        id=lane.id,
        name=lane.name,
        role=lane.role,
        rule=lane.rule,
        amount=lane.amount,
        needed=lane.needed or 0,
        is_kept=lane.kept_from is not None,
        status=lane.status,
        content_digest=lane.content_digest,
        seats=tuple(asked),
        is_by_name=lane.ad_hoc_id is not None,
        is_by_relation=lane.seated_role in policy.RELATIONS,
        is_escalated=lane.timeouts > 0,
        expires_at=lane.expires_at,
    )


def _seat(seat: ApprovalSeat, known: Mapping[UUID, Actor], vote: VoteSnapshot | None) -> SeatSnapshot:
    return SeatSnapshot(
        person=known[seat.person_id],
        asked_at=seat.asked_at,
        remind_at=seat.remind_at,
        vote=vote,
        has_left=seat.vacated_at is not None,
        delegate=known[seat.delegate_id] if seat.delegate_id else None,
        due_at=seat.due_at,
        is_overdue=seat.reminders >= stored.REMINDERS,
    )


def _vote(session: Session, vote: ApprovalVote, known: Mapping[UUID, Actor]) -> VoteSnapshot:
    reason = texts.text_of(session, vote.reason_id) if vote.reason_id else None
    delegate = known[vote.cast_by] if vote.cast_by != vote.person_id else None
    return VoteSnapshot(vote.verb, vote.cast_at, reason.body if reason else None, delegate)
