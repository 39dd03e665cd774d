"""What apps do beyond messages and views: files, reactions, channels, installs, steps."""

import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from tests.sandbox.support import ANNA, BEN, BOT_TOKEN, BOT_USER, GENERAL, STRANGER, Bolt, Json, Workspace, refusal
from tests.sandbox.test_reference import DESCRIBED

CREDENTIALS: Json = {"client_id": "1.2", "client_secret": "hush"}
LINK = "https://example.com/page"
EVENTS = [
    *("message.channels", "reaction_added", "reaction_removed", "pin_added", "file_shared", "link_shared"),
    *("member_joined_channel", "channel_created", "function_executed", "tokens_revoked", "app_uninstalled"),
]


@pytest.fixture
def rich(open_workspace: Any) -> Workspace:
    """Start a workspace whose app holds every scope and listens to everything."""
    app = DESCRIBED["apps"][0]
    manifest = app["manifest"]
    scopes = [*manifest["oauth_config"]["scopes"]["bot"]]
    scopes += ["reactions:read", "pins:read", "links:read", "channels:read", "app_mentions:read"]
    listening = {**manifest["settings"], "event_subscriptions": {"bot_events": EVENTS}}
    oauth = {**manifest["oauth_config"], "scopes": {"bot": scopes}}
    described = {**app, "manifest": {**manifest, "settings": listening, "oauth_config": oauth}}
    workspace: Workspace = open_workspace({**DESCRIBED, "apps": [described]})
    return workspace


def kinds(bolt: Bolt, count: int) -> list[str]:
    return [body["event"]["type"] for body in bolt.wait_for(count)]


def fetch(workspace: Workspace, url: str, **headers: str) -> tuple[int, str]:
    return workspace.send("GET", urlsplit(url).path, b"", headers)


def test_a_file_is_sent_shared_seen_and_fetched_by_those_with_a_token(rich: Workspace, connect: Any) -> None:
    bolt = connect(rich, ignoring_self_events_enabled=False)
    answer = rich.client.files_upload_v2(channel=GENERAL, content="a,b", filename="t.csv", initial_comment="Table")

    [message] = rich.messages(ANNA, GENERAL)
    [file] = message["files"]
    assert (message["text"], message["subtype"], file["name"]) == ("Table", "file_share", "t.csv")
    assert fetch(rich, file["url_private"], Authorization=f"Bearer {BOT_TOKEN}") == (200, "a,b")
    assert fetch(rich, file["url_private"], **{"Sec-Fetch-Site": "same-origin"}) == (200, "a,b")
    assert fetch(rich, file["url_private"])[0] == 302
    assert rich.client.files_info(file=answer["file"]["id"])["file"]["channels"] == [GENERAL]
    assert kinds(bolt, 2) == ["message", "file_shared"]


def test_a_deleted_file_leaves_a_tombstone(rich: Workspace) -> None:
    file = rich.client.files_upload_v2(channel=GENERAL, content="x", filename="t.txt")["file"]
    rich.client.files_delete(file=file["id"])

    assert rich.messages(ANNA, GENERAL)[0]["files"] == [{"id": file["id"], "mode": "tombstone"}]
    assert fetch(rich, file["url_private"], Authorization=f"Bearer {BOT_TOKEN}")[0] == 404


def test_a_file_survives_a_restart(rich: Workspace, open_workspace: Any) -> None:
    file = rich.client.files_upload_v2(channel=GENERAL, content="kept", filename="t.txt")["file"]
    rich.stop()
    again = open_workspace(DESCRIBED)

    assert fetch(again, file["url_private"], Authorization=f"Bearer {BOT_TOKEN}") == (200, "kept")


