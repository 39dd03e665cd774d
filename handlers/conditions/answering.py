"""What every press and form about conditions shares: who may know of it, and how the answer gets to them."""

from collections.abc import Callable
from uuid import UUID

from db.session import Session
from handlers import showing
from handlers.acting import act, refusal_text
from handlers.blocks import BlockKit
from handlers.conditions import views, wording
from handlers.ids import Block
from handlers.modals import update_modal
from handlers.payloads import optional
from handlers.routing import Call, settle, whisper
from workflows import approvals, conditions, deliveries, reactions
from workflows.conditions import ConditionSnapshot, Moved, NotDone, Refusal
from workflows.people import Actor, NotAMember, Unchecked

AtField = dict[str, str]
"""What is wrong, by the block it stands at."""


def may_know(session: Session, condition: ConditionSnapshot, viewer: UUID) -> bool:
    """Say whether somebody may read a condition: whoever may read the answers of what it is about."""
    return reactions.may_read(session, approvals.existing_request(session, condition.request_id), viewer)


def known_to(session: Session, condition_id: UUID, viewer: UUID) -> ConditionSnapshot | None:
    """Return a condition, or None when there is none that this person may read."""
    found = conditions.condition_of(session, condition_id)
    return found if found is not None and may_know(session, found, viewer) else None


def show(call: Call, who: str, draw: Callable[[Session, Actor], BlockKit | str]) -> None:
    """Show the window that is drawn for this person, or say privately why there is none."""
    showing.show(call, act(call.deps, call.client, who, draw))


def press(
    call: Call,
    who: str,
    key: str,
    deed: Callable[[Session, Actor], str],
    is_over: Callable[[Session, Actor], bool],
) -> None:
    """Do what a button says at once; the answer replaces the window it was pressed in, or comes privately.

    It also replaces their own message when for this person all of its buttons are done with: when it `is_over`. The
    same press delivered again gets the same answer.
    """

    def told(session: Session, actor: Actor) -> tuple[str, bool]:
        said = deliveries.once(session, key, lambda: deed(session, actor), now=call.deps.now())
        return said, is_over(session, actor)

    outcome = act(call.deps, call.client, who, told)
    said, over = outcome if isinstance(outcome, tuple) else (refusal_text(outcome), False)
    is_in_modal = optional(call.body, "view", "type") == "modal"
    problem = update_modal(call, views.notice_modal("Condition", said)) if is_in_modal else None
    if not is_in_modal or problem is not None:
        (settle if over else whisper)(call, said)
    call.ack()
    call.deps.wake_outbox()


def submit(call: Call, who: str, key: str, field: Block, deed: Callable[[Session, Actor], str | AtField]) -> None:
    """Take a form: what is wrong stands at its field, the outcome replaces the form.

    The same form delivered again gets the same outcome; one that was refused at a field may be sent corrected.
    """

    def told(session: Session, actor: Actor) -> str | AtField:
        return deliveries.once(session, key, lambda: deed(session, actor), now=call.deps.now())

    outcome = act(call.deps, call.client, who, told)
    match outcome:
        case dict():
            call.ack(response_action="errors", errors=outcome)
        case Unchecked():  # the form stays open, with the words in it
            call.ack(response_action="errors", errors={field: refusal_text(outcome)})
        case NotAMember():
            call.ack(response_action="update", view=views.notice_modal("Nothing was changed", refusal_text(outcome)))
        case _:
            call.ack(response_action="update", view=views.notice_modal("Condition", outcome))
    call.deps.wake_outbox()


def words_of(session: Session, outcome: Moved | NotDone, viewer: UUID, done: Callable[[Moved], str]) -> str | AtField:
    """Return what somebody is told about what they did, or which field of their form is wrong.

    Who may not read the condition hears the same as of one that does not exist.
    """
    if isinstance(outcome, Moved):
        return done(outcome)
    condition = outcome.condition
    if condition is None or not may_know(session, condition, viewer):
        return wording.refusal_text(Refusal.UNKNOWN, None)
    text = wording.refusal_text(outcome.why, condition)
    return {wording.AT_FIELD[outcome.why]: text} if outcome.why in wording.AT_FIELD else text
