"""Presses and forms that move a use case through its life: parse, call one service, answer."""

from collections.abc import Callable
from uuid import UUID

from db.session import Session
from handlers.acting import act
from handlers.blocks import BlockKit
from handlers.ids import INPUT, Block
from handlers.lifecycle import seeing, views, words
from handlers.lifecycle.saving import AtFields, Draw, press_once, save_once
from handlers.payloads import MalformedPayloadError, taken, taken_uuid, typed, user_of
from handlers.routing import Call
from handlers.showing import show
from workflows import intake, lifecycle, reactions
from workflows.lifecycle import FORWARD, Move, Moved, NotMoved, Why
from workflows.people import Actor


def on_life(call: Call) -> None:
    """Show where a use case is in its life."""
    use_case_id = _pressed(call)

    def deed(session: Session, viewer: Actor) -> BlockKit | str:
        return seeing.life_view(session, use_case_id, viewer, now=call.deps.now())

    show(call, act(call.deps, call.client, user_of(call.body), deed))


def on_moved(call: Call) -> None:
    """Move it on, or show what is missing by now."""
    carried, _, said = taken(call.body, "view", "private_metadata").partition(".")
    use_case_id = taken_uuid(carried)
    if said not in {str(each) for each in FORWARD}:
        raise MalformedPayloadError("no move that leads on")

    def deed(session: Session, actor: Actor) -> str:
        outcome = lifecycle.move_on(session, use_case_id, Move(said), actor=actor, now=call.deps.now())
        return _said(session, outcome, actor)

    save_once(call, deed, _drawn(call, use_case_id))


def on_suspend(call: Call) -> None:
    """Ask why it is suspended."""
    _ask(call, Move.SUSPEND, views.stop_modal)


def on_retire(call: Call) -> None:
    """Ask why it is retired."""
    _ask(call, Move.RETIRE, views.retire_modal)


def on_suspended(call: Call) -> None:
    """Stop it."""

    def deed(session: Session, use_case_id: UUID, reason: str, actor: Actor) -> Moved | NotMoved:
        return lifecycle.suspend(session, use_case_id, reason, actor=actor, now=call.deps.now())

    _take(call, deed)


def on_retired(call: Call) -> None:
    """End it for good."""

    def deed(session: Session, use_case_id: UUID, reason: str, actor: Actor) -> Moved | NotMoved:
        return reactions.retire_by_hand(session, use_case_id, reason, actor=actor, now=call.deps.now())

    _take(call, deed)


def on_resume(call: Call) -> None:
    """Let it go on, by this one press."""
    use_case_id = _pressed(call)

    def deed(session: Session, actor: Actor) -> tuple[str, bool]:
        outcome = lifecycle.resume(session, use_case_id, actor=actor, now=call.deps.now())
        return _said(session, outcome, actor), False

    press_once(call, deed, _drawn(call, use_case_id))


def _ask(call: Call, move: Move, draw: Callable[[intake.UseCaseSnapshot], BlockKit]) -> None:
    """Show a form about a move, or say privately why it cannot be made."""
    use_case_id = _pressed(call)

    def deed(session: Session, actor: Actor) -> BlockKit | str:
        refused = lifecycle.may_move(session, use_case_id, move, actor=actor, now=call.deps.now())
        use_case = intake.use_case_of(session, use_case_id)
        if refused is not None or use_case is None:
            return _said(session, refused or NotMoved(Why.UNKNOWN, move), actor)
        return draw(use_case)

    show(call, act(call.deps, call.client, user_of(call.body), deed))


def _take(call: Call, deed: Callable[[Session, UUID, str, Actor], Moved | NotMoved]) -> None:
    use_case_id = taken_uuid(taken(call.body, "view", "private_metadata"))
    reason = typed(call.body, Block.STOP_REASON, INPUT).strip()

    def handled(session: Session, actor: Actor) -> str | AtFields:
        outcome = deed(session, use_case_id, reason, actor)
        if isinstance(outcome, NotMoved) and outcome.why is Why.REASON_MISSING:
            return AtFields({str(Block.STOP_REASON): words.not_moved_text(outcome)})
        return _said(session, outcome, actor)

    save_once(call, handled, _drawn(call, use_case_id), otherwise=Block.STOP_REASON)


def _said(session: Session, outcome: Moved | NotMoved, actor: Actor) -> str:
    """Return what came of it; of what somebody may not know of as if it did not exist."""
    if isinstance(outcome, Moved):
        return words.moved_text(outcome.use_case, outcome.move, actor.name)
    if outcome.use_case is not None and seeing.hides(session, outcome.use_case, actor):
        return words.UNKNOWN
    return words.not_moved_text(outcome)


def _drawn(call: Call, use_case_id: UUID) -> Draw:
    def draw(session: Session, actor: Actor, said: str) -> BlockKit:
        view = seeing.life_view(session, use_case_id, actor, notice=said, now=call.deps.now())
        return view if isinstance(view, dict) else views.notice_modal(view)

    return draw


def _pressed(call: Call) -> UUID:
    return taken_uuid(taken(call.body, "actions", 0, "value"))
