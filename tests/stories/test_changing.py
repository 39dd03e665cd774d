"""Something approved is to be changed: the approval holds meanwhile, and only those it concerns look again."""

import pytest
from playwright.sync_api import expect

from tests.stories.people import ANN, CLAIRE, PRIYA, Window

pytestmark = [pytest.mark.story, pytest.mark.browser]


def test_the_approval_holds_while_one_of_two_lanes_looks_at_the_change(window: Window) -> None:
    reference = window.propose(PRIYA, name="Sort letters by urgency", problem="Urgent letters wait with the others.")
    for who in (ANN, CLAIRE):
        approve(window, who, reference)

    window.open_home(PRIYA)
    window.button(f"Request a change: {reference}, Sort letters by urgency").click()
    expect(window.dialog().get_by_role("heading", name=f"Change {reference} (1 of")).to_be_visible()
    window.picture("change-form")
    window.go_through({"Target": "2"})
    preview = window.dialog()
    expect(preview).to_contain_text("It stays approved as it is until this change is decided.")
    expect(preview).to_contain_text("Privacy: ✅ approved before, and nothing it looks at is changed")
    window.picture("change-preview")
    assert window.send("Send the change") == reference
    expect(window.dialog()).to_contain_text("It stays approved as it was until the change is approved.")
    window.picture("change-sent")
    window.leave()
    expect(window.page.get_by_text("Change in review:").first).to_be_visible()
    window.picture("home-with-change")

    window.read_dms(ANN)
    card = window.card(reference)
    expect(card).to_contain_text("What would change")
    expect(card).to_contain_text("Approved by Privacy")
    window.picture("change-card")
    approve(window, ANN, reference)

    window.read_dms(PRIYA)
    expect(window.card(reference)).to_contain_text("Change approved")
    window.picture("change-approved")
    window.type(f"/usecase {reference}")
    expect(window.page.get_by_text("from 6 to 2 hours").last).to_be_visible()


def approve(window: Window, who: str, reference: str) -> None:
    window.read_dms(who)
    window.card(reference).get_by_role("button", name=f"Approve {reference}").click()
    expect(window.card(reference).get_by_role("button", name=f"Approve {reference}")).to_have_count(0)
