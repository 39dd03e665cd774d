"""Forms about the foundation as they are sent: parse, call one service, answer at the field or with the part."""

from db.session import Session
from handlers.acting import person_named, refusal_text
from handlers.foundation.answering import AtFields, refused_at, save_once
from handlers.foundation.listeners import sent_or_not
from handlers.foundation.payloads import ItemForm, TextForm, part_carried
from handlers.foundation.words import NO_COLLEAGUE
from handlers.ids import INPUT, Block
from handlers.payloads import checked_id, chosen, picked_day, typed
from handlers.routing import Call
from handlers.text import named
from workflows import foundation
from workflows.foundation import Refused
from workflows.people import Actor, NotAMember, Unchecked

_SAVED = "✅ Saved. It counts once it was sent for approval and people have approved it."


def on_text_saved(call: Call) -> None:
    """Store what a part says."""
    form = TextForm.parse(call.body)

    def deed(session: Session, actor: Actor) -> str | AtFields:
        now = call.deps.now()
        done = foundation.save_text(session, form.kind, form.text, seen=form.seen, actor=actor, now=now)
        return refused_at(call, done) if isinstance(done, Refused) else _SAVED

    save_once(call, form.kind, deed)


def on_item_saved(call: Call) -> None:
    """Store one thing a part holds; a person is asked of Slack first."""
    form = ItemForm.parse(call.body)
    who = person_named(call.deps, call.client, form.person) if form.person else None

    def deed(session: Session, actor: Actor) -> str | AtFields:
        if isinstance(who, NotAMember | Unchecked):
            return _no_colleague(Block.ITEM_PERSON, who)
        now, item = call.deps.now(), form.item(who)
        if form.position:
            done = foundation.change_item(session, form.kind, form.position, item, seen=form.seen, actor=actor, now=now)
        else:
            done = foundation.add_item(session, form.kind, item, actor=actor, now=now)
        return refused_at(call, done) if isinstance(done, Refused) else _SAVED

    save_once(call, form.kind, deed)


def on_owner_saved(call: Call) -> None:
    """Give a part to somebody; who that is is asked of Slack first."""
    kind = part_carried(call.body).kind
    owner = person_named(call.deps, call.client, checked_id(chosen(call.body, Block.PART_OWNER, INPUT) or ""))

    def deed(session: Session, actor: Actor) -> str | AtFields:
        if isinstance(owner, NotAMember | Unchecked):
            return _no_colleague(Block.PART_OWNER, owner)
        done = foundation.set_owner(session, kind, owner, actor=actor, now=call.deps.now())
        if isinstance(done, Refused):
            return refused_at(call, done)
        return f"✅ {named(owner.name)} owns it now{'' if owner.id == actor.id else ', and is told'}."

    save_once(call, kind, deed)


def on_revoked(call: Call) -> None:
    """Take an approved version back."""
    carried, reason = part_carried(call.body), typed(call.body, Block.PART_REASON, INPUT)

    def deed(session: Session, actor: Actor) -> str | AtFields:
        done = foundation.revoke(session, carried.kind, carried.number, reason, actor=actor, now=call.deps.now())
        if isinstance(done, Refused):
            return refused_at(call, done)
        return f"⚠️ Version {carried.number} is taken back. What rests on it lacks it from now on."

    save_once(call, carried.kind, deed)


def on_renewed(call: Call) -> None:
    """Send what is approved for approval as it stands."""
    carried, day = part_carried(call.body), picked_day(call.body, Block.PART_REVIEW, INPUT)

    def deed(session: Session, actor: Actor) -> str | AtFields:
        now = call.deps.now()
        outcome = foundation.still_holds(session, carried.kind, carried.number, day, actor=actor, now=now)
        return refused_at(call, outcome) if isinstance(outcome, Refused) else sent_or_not(outcome)

    save_once(call, carried.kind, deed)


def _no_colleague(block: Block, who: NotAMember | Unchecked) -> AtFields:
    return AtFields({str(block): NO_COLLEAGUE if isinstance(who, NotAMember) else refusal_text(who)})
