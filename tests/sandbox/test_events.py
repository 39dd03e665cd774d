"""Apps hear of what people do, and hear it again when they did not answer."""

import threading
import time
from collections.abc import Callable
from typing import Any

from tests.sandbox.support import (
    ANNA,
    BEN,
    BOT_USER,
    GENERAL,
    MANIFEST,
    SECRET,
    WORKSPACE,
    Bolt,
    Json,
    Workspace,
)


def test_an_app_hears_what_is_said_where_it_is_and_nothing_else(workspace: Workspace, bolt: Bolt) -> None:
    bolt.app.event("message")(lambda: None)

    workspace.act(ANNA, "say", channel=SECRET, text="Not for apps")
    workspace.act(ANNA, "say", channel=GENERAL, text="For all")
    workspace.act(ANNA, "say", channel=BOT_USER, text="For you")

    heard = [(body["event"]["text"], body["event"]["channel_type"]) for body in bolt.wait_for(2)]
    assert heard == [("For all", "channel"), ("For you", "im")]
    assert bolt.got[0]["authorizations"][0]["user_id"] == BOT_USER


def test_an_event_nobody_acknowledged_comes_again_and_says_so(
    open_workspace: Callable[..., Workspace], connect: Callable[..., Bolt]
) -> None:
    workspace = open_workspace(ack=0.6, retries=(0.0, 0.1, 0.1))
    bolt = connect(workspace)
    tries: list[tuple[str, str]] = []
    done = threading.Event()

    @bolt.app.event("message")
    def flaky(request: Any) -> None:
        tries.append((request.headers["x-slack-retry-num"][0], request.headers["x-slack-retry-reason"][0]))
        if len(tries) < 3:
            raise RuntimeError("not yet")
        done.set()

    workspace.act(ANNA, "say", channel=GENERAL, text="Again")

    assert done.wait(5)
    time.sleep(0.3)
    assert tries == [("0", ""), ("1", "timeout"), ("2", "timeout")]
    assert len({body["event_id"] for body in bolt.got}) == 1


def test_an_app_that_comes_back_gets_what_it_missed(
    open_workspace: Callable[..., Workspace], connect: Callable[..., Bolt]
) -> None:
    workspace = open_workspace(retries=(0.0, 0.5))
    workspace.act(ANNA, "say", channel=GENERAL, text="Anybody?")

    bolt = connect(workspace)
    bolt.app.event("message")(lambda: None)

    assert bolt.wait_for(1)[0]["event"]["text"] == "Anybody?"


def test_an_edited_message_and_a_deleted_one_are_events_too(workspace: Workspace, connect: Callable[..., Bolt]) -> None:
    bolt = connect(workspace, ignoring_self_events_enabled=False)
    bolt.app.event({"type": "message", "subtype": None})(lambda: None)
    bolt.app.event({"type": "message", "subtype": "message_changed"})(lambda: None)
    bolt.app.event({"type": "message", "subtype": "message_deleted"})(lambda: None)
    ts = workspace.client.chat_postMessage(channel=GENERAL, text="One")["ts"]
    workspace.client.chat_update(channel=GENERAL, ts=ts, text="Two")
    workspace.client.chat_delete(channel=GENERAL, ts=ts)

    events = {body["event"].get("subtype"): body["event"] for body in bolt.wait_for(3)}
    assert events["message_changed"]["message"]["text"] == "Two"
    assert events["message_changed"]["previous_message"]["text"] == "One"
    assert events["message_deleted"]["deleted_ts"] == ts


def test_an_app_hears_when_a_person_is_deactivated(workspace: Workspace, bolt: Bolt) -> None:
    bolt.app.event("user_change")(lambda: None)

    answer = workspace.call("POST", f"/control/users/{BEN}", {"kind": "deactivated"})

    assert answer["ok"], answer
    event = bolt.wait_for(1)[0]["event"]
    assert (event["type"], event["user"]["id"], event["user"]["deleted"]) == ("user_change", BEN, True)
    assert workspace.act(BEN, "say", channel=GENERAL, text="Still here")["error"] == "account_inactive"


def test_an_app_hears_only_what_its_manifest_and_scopes_allow(open_workspace: Any, connect: Any) -> None:
    without: Json = {**MANIFEST, "oauth_config": {"scopes": {"bot": ["chat:write"]}}}
    workspace = open_workspace({**WORKSPACE, "apps": [{**WORKSPACE["apps"][0], "manifest": without}]})
    bolt = connect(workspace)
    bolt.app.event("app_home_opened")(lambda: None)

    workspace.act(ANNA, "say", channel=GENERAL, text="Secret")
    workspace.call("POST", f"/control/users/{BEN}", {"tz": "Asia/Tokyo"})
    workspace.act(ANNA, "home")

    assert [body["event"]["type"] for body in bolt.wait_for(1)] == ["app_home_opened"]


def test_a_mention_reaches_an_app_that_listens_for_it(open_workspace: Any, connect: Any) -> None:
    manifest: Json = {
        **MANIFEST,
        "oauth_config": {"scopes": {"bot": ["app_mentions:read"]}},
        "settings": {**MANIFEST["settings"], "event_subscriptions": {"bot_events": ["app_mention"]}},
    }
    workspace = open_workspace({**WORKSPACE, "apps": [{**WORKSPACE["apps"][0], "manifest": manifest}]})
    bolt = connect(workspace)
    bolt.app.event("app_mention")(lambda: None)

    workspace.act(ANNA, "say", channel=GENERAL, text="@helper are you there?")

    assert [body["event"]["text"] for body in bolt.wait_for(1)] == [f"<@{BOT_USER}> are you there?"]
