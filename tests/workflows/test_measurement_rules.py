"""How long a KPI was measured against its baseline, and what that shows: values in, values out."""

from datetime import date, timedelta

import pytest

from db.enums import Cadence, Direction
from workflows.checkins.measurement import Measurement, measurement
from workflows.checkins.rules import Kpi, Rhythm

LOCKED = date(2026, 1, 5)
WEEKLY = Rhythm(Cadence.WEEKLY)


def kpi(direction: Direction, target: float, high: float | None = None) -> Kpi:
    return Kpi("Hours per file", "h", direction, None, target, high, date(2026, 12, 1))


def measured(says: Kpi, values: dict[int, float], *, baseline: float = 6.0, rhythm: Rhythm = WEEKLY) -> Measurement:
    """Measure with values by the number of days after the lock."""
    readings = [(LOCKED + timedelta(days=day), value) for day, value in values.items()]
    return measurement(says, rhythm, locked_on=LOCKED, baseline=baseline, readings=readings, weeks=8, share=75)


def test_six_of_eight_weekly_readings_are_enough_and_five_are_not() -> None:
    six = measured(kpi(Direction.DOWN, 3), dict.fromkeys(range(0, 42, 7), 5.0))
    five = measured(kpi(Direction.DOWN, 3), dict.fromkeys(range(0, 35, 7), 5.0))

    assert (six.expected, six.needed, six.has_enough, five.has_enough) == (8, 6, True, False)


def test_two_readings_in_one_week_do_not_stand_in_for_a_missing_one() -> None:
    assert measured(kpi(Direction.DOWN, 3), dict.fromkeys(range(6), 5.0)).present == 1


def test_it_is_complete_only_once_its_weeks_are_over() -> None:
    found = measured(kpi(Direction.DOWN, 3), dict.fromkeys(range(0, 56, 7), 5.0))

    assert not found.is_complete(LOCKED + timedelta(days=55))
    assert found.is_complete(LOCKED + timedelta(days=56))


@pytest.mark.parametrize(
    ("values", "improvement", "improved"),
    [({0: 6.0, 7: 4.5, 14: 3.0}, 0.5, True), ({0: 6.0, 7: 7.5}, -0.25, False), ({0: 6.0}, 0.0, False)],
)
def test_improvement_is_the_way_of_the_median_from_the_baseline_to_the_target(
    values: dict[int, float], improvement: float, improved: bool
) -> None:
    found = measured(kpi(Direction.DOWN, 3), values)

    assert (found.improvement, found.improved) == (improvement, improved)


def test_readings_after_the_time_of_measurement_prove_nothing() -> None:
    found = measured(kpi(Direction.DOWN, 3), {60: 1.0})

    assert (found.present, found.improvement, found.improved) == (0, None, False)


def test_a_band_shows_the_share_inside_and_improves_when_it_was_outside_before() -> None:
    band = kpi(Direction.BAND, 2, 4)

    outside_before = measured(band, {0: 3.0, 7: 3.5, 14: 9.0}, baseline=6.0)
    inside_before = measured(band, {0: 3.0, 7: 3.5}, baseline=3.0)

    assert outside_before.inside == pytest.approx(2 / 3)
    assert (outside_before.improvement, outside_before.improved, inside_before.improved) == (None, True, False)


def test_every_so_many_weeks_asks_for_as_many_readings_as_fit() -> None:
    found = measured(kpi(Direction.DOWN, 3), {0: 5.0}, rhythm=Rhythm(Cadence.EVERY_WEEKS, 4))

    assert (found.expected, found.needed) == (2, 2)
