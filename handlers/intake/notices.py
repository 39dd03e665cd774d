"""Turn promises of intake into messages, from the database as it is when they are sent."""

from db.session import Session
from handlers.intake import views
from handlers.messages import Message, Post
from workflows import intake
from workflows.outbox import Pending


def join_asked(session: Session, pending: Pending) -> Message | None:
    """Tell somebody who runs a use case that another person would like to join it."""
    wish = intake.wish_to_join(session, pending.subject_id) if pending.subject_id else None
    if wish is None:
        return None
    author, name, problem, use_case = wish
    return Post(pending.conversation, views.join_text(author.name, name, problem, use_case))