def test_a_web_page_sent_as_a_file_is_never_shown_as_one(rich: Workspace) -> None:
    file = rich.client.files_upload_v2(content="<script>alert(1)</script>", filename="t.html")["file"]
    info = rich.client.files_info(file=file["id"])["file"]

    async def headers() -> Json:
        address = f"{rich.url}{urlsplit(info['url_private']).path}"
        known = {"Authorization": f"Bearer {BOT_TOKEN}"}
        async with aiohttp.ClientSession(headers=known) as session, session.get(address) as answer:
            return dict(answer.headers)

    got = rich.run(headers())
    assert got["Content-Disposition"].startswith("attachment")
    assert (got["Content-Type"], got["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff")


def test_an_app_reacts_and_takes_it_back(rich: Workspace, connect: Any) -> None:
    bolt = connect(rich, ignoring_self_events_enabled=False)
    ts = rich.client.chat_postMessage(channel=GENERAL, text="x")["ts"]
    rich.client.reactions_add(channel=GENERAL, timestamp=ts, name="eyes")
    shown = rich.client.conversations_history(channel=GENERAL)["messages"][0]["reactions"]
    rich.client.reactions_remove(channel=GENERAL, timestamp=ts, name="eyes")

    assert shown == [{"name": "eyes", "users": [BOT_USER], "count": 1}]
    assert sorted(kinds(bolt, 3)) == ["message", "reaction_added", "reaction_removed"]


def test_a_message_is_pinned_and_a_link_bookmarked(rich: Workspace, connect: Any) -> None:
    bolt = connect(rich, ignoring_self_events_enabled=False)
    ts = rich.client.chat_postMessage(channel=GENERAL, text="x")["ts"]

    assert rich.client.pins_add(channel=GENERAL, timestamp=ts)["ok"]
    made = rich.client.bookmarks_add(channel_id=GENERAL, title="Page", type="link", link=LINK)

    assert made["bookmark"]["link"] == LINK
    assert sorted(kinds(bolt, 2)) == ["message", "pin_added"]


def test_an_app_makes_a_channel_and_invites_somebody(rich: Workspace, connect: Any) -> None:
    bolt = connect(rich, ignoring_self_events_enabled=False)
    channel = rich.client.conversations_create(name="plans")["channel"]["id"]
    rich.client.conversations_invite(channel=channel, users=[ANNA, BEN])

    assert channel in [known["id"] for known in rich.seen_by(BEN)["channels"]]
    joined = [body["event"] for body in bolt.wait_for(5) if body["event"]["type"] == "member_joined_channel"]
    assert [(event["user"], event["inviter"]) for event in joined] == [(ANNA, BOT_USER), (BEN, BOT_USER)]


def test_a_forced_invitation_passes_over_those_who_cannot_come(rich: Workspace) -> None:
    channel = rich.client.conversations_create(name="plans")["channel"]["id"]

    with pytest.raises(SlackApiError) as caught:
        rich.client.conversations_invite(channel=channel, users=[ANNA, STRANGER])
    assert caught.value.response["errors"] == [{"user": STRANGER, "ok": False, "error": "cant_invite"}]

    rich.client.conversations_invite(channel=channel, users=[ANNA, STRANGER], force=True)
    assert rich.client.conversations_members(channel=channel)["members"] == [ANNA, BOT_USER]


def test_an_app_tells_what_is_behind_a_link(rich: Workspace, connect: Any) -> None:
    bolt = connect(rich)
    bolt.app.event("message")(lambda: None)

    @bolt.app.event("link_shared")
    def on_link(event: Json, client: WebClient) -> None:
        client.chat_unfurl(
            channel=event["channel"], ts=event["message_ts"], unfurls={event["links"][0]["url"]: {"text": "A page"}}
        )

    rich.act(ANNA, "say", channel=GENERAL, text=f"Read {LINK}")
    bolt.wait_for(2)

    until = time.monotonic() + 5
    while not (seen := rich.messages(ANNA, GENERAL)[0]["attachments"]) and time.monotonic() < until:
        time.sleep(0.01)
    assert [(one["text"], one["from_url"]) for one in seen] == [("A page", LINK)]


def test_markdown_becomes_a_block(rich: Workspace) -> None:
    answer = rich.client.api_call("chat.postMessage", json={"channel": GENERAL, "markdown_text": "**Bold**"})

    assert [(block["type"], block["text"]) for block in answer["message"]["blocks"]] == [("markdown", "**Bold**")]


def test_a_step_of_a_workflow_runs_and_ends_once(rich: Workspace, connect: Any) -> None:
    bolt = connect(rich)

    @bolt.app.function("count")
    def on_count(inputs: Json, complete: Any) -> None:
        complete(outputs={"sum": sum(inputs["numbers"])})

    started = rich.call("POST", "/control/functions", {"callback_id": "count", "inputs": {"numbers": [1, 2]}})
    until = time.monotonic() + 5
    while (runs := rich.call("GET", "/control/functions")["executions"])[0]["state"] == "running":
        assert time.monotonic() < until
        time.sleep(0.01)

    assert runs[0]["outputs"] == {"sum": 3}
    again = {"function_execution_id": started["execution"]["id"], "outputs": {"sum": 1}}
    assert refusal(rich.client.functions_completeSuccess, **again) == "execution_not_in_running_state"


def test_an_app_changes_a_code_for_its_token_once(rich: Workspace) -> None:
    query = "client_id=1.2&state=s&redirect_uri=http%3A%2F%2F127.0.0.1%2Fback"
    location = _redirect(rich, f"/oauth/v2/authorize?{query}")
    given = parse_qs(urlsplit(location).query)
    client = WebClient(base_url=f"{rich.url}/api/")
    grant: Json = {**CREDENTIALS, "code": given["code"][0]}

    answer = client.oauth_v2_access(**grant, redirect_uri="http://127.0.0.1/back")

    assert (answer["access_token"], answer["authed_user"]["id"], given["state"]) == (BOT_TOKEN, ANNA, ["s"])
    assert refusal(client.oauth_v2_access, **grant) == "invalid_code"


def test_nobody_is_sent_off_this_machine_with_a_code(rich: Workspace) -> None:
    path = "/oauth/v2/authorize?client_id=1.2&redirect_uri=https%3A%2F%2Fexample.com"

    assert rich.send("GET", path, b"", {})[0] == 400


def _redirect(workspace: Workspace, path: str) -> str:
    async def go() -> str:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{workspace.url}{path}", allow_redirects=False) as answer,
        ):
            return str(answer.headers["Location"])

    return str(workspace.run(go()))


