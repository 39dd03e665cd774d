import re

import pytest
from playwright.sync_api import expect

from tests.stories.people import ANN, ELENA, GOVERNANCE, MAREK, PRIYA, YUKI, Window

pytestmark = [pytest.mark.story, pytest.mark.browser]


def test_priya_proposes_and_ann_approves_it_from_her_direct_message(window: Window) -> None:
    window.be(PRIYA)
    window.picture("01-priya-before")
    window.type("/usecase new")
    expect(window.dialog()).to_be_visible()
    window.picture("02-form-empty")
    window.fill(name="Draft replies to routine complaints")
    window.picture("03-form-filled")
    window.dialog().get_by_role("button", name="Send for review").click()
    expect(window.dialog()).to_contain_text("Ann Lindqvist has it now")
    window.picture("04-form-sent")
    found = re.search(r"UC-\d+", window.dialog().inner_text())
    assert found
    reference = found.group()

    window.read_dms(ANN)
    card = window.card(reference)
    expect(card.get_by_role("button", name=f"Approve {reference}")).to_be_visible()
    window.picture("05-ann-asked")
    window.look(dark=True, narrow=True)
    window.picture("06-ann-asked-dark-narrow")
    window.look(narrow=True)
    window.picture("07-ann-asked-narrow")
    window.look()
    card.get_by_role("button", name=f"Approve {reference}").click()
    expect(card).to_contain_text("Approved by Ann Lindqvist")
    expect(card.get_by_role("button")).to_have_count(0)
    window.picture("08-ann-approved")

    window.be(ANN, channel=GOVERNANCE)
    expect(window.card(reference)).to_contain_text("Approved by Ann Lindqvist")
    expect(window.card(reference).get_by_role("button")).to_have_count(0)
    window.picture("09-governance-approved")

    window.read_dms(PRIYA)
    expect(window.card(reference)).to_contain_text("Approved by Ann Lindqvist")
    window.picture("10-priya-told")


def test_ann_rejects_with_a_reason_and_priya_reads_it(window: Window) -> None:
    reference = window.propose(PRIYA, name="Score customers by tone of voice")
    window.read_dms(ANN)
    window.card(reference).get_by_role("button", name=f"Reject {reference}").click()
    expect(window.dialog()).to_contain_text("This ends the request")
    window.dialog().get_by_role("button", name="Reject").click()
    expect(window.dialog()).to_be_visible()
    window.picture("11-reject-without-reason")
    window.dialog().get_by_label("Reason").fill("Tone of voice is no fair ground for a decision about a person.")
    window.picture("12-reject-with-reason")
    window.dialog().get_by_role("button", name="Reject").click()
    expect(window.dialog()).to_contain_text("Your decision is stored")
    window.picture("13-rejected")
    window.dialog().get_by_role("button", name="Close").last.click()
    expect(window.card(reference)).to_contain_text("Rejected by Ann Lindqvist")
    expect(window.card(reference).get_by_role("button")).to_have_count(0)

    window.read_dms(PRIYA)
    expect(window.card(reference)).to_contain_text("no fair ground for a decision")
    window.look(narrow=True)
    window.picture("14-priya-told-no-narrow")


def test_home_shows_each_person_their_queue_and_their_proposals(window: Window) -> None:
    window.open_home(YUKI)
    expect(window.page.get_by_text("Nothing waits for you.", exact=False)).to_be_visible()
    window.picture("20-home-newcomer")
    window.page.get_by_role("button", name="Propose a use case").click()
    expect(window.dialog()).to_be_visible()
    window.fill(name="Forecast cash positions")
    window.dialog().get_by_role("button", name="Send for review").click()
    expect(window.dialog()).to_contain_text("is in review")
    found = re.search(r"UC-\d+", window.dialog().inner_text())
    assert found
    reference = found.group()
    window.dialog().get_by_role("button", name="Close").last.click()
    expect(window.page.get_by_text("In review: Ann Lindqvist has it now")).to_be_visible()
    window.picture("21-home-proposer")

    window.open_home(ANN)
    expect(window.page.get_by_role("button", name=f"Decide on {reference}")).to_be_visible()
    window.picture("22-home-approver")
    window.look(dark=True, narrow=True)
    window.picture("23-home-approver-dark-narrow")
    window.look()
    window.page.get_by_role("button", name=f"Decide on {reference}").click()
    window.picture("24-decide-opened")
    window.dialog().get_by_role("radio", name="Approve").check()
    window.dialog().get_by_role("button", name="Send decision").click()
    expect(window.dialog()).to_contain_text("Your decision is stored")
    window.dialog().get_by_role("button", name="Close").last.click()
    expect(window.page.get_by_role("button", name=f"Decide on {reference}")).to_have_count(0)


