"""When break-glass may be used and by whom, as tables of cases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.enums import PENDING, Exclusion, RequestStatus, Tier
from workflows.breaking_glass.rules import (
    LEAST_HOURS,
    MOST_HOURS,
    Case,
    NoGlass,
    Part,
    hours_of,
    is_reason,
    why_not_it,
    why_not_they,
)

IN_REVIEW = RequestStatus.IN_REVIEW


@pytest.mark.parametrize(
    ("case", "why"),
    [
        (Case(IN_REVIEW, Tier.HIGH), None),
        (Case(RequestStatus.CHANGES_REQUESTED, Tier.LOW), None),
        (Case(IN_REVIEW, Tier.PROHIBITED), NoGlass.PROHIBITED),
        (Case(RequestStatus.REJECTED, Tier.PROHIBITED), NoGlass.PROHIBITED),
        (Case(IN_REVIEW, Tier.LOW, kind_goes=False), NoGlass.OTHER_KIND),
        (Case(IN_REVIEW, Tier.LOW, is_change=True), NoGlass.CHANGE),
        *((Case(status, Tier.LOW), NoGlass.DECIDED) for status in RequestStatus if status not in PENDING),
        (Case(IN_REVIEW, Tier.LOW, was_used=True, is_called=True), NoGlass.USED),
        (Case(IN_REVIEW, Tier.LOW, was_used_before=True), NoGlass.USED_BEFORE),
        (Case(IN_REVIEW, Tier.LOW, is_called=True), NoGlass.CALLED),
    ],
)
def test_what_goes_ahead_and_what_does_not(case: Case, why: NoGlass | None) -> None:
    assert why_not_it(case) is why


@given(st.builds(Case, status=st.sampled_from(RequestStatus), tier=st.just(Tier.PROHIBITED)))
def test_what_is_prohibited_never_goes_ahead_whatever_else_holds(case: Case) -> None:
    assert why_not_it(case) is NoGlass.PROHIBITED


@pytest.mark.parametrize(
    ("part", "why"),
    [
        (Part(holds_role=True), None),
        (Part(holds_role=False), NoGlass.NOT_HELD),
        (Part(holds_role=True, may_read=False), NoGlass.MAY_NOT_READ),
        (Part(holds_role=True, excluded=Exclusion.PROPOSER), NoGlass.PROPOSER),
        (Part(holds_role=True, excluded=Exclusion.OWNER), NoGlass.OWNER),
        (Part(holds_role=True, excluded=Exclusion.EDITOR), NoGlass.EDITOR),
        (Part(holds_role=True, excluded=Exclusion.BROKE_GLASS), NoGlass.USED),
        (Part(holds_role=True, has_voted=True), NoGlass.VOTER),
        (Part(holds_role=True, is_asked=True), NoGlass.ASKED),
    ],
)
def test_who_may_be_one_of_the_two(part: Part, why: NoGlass | None) -> None:
    assert why_not_they(part) is why


@given(st.integers())
def test_hours_are_taken_within_the_limits_only(hours: int) -> None:
    assert hours_of(str(hours)) == (hours if LEAST_HOURS <= hours <= MOST_HOURS else None)


@given(st.text())
def test_whatever_is_typed_as_hours_is_within_the_limits_or_nothing(text: str) -> None:
    found = hours_of(text)

    assert found is None or LEAST_HOURS <= found <= MOST_HOURS


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("", False), ("very very urgent please", False), ("The regulator wants it tonight.", True), ("   \n ", False)],
)
def test_a_reason_takes_some_words(text: str, is_one: bool) -> None:
    assert is_reason(text) is is_one
