"""Twelve approvals in four minutes are a burst, however they are spread."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.approvals.bursts import MANY, NEAR, WITHIN, is_burst, may_be_near

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
seconds_ago = st.lists(st.integers(0, 600), max_size=40)


def before(*seconds: float) -> list[datetime]:
    return [NOW - timedelta(seconds=each) for each in seconds]


def test_the_numbers_are_the_products() -> None:
    assert (12, timedelta(minutes=4)) == (MANY, WITHIN)


@pytest.mark.parametrize(
    ("given_before", "more", "expected"),
    [
        pytest.param([0] * 10, 1, False, id="the eleventh"),
        pytest.param([0] * 11, 1, True, id="the twelfth"),
        pytest.param([239.9] * 11, 1, True, id="just within four minutes"),
        pytest.param([240] * 11, 1, False, id="four minutes ago"),
        pytest.param([*range(0, 220, 20), 250], 1, True, id="eleven of twelve count"),
        pytest.param([*range(0, 200, 20), 250, 300], 1, False, id="ten of twelve count"),
        pytest.param([], 12, True, id="twelve together"),
        pytest.param([], 11, False, id="eleven together"),
        pytest.param([0] * 2, 10, True, id="two, then ten together"),
        pytest.param([-5] * 11, 1, False, id="what is later by another clock"),
    ],
)
def test_a_burst_is_twelve_in_under_four_minutes(given_before: list[float], more: int, *, expected: bool) -> None:
    assert is_burst(before(*given_before), NOW, more=more) is expected


@given(seconds_ago, st.integers(1, 10))
def test_whoever_is_asked_gave_eleven_within_the_time_and_whoever_did_is_asked(ago: list[int], more: int) -> None:
    counted = len([each for each in ago if each < 240])

    assert is_burst(before(*ago), NOW, more=more) == (counted + more >= 12)


@given(seconds_ago, st.integers(1, 10))
def test_what_is_far_from_a_burst_is_none(ago: list[int], more: int) -> None:
    """Nobody waits for anybody as long as this says no, so it must never say no at a burst."""
    given_before = before(*ago)

    assert may_be_near(len(given_before), more=more) or not is_burst(given_before, NOW, more=more)
    assert NEAR < MANY


@given(st.lists(st.integers(1, 90), min_size=1, max_size=60))
def test_asked_every_time_nobody_ever_gives_twelve_in_four_minutes_unasked(gaps: list[int]) -> None:
    """Somebody approves again and again; each time they are asked they confirm, and what was before counts no more."""
    now, given_since, unasked = NOW, list[datetime](), list[datetime]()
    for gap in gaps:
        now += timedelta(seconds=gap)
        if is_burst(given_since, now):
            given_since, unasked = [], []
        else:
            given_since.append(now)
            unasked.append(now)
        assert sum(now - WITHIN < each for each in unasked) < MANY


@given(st.lists(st.integers(22, 90), min_size=1, max_size=60))
def test_somebody_who_takes_twenty_two_seconds_for_each_is_never_asked(gaps: list[int]) -> None:
    now, given_before = NOW, list[datetime]()
    for gap in gaps:
        now += timedelta(seconds=gap)
        assert not is_burst(given_before, now)
        given_before.append(now)
