"""Let the KPIs of a use case follow its approved text: begun, changed, retired, never deleted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from db.enums import KpiSource
from db.ids import new_id
from db.queries import checkins as stored
from db.session import Session
from db.tables import Kpi as KpiRow
from workflows import ledger
from workflows.checkins import scheduling
from workflows.checkins.organisation import usual_rhythm
from workflows.checkins.reading import says
from workflows.checkins.recording import record, record_changes
from workflows.checkins.rules import Followed, Known, Kpi, Rhythm, ends_of, follow, target_of
from workflows.ledger import Fact, LedgerKind


def take_over(
    session: Session,
    use_case_id: UUID,
    kpis: Sequence[Kpi],
    *,
    revision: int,
    owner: UUID,
    owner_before: UUID | None,
    approved_for: UUID,
    now: datetime,
) -> None:
    """Make a use case's KPIs those of its approved text.

    `owner` answers for it by that text, `owner_before` did by the one the KPIs follow now; `approved_for` submitted
    it, and is who changes what changes. The caller holds the use case; its KPIs are locked.
    """
    rows = {row.id: row for row in stored.lock_kpis(session, use_case_id)}
    rhythm = usual_rhythm(session)
    found = follow([_known(row) for row in rows.values()], kpis, owner_before=owner_before, owner=owner)
    for position, each in enumerate(found):
        if each.known is None:
            _begin(session, use_case_id, each, position, rhythm, revision=revision, actor=approved_for, now=now)
        else:
            _go_on(session, rows[each.known.id], each, position, revision=revision, actor=approved_for, now=now)
    scheduling.follow(session, use_case_id, now=now)


def _known(row: KpiRow) -> Known:
    return Known(row.id, row.name_key, says(row), in_use=row.retired_at is None, owner_id=row.owner_id)


def _begin(
    session: Session,
    use_case_id: UUID,
    followed: Followed,
    position: int,
    rhythm: Rhythm,
    *,
    revision: int,
    actor: UUID,
    now: datetime,
) -> None:
    kpi_id, kpi = new_id(), followed.says
    if kpi is None:
        raise LookupError("a KPI that begins has a text")
    values = {
        "id": kpi_id,
        "use_case_id": use_case_id,
        "name_key": followed.key,
        "cadence": rhythm.cadence,
        "every_weeks": rhythm.weeks,
        "source": KpiSource.SELF,
        "owner_id": followed.owner_id,
        "created_at": now,
        "version": 1,
        **_columns(kpi, position),
    }
    stored.insert_kpi(session, values)
    data: dict[str, ledger.Value] = {
        "use_case": str(use_case_id),
        "revision": revision,
        "direction": kpi.direction.value,
        "target": ends_of(target_of(kpi)),
        "due": kpi.due.isoformat(),
        "cadence": rhythm.cadence.value,
        "every_weeks": rhythm.weeks,
        "owner": str(followed.owner_id),
    }
    record(session, kpi_id, [Fact(LedgerKind.KPI_BEGUN, data)], actor=actor, now=now)


def _go_on(
    session: Session,
    row: KpiRow,
    followed: Followed,
    position: int,
    *,
    revision: int,
    actor: UUID,
    now: datetime,
) -> None:
    kpi = followed.says
    values: dict[str, Any] = {"retired_at": now if kpi is None else None}
    if kpi is not None:
        values |= _columns(kpi, position) | {"owner_id": followed.owner_id}
    if followed.changes or row.position != position:
        stored.update_kpi(session, row.id, version=row.version, values=values)
    record_changes(session, row.id, followed.changes, revision=revision, actor=actor, now=now)


def _columns(kpi: Kpi, position: int) -> dict[str, Any]:
    return {
        "name": kpi.name,
        "position": position,
        "unit": kpi.unit,
        "direction": kpi.direction,
        "target": kpi.target,
        "target_high": kpi.target_high,
        "due": kpi.due,
        "proposed": kpi.baseline,
    }
