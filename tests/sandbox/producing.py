"""A day in the workspace on which everything happens that it tells apps about."""

import asyncio
import contextlib
import json
import tempfile
import time
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from slack_sdk.web import SlackResponse

from sandbox.server import SERVICES, Timing
from tests.sandbox.recordings import kind_of
from tests.sandbox.support import (
    ANNA,
    APP_TOKEN,
    BEN,
    BOT_USER,
    GENERAL,
    MANIFEST,
    SECRET,
    SHARED,
    STRANGER,
    WORKSPACE,
    Workspace,
)

Json = dict[str, Any]
EVENTS = [
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "channel_rename",
    "file_deleted",
    "file_shared",
    "function_executed",
    "group_rename",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "pin_added",
    "reaction_added",
    "reaction_removed",
    "tokens_revoked",
    "user_profile_changed",
    "user_status_changed",
]
SCOPES = [
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:write",
    "pins:read",
    "pins:write",
    "reactions:read",
    "reactions:write",
    "users:read",
]


def description() -> Json:
    """Return a workspace whose app listens to everything and sits in every channel."""
    manifest = deepcopy(MANIFEST)
    manifest["oauth_config"]["scopes"]["bot"] = SCOPES
    manifest["settings"]["event_subscriptions"]["bot_events"] = EVENTS
    parameter = {"type": "string", "title": "Who", "description": "Who", "is_required": True}
    manifest["functions"] = {
        "step": {
            "title": "A step",
            "description": "A step",
            "input_parameters": {"who": parameter},
            "output_parameters": {"who": parameter},
        }
    }
    described = deepcopy(WORKSPACE)
    described["apps"][0]["manifest"] = manifest
    described["channels"][1]["members"] = [ANNA, BOT_USER]
    return described


class Ear:
    """An app that only listens: keeps every frame of its socket and acknowledges it."""

    def __init__(self, workspace: Workspace) -> None:
        self.frames: list[Json] = []
        url = workspace.client.apps_connections_open(app_token=APP_TOKEN)["url"]
        self._workspace = workspace
        self._listening = asyncio.run_coroutine_threadsafe(self._listen(url), workspace.loop)
        self.wait_for(lambda frame: frame["type"] == "hello")

    async def _listen(self, url: str) -> None:
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as connection:
            async for message in connection:
                frame = json.loads(message.data)
                self.frames.append(frame)
                if "envelope_id" in frame:
                    await connection.send_json({"envelope_id": frame["envelope_id"]})

    def wait_for(self, wanted: Callable[[Json], bool]) -> Json:
        deadline = time.monotonic() + 5.0
        while time.monotonic() < deadline:
            found = next((frame for frame in reversed(self.frames) if wanted(frame)), None)
            if found is not None:
                return found
            time.sleep(0.01)
        raise AssertionError(f"did not come; came: {[kind_of(f.get('payload') or f) for f in self.frames]}")

    def payload(self, kind: str) -> Json:
        """Return the latest payload of this kind."""
        frame = self.wait_for(lambda frame: "payload" in frame and kind_of(frame["payload"]) == kind)
        payload: Json = frame["payload"]
        return payload

    def produced(self) -> dict[str, list[Json]]:
        """Return everything that came, payloads and the envelopes around them, by kind."""
        found: dict[str, list[Json]] = {}
        for frame in self.frames:
            if "envelope_id" in frame:
                found.setdefault(kind_of(frame["payload"]), []).append(frame["payload"])
                found.setdefault(kind_of(frame), []).append({**frame, "payload": {}})
        return found

    def close(self) -> None:
        self._listening.cancel()
        with contextlib.suppress(Exception):
            self._listening.result(1)


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


OPTIONS = [{"text": plain("One"), "value": "1"}, {"text": plain("Two"), "value": "2"}]
CONFIRM = {"title": plain("Sure?"), "text": plain("Really?"), "confirm": plain("Yes"), "deny": plain("No")}
ELEMENTS: dict[str, tuple[Json, Any]] = {
    "button": ({"text": plain("Go"), "value": "1", "style": "danger", "confirm": CONFIRM}, None),
    "static_select": ({"options": OPTIONS, "initial_option": OPTIONS[1], "placeholder": plain("Which")}, "1"),
    "multi_static_select": ({"options": OPTIONS}, ["1", "2"]),
    "overflow": ({"options": OPTIONS}, "2"),
    "checkboxes": ({"options": OPTIONS}, ["1"]),
    "radio_buttons": ({"options": OPTIONS}, "1"),
    "datepicker": ({"initial_date": "2026-01-01", "placeholder": plain("When")}, "2026-02-03"),
    "timepicker": ({"initial_time": "09:00"}, "10:30"),
    "users_select": ({}, BEN),
    "conversations_select": ({}, GENERAL),
    "channels_select": ({}, GENERAL),
    "external_select": ({"min_query_length": 0}, "x"),
}


