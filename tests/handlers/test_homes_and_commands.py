"""What people see when they ask: Home, `/usecase`, and the same truth everywhere."""

import pytest

from handlers.ids import Action
from tests.support.chains import hire, lane, policy_text, put_in_force, stage
from tests.support.house import GOVERNANCE, House, buttons, words


def test_home_shows_what_waits_and_how_proposals_stand(house: House) -> None:
    house.open_home("U_ANN")
    house.open_home("U_PRIYA")
    house.propose()
    house.send()

    assert "UC-1" in words(house.world.homes["U_ANN"])
    assert "Nothing waits for you" in words(house.world.homes["U_PRIYA"])
    assert "Ann has it now" in words(house.world.homes["U_PRIYA"])


def test_home_follows_a_decision_without_being_opened_again(house: House) -> None:
    house.open_home("U_ANN")
    house.open_home("U_PRIYA")
    house.propose()
    house.approve("U_ANN")
    house.send()

    assert "Nothing waits for you" in words(house.world.homes["U_ANN"])
    assert "Approved" in words(house.world.homes["U_PRIYA"])


def test_a_home_nobody_opened_is_not_drawn(house: House) -> None:
    house.propose()
    house.send()

    assert house.world.homes == {}


def test_the_form_opens_from_home(house: House) -> None:
    house.press("U_PRIYA", Action.PROPOSE, "home", where="home")

    assert "Propose (1 of" in words(house.world.opened[-1])


def test_an_answer_to_a_press_on_home_comes_as_a_direct_message(house: House) -> None:
    hire(house, "U_OUT", is_restricted=True)

    house.press("U_OUT", Action.PROPOSE, "home", where="home")
    house.send()

    [post] = house.posts_to("U_OUT")
    assert "full members" in post.text


def test_a_home_with_more_than_it_can_show_says_so_and_stays_within_slacks_limit(house: House) -> None:
    house.open_home("U_ANN")
    house.open_home("U_PRIYA")
    for _ in range(17):
        house.propose()
    house.send()

    queue, proposals = house.world.homes["U_ANN"], house.world.homes["U_PRIYA"]
    assert "The 15 that wait longest are shown" in words(queue)
    assert "Your latest 10 are shown" in words(proposals)
    assert max(len(queue["blocks"]), len(proposals["blocks"])) <= 100


@pytest.mark.parametrize("typed", ["help", "HELP", " help "])
def test_help_says_what_can_be_typed(house: House, typed: str) -> None:
    assert "/usecase new" in house.command("U_PRIYA", typed)


@pytest.mark.parametrize("typed", ["UC-1", "uc-1", "UC 1", " uc1 "])
def test_a_use_case_is_found_however_its_reference_is_typed(house: House, typed: str) -> None:
    house.propose()

    assert "Hours per file" in house.command("U_PRIYA", typed)


def test_a_colleague_who_is_not_involved_sees_name_team_state_and_tier_and_no_more(house: House) -> None:
    house.propose()
    answer = house.command("U_OTTO", "UC-1")

    assert "Summarise complaint files" in answer
    assert "Complaints" in answer
    assert "In review" in answer
    assert "Medium tier" in answer
    for kept in ("Hours per file", "Answer within", "Marek", "six hours", "Personal data"):
        assert kept not in answer


def test_a_colleague_who_is_not_involved_opens_the_request_and_sees_no_answers(house: House) -> None:
    house.propose()
    house.press("U_OTTO", Action.OPEN, str(house.request_id()), where=GOVERNANCE)

    view = house.world.opened[-1]
    assert "Only the people involved" in words(view)
    assert "six hours" not in words(view)
    assert "submit" not in view


def test_the_governance_channel_learns_no_answers_and_no_vote_buttons(house: House) -> None:
    house.propose()
    house.send()

    [card] = house.posts_to(GOVERNANCE)
    assert set(buttons(card)) == {"Open"}
    for kept in ("six hours", "Hours per file", "Answer within"):
        assert kept not in words(card)
        assert kept not in card.text


@pytest.mark.parametrize("typed", ["UC-99", "uc-99"])
def test_a_reference_nobody_gave_is_said_to_be_unknown(house: House, typed: str) -> None:
    assert "There is no use case" in house.command("U_PRIYA", typed)


def test_a_word_nobody_knows_is_answered_with_help(house: House) -> None:
    answer = house.command("U_PRIYA", "<!channel> & co")

    assert "I do not know" in answer
    assert "<!channel>" not in answer
    assert "/usecase new" in answer


def test_the_proposer_is_told_once_with_the_reason(house: House) -> None:
    house.propose()
    house.reject("U_ANN", "No agreement\n\nwith the works council yet.")
    house.send()

    [post] = house.posts_to("U_PRIYA")
    assert "Rejected" in post.text
    assert "works council" in post.text
    assert "by Ann" in post.text


def test_one_direct_message_comes_when_it_is_ones_turn_and_not_before(house: House) -> None:
    put_in_force(house, policy_text(stage("one", lane("a", "governance")), stage("two", lane("b", "board"))))
    house.grant("board", "U_BEN")
    house.propose()
    house.send()
    assert house.posts_to("U_BEN") == []

    house.press("U_ANN", Action.APPROVE, buttons(house.posts_to("U_ANN")[0])["Approve"])
    house.send()

    assert len(house.posts_to("U_BEN")) == 1
    assert len(house.posts_to("U_ANN")) == 1


def test_somebody_who_is_asked_twice_is_named_once(house: House) -> None:
    put_in_force(house, policy_text(stage("one", lane("legal", "legal"), lane("risk", "risk"))))
    for role in ("legal", "risk"):
        house.grant(role, "U_BEN")
    house.propose()

    assert "In review: Ben has it now" in house.command("U_OTTO", "UC-1")
