"""Presses and the form of exports: parse, call one service, say where the file comes."""

from uuid import UUID

from db.session import Session
from handlers.acting import act, refusal_text
from handlers.blocks import BlockKit
from handlers.exports import views
from handlers.exports.payloads import Order
from handlers.exports.views import WHY_NOT
from handlers.payloads import action_key, submission_key, taken, taken_uuid, user_of
from handlers.routing import Call
from handlers.showing import show
from workflows import approvals, deliveries, exports, intake
from workflows.exports import NoExport
from workflows.people import Actor, NotAMember, Unchecked


def on_choose(call: Call) -> None:
    """Ask in which shape and kind of file somebody wants the register."""

    def deed(session: Session, actor: Actor) -> BlockKit | str:
        if not exports.may_export(session, actor.id):
            return WHY_NOT[NoExport.NOT_YOURS]
        return views.register_form(exports.count(session))

    show(call, act(call.deps, call.client, user_of(call.body), deed))


def on_ordered(call: Call) -> None:
    """Promise the register, once for the form that was sent."""
    order, key = Order.parse(call.body), submission_key(call.body)

    def ordered(session: Session, actor: Actor) -> str:
        now = call.deps.now()
        outcome = exports.order_register(session, order.shape, order.format, actor=actor, now=now)
        return WHY_NOT[outcome] if isinstance(outcome, NoExport) else views.register_comes(outcome.entries)

    def deed(session: Session, actor: Actor) -> BlockKit:
        told = deliveries.once(session, key, lambda: ordered(session, actor), now=call.deps.now())
        return views.promised_modal(told)

    outcome = act(call.deps, call.client, user_of(call.body), deed)
    if isinstance(outcome, NotAMember | Unchecked):
        outcome = views.promised_modal(refusal_text(outcome))
    call.ack(response_action="update", view=outcome)
    call.deps.wake_outbox()


def on_evidence(call: Call) -> None:
    """Promise everything there is about a use case, once for the press."""
    use_case_id, key = taken_uuid(taken(call.body, "actions", 0, "value")), action_key(call.body)

    def ordered(session: Session, actor: Actor) -> str:
        outcome = exports.order_evidence(session, use_case_id, actor=actor, now=call.deps.now())
        return WHY_NOT[outcome] if isinstance(outcome, NoExport) else views.evidence_comes(outcome.reference)

    def deed(session: Session, actor: Actor) -> BlockKit:
        told = deliveries.once(session, key, lambda: ordered(session, actor), now=call.deps.now())
        return views.promised_modal(told, back_to=_request_about(session, use_case_id, actor))

    show(call, act(call.deps, call.client, user_of(call.body), deed))


def _request_about(session: Session, use_case_id: UUID, actor: Actor) -> UUID | None:
    """Return the request whose window somebody may go back to."""
    if not exports.may_have_evidence(session, use_case_id, actor.id):
        return None
    found = approvals.latest_about(session, intake.SUBJECT_KIND, [use_case_id]).get(use_case_id)
    return found.id if found else None
