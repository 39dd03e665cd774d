"""Snooze, skip, hand over, and say that one is away: presses at the message that asks, and their forms."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from db.session import Session
from handlers.acting import act, person_named, refusal_text
from handlers.away.form import on_away_pressed
from handlers.blocks import BlockKit, choices, day, modal, person, question, section, text_input
from handlers.checkins import saying
from handlers.checkins.asked import AtFields, press_once, refused, save_once
from handlers.checkins.prompts import More
from handlers.checkins.saying import subject_text
from handlers.ids import INPUT, Block, Callback
from handlers.payloads import MalformedPayloadError, checked_id, chosen, picked_day, taken, taken_uuid, typed, user_of
from handlers.routing import Call
from handlers.showing import show
from handlers.text import day_in_words, moment, named
from workflows import checkins, intake, reactions
from workflows.checkins import CheckInSnapshot, Done, No, NotDoneNow, Snooze
from workflows.intake import UseCaseSnapshot
from workflows.people import Actor, NotAMember

LONGEST_REASON = 1000
_NOT_A_COLLEAGUE = "Choose a full member of your organisation: guests, apps and others cannot answer for its numbers."


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen in a menu of the message, and the check-in it is about."""

    what: str
    check_in_id: UUID

    @classmethod
    def of_menu(cls, body: dict[str, Any]) -> "Chosen":
        what, _, check_in_id = taken(body, "actions", 0, "selected_option", "value").partition(".")
        return cls(what, taken_uuid(check_in_id))


def on_snooze(call: Call) -> None:
    """Ask again later; a date is asked for in a form."""
    said = Chosen.of_menu(call.body)
    if said.what not in set(Snooze):
        raise MalformedPayloadError("no such time to be asked again")
    if said.what == Snooze.DATE:
        _show_form(call, said.check_in_id, _snooze_modal)
        return

    def deed(session: Session, actor: Actor) -> str:
        now = call.deps.now()
        outcome = checkins.snooze(session, said.check_in_id, Snooze(said.what), None, actor=actor, now=now)
        return "" if isinstance(outcome, Done) else refused(session, outcome, actor)

    press_once(call, deed)


def on_snoozed(call: Call) -> None:
    """Take the date."""
    check_in_id = taken_uuid(taken(call.body, "view", "private_metadata"))
    picked = picked_day(call.body, Block.SNOOZE_DAY, INPUT)

    def deed(session: Session, actor: Actor) -> str | AtFields:
        now = call.deps.now()
        outcome = checkins.snooze(session, check_in_id, Snooze.DATE, picked, actor=actor, now=now)
        if isinstance(outcome, Done):
            until = outcome.check_in.snoozed_until
            return f"💤 You are asked again {moment(until)}." if until else saying.UNKNOWN
        at_field = outcome.why in (No.SNOOZE_PAST_END, No.SNOOZE_NOT_LATER)
        return _answer(session, outcome, actor, Block.SNOOZE_DAY if at_field else None)

    save_once(call, deed)


def on_skip(call: Call) -> None:
    """Ask why."""
    check_in_id = taken_uuid(taken(call.body, "actions", 0, "value"))
    _show_form(call, check_in_id, _skip_modal)


def on_skipped(call: Call) -> None:
    """Leave this period out."""
    check_in_id = taken_uuid(taken(call.body, "view", "private_metadata"))
    reason = typed(call.body, Block.SKIP_REASON, INPUT)

    def deed(session: Session, actor: Actor) -> str | AtFields:
        outcome = checkins.skip(session, check_in_id, reason, actor=actor, now=call.deps.now())
        if isinstance(outcome, Done):
            return f"⏭️ Skipped. The next check-in comes on {day_in_words(outcome.check_in.ends_on)}."
        return _answer(session, outcome, actor, Block.SKIP_REASON if outcome.why is No.REASON_MISSING else None)

    save_once(call, deed)


def on_more(call: Call) -> None:
    """Open the form of whatever was chosen behind the dots."""
    said = Chosen.of_menu(call.body)
    if said.what == More.AWAY:
        on_away_pressed(call)
        return
    if said.what != More.HAND_OVER:
        raise MalformedPayloadError("no such choice")
    _show_form(call, said.check_in_id, _hand_over_modal)


