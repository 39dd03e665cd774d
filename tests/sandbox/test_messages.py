"""Apps post, change and delete messages, and people read them."""

from typing import Any

import pytest

from tests.sandbox.support import ANNA, BEN, BOT_USER, GENERAL, GONE, SECRET, Json, Workspace, refusal

SECTION = [{"type": "section", "text": {"type": "mrkdwn", "text": "*Bold*"}}]


def texts(workspace: Workspace, person: str, channel: str = GENERAL) -> list[str]:
    return [message["text"] for message in workspace.messages(person, channel)]


def test_a_message_to_a_person_opens_their_conversation(workspace: Workspace) -> None:
    posted = workspace.client.chat_postMessage(channel=ANNA, text="Hello Anna")

    assert posted["channel"].startswith("D")
    assert texts(workspace, ANNA, posted["channel"]) == ["Hello Anna"]
    assert workspace.client.conversations_open(users=ANNA)["channel"]["id"] == posted["channel"]
    assert workspace.seen_by(BEN)["dms"] == []


def test_a_posted_message_comes_back_with_its_blocks_and_their_ids(workspace: Workspace) -> None:
    message = workspace.client.chat_postMessage(channel=GENERAL, text="Fallback", blocks=SECTION)["message"]

    (block,) = message["blocks"]
    assert block["block_id"]
    assert block["text"] == {"type": "mrkdwn", "text": "*Bold*", "verbatim": False}
    assert (message["user"], message["bot_id"]) == (BOT_USER, "B0HELPER")


def test_only_its_reader_sees_an_ephemeral_message(workspace: Workspace) -> None:
    workspace.client.chat_postEphemeral(channel=GENERAL, user=ANNA, text="Only you")

    assert texts(workspace, ANNA) == ["Only you"]
    assert texts(workspace, BEN) == []
    assert workspace.client.conversations_history(channel=GENERAL)["messages"] == []


def test_text_without_blocks_takes_the_blocks_away(workspace: Workspace) -> None:
    client = workspace.client
    ts = client.chat_postMessage(channel=GENERAL, text="One", blocks=SECTION)["ts"]

    kept = client.api_call("chat.update", json={"channel": GENERAL, "ts": ts, "metadata": {}})["message"]
    gone = client.chat_update(channel=GENERAL, ts=ts, text="Two")["message"]

    assert [block["type"] for block in kept["blocks"]] == ["section"]
    assert "edited" not in kept
    assert "blocks" not in gone
    assert gone["edited"]["ts"]


def test_metadata_is_kept_hidden_until_it_is_asked_for(workspace: Workspace) -> None:
    client = workspace.client
    metadata = {"event_type": "case", "event_payload": {"id": "7"}}
    ts = client.chat_postMessage(channel=GENERAL, text="One", metadata=metadata)["ts"]
    client.chat_update(channel=GENERAL, ts=ts, text="Two")

    (plain,) = client.conversations_history(channel=GENERAL)["messages"]
    (full,) = client.conversations_history(channel=GENERAL, include_all_metadata=True)["messages"]

    assert "metadata" not in plain
    assert full["metadata"] == metadata


def test_a_deleted_message_is_gone(workspace: Workspace) -> None:
    client = workspace.client
    ts = client.chat_postMessage(channel=GENERAL, text="Oops")["ts"]

    client.chat_delete(channel=GENERAL, ts=ts)

    assert texts(workspace, ANNA) == []
    assert refusal(client.chat_update, channel=GENERAL, ts=ts, text="x") == "message_not_found"
    assert refusal(client.chat_getPermalink, channel=GENERAL, message_ts=ts) == "message_not_found"


def test_an_answer_in_a_thread_stays_there_unless_it_is_broadcast(workspace: Workspace) -> None:
    client = workspace.client
    parent = client.chat_postMessage(channel=GENERAL, text="Question")["ts"]
    reply = client.chat_postMessage(channel=GENERAL, text="Quiet", thread_ts=parent)["ts"]
    client.chat_postMessage(channel=GENERAL, text="Loud", thread_ts=reply, reply_broadcast=True)

    history = client.conversations_history(channel=GENERAL)["messages"]
    thread = client.conversations_replies(channel=GENERAL, ts=parent)["messages"]

    assert [message["text"] for message in history] == ["Loud", "Question"]
    assert [message["text"] for message in thread] == ["Question", "Quiet", "Loud"]
    assert history[1]["reply_count"] == 2
    assert "thread_ts=" in client.chat_getPermalink(channel=GENERAL, message_ts=reply)["permalink"]


def test_history_comes_in_pages_and_between_two_times(workspace: Workspace) -> None:
    client = workspace.client
    ts = [client.chat_postMessage(channel=GENERAL, text=str(number))["ts"] for number in range(5)]

    pages = [page["messages"] for page in client.conversations_history(channel=GENERAL, limit=2)]
    between = client.conversations_history(channel=GENERAL, oldest=ts[1], latest=ts[3])["messages"]
    inclusive = client.conversations_history(channel=GENERAL, oldest=ts[1], latest=ts[3], inclusive=True)

    assert [[message["text"] for message in page] for page in pages] == [["4", "3"], ["2", "1"], ["0"]]
    assert [message["text"] for message in between] == ["2"]
    assert [message["text"] for message in inclusive["messages"]] == ["3", "2", "1"]


