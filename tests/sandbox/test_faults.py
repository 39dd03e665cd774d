"""Trouble on demand: whoever asks for it gets it, as often as asked and the same each time."""

import asyncio
import threading
import time
from collections.abc import Callable
from http.client import RemoteDisconnected
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from tests.sandbox.support import ANNA, GENERAL, Bolt, Json, Workspace, refusal
from tests.sandbox.test_sockets import ticket


def trouble(workspace: Workspace, **rule: Any) -> Json:
    answer = workspace.call("POST", "/control/faults", rule)
    assert answer["ok"], answer
    made: Json = answer["rules"][0]
    return made


def post(workspace: Workspace) -> str:
    return str(workspace.client.chat_postMessage(channel=GENERAL, text="x")["ts"])


def posted(workspace: Workspace) -> int:
    return len([m for m in workspace.messages(ANNA, GENERAL) if m["text"] == "x"])


def status_of(workspace: Workspace) -> int:
    with pytest.raises(SlackApiError) as caught:
        post(workspace)
    return int(caught.value.response.status_code)


def test_a_lost_reply_leaves_the_message_and_a_broken_connection(workspace: Workspace) -> None:
    trouble(workspace, do="lose_reply", on="chat.postMessage", count=1)

    with pytest.raises((RemoteDisconnected, ConnectionError)):
        post(workspace)
    post(workspace)

    assert posted(workspace) == 2


def test_a_connection_that_breaks_first_leaves_nothing(workspace: Workspace) -> None:
    trouble(workspace, do="hang_up", on="chat.*", count=1)

    with pytest.raises((RemoteDisconnected, ConnectionError)):
        post(workspace)

    assert posted(workspace) == 0


@pytest.mark.parametrize(("when", "left"), [("before", 0), ("after", 1)])
def test_an_internal_error_comes_before_or_after_the_work(workspace: Workspace, when: str, left: int) -> None:
    trouble(workspace, do="error", on="chat.postMessage", when=when, count=1)

    assert refusal(workspace.client.chat_postMessage, channel=GENERAL, text="x") == "internal_error"
    assert posted(workspace) == left


@pytest.mark.parametrize(("when", "left"), [("before", 0), ("after", 1)])
def test_a_server_error_comes_before_or_after_the_work(workspace: Workspace, when: str, left: int) -> None:
    trouble(workspace, do="status", status=503, on="chat.postMessage", when=when, count=1)

    assert status_of(workspace) == 503
    assert posted(workspace) == left


def test_a_limit_by_rule_says_how_long_to_wait(workspace: Workspace) -> None:
    trouble(workspace, do="rate_limit", seconds=7, on="chat.postMessage", count=1)

    with pytest.raises(SlackApiError) as caught:
        post(workspace)

    answer = caught.value.response
    assert (answer.status_code, answer["error"], answer.headers["Retry-After"]) == (429, "ratelimited", "7")


def test_an_answer_may_be_broken_json(workspace: Workspace) -> None:
    trouble(workspace, do="garbage", on="chat.postMessage", when="after", count=1)

    with pytest.raises(SlackApiError):
        post(workspace)
    assert posted(workspace) == 1


def test_a_response_url_can_be_in_trouble_too(workspace: Workspace, bolt: Bolt) -> None:
    _command(bolt, [])
    trouble(workspace, do="status", status=500, on="response_url", count=1)
    workspace.act(ANNA, "command", channel=GENERAL, command="/help-me")
    path = bolt.wait_for(1)[0]["response_url"].removeprefix(workspace.url)

    headers = {"Content-Type": "application/json"}
    statuses = [workspace.send("POST", path, b'{"text": "x"}', headers)[0] for _ in range(2)]

    assert (statuses, posted(workspace)) == ([500, 200], 1)


def test_a_slow_answer_comes_all_the_same(workspace: Workspace) -> None:
    trouble(workspace, do="slow", seconds=0.3, on="chat.postMessage")

    began = time.monotonic()
    post(workspace)

    assert time.monotonic() - began >= 0.3


def test_the_first_calls_pass_and_then_a_rule_strikes_as_often_as_it_says(workspace: Workspace) -> None:
    trouble(workspace, do="error", on="auth.test", skip=1, count=2)

    answers = []
    for _ in range(5):
        try:
            workspace.client.auth_test()
            answers.append("ok")
        except SlackApiError as problem:
            answers.append(problem.response["error"])

    assert answers == ["ok", "internal_error", "internal_error", "ok", "ok"]
    rule = workspace.call("GET", "/control/faults")["rules"][0]
    assert (rule["seen"], rule["hits"]) == (5, 2)


def test_the_same_seed_strikes_the_same_calls(workspace: Workspace) -> None:
    def run(seed: int) -> list[bool]:
        rules = [{"do": "error", "on": "api.test", "probability": 0.5}]
        assert workspace.call("POST", "/control/faults", {"seed": seed, "rules": rules})["ok"]
        return [bool(workspace.client.api_call("auth.test")) and struck(workspace) for _ in range(20)]

    first, second, other = run(7), run(7), run(8)
    assert first == second != other
    assert 0 < sum(first) < 20


def struck(workspace: Workspace) -> bool:
    try:
        workspace.client.api_test()
    except SlackApiError:
        return True
    return False


