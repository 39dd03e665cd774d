"""Apps call the Web API, well and badly."""

import json
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.sandbox.support import (
    ANNA,
    APP_TOKEN,
    BEN,
    BOT_TOKEN,
    BOT_USER,
    GENERAL,
    GONE,
    GUEST,
    MANIFEST,
    SECRET,
    SHARED,
    WORKSPACE,
    Json,
    Workspace,
    refusal,
)


def raw(workspace: Workspace, method: str, body: bytes, kind: str, token: str | None = BOT_TOKEN) -> Json:
    headers = {"Content-Type": kind, **({"Authorization": f"Bearer {token}"} if token else {})}
    status, text = workspace.send("POST", f"/api/{method}", body, headers)
    assert status == 200
    answer: Json = json.loads(text)
    return answer


def test_an_app_learns_who_it_is(workspace: Workspace) -> None:
    answer = workspace.client.auth_test()

    assert (answer["user_id"], answer["bot_id"], answer["team_id"]) == (BOT_USER, "B0HELPER", "T0TEAM")
    assert "users:read.email" in answer.headers["x-oauth-scopes"]


@pytest.mark.parametrize(
    ("token", "method", "error"),
    [
        pytest.param("xoxb-unknown", "auth.test", "invalid_auth", id="an unknown token"),
        pytest.param(None, "auth.test", "not_authed", id="no token"),
        pytest.param(APP_TOKEN, "auth.test", "not_allowed_token_type", id="the app's token where the bot's is due"),
        pytest.param(BOT_TOKEN, "apps.connections.open", "not_allowed_token_type", id="and the other way round"),
        pytest.param(BOT_TOKEN, "chat.shout", "unknown_method", id="a method that does not exist"),
    ],
)  # fmt: skip
def test_a_caller_without_the_right_to_is_refused(
    workspace: Workspace, token: str | None, method: str, error: str
) -> None:
    answer = raw(workspace, method, b"", "application/x-www-form-urlencoded", token)

    assert (answer["ok"], answer["error"]) == (False, error)


def test_a_token_may_be_an_argument(workspace: Workspace) -> None:
    answer = raw(workspace, "auth.test", b"token=" + BOT_TOKEN.encode(), "application/x-www-form-urlencoded", None)

    assert answer["ok"]


def test_a_missing_scope_is_named_with_those_that_are_there(open_workspace: Any) -> None:
    manifest: Json = {**MANIFEST, "oauth_config": {"scopes": {"bot": ["commands"]}}}
    workspace = open_workspace({**WORKSPACE, "apps": [{**WORKSPACE["apps"][0], "manifest": manifest}]})

    with pytest.raises(SlackApiError) as caught:
        workspace.client.chat_postMessage(channel=GENERAL, text="x")

    answer = caught.value.response
    assert (answer["error"], answer["needed"], answer["provided"]) == (
        "missing_scope",
        "chat:write",
        "commands",
    )


def test_each_kind_of_conversation_has_a_scope_of_its_own(workspace: Workspace) -> None:
    client = workspace.client
    im = client.conversations_open(users=ANNA)["channel"]["id"]

    assert client.conversations_info(channel=GENERAL)["channel"]["name"] == "general"
    assert client.conversations_history(channel=im)["messages"] == []
    assert refusal(client.conversations_info, channel=im) == "missing_scope"
    assert refusal(client.conversations_list, types="private_channel") == "missing_scope"


@pytest.mark.parametrize(
    ("body", "kind", "error"),
    [
        pytest.param(b"{", "application/json", "invalid_json", id="broken JSON"),
        pytest.param(b"[1]", "application/json", "json_not_object", id="a list"),
        pytest.param(b'{"channel": NaN}', "application/json", "invalid_json", id="a number that is none"),
        pytest.param(b"[" * 100_000, "application/json", "invalid_json", id="a very deep list"),
        pytest.param(b"\xff\xfe\xff", "application/json", "invalid_json", id="bytes that are no text"),
        pytest.param(b'{"channel": {"a": 1}, "text": "x"}', "application/json", "invalid_arguments", id="an object"),
        pytest.param(b'{"channel": true, "text": "x"}', "application/json", "invalid_arguments", id="a yes"),
        pytest.param(b"<x/>", "text/xml", "invalid_post_type", id="XML"),
        pytest.param(b"", "application/x-www-form-urlencoded", "invalid_arguments", id="nothing"),
        pytest.param(b"--x", "multipart/form-data", "invalid_form_data", id="a form without a boundary"),
        pytest.param(b"--x\r\nbroken", "multipart/form-data; boundary=x", "invalid_form_data", id="half a form"),
        pytest.param(b"channel=%FF%FE&text=x", "application/x-www-form-urlencoded", "channel_not_found", id="bytes"),
    ],
)  # fmt: skip
def test_a_malformed_request_gets_slacks_own_error(workspace: Workspace, body: bytes, kind: str, error: str) -> None:
    answer = raw(workspace, "chat.postMessage", body, kind)

    assert (answer["ok"], answer["error"]) == (False, error)


