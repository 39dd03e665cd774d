"""Several low-tier requests are decided from one window, and each is a decision of its own."""

import json
from typing import Any

import pytest
from slack_bolt import BoltResponse
from sqlmodel import col, select

from db.tables import ApprovalRequest, ApprovalVote, Delivery
from handlers.ids import INPUT, Action, Block, Callback
from tests.support.chains import hire, lane, policy_text, put_in_force, stage
from tests.support.house import House, errors_in, view_in, words

LOW = policy_text(stage("review", lane("governance", "governance")), tier="low")
NAMES = ("Draft press texts", "Sort invoices", "Find manuals")


@pytest.fixture
def desk(house: House) -> House:
    """Return a house in which three low-tier requests wait for Ann."""
    put_in_force(house, LOW)
    for name in NAMES:
        house.propose(name=name, differs="It is another.")
    return house


def form(house: House, who: str = "U_ANN") -> dict[str, Any]:
    house.press(who, Action.DECIDE_SEVERAL, "low", where="home")
    return house.world.opened[-1]


def boxes(view: dict[str, Any]) -> dict[str, str]:
    """Return the boxes of the form, by reference: what each stands for."""
    [block] = [block for block in view["blocks"] if block.get("block_id") == Block.SEVERAL]
    return {each["text"]["text"].partition(" ")[0]: each["value"] for each in block["element"]["options"]}


def decide(
    house: House,
    view: dict[str, Any],
    *references: str,
    verb: str = "approve",
    reason: str = "",
    view_id: str = "",
    who: str = "U_ANN",
) -> BoltResponse:
    """Tick these and send the form; return the answer."""
    [block] = [block for block in view["blocks"] if block.get("block_id") == Block.SEVERAL]
    ticked = [each for each in block["element"]["options"] if each["text"]["text"].split(" ")[0] in references]
    values = {
        Block.SEVERAL: {"type": "checkboxes", "selected_options": ticked},
        Block.DECISION: {"type": "radio_buttons", "selected_option": {"value": verb} if verb else None},
        Block.REASON: {"type": "plain_text_input", "value": reason},
    }
    return house.submit(who, view, values, view_id=view_id)


def statuses(house: House) -> dict[str, str]:
    with house.database.reading() as session:
        rows = session.exec(select(ApprovalRequest).order_by(col(ApprovalRequest.reference)))
        return {row.reference: row.status.value for row in rows}


def home(house: House, who: str = "U_ANN") -> str:
    house.open_home(who)
    house.send()
    return words(house.world.homes[who])


def test_home_offers_to_decide_several_when_two_low_ones_wait(house: House) -> None:
    put_in_force(house, LOW)
    house.propose(name=NAMES[0])
    assert "Decide several" not in home(house)
    house.propose(name=NAMES[1], differs="It is another.")
    assert "Decide several" in home(house)
    assert "Decide several" not in home(house, "U_PRIYA")
    house.approve("U_ANN", "UC-1")
    assert "Decide several" not in home(house)


def test_the_form_says_of_each_what_it_is_whose_what_it_does_and_how_long_it_waits(desk: House) -> None:
    desk.advance(hours=24)
    view = form(desk)

    assert list(boxes(view)) == ["UC-1", "UC-2", "UC-3"]
    assert "*UC-1* “Draft press texts”\nA page for each file" in words(view)
    assert words(view).count("Proposed by Priya, team Complaints · asked yesterday") == 3
    assert "Each is recorded as a decision of its own. When in doubt, open it" in words(view)
    assert len(view["private_metadata"]) <= 3000


def test_those_ticked_are_approved_each_on_the_record_and_the_others_wait(desk: House) -> None:
    answer = decide(desk, form(desk), "UC-1", "UC-3")

    assert statuses(desk) == {"UC-1": "approved", "UC-2": "in_review", "UC-3": "approved"}
    assert desk.facts().count("approval.voted") == 2
    said = words(view_in(answer))
    assert "*2 decisions stored.* You approved:\n• *UC-1* “Draft press texts”\n• *UC-3* “Find manuals”" in said
    desk.send()
    assert [post.text for post in desk.posts_to("U_PRIYA") if "pproved" in post.text]


def test_a_rejection_of_several_gives_every_proposer_the_reason(desk: House) -> None:
    view = form(desk)
    assert errors_in(decide(desk, view, "UC-1", "UC-2", verb="reject")) == {
        Block.REASON: "Say why: every proposer of these reads it."
    }
    decide(desk, view, "UC-1", "UC-2", verb="reject", reason="Use the one we have.")
    desk.send()

    assert statuses(desk) == {"UC-1": "rejected", "UC-2": "rejected", "UC-3": "in_review"}
    assert sum("Use the one we have." in words(post) for post in desk.posts_to("U_PRIYA")) == 2


def test_what_is_missing_is_said_at_its_field_and_nothing_is_done(desk: House) -> None:
    told = errors_in(decide(desk, form(desk), verb=""))

    assert told == {Block.SEVERAL: "Tick the requests you decide on.", Block.DECISION: "Choose what you decide."}
    assert set(statuses(desk).values()) == {"in_review"}


