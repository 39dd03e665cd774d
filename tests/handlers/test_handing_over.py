"""Proposers leave: whoever owns the use case has the request then, and the leads hear of it when nobody is left."""

from typing import Any

import pytest

from db.enums import RequestStatus
from db.queries import approvals as stored_approvals
from db.session import Database
from handlers import ticks
from handlers.ids import Action, Block
from tests.handlers.test_besides_voting import ask, offered, opened
from tests.handlers.test_revising import ask_for_changes, resubmit
from tests.support.chains import hire
from tests.support.fakes import member
from tests.support.house import House, buttons, words
from tests.support.kitchen import Kitchen
from tests.support.races import Meeting, together
from workflows import approvals
from workflows.approvals import RequestSnapshot, announcing, rules

OVER, ORPHANED = "approval.request_handed_over", "approval.request_orphaned"


def become(house: House, who: str, **facts: Any) -> None:
    """Let Slack tell that somebody is somebody else now; no beat of the clock yet."""
    house.world.people[who] = member(who, **facts)
    house.tell({"type": "user_change", "user": house.world.people[who]})


def leave(house: House, *who: str) -> None:
    for each in who:
        become(house, each, deleted=True)
    house.advance(seconds=2)
    house.send()


def request(house: House) -> RequestSnapshot:
    with house.database.reading() as session:
        return approvals.existing_request(session, house.request_id())


def told(house: House, who: str, text: str) -> list[str]:
    return [post.text for post in house.posts_to(who) if text in post.text]


@pytest.fixture
def proposed(house: House) -> House:
    """Return a house where Priya proposed what Marek owns, Ann is asked, and Lea leads the programme."""
    hire(house, "U_LEA", "lead")
    house.propose()
    house.advance(seconds=1)  # her week begins, and she is told where requests wait
    house.send()
    return house


# ------------------------------------------------------------------------------------------- to the owner


def test_the_owner_gets_the_request_of_a_proposer_who_left_and_is_told(proposed: House) -> None:
    leave(proposed, "U_PRIYA")

    assert request(proposed).requester.slack_id == "U_MAREK"
    [news] = told(proposed, "U_MAREK", "is yours now")
    assert "Priya has left, so *UC-1*" in news
    assert "proposed by Priya" in words(proposed.posts_to("U_ANN")[0])
    assert "Marek has taken it over" in words(proposed.posts_to("U_ANN")[0])
    assert "Marek is told" in words(proposed.posts_to("C_GOVERNANCE")[0])
    assert "Approve" in buttons(proposed.posts_to("U_ANN")[0])
    assert proposed.facts().count(OVER) == 1
    assert told(proposed, "U_LEA", "nobody is left") == []


def test_from_then_on_the_owner_hears_what_is_decided(proposed: House) -> None:
    leave(proposed, "U_PRIYA")

    proposed.approve("U_ANN")
    proposed.send()

    assert told(proposed, "U_MAREK", "Approved")
    assert told(proposed, "U_PRIYA", "Approved") == []


def test_the_owner_may_nudge_withdraw_and_is_asked_questions_and_the_one_who_left_is_not(proposed: House) -> None:
    leave(proposed, "U_PRIYA")
    assert {"Nudge", "Withdraw"} <= offered(proposed, "U_MAREK")

    assert "with Marek." in ask(proposed, "Who checks the summary?")
    window = opened(proposed, "U_MAREK")
    assert "UC-1 is withdrawn" in words(
        proposed.turn("U_MAREK", Action.WITHDRAW, str(proposed.request_id()), view=window)
    )
    proposed.send()

    assert "Marek took it back" in words(proposed.posts_to("U_ANN")[0])


def test_while_changes_are_asked_the_owner_reads_them_and_edits(proposed: House) -> None:
    ask_for_changes(proposed)

    leave(proposed, "U_PRIYA")

    news = proposed.posts_to("U_MAREK")[-1]
    assert "Say who checks it." in words(news)
    assert "Edit and resubmit" in buttons(news)
    assert "Marek has it now" in proposed.command("U_OTTO", "UC-1")
    proposed.press("U_MAREK", Action.EDIT, buttons(news)["Edit and resubmit"])
    assert "UC-1" in resubmit(proposed, "U_MAREK", oversight="The handler checks it.")
    assert request(proposed).status is RequestStatus.IN_REVIEW
    assert request(proposed).requester.slack_id == "U_MAREK"


