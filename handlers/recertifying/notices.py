"""Turn promises about approvals that end into messages, from the database as it is when they are sent."""

from db.session import Session
from handlers.messages import Message, Post
from handlers.recertifying import campaign_views, views
from workflows import recertifying
from workflows.outbox import Pending


def asked(session: Session, pending: Pending) -> Message | None:
    """Ask whether an approval still holds, or tell the sponsor that it is asked; not once it is answered."""
    found = recertifying.question(session, pending.subject_id) if pending.subject_id else None
    if found is None or found.answer is not None:
        return None
    if pending.payload["for"] == "knowing":
        return Post(pending.conversation, views.sponsor_text(found))
    return Post(pending.conversation, views.question_text(found), views.asked_blocks(found))


def campaign_ended(session: Session, pending: Pending) -> Message | None:
    """Tell who started a campaign what came of it."""
    found = recertifying.progress_of(session, pending.subject_id) if pending.subject_id else None
    return Post(pending.conversation, campaign_views.summary_text(found)) if found else None
