"""A use case from an empty form to the council's approval."""

import pytest
from playwright.sync_api import expect

from tests.stories.people import (
    ANN,
    CLAIRE,
    COUNCIL,
    DAVID,
    DIFFERS,
    GOVERNANCE,
    GRACE,
    HIGH,
    LOW,
    NADIA,
    OMAR,
    PRIYA,
    RUTH,
    YUKI,
    Answers,
    Window,
)

pytestmark = [pytest.mark.story, pytest.mark.browser]

NAME = "Draft answers to complaints about compensation"
COMPENSATION: Answers = {
    **HIGH,
    "Name": NAME,
    "Which problem does it solve?": (
        "Answering a complaint about compensation takes a handler three hours. Sixty a week arrive, "
        "and people in need wait two weeks for a letter."
    ),
    "Sponsor": "Sofia Martins",
    "What is its output used for?": "Drafting text, code or pictures",
    "Does it work in any of these areas?": ("Credit, prices or insurance for a person",),
}
DIFFERENT = "Theirs is about payments; ours writes about money owed to customers."
BETTER = "Handlers answer in one day instead of two weeks, and a letter is checked by two of them."


def test_priya_brings_a_high_case_through_the_specialists_and_the_council(window: Window) -> None:
    earlier = window.propose(
        YUKI,
        LOW,
        name="Draft answers to complaints about late payments",
        problem="Answering a complaint about a late payment takes a handler three hours. Twenty a week arrive.",
    )
    reference = _propose(window, earlier)
    _specialists_look(window, reference)
    _ann_asks_for_changes(window, reference)
    _priya_changes_it(window, reference)
    _only_those_asked_again_decide(window, reference)
    _council_decides(window, reference)
    _everybody_hears(window, reference)


def _propose(window: Window, earlier: str) -> str:
    """Fill in step after step, go back once, leave once, and send what the preview shows."""
    dialog = window.dialog()
    window.be(PRIYA)
    window.type("/usecase new")
    expect(dialog).to_be_visible()
    window.picture("intake-1-idea-empty")
    window.enter(COMPENSATION)
    window.picture("intake-1-idea")
    window.go_on()
    expect(dialog).to_contain_text(f"{earlier} “Draft answers to complaints about late payments”")
    window.picture("intake-2-similar")
    window.answer(DIFFERS, DIFFERENT)
    window.go_on()
    window.picture("intake-3-facts-empty")
    window.enter(COMPENSATION)
    window.picture("intake-3-facts")

    window.go_on(by="Back")
    expect(window.field(DIFFERS)).to_have_value(DIFFERENT)
    window.go_on()
    expect(window.choices("Whom does its output affect?")).to_contain_text("Customers")
    expect(window.field("Where is the data processed?")).to_have_value("third_party")
    window.go_on()
    window.enter(COMPENSATION)
    window.picture("intake-4-details")
    window.go_on()
    window.leave()

    window.open_home(PRIYA)
    window.picture("home-proposer-draft")
    window.button(f"Continue {NAME}").click()
    expect(dialog).to_contain_text("What it brings")
    window.picture("intake-5-value-empty")
    window.enter(COMPENSATION)
    window.picture("intake-5-value")
    window.go_on()
    for told in (
        "High tier",
        "It touches people who cannot easily defend themselves. (Children or people who depend on us)",
        "AI governance: Ann Lindqvist or Zanele Dube",
        "Information security: Carmen Ortiz or David Levi",
        "at least 2 of them",
        "asked in their channel",
        "a vendor",
    ):
        expect(dialog).to_contain_text(told, ignore_case=True)
    window.picture("intake-6-preview")
    reference = window.send()
    expect(dialog).to_contain_text("Ann Lindqvist")
    window.picture("intake-7-sent")
    return reference


def _specialists_look(window: Window, reference: str) -> None:
    """One approves in the direct message, one from Home, one after reading it all."""
    window.read_dms(CLAIRE)
    card = window.card(reference)
    expect(card.get_by_role("button", name=f"Approve {reference}")).to_be_visible()
    window.picture("approver-card")
    card.get_by_role("button", name=f"Approve {reference}").click()
    expect(card.get_by_role("button", name=f"Approve {reference}")).to_have_count(0)
    window.picture("approver-card-approved")

    window.open_home(DAVID)
    window.picture("home-approver")
    window.button(f"Decide on {reference}").click()
    _ballot(window, "Approve")

    window.read_dms(RUTH)
    window.card(reference).get_by_role("button", name=f"Read all of {reference}").click()
    expect(window.dialog()).to_contain_text("Northlight Digest 2")
    window.picture("opened-with-ballot")
    _ballot(window, "Approve")

    window.read_dms(NADIA)
    window.card(reference).get_by_role("button", name=f"Approve {reference}").click()
    expect(window.card(reference)).to_contain_text("Risk: approved")


