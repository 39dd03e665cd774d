"""What people do with a request besides voting: ask and answer, nudge, take it back, pass it on, ask one more."""

from collections.abc import Callable
from uuid import UUID

from db.session import Session
from handlers.acting import act, person_named, refusal_text
from handlers.approvals import forms, views
from handlers.approvals.listeners import STEERING, show
from handlers.blocks import BlockKit
from handlers.ids import INPUT, Block
from handlers.modals import update_modal
from handlers.payloads import checked_id, chosen, optional, submission_key, taken, taken_uuid, typed, user_of
from handlers.routing import Call, whisper
from handlers.standing import refusal_text as vote_refusal_text
from handlers.subjects import picture_of
from workflows import approvals, people, reactions
from workflows.approvals import Done, Lapsed, Refusal, Refused, RequestSnapshot
from workflows.people import Actor, NotAMember, Unchecked

Outcome = Done | Lapsed | Refused


def on_ask(call: Call) -> None:
    """Open the form for a question."""
    _open(call, lambda session, request, _: forms.ask_modal(request, picture_of(session, request)))


def on_add_approver(call: Call) -> None:
    """Open the form that names one more person to ask."""
    _open(call, lambda session, request, _: forms.add_approver_modal(request, picture_of(session, request)))


def on_pass_on(call: Call) -> None:
    """Open the form that passes a seat to a colleague, when this person has one there or steers the programme."""

    def draw(session: Session, request: RequestSnapshot, viewer: Actor) -> BlockKit | str:
        lane = request.open_lane_of(viewer.id)
        lanes = [lane] if lane else []
        if people.roles_of(session, viewer.id) & STEERING:
            lanes = request.open_lanes()
        seats = {
            f"{each.id}.{seat.person.slack_id}": f"{seat.person.name}, {each.name}"
            for each in lanes
            for seat in each.seats
            if seat.is_awaited
        }
        if not seats:
            return vote_refusal_text(Refusal.NOT_YOURS, request, viewer.id)
        return forms.pass_on_modal(request, picture_of(session, request), seats)

    _open(call, draw)


def on_answer(call: Call) -> None:
    """Open the form for the answer to a question."""
    question_id = taken_uuid(taken(call.body, "actions", 0, "value"))

    def deed(session: Session, viewer: Actor) -> BlockKit | str:
        question = approvals.question_of(session, question_id)
        request = approvals.existing_request(session, question.request_id) if question else None
        if question is None or request is None:
            return vote_refusal_text(Refusal.UNKNOWN, None, viewer.id)
        if question.answer is not None:
            return vote_refusal_text(Refusal.ANSWERED, request, viewer.id)
        return forms.answer_modal(question, request, picture_of(session, request))

    show(call, act(call.deps, call.client, user_of(call.body), deed))


def on_nudge(call: Call) -> None:
    """Remind those who have it."""
    request_id = taken_uuid(taken(call.body, "actions", 0, "value"))

    def deed(session: Session, actor: Actor) -> Outcome:
        return approvals.nudge(session, request_id, actor=actor, now=call.deps.now())

    _press(call, deed, forms.NUDGED)


def on_withdraw(call: Call) -> None:
    """Take a request back."""
    request_id = taken_uuid(taken(call.body, "actions", 0, "value"))

    def deed(session: Session, actor: Actor) -> Outcome:
        return reactions.withdraw(session, request_id, actor=actor, now=call.deps.now())

    _press(call, deed, forms.WITHDRAWN)


def on_asked(call: Call) -> None:
    request_id, text = _carried(call), typed(call.body, Block.QUESTION, INPUT)

    def deed(session: Session, asker: Actor) -> Outcome:
        now, delivery = call.deps.now(), submission_key(call.body)
        return reactions.ask_question(session, request_id, text, asker=asker, delivery=delivery, now=now)

    _submit(call, deed, forms.ASKED, Block.QUESTION)


def on_answered(call: Call) -> None:
    question_id, text = _carried(call), typed(call.body, Block.QUESTION, INPUT)

    def deed(session: Session, actor: Actor) -> Outcome:
        return approvals.answer_question(session, question_id, text, actor=actor, now=call.deps.now())

    _submit(call, deed, forms.ANSWERED, Block.QUESTION)


