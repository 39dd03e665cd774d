"""Let votes of the round before count on, in lanes they had not settled and whose content has not changed since."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from db.ids import new_id
from db.queries import approvals as stored
from db.session import Session
from db.tables import ApprovalLane, ApprovalVote
from workflows.approvals.round_rules import EarlierVote, votes_that_stand
from workflows.approvals.rules import LaneState
from workflows.ledger import Fact, LedgerKind

_AS_CAST: Final = ("person_id", "cast_by", "verb", "content_digest", "reason_id", "cast_at")


def vote_in(vote: ApprovalVote, *, request_id: UUID, lane_id: UUID) -> dict[str, object]:
    """Return a vote as it was cast, for a lane of a later round or of a request that amends."""
    kept = {name: getattr(vote, name) for name in _AS_CAST}
    return kept | {"id": new_id(), "request_id": request_id, "lane_id": lane_id}


def carry_votes(
    session: Session, lane: ApprovalLane, *, barred: Collection[UUID]
) -> tuple[frozenset[UUID], list[Fact]]:
    """Give those just seated in a lane the votes they gave in the lane it takes up; return who they are, and the fact.

    They are asked nothing more. `lane` is as stored now, its request locked; nobody has voted in it yet.
    """
    earlier = [each for each in stored.votes(session, lane.request_id) if each.lane_id == lane.votes_from]
    seats = stored.lane_seats(session, lane.id)
    state = LaneState(
        id=lane.id,
        status=lane.status,
        needed=lane.needed or 0,
        rejections=lane.rejections,
        content_digest=lane.content_digest,
        eligible=frozenset(each.person_id for each in seats),
        votes={},
    )
    votes = [EarlierVote(each.person_id, each.cast_by, each.verb, each.content_digest) for each in earlier]
    standing = votes_that_stand(votes, state, barred=barred)
    carried = [each for each in earlier if each.person_id in standing]
    if not carried:
        return standing, []
    rows = [vote_in(each, request_id=lane.request_id, lane_id=lane.id) for each in carried]
    stored.insert_votes(session, rows)
    delegates = {each.person_id: each.cast_by for each in carried if each.cast_by != each.person_id}
    for seat in seats:
        if seat.person_id in standing:
            stored.clear_reminders_of(session, lane.id, seat.person_id)
        if seat.person_id in delegates:  # one human, one seat: who voted for somebody stands in for nobody else here
            stored.set_delegate(session, seat.id, delegates[seat.person_id])
    people = [str(each.person_id) for each in carried]
    return standing, [
        Fact(LedgerKind.VOTES_CARRIED, {"lane": str(lane.id), "from": str(lane.votes_from), "people": people})
    ]
