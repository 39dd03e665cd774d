"""What people do with a request besides voting: ask and answer, nudge, take it back, pass it on, ask one more."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from db.session import Session
from handlers.acting import act, person_named, refusal_text
from handlers.approvals import forms, opened
from handlers.blocks import BlockKit
from handlers.ids import INPUT, Block
from handlers.kinds import kind_of
from handlers.modals import update_modal
from handlers.payloads import (
    action_key,
    checked_id,
    chosen,
    optional,
    submission_key,
    taken,
    taken_uuid,
    typed,
    user_of,
)
from handlers.refusals import hidden
from handlers.refusals import refusal_text as vote_refusal_text
from handlers.routing import Call, whisper
from handlers.showing import show
from handlers.subjects import picture_of
from workflows import approvals, deliveries, people, policy, reactions
from workflows.approvals import Done, Lapsed, Refusal, Refused, RequestSnapshot
from workflows.people import Actor, NotAMember, Unchecked

Outcome = Done | Lapsed | Refused


@dataclass(frozen=True, slots=True)
class _AtField:
    """What keeps a form from being taken, and where it stands."""

    field: Block
    text: str


def on_ask(call: Call) -> None:
    """Open the form for a question."""
    _open(call, lambda session, request, _: forms.ask_modal(request, picture_of(session, request)))


def on_add_approver(call: Call) -> None:
    """Open the form that names one more person to ask, for those asked and those who steer the programme."""

    def draw(session: Session, request: RequestSnapshot, viewer: Actor) -> BlockKit | str:
        if request.has_seat(viewer.id) or (_steers(session, viewer) and request.open_lanes()):
            return forms.add_approver_modal(request, picture_of(session, request))
        return _why_not(request, viewer)

    _open(call, draw)


def on_pass_on(call: Call) -> None:
    """Open the form that passes a seat to a colleague: one's own, or any for those who steer the programme."""

    def draw(session: Session, request: RequestSnapshot, viewer: Actor) -> BlockKit | str:
        steers = _steers(session, viewer)
        open_to_them = [
            (lane, seat)
            for lane in request.open_lanes()
            for seat in lane.seats
            if seat.is_awaited and (steers or seat.person.id == viewer.id)
        ]
        seats = {
            f"{lane.id}.{seat.person.slack_id}": f"{seat.person.name}, {lane.name}"
            for lane, seat in open_to_them
            if not lane.is_by_name and (steers or not lane.is_by_relation)
        }
        if seats:
            return forms.pass_on_modal(request, picture_of(session, request), seats)
        return forms.ASKED_BY_NAME if open_to_them else _why_not(request, viewer)

    _open(call, draw)


def on_answer(call: Call) -> None:
    """Open the form for the answer to a question."""
    question_id = taken_uuid(taken(call.body, "actions", 0, "value"))

    def deed(session: Session, viewer: Actor) -> BlockKit | str:
        question = approvals.question_of(session, question_id)
        request = approvals.existing_request(session, question.request_id) if question else None
        if question is None or request is None or hidden(session, request, viewer.id):
            return vote_refusal_text(Refusal.UNKNOWN, None, viewer.id)
        if viewer.id != request.requester.id and viewer.id not in request.excluded:
            return vote_refusal_text(Refusal.NOT_YOURS, request, viewer.id)
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

    _press(call, deed, forms.WITHDRAWN)  # of a change `_words` says what holds


def on_asked(call: Call) -> None:
    request_id, text = _carried(call), typed(call.body, Block.QUESTION, INPUT)

    def deed(session: Session, asker: Actor) -> Outcome:
        return reactions.ask_question(session, request_id, text, asker=asker, now=call.deps.now())

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
    lane_id, asked_id = taken_uuid(lane), checked_id(from_id)

    def deed(session: Session, actor: Actor) -> Outcome:
        owner = people.find(session, asked_id)
        if owner is None:
            return Refused(Refusal.UNKNOWN, None)
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


def _steers(session: Session, viewer: Actor) -> bool:
    return bool(people.roles_of(session, viewer.id) & policy.STEERING)


