"""Slack waits three seconds for an answer, however many questions it takes its own time over."""

from typing import Any

import pytest
from slack_sdk.web import SlackResponse

from handlers import deadline
from tests.support.fakes import FakeSlack, World
from tests.support.house import House, filled, view_in
from workflows.intake import Step


class SlowSlack(FakeSlack):
    """Takes `seconds` for an answer, as far as the caller waits for it, on a clock of its own."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.now = 0.0
        self.seconds = 0.0
        self.timeout = 2

    def api_call(self, api_method: str, **arguments: Any) -> SlackResponse:
        self.now += min(self.seconds, self.timeout)
        if self.seconds > self.timeout:
            raise TimeoutError("timed out")
        return super().api_call(api_method, **arguments)


@pytest.fixture
def slack(house: House, monkeypatch: pytest.MonkeyPatch) -> SlowSlack:
    slow = SlowSlack(house.world)
    house.slack = slow
    monkeypatch.setattr(deadline, "monotonic", lambda: slow.now)
    return slow


def test_a_slow_slack_is_not_waited_for_twice(house: House, slack: SlowSlack) -> None:
    house.grant("board", "U_MAREK")
    window = house.drafted(until=Step.BASICS)
    house.submit("U_PRIYA", window, filled(window))  # so that everybody named is known
    house.advance(minutes=10)
    slack.seconds, before = 30, slack.now

    response = house.submit("U_PRIYA", window, filled(window))

    assert response.status == 200
    assert "(2 of" in view_in(response)["title"]["text"]
    assert slack.now - before == pytest.approx(deadline.ASKING)


def test_nobody_is_kept_waiting_for_a_window_that_would_come_too_late(house: House, slack: SlowSlack) -> None:
    slack.seconds, slack.timeout = deadline.ASKING, 3

    assert "too long" in house.command("U_PRIYA", "new")

    assert house.world.opened == []
    assert slack.now < 3


def test_every_listener_has_its_time_anew(house: House, slack: SlowSlack) -> None:
    slack.seconds = 1.1
    for who in ("U_PRIYA", "U_MAREK", "U_BEN"):
        slack.timeout = 2
        assert house.command(who, "new") == ""

    assert len(house.world.opened) == 3
