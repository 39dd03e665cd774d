"""Whoever may not do a thing is told why, privately and politely, and nothing is stored."""

import json
from typing import Any

import pytest
from sqlmodel import select

from db.tables import ApprovalVote, UseCase
from handlers.ids import Action, Block
from tests.support.chains import hire
from tests.support.fakes import member
from tests.support.house import GOVERNANCE, House, buttons, errors_in, filled, view_in, words
from workflows.intake import Step

OUTSIDERS = [
    pytest.param({"is_restricted": True}, "full members", id="a guest"),
    pytest.param({"is_ultra_restricted": True}, "full members", id="a guest of one channel"),
    pytest.param({"is_invited_user": True}, "full members", id="somebody invited who has not come yet"),
    pytest.param({"team_id": "T_ELSEWHERE"}, "full members", id="somebody from another organisation"),
    pytest.param({"is_stranger": True}, "full members", id="a stranger in a shared channel"),
    pytest.param({"is_bot": True}, "person has to", id="a bot"),
    pytest.param({"is_workflow_bot": True}, "person has to", id="a workflow"),
    pytest.param({"deleted": True}, "deactivated", id="somebody deactivated"),
]


def votes(house: House) -> int:
    with house.database.reading() as session:
        return len(session.exec(select(ApprovalVote)).all())


def use_cases(house: House) -> int:
    with house.database.reading() as session:
        return len(session.exec(select(UseCase)).all())


def told(house: House, who: str) -> str:
    """Return the one thing this person was told in private."""
    house.send()
    [answer] = house.whispers_to(who)
    return answer


@pytest.mark.parametrize(("facts", "why"), OUTSIDERS)
@pytest.mark.parametrize("action", [Action.APPROVE, Action.REJECT])
def test_an_outsider_who_presses_a_vote_button_is_told_why_not(
    house: House, facts: dict[str, Any], why: str, action: Action
) -> None:
    house.propose()
    hire(house, "U_OUT", **facts)

    assert house.press("U_OUT", action, house.ballot(), where=GOVERNANCE).status == 200

    assert why in told(house, "U_OUT")
    assert house.world.whispers[-1]["channel"] == GOVERNANCE
    assert votes(house) == 0
    assert house.world.opened == []


@pytest.mark.parametrize(("facts", "why"), OUTSIDERS)
def test_an_outsider_learns_nothing_from_a_command(house: House, facts: dict[str, Any], why: str) -> None:
    house.propose()
    hire(house, "U_OUT", **facts)

    for text in ("", "UC-1", "new", "help"):
        answer = house.command("U_OUT", text)
        assert why in answer
        assert "Summarise" not in answer


@pytest.mark.parametrize(("facts", "why"), OUTSIDERS)
def test_an_outsider_who_got_hold_of_a_form_cannot_send_it(house: House, facts: dict[str, Any], why: str) -> None:
    windows = [house.drafted(until=step) for step in (Step.BASICS, Step.PREVIEW)]
    hire(house, "U_OUT", **facts)

    for window in windows:
        assert why in words(view_in(house.submit("U_OUT", window, filled(window))))
    assert use_cases(house) == 0


def test_somebody_slack_does_not_know_here_is_a_stranger(house: House) -> None:
    house.propose()

    house.press("U_NOWHERE", Action.APPROVE, house.ballot(), where=GOVERNANCE)

    assert "full members" in told(house, "U_NOWHERE")
    assert votes(house) == 0


@pytest.mark.parametrize(
    ("who", "why"),
    [
        pytest.param("U_PRIYA", "You proposed UC-1", id="the proposer"),
        pytest.param("U_MAREK", "You own UC-1", id="the owner"),
        pytest.param("U_OTTO", "not among the people asked", id="a colleague who was not asked"),
    ],
)
@pytest.mark.parametrize("action", [Action.APPROVE, Action.REJECT])
def test_a_member_who_may_not_decide_is_told_why(house: House, who: str, why: str, action: Action) -> None:
    for role_holder in ("U_PRIYA", "U_MAREK"):
        house.grant("governance", role_holder)
    house.propose()
    opened = len(house.world.opened)

    assert house.press(who, action, house.ballot()).status == 200

    assert why in told(house, who)
    assert votes(house) == 0
    assert len(house.world.opened) == opened


