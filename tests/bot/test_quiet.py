"""Slack is asked who is left in peace: those who are asked soon, fifty at a time, and not where it may not be asked."""

from datetime import timedelta

import pytest
from sqlalchemy import insert
from sqlmodel import func, select

from bot.quiet import QuietTimes
from db.enums import Cadence, Membership, WorkspaceRank
from db.ids import new_id
from db.tables import CheckInSchedule, Person, QuietTime
from tests.support.asking import MAREK, Asking
from tests.support.house import House


@pytest.fixture
def asking(house: House) -> Asking:
    asking = Asking(house)
    asking.go_to("2026-03-03T08:40")
    return asking


def reader(house: House) -> QuietTimes:
    return QuietTimes(house.database, house.slack, house.clock)


def calls(house: House) -> int:
    return house.world.calls.count("dnd.teamInfo")


def beat(reading: QuietTimes, asking: Asking, until: str) -> None:
    """Beat every quarter of an hour, the reader before the clock."""
    while asking.house.clock.now().strftime("%dT%H:%M") < until:
        asking.house.clock.advance(minutes=10)
        reading.keep_up()
        asking.beat()


def test_who_is_asked_within_minutes_is_asked_about_and_then_left_in_peace(asking: Asking) -> None:
    house, reading = asking.house, reader(asking.house)
    reading.keep_up()
    assert calls(house) == 0  # it is twenty minutes before ten, where Marek is

    house.world.quiet[MAREK] = {"dnd_enabled": True, "next_dnd_start_ts": 1772524800, "next_dnd_end_ts": 1772535600}
    beat(reading, asking, "03T10:50")
    assert calls(house) > 0
    assert asking.prompts_to() == []
    beat(reading, asking, "03T11:00")

    assert len(asking.prompts_to()) == 1


def test_who_has_snoozed_slack_is_asked_when_the_snooze_ends(asking: Asking) -> None:
    house = asking.house
    house.world.quiet[MAREK] = {"dnd_enabled": False, "snooze_enabled": True, "snooze_endtime": 1772535600}

    beat(reader(house), asking, "03T10:50")
    assert asking.prompts_to() == []
    beat(reader(house), asking, "03T11:00")

    assert len(asking.prompts_to()) == 1


def test_without_the_scope_slack_is_asked_once_a_day_and_people_at_their_hour(asking: Asking) -> None:
    house, reading = asking.house, reader(asking.house)
    for _ in range(9):
        house.slack.fail_next("dnd.teamInfo", "missing_scope")

    beat(reading, asking, "03T09:00")
    assert len(asking.prompts_to()) == 1
    beat(reading, asking, "04T08:30")
    assert calls(house) == 1
    beat(reading, asking, "04T09:00")

    assert calls(house) == 2


def test_slack_that_asks_us_to_wait_or_is_away_is_asked_again_later(asking: Asking) -> None:
    house, reading = asking.house, reader(asking.house)
    house.clock.advance(minutes=10)
    house.slack.fail_next("dnd.teamInfo", "ratelimited", status=429, Retry_After="30")
    house.slack.break_next("dnd.teamInfo", ConnectionResetError("reset"))

    for seconds, asked in ((0, 1), (29, 1), (1, 2), (59, 2), (1, 3), (60, 3)):
        house.clock.advance(seconds=seconds)
        reading.keep_up()
        assert calls(house) == asked


def test_a_thousand_people_are_asked_about_fifty_at_a_time_and_below_slacks_limit(asking: Asking) -> None:
    house, reading = asking.house, reader(asking.house)
    crowd(asking, 1000)
    house.world.hidden.add("U_17")
    house.clock.advance(minutes=10)

    for _ in range(60):
        before = calls(house)
        reading.keep_up()
        assert calls(house) - before <= 4
        house.clock.advance(seconds=1)

    with house.database.reading() as session:
        assert session.exec(select(func.count()).select_from(QuietTime)).one() == 1001
    assert calls(house) <= 45  # twenty-one, and those that find out whom Slack does not show


def crowd(asking: Asking, size: int) -> None:
    """Let so many people be asked at the same moment as Marek."""
    schedule, now = asking.schedule(), asking.house.clock.now()
    known = {"team_id": "T", "membership": Membership.MEMBER, "rank": WorkspaceRank.MEMBER, "zone": "Europe/Berlin"}
    rows = [{"id": new_id(), "slack_id": f"U_{n}", "name": f"Nr {n}", "checked_at": now} | known for n in range(size)]
    common = schedule.model_dump() | {"cadence": Cadence.WEEKLY, "next_at": now + timedelta(minutes=20)}
    with asking.house.database.transaction() as session:
        session.connection().execute(insert(Person), rows)
        schedules = [common | {"id": new_id(), "person_id": row["id"]} for row in rows]
        session.connection().execute(insert(CheckInSchedule), schedules)
