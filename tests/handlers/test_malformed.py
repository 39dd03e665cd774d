"""Payloads that are not what Slack documents, over both transports: answered, counted, and never raised."""

import copy
import hashlib
import hmac
import json
import time
import urllib.parse
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.app import build_app
from bot.intake import LARGEST_BODY, Intake
from db.session import Database
from handlers import text
from handlers.ids import INPUT, Action, Block, Callback, Shortcut
from tests.support.fakes import TEAM
from tests.support.house import House

SECRET = "a signing secret"  # noqa: S105 - of this test only
RECORDED = sorted((Path(__file__).parents[1] / "sandbox" / "fixtures").glob("**/*.json"))
LANE = "00000000-0000-7000-8000-000000000000.digest"
QUIET = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def press(action: str, value: str) -> dict[str, Any]:
    return {
        "type": "block_actions",
        "team": {"id": TEAM},
        "user": {"id": "U_ANN", "team_id": TEAM},
        "trigger_id": "t.1",
        "container": {"type": "message", "message_ts": "1.0", "channel_id": "C_GENERAL"},
        "channel": {"id": "C_GENERAL"},
        "actions": [{"type": "button", "action_id": action, "block_id": "b", "value": value, "action_ts": "1.0"}],
    }


def submission(callback: str, carries: str, values: dict[str, Any], *, who: str = "U_PRIYA") -> dict[str, Any]:
    state = {"values": {block: {INPUT: value} for block, value in values.items()}}
    view = {"id": "V1", "hash": "1.h", "type": "modal", "callback_id": callback, "private_metadata": carries}
    return {
        "type": "view_submission",
        "team": {"id": TEAM},
        "user": {"id": who, "team_id": TEAM},
        "view": view | {"state": state, "blocks": [{"type": "input", "block_id": "x"}]},
    }


def event(**facts: Any) -> dict[str, Any]:
    return {"type": "event_callback", "team_id": TEAM, "event_id": "Ev1", "event": facts}


def turned(action: str, carries: str, values: dict[str, Any]) -> dict[str, Any]:
    """Return the press of a button in a draft's window."""
    window = submission(Callback.STEP, carries, values)["view"]
    return press(action, LANE[:36]) | {"container": {"type": "view", "view_id": "V1"}, "view": window}


def suggestion(action: str) -> dict[str, Any]:
    view = {"id": "V1", "type": "modal", "callback_id": Callback.STEP}
    who = {"team": {"id": TEAM}, "user": {"id": "U_PRIYA", "team_id": TEAM}}
    return who | {"type": "block_suggestion", "view": view, "block_id": action, "action_id": action, "value": "Ans"}


def shortcut(kind: str) -> dict[str, Any]:
    """Return a shortcut chosen in the search, or in the menu of a message."""
    who = {"team": {"id": TEAM}, "user": {"id": "U_PRIYA", "team_id": TEAM}}
    chosen = who | {"type": kind, "trigger_id": "t.1", "action_ts": "1.0"}
    if kind == "shortcut":
        return chosen | {"callback_id": Shortcut.PROPOSE}
    message = {"type": "message", "text": "Six hours for <@U1|ann>!", "ts": "1.000100", "thread_ts": "0.000100"}
    return chosen | {"callback_id": Shortcut.FROM_MESSAGE, "channel": {"id": "C1"}, "message": message}


BASICS = {
    Block.NAME: {"type": "plain_text_input", "value": "Summaries"},
    Block.PROBLEM: {"type": "plain_text_input", "value": "Six hours"},
    Block.OWNER: {"type": "users_select", "selected_user": "U_MAREK"},
    Block.OBJECTIVE: {"type": "external_select", "selected_option": {"value": "Faster answers"}},
    Block.CONFIDENTIAL: {"type": "checkboxes", "selected_options": [{"value": "confidential"}]},
}
FACTS = {
    Block.DATA_CLASS: {"type": "static_select", "selected_option": {"value": "personal"}},
    Block.AREAS: {"type": "multi_static_select", "selected_options": [{"value": "none"}, {"value": "health"}]},
}
VALUE = {
    f"{Block.KPI_TARGET}.0": {"type": "plain_text_input", "value": "1,234"},
    f"{Block.KPI_DUE}.0": {"type": "datepicker", "selected_date": "2026-12-01"},
}

