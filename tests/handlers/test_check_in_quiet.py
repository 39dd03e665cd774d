"""Who has notifications switched off in Slack is asked when that is over, and at the latest before the period ends."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support.asking import MAREK, OTTO, Asking
from tests.support.house import House
from workflows import checkins, people
from workflows.checkins import Quiet


def quiet(text: str, until: str) -> dict[str, Any]:
    """Return how Slack tells of a quiet time in March 2026, in UTC."""
    begins, ends = (int(datetime.fromisoformat(f"2026-03-{each}+00:00").timestamp()) for each in (text, until))
    return {"dnd_enabled": True, "next_dnd_start_ts": begins, "next_dnd_end_ts": ends}


def tell(house: House, who: str, status: dict[str, Any]) -> None:
    response = house.tell({"type": "dnd_updated_user", "user": who, "dnd_status": status})
    assert response.status == 200


def test_who_is_left_in_peace_is_asked_and_reminded_when_that_is_over(house: House) -> None:
    asking = Asking(house)
    asking.go_to("2026-03-03T08:30")
    tell(house, MAREK, quiet("03T08:00", "03T12:30"))

    asking.go_to("2026-03-03T12:20", step=20)
    assert asking.prompts_to() == []
    asking.go_to("2026-03-03T12:30", step=10)
    assert len(asking.prompts_to()) == 1

    asking.go_to("2026-03-04T08:00")
    tell(house, MAREK, quiet("04T12:00", "04T15:00"))
    asking.go_to("2026-03-04T14:50", step=50)
    assert asking.told(MAREK, "A reminder") == []
    asking.go_to("2026-03-04T15:00", step=10)
    assert len(asking.told(MAREK, "A reminder")) == 1


def test_who_switches_it_on_again_earlier_is_asked_within_minutes(house: House) -> None:
    asking = Asking(house)
    asking.go_to("2026-03-03T08:30")
    tell(house, MAREK, quiet("02T10:00", "03T15:00"))
    asking.go_to("2026-03-03T10:00")
    assert asking.prompts_to() == []

    tell(house, MAREK, {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1})
    asking.go_to("2026-03-03T10:10", step=10)

    assert len(asking.prompts_to()) == 1


def test_who_is_left_in_peace_all_along_is_asked_in_the_last_hour_and_is_missing_not_away(house: House) -> None:
    asking = Asking(house)
    for day in range(2, 10):
        asking.go_to(f"2026-03-{day:02}T12:00", step=360)
        tell(house, MAREK, quiet("02T10:00", "20T15:00"))

    asking.go_to("2026-03-10T07:50", step=60)
    assert asking.states() == ["2026-03-03 pending"]
    asking.go_to("2026-03-10T08:00", step=10)
    assert len(asking.prompts_to()) == 1
    asking.go_to("2026-03-10T09:00")

    assert asking.states()[0] == "2026-03-03 missed"


def test_what_slack_told_more_than_a_day_ago_is_not_believed(house: House) -> None:
    asking = Asking(house)
    tell(house, MAREK, quiet("02T10:00", "06T15:00"))

    asking.go_to("2026-03-03T09:00")
    assert asking.prompts_to() == []
    asking.go_to("2026-03-03T09:10", step=10)

    assert len(asking.prompts_to()) == 1


def test_the_sponsor_too_is_told_when_their_quiet_time_is_over(house: House) -> None:
    asking = Asking(house)
    asking.go_to("2026-03-06T08:00")
    tell(house, OTTO, quiet("06T08:00", "06T14:00"))

    asking.go_to("2026-03-06T13:50", step=50)
    assert asking.told(OTTO, "has not answered") == []
    asking.go_to("2026-03-06T14:00", step=10)

    assert len(asking.told(OTTO, "has not answered")) == 1


@pytest.mark.parametrize(
    "status",
    [
        pytest.param(None, id="nothing"),
        pytest.param({"dnd_enabled": True, "next_dnd_start_ts": "x", "next_dnd_end_ts": 5}, id="no times"),
        pytest.param({"dnd_enabled": True, "next_dnd_start_ts": 9, "next_dnd_end_ts": 5}, id="backwards"),
        pytest.param({"dnd_enabled": True, "next_dnd_start_ts": 5, "next_dnd_end_ts": 10**15}, id="never"),
    ],
)
def test_what_is_no_quiet_time_keeps_nobody_quiet(house: House, status: dict[str, Any] | None) -> None:
    Asking(house)
    tell(house, "U_NOBODY", quiet("02T10:00", "06T15:00"))
    tell(house, MAREK, status or {})

    with house.database.transaction() as session:
        marek = people.find(session, MAREK)
        assert marek is not None
        assert checkins.to_ask_about(session, limit=9, now=house.clock.now()) == []
        later = Quiet(datetime(2026, 3, 2, 10, tzinfo=UTC), datetime(2026, 3, 3, 10, tzinfo=UTC))
        checkins.keep_quiet_times(session, {marek.id: later}, asked_at=house.clock.now())