def operable() -> list[Json]:
    """Return blocks with one element of each type, each with a confirmation where it may have one."""
    elements = [{"type": kind, "action_id": kind, **given} for kind, (given, _) in ELEMENTS.items()]
    sections = {"multi_static_select"}
    blocks: list[Json] = [
        {"type": "actions", "block_id": element["action_id"], "elements": [element]}
        for element in elements
        if element["type"] not in sections
    ]
    return blocks + [
        {"type": "section", "block_id": element["action_id"], "text": plain("Some"), "accessory": element}
        for element in elements
        if element["type"] in sections
    ]


MODAL: Json = {
    "type": "modal",
    "callback_id": "form",
    "external_id": "the-form",
    "title": plain("Form"),
    "submit": plain("Send"),
    "close": plain("Cancel"),
    "notify_on_close": True,
    "blocks": [
        {
            "type": "input",
            "block_id": "where",
            "label": plain("Where"),
            "element": {"type": "conversations_select", "action_id": "a", "response_url_enabled": True},
        },
        {
            "type": "input",
            "block_id": "city",
            "optional": True,
            "label": plain("City"),
            "element": {"type": "external_select", "action_id": "a"},
        },
        *operable(),
    ],
}


def live(workspace: Workspace, ear: Ear) -> None:
    """Let everything happen once; the ear hears of it."""
    _talk(workspace)
    _operate_messages(workspace)
    _operate_modals(workspace, ear)
    _operate_home(workspace)
    _change(workspace)
    workspace.call("POST", "/control/apps/A0HELPER", {"installed": False})
    ear.payload("event app_uninstalled")
    ear.payload("event tokens_revoked")


def _talk(workspace: Workspace) -> None:
    client = workspace.client
    for channel in (GENERAL, SECRET, SHARED, BOT_USER):
        said = workspace.act(ANNA, "say", channel=channel, text=f"Hello <@{BOT_USER}>")
        workspace.act(ANNA, "say", channel=said["channel"], text="In the thread", thread_ts=said["ts"])
    workspace.act(STRANGER, "say", channel=SHARED, text=f"Hello <@{BOT_USER}>")
    said = workspace.act(ANNA, "say", channel=GENERAL, text="Mine")["ts"]
    answer = workspace.act(ANNA, "say", channel=GENERAL, text="Mine", thread_ts=said)["ts"]
    for ts in (said, answer):
        workspace.act(ANNA, "edit", channel=GENERAL, ts=ts, text="Still mine")
        workspace.act(ANNA, "erase", channel=GENERAL, ts=ts)
    outside = workspace.act(STRANGER, "say", channel=SHARED, text="Theirs")["ts"]
    workspace.act(STRANGER, "edit", channel=SHARED, ts=outside, text="Still theirs")
    button = operable()[:1]
    posted = client.chat_postMessage(channel=GENERAL, text="Posted", blocks=button)["ts"]
    for_all = client.chat_postMessage(channel=GENERAL, text="For all", thread_ts=posted, reply_broadcast=True)["ts"]
    reply = client.chat_postMessage(channel=GENERAL, text="Reply", thread_ts=posted)["ts"]
    for ts in (for_all, reply, reply):
        client.chat_update(channel=GENERAL, ts=ts, text="Changed")
    attached = client.chat_postMessage(channel=GENERAL, text="With more", attachments=[{"text": "More"}])["ts"]
    workspace.act(ANNA, "shortcut", callback_id="keep", channel=GENERAL, ts=attached)
    client.chat_update(channel=GENERAL, ts=posted, text="Changed", blocks=button)
    plain_text = client.chat_postMessage(channel=GENERAL, text="Plain")["ts"]
    client.chat_update(channel=GENERAL, ts=plain_text, text="Plainer")
    workspace.act(ANNA, "shortcut", callback_id="keep", channel=GENERAL, ts=plain_text)
    metadata = {"event_type": "noted", "event_payload": {"id": 1}}
    noted = client.chat_postMessage(channel=GENERAL, text="Noted", metadata=metadata)["ts"]
    client.chat_update(channel=GENERAL, ts=noted, text="Noted", metadata={"event_type": "read", "event_payload": {}})
    client.chat_delete(channel=GENERAL, ts=noted)
    workspace.act(ANNA, "command", channel=GENERAL, command="/help-me", text="me")
    workspace.act(ANNA, "shortcut", callback_id="ask")
    workspace.act(ANNA, "shortcut", callback_id="keep", channel=GENERAL, ts=posted)
    workspace.act(ANNA, "shortcut", callback_id="keep", channel=GENERAL, ts=_said(workspace))


def _said(workspace: Workspace) -> str:
    return str(workspace.act(ANNA, "say", channel=GENERAL, text="Keep this")["ts"])