def test_one_that_was_changed_meanwhile_is_refused_and_said_and_the_others_count(desk: House) -> None:
    view = form(desk)
    values = boxes(view)
    changed = view | {"private_metadata": view["private_metadata"].replace(values["UC-2"] + ".", values["UC-2"] + ".x")}

    said = words(view_in(decide(desk, changed, "UC-1", "UC-2", "UC-3")))

    assert statuses(desk) == {"UC-1": "approved", "UC-2": "in_review", "UC-3": "approved"}
    assert "*1 not done:*\n• UC-2 was changed after this card was drawn. Please read the new card." in said


def test_one_that_others_decided_meanwhile_says_who_did(desk: House) -> None:
    hire(desk, "U_CLEO", "governance")
    desk.propose(name="Sum up letters", differs="It is another.")
    view = form(desk)
    desk.approve("U_CLEO", "UC-4")

    said = words(view_in(decide(desk, view, "UC-1", "UC-4")))

    assert "*1 decision stored.*" in said
    assert "*1 not done:*\n• UC-4: " in said
    assert "by Cleo" in said


def test_the_same_window_sent_again_does_nothing_twice(desk: House) -> None:
    view = form(desk)
    first = decide(desk, view, "UC-1", "UC-2", view_id="V_SEVERAL")
    facts = desk.facts()
    again = decide(desk, view, "UC-1", "UC-2", view_id="V_SEVERAL")

    assert desk.facts() == facts
    assert words(view_in(again)) == words(view_in(first))
    with desk.database.reading() as session:
        assert sum(each.key.startswith("view:V_SEVERAL:") for each in session.exec(select(Delivery))) == 2


def test_what_is_not_low_is_neither_offered_nor_accepted(desk: House) -> None:
    put_in_force(desk, LOW.replace("low", "medium"))
    desk.propose(name="Rank applicants", differs="It is another.")
    view = form(desk)
    assert list(boxes(view)) == ["UC-1", "UC-2", "UC-3"]

    lane_id, _, digest = desk.ballot("UC-4").partition(".")
    view["private_metadata"] += f" {lane_id}.{digest}"
    [block] = [block for block in view["blocks"] if block.get("block_id") == Block.SEVERAL]
    block["element"]["options"].append({"text": {"text": "UC-4 Rank applicants"}, "value": lane_id})
    said = words(view_in(decide(desk, view, "UC-1", "UC-4")))

    assert "UC-4 is not low tier any more, so it is decided by itself." in said
    assert (statuses(desk)["UC-1"], statuses(desk)["UC-4"]) == ("approved", "in_review")


def test_of_many_the_ten_that_wait_longest_are_shown_and_the_window_holds_them(desk: House) -> None:
    for number in range(9):
        desk.propose(name=f"Case {number} {'with a long name ' * 6}", differs="It is another.")
        desk.advance(minutes=1)
    view = form(desk)

    assert list(boxes(view)) == [f"UC-{number}" for number in range(1, 11)]
    assert "The 10 that wait longest are shown." in words(view)
    assert len(view["private_metadata"]) <= 3000
    [block] = [block for block in view["blocks"] if block.get("block_id") == Block.SEVERAL]
    assert all(len(each["text"]["text"]) <= 75 for each in block["element"]["options"])


def test_a_delegate_decides_several_in_the_name_of_who_is_away(desk: House) -> None:
    values = {
        Block.AWAY_FROM: {"type": "datepicker", "selected_date": "2026-03-02"},
        Block.AWAY_UNTIL: {"type": "datepicker", "selected_date": "2026-03-06"},
        Block.AWAY_DELEGATE: {"type": "users_select", "selected_user": "U_BEN"},
    }
    desk.command("U_BEN")
    desk.press("U_ANN", Action.AWAY, "home", where="home")
    desk.submit("U_ANN", desk.world.opened[-1], values)
    desk.advance(minutes=1)

    view = form(desk, "U_BEN")
    assert "for Ann, who is away" in words(view)
    decide(desk, view, "UC-1", "UC-2", who="U_BEN")

    assert statuses(desk) == {"UC-1": "approved", "UC-2": "approved", "UC-3": "in_review"}
    with desk.database.reading() as session:
        assert all(vote.cast_by != vote.person_id for vote in session.exec(select(ApprovalVote)))


def test_somebody_for_whom_nothing_waits_any_more_is_told_so(desk: House) -> None:
    opened = len(desk.world.opened)
    desk.press("U_OTTO", Action.DECIDE_SEVERAL, "low", where="home")
    desk.send()

    assert len(desk.world.opened) == opened
    assert [post.text for post in desk.posts_to("U_OTTO")] == ["No low-tier request waits for you any more."]


def test_somebody_who_left_meanwhile_decides_nothing(desk: House) -> None:
    view = form(desk)
    desk.world.people["U_ANN"]["deleted"] = True
    desk.tell({"type": "user_change", "user": desk.world.people["U_ANN"]})

    assert "This account is deactivated" in words(view_in(decide(desk, view, "UC-1", "UC-2")))
    assert set(statuses(desk).values()) == {"in_review"}


@pytest.mark.parametrize("carried", ["", "x", "00000000-0000-4000-8000-000000000000.x", "é" * 3000])
def test_a_window_that_carries_nonsense_does_nothing(desk: House, carried: str) -> None:
    view = form(desk) | {"private_metadata": carried, "callback_id": Callback.SEVERAL_CONFIRMED}
    response = desk.submit("U_ANN", view, {Block.REASON: {"value": "", "action_id": INPUT}})

    assert response.status in (200, 400)
    assert json.loads(response.body or "{}").get("response_action") in (None, "update")
    assert set(statuses(desk).values()) == {"in_review"}