def test_a_refused_click_redraws_the_card_it_was_made_on(house: House) -> None:
    house.propose()
    house.send()
    [card] = house.posts_to(GOVERNANCE)

    house.press("U_OTTO", Action.APPROVE, house.ballot(), where=GOVERNANCE)
    house.send()

    assert card.edits == 1


def test_a_click_on_an_older_text_changes_nothing(house: House) -> None:
    house.propose()
    lane_id = house.ballot().partition(".")[0]

    house.press("U_ANN", Action.APPROVE, f"{lane_id}.{'0' * 64}")

    assert "was changed after this card was drawn" in told(house, "U_ANN")
    assert votes(house) == 0


def test_a_click_about_a_request_that_is_gone_is_answered(house: House) -> None:
    house.propose()
    nothing = "00000000-0000-7000-8000-000000000000"

    for action, value in ((Action.APPROVE, f"{nothing}.x"), (Action.REJECT, f"{nothing}.x"), (Action.OPEN, nothing)):
        house.press("U_ANN", action, value)

    house.send()
    assert len(house.whispers_to("U_ANN")) == 3
    assert all("does not exist" in answer for answer in house.whispers_to("U_ANN"))


def test_a_late_click_changes_nothing_and_tells_only_the_clicker_who_and_when(house: House) -> None:
    house.grant("governance", "U_BEN")
    house.propose()
    house.approve("U_ANN")
    house.send()
    [card] = house.posts_to("U_BEN")
    assert buttons(card) == {}

    house.press("U_BEN", Action.APPROVE, house.ballot())
    late_rejection = house.press("U_BEN", Action.REJECT, house.ballot())

    assert late_rejection.status == 200
    house.send()
    for answer in house.whispers_to("U_BEN"):
        assert "by Ann" in answer
        assert "<!date^" in answer
        assert "changed nothing" in answer
    assert len(house.whispers_to("U_BEN")) == 2
    assert {whisper["user"] for whisper in house.world.whispers} == {"U_BEN"}
    assert votes(house) == 1


def test_a_double_click_is_one_vote_and_says_so(house: House) -> None:
    house.propose()

    house.approve("U_ANN")
    house.approve("U_ANN")

    assert "that is stored and counts once" in told(house, "U_ANN")
    assert house.facts().count("approval.voted") == 1


def test_the_same_delivery_again_gets_the_same_answer_and_nothing_twice(house: House) -> None:
    house.propose()

    for _ in range(3):
        assert house.press("U_ANN", Action.APPROVE, house.ballot(), stamp="1700000000.1").status == 200

    house.send()
    assert house.whispers_to("U_ANN") == []
    assert votes(house) == 1


def test_an_approver_who_became_a_guest_is_refused_at_the_next_click(house: House) -> None:
    house.propose()
    house.press("U_ANN", Action.OPEN, str(house.request_id()))
    house.tell({"type": "user_change", "user": member("U_ANN", is_restricted=True)})

    house.approve("U_ANN")

    assert "full members" in told(house, "U_ANN")
    assert votes(house) == 0


def test_a_guest_slack_forgot_to_tell_us_of_is_found_out_within_five_minutes(house: House) -> None:
    house.propose()
    house.press("U_ANN", Action.OPEN, str(house.request_id()))
    house.world.people["U_ANN"] = member("U_ANN", deleted=True)
    house.clock.advance(minutes=5, seconds=1)

    house.approve("U_ANN")

    assert "deactivated" in told(house, "U_ANN")


