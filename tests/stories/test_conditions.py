"""An approver sets conditions; the owner meets one, is late with another, and everybody sees what follows."""

import pytest
from playwright.sync_api import expect

from tests.stories.people import ANN, CLAIRE, MAREK, PRIYA, Window, soon

pytestmark = [pytest.mark.story, pytest.mark.browser]

NAME = "Answer letters of complaint"


def test_a_condition_is_met_and_another_comes_too_late(window: Window) -> None:
    company = window.company
    reference = window.propose(PRIYA, name=NAME, problem="Every answer is written from nothing.")
    window.read_dms(ANN)
    card = window.card(reference)
    window.picture("conditions-card")
    card.get_by_role("button", name=f"Set conditions for {reference}").click()
    expect(window.dialog().get_by_role("heading", name=f"Approve {reference}")).to_be_visible()
    window.picture("conditions-form")
    window.answer("What has to be done?", "Sign the data protection assessment")
    window.field("By when?").fill(company.in_days(20))
    window.press("Add another condition")
    expect(window.field("What has to be done? (optional)").or_(window.dialog().get_by_label("What has to be done?")).nth(1)).to_be_visible()
    window.picture("conditions-form-two")
