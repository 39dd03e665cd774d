"""Somebody goes away and a colleague decides for them; and what somebody wrote who thought that it was a vote."""

import pytest
from playwright.sync_api import expect

from tests.stories.people import ANN, PRIYA, Window

pytestmark = [pytest.mark.story, pytest.mark.browser]

ARJUN = "U0ARJUNMEHTA"


def test_ann_is_away_arjun_decides_for_her_and_she_reads_of_it_when_she_is_back(window: Window) -> None:
    dialog = window.dialog()
    reference = window.propose(PRIYA, name="Read meter photographs", problem="Readings are typed by hand.")
    window.open_home(ANN)
    window.button("Say when you are away").click()
    window.picture("away-form")
    window.answer("Last day away", window.company.in_days(2))
    window.answer("Who decides for you meanwhile", "Arjun Mehta")
    window.press("Save")
    expect(dialog).to_contain_text("Arjun Mehta decides for you from now on")
    expect(dialog).to_contain_text("cannot pass it on")
    window.picture("away-said")
    window.leave()
    expect(window.page.get_by_text("You are away until")).to_be_visible()
    window.picture("home-away")

    window.read_dms(ARJUN)
    expect(window.page.get_by_role("article").filter(has_text="asked you to decide meanwhile").last).to_be_visible()
    card = window.card(reference)
    expect(card).to_contain_text("You decide for Ann Lindqvist")
    window.picture("delegate-asked")
    window.type("LGTM")
    answer = window.page.get_by_role("article").filter(has_text="A reply is not a vote")
    expect(answer).to_be_visible()
    window.picture("reply-is-no-vote")
    answer.get_by_role("button", name=f"Approve {reference}").click()
    expect(window.page.get_by_text("Your decision is stored.")).to_be_visible()

    window.be(ANN)
    window.type("/gatehouse back")
    expect(window.page.get_by_text("Arjun Mehta no longer decides for you").last).to_be_visible()
    window.picture("back-again")
    window.read_dms(ANN)
    summary = window.page.get_by_role("article").filter(has_text="While you were away")
    expect(summary).to_contain_text(f"Arjun Mehta approved {reference}")
    window.picture("summary")


def test_what_can_be_typed_is_said_and_a_mistake_with_an_example(window: Window) -> None:
    window.be(ANN)
    window.type("/gatehouse")
    expect(window.page.get_by_text("you are back, and nobody decides for you any more").last).to_be_visible()
    window.type("/gatehouse away until Friday")
    expect(window.page.get_by_text("is not a date I can read")).to_be_visible()
    last = window.company.in_days(3)
    window.type(f"/gatehouse away until {last} delegate @arjun")
    expect(window.page.get_by_text("Arjun Mehta decides for you from now on").last).to_be_visible()
    window.picture("away-by-command")
    window.type("/gatehouse back")
    expect(window.page.get_by_text("Arjun Mehta no longer decides for you").last).to_be_visible()
