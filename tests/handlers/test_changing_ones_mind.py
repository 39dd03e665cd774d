"""Until a lane closes, people may change the decision they gave there."""

import pytest

from db.enums import Verb
from handlers.ids import Action, Block
from tests.support.chains import lane, policy_text, put_in_force, stage
from tests.support.house import House, buttons, words


@pytest.fixture
def board(house: House) -> House:
    """Return a house in which Ann and Ben must both approve, and Ann has."""
    put_in_force(house, policy_text(stage("one", lane("board", "board", rule="all"))))
    for who in ("U_ANN", "U_BEN"):
        house.grant("board", who)
    house.propose()
    house.send()
    house.press("U_ANN", Action.APPROVE, buttons(house.posts_to("U_ANN")[-1])["Approve"])
    house.send()
    return house


def opened(house: House, who: str) -> dict[str, object]:
    house.press(who, Action.OPEN, str(house.request_id()))
    return house.world.opened[-1]


def test_the_card_of_who_has_voted_says_that_they_may_change_it(board: House) -> None:
    assert "you can open it and change your decision" in words(board.posts_to("U_ANN")[-1])
    assert "change your decision" not in words(board.posts_to("U_BEN")[-1])


def test_whoever_approved_may_still_reject(board: House) -> None:
    view = opened(board, "U_ANN")
    assert "Change your decision" in words(view)
    assert "You approved it." in words(view)
    assert "Approve" not in words(view).splitlines()  # that is what they decided already

    decision = {"type": "radio_buttons", "selected_option": {"value": Verb.REJECT}}
    answer = board.submit("U_ANN", view, {Block.DECISION: decision, Block.REASON: {"value": "I read it again."}})
    assert answer.status == 200
    board.send()

    assert "Rejected* by Ann" in board.command("U_PRIYA", "UC-1")
    assert "I read it again." in board.command("U_PRIYA", "UC-1")
    assert board.facts().count("approval.voted") == 2


def test_a_reason_is_needed_when_the_decision_changes_too(board: House) -> None:
    view = opened(board, "U_ANN")
    decision = {"type": "radio_buttons", "selected_option": {"value": Verb.REJECT}}

    answer = board.submit("U_ANN", view, {Block.DECISION: decision, Block.REASON: {"value": ""}})

    assert "say what" in (answer.body or "")
    assert board.facts().count("approval.voted") == 1


def test_once_the_lane_has_closed_nothing_can_be_changed(board: House) -> None:
    board.press("U_BEN", Action.APPROVE, buttons(board.posts_to("U_BEN")[-1])["Approve"])
    board.send()

    assert "Change your decision" not in words(opened(board, "U_ANN"))
    assert "change your decision" not in words(board.posts_to("U_ANN")[-1])


def test_somebody_whose_turn_it_is_sees_the_plain_ballot(board: House) -> None:
    assert "Your decision" in words(opened(board, "U_BEN"))
    assert "Change your decision" not in words(opened(board, "U_BEN"))
