"""Ways into a proposal and out of it: mistakes, the policy's refusal, messages, shortcuts, joining, secrets."""

import re

import pytest
from playwright.sync_api import expect

from tests.stories.people import (
    ANN,
    BASICS,
    ELENA,
    FACTS,
    GOVERNANCE,
    LOW,
    MAREK,
    MEDIUM,
    PRIYA,
    VALUE,
    YUKI,
    Answers,
    Window,
)

pytestmark = [pytest.mark.story, pytest.mark.browser]

REQUIRED = "Please complete this required field."
STEERS: Answers = {
    **LOW,
    "Name": "Nudge callers to pay sooner",
    "Which problem does it solve?": "Callers put off their payments, and the words we use do not move them.",
    "Does it do any of this?": ("Steers people without their noticing",),
}
LETTERS: Answers = {**LOW, "Name": "Sort incoming letters"}


def test_what_is_wrong_stands_at_its_field_and_a_draft_can_be_thrown_away(window: Window) -> None:
    dialog = window.dialog()
    window.be(PRIYA)
    window.type("/usecase new")
    expect(dialog).to_be_visible()
    window.press("Next")
    expect(dialog.get_by_text(REQUIRED)).to_have_count(len(BASICS))
    window.picture("wrong-nothing-filled")
    window.enter({**BASICS, "Name": "   ", "Owner": "Elena Duarte", "Sponsor": "Elena Duarte"})
    window.press("Next")
    for told in (
        "Give the use case a name people will recognise.",
        "guests, apps and others cannot answer for it once it runs",
        "guests, apps and others cannot sponsor it",
    ):
        expect(dialog).to_contain_text(told)
    expect(window.field("Business objective it serves")).to_have_value(
        re.compile("Answer complaints within five days$")
    )
    window.picture("wrong-people")
    window.enter(BASICS)
    window.go_on()

    window.enter({**FACTS, "Does it do any of this?": ("None of these", "I do not know")})
    window.press("Next")
    expect(dialog).to_contain_text("“None of these” cannot be chosen together with another answer.")
    window.enter(FACTS)
    window.go_on()

    wrong = {"What does it produce?": " ", "Where does it stand today?": "about six", "Target": "1,234"}
    window.enter({**VALUE, **wrong, "To be reached by": window.company.in_days(-3)})
    window.press("Next")
    for told in (
        "Say what it produces",
        "“about six” is not one number. Type a number like 12, 1234.5 or 12 %.",
        "“1,234” can be read in two ways. Type 1234, or 1.2340.",
        "This day has passed; choose one to come.",
    ):
        expect(dialog).to_contain_text(told)
    window.picture("wrong-numbers")
    window.enter({**VALUE, "Target": "9"})
    window.press("Next")
    expect(dialog).to_contain_text("It should go down, but this target lies the other way from where it stands today.")
    window.enter(VALUE)
    window.go_on()
    window.leave()

    window.open_home(PRIYA)
    discard = window.button("Discard Summarise complaint files")
    discard.click()
    window.confirm("Not now")
    expect(discard).to_be_visible()
    discard.click()
    window.confirm("Discard")
    expect(discard).to_have_count(0)


def test_what_nobody_may_do_is_refused_before_and_after_it_is_sent_and_corrected(window: Window) -> None:
    dialog = window.dialog()
    window.be(PRIYA)
    window.type("/usecase new")
    expect(dialog).to_be_visible()
    window.go_through(STEERS)
    expect(dialog).to_contain_text("The policy refuses this")
    window.picture("prohibited-preview")
    reference = window.send()
    expect(dialog).to_contain_text("is refused by the policy")
    window.picture("prohibited-sent")

    window.open_home(PRIYA)
    window.picture("home-proposer-refused")
    window.read_dms(PRIYA)
    expect(window.card(reference)).to_contain_text("Rejected by the policy")
    window.picture("proposer-told-prohibited")
    window.card(reference).get_by_role("button", name=f"Correct it: {reference}").click()
    expect(dialog).to_contain_text(f"Edit {reference}")
    window.go_through({"Does it do any of this?": ("None of these",)})
    expect(dialog).to_contain_text("The policy approves this by itself")
    expect(dialog).to_contain_text("Low tier")
    window.picture("low-preview")
    assert window.send("Send again") == reference
    expect(dialog).to_contain_text("is approved")
    window.picture("low-sent")
    window.be(ANN, channel=GOVERNANCE)
    expect(window.card(reference)).to_contain_text("Approved by the policy")