def test_what_is_wrong_stands_at_its_field_and_the_text_stays(window: Window) -> None:
    window.be(PRIYA)
    window.type("/usecase new")
    expect(window.dialog()).to_be_visible()
    window.fill(owner="Elena Duarte", business="   ")
    window.dialog().get_by_role("button", name="Send for review").click()
    expect(window.dialog()).to_contain_text("Choose a full member of your organisation")
    expect(window.dialog().get_by_label("Name")).to_have_value("Summarise complaint files")
    window.picture("30-form-errors")
    window.look(dark=True, narrow=True)
    window.picture("31-form-errors-dark-narrow")


def test_a_guest_may_not_propose_and_is_told_so_privately(window: Window) -> None:
    window.be(ELENA)
    window.type("/usecase new")
    expect(window.page.get_by_text("only full members", exact=False).last).to_be_visible()
    expect(window.dialog()).to_have_count(0)
    window.picture("40-guest-refused")
    window.be(PRIYA)
    expect(window.page.get_by_text("only full members")).to_have_count(0)


def test_the_command_answers_privately(window: Window) -> None:
    reference = window.propose(PRIYA, name="Sort incoming post")
    window.be(PRIYA)
    for text, answer in (
        ("/usecase help", "What you can type"),
        ("/usecase", "Waiting for you"),
        (f"/usecase {reference}", "Complaints handling"),
        ("/usecase UC-999", "There is no use case"),
    ):
        window.type(text)
        expect(window.page.get_by_text(answer, exact=False).last).to_be_visible()
    window.picture("50-command-answers")
    window.be(MAREK)
    expect(window.page.get_by_text("What you can type")).to_have_count(0)
    window.be(YUKI)
    window.type(f"/usecase {reference}")
    expect(window.page.get_by_text("Only the people involved see answers", exact=False)).to_be_visible()
    expect(window.page.get_by_text("Answer complaints within five days")).to_have_count(0)


def test_ann_is_reminded_once_when_the_clock_moves_on_a_day(window: Window) -> None:
    reference = window.propose(PRIYA, name="Summarise credit files")
    window.company.post("/control/clock/advance", {"seconds": 25 * 3600})
    window.read_dms(ANN)
    reminders = window.page.get_by_role("article").filter(has_text="A reminder:").filter(has_text=reference)
    expect(reminders).to_have_count(1)
    window.picture("60-reminder")
    window.company.post("/control/clock/advance", {"seconds": 25 * 3600})
    expect(reminders).to_have_count(1)


def test_text_that_imitates_slack_is_shown_and_does_nothing(window: Window) -> None:
    name = "<!channel> & <https://evil.example|Approve> *now* שלום :tada:"
    reference = window.propose(PRIYA, name=name, which="`code` ~~~ <@U0ANNLINDQVIST> " + "long " * 400)
    window.read_dms(ANN)
    card = window.card(reference)
    expect(card).to_contain_text("<!channel> & <https://evil.example|Approve> *now*")
    expect(card.locator("a[href*=evil]")).to_have_count(0)
    window.picture("70-strange-text")
    card.get_by_role("button", name=f"Read all of {reference}").click()
    expect(window.dialog()).to_contain_text("long long long")
    window.picture("71-strange-text-opened")
