"""Several people, and several processes, do something about the same condition in the same moment."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import select

from db.enums import ConditionStatus, UseCaseState
from db.queries import conditions as stored
from db.tables import Condition
from handlers import ticks
from tests.support.conditions import (
    IN_TWO_WEEKS,
    LINK,
    approve_if,
    condition,
    give_evidence,
    state,
    until,
    want,
)
from tests.support.house import House
from tests.support.races import Meeting, together
from workflows import obligations, people
from workflows.conditions import Evidence, Moved, NotDone, Refusal
from workflows.conditions import meeting as deeds
from workflows.people import Actor


@pytest.fixture
def approved(house: House) -> House:
    """Return a house where Ann and Ben decide, and Ann approved on a condition Marek has to meet."""
    house.grant("governance", "U_BEN")
    house.propose()
    approve_if(house, "U_ANN", want(day=IN_TWO_WEEKS, blocks="continuation"))
    return house


def actor(house: House, slack_id: str) -> Actor:
    with house.database.reading() as session:
        found = people.find(session, slack_id)
        assert found is not None
        return found


def accepts(house: House, who: str) -> Callable[[], Moved | NotDone]:
    row, person = condition(house), actor(house, who)
    assert row.offered_id is not None
    seen = row.offered_id

    def deed() -> Moved | NotDone:
        with house.database.transaction() as session:
            return obligations.accept(session, row.id, seen=seen, actor=person, now=house.clock.now())

    return deed


def gives(house: House) -> Callable[[], Moved | NotDone]:
    row, person = condition(house), actor(house, "U_MAREK")

    def deed() -> Moved | NotDone:
        with house.database.transaction() as session:
            return obligations.offer(session, row.id, Evidence(LINK, ""), actor=person, now=house.clock.now())

    return deed


def waives(house: House) -> Callable[[], Moved | NotDone]:
    row, person = condition(house), actor(house, "U_ANN")

    def deed() -> Moved | NotDone:
        with house.database.transaction() as session:
            return obligations.waive(session, row.id, "Not needed.", actor=person, now=house.clock.now())

    return deed


def test_two_of_a_lane_who_accept_at_once_accept_once(approved: House, monkeypatch: pytest.MonkeyPatch) -> None:
    give_evidence(approved)
    meeting = Meeting()
    meeting.after(monkeypatch, deeds, "lanes_of")

    outcomes = together(accepts(approved, "U_ANN"), accepts(approved, "U_BEN"))

    assert not meeting.both_came
    [refused] = [each for each in outcomes if isinstance(each, NotDone)]
    assert refused.why is Refusal.SETTLED
    assert approved.facts().count("condition.accepted") == approved.facts().count("condition.met") == 1
    assert state(approved) is UseCaseState.APPROVED


def test_evidence_given_while_the_lane_waives_changes_nothing_or_is_waived_with_it(
    approved: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting = Meeting()
    meeting.after(monkeypatch, deeds, "held")

    given, waived = together(gives(approved), waives(approved))

    assert not meeting.both_came
    assert isinstance(waived, Moved)
    assert isinstance(given, Moved) or given.why is Refusal.SETTLED
    assert condition(approved).status is ConditionStatus.WAIVED
    assert condition(approved).remind_at is None
    assert state(approved) is UseCaseState.APPROVED


def test_an_acceptance_in_the_moment_it_falls_due_is_first_or_resumes_it(
    approved: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Look at evidence that was given after the day had passed, while a second process says that it is overdue."""
    until(approved, IN_TWO_WEEKS)
    approved.clock.advance(hours=24)
    give_evidence(approved)  # the beat has not come yet: it is offered now, and the lane has it
    with approved.database.transaction() as session:
        row = session.exec(select(Condition)).one()
        stored.set_condition(session, row.id, version=row.version, values={"remind_at": approved.clock.now()})
    meeting = Meeting()
    meeting.after(monkeypatch, deeds, "held")

    together(accepts(approved, "U_ANN"), lambda: ticks.tick(approved.database, approved.clock.now()))

    assert condition(approved).status is ConditionStatus.MET
    assert state(approved) is UseCaseState.APPROVED
    assert not meeting.both_came


@pytest.mark.parametrize("what", ["reminded", "overdue"])
def test_two_processes_that_beat_at_once_tell_it_once(
    approved: House, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    before_the_day = timedelta(days=8 if what == "reminded" else 0)
    until(approved, IN_TWO_WEEKS - before_the_day)
    approved.clock.advance(hours=23)
    meeting = Meeting()
    meeting.after(monkeypatch, stored, "due")

    together(*(lambda: ticks.tick(approved.database, approved.clock.now()) for _ in range(2)))

    assert meeting.both_came  # both had seen that it was due
    reminders = 3 if what == "overdue" else 1
    assert approved.facts().count("condition.reminded") == reminders
    assert approved.facts().count("condition.overdue") == (1 if what == "overdue" else 0)
    assert state(approved) is (UseCaseState.SUSPENDED if what == "overdue" else UseCaseState.APPROVED_WITH_CONDITIONS)