@pytest.mark.parametrize(
    ("hours", "counts"),
    [pytest.param(23, True, id="a picture of today serves"), pytest.param(25, False, id="yesterday's does not")],
)
def test_while_slack_is_silent_a_fresh_picture_of_a_person_serves_a_day(
    house: House, hours: float, counts: bool
) -> None:
    house.propose()
    house.press("U_ANN", Action.OPEN, str(house.request_id()))
    house.clock.advance(hours=hours)
    house.slack.break_next("users.info", TimeoutError("timed out"))

    house.approve("U_ANN")

    assert votes(house) == int(counts)
    house.send()
    assert [("try again" in answer) for answer in house.whispers_to("U_ANN")] == ([] if counts else [True])


def test_slack_that_is_too_busy_to_say_who_somebody_is_counts_as_silent(house: House) -> None:
    house.slack.fail_next("users.info", "ratelimited", status=429, Retry_After="30")

    assert "try again" in house.command("U_PRIYA")


# ------------------------------------------------------------------------------------ forms


@pytest.mark.parametrize(
    ("answers", "field", "hint"),
    [
        pytest.param({"objective": ""}, "objective", "business objective", id="no objective"),
        pytest.param({"objective": None}, "objective", "business objective", id="nothing typed at all"),
        pytest.param({"objective": "x" * 141}, "objective", "140", id="an objective too long"),
        pytest.param({"name": "  \n "}, "name", "name", id="a name of blanks"),
        pytest.param({"name": "\u200b\u200d\u2060"}, "name", "name", id="a name nobody can see"),
        pytest.param({"name": "x" * 251}, "name", "250", id="a name too long"),
        pytest.param({"problem": "\u2800\u00ad\u200e"}, "problem", "problem", id="a problem nobody can see"),
        pytest.param({"team": "x" * 81}, "team", "80", id="a team too long"),
        pytest.param({"owner": "U_GUEST"}, "owner", "full member", id="a guest as owner"),
        pytest.param({"owner": "U_ROBOT"}, "owner", "full member", id="a bot as owner"),
        pytest.param({"owner": "U_GONE"}, "owner", "full member", id="an owner who left"),
        pytest.param({"owner": None}, "owner", "full member", id="no owner"),
        pytest.param({"sponsor": "U_GUEST"}, "sponsor", "full member", id="a guest as sponsor"),
        pytest.param({"sponsor": None}, "sponsor", "full member", id="no sponsor"),
        pytest.param({"practices": ["none", "social_scoring"]}, "practices", "None of these", id="none and a practice"),
        pytest.param({"practices": ["none", "unknown"]}, "practices", "None of these", id="none and do not know"),
        pytest.param({"areas": ["health", "none"]}, "areas", "None of these", id="none and an area"),
        pytest.param({"data_class": "secret"}, "data_class", "list", id="a class of data nobody offered"),
        pytest.param({"affected": ["martians"]}, "affected", "list", id="people nobody offered"),
        pytest.param({"build": "vendor", "vendor": " "}, "vendor", "vendor", id="a vendor without a name"),
        pytest.param({"decision": "machine", "oversight": ""}, "oversight", "who looks", id="nobody who checks"),
        pytest.param({"outputs": ""}, "outputs", "produces", id="nothing produced"),
        pytest.param({"benefit": None}, "benefit", "better", id="no benefit"),
        pytest.param({"kpi": "\t"}, "kpi_name.0", "number", id="no number"),
        pytest.param({"kpi_unit": ""}, "kpi_unit.0", "counted", id="no unit"),
        pytest.param({"kpi_direction": None}, "kpi_direction.0", "which way", id="no direction"),
        pytest.param({"kpi_target": "soon"}, "kpi_target.0", "like 12", id="a target that is no number"),
        pytest.param({"kpi_target": "1,234"}, "kpi_target.0", "two ways", id="a target that is two numbers"),
        pytest.param({"kpi_target": "6,0 h"}, "kpi_target.0", "equals", id="a target that is reached"),
        pytest.param({"kpi_target": "9"}, "kpi_target.0", "other way", id="a target on the wrong side"),
        pytest.param({"kpi_baseline": "about six"}, "kpi_baseline.0", "like 12", id="a baseline that is no number"),
        pytest.param({"kpi_direction": "band", "kpi_target": "3"}, "kpi_target.0", "both", id="a range with one end"),
        pytest.param(
            {"kpi_direction": "band", "kpi_target": "3 to 3.0"}, "kpi_target.0", "different", id="a range of nothing"
        ),
        pytest.param({"kpi_due": "2026-03-01"}, "kpi_due.0", "passed", id="a day that has passed"),
        pytest.param({"kpi_due": None}, "kpi_due.0", "by when", id="no day"),
    ],
)
def test_a_mistake_in_a_step_stands_at_its_field_and_stores_no_use_case(
    house: House, answers: dict[str, Any], field: str, hint: str
) -> None:
    hire(house, "U_GUEST", is_restricted=True)
    hire(house, "U_ROBOT", is_bot=True)
    hire(house, "U_GONE", deleted=True)

    errors = errors_in(house.propose_with(**answers))

    assert list(errors) == [field]
    assert hint in errors[field]
    assert use_cases(house) == 0


