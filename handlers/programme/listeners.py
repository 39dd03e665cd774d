"""Presses and forms of the programme: everybody looks, leads and admins ask."""

from collections.abc import Callable

from db.enums import Phase
from db.session import Session
from handlers.acting import act, refusal_text
from handlers.blocks import BlockKit
from handlers.ids import Block
from handlers.modals import open_modal
from handlers.payloads import taken, taken_uuid, user_of
from handlers.programme import payloads, views
from handlers.programme.drawing import picture
from handlers.programme.knowing import Known, known_to
from handlers.programme.payloads import Opening, Waiving
from handlers.programme.words import what_blocks
from handlers.routing import Call
from handlers.showing import show
from workflows import deliveries, pictures, programme
from workflows.people import Actor, NotAMember, Unchecked
from workflows.programme import Gate, GateAsked, NoGate, NotAsked

Deed = Callable[[Session, Actor], str | NotAsked]


def open_page(call: Call) -> str | None:
    """Open the programme; return what to tell the person when that did not go well."""
    found = act(call.deps, call.client, user_of(call.body), lambda session, actor: _page(call, session, actor))
    return refusal_text(found) if isinstance(found, NotAMember | Unchecked) else open_modal(call, found)


def blocks_text(call: Call, session: Session, person: Actor) -> str:
    """Return what blocks the programme, as text."""
    known = known_to(session, person.id, now=call.deps.now())
    lines = [f"*{views.phase_title(known.programme.phase)}*", *what_blocks(known.programme, known.owed())]
    return "\n".join([*lines, "`/gatehouse programme` shows all gates."])


def on_programme(call: Call) -> None:
    """Show the programme, in the window somebody pressed in or in a new one."""
    show(call, act(call.deps, call.client, user_of(call.body), lambda session, actor: _page(call, session, actor)))


def on_ask(call: Call) -> None:
    """Ask somebody who steers whether they want the gate opened, on what it rests on now."""
    _form(call, payloads.gate_of_button(call.body))


def on_ask_anew(call: Call) -> None:
    """Begin what came to nothing once more: the same gate, and the same criterion to do without."""
    request_id = taken_uuid(taken(call.body, "actions", 0, "value"))
    with call.deps.reading() as session:
        found = programme.request_of(session, request_id)
    if found is None:
        show(call, "There is no such request about a gate.")
    elif found.criterion is None:
        _form(call, found.phase)
    else:
        _waive_form(call, found.phase, chosen=found.criterion.value)


def on_waive(call: Call) -> None:
    """Ask somebody who steers what the gate is to do without, and until when."""
    _waive_form(call, payloads.gate_of_button(call.body))


def on_asked(call: Call) -> None:
    """Ask people to open a gate; what changed while the form was open is shown before anything is asked."""
    form = Opening.of_form(call.body)

    def deed(session: Session, actor: Actor) -> str | NotAsked:
        now = call.deps.now()
        return _told(programme.ask_to_open(session, form.phase, seen=form.seen, actor=actor, now=now))

    _answer(call, form.delivery, deed)


def on_waiver_asked(call: Call) -> None:
    """Ask people to do without a criterion; what is wrong stands at its field."""
    form = Waiving.of_form(call.body)
    criterion, until = form.criterion, form.until
    if criterion is None or until is None:
        field = Block.WAIVED_UNTIL if criterion is not None else Block.WAIVED_CRITERION
        call.ack(response_action="errors", errors={str(field): views.missing_text(field)})
        return

    def deed(session: Session, actor: Actor) -> str | NotAsked:
        now = call.deps.now()
        asked = programme.ask_to_waive(session, form.phase, criterion, until, form.reason, actor=actor, now=now)
        return _told(asked)

    _answer(call, form.delivery, deed, otherwise=Block.WAIVER_REASON)


def _form(call: Call, phase: Phase) -> None:
    _show_form(call, phase, lambda gate, known, actor: views.ask_form(gate, known, zone=actor.zone))


def _waive_form(call: Call, phase: Phase, *, chosen: str = "") -> None:
    _show_form(call, phase, lambda gate, _, __: views.waive_form(gate, chosen=chosen))


def _show_form(call: Call, phase: Phase, form: Callable[[Gate, Known, Actor], BlockKit]) -> None:
    """Show a form to who may ask; why nobody could, or they cannot, is said before they fill anything in."""

    def deed(session: Session, actor: Actor) -> BlockKit | str:
        known = known_to(session, actor.id, now=call.deps.now())
        gate, why = known.programme.gate(phase), programme.why_not_ask(session, actor)
        return form(gate, known, actor) if why is None else views.why_not_text(NotAsked(why, gate))

    show(call, act(call.deps, call.client, user_of(call.body), deed))


def _told(outcome: GateAsked | NotAsked) -> str | NotAsked:
    return views.asked_text(outcome) if isinstance(outcome, GateAsked) else outcome


def _answer(call: Call, delivery: str, deed: Deed, *, otherwise: Block | None = None) -> None:
    """Answer a form: at the field that is wrong, with the form anew, or with the programme and what was asked.

    Where Slack cannot be asked who somebody is, that stands at the field `otherwise`, and what they typed stays.
    """

    def handled(session: Session, actor: Actor) -> BlockKit | NotAsked:
        outcome = deliveries.once(session, delivery, lambda: deed(session, actor), now=call.deps.now())
        if isinstance(outcome, str):
            return _page(call, session, actor, notice=outcome)
        if outcome.why in views.AT_FIELD:
            return outcome
        known, notice = known_to(session, actor.id, now=call.deps.now()), views.why_not_text(outcome)
        if outcome.why in (NoGate.SEEN_OTHER, NoGate.NOT_READY):
            return views.ask_form(outcome.gate, known, zone=actor.zone, notice=notice)
        return _page(call, session, actor, notice=f"⚠️ {notice}")

    outcome = act(call.deps, call.client, user_of(call.body), handled)
    if isinstance(outcome, NotAsked):
        call.ack(response_action="errors", errors={str(views.AT_FIELD[outcome.why]): views.why_not_text(outcome)})
    elif isinstance(outcome, Unchecked) and otherwise is not None:
        call.ack(response_action="errors", errors={str(otherwise): refusal_text(outcome)})
    elif isinstance(outcome, NotAMember | Unchecked):
        call.ack(response_action="update", view=views.notice_page(refusal_text(outcome)))
    else:
        call.ack(response_action="update", view=outcome)
    call.deps.wake_outbox()


def _page(call: Call, session: Session, actor: Actor, *, notice: str = "") -> BlockKit:
    """Return the page, with the picture if Slack has it already: nobody waits for one in a window."""
    known = known_to(session, actor.id, now=call.deps.now())
    view = views.page(known, notice=notice)
    drawn = picture(known.programme, known.elapsed)
    sent = pictures.sent(session, drawn.digest)
    return view | {"blocks": drawn.into(view["blocks"], sent.file_id)} if sent else view
