"""Turn promises of approvals into messages, from the database as it is when they are sent."""

from uuid import UUID

from db.enums import Audience, RequestStatus
from db.session import Session
from handlers.approvals import views
from handlers.messages import Message, Post, Update
from handlers.subjects import picture_of
from workflows import approvals
from workflows.approvals import RequestSnapshot
from workflows.outbox import Pending


def card(session: Session, pending: Pending) -> Message | None:
    """Draw a copy of a card: posted where it is not yet, redrawn where it is."""
    if pending.subject_id is None:
        return None
    copy = approvals.card_of(session, pending.subject_id)
    if copy is None:
        return None
    subject = picture_of(session, copy.request)
    if copy.audience is Audience.APPROVER and copy.person_id is not None:
        blocks = views.approver_card(copy.request, subject, copy.person_id)
    else:
        blocks = views.channel_card(copy.request, subject)
    text = views.card_text(copy.request, subject, copy.person_id)
    if copy.channel is None or copy.ts is None:
        return Post(copy.conversation, text, blocks, card=copy.id)
    return Update(copy.channel, copy.ts, text, blocks, card=copy.id)


def settled(session: Session, pending: Pending) -> Message | None:
    """Tell the proposer the decision."""
    request = _request_of(session, pending)
    if request is None:
        return None
    subject = picture_of(session, request)
    return Post(pending.conversation, views.settled_text(request, subject), views.settled_blocks(request, subject))


def changes_requested(session: Session, pending: Pending) -> Message | None:
    """Tell the proposer what is asked of them, unless they have answered already."""
    request = _request_of(session, pending)
    if request is None or request.changes_asked() is None:
        return None
    subject = picture_of(session, request)
    return Post(pending.conversation, views.changes_text(request, subject), views.changes_blocks(request, subject))


def reminder(session: Session, pending: Pending) -> Message | None:
    """Remind a person who is still asked; a reminder that was overtaken by a decision is not sent."""
    request = _request_of(session, pending)
    if request is None or request.status is not RequestStatus.IN_REVIEW:
        return None
    asked_at = request.asked_at(UUID(pending.payload["person"]))
    if asked_at is None:
        return None
    subject = picture_of(session, request)
    text = views.reminder_text(request, subject, asked_at)
    return Post(pending.conversation, text, views.reminder_blocks(request, subject, asked_at))


def undeliverable(_: Session, pending: Pending) -> Message:
    """Say in the governance channel that an approver could not be reached."""
    payload = pending.payload
    text = views.undeliverable_text(payload["reference"] or "", payload["person"] or "", payload["error"] or "")
    return Post(pending.conversation, text)


def _request_of(session: Session, pending: Pending) -> RequestSnapshot | None:
    return approvals.request_of(session, pending.subject_id) if pending.subject_id else None
