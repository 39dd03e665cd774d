"""What the sandbox sends has the shape of what Slack was recorded sending."""

import asyncio
import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.sandbox.support import ANNA, APP_TOKEN, BOT_USER, GENERAL, Bolt, Json, Workspace

FIXTURES = Path(__file__).parent / "fixtures"
# Below these a payload is what an app or a person wrote, not Slack's frame around it.
CONTENT = {"blocks", "values", "inputs", "title", "submit", "close", "confirm", "metadata", "icons", "text"}
# Organisation-wide installations and workflow steps, which this workspace has none of; attachments.
ABSENT = {
    "enterprise",
    "enterprise.id",
    "enterprise.name",
    "enterprise_id",
    "enterprise_name",
    "team.enterprise_id",
    "team.enterprise_name",
    "bot_access_token",
    "function_data",
    "interactivity",
}


def recorded(*names: str) -> list[Json]:
    return [json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))["payload"] for name in names]


def paths(value: Any, at: str = "") -> set[str]:
    """Return the dotted paths of all keys; entries of lists stand for one another."""
    if isinstance(value, list):
        return set().union(*(paths(part, at) for part in value)) if value else set()
    if not isinstance(value, dict):
        return set()
    found: set[str] = set()
    for key, part in value.items():
        here = f"{at}.{key}" if at else key
        found |= {here} | (set() if key in CONTENT else paths(part, here))
    return found


def assert_shape(produced: Json, recordings: list[Json], *, must: Json, lacking: set[str] | None = None) -> None:
    """Every key was seen in a recording, and nothing of the recording `must` is missing."""
    known = set().union(*(paths(one) for one in recordings))
    extra = paths(produced) - known
    missing = {path for path in paths(must) - paths(produced) if not _absent(path)}
    assert extra == set(), f"Slack was never seen sending {sorted(extra)}"
    assert missing - (lacking or set()) == set(), f"Slack sends also {sorted(missing)}"


def _absent(path: str) -> bool:
    return any(path == name or path.startswith(f"{name}.") for name in ABSENT)


STYLE: Json = {"actions": [{"style": ""}]}
BUTTON: Json = {
    "type": "actions",
    "block_id": "b",
    "elements": [
        {
            "type": "button",
            "action_id": "go",
            "text": {"type": "plain_text", "text": "Go"},
            "value": "1",
            "style": "danger",
        }
    ],
}
MODAL: Json = {
    "type": "modal",
    "callback_id": "form",
    "title": {"type": "plain_text", "text": "Form"},
    "submit": {"type": "plain_text", "text": "Send"},
    "notify_on_close": True,
    "blocks": [
        {
            "type": "input",
            "block_id": "where",
            "label": {"type": "plain_text", "text": "Where"},
            "element": {"type": "conversations_select", "action_id": "a", "response_url_enabled": True},
        },
        {
            "type": "input",
            "block_id": "city",
            "optional": True,
            "label": {"type": "plain_text", "text": "City"},
            "element": {"type": "external_select", "action_id": "a"},
        },
        BUTTON,
    ],
}


@pytest.fixture
def modal(workspace: Workspace, bolt: Bolt) -> Json:
    """Show Anna a modal a command opened."""

    @bolt.app.command("/help-me")
    def open_modal(ack: Any, body: Json, client: Any) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=MODAL)
        ack()

    workspace.act(ANNA, "command", channel=GENERAL, command="/help-me")
    return workspace.modal(ANNA)


