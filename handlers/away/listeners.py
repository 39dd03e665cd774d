"""`/gatehouse`, the form in which people say that they are away, and the button that says they are back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, assert_never

from db.session import Session
from handlers.acting import act, person_named, refusal_text
from handlers.away import payloads, views
from handlers.away.digest_words import DigestAsked, WeekAsked
from handlers.away.form import open_form
from handlers.away.payloads import Leave, Mistake, Return, Word
from handlers.digests import asked as digests
from handlers.digests import your_week
from handlers.foundation import listeners as foundation
from handlers.glass import LISTED, MAY_LIST, NO_LIST, list_text
from handlers.ids import Block
from handlers.lessons import listeners as lessons
from handlers.objectives.listeners import open_tree
from handlers.payloads import action_key, command_key, optional, submission_key, taken, user_of
from handlers.programme import listeners as programme
from handlers.recertifying import campaigning
from handlers.recorded.listeners import open_list
from handlers.routing import Call, whisper
from handlers.scorecards import listeners as scorecards
from handlers.waits import NOT_STEERING, where_text
from workflows import approvals, breaking_glass, checkins, deliveries, people, policy, reactions
from workflows.approvals import RequestSnapshot
from workflows.people import Absence, Actor, NoDelegation, NoLeave, NotAMember, Unchecked

_STILL_ASKED = 100


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why somebody cannot be away like that: the field it is about, and what to say."""

    field: Block
    text: str


def on_command(call: Call) -> None:
    """Answer `/gatehouse` privately, in the acknowledgement itself."""
    said = payloads.read(optional(call.body, "text") or "")
    match said:
        case Word() if said in _WINDOWS:
            _opened(call, _WINDOWS[said](call))
        case DigestAsked():
            _opened(call, digests.open_window(call, said))
        case WeekAsked():
            your_week.answer_command(call, said)
        case _:
            _answer(call, said)
    call.deps.wake_outbox()


def _opened(call: Call, problem: str | None) -> None:
    call.ack(problem) if problem else call.ack()


def _answer(call: Call, said: Word | Mistake | Leave | Return) -> None:
    """Answer in words."""
    answer: str | Refusal
    match said:
        case Word():
            answer = _told(call, lambda session, person: _ANSWERS[said](call, session, person))
        case Mistake():
            answer = _told(call, lambda _, person: views.mistake_text(said, people.local_day(person, call.deps.now())))
        case Leave():
            answer = _told_once(call, command_key(call.body), _leaving(call, said))
        case Return():
            answer = _told_once(call, command_key(call.body), _returning(call, said.day))
        case _:
            assert_never(said)
    call.ack(answer.text if isinstance(answer, Refusal) else answer)


def on_away_saved(call: Call) -> None:
    """Take the form: what cannot be stands at its field, the outcome replaces the form."""
    said = Leave.of_form(call.body)
    outcome = _done_once(call, submission_key(call.body), _leaving(call, said))
    match outcome:
        case Refusal():
            call.ack(response_action="errors", errors={str(outcome.field): outcome.text})
        case Unchecked():  # the form stays open
            call.ack(response_action="errors", errors={str(Block.AWAY_UNTIL): refusal_text(outcome)})
        case NotAMember():
            call.ack(response_action="update", view=views.notice_modal(refusal_text(outcome)))
        case _:
            call.ack(response_action="update", view=views.notice_modal(outcome))
    call.deps.wake_outbox()


def on_return_pressed(call: Call) -> None:
    """End the leave whose line on Home was pressed; Home is drawn anew."""
    day = payloads.read(f"back {taken(call.body, 'actions', 0, 'value')}")
    deed = _returning(call, day.day if isinstance(day, Return) else None)
    outcome = _told_once(call, action_key(call.body), deed)
    whisper(call, outcome.text if isinstance(outcome, Refusal) else outcome)
    call.ack()


def _leaving(call: Call, said: Leave) -> Callable[[Session, Actor], str | Refusal]:
    """Return the deed that keeps a leave; who decides meanwhile is asked of Slack first."""
    to = person_named(call.deps, call.client, said.delegate) if said.delegate else None

    def deed(session: Session, person: Actor) -> str | Refusal:
        now = call.deps.now()
        if isinstance(to, NotAMember | Unchecked):
            return Refusal(Block.AWAY_DELEGATE, views.DELEGATE_REFUSED[type(to)])
        outcome = people.set_leave(session, person, said.first, said.last, to=to, now=now)
        match outcome:
            case NoLeave():
                return Refusal(Block.AWAY_UNTIL, views.no_leave_text(outcome, people.local_day(person, now)))
            case NoDelegation():
                others = people.absences_of(session, person, now=now)
                return Refusal(Block.AWAY_DELEGATE, views.no_delegation_text(outcome, others))
            case Absence():
                checkins.follow_leave(session, person, now=now)
                return _left_text(session, person, outcome, to, call)

    return deed


