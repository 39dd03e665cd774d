"""Presses and the form of break-glass: parse, call one service, answer."""

from collections.abc import Callable
from functools import partial
from typing import Final
from uuid import UUID

from db.enums import BreakGlassStatus
from db.session import Session
from handlers.acting import act, refusal_text
from handlers.blocks import BlockKit
from handlers.breaking_glass import views
from handlers.breaking_glass.payloads import form_of
from handlers.breaking_glass.wording import why_text
from handlers.ids import Block
from handlers.modals import show_modal
from handlers.payloads import action_key, submission_key, taken, taken_uuid, user_of
from handlers.refusals import hidden
from handlers.routing import Call, settle, whisper
from handlers.showing import show
from handlers.subjects import picture_of
from workflows import approvals, breaking_glass, deliveries, people, reactions
from workflows.breaking_glass import At, GlassSnapshot, NoGlass, Refused
from workflows.people import Actor, NotAMember, Unchecked

_FIELDS: Final = {At.REASON: Block.GLASS_REASON, At.HOURS: Block.GLASS_HOURS, At.SECOND: Block.GLASS_SECOND}
Deed = Callable[[Session, UUID, Actor], GlassSnapshot | Refused]


def on_break_glass(call: Call) -> None:
    """Open the form, for those who may call it."""
    request_id = taken_uuid(taken(call.body, "actions", 0, "value"))

    def deed(session: Session, viewer: Actor) -> BlockKit | str:
        request, may_read = approvals.request_of(session, request_id), partial(reactions.may_read, session)
        if request is None or hidden(session, request, viewer.id):
            return why_text(Refused(NoGlass.UNKNOWN), "")
        why = breaking_glass.why_not_it(session, request, now=call.deps.now())
        why = why or breaking_glass.why_not_they(session, request, viewer.id, may_read)
        if why is not None:
            return why_text(Refused(why), request.reference)
        seconds = breaking_glass.seconds_for(session, request, viewer.id, may_read=may_read)
        return views.call_modal(request, picture_of(session, request), seconds)

    show(call, act(call.deps, call.client, user_of(call.body), deed))


def on_called(call: Call) -> None:
    """Take the form: what is wrong stands at its field, the outcome replaces the form."""
    request_id, form = form_of(call.body)

    def deed(session: Session, caller: Actor) -> str | Refused:
        may_read = partial(reactions.may_read, session)
        now = call.deps.now()
        outcome = breaking_glass.call(session, request_id, form, caller=caller, may_read=may_read, now=now)
        if isinstance(outcome, GlassSnapshot):
            return views.called_text(outcome, _reference(session, request_id))
        return outcome if outcome.at in _FIELDS else why_text(outcome, _reference(session, request_id))

    def handled(session: Session, caller: Actor) -> str | tuple[At, str]:
        key = submission_key(call.body)
        outcome = deliveries.once(session, key, lambda: deed(session, caller), now=call.deps.now())
        if isinstance(outcome, str):
            return outcome
        second = people.named(session, [form.second_id]) if form.second_id else {}
        name = next((each.name for each in second.values()), "")
        return outcome.at, why_text(outcome, _reference(session, request_id), name)

    outcome = act(call.deps, call.client, user_of(call.body), handled)
    match outcome:
        case (at, text):
            call.ack(response_action="errors", errors={str(_FIELDS[at]): text})
        case Unchecked():  # the form stays open, with the reason in it
            call.ack(response_action="errors", errors={str(Block.GLASS_REASON): refusal_text(outcome)})
        case NotAMember():
            call.ack(response_action="update", view=views.notice_modal("Nothing was changed", refusal_text(outcome)))
        case text:
            call.ack(response_action="update", view=views.notice_modal("Break glass", text))
    call.deps.wake_outbox()


def on_agree(call: Call) -> None:
    """Let it go ahead."""

    def deed(session: Session, glass_id: UUID, actor: Actor) -> GlassSnapshot | Refused:
        may_read = partial(reactions.may_read, session)
        return breaking_glass.agree(session, glass_id, actor=actor, may_read=may_read, now=call.deps.now())

    _answer(call, deed, views.agreed_text)


def on_do_not_agree(call: Call) -> None:
    """End the call."""

    def deed(session: Session, glass_id: UUID, actor: Actor) -> GlassSnapshot | Refused:
        return breaking_glass.decline(session, glass_id, actor=actor, now=call.deps.now())

    _answer(call, deed, views.declined_text)


def on_take_back(call: Call) -> None:
    """End one's own call."""

    def deed(session: Session, glass_id: UUID, actor: Actor) -> GlassSnapshot | Refused:
        return breaking_glass.take_back(session, glass_id, actor=actor, now=call.deps.now())

    _answer(call, deed, views.taken_back_text)


def _answer(call: Call, deed: Deed, said: Callable[[GlassSnapshot, str], str]) -> None:
    """Do it once for one press, and say what came of it, in the place of the question once that is over."""
    glass_id = taken_uuid(taken(call.body, "actions", 0, "value"))

    def told(session: Session, actor: Actor) -> str:
        outcome = deed(session, glass_id, actor)
        glass = outcome.glass if isinstance(outcome, Refused) else outcome
        if glass is None or actor.id not in (glass.called_by.id, glass.second.id):
            return why_text(Refused(NoGlass.UNKNOWN), "")
        reference = _reference(session, glass.request_id)
        if isinstance(outcome, Refused):
            return why_text(outcome, reference, glass.called_by.name)
        return said(outcome, reference)

    def handled(session: Session, actor: Actor) -> tuple[str, bool]:
        said = deliveries.once(session, action_key(call.body), lambda: told(session, actor), now=call.deps.now())
        glass = breaking_glass.glass_of(session, glass_id)
        return said, glass is not None and glass.status is not BreakGlassStatus.CALLED

    outcome = act(call.deps, call.client, user_of(call.body), handled)
    text, is_over = outcome if isinstance(outcome, tuple) else (refusal_text(outcome), False)
    if isinstance(call.body.get("view"), dict) and call.body["view"].get("type") == "modal":
        problem = show_modal(call, views.notice_modal("Break glass", text))
        text = problem or ""
    if text:
        (settle if is_over else whisper)(call, text)
    call.ack()
    call.deps.wake_outbox()


def _reference(session: Session, request_id: UUID) -> str:
    request = approvals.request_of(session, request_id)
    return request.reference if request else "That request"
