"""Every method answers with the errors Slack documents for it, and with no others."""

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

import sandbox.webapi
from sandbox.reference import is_documented, methods
from sandbox.server import Timing
from sandbox.webapi import METHODS
from tests.sandbox.support import (
    ANNA,
    APP_TOKEN,
    BEN,
    BOT_TOKEN,
    BOT_USER,
    GENERAL,
    GONE,
    MANIFEST,
    SECRET,
    STRANGER,
    WORKSPACE,
    Json,
    Workspace,
)

SCOPES = sorted({scope for method in methods().values() for scope in method.bot_scopes} | {"users:read.email"})
STEPS = {"count": {"title": "Count", "output_parameters": {"properties": {"sum": {}}, "required": ["sum"]}}}
APP: Json = {
    **WORKSPACE["apps"][0],
    "manifest": {
        **MANIFEST,
        "features": {**MANIFEST["features"], "unfurl_domains": ["example.com"]},
        "oauth_config": {"scopes": {"bot": SCOPES}, "redirect_urls": ["http://127.0.0.1/back"]},
        "functions": STEPS,
    },
    "client_id": "1.2",
    "client_secret": "hush",
}
OTHER: Json = {
    "manifest": {"display_information": {"name": "Other"}, "oauth_config": {"scopes": {"bot": SCOPES}}},
    "bot_token": "xoxb-other",
    "app_token": "xapp-other",
    "client_id": "3.4",
    "client_secret": "quiet",
}
CLOSED = {"id": "C0CLOSED", "name": "closed", "members": "all", "is_archived": True}
DESCRIBED: Json = {**WORKSPACE, "apps": [APP, OTHER], "channels": [*WORKSPACE["channels"], CLOSED]}
LINK = "https://example.com/1"


