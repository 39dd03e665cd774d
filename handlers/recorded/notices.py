"""Turn the promise to ask somebody to propose what was recorded into a message, from the database as it is then."""

from uuid import UUID

from db.session import Session
from handlers.messages import Message, Post
from handlers.recorded import views
from workflows import people, recorded
from workflows.outbox import Pending


def asked(session: Session, pending: Pending) -> Message | None:
    """Ask in one message about everything that is still to be proposed of it; nothing when that is nothing any more."""
    person = people.named(session, [pending.subject_id]).get(pending.subject_id) if pending.subject_id else None
    ids = [UUID(each) for each in (pending.payload.get("recordings") or "").split(",") if each]
    found = recorded.recordings_of(session, ids)
    still = [found[each] for each in ids if each in found and found[each].is_open]
    if person is None or not still:
        return None
    in_all = int(pending.payload.get("in_all") or 0) - (len(ids) - len(still))
    text, blocks = views.message(still, people.local_day(person, pending.created_at), in_all=in_all)
    return Post(pending.conversation, text, blocks)