def test_every_message_has_a_time_of_its_own(workspace: Workspace) -> None:
    ts = [workspace.client.chat_postMessage(channel=GENERAL, text="x")["ts"] for _ in range(20)]

    assert len(set(ts)) == 20
    assert ts == sorted(ts)


def test_unread_messages_count_until_they_are_read(workspace: Workspace) -> None:
    for text in ("One", "Two"):
        workspace.client.chat_postMessage(channel=GENERAL, text=text)

    before = workspace.seen_by(ANNA)["channels"][0]["unread"]
    workspace.call("POST", "/control/read", {"as": ANNA, "channel": GENERAL})

    assert before == 2
    assert workspace.seen_by(ANNA)["channels"][0]["unread"] == 0
    assert workspace.seen_by(BEN)["channels"][0]["unread"] == 2


def test_what_a_person_writes_is_escaped_and_mentions_become_ids(workspace: Workspace) -> None:
    workspace.act(ANNA, "say", channel=GENERAL, text="1 < 2 & @ben, <@U0BEN> <!here> <b>")

    assert texts(workspace, BEN) == ["1 &lt; 2 &amp; <@U0BEN>, <@U0BEN> <!here> &lt;b&gt;"]


def test_two_people_write_to_each_other(workspace: Workspace) -> None:
    said = workspace.act(ANNA, "say", channel=BEN, text="Hi Ben")

    assert texts(workspace, BEN, said["channel"]) == ["Hi Ben"]
    assert workspace.act(ANNA, "say", channel=GONE, text="Hi")["error"] == "user_disabled"


@pytest.mark.parametrize(
    ("what", "error"),
    [
        pytest.param({"channel": "C0NOWHERE", "text": "x"}, "channel_not_found", id="no such channel"),
        pytest.param({"channel": SECRET, "text": "x"}, "channel_not_found", id="a private channel not joined"),
        pytest.param({"channel": GONE, "text": "x"}, "channel_not_found", id="a deactivated person"),
        pytest.param({"channel": BOT_USER, "text": "x"}, "cannot_dm_bot", id="itself"),
        pytest.param({"channel": GENERAL, "text": " "}, "no_text", id="nothing to say"),
        pytest.param({"channel": GENERAL, "text": {"a": 1}}, "invalid_arguments", id="text that is no text"),
        pytest.param({"channel": GENERAL, "blocks": "no json"}, "invalid_blocks_format", id="broken blocks"),
        pytest.param({"channel": GENERAL, "blocks": {"a": 1}}, "invalid_blocks_format", id="blocks, no list"),
        pytest.param({"channel": GENERAL, "text": "x", "thread_ts": "1.1"}, "cannot_reply_to_message", id="no thread"),
        pytest.param({"channel": GENERAL, "text": "x", "thread_ts": "soon"}, "invalid_arguments", id="no time"),
        pytest.param({"channel": GENERAL, "text": "x", "metadata": "7"}, "invalid_metadata_format", id="bad metadata"),
        pytest.param(
            {"channel": GENERAL, "text": "x", "metadata": {"event_type": "a", "event_payload": {"x": "y" * 9000}}},
            "metadata_too_large",
            id="huge metadata",
        ),
        pytest.param({"channel": GENERAL, "text": "x", "attachments": "{}"}, "invalid_attachments", id="attachments"),
        pytest.param({"text": "x"}, "invalid_arguments", id="no channel"),
    ],
)  # fmt: skip
def test_slack_refuses_to_post(workspace: Workspace, what: Json, error: str) -> None:
    assert refusal(workspace.client.api_call, api_method="chat.postMessage", json=what) == error


def test_an_app_changes_only_what_it_wrote(workspace: Workspace) -> None:
    said = workspace.act(ANNA, "say", channel=GENERAL, text="Mine")["ts"]
    ephemeral = workspace.client.chat_postEphemeral(channel=GENERAL, user=ANNA, text="x")["message_ts"]
    client = workspace.client

    assert refusal(client.chat_update, channel=GENERAL, ts=said, text="x") == "cant_update_message"
    assert refusal(client.chat_delete, channel=GENERAL, ts=said) == "cant_delete_message"
    assert refusal(client.chat_update, channel=GENERAL, ts=ephemeral, text="x") == "message_not_found"
    assert refusal(client.chat_update, channel=ANNA, ts=said, text="x") == "channel_not_found"


def test_nobody_is_written_to_where_they_are_not(workspace: Workspace) -> None:
    call = workspace.client.chat_postEphemeral
    assert refusal(call, channel=GENERAL, user=GONE, text="x") == "user_not_in_channel"


def test_forms_and_json_say_the_same(workspace: Workspace) -> None:
    as_form: Any = {"channel": GENERAL, "text": "Form", "blocks": '[{"type":"divider"}]'}

    posted = workspace.client.api_call("chat.postMessage", data=as_form)

    assert [block["type"] for block in posted["message"]["blocks"]] == ["divider"]


def test_what_people_write_reads_the_same_when_they_change_it(workspace: Workspace) -> None:
    text = f"a < b & <@{BEN}>, @anna"
    first = workspace.act(ANNA, "say", channel=GENERAL, text=text)["ts"]
    second = workspace.act(ANNA, "say", channel=GENERAL, text="Not yet")["ts"]
    workspace.act(ANNA, "edit", channel=GENERAL, ts=second, text=text)

    shown = {message["ts"]: message["text"] for message in workspace.messages(BEN, GENERAL)}
    assert shown[second] == shown[first] == f"a &lt; b &amp; <@{BEN}>, <@{ANNA}>"
