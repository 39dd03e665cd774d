"""Tell a delegate that they are one, and who came back what was decided for them."""

from datetime import date
from typing import Final

from db.session import Session
from handlers.away import summing_up
from handlers.away.views import span
from handlers.checkins import back
from handlers.messages import Message, Post
from handlers.subjects import picture_of
from workflows import approvals, people
from workflows.outbox import Pending
from workflows.people import Absence

_MEANWHILE: Final = "This became of your check-ins:"


def delegated(session: Session, pending: Pending) -> Message | None:
    """Tell a delegate for whom they decide and when; not what was taken back before it began."""
    made = people.delegation_of(session, pending.subject_id) if pending.subject_id else None
    if made is None or made.ends_at <= made.starts_at:
        return None
    return Post(pending.conversation, summing_up.delegated_text(made))


def summary(session: Session, pending: Pending) -> Message | None:
    """Tell who came back what was decided for them, what became of their check-ins, and what waits for them still."""
    if "first" in pending.payload:
        return _check_ins_alone(session, pending)
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
    first, last = people.days_of(made)
    told = back.became(session, made.person.id, first, last, now=pending.created_at)
    text = "\n".join([summing_up.summary_text(returned), *back.lines_of(_MEANWHILE, told)])
    blocks = [*summing_up.summary_blocks(returned), *back.blocks_of(_MEANWHILE, told)]
    return Post(pending.conversation, text, blocks)


def _check_ins_alone(session: Session, pending: Pending) -> Message | None:
    """Tell who came back without having had a delegate; not where nothing is to be told any more."""
    first, last = (date.fromisoformat(pending.payload[each] or "") for each in ("first", "last"))
    if pending.subject_id is None:
        return None
    told = back.became(session, pending.subject_id, first, last, now=pending.created_at)
    lead = f"Welcome back. You were away {span(Absence(first, last))}. {_MEANWHILE}"
    return (
        Post(pending.conversation, "\n".join(back.lines_of(lead, told)), back.blocks_of(lead, told)) if told else None
    )
