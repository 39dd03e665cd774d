"""Response URLs, suggestions and confirmations: what apps and people may do with each other for a while."""

import json
import time
from typing import Any

import pytest

from tests.sandbox.support import ANNA, BEN, GENERAL, Bolt, Json, Workspace, refusal

BUTTON = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
MENU = {"type": "external_select", "action_id": "pick", "placeholder": {"type": "plain_text", "text": "Pick"}}
SURE = {
    "title": {"type": "plain_text", "text": "Sure?"},
    "text": {"type": "plain_text", "text": "Really?"},
    "confirm": {"type": "plain_text", "text": "Yes"},
    "deny": {"type": "plain_text", "text": "No"},
}


def posted(workspace: Workspace, element: Json, **how: Any) -> Json:
    blocks = [{"type": "actions", "block_id": "b", "elements": [element]}]
    ts = workspace.client.chat_postMessage(channel=GENERAL, text="Choose", blocks=blocks, **how)["ts"]
    return {"type": "message", "channel": GENERAL, "ts": ts}


def url_of(workspace: Workspace, bolt: Bolt, container: Json) -> str:
    bolt.app.action("go")(lambda ack: ack())
    assert workspace.press(ANNA, container, "go")["ok"]
    url: str = bolt.got[-1]["response_url"]
    return url.removeprefix(workspace.url)


def answer(workspace: Workspace, path: str, **body: Any) -> int:
    return workspace.send("POST", path, json.dumps(body).encode(), {"Content-Type": "application/json"})[0]


def texts(workspace: Workspace, person: str = ANNA) -> list[str]:
    return [message["text"] for message in workspace.messages(person, GENERAL)]


def test_a_response_url_replaces_adds_and_takes_away(workspace: Workspace, bolt: Bolt) -> None:
    path = url_of(workspace, bolt, posted(workspace, BUTTON))

    assert answer(workspace, path, replace_original=True, text="Decided") == 200
    assert texts(workspace, BEN) == ["Decided"]
    assert answer(workspace, path, response_type="in_channel", replace_original=False, text="For all") == 200
    assert answer(workspace, path, text="For one") == 200
    assert texts(workspace, BEN) == ["Decided", "For all"]
    assert answer(workspace, path, delete_original=True) == 200
    assert texts(workspace) == ["For all", "For one"]
    assert answer(workspace, path, text="fifth") == 200
    assert answer(workspace, path, text="sixth") == 404


def test_a_response_url_can_answer_in_a_thread(workspace: Workspace, bolt: Bolt) -> None:
    container = posted(workspace, BUTTON)
    path = url_of(workspace, bolt, container)

    answer(workspace, path, response_type="in_channel", thread_ts=container["ts"], text="Below")

    assert workspace.messages(ANNA, GENERAL)[-1]["thread_ts"] == container["ts"]


def test_a_response_url_ends_after_its_time(open_workspace: Any, connect: Any) -> None:
    workspace = open_workspace(response_url=0.2)
    path = url_of(workspace, connect(workspace), posted(workspace, BUTTON))

    assert answer(workspace, path, text="In time") == 200
    until = time.monotonic() + 5
    while (status := answer(workspace, path, text="Still")) == 200 and time.monotonic() < until:
        time.sleep(0.05)
    assert status == 404


def test_what_only_one_person_sees_changes_by_its_response_url_alone(workspace: Workspace, bolt: Bolt) -> None:
    blocks = [{"type": "actions", "block_id": "b", "elements": [BUTTON]}]
    ts = workspace.client.chat_postEphemeral(channel=GENERAL, user=ANNA, text="Psst", blocks=blocks)["message_ts"]
    path = url_of(workspace, bolt, {"type": "message", "channel": GENERAL, "ts": ts})

    assert refusal(workspace.client.chat_update, channel=GENERAL, ts=ts, text="x") == "message_not_found"
    assert refusal(workspace.client.chat_delete, channel=GENERAL, ts=ts) == "message_not_found"
    assert answer(workspace, path, replace_original=True, text="Changed") == 200
    assert (texts(workspace), texts(workspace, BEN)) == (["Changed"], [])


def test_an_app_may_suggest_a_hundred_options_and_no_more(workspace: Workspace, bolt: Bolt) -> None:
    container = posted(workspace, MENU)
    counts = [100, 101]

    @bolt.app.options("pick")
    def suggest(ack: Any) -> None:
        ack(options=[{"text": {"type": "plain_text", "text": f"{n}"}, "value": f"{n}"} for n in range(counts.pop(0))])

    good = workspace.act(ANNA, "suggest", container=container, action_id="pick", text="a")
    bad = workspace.act(ANNA, "suggest", container=container, action_id="pick", text="a")

    assert len(good["options"]) == 100
    assert bad["error"] == "invalid_response"


def test_a_declined_confirmation_reaches_no_app(workspace: Workspace, bolt: Bolt) -> None:
    bolt.app.action("go")(lambda ack: ack())
    container = posted(workspace, {**BUTTON, "confirm": SURE})

    assert workspace.press(ANNA, container, "go", confirmed=False)["declined"]
    assert bolt.got == []
    assert workspace.press(ANNA, container, "go", confirmed=True)["ok"]
    assert bolt.got[0]["actions"][0]["confirm"]["title"]["text"] == "Sure?"


@pytest.mark.parametrize(("size", "fits"), [(3000, True), (3001, False)])
def test_private_metadata_has_a_limit(workspace: Workspace, size: int, fits: bool) -> None:
    view = {"type": "home", "blocks": [], "private_metadata": "x" * size}

    if fits:
        assert workspace.client.views_publish(user_id=ANNA, view=view)["ok"]
    else:
        assert refusal(workspace.client.views_publish, user_id=ANNA, view=view) == "invalid_arguments"