OURS = [
    press(Action.APPROVE, LANE),
    press(Action.REJECT, LANE),
    press(Action.OPEN, LANE[:36]),
    press(Action.PROPOSE, "home"),
    submission(Callback.STEP, f"{LANE[:36]}.basics", BASICS),
    submission(Callback.STEP, f"{LANE[:36]}.value", VALUE),
    submission(Callback.SUBMIT_USE_CASE, f"{LANE[:36]}.preview", {}),
    turned(Action.BACK, f"{LANE[:36]}.facts", FACTS),
    turned(Action.JOIN, f"{LANE[:36]}.similar", {}),
    press(Action.RESUME, LANE[:36]),
    press(Action.EDIT, LANE[:36]),
    suggestion(Block.OBJECTIVE),
    shortcut("message_action"),
    shortcut("shortcut"),
    submission(Callback.VOTE, f"{LANE}.reject", {"approvals.lane.reason": {"value": "Because."}}),
    {
        "command": "/usecase",
        "text": "UC-1",
        "user_id": "U_PRIYA",
        "team_id": TEAM,
        "trigger_id": "t",
        "channel_id": "C1",
    },
    event(type="app_home_opened", user="U_PRIYA", tab="home"),
    event(type="user_change", user={"id": "U_PRIYA", "team_id": TEAM, "name": "priya"}),
    event(type="team_join", user={"id": "U_NEW", "team_id": TEAM}),
]
SHAPES = [*OURS, *(json.loads(file.read_text()) for file in RECORDED)]
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False),
    st.text(max_size=20),
    st.sampled_from(
        ["x" * 70_000, "\x00", "\ud800", "<!channel>", "U" * 300, "'; DROP TABLE people; --", [], {}, [[]], [{}]]
    ),
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of everything inside a payload."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = []
    for key, each in inside:
        found += [(*path, key), *places(each, (*path, key))]
    return found


@st.composite
def spoiled(draw: st.DrawFn) -> dict[str, Any]:
    """Return a payload shape with some of its parts dropped or replaced."""
    payload: dict[str, Any] = copy.deepcopy(draw(st.sampled_from(SHAPES)))
    for _ in range(draw(st.integers(1, 3))):
        everywhere = places(payload)
        if not everywhere:
            break
        *way, last = draw(st.sampled_from(everywhere))
        parent: Any = payload
        for step in way:
            parent = parent[step]
        if draw(st.booleans()):
            del parent[last]
        else:
            parent[last] = copy.deepcopy(draw(JUNK))  # a later step may spoil this one too
    return payload


@QUIET
@given(spoiled())
def test_no_payload_over_the_socket_ever_raises_or_meets_a_defect(house: House, payload: dict[str, Any]) -> None:
    response = house.intake.over_socket(payload)

    assert response.status in {200, 400}
    assert house.intake.counted["listener_failed"] == 0


@QUIET
@given(spoiled(), st.booleans())
def test_no_signed_payload_over_http_ever_raises_or_meets_a_defect(
    http: Intake, payload: dict[str, Any], as_json: bool
) -> None:
    raw = json.dumps(payload)
    body = raw if as_json else urllib.parse.urlencode({"payload": raw})
    kind = "application/json" if as_json else "application/x-www-form-urlencoded"

    response = http.over_http(body.encode(), signed(body) | {"content-type": kind})

    assert response.status in {200, 400}
    assert http.counted["listener_failed"] == 0


@pytest.mark.parametrize("payload", OURS, ids=lambda payload: str(payload.get("type", "command")))
def test_whole_payloads_are_taken(house: House, payload: dict[str, Any]) -> None:
    """The mutations above start from something that works."""
    assert house.intake.over_socket(copy.deepcopy(payload)).status == 200


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(None, id="nothing"),
        pytest.param([], id="a list"),
        pytest.param("text", id="text"),
        pytest.param(7, id="a number"),
        pytest.param(press(Action.APPROVE, "no id of ours"), id="a value that is no id"),
        pytest.param(press(Action.APPROVE, LANE) | {"user": {"id": "U" * 300}}, id="a person with an endless id"),
        pytest.param(press(Action.APPROVE, LANE) | {"user": {}}, id="nobody"),
        pytest.param(submission("intake.use_case.other", LANE[:36], {}), id="a window nobody opened"),
        pytest.param(submission(Callback.STEP, "?.basics", BASICS), id="a form without its draft"),
        pytest.param(submission(Callback.STEP, f"{LANE[:36]}.elsewhere", BASICS), id="a step that is none"),
        pytest.param(suggestion("intake.use_case.unasked"), id="options of a question nobody asks"),
        pytest.param(suggestion("intake.use_case.own.unasked"), id="options of a question no policy has"),
        pytest.param(event(type="user_change", user={"name": "nobody"}), id="a change of nobody"),
        pytest.param(event(type="app_home_opened", user="U" * 99), id="a home of an endless id"),
        pytest.param({}, id="an empty object"),
        pytest.param({"type": "block_actions", "user": {"id": "U_ANN"}}, id="presses of nothing"),
        pytest.param({"command": "/elsewhere", "user_id": "U_ANN"}, id="a command of somebody else"),
        pytest.param(event(user="U_ANN"), id="an event of no type"),
    ],
)
def test_what_is_malformed_is_refused_and_counted_once(house: House, payload: Any) -> None:
    before = house.intake.counted.copy()

    assert house.intake.over_socket(payload).status == 400

    assert house.intake.counted - before == {"malformed_payload": 1}


def test_an_event_this_version_does_not_hear_is_not_sent_again(house: House) -> None:
    before = house.intake.counted.copy()

    assert house.intake.over_socket(event(type="reaction_added", user="U_ANN")).status == 200

    assert house.intake.counted - before == {"unheard_event": 1}


