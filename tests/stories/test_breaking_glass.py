"""Something cannot wait for its decision: two named people let it go ahead, and everybody it goes past is told."""

import pytest
from playwright.sync_api import expect

from tests.stories.people import ANN, CLAIRE, GOVERNANCE, MIRA, PRIYA, Window

pytestmark = [pytest.mark.story, pytest.mark.browser]

HANNAH, NOOR = "U0HANNAHWEISS", "U0NOORJANSEN"
WHY = "The flood has closed the contact centre, and a thousand letters must be read by tonight."


def test_two_let_it_go_ahead_and_it_stops_by_itself_until_the_chain_approves(window: Window) -> None:
    reference = window.propose(PRIYA, name="Sort flood letters", problem="Nobody can read a thousand letters by hand.")
    called_by_hannah(window, reference)
    agreed_by_noor(window, reference)
    everybody_reads_it(window, reference)
    window.company.pass_days(1)
    window.read_dms(PRIYA)
    expect(window.page.get_by_text("its time by break-glass is over").last).to_be_visible()
    window.picture("break-glass-over")
    for who in (ANN, CLAIRE):
        window.read_dms(who)
        card = window.page.get_by_role("article").filter(has=window.button(f"Approve {reference}")).last
        card.get_by_role("button", name=f"Approve {reference}").click()
        expect(window.button(f"Approve {reference}")).to_have_count(0)
    window.open_home(PRIYA)
    expect(window.page.get_by_text("Approved by").first).to_be_visible()
    window.open_home(MIRA)
    expect(window.page.get_by_text("Break-glass: 1 in the last 90 days, 1 not approved in time.")).to_be_visible()
    window.picture("break-glass-home-lead")
    window.be(MIRA)
    window.type("/gatehouse break-glass")
    expect(window.page.get_by_text("Not approved in time, suspended").last).to_be_visible()
    window.picture("break-glass-list")


def called_by_hannah(window: Window, reference: str) -> None:
    window.be(HANNAH)
    window.type(f"/usecase {reference}")
    expect(window.page.get_by_text("Nobody can read a thousand letters").last).to_be_visible()
    window.picture("break-glass-found")
    window.button(f"Break glass: {reference}, Sort flood letters").last.click()
    expect(window.dialog()).to_contain_text("before it is approved")
    window.answer("Why can it not wait for its decision?", "Urgent")
    window.press("Ask them")
    expect(window.dialog()).to_contain_text("Say in at least 5 words")
    window.answer("Why can it not wait for its decision?", WHY)
    window.answer("For how many hours?", "8")
    window.picture("break-glass-form")
    window.press("Ask them")
    expect(window.dialog()).to_contain_text("Noor Jansen is asked to agree")
    window.picture("break-glass-called")
    window.leave()
    window.open_home(HANNAH)
    expect(window.page.get_by_text("It waits for Noor Jansen")).to_be_visible()
    window.picture("break-glass-home-caller")


def agreed_by_noor(window: Window, reference: str) -> None:
    window.open_home(NOOR)
    expect(window.page.get_by_text("asks you to let")).to_be_visible()
    window.picture("break-glass-home-second")
    window.read_dms(NOOR)
    asked = window.card(reference)
    expect(asked).to_contain_text(WHY)
    window.picture("break-glass-asked")
    asked.get_by_role("button", name=f"Read all of {reference}").click()
    expect(window.dialog()).to_contain_text("Hannah Weiß asks you")
    window.picture("break-glass-opened")
    window.leave()
    asked.get_by_role("button", name=f"Agree: {reference}, Sort flood letters", exact=True).click()
    window.picture("break-glass-confirm")
    window.confirm("Agree")
    expect(window.page.get_by_text(f"{reference} is in use until").last).to_be_visible()
    window.picture("break-glass-agreed")


def everybody_reads_it(window: Window, reference: str) -> None:
    window.read_dms(CLAIRE)
    expect(window.card(reference)).to_contain_text("Hannah Weiß and Noor Jansen let")
    card = window.page.get_by_role("article").filter(has=window.button(f"Approve {reference}")).last
    expect(card).to_contain_text("In use by break-glass until")
    window.picture("break-glass-card")
    window.be(ANN, channel=GOVERNANCE)
    expect(window.card(reference)).to_contain_text("In use by break-glass until")
    expect(window.card(reference)).not_to_contain_text("flood has closed")
    window.picture("break-glass-channel")
    window.open_home(PRIYA)
    expect(window.page.get_by_text("In use by break-glass until").first).to_be_visible()
    window.picture("break-glass-home-proposer")
