"""Each programme lead is told once a week, as their week begins, where requests wait; never about one person."""

from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, select, update

from db.enums import OutboxKind
from db.tables import Leave, OutboxRow, Person, WeeklyPost
from handlers import ticks
from tests.support.chains import hire, lane, policy_text, put_in_force, stage
from tests.support.house import House, words
from tests.support.races import Meeting, together
from workflows import approvals, people
from workflows.approvals import weeks
from workflows.people import Calendar

BERLIN = "Europe/Berlin"
MONDAY = date(2026, 3, 9)


def utc(local: str, zone: str = BERLIN) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("calendar", "monday", "expected"),
    [
        pytest.param(Calendar(BERLIN), MONDAY, utc("2026-03-09T09:00"), id="nine on Monday"),
        pytest.param(Calendar(BERLIN), date(2026, 3, 30), utc("2026-03-30T09:00"), id="after the clocks went forward"),
        pytest.param(Calendar(BERLIN, starts=7 * 60), MONDAY, utc("2026-03-09T07:00"), id="an early riser"),
        pytest.param(
            Calendar("Asia/Kolkata"), MONDAY, utc("2026-03-09T09:00", "Asia/Kolkata"), id="half an hour off the hour"
        ),
        pytest.param(Calendar(BERLIN, days="234"), MONDAY, utc("2026-03-10T09:00"), id="nobody's Monday"),
        pytest.param(Calendar(BERLIN, "DE"), date(2026, 4, 6), utc("2026-04-07T09:00"), id="Easter Monday"),
        pytest.param(Calendar(BERLIN, days="7"), MONDAY, utc("2026-03-15T09:00"), id="Sundays only"),
        pytest.param(Calendar(BERLIN, leave=((MONDAY, MONDAY),)), MONDAY, None, id="away on the day"),
        pytest.param(
            Calendar(BERLIN, leave=((date(2026, 3, 10), date(2026, 3, 20)),)),
            MONDAY,
            utc("2026-03-09T09:00"),
            id="away from the day after",
        ),
    ],
)
def test_a_week_begins_with_the_hours_of_its_first_working_day(
    calendar: Calendar, monday: date, expected: datetime | None
) -> None:
    assert weeks.begins(calendar, monday) == expected


@pytest.mark.parametrize(
    ("local", "is_due"),
    [
        ("2026-03-09T08:59", False),
        ("2026-03-09T09:00", True),
        ("2026-03-09T17:00", False),
        ("2026-03-10T03:00", False),
        ("2026-03-10T09:00", True),
        ("2026-03-11T09:00", True),
        ("2026-03-11T09:01", False),
        ("2026-03-13T12:00", False),
    ],
)
def test_late_is_within_two_days_and_in_working_hours(local: str, *, is_due: bool) -> None:
    assert weeks.week_due(Calendar(BERLIN), utc(local)) == (MONDAY if is_due else None)


def test_whoever_works_on_sundays_only_may_be_told_on_monday_no_more() -> None:
    calendar = Calendar(BERLIN, days="7")

    assert weeks.week_due(calendar, utc("2026-03-15T09:00")) == MONDAY
    assert weeks.week_due(calendar, utc("2026-03-16T09:00")) is None  # no working time


# ------------------------------------------------------------------------------------------------- over a year

LEADS = {
    "U_BERLIN": {"zone": BERLIN, "country": "DE"},
    "U_NEWYORK": {"zone": "America/New_York", "country": "US"},
    "U_KOLKATA": {"zone": "Asia/Kolkata", "country": None},
    "U_CHATHAM": {"zone": "Pacific/Chatham", "country": "NZ"},
    "U_NIGHTS": {"zone": "Europe/London", "country": "GB", "work_starts": 22 * 60, "work_ends": 6 * 60},
    "U_PART": {"zone": "America/Sao_Paulo", "country": "BR", "work_days": "345"},
    "U_WEEKEND": {"zone": "Australia/Lord_Howe", "country": None, "work_days": "67"},
}
AWAY = {"U_BERLIN": (date(2026, 8, 3), date(2026, 8, 21)), "U_PART": (date(2026, 12, 23), date(2026, 12, 23))}


