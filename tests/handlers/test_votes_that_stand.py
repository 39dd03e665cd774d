"""What people read about votes of an earlier round that still count."""

import pytest

from db.enums import Verb
from handlers.approvals.cards import approver_card, card_text
from handlers.ids import Action
from handlers.standing import progress
from handlers.subjects import SubjectPicture
from tests.support.house import House
from tests.support.kitchen import Kitchen


@pytest.fixture
def kitchen(house: House) -> Kitchen:
    """Return a pie that came back after the first of two bakers had approved what did not change."""
    kitchen = Kitchen(house)
    kitchen.vote("U_BAKER1", "bakers")
    kitchen.vote("U_COOK", "cooks", Verb.REQUEST_CHANGES)
    kitchen.resubmit(data="c")
    return kitchen


def line_of_the_bakers(kitchen: Kitchen, viewer: str | None) -> str:
    lines = progress(kitchen.request(), kitchen.people[viewer].id if viewer else None)
    return next(line for line in lines if "*Bakers*" in line)


@pytest.mark.parametrize("viewer", [None, "U_ANN", "U_BAKER2"])
def test_everybody_reads_how_many_have_approved_and_why_that_still_counts(kitchen: Kitchen, viewer: str | None) -> None:
    line = line_of_the_bakers(kitchen, viewer)

    assert "✅ 1 of 2 approved; nothing it looks at has changed since. Waits for " in line


def test_whoever_voted_reads_that_it_still_counts(kitchen: Kitchen) -> None:
    told = progress(kitchen.request(), kitchen.people["U_BAKER1"].id)

    [line] = [each for each in told if each.startswith("Your ")]
    assert line.startswith("Your approval, ")
    assert line.endswith(", still counts: nothing you look at has changed since.")


def test_nobody_else_reads_that_about_themselves(kitchen: Kitchen) -> None:
    told = progress(kitchen.request(), kitchen.people["U_BAKER2"].id)

    assert not [each for each in told if each.startswith("Your ")]


def test_their_card_has_no_buttons_that_decide_and_does_not_say_that_it_waits_for_them(kitchen: Kitchen) -> None:
    baker1, baker2 = (kitchen.people[who].id for who in ("U_BAKER1", "U_BAKER2"))
    pie = SubjectPicture("PIE-1", "An apple pie", "Bakery", "It is round.", ())

    assert Action.APPROVE not in str(approver_card(kitchen.request(), pie, baker1))
    assert Action.APPROVE in str(approver_card(kitchen.request(), pie, baker2))
    assert "waits for your decision" not in card_text(kitchen.request(), pie, baker1)
    assert "waits for your decision" in card_text(kitchen.request(), pie, baker2)


def test_a_vote_of_this_round_is_only_counted(kitchen: Kitchen) -> None:
    kitchen.vote("U_COOK", "cooks", Verb.REQUEST_CHANGES)
    kitchen.resubmit(purpose="c")
    kitchen.vote("U_BAKER1", "bakers")

    assert ": 1 of 2 approved; waits for " in line_of_the_bakers(kitchen, None)
