"""What people do with a request besides voting: ask and answer, nudge, take it back, pass it on, ask somebody else."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from slack_bolt import BoltResponse

from handlers.ids import Action, Block, Command
from sandbox.blockkit.validate import check_view
from tests.support.chains import hire, lane, policy_text, put_in_force, stage
from tests.support.house import House, buttons, words
from workflows import approvals

REASON = {Block.REASON: {"value": "On leave soon."}}


def opened(house: House, who: str) -> dict[str, Any]:
    """Open the request as this person and return the window."""
    before = len(house.world.opened)
    house.press(who, Action.OPEN, str(house.request_id()))
    assert len(house.world.opened) > before
    return house.world.opened[-1]


def offered(house: House, who: str) -> set[str]:
    elements = [each for block in opened(house, who)["blocks"] for each in block.get("elements", [])]
    return {each["text"]["text"] for each in elements if each["type"] == "button"}


def pressed(house: House, who: str, action: Action) -> dict[str, Any]:
    """Press a button in the opened request and return the window as it is then."""
    view = house.turn(who, action, str(house.request_id()), view=opened(house, who))
    assert check_view(view, allowed=("modal",)) == []
    return view


def said(response: BoltResponse) -> str:
    """Return what the window says that replaced the form."""
    told = json.loads(response.body or "{}")
    assert told["response_action"] == "update", told
    return words(told["view"])


def errors(response: BoltResponse) -> Mapping[str, str]:
    told = json.loads(response.body or "{}")
    assert told["response_action"] == "errors", told
    return dict(told["errors"])


def question(text: str) -> dict[str, dict[str, Any]]:
    return {Block.QUESTION: {"value": text}}


def ask(house: House, text: str, who: str = "U_ANN") -> str:
    return said(house.submit(who, pressed(house, who, Action.ASK), question(text)))


def colleague(slack_id: str, seat: str = "", reason: str = "On leave soon.") -> dict[str, dict[str, Any]]:
    place = {Block.SEAT: {"type": "static_select", "selected_option": {"value": seat}}} if seat else {}
    return place | {
        Block.COLLEAGUE: {"type": "users_select", "selected_user": slack_id},
        Block.REASON: {"value": reason},
    }


def seats_in(view: dict[str, Any]) -> dict[str, str]:
    """Return whose place can be passed on in the form: name to value."""
    [select] = [block["element"] for block in view["blocks"] if block.get("block_id") == Block.SEAT]
    return {each["text"]["text"]: each["value"] for each in select["options"]}


def waits_for(house: House) -> set[str]:
    with house.database.reading() as session:
        return {person.slack_id for person in approvals.existing_request(session, house.request_id()).waits_for()}


@pytest.fixture
def proposed(house: House) -> House:
    """Return a house where Priya proposed, Marek owns and Ann is asked; Lea leads, Sam is a guest, Tim a stranger."""
    hire(house, "U_LEA", "lead")
    hire(house, "U_SAM", is_restricted=True)
    hire(house, "U_TIM", team_id="T_ELSEWHERE")
    house.propose()
    house.send()
    return house


@pytest.fixture
def confidential(house: House) -> House:
    """Return the same with a confidential request; Otto is a colleague with no part in it."""
    hire(house, "U_LEA", "lead")
    house.propose(confidential=["confidential"])
    house.send()
    return house


# ----------------------------------------------------------------------------------- ask and answer


def test_ann_asks_from_the_opened_request_priya_answers_and_both_read_it_there(proposed: House) -> None:
    answer = ask(proposed, "Who deletes the files?")
    proposed.send()

    assert "Your question about UC-1 is on the record and with" in answer
    assert "Priya" in answer
    assert "Marek" in answer
    [asked] = proposed.posts_to("U_PRIYA")
    assert "Ann asks about *UC-1*" in asked.text
    assert "Who deletes the files?" in asked.text
    assert set(buttons(asked)) == {"Answer", "Open"}

    proposed.press("U_PRIYA", Action.ANSWER, buttons(asked)["Answer"])
    form = proposed.world.opened[-1]
    assert "Who deletes the files?" in words(form)
    assert "Ann has it" in said(proposed.submit("U_PRIYA", form, question("The archive, after a year.")))
    proposed.send()

    [*_, answered] = proposed.posts_to("U_ANN")
    assert "Priya answers your question about *UC-1*" in answered.text
    for who in ("U_ANN", "U_PRIYA", "U_LEA"):
        seen = words(opened(proposed, who))
        assert "Who deletes the files?" in seen
        assert "The archive, after a year." in seen


def test_a_question_delivered_twice_is_asked_once_with_the_same_answer(proposed: House) -> None:
    form = pressed(proposed, "U_ANN", Action.ASK)

    first = proposed.submit("U_ANN", form, question("Why now?"), view_id="V_ASK")
    second = proposed.submit("U_ANN", form, question("Why now?"), view_id="V_ASK")
    proposed.send()

    assert said(first) == said(second)
    assert proposed.facts().count("approval.question_asked") == 1
    assert len(proposed.posts_to("U_PRIYA")) == 1


def test_a_question_without_words_can_be_written_then(proposed: House) -> None:
    form = pressed(proposed, "U_ANN", Action.ASK)

    assert Block.QUESTION in errors(proposed.submit("U_ANN", form, question("  "), view_id="V_ASK"))
    assert "on the record" in said(proposed.submit("U_ANN", form, question("Why now?"), view_id="V_ASK"))


def test_a_question_is_answered_once_and_the_second_reads_that_it_was(proposed: House) -> None:
    ask(proposed, "Why now?")
    proposed.send()
    [asked] = proposed.posts_to("U_PRIYA")
    proposed.press("U_PRIYA", Action.ANSWER, buttons(asked)["Answer"])
    form = proposed.world.opened[-1]
    proposed.press("U_MAREK", Action.ANSWER, buttons(asked)["Answer"])
    proposed.submit("U_MAREK", proposed.world.opened[-1], question("The season starts."))

    assert "has an answer already" in said(proposed.submit("U_PRIYA", form, question("The auditors asked.")))
    proposed.press("U_PRIYA", Action.ANSWER, buttons(asked)["Answer"])
    proposed.send()
    assert "has an answer already" in proposed.whispers_to("U_PRIYA")[-1]


def test_only_those_it_is_put_to_open_the_form_for_an_answer(proposed: House) -> None:
    ask(proposed, "Why now?")
    proposed.send()
    value = buttons(proposed.posts_to("U_PRIYA")[0])["Answer"]
    windows = len(proposed.world.opened)

    for who in ("U_ANN", "U_OTTO"):
        proposed.press(who, Action.ANSWER, value)
        proposed.send()
        assert "Only somebody with a part in UC-1" in proposed.whispers_to(who)[-1]
    assert len(proposed.world.opened) == windows


# ------------------------------------------------------------------------------------------- nudge


def test_priya_nudges_once_a_day_and_ann_reads_who_asks(proposed: House) -> None:
    assert "Ann was asked to look at UC-1" in words(pressed(proposed, "U_PRIYA", Action.NUDGE))
    assert "was nudged today" in words(pressed(proposed, "U_PRIYA", Action.NUDGE))
    proposed.send()

    [_, nudge] = proposed.posts_to("U_ANN")
    assert "Priya asks whether you can look at *UC-1*" in nudge.text

    proposed.clock.advance(days=1)
    assert "Ann was asked" in words(pressed(proposed, "U_PRIYA", Action.NUDGE))


def test_the_owners_nudge_names_the_owner(proposed: House) -> None:
    pressed(proposed, "U_MAREK", Action.NUDGE)
    proposed.send()

    assert "Marek asks whether" in proposed.posts_to("U_ANN")[-1].text


def test_a_press_delivered_twice_nudges_once_with_the_same_answer(proposed: House) -> None:
    value = str(proposed.request_id())

    for _ in range(2):
        proposed.press("U_PRIYA", Action.NUDGE, value, stamp="7.0")
    proposed.send()

    first, second = proposed.whispers_to("U_PRIYA")
    assert first == second
    assert "Ann was asked" in first
    assert len(proposed.posts_to("U_ANN")) == 2  # the card and one nudge


# ----------------------------------------------------------------------------------------- withdraw


def test_priya_takes_it_back_from_the_opened_request_after_she_was_asked_whether_she_is_sure(proposed: House) -> None:
    window = opened(proposed, "U_PRIYA")
    [button] = [
        element
        for block in window["blocks"]
        for element in block.get("elements", [])
        if element.get("action_id") == Action.WITHDRAW
    ]
    assert "cannot be undone" in words(button["confirm"])

    assert "UC-1 is withdrawn" in words(proposed.turn("U_PRIYA", Action.WITHDRAW, button["value"], view=window))
    proposed.send()

    assert "Priya took it back" in words(proposed.posts_to("U_ANN")[0])
    assert "Approve" not in buttons(proposed.posts_to("U_ANN")[0])
    assert "Withdraw" not in offered(proposed, "U_PRIYA")


def test_nobody_else_is_offered_to_take_it_back_nor_can(proposed: House) -> None:
    for who in ("U_MAREK", "U_ANN", "U_LEA"):
        assert "Withdraw" not in offered(proposed, who)
        proposed.press(who, Action.WITHDRAW, str(proposed.request_id()))
        proposed.send()
        assert "Only somebody with a part in UC-1 can do that" in proposed.whispers_to(who)[-1]
    assert waits_for(proposed) == {"U_ANN"}


# --------------------------------------------------------------------------------------- pass it on


def test_ann_passes_it_on_to_a_colleague_of_the_same_role_with_a_reason(proposed: House) -> None:
    proposed.grant("governance", "U_BEN")
    form = pressed(proposed, "U_ANN", Action.HAND_ON)
    [(shown, seat)] = seats_in(form).items()
    assert shown == "Ann, AI governance"

    missing = proposed.submit("U_ANN", form, colleague("U_BEN", seat, reason=" "), view_id="V_ON")
    assert Block.REASON in errors(missing)
    done = proposed.submit("U_ANN", form, colleague("U_BEN", seat), view_id="V_ON")
    again = proposed.submit("U_ANN", form, colleague("U_BEN", seat), view_id="V_ON")
    proposed.send()

    assert "Ben is asked about UC-1 now" in said(done)
    assert said(again) == said(done)
    assert waits_for(proposed) == {"U_BEN"}
    assert "Approve" in buttons(proposed.posts_to("U_BEN")[0])
    assert "Approve" not in buttons(proposed.posts_to("U_ANN")[0])


def test_a_lead_passes_on_the_place_of_somebody_else(proposed: House) -> None:
    proposed.grant("governance", "U_BEN")
    form = pressed(proposed, "U_LEA", Action.HAND_ON)

    done = proposed.submit("U_LEA", form, colleague("U_BEN", seats_in(form)["Ann, AI governance"]))

    assert "Ben is asked about UC-1 now" in said(done)
    assert waits_for(proposed) == {"U_BEN"}


def test_a_colleague_is_offered_only_the_place_that_is_theirs(house: House) -> None:
    house.grant("governance", "U_BEN")
    house.propose()

    assert set(seats_in(pressed(house, "U_BEN", Action.HAND_ON))) == {"Ben, AI governance"}


@pytest.mark.parametrize(
    ("to", "says"),
    [
        ("U_OTTO", "They may not decide on UC-1"),
        ("U_MAREK", "They may not decide on UC-1"),
        ("U_BEN", "is asked about UC-1 already"),
        ("U_SAM", "Choose a full member"),
        ("U_TIM", "Choose a full member"),
    ],
    ids=["without the role", "the owner", "asked already", "a guest", "a stranger"],
)
def test_who_cannot_take_a_place_stands_at_the_field_and_it_can_be_corrected(house: House, to: str, says: str) -> None:
    for slack_id in ("U_BEN", "U_MAREK"):
        house.grant("governance", slack_id)
    hire(house, "U_SAM", is_restricted=True)
    hire(house, "U_TIM", team_id="T_ELSEWHERE")
    house.propose()
    hire(house, "U_LEE", "governance")
    form = pressed(house, "U_ANN", Action.HAND_ON)
    [seat] = [value for name, value in seats_in(form).items() if name.startswith("Ann")]

    refused = house.submit("U_ANN", form, colleague(to, seat), view_id="V_ON")

    assert says in errors(refused)[Block.COLLEAGUE]
    assert "Lee is asked" in said(house.submit("U_ANN", form, colleague("U_LEE", seat), view_id="V_ON"))


def test_a_delegate_is_not_offered_to_pass_it_on_and_is_told_why_not(proposed: House) -> None:
    proposed.command("U_ANN", "away until 2026-03-06 delegate <@U_BEN>", command=Command.GATEHOUSE)
    proposed.advance(seconds=2)
    proposed.send()
    assert "Pass it on" not in offered(proposed, "U_BEN")
    assert "Ask a question" in offered(proposed, "U_BEN")

    proposed.press("U_BEN", Action.HAND_ON, str(proposed.request_id()))
    proposed.send()

    assert "You decide on UC-1 for Ann, so it is not yours to pass on" in proposed.whispers_to("U_BEN")[-1]


# -------------------------------------------------------------------------------- ask somebody else


def test_ann_asks_otto_besides_and_both_must_agree(proposed: House) -> None:
    form = pressed(proposed, "U_ANN", Action.ADD_APPROVER)
    done = proposed.submit("U_ANN", form, colleague("U_OTTO"), view_id="V_ADD")
    again = proposed.submit("U_ANN", form, colleague("U_OTTO"), view_id="V_ADD")
    proposed.send()

    assert "Otto is asked about UC-1 as well. Nobody else was replaced." in said(done)
    assert said(again) == said(done)
    assert waits_for(proposed) == {"U_ANN", "U_OTTO"}
    card = proposed.posts_to("U_OTTO")[0]
    proposed.press("U_OTTO", Action.APPROVE, buttons(card)["Approve"])
    assert waits_for(proposed) == {"U_ANN"}


def test_somebody_asked_by_name_cannot_pass_it_on_and_can_ask_one_more(proposed: House) -> None:
    form = pressed(proposed, "U_ANN", Action.ADD_APPROVER)
    proposed.submit("U_ANN", form, colleague("U_OTTO"))
    assert "Pass it on" not in offered(proposed, "U_OTTO")
    assert "Ask somebody else" in offered(proposed, "U_OTTO")

    proposed.press("U_OTTO", Action.HAND_ON, str(proposed.request_id()))
    proposed.send()

    assert "You were asked by name" in proposed.whispers_to("U_OTTO")[-1]


@pytest.mark.parametrize(
    ("who", "says"),
    [
        ("U_ANN", "is asked about UC-1 already"),
        ("U_PRIYA", "They may not decide on UC-1"),
        ("U_SAM", "Choose a full member"),
    ],
    ids=["asked already", "the proposer", "a guest"],
)
def test_who_cannot_be_asked_besides_stands_at_the_field(proposed: House, who: str, says: str) -> None:
    form = pressed(proposed, "U_LEA", Action.ADD_APPROVER)

    assert says in errors(proposed.submit("U_LEA", form, colleague(who)))[Block.COLLEAGUE]
    assert waits_for(proposed) == {"U_ANN"}


def test_the_proposer_is_offered_neither_and_is_refused_before_typing_a_word(proposed: House) -> None:
    assert not {"Pass it on", "Ask somebody else", "Ask a question"} & offered(proposed, "U_PRIYA")
    windows = len(proposed.world.opened)

    for action in (Action.HAND_ON, Action.ADD_APPROVER):
        proposed.press("U_PRIYA", action, str(proposed.request_id()))
        proposed.send()
        assert "Only somebody with a part in UC-1 can do that" in proposed.whispers_to("U_PRIYA")[-1]
    assert len(proposed.world.opened) == windows


# ------------------------------------------------------------------- who has no business with it

PRESSES = (Action.ASK, Action.NUDGE, Action.WITHDRAW, Action.HAND_ON, Action.ADD_APPROVER)


@pytest.mark.parametrize("action", PRESSES)
@pytest.mark.parametrize("who", ["U_SAM", "U_TIM"], ids=["a guest", "a stranger"])
def test_guests_and_strangers_are_turned_away_at_every_button(proposed: House, who: str, action: Action) -> None:
    proposed.press(who, action, str(proposed.request_id()))
    proposed.send()

    [answer] = proposed.whispers_to(who)
    assert "full members" in answer
    assert "UC-1" not in answer
    assert proposed.world.opened == []


@pytest.mark.parametrize("who", ["U_SAM", "U_TIM"], ids=["a guest", "a stranger"])
def test_guests_and_strangers_are_turned_away_at_every_form(proposed: House, who: str) -> None:
    for action, values in (
        (Action.ASK, question("Let me in?")),
        (Action.HAND_ON, colleague("U_LEA", f"{proposed.ballot().partition('.')[0]}.U_ANN")),
        (Action.ADD_APPROVER, colleague("U_LEA")),
    ):
        form = pressed(proposed, "U_ANN", action)
        assert "full members" in said(proposed.submit(who, form, values))
    assert waits_for(proposed) == {"U_ANN"}
    assert "approval.question_asked" not in proposed.facts()


@pytest.mark.parametrize("action", PRESSES)
def test_a_colleague_with_no_part_in_it_can_do_nothing_with_it(proposed: House, action: Action) -> None:
    proposed.press("U_OTTO", action, str(proposed.request_id()))
    proposed.send()

    assert "Only somebody with a part in UC-1 can do that" in proposed.whispers_to("U_OTTO")[-1]
    assert waits_for(proposed) == {"U_ANN"}


@pytest.mark.parametrize("action", [*PRESSES, Action.OPEN])
def test_of_a_confidential_request_others_hear_what_they_hear_of_none(confidential: House, action: Action) -> None:
    opened_before = len(confidential.world.opened)

    confidential.press("U_OTTO", action, str(confidential.request_id()))
    confidential.send()

    assert confidential.whispers_to("U_OTTO") == ["That request does not exist any more. Nothing was changed."]
    assert len(confidential.world.opened) == opened_before


@pytest.mark.parametrize("action", [Action.APPROVE, Action.REQUEST_CHANGES, Action.REJECT])
def test_nor_by_the_buttons_of_a_vote(confidential: House, action: Action) -> None:
    confidential.press("U_OTTO", action, confidential.ballot())
    confidential.send()

    assert confidential.whispers_to("U_OTTO") == ["That request does not exist any more. Nothing was changed."]


def test_nor_by_a_form_somebody_else_opened(confidential: House) -> None:
    ask(confidential, "Why now?")
    confidential.send()
    answer_to = buttons(confidential.posts_to("U_PRIYA")[0])["Answer"]
    confidential.press("U_PRIYA", Action.ANSWER, answer_to)
    answer_form = confidential.world.opened[-1]
    pass_on, add = (pressed(confidential, "U_ANN", each) for each in (Action.HAND_ON, Action.ADD_APPROVER))
    [seat] = seats_in(pass_on).values()

    for form, values in (
        (pressed(confidential, "U_ANN", Action.ASK), question("What is it?")),
        (answer_form, question("Mine.")),
        (pass_on, colleague("U_LEA", seat)),
        (add, colleague("U_LEA")),
    ):
        assert "That request does not exist any more." in said(confidential.submit("U_OTTO", form, values))

    confidential.press("U_OTTO", Action.ANSWER, answer_to)
    confidential.send()
    assert "does not exist" in confidential.whispers_to("U_OTTO")[-1]


def test_whoever_is_asked_besides_about_a_confidential_request_may_read_it(confidential: House) -> None:
    form = pressed(confidential, "U_ANN", Action.ADD_APPROVER)
    confidential.submit("U_ANN", form, colleague("U_OTTO"))

    assert "six hours" in words(opened(confidential, "U_OTTO"))


def test_a_request_that_ended_can_no_longer_be_asked_about_or_passed_on(proposed: House) -> None:
    forms = {each: pressed(proposed, "U_ANN", each) for each in (Action.ASK, Action.HAND_ON, Action.ADD_APPROVER)}
    [seat] = seats_in(forms[Action.HAND_ON]).values()
    proposed.grant("governance", "U_BEN")
    proposed.press("U_PRIYA", Action.WITHDRAW, str(proposed.request_id()))

    for action, values in (
        (Action.ASK, question("Why?")),
        (Action.HAND_ON, colleague("U_BEN", seat)),
        (Action.ADD_APPROVER, colleague("U_BEN")),
    ):
        assert "Withdrawn" in said(proposed.submit("U_ANN", forms[action], values))


def test_what_is_typed_is_shown_as_words_and_pages_nobody(proposed: House) -> None:
    ask(proposed, "<!channel> *Approved* by Ann <https://evil.example|here>")
    proposed.send()

    [asked] = proposed.posts_to("U_PRIYA")
    assert "<!channel>" not in asked.text
    assert "*Approved*" not in asked.text
    assert "&lt;!channel&gt;" in asked.text


def test_a_role_with_stages_passes_on_only_where_it_is_asked_now(house: House) -> None:
    put_in_force(house, policy_text(stage("one", lane("first", "governance")), stage("two", lane("second", "board"))))
    hire(house, "U_LEA", "lead")
    house.grant("board", "U_BEN")
    house.propose()

    assert set(seats_in(pressed(house, "U_LEA", Action.HAND_ON))) == {"Ann, First"}
    assert "Pass it on" not in offered(house, "U_BEN")
