"""Presses about the foundation: parse, call one service, show what came of it."""

from collections.abc import Callable

from db.session import Session
from handlers.acting import act, refusal_text
from handlers.blocks import BlockKit
from handlers.foundation import form_views, views
from handlers.foundation.answering import do_once, part_view
from handlers.foundation.payloads import Pressed, item_pressed, item_to_add, part_pressed, pressed
from handlers.foundation.words import refused_text
from handlers.modals import open_modal
from handlers.payloads import user_of
from handlers.routing import Call
from handlers.showing import show
from workflows import foundation, people
from workflows.foundation import ITEMS, No, PartSnapshot, Refused, Saved, Sent
from workflows.people import Actor, NotAMember, Unchecked

UNKNOWN = "There is no such part of the foundation. Open it from Home or by `/gatehouse foundation`."


def open_form(call: Call) -> str | None:
    """Open the eight parts for who typed `/gatehouse foundation`; return what to tell them when that failed."""
    view = act(call.deps, call.client, user_of(call.body), lambda session, _: _overview(session, call))
    return refusal_text(view) if isinstance(view, NotAMember | Unchecked) else open_modal(call, view)


def on_foundation(call: Call) -> None:
    """Show the eight parts."""
    show(call, act(call.deps, call.client, user_of(call.body), lambda session, _: _overview(session, call)))


def on_part(call: Call) -> None:
    """Show a part."""
    _show_part(call)


def on_read_part(call: Call) -> None:
    """Show the version of a part that was chosen."""
    _show_part(call)


def _show_part(call: Call) -> None:
    asked = pressed(call.body)

    def deed(session: Session, actor: Actor) -> BlockKit | str:
        if isinstance(asked, Pressed):
            return part_view(session, asked.kind, actor, call, number=asked.number)
        part = foundation.part_with_id(session, asked)
        return part_view(session, part.kind, actor, call) if part else UNKNOWN

    show(call, act(call.deps, call.client, user_of(call.body), deed))


def on_edit_part(call: Call) -> None:
    """Open the form of a part's text."""
    kind = part_pressed(call.body).kind

    def deed(session: Session, actor: Actor) -> BlockKit | Refused:
        part = foundation.to_write(session, kind, actor=actor)
        if isinstance(part, Refused):
            return part
        today = people.local_day(part.owner or actor, call.deps.now())
        draft = part.under_way
        chosen = draft.text.review_on if draft else None
        review_on = chosen if chosen and chosen >= today else foundation.usual_review(session, today)
        return form_views.text_modal(part, review_on=review_on, today=today)

    _form(call, deed)


def on_add_item(call: Call) -> None:
    """Open the form of one more thing a part holds."""
    kind, of = item_to_add(call.body)

    def deed(session: Session, actor: Actor) -> BlockKit | Refused:
        part = foundation.to_write(session, kind, actor=actor)
        if isinstance(part, Refused):
            return part
        return form_views.item_modal(part, of) if of in ITEMS[kind] else Refused(No.GONE, part)

    _form(call, deed)


def on_edit_item(call: Call) -> None:
    """Open the form of an item."""
    asked = item_pressed(call.body)

    def deed(session: Session, actor: Actor) -> BlockKit | Refused:
        part = foundation.to_write(session, asked.kind, actor=actor)
        if isinstance(part, Refused):
            return part
        item = part.newest.items.get(asked.position) if part.newest else None
        return form_views.item_modal(part, item.kind, asked.position, item) if item else Refused(No.GONE, part)

    _form(call, deed)


def on_set_owner(call: Call) -> None:
    """Ask who owns a part."""
    kind = part_pressed(call.body).kind

    def deed(session: Session, actor: Actor) -> BlockKit | Refused:
        part = foundation.to_give(session, kind, actor=actor)
        return part if isinstance(part, Refused) else form_views.owner_modal(part)

    _form(call, deed)


def on_revoke(call: Call) -> None:
    """Ask why an approved version is taken back."""
    asked = part_pressed(call.body)

    def deed(session: Session, actor: Actor) -> BlockKit | Refused:
        part = foundation.part_of(session, asked.kind)
        version = part.kept
        if not foundation.reader(session, part, actor.id).writes:
            return Refused(No.NOT_YOURS, part)
        return form_views.revoke_modal(part, version.number) if version else Refused(No.NOT_APPROVED, part)

    _form(call, deed)


def on_still_holds(call: Call) -> None:
    """Ask until when what is approved holds on."""
    kind = part_pressed(call.body).kind

    def deed(session: Session, actor: Actor) -> BlockKit | Refused:
        part = foundation.to_write(session, kind, actor=actor)
        if isinstance(part, Refused):
            return part
        last = part.kept
        if last is None:
            return Refused(No.NOT_APPROVED, part)
        if part.draft is not None:
            return Refused(No.DRAFT_THERE, part)
        today = people.local_day(part.owner or actor, call.deps.now())
        return form_views.still_holds_modal(part, last.number, review_on=foundation.usual_review(session, today))

    _form(call, deed)


def on_remove_item(call: Call) -> None:
    """Take an item out of the version that is being written."""
    asked = item_pressed(call.body)

    def deed(session: Session, actor: Actor) -> str:
        now = call.deps.now()
        done = foundation.remove_item(session, asked.kind, asked.position, seen=asked.seen, actor=actor, now=now)
        return _told(done, "🗑️ Removed.")

    do_once(call, asked.kind, deed)


def on_submit(call: Call) -> None:
    """Send a version for approval."""
    asked = part_pressed(call.body)

    def deed(session: Session, actor: Actor) -> str:
        return sent_or_not(foundation.submit(session, asked.kind, asked.number, actor=actor, now=call.deps.now()))

    do_once(call, asked.kind, deed)


def on_discard(call: Call) -> None:
    """Drop a version that is being written."""
    asked = part_pressed(call.body)

    def deed(session: Session, actor: Actor) -> str:
        done = foundation.discard(session, asked.kind, asked.number, actor=actor, now=call.deps.now())
        return _told(done, f"🗑️ Version {asked.number} is discarded.")

    do_once(call, asked.kind, deed)


def sent_or_not(outcome: Sent | Refused) -> str:
    """Return who decides about what was sent, or why it was not."""
    if isinstance(outcome, Refused):
        return f"⚠️ {refused_text(outcome)}"
    return views.sent_text(outcome.part, outcome.number, [each.name for each in outcome.asked], outcome.blocked)


def _told(done: Saved | Refused, text: str) -> str:
    return f"⚠️ {refused_text(done)}" if isinstance(done, Refused) else text


def _overview(session: Session, call: Call) -> BlockKit:
    parts: tuple[PartSnapshot, ...] = foundation.parts_of(session)
    return views.overview_modal(parts, call.deps.now())


def _form(call: Call, deed: Callable[[Session, Actor], BlockKit | Refused]) -> None:
    """Show a form, or the part with why there is none."""

    def handled(session: Session, actor: Actor) -> BlockKit:
        found = deed(session, actor)
        if not isinstance(found, Refused):
            return found
        return part_view(session, found.part.kind, actor, call, notice=f"⚠️ {refused_text(found)}")

    show(call, act(call.deps, call.client, user_of(call.body), handled))
