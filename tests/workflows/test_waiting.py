"""How long requests take and where they wait: figures worked out by hand, and what must hold of any."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.approvals.waiting import (
    ENOUGH,
    HISTORY,
    JUDGED_AT_MOST,
    Decided,
    Hits,
    Place,
    Range,
    Waiting,
    ahead_of,
    hits,
    places,
    range_at,
)

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


def decided(*days: float, ago: float = 10) -> list[Decided]:
    """Return requests that took so many working days, all decided so many days ago."""
    settled = NOW - timedelta(days=ago)
    return [Decided(settled - timedelta(days=each), settled, each) for each in days]


# ------------------------------------------------------------------------------------------------------ the range


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        pytest.param([1.0, 2.0, 3.0, 4.0], None, id="four are too few"),
        pytest.param([1.0, 2.0, 3.0, 4.0, 5.0], Range(1, 5), id="of five the first and the last are the percentiles"),
        pytest.param([0.1, *[2.4] * 9, 30.0], Range(2, 3), id="of eleven one at each end is left out"),
        pytest.param([0.1, *[2.4] * 8, 30.0], Range(0, 3), id="of ten only one at the top is"),
        pytest.param([1.2, 1.2, 1.2, 1.2, 1.6], Range(1, 2), id="below two it goes by half days, outwards"),
        pytest.param([1.5, 1.5, 1.5, 1.5, 1.5], Range(1.5, 1.5), id="what needs no rounding is not rounded"),
        pytest.param([1.9, 2.0, 2.0, 2.0, 2.1], Range(1.5, 3), id="from two on by whole days"),
        pytest.param([0.0, 0.0, 0.0, 0.0, 0.0], Range(0, 0.5), id="at once is told as up to half a day"),
    ],
)
def test_the_range_reaches_from_the_tenth_to_the_ninetieth_percentile(
    days: Sequence[float], expected: Range | None
) -> None:
    assert range_at(decided(*days), NOW) == expected


def test_what_was_decided_longer_than_half_a_year_ago_says_nothing_any_more() -> None:
    lately = decided(3, 3, 3, 3)

    assert range_at([*lately, *decided(3, ago=HISTORY.days)], NOW) == Range(3, 3)
    assert range_at([*lately, *decided(3, ago=HISTORY.days + 0.1)], NOW) is None


def test_what_is_decided_at_this_very_moment_or_later_says_nothing_yet() -> None:
    assert range_at([*decided(3, 3, 3, 3), *decided(3, ago=0)], NOW) is None


@given(st.lists(st.floats(0, 400, allow_nan=False), min_size=ENOUGH, max_size=60))
def test_the_range_holds_at_least_eighty_per_cent_of_what_it_comes_from(days: list[float]) -> None:
    found = range_at(decided(*days), NOW)

    assert found is not None
    assert 0 <= found.low <= found.high
    assert Fraction(sum(found.holds(each) for each in days), len(days)) >= Fraction(8, 10)
    for end in (found.low, found.high):
        assert end == int(end) or (end < 2 and end * 2 == int(end * 2))


# --------------------------------------------------------------------------------------------- how often it was right


def one_after_the_other(*days: float) -> list[Decided]:
    """Return requests submitted every four days, each decided before the next one; the last one a day ago."""
    found = []
    for number, each in enumerate(reversed(days)):
        settled = NOW - timedelta(days=1 + 4 * number)
        found.append(Decided(settled - timedelta(days=2), settled, each))
    return found[::-1]


def test_ranges_are_held_against_what_then_came() -> None:
    # Five that took 2 days make the first range, 2 to 2. Then, with what was known each time:
    #   2.0 inside 2..2; 9.0 outside; of seven (2x6, 9) the 90th percentile is the seventh, 9: 8.0 inside 2..9;
    #   1.0 outside; of nine the 10th percentile is the first, 1, the 90th the ninth, 9: 9.0 inside 1..9.
    history = one_after_the_other(2, 2, 2, 2, 2, 2, 9, 8, 1, 9)

    assert hits(history, NOW) == Hits(right=3, judged=5)


def test_four_judged_ranges_are_too_few_to_say_how_often_they_were_right() -> None:
    assert hits(one_after_the_other(*[2] * 9), NOW) is None
    assert hits(one_after_the_other(*[2] * 10), NOW) == Hits(5, 5)


def test_a_range_is_judged_only_by_what_was_decided_before_it_was_shown() -> None:
    """Ten that were all submitted before the first of them was decided had no range."""
    together = [Decided(NOW - timedelta(days=30), NOW - timedelta(days=20, hours=-number), 5.0) for number in range(10)]

    assert range_at(together, NOW) == Range(5, 5)
    assert hits(together, NOW) is None


def test_only_the_newest_fifty_are_judged() -> None:
    settled = NOW - timedelta(days=100)
    early = [Decided(settled - timedelta(days=1), settled, 2.0)] * ENOUGH
    wrong = [Decided(NOW - timedelta(days=90), NOW - timedelta(days=80), 30.0)] * 20
    right = [Decided(NOW - timedelta(days=90), NOW - timedelta(days=70), 2.0)] * JUDGED_AT_MOST

    assert hits([*early, *wrong, *right], NOW) == Hits(JUDGED_AT_MOST, JUDGED_AT_MOST)
    assert hits([*early, *wrong, *right[:-10]], NOW) == Hits(40, 50)


def judged_the_long_way(history: Sequence[Decided], at: datetime) -> Hits | None:
    """Return the same as `hits`, written down as its docstring reads and with nothing shared."""
    half_a_year = timedelta(days=180)
    recent = [each for each in history if at - half_a_year <= each.settled_at < at]
    right = judged = 0
    for each in sorted(recent, key=lambda one: one.settled_at)[-50:]:
        then = each.opened_at
        known = sorted(one.days for one in history if then - half_a_year <= one.settled_at < then)
        if len(known) < 5:
            continue
        low = next(value for place, value in enumerate(known, 1) if place * 10 >= len(known))
        high = next(value for place, value in enumerate(known, 1) if place * 10 >= len(known) * 9)
        low = int(low * 2) / 2 if low < 2 else int(low)
        steps = [number / 2 for number in range(1, 5)] + list(range(3, 1000))
        high = next(step for step in steps if step >= high)
        judged += 1
        right += low <= each.days <= high
    return Hits(right, judged) if judged >= 5 else None


@given(
    st.lists(
        st.tuples(st.integers(1, 400), st.integers(1, 60), st.floats(0, 40)),
        max_size=80,
        unique_by=lambda each: each[0],
    )
)
def test_how_often_it_was_right_is_the_same_when_worked_out_the_long_way(told: list[tuple[int, int, float]]) -> None:
    history = [Decided(NOW - timedelta(days=ago + took), NOW - timedelta(days=ago), days) for ago, took, days in told]

    assert hits(history, NOW) == judged_the_long_way(history, NOW)


# ------------------------------------------------------------------------------------------------ where requests wait


def waits(
    role: str = "legal", *, hours: float = 0, request: UUID | None = None, blocked: bool = False, one: bool = False
) -> Waiting:
    """Return a lane whose people were asked so many hours ago."""
    since = NOW - timedelta(hours=hours)
    return Waiting(uuid4(), request or uuid4(), role, since, is_blocked=blocked, is_one_person=one, is_past_due=False)


def test_ahead_are_other_requests_that_were_asked_earlier_in_the_same_role() -> None:
    mine = waits(hours=5)
    earlier, both = waits(hours=6), uuid4()
    lanes = [
        mine,
        earlier,
        waits(hours=9, request=both),
        waits(hours=8, request=both),  # counts once
        waits(hours=5),  # asked in the same moment
        waits(hours=4),
        waits("privacy", hours=9),
        waits(hours=9, blocked=True),
        waits(hours=9, one=True),
        waits(hours=9, request=mine.request_id),
    ]

    assert ahead_of(mine, lanes) == 2
    assert ahead_of(earlier, lanes) == 2  # one of them is the other lane of mine
    assert ahead_of(waits(hours=5, one=True), lanes) is None


def found(lanes: Sequence[Waiting], days: Sequence[float], **holders: int) -> tuple[object, ...]:
    told = places(lanes, days={lane.lane_id: each for lane, each in zip(lanes, days, strict=True)}, holders=holders)
    return dict(told.roles), told.single, told.blocked


def test_each_role_tells_how_many_wait_how_long_and_how_many_are_past_due() -> None:
    late = Waiting(uuid4(), uuid4(), "legal", NOW, is_blocked=False, is_one_person=False, is_past_due=True)

    told = found([waits(), late, waits(), waits("privacy")], [1, 2, 7, 3], legal=2, privacy=4)

    assert told == ({"legal": Place(3, 2, 1), "privacy": Place(1, 3, 0)}, None, 0)


def test_roles_that_one_person_holds_are_told_together_and_so_is_whoever_is_asked_as_the_one_they_are() -> None:
    lanes = [waits(), waits("privacy"), waits("sponsor", one=True), waits("risk")]

    told = found(lanes, [1, 2, 9, 4], legal=1, privacy=2, risk=0)

    assert told == ({"privacy": Place(1, 2, 0)}, Place(3, 4, 0), 0)


def test_lanes_nobody_may_decide_are_counted_and_say_nothing_about_a_role() -> None:
    assert found([waits(blocked=True), waits("privacy", blocked=True)], [1, 2], legal=2, privacy=2) == ({}, None, 2)


def test_the_role_most_requests_wait_for_comes_first() -> None:
    told = places(
        lanes := [waits("b"), waits("a"), waits("c"), waits("c")],
        days=dict.fromkeys((lane.lane_id for lane in lanes), 1.0),
        holders={"a": 2, "b": 2, "c": 2},
    )

    assert list(told.roles) == ["c", "a", "b"]
