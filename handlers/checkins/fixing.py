"""Presses and forms about fixes: accept, change, done, dropped. Parse, call one service, answer."""

from collections.abc import Callable, Sequence
from uuid import UUID

from db.enums import Membership, RootCause
from db.session import Session
from handlers import showing
from handlers.acting import act, person_named, refusal_text
from handlers.blocks import BlockKit, actions
from handlers.checkins import fix_views, form, listeners, offering
from handlers.checkins.asked import AtFields, save_once
from handlers.checkins.saying import subject_text
from handlers.corrections import SUGGESTIONS
from handlers.ids import INPUT, Action, Block
from handlers.modals import update_modal
from handlers.payloads import (
    MalformedPayloadError,
    action_key,
    checked_id,
    chosen,
    found,
    optional,
    picked_day,
    taken,
    taken_uuid,
    typed,
    user_of,
)
from handlers.routing import Call, settle, whisper
from workflows import checkins, deliveries, intake, people, reactions
from workflows.checkins import Fixed, FixSnapshot, NoFix, NotFixed, Wanted
from workflows.people import Actor, NotAMember, Unchecked

_NOT_A_COLLEAGUE = "Choose a full member of your organisation: guests, apps and others cannot have it to do."
_DONE = "✅ Done. How often outputs are corrected from now on is shown with the KPIs."
_OF_TEXT = (NoFix.TEXT_MISSING, NoFix.TEXT_TOO_LONG, NoFix.UNCHANGED)
_OF_DAY = (NoFix.DUE_MISSING, NoFix.DUE_PAST, NoFix.DUE_TOO_FAR)


def on_accept(call: Call) -> None:
    """Open the form for the cause that was pressed, or say which fix is open for it already."""
    check_in_id, cause = _pressed(call)

    def deed(session: Session, actor: Actor) -> BlockKit | str:
        fix = _open_one(session, check_in_id, cause, actor)
        if fix is not None:
            text = fix_views.why_text(NoFix.OPEN_ALREADY, fix, now=call.deps.now())
            return form.done_modal(text, [actions("checkins.fix.open_one", fix_views.change_button(fix))])
        return _accept_form(session, check_in_id, cause, actor, call)

    showing.show(call, act(call.deps, call.client, user_of(call.body), deed))


def on_choose_cause(call: Call) -> None:
    """Suggest what helps against the cause that was chosen; what somebody wrote themselves stays."""
    check_in_id, cause, wrote = taken_uuid(taken(call.body, "view", "private_metadata")), _cause_in(call), _wrote(call)

    def deed(session: Session, actor: Actor) -> BlockKit | str:
        return _accept_form(session, check_in_id, cause, actor, call, wrote=wrote)

    view = act(call.deps, call.client, user_of(call.body), deed)
    if isinstance(view, dict):  # else it is refused when the form is sent, with what was typed still in it
        update_modal(call, view)
    call.ack()


def on_accepted(call: Call) -> None:
    """Accept the fix; who is to do it is asked of Slack first."""
    check_in_id, cause = taken_uuid(taken(call.body, "view", "private_metadata")), _cause_in(call)
    owner, text, due = _owner(call), _text(call, cause), picked_day(call.body, Block.FIX_DAY, INPUT)

    def deed(session: Session, actor: Actor) -> str | AtFields:
        if not isinstance(owner, Actor):
            return _no_colleague(owner)
        now = call.deps.now()
        wanted = Wanted(cause, text, owner, due)
        outcome = reactions.accept_fix(session, check_in_id, wanted, actor=actor, now=now)
        if isinstance(outcome, Fixed):
            return fix_views.stored_text(outcome.fix, by_owner=owner.id == actor.id)
        return _refused(outcome, cause, call)

    def below(session: Session, actor: Actor) -> Sequence[BlockKit]:
        fix = _open_one(session, check_in_id, cause, actor)
        return [actions("checkins.fix.open_one", fix_views.change_button(fix))] if fix else []

    save_once(call, deed, below=below)


def on_change(call: Call) -> None:
    """Open the form that changes a fix."""
    _form_of(call, fix_views.change_modal)


