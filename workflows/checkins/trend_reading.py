"""Read how KPIs went, for pictures and tables of them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from db.enums import Verdict
from db.queries import trends as stored
from db.session import Session
from workflows import people
from workflows.checkins.snapshots import KpiSnapshot
from workflows.checkins.trends import MOST_READINGS, Read, Stood, Trends, Turn, Watched, trends_of

_READ: Final = 2 * MOST_READINGS  # some are in another unit, and what came before says what is missing
_ASKED: Final = 8 * MOST_READINGS  # several people can be asked for numbers of one use case


def how_kpis_went(session: Session, use_case_id: UUID, kpis: Sequence[KpiSnapshot]) -> Trends:
    """Return how these KPIs of a use case went, as far as they are in use; reads only."""
    in_use = [each for each in kpis if each.in_use]
    ids = [each.id for each in in_use]
    rows = stored.newest_readings(session, ids, each=_READ)
    said = stored.verdicts(session, [row.id for row in rows])
    doubted = {reading_id for reading_id, _, verdict in said if verdict is Verdict.DOUBTED}
    confirming = [(reading_id, who) for reading_id, who, _ in said if reading_id not in doubted]
    known = people.named(session, {person_id for _, person_id in confirming})
    names: defaultdict[UUID, list[str]] = defaultdict(list)
    for reading_id, person_id in confirming:
        names[reading_id].append(known[person_id].name if person_id in known else "somebody")
    reads = [
        Read(
            kpi_id=row.kpi_id,
            value=row.value,
            unit=row.unit,
            on=row.read_for,
            source=row.source,
            check_in_id=row.check_in_id,
            confirmed_by=tuple(names[row.id]),
            is_doubted=row.id in doubted,
        )
        for row in rows
    ]
    turns = [Turn(*row) for row in stored.asked_of(session, use_case_id, limit=_ASKED)]
    counts = {each.kpi_id: each for each in stored.counted(session, ids)}
    return trends_of([_watched(each, counts[each.id]) for each in in_use], reads, turns)


def _watched(kpi: KpiSnapshot, counted: stored.Counted) -> Watched:
    return Watched(
        id=kpi.id,
        says=kpi.says,
        rhythm=kpi.rhythm,
        source=kpi.source,
        owner_id=kpi.owner.id,
        began=counted.created_at.date(),
        readings=counted.readings,
        baseline=Stood(kpi.baseline.value, kpi.baseline.unit, kpi.baseline.first_day, kpi.baseline.last_day)
        if kpi.baseline
        else None,
    )
