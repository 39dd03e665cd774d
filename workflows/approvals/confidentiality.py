"""Follow what a subject's proposer says about who may know of it, in every request about it and every card of them."""

from datetime import datetime
from uuid import UUID

from db.enums import PENDING, Audience, LaneStatus
from db.queries import approvals as stored
from db.session import Session
from workflows import people, settings
from workflows.approvals import announcing
from workflows.approvals.cards import give_cards, insert_card
from workflows.settings import SettingName


def follow_confidentiality(
    session: Session, subject_kind: str, subject_id: UUID, *, confidential: bool, now: datetime
) -> tuple[UUID, ...]:
    """Say of everything ever asked about a subject whether only the people involved may know of it.

    Returns the requests this changed. Every card of them is promised anew, of those that ended too: one in a channel
    hides what it showed, or shows it again. Whoever is awaited and was asked there gets a card of their own before
    that; and what was announced nowhere is, once everybody may know of it. Each request is locked.
    """
    changed = stored.set_confidential(session, subject_kind, subject_id, confidential=confidential)
    for request_id in changed:
        request = stored.lock(session, request_id)
        if request is None:
            raise LookupError(f"request {request_id} was there and is gone")
        if confidential:
            _ask_each(session, request)
        else:
            _announce(session, request)
        announcing.redraw(session, request_id, people=(), now=now)
    return changed


def _ask_each(session: Session, request: stored.LockedRequest) -> None:
    """Give everybody whom an open lane waits for a card of their own: the channel's says nothing any more."""
    for lane in stored.lanes(session, request.id, of_round=request.round):
        if lane.status is not LaneStatus.OPEN:
            continue
        seats = stored.lane_seats(session, lane.id)
        awaited = [seat.person_id for seat in seats if seat.verb is None and seat.vacated_at is None]
        give_cards(session, request, lane, list(people.named(session, awaited).values()))


def _announce(session: Session, request: stored.LockedRequest) -> None:
    """Give the governance channel the card it never had, while the request is pending."""
    channel = settings.value_of(session, SettingName.GOVERNANCE_CHANNEL)
    if channel is None or request.status not in PENDING:
        return
    if channel not in {conversation for _, conversation in stored.cards(session, request.id)}:
        insert_card(session, request.id, Audience.GOVERNANCE, channel, None)