@pytest.fixture
def desk(house: House) -> House:
    """Return a house with one request that waits for Ann and Ben, and leads all over the world."""
    for slack_id, facts in LEADS.items():
        hire(house, slack_id, "lead")
        describe(house, slack_id, **facts)
    house.grant("governance", "U_BEN")
    house.propose()
    return house


def describe(house: House, slack_id: str, **facts: object) -> None:
    with house.database.transaction() as session:
        session.connection().execute(update(Person).where(col(Person.slack_id) == slack_id).values(facts))


def away(house: House, slack_id: str, first: date, last: date) -> None:
    with house.database.transaction() as session:
        person = people.find(session, slack_id)
        assert person is not None
        leave = {"person_id": person.id, "first_day": first, "last_day": last}
        session.connection().execute(Leave.metadata.tables["leaves"].insert(), leave)


def told(house: House) -> list[tuple[str, datetime]]:
    with house.database.reading() as session:
        rows = session.exec(select(OutboxRow).where(OutboxRow.kind == OutboxKind.WHERE_REQUESTS_WAIT))
        return [(row.conversation, row.created_at) for row in rows]


def beat(house: House, now: datetime) -> None:
    """Do what a tick does about the week, and nothing else: the request still waits after a year."""
    with house.database.reading() as session:
        if not approvals.weekly_due(session, now=now):
            return
    with house.database.transaction() as session:
        approvals.tell_weekly(session, now=now)


def test_over_a_year_of_ticks_each_lead_is_told_exactly_once_a_week_in_their_hours(desk: House) -> None:
    for who, (first, last) in AWAY.items():
        away(desk, who, first, last)
    now = utc("2026-03-02T00:00", "UTC")
    while now < utc("2027-03-01T00:00", "UTC"):
        beat(desk, now)
        now += timedelta(hours=3, minutes=7)

    found = Counter((who, monday_of(who, at)) for who, at in told(desk))
    expected = {(who, monday) for who in LEADS for monday in mondays() if works_in(who, monday)}
    assert set(found.values()) == {1}
    assert {(who, monday) for who, monday in found if date(2026, 3, 9) <= monday < date(2027, 2, 15)} == expected
    for who, at in told(desk):
        local = at.astimezone(ZoneInfo(str(LEADS[who]["zone"]))).time()
        assert (time(22) <= local or local < time(6)) if who == "U_NIGHTS" else (time(9) <= local < time(17))


def monday_of(who: str, at: datetime) -> date:
    day = at.astimezone(ZoneInfo(str(LEADS[who]["zone"]))).date()
    return day - timedelta(days=day.weekday())


def mondays() -> list[date]:
    return [date(2026, 3, 9) + timedelta(weeks=each) for each in range(49)]


def works_in(who: str, monday: date) -> bool:
    """Say whether somebody is to be told in a week, worked out by hand: they are away when it would begin for them.

    No public holiday takes a whole week.
    """
    first_away, last_away = AWAY.get(who, (date.max, date.max))
    begins = {"U_PART": monday + timedelta(days=2), "U_WEEKEND": monday + timedelta(days=5)}.get(who, monday)
    return not first_away <= begins <= last_away


# ---------------------------------------------------------------------------------------------------- the post


def lead(house: House) -> None:
    hire(house, "U_LEA", "lead")
    house.grant("governance", "U_BEN")


def go_to(house: House, local: str) -> None:
    house.clock.advance(seconds=(utc(local) - house.clock.now()).total_seconds())
    ticks.tick(house.database, house.clock.now())
    house.send()


