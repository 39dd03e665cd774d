"""The clocks of those asked: in their own hours, once each, escalated, told to the leads, and never an approval."""

from datetime import UTC, datetime

import pytest
from sqlmodel import col, select, update

from db.enums import LaneStatus, OutboxKind, RequestStatus, Verb
from db.tables import ApprovalLane, Leave, Person
from handlers import ticks
from tests.support.chains import lane, policy_text, stage
from tests.support.house import House
from tests.support.kitchen import Kitchen
from workflows.approvals import Refused, Voted

BAKERS = (("U_BAKER1", "baker"), ("U_BAKER2", "baker"))
MONDAY_NINE = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # in Berlin, where the people of these tests work from nine


def kitchen_of(
    house: House, *, hours: float = 10, people: tuple[tuple[str, str], ...] = BAKERS, **more: object
) -> Kitchen:
    """Return a pie asked of the bakers on Monday at nine, who have so many working hours."""
    house.clock._real = MONDAY_NINE  # noqa: SLF001 - the clock of tests starts an hour later
    asked = lane("bakers", "baker", hours=hours) | more
    return Kitchen(house, policy_text(stage("taste", asked), kind="pie", tier="low"), people)


def reminded(kitchen: Kitchen) -> list[str]:
    """Return who was promised a reminder, in order."""
    rows = kitchen.house.outbox_rows()
    return [row.conversation for row in rows if row.kind is OutboxKind.VOTE_REMINDER]


def go_to(kitchen: Kitchen, text: str) -> None:
    """Move the clock to a UTC moment, with a beat every twelve minutes."""
    target = datetime.fromisoformat(text).replace(tzinfo=UTC)
    while kitchen.house.clock.now() < target:
        left = (target - kitchen.house.clock.now()).total_seconds()
        kitchen.beat(seconds=min(720, left))


def the_lane(kitchen: Kitchen) -> ApprovalLane:
    with kitchen.house.database.reading() as session:
        return session.exec(select(ApprovalLane)).one()


def test_reminders_come_at_half_four_fifths_and_all_of_a_persons_working_time(house: House) -> None:
    kitchen = kitchen_of(house, people=BAKERS[:1])

    go_to(kitchen, "2026-03-02T12:59")
    assert reminded(kitchen) == []
    go_to(kitchen, "2026-03-02T13:00")  # five working hours
    assert reminded(kitchen) == ["U_BAKER1"]
    go_to(kitchen, "2026-03-02T16:00")  # eight, which ends the day
    assert reminded(kitchen) == ["U_BAKER1"] * 2
    go_to(kitchen, "2026-03-03T09:59")
    assert reminded(kitchen) == ["U_BAKER1"] * 2
    go_to(kitchen, "2026-03-03T10:00")
    assert reminded(kitchen) == ["U_BAKER1"] * 3
    go_to(kitchen, "2026-03-05T20:00")
    assert reminded(kitchen) == ["U_BAKER1"] * 3


def test_each_persons_clock_runs_in_their_own_zone(house: House) -> None:
    kitchen = kitchen_of(house, hours=2)
    with house.database.transaction() as session:
        session.connection().execute(update(Person).where(col(Person.slack_id) == "U_BAKER2").values(zone="Asia/Tokyo"))

    go_to(kitchen, "2026-03-02T10:00")
    assert reminded(kitchen) == ["U_BAKER1", "U_BAKER1", "U_BAKER1"]
    go_to(kitchen, "2026-03-03T03:00")  # noon in Tokyo
    assert reminded(kitchen).count("U_BAKER2") == 3


def test_a_reminder_fires_once_however_often_the_clock_beats(house: House) -> None:
    kitchen = kitchen_of(house, people=BAKERS[:1])
    go_to(kitchen, "2026-03-02T13:00")

    for _ in range(5):
        ticks.tick(house.database, house.clock.now())

    assert reminded(kitchen) == ["U_BAKER1"]


def test_leave_entered_after_the_question_moves_its_reminders(house: House) -> None:
    kitchen = kitchen_of(house, people=BAKERS, hours=40)
    with house.database.transaction() as session:
        session.connection().execute(
            Leave.metadata.tables["leaves"].insert(),
            {
                "person_id": kitchen.people["U_BAKER1"].id,
                "first_day": datetime(2026, 3, 2, tzinfo=UTC).date(),
                "last_day": datetime(2026, 3, 3, tzinfo=UTC).date(),
            },
        )

    go_to(kitchen, "2026-03-06T11:48")
    assert set(reminded(kitchen)) == {"U_BAKER2"}
    go_to(kitchen, "2026-03-06T12:00")  # half of forty hours from Wednesday at nine
    assert reminded(kitchen).count("U_BAKER1") == 1


def test_of_reminders_missed_while_nothing_ran_one_is_sent(house: House) -> None:
    kitchen = kitchen_of(house, hours=10, people=BAKERS[:1])

    house.advance(days=4)

    assert reminded(kitchen) == ["U_BAKER1"]


