"""What people do with fixes: accept one on an answer, change it, say that it is done, or drop it with a reason."""

from datetime import datetime
from typing import Any
from uuid import UUID

from db.queries import checkin_runs as stored_runs
from db.queries import fixes as stored
from db.session import Session
from workflows import ledger, people
from workflows.checkins import corrections, fix_reading, fix_reminding, run_reading
from workflows.checkins.corrections import NoFix
from workflows.checkins.fix_snapshots import Fixed, FixSnapshot, NotFixed, Wanted
from workflows.checkins.run_snapshots import CheckInSnapshot
from workflows.checkins.turns import ENDED
from workflows.ledger import LedgerKind
from workflows.people import LEAD, Actor


def to_accept(session: Session, check_in_id: UUID, *, actor: Actor) -> CheckInSnapshot | NotFixed:
    """Return a check-in on whose answer this person may accept a fix now; or why they may not.

    May: whoever reports its KPIs or was asked, the use case's owner, its sponsor, and programme leads.
    """
    found = run_reading.check_in_of(session, check_in_id)
    if found is None or found.answer is None:
        return NotFixed(NoFix.UNKNOWN)
    if actor.id not in found.may and LEAD not in people.roles_of(session, actor.id):
        return NotFixed(NoFix.NOT_YOURS)
    if found.stands.use_case in ENDED:
        return NotFixed(NoFix.ENDED)
    corrected = corrections.said_of(found.answer.says.corrected)
    return found if corrections.leading(corrected) else NotFixed(NoFix.NOTHING_CORRECTED)


def accept(session: Session, check_in_id: UUID, wanted: Wanted, *, actor: Actor, now: datetime) -> Fixed | NotFixed:
    """Make a fix an action with an owner and a date. Of one use case and cause one is open at a time.

    The schedules of the use case are locked: of two who accept at once, the later one is told which is open.
    """
    found = to_accept(session, check_in_id, actor=actor)
    if isinstance(found, NotFixed):
        return found
    if not (found.answer and corrections.said_of(found.answer.says.corrected).get(wanted.cause)):
        return NotFixed(NoFix.NOTHING_CORRECTED)
    stored_runs.lock_schedules(session, found.use_case_id)
    there = stored.open_one(session, found.use_case_id, wanted.cause)
    if there is not None:
        return NotFixed(NoFix.OPEN_ALREADY, fix_reading.fix_of(session, there))
    today = people.local_day(actor, now)
    why = corrections.why_not_open(found.stands.use_case, wanted.due, wanted.text, today=today)
    if why is not None:
        return NotFixed(why)
    return _store(session, found.use_case_id, check_in_id, wanted, actor=actor, now=now)


def _store(
    session: Session, use_case_id: UUID, check_in_id: UUID, wanted: Wanted, *, actor: Actor, now: datetime
) -> Fixed:
    text_id, digest = ledger.write_text(session, wanted.text.strip(), by=actor.id, now=now)
    values: dict[str, Any] = {
        "use_case_id": use_case_id,
        "check_in_id": check_in_id,
        "cause": wanted.cause,
        "text_id": text_id,
        "owner_id": wanted.owner.id,
        "due": wanted.due,
        "accepted_by": actor.id,
        "accepted_at": now,
    }
    fix_id = stored.insert_fix(session, values)
    data: dict[str, ledger.Value] = {
        "use_case": str(use_case_id),
        "check_in": str(check_in_id),
        "cause": wanted.cause.value,
        "text": digest,
        **_who_and_when(wanted),
    }
    fix_reminding.record(session, fix_id, LedgerKind.FIX_ACCEPTED, data, actor=actor.id, now=now)
    return _told(session, fix_id, wanted.owner, {wanted.owner.id}, actor=actor, now=now)


def to_change(session: Session, fix_id: UUID, *, actor: Actor) -> FixSnapshot | NotFixed:
    """Return an open fix that this person may change, call done or drop; or why they may not."""
    found = fix_reading.fix_of(session, fix_id)
    if found is None:
        return NotFixed(NoFix.UNKNOWN)
    if actor.id not in found.may and LEAD not in people.roles_of(session, actor.id):
        return NotFixed(NoFix.NOT_YOURS)
    if found.done_at is not None:
        return NotFixed(NoFix.DONE, found)
    return NotFixed(NoFix.DROPPED, found) if found.dropped_at is not None else found


