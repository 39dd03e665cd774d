"""Let delegates stand in for people who are away: in their name, on the record with both, and never further."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from db.enums import Audience, Verb
from db.queries import approvals as stored
from db.queries import delegations as stored_delegations
from db.session import Session
from workflows import ledger, people
from workflows.approvals import announcing
from workflows.approvals.cards import insert_card
from workflows.approvals.reading import existing_request
from workflows.approvals.snapshots import RequestSnapshot
from workflows.approvals.streams import stream_of
from workflows.ledger import Fact, LedgerKind


def changes_due(session: Session, *, now: datetime) -> bool:
    """Say whether a delegation began or ended that a seat in an open lane does not show yet; reads only."""
    return bool(stored.seats_to_hand_over(session, now=now))


def follow_all(session: Session, *, now: datetime) -> int:
    """Hand open seats to the delegates of people who are away, and back to those who returned; return how many."""
    changed = 0
    for request_id in dict.fromkeys(seat.request_id for seat in stored.seats_to_hand_over(session, now=now)):
        request = stored.lock(session, request_id)
        if request is not None:
            concerned = follow(session, request, now=now)
            announcing.redraw(session, request_id, people=concerned, now=now)
            changed += len(concerned)
    return changed


def to_hand_over(session: Session, person_id: UUID, *, now: datetime) -> int:
    """Return how many requests the delegate of this person is about to get from them."""
    seats = stored.seats_to_hand_over(session, now=now)
    mine = [seat for seat in seats if seat.person_id == person_id and seat.vote_id is None]
    return len({seat.request_id for seat in mine if seat.stands_in is not None})


def decided_for(session: Session, delegation_id: UUID) -> list[tuple[RequestSnapshot, Verb, datetime]]:
    """Return what the delegate decided in somebody's name, which still stands, and when; earliest first."""
    made = stored_delegations.delegation(session, delegation_id)
    votes = stored_delegations.votes_for(session, made) if made else ()
    return [(existing_request(session, vote.request_id), vote.verb, vote.cast_at) for vote in votes]


def follow(session: Session, request: stored.LockedRequest, *, now: datetime) -> set[UUID]:
    """Bring the seats of a locked request in line with who is away now; return everybody that concerns.

    A delegate who may not vote on this request, is asked in the same lane, or is away too, does not stand in. One
    delegate stands in for one person in a lane: one human, one seat. Who voted for somebody stands in there, to change
    it, while the delegation lasts; after that the vote is for the one to change in whose name it stands.
    """
    concerned: set[UUID] = set()
    facts: list[Fact] = []
    handed: set[UUID] = set()
    while seat := _next_seat(session, request.id, without=handed, now=now):
        handed.add(seat.id)
        stored.set_delegate(session, seat.id, seat.stands_in)
        facts.append(
            Fact(
                LedgerKind.SEAT_DELEGATED,
                {
                    "lane": str(seat.lane_id),
                    "person": str(seat.person_id),
                    "delegate": str(seat.stands_in) if seat.stands_in else None,
                },
            )
        )
        concerned |= {seat.person_id, *filter(None, (seat.stands_in, seat.stood_in))}
        if seat.stands_in is not None and seat.vote_id is None:
            _give_card(session, request.id, seat.stands_in)
    if facts:
        ledger.record(session, stream_of(request.id), facts, actor=None, now=now)
    return concerned


def _next_seat(
    session: Session, request_id: UUID, *, without: Collection[UUID], now: datetime
) -> stored.SeatToHandOver | None:
    """Return a seat whose delegate has to change. They are asked for one by one: who stands in here cannot there."""
    seats = stored.seats_to_hand_over(session, now=now, request_id=request_id)
    return next((seat for seat in seats if seat.id not in without), None)


def _give_card(session: Session, request_id: UUID, person_id: UUID) -> None:
    person = people.named(session, [person_id])[person_id]
    if person.slack_id not in {conversation for _, conversation in stored.cards(session, request_id)}:
        insert_card(session, request_id, Audience.APPROVER, person.slack_id, person.id)
