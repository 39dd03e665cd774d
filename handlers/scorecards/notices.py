"""Turn promises about scorecards into messages, from the database as it is when they are sent."""

from db.session import Session
from handlers.messages import Attachment, Message, Post
from handlers.scorecards import export, views
from workflows import people, scorecards
from workflows.outbox import Pending


def asked(session: Session, pending: Pending) -> Message | None:
    """Ask somebody for their opinion, or remind them; not once they answered, left, or the round is over."""
    found = scorecards.round_of(session, pending.subject_id) if pending.subject_id else None
    person = people.find(session, pending.conversation)
    if found is None or not found.is_open or person is None:
        return None
    if not any(each.person.id == person.id for each in found.waiting):
        return None
    text = views.asked_text(found, is_reminder=pending.payload.get("reminder") is not None)
    return Post(pending.conversation, text, views.asked_blocks(text, found, person.id))


def closed(session: Session, pending: Pending) -> Message | None:
    """Tell who started a round what came of it."""
    found = scorecards.closed(session, pending.subject_id, now=pending.created_at) if pending.subject_id else None
    if found is None:
        return None
    text = views.news_text(found)
    return Post(pending.conversation, text, views.news_blocks(text, found))


def file(session: Session, pending: Pending) -> Message | None:
    """Send what came of a round as a file that prints well."""
    found = scorecards.closed(session, pending.subject_id, now=pending.created_at) if pending.subject_id else None
    if found is None:
        return None
    reference, name = found.round.reference, export.file_name(found)
    command = f"gatehouse scorecard export {found.round.number} {name}"
    return Attachment(
        pending.conversation,
        f"📎 {reference} as a file: open it in a browser, print it, or pass it on.",
        name=name,
        title=f"{reference}: how ready people think we are",
        content=export.page(found).encode(),
        otherwise=f"Slack takes no files here. Somebody with the command line can write it: `{command}`",
    )
