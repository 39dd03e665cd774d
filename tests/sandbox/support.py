"""A running workspace, a Bolt app inside it, and people who act: for tests."""

import asyncio
import contextlib
import http.client
import json
import socket
import threading
import time
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.seed import parse_seed
from sandbox.server import Timing, build, serve

Json = dict[str, Any]

ANNA, BEN, GUEST, GONE, STRANGER = "U0ANNA", "U0BEN", "U0GUEST", "U0GONE", "U0OTHER"
GENERAL, SECRET, SHARED = "C0GENERAL", "C0SECRET", "C0SHARED"
BOT_TOKEN, APP_TOKEN = "xoxb-helper", "xapp-helper"
BOT_USER = "U0HELPER"

MANIFEST: Json = {
    "display_information": {"name": "Helper"},
    "features": {
        "bot_user": {"display_name": "Helper"},
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "slash_commands": [
            {"command": "/help-me", "description": "Ask for help", "usage_hint": "[topic]"},
            {"command": "/escaped", "description": "Escapes", "should_escape": True},
        ],
        "shortcuts": [
            {"name": "Ask", "type": "global", "callback_id": "ask", "description": "Ask"},
            {"name": "Keep", "type": "message", "callback_id": "keep", "description": "Keep"},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "chat:write",
                "commands",
                "im:write",
                "im:history",
                "channels:history",
                "channels:read",
                "users:read",
                "usergroups:read",
            ],
            "bot_optional": ["users:read.email"],
        }
    },
    "settings": {
        "socket_mode_enabled": True,
        "event_subscriptions": {"bot_events": ["app_home_opened", "message.im", "message.channels", "user_change"]},
    },
}

WORKSPACE: Json = {
    "team": {"id": "T0TEAM", "name": "Test team", "domain": "test-team"},
    "users": [
        {"id": ANNA, "name": "anna", "real_name": "Anna Ahrens", "kind": "owner", "email": "anna@example.com"},
        {"id": BEN, "name": "ben", "real_name": "Ben Brandt", "tz": "America/New_York"},
        {"id": GUEST, "name": "gesa", "real_name": "Gesa Gast", "kind": "guest"},
        {"id": GONE, "name": "gero", "real_name": "Gero Gone", "kind": "deactivated"},
        {"id": STRANGER, "name": "sam", "real_name": "Sam Stranger", "kind": "stranger"},
    ],
    "channels": [
        {"id": GENERAL, "name": "general", "members": "all"},
        {"id": SECRET, "name": "secret", "kind": "private", "members": [ANNA]},
        {"id": SHARED, "name": "shared", "members": [ANNA, STRANGER, BOT_USER], "is_ext_shared": True},
    ],
    "usergroups": [{"id": "S0LEADS", "handle": "leads", "name": "Leads", "users": [ANNA]}],
    "apps": [
        {
            "manifest": MANIFEST,
            "id": "A0HELPER",
            "bot_id": "B0HELPER",
            "bot_user_id": BOT_USER,
            "bot_token": BOT_TOKEN,
            "app_token": APP_TOKEN,
        }
    ],
}


class Workspace:
    """A running workspace; `act` is what a person's hands do, `client` what an app's code does."""

    def __init__(self, *, state: Path, description: Json, timing: Timing, days_ago: int = 0) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever)
        self._thread.start()
        self.runner, self.url = self.run(self._start(state, description, timing, days_ago))
        self.client = WebClient(token=BOT_TOKEN, base_url=f"{self.url}/api/", retry_handlers=[])

    async def _start(self, state: Path, description: Json, timing: Timing, days_ago: int) -> Any:
        seed = parse_seed(deepcopy(description), folder=state.parent)
        app = build(seed=seed, state=state, timing=timing, days_ago=days_ago)
        return await serve(app, host="127.0.0.1", port=0)

    def run(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(30)

    async def _end(self) -> None:
        """Leave no connection behind: not one nobody reads from, not one taken while the others were being closed."""
        server = self.runner.server
        if server is None:  # the test has stopped it itself
            return
        open_ones = [taken.transport for taken in server.connections]
        await self.runner.cleanup()
        for transport in (*open_ones, *(taken.transport for taken in server.connections)):
            if transport is not None:
                transport.abort()
        await asyncio.sleep(0)

    def stop(self) -> None:
        self.run(self._end())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()

    def call(self, method: str, path: str, body: Json | None = None, **headers: str) -> Json:
        raw = b"" if body is None else json.dumps(body).encode()
        status, text = self.send(method, path, raw, {"Content-Type": "application/json", **headers})
        return {"status": status, **json.loads(text)}

    def send(self, method: str, path: str, raw: bytes, headers: dict[str, str]) -> tuple[int, str]:
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=30)
        try:
            connection.request(method, path, body=raw, headers=headers)
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    def act(self, person: str, do: str, **what: Any) -> Json:
        return self.call("POST", "/control/act", {"as": person, "do": do, **what})

    def press(self, person: str, container: Json, action_id: str, **what: Any) -> Json:
        return self.act(person, "press", container=container, action_id=action_id, **what)

    def seen_by(self, person: str) -> Json:
        return self.call("GET", f"/control/state?as={person}")

    def messages(self, person: str, channel: str) -> list[Json]:
        state = self.seen_by(person)
        found = next((c for c in [*state["channels"], *state["dms"]] if c["id"] == channel), None)
        return [] if found is None else found["messages"]

    def modal(self, person: str) -> Json:
        """Return the modal in front of this person."""
        return self.seen_by(person)["modals"][-1]


class Bolt:
    """A Bolt app connected to the workspace, and every payload it got."""

    def __init__(self, workspace: Workspace, **options: Any) -> None:
        self.workspace = workspace
        self.got: list[Json] = []
        client = WebClient(token=BOT_TOKEN, base_url=f"{workspace.url}/api/")
        options = {"process_before_response": True, "raise_error_for_unhandled_request": False, **options}
        self.app = App(client=client, **options)
        self.app.middleware(self._remember)
        self._handler = SocketModeHandler(self.app, app_token=APP_TOKEN)
        self._handler.connect()

    def _remember(self, body: Json, next: Callable[[], None]) -> None:  # noqa: A002 - Bolt's name for it
        self.got.append(body)
        next()

    def wait_for(self, count: int, within: float = 5.0) -> list[Json]:
        until = time.monotonic() + within
        while len(self.got) < count and time.monotonic() < until:
            time.sleep(0.01)
        return self.got

    def close(self) -> None:
        hang_up(self._handler)


def hang_up(handler: SocketModeHandler) -> None:
    """Close the builtin client without its waits: a blocking read and a blocking get, seconds for each test."""
    client = handler.client
    client.closed, client.auto_reconnect_enabled = True, False
    session = client.current_session
    if session is not None and session.sock is not None:
        with contextlib.suppress(OSError):
            session.sock.shutdown(socket.SHUT_RDWR)
    client.message_processor.event.set()
    client.enqueue_message("{}")
    handler.close()


def refusal(call: Callable[..., Any], **arguments: Any) -> str:
    """Return the error Slack would answer with; fail if it would not."""
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    return str(caught.value.response["error"])
