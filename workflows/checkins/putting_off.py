"""Snooze a check-in, skip it with a reason, or hand it over to somebody else, this time or from now on."""

from datetime import date, datetime
from uuid import UUID

from db.enums import CheckInState, KpiField
from db.queries import checkin_runs as stored
from db.queries import checkins as stored_kpis
from db.session import Session
from db.tables import CheckIn
from workflows import ledger, people
from workflows.checkins import asking, giving, run_reading, scheduling, turns
from workflows.checkins.recording import record_changes
from workflows.checkins.rules import Changed
from workflows.checkins.run_snapshots import CheckInSnapshot, Done, NotDoneNow
from workflows.checkins.turns import No, Snooze
from workflows.ledger import LedgerKind
from workflows.people import Actor

LONGEST_REASON = 1000


def to_put_off(session: Session, check_in_id: UUID, *, actor: Actor, now: datetime) -> CheckInSnapshot | NotDoneNow:
    """Return a check-in this person may snooze, skip or hand over now; or why they may not."""
    found = run_reading.check_in_of(session, check_in_id)
    if found is None:
        return NotDoneNow(No.UNKNOWN)
    refused = run_reading.why_not_theirs(session, found, actor.id)
    if refused is not None:
        return refused
    why = turns.why_not_put_off(found.stands, now)
    return NotDoneNow(why, found) if why else found


def snooze(
    session: Session, check_in_id: UUID, what: Snooze, day: date | None, *, actor: Actor, now: datetime
) -> Done | NotDoneNow:
    """Ask again later within the same period, with both reminders after that; `day` goes with `Snooze.DATE`."""
    held = _held(session, check_in_id, actor, now=now)
    if isinstance(held, NotDoneNow):
        return held
    row, found = held
    calendar = people.calendars_of(session, [row.asked_id])[row.asked_id]
    until = turns.snoozed_until(what, day, calendar, now=now, closes_at=row.closes_at)
    if isinstance(until, No):
        return NotDoneNow(until, found)
    state = CheckInState.DUE if row.state is CheckInState.OVERDUE else row.state
    stored.update_check_in(
        session, row.id, {"snoozed_until": until, "act_at": until, "reminders": 0, "due_at": None, "state": state}
    )
    data: dict[str, ledger.Value] = {"until": ledger.stamp(until)}
    asking.record(session, row, LedgerKind.CHECK_IN_SNOOZED, data, actor=actor.id, now=now)
    return _done(session, row, now=now)


def skip(session: Session, check_in_id: UUID, reason: str, *, actor: Actor, now: datetime) -> Done | NotDoneNow:
    """Leave out one period, with a reason; nothing is made up for it."""
    held = _held(session, check_in_id, actor, now=now)
    if isinstance(held, NotDoneNow):
        return held
    row, found = held
    if not reason.strip():
        return NotDoneNow(No.REASON_MISSING, found)
    reason_id, digest = ledger.write_text(session, reason.strip(), by=actor.id, now=now)
    values = {"state": CheckInState.SKIPPED, "skipped_by": actor.id, "reason_id": reason_id}
    stored.update_check_in(session, row.id, values | {"act_at": None, "snoozed_until": None})
    asking.record(session, row, LedgerKind.CHECK_IN_SKIPPED, {"reason": digest}, actor=actor.id, now=now)
    return _done(session, row, now=now)


def hand_over(
    session: Session, check_in_id: UUID, to: Actor, *, for_good: bool, actor: Actor, now: datetime
) -> Done | NotDoneNow:
    """Ask somebody else, a full member, this time; `for_good` makes the KPIs theirs: they are asked from now on.

    They are asked in their own hours; whoever was asked before sees who is now.
    """
    row = stored.check_in(session, check_in_id)
    if row is not None and for_good:  # first, and all, as whoever changes a KPI or accepts a fix takes them
        stored_kpis.lock_kpis(session, row.use_case_id)
        stored.lock_schedules(session, row.use_case_id)
    held = _held(session, check_in_id, actor, now=now)
    if isinstance(held, NotDoneNow):
        return held
    row, found = held
    if to.id == found.person.id if for_good else to.id == found.asked.id:
        return NotDoneNow(No.SAME_PERSON, found)
    asking.begin_anew(session, row, to, now=now)
    data: dict[str, ledger.Value] = {"from": str(found.asked.id), "to": str(to.id), "for_good": for_good}
    asking.record(session, row, LedgerKind.CHECK_IN_HANDED_OVER, data, actor=actor.id, now=now)
    if for_good:
        _give_kpis(session, found, to, actor=actor, now=now)
    done = _done(session, row, now=now)
    asking.turn(session, row.id, now=now)
    return done


def _held(
    session: Session, check_in_id: UUID, actor: Actor, *, now: datetime
) -> tuple[CheckIn, CheckInSnapshot] | NotDoneNow:
    """Return a check-in this person may put off, locked, its schedule first."""
    row = stored.check_in(session, check_in_id)
    if row is None or stored.lock_schedule(session, row.schedule_id) is None:
        return NotDoneNow(No.UNKNOWN)
    row = stored.lock_check_in(session, check_in_id)
    found = to_put_off(session, check_in_id, actor=actor, now=now)
    if row is None or isinstance(found, NotDoneNow):
        return found if isinstance(found, NotDoneNow) else NotDoneNow(No.UNKNOWN)
    return row, found


def _give_kpis(session: Session, found: CheckInSnapshot, to: Actor, *, actor: Actor, now: datetime) -> None:
    """Make the KPIs of whoever reports them another person's, and their schedule with them."""
    for row in stored_kpis.lock_kpis(session, found.use_case_id):
        if row.owner_id == found.person.id and row.retired_at is None:
            stored_kpis.update_kpi(session, row.id, version=row.version, values={"owner_id": to.id})
            changed = Changed(KpiField.OWNER, str(found.person.id), str(to.id))
            record_changes(session, row.id, [changed], revision=None, actor=actor.id, now=now)
    scheduling.follow(session, found.use_case_id, now=now)
    giving.give(session, found.use_case_id, to, by=actor.id, now=now)


def _done(session: Session, row: CheckIn, *, now: datetime) -> Done:
    asking.redraw(session, row, now=now)
    after = run_reading.check_in_of(session, row.id)
    if after is None:
        raise LookupError(f"check-in {row.id} is held and gone")
    return Done(after)
