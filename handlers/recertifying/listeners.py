"""Somebody answers whether an approval still holds: parse, call one service, say what came of it."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from db.enums import RequestStatus
from db.session import Session
from handlers.acting import act, refusal_text
from handlers.blocks import BlockKit
from handlers.ids import Block
from handlers.modals import show_modal
from handlers.payloads import submission_key, taken, taken_uuid, user_of
from handlers.recertifying import views
from handlers.recertifying.payloads import Answer
from handlers.routing import Call, whisper
from workflows import deliveries, reactions, recertifying
from workflows.people import Actor, NotAMember, Unchecked
from workflows.recertifying import NotAnswered, Renewed, SentOn

TITLE = "Does it still hold?"


@dataclass(frozen=True, slots=True)
class ReasonMissing:
    """Nothing was stored: the form stays open."""


def on_still_valid(call: Call) -> None:
    """Show what was approved, to be confirmed."""

    def deed(session: Session, actor: Actor) -> BlockKit | NotAnswered:
        found = recertifying.confirmation(session, _pressed(call), actor=actor, now=call.deps.now())
        return found if isinstance(found, NotAnswered) else views.confirm_modal(found)

    _show(call, deed)


def on_retire(call: Call) -> None:
    """Ask why it is retired."""

    def deed(session: Session, actor: Actor) -> BlockKit | NotAnswered:
        use_case_id = _pressed(call)
        refusal = recertifying.may_retire(session, use_case_id, actor=actor, now=call.deps.now())
        asked = recertifying.question_about(session, use_case_id)
        if refusal is not None or asked is None:
            return refusal or NotAnswered(recertifying.Why.UNKNOWN)
        return views.retire_modal(asked.use_case)

    _show(call, deed)


def on_confirmed(call: Call) -> None:
    """Take the answer that it still holds."""
    answer = Answer.parse(call.body)

    def deed(session: Session, actor: Actor) -> str:
        now = call.deps.now()
        done = reactions.still_valid(session, answer.use_case_id, answer.revision, actor=actor, now=now)
        match done:
            case Renewed():
                return views.renewed_text(done)
            case SentOn():
                is_approved = done.request.status is RequestStatus.APPROVED
                return views.sent_on_text(done, is_approved=is_approved)
            case NotAnswered():
                return views.not_answered_text(done)

    _take(call, answer, deed)


def on_retired(call: Call) -> None:
    """Retire it, with a reason."""
    answer = Answer.parse(call.body)

    def deed(session: Session, actor: Actor) -> str | ReasonMissing:
        if not answer.reason:
            return ReasonMissing()
        done = reactions.retire(session, answer.use_case_id, answer.reason, actor=actor, now=call.deps.now())
        return views.not_answered_text(done) if isinstance(done, NotAnswered) else views.retired_text(done.use_case)

    _take(call, answer, deed)


def _pressed(call: Call) -> UUID:
    return taken_uuid(taken(call.body, "actions", 0, "value"))


def _show(call: Call, deed: Callable[[Session, Actor], BlockKit | NotAnswered]) -> None:
    """Open a window, or say privately why there is none."""
    found = act(call.deps, call.client, user_of(call.body), deed)
    match found:
        case NotAnswered():
            problem: str | None = views.not_answered_text(found)
        case NotAMember() | Unchecked():
            problem = refusal_text(found)
        case _:
            problem = show_modal(call, found)
    if problem:
        whisper(call, problem)
    call.ack()
    call.deps.wake_outbox()


def _take(call: Call, answer: Answer, deed: Callable[[Session, Actor], str | ReasonMissing]) -> None:
    """Take a submitted answer once; the same delivery again gets the same words."""
    key = submission_key(call.body)

    def once(session: Session, actor: Actor) -> str | ReasonMissing:
        return deliveries.once(session, key, lambda: deed(session, actor), now=call.deps.now())

    done = act(call.deps, call.client, answer.who, once)
    if isinstance(done, ReasonMissing):
        errors = {str(Block.RETIRE_REASON): "Say in a sentence why. Owner and sponsor read it."}
        call.ack(response_action="errors", errors=errors)
    else:
        text = refusal_text(done) if isinstance(done, NotAMember | Unchecked) else done
        call.ack(response_action="update", view=views.done_modal(TITLE, text))
    call.deps.wake_outbox()
