"""Turn promises of break-glass into messages, from the database as it is when they are sent."""

from uuid import UUID

from db.enums import BreakGlassStatus
from db.session import Session
from handlers.breaking_glass import views
from handlers.messages import Message, Post
from handlers.refusals import hidden
from handlers.subjects import picture_of
from workflows import approvals, breaking_glass, reactions
from workflows.breaking_glass import Told
from workflows.outbox import Pending


def asked(session: Session, pending: Pending) -> Message | None:
    """Ask the second person; not when the call has ended since."""
    glass = breaking_glass.glass_of(session, pending.subject_id) if pending.subject_id else None
    if glass is None or glass.status is not BreakGlassStatus.CALLED:
        return None
    request = approvals.existing_request(session, glass.request_id)
    if not reactions.may_read(session, request, glass.second.id):
        return None
    subject = picture_of(session, request)
    earlier = [each for each in breaking_glass.glasses_of(session, request.id) if each.id != glass.id]
    text = views.asked_text(glass, request, subject)
    return Post(pending.conversation, text, views.asked_blocks(glass, request, subject, earlier))


def told(session: Session, pending: Pending) -> Message | None:
    """Tell somebody how it stands; nothing of a confidential request to who may not know of it by now."""
    glass = breaking_glass.glass_of(session, pending.subject_id) if pending.subject_id else None
    if glass is None:
        return None
    request = approvals.existing_request(session, glass.request_id)
    reader = UUID(pending.payload["person"])
    if hidden(session, request, reader):
        return None
    what, subject = Told(pending.payload["what"] or ""), picture_of(session, request)
    text = views.told_text(what, glass, request, subject)
    return Post(pending.conversation, text, views.told_blocks(what, glass, request, subject))
