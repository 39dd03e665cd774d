"""Take presses and forms about the life of a use case once, and show what came of them where somebody acted."""

from collections.abc import Callable
from dataclasses import dataclass

from db.session import Session
from handlers.acting import act, refusal_text
from handlers.blocks import BlockKit
from handlers.ids import Block
from handlers.lifecycle import views
from handlers.modals import update_modal
from handlers.payloads import action_key, optional, submission_key, user_of
from handlers.routing import Call, settle, whisper
from workflows import deliveries
from workflows.people import Actor, NotAMember, Unchecked

Draw = Callable[[Session, Actor, str], BlockKit]
"""Draws the window as it is then, with what came of it above."""


@dataclass(frozen=True, slots=True)
class AtFields:
    """What keeps a form from being taken, and where it stands."""

    errors: dict[str, str]


def save_once(
    call: Call, deed: Callable[[Session, Actor], str | AtFields], draw: Draw, *, otherwise: Block | None = None
) -> None:
    """Take a form once for one delivery, and show the window as it is then; what is wrong stands at its field.

    What passes soon stands at `otherwise`, and the form stays open.
    """

    def handled(session: Session, actor: Actor) -> BlockKit | AtFields:
        key = submission_key(call.body)
        told = deliveries.once(session, key, lambda: deed(session, actor), now=call.deps.now())
        return told if isinstance(told, AtFields) else draw(session, actor, told)

    outcome = act(call.deps, call.client, user_of(call.body), handled)
    match outcome:
        case AtFields(errors):
            call.ack(response_action="errors", errors=errors)
        case Unchecked() if otherwise is not None:
            call.ack(response_action="errors", errors={str(otherwise): refusal_text(outcome)})
        case NotAMember() | Unchecked():
            call.ack(response_action="update", view=views.notice_modal(refusal_text(outcome)))
        case _:
            call.ack(response_action="update", view=outcome)
    call.deps.wake_outbox()


def press_once(call: Call, deed: Callable[[Session, Actor], tuple[str, bool]], draw: Draw) -> None:
    """Do it once for one press; `deed` returns what came of it, and whether the message it stands in is done with.

    In a window that is drawn anew; on Home, which is redrawn anyway, only who is refused hears more.
    """
    is_window = optional(call.body, "view", "type") == "modal"

    def handled(session: Session, actor: Actor) -> tuple[str, bool, BlockKit | None]:
        is_over = False

        def once() -> str:
            nonlocal is_over
            said, is_over = deed(session, actor)
            return said

        said = deliveries.once(session, action_key(call.body), once, now=call.deps.now())
        return said, is_over, draw(session, actor, said) if is_window else None

    outcome = act(call.deps, call.client, user_of(call.body), handled)
    said, is_over, window = outcome if isinstance(outcome, tuple) else (refusal_text(outcome), False, None)
    is_home = optional(call.body, "view", "type") == "home"
    is_shown = (is_home and is_over) or (window is not None and update_modal(call, window) is None)
    if not is_shown:
        (settle if is_over else whisper)(call, said)
    call.ack()
    call.deps.wake_outbox()