def change(
    session: Session, fix_id: UUID, wanted: Wanted, *, seen: int, actor: Actor, now: datetime
) -> Fixed | NotFixed:
    """Change what is to be done, by whom or by when; `seen` is the version the form showed. The fix is locked.

    Its owner is reminded of the new date as of the first. Who else is to do it now is told.
    """
    held = stored.lock_fix(session, fix_id)
    found = to_change(session, fix_id, actor=actor)
    if held is None or isinstance(found, NotFixed):
        return found if isinstance(found, NotFixed) else NotFixed(NoFix.UNKNOWN)
    if found.version != seen:
        return NotFixed(NoFix.CHANGED_MEANWHILE, found)
    today = people.local_day(actor, now)
    is_late_as_before = wanted.due == found.due and found.due < today  # who is to do it can be changed all the same
    why = corrections.why_not_open(found.use_case, today if is_late_as_before else wanted.due, wanted.text, today=today)
    if why is not None:
        return NotFixed(why, found)
    text = wanted.text.strip()
    if (text, wanted.owner.id, wanted.due) == (found.text, found.owner.id, found.due):
        return NotFixed(NoFix.UNCHANGED, found)
    values: dict[str, Any] = {"owner_id": wanted.owner.id, "due": wanted.due}
    data = _who_and_when(wanted)
    if text != found.text:
        values["text_id"], data["text"] = ledger.write_text(session, text, by=actor.id, now=now)
    stored.update_fix(session, held, values)
    fix_reminding.record(session, fix_id, LedgerKind.FIX_CHANGED, data, actor=actor.id, now=now)
    return _told(session, fix_id, wanted.owner, {found.owner.id, wanted.owner.id}, actor=actor, now=now)


def finish(session: Session, fix_id: UUID, *, actor: Actor, now: datetime) -> Fixed | NotFixed:
    """Say that a fix is done, once: what comes later is told who said so. The fix is locked."""
    values = {"done_at": now, "done_by": actor.id}
    return _end(session, fix_id, values, LedgerKind.FIX_DONE, {}, actor=actor, now=now)


def drop(session: Session, fix_id: UUID, reason: str, *, actor: Actor, now: datetime) -> Fixed | NotFixed:
    """Give a fix up, once, with a reason. The fix is locked."""
    held = stored.lock_fix(session, fix_id)
    found = to_change(session, fix_id, actor=actor)
    if held is None or isinstance(found, NotFixed):
        return found if isinstance(found, NotFixed) else NotFixed(NoFix.UNKNOWN)
    if not reason.strip():
        return NotFixed(NoFix.REASON_MISSING, found)
    reason_id, digest = ledger.write_text(session, reason.strip(), by=actor.id, now=now)
    values = {"dropped_at": now, "dropped_by": actor.id, "reason_id": reason_id}
    return _end(session, fix_id, values, LedgerKind.FIX_DROPPED, {"reason": digest}, actor=actor, now=now)


def _end(
    session: Session,
    fix_id: UUID,
    values: dict[str, Any],
    kind: LedgerKind,
    data: dict[str, ledger.Value],
    *,
    actor: Actor,
    now: datetime,
) -> Fixed | NotFixed:
    held = stored.lock_fix(session, fix_id)
    found = to_change(session, fix_id, actor=actor)
    if held is None or isinstance(found, NotFixed):
        return found if isinstance(found, NotFixed) else NotFixed(NoFix.UNKNOWN)
    stored.update_fix(session, held, {**values, "remind_at": None})
    fix_reminding.record(session, fix_id, kind, data, actor=actor.id, now=now)
    fix_reminding.redraw(session, held, {found.owner.id}, now=now)
    return Fixed(fix_reading.existing(session, fix_id))


def _told(session: Session, fix_id: UUID, owner: Actor, concerned: set[UUID], *, actor: Actor, now: datetime) -> Fixed:
    """Have whoever has it to do told and reminded, and what shows it drawn anew; return the fix as it is then."""
    held = stored.lock_fix(session, fix_id)
    if held is None:
        raise LookupError(f"fix {fix_id} was stored and is gone")
    fix_reminding.tell(session, held, owner, is_theirs=owner.id == actor.id, now=now)
    fix_reminding.redraw(session, held, concerned, now=now)
    return Fixed(fix_reading.existing(session, fix_id))


def _who_and_when(wanted: Wanted) -> dict[str, ledger.Value]:
    return {"owner": str(wanted.owner.id), "due": wanted.due.isoformat() if wanted.due else None}
