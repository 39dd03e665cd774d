"""By when somebody asked should decide: in their own hours, kept right wherever their clock is set anew."""

from datetime import UTC, date, datetime

from sqlmodel import col, select, update

from db.tables import ApprovalSeat, Leave, Person
from tests.support.chains import hire, lane, policy_text, stage
from tests.support.house import House
from tests.support.kitchen import Kitchen
from tests.workflows.test_clock import BAKERS, ESCALATING, TEAM, go_to, kitchen_of
from workflows import approvals
from workflows.approvals import Done, Voted


def due(kitchen: Kitchen, who: str) -> str | None:
    """Return when the time of somebody's newest seat is up, in UTC."""
    with kitchen.house.database.reading() as session:
        statement = select(ApprovalSeat.due_at).where(ApprovalSeat.person_id == kitchen.people[who].id)
        found = session.exec(statement.order_by(col(ApprovalSeat.id).desc())).first()
        return found.strftime("%a %H:%M") if found else None


def lane_due(kitchen: Kitchen) -> tuple[str, bool] | None:
    """Return when the time of everybody awaited in the open lane is up, and whether it is."""
    found = kitchen.request().open_lanes()[0].due()
    return (found[0].strftime("%a %H:%M"), found[1]) if found else None


def on_leave(kitchen: Kitchen, who: str, first: date, last: date) -> None:
    with kitchen.house.database.transaction() as session:
        leave = {"person_id": kitchen.people[who].id, "first_day": first, "last_day": last}
        session.connection().execute(Leave.metadata.tables["leaves"].insert(), leave)


def test_a_person_asked_has_a_date_at_which_their_working_time_is_up(house: House) -> None:
    kitchen = kitchen_of(house, hours=10)

    assert (due(kitchen, "U_BAKER1"), due(kitchen, "U_BAKER2")) == ("Tue 10:00", "Tue 10:00")
    assert lane_due(kitchen) == ("Tue 10:00", False)


def test_a_lane_is_due_when_the_last_of_those_awaited_is(house: House) -> None:
    house.clock._real = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # noqa: SLF001 - the clock of tests starts an hour later
    hire(house, "U_BAKER1", "baker", tz="America/New_York")
    asked = lane("bakers", "baker", rule="all", hours=10)
    kitchen = Kitchen(house, policy_text(stage("taste", asked), kind="pie", tier="low"), BAKERS[1:])
    with house.database.transaction() as session:
        abroad = {"zone": "America/New_York"}
        session.connection().execute(update(Person).where(col(Person.slack_id) == "U_BAKER1").values(abroad))

    assert lane_due(kitchen) is not None
    assert isinstance(kitchen.vote("U_BAKER2", "bakers"), Voted)

    assert lane_due(kitchen) == (due(kitchen, "U_BAKER1"), False)


def test_leave_entered_after_the_question_moves_the_date_with_the_reminders(house: House) -> None:
    kitchen = kitchen_of(house, people=BAKERS[:1], hours=10)
    on_leave(kitchen, "U_BAKER1", date(2026, 3, 3), date(2026, 3, 4))

    go_to(kitchen, "2026-03-02T13:00")

    assert due(kitchen, "U_BAKER1") == "Thu 10:00"


def test_once_the_time_is_up_the_lane_was_due(house: House) -> None:
    kitchen = kitchen_of(house, hours=2, people=BAKERS[:1])
    on_leave(kitchen, "U_BAKER1", date(2026, 3, 9), date(2026, 3, 9))

    go_to(kitchen, "2026-03-02T10:00")

    [here] = kitchen.request().open_lanes()
    assert lane_due(kitchen) == ("Mon 10:00", True)
    assert here.expires_at is not None
    assert here.expires_at.strftime("%a %H:%M") == "Mon 12:00"


def test_whoever_is_asked_when_it_escalates_has_a_date_of_their_own(house: House) -> None:
    kitchen = kitchen_of(house, people=TEAM, hours=2, **ESCALATING)

    go_to(kitchen, "2026-03-02T10:00")

    assert (due(kitchen, "U_BAKER1"), due(kitchen, "U_COOK")) == ("Mon 10:00", "Mon 12:00")
    assert lane_due(kitchen) == ("Mon 12:00", False)
    assert kitchen.request().open_lanes()[0].is_escalated


def test_whoever_a_seat_is_passed_on_to_has_all_the_time_again(house: House) -> None:
    kitchen = kitchen_of(house, hours=4)
    hire(house, "U_BAKER3", "baker")
    here, mine, colleague = kitchen.lane("bakers"), kitchen.people["U_BAKER1"], kitchen.actor("U_BAKER3")
    kitchen.people["U_BAKER3"] = colleague
    go_to(kitchen, "2026-03-02T11:00")

    with house.database.transaction() as session:
        now = house.clock.now()
        done = approvals.reassign(session, here.id, seat=mine, to=colleague, reason="Oven.", actor=mine, now=now)

    assert isinstance(done, Done)
    assert due(kitchen, "U_BAKER3") == "Mon 15:00"


def test_whoever_unblocks_a_lane_has_a_date(house: House) -> None:
    kitchen = kitchen_of(house, people=(), hours=4)
    assert kitchen.request().open_lanes() == []
    go_to(kitchen, "2026-03-02T11:00")

    hire(house, "U_BAKER1", "baker")

    kitchen.people["U_BAKER1"] = kitchen.actor("U_BAKER1")
    assert due(kitchen, "U_BAKER1") == "Mon 15:00"


def test_when_it_is_laid_out_anew_the_date_is_a_new_one(house: House) -> None:
    kitchen = kitchen_of(house, people=BAKERS[:1], hours=4)
    on_monday = due(kitchen, "U_BAKER1")
    go_to(kitchen, "2026-03-02T12:00")

    kitchen.reroute(policy_text(stage("taste", lane("bakers", "baker", hours=8)), kind="pie", tier="low"))

    assert on_monday == "Mon 12:00"
    assert due(kitchen, "U_BAKER1") == "Tue 12:00"


def test_somebody_who_never_works_again_has_no_date(house: House) -> None:
    kitchen = kitchen_of(house, people=(), hours=4)
    hire_on_leave_for_ever(kitchen)

    assert due(kitchen, "U_BAKER1") is None
    assert lane_due(kitchen) is None


def hire_on_leave_for_ever(kitchen: Kitchen) -> None:
    hire(kitchen.house, "U_BAKER1")
    kitchen.people["U_BAKER1"] = kitchen.actor("U_BAKER1")
    on_leave(kitchen, "U_BAKER1", date(2026, 1, 1), date(2036, 1, 1))
    kitchen.house.grant("baker", "U_BAKER1")


def test_a_delegate_sees_by_when_whoever_they_stand_in_for_should_decide(house: House) -> None:
    kitchen = kitchen_of(house, people=BAKERS[:1], hours=10)
    kitchen.away("U_BAKER1", "U_BEN", hours=100)

    seat = kitchen.request().open_seat_of(kitchen.people["U_BEN"].id)

    assert seat is not None
    assert seat.due_at is not None
    assert seat.due_at.strftime("%a %H:%M") == due(kitchen, "U_BAKER1") == "Tue 10:00"
