"""People type slash commands."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.support import ANNA, BEN, BOT_USER, GENERAL, SECRET, STRANGER, Bolt, Workspace


def test_a_commands_answer_in_the_acknowledgement_is_seen_by_the_asker_alone(workspace: Workspace, bolt: Bolt) -> None:
    bolt.app.command("/help-me")(lambda ack, command: ack(f"Helping with {command['text']}"))

    answer = workspace.act(ANNA, "command", channel=GENERAL, command="/help-me", text="printers")

    assert answer["ok"], answer
    assert [m["text"] for m in workspace.messages(ANNA, GENERAL)] == ["Helping with printers"]
    assert workspace.messages(BEN, GENERAL) == []


def test_everybody_sees_an_answer_that_asks_to_be_in_the_channel(workspace: Workspace, bolt: Bolt) -> None:
    bolt.app.command("/help-me")(lambda ack: ack(text="For all", response_type="in_channel"))

    workspace.act(ANNA, "command", channel=GENERAL, command="/help-me")

    (seen,) = workspace.messages(BEN, GENERAL)
    assert (seen["text"], seen["user"], seen["ephemeral_for"]) == ("For all", BOT_USER, None)


def test_an_empty_acknowledgement_shows_nothing(workspace: Workspace, bolt: Bolt) -> None:
    bolt.app.command("/help-me")(lambda ack: ack())

    assert workspace.act(ANNA, "command", channel=GENERAL, command="/help-me")["ok"]
    assert workspace.messages(ANNA, GENERAL) == []


def test_a_response_url_answers_five_times_and_then_no_more(workspace: Workspace, bolt: Bolt) -> None:
    statuses: list[int] = []

    @bolt.app.command("/help-me")
    def answer(ack: Any, respond: Any) -> None:
        statuses.extend(respond(f"Part {number}").status_code for number in range(6))
        ack()

    assert workspace.act(ANNA, "command", channel=GENERAL, command="/help-me")["ok"]

    assert statuses == [200, 200, 200, 200, 200, 404]
    assert len(workspace.messages(ANNA, GENERAL)) == 5
    assert workspace.messages(BEN, GENERAL) == []


def test_a_command_works_where_the_app_is_no_member(workspace: Workspace, bolt: Bolt) -> None:
    bolt.app.command("/help-me")(lambda ack: ack("Even here"))

    assert workspace.act(ANNA, "command", channel=SECRET, command="/help-me")["ok"]
    assert bolt.got[0]["channel_name"] == "privategroup"
    assert [m["text"] for m in workspace.messages(ANNA, SECRET)] == ["Even here"]


def test_names_arrive_as_ids_when_the_manifest_asks_for_it(workspace: Workspace, bolt: Bolt) -> None:
    for name in ("/escaped", "/help-me"):
        bolt.app.command(name)(lambda ack: ack())
        workspace.act(ANNA, "command", channel=GENERAL, command=name, text="give #general to @ben")

    escaped, plain = (payload["text"] for payload in bolt.got)
    assert escaped == f"give <#{GENERAL}|general> to <@{BEN}|ben>"
    assert plain == "give #general to @ben"


def test_a_command_nobody_answers_fails_in_front_of_the_person(
    open_workspace: Callable[..., Workspace], connect: Callable[..., Bolt]
) -> None:
    workspace = open_workspace(ack=0.2)
    bolt = connect(workspace)
    bolt.app.command("/help-me")(lambda ack: time.sleep(0.4) or ack("Too late"))

    answer = workspace.act(ANNA, "command", channel=GENERAL, command="/help-me")

    assert (answer["ok"], answer["error"]) == (False, "operation_timeout")
    (notice,) = workspace.seen_by(ANNA)["errors"]
    assert notice["text"] == '/help-me failed with the error "operation_timeout"'
    assert (notice["where"], notice["target"]) == ("composer", GENERAL)
    assert workspace.seen_by(BEN)["errors"] == []


def test_an_error_stays_until_the_next_try_or_until_it_is_dismissed(workspace: Workspace) -> None:
    for _ in range(2):
        workspace.act(ANNA, "command", channel=GENERAL, command="/help-me")
    (notice,) = workspace.seen_by(ANNA)["errors"]

    assert workspace.call("POST", f"/control/notices/{notice['id']}/dismiss", {})["ok"]

    assert workspace.seen_by(ANNA)["errors"] == []
    assert workspace.call("POST", f"/control/notices/{notice['id']}/dismiss", {})["status"] == 404


def test_a_person_is_told_when_the_app_is_not_connected(workspace: Workspace) -> None:
    answer = workspace.act(ANNA, "command", channel=GENERAL, command="/help-me")

    assert answer["error"] == "app_not_connected"
    assert answer["message"] == "Helper is not connected."


def test_an_answer_slack_would_not_show_is_an_error_for_the_person(workspace: Workspace, bolt: Bolt) -> None:
    bolt.app.command("/help-me")(lambda ack: ack(blocks=[{"type": "surprise"}]))

    answer = workspace.act(ANNA, "command", channel=GENERAL, command="/help-me")

    assert (answer["error"], answer["detail"]) == ("invalid_command_response", "invalid_blocks")
    assert len(workspace.seen_by(ANNA)["errors"]) == 1


@pytest.mark.parametrize(
    ("person", "what", "error"),
    [
        pytest.param(ANNA, {"command": "/nonsense"}, "unknown_command", id="a command nobody declares"),
        pytest.param(ANNA, {"command": "/help-me", "thread_ts": "1.0"}, "not_supported_in_thread", id="in a thread"),
        pytest.param(STRANGER, {"command": "/help-me"}, "not_allowed", id="a person of another company"),
        pytest.param(BEN, {"command": "/help-me", "channel": SECRET}, "channel_not_found", id="not a member"),
        pytest.param(ANNA, {}, "invalid_arguments", id="no command at all"),
    ],
)
def test_some_commands_never_reach_the_app(
    workspace: Workspace, bolt: Bolt, person: str, what: dict[str, str], error: str
) -> None:
    answer = workspace.act(person, "command", **{"channel": GENERAL, **what})

    assert (answer["ok"], answer["error"]) == (False, error)
    assert bolt.got == []