def test_everything_that_is_wrong_with_a_step_is_said_at_once(house: House) -> None:
    errors = errors_in(house.propose_with(name="", problem="", team="", owner=None, sponsor=None, objective=None))

    assert set(errors) == {"name", "problem", "team", "owner", "sponsor", "objective"}


def test_an_answer_nobody_chose_counts_as_the_stricter_one(house: House) -> None:
    house.propose(data_class=None, processing=None)
    house.send()

    assert words(house.posts_to("U_ANN")[0]).count("I do not know") == 2


@pytest.mark.parametrize("error", ["expired_trigger_id", "exchanged_trigger_id", "trigger_expired"])
def test_whoever_was_too_slow_for_slack_is_told_to_press_again(house: House, error: str) -> None:
    house.slack.fail_next("views.open", error)
    assert "press again" in house.command("U_PRIYA", "new")

    house.propose()
    house.slack.fail_next("views.open", error)
    assert house.press("U_ANN", Action.REJECT, house.ballot()).status == 200
    assert "press again" in told(house, "U_ANN")


def test_a_window_slack_takes_too_long_for_is_said_to_be_so(house: House) -> None:
    house.slack.break_next("views.open", TimeoutError("timed out"))

    assert "press again" in house.command("U_PRIYA", "new")


def test_a_button_of_an_older_version_is_answered_politely(house: House) -> None:
    house.propose()

    answer = house.press("U_ANN", "approvals.step.endorse", "1")  # type: ignore[arg-type]

    assert answer.status == 200
    assert "older version" in told(house, "U_ANN")


# ------------------------------------------------------------------------------------ our own faults


def fail(*_: object, **__: object) -> None:
    raise RuntimeError("a defect of ours")


def test_a_form_sent_into_a_defect_keeps_its_text_and_shows_a_reference(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    window = house.drafted(until=Step.VALUE)
    promised = len(house.outbox_rows())
    monkeypatch.setattr("workflows.policy.questions", fail)

    answer = json.loads(house.submit("U_PRIYA", window, filled(window)).body)

    assert answer["response_action"] == "errors"
    [(block, sentence)] = answer["errors"].items()
    assert block == Block.OUTPUTS
    reference = sentence.rpartition("Reference ")[2].rstrip(")")
    assert reference in {getattr(record, "reference", "") for record in caplog.records}
    assert use_cases(house) == 0
    assert len(house.outbox_rows()) == promised


def test_a_command_that_meets_a_defect_is_answered(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workflows.home.home_of", fail)

    assert "Reference" in house.command("U_PRIYA")


def test_a_button_that_meets_a_defect_is_not_acknowledged_and_nothing_is_stored(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.propose()
    promised = len(house.outbox_rows())
    monkeypatch.setattr("workflows.ledger.record", fail)

    answer = house.approve("U_ANN")

    assert answer.status == 500
    assert (votes(house), len(house.outbox_rows())) == (0, promised)
    monkeypatch.undo()
    assert house.approve("U_ANN").status == 200
    assert votes(house) == 1
