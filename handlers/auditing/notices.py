"""Turn promises about the fast lane into messages, from the database as it is when they are sent."""

from db.session import Session
from handlers.auditing import views
from handlers.messages import Message, Post
from workflows import auditing
from workflows.auditing import LineChange
from workflows.outbox import Pending


def changed(session: Session, pending: Pending) -> Message | None:
    """Tell somebody who steers what became of a line that approves."""
    audit = auditing.audit_of(session, pending.subject_id) if pending.subject_id else None
    if audit is None:
        return None
    lines = {line.line: line for line in auditing.lines_of(session)}
    stands = lines[audit.line].stands if audit.line in lines else None
    text = views.changed_text(LineChange(pending.payload["what"] or ""), audit, stands)
    return Post(pending.conversation, text, views.changed_blocks(text))