def test_a_press_in_a_message_looks_like_slacks(workspace: Workspace, bolt: Bolt) -> None:
    bolt.app.action("go")(lambda ack: ack())
    parent = workspace.client.chat_postMessage(channel=GENERAL, text="Press", blocks=[BUTTON])["ts"]
    container = {"type": "message", "channel": GENERAL, "ts": parent}
    workspace.press(ANNA, container, "go")

    slack, in_dm, in_thread, full = recorded(
        "bolt-python/block_actions/003",
        "java-slack-sdk/block_actions/013",
        "java-slack-sdk/block_actions/012",
        "bolt-python/block_actions/001",
    )
    bot = recorded("bolt-python/event_callback__message/007")[0]["event"]
    produced = bolt.got[0]
    assert_shape(
        produced,
        [slack, in_dm, in_thread, full, {"message": bot}, {"message": {"bot_profile": {"user_id": ""}}}, STYLE],
        must=slack,
    )
    assert_shape(produced["user"], [full["user"]], must=full["user"])
    assert_shape(produced["channel"], [full["channel"]], must=full["channel"])


def test_a_press_in_a_modal_and_at_home_looks_like_slacks(workspace: Workspace, bolt: Bolt, modal: Json) -> None:
    bolt.app.action("go")(lambda ack: ack())
    home = workspace.client.views_publish(user_id=ANNA, view={"type": "home", "blocks": [BUTTON]})["view"]
    for view in (modal, home):
        workspace.press(ANNA, {"type": "view", "view_id": view["id"]}, "go")

    at_home, cleared = recorded("java-slack-sdk/block_actions/004", "java-slack-sdk/block_actions/009")
    value_and_org = recorded("bolt-python/block_actions/003")[0]
    for produced in bolt.got[-2:]:
        lacking = {"actions.confirm"}
        assert_shape(produced, [at_home, cleared, value_and_org], must=cleared, lacking=lacking)


def test_a_submission_looks_like_slacks(workspace: Workspace, bolt: Bolt, modal: Json) -> None:
    bolt.app.view("form")(lambda ack: ack())
    workspace.act(ANNA, "submit", view_id=modal["id"], state={"where": {"a": GENERAL}})

    first, with_urls, org = recorded(
        "bolt-python/view_submission/001",
        "bolt-python/view_submission/002",
        "bolt-python/view_submission/008",
    )
    assert_shape(bolt.got[-1], [first, with_urls, org], must=first)
    assert_shape(bolt.got[-1], [first, with_urls, org], must=with_urls)


def test_a_closed_modal_looks_like_slacks(workspace: Workspace, bolt: Bolt, modal: Json) -> None:
    bolt.app.view_closed("form")(lambda ack: ack())
    workspace.act(ANNA, "close", view_id=modal["id"])

    one, org = recorded("java-slack-sdk/view_closed/001", "bolt-python/view_closed/005")
    assert_shape(bolt.wait_for(2)[-1], [one, org], must=one)


def test_suggestions_for_an_external_menu_look_like_slacks(workspace: Workspace, bolt: Bolt, modal: Json) -> None:
    bolt.app.options("a")(lambda ack: ack(options=[]))
    container = {"type": "view", "view_id": modal["id"]}
    workspace.act(ANNA, "suggest", container=container, block_id="city", action_id="a", text="Ber")

    (slack,) = recorded("bolt-python/block_suggestion/001")
    org = {"enterprise": None, "is_enterprise_install": False}
    assert_shape(bolt.got[-1], [slack, org], must=slack)


def test_a_command_looks_like_slacks(workspace: Workspace, bolt: Bolt) -> None:
    bolt.app.command("/help-me")(lambda ack: ack())
    workspace.act(ANNA, "command", channel=GENERAL, command="/help-me")

    (slack,) = recorded("bolt-python/slash_command/004")
    assert set(bolt.got[0]) == set(slack)


def test_a_global_shortcut_looks_like_slacks(workspace: Workspace, bolt: Bolt) -> None:
    bolt.app.shortcut("ask")(lambda ack: ack())
    workspace.act(ANNA, "shortcut", callback_id="ask")

    (slack,) = recorded("bolt-python/shortcut/005")
    assert_shape(bolt.got[0], [slack], must=slack)


