"""Approvals come to their end: an owner says that one still holds, another is silent, and a lead asks many at once."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests.stories.people import ANN, CLAIRE, MAREK, MIRA, PRIYA, Company, Window
from workflows import policy

pytestmark = [pytest.mark.story, pytest.mark.browser]
SHORT = re.sub(r"medium: {months: 12", "medium: {months: 2", policy.default_text())
"""The shipped policy, but what is medium is asked about after a month: a year would pass too slowly here."""


@pytest.fixture(scope="module", autouse=True)
def short_validity(company: Company) -> None:
    """Put the policy in force with the product's own command; nobody is asked for numbers, which is another story."""
    file = company.folder / "short.yml"
    file.write_text(SHORT, encoding="utf-8")
    company.gatehouse("policy", "apply", str(file))
    company.gatehouse("settings", "set", "check-ins-from", "deployment")


def test_what_is_confirmed_goes_on_what_is_silent_stops_and_a_lead_sees_both(window: Window) -> None:
    kept = approved(window, name="Sort letters by urgency", problem="Urgent letters wait with the others.")
    lost = approved(window, name="Count the letters", problem="Nobody knows how many letters come.")
    window.open_home(MAREK)
    expect(window.page.get_by_text(re.compile("Approved until")).first).to_be_visible()
    window.company.pass_days(35)

    window.read_dms(MAREK)
    expect(window.card(kept)).to_contain_text("is it still done as it was approved?")
    window.picture("recertify-asked")
    window.open_home(MAREK)
    expect(window.page.get_by_role("heading", name="Does this still hold?")).to_be_visible()
    window.picture("recertify-home")
    window.button(f"Still valid: {kept}, Sort letters by urgency").first.click()
    expect(window.dialog()).to_contain_text("is done today as it stands below")
    expect(window.dialog()).to_contain_text("Its approval is renewed until")
    window.picture("recertify-confirm")
    window.press("Still valid")
    expect(window.dialog()).to_contain_text("is approved until")
    window.picture("recertify-renewed")
    window.leave()

    window.company.pass_days(32)
    window.read_dms(MAREK)
    expect(window.card(lost)).to_contain_text("its approval has ended and nobody renewed it")
    window.picture("recertify-lapsed")
    window.card(lost).get_by_role("button", name=f"Still valid: {lost}").click()
    expect(window.dialog()).to_contain_text("Its approval has lapsed, so people have to give it anew.")
    window.press("Still valid")
    expect(window.dialog()).to_contain_text("now.")
    window.picture("recertify-sent-on")
    window.leave()
    for who in (ANN, CLAIRE):
        window.read_dms(who)
        window.picture(f"recertify-card-{'ann' if who == ANN else 'claire'}")
        approve(window, lost)
    window.read_dms(MAREK)
    expect(window.card(lost)).to_contain_text("may be used again")


def test_a_lead_asks_the_owners_of_a_tier_and_sees_who_has_answered(window: Window) -> None:
    first = approved(window, name="Weigh the parcels", problem="Parcels are weighed by hand.")
    approved(window, name="Stamp the parcels", problem="Parcels are stamped by hand.")
    approved(window, name="Send the parcels", problem="Parcels are sent by hand.")

    window.open_home(MIRA)
    window.button("Ask owners again").click()
    window.answer("Tier", "Medium tier")
    due = date.fromisoformat(window.company.in_days(20)) + timedelta(days=1)
    window.field("To be answered by").fill(due.isoformat())
    window.picture("campaign-form")
    window.press("Next")
    expect(window.dialog()).to_contain_text("of 1 owner")
    window.picture("campaign-reach")
    window.press("Ask them")
    expect(window.dialog()).to_contain_text("Home shows who has answered")
    window.leave()

    window.company.pass_days(3)
    window.open_home(MAREK)
    window.button(f"Still valid: {first}, Weigh the parcels").first.click()
    window.press("Still valid")
    expect(window.dialog()).to_contain_text("is approved until")
    window.leave()
    window.button(re.compile("Retire UC-.*Stamp")).first.click()
    window.answer("Why is it retired?", "The post office does it now.")
    window.picture("retire-form")
    window.press("Retire")
    expect(window.dialog()).to_contain_text("is retired")
    window.leave()

    window.open_home(MIRA)
    expect(window.page.get_by_text(re.compile("1 still valid, .*1 retired")).first).to_be_visible()
    window.picture("campaign-progress")
    window.button("Who has not answered").first.click()
    expect(window.dialog()).to_contain_text("Not answered yet")
    window.picture("campaign-open")


def approved(window: Window, **says: str) -> str:
    reference = window.propose(PRIYA, **says)
    window.leave()
    for who in (ANN, CLAIRE):
        window.read_dms(who)
        approve(window, reference)
    return reference


def approve(window: Window, reference: str) -> None:
    card = window.card(reference)
    card.get_by_role("button", name=f"Approve {reference}").click()
    expect(window.card(reference).get_by_role("button", name=f"Approve {reference}")).to_have_count(0)
