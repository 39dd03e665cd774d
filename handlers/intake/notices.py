"""Turn promises of intake into messages, from the database as it is when they are sent."""

from uuid import UUID

from db.enums import SuspensionCause
from db.session import Session
from handlers.blocks import BlockKit
from handlers.intake import views
from handlers.messages import Message, Post
from handlers.ways_to_answer import answer_buttons
from workflows import approvals, intake, ledger, recertifying
from workflows.intake import UseCaseSnapshot
from workflows.outbox import Pending


def join_asked(session: Session, pending: Pending) -> Message | None:
    """Tell somebody who runs a use case that another person would like to join it."""
    wish = intake.wish_to_join(session, pending.subject_id) if pending.subject_id else None
    if wish is None:
        return None
    author, name, problem, use_case = wish
    return Post(pending.conversation, views.join_text(author.name, name, problem, use_case))


def suspended(session: Session, pending: Pending) -> Message | None:
    """Tell somebody who answers for a use case that it stops, goes on, or is over."""
    use_case = intake.use_case_of(session, pending.subject_id) if pending.subject_id else None
    if use_case is None:
        return None
    requests = approvals.latest_about(session, intake.SUBJECT_KIND, [use_case.id])
    what, reason = pending.payload["what"], pending.payload.get("reason")
    if what == "retired":
        text = views.retired_text(use_case, ledger.text_of(session, UUID(reason)) if reason else None)
    else:
        said = ledger.text_of(session, UUID(reason)) if reason else None
        text = views.suspended_text(use_case, None if what in (None, "resumed") else SuspensionCause(what), said)
    request = requests.get(use_case.id)
    ways = _ways(session, use_case, pending.conversation) if what == SuspensionCause.APPROVAL_LAPSED else []
    return Post(
        pending.conversation, text, views.suspended_blocks(text, request.id if request else None, use_case, ways)
    )


def _ways(session: Session, use_case: UseCaseSnapshot, slack_id: str) -> list[BlockKit]:
    """Return the answers that let a lapsed approval be renewed, for who may give them."""
    question = recertifying.question_about(session, use_case.id)
    if question is None or slack_id not in {each.slack_id for each in question.asked}:
        return []
    return answer_buttons(use_case)
