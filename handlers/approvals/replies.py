"""Replies that were meant as votes: whoever writes “LGTM” is told privately that it is none, with the real buttons."""

from uuid import UUID

from db.enums import OutboxKind
from db.session import Session
from handlers.acting import act
from handlers.approvals import cards
from handlers.approvals.payloads import Reply
from handlers.blocks import BlockKit, button, section
from handlers.ids import Action
from handlers.messages import Message, Whisper
from handlers.refusals import refusal_text
from handlers.routing import Call
from handlers.subjects import picture_of
from handlers.text import inline
from workflows import approvals, deliveries, outbox, people
from workflows.approvals import RequestSnapshot
from workflows.outbox import Pending, Promise
from workflows.people import Actor

LISTED = 5


def on_message(call: Call) -> None:
    """Hear what people write below our cards and to us, where Slack tells us of it; most of it is none of ours."""
    reply = Reply.of(call.body, bot_user_id=call.deps.workspace.bot_user_id)
    if reply is None:
        call.ack()
        return
    with call.deps.reading() as session:
        request_id = approvals.request_of_card_at(session, reply.channel, reply.thread) if reply.thread else None
    if request_id is None and not reply.is_direct:
        call.ack()
        return

    def deed(session: Session, person: Actor) -> str:
        return deliveries.once(session, reply.key, lambda: _answer(call, session, reply, request_id, person), now=now)

    now = call.deps.now()
    act(
        call.deps, call.client, reply.who, deed
    )  # who may not decide is not answered: they may have meant nothing by it
    call.ack()
    call.deps.wake_outbox()


def _answer(call: Call, session: Session, reply: Reply, request_id: UUID | None, person: Actor) -> str:
    """Promise the answer, if this person could have meant a vote."""
    request = approvals.request_of(session, request_id) if request_id else None
    place = {"user": person.slack_id, "channel": reply.channel}
    place |= {"thread": reply.thread} if reply.thread else {}
    conversation, now = f"whisper:{person.slack_id}", call.deps.now()
    if request is None and approvals.waiting_for(session, person.id, limit=1):
        outbox.promise(session, [Promise(OutboxKind.NOT_A_VOTE, conversation, None, place)], now=now)
    elif request is not None and request.open_lane_of(person.id):
        outbox.promise(session, [Promise(OutboxKind.NOT_A_VOTE, conversation, request.id, place)], now=now)
    elif request is not None and reply.is_direct and request.involves(person.id):
        text = f"A reply is not a vote. {refusal_text(request.refusal_for(person.id), request, person.id)}"
        outbox.promise(session, [Promise(OutboxKind.WHISPER, conversation, payload=place | {"text": text})], now=now)
    return "heard"


def not_a_vote(session: Session, pending: Pending) -> Message | None:
    """Draw the real buttons for somebody who replied; nothing when it is decided or no longer theirs meanwhile."""
    user, channel = pending.payload["user"] or "", pending.payload["channel"] or ""
    person = people.find(session, user)
    if person is None:
        return None
    if pending.subject_id is None:
        requests = approvals.waiting_for(session, person.id, limit=LISTED)
    else:
        request = approvals.request_of(session, pending.subject_id)
        requests = [request] if request and request.open_lane_of(person.id) else []
    if not requests:
        return None
    text, blocks = _drawn(session, person, requests)
    return Whisper(channel, user, text, blocks, pending.payload.get("thread"))


def _drawn(session: Session, person: Actor, requests: list[RequestSnapshot]) -> tuple[str, list[BlockKit]]:
    """Return words and blocks: of one request its buttons, of several the way to each."""
    pictures = [(request, picture_of(session, request)) for request in requests]
    lines = [f"*{subject.reference}* “{inline(subject.title)}”" for _, subject in pictures]
    lead = "A reply is not a vote, so nothing is decided yet."
    [(request, subject), *others] = pictures
    lane = request.open_lane_of(person.id)
    if not others and lane is not None:
        text = f"{lead} {lines[0]} still waits for you. These buttons decide:"
        return text, [section(text), cards.vote_buttons(request, subject, lane)]
    blocks = [section(f"{lead} These wait for you:")]
    for line, (each, shown) in zip(lines, pictures, strict=True):
        label = f"Decide on {shown.reference}, {shown.title}"
        blocks.append(section(line) | {"accessory": button(Action.OPEN, "Decide", str(each.id), label=label)})
    return "\n".join([f"{lead} These wait for you; Home lists them:", *lines]), blocks
