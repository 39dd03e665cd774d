"""Answer presses and forms about a part: once for each delivery, with the part as it is then."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from db.enums import FoundationKind
from db.session import Session
from handlers.acting import act, refusal_text
from handlers.blocks import BlockKit, modal, section
from handlers.foundation import views
from handlers.foundation.words import flaw_text, refused_text
from handlers.ids import Block, Callback
from handlers.payloads import action_key, found, optional, submission_key, user_of
from handlers.routing import Call
from handlers.showing import show
from workflows import deliveries, foundation
from workflows.foundation import Field, No, Refused
from workflows.people import Actor, NotAMember, Unchecked

FIELDS: Final[Mapping[Field, Block]] = {
    Field.SUMMARY: Block.PART_SUMMARY,
    Field.LINK: Block.PART_LINK,
    Field.REVIEW: Block.PART_REVIEW,
    Field.EFFECTIVE: Block.PART_EFFECTIVE,
    Field.NAME: Block.ITEM_NAME,
    Field.SAYS: Block.ITEM_SAYS,
    Field.ITEM_LINK: Block.ITEM_LINK,
    Field.PERSON: Block.ITEM_PERSON,
    Field.QUALITY: Block.ITEM_QUALITY,
    Field.ACCESSIBILITY: Block.ITEM_ACCESSIBILITY,
    Field.COMPLIANCE: Block.ITEM_COMPLIANCE,
}


@dataclass(frozen=True, slots=True)
class AtFields:
    """What keeps a form from being taken, and where it stands. The form stays open, with what was typed in it."""

    errors: dict[str, str]


def part_view(
    session: Session, kind: FoundationKind, actor: Actor, call: Call, *, number: int = 0, notice: str = ""
) -> BlockKit:
    """Draw a part as this person may see it."""
    part = foundation.part_of(session, kind)
    reader = foundation.reader(session, part, actor.id)
    return views.part_modal(part, reader, call.deps.now(), number=number, notice=notice)


def do_once(call: Call, kind: FoundationKind, deed: Callable[[Session, Actor], str]) -> None:
    """Do what a button says, once for each delivery, and draw the part anew with what came of it."""

    def handled(session: Session, actor: Actor) -> BlockKit:
        key = action_key(call.body)
        told = deliveries.once(session, key, lambda: deed(session, actor), now=call.deps.now())
        return part_view(session, kind, actor, call, notice=told)

    show(call, act(call.deps, call.client, user_of(call.body), handled))


def save_once(call: Call, kind: FoundationKind, deed: Callable[[Session, Actor], str | AtFields]) -> None:
    """Take a form once for each delivery; the part as it is then replaces it, or what is wrong stands in it."""

    def handled(session: Session, actor: Actor) -> BlockKit | AtFields:
        key = submission_key(call.body)
        told: str | AtFields = deliveries.once(session, key, lambda: deed(session, actor), now=call.deps.now())
        return told if isinstance(told, AtFields) else part_view(session, kind, actor, call, notice=told)

    outcome = act(call.deps, call.client, user_of(call.body), handled)
    match outcome:
        case AtFields(errors):
            call.ack(response_action="errors", errors=errors)
        case Unchecked():
            call.ack(response_action="errors", errors={first_input(call): refusal_text(outcome)})
        case NotAMember():
            refusal = modal(Callback.FOUNDATION, views.TITLE, [section(refusal_text(outcome))])
            call.ack(response_action="update", view=refusal)
        case _:
            call.ack(response_action="update", view=outcome)
    call.deps.wake_outbox()


def refused_at(call: Call, refused: Refused) -> AtFields:
    """Return a refusal at the fields it is about, else at the first one: what was typed is not lost."""
    if refused.why is No.FLAWED:
        return AtFields({str(FIELDS[field]): flaw_text(field, flaw) for field, flaw in refused.flaws.items()})
    return AtFields({first_input(call): refused_text(refused)})


def first_input(call: Call) -> str:
    """Return the first field of the form that was sent."""
    blocks = found(call.body, "view", "blocks")
    every = [each for each in blocks if found(each, "type") == "input"] if isinstance(blocks, list) else []
    ids = [optional(each, "block_id") for each in every]
    return next((each for each in ids if each), str(Block.PART_SUMMARY))