def on_changed(call: Call) -> None:
    """Change what is to be done, by whom or by when."""
    carried, _, seen = taken(call.body, "view", "private_metadata").partition(".")
    if not seen.isdecimal():
        raise MalformedPayloadError("not a fix of ours")
    fix_id, owner, due = taken_uuid(carried), _owner(call), picked_day(call.body, Block.FIX_DAY, INPUT)

    def deed(session: Session, actor: Actor) -> str | AtFields:
        if not isinstance(owner, Actor):
            return _no_colleague(owner)
        now, fix = call.deps.now(), checkins.fix_of(session, fix_id)
        if fix is None:
            return fix_views.UNKNOWN
        wanted = Wanted(fix.cause, _text(call, fix.cause), owner, due)
        outcome = reactions.change_fix(session, fix_id, wanted, seen=int(seen), actor=actor, now=now)
        if isinstance(outcome, Fixed):
            return fix_views.stored_text(outcome.fix, by_owner=owner.id == actor.id)
        return _refused(outcome, fix.cause, call)

    save_once(call, deed)


def on_finish(call: Call) -> None:
    """Say that a fix is done, by this one press; where it was pressed it is drawn anew."""
    fix_id = taken_uuid(taken(call.body, "actions", 0, "value"))

    def handled(session: Session, actor: Actor) -> tuple[str, bool, BlockKit | None]:
        now, key = call.deps.now(), action_key(call.body)

        def deed() -> str:
            outcome = checkins.finish_fix(session, fix_id, actor=actor, now=now)
            return _DONE if isinstance(outcome, Fixed) else fix_views.why_text(outcome.why, outcome.fix, now=now)

        fix, is_window = checkins.fix_of(session, fix_id), optional(call.body, "view", "type") == "modal"
        if fix is not None and is_window:
            intake.follow_kpis(session, fix.use_case_id, now=now)
        said = deliveries.once(session, key, deed, now=now)
        fix = checkins.fix_of(session, fix_id)
        window = None
        if fix is not None and is_window:
            window = listeners.board_view(session, fix.use_case_id, actor, call, notice=said)
        return said, fix is not None and not fix.is_open, window

    outcome = act(call.deps, call.client, user_of(call.body), handled)
    _answer_press(call, outcome)


def on_drop(call: Call) -> None:
    """Ask why."""
    _form_of(call, fix_views.drop_modal)


def on_dropped(call: Call) -> None:
    """Give the fix up."""
    fix_id = taken_uuid(taken(call.body, "view", "private_metadata"))
    reason = typed(call.body, Block.FIX_REASON, INPUT)

    def deed(session: Session, actor: Actor) -> str | AtFields:
        now = call.deps.now()
        outcome = checkins.drop_fix(session, fix_id, reason, actor=actor, now=now)
        if isinstance(outcome, Fixed):
            return "🗑️ Dropped. It is kept with your reason, and nobody is reminded of it any more."
        text = fix_views.why_text(outcome.why, outcome.fix, now=now)
        return AtFields({str(Block.FIX_REASON): text}) if outcome.why is NoFix.REASON_MISSING else text

    save_once(call, deed)


def _accept_form(
    session: Session, check_in_id: UUID, cause: RootCause, actor: Actor, call: Call, *, wrote: str = ""
) -> BlockKit | str:
    now = call.deps.now()
    about = checkins.to_accept_fix(session, check_in_id, actor=actor)
    if isinstance(about, NotFixed):
        return fix_views.why_text(about.why, about.fix, now=now)
    use_case = intake.use_case_of(session, about.use_case_id)
    corrected = checkins.said_of(about.answer.says.corrected) if about.answer else {}
    causes = [each for each in RootCause if corrected.get(each)]
    if use_case is None or about.answer is None or cause not in causes:
        return fix_views.WHY_NOT[NoFix.NOTHING_CORRECTED]
    by = about.answer.by if about.answer.by.membership is Membership.MEMBER else actor
    return fix_views.accept_modal(
        str(check_in_id),
        f"{subject_text(use_case)}\n{offering.offered_text(about)}",
        causes,
        cause,
        text=wrote or SUGGESTIONS[cause],
        owner=by.slack_id,
        due=people.local_day(actor, now) + checkins.USUALLY_DUE_AFTER,
    )


