"""People who are refused once, correct themselves, and try again."""

import json

from handlers.ids import Action, Block
from tests.support.chains import hire, lane, policy_text, put_in_force, stage
from tests.support.house import House, buttons, errors_in, filled, words
from workflows.intake import Step


def test_a_reason_given_after_it_was_missing_is_taken(house: House) -> None:
    """Slack keeps a modal's id and hash when it shows errors: the corrected text comes with the same key."""
    house.propose()
    house.press("U_ANN", Action.REJECT, house.ballot())
    modal = house.world.opened[-1]

    first = house.submit("U_ANN", modal, {Block.REASON: {"value": "   "}}, view_id="V_REJECT")
    second = house.submit("U_ANN", modal, {Block.REASON: {"value": "No data agreement."}}, view_id="V_REJECT")

    assert Block.REASON in json.loads(first.body)["errors"]
    assert json.loads(second.body)["response_action"] == "update"
    house.send()
    assert "No data agreement." in house.posts_to("U_PRIYA")[0].text


def test_a_person_with_a_seat_in_two_stages_passes_the_first_and_is_asked_in_the_second(house: House) -> None:
    put_in_force(house, policy_text(stage("one", lane("first", "governance")), stage("two", lane("second", "board"))))
    house.grant("board", "U_ANN")
    hire(house, "U_BEN", "board")
    house.propose()
    house.send()
    [card] = house.posts_to("U_ANN")

    assert house.press("U_ANN", Action.APPROVE, buttons(card)["Approve"]).status == 200
    house.send()
    assert set(buttons(card)) == {"Approve", "Approve with conditions", "Request changes", "Reject", "Read it all"}
    assert house.press("U_ANN", Action.APPROVE, buttons(card)["Approve"]).status == 200

    house.send()
    assert "Approved" in house.posts_to("U_PRIYA")[0].text


def test_pressing_approve_twice_where_all_must_approve_is_one_vote(house: House) -> None:
    put_in_force(house, policy_text(stage("one", lane("first", "governance", rule="all"))))
    house.grant("governance", "U_BEN")
    house.propose()
    ballot = house.ballot()

    house.press("U_ANN", Action.APPROVE, ballot)
    house.press("U_ANN", Action.APPROVE, ballot)

    assert house.facts().count("approval.voted") == 1
    house.send()
    [answer] = house.whispers_to("U_ANN")
    assert answer.startswith("You approved UC-1, <!date^")
    assert house.facts().count("approval.request_settled") == 0


def test_a_person_whose_lane_was_closed_by_a_colleague_hears_by_whom_and_when(house: House) -> None:
    put_in_force(house, policy_text(stage("one", lane("first", "governance")), stage("two", lane("second", "board"))))
    house.grant("governance", "U_BEN")
    house.grant("board", "U_OTTO")
    house.propose()
    house.send()
    ballot = buttons(house.posts_to("U_ANN")[0])["Approve"]
    house.press("U_ANN", Action.APPROVE, ballot)

    house.press("U_BEN", Action.APPROVE, ballot)

    house.send()
    [answer] = house.whispers_to("U_BEN")
    assert "Ann" in answer
    assert "<!date^" in answer
    assert "approved" in answer
    assert house.facts().count("approval.voted") == 1


def test_a_proposal_sent_while_slack_is_silent_keeps_its_text(house: House) -> None:
    """Nobody types a page twice because we could not ask Slack who they are."""
    window = house.drafted(until=Step.BASICS)
    house.clock.advance(hours=25)
    for _ in range(4):
        house.slack.break_next("users.info", TimeoutError("timed out"))

    answer = house.submit("U_PRIYA", window, filled(window))

    told = json.loads(answer.body)
    assert told["response_action"] == "errors"
    assert "try again" in " ".join(told["errors"].values())


def test_a_decision_sent_while_slack_is_silent_keeps_its_reason(house: House) -> None:
    house.propose()
    house.press("U_ANN", Action.REJECT, house.ballot())
    house.clock.advance(hours=25)
    house.slack.break_next("users.info", TimeoutError("timed out"))

    answer = house.submit("U_ANN", house.world.opened[-1], {Block.REASON: {"value": "A long reason."}})

    told = json.loads(answer.body)
    assert told["response_action"] == "errors"
    assert "try again" in told["errors"][Block.REASON]
    assert "approval.voted" not in house.facts()


def test_an_owner_who_cannot_be_looked_up_is_not_called_a_guest(house: House) -> None:
    window = house.drafted(until=Step.BASICS)
    house.slack.break_next("users.info", TimeoutError("timed out"))

    told = errors_in(house.submit("U_PRIYA", window, filled(window, owner="U_MAREK", sponsor="U_PRIYA")))

    assert "try again" in told["owner"]
    assert "guests" not in told["owner"]
    assert set(told) == {"owner"}


def test_a_person_known_by_another_id_here_is_not_asked_for_again_and_again(house: House) -> None:
    """On Enterprise Grid a payload may carry the workspace's id of a person and users.info the organisation's."""
    hire(house, "U_LOCAL", id="U_LOCAL", enterprise_user={"id": "W_GLOBAL", "enterprise_id": "E1"})
    before = house.world.calls.count("users.info")

    answer = house.command("U_LOCAL")

    assert "Waiting for you" in answer
    assert house.world.calls.count("users.info") - before == 1


def test_a_person_with_two_ids_is_one_person_and_cannot_decide_on_their_own_proposal(house: House) -> None:
    hire(house, "U_LOCAL", id="U_LOCAL", enterprise_user={"id": "U_PRIYA", "enterprise_id": "E1"})
    house.grant("governance", "U_PRIYA")
    house.propose("U_LOCAL")

    house.approve("U_PRIYA")
    house.send()

    assert "You proposed UC-1" in house.whispers_to("U_PRIYA")[0]
    assert "approval.voted" not in house.facts()


def test_two_strangers_who_open_home_together_both_get_an_answer(house: House) -> None:
    for slack_id in ("U_SAM", "U_TIM"):
        hire(house, slack_id, team_id="T_ELSEWHERE")
        house.open_home(slack_id)

    house.send()

    assert {"U_SAM", "U_TIM"} <= set(house.world.homes)
    assert "full members" in words(house.world.homes["U_SAM"])
