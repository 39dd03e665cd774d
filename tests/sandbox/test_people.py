"""Somebody changes people while apps look on."""

from typing import Any

import pytest

from tests.sandbox.support import ANNA, BEN, BOT_USER, GENERAL, GONE, Bolt, Workspace


def change(workspace: Workspace, person: str, **what: Any) -> dict[str, Any]:
    return workspace.call("POST", f"/control/users/{person}", what)


def test_a_person_who_comes_back_can_act_again(workspace: Workspace) -> None:
    assert workspace.act(GONE, "say", channel=GENERAL, text="x", force=True)["ok"]

    change(workspace, GONE, kind="member")

    assert workspace.client.users_info(user=GONE)["user"]["deleted"] is False
    assert workspace.act(GONE, "say", channel=BEN, text="Back")["ok"]


def test_a_person_who_moves_has_another_offset(workspace: Workspace, bolt: Bolt) -> None:
    bolt.app.event("user_change")(lambda: None)

    change(workspace, BEN, tz="Asia/Tokyo", title="Lead")

    user = bolt.wait_for(1)[0]["event"]["user"]
    assert (user["tz"], user["tz_offset"], user["profile"]["title"]) == ("Asia/Tokyo", 32400, "Lead")
    assert user["updated"] > 0


@pytest.mark.parametrize(
    ("person", "what", "error"),
    [
        pytest.param("U0NOBODY", {}, "user_not_found", id="nobody"),
        pytest.param(BEN, {"kind": "king"}, "invalid_kind", id="a kind there is not"),
        pytest.param(BEN, {"kind": "bot"}, "invalid_kind", id="a bot"),
        pytest.param(BOT_USER, {"kind": "member"}, "invalid_kind", id="a bot becoming a person"),
        pytest.param(BEN, {"tz": "Mars/North"}, "invalid_tz", id="a zone there is not"),
        pytest.param(BEN, {"tz": "Europe"}, "invalid_tz", id="half a zone"),
    ],
)
def test_some_changes_make_no_sense(workspace: Workspace, person: str, what: dict[str, str], error: str) -> None:
    assert change(workspace, person, **what)["error"] == error


def test_everything_can_be_seen_at_once(workspace: Workspace) -> None:
    workspace.client.chat_postEphemeral(channel=GENERAL, user=ANNA, text="Psst")
    workspace.client.views_publish(user_id=BEN, view={"type": "home", "blocks": []})

    state = workspace.call("GET", "/control/state")

    assert {user["id"]: user["can_act"] for user in state["users"]} | {BOT_USER: False} == {
        user["id"]: user["kind"] not in ("bot", "deactivated") for user in state["users"]
    }
    general = next(channel for channel in state["channels"] if channel["id"] == GENERAL)
    assert [message["ephemeral_for"] for message in general["messages"]] == [ANNA]
    assert [home["user"] for home in state["homes"]] == [BEN]
    assert state["apps"][0]["sockets"] == 0
