"""What people do with a request besides approving it: ask, answer, nudge, pass on, take back, reject, wait."""

import pytest
from playwright.sync_api import expect

from tests.stories.people import ANN, CLAIRE, PRIYA, TOMAS, ZANELE, Window

pytestmark = [pytest.mark.story, pytest.mark.browser]

ARJUN = "U0ARJUNMEHTA"


def test_a_question_is_answered_a_seat_passed_on_and_the_request_taken_back(window: Window) -> None:
    dialog = window.dialog()
    reference = window.propose(PRIYA, name="Translate letters of complaint", problem="Letters come in nine languages.")
    window.read_dms(ANN)
    window.card(reference).get_by_role("button", name=f"Read all of {reference}").click()
    window.press(f"Ask a question: {reference}, Translate letters of complaint")
    window.field("Your question").fill("Who reads the translation before it is used?")
    window.picture("question-form")
    window.press("Ask")
    expect(dialog).to_contain_text("is on the record")
    window.leave()

    window.read_dms(PRIYA)
    asked = window.card(reference)
    expect(asked).to_contain_text("Who reads the translation")
    window.picture("proposer-asked-a-question")
    asked.get_by_role("button", name="Answer Ann Lindqvist").click()
    window.field("Your answer").fill("The handler, who speaks the language.")
    window.press("Answer")
    expect(dialog).to_contain_text("is on the record")
    window.leave()

    window.read_dms(ANN)
    expect(window.card(reference)).to_contain_text("The handler, who speaks the language.")
    window.picture("approver-answered")
    _tomas_names_another(window, "AI governance", "Arjun Mehta")
    _ann_passes_it_on(window, reference)
    _priya_nudges_and_withdraws(window, reference)
    window.read_dms(ARJUN)
    expect(window.page.get_by_role("article").filter(has_text=f"{reference} ·")).to_contain_text("Withdrawn")


def _tomas_names_another(window: Window, role: str, person: str) -> None:
    window.open_home(TOMAS)
    window.button("Open Gatehouse settings").click()
    window.press(f"Change who holds {role}")
    window.answer("Give it to a person", person)
    window.press("Save")
    expect(window.dialog()).to_contain_text(f"{person} holds the role {role} now.")


def _ann_passes_it_on(window: Window, reference: str) -> None:
    """Colleagues who are asked already, or do not hold the role, are refused at the field."""
    dialog = window.dialog()
    window.open_home(ANN)
    window.button(f"Decide on {reference}").click()
    expect(dialog).to_contain_text("💬 Priya Raman")
    window.picture("opened-with-answer")
    window.press(f"Pass it on: {reference}, Translate letters of complaint")
    window.field("Why").fill("I am at the regulator's until Friday.")
    for colleague, refusal in (("Zanele Dube", "asked about"), ("Yuki Tanaka", "may not decide")):
        window.answer("Who is asked instead", colleague)
        window.press("Pass it on")
        expect(dialog).to_contain_text(refusal)
    window.picture("pass-on-refused")
    window.answer("Who is asked instead", "Arjun Mehta")
    window.press("Pass it on")
    expect(dialog).to_contain_text(f"Arjun Mehta is asked about {reference} now.")
    window.read_dms(ARJUN)
    expect(window.card(reference).get_by_role("button", name=f"Approve {reference}")).to_be_visible()


def _priya_nudges_and_withdraws(window: Window, reference: str) -> None:
    dialog = window.dialog()
    for told in (f"to look at {reference}", "tomorrow"):
        _open_from_home(window, reference)
        window.press(f"Nudge: {reference}, Translate letters of complaint")
        expect(dialog).to_contain_text(told)
    window.picture("nudged")
    window.read_dms(CLAIRE)
    expect(window.card(reference)).to_contain_text("Priya Raman asks whether you can look at")
    _open_from_home(window, reference)
    window.picture("opened-by-proposer")
    window.press(f"Withdraw: {reference}, Translate letters of complaint")
    window.confirm("Withdraw")
    expect(dialog).to_contain_text(f"{reference} is withdrawn.")
    window.leave()
    expect(window.button(f"Propose anew: {reference}")).to_be_visible()


def _open_from_home(window: Window, reference: str) -> None:
    window.open_home(PRIYA)
    window.button(f"Open {reference}").click()
    expect(window.dialog()).to_be_visible()


def test_ann_rejects_with_a_reason_and_priya_proposes_anew(window: Window) -> None:
    dialog = window.dialog()
    name = "Score customers by tone of voice"
    reference = window.propose(PRIYA, name=name, problem="Angry callers wait as long as calm ones.")
    window.read_dms(ANN)
    window.card(reference).get_by_role("button", name=f"Reject {reference}").click()
    expect(dialog).to_contain_text("This ends the request")
    window.press("Reject")
    expect(dialog).to_contain_text("Please complete this required field.")
    window.field("Reason").fill("Tone of voice is no fair ground for a decision about a person.")
    window.picture("reject")
    window.press("Reject")
    expect(dialog).to_contain_text("Your decision is stored")
    window.picture("rejected")
    window.leave()
    expect(window.card(reference)).to_contain_text("Rejected by Ann Lindqvist")
    window.read_dms(ZANELE)
    expect(window.card(reference).get_by_role("button", name=f"Approve {reference}")).to_have_count(0)

    window.read_dms(PRIYA)
    expect(window.card(reference)).to_contain_text("no fair ground for a decision")
    window.picture("proposer-told-rejected")
    window.card(reference).get_by_role("button", name=f"Propose anew: {reference}").click()
    expect(window.field("Name")).to_have_value(name)


def test_ann_is_reminded_when_working_days_pass(window: Window) -> None:
    reference = window.propose(PRIYA, name="Summarise credit files", problem="A credit file has ninety pages.")
    window.company.pass_days(5)  # three of them are working days wherever Ann is
    window.read_dms(ANN)
    reminders = window.page.get_by_role("article").filter(has_text="A reminder:").filter(has_text=reference)
    expect(reminders.first).to_be_visible()
    window.picture("reminder")
    reminders.first.get_by_role("button", name=f"Open {reference}").click()
    expect(window.dialog().get_by_role("radio", name="Approve")).to_be_visible()


def test_text_that_imitates_slack_is_shown_and_does_nothing(window: Window) -> None:
    name = "<!channel> & <https://evil.example|Approve> *now* שלום :tada:"
    reference = window.propose(PRIYA, name=name, problem="`code` ~~~ <@U0ANNLINDQVIST> " + "long " * 400)
    window.read_dms(ANN)
    card = window.card(reference)
    expect(card).to_contain_text("<!channel> & <https://evil.example|Approve> *now*")
    expect(card.locator("a[href*=evil]")).to_have_count(0)
    window.picture("strange-text")
    card.get_by_role("button", name=f"Read all of {reference}").click()
    expect(window.dialog()).to_contain_text("long long long")
    window.picture("strange-text-opened")