def _ann_asks_for_changes(window: Window, reference: str) -> None:
    window.read_dms(ANN)
    window.card(reference).get_by_role("button", name=f"Request changes to {reference}").click()
    window.picture("request-changes")
    window.dialog().get_by_label("What should change?").fill(
        "Say what gets better for the customers, not only how fast."
    )
    window.press("Request changes")
    expect(window.dialog()).to_contain_text("Your decision is stored")
    window.leave()
    expect(window.card(reference)).to_contain_text("Changes requested by Ann Lindqvist")
    window.picture("approver-card-changes-requested")


def _priya_changes_it(window: Window, reference: str) -> None:
    """Change what gets better, which Governance and Risk look at, and nothing else."""
    window.read_dms(PRIYA)
    news = window.card(reference)
    expect(news).to_contain_text("not only how fast")
    window.picture("proposer-told-changes")
    news.get_by_role("button", name=f"Edit {reference}").click()
    expect(window.dialog()).to_contain_text(f"Edit {reference}")
    window.go_through({DIFFERS: DIFFERENT, "What gets better, and for whom?": BETTER})
    window.picture("edit-preview")
    assert window.send("Send again") == reference
    for asked in ("Ann Lindqvist", "Henrik Lund", "Nadia Rahman", "Zanele Dube"):
        expect(window.dialog()).to_contain_text(asked)
    for kept in ("Claire Moreau", "David Levi", "Ruth Adler"):
        expect(window.dialog()).not_to_contain_text(kept)


def _only_those_asked_again_decide(window: Window, reference: str) -> None:
    """Privacy, Legal and Security keep what they said; Governance and Risk decide anew."""
    window.read_dms(CLAIRE)
    expect(window.card(reference)).to_contain_text(
        "Privacy: approved by Claire Moreau. Nothing it looks at has changed since."
    )
    expect(window.card(reference).get_by_role("button", name=f"Approve {reference}")).to_have_count(0)
    window.read_dms(ANN)
    expect(window.card(reference)).to_contain_text("two of them")
    window.picture("approver-card-resubmitted")
    for who in (ANN, NADIA):
        window.read_dms(who)
        window.card(reference).get_by_role("button", name=f"Approve {reference}").click()
        expect(window.card(reference).get_by_role("button", name=f"Approve {reference}")).to_have_count(0)
    expect(window.card(reference)).to_contain_text("AI council")


def _council_decides(window: Window, reference: str) -> None:
    """Two of six approve, by the one card in the council's channel."""
    for who, count in ((GRACE, "1 of 2 approved"), (OMAR, "Approved")):
        window.be(who, channel=COUNCIL)
        expect(window.page.get_by_role("article").filter(has_text=reference)).to_have_count(1)
        window.picture(f"council-card-{count[:1]}")
        window.card(reference).get_by_role("button", name=f"Open {reference}").click()
        _ballot(window, "Approve")
        expect(window.card(reference)).to_contain_text(count)
    expect(window.card(reference).get_by_role("button")).to_have_count(0)


def _everybody_hears(window: Window, reference: str) -> None:
    window.read_dms(PRIYA)
    expect(window.card(reference)).to_contain_text("Approved by Omar Haddad")
    window.picture("proposer-told-approved")
    window.card(reference).get_by_role("button", name=f"Open {reference}").click()
    for told in ("Privacy: Claire Moreau", "Risk: Nadia Rahman", "AI council: Grace Okafor", "AI council: Omar Haddad"):
        expect(window.dialog()).to_contain_text(told)
    window.picture("opened-approved")
    window.leave()
    window.be(ANN, channel=GOVERNANCE)
    expect(window.card(reference)).to_contain_text("Approved by Omar Haddad")
    expect(window.card(reference)).not_to_contain_text("compensation takes a handler")
    window.picture("governance-card-approved")
    window.open_home(PRIYA)
    expect(window.page.get_by_text("Approved by Omar Haddad", exact=False)).to_be_visible()
    window.picture("home-proposer")


def _ballot(window: Window, decision: str) -> None:
    window.dialog().get_by_role("radio", name=decision).check()
    window.press("Send decision")
    expect(window.dialog()).to_contain_text("Your decision is stored")
    window.leave()
