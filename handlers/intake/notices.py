"""Turn promises of intake into messages, from the database as it is when they are sent."""

from db.enums import SuspensionCause
from db.session import Session
from handlers.intake import views
from handlers.messages import Message, Post
from workflows import approvals, intake
from workflows.outbox import Pending


def join_asked(session: Session, pending: Pending) -> Message | None:
    """Tell somebody who runs a use case that another person would like to join it."""
    wish = intake.wish_to_join(session, pending.subject_id) if pending.subject_id else None
    if wish is None:
        return None
    author, name, problem, use_case = wish
    return Post(pending.conversation, views.join_text(author.name, name, problem, use_case))


def suspended(session: Session, pending: Pending) -> Message | None:
    """Tell somebody who answers for a use case that it stops, or goes on."""
    use_case = intake.use_case_of(session, pending.subject_id) if pending.subject_id else None
    if use_case is None:
        return None
    requests = approvals.latest_about(session, intake.SUBJECT_KIND, [use_case.id])
    what = pending.payload["what"]
    text = views.suspended_text(use_case, None if what in (None, "resumed") else SuspensionCause(what))
    request = requests.get(use_case.id)
    return Post(pending.conversation, text, views.suspended_blocks(text, use_case, request.id if request else None))
