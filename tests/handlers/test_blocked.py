"""Nobody may decide a lane: leads and admins are told at once, and who is left in it waits and is asked again."""

import pytest

from db.enums import OutboxKind
from handlers.ids import Action
from tests.support.chains import hire, lane, policy_text, put_in_force, stage
from tests.support.fakes import Post, member
from tests.support.house import House, buttons, words

LEGAL = stage("one", lane("legal", "legal", rule="all"))


@pytest.fixture
def steered(house: House) -> House:
    """Return a house that Lea and Otto administer, and in which nobody holds the role of the only lane."""
    hire(house, "U_LEA", "admin")
    house.grant("admin", "U_OTTO")
    put_in_force(house, policy_text(LEGAL))
    return house


def told(house: House, who: str) -> list[Post]:
    house.send()
    return [post for post in house.posts_to(who) if "is blocked: nobody may decide *Legal*" in post.text]


def leave(house: House, who: str) -> None:
    house.tell({"type": "user_change", "user": member(who, deleted=True)})
    house.advance(seconds=2)


def test_leads_and_admins_are_told_at_once_that_nobody_may_decide_what_was_submitted(steered: House) -> None:
    steered.grant("lead", "U_MAREK")  # who owns it, so that he cannot be asked either
    steered.propose(owner="U_MAREK")

    for who in ("U_LEA", "U_OTTO", "U_MAREK"):
        [news] = told(steered, who)
        assert "⚠️ *UC-1*" in news.text
        assert "An admin must give its role to somebody who neither proposed nor owns it." in words(news)
        assert "Open" in buttons(news)
    assert told(steered, "U_ANN") == []
    steered.advance(seconds=2)
    assert len(told(steered, "U_LEA")) == 1


def test_who_leads_and_administers_is_told_once_and_who_left_is_not(steered: House) -> None:
    steered.grant("lead", "U_PRIYA")
    steered.grant("admin", "U_PRIYA")
    leave(steered, "U_OTTO")
    steered.propose()

    assert len(told(steered, "U_PRIYA")) == 1
    assert told(steered, "U_OTTO") == []


def test_they_are_told_of_a_confidential_one_too_and_nobody_else_is(steered: House) -> None:
    steered.propose(confidential=["confidential"])

    assert len(told(steered, "U_LEA")) == 1
    assert steered.posts_to("C_GOVERNANCE") == []


def test_nobody_is_told_when_somebody_may_decide_by_the_time_it_would_be_sent(steered: House) -> None:
    steered.propose()
    steered.grant("legal", "U_ANN")

    assert told(steered, "U_LEA") == []
    assert "Approve" in buttons(steered.posts_to("U_ANN")[-1])


def blocked_by_leaving(house: House) -> None:
    """Let Ann and Ben be asked, and Ben leave."""
    for who in ("U_ANN", "U_BEN"):
        house.grant("legal", who)
    house.propose()
    house.send()
    leave(house, "U_BEN")


def test_they_are_told_each_time_it_is_blocked_anew(steered: House) -> None:
    blocked_by_leaving(steered)
    assert len(told(steered, "U_LEA")) == 1

    hire(steered, "U_CLEO", "legal")
    steered.send()
    leave(steered, "U_CLEO")

    assert len(told(steered, "U_LEA")) == 2


@pytest.mark.parametrize("action", [Action.APPROVE, Action.REJECT])
def test_who_is_left_in_a_blocked_lane_is_told_that_it_waits(steered: House, action: Action) -> None:
    steered.grant("legal", "U_ANN")
    steered.grant("legal", "U_BEN")
    steered.propose()
    steered.send()
    card = buttons(steered.posts_to("U_ANN")[-1])
    leave(steered, "U_BEN")

    steered.press("U_ANN", action, card["Approve"])
    steered.send()

    [answer] = steered.whispers_to("U_ANN")
    assert answer == (
        "UC-1 waits until somebody else may decide it too. You are asked again then; nothing was changed."
    )
    assert "approval.voted" not in steered.facts()


def test_they_are_asked_again_when_somebody_else_may_decide_too(steered: House) -> None:
    blocked_by_leaving(steered)
    steered.send()
    [card] = steered.posts_to("U_ANN")
    assert "Approve" not in buttons(card)

    hire(steered, "U_CLEO", "legal")
    steered.send()

    [card, asked] = steered.posts_to("U_ANN")
    assert "Approve" in buttons(card)
    assert "has waited for your decision" in asked.text
    steered.press("U_ANN", Action.APPROVE, buttons(card)["Approve"])
    steered.press("U_CLEO", Action.APPROVE, buttons(steered.posts_to("U_CLEO")[-1])["Approve"])
    steered.send()
    assert "Approved" in steered.posts_to("U_PRIYA")[-1].text


def test_who_had_voted_in_a_lane_that_was_blocked_is_not_asked_again(steered: House) -> None:
    for who in ("U_ANN", "U_BEN"):
        steered.grant("legal", who)
    steered.propose()
    steered.send()
    steered.approve("U_ANN")
    leave(steered, "U_BEN")
    steered.approve("U_ANN")
    steered.send()
    assert "that is stored and counts once" in steered.whispers_to("U_ANN")[-1]

    hire(steered, "U_CLEO", "legal")
    steered.send()

    assert OutboxKind.VOTE_REMINDER not in {row.kind for row in steered.outbox_rows()}