def test_a_delegate_is_reminded_in_their_place(house: House) -> None:
    kitchen = kitchen_of(house, people=BAKERS[:1])
    kitchen.away("U_BAKER1", "U_BEN", hours=100)

    go_to(kitchen, "2026-03-02T13:00")

    assert reminded(kitchen) == ["U_BEN"]


ESCALATING = {"escalate": {"to": "cook"}}
TEAM = (*BAKERS[:1], ("U_COOK", "cook"), ("U_LEAD", "lead"))


def test_when_everybodys_time_is_up_others_are_asked_beside_them(house: House) -> None:
    kitchen = kitchen_of(house, people=TEAM, hours=2, **ESCALATING)

    go_to(kitchen, "2026-03-02T10:00")

    assert {person.slack_id for person in kitchen.request().waits_for()} == {"U_BAKER1", "U_COOK"}
    assert house.facts().count("approval.lane_escalated") == 1
    assert isinstance(kitchen.vote("U_COOK", "bakers"), Voted)


def test_or_in_their_place_where_the_policy_says_so(house: House) -> None:
    kitchen = kitchen_of(house, people=TEAM, hours=2, escalate={"to": "cook", "how": "replace"})

    go_to(kitchen, "2026-03-02T10:00")

    assert {person.slack_id for person in kitchen.request().waits_for()} == {"U_COOK"}
    assert isinstance(kitchen.vote("U_BAKER1", "bakers"), Refused)


def test_the_second_time_the_leads_are_told_and_the_third_it_expires(house: House) -> None:
    kitchen = kitchen_of(house, people=TEAM, hours=2, **ESCALATING)

    go_to(kitchen, "2026-03-02T12:00")
    told = [row.conversation for row in house.outbox_rows() if row.kind is OutboxKind.LANE_OVERDUE]
    assert told == ["U_LEAD"]
    assert kitchen.request().status is RequestStatus.IN_REVIEW
    go_to(kitchen, "2026-03-02T14:00")

    assert kitchen.request().status is RequestStatus.EXPIRED
    assert the_lane(kitchen).status is LaneStatus.EXPIRED
    assert isinstance(kitchen.vote("U_BAKER1", "bakers"), Refused)
    before = house.facts()
    go_to(kitchen, "2026-03-06T14:00")
    assert house.facts() == before


def test_the_leads_are_told_at_once_where_there_is_nobody_to_escalate_to(house: House) -> None:
    kitchen = kitchen_of(house, people=(*BAKERS, ("U_LEAD", "other")), hours=2)

    go_to(kitchen, "2026-03-02T10:00")

    assert "approval.lane_overdue" in house.facts()
    assert the_lane(kitchen).timeouts == 2


def test_a_vote_stops_the_voters_clock_and_the_others_run_on(house: House) -> None:
    kitchen = kitchen_of(house, hours=10, rule="all")
    kitchen.vote("U_BAKER1", "bakers")

    go_to(kitchen, "2026-03-02T14:00")

    assert reminded(kitchen) == ["U_BAKER2"]


def test_the_clock_stops_while_the_proposer_has_it(house: House) -> None:
    kitchen = kitchen_of(house, hours=2)
    kitchen.vote("U_BAKER1", "bakers", Verb.REQUEST_CHANGES)

    go_to(kitchen, "2026-03-06T14:00")
    assert reminded(kitchen) == []
    assert kitchen.request().status is RequestStatus.CHANGES_REQUESTED
    kitchen.resubmit(purpose="c")
    go_to(kitchen, "2026-03-09T09:00")
    assert set(reminded(kitchen)) == {"U_BAKER1", "U_BAKER2"}


def test_when_everybody_asked_is_on_leave_the_lane_does_not_wait_for_them(house: House) -> None:
    kitchen = kitchen_of(house, people=TEAM, hours=20, **ESCALATING)
    with house.database.transaction() as session:
        session.connection().execute(
            Leave.metadata.tables["leaves"].insert(),
            {
                "person_id": kitchen.people["U_BAKER1"].id,
                "first_day": datetime(2026, 3, 2, tzinfo=UTC).date(),
                "last_day": datetime(2026, 3, 31, tzinfo=UTC).date(),
            },
        )

    go_to(kitchen, "2026-03-02T09:00")

    assert "U_COOK" in {person.slack_id for person in kitchen.request().waits_for()}


@pytest.mark.parametrize(
    ("start", "reminder"),
    [
        pytest.param("2026-03-27T15:00", "2026-03-30T13:00", id="over the clock change and a weekend"),
        pytest.param("2026-04-02T14:00", "2026-04-07T13:00", id="over Easter"),
    ],
)
def test_the_clock_knows_weekends_holidays_and_clock_changes(house: House, start: str, reminder: str) -> None:
    house.clock._real = datetime.fromisoformat(start).replace(tzinfo=UTC)  # noqa: SLF001
    text = policy_text(stage("taste", lane("bakers", "baker", hours=14)), kind="pie", tier="low")
    kitchen = Kitchen(house, text, BAKERS[:1])

    go_to(kitchen, reminder)

    assert reminded(kitchen) == ["U_BAKER1"]