@pytest.mark.parametrize(
    "defect",
    [
        pytest.param(lambda _: Path("/nowhere/at/all").read_text(), id="of a kind no payload causes"),
        pytest.param(lambda _: text.escape(None), id="in our own code"),
    ],
)
def test_a_defect_of_ours_is_no_malformed_payload(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, defect: Any
) -> None:
    monkeypatch.setattr(house.intake._app, "dispatch", defect)  # noqa: SLF001 - past every listener's error handling
    before = house.intake.counted.copy()

    assert house.intake.over_socket(copy.deepcopy(OURS[0])).status == 400

    assert house.intake.counted - before == {"intake_failed": 1}
    assert caplog.records[-1].exc_info


def test_a_payload_as_deep_as_a_well_is_refused(house: House) -> None:
    deep: Any = "bottom"
    for _ in range(100_000):
        deep = [deep]

    assert house.intake.over_socket(press(Action.APPROVE, LANE) | {"state": deep}).status in {200, 400}


# ------------------------------------------------------------------------------------ HTTP


@pytest.fixture
def http(house: House) -> Intake:
    """Return the door of the HTTP transport, which checks signatures."""
    app = build_app(house.deps, house.slack, signing_secret=SECRET, verify=True)

    @app.use
    def answer_with_fake(context: dict[str, Any], next: Any) -> None:  # noqa: A002 - Bolt's name for it
        context["client"] = house.slack
        next()

    socket, intake = house.intake, Intake(app)
    intake.counted = socket.counted  # what the house counts is counted at both doors
    return intake


def signed(body: str, *, at: float | None = None, secret: str = SECRET) -> dict[str, str]:
    stamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    return {
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": f"v0={digest}",
        "content-type": "application/x-www-form-urlencoded",
    }


HELP = urllib.parse.urlencode(
    {
        "command": "/usecase",
        "text": "help",
        "user_id": "U_PRIYA",
        "team_id": TEAM,
        "trigger_id": "t",
        "channel_id": "C1",
    }
)


def test_a_signed_command_is_answered(http: Intake) -> None:
    response = http.over_http(HELP.encode(), signed(HELP))

    assert response.status == 200
    assert "/usecase new" in (response.body or "")


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param(signed(HELP, secret="another"), id="signed by somebody else"),  # noqa: S106
        pytest.param(signed(HELP + "&more=1"), id="signed for another body"),
        pytest.param({}, id="not signed"),
        pytest.param({"x-slack-request-timestamp": "yesterday"}, id="a time in words"),
        pytest.param({"x-slack-request-timestamp": "²"}, id="a digit that is none"),
        pytest.param({"x-slack-request-timestamp": "-1"}, id="a time before time"),
        pytest.param({"x-slack-signature": "v0=ü"}, id="a signature that is no hex"),
    ],
)
def test_an_unsigned_delivery_is_turned_away_and_counted(http: Intake, headers: dict[str, str]) -> None:
    given = signed(HELP) | headers if len(headers) == 1 else headers
    before = http.counted.copy()

    assert http.over_http(HELP.encode(), given).status == 401

    assert http.counted - before == {"bad_signature": 1}


def test_a_delivery_recorded_and_played_again_later_is_turned_away(http: Intake) -> None:
    assert http.over_http(HELP.encode(), signed(HELP, at=time.time() - 301)).status == 401
    assert http.over_http(HELP.encode(), signed(HELP, at=time.time() + 301)).status == 401


def test_a_time_too_long_to_be_one_is_turned_away(http: Intake) -> None:
    headers = signed(HELP) | {"x-slack-request-timestamp": "9" * 5000}

    assert http.over_http(HELP.encode(), headers).status in {400, 401}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"payload=\xff\xfe", id="not UTF-8"),
        pytest.param(b"x" * (LARGEST_BODY + 1), id="too large"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_and_counted(http: Intake, body: bytes) -> None:
    assert http.over_http(body, signed("")).status == 400
    assert http.counted["malformed_payload"] == 1


@pytest.mark.parametrize(
    "body",
    ["", "{}", "payload={", "payload=", "payload=7", "payload=null", "payload=%7B%7D", "{", "payload=%7B%22a%22%3A1"],
)
def test_a_signed_body_that_is_no_payload_is_refused_and_counted(http: Intake, body: str) -> None:
    before = http.counted.copy()

    assert http.over_http(body.encode(), signed(body)).status == 400

    assert http.counted - before == {"malformed_payload": 1}


def test_text_with_what_databases_cannot_hold_is_cleaned_over_both_transports(
    http: Intake, house: House, database: Database
) -> None:
    assert database is house.database
    payload = json.dumps(press(Action.PROPOSE, "home"))
    body = urllib.parse.urlencode({"payload": payload})
    assert http.over_http(body.encode(), signed(body)).status == 200
    token = house.world.opened[-1]["private_metadata"]
    typed = BASICS | {Block.NAME: {"value": "a\x00b\ud800c"}, Block.PROBLEM: {"value": "p\x00\udfff 🙂"}}
    body = urllib.parse.urlencode({"payload": json.dumps(submission(Callback.STEP, token, typed, who="U_ANN"))})

    assert http.over_http(body.encode(), signed(body)).status == 200

    assert "abc" in house.command("U_ANN")
