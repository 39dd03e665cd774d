"""When a KPI is hit: two readings in a row at the target, and more than one person's word for one of them."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from db.enums import Direction, KpiSource, Verdict
from workflows.checkins import Kpi, Reached, VerdictSnapshot, Witnessed
from workflows.checkins.hits import progress
from workflows.people import Actor

FIRST_DAY, NOW = date(2026, 11, 3), datetime(2026, 11, 20, tzinfo=UTC)
DOWN = Kpi("Hours per file", "hours", Direction.DOWN, 6, 3, None, date(2026, 12, 1))
UP = Kpi("Files per day", "hours", Direction.UP, 2, 9, None, date(2026, 12, 1))
BAND = Kpi("Temperature", "hours", Direction.BAND, None, 10, 20, date(2026, 12, 1))
MIRA, OTTO = (Actor(uuid4(), f"U_{name.upper()}", name, "Europe/Berlin") for name in ("Mira", "Otto"))
CONFIRMED, DOUBTED = Verdict.CONFIRMED, Verdict.DOUBTED


def read(
    value: float,
    week: int,
    *said: tuple[Actor, Verdict],
    unit: str = "hours",
    source: KpiSource = KpiSource.SELF,
) -> Witnessed:
    """Return a reading of a week, with what was said of it in this order."""
    verdicts = [VerdictSnapshot(who, what, NOW + timedelta(minutes=at), "why") for at, (who, what) in enumerate(said)]
    day = FIRST_DAY + timedelta(weeks=week)
    return Witnessed(uuid4(), UUID(int=1), value, unit, day, source, NOW, verdicts=tuple(verdicts))


YES, NO = (MIRA, CONFIRMED), (MIRA, DOUBTED)


@pytest.mark.parametrize(
    ("kpi", "readings", "reached", "values"),
    [
        pytest.param(DOWN, [], Reached.NOT, None, id="nothing was read"),
        pytest.param(DOWN, [read(2.9, 0, YES)], Reached.NOT, None, id="once is not twice"),
        pytest.param(DOWN, [read(2.9, 0, YES), read(2.8, 1)], Reached.HIT, (2.9, 2.8), id="one of two is enough"),
        pytest.param(DOWN, [read(2.8, 1), read(2.9, 0, YES)], Reached.HIT, (2.9, 2.8), id="by day, however they came"),
        pytest.param(DOWN, [read(3, 0), read(3, 1, YES)], Reached.HIT, (3, 3), id="the target itself reaches it"),
        pytest.param(DOWN, [read(2.9, 0), read(2.8, 1)], Reached.UNCONFIRMED, (2.9, 2.8), id="nobody confirmed"),
        pytest.param(
            DOWN, [read(2.9, 0, YES), read(3.1, 1, YES), read(2.8, 2, YES)], Reached.NOT, None, id="not in a row"
        ),
        pytest.param(
            DOWN,
            [read(2.9, 0, YES), read(170, 1, unit="minutes"), read(2.8, 2)],
            Reached.HIT,
            (2.9, 2.8),
            id="what is in another unit is not there",
        ),
        pytest.param(
            DOWN,
            [read(2.9, 0, source=KpiSource.SYSTEM), read(2.8, 1, source=KpiSource.SYSTEM)],
            Reached.HIT,
            (2.9, 2.8),
            id="a system needs nobody",
        ),
        pytest.param(
            DOWN,
            [read(2.9, 0, source=KpiSource.SURVEY), read(2.8, 1, source=KpiSource.SURVEY)],
            Reached.UNCONFIRMED,
            (2.9, 2.8),
            id="a survey does",
        ),
        pytest.param(UP, [read(9, 0), read(10, 1, YES)], Reached.HIT, (9, 10), id="up"),
        pytest.param(UP, [read(8.9, 0), read(10, 1, YES)], Reached.NOT, None, id="not up far enough"),
        pytest.param(BAND, [read(10, 0), read(20, 1, YES)], Reached.HIT, (10, 20), id="inside a band, ends included"),
        pytest.param(BAND, [read(15, 0), read(20.1, 1, YES)], Reached.NOT, None, id="outside a band"),
        pytest.param(DOWN, [read(2.9, 0, YES), read(2.8, 1, NO)], Reached.DOUBTED, (2.9, 2.8), id="one is doubted"),
        pytest.param(
            DOWN, [read(2.9, 0), read(2.8, 1, YES, (OTTO, DOUBTED))], Reached.DOUBTED, (2.9, 2.8), id="by one of two"
        ),
        pytest.param(
            DOWN, [read(2.9, 0), read(2.8, 1, NO, YES)], Reached.HIT, (2.9, 2.8), id="a doubt that was taken back"
        ),
        pytest.param(
            DOWN,
            [read(2.9, 0, NO), read(2.8, 1), read(2.7, 2)],
            Reached.UNCONFIRMED,
            (2.8, 2.7),
            id="two that are not doubted come next",
        ),
        pytest.param(
            DOWN,
            [read(2.9, 0, YES), read(2.8, 1), read(2.7, 2, YES)],
            Reached.HIT,
            (2.9, 2.8),
            id="the first two that did it",
        ),
        pytest.param(
            DOWN,
            [read(2.9, 0, YES), read(2.8, 0, source=KpiSource.SYSTEM)],
            Reached.NOT,
            None,
            id="two sources of one day are no row",
        ),
        pytest.param(
            DOWN,
            [read(2.9, 0, YES), read(2.9, 1, YES), read(3.4, 1, source=KpiSource.SYSTEM)],
            Reached.NOT,
            None,
            id="two sources of one day that disagree reach nothing",
        ),
    ],
)
def test_a_kpi_is_hit_by_two_readings_in_a_row_of_which_one_is_sure(
    kpi: Kpi, readings: list[Witnessed], reached: Reached, values: tuple[float, float] | None
) -> None:
    found = progress(kpi, readings)

    assert found.reached is reached
    assert (found.pair and tuple(each.value for each in found.pair)) == values


def test_what_was_hit_once_stays_hit_and_says_that_it_holds_no_more() -> None:
    found = progress(DOWN, [read(2.9, 0, YES), read(2.8, 1), read(3.4, 2)])

    assert found.is_hit
    assert not found.holds
    assert found.newest is not None
    assert found.newest.value == 3.4
