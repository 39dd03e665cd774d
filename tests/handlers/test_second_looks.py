"""Whoever approves very fast is asked for a second look, once for a burst."""

import json
from typing import Any

import pytest
from sqlmodel import col, select

from db.queries import bursts as stored
from db.tables import ApprovalRequest, ApprovalVote, SecondLook
from handlers.ids import Action, Block, Callback
from tests.handlers.test_several import LOW, boxes, decide, form
from tests.support.chains import hire, put_in_force
from tests.support.conditions import typed, want
from tests.support.house import House, errors_in, view_in, words
from tests.support.races import Meeting, together
from workflows.approvals import bursts


@pytest.fixture
def desk(house: House) -> House:
    """Return a house in which thirteen low-tier requests wait for Ann."""
    put_in_force(house, LOW)
    for number in range(1, 14):
        house.propose(name=f"Case {number}", differs="It is another.")
    return house


def approved(house: House) -> set[str]:
    with house.database.reading() as session:
        rows = session.exec(select(ApprovalRequest).order_by(col(ApprovalRequest.reference)))
        return {row.reference for row in rows if row.status == "approved"}


def approve_many(house: House, last: int, *, seconds: float = 10, first: int = 1) -> None:
    for number in range(first, last + 1):
        house.clock.advance(seconds=seconds)
        house.approve("U_ANN", f"UC-{number}")


def confirm(house: House, view: dict[str, Any], **how: str) -> Any:
    return house.submit("U_ANN", view, {}, **how)


def test_the_twelfth_approval_in_four_minutes_is_not_cast_but_asked_about(desk: House) -> None:
    approve_many(desk, 12)

    view = desk.world.opened[-1]
    assert approved(desk) == {f"UC-{number}" for number in range(1, 12)}
    assert view["callback_id"] == Callback.SECOND_LOOK
    assert (view["submit"]["text"], view["close"]["text"]) == ("Approve this one too", "Not now")
    said = words(view)
    assert "*You have approved 11 requests in under 4 minutes.* *UC-12* “Case 12” is not approved yet." in said
    assert "The last ones:\n• *UC-11* “Case 11”\n• *UC-10* “Case 10”" in said
    assert "• and 6 before them" in said
    assert "approval.burst_confirmed" not in desk.facts()


def test_confirming_casts_it_and_is_on_the_record_and_what_came_before_is_not_counted_again(desk: House) -> None:
    approve_many(desk, 12)
    answer = confirm(desk, desk.world.opened[-1])
    opened = len(desk.world.opened)
    approve_many(desk, 13, first=13)

    assert "You approved *UC-12*" in words(view_in(answer))
    assert approved(desk) == {f"UC-{number}" for number in range(1, 14)}
    assert len(desk.world.opened) == opened
    assert desk.facts().count("approval.burst_confirmed") == 1
    with desk.database.reading() as session:
        [look] = session.exec(select(SecondLook)).all()
        [vote] = [vote for vote in session.exec(select(ApprovalVote)) if vote.cast_at == look.confirmed_at]
    assert vote.content_digest == desk.ballot("UC-12").partition(".")[2]


def test_the_same_confirmation_again_does_nothing_twice(desk: House) -> None:
    approve_many(desk, 12)
    view = desk.world.opened[-1]
    first = confirm(desk, view, view_id="V_LOOK")
    facts = desk.facts()
    again = confirm(desk, view, view_id="V_LOOK")

    assert words(view_in(first)) == words(view_in(again))
    assert desk.facts() == facts


def test_whoever_takes_their_time_is_never_asked(desk: House) -> None:
    approve_many(desk, 13, seconds=22)

    assert len(approved(desk)) == 13


def test_after_not_now_it_waits_and_may_be_approved_later(desk: House) -> None:
    approve_many(desk, 12)
    desk.clock.advance(minutes=4)
    desk.approve("U_ANN", "UC-12")

    assert "UC-12" in approved(desk)
    assert "approval.burst_confirmed" not in desk.facts()


def test_a_confirmation_while_slack_cannot_say_who_it_is_changes_nothing_and_says_so(desk: House) -> None:
    approve_many(desk, 12)
    view = desk.world.opened[-1]
    desk.clock.advance(days=2)
    desk.slack.fail_next("users.info", "internal_error")

    assert "Slack cannot be asked right now who you are" in words(view_in(confirm(desk, view)))
    assert "UC-12" not in approved(desk)


def test_a_rejection_is_never_held_up(desk: House) -> None:
    approve_many(desk, 11)
    desk.reject("U_ANN", "It is one too many.", "UC-12")

    with desk.database.reading() as session:
        row = session.exec(select(ApprovalRequest).where(ApprovalRequest.reference == "UC-12")).one()
    assert row.status == "rejected"


def test_one_sent_from_the_open_request_keeps_its_words(desk: House) -> None:
    approve_many(desk, 11)
    desk.press("U_ANN", Action.OPEN, str(desk.request_id("UC-12")))
    values = {
        Block.DECISION: {"type": "radio_buttons", "selected_option": {"value": "approve"}},
        Block.REASON: {"type": "plain_text_input", "value": "It is harmless.\nReally."},
    }
    view = view_in(desk.submit("U_ANN", desk.world.opened[-1], values))
    assert view["callback_id"] == Callback.SECOND_LOOK
    confirm(desk, view)
    desk.send()

    assert "UC-12" in approved(desk)
    [post] = [post for post in desk.posts_to("U_PRIYA") if "UC-12" in post.text]
    assert "Reason: “It is harmless. Really.”" in words(post)