def test_a_form_in_parts_is_read_like_any_other(workspace: Workspace) -> None:
    fields = {"channel": GENERAL, "text": "In parts"}
    parts = [f'--x\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()]

    answer = raw(
        workspace,
        "chat.postMessage",
        ("".join(parts) + "--x--\r\n").encode(),
        "multipart/form-data; boundary=x",
    )

    assert answer["message"]["text"] == "In parts"


def test_characters_nothing_can_store_are_replaced(workspace: Workspace) -> None:
    body = json.dumps({"channel": GENERAL, "text": "a\ud800b\u0000c\U0001f600"}).encode()

    answer = raw(workspace, "chat.postMessage", body, "application/json")

    assert answer["message"]["text"] == "a\ufffdbc\U0001f600"


def test_people_are_described_with_what_decides_their_rights(workspace: Workspace) -> None:
    def info(person: str) -> Json:
        found: Json = workspace.client.users_info(user=person)["user"]
        return found

    anna, ben = info(ANNA), info(BEN)
    assert (anna["is_owner"], anna["is_admin"], anna["is_primary_owner"]) == (True, True, True)
    assert anna["profile"]["email"] == "anna@example.com"
    assert (ben["tz"], ben["tz_offset"] in (-18000, -14400)) == ("America/New_York", True)
    assert (info(GUEST)["is_restricted"], info(GONE)["deleted"], info(BOT_USER)["is_bot"]) == (True,) * 3
    assert not any(ben[key] for key in ("deleted", "is_bot", "is_restricted", "is_stranger", "is_admin"))
    assert refusal(workspace.client.users_info, user="U0NOBODY") == "user_not_found"


def test_lists_come_in_pages(workspace: Workspace) -> None:
    pages = [[member["id"] for member in page["members"]] for page in workspace.client.users_list(limit=2, cursor=None)]

    assert [len(page) for page in pages] == [2, 2, 1]
    assert sorted({member for page in pages for member in page}) == sorted([ANNA, BEN, GUEST, GONE, BOT_USER])
    assert refusal(workspace.client.users_list, cursor="elsewhere") == "invalid_cursor"
    assert refusal(workspace.client.users_list, limit=-1) == "invalid_limit"


def test_an_app_finds_people_by_address_and_groups_by_id(workspace: Workspace) -> None:
    client = workspace.client

    assert client.users_lookupByEmail(email="ANNA@example.com")["user"]["id"] == ANNA
    assert client.usergroups_list(include_users=True)["usergroups"][0]["users"] == [ANNA]
    assert client.usergroups_users_list(usergroup="S0LEADS")["users"] == [ANNA]
    assert refusal(client.users_lookupByEmail, email="x@example.com") == "users_not_found"
    assert refusal(client.usergroups_users_list, usergroup="S0NONE") == "no_such_subteam"


def test_an_app_sees_public_channels_and_its_own(workspace: Workspace) -> None:
    client = workspace.client

    listed = {channel["id"]: channel for channel in client.conversations_list()["channels"]}

    assert set(listed) == {GENERAL, SHARED}
    assert listed[SHARED]["is_ext_shared"] is True
    assert ANNA in client.conversations_members(channel=GENERAL)["members"]
    assert refusal(client.conversations_info, channel=SECRET) == "channel_not_found"
    assert refusal(client.conversations_open, users=GONE) == "user_disabled"
    assert refusal(client.conversations_open, users="U0NOBODY") == "user_not_found"
    assert refusal(client.conversations_list, types="secret") == "invalid_types"
    assert refusal(client.conversations_replies, channel=GENERAL, ts="1.1") == "thread_not_found"
    assert refusal(client.conversations_history, channel=GENERAL, oldest="x") == "invalid_ts_oldest"


def test_api_test_echoes_and_fails_on_request(workspace: Workspace) -> None:
    assert workspace.client.api_test(foo="bar")["args"] == {"foo": "bar"}
    assert refusal(workspace.client.api_test, error="my_error") == "my_error"


def test_connections_are_opened_by_the_apps_own_token(workspace: Workspace) -> None:
    client = WebClient(base_url=f"{workspace.url}/api/")

    url = client.apps_connections_open(app_token=APP_TOKEN)["url"]

    assert url.startswith("ws://127.0.0.1:")
    assert "/link/?ticket=" in url
    assert url.endswith("&app_id=A0HELPER")


def test_an_app_without_socket_mode_gets_no_connection(open_workspace: Any) -> None:
    manifest: Json = {**MANIFEST, "settings": {}}
    workspace = open_workspace({**WORKSPACE, "apps": [{**WORKSPACE["apps"][0], "manifest": manifest}]})

    assert refusal(workspace.client.apps_connections_open, app_token=APP_TOKEN) == "forbidden_team"


def test_invalid_blocks_are_pointed_at(workspace: Workspace) -> None:
    blocks = [{"type": "divider"}, {"type": "section", "text": {"type": "html", "text": "x"}}]

    with pytest.raises(SlackApiError) as caught:
        workspace.client.chat_postMessage(channel=GENERAL, text="x", blocks=blocks)

    answer = caught.value.response
    assert answer["error"] == "invalid_blocks"
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] failed to match all allowed schemas [json-pointer:/blocks/1/text]"
    ]


def test_another_site_or_another_name_is_turned_away(workspace: Workspace) -> None:
    foreign = workspace.send("POST", "/control/act", b"{}", {"Origin": "https://evil.example"})
    rebound = workspace.send("GET", "/control/state", b"", {"Host": "evil.example"})
    odd = workspace.send("GET", "/control/state", b"", {"Host": "[oops"})

    assert [foreign[0], rebound[0]] == [403, 403]
    assert odd[0] in (400, 403)
