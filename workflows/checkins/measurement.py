"""Whether a KPI was measured long enough against its locked baseline, and what that shows. Values in, values out."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Final

from db.enums import Cadence, Direction
from workflows.checkins.hits import reaches
from workflows.checkins.rules import Kpi, Rhythm

_DAYS: Final = {Cadence.WEEKLY: 7, Cadence.FORTNIGHTLY: 14, Cadence.MONTHLY: 31}


@dataclass(frozen=True, slots=True)
class Measurement:
    """How a KPI was measured from the day its baseline was first locked until just before `ends`.

    `expected` is how many readings the time asks for, `needed` how many have to be there, `present` how many are.
    `improvement` is (median − baseline) ÷ (target − baseline), None for a band; `inside` the share of a band's readings
    that lie inside it. Both are None before there is a reading.
    """

    begins: date
    ends: date
    expected: int
    needed: int
    present: int
    improvement: float | None
    inside: float | None
    improved: bool

    @property
    def has_enough(self) -> bool:
        return self.present >= self.needed

    def is_complete(self, today: date) -> bool:
        """Say whether its time is over and enough of it was read; `today` is the date where its owner is."""
        return today >= self.ends and self.has_enough


def measurement(
    says: Kpi,
    rhythm: Rhythm,
    *,
    locked_on: date,
    baseline: float,
    readings: Iterable[tuple[date, float]],
    weeks: int,
    share: int,
) -> Measurement:
    """Return how a KPI was measured in the `weeks` from `locked_on`, of which `share` per cent have to be there.

    `readings` are the days and values that count, in the KPI's unit. One reading counts for each stretch of its rhythm;
    a second one in the same stretch does not stand in for a missing one. A band has improved when the median lies
    inside it and the baseline did not; any other KPI when the improvement is above zero.
    """
    ends = locked_on + timedelta(weeks=weeks)
    within = [(day, value) for day, value in readings if locked_on <= day < ends]
    every = _DAYS.get(rhythm.cadence) or 7 * (rhythm.weeks or 1)
    expected = max(1, weeks * 7 // every)
    stretches = {min((day - locked_on).days // every, expected - 1) for day, _ in within}
    values = [value for _, value in within]
    return Measurement(
        begins=locked_on,
        ends=ends,
        expected=expected,
        needed=math.ceil(expected * share / 100),
        present=len(stretches),
        improvement=improvement(says, baseline, values),
        inside=_inside(says, values),
        improved=_improved(says, baseline, values),
    )


def improvement(says: Kpi, baseline: float, values: Sequence[float]) -> float | None:
    """Return (median − baseline) ÷ (target − baseline); None for a band, without values, or where both are equal."""
    if says.direction is Direction.BAND or not values or says.target == baseline:
        return None
    return (median(values) - baseline) / (says.target - baseline)


def _inside(says: Kpi, values: Sequence[float]) -> float | None:
    if says.direction is not Direction.BAND or not values:
        return None
    return sum(reaches(says, each) for each in values) / len(values)


def _improved(says: Kpi, baseline: float, values: Sequence[float]) -> bool:
    if not values:
        return False
    if says.direction is Direction.BAND:
        return reaches(says, median(values)) and not reaches(says, baseline)
    return (improvement(says, baseline, values) or 0.0) > 0
