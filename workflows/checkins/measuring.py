"""Read how KPIs were measured against their locked baselines."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from db.queries import gate_proofs as stored
from db.queries.gate_proofs import Compared
from db.session import Session
from workflows.checkins.hits import Progress
from workflows.checkins.measurement import Measurement, measurement
from workflows.checkins.rules import Kpi, Rhythm
from workflows.people.worktime import resolved

_DAY: Final = timedelta(days=1)


def measured_since(
    session: Session, use_case_ids: Collection[UUID], *, weeks: int, share: int
) -> Mapping[UUID, tuple[datetime, bool]]:
    """Return since when the time of measurement of each use case is over with enough readings, and if a KPI improved.

    One of which a KPI in use has no locked baseline in its unit, or lacks readings, is missing; so is one without KPIs.
    A time that is not over yet lies in the future. The time runs from the first lock, in the zone of who answers for
    the KPI: an amended baseline is compared with from then on, and does not begin it anew.
    """
    rows, in_use = stored.compared(session, use_case_ids), stored.in_use(session, use_case_ids)
    locked = Counter(row.use_case_id for row in rows)
    whole = [row for row in rows if locked[row.use_case_id] == in_use[row.use_case_id]]
    ends: defaultdict[UUID, list[datetime]] = defaultdict(list)
    improved: set[UUID] = set()
    for row, measured in _measured(session, whole, weeks=weeks, share=share):
        if measured.has_enough:
            ends[row.use_case_id].append(_midnight(row.zone, measured.ends))
            improved |= {row.use_case_id} if measured.improved else set()
    return {
        use_case_id: (max(moments), use_case_id in improved)
        for use_case_id, moments in ends.items()
        if len(moments) == in_use[use_case_id]
    }


def _measured(
    session: Session, rows: Sequence[Compared], *, weeks: int, share: int
) -> Iterator[tuple[Compared, Measurement]]:
    """Yield how each KPI was measured. Of no other time readings are asked for than of that from first to last."""
    if not rows:
        return
    locked = [row.locked_at.date() for row in rows]  # in UTC, so at most a day off anywhere
    first, last = min(locked) - _DAY, max(locked) + timedelta(weeks=weeks) + _DAY
    readings: defaultdict[UUID, list[tuple[date, float]]] = defaultdict(list)
    for kpi_id, day, value in stored.read_between(session, [row.id for row in rows], first, last):
        readings[kpi_id].append((day, value))
    for row in rows:
        yield (
            row,
            measurement(
                Kpi(row.name, row.unit, row.direction, None, row.target, row.target_high, row.due),
                Rhythm(row.cadence, row.every_weeks),
                locked_on=row.locked_at.astimezone(ZoneInfo(row.zone)).date(),
                baseline=row.baseline,
                readings=readings[row.id],
                weeks=weeks,
                share=share,
            ),
        )


@lru_cache(maxsize=4096)
def _midnight(zone: str, day: date) -> datetime:
    """Return when a day begins where somebody is, in UTC."""
    return resolved(zone, day, 0)


def hit_at(progress: Progress) -> datetime | None:
    """Return when a KPI was hit: when the last of its two readings was there, and one of them was sure."""
    if not progress.is_hit or progress.pair is None:
        return None
    moments = [each.entered_at for each in progress.pair]
    sure = [each.confirmation.at if each.confirmation else each.entered_at for each in progress.pair if each.is_sure]
    return max([*moments, min(sure, default=max(moments))])
