"""Presses and submissions of those who confirm numbers, or doubt them: parse, call one service, answer."""

from dataclasses import dataclass
from uuid import UUID

from db.enums import Verdict
from db.session import Session
from handlers.acting import act
from handlers.blocks import BlockKit
from handlers.checkins import confirming_views as views
from handlers.checkins import words
from handlers.checkins.asked import AtFields, press_once, save_once
from handlers.checkins.listeners import board_view
from handlers.ids import INPUT, Block
from handlers.payloads import MalformedPayloadError, action_key, taken, taken_uuid, typed, user_of
from handlers.routing import Call
from handlers.showing import show
from workflows import checkins, deliveries, intake, reactions
from workflows.checkins import AskedToConfirm, NotWitnessed, NoVerdict
from workflows.intake import UseCaseSnapshot
from workflows.people import Actor


@dataclass(frozen=True, slots=True)
class Seen:
    """Which request a button or form is about, and the revision of the answer whose numbers it showed."""

    request_id: UUID
    revision: int

    @classmethod
    def read(cls, carried: str) -> "Seen":
        request_id, _, revision = carried.partition(".")
        if not (revision.isascii() and revision.isdecimal()):
            raise MalformedPayloadError("no numbers of ours")
        return cls(taken_uuid(request_id), int(revision))


def on_confirmed(call: Call) -> None:
    """Take one press for it; the message is redrawn, and only who is refused hears more."""
    seen = Seen.read(taken(call.body, "actions", 0, "value"))
    press_once(call, lambda session, actor: _say(session, call, actor, seen, Verdict.CONFIRMED)[1])


def on_doubt(call: Call) -> None:
    """Ask what is not right."""
    seen = Seen.read(taken(call.body, "actions", 0, "value"))

    def deed(session: Session, actor: Actor) -> BlockKit | str:
        found = _asked(session, seen, actor)
        return views.doubt_modal(*found) if found else views.UNKNOWN

    show(call, act(call.deps, call.client, user_of(call.body), deed))


def on_doubted(call: Call) -> None:
    """Take the reason; who answered is told."""
    seen = Seen.read(taken(call.body, "view", "private_metadata"))
    reason = typed(call.body, Block.DOUBT_REASON, INPUT)

    def deed(session: Session, actor: Actor) -> str | AtFields:
        why, text = _say(session, call, actor, seen, Verdict.DOUBTED, reason=reason)
        if why in (NoVerdict.REASON_MISSING, NoVerdict.REASON_TOO_LONG):
            return AtFields({Block.DOUBT_REASON: text})
        return text or "⚠️ Stored. Who answered is told, and can change the numbers; you are asked again then."

    save_once(call, deed)


def on_reading_confirmed(call: Call) -> None:
    """Confirm a reading in the window of the KPIs, and show them as they are then."""
    reading_id = taken_uuid(taken(call.body, "actions", 0, "value"))
    use_case_id = taken_uuid(taken(call.body, "view", "private_metadata"))

    def deed(session: Session, actor: Actor) -> BlockKit | str:
        if not reactions.may_read_kpis(session, use_case_id, actor.id):
            return words.UNKNOWN
        key, now = action_key(call.body), call.deps.now()
        intake.follow_kpis(session, use_case_id, now=now)
        told = deliveries.once(session, key, lambda: _confirmed_text(session, reading_id, actor, call), now=now)
        return board_view(session, use_case_id, actor, call, notice=told)

    show(call, act(call.deps, call.client, user_of(call.body), deed))


def _confirmed_text(session: Session, reading_id: UUID, actor: Actor, call: Call) -> str:
    outcome = checkins.confirm_reading(session, reading_id, actor=actor, now=call.deps.now())
    return views.WHY_NOT[outcome.why] if isinstance(outcome, NotWitnessed) else "✅ Confirmed. That is on the record."


def _say(
    session: Session, call: Call, actor: Actor, seen: Seen, verdict: Verdict, *, reason: str = ""
) -> tuple[NoVerdict | None, str]:
    """Store somebody's word; return why it was not, with what to tell them."""
    if _asked(session, seen, actor) is None:
        return NoVerdict.UNKNOWN, views.UNKNOWN
    now = call.deps.now()
    outcome = checkins.say(session, seen.request_id, verdict, seen=seen.revision, reason=reason, actor=actor, now=now)
    return (outcome.why, views.WHY_NOT[outcome.why]) if isinstance(outcome, NotWitnessed) else (None, "")


def _asked(session: Session, seen: Seen, actor: Actor) -> tuple[AskedToConfirm, UseCaseSnapshot] | None:
    """Return what this person is asked to confirm; nothing to anybody else, nor once they may not read it any more."""
    found = checkins.asked_to_confirm(session, seen.request_id)
    if found is None or found.person_id != actor.id:
        return None
    use_case = intake.use_case_of(session, found.about.check_in.use_case_id)
    if use_case is None or not reactions.may_be_told(session, use_case.id, actor.id):
        return None
    return found, use_case