def test_a_revoked_app_hears_of_it_and_is_refused_until_it_is_installed_again(rich: Workspace, connect: Any) -> None:
    bolt = connect(rich)
    assert rich.client.auth_revoke(test=True)["revoked"] is False
    rich.client.auth_revoke()

    assert kinds(bolt, 1) == ["tokens_revoked"]
    assert refusal(rich.client.auth_test) == "token_revoked"
    rich.call("POST", "/control/apps/A0HELPER", {"installed": True})
    assert rich.client.auth_test()["ok"]


def test_an_uninstalled_app_stays_so_after_a_restart(rich: Workspace, open_workspace: Any) -> None:
    assert rich.client.apps_uninstall(**CREDENTIALS)["ok"]
    rich.stop()

    assert refusal(open_workspace(DESCRIBED).client.auth_test) == "account_inactive"


def test_unknown_arguments_are_passed_over_and_wrong_types_named(rich: Workspace) -> None:
    assert rich.client.api_call("chat.postMessage", json={"channel": GENERAL, "text": "x", "colour": "red"})["ok"]

    with pytest.raises(SlackApiError) as caught:
        rich.client.api_call("chat.postMessage", json={"channel": ["C"], "text": "x"})
    assert caught.value.response["error"] == "invalid_arguments"
    assert caught.value.response["response_metadata"]["messages"] == [
        "[ERROR] must be a string [json-pointer:/channel]"
    ]


def test_blocks_are_judged_without_a_token_and_the_place_is_named(rich: Workspace) -> None:
    blocks = [{"type": "divider"}, {"type": "section", "text": {"type": "invalid", "text": "x"}}]
    judged = rich.call("POST", "/api/blocks.validate", {"blocks": blocks})
    assert judged["error"] == "invalid_blocks"
    assert judged["errors"][0]["pointer"] == "/1/text/type"

    assert rich.call("POST", "/api/blocks.validate", {"blocks": blocks[:1]})["ok"]


def test_posting_too_fast_in_one_channel_is_limited_and_other_channels_are_not(rich: Workspace) -> None:
    rich.call("POST", "/control/settings", {"rate_limits": 1})
    channel = rich.client.conversations_create(name="other")["channel"]["id"]
    answers = [_limited(rich, GENERAL) for _ in range(7)]

    assert answers[:5] == [None] * 5
    assert answers[5] == "1"
    assert _limited(rich, channel) is None


def _limited(workspace: Workspace, channel: str) -> str | None:
    try:
        workspace.client.chat_postMessage(channel=channel, text="x")
    except SlackApiError as problem:
        if (problem.response.status_code, problem.response["error"]) != (429, "ratelimited"):
            raise
        return str(problem.response.headers["Retry-After"])
    return None


def test_a_method_of_a_low_tier_is_limited_sooner_and_a_factor_changes_it(rich: Workspace) -> None:
    rich.call("POST", "/control/settings", {"rate_limits": 0.1})
    for _ in range(2):
        rich.client.users_list()
    assert refusal(rich.client.users_list) == "ratelimited"

    rich.call("POST", "/control/settings", {"rate_limits": 0})
    assert rich.client.users_list()["ok"]


@pytest.mark.parametrize("given", [{"rate_limits": -1}, {"rate_limits": "x"}, {"pace": 1}, {"check_scopes": 7}])
def test_a_setting_that_makes_no_sense_is_refused(rich: Workspace, given: Json) -> None:
    assert rich.call("POST", "/control/settings", given)["error"] == "invalid_setting"