def test_neither_the_owner_nor_the_one_who_left_and_came_back_may_vote(proposed: House) -> None:
    proposed.grant("governance", "U_MAREK")
    leave(proposed, "U_PRIYA")
    become(proposed, "U_PRIYA")
    proposed.grant("governance", "U_PRIYA")
    proposed.advance(seconds=2)

    proposed.approve("U_MAREK")
    proposed.approve("U_PRIYA")
    proposed.send()

    assert "You own UC-1" in proposed.whispers_to("U_MAREK")[-1]
    assert "You proposed UC-1" in proposed.whispers_to("U_PRIYA")[-1]
    assert request(proposed).status is RequestStatus.IN_REVIEW


def test_when_the_proposer_comes_back_it_stays_with_the_owner(proposed: House) -> None:
    leave(proposed, "U_PRIYA")

    become(proposed, "U_PRIYA")
    proposed.advance(seconds=2)

    assert request(proposed).requester.slack_id == "U_MAREK"
    assert proposed.facts().count(OVER) == 1


def test_a_proposer_who_becomes_a_guest_hands_it_over_too(proposed: House) -> None:
    become(proposed, "U_PRIYA", is_restricted=True)
    proposed.advance(seconds=2)

    assert request(proposed).requester.slack_id == "U_MAREK"


def test_what_is_decided_stays_with_who_proposed_it(proposed: House) -> None:
    proposed.approve("U_ANN")

    leave(proposed, "U_PRIYA")

    assert request(proposed).requester.slack_id == "U_PRIYA"
    assert OVER not in proposed.facts()


def test_of_a_confidential_request_nobody_but_the_owner_hears(house: House) -> None:
    hire(house, "U_LEA", "lead")
    house.propose(confidential=["confidential"])
    house.advance(seconds=1)
    house.send()
    before = len(house.world.posts)

    leave(house, "U_PRIYA")

    assert [post.channel for post in house.world.posts[before:]] == ["D_MAREK"]
    assert house.posts_to("C_GOVERNANCE") == []
    assert "There is no use case UC-1" in house.command("U_OTTO", "UC-1")


# ------------------------------------------------------------------------------------------- to nobody


def orphan(house: House) -> None:
    """Let the one who proposed and owns UC-1 leave."""
    hire(house, "U_LEA", "lead")
    house.propose("U_MAREK")
    house.send()
    leave(house, "U_MAREK")


def test_the_leads_are_told_once_when_the_owner_proposed_it_and_left(house: House) -> None:
    orphan(house)
    house.advance(seconds=2)
    house.send()

    [news] = told(house, "U_LEA", "nobody is left to answer for it")
    assert "Marek has left, and it has no other owner here" in news
    assert house.facts().count(ORPHANED) == 1
    assert "nobody is left to answer for it" in words(house.posts_to("C_GOVERNANCE")[0])
    assert "nobody is told" in words(house.posts_to("U_ANN")[0])


def test_a_lead_may_withdraw_what_nobody_answers_for_and_nothing_else(proposed: House) -> None:
    assert "Withdraw" not in offered(proposed, "U_LEA")
    proposed.press("U_LEA", Action.WITHDRAW, str(proposed.request_id()))
    proposed.send()
    assert "Only somebody with a part in UC-1" in proposed.whispers_to("U_LEA")[-1]

    leave(proposed, "U_PRIYA", "U_MAREK")
    assert request(proposed).is_orphaned
    assert "Withdraw" not in offered(proposed, "U_ANN")
    assert "UC-1 is withdrawn" in words(
        proposed.turn("U_LEA", Action.WITHDRAW, str(proposed.request_id()), view=opened(proposed, "U_LEA"))
    )
    proposed.send()

    assert request(proposed).status is RequestStatus.WITHDRAWN
    assert "a programme lead took it back" in words(proposed.posts_to("U_ANN")[0])


def test_it_is_handed_over_when_the_owner_comes_back(proposed: House) -> None:
    leave(proposed, "U_PRIYA", "U_MAREK")

    become(proposed, "U_MAREK")
    proposed.advance(seconds=2)
    proposed.send()

    assert not request(proposed).is_orphaned
    assert request(proposed).requester.slack_id == "U_MAREK"
    assert told(proposed, "U_MAREK", "is yours now")
    assert "Withdraw" not in offered(proposed, "U_LEA")


def test_when_the_one_who_proposed_and_owns_it_comes_back_it_is_theirs_again(house: House) -> None:
    orphan(house)

    become(house, "U_MAREK")
    house.advance(seconds=2)
    house.send()

    assert not request(house).is_orphaned
    assert told(house, "U_MAREK", "is yours now") == []
    assert "nobody is left" not in words(house.posts_to("C_GOVERNANCE")[0])
    house.advance(seconds=2)
    assert house.facts().count(OVER) == 1


