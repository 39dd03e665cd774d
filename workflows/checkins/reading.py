"""Read KPIs as frozen pictures."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from db.enums import KpiField
from db.queries import checkins as stored
from db.session import Session
from db.tables import Kpi as KpiRow
from workflows import people
from workflows.checkins.rules import Kpi, Rhythm
from workflows.checkins.snapshots import BaselineSnapshot, ChangeSnapshot, KpiSnapshot


def kpis_of(session: Session, use_case_ids: Collection[UUID]) -> Mapping[UUID, Sequence[KpiSnapshot]]:
    """Return every KPI these use cases ever had, those in use first; a use case without any is missing."""
    found: defaultdict[UUID, list[KpiSnapshot]] = defaultdict(list)
    for each in _snapshots(session, stored.kpis_of(session, use_case_ids)):
        found[each.use_case_id].append(each)
    return found


def kpi_of(session: Session, kpi_id: UUID) -> KpiSnapshot | None:
    row = stored.kpi(session, kpi_id)
    return next(iter(_snapshots(session, [row])), None) if row else None


def owners_of(session: Session, use_case_id: UUID) -> frozenset[UUID]:
    """Return who answers for a KPI of a use case that is in use."""
    return frozenset(row.owner_id for row in stored.kpis_of(session, [use_case_id]) if row.retired_at is None)


def answered_for_by(session: Session, person_id: UUID) -> Sequence[UUID]:
    """Return the use cases that have a KPI in use which this person answers for, the newest first."""
    return stored.use_cases_with_kpis_of(session, person_id)


def changes_of(session: Session, kpi_ids: Collection[UUID]) -> Mapping[UUID, Sequence[ChangeSnapshot]]:
    """Return what changed about these KPIs, the newest first; one nothing changed about is missing."""
    rows = stored.changes_of(session, kpi_ids)
    owners = {UUID(each) for row in rows if row.field is KpiField.OWNER for each in (row.before, row.after) if each}
    known = people.named(session, {row.changed_by for row in rows} | owners)
    found: defaultdict[UUID, list[ChangeSnapshot]] = defaultdict(list)
    for row in rows:
        is_owner = row.field is KpiField.OWNER
        before, after = (known[UUID(each)].name if is_owner and each else each for each in (row.before, row.after))
        by = known[row.changed_by]
        found[row.kpi_id].append(ChangeSnapshot(row.kpi_id, row.field, before, after, by, row.changed_at, row.revision))
    return found


def says(row: KpiRow) -> Kpi:
    """Return what the approved text says of a stored KPI."""
    return Kpi(row.name, row.unit, row.direction, row.proposed, row.target, row.target_high, row.due)


def _snapshots(session: Session, rows: Sequence[KpiRow]) -> list[KpiSnapshot]:
    worded = stored.baselines_of(session, [row.id for row in rows])
    known = people.named(session, {row.owner_id for row in rows} | {row.locked_by for row, _, _ in worded})
    baselines: defaultdict[UUID, list[BaselineSnapshot]] = defaultdict(list)
    for row, method, reason in worded:
        baselines[row.kpi_id].append(
            BaselineSnapshot(
                id=row.id,
                number=row.number,
                value=row.value,
                unit=row.unit,
                first_day=row.first_day,
                last_day=row.last_day,
                n=row.n,
                method=method,
                locked_by=known[row.locked_by],
                locked_at=row.locked_at,
                reason=reason,
            )
        )
    return [
        KpiSnapshot(
            id=row.id,
            use_case_id=row.use_case_id,
            says=says(row),
            rhythm=Rhythm(row.cadence, row.every_weeks),
            source=row.source,
            owner=known[row.owner_id],
            version=row.version,
            baselines=tuple(baselines[row.id]),
            retired_at=row.retired_at,
        )
        for row in rows
    ]
