"""Read how KPIs were measured against their locked baselines."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from db.session import Session
from workflows import people
from workflows.checkins.hits import Progress
from workflows.checkins.measurement import Measurement, measurement
from workflows.checkins.snapshots import KpiSnapshot
from workflows.checkins.witnessing import witnessed_of
from workflows.people.worktime import resolved


def measurements_of(
    session: Session, kpis: Collection[KpiSnapshot], *, weeks: int, share: int
) -> Mapping[UUID, Measurement]:
    """Return how each of these KPIs was measured, by its id; one without a locked baseline in its unit is missing.

    The time runs from the first lock, in the zone of who answers for the KPI: an amended baseline is compared with
    from then on, and does not begin it anew.
    """
    locked = [each for each in kpis if each.baseline is not None and each.baseline.unit == each.unit]
    found = witnessed_of(session, [each.id for each in locked])
    return {
        each.id: measurement(
            each.says,
            each.rhythm,
            locked_on=people.local_day(each.owner, each.baselines[0].locked_at),
            baseline=each.baseline.value,
            readings=[(one.read_for, one.value) for one in found.get(each.id, ()) if one.unit == each.unit],
            weeks=weeks,
            share=share,
        )
        for each in locked
        if each.baseline is not None
    }


def ended_at(kpi: KpiSnapshot, measured: Measurement) -> datetime:
    """Return the moment a KPI's time of measurement was over, in UTC: midnight where who answers for it is."""
    return resolved(kpi.owner.zone, measured.ends, 0)


def hit_at(progress: Progress) -> datetime | None:
    """Return when a KPI was hit: when the last of its two readings was there, and one of them was sure."""
    if not progress.is_hit or progress.pair is None:
        return None
    moments = [each.entered_at for each in progress.pair]
    sure = [each.confirmation.at if each.confirmation else each.entered_at for each in progress.pair if each.is_sure]
    return max([*moments, min(sure, default=max(moments))])
