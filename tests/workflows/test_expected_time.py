"""How long a submission is expected to take under another policy: worked out by hand, and from what people decided."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.enums import LaneRule, Section, Tier
from db.ids import new_id
from handlers.settings.trial_words import change_texts, expected_change, expected_text
from tests.support.chains import lane, policy_text, put_in_force, stage
from tests.support.house import House
from tests.support.statements import recorded
from tests.workflows.test_simulating import simulated
from tests.workflows.test_weekly import go_to
from workflows import approvals, intake
from workflows.approvals.waiting import usual_days
from workflows.people.snapshots import Actor
from workflows.policy.shape import Lane, Line, Quorum
from workflows.simulating import rules
from workflows.simulating.rules import Asked, Course, Difference, Expected, ExpectedTotal

ANN = Actor(new_id(), "U_ANN", "Ann", "UTC")


def asked(place: int, role: str, *, by: Actor | None = ANN) -> Asked:
    quorum = Quorum(kind=LaneRule.ANY)
    of = Lane(key=role, name=role, role=role, rule=quorum, sections=(Section.DATA,), answer_within_hours=24)
    return Asked(place, f"stage {place}", of, (), (by,) if by else ())


def course(*lanes: Asked, line: str = "") -> Course:
    decided = Line(line=line, reason="Harmless.") if line else None
    return Course(Tier.MEDIUM, (), decided, lanes)


def expected(before: Course, after: Course, usual: Mapping[str, float]) -> Expected:
    return rules.expected(Difference(before, after, (), (), ()), usual)


USUAL = {"legal": 2.0, "privacy": 3.5, "council": 4.0}


@pytest.mark.parametrize(
    ("of", "days"),
    [
        pytest.param(course(asked(0, "legal")), 2.0, id="one lane"),
        pytest.param(course(asked(0, "legal"), asked(0, "privacy")), 3.5, id="of two side by side the longer"),
        pytest.param(course(asked(0, "legal"), asked(1, "council")), 6.0, id="one after the other, both"),
        pytest.param(
            course(asked(0, "legal"), asked(0, "privacy"), asked(1, "council"), asked(1, "legal")), 7.5, id="two by two"
        ),
        pytest.param(course(asked(0, "legal"), asked(0, "board")), None, id="a role that decided too little"),
        pytest.param(course(asked(0, "legal"), asked(1, "board")), None, id="in a later stage"),
        pytest.param(course(asked(0, "legal", by=None)), None, id="nobody may decide it"),
        pytest.param(course(line="low_by_policy"), 0.0, id="a line decides at once"),
    ],
)
def test_the_longest_lane_of_each_stage_counts_added_up(of: Course, days: float | None) -> None:
    assert expected(of, course(line="low_by_policy"), USUAL) == Expected(days, 0.0)
    assert expected(course(line="low_by_policy"), of, USUAL) == Expected(0.0, days)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 90, allow_nan=False)), max_size=40))
def test_fewer_than_five_decisions_say_nothing_and_of_more_half_took_as_long(taken: list[tuple[str, float]]) -> None:
    found = usual_days(taken)

    for role in "abc":
        days = [each for of, each in taken if of == role]
        assert (role in found) == (len(days) >= 5)
        if role in found:
            assert sum(each <= found[role] for each in days) * 2 >= len(days)
            assert sum(each >= found[role] for each in days) * 2 >= len(days)


def test_the_average_is_over_those_known_on_both_sides() -> None:
    each = [Expected(2.0, 3.0), Expected(0.0, 1.0), Expected(None, 1.0), Expected(4.0, None), Expected(None, None)]

    assert rules.expected_total(each) == ExpectedTotal(2, 1.0, 2.0)
    assert rules.expected_total(each[2:]) == ExpectedTotal(0, 0.0, 0.0)


# ------------------------------------------------------------------------------------------------- in the product

ONE = policy_text(stage("one", lane("governance", "governance")))
BOTH = policy_text(stage("one", lane("governance", "governance")), stage("two", lane("board", "governance")))


def a_history(house: House, *days: tuple[str, str]) -> None:
    """Let requests be proposed and decided by Ann, each at these moments of Berlin's time."""
    for proposed, decided in days:
        go_to(house, proposed)
        reference = house.propose(differs="It is another.")
        go_to(house, decided)
        house.approve("U_ANN", reference)


