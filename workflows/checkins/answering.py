"""Take an answer to a check-in: in time, early, late, or changed. What was there before is kept."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from db.enums import CheckInState
from db.queries import checkin_runs as stored
from db.session import Session
from db.tables import CheckIn, CheckInSchedule
from workflows import ledger, people
from workflows.checkins import asking, run_reading, scheduling, turns
from workflows.checkins.numbers import as_typed
from workflows.checkins.run_snapshots import Asked, CheckInSnapshot, Done, NotDoneNow, Said
from workflows.checkins.turns import EARLIEST, No
from workflows.ledger import LedgerKind
from workflows.people import Actor


def to_answer(
    session: Session, schedule_id: UUID, on_date: date, *, actor: Actor, now: datetime
) -> CheckInSnapshot | NotDoneNow:
    """Return a check-in for the form in which it is answered, or changed; or why it takes no answer from them."""
    schedule = stored.schedule(session, schedule_id)
    if schedule is None:
        return NotDoneNow(No.UNKNOWN)
    return _judged(session, schedule, on_date, actor, edits=True, now=now)


def answer(
    session: Session,
    schedule_id: UUID,
    on_date: date,
    values: Mapping[UUID, float],
    says: Said,
    *,
    seen: int,
    actor: Actor,
    now: datetime,
) -> Done | NotDoneNow:
    """Store an answer, or its next revision: `values` by KPI, and what is said of the use case as a whole.

    `seen` is the revision the form showed: of two who answer at once the later one is told. The schedule is locked, so
    an early answer opens its period once.
    """
    schedule = stored.lock_schedule(session, schedule_id)
    if schedule is None:
        return NotDoneNow(No.UNKNOWN)
    found = _judged(session, schedule, on_date, actor, edits=seen > 0, now=now)
    if isinstance(found, NotDoneNow):
        return found
    if found.stands.revision != seen:
        return NotDoneNow(No.ANSWERED_MEANWHILE, found)
    typed = {each.kpi.id: values[each.kpi.id] for each in found.typed if each.kpi.id in values}
    if not typed and says == Said():
        return NotDoneNow(No.NOTHING_ASKED, found)
    return _store(session, schedule, found, typed, says if found.is_whole else Said(), actor=actor, now=now)


def answer_unchanged(session: Session, check_in_id: UUID, *, actor: Actor, now: datetime) -> Done | NotDoneNow:
    """Answer with the last values, by one press. What happened since, hours saved and corrections, is not said by that.

    Confidence and how many people use it are as they were, with the reasons.
    """
    row = stored.check_in(session, check_in_id)
    schedule = stored.lock_schedule(session, row.schedule_id) if row else None
    if row is None or schedule is None:
        return NotDoneNow(No.UNKNOWN)
    found = _judged(session, schedule, row.on_date, actor, edits=False, now=now)
    if isinstance(found, NotDoneNow):
        return found
    if not found.can_be_unchanged:
        return NotDoneNow(No.NO_LAST_VALUE, found)
    values = {each.kpi.id: each.last.value for each in found.typed if each.is_wanted and each.last}
    says = _still(found.before) if found.before else Said()
    return _store(session, schedule, found, values, says, actor=actor, now=now, is_unchanged=True)


def _still(before: Said) -> Said:
    return Said(before.confidence, before.why, before.help, before.eligible, before.active)


def _judged(
    session: Session, schedule: CheckInSchedule, on_date: date, actor: Actor, *, edits: bool, now: datetime
) -> CheckInSnapshot | NotDoneNow:
    row = stored.check_in_on(session, schedule.id, on_date)
    if row is None and on_date != schedule.next_date:
        return NotDoneNow(No.UNKNOWN)
    found = run_reading.snapshot(session, schedule, row)
    refused = run_reading.why_not_theirs(session, found, actor.id)
    if refused is not None:
        return refused
    if row is None and not _may_be_early(session, schedule, now=now):
        return NotDoneNow(No.TOO_EARLY, found)
    why = turns.why_no_answer(found.stands, now, edits=edits)
    return NotDoneNow(why, found) if why else found


def _may_be_early(session: Session, schedule: CheckInSchedule, *, now: datetime) -> bool:
    is_near = schedule.ended_at is None and schedule.next_at - now <= EARLIEST
    return is_near and not stored.not_over(session, schedule.id)


def _store(
    session: Session,
    schedule: CheckInSchedule,
    found: CheckInSnapshot,
    values: Mapping[UUID, float],
    says: Said,
    *,
    actor: Actor,
    now: datetime,
    is_unchanged: bool = False,
) -> Done:
    check_in_id = found.id or scheduling.take_next(session, schedule, now=now)
    row = stored.lock_check_in(session, check_in_id)
    if row is None:
        raise LookupError(f"check-in {check_in_id} was there and is gone")
    revision, digests = (
        row.revision + 1,
        _write_answer(session, row, says, is_unchanged=is_unchanged, actor=actor, now=now),
    )
    _write_readings(session, row, found, values, actor=actor, now=now)
    changes: dict[str, Any] = {"state": CheckInState.ANSWERED, "revision": revision, "act_at": None}
    changes |= {"snoozed_until": None, "skipped_by": None, "reason_id": None}
    if row.revision == 0:
        changes |= {"answered_at": now, "answered_by": actor.id}
    data: dict[str, ledger.Value] = {
        "revision": revision,
        "unchanged": is_unchanged,
        "kpis": [str(kpi_id) for kpi_id in values],
        "values": [as_typed(value) for value in values.values()],
        **_counted(says),
        **digests,
    }
    is_edit = row.revision > 0
    stored.update_check_in(session, row.id, changes)
    asking.record(session, row, LedgerKind.CHECK_IN_ANSWERED, data, actor=actor.id, now=now)
    asking.redraw(session, row, now=now)
    after = run_reading.check_in_of(session, row.id)
    if after is None:
        raise LookupError(f"check-in {row.id} was answered and is gone")
    return Done(after, is_edit)


def _write_answer(
    session: Session, row: CheckIn, says: Said, *, is_unchanged: bool, actor: Actor, now: datetime
) -> dict[str, ledger.Value]:
    """Store what was said as the next revision; return the digests of what was written in words."""
    words = {
        "why": says.why,
        "help": says.help,
        "hours_method": says.hours_method,
        "blockers": says.blockers,
        "wins": says.wins,
    }
    written = {
        name: ledger.write_text(session, text, by=actor.id, now=now) for name, text in words.items() if text.strip()
    }
    low, high = says.hours or (None, None)
    by_prompt, by_context, by_workflow = says.corrected
    values = {
        "check_in_id": row.id,
        "revision": row.revision + 1,
        "answered_by": actor.id,
        "answered_at": now,
        "is_unchanged": is_unchanged,
        "confidence": says.confidence,
        "eligible": says.eligible,
        "active": says.active,
        "hours_low": low,
        "hours_high": high,
        "looked_at": says.looked_at,
        "corrected_prompt": by_prompt,
        "corrected_context": by_context,
        "corrected_workflow": by_workflow,
        "cost": says.cost,
        "currency": says.currency,
        "evidence_link": says.evidence or None,
        **{f"{name}_id": written[name][0] if name in written else None for name in stored.TEXTS},
    }
    stored.insert_answer(session, values)
    return {name: digest for name, (_, digest) in written.items()}


def _counted(says: Said) -> dict[str, ledger.Value]:
    """Return what was said in numbers, for the record; what was not said is left out."""
    counts = {"eligible": says.eligible, "active": says.active, "looked_at": says.looked_at}
    counts |= dict(zip(("by_prompt", "by_context", "by_workflow"), says.corrected, strict=True))
    told: dict[str, ledger.Value] = {name: count for name, count in counts.items() if count is not None}
    told |= {"confidence": says.confidence.value} if says.confidence else {}
    told |= {"hours": [as_typed(each) for each in says.hours]} if says.hours else {}
    return told | ({"cost": as_typed(says.cost)} if says.cost is not None else {})


def _write_readings(
    session: Session,
    row: CheckIn,
    found: CheckInSnapshot,
    values: Mapping[UUID, float],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Store what is new, and let count no more what it replaces. A value that is still the same stays as it is.

    So does what was answered of KPIs that are not asked for here any more, given to somebody else, say; and what was
    answered in another unit, unless it is typed again.
    """
    asked = {each.kpi.id for each in found.typed}
    there = {each.kpi_id: each for each in stored.readings_in(session, row.id) if each.kpi_id in asked}
    other_unit = {each.kpi.id for each in found.typed if not each.is_in_unit}
    same = {kpi_id for kpi_id, each in there.items() if values.get(kpi_id) == each.value} - other_unit
    left = {kpi_id for kpi_id in other_unit if kpi_id not in values}
    stored.supersede(session, [each.id for kpi_id, each in there.items() if kpi_id not in same | left], at=now)
    read_for = min(row.on_date, people.local_day(actor, now))
    rows = [
        {
            **_reading(each, values[each.kpi.id]),
            "read_for": there[each.kpi.id].read_for if each.kpi.id in there else read_for,
            "check_in_id": row.id,
            "revision": row.revision + 1,
            "entered_by": actor.id,
            "entered_at": now,
            "supersedes_id": there[each.kpi.id].id if each.kpi.id in there else None,
        }
        for each in found.kpis
        if each.kpi.id in values and each.kpi.id not in same
    ]
    stored.insert_readings(session, rows)


def _reading(asked: Asked, value: float) -> dict[str, Any]:
    return {"kpi_id": asked.kpi.id, "value": value, "unit": asked.kpi.unit, "source": asked.kpi.source}
