"""A workspace that is stopped, or killed, goes on where it was."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_sdk import WebClient

from tests.sandbox.support import (
    ANNA,
    BEN,
    BOT_TOKEN,
    GENERAL,
    WORKSPACE,
    Bolt,
    Json,
    Workspace,
)

SELECT: Json = {
    "type": "section",
    "block_id": "s",
    "text": {"type": "mrkdwn", "text": "Pick"},
    "accessory": {
        "type": "static_select",
        "action_id": "pick",
        "options": [{"text": {"type": "plain_text", "text": "A"}, "value": "a"}],
    },
}
MODAL: Json = {
    "type": "modal",
    "callback_id": "form",
    "external_id": "case-7",
    "private_metadata": "secret",
    "title": {"type": "plain_text", "text": "Form"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [SELECT],
}


def test_everything_is_still_there_after_a_restart(
    open_workspace: Callable[..., Workspace], connect: Callable[..., Bolt]
) -> None:
    first = open_workspace()
    bolt = connect(first)
    bolt.app.action("pick")(lambda ack: ack())

    @bolt.app.command("/help-me")
    def open_modal(ack: Any, body: Json, client: Any) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=MODAL)
        ack()

    client = first.client
    metadata = {"event_type": "e", "event_payload": {"a": 1}}
    ts = client.chat_postMessage(channel=GENERAL, text="Vote", blocks=[SELECT], metadata=metadata)["ts"]
    gone = client.chat_postMessage(channel=GENERAL, text="Gone")["ts"]
    client.chat_delete(channel=GENERAL, ts=gone)
    client.chat_postMessage(channel=BEN, text="Direct")
    client.chat_postEphemeral(channel=GENERAL, user=ANNA, text="Psst")
    client.views_publish(user_id=ANNA, view={"type": "home", "blocks": [SELECT]})
    first.press(ANNA, {"type": "message", "channel": GENERAL, "ts": ts}, "pick", value="a")
    first.act(ANNA, "command", channel=GENERAL, command="/help-me")
    first.act(ANNA, "command", channel=GENERAL, command="/unknown")
    first.call("POST", "/control/read", {"as": ANNA, "channel": GENERAL})
    first.call("POST", f"/control/users/{BEN}", {"kind": "deactivated"})
    first.call("POST", "/control/clock/advance", {"seconds": 5400})
    before = (first.seen_by(ANNA), first.seen_by(BEN))
    bolt.close()
    first.stop()

    second = open_workspace()

    after = (second.seen_by(ANNA), second.seen_by(BEN))
    assert [without_time(state) for state in after] == [without_time(state) for state in before]
    assert second.call("GET", "/control/clock")["offset_seconds"] == 5400
    assert second.client.views_update(external_id="case-7", view=MODAL)["ok"]
    assert float(second.client.chat_postMessage(channel=GENERAL, text="x")["ts"]) > float(ts)


def without_time(state: Json) -> Json:
    return {key: value for key, value in state.items() if key not in ("now", "status")}


def test_people_and_channels_added_to_the_file_join_and_the_others_stay_as_they_are(
    open_workspace: Callable[..., Workspace],
) -> None:
    first = open_workspace()
    first.call("POST", f"/control/users/{BEN}", {"kind": "admin"})
    first.stop()
    clara = {"id": "U0CLARA", "name": "clara", "real_name": "Clara"}
    lobby = {"id": "C0LOBBY", "name": "lobby", "members": ["clara"]}

    second = open_workspace(
        {
            **WORKSPACE,
            "users": [*WORKSPACE["users"], clara],
            "channels": [*WORKSPACE["channels"], lobby],
        }
    )

    assert second.client.users_info(user=BEN)["user"]["is_admin"] is True
    assert [channel["name"] for channel in second.seen_by("U0CLARA")["channels"]] == ["lobby"]


def test_a_response_url_outlives_a_restart(
    open_workspace: Callable[..., Workspace], connect: Callable[..., Bolt]
) -> None:
    first = open_workspace()
    bolt = connect(first)
    bolt.app.command("/help-me")(lambda ack: ack())
    first.act(ANNA, "command", channel=GENERAL, command="/help-me")
    path = bolt.got[0]["response_url"].removeprefix(first.url)
    bolt.close()
    first.stop()

    second = open_workspace()

    assert second.send("POST", path, b'{"text": "Later"}', {}) == (200, "ok")
    assert [message["text"] for message in second.messages(ANNA, GENERAL)] == ["Later"]


@pytest.fixture
def command(tmp_path: Path) -> list[str]:
    seed = tmp_path / "workspace.yml"
    seed.write_text(yaml.safe_dump(WORKSPACE), encoding="utf-8")
    return [
        *(sys.executable, "-m", "sandbox"),
        *("--workspace", str(seed)),
        *("--state", str(tmp_path / "state.sqlite3")),
    ]


@pytest.fixture
def launch(command: list[str]) -> Iterator[Callable[[], tuple[subprocess.Popen[str], str]]]:
    running: list[subprocess.Popen[str]] = []

    def start() -> tuple[subprocess.Popen[str], str]:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        running.append(process)
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("listening on http://127.0.0.1:"), line
        return process, line.split()[-1]

    yield start
    for process in running:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def test_a_killed_workspace_has_lost_nothing_it_had_answered(launch: Any) -> None:
    process, url = launch()
    client = WebClient(token=BOT_TOKEN, base_url=f"{url}/api/")
    said = [client.chat_postMessage(channel=GENERAL, text=str(number))["ts"] for number in range(20)]
    process.send_signal(signal.SIGKILL)
    process.wait()

    _, url = launch()

    client = WebClient(token=BOT_TOKEN, base_url=f"{url}/api/")
    kept = [message["ts"] for message in client.conversations_history(channel=GENERAL)["messages"]]
    assert kept == said[::-1]


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_a_workspace_told_to_stop_stops(launch: Any, name: signal.Signals) -> None:
    process, _ = launch()

    os.kill(process.pid, name)

    assert process.wait(10) == 0


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        pytest.param(["--host", "0.0.0.0"], "not a loopback address", id="an address others can reach"),
        pytest.param(["--workspace", "/nowhere.yml"], "nowhere.yml", id="a file that is not there"),
    ],
)
def test_a_workspace_that_cannot_run_says_why(command: list[str], change: list[str], complaint: str) -> None:
    done = subprocess.run([*command, *change], capture_output=True, text=True, timeout=30, check=False)

    assert done.returncode != 0
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("seed", "complaint"),
    [
        pytest.param("users: [{real_name: X}]", "'name' is missing", id="a person without a name"),
        pytest.param("users: [{name: x, tz: Mars/North}]", "Mars/North", id="a zone that does not exist"),
        pytest.param("users: [{name: x, kind: king}]", "king", id="a kind of person there is not"),
        pytest.param("[1, 2]", "must be a mapping", id="a list"),
        pytest.param("a: [", "workspace.yml", id="no YAML"),
    ],
)
def test_a_workspace_file_that_makes_no_sense_is_named(
    command: list[str], tmp_path: Path, seed: str, complaint: str
) -> None:
    (tmp_path / "workspace.yml").write_text(seed, encoding="utf-8")

    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)

    assert done.returncode == 1
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_said(command: list[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run([*command, "--port", port], capture_output=True, text=True, timeout=30, check=False)

    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_two_workspaces_never_share_a_file(launch: Any, command: list[str]) -> None:
    launch()

    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)

    assert done.returncode == 1
    assert "locked" in done.stderr


def test_a_file_that_is_no_workspace_is_said(command: list[str], tmp_path: Path) -> None:
    (tmp_path / "state.sqlite3").write_text("not a database, but long enough to be taken for one" * 20)

    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)

    assert done.returncode == 1
    assert "not a database" in done.stderr
    assert sqlite3.DatabaseError.__name__ not in done.stderr
