"""Presses and forms about what is in use already: parse, call one service, show what came of it."""

from collections.abc import Callable, Mapping
from typing import Final

from db.session import Session
from handlers.acting import act, person_named, refusal_text
from handlers.blocks import BlockKit
from handlers.ids import Block
from handlers.intake import steps
from handlers.intake import views as intake_views
from handlers.intake.wording import NOT_NOW
from handlers.modals import open_modal
from handlers.payloads import submission_key, user_of
from handlers.recorded import views
from handlers.recorded.payloads import DropForm, RecordForm, page_of, pressed
from handlers.recorded.words import NOT_DONE
from handlers.routing import Call
from handlers.showing import show
from workflows import deliveries, people, recorded
from workflows.intake import NotNow, Page, Proposed
from workflows.people import Actor, NotAMember, Unchecked
from workflows.recorded import NotDone, Said

_NOT_A_COLLEAGUE = "Choose a full member of your organisation: guests, apps and others cannot own it."
_CHOOSE = "Choose one of the two."
_FIELDS: Final[Mapping[NotDone, Block]] = {
    NotDone.NAME_MISSING: Block.RECORDED_NAME,
    NotDone.DAY_PAST: Block.RECORDED_DAY,
    NotDone.DAY_TOO_FAR: Block.RECORDED_DAY,
}


def open_list(call: Call) -> str | None:
    """Open the list; return what to tell the person when that did not go well."""
    view = act(call.deps, call.client, user_of(call.body), lambda s, viewer: _page(s, viewer, call))
    return refusal_text(view) if isinstance(view, NotAMember | Unchecked) else open_modal(call, view)


def on_list(call: Call) -> None:
    """Show what is still to be proposed, in the window somebody pressed in or in a new one."""
    show(call, act(call.deps, call.client, user_of(call.body), lambda s, viewer: _page(s, viewer, call)))


def on_page(call: Call) -> None:
    """Turn the list to another page."""
    offset = page_of(call.body)
    show(call, act(call.deps, call.client, user_of(call.body), lambda s, viewer: _page(s, viewer, call, offset)))


def on_record(call: Call) -> None:
    """Open the form in which leads say what is in use."""

    def deed(session: Session, actor: Actor) -> BlockKit | str:
        if not recorded.steers(session, actor):
            return NOT_DONE[NotDone.NOT_STEERING]
        return views.record_modal(recorded.usual_day(session, actor, now=call.deps.now()))

    show(call, act(call.deps, call.client, user_of(call.body), deed))


def on_recorded(call: Call) -> None:
    """Record it; who is to own it is asked of Slack first. What is wrong stands at its field."""
    form, key = RecordForm.parse(call.body), submission_key(call.body)
    owner = person_named(call.deps, call.client, form.owner) if form.owner else None
    if isinstance(owner, NotAMember | Unchecked):
        text = _NOT_A_COLLEAGUE if isinstance(owner, NotAMember) else refusal_text(owner)
        call.ack(response_action="errors", errors={str(Block.RECORDED_OWNER): text})
        return
    said = Said(form.name, form.team, form.problem, form.stage, form.vendor, owner, form.day)

    def deed(session: Session, actor: Actor) -> str | NotDone:
        def done() -> str | NotDone:
            outcome = recorded.record(session, said, actor=actor, now=call.deps.now())
            return outcome if isinstance(outcome, NotDone) else views.recorded_text(outcome)

        return deliveries.once(session, key, done, now=call.deps.now())

    _answer(call, deed, otherwise=Block.RECORDED_NAME)


def on_propose(call: Call) -> None:
    """Begin to propose what was recorded, with what is known filled in, or go on with that."""
    recording_id = pressed(call.body)

    def deed(session: Session, author: Actor) -> BlockKit | str:
        outcome = recorded.begin_proposal(session, recording_id, author=author, now=call.deps.now())
        match outcome:
            case Page():
                return steps.step_modal(outcome)
            case Proposed():
                return intake_views.proposed_modal(outcome)
            case NotNow():
                return NOT_NOW[outcome]
            case NotDone():
                return NOT_DONE[outcome]

    show(call, act(call.deps, call.client, user_of(call.body), deed))


def on_drop(call: Call) -> None:
    """Ask why something recorded is none."""
    recording_id = pressed(call.body)

    def deed(session: Session, actor: Actor) -> BlockKit | str:
        found = recorded.recordings_of(session, [recording_id]).get(recording_id)
        if not recorded.steers(session, actor):
            return NOT_DONE[NotDone.NOT_STEERING]
        if found is None or not found.is_open:
            return NOT_DONE[NotDone.PROPOSED if found and found.use_case_id else NotDone.DROPPED]
        return views.drop_modal(found)

    show(call, act(call.deps, call.client, user_of(call.body), deed))


def on_dropped(call: Call) -> None:
    """Drop it, with the reason that was chosen."""
    form, key = DropForm.parse(call.body), submission_key(call.body)
    why = form.why
    if why is None:
        call.ack(response_action="errors", errors={str(Block.DROP_BECAUSE): _CHOOSE})
        return

    def deed(session: Session, actor: Actor) -> str | NotDone:
        def done() -> str | NotDone:
            now = call.deps.now()
            outcome = recorded.drop(session, form.recording_id, why, form.words, actor=actor, now=now)
            return outcome if isinstance(outcome, NotDone) else f"🗑️ {outcome.reference} is dropped, with your reason."

        return deliveries.once(session, key, done, now=call.deps.now())

    _answer(call, deed, otherwise=Block.DROP_BECAUSE)


def _page(session: Session, viewer: Actor, call: Call, offset: int = 0) -> BlockKit:
    found, today = recorded.listed(session, viewer, offset=offset), people.local_day(viewer, call.deps.now())
    return views.list_modal(found, today, steers=recorded.steers(session, viewer))


def _answer(call: Call, deed: Callable[[Session, Actor], str | NotDone], *, otherwise: Block) -> None:
    """Answer a form: what came of it in its place, or what is wrong at its field."""
    outcome = act(call.deps, call.client, user_of(call.body), deed)
    if isinstance(outcome, NotDone) and outcome in _FIELDS:
        call.ack(response_action="errors", errors={str(_FIELDS[outcome]): NOT_DONE[outcome]})
    elif isinstance(outcome, Unchecked):  # the form stays open
        call.ack(response_action="errors", errors={str(otherwise): refusal_text(outcome)})
    else:
        text = refusal_text(outcome) if isinstance(outcome, NotAMember) else outcome
        told = NOT_DONE[text] if isinstance(text, NotDone) else text
        call.ack(response_action="update", view=views.notice_modal(told))
    call.deps.wake_outbox()
