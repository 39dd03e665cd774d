"""An approver sets conditions; the owner meets one, is late with another, and everybody sees what follows."""

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.stories.people import ANN, CLAIRE, MAREK, PRIYA, Window

pytestmark = [pytest.mark.story, pytest.mark.browser]

SIGN, TRY = "Sign the data protection assessment", "Try it on ten old letters with the handlers"


def test_one_condition_is_met_and_another_too_late_suspends_until_it_is_met(window: Window) -> None:
    reference = approved_on_two_conditions(window)

    window.read_dms(MAREK)
    expect(window.card(reference)).to_contain_text("2 conditions are yours to meet")
    window.picture("conditions-told")
    window.open_home(MAREK)
    expect(window.page.get_by_role("heading", name="Conditions to meet")).to_be_visible()
    window.picture("home-conditions")
    give_evidence(window, SIGN, "https://docs.alder-bank.example/dpia-complaints", pictures=True)

    window.read_dms(ANN)
    asked = article(window, "is this condition met?")
    window.picture("conditions-evidence")
    asked.get_by_role("button", name=f"Accept the evidence: {SIGN}").click()
    expect(window.page.get_by_text("The evidence is accepted for AI governance.")).to_be_visible()

    window.company.pass_days(5)
    window.read_dms(MAREK)
    expect(article(window, "due tomorrow")).to_contain_text("A reminder:")
    expect(article(window, "a condition is overdue")).to_be_visible()
    expect(article(window, "is suspended: a condition it was approved under is overdue")).to_be_visible()
    window.picture("conditions-overdue")
    window.be(PRIYA)
    window.type(f"/usecase {reference}")
    expect(window.page.get_by_text("It is suspended until its overdue condition is met or waived.")).to_be_visible()
    window.picture("conditions-command")
    window.open_home(MAREK)
    window.picture("home-condition-overdue")
    give_evidence(window, TRY, "https://docs.alder-bank.example/ten-letters")

    window.open_home(ANN)
    window.picture("home-evidence")
    window.button(f"Look at the evidence: {TRY}").click()
    expect(window.dialog()).to_contain_text("is approved on this condition")
    window.picture("condition-opened")
    window.press(f"Accept the evidence: {TRY}")
    expect(window.dialog()).to_contain_text("The condition is met")
    window.leave()

    window.read_dms(MAREK)
    expect(article(window, "may be used again")).to_be_visible()
    window.picture("conditions-resumed")
    window.read_dms(ANN)
    expect(window.page.get_by_role("article").filter(has_text="Approved with conditions").first).to_contain_text(
        f"✅ “{SIGN}”: met"
    )


def approved_on_two_conditions(window: Window) -> str:
    """Let Ann approve what Priya proposes on two conditions, and Claire see them and approve; return its reference."""
    reference = window.propose(PRIYA, name="Answer complaints", problem="Every answer is written from nothing.")
    window.read_dms(ANN)
    window.picture("conditions-card")
    window.card(reference).get_by_role("button", name=f"Set conditions for {reference}").click()
    expect(window.dialog().get_by_role("heading", name=f"Approve {reference}")).to_be_visible()
    window.picture("conditions-form")
    fill(window, 0, SIGN, days=20, blocks="It may not be deployed before this is done")
    window.press("Add another condition")
    expect(window.dialog().get_by_role("heading", name="Condition 2")).to_be_visible()
    expect(nth(window, "What has to be done?", 0)).to_have_value(SIGN)
    fill(window, 1, TRY, days=4, blocks="It may start, and is suspended if this is late")
    window.picture("conditions-form-two")
    window.press("Approve with conditions")
    expect(window.dialog()).to_contain_text("Your decision is stored.")
    window.picture("conditions-set")
    window.leave()
    window.read_dms(CLAIRE)
    expect(window.card(reference)).to_contain_text(f"⏳ “{SIGN}”: Marek Nowak by")
    window.picture("conditions-card-of-another")
    window.card(reference).get_by_role("button", name=f"Set conditions for {reference}").click()
    expect(window.dialog().get_by_role("checkbox", name=re.compile(SIGN))).to_be_visible()
    window.picture("conditions-form-with-others")
    window.leave()
    window.card(reference).get_by_role("button", name=f"Approve {reference}").click()
    expect(window.card(reference)).to_contain_text("Approved with conditions")
    return reference


def give_evidence(window: Window, what: str, link: str, *, pictures: bool = False) -> None:
    window.button(f"Give evidence: {what}").first.click()
    expect(window.dialog().get_by_role("heading", name="Give evidence")).to_be_visible()
    window.field("Where it can be opened").fill(link)
    if pictures:
        window.picture("conditions-give-evidence")
    window.press("Give evidence")
    expect(window.dialog()).to_contain_text("Your evidence is stored")
    window.leave()


def fill(window: Window, number: int, what: str, *, days: int, blocks: str) -> None:
    nth(window, "What has to be done?", number).fill(what)
    nth(window, "By when?", number).fill(window.company.in_days(days))
    window.dialog().get_by_role("radio", name=blocks).nth(number).check()


def nth(window: Window, label: str, number: int) -> Locator:
    return window.dialog().get_by_label(re.compile(re.escape(label))).nth(number)


def article(window: Window, text: str) -> Locator:
    return window.page.get_by_role("article").filter(has_text=text).last
