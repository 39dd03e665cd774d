"""What people do with a KPI: say who reports it, how often and from where; lock its baseline, and amend it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from db.enums import KpiSource
from db.queries import checkins as stored
from db.session import Session
from db.tables import Kpi as KpiRow
from workflows import ledger, people
from workflows.checkins import giving, scheduling
from workflows.checkins.numbers import as_typed
from workflows.checkins.reading import kpi_of
from workflows.checkins.recording import record, record_changes
from workflows.checkins.rules import Measured, Rhythm, Understood, Why, edits, understood, why_not
from workflows.checkins.snapshots import Edited, KpiSnapshot, Locked, NotDone, NotLocked, Standing
from workflows.ledger import Fact, LedgerKind
from workflows.people import Actor


def edit(
    session: Session,
    kpi_id: UUID,
    *,
    seen: int,
    rhythm: Rhythm,
    source: KpiSource,
    owner: Actor,
    standing: Standing,
    actor: Actor,
    now: datetime,
) -> Edited | NotDone:
    """Change who reports a KPI, how often and from where. `owner` is a full member; `seen` the version shown.

    All KPIs of the use case are locked: of two who change one at once, the later one is told, and of two who change
    different ones the later sees who is left to be asked.
    """
    there = stored.kpi(session, kpi_id)
    held = stored.lock_kpis(session, there.use_case_id) if there else ()
    row = next((each for each in held if each.id == kpi_id), None)
    refusal = _refusal(session, row, standing, actor)
    if row is None or refusal is not None:
        return _not_done(session, kpi_id, refusal or Why.UNKNOWN)
    before = (Rhythm(row.cadence, row.every_weeks), row.source, row.owner_id)
    changes = edits(before, (rhythm, source, owner.id))
    if not changes:
        return _not_done(session, kpi_id, Why.UNCHANGED)
    if row.version != seen:
        return _not_done(session, kpi_id, Why.CHANGED_MEANWHILE)
    values = {"cadence": rhythm.cadence, "every_weeks": rhythm.weeks, "source": source, "owner_id": owner.id}
    stored.update_kpi(session, kpi_id, version=row.version, values=values)
    record_changes(session, kpi_id, changes, revision=None, actor=actor.id, now=now)
    scheduling.follow(session, row.use_case_id, now=now)
    if owner.id != before[2]:
        giving.give(session, row.use_case_id, owner, by=actor.id, now=now)
    return Edited(_existing(session, kpi_id))


def lock_baseline(
    session: Session,
    kpi_id: UUID,
    said: Measured,
    *,
    amends: UUID | None,
    standing: Standing,
    actor: Actor,
    now: datetime,
) -> Locked | NotLocked | NotDone:
    """Lock what a KPI stood at, or amend the baseline `amends` by a new one; what was locked stays as it is.

    The KPI is locked: of two who do it at once one is first, and the other is told what counts now.
    """
    row = stored.lock_kpi(session, kpi_id)
    refusal = _refusal(session, row, standing, actor)
    if row is None or refusal is not None:
        return _not_done(session, kpi_id, refusal or Why.UNKNOWN)
    kpi = _existing(session, kpi_id)
    current = kpi.baseline
    if (current.id if current else None) != amends:
        return NotDone(Why.LOCKED_MEANWHILE, kpi)
    measured = understood(
        said,
        kpi.says,
        today=people.local_day(actor, now),
        locale=people.locale_of(session, actor.id),
        last=current.value if current and current.unit == kpi.unit else kpi.says.baseline,
        needs_reason=current is not None,
    )
    if not isinstance(measured, Understood):
        return NotLocked(measured)
    _write(session, kpi, measured, actor=actor, now=now)
    kpi = _existing(session, kpi_id)
    if kpi.baseline is None:
        raise LookupError(f"the baseline of KPI {kpi_id} was stored and is gone")
    return Locked(kpi, kpi.baseline, amends=current is not None)


def who_may(kpi: KpiSnapshot, standing: Standing) -> frozenset[UUID]:
    """Return who may change a KPI besides programme leads."""
    return standing.people | {kpi.owner.id}


def may_change(session: Session, kpi: KpiSnapshot, standing: Standing, viewer: UUID) -> Why | None:
    """Return why this person may not change a KPI now, or None when they may."""
    leads = people.LEAD in people.roles_of(session, viewer)
    may = who_may(kpi, standing)
    return why_not(actor=viewer, may=may, leads=leads, has_ended=standing.has_ended, in_use=kpi.in_use)


def _write(session: Session, kpi: KpiSnapshot, measured: Understood, *, actor: Actor, now: datetime) -> None:
    current = kpi.baseline
    method_id, method = ledger.write_text(session, measured.method, by=actor.id, now=now)
    values: dict[str, Any] = {
        "kpi_id": kpi.id,
        "number": len(kpi.baselines) + 1,
        "value": measured.value,
        "unit": kpi.unit,
        "first_day": measured.first_day,
        "last_day": measured.last_day,
        "n": measured.n,
        "method_id": method_id,
        "locked_by": actor.id,
        "locked_at": now,
        "amends_id": current.id if current else None,
        "reason_id": None,
    }
    data: dict[str, ledger.Value] = {
        "value": as_typed(measured.value),
        "first_day": measured.first_day.isoformat(),
        "last_day": measured.last_day.isoformat(),
        "n": measured.n,
        "method": method,
    }
    if current is not None:
        values["reason_id"], data["reason"] = ledger.write_text(session, measured.reason, by=actor.id, now=now)
        data["amends"] = str(current.id)
    data["baseline"] = str(stored.insert_baseline(session, values))
    kind = LedgerKind.BASELINE_LOCKED if current is None else LedgerKind.BASELINE_AMENDED
    record(session, kpi.id, [Fact(kind, data)], actor=actor.id, now=now)


def _refusal(session: Session, row: KpiRow | None, standing: Standing, actor: Actor) -> Why | None:
    if row is None:
        return Why.UNKNOWN
    return why_not(
        actor=actor.id,
        may=standing.people | {row.owner_id},
        leads=people.LEAD in people.roles_of(session, actor.id),
        has_ended=standing.has_ended,
        in_use=row.retired_at is None,
    )


def _not_done(session: Session, kpi_id: UUID, why: Why) -> NotDone:
    return NotDone(why, kpi_of(session, kpi_id))


def _existing(session: Session, kpi_id: UUID) -> KpiSnapshot:
    found = kpi_of(session, kpi_id)
    if found is None:
        raise LookupError(f"KPI {kpi_id} was there and is gone")
    return found