HISTORY = (
    ("2026-03-02T11:00", "2026-03-03T11:00"),
    ("2026-03-03T12:00", "2026-03-05T12:00"),
    ("2026-03-05T13:00", "2026-03-09T13:00"),
    ("2026-03-09T14:00", "2026-03-12T14:00"),
    ("2026-03-12T15:00", "2026-03-18T15:00"),
)
"""One, two, two, three and four working days; weekends lie in between. Half took two or less."""


def told(house: House, text: str) -> tuple[set[str], str]:
    found = simulated(house, text)
    with_time = found.expected is not None
    return {change_texts(each, with_time=with_time)[-1] for each in found.changed}, expected_text(found)


@pytest.fixture
def desk(house: House) -> House:
    put_in_force(house, policy_text(stage("one", lane("governance", "governance", hours=300))))
    return house


def test_from_five_decisions_on_it_is_told_for_each_and_on_average(desk: House) -> None:
    a_history(desk, *HISTORY[:4])
    assert told(desk, BOTH)[1] == (
        "Expected time: not known. Fewer than 5 decisions of a role do not say how long it takes."
    )
    a_history(desk, HISTORY[4])

    assert told(desk, BOTH) == (
        {"about 2 → 4 working days"},
        "Expected time, on average: about 2 → 4 working days.",
    )
    assert told(desk, ONE)[0] == {"about 2 working days, as now"}
    assert told(desk, policy_text(stage("one", lane("board", "board"))))[0] == {"about 2 working days → not known"}


def test_lanes_that_kept_an_approval_or_asked_somebody_by_name_do_not_count(desk: House) -> None:
    a_history(desk, *HISTORY)
    with desk.database.transaction() as session:
        session.connection().exec_driver_sql("UPDATE approval_lanes SET kept_from = id")
        assert approvals.usual_days(session, intake.SUBJECT_KIND) == {}
        session.connection().exec_driver_sql("UPDATE approval_lanes SET kept_from = NULL")
        assert approvals.usual_days(session, intake.SUBJECT_KIND) == {"governance": 2.0}
        assert approvals.usual_days(session, "pie") == {}
        session.connection().exec_driver_sql(
            "UPDATE approval_lanes SET ad_hoc_id = (SELECT id FROM people ORDER BY id LIMIT 1)"
        )
        assert approvals.usual_days(session, intake.SUBJECT_KIND) == {}


def test_three_statements_say_it_for_all_lanes_however_many_there_are(desk: House) -> None:
    a_history(desk, *HISTORY)
    with recorded(desk.database.engine) as recording, desk.database.reading() as session:
        recording.taken()
        approvals.usual_days(session, intake.SUBJECT_KIND)
        asked_of_it = [each.text for each in recording.taken() if "SELECT" in each.text]

    assert len(asked_of_it) == 3, asked_of_it  # the lanes, and the calendars of whoever sent them


@pytest.mark.parametrize(
    ("days", "says"),
    [
        (Expected(2.4, 2.6), "about 2 → 3 working days"),
        (Expected(1.0, 0.3), "about 1 → half a working day"),
        (Expected(0.1, 1.6), "about half a working day → about 1½ working days"),
        (Expected(1.4, 1.0), "about 1½ → 1 working day"),
        (Expected(0.0, 1.0), "at once → about 1 working day"),
        (Expected(12.0, 0.0), "about 12 working days → at once"),
        (Expected(None, 0.0), "not known → at once"),
        (Expected(None, None), "expected time not known"),
        (Expected(0.0, 0.0), "at once, as now"),
        (Expected(2.1, 2.2), "about 2 working days, as now"),
    ],
)
def test_it_is_said_in_halves_below_two_days_and_whole_days_above(days: Expected, says: str) -> None:
    assert expected_change(days) == says