def _why_not(request: RequestSnapshot, viewer: Actor) -> str:
    """Return why this person can neither pass it on nor ask one more."""
    principal = request.principal_of(viewer.id)
    if principal is not None:
        return forms.not_a_delegates_text(request, principal)
    why = Refusal.NOT_YOURS if request.open_lanes() else Refusal.ALREADY_DECIDED
    return vote_refusal_text(why, request, viewer.id)


def _carried(call: Call) -> UUID:
    return taken_uuid(taken(call.body, "view", "private_metadata"))


def _open(call: Call, draw: Callable[[Session, RequestSnapshot, Actor], BlockKit | str]) -> None:
    """Open a form about a request, for who may read it."""
    request_id = taken_uuid(taken(call.body, "actions", 0, "value"))

    def deed(session: Session, viewer: Actor) -> BlockKit | str:
        request = approvals.request_of(session, request_id)
        if request is None or hidden(session, request, viewer.id):
            return vote_refusal_text(Refusal.UNKNOWN, None, viewer.id)
        if not reactions.may_read(session, request, viewer.id):
            return vote_refusal_text(Refusal.NOT_YOURS, request, viewer.id)
        return draw(session, request, viewer)

    show(call, act(call.deps, call.client, user_of(call.body), deed))


def _press(call: Call, deed: Callable[[Session, Actor], Outcome], done: str) -> None:
    """Do what a button says at once; the answer replaces the window it was pressed in, or comes privately.

    The same press delivered again gets the same answer.
    """

    def told(session: Session, actor: Actor) -> str:
        key, now = action_key(call.body), call.deps.now()
        return deliveries.once(session, key, lambda: _words(session, deed(session, actor), actor, done), now=now)

    text = act(call.deps, call.client, user_of(call.body), told)
    said = text if isinstance(text, str) else refusal_text(text)
    is_in_modal = optional(call.body, "view", "type") == "modal"
    problem = update_modal(call, opened.notice_modal(forms.TITLE, said)) if is_in_modal else None
    if not is_in_modal or problem is not None:
        whisper(call, said)
    call.ack()
    call.deps.wake_outbox()


def _submit(call: Call, deed: Callable[[Session, Actor], Outcome], done: str, field: Block) -> None:
    """Take a form: what is missing or cannot be stands at its field, the outcome replaces the form.

    The same form delivered again gets the same outcome; one that was refused at a field may be sent corrected.
    """

    def taken_once(session: Session, actor: Actor) -> str | _AtField:
        outcome = deed(session, actor)
        words = _words(session, outcome, actor, done)
        if not isinstance(outcome, Refused) or outcome.why not in forms.AT_FIELD:
            return words
        missing = outcome.why is Refusal.REASON_MISSING
        return _AtField(Block.REASON if missing and field is Block.COLLEAGUE else field, words)

    def told(session: Session, actor: Actor) -> str | _AtField:
        key, now = submission_key(call.body), call.deps.now()
        return deliveries.once(session, key, lambda: taken_once(session, actor), now=now)

    outcome = act(call.deps, call.client, user_of(call.body), told)
    match outcome:
        case _AtField():
            call.ack(response_action="errors", errors={outcome.field: outcome.text})
        case Unchecked():  # the form stays open, with the words in it
            call.ack(response_action="errors", errors={field: refusal_text(outcome)})
        case NotAMember():
            call.ack(response_action="update", view=opened.notice_modal(forms.TITLE, refusal_text(outcome)))
        case _:
            call.ack(response_action="update", view=opened.notice_modal(forms.TITLE, outcome))
    call.deps.wake_outbox()


def _words(session: Session, outcome: Outcome, actor: Actor, done: str) -> str:
    request = approvals.request_of(session, outcome.request_id) if outcome.request_id else None
    if isinstance(outcome, Refused):
        if request is not None and hidden(session, request, actor.id):
            return vote_refusal_text(Refusal.UNKNOWN, None, actor.id)
        return vote_refusal_text(outcome.why, request, actor.id)
    told = outcome.people if isinstance(outcome, Done) else ()
    if isinstance(outcome, Lapsed) and request is not None and request.is_change:
        return f"{forms.said(forms.CHANGE_WITHDRAWN, request, ())} {picture_of(session, request).holds}"
    if isinstance(outcome, Lapsed) and request is not None and kind_of(request.subject_kind).anew is None:
        return forms.said(forms.WITHDRAWN_FOR_GOOD, request, ())
    return forms.said(done, request, told)