def ask(workspace: Workspace, method: str, arguments: Json, token: str | None = None) -> Json:
    token = token or (APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    status, text = workspace.send("POST", f"/api/{method}", json.dumps(arguments).encode(), headers)
    assert status == 200
    answer: Json = json.loads(text)
    return answer


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Start a workspace where enough happened that every kind of refusal has its occasion."""
    state: Path = tmp_path_factory.mktemp("reference") / "state.sqlite3"
    running = Workspace(state=state, description=DESCRIBED, timing=Timing(ack=0.2))
    client = running.client
    known: Json = {"ts": client.chat_postMessage(channel=GENERAL, text="Here")["ts"]}
    running.act(ANNA, "say", channel=GENERAL, text=f"See {LINK}")
    known["link"] = running.messages(ANNA, GENERAL)[-1]["ts"]
    known["foreign"] = known["link"]
    client.reactions_add(channel=GENERAL, timestamp=known["ts"], name="eyes")
    client.pins_add(channel=GENERAL, timestamp=known["ts"])
    for name, token in (("file", BOT_TOKEN), ("others_file", "xoxb-other"), ("gone_file", BOT_TOKEN)):
        announced = ask(running, "files.getUploadURLExternal", {"filename": "a.txt", "length": 3}, token)
        running.send("POST", urlsplit(announced["upload_url"]).path, b"abc", {})
        known[name] = announced["file_id"]
    ask(running, "files.delete", {"file": known["gone_file"]})
    shared = {"files": [{"id": known["others_file"]}], "channel_id": GENERAL}
    ask(running, "conversations.join", {"channel": GENERAL}, "xoxb-other")
    assert ask(running, "files.completeUploadExternal", shared, "xoxb-other")["ok"]
    for name in ("running", "ended"):
        started = running.call("POST", "/control/functions", {"app": "A0HELPER", "callback_id": "count"})
        known[name] = started["execution"]["id"]
    ask(running, "functions.completeError", {"function_execution_id": known["ended"], "error": "x"})
    running.known = known  # type: ignore[attr-defined]
    yield running
    running.stop()


MODAL: Json = {"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": [{"type": "divider"}]}
HUGE = {**MODAL, "private_metadata": "x" * 250_001}
TO_ANNA = {"channel": GENERAL, "user": ANNA}
AT_LINK = {"channel": GENERAL, "ts": "$link"}
CASES: list[tuple[str, Json, str]] = [
    ("api.test", {"error": "my_error"}, "my_error"),
    ("apps.uninstall", {"client_id": "x", "client_secret": "x"}, "invalid_client_id"),
    ("apps.uninstall", {"client_id": "1.2", "client_secret": "x"}, "bad_client_secret"),
    ("apps.uninstall", {"client_id": "3.4", "client_secret": "quiet"}, "client_id_token_mismatch"),
    ("blocks.validate", {}, "invalid_arguments"),
    ("blocks.validate", {"blocks": [], "view": {}}, "invalid_arguments"),
    ("blocks.validate", {"blocks": "{"}, "invalid_arguments"),
    ("blocks.validate", {"blocks": [{"type": "nothing"}]}, "invalid_blocks"),
    ("blocks.validate", {"view": {"type": "modal"}}, "invalid_view"),
    ("blocks.validate", {"message": {"blocks": [{}]}}, "invalid_message"),
    ("bookmarks.add", {"channel_id": "C0", "title": "t", "type": "link"}, "channel_not_found"),
    ("bookmarks.add", {"channel_id": GENERAL, "title": "t", "type": "x"}, "invalid_bookmark_type"),
    ("bookmarks.add", {"channel_id": GENERAL, "title": "t", "type": "link", "link": "x"}, "invalid_link"),
    ("bookmarks.add", {"channel_id": CLOSED["id"], "title": "t", "type": "link"}, "invalid_link"),
    ("chat.delete", {"channel": "C0", "ts": "1.1"}, "channel_not_found"),
    ("chat.delete", {"channel": GENERAL, "ts": "1.1"}, "message_not_found"),
    ("chat.delete", {"channel": GENERAL, "ts": "$foreign"}, "cant_delete_message"),
    ("chat.getPermalink", {"channel": "C0", "message_ts": "1.1"}, "channel_not_found"),
    ("chat.getPermalink", {"channel": GENERAL, "message_ts": "1.1"}, "message_not_found"),
    ("chat.postEphemeral", {"channel": GENERAL, "user": GONE, "text": "x"}, "user_not_in_channel"),
    ("chat.postEphemeral", {"channel": BOT_USER, "user": ANNA, "text": "x"}, "channel_not_found"),
    ("chat.postEphemeral", {"channel": CLOSED["id"], "user": ANNA, "text": "x"}, "is_archived"),
    ("chat.postEphemeral", {"channel": GENERAL, "user": ANNA}, "no_text"),
    ("chat.postEphemeral", {"channel": GENERAL, "user": ANNA, "attachments": [{"blocks": []}]}, "invalid_attachments"),
    ("chat.postEphemeral", {"channel": GENERAL, "user": ANNA, "attachments": [{}] * 101}, "too_many_attachments"),
    ("chat.postEphemeral", {"channel": GENERAL, "user": ANNA, "blocks": "x"}, "invalid_blocks_format"),
    ("chat.postEphemeral", {"channel": GENERAL, "user": ANNA, "blocks": [{}]}, "invalid_blocks"),
    ("chat.postEphemeral", {**TO_ANNA, "text": "x", "thread_ts": "1.1"}, "cannot_reply_to_message"),
    ("chat.postEphemeral", {**TO_ANNA, "text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
    ("chat.postMessage", {"channel": "C0", "text": "x"}, "channel_not_found"),
    ("chat.postMessage", {"channel": CLOSED["id"], "text": "x"}, "is_archived"),
    ("chat.postMessage", {"channel": GENERAL}, "no_text"),
    ("chat.postMessage", {"channel": GENERAL, "blocks": "x"}, "invalid_blocks_format"),
    ("chat.postMessage", {"channel": GENERAL, "blocks": [{}]}, "invalid_blocks"),
    ("chat.postMessage", {"channel": GENERAL, "text": "x", "metadata": "{"}, "invalid_metadata_format"),
    ("chat.postMessage", {"channel": GENERAL, "text": "x", "metadata": {"event_type": 1}}, "invalid_metadata_format"),
    (
        "chat.postMessage",
        {"channel": GENERAL, "text": "x", "metadata": {"event_type": "a", "event_payload": {"x": "y" * 9000}}},
        "metadata_too_large",
    ),
    ("chat.postMessage", {"channel": GENERAL, "text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
    ("chat.postMessage", {"channel": GENERAL, "attachments": [{}] * 101}, "too_many_attachments"),
    ("chat.postMessage", {"channel": GENERAL, "text": "x", "thread_ts": "1.1"}, "cannot_reply_to_message"),
    ("chat.unfurl", {"channel": GENERAL, "ts": "$link"}, "missing_unfurls"),
    ("chat.unfurl", {"ts": "1.1", "unfurls": {}}, "missing_channel"),
    ("chat.unfurl", {"channel": GENERAL, "unfurls": {}}, "missing_ts"),
    ("chat.unfurl", {"channel": "C0", "ts": "1.1", "unfurls": {}}, "cannot_find_channel"),
    ("chat.unfurl", {"channel": GENERAL, "ts": "1.1", "unfurls": {}}, "cannot_find_message"),
    ("chat.unfurl", {"source": "composer", "unfurls": {}}, "missing_unfurl_id"),
    ("chat.unfurl", {"unfurl_id": "x", "unfurls": {}}, "missing_source"),
    ("chat.unfurl", {"unfurl_id": "x", "source": "x", "unfurls": {}}, "invalid_source"),
    ("chat.unfurl", {"unfurl_id": "x-1.1", "source": "composer", "unfurls": {}}, "invalid_unfurl_id"),
    ("chat.unfurl", {"channel": GENERAL, "ts": "$link", "unfurls": "{"}, "invalid_unfurls_format"),
    ("chat.unfurl", {"channel": GENERAL, "ts": "$link", "unfurls": {LINK: 1}}, "cannot_parse_attachment"),
    ("chat.unfurl", {**AT_LINK, "unfurls": {"https://else.where": {}}}, "cannot_unfurl_message"),
    ("chat.unfurl", {"channel": GENERAL, "ts": "$ts", "unfurls": {"Here": {"text": "x"}}}, "cannot_unfurl_url"),
    ("chat.update", {"channel": "C0", "ts": "1.1", "text": "x"}, "channel_not_found"),
    ("chat.update", {"channel": GENERAL, "ts": "1.1", "text": "x"}, "message_not_found"),
    ("chat.update", {"channel": GENERAL, "ts": "$foreign", "text": "x"}, "cant_update_message"),
    ("chat.update", {"channel": GENERAL, "ts": "$ts", "text": " "}, "no_text"),
    ("chat.update", {"channel": GENERAL, "ts": "$ts", "blocks": [{}]}, "invalid_blocks"),
    ("chat.update", {"channel": GENERAL, "ts": "$ts", "blocks": "x"}, "invalid_blocks_format"),
    ("chat.update", {"channel": GENERAL, "ts": "$ts", "attachments": "x"}, "invalid_attachments"),
    ("conversations.create", {"name": ""}, "invalid_name_required"),
    ("conversations.create", {"name": "x" * 81}, "invalid_name_maxlength"),
    ("conversations.create", {"name": "..."}, "invalid_name_punctuation"),
    ("conversations.create", {"name": "Big Name"}, "invalid_name_specials"),
    ("conversations.create", {"name": "general"}, "name_taken"),
    ("conversations.history", {"channel": "C0"}, "channel_not_found"),
    ("conversations.history", {"channel": GENERAL, "cursor": "x"}, "invalid_cursor"),
    ("conversations.history", {"channel": GENERAL, "oldest": "x"}, "invalid_ts_oldest"),
    ("conversations.history", {"channel": GENERAL, "latest": "x"}, "invalid_ts_latest"),
    ("conversations.info", {"channel": SECRET}, "channel_not_found"),
    ("conversations.invite", {"channel": SECRET, "users": ANNA}, "channel_not_found"),
    ("conversations.invite", {"channel": CLOSED["id"], "users": ANNA}, "is_archived"),
    ("conversations.invite", {"channel": GENERAL, "users": ""}, "no_user"),
    ("conversations.invite", {"channel": GENERAL, "users": "U0"}, "user_not_found"),
    ("conversations.invite", {"channel": GENERAL, "users": ANNA}, "already_in_channel"),
    ("conversations.invite", {"channel": GENERAL, "users": BOT_USER}, "cant_invite_self"),
    ("conversations.invite", {"channel": GENERAL, "users": f"{BEN},{STRANGER}"}, "already_in_channel"),
    ("conversations.invite", {"channel": GENERAL, "users": STRANGER}, "cant_invite"),
    ("conversations.join", {"channel": SECRET}, "channel_not_found"),
    ("conversations.join", {"channel": CLOSED["id"]}, "is_archived"),
    ("conversations.list", {"types": "x"}, "invalid_types"),
    ("conversations.list", {"limit": -1}, "invalid_limit"),
    ("conversations.list", {"cursor": "x"}, "invalid_cursor"),
    ("conversations.members", {"channel": "C0"}, "channel_not_found"),
    ("conversations.members", {"channel": GENERAL, "limit": 5000}, "invalid_limit"),
    ("conversations.open", {}, "users_list_not_supplied"),
    ("conversations.open", {"users": "U0"}, "user_not_found"),
    ("conversations.open", {"users": GONE}, "user_disabled"),
    ("conversations.open", {"channel": "C0"}, "channel_not_found"),
    ("conversations.open", {"channel": GENERAL}, "method_not_supported_for_channel_type"),
    ("conversations.replies", {"channel": GENERAL, "ts": "1.1"}, "thread_not_found"),
    ("conversations.replies", {"channel": "C0", "ts": "1.1"}, "channel_not_found"),
    ("dnd.info", {"user": "U0"}, "user_not_found"),
    ("dnd.teamInfo", {"users": " , "}, "no_users_provided"),
    ("dnd.teamInfo", {"users": "U0"}, "user_not_visible"),
    ("files.completeUploadExternal", {"files": [{"id": "F0"}]}, "file_not_found"),
    ("files.completeUploadExternal", {"files": [{"id": "$others_file"}]}, "access_denied"),
    ("files.completeUploadExternal", {"files": [{"id": "$file"}], "channel_id": "C0"}, "channel_not_found"),
    ("files.completeUploadExternal", {"files": [{"id": "$file"}], "channels": "C0"}, "invalid_channel"),
    ("files.completeUploadExternal", {"files": [{"id": "$file"}], "channels": "C0," * 101}, "channels_limit_exceeded"),
    ("files.completeUploadExternal", {"files": [{"id": "$file"}], "blocks": [{}]}, "invalid_blocks"),
    (
        "files.completeUploadExternal",
        {"files": [{"id": "$file"}], "channel_id": CLOSED["id"]},
        "posting_to_channel_denied",
    ),
    ("files.delete", {"file": "F0"}, "file_not_found"),
    ("files.delete", {"file": "$gone_file"}, "file_deleted"),
    ("files.delete", {"file": "$others_file"}, "cant_delete_file"),
    ("files.getUploadURLExternal", {"filename": "a", "length": 0}, "missing_argument"),
    ("files.getUploadURLExternal", {"filename": "a", "length": 10**9}, "file_upload_size_restricted"),
    ("files.getUploadURLExternal", {"filename": "a", "length": 1, "alt_txt": "x" * 1001}, "alt_txt_too_large"),
    ("files.getUploadURLExternal", {"filename": "a", "length": 2**21, "snippet_type": "text"}, "snippet_too_large"),
    ("files.info", {"file": "F0"}, "file_not_found"),
    ("files.info", {"file": "$gone_file"}, "file_deleted"),
    ("functions.completeError", {"function_execution_id": "Fx0", "error": "x"}, "function_execution_not_found"),
    ("functions.completeError", {"function_execution_id": "$ended", "error": "x"}, "execution_not_in_running_state"),
    ("functions.completeSuccess", {"function_execution_id": "$running", "outputs": {}}, "parameter_validation_failed"),
    ("oauth.v2.access", {"client_id": "x"}, "invalid_client_id"),
    ("oauth.v2.access", {"client_id": "1.2", "client_secret": "x"}, "bad_client_secret"),
    ("oauth.v2.access", {"client_id": "1.2", "client_secret": "hush", "code": "x"}, "invalid_code"),
    ("oauth.v2.access", {"client_id": "1.2", "client_secret": "hush", "grant_type": "x"}, "invalid_grant_type"),
    (
        "oauth.v2.access",
        {"client_id": "1.2", "client_secret": "hush", "grant_type": "refresh_token"},
        "invalid_refresh_token",
    ),
    ("pins.add", {"channel": GENERAL}, "no_item_specified"),
    ("pins.add", {"channel": GENERAL, "timestamp": "x"}, "bad_timestamp"),
    ("pins.add", {"channel": GENERAL, "timestamp": "1.1"}, "message_not_found"),
    ("pins.add", {"channel": GENERAL, "timestamp": "$ts"}, "already_pinned"),
    ("reactions.add", {"channel": GENERAL, "timestamp": "$ts", "name": "eyes"}, "already_reacted"),
    ("reactions.add", {"channel": GENERAL, "timestamp": "$ts", "name": "No!"}, "invalid_name"),
    ("reactions.add", {"channel": GENERAL, "timestamp": "1.1", "name": "eyes"}, "message_not_found"),
    ("reactions.add", {"channel": GENERAL, "timestamp": "x", "name": "eyes"}, "bad_timestamp"),
    ("reactions.add", {"channel": "C0", "timestamp": "1.1", "name": "eyes"}, "channel_not_found"),
    ("reactions.add", {"channel": CLOSED["id"], "timestamp": "1.1", "name": "eyes"}, "message_not_found"),
    ("reactions.remove", {"channel": GENERAL, "timestamp": "$ts", "name": "wave"}, "no_reaction"),
    ("reactions.remove", {"name": "wave"}, "no_item_specified"),
    ("team.info", {"team": "T0"}, "team_not_found"),
    ("usergroups.users.list", {"usergroup": "S0"}, "no_such_subteam"),
    ("users.info", {"user": "U0"}, "user_not_found"),
    ("users.list", {"cursor": "x"}, "invalid_cursor"),
    ("users.lookupByEmail", {"email": "nobody@example.com"}, "users_not_found"),
    ("users.profile.get", {"user": "U0"}, "user_not_found"),
    ("views.open", {"view": MODAL, "trigger_id": "x"}, "invalid_trigger_id"),
    ("views.open", {"view": HUGE, "trigger_id": "x"}, "view_too_large"),
    ("views.push", {"view": MODAL, "trigger_id": "x"}, "invalid_trigger_id"),
    ("views.update", {"view": MODAL, "view_id": "V0"}, "not_found"),
    ("views.publish", {"user_id": ANNA, "view": {"type": "home", "blocks": []}, "hash": "x"}, "hash_conflict"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "arguments", "error"), CASES, ids=lambda one: one if isinstance(one, str) else "")
def test_a_documented_refusal_has_its_occasion(busy: Workspace, method: str, arguments: Json, error: str) -> None:
    known: Json = busy.known  # type: ignore[attr-defined]
    text = re.sub(r"\$(\w+)", lambda found: str(known.get(found[1], found[0])), json.dumps(arguments))

    answer = ask(busy, method, json.loads(text))

    assert (answer["ok"], answer.get("error")) == (False, error), answer
    assert method == "api.test" or is_documented(method, error)


def test_every_method_of_the_reference_is_there_and_no_other() -> None:
    assert set(METHODS) == set(methods())


def test_every_code_written_down_is_documented_for_some_method() -> None:
    """The codes in the source belong to Slack; which method answers which is tried by calling them."""
    folder = Path(sandbox.webapi.__file__).parent
    written = {
        code
        for path in [*folder.glob("*.py"), *folder.parent.glob("*.py")]
        for code in re.findall(r'ApiError\(\s*"([a-z_]+)"', path.read_text(encoding="utf-8"))
    }
    own = {"no_such_url", "expired_url", "used_url", "invalid_payload"}
    assert {code for code in written - own if not any(is_documented(method, code) for method in METHODS)} == set()


def test_the_scopes_of_the_reference_are_asked_for(workspace: Workspace) -> None:
    for name, method in METHODS.items():
        if method.scopes and not set(method.scopes) & set(
            MANIFEST["oauth_config"]["scopes"]["bot"] + ["users:read.email"]
        ):
            answer = ask(workspace, name, {})
            assert (answer["error"], answer["needed"]) == ("missing_scope", ",".join(method.scopes)), name


def test_scopes_are_not_asked_for_when_the_check_is_off(workspace: Workspace) -> None:
    workspace.call("POST", "/control/settings", {"check_scopes": False})

    assert ask(workspace, "team.info", {})["ok"]
    assert ask(workspace, "conversations.list", {"types": "private_channel"})["ok"]
