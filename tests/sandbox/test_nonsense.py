"""Whatever anybody sends, the workspace answers, and goes on."""

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.interactions import DEEDS
from sandbox.server import Timing
from sandbox.webapi import METHODS
from tests.sandbox.support import ANNA, APP_TOKEN, BOT_TOKEN, GENERAL, WORKSPACE, Workspace

SOME = st.sampled_from(
    ["", "x", ANNA, GENERAL, "1.0", "modal", "view", "message", "errors", "/help-me", [], {}, None, True, -1, 1.5]
)
NAMES = [
    *("channel", "text", "blocks", "attachments", "metadata", "thread_ts", "ts", "message_ts", "user", "users"),
    *("view", "view_id", "trigger_id", "user_id", "external_id", "hash", "cursor", "limit", "oldest", "types"),
    *("files", "file", "filename", "length", "name", "timestamp", "title", "unfurls", "unfurl_id", "source"),
    *("message", "outputs", "function_execution_id", "client_id", "client_secret", "code", "channel_id", "link"),
    *("markdown_text", "channels", "initial_comment", "email", "usergroup", "return_im", "error", "rules", "do"),
    *("container", "action_id", "block_id", "value", "state", "command", "callback_id", "type", "clear", "force"),
]


def named(values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(NAMES), values, max_size=5)


VALUES = st.recursive(SOME, lambda inner: st.lists(inner, max_size=2) | named(inner), max_leaves=6)
CALM = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder: Path = tmp_path_factory.mktemp("nonsense")
    running = Workspace(state=folder / "state.sqlite3", description=WORKSPACE, timing=Timing(ack=0.05))
    yield running
    running.stop()


def ask(workspace: Workspace, path: str, body: Any, token: str = BOT_TOKEN) -> tuple[int, dict[str, Any]]:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    status, text = workspace.send("POST", path, json.dumps(body).encode(), headers)
    return status, json.loads(text)


@pytest.mark.parametrize("method", sorted(METHODS))
def test_every_method_answers_any_arguments_as_slack_would(
    workspace: Workspace, method: str, caplog: pytest.LogCaptureFixture
) -> None:
    token = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN

    @CALM
    @given(named(VALUES))
    def answers(arguments: dict[str, Any]) -> None:
        status, answer = ask(workspace, f"/api/{method}", arguments, token)
        assert status == 200
        assert answer.get("error") != "internal_error", answer

    answers()
    undocumented = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert undocumented == []


@pytest.mark.parametrize("deed", sorted(DEEDS))
def test_every_deed_answers_any_wish(workspace: Workspace, deed: str) -> None:
    @CALM
    @given(named(VALUES))
    def answers(wish: dict[str, Any]) -> None:
        status, answer = ask(workspace, "/control/act", {**wish, "as": ANNA, "do": deed})
        assert status == 200
        assert answer["ok"] or answer["message"]

    answers()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/control/act"),
        ("POST", "/control/read"),
        ("POST", "/control/clock/advance"),
        ("POST", "/control/clock/idle"),
        ("POST", f"/control/users/{ANNA}"),
        ("POST", "/control/users/nobody"),
        ("POST", "/control/people"),
        ("POST", f"/control/channels/{GENERAL}"),
        ("POST", "/control/usergroups"),
        ("POST", "/control/usergroups/S0LEADS"),
        ("POST", "/control/apps/A0HELPER"),
        ("POST", "/control/functions"),
        ("POST", "/control/faults"),
        ("POST", "/control/settings"),
        ("POST", "/upload/v1/unknown"),
        ("GET", "/files-pri/T0-F0/a.txt"),
        ("GET", "/oauth/v2/authorize"),
        ("POST", "/response/unknown"),
        ("GET", "/control/state?as=nobody"),
        ("GET", "/control/nowhere"),
        ("GET", "/link/"),
    ],
)
@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'{"kind": ["x"], "tz": 7, "seconds": {}}', b"\xff"])
def test_every_address_survives_any_body(workspace: Workspace, method: str, path: str, raw: bytes) -> None:
    status, _ = workspace.send(method, path, raw, {"Content-Type": "application/json"})

    assert status < 500