def _left_text(session: Session, person: Actor, absence: Absence, to: Actor | None, call: Call) -> str:
    now = call.deps.now()
    waits = len(approvals.waiting_for(session, person.id, limit=_STILL_ASKED))
    handed = approvals.to_hand_over(session, person.id, now=now)
    theirs = people.absences_of(session, to, now=now) if to else []
    also_away = next((each for each in theirs if _meet(each, absence)), None)
    today = people.local_day(person, now)
    return views.left_text(absence, today, handed=handed, stays=waits - handed, also_away=also_away)


def _meet(one: Absence, other: Absence) -> bool:
    return one.first_day <= other.last_day and other.first_day <= one.last_day


def _returning(call: Call, day: date | None) -> Callable[[Session, Actor], str | Refusal]:
    def deed(session: Session, person: Actor) -> str:
        now = call.deps.now()
        today = people.local_day(person, now)
        ended = people.end_leave(session, person, day or today, now=now)
        planned = people.absences_of(session, person, now=now)
        if ended is None:
            return views.not_away_text(planned, today)
        checkins.follow_leave(session, person, now=now)
        waits = len(approvals.waiting_for(session, person.id, limit=_STILL_ASKED))
        return views.back_text(ended, today, waits=waits, planned=planned)

    return deed


def _standing(call: Call, session: Session, person: Actor) -> str:
    now = call.deps.now()
    today = people.local_day(person, now)
    roles = people.roles_of(session, person.id)
    absences = people.absences_of(session, person, now=now)
    return views.help_text(absences, today, steers=bool(roles & policy.STEERING), sees_glass=bool(roles & MAY_LIST))


def _waits(call: Call, session: Session, person: Actor) -> str:
    """Return where requests wait, for those who hold a role that may know, at this moment."""
    if not people.roles_of(session, person.id) & policy.STEERING:
        return NOT_STEERING
    return where_text(approvals.where_requests_wait(session, now=call.deps.now()))


def _break_glass(call: Call, session: Session, person: Actor) -> str:
    """Return what went ahead by break-glass, for those who hold a role that may know."""
    if not people.roles_of(session, person.id) & MAY_LIST:
        return NO_LIST

    def may_read(request: RequestSnapshot) -> bool:
        return reactions.may_read(session, request, person.id)

    found = breaking_glass.listed(session, limit=LISTED, may_read=may_read)
    return list_text(found, breaking_glass.counted_lately(session, now=call.deps.now()))


def _done_once(
    call: Call, key: str, deed: Callable[[Session, Actor], str | Refusal]
) -> str | Refusal | NotAMember | Unchecked:
    """Do it once for one delivery; the same delivery again gets the same words."""

    def handled(session: Session, person: Actor) -> str | Refusal:
        return deliveries.once(session, key, lambda: deed(session, person), now=call.deps.now())

    return act(call.deps, call.client, user_of(call.body), handled)


def _told_once(call: Call, key: str, deed: Callable[[Session, Actor], str | Refusal]) -> str | Refusal:
    outcome = _done_once(call, key, deed)
    return refusal_text(outcome) if isinstance(outcome, NotAMember | Unchecked) else outcome


def _told(call: Call, deed: Callable[[Session, Actor], str]) -> str:
    outcome = act(call.deps, call.client, user_of(call.body), deed)
    return outcome if isinstance(outcome, str) else refusal_text(outcome)


_WINDOWS: Final[Mapping[Word, Callable[[Call], str | None]]] = {
    Word.FORM: open_form,
    Word.RECERTIFY: campaigning.open_form,
    Word.RECORDED: open_list,
    Word.OBJECTIVES: open_tree,
    Word.PROGRAMME: programme.open_page,
    Word.FOUNDATION: foundation.open_form,
    Word.LESSONS: lessons.open_all,
    Word.SCORECARD: scorecards.open_window,
}
"""What opens a window; it returns what to say where that did not go well."""
_ANSWERS: Final[Mapping[Word, Callable[[Call, Session, Actor], str]]] = {
    Word.HELP: _standing,
    Word.WAITS: _waits,
    Word.BREAK_GLASS: _break_glass,
    Word.BLOCKS: programme.blocks_text,
}
"""What is answered in words."""
