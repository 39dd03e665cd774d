"""Until a lane closes, people may change the decision they gave there."""

from typing import Any

import pytest

from db.enums import Verb
from handlers.ids import Action, Block, Command
from sandbox.blockkit.validate import check_view
from tests.support.chains import hire, lane, policy_text, put_in_force, stage
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


def opened(house: House, who: str) -> dict[str, Any]:
    house.press(who, Action.OPEN, str(house.request_id()))
    return house.world.opened[-1]


def offered(view: dict[str, Any], what: str) -> str:
    """Return the value of the button beside a line of a window that says this."""
    beside = [block["accessory"] for block in view["blocks"] if "accessory" in block]
    return next(str(each["value"]) for each in beside if each["text"]["text"] == what)


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


# ------------------------------------------------------------------------------------- several lanes at once


@pytest.fixture
def two_lanes(house: House) -> House:
    """Return a house in which Ann is asked for Legal and for Privacy, Ben and Cleo beside her, and Ann did Legal."""
    both = {"rule": "all", "hours": 24}
    put_in_force(house, policy_text(stage("one", lane("legal", "legal", **both), lane("privacy", "privacy", **both))))
    hire(house, "U_CLEO", "privacy")
    for role, who in (("legal", "U_ANN"), ("legal", "U_BEN"), ("privacy", "U_ANN")):
        house.grant(role, who)
    house.propose()
    house.send()
    house.press("U_ANN", Action.APPROVE, buttons(house.posts_to("U_ANN")[-1])["Approve"])
    house.send()
    return house


def choose(house: House, view: dict[str, Any], verb: Verb, reason: str = "", *, who: str = "U_ANN") -> None:
    decision = {"type": "radio_buttons", "selected_option": {"value": verb}}
    assert house.submit(who, view, {Block.DECISION: decision, Block.REASON: {"value": reason}}).status == 200
    house.send()


def test_while_another_lane_waits_the_card_says_that_the_decision_in_the_first_may_change(two_lanes: House) -> None:
    card = two_lanes.posts_to("U_ANN")[-1]

    assert "Others still decide in *Legal*" in words(card)
    assert "Approve" in buttons(card)
    assert "change your decision" not in words(two_lanes.posts_to("U_BEN")[-1])


def test_the_lane_that_waits_comes_first_and_the_other_can_be_changed(two_lanes: House) -> None:
    view = opened(two_lanes, "U_ANN")
    assert "Your decision" in words(view)
    assert "You approved it in *Legal*" in words(view)

    view = two_lanes.turn("U_ANN", Action.CHANGE, offered(view, "Change"))

    assert check_view(view, allowed=("modal",)) == []
    assert "Change your decision" in words(view)
    assert "That counts in Legal until" in words(view)
    assert "*Privacy* still waits for your decision." in words(view)
    choose(two_lanes, view, Verb.REJECT, "I read it again.")
    assert "Rejected* by Ann" in two_lanes.command("U_PRIYA", "UC-1")


def test_from_there_it_is_one_press_back_to_the_lane_that_waits(two_lanes: House) -> None:
    view = two_lanes.turn("U_ANN", Action.CHANGE, offered(opened(two_lanes, "U_ANN"), "Change"))

    view = two_lanes.turn("U_ANN", Action.OPEN, offered(view, "Decide"))

    assert "Send decision" in words(view)
    choose(two_lanes, view, Verb.APPROVE)
    assert two_lanes.facts().count("approval.voted") == 2


def test_of_two_votes_each_can_be_changed(two_lanes: House) -> None:
    choose(two_lanes, opened(two_lanes, "U_ANN"), Verb.APPROVE)
    view = opened(two_lanes, "U_ANN")
    assert "That counts in Legal until" in words(view)
    assert "You approved it in *Privacy*" in words(view)

    view = two_lanes.turn("U_ANN", Action.CHANGE, offered(view, "Change"))

    assert "That counts in Privacy until" in words(view)
    assert "You approved it in *Legal*" in words(view)


def test_a_lane_that_closed_meanwhile_cannot_be_changed_and_the_window_shows_how_it_stands(two_lanes: House) -> None:
    view = opened(two_lanes, "U_ANN")
    two_lanes.press("U_BEN", Action.APPROVE, buttons(two_lanes.posts_to("U_BEN")[-1])["Approve"])

    view = two_lanes.turn("U_ANN", Action.CHANGE, offered(view, "Change"))

    assert "Send decision" in words(view)  # in the lane that still waits
    assert "Approved by *Legal*" in words(view)


def test_who_is_back_reads_what_was_decided_for_them_and_may_change_it(house: House) -> None:
    put_in_force(house, policy_text(stage("one", lane("board", "board", rule="all"))))
    for who in ("U_ANN", "U_BEN"):
        house.grant("board", who)
    house.propose()
    house.command("U_BEN", "away until 2026-03-06 delegate <@U_OTTO>", command=Command.GATEHOUSE)
    house.advance(seconds=2)
    choose(house, opened(house, "U_OTTO"), Verb.APPROVE, who="U_OTTO")
    assert "You approved it. That counts in Board" in words(opened(house, "U_OTTO"))

    house.command("U_BEN", "back", command=Command.GATEHOUSE)
    house.advance(seconds=2)

    assert "Change your decision" not in words(opened(house, "U_OTTO"))
    view = opened(house, "U_BEN")
    assert "Otto approved it for you. That counts in Board" in words(view)
    choose(house, view, Verb.REJECT, "I do not.", who="U_BEN")
    assert "Rejected* by Ben" in house.command("U_PRIYA", "UC-1")