def on_passed_on(call: Call) -> None:
    lane, _, from_id = (chosen(call.body, Block.SEAT, INPUT) or "").partition(".")
    colleague = _colleague(call)
    if colleague is None:
        return
    owner = person_named(call.deps, call.client, checked_id(from_id))
    lane_id = taken_uuid(lane)

    def deed(session: Session, actor: Actor) -> Outcome:
        if not isinstance(owner, Actor):
            return Refused(Refusal.NOT_AN_APPROVER, None)
        reason = typed(call.body, Block.REASON, INPUT)
        now = call.deps.now()
        return approvals.reassign(session, lane_id, seat=owner, to=colleague, reason=reason, actor=actor, now=now)

    _submit(call, deed, forms.PASSED_ON, Block.COLLEAGUE)


def on_approver_added(call: Call) -> None:
    request_id, colleague = _carried(call), _colleague(call)
    if colleague is None:
        return

    def deed(session: Session, actor: Actor) -> Outcome:
        reason = typed(call.body, Block.REASON, INPUT)
        now = call.deps.now()
        return approvals.add_approver(session, request_id, person=colleague, reason=reason, actor=actor, now=now)

    _submit(call, deed, forms.ADDED, Block.COLLEAGUE)


def _colleague(call: Call) -> Actor | None:
    """Return the person named in a form, or answer at the field why they cannot be asked."""
    named = chosen(call.body, Block.COLLEAGUE, INPUT)
    who = person_named(call.deps, call.client, checked_id(named)) if named else None
    if isinstance(who, Actor):
        return who
    text = forms.COLLEAGUE_UNCHECKED if isinstance(who, Unchecked) else forms.COLLEAGUE_REFUSED
    call.ack(response_action="errors", errors={Block.COLLEAGUE: text})
    return None


def _carried(call: Call) -> UUID:
    return taken_uuid(taken(call.body, "view", "private_metadata"))


def _open(call: Call, draw: Callable[[Session, RequestSnapshot, Actor], BlockKit | str]) -> None:
    """Open a form about a request, for who may read it."""
    request_id = taken_uuid(taken(call.body, "actions", 0, "value"))

    def deed(session: Session, viewer: Actor) -> BlockKit | str:
        request = approvals.request_of(session, request_id)
        if request is None or not reactions.may_read(session, request, viewer.id):
            return vote_refusal_text(Refusal.UNKNOWN, None, viewer.id)
        return draw(session, request, viewer)

    show(call, act(call.deps, call.client, user_of(call.body), deed))


def _press(call: Call, deed: Callable[[Session, Actor], Outcome], done: str) -> None:
    """Do what a button says at once; the answer replaces the window it was pressed in, or comes privately."""

    def told(session: Session, actor: Actor) -> str:
        return _words(session, deed(session, actor), actor, done)

    text = act(call.deps, call.client, user_of(call.body), told)
    said = text if isinstance(text, str) else refusal_text(text)
    is_in_modal = optional(call.body, "view", "type") == "modal"
    problem = update_modal(call, views.notice_modal(forms.TITLE, said)) if is_in_modal else None
    if not is_in_modal or problem is not None:
        whisper(call, said)
    call.ack()
    call.deps.wake_outbox()


def _submit(call: Call, deed: Callable[[Session, Actor], Outcome], done: str, field: Block) -> None:
    """Take a form: what is missing or cannot be stands at its field, the outcome replaces the form."""

    def told(session: Session, actor: Actor) -> str | Refused:
        outcome = deed(session, actor)
        missing = isinstance(outcome, Refused) and outcome.why in forms.AT_FIELD
        return outcome if isinstance(outcome, Refused) and missing else _words(session, outcome, actor, done)

    outcome = act(call.deps, call.client, user_of(call.body), told)
    match outcome:
        case Refused():
            at = Block.REASON if outcome.why is Refusal.REASON_MISSING and field is Block.COLLEAGUE else field
            call.ack(response_action="errors", errors={at: vote_refusal_text(outcome.why, None, None)})
        case Unchecked():  # the form stays open, with the words in it
            call.ack(response_action="errors", errors={field: refusal_text(outcome)})
        case NotAMember():
            call.ack(response_action="update", view=views.notice_modal(forms.TITLE, refusal_text(outcome)))
        case _:
            call.ack(response_action="update", view=views.notice_modal(forms.TITLE, outcome))
    call.deps.wake_outbox()


def _words(session: Session, outcome: Outcome, actor: Actor, done: str) -> str:
    request = approvals.request_of(session, outcome.request_id) if outcome.request_id else None
    if isinstance(outcome, Refused):
        return vote_refusal_text(outcome.why, request, actor.id)
    told = outcome.people if isinstance(outcome, Done) else ()
    return forms.said(done, request, told)