def on_handed_over(call: Call) -> None:
    """Ask somebody else, this time or from now on; who they are is asked of Slack first."""
    check_in_id = taken_uuid(taken(call.body, "view", "private_metadata"))
    to = person_named(call.deps, call.client, checked_id(chosen(call.body, Block.HAND_TO, INPUT) or ""))
    for_good = chosen(call.body, Block.HAND_FOR, INPUT) == "good"

    def deed(session: Session, actor: Actor) -> str | AtFields:
        if not isinstance(to, Actor):
            return AtFields({Block.HAND_TO: _NOT_A_COLLEAGUE if isinstance(to, NotAMember) else refusal_text(to)})
        now = call.deps.now()
        outcome = reactions.hand_over_check_in(session, check_in_id, to, for_good=for_good, actor=actor, now=now)
        if isinstance(outcome, Done):
            when = "from now on" if for_good else "this time"
            return f"↪️ {named(to.name)} is asked {when}, in their working hours."
        at_field = outcome.why in (No.SAME_PERSON, No.NOT_A_READER)
        return _answer(session, outcome, actor, Block.HAND_TO if at_field else None)

    save_once(call, deed)


def _answer(session: Session, outcome: NotDoneNow, actor: Actor, field: Block | None) -> str | AtFields:
    text = refused(session, outcome, actor)
    return AtFields({str(field): text}) if field else text


def _show_form(call: Call, check_in_id: UUID, draw: Callable[[CheckInSnapshot, UseCaseSnapshot], BlockKit]) -> None:
    def deed(session: Session, actor: Actor) -> BlockKit | str:
        return _form(session, check_in_id, actor, call, draw)

    show(call, act(call.deps, call.client, user_of(call.body), deed))


def _form(
    session: Session,
    check_in_id: UUID,
    actor: Actor,
    call: Call,
    draw: Callable[[CheckInSnapshot, UseCaseSnapshot], BlockKit],
) -> BlockKit | str:
    asked = checkins.to_put_off(session, check_in_id, actor=actor, now=call.deps.now())
    if isinstance(asked, NotDoneNow):
        return refused(session, asked, actor)
    use_case = intake.use_case_of(session, asked.use_case_id)
    return draw(asked, use_case) if use_case else saying.UNKNOWN


def _snooze_modal(asked: CheckInSnapshot, use_case: UseCaseSnapshot) -> BlockKit:
    hint = f"The next check-in comes on {day_in_words(asked.ends_on)}; choose a day before that."
    blocks = [section(subject_text(use_case)), question(Block.SNOOZE_DAY, "Ask me again on", day(), hint=hint)]
    return modal(Callback.SNOOZE, "Snooze", blocks, submit="Snooze", carries=str(asked.id))


def _skip_modal(asked: CheckInSnapshot, use_case: UseCaseSnapshot) -> BlockKit:
    hint = f"Nothing is filled in for {day_in_words(asked.on_date)}: it is shown as skipped, with this reason."
    reason = question(Block.SKIP_REASON, "Why?", text_input(longest=LONGEST_REASON, multiline=True), hint=hint)
    blocks = [section(subject_text(use_case)), reason]
    return modal(Callback.SKIP, "Skip this time", blocks, submit="Skip", carries=str(asked.id))


def _hand_over_modal(asked: CheckInSnapshot, use_case: UseCaseSnapshot) -> BlockKit:
    options = {"once": "This time", "good": "From now on: they report these KPIs"}
    first = choices(options)[0]
    how_long = {"type": "radio_buttons", "options": choices(options), "initial_option": first}
    blocks = [
        section(subject_text(use_case)),
        question(Block.HAND_TO, "Who is asked instead", person(placeholder="A colleague")),
        question(Block.HAND_FOR, "For how long", how_long),
    ]
    return modal(Callback.HAND_OVER, "Hand over", blocks, submit="Hand over", carries=str(asked.id))
