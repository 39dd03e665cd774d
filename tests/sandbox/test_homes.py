"""People open an app's home, and the app shows each of them their own."""

from typing import Any

import pytest

from tests.sandbox.support import (
    ANNA,
    BEN,
    BOT_USER,
    MANIFEST,
    STRANGER,
    WORKSPACE,
    Bolt,
    Json,
    Workspace,
    refusal,
)


def home(text: str = "Hello", **more: Any) -> Json:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    button = {
        "type": "actions",
        "block_id": "b",
        "elements": [{"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}],
    }
    return {"type": "home", "blocks": [section, button], **more}


def shown(workspace: Workspace, person: str) -> str | None:
    view = workspace.seen_by(person)["home"]
    return None if view is None else view["blocks"][0]["text"]["text"]


def test_opening_a_home_for_the_first_time_lets_the_app_fill_it(workspace: Workspace, bolt: Bolt) -> None:
    @bolt.app.event("app_home_opened")
    def fill(event: Json, client: Any) -> None:
        client.views_publish(user_id=event["user"], view=home(f"Hello {event['user']}"))

    answer = workspace.act(ANNA, "home")

    assert (answer["ok"], answer["delivered"]) == (True, True)
    assert shown(workspace, ANNA) == f"Hello {ANNA}"
    assert shown(workspace, BEN) is None
    assert "view" not in bolt.got[0]["event"]


def test_opening_it_again_tells_the_app_what_is_there(workspace: Workspace, bolt: Bolt) -> None:
    bolt.app.event("app_home_opened")(lambda: None)
    workspace.client.views_publish(user_id=ANNA, view=home("Before"))

    workspace.act(ANNA, "home")

    event = bolt.got[0]["event"]
    assert (event["tab"], event["view"]["type"]) == ("home", "home")
    assert event["view"]["blocks"][0]["text"]["text"] == "Before"


def test_a_button_at_home_says_which_view_it_is_in(workspace: Workspace, bolt: Bolt) -> None:
    @bolt.app.action("go")
    def refresh(ack: Any, body: Json, client: Any) -> None:
        client.views_publish(user_id=body["user"]["id"], hash=body["view"]["hash"], view=home("After"))
        ack()

    view = workspace.client.views_publish(user_id=ANNA, view=home("Before"))["view"]

    assert workspace.press(ANNA, {"type": "view", "view_id": view["id"]}, "go")["ok"]

    assert shown(workspace, ANNA) == "After"
    assert bolt.got[0]["container"] == {"type": "view", "view_id": view["id"]}
    assert "response_url" not in bolt.got[0]


def test_an_old_hash_does_not_overwrite_a_newer_home(workspace: Workspace) -> None:
    client = workspace.client
    old = client.views_publish(user_id=ANNA, view=home("One"))["view"]["hash"]
    client.views_publish(user_id=ANNA, view=home("Two"))

    assert refusal(client.views_publish, user_id=ANNA, hash=old, view=home("Three")) == "hash_conflict"
    assert shown(workspace, ANNA) == "Two"


def test_a_person_is_told_when_the_app_of_an_empty_home_is_not_there(workspace: Workspace) -> None:
    answer = workspace.act(ANNA, "home")

    assert (answer["ok"], answer["delivered"]) == (True, False)
    (notice,) = workspace.seen_by(ANNA)["errors"]
    assert (notice["where"], notice["text"]) == ("home", "Helper is not connected.")


def test_the_messages_tab_is_the_conversation_with_the_app(workspace: Workspace, bolt: Bolt) -> None:
    bolt.app.event("app_home_opened")(lambda: None)

    answer = workspace.act(ANNA, "messages_tab")

    event = bolt.got[0]["event"]
    assert (event["tab"], event["channel"]) == ("messages", answer["channel"])
    assert workspace.seen_by(ANNA)["dms"][0]["with"] == BOT_USER


@pytest.mark.parametrize(
    ("user", "view", "error"),
    [
        pytest.param(ANNA, {**home(), "type": "modal"}, "invalid_arguments", id="a modal"),
        pytest.param("U0NOBODY", home(), "invalid_arguments", id="nobody"),
        pytest.param(BOT_USER, home(), "invalid_arguments", id="a bot"),
        pytest.param(ANNA, {"type": "home"}, "invalid_arguments", id="without blocks"),
        pytest.param(ANNA, home(private_metadata="x" * 3001), "invalid_arguments", id="too much metadata"),
    ],
)
def test_some_homes_are_refused(workspace: Workspace, user: str, view: Json, error: str) -> None:
    assert refusal(workspace.client.views_publish, user_id=user, view=view) == error


def test_strangers_have_no_home_here(workspace: Workspace) -> None:
    assert workspace.act(STRANGER, "home")["error"] == "not_allowed"


def test_an_app_without_a_home_tab_publishes_none(open_workspace: Any) -> None:
    features = {**MANIFEST["features"], "app_home": {"home_tab_enabled": False}}
    app = {**WORKSPACE["apps"][0], "manifest": {**MANIFEST, "features": features}}
    workspace = open_workspace({**WORKSPACE, "apps": [app]})

    assert refusal(workspace.client.views_publish, user_id=ANNA, view=home()) == "not_enabled"
    assert workspace.act(ANNA, "home")["error"] == "not_enabled"
