"""The clock moves when somebody moves it, and waits for those who follow it."""

import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from sandbox.server import Timing
from tests.sandbox.support import GENERAL, WORKSPACE, Workspace

HOUR = 3600


def advance(workspace: Workspace, seconds: Any) -> dict[str, Any]:
    return workspace.call("POST", "/control/clock/advance", {"seconds": seconds})


class Follower(threading.Thread):
    """Follow the clock as a bot does: hear of a step, work for a moment, report."""

    def __init__(self, workspace: Workspace, *, works_for: float) -> None:
        super().__init__()
        self.workspace = workspace
        self.works_for = works_for
        self.offsets: list[float] = []
        self.done = threading.Event()

    def run(self) -> None:
        step = -1
        while not self.done.is_set():
            heard = self.workspace.call("GET", f"/control/clock/follow?name=bot&step={step}&wait=0.1")
            if heard["step"] != step:
                step = heard["step"]
                self.offsets.append(heard["offset_seconds"])
                time.sleep(self.works_for)
                self.workspace.call("POST", "/control/clock/idle", {"name": "bot", "step": step})


@pytest.fixture
def follow() -> Any:
    followers: list[Follower] = []

    def start(workspace: Workspace, *, works_for: float) -> Follower:
        follower = Follower(workspace, works_for=works_for)
        followers.append(follower)
        follower.start()
        while not follower.offsets:
            time.sleep(0.01)
        return follower

    yield start
    for follower in followers:
        follower.done.set()
        follower.join()


def test_messages_carry_the_time_the_clock_shows(workspace: Workspace) -> None:
    before = workspace.client.chat_postMessage(channel=GENERAL, text="x")["ts"]

    answer = advance(workspace, 10 * HOUR)

    after = workspace.client.chat_postMessage(channel=GENERAL, text="y")["ts"]
    assert (answer["ok"], answer["offset_seconds"]) == (True, 10 * HOUR)
    assert 10 * HOUR <= float(after) - float(before) < 10 * HOUR + 60
    shown = datetime.fromisoformat(workspace.call("GET", "/control/clock")["now"])
    assert abs(shown.timestamp() - time.time() - 10 * HOUR) < 60


@pytest.mark.parametrize("seconds", [0, -1, "soon", None, True, float("1e99"), [], "nan"])
def test_the_clock_never_goes_back_or_nowhere(workspace: Workspace, seconds: Any) -> None:
    answer = advance(workspace, seconds)

    assert (answer["ok"], answer["status"]) == (False, 400)
    assert workspace.call("GET", "/control/clock")["offset_seconds"] == 0


def test_a_new_workspace_may_begin_in_the_past_and_is_moved_to_today_once(tmp_path: Path) -> None:
    def begin(days_ago: int) -> Workspace:
        return Workspace(state=tmp_path / "w.sqlite3", description=WORKSPACE, timing=Timing(), days_ago=days_ago)

    workspace = begin(3)
    written = workspace.client.chat_postMessage(channel=GENERAL, text="x")["ts"]
    moved = advance(workspace, 48 * HOUR)
    workspace.stop()
    workspace = begin(3)
    later = workspace.call("GET", "/control/clock")
    workspace.stop()

    assert abs(float(written) - time.time() + 72 * HOUR) < 60
    assert moved["offset_seconds"] == later["offset_seconds"] == -24 * HOUR


def test_time_is_played_in_hours_and_each_waits_for_the_follower(workspace: Workspace, follow: Any) -> None:
    follower = follow(workspace, works_for=0.05)

    answer = advance(workspace, 2.5 * HOUR)

    assert answer["ok"], answer
    assert follower.offsets == [0, HOUR, 2 * HOUR, 2.5 * HOUR]
    assert workspace.call("GET", "/control/clock")["followers"] == ["bot"]


def test_the_clock_stops_when_a_follower_does_not_become_idle(
    open_workspace: Callable[..., Workspace], follow: Any
) -> None:
    workspace = open_workspace(follower=0.2)
    follow(workspace, works_for=1.0)

    answer = advance(workspace, 3 * HOUR)

    assert (answer["ok"], answer["error"]) == (False, "follower_not_idle")
    assert answer["waiting_for"] == ["bot"]
    assert answer["offset_seconds"] == answer["played_seconds"] == HOUR


def test_two_people_moving_the_clock_at_once_both_move_it(workspace: Workspace) -> None:
    threads = [threading.Thread(target=advance, args=(workspace, HOUR)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert workspace.call("GET", "/control/clock")["offset_seconds"] == 2 * HOUR


def test_a_follower_waits_until_something_moves(workspace: Workspace) -> None:
    begun = time.monotonic()

    answer = workspace.call("GET", "/control/clock/follow?name=bot&step=0&wait=0.2")

    assert answer["step"] == 0
    assert time.monotonic() - begun >= 0.2


@pytest.mark.parametrize(
    "path", ["follow", "follow?name=bot&step=x", "follow?name=bot&wait=inf", "follow?name=bot&step=nan"]
)
def test_a_follower_that_makes_no_sense_is_told_so(workspace: Workspace, path: str) -> None:
    assert workspace.call("GET", f"/control/clock/{path}")["error"] == "invalid_arguments"
