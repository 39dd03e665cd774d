"""People fill in modals, submit them and close them."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.support import ANNA, BEN, GENERAL, Bolt, Json, Workspace, refusal


def text_input(name: str, **more: Any) -> Json:
    return {
        "type": "input",
        "block_id": name,
        "label": {"type": "plain_text", "text": name.title()},
        "element": {"type": "plain_text_input", "action_id": "value", **more},
    }


def modal(*blocks: Json, callback_id: str = "form", **more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": {"type": "plain_text", "text": "Form"},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": list(blocks or [text_input("name")]),
        **more,
    }


def opens(bolt: Bolt, view: Json) -> None:
    @bolt.app.command("/help-me")
    def open_modal(ack: Any, body: Json, client: Any) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=view)
        ack()


def opened(workspace: Workspace, person: str = ANNA) -> Json:
    answer = workspace.act(person, "command", channel=GENERAL, command="/help-me")
    assert answer["ok"], answer
    return workspace.modal(person)


def submit(workspace: Workspace, view: Json, person: str = ANNA, **values: Any) -> Json:
    state = {block_id: {"value": value} for block_id, value in values.items()}
    return workspace.act(person, "submit", view_id=view["id"], state=state)


def test_a_submitted_modal_closes_and_the_app_gets_what_was_entered(workspace: Workspace, bolt: Bolt) -> None:
    opens(bolt, modal(private_metadata="case 7"))
    bolt.app.view("form")(lambda ack: ack())

    answer = submit(workspace, opened(workspace), name="Ada")

    assert (answer["ok"], answer["response_action"]) == (True, "close")
    view = bolt.got[-1]["view"]
    assert view["state"]["values"] == {"name": {"value": {"type": "plain_text_input", "value": "Ada"}}}
    assert view["private_metadata"] == "case 7"
    assert workspace.seen_by(ANNA)["modals"] == []


@pytest.mark.parametrize(
    ("element", "entered", "expected"),
    [
        pytest.param(
            {"type": "static_select", "options": [{"text": {"type": "plain_text", "text": "A"}, "value": "a"}]},
            "a",
            {"selected_option": {"text": {"type": "plain_text", "text": "A", "emoji": True}, "value": "a"}},
            id="one option",
        ),
        pytest.param(
            {"type": "checkboxes", "options": [{"text": {"type": "mrkdwn", "text": "*B*"}, "value": "b"}]},
            ["b"],
            {"selected_options": [{"text": {"type": "mrkdwn", "text": "*B*", "verbatim": False}, "value": "b"}]},
            id="ticked boxes",
        ),
        pytest.param({"type": "users_select"}, BEN, {"selected_user": BEN}, id="a person"),
        pytest.param(
            {"type": "multi_conversations_select"}, [GENERAL], {"selected_conversations": [GENERAL]}, id="places"
        ),
        pytest.param({"type": "datepicker"}, "2026-12-24", {"selected_date": "2026-12-24"}, id="a date"),
        pytest.param({"type": "timepicker"}, "08:30", {"selected_time": "08:30"}, id="a time"),
        pytest.param({"type": "number_input", "is_decimal_allowed": True}, "1.50", {"value": "1.50"}, id="a number"),
        pytest.param({"type": "email_text_input"}, "a@b.example", {"value": "a@b.example"}, id="an address"),
        pytest.param({"type": "url_text_input"}, "https://a.example", {"value": "https://a.example"}, id="a link"),
        pytest.param({"type": "plain_text_input"}, "", {"value": None}, id="nothing"),
        pytest.param(
            {"type": "checkboxes", "options": [{"text": {"type": "plain_text", "text": "A"}, "value": "a"}]},
            [],
            {"selected_options": []},
            id="no box ticked",
        ),
    ],
)
def test_every_kind_of_input_arrives_in_slacks_shape(
    workspace: Workspace, bolt: Bolt, element: Json, entered: Any, expected: Json
) -> None:
    block = {**text_input("field"), "element": {"action_id": "value", **element}, "optional": True}
    opens(bolt, modal(block))
    bolt.app.view("form")(lambda ack: ack())

    answer = submit(workspace, opened(workspace), field=entered)

    assert answer["ok"], answer
    got = bolt.got[-1]["view"]["state"]["values"]["field"]["value"]
    assert got == {"type": element["type"], **expected}


@pytest.mark.parametrize(
    ("element", "entered"),
    [
        pytest.param({"type": "plain_text_input"}, "", id="a required text left empty"),
        pytest.param({"type": "plain_text_input", "min_length": 3}, "ab", id="too short"),
        pytest.param({"type": "plain_text_input", "max_length": 3}, "abcd", id="too long"),
        pytest.param({"type": "number_input", "is_decimal_allowed": False}, "1.5", id="a fraction"),
        pytest.param({"type": "number_input", "is_decimal_allowed": False, "max_value": "9"}, "10", id="too much"),
        pytest.param({"type": "number_input", "is_decimal_allowed": True}, "many", id="no number"),
        pytest.param({"type": "email_text_input"}, "nobody", id="no address"),
        pytest.param({"type": "url_text_input"}, "javascript:1", id="no web address"),
        pytest.param({"type": "datepicker"}, "tomorrow", id="no date"),
        pytest.param({"type": "users_select"}, None, id="nobody chosen"),
    ],
)
def test_what_slacks_client_checks_is_checked_before_the_app_hears_of_it(
    workspace: Workspace, bolt: Bolt, element: Json, entered: Any
) -> None:
    opens(bolt, modal({**text_input("field"), "element": {"action_id": "value", **element}}))
    view = opened(workspace)
    heard = len(bolt.got)

    answer = submit(workspace, view, field=entered)

    assert (answer["error"], list(answer["errors"])) == ("invalid_input", ["field"])
    assert len(bolt.got) == heard
    assert workspace.modal(ANNA)["id"] == view["id"]


def test_errors_from_the_app_leave_the_modal_and_the_text_where_they_are(workspace: Workspace, bolt: Bolt) -> None:
    opens(bolt, modal())
    bolt.app.view("form")(lambda ack: ack(response_action="errors", errors={"name": "Taken"}))

    answer = submit(workspace, opened(workspace), name="Ada")

    assert (answer["response_action"], answer["errors"]) == ("errors", {"name": "Taken"})
    assert workspace.modal(ANNA)["state"]["values"]["name"]["value"]["value"] == "Ada"


def test_an_update_replaces_the_modal_and_keeps_what_stays(workspace: Workspace, bolt: Bolt) -> None:
    opens(bolt, modal(text_input("name"), text_input("gone")))
    after = modal(text_input("name"), text_input("new"), callback_id="second")
    bolt.app.view("form")(lambda ack: ack(response_action="update", view=after))
    first = opened(workspace)

    answer = submit(workspace, first, name="Ada", gone="x")

    shown = workspace.modal(ANNA)
    assert (answer["response_action"], answer["view_id"]) == ("update", first["id"])
    assert (shown["id"], shown["callback_id"]) == (first["id"], "second")
    assert shown["hash"] != first["hash"]
    values = shown["state"]["values"]
    assert values["name"]["value"]["value"] == "Ada"
    assert values["new"]["value"]["value"] is None


def test_pushed_modals_stack_three_high_and_clear_takes_all(workspace: Workspace, bolt: Bolt) -> None:
    opens(bolt, modal())
    bolt.app.view("form")(lambda ack: ack(response_action="push", view=modal(callback_id="second")))
    bolt.app.view("second")(lambda ack: ack(response_action="push", view=modal(callback_id="third")))
    replies = [{"response_action": "push", "view": modal()}, {"response_action": "clear"}]
    bolt.app.view("third")(lambda ack: ack(**replies.pop(0)))

    submit(workspace, opened(workspace), name="a")
    submit(workspace, workspace.modal(ANNA), name="b")
    too_many = submit(workspace, workspace.modal(ANNA), name="c")
    stack = workspace.seen_by(ANNA)["modals"]
    cleared = submit(workspace, workspace.modal(ANNA), name="c")

    assert [view["callback_id"] for view in stack] == ["form", "second", "third"]
    assert {view["root_view_id"] for view in stack} == {stack[0]["id"]}
    assert [view["previous_view_id"] for view in stack] == [None, stack[0]["id"], stack[1]["id"]]
    assert (too_many["error"], too_many["detail"]) == ("invalid_response", "push_limit_reached")
    assert cleared["response_action"] == "clear"
    assert workspace.seen_by(ANNA)["modals"] == []


def test_a_view_slack_would_refuse_is_an_error_in_the_modal(workspace: Workspace, bolt: Bolt) -> None:
    opens(bolt, modal())
    bolt.app.view("form")(lambda ack: ack(response_action="errors", errors={"elsewhere": "No"}))
    view = opened(workspace)

    answer = submit(workspace, view, name="Ada")

    assert answer["error"] == "invalid_response"
    (notice,) = workspace.seen_by(ANNA)["errors"]
    assert (notice["where"], notice["target"]) == ("modal", view["id"])


def test_a_late_answer_leaves_the_modal_open_with_an_error_and_the_text(
    open_workspace: Callable[..., Workspace], connect: Callable[..., Bolt]
) -> None:
    workspace = open_workspace(ack=0.6)
    bolt = connect(workspace)
    opens(bolt, modal())
    bolt.app.view("form")(lambda ack: time.sleep(0.9) or ack())
    view = opened(workspace)

    assert submit(workspace, view, name="Ada")["error"] == "operation_timeout"

    shown = workspace.modal(ANNA)
    assert shown["id"] == view["id"]
    assert shown["state"]["values"]["name"]["value"]["value"] == "Ada"
    assert workspace.seen_by(ANNA)["errors"][0]["target"] == view["id"]


def test_a_button_in_a_modal_pushes_another_and_carries_what_was_typed(workspace: Workspace, bolt: Bolt) -> None:
    button = {
        "type": "actions",
        "block_id": "more",
        "elements": [{"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}],
    }
    opens(bolt, modal(text_input("name"), button))

    @bolt.app.action("go")
    def push(ack: Any, body: Json, client: Any) -> None:
        client.views_push(trigger_id=body["trigger_id"], view=modal(callback_id="second"))
        ack()

    view = opened(workspace)
    answer = workspace.press(
        ANNA, {"type": "view", "view_id": view["id"]}, "go", state={"name": {"value": "half a na"}}
    )

    assert answer["ok"], answer
    assert bolt.got[-1]["view"]["state"]["values"]["name"]["value"]["value"] == "half a na"
    first, second = workspace.seen_by(ANNA)["modals"]
    assert second["previous_view_id"] == first["id"]
    assert first["state"]["values"]["name"]["value"]["value"] == "half a na"


def test_an_input_tells_the_app_only_when_it_dispatches(workspace: Workspace, bolt: Bolt) -> None:
    dispatching = {**text_input("loud"), "dispatch_action": True}
    opens(bolt, modal(text_input("quiet"), dispatching))
    bolt.app.action("value")(lambda ack: ack())
    container = {"type": "view", "view_id": opened(workspace)["id"]}

    quiet = workspace.press(ANNA, container, "value", block_id="quiet", value="x")
    loud = workspace.press(ANNA, container, "value", block_id="loud", value="x")

    assert (quiet["error"], loud["ok"]) == ("no_dispatch", True)
    assert bolt.got[-1]["actions"][0]["value"] == "x"


@pytest.mark.parametrize(
    ("notify", "clear", "told"),
    [
        pytest.param(True, False, False, id="closing the top one"),
        pytest.param(True, True, True, id="closing all"),
        pytest.param(False, False, None, id="an app that did not ask"),
    ],
)
def test_an_app_that_asked_hears_of_a_closed_modal(
    workspace: Workspace, bolt: Bolt, notify: bool, clear: bool, told: bool | None
) -> None:
    opens(bolt, modal(notify_on_close=notify))
    bolt.app.view_closed("form")(lambda ack: ack())
    view = opened(workspace)

    assert workspace.act(ANNA, "close", view_id=view["id"], clear=clear)["ok"]

    assert workspace.seen_by(ANNA)["modals"] == []
    heard = [payload["is_cleared"] for payload in bolt.got if payload.get("type") == "view_closed"]
    assert heard == ([] if told is None else [told])


def test_closing_a_pushed_modal_shows_the_one_below(workspace: Workspace, bolt: Bolt) -> None:
    opens(bolt, modal())
    bolt.app.view("form")(lambda ack: ack(response_action="push", view=modal(callback_id="second")))
    first = opened(workspace)
    submit(workspace, first, name="a")

    workspace.act(ANNA, "close", view_id=workspace.modal(ANNA)["id"])

    assert workspace.modal(ANNA)["id"] == first["id"]


def test_a_modal_belongs_to_one_person(workspace: Workspace, bolt: Bolt) -> None:
    opens(bolt, modal())
    view = opened(workspace)

    assert submit(workspace, view, person=BEN, name="x")["error"] == "view_not_found"
    assert workspace.seen_by(BEN)["modals"] == []


def test_a_trigger_works_once_and_only_for_a_moment(
    open_workspace: Callable[..., Workspace], connect: Callable[..., Bolt]
) -> None:
    workspace = open_workspace(trigger=0.8)
    bolt = connect(workspace)
    refusals: list[str] = []

    @bolt.app.command("/help-me")
    def open_twice(ack: Any, body: Json, client: Any) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=modal())
        refusals.append(refusal(client.views_open, trigger_id=body["trigger_id"], view=modal()))
        ack()

    @bolt.app.command("/escaped")
    def open_late(ack: Any, body: Json, client: Any) -> None:
        ack()
        time.sleep(1.0)
        refusals.append(refusal(client.views_open, trigger_id=body["trigger_id"], view=modal()))

    workspace.act(ANNA, "command", channel=GENERAL, command="/help-me")
    workspace.act(BEN, "command", channel=GENERAL, command="/escaped")

    assert refusals == ["exchanged_trigger_id", "expired_trigger_id"]
    assert refusal(workspace.client.views_open, trigger_id="1.2.x", view=modal()) == "invalid_trigger_id"
    assert len(workspace.seen_by(ANNA)["modals"]) == 1
    assert workspace.seen_by(BEN)["modals"] == []


def test_an_update_with_an_old_hash_conflicts(workspace: Workspace, bolt: Bolt) -> None:
    opens(bolt, modal())
    old = opened(workspace)
    client = workspace.client
    client.views_update(view_id=old["id"], hash=old["hash"], view=modal(callback_id="newer"))

    assert refusal(client.views_update, view_id=old["id"], hash=old["hash"], view=modal()) == "hash_conflict"
    assert workspace.modal(ANNA)["callback_id"] == "newer"
    assert refusal(client.views_update, view_id="V0NOWHERE", view=modal()) == "not_found"


def test_an_external_id_finds_its_view_and_is_unique(workspace: Workspace, bolt: Bolt) -> None:
    opens(bolt, modal(external_id="case-7"))
    opened(workspace)
    bolt.app.command("/escaped")(lambda ack: ack())
    workspace.act(BEN, "command", channel=GENERAL, command="/escaped")
    trigger = bolt.got[-1]["trigger_id"]
    client = workspace.client

    client.views_update(external_id="case-7", view=modal(callback_id="found", external_id="case-7"))
    twice = refusal(client.views_open, trigger_id=trigger, view=modal(external_id="case-7"))

    assert workspace.modal(ANNA)["callback_id"] == "found"
    assert twice == "duplicate_external_id"


def test_only_a_trigger_from_a_modal_can_push(workspace: Workspace, bolt: Bolt) -> None:
    bolt.app.command("/help-me")(lambda ack: ack())
    workspace.act(ANNA, "command", channel=GENERAL, command="/help-me")

    trigger = bolt.got[-1]["trigger_id"]

    assert refusal(workspace.client.views_push, trigger_id=trigger, view=modal()) == "not_found"