def test_a_message_becomes_a_use_case_and_somebody_with_the_same_idea_joins_it(window: Window) -> None:
    dialog = window.dialog()
    window.be(MAREK)
    window.type("Two people open and sort three hundred letters by hand every morning & *nobody* likes it.")
    message = window.page.get_by_role("article").filter(has_text="three hundred letters")
    expect(message).to_be_visible()
    window.be(PRIYA)
    message.hover()
    message.get_by_label("More actions").click()
    message.get_by_role("button", name="Turn into a use case").click()
    problem = window.field("Which problem does it solve?")
    expect(problem).to_have_value(re.compile("^Two people open and sort three hundred letters"))
    expect(dialog.get_by_role("link", name="read it in Slack")).to_be_visible()
    window.picture("intake-from-message")
    window.go_through({label: answer for label, answer in LETTERS.items() if label != "Which problem does it solve?"})
    reference = window.send()

    window.be(YUKI)
    window.page.get_by_label("Shortcuts").click()
    window.button("Propose an AI use case").click()
    expect(dialog).to_be_visible()
    window.enter({**LETTERS, "Which problem does it solve?": "Two people sort hundreds of letters by hand every day."})
    window.go_on()
    expect(dialog).to_contain_text(f"{reference} “Sort incoming letters”")
    window.press(f"Join {reference}, Sort incoming letters")
    window.picture("join-confirm")
    window.confirm(f"Join {reference}")
    expect(dialog).to_contain_text("They were told that you would like to join")
    window.picture("join-done")
    window.read_dms(MAREK)
    expect(window.card(reference)).to_contain_text("Yuki Tanaka would like to join")
    window.picture("owner-told-of-joining")


def test_a_confidential_case_does_not_exist_for_somebody_without_a_part_in_it(window: Window) -> None:
    secret = {
        **MEDIUM,
        "Name": "Forecast which branches close",
        "Which problem does it solve?": "The board decides in spring which branches close, and forecasts by hand.",
        "Who may know of it?": ("Confidential: only those who decide on it or answer for it",),
    }
    window.be(PRIYA)
    window.type("/usecase new")
    expect(window.dialog()).to_be_visible()
    window.go_through(secret)
    window.picture("confidential-preview")
    reference = window.send()

    window.be(YUKI)
    window.type(f"/usecase {reference}")
    expect(window.page.get_by_text(f"There is no use case {reference}", exact=False)).to_be_visible()
    window.type("/usecase new")
    expect(window.dialog()).to_be_visible()
    window.enter({**secret, "Team that will use it": "Treasury"})
    window.go_on()
    expect(window.dialog()).to_contain_text("What it touches")

    window.read_dms(ANN)
    expect(window.card(reference)).to_contain_text("Only those involved know of it")
    window.be(ANN, channel=GOVERNANCE)
    expect(window.page.get_by_text("Forecast which branches close")).to_have_count(0)


def test_the_command_answers_privately_and_a_guest_is_refused(window: Window) -> None:
    reference = window.propose(
        PRIYA, name="Sort credit files", problem="Credit files lie in the wrong folder for weeks."
    )
    window.be(PRIYA)
    for text, answer in (
        ("/usecase help", "What you can type"),
        ("/usecase", "Waiting for you"),
        (f"/usecase {reference}", "Complaints handling"),
        ("/usecase UC-999", "There is no use case"),
    ):
        window.type(text)
        expect(window.page.get_by_text(answer, exact=False).last).to_be_visible()
    window.picture("command-answers")
    window.be(YUKI)
    expect(window.page.get_by_text("What you can type")).to_have_count(0)
    window.type(f"/usecase {reference}")
    expect(window.page.get_by_text("Only the people involved see answers", exact=False)).to_be_visible()
    expect(window.page.get_by_text("Credit files lie", exact=False)).to_have_count(0)

    window.be(ELENA)
    window.type("/usecase new")
    expect(window.page.get_by_text("only full members", exact=False).last).to_be_visible()
    expect(window.dialog()).to_have_count(0)