def _open_one(session: Session, check_in_id: UUID, cause: RootCause, actor: Actor) -> FixSnapshot | None:
    """Return the fix that is open for a cause, to somebody who may accept one on this answer."""
    found = checkins.to_accept_fix(session, check_in_id, actor=actor)
    if isinstance(found, NotFixed):
        return None
    return checkins.corrections_of(session, [found.use_case_id])[found.use_case_id].open_for(cause)


def _form_of(call: Call, draw: Callable[[FixSnapshot, str], BlockKit]) -> None:
    """Show a form about the fix that was pressed, or say privately why there is none."""
    fix_id = taken_uuid(taken(call.body, "actions", 0, "value"))

    def deed(session: Session, actor: Actor) -> BlockKit | str:
        fix = checkins.to_change_fix(session, fix_id, actor=actor)
        if isinstance(fix, NotFixed):
            return fix_views.why_text(fix.why, fix.fix, now=call.deps.now())
        return draw(fix, offering.about_text(session, fix, actor.id))

    showing.show(call, act(call.deps, call.client, user_of(call.body), deed))


def _answer_press(call: Call, outcome: tuple[str, bool, BlockKit | None] | NotAMember | Unchecked) -> None:
    """Draw the window anew, put the answer in the place of the message, or say it privately.

    Home is drawn anew anyway: there only who is refused hears more.
    """
    said, is_over, window = outcome if isinstance(outcome, tuple) else (refusal_text(outcome), False, None)
    is_home = optional(call.body, "view", "type") == "home"
    is_shown = (is_home and said == _DONE) or (window is not None and update_modal(call, window) is None)
    if not is_shown:
        (settle if is_over else whisper)(call, said)
    call.ack()
    call.deps.wake_outbox()


def _refused(outcome: NotFixed, cause: RootCause, call: Call) -> str | AtFields:
    """Return why nothing came of a form, at its field where that is what is wrong."""
    text = fix_views.why_text(outcome.why, outcome.fix, now=call.deps.now())
    what = fix_views.text_block(_cause_shown(call) or cause)
    fields = dict.fromkeys(_OF_TEXT, what) | dict.fromkeys(_OF_DAY, str(Block.FIX_DAY))
    fields |= {NoFix.NOT_A_READER: str(Block.FIX_OWNER), NoFix.NOTHING_CORRECTED: str(Block.FIX_CAUSE)}
    return AtFields({fields[outcome.why]: text}) if outcome.why in fields else text


def _no_colleague(who: NotAMember | Unchecked) -> AtFields:
    return AtFields({str(Block.FIX_OWNER): _NOT_A_COLLEAGUE if isinstance(who, NotAMember) else refusal_text(who)})


def _owner(call: Call) -> Actor | NotAMember | Unchecked:
    return person_named(call.deps, call.client, checked_id(chosen(call.body, Block.FIX_OWNER, INPUT) or ""))


def _pressed(call: Call) -> tuple[UUID, RootCause]:
    check_in_id, _, cause = taken(call.body, "actions", 0, "value").partition(".")
    return taken_uuid(check_in_id), _cause(cause)


def _cause_in(call: Call) -> RootCause:
    return _cause(chosen(call.body, Block.FIX_CAUSE, Action.CHOOSE_CAUSE) or "")


def _cause(text: str) -> RootCause:
    if text not in set(RootCause):
        raise MalformedPayloadError("no such cause")
    return RootCause(text)


def _text(call: Call, cause: RootCause) -> str:
    """Return what is to be done: it stands in the block of the cause the form was last drawn for."""
    shown = _cause_shown(call) or cause
    return typed(call.body, fix_views.text_block(shown), INPUT)


def _wrote(call: Call) -> str:
    """Return what somebody wrote themselves into the form; nothing where the suggestion stands."""
    shown = _cause_shown(call)
    text = typed(call.body, fix_views.text_block(shown), INPUT).strip() if shown else ""
    return "" if text in SUGGESTIONS.values() else text


def _cause_shown(call: Call) -> RootCause | None:
    """Return the cause whose suggestion the form shows."""
    blocks = found(call.body, "view", "blocks")
    ids = [found(each, "block_id") for each in blocks] if isinstance(blocks, list) else []
    return next((cause for cause in RootCause if fix_views.text_block(cause) in ids), None)
