"""Say each thing that waits for somebody in one line, with the button that leads to it."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from db.session import Session
from handlers.blocks import BlockKit, button
from handlers.checkins.offering import about_text
from handlers.checkins.prompts import answer_button as check_in_button
from handlers.checkins.saying import subject_text
from handlers.conditions.news import title
from handlers.ids import Action
from handlers.kinds import kind_of
from handlers.lifecycle.seeing import about
from handlers.recorded.views import propose_button
from handlers.recorded.words import called
from handlers.scorecards.views import answer_button as score_button
from handlers.subjects import picture_of
from handlers.text import day_in_words, inline, named
from workflows import approvals, intake
from workflows.approvals import RequestSnapshot
from workflows.checkins import CheckInSnapshot, Confirmations, FixSnapshot
from workflows.conditions import ConditionSnapshot
from workflows.digests import About, Thing, ThingKind
from workflows.foundation import PartSnapshot
from workflows.intake import UseCaseSnapshot
from workflows.lifecycle import TaskSnapshot
from workflows.people import Actor
from workflows.recertifying import Question
from workflows.recorded import RecordingSnapshot
from workflows.scorecards import Round

TEXT_SHOWN = 120
Line = tuple[str, BlockKit]


def line_of(session: Session, thing: Thing[About], person: Actor, today: date) -> Line:
    """Return a thing in words with when it is due, and its button."""
    text, way = _DRAWERS[thing.kind](session, thing.about, person)
    when = when_text(thing, today)
    return (f"{text}\n{when}" if when else text), way


def when_text(thing: Thing[Any], today: date) -> str:
    """Return “⚠️ It was due Fri 27 Feb 2026”, “Open since …”, “Due today”, “By …”; nothing for what has no day."""
    if thing.due is None:
        return ""
    if thing.is_late:
        return "⚠️ It was due today" if thing.due == today else f"⚠️ It was due {day_in_words(thing.due)}"
    if thing.due < today:  # its day is over, and whoever is asked still has time
        return f"Open since {day_in_words(thing.due)}"
    return "Due today" if thing.due == today else f"By {day_in_words(thing.due)}"


def _vote(session: Session, request: RequestSnapshot, person: Actor) -> Line:
    picture = picture_of(session, request, in_short=True)
    principal = request.principal_of(person.id)
    for_whom = f", for {named(principal.name)}, who is away" if principal else ""
    kind = f"{called_it} " if (called_it := kind_of(request.subject_kind).called) else ""
    label = f"Decide on {picture.reference}, {picture.title}"
    way = button(Action.OPEN, "Decide", str(request.id), style="primary", label=label)
    return f"🗳️ Decide on {kind}{title(picture)}{for_whom}", way


def _condition(session: Session, condition: ConditionSnapshot, _: Actor) -> Line:
    way = button(Action.GIVE_EVIDENCE, "Give evidence", str(condition.id), label=f"Give evidence: {condition.text}")
    return f"📎 Meet a condition of {_subject(session, condition.request_id)}: {_quote(condition.text)}", way


def _evidence(session: Session, condition: ConditionSnapshot, _: Actor) -> Line:
    way = button(Action.SEE_CONDITION, "Look at it", str(condition.id), label=f"Look at the evidence: {condition.text}")
    who = named(condition.owner.name)
    return f"🔎 Look at what {who} gave for a condition of {_subject(session, condition.request_id)}", way


def _check_in(session: Session, found: CheckInSnapshot, _: Actor) -> Line:
    use_case = _use_case(session, found.use_case_id)
    text = f"📋 Give the numbers of {subject_text(use_case)} for {day_in_words(found.on_date)}"
    return text, check_in_button(found, use_case, "Answer")


def _confirmation(session: Session, found: Confirmations, _: Actor) -> Line:
    use_case = _use_case(session, found.check_in.use_case_id)
    label = f"See the numbers of {use_case.reference}, {use_case.name}"
    way = button(Action.KPIS, "See them", str(use_case.id), label=label)
    return f"✔️ Say whether the numbers of {subject_text(use_case)} are right", way


def _recertification(_: Session, asked: Question, __: Actor) -> Line:
    use_case = asked.use_case
    label = f"Still valid: {use_case.reference}, {use_case.name}"
    way = button(Action.STILL_VALID, "Still valid …", str(use_case.id), label=label)
    lead = "⏸️ Suspended: is" if asked.has_lapsed else "⏳ Is"
    return f"{lead} {subject_text(use_case)} still done as it was approved?", way


def _fix(session: Session, fix: FixSnapshot, person: Actor) -> Line:
    way = button(Action.FINISH_FIX, "Done", str(fix.id), label=f"It is done: {fix.text}")
    return f"🔧 {about_text(session, fix, person.id)}: {_quote(fix.text)}", way


def _task(session: Session, task: TaskSnapshot, person: Actor) -> Line:
    way = button(Action.FINISH_TASK, "Done", str(task.id), label=f"It is done: {task.name}")
    return f"🧩 {about(session, task.use_case_id, person.id)}: {_quote(task.name)}", way


def _part(_: Session, part: PartSnapshot, __: Actor) -> Line:
    way = button(Action.OPEN_PART, "Open", part.kind.value, label=f"Open {part.reference}, {part.name}")
    return f"🧱 Look at *{part.reference}* “{part.name}” of the foundation again", way


def _recording(_: Session, recording: RecordingSnapshot, __: Actor) -> Line:
    return f"📌 Propose {called(recording)}, which is in use already", propose_button(recording)


def _scorecard(_: Session, found: Round, person: Actor) -> Line:
    way = score_button(found, person.id)
    return f"📝 Say how ready we are for AI: {found.reference}", way


def _subject(session: Session, request_id: UUID) -> str:
    return title(picture_of(session, approvals.existing_request(session, request_id), in_short=True))


def _use_case(session: Session, use_case_id: UUID) -> UseCaseSnapshot:
    found = intake.use_case_of(session, use_case_id)
    if found is None:
        raise LookupError(f"no use case {use_case_id}")
    return found


def _quote(text: str) -> str:
    return f"“{inline(text, limit=TEXT_SHOWN)}”"


_DRAWERS: Final[Mapping[ThingKind, Callable[[Session, Any, Actor], Line]]] = {
    ThingKind.VOTE: _vote,
    ThingKind.EVIDENCE: _evidence,
    ThingKind.CONFIRMATION: _confirmation,
    ThingKind.CHECK_IN: _check_in,
    ThingKind.CONDITION: _condition,
    ThingKind.RECERTIFICATION: _recertification,
    ThingKind.FIX: _fix,
    ThingKind.TASK: _task,
    ThingKind.PART: _part,
    ThingKind.RECORDING: _recording,
    ThingKind.SCORECARD: _scorecard,
}