def weekly(house: House, who: str = "U_LEA") -> list[str]:
    return [post.text for post in house.posts_to(who) if "as your week begins" in post.text]


def test_a_lead_reads_by_role_how_many_wait_and_no_name_of_anybody_nor_of_what_is_confidential(house: House) -> None:
    lead(house)
    go_to(house, "2026-03-06T16:00")  # too late for the week in which they became lead
    house.propose(name="Zebra files", confidential=["yes"])
    go_to(house, "2026-03-09T08:59")
    assert weekly(house) == []
    go_to(house, "2026-03-09T09:00")

    [post] = [post for post in house.posts_to("U_LEA") if "as your week begins" in post.text]
    assert post.text == (
        "*Where requests wait as your week begins*\n*AI governance*: 1 request waits, for less than half a working day"
    )
    for name in ("Zebra", "UC-1", "Ann", "Ben", "Priya"):
        assert name not in words(post) + post.text


def test_ticks_and_restarts_tell_nobody_twice(house: House) -> None:
    lead(house)
    house.propose()
    go_to(house, "2026-03-09T09:00")
    for minute in range(1, 30):
        go_to(house, f"2026-03-09T09:{minute:02}")

    assert len(weekly(house)) == 1


def test_two_replicas_at_once_tell_it_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    lead(house)
    house.propose()
    house.clock.advance(seconds=(utc("2026-03-09T09:00") - house.clock.now()).total_seconds())
    Meeting().before(monkeypatch, approvals, "tell_weekly")

    together(*[lambda: ticks.tick(house.database, house.clock.now())] * 2)

    assert [who for who, _ in told(house)] == ["U_LEA"]


def test_after_a_pause_of_a_day_it_comes_late_and_after_three_it_is_skipped(house: House) -> None:
    lead(house)
    house.propose()
    go_to(house, "2026-03-06T16:00")
    before = len(weekly(house))
    go_to(house, "2026-03-10T10:00")
    assert len(weekly(house)) == before + 1
    go_to(house, "2026-03-19T10:00")
    assert len(weekly(house)) == before + 1
    go_to(house, "2026-03-23T10:00")
    assert len(weekly(house)) == before + 2


def test_that_nothing_waits_is_told_once_after_something_did(house: House) -> None:
    lead(house)
    put_in_force(house, policy_text(stage("review", lane("governance", "governance", hours=300))))
    go_to(house, "2026-03-09T09:00")
    assert weekly(house) == []
    house.propose()
    go_to(house, "2026-03-16T09:00")
    house.approve("U_ANN")
    for monday in ("2026-03-23T09:00", "2026-03-30T09:00", "2026-04-06T09:00", "2026-04-07T09:00"):
        go_to(house, monday)

    assert len(weekly(house)) == 2
    assert weekly(house)[1] == "*Where requests wait as your week begins*\nNothing waits for anybody."
    with house.database.reading() as session:
        kinds = Counter(row.kind for row in session.exec(select(WeeklyPost)))
    assert kinds == {"where_requests_wait": 5, "nothing_waited": 4}


def test_whoever_is_lead_no_more_when_it_is_sent_gets_nothing(house: House) -> None:
    lead(house)
    house.propose()
    house.clock.advance(seconds=(utc("2026-03-09T09:00") - house.clock.now()).total_seconds())
    ticks.tick(house.database, house.clock.now())
    with house.database.transaction() as session:
        lea = people.find(session, "U_LEA")
        assert lea is not None
        people.withdraw_role(session, "lead", lea.id, actor=None, now=house.clock.now())
    house.send()

    assert weekly(house) == []


def test_a_lead_who_left_is_told_nothing(house: House) -> None:
    lead(house)
    house.propose()
    house.world.people["U_LEA"]["deleted"] = True
    house.tell({"type": "user_change", "user": house.world.people["U_LEA"]})
    go_to(house, "2026-03-09T09:00")

    assert weekly(house) == []