def _operate_messages(workspace: Workspace) -> None:
    client = workspace.client
    parent = client.chat_postMessage(channel=GENERAL, text="Press", blocks=operable())["ts"]
    reply = client.chat_postMessage(channel=GENERAL, text="Press", blocks=operable(), thread_ts=parent)["ts"]
    alone = client.chat_postEphemeral(channel=GENERAL, user=ANNA, text="Press", blocks=operable())["message_ts"]
    direct = client.chat_postMessage(channel=ANNA, text="Press", blocks=operable())
    places = [(GENERAL, parent), (GENERAL, reply), (GENERAL, alone), (direct["channel"], direct["ts"])]
    for channel, ts in places:
        container = {"type": "message", "channel": channel, "ts": ts}
        for action_id, (_, value) in ELEMENTS.items():
            assert workspace.press(ANNA, container, action_id, value=value)["ok"]
        workspace.act(ANNA, "suggest", container=container, action_id="external_select", text="Ber")


def _operate_modals(workspace: Workspace, ear: Ear) -> None:
    workspace.act(ANNA, "command", channel=GENERAL, command="/help-me")
    view = workspace.client.views_open(trigger_id=ear.payload("slash command")["trigger_id"], view=MODAL)["view"]
    container = {"type": "view", "view_id": view["id"]}
    for action_id, (_, value) in ELEMENTS.items():
        assert workspace.press(ANNA, container, action_id, value=value)["ok"]
    assert workspace.act(ANNA, "suggest", container=container, block_id="city", action_id="a", text="Ber")["ok"]
    trigger = ear.payload("block_actions in a view")["trigger_id"]
    pushed = workspace.client.views_push(trigger_id=trigger, view={**MODAL, "external_id": "pushed"})["view"]
    assert workspace.act(ANNA, "submit", view_id=pushed["id"], state={"where": {"a": GENERAL}})["ok"]
    assert workspace.act(ANNA, "close", view_id=view["id"])["ok"]


def _operate_home(workspace: Workspace) -> None:
    workspace.act(ANNA, "home")
    view = workspace.client.views_publish(user_id=ANNA, view={"type": "home", "blocks": operable()})["view"]
    workspace.act(ANNA, "home")
    workspace.press(ANNA, {"type": "view", "view_id": view["id"]}, "button")


def _change(workspace: Workspace) -> None:
    client = workspace.client
    for change in ({"remove": [BEN]}, {"invite": [BEN]}, {"name": "all"}, {"archived": True}, {"archived": False}):
        assert workspace.call("POST", f"/control/channels/{GENERAL}", {"as": ANNA, **change})["ok"]
    workspace.call("POST", f"/control/channels/{SECRET}", {"as": ANNA, "name": "more-secret"})
    said = _said(workspace)
    client.reactions_add(channel=GENERAL, timestamp=said, name="eyes")
    client.reactions_remove(channel=GENERAL, timestamp=said, name="eyes")
    client.pins_add(channel=GENERAL, timestamp=said)
    client.files_upload_v2(channel=GENERAL, content="a,b", filename="table.csv", thread_ts=said)
    file = client.files_upload_v2(channel=GENERAL, content="a,b", filename="table.csv", initial_comment="The table")
    client.files_delete(file=file["file"]["id"])
    workspace.call("POST", "/control/functions", {"callback_id": "step", "inputs": {"who": BEN}})
    workspace.call("POST", f"/control/users/{BEN}", {"real_name": "Benjamin Brandt", "status_text": "Away"})


def answers(workspace: Workspace) -> dict[str, list[Json]]:
    client = workspace.client
    return {
        "answer to auth.test": [_body(client.auth_test())],
        "answer to apps.connections.open": [_body(client.apps_connections_open(app_token=APP_TOKEN))],
        "answer to conversations.history": [_body(client.conversations_history(channel=GENERAL))],
    }


def _body(answer: SlackResponse) -> Json:
    assert isinstance(answer.data, dict)
    return answer.data


def challenge(workspace: Workspace) -> Json:
    """Return what an address is asked before it gets events."""
    (app,) = workspace.runner.app[SERVICES].workspace.apps.values()
    asked: list[Json] = []

    async def remember(request: web.Request) -> web.Response:
        asked.append(await request.json())
        return web.json_response({"challenge": asked[0]["challenge"]})

    async def ask() -> None:
        listening = web.Application()
        listening.router.add_post("/", remember)
        runner = web.AppRunner(listening)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        app.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        assert await workspace.runner.app[SERVICES].hooks.verify(app)
        app.request_url = ""
        await runner.cleanup()

    workspace.run(ask())
    return asked[0]


def produce() -> dict[str, list[Json]]:
    """Return everything the workspace sends in such a day, by kind."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(state=Path(folder) / "state.sqlite3", description=description(), timing=Timing())
        try:
            verification, ear = challenge(workspace), Ear(workspace)
            _talk(workspace)
            answered = answers(workspace)
            live(workspace, ear)
            ear.close()
            return {**ear.produced(), **answered, "url_verification": [verification]}
        finally:
            workspace.stop()