def test_a_confirmation_of_what_was_decided_meanwhile_says_so_and_is_none(desk: House) -> None:
    hire(desk, "U_CLEO", "governance")
    desk.propose(name="Case 14", differs="It is another.")
    approve_many(desk, 11)
    desk.approve("U_ANN", "UC-14")
    desk.approve("U_CLEO", "UC-14")

    assert "by Cleo" in words(view_in(confirm(desk, desk.world.opened[-1])))
    assert "approval.burst_confirmed" not in desk.facts()


def test_votes_of_several_people_are_counted_apart(desk: House) -> None:
    approve_many(desk, 6)
    hire(desk, "U_CLEO", "governance")
    for number in range(14, 21):
        desk.propose(name=f"Case {number}", differs="It is another.")
        desk.approve("U_CLEO", f"UC-{number}")

    assert len(approved(desk)) == 13


def test_whoever_looked_again_above_a_form_sends_it_once_more_and_is_not_asked_again(desk: House) -> None:
    approve_many(desk, 12)
    above = desk.world.opened[-1] | {"callback_id": Callback.LOOKED_AGAIN, "private_metadata": ""}
    for _ in range(2):
        assert confirm(desk, above).body in ("", None)
    assert "UC-12" not in approved(desk)
    desk.approve("U_ANN", "UC-12")

    assert "UC-12" in approved(desk)
    assert desk.facts().count("approval.burst_confirmed") == 1


def test_an_approval_with_conditions_is_asked_about_above_its_form_and_then_taken(desk: House) -> None:
    approve_many(desk, 11)
    desk.press("U_ANN", Action.APPROVE_WITH_CONDITIONS, desk.ballot("UC-12"))
    view = desk.world.opened[-1]
    filled = view, typed(view, [want("Sign the agreement")])
    above = json.loads(desk.submit("U_ANN", *filled).body)

    assert (above["response_action"], above["view"]["callback_id"]) == ("push", Callback.LOOKED_AGAIN)
    assert "UC-12" not in approved(desk)

    confirm(desk, above["view"])
    desk.submit("U_ANN", *filled)

    assert "UC-12" in approved(desk)
    assert desk.facts().count("condition.set") == 1


# --------------------------------------------------------------------------------------------- several together


def test_several_that_reach_the_twelfth_are_asked_about_once(desk: House) -> None:
    approve_many(desk, 4)
    view = form(desk)
    references = list(boxes(view))
    assert len(references) == 9
    asked = view_in(decide(desk, view, *references[:8]))

    assert asked["callback_id"] == Callback.SEVERAL_CONFIRMED
    assert asked["submit"]["text"] == "Approve these 8 too"
    assert "*You have approved 4 requests in under 4 minutes.*" in words(asked)
    assert f"*The 8 you chose now are not approved yet:*\n• *{references[0]}* “" in words(asked)
    assert len(approved(desk)) == 4

    assert "*8 decisions stored.*" in words(view_in(confirm(desk, asked)))
    assert len(approved(desk)) == 12
    assert desk.facts().count("approval.burst_confirmed") == 1
    desk.approve("U_ANN", references[8])
    assert len(approved(desk)) == 13


def test_several_that_stay_below_are_not_asked_about_and_count(desk: House) -> None:
    approve_many(desk, 1)
    view = form(desk)
    assert "*10 decisions stored.*" in words(view_in(decide(desk, view, *boxes(view))))
    desk.approve("U_ANN", "UC-12")

    assert len(approved(desk)) == 11
    assert desk.world.opened[-1]["callback_id"] == Callback.SECOND_LOOK


def test_several_rejected_together_are_never_held_up(desk: House) -> None:
    approve_many(desk, 5)
    view = form(desk)
    said = words(view_in(decide(desk, view, *boxes(view), verb="reject", reason="Too many.")))

    assert "*8 decisions stored.*" in said


# ---------------------------------------------------------------------------------------------------- at once


def test_of_two_approvals_at_once_at_the_border_one_counts_and_the_other_is_asked_about(
    desk: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    approve_many(desk, 10)
    meeting = Meeting()
    meeting.after(monkeypatch, stored, "recent_approvals")

    together(*(lambda reference=each: desk.approve("U_ANN", reference) for each in ("UC-11", "UC-12")))

    assert len(approved(desk)) == 11
    assert [view["callback_id"] for view in desk.world.opened].count(Callback.SECOND_LOOK) == 1
    assert not meeting.both_came


def test_far_from_a_burst_nobody_waits(desk: House, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[object] = []
    monkeypatch.setattr(stored, "hold_voter", lambda *given: held.append(given))
    approve_many(desk, bursts.NEAR - 1)

    assert held == []


def test_what_is_missing_in_a_form_is_said_before_any_second_look(desk: House) -> None:
    approve_many(desk, 11)
    desk.press("U_ANN", Action.OPEN, str(desk.request_id("UC-12")))
    values = {Block.DECISION: {"type": "radio_buttons", "selected_option": {"value": "reject"}}}

    assert set(errors_in(desk.submit("U_ANN", desk.world.opened[-1], values))) == {Block.REASON}