def test_whoever_gives_back_what_nobody_answers_for_is_told_so(house: House) -> None:
    orphan(house)

    house.press("U_ANN", Action.REQUEST_CHANGES, house.ballot())

    window = house.world.opened[-1]
    assert "nobody is left to change it" in words(window)
    house.submit("U_ANN", window, {Block.REASON: {"value": "Say who checks it."}})
    assert "nobody has it now" in house.command("U_OTTO", "UC-1")


def test_an_owner_who_got_it_and_leaves_too_leaves_it_to_the_leads(proposed: House) -> None:
    leave(proposed, "U_PRIYA")
    leave(proposed, "U_MAREK")

    assert request(proposed).is_orphaned
    assert len(told(proposed, "U_LEA", "nobody is left to answer for it")) == 1


# ------------------------------------------------------------------------------------------- once


def test_nothing_is_left_to_do_afterwards(proposed: House) -> None:
    leave(proposed, "U_PRIYA")

    assert ticks.tick(proposed.database, proposed.clock.now()) == 0


def test_two_ticks_at_once_hand_it_over_once(proposed: House, monkeypatch: pytest.MonkeyPatch) -> None:
    become(proposed, "U_PRIYA", deleted=True)
    meeting, now = Meeting(), proposed.clock.now()
    meeting.after(monkeypatch, stored_approvals, "requests_of_leavers")

    moved = together(lambda: ticks.tick(proposed.database, now), lambda: ticks.tick(proposed.database, now))

    assert meeting.both_came
    assert sorted(moved) == [0, 1]
    assert proposed.facts().count(OVER) == 1
    proposed.send()
    assert len(told(proposed, "U_MAREK", "is yours now")) == 1


def test_a_restart_in_between_loses_and_doubles_nothing(proposed: House, monkeypatch: pytest.MonkeyPatch) -> None:
    become(proposed, "U_PRIYA", deleted=True)
    now = proposed.clock.now()

    def crash(*_: Any, **__: Any) -> None:
        raise RuntimeError("the process ends here")

    with monkeypatch.context() as patched:
        patched.setattr(announcing, "redraw", crash)
        with pytest.raises(RuntimeError, match="ends here"):
            ticks.tick(proposed.database, now)
    assert request(proposed).requester.slack_id == "U_PRIYA"

    again = Database(proposed.database.engine)
    assert [ticks.tick(again, now), ticks.tick(again, now)] == [1, 0]

    assert proposed.facts().count(OVER) == 1
    proposed.send()
    assert len(told(proposed, "U_MAREK", "is yours now")) == 1


def test_a_click_that_decides_at_the_same_moment_counts_and_nothing_is_handed_over(
    proposed: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    become(proposed, "U_PRIYA", deleted=True)
    meeting, ballot, now = Meeting(), proposed.ballot(), proposed.clock.now()
    meeting.before(monkeypatch, rules, "judge")  # the click holds the request
    meeting.after(monkeypatch, stored_approvals, "requests_of_leavers")  # the clock has seen that somebody left

    answer, _ = together(
        lambda: proposed.press("U_ANN", Action.APPROVE, ballot), lambda: ticks.tick(proposed.database, now)
    )

    assert meeting.both_came
    assert answer.status == 200
    assert request(proposed).status is RequestStatus.APPROVED
    assert OVER not in proposed.facts()


def test_a_click_on_the_card_of_before_counts_after_it_was_handed_over(proposed: House) -> None:
    ballot = proposed.ballot()
    leave(proposed, "U_PRIYA")

    proposed.press("U_ANN", Action.APPROVE, ballot)
    proposed.send()

    assert request(proposed).status is RequestStatus.APPROVED
    assert told(proposed, "U_MAREK", "Approved")


def test_whoever_gets_a_request_they_were_asked_about_is_asked_no_longer(house: House) -> None:
    """The engine does not trust its subjects: an owner nobody had barred is barred from now on, seat and all."""
    kitchen = Kitchen(house)
    become(house, "U_ANN", deleted=True)

    with house.database.transaction() as session:
        owner, now = kitchen.people["U_BAKER1"].id, house.clock.now()
        assert approvals.hand_over(session, lambda *_: owner, now=now) == 1
        assert approvals.vacate(session, now=now) == 1

    assert "U_BAKER1" not in {person.slack_id for person in kitchen.request().waits_for()}
    assert kitchen.request().refusal_for(owner) is approvals.Refusal.OWN_USE_CASE
