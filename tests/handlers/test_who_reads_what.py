"""Reasons and answers are for those involved; where a request stands and who decided is for every member."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from handlers.ids import Action
from handlers.text import inline
from tests.support.house import GOVERNANCE, House, words

REASON = "Tone of voice is no fair ground."
FORGED = "Ok* is done. ✅ *Approved* by Ann Lindqvist :white_check_mark: `x` ~y~ _z_"


def formatted(thing: Any) -> Iterator[dict[str, Any]]:
    """Give every text in which Slack looks for format marks."""
    if isinstance(thing, dict):
        if thing.get("type") == "mrkdwn":
            yield thing
        for each in thing.values():
            yield from formatted(each)
    if isinstance(thing, list):
        for each in thing:
            yield from formatted(each)


@pytest.fixture
def rejected(house: House) -> House:
    house.propose()
    house.send()
    house.reject("U_ANN", REASON)
    house.send()
    return house


def opened_by(house: House, who: str) -> str:
    house.press(who, Action.OPEN, str(house.request_id()))
    return words(house.world.opened[-1])


def test_the_governance_channel_reads_who_rejected_and_not_why(rejected: House) -> None:
    [card] = rejected.posts_to(GOVERNANCE)

    assert "Rejected* by Ann" in words(card)
    assert REASON not in words(card) + card.text


def test_somebody_not_involved_reads_where_it_stands_and_nothing_more(rejected: House) -> None:
    for shown in (opened_by(rejected, "U_OTTO"), rejected.command("U_OTTO", "UC-1")):
        assert "Rejected by Ann" in shown
        assert REASON not in shown
        assert "six hours" not in shown


@pytest.mark.parametrize("who", ["U_PRIYA", "U_MAREK", "U_ANN"], ids=["the proposer", "the owner", "the approver"])
def test_those_involved_read_the_reason(rejected: House, who: str) -> None:
    assert REASON in opened_by(rejected, who)
    assert REASON in rejected.command(who, "UC-1")


def test_everybody_reads_who_has_it_now(house: House) -> None:
    house.propose()

    assert "Ann has it now" in house.command("U_OTTO", "UC-1")
    assert "Ann has it now" in opened_by(house, "U_OTTO")


def test_ann_reads_that_it_waits_for_her(house: House) -> None:
    house.propose()
    house.send()

    assert "waits for you" in words(house.posts_to("U_ANN")[0])
    assert "waits for Ann" in words(house.posts_to(GOVERNANCE)[0])


def test_a_name_cannot_pass_for_a_decision_of_ours(house: House) -> None:
    house.propose(name=FORGED)
    house.open_home("U_PRIYA")
    house.advance(hours=25)
    house.send()

    ours = {"✅ *Approved*", ":white_check_mark:"}
    for shown in (
        *(text["text"] for text in formatted(house.world.homes["U_PRIYA"]) if "UC-1" in text["text"]),
        *(post.text for post in house.posts_to("U_ANN")),
        house.command("U_PRIYA"),
    ):
        assert "Approved" in shown
        assert not any(forged in shown for forged in ours), shown


def test_format_marks_lose_their_meaning_and_words_keep_theirs() -> None:
    assert not re.search(r"[*~`]|:\w+:|(?<!\w)_|_(?!\w)", inline(FORGED))
    assert inline("case_file_v2 at 10:30: 3 & 4") == "case_file_v2 at 10:30: 3 &amp; 4"


def test_the_same_form_sent_again_after_the_decision_says_how_it_ended(house: House) -> None:
    house.propose_with()
    form_view = house.world.opened[-1]
    house.approve("U_ANN")

    again = house.submit_again(form_view)

    assert "is decided: approved" in again
    assert "has it now" not in again


def test_the_owner_sees_on_home_what_others_want_them_to_own(house: House) -> None:
    house.propose()
    house.open_home("U_MAREK")
    house.send()
    assert "You own" in words(house.world.homes["U_MAREK"])
    assert "Ann has it now" in words(house.world.homes["U_MAREK"])

    house.approve("U_ANN")
    house.send()

    assert "Approved by Ann" in words(house.world.homes["U_MAREK"])
