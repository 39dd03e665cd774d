"""People press buttons and choose in menus, in messages and at home."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.support import (
    ANNA,
    BEN,
    BOT_USER,
    GENERAL,
    GONE,
    SHARED,
    STRANGER,
    Bolt,
    Json,
    Workspace,
)

OPTIONS = [{"text": {"type": "plain_text", "text": name.title()}, "value": name} for name in ("red", "green", "blue")]
BLOCKS = [
    {
        "type": "actions",
        "block_id": "votes",
        "elements": [
            {
                "type": "button",
                "action_id": "yes",
                "text": {"type": "plain_text", "text": "Yes"},
                "value": "42",
            },
            {"type": "static_select", "action_id": "colour", "options": OPTIONS},
            {"type": "overflow", "action_id": "more", "options": OPTIONS[:2]},
            {"type": "multi_users_select", "action_id": "people", "max_selected_items": 2},
            {"type": "datepicker", "action_id": "day", "initial_date": "2026-01-02"},
            {"type": "external_select", "action_id": "city", "min_query_length": 1},
        ],
    }
]


def post(workspace: Workspace, channel: str = GENERAL, **more: Any) -> Json:
    posted = workspace.client.chat_postMessage(channel=channel, text="Vote", blocks=BLOCKS, **more)
    return {"type": "message", "channel": posted["channel"], "ts": posted["ts"]}


def test_a_pressed_button_reaches_the_app_with_its_value_and_its_message(workspace: Workspace, bolt: Bolt) -> None:
    bolt.app.action("yes")(lambda ack: ack())
    container = post(workspace)

    assert workspace.press(ANNA, container, "yes")["ok"]

    (payload,) = bolt.got
    assert payload["actions"][0]["value"] == "42"
    assert payload["user"] == {"id": ANNA, "username": "anna", "name": "anna", "team_id": "T0TEAM"}
    assert payload["message"]["blocks"][0]["block_id"] == "votes"
    assert payload["container"]["message_ts"] == container["ts"]
    assert payload["channel"] == {"id": GENERAL, "name": "general"}


def test_what_was_chosen_before_is_in_the_state_when_a_button_is_pressed(workspace: Workspace, bolt: Bolt) -> None:
    for action_id in ("yes", "colour", "people"):
        bolt.app.action(action_id)(lambda ack: ack())
    container = post(workspace)

    workspace.press(ANNA, container, "colour", value="green")
    workspace.press(BEN, container, "people", value=[ANNA, BEN])
    workspace.press(ANNA, container, "yes")

    chosen, people, pressed = bolt.got
    assert chosen["actions"][0]["selected_option"]["value"] == "green"
    assert people["actions"][0]["selected_users"] == [ANNA, BEN]
    values = pressed["state"]["values"]["votes"]
    assert values["colour"]["selected_option"]["value"] == "green"
    assert values["people"]["selected_users"] == [], "what somebody else chose is theirs"
    assert values["day"] == {"type": "datepicker", "selected_date": "2026-01-02"}


def test_an_overflow_menu_sends_its_option_and_keeps_nothing(workspace: Workspace, bolt: Bolt) -> None:
    bolt.app.action("more")(lambda ack: ack())

    assert workspace.press(ANNA, post(workspace), "more", value="red")["ok"]

    assert bolt.got[0]["actions"][0]["selected_option"]["value"] == "red"
    assert "more" not in bolt.got[0]["state"]["values"]["votes"]


@pytest.mark.parametrize(
    ("action_id", "value", "error"),
    [
        pytest.param("colour", "purple", "invalid_input", id="an option that is not there"),
        pytest.param("people", [ANNA, BEN, GONE], "invalid_input", id="too many people"),
        pytest.param("day", "2026-02-30", "invalid_input", id="a day that does not exist"),
        pytest.param("more", None, "invalid_input", id="no option of a menu"),
        pytest.param("nowhere", None, "no_such_element", id="a button that is not there"),
    ],
)
def test_what_the_client_cannot_send_never_reaches_the_app(
    workspace: Workspace, bolt: Bolt, action_id: str, value: Any, error: str
) -> None:
    assert workspace.press(ANNA, post(workspace), action_id, value=value)["error"] == error
    assert bolt.got == []


def test_a_button_that_was_drawn_anew_under_the_finger_is_pressed(workspace: Workspace, bolt: Bolt) -> None:
    bolt.app.action("yes")(lambda ack: ack())
    button = {"type": "button", "action_id": "yes", "text": {"type": "plain_text", "text": "Yes"}}
    view: Json = {"type": "home", "blocks": [{"type": "actions", "elements": [button]}]}
    seen, drawn = (workspace.client.views_publish(user_id=ANNA, view=view)["view"] for _ in range(2))
    container = {"type": "view", "view_id": drawn["id"]}

    before, after = (each["blocks"][0]["block_id"] for each in (seen, drawn))
    assert workspace.press(ANNA, container, "yes", block_id=before)["ok"]

    assert before != after
    assert bolt.got[0]["actions"][0]["block_id"] == after


def test_a_late_answer_is_shown_at_the_message_and_the_next_try_takes_it_away(
    open_workspace: Callable[..., Workspace], connect: Callable[..., Bolt]
) -> None:
    workspace = open_workspace(ack=0.6)
    bolt = connect(workspace)
    slow = [0.9, 0.0]
    bolt.app.action("yes")(lambda ack: time.sleep(slow.pop(0)) or ack())
    container = post(workspace)

    late = workspace.press(ANNA, container, "yes")
    (notice,) = workspace.seen_by(ANNA)["errors"]
    again = workspace.press(ANNA, container, "yes")

    assert late["error"] == "operation_timeout"
    assert (notice["where"], notice["target"]) == ("message", f"{GENERAL}/{container['ts']}")
    assert again["ok"]
    assert workspace.seen_by(ANNA)["errors"] == []


def test_an_app_that_fails_does_not_keep_the_person_waiting_longer_than_slack(
    open_workspace: Callable[..., Workspace], connect: Callable[..., Bolt]
) -> None:
    workspace = open_workspace(ack=0.2)
    bolt = connect(workspace)

    @bolt.app.action("yes")
    def fail() -> None:
        raise RuntimeError("a bug in the app")

    begun = time.monotonic()
    answer = workspace.press(ANNA, post(workspace), "yes")

    assert answer["error"] == "operation_timeout"
    assert time.monotonic() - begun < 2


def test_an_app_changes_the_message_a_person_pressed_through_the_response_url(workspace: Workspace, bolt: Bolt) -> None:
    @bolt.app.action("yes")
    def decide(ack: Any, respond: Any) -> None:
        respond(text="Decided", replace_original=True)
        ack()

    workspace.press(ANNA, post(workspace), "yes")

    (message,) = workspace.messages(BEN, GENERAL)
    assert (message["text"], message["blocks"]) == ("Decided", [])


def test_a_private_answer_can_be_pressed_by_its_reader_and_taken_away_by_the_app(
    workspace: Workspace, bolt: Bolt
) -> None:
    @bolt.app.action("yes")
    def remove(ack: Any, respond: Any) -> None:
        respond(delete_original=True)
        ack()

    ts = workspace.client.chat_postEphemeral(channel=GENERAL, user=ANNA, text="Psst", blocks=BLOCKS)["message_ts"]
    container = {"type": "message", "channel": GENERAL, "ts": ts}

    assert workspace.press(BEN, container, "yes")["error"] == "message_not_found"
    assert workspace.press(ANNA, container, "yes")["ok"]

    assert bolt.got[0]["container"]["is_ephemeral"] is True
    assert "message" not in bolt.got[0]
    assert workspace.messages(ANNA, GENERAL) == []


def test_a_button_in_a_thread_says_which_thread(workspace: Workspace, bolt: Bolt) -> None:
    bolt.app.action("yes")(lambda ack: ack())
    parent = post(workspace)
    reply = post(workspace, thread_ts=parent["ts"])

    workspace.press(ANNA, reply, "yes")

    assert bolt.got[0]["container"]["thread_ts"] == parent["ts"]
    assert bolt.got[0]["message"]["thread_ts"] == parent["ts"]


def test_an_external_menu_asks_the_app_for_its_options(workspace: Workspace, bolt: Bolt) -> None:
    bolt.app.options("city")(lambda ack, payload: ack(options=OPTIONS[: len(payload["value"])]))
    bolt.app.action("city")(lambda ack: ack())
    container = post(workspace)

    answer = workspace.act(ANNA, "suggest", container=container, action_id="city", text="be")
    chosen = workspace.press(ANNA, container, "city", value=answer["options"][1])

    assert [option["value"] for option in answer["options"]] == ["red", "green"]
    assert chosen["ok"]
    assert bolt.got[1]["actions"][0]["selected_option"]["value"] == "green"


def test_a_stranger_presses_in_a_shared_channel_as_somebody_of_their_own_team(workspace: Workspace, bolt: Bolt) -> None:
    bolt.app.action("yes")(lambda ack: ack())

    assert workspace.press(STRANGER, post(workspace, SHARED), "yes")["ok"]
    assert workspace.press(STRANGER, post(workspace), "yes")["error"] == "channel_not_found"

    info = workspace.client.users_info(user=STRANGER)["user"]
    assert bolt.got[0]["user"]["team_id"] == info["team_id"] != "T0TEAM"
    assert info["is_stranger"] is False, "they share a channel with the app; only the team tells them apart"


def test_a_deactivated_person_cannot_act_unless_a_test_forces_it(workspace: Workspace, bolt: Bolt) -> None:
    bolt.app.action("yes")(lambda ack: ack())
    container = post(workspace)

    refused = workspace.press(GONE, container, "yes")
    forced = workspace.press(GONE, container, "yes", force=True)

    assert refused["error"] == "account_inactive"
    assert refused["message"] == "Gero Gone is deactivated and cannot act."
    assert forced["ok"]
    assert bolt.got[0]["user"]["id"] == GONE


def test_nobody_acts_as_a_bot_or_as_nobody(workspace: Workspace) -> None:
    assert workspace.act(BOT_USER, "say", channel=GENERAL, text="Hi")["error"] == "cannot_act"
    assert workspace.act("U0NOBODY", "say", channel=GENERAL, text="Hi")["error"] == "user_not_found"
    assert workspace.act(ANNA, "dance")["error"] == "unknown_deed"


def test_shortcuts_open_from_anywhere_and_from_a_message(workspace: Workspace, bolt: Bolt) -> None:
    bolt.app.global_shortcut("ask")(lambda ack: ack())
    bolt.app.message_shortcut("keep")(lambda ack: ack())
    bolt.app.event("message")(lambda: None)
    said = workspace.act(BEN, "say", channel=GENERAL, text="Keep this")

    assert workspace.act(ANNA, "shortcut", callback_id="ask")["ok"]
    assert workspace.act(ANNA, "shortcut", callback_id="keep", channel=GENERAL, ts=said["ts"])["ok"]
    assert workspace.act(ANNA, "shortcut", callback_id="keep")["error"] == "unknown_shortcut"

    message_action = next(payload for payload in bolt.got if payload["type"] == "message_action")
    assert message_action["message"]["text"] == "Keep this"
