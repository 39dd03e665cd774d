"""Turn promises about fixes into messages, from the database as it is when they are sent."""

from db.session import Session
from handlers.checkins import fix_views, offering
from handlers.messages import Message, Post
from workflows import checkins
from workflows.checkins import FixSnapshot
from workflows.outbox import Pending


def accepted(session: Session, pending: Pending) -> Message | None:
    """Tell somebody that a fix is theirs to do; not when it is done, dropped or another's since."""
    found = _theirs(session, pending)
    if found is None:
        return None
    fix, about = found
    text = fix_views.given_text(fix, about)
    return Post(pending.conversation, text, fix_views.to_do_blocks(text, fix))


def due(session: Session, pending: Pending) -> Message | None:
    """Remind who has a fix to do; not when it is done, dropped or another's since."""
    found = _theirs(session, pending)
    if found is None:
        return None
    fix, about = found
    is_last = pending.payload.get("reminder") == "2"
    text = fix_views.due_text(fix, about, now=pending.created_at, is_last=is_last)
    return Post(pending.conversation, text, fix_views.to_do_blocks(text, fix))


def _theirs(session: Session, pending: Pending) -> tuple[FixSnapshot, str] | None:
    fix = checkins.fix_of(session, pending.subject_id) if pending.subject_id else None
    if fix is None or not fix.is_open or fix.owner.slack_id != pending.conversation:
        return None
    return fix, offering.about_text(session, fix, fix.owner.id)
