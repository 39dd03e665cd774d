"""Put what becomes of a KPI on the record and into its history."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from db.enums import KpiField
from db.queries import checkins as stored
from db.session import Session
from workflows import ledger
from workflows.checkins.rules import Changed, ends_of, rhythm_read
from workflows.ledger import Fact, LedgerKind

_WORDS: Final = (KpiField.NAME, KpiField.UNIT)
"""What people wrote: the event names the text it stands in, and not the words."""


def record(session: Session, kpi_id: UUID, facts: Sequence[Fact], *, actor: UUID | None, now: datetime) -> None:
    """Append facts to a KPI's stream; no actor means a system. The caller holds its row, or has just made it."""
    ledger.record(session, f"kpi:{kpi_id}", facts, actor=actor, now=now)


def record_changes(
    session: Session, kpi_id: UUID, changes: Sequence[Changed], *, revision: int | None, actor: UUID, now: datetime
) -> None:
    """Keep what changed, with the approved text it came with, if it did."""
    if not changes:
        return
    came = {"kpi_id": kpi_id, "changed_by": actor, "changed_at": now, "revision": revision}
    stored.insert_changes(
        session, [{"field": each.field, "before": each.before, "after": each.after, **came} for each in changes]
    )
    record(session, kpi_id, [_fact(each, revision) for each in changes], actor=actor, now=now)


def _fact(change: Changed, revision: int | None) -> Fact:
    data: dict[str, ledger.Value] = {"field": change.field.value, "revision": revision}
    if change.field not in _WORDS:
        data |= _value("before", change) | _value("after", change)
    return Fact(LedgerKind.KPI_CHANGED, data)


def _value(end: str, change: Changed) -> dict[str, ledger.Value]:
    """Return one end of a change as words, ids and numbers: a band has two, every so many weeks its number."""
    said = change.before if end == "before" else change.after
    if said is None:
        return {end: None}
    if change.field is KpiField.TARGET:
        return {end: ends_of(said)}
    if change.field is KpiField.CADENCE and (rhythm := rhythm_read(said)):
        return {end: rhythm.cadence.value, f"{end}_weeks": rhythm.weeks}
    return {end: said}
