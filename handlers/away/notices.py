"""Tell a delegate that they are one, and who came back what was decided for them."""

from db.session import Session
from handlers.away import summing_up
from handlers.messages import Message, Post
from handlers.subjects import picture_of
from workflows import approvals, people
from workflows.outbox import Pending


def delegated(session: Session, pending: Pending) -> Message | None:
    """Tell a delegate for whom they decide and when; not what was taken back before it began."""
    made = people.delegation_of(session, pending.subject_id) if pending.subject_id else None
    if made is None or made.ends_at <= made.starts_at:
        return None
    return Post(pending.conversation, summing_up.delegated_text(made))


def summary(session: Session, pending: Pending) -> Message | None:
    """Tell who came back what was decided for them, and what waits for them still."""
    made = people.delegation_of(session, pending.subject_id) if pending.subject_id else None
    if made is None:
        return None
    decided = [
        summing_up.Decided(request, picture_of(session, request), made.delegate.name, verb, at)
        for request, verb, at in approvals.decided_for(session, made.id)
    ]
    waiting = [
        summing_up.Waiting(request, picture_of(session, request))
        for request in approvals.waiting_for(session, made.person.id, limit=summing_up.MOST_COUNTED)
    ]
    returned = summing_up.Returned(made, decided, waiting)
    return Post(pending.conversation, summing_up.summary_text(returned), summing_up.summary_blocks(returned))
