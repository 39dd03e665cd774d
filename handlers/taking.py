"""Take a form once for one delivery: what is wrong stands at its field, what became of it replaces the form."""

from collections.abc import Callable
from dataclasses import dataclass

from db.session import Session
from handlers.acting import act, refusal_text
from handlers.blocks import BlockKit
from handlers.payloads import submission_key, user_of
from handlers.routing import Call
from workflows import deliveries
from workflows.people import Actor, NotAMember, Unchecked


@dataclass(frozen=True, slots=True)
class AtField:
    """What keeps a form from being taken, and where it stands; the form stays open."""

    block: str
    text: str


def take(
    call: Call,
    deed: Callable[[Session, Actor], str | AtField],
    shown: Callable[[Session, Actor, str], BlockKit],
    *,
    otherwise: str,
    notice: Callable[[str], BlockKit],
) -> None:
    """Do `deed` unless this delivery was handled before, and show what the words it ended with lead to.

    What passes soon stands at the field `otherwise`; who may not act reads why in a `notice`.
    """

    def handled(session: Session, actor: Actor) -> BlockKit | AtField:
        key = submission_key(call.body)
        told: str | AtField = deliveries.once(session, key, lambda: deed(session, actor), now=call.deps.now())
        return told if isinstance(told, AtField) else shown(session, actor, told)

    outcome = act(call.deps, call.client, user_of(call.body), handled)
    match outcome:
        case AtField():
            call.ack(response_action="errors", errors={str(outcome.block): outcome.text})
        case Unchecked():
            call.ack(response_action="errors", errors={str(otherwise): refusal_text(outcome)})
        case NotAMember():
            call.ack(response_action="update", view=notice(refusal_text(outcome)))
        case _:
            call.ack(response_action="update", view=outcome)
    call.deps.wake_outbox()
