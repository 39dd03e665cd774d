"""Turn promises of files into files, from the database as it is when they are sent."""

from functools import partial

from db.enums import Membership
from db.session import Session
from handlers.exports import files
from handlers.exports.files import Drawn
from handlers.messages import Attachment, Message
from workflows import exports, people
from workflows.exports import Made, Ordered, Shape
from workflows.outbox import Pending
from workflows.people import Actor


def file(session: Session, pending: Pending) -> Message | None:
    """Send the file somebody asked for; not to who may not have it any more.

    It is written down with the digest of its bytes before it leaves, so what is sent is what was recorded.
    """
    exports.hold_still(session)
    person, order = people.find(session, pending.conversation), exports.ordered(pending)
    if person is None or person.membership is not Membership.MEMBER or pending.subject_id is None:
        return None
    if not exports.may_still_have(session, order, person.id):
        return None
    if order.use_case_id is not None:
        return _evidence(session, pending, order, person)
    return _register(session, pending, order, person)


def _register(session: Session, pending: Pending, order: Ordered, person: Actor) -> Message:
    shape, now = order.shape or Shape.GATEHOUSE, pending.now
    drawn = files.register_file(session, shape, order.format, now=now)
    name = files.register_name(shape, order.format, now)
    word = next(word for word, each in files.WORDS.items() if each is shape)
    return _attached(
        pending,
        drawn,
        person,
        name=name,
        title="The register of AI use cases",
        text=f"📎 The register: {drawn.rows} entries. Confidential use cases are in it, each marked as such.",
        command=f"gatehouse register export {name} --shape {word}",
        about=order,
    )


def _evidence(session: Session, pending: Pending, order: Ordered, person: Actor) -> Message | None:
    pack = exports.pack_of(session, order.use_case_id, now=pending.now) if order.use_case_id else None
    if pack is None:
        return None
    reference = pack.use_case.reference
    name = files.evidence_name(reference, pending.now)
    return _attached(
        pending,
        files.evidence_file(pack),
        person,
        name=name,
        title=f"Evidence pack of {reference}",
        text=(
            f"📎 Everything about {reference}: open it in a browser, print it, keep it. Votes and their reasons are in "
            "it; at its end stands how anybody can verify it."
        ),
        command=f"gatehouse evidence export {reference} {name}",
        about=order,
    )


def _attached(
    pending: Pending, drawn: Drawn, person: Actor, *, name: str, title: str, text: str, command: str, about: Ordered
) -> Attachment:
    if pending.subject_id is None:
        raise LookupError("an export has an id")
    made = files.made(pending.subject_id, drawn, about.format, shape=about.shape, about=about.use_case_id)
    return Attachment(
        pending.conversation,
        text,
        name=name,
        title=title,
        content=drawn.content,
        otherwise=f"Slack takes no files here. Somebody with the command line can write it: `{command}`",
        record=partial(_record, made=made, person=person, pending=pending),
    )


def _record(session: Session, *, made: Made, person: Actor, pending: Pending) -> None:
    exports.record(session, made, actor=person.id, now=pending.now)