def test_a_message_shortcut_looks_like_slacks(workspace: Workspace, bolt: Bolt) -> None:
    bolt.app.shortcut("keep")(lambda ack: ack())
    bolt.app.event("message")(lambda: None)
    ts = workspace.act(ANNA, "say", channel=GENERAL, text="Keep")["ts"]
    workspace.act(ANNA, "shortcut", callback_id="keep", channel=GENERAL, ts=ts)

    one, org = recorded("java-slack-sdk/message_action/001", "java-slack-sdk/message_action/003")
    ours = {"user": {"username": "", "team_id": ""}, "is_enterprise_install": False}
    (produced,) = (payload for payload in bolt.got if payload.get("type") == "message_action")
    assert_shape(produced, [one, org, ours], must=one)


def test_an_opened_home_looks_like_slacks(workspace: Workspace, bolt: Bolt) -> None:
    bolt.app.event("app_home_opened")(lambda: None)
    workspace.client.views_publish(user_id=ANNA, view={"type": "home", "blocks": [BUTTON]})
    workspace.act(ANNA, "home")

    with_view, org = recorded(
        "java-slack-sdk/event_callback__app_home_opened/001",
        "bolt-python/event_callback__app_home_opened/001",
    )
    shared = recorded("bolt-python/event_callback__message/008")[0]
    context = {"event_context": ""}
    assert_shape(bolt.got[0], [with_view, org, shared, context], must=with_view)
    assert_shape(bolt.got[0], [with_view, org, shared, context], must=org)


def test_a_message_of_a_person_looks_like_slacks(workspace: Workspace, bolt: Bolt) -> None:
    bolt.app.event("message")(lambda: None)
    workspace.act(ANNA, "say", channel=BOT_USER, text="Hi")

    person, shared = recorded("bolt-python/event_callback__message/006", "bolt-python/event_callback__message/008")
    assert_shape(bolt.wait_for(1)[0], [person, shared], must=person)


def test_every_envelope_looks_like_slacks(workspace: Workspace) -> None:
    """Three kinds of envelope, read off a bare socket."""
    url = workspace.client.apps_connections_open(app_token=APP_TOKEN)["url"]
    ts = workspace.client.chat_postMessage(channel=GENERAL, text="Press", blocks=[BUTTON])["ts"]
    frames = workspace.run(_listen(workspace, url, {"type": "message", "channel": GENERAL, "ts": ts}))

    hello, event, press, command = frames
    assert hello["type"] == "hello"
    assert hello["connection_info"]["app_id"] == "A0HELPER"
    for frame, name in (
        (event, "java-slack-sdk/socket_mode__events_api/002"),
        (press, "java-slack-sdk/socket_mode__interactive/001"),
        (command, "java-slack-sdk/socket_mode__slash_commands/001"),
    ):
        (slack,) = recorded(name)
        assert set(frame) == set(slack)
        assert frame["type"] == slack["type"]
        assert frame["accepts_response_payload"] == slack["accepts_response_payload"]
    assert (event["retry_attempt"], event["retry_reason"]) == (0, "")


async def _listen(workspace: Workspace, url: str, container: Json) -> list[Json]:
    frames: list[Json] = []
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as connection:
        frames.append(await connection.receive_json())
        for deed in (
            {"do": "say", "channel": GENERAL, "text": "Hi"},
            {"do": "press", "container": container, "action_id": "go"},
            {"do": "command", "channel": GENERAL, "command": "/help-me"},
        ):
            address, body = f"{workspace.url}/control/act", {"as": ANNA, **deed}
            pending = asyncio.create_task(_post(session, address, body))
            frame = await connection.receive_json()
            frames.append(frame)
            await connection.send_json({"envelope_id": frame["envelope_id"]})
            await pending
    return frames


async def _post(session: aiohttp.ClientSession, address: str, body: Json) -> None:
    async with session.post(address, json=body) as answer:
        assert (await answer.json())["ok"]
