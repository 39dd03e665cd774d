"""Presses and submissions about check-ins: parse, call one service, answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from db.enums import Confidence
from db.session import Session
from handlers.acting import act, person_named, refusal_text
from handlers.blocks import BlockKit
from handlers.checkins import answers, confirming_notices, confirming_views, form, offering, saying
from handlers.checkins.answers import Period
from handlers.ids import INPUT, Block
from handlers.modals import update_modal
from handlers.payloads import action_key, checked_id, chosen, found, submission_key, taken, taken_uuid, user_of
from handlers.routing import Call, whisper
from handlers.showing import show
from workflows import checkins, deliveries, intake, people, reactions
from workflows.checkins import CheckInSnapshot, Done, No, NotAVerifier, NotDoneNow, NoVerifier
from workflows.people import Actor, NotAMember, Unchecked

_FIELDS_OF_OFF_TRACK = (Block.WHY_OFF, Block.HELP)


@dataclass(frozen=True, slots=True)
class AtFields:
    """What keeps a form from being taken, and where it stands."""

    errors: dict[str, str]


@dataclass(frozen=True, slots=True)
class AskedBack:
    """The form with a question more, which has to be answered first."""

    view: BlockKit


def on_unchanged(call: Call) -> None:
    """Answer with the last values, by this one press; the message is redrawn, and only who is refused hears more."""
    check_in_id = taken_uuid(taken(call.body, "actions", 0, "value"))

    def deed(session: Session, actor: Actor) -> str:
        now = call.deps.now()
        outcome = reactions.answer_check_in_unchanged(session, check_in_id, actor=actor, now=now)
        return "" if isinstance(outcome, Done) else refused(session, outcome, actor)

    press_once(call, deed)


def on_answer(call: Call) -> None:
    """Open the form."""
    period = Period.of_button(call.body)

    def deed(session: Session, actor: Actor) -> BlockKit | str:
        asked = checkins.to_answer(session, period.schedule_id, period.on_date, actor=actor, now=call.deps.now())
        if isinstance(asked, NotDoneNow):
            return refused(session, asked, actor)
        use_case = intake.use_case_of(session, asked.use_case_id)
        return form.answer_modal(asked, use_case) if use_case else saying.UNKNOWN

    show(call, act(call.deps, call.client, user_of(call.body), deed))


def on_confidence(call: Call) -> None:
    """Show what off track asks, or hide it again; everything typed stays."""
    period = Period.of_form(call.body)
    is_off = answers.confidence_in(call.body) is Confidence.OFF_TRACK

    def deed(session: Session, actor: Actor) -> BlockKit | None:
        asked = checkins.to_answer(session, period.schedule_id, period.on_date, actor=actor, now=call.deps.now())
        use_case = None if isinstance(asked, NotDoneNow) else intake.use_case_of(session, asked.use_case_id)
        if isinstance(asked, NotDoneNow) or use_case is None or asked.stands.revision != period.seen:
            return None  # it is refused when the form is sent, with what was typed still in it
        return form.answer_modal(asked, use_case, off_track=is_off)

    view = act(call.deps, call.client, user_of(call.body), deed)
    if isinstance(view, dict) and is_off is not _asks_why(call):
        update_modal(call, view)
    call.ack()


def on_answered(call: Call) -> None:
    """Take the form: what is wrong stands at its field, a value far off is asked about, the outcome replaces it."""
    period, picked = Period.of_form(call.body), _picked(call)

    def deed(session: Session, actor: Actor) -> str | AtFields | AskedBack:
        now = call.deps.now()
        asked = checkins.to_answer(session, period.schedule_id, period.on_date, actor=actor, now=now)
        if isinstance(asked, NotDoneNow):
            return _refused_form(session, asked, actor, call)
        back, read = _asked_back(session, asked, actor, call)
        if back is not None or read is None:
            return back or saying.UNKNOWN
        if isinstance(picked, NotAMember | Unchecked):
            return AtFields({Block.VERIFIER: _not_picked_text(picked)})
        outcome = reactions.answer_check_in(
            session,
            period.schedule_id,
            period.on_date,
            read.values,
            read.says,
            seen=period.seen,
            verifier=picked,
            actor=actor,
            now=now,
        )
        if isinstance(outcome, NotAVerifier):
            return AtFields({Block.VERIFIER: confirming_views.not_a_verifier_text(outcome)})
        if isinstance(outcome, NotDoneNow):
            return _refused_form(session, outcome, actor, call)
        done = _done_text(outcome, actor, now=now)
        return " ".join(filter(None, (done, confirming_notices.line(session, outcome.check_in))))

    def below(session: Session, actor: Actor) -> Sequence[BlockKit]:
        now = call.deps.now()
        about = checkins.to_answer(session, period.schedule_id, period.on_date, actor=actor, now=now)
        answered = about.check_in if isinstance(about, NotDoneNow) else about
        return offering.below_answer(session, answered, actor.id, now=now) if answered else ()

    save_once(call, deed, below=below)


def _refused_form(session: Session, outcome: NotDoneNow, actor: Actor, call: Call) -> str | AtFields:
    """Return why a form is not taken; where somebody was faster it stands at the first field, and the form stays."""
    answer = outcome.check_in.answer if outcome.check_in and actor.id in outcome.check_in.may else None
    if outcome.why not in (No.ANSWERED, No.ANSWERED_MEANWHILE) or answer is None:
        return refused(session, outcome, actor)
    return AtFields({_inputs(call)[0]: saying.answered_meanwhile_text(answer.by.name)})


def _picked(call: Call) -> Actor | NotAMember | Unchecked | None:
    """Return whom the form names to confirm the numbers; Slack is asked who they are."""
    slack_id = chosen(call.body, Block.VERIFIER, INPUT)
    return person_named(call.deps, call.client, checked_id(slack_id)) if slack_id else None


def _not_picked_text(who: NotAMember | Unchecked) -> str:
    is_known = isinstance(who, NotAMember)
    return confirming_views.NOT_A_VERIFIER[NoVerifier.NOT_A_MEMBER] if is_known else refusal_text(who)


def _asked_back(
    session: Session, asked: CheckInSnapshot, actor: Actor, call: Call
) -> tuple[AtFields | AskedBack | None, answers.Typed | None]:
    """Return what has to be corrected or confirmed first; or nothing, and what was typed."""
    use_case = intake.use_case_of(session, asked.use_case_id)
    if use_case is None:
        return None, None
    read = answers.read(call.body, asked, people.locale_of(session, actor.id))
    is_off = read.says.confidence is Confidence.OFF_TRACK
    if set(read.wrong) - set(_inputs(call)):  # numbers were added since: what was typed stays in the fields that stay
        return AskedBack(form.answer_modal(asked, use_case, off_track=is_off, asks_more=True)), None
    if read.wrong:
        return AtFields(dict(read.wrong)), None
    if is_off and not (read.says.why and read.says.help):
        if not _asks_why(call):
            return AskedBack(form.answer_modal(asked, use_case, off_track=True)), None
        empty = [Block.WHY_OFF] if not read.says.why else [Block.HELP]
        return AtFields({str(each): "Say it in a sentence; only then can anybody help." for each in empty}), None
    odd = answers.odd_ones(read, asked, call.body)
    if odd:
        return AskedBack(form.answer_modal(asked, use_case, off_track=is_off, unsure=odd)), None
    return None, read


def _asks_why(call: Call) -> bool:
    """Say whether the form shows what off track asks."""
    return str(Block.WHY_OFF) in _inputs(call)


def _inputs(call: Call) -> list[str]:
    """Return the fields of the form as it was sent."""
    blocks = found(call.body, "view", "blocks")
    inputs = [each for each in blocks if found(each, "type") == "input"] if isinstance(blocks, list) else []
    return [taken(each, "block_id") for each in inputs]


def _done_text(done: Done, actor: Actor, *, now: datetime) -> str:
    what = "Changed. What was there before is kept." if done.is_edit else "Thank you, that is stored."
    return f"✅ {what} {saying.may_change_text(done.check_in, actor.id, now)}".rstrip()


# --------------------------------------------------------------------------------------- shared by the presses


def refused(session: Session, outcome: NotDoneNow, actor: Actor) -> str:
    """Return why nothing came of it, to somebody who may know of the use case; others hear of none."""
    about = outcome.check_in
    use_case = intake.use_case_of(session, about.use_case_id) if about and actor.id in about.may else None
    return saying.why_text(outcome.why, about, use_case)


def press_once(call: Call, deed: Callable[[Session, Actor], str]) -> None:
    """Do it once for one press; who was refused hears why, privately."""

    def handled(session: Session, actor: Actor) -> str:
        return deliveries.once(session, action_key(call.body), lambda: deed(session, actor), now=call.deps.now())

    outcome = act(call.deps, call.client, user_of(call.body), handled)
    text = outcome if isinstance(outcome, str) else refusal_text(outcome)
    if text:
        whisper(call, text)
    call.ack()
    call.deps.wake_outbox()


def save_once(
    call: Call,
    deed: Callable[[Session, Actor], str | AtFields | AskedBack],
    *,
    below: Callable[[Session, Actor], Sequence[BlockKit]] = lambda _, __: (),
) -> None:
    """Take a form once for one delivery; the outcome replaces it, with what there is to do `below`.

    What passes soon stands at its first field, and the form stays open.
    """

    def handled(session: Session, actor: Actor) -> BlockKit | AtFields | AskedBack:
        key = submission_key(call.body)
        told: str | AtFields | AskedBack = deliveries.once(
            session, key, lambda: deed(session, actor), now=call.deps.now()
        )
        if isinstance(told, str):
            return form.done_modal(told, below(session, actor))
        return told

    outcome = act(call.deps, call.client, user_of(call.body), handled)
    match outcome:
        case AtFields(errors):
            call.ack(response_action="errors", errors=errors)
        case AskedBack(view):
            call.ack(response_action="update", view=view)
        case Unchecked():
            call.ack(response_action="errors", errors={_inputs(call)[0]: refusal_text(outcome)})
        case NotAMember():
            call.ack(response_action="update", view=form.done_modal(refusal_text(outcome)))
        case _:
            call.ack(response_action="update", view=outcome)
    call.deps.wake_outbox()