def test_rules_are_listed_and_taken_away(workspace: Workspace) -> None:
    rule = trouble(workspace, do="error", on="auth.test")
    assert [known["id"] for known in workspace.call("GET", "/control/faults")["rules"]] == [rule["id"]]

    assert workspace.call("DELETE", f"/control/faults/{rule['id']}")["ok"]
    assert workspace.call("DELETE", f"/control/faults/{rule['id']}")["status"] == 404
    trouble(workspace, do="error", on="auth.test")
    assert workspace.call("DELETE", "/control/faults")["ok"]

    assert workspace.client.auth_test()["ok"]


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"do": "explode"}, id="unknown trouble"),
        pytest.param({"do": "error", "probability": 2}, id="more than certain"),
        pytest.param({"do": "error", "count": -1}, id="less than never"),
        pytest.param({"do": "error", "colour": "red"}, id="an unknown field"),
        pytest.param({"do": "status", "status": 200}, id="a status that is none"),
        pytest.param({"do": "error", "id": "mine"}, id="a name of one's own"),
        pytest.param({"rules": "all"}, id="rules that are no list"),
        pytest.param({"seed": "x"}, id="a seed that is no number"),
        pytest.param({"do": "archive_channel", "channel": "C0NOWHERE"}, id="a channel there is not"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_with_a_sentence(workspace: Workspace, rule: Json) -> None:
    answer = workspace.call("POST", "/control/faults", rule)

    assert answer["status"] in (400, 404)
    assert answer["message"].endswith(".")
    assert workspace.call("GET", "/control/faults")["rules"] == []


def _command(bolt: Bolt, times: list[str]) -> None:
    @bolt.app.command("/help-me")
    def on_command(ack: Any, command: Json) -> None:
        times.append(command["text"])
        ack()


def test_a_dropped_command_reaches_no_app_and_tells_the_person(open_workspace: Any, connect: Any) -> None:
    workspace = open_workspace(ack=0.3)
    got: list[str] = []
    _command(connect(workspace), got)
    trouble(workspace, do="drop", on="/help-me", count=1)

    lost = workspace.act(ANNA, "command", channel=GENERAL, command="/help-me", text="one")
    heard = workspace.act(ANNA, "command", channel=GENERAL, command="/help-me", text="two")

    assert (lost["error"], heard["ok"], got) == ("operation_timeout", True, ["two"])


def test_a_lost_acknowledgement_means_work_done_and_an_error_shown(
    open_workspace: Any, connect: Callable[..., Bolt]
) -> None:
    workspace = open_workspace(ack=0.5)
    got: list[str] = []
    _command(connect(workspace), got)
    trouble(workspace, do="lose_ack", on="slash_commands", count=1)

    answer = workspace.act(ANNA, "command", channel=GENERAL, command="/help-me", text="one")

    assert (answer["error"], got) == ("operation_timeout", ["one"])


def test_a_duplicated_event_comes_as_often_as_asked(workspace: Workspace, bolt: Bolt) -> None:
    bolt.app.event("message")(lambda: None)
    trouble(workspace, do="duplicate", times=3, on="message", count=1)

    workspace.act(ANNA, "say", channel=GENERAL, text="Four times")

    assert len({body["event_id"] for body in bolt.wait_for(4)}) == 1
    assert len(bolt.got) == 4


def test_a_reordered_event_lets_the_next_one_pass(workspace: Workspace, bolt: Bolt) -> None:
    bolt.app.event("message")(lambda: None)
    trouble(workspace, do="reorder", on="message", count=1, seconds=5)

    first = threading.Thread(target=workspace.act, args=(ANNA, "say"), kwargs={"channel": GENERAL, "text": "first"})
    first.start()
    while not workspace.call("GET", "/control/faults")["rules"][0]["hits"]:
        time.sleep(0.01)
    workspace.act(ANNA, "say", channel=GENERAL, text="second")
    first.join()

    assert [body["event"]["text"] for body in bolt.wait_for(2)] == ["second", "first"]


def test_a_delayed_event_is_late_and_still_comes_once(workspace: Workspace, bolt: Bolt) -> None:
    bolt.app.event("message")(lambda: None)
    trouble(workspace, do="delay", seconds=0.3, on="events_api", count=1)

    began = time.monotonic()
    workspace.act(ANNA, "say", channel=GENERAL, text="Late")
    bolt.wait_for(1)

    assert time.monotonic() - began >= 0.3
    assert len(bolt.got) == 1


def test_a_token_can_be_revoked_in_the_middle_of_a_run(workspace: Workspace) -> None:
    trouble(workspace, do="revoke_token", on="chat.postMessage", skip=1)

    post(workspace)
    assert refusal(workspace.client.chat_postMessage, channel=GENERAL, text="x") == "token_revoked"
    assert refusal(workspace.client.auth_test) == "token_revoked"


def test_a_channel_can_be_archived_just_before_a_post(workspace: Workspace) -> None:
    trouble(workspace, do="archive_channel", on="chat.postMessage")

    assert refusal(workspace.client.chat_postMessage, channel=GENERAL, text="x") == "is_archived"


def test_sockets_cut_off_break_without_a_word_and_others_can_be_opened(workspace: Workspace) -> None:
    async def cut() -> tuple[str, str]:
        async with aiohttp.ClientSession() as session:
            connection = await session.ws_connect(ticket(workspace))
            assert (await connection.receive_json())["type"] == "hello"
            await session.post(f"{workspace.url}/control/faults", json={"do": "close_sockets"})
            broken = await connection.receive(5)
            again = await session.ws_connect(ticket(workspace))
            return broken.type.name, (await again.receive_json())["type"]

    assert asyncio.run(cut()) == ("CLOSED", "hello")
