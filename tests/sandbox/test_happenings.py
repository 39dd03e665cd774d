"""What happens in a workspace reaches the apps that listen for it, and no others."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.support import (
    ANNA,
    BEN,
    BOT_USER,
    GENERAL,
    MANIFEST,
    SECRET,
    SHARED,
    WORKSPACE,
    Bolt,
    Json,
    Workspace,
)

EVENTS = [
    *("user_change", "user_profile_changed", "user_status_changed", "team_join", "dnd_updated_user"),
    *("subteam_created", "subteam_updated", "subteam_members_changed", "member_joined_channel", "member_left_channel"),
    *("channel_archive", "channel_unarchive", "channel_rename", "channel_shared", "channel_unshared"),
    *("reaction_added", "message.channels", "tokens_revoked", "app_uninstalled"),
]
SCOPES = [
    *("users:read", "dnd:read", "usergroups:read", "channels:read", "channels:history", "reactions:read"),
    *("groups:read", "chat:write"),
]


def described(scopes: list[str]) -> Json:
    manifest = {
        **MANIFEST,
        "oauth_config": {"scopes": {"bot": scopes}},
        "settings": {**MANIFEST["settings"], "event_subscriptions": {"bot_events": EVENTS}},
    }
    return {**WORKSPACE, "apps": [{**WORKSPACE["apps"][0], "manifest": manifest}]}


@pytest.fixture
def workspace(open_workspace: Callable[..., Workspace]) -> Workspace:
    return open_workspace(described(SCOPES))


CASES: list[tuple[str, str, Json, str, Json]] = [
    ("a new status", f"users/{BEN}", {"status_text": "Away"}, "user_status_changed", {}),
    ("a new title", f"users/{BEN}", {"title": "Lead"}, "user_profile_changed", {}),
    ("a new zone", f"users/{BEN}", {"tz": "Asia/Tokyo"}, "user_change", {}),
    (
        "a quiet time",
        f"users/{BEN}",
        {"do_not_disturb": {"from": "22:00", "until": "07:00"}},
        "dnd_updated_user",
        {"user": BEN},
    ),
    ("somebody new", "people", {"name": "nina", "real_name": "Nina Neu"}, "team_join", {}),
    ("a new group", "usergroups", {"handle": "board", "users": [ANNA]}, "subteam_created", {}),
    ("a renamed group", "usergroups/S0LEADS", {"name": "Heads"}, "subteam_updated", {}),
    (
        "a group's new members",
        "usergroups/S0LEADS",
        {"users": [BEN]},
        "subteam_members_changed",
        {"added_users": [BEN], "removed_users": [ANNA]},
    ),
    ("an archived channel", f"channels/{GENERAL}", {"archived": True, "as": ANNA}, "channel_archive", {"user": ANNA}),
    ("a renamed channel", f"channels/{GENERAL}", {"name": "all"}, "channel_rename", {}),
    (
        "a channel shared",
        f"channels/{GENERAL}",
        {"share_with": "T0OTHER"},
        "channel_shared",
        {"connected_team_id": "T0OTHER"},
    ),
    ("a channel no longer shared", f"channels/{SHARED}", {"share_with": ""}, "channel_unshared", {}),
    (
        "somebody joining",
        f"channels/{SHARED}",
        {"invite": [BEN], "as": ANNA},
        "member_joined_channel",
        {"user": BEN, "inviter": ANNA},
    ),
    ("somebody leaving", f"channels/{GENERAL}", {"remove": [BEN]}, "member_left_channel", {"user": BEN}),
    ("the app leaving", f"channels/{GENERAL}", {"remove": [BOT_USER]}, "member_left_channel", {"user": BOT_USER}),
    ("an uninstalled app", "apps/A0HELPER", {"installed": False}, "app_uninstalled", {}),
    ("a revoked token", "apps/A0HELPER", {"token_revoked": True}, "tokens_revoked", {}),
]


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_an_app_hears_of(workspace: Workspace, connect: Any, case: tuple[str, str, Json, str, Json]) -> None:
    _, path, body, kind, told = case
    bolt = connect(workspace, ignoring_self_events_enabled=False)
    answer = workspace.call("POST", f"/control/{path}", body)
    assert answer["ok"], answer

    heard = _heard(bolt, kind)

    assert {key: heard[key] for key in told} == told


def _heard(bolt: Bolt, kind: str) -> Json:
    for count in range(1, 5):
        for payload in bolt.wait_for(count):
            if payload["event"]["type"] == kind:
                event: Json = payload["event"]
                return event
    raise AssertionError([payload["event"]["type"] for payload in bolt.got])


def test_an_app_without_the_scopes_hears_only_of_itself(open_workspace: Any, connect: Any) -> None:
    workspace = open_workspace(described(["chat:write"]))
    bolt = connect(workspace)
    for _, path, body, _, _ in CASES[:-2]:
        assert workspace.call("POST", f"/control/{path}", body)["ok"]
    workspace.act(BEN, "say", channel=SHARED, text="x", force=True)
    workspace.call("POST", "/control/apps/A0HELPER", {"token_revoked": True})

    assert [payload["event"]["type"] for payload in bolt.wait_for(1)] == ["tokens_revoked"]


def test_a_private_channels_members_are_told_of_nobodys_coming_but_to_those_inside(
    workspace: Workspace, bolt: Bolt
) -> None:
    workspace.call("POST", f"/control/channels/{SECRET}", {"invite": [BEN]})
    workspace.call("POST", f"/control/users/{BEN}", {"tz": "Asia/Tokyo"})

    assert [payload["event"]["type"] for payload in bolt.wait_for(1)] == ["user_change"]


def test_people_react_change_their_words_and_take_them_back(workspace: Workspace, bolt: Bolt) -> None:
    for kind in ("message", "reaction_added"):
        bolt.app.event(kind)(lambda: None)
    ts = workspace.act(ANNA, "say", channel=GENERAL, text="One")["ts"]
    assert workspace.act(BEN, "react", channel=GENERAL, ts=ts, name="eyes")["reacted"]
    assert workspace.act(ANNA, "edit", channel=GENERAL, ts=ts, text="Two")["ok"]
    assert workspace.act(BEN, "erase", channel=GENERAL, ts=ts)["error"] == "not_own_message"
    assert workspace.act(ANNA, "erase", channel=GENERAL, ts=ts)["ok"]

    heard = [(one["event"]["type"], one["event"].get("subtype")) for one in bolt.wait_for(4)]
    assert set(heard) == {
        ("message", "message_changed"),
        ("message", "message_deleted"),
        ("message", None),
        ("reaction_added", None),
    }


def test_an_apps_view_of_quiet_times_follows_the_persons_zone(open_workspace: Any) -> None:
    people = [{**WORKSPACE["users"][0], "tz": "UTC", "do_not_disturb": {"from": "00:00", "until": "23:59"}}]
    workspace = open_workspace({**described([*SCOPES]), "users": people})

    quiet = workspace.client.dnd_info(user=ANNA)
    assert quiet["dnd_enabled"]
    assert quiet["next_dnd_end_ts"] - quiet["next_dnd_start_ts"] == (23 * 60 + 59) * 60
    assert quiet["next_dnd_start_ts"] % 86_400 == 0
    told = workspace.client.dnd_teamInfo(users=[ANNA])["users"]
    assert {key: quiet[key] for key in told[ANNA]} == told[ANNA]


def test_a_status_set_in_the_file_is_in_the_profile(open_workspace: Any) -> None:
    people = [{**WORKSPACE["users"][0], "status_text": "On holiday", "status_emoji": ":palm_tree:"}]
    workspace = open_workspace({**described(SCOPES), "users": people})

    profile = workspace.client.users_info(user=ANNA)["user"]["profile"]
    assert (profile["status_text"], profile["status_emoji"]) == ("On holiday", ":palm_tree:")


def test_a_shared_channel_names_the_other_organisations(workspace: Workspace) -> None:
    shown = workspace.client.conversations_info(channel=SHARED)["channel"]

    assert shown["is_ext_shared"]
    assert len(shown["shared_team_ids"]) == 2


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("people", {}),
        ("people", {"name": "x", "kind": "king"}),
        ("people", {"id": ANNA, "name": "anna"}),
        (f"users/{BEN}", {"do_not_disturb": {"from": "late"}}),
        ("channels/C0NOWHERE", {}),
        (f"channels/{GENERAL}", {"invite": ["U0NOBODY"]}),
        (f"channels/{GENERAL}", {"archived": "yes"}),
        ("usergroups", {"handle": "leads"}),
        ("usergroups/S0NONE", {}),
        ("apps/A0NONE", {}),
        ("functions", {"callback_id": "nothing"}),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(workspace: Workspace, path: str, body: Json) -> None:
    answer = workspace.call("POST", f"/control/{path}", body)

    assert answer["status"] in (400, 404)
    assert answer["message"].endswith(".")
