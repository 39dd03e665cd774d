"""An organisation goes from an empty programme to scaling, one gate after the other; then something lapses."""

import pytest
from playwright.sync_api import expect

from handlers.ids import Action
from tests.stories.colleagues import Colleagues
from tests.stories.people import ANN, GRACE, LOW, MAREK, MIRA, OMAR, PRIYA, YUKI, Company, Window

pytestmark = [pytest.mark.story, pytest.mark.browser]

LAURA = "U0LAURABIANCHI"
NAME = "Summarise complaint files"
DOCUMENT = "https://wiki.alderbank.example/ai"
PARTS = {
    "DLV-1": (),
    "DLV-2": ("system",),
    "DLV-3": ("ownership", "approval_workflow", "acceptable_use"),
    "DLV-4": ("approver", "affected_group"),
    "GOV-1": (),
    "GOV-2": (),
    "GOV-3": (),
    "GOV-4": (),
}
ADDS = {
    "system": "Add a system",
    "ownership": "Add a rule of ownership",
    "approval_workflow": "Add an approval workflow",
    "acceptable_use": "Add a rule of acceptable use",
    "approver": "Add an approver",
    "affected_group": "Add an affected group",
}


@pytest.fixture(scope="module")
def colleagues(company: Company) -> Colleagues:
    return Colleagues(company)


def test_from_nothing_to_scaling(window: Window, colleagues: Colleagues) -> None:
    begins_with_nothing(window)
    writes_the_context_pack(window)
    for reference in list(PARTS)[1:]:
        writes(colleagues, reference, window.company.in_days(300), window.company.in_days(1))
    case = window.propose(PRIYA, LOW)
    window.leave()
    is_refused_before_the_gate(window, case)
    window.company.pass_days(1)
    window.open_home(MIRA)
    window.picture("programme-foundation-whole")
    opens_the_gate(window, colleagues, "Focused Deployment", "GATE-1")
    deploys(window, colleagues, case)


def begins_with_nothing(window: Window) -> None:
    window.open_home(MIRA)
    expect(window.page.get_by_text("Phase 1 of 4: Foundation and Readiness").first).to_be_visible()
    expect(window.page.get_by_text("0 of 8 parts are in force")).to_be_visible()
    window.picture("programme-empty-lead")
    window.be(YUKI)
    window.type("/gatehouse programme")
    expect(window.dialog()).to_contain_text("The goal now:")
    expect(window.dialog()).to_contain_text("You can propose a use case now")
    window.picture("programme-empty-newcomer")
    window.leave()


def writes_the_context_pack(window: Window) -> None:
    """Laura is given the first part, writes it, adds what it holds, and Ann approves it."""
    window.open_home(MIRA)
    window.button("Open DLV-1, Context pack").first.click()
    window.dialog().get_by_role("button", name="Set owner of DLV-1, Context pack").click()
    window.answer("Owner", "Laura Bianchi")
    window.press("Save")
    expect(window.dialog()).to_contain_text("Owner Laura Bianchi")
    window.leave()

    window.open_home(LAURA)
    window.picture("programme-empty-owner")
    window.button("Open DLV-1, Context pack").first.click()
    window.dialog().get_by_role("button", name="Edit the text of DLV-1, Context pack").click()
    window.answer("Summary", "How the bank speaks, to whom, and with which words.")
    window.answer("Link to the document", "the wiki")
    window.press("Save")
    expect(window.dialog()).to_contain_text("Paste the whole address, beginning with https://.")
    window.answer("Link to the document", f"{DOCUMENT}/context")
    window.press("Save")
    expect(window.dialog()).to_contain_text("None yet; at least one is needed.")
    window.picture("programme-part-begun")
    for what, name, label, says in (
        ("voice guide", "Letters", "What it asks for", "Short sentences, no abbreviations, and always a way to reply."),
        ("client archetype", "Somebody in arrears", "Who that is", "Afraid of the letter; needs one clear next step."),
        ("term", "Complaint", "What it means", "Any expression of dissatisfaction, written or spoken."),
    ):
        window.press(f"Add a {what}")
        window.answer("Name", name)
        window.answer(label, says)
        window.press("Save")
        expect(window.dialog()).to_contain_text(name)
    window.picture("programme-part-written")
    window.press("Send DLV-1, Context pack")
    window.confirm("Send")
    expect(window.dialog()).to_contain_text("Version 1 of DLV-1 is sent.")
    window.picture("programme-part-sent")
    window.leave()

    window.read_dms(ANN)
    card = window.card("DLV-1")
    expect(card).to_contain_text("How the bank speaks")
    window.picture("programme-part-card")
    card.get_by_role("button", name="Approve DLV-1").click()
    expect(window.card("DLV-1").get_by_role("button", name="Approve DLV-1")).to_have_count(0)
    window.picture("programme-part-approved")


def writes(colleagues: Colleagues, reference: str, review: str, begins: str) -> None:
    """Mira writes a part for Laura, who owns it; Ann approves."""
    text = {"summary": f"What the bank does about {reference}.", "link": f"{DOCUMENT}/{reference}", "review": review}
    colleagues.at_home(MIRA, (Action.FOUNDATION, ""), (Action.OPEN_PART, reference), (Action.SET_PART_OWNER, reference))
    colleagues.go_on(MIRA, fields={"owner": LAURA}, said="Owner Laura Bianchi")
    colleagues.go_on(MIRA, (Action.EDIT_PART, reference), fields=text | {"effective": begins}, said=text["link"])
    for kind in PARTS[reference]:
        item = {"name": f"The first {kind}", "says": "As written there.", "link": None, "person": OMAR}
        item |= dict.fromkeys(("quality", "accessibility", "compliance"), "good")
        shown = "Omar Haddad" if kind == "approver" else item["name"]
        colleagues.go_on(MIRA, (Action.ADD_ITEM, ADDS[kind]), fields=item, said=f"• *{shown}*")
    colleagues.go_on(MIRA, (Action.SUBMIT_PART, reference), said="is sent.")
    colleagues.approve(ANN, reference)


def is_refused_before_the_gate(window: Window, reference: str) -> None:
    window.open_home(MAREK)
    window.button(f"Deployment of {reference}, {NAME}").first.click()
    dialog = window.dialog()
    expect(dialog).to_contain_text("Start deployment: ")
    window.picture("programme-deployment-refused")
    window.leave()


def opens_the_gate(window: Window, colleagues: Colleagues, into: str, reference: str) -> None:
    """Mira asks, and two of the council approve what the gate rests on."""
    window.open_home(MIRA)
    window.button(f"Ask to open the gate into {into}").click()
    expect(window.dialog()).to_contain_text("You have no vote on it yourself.")
    window.picture(f"programme-ask-{reference}")
    window.press("Ask")
    expect(window.dialog()).to_contain_text(f"{reference} is with people now.")
    window.leave()
    window.read_dms(OMAR)
    card = window.card(reference)
    expect(card).to_contain_text(into)
    window.picture(f"programme-card-{reference}")
    card.get_by_role("button", name=f"Approve {reference}").click()
    expect(window.card(reference).get_by_role("button", name=f"Approve {reference}")).to_have_count(0)
    colleagues.approve(GRACE, reference)


def deploys(window: Window, colleagues: Colleagues, case: str) -> None:
    """Marek starts the deployment, both workstreams are seen to, and it is deployed."""
    window.open_home(MAREK)
    window.button(f"Deployment of {case}, {NAME}").first.click()
    expect(window.dialog()).to_contain_text("nothing is missing")
    window.picture("programme-deployment-ready")
    window.press("Start deployment")
    expect(window.dialog()).to_contain_text("2 things are missing")
    window.picture("programme-deployment-begun")
    window.dialog().get_by_role("button", name=f"Workstreams of {case}, {NAME}").click()
    window.press("Add a task to Technical integration")
    window.answer("What is to be done", "Connect the archive of letters")
    window.answer("Who does it", "Yuki Tanaka")
    window.answer("By when", window.company.in_days(5))
    window.picture("programme-task-form")
    window.press("Add")
    expect(window.dialog()).to_contain_text("They are told, and reminded when it is due.")
    window.press("Add a task to Team onboarding and workflow design")
    window.answer("What is to be done", "Show the team how to read a summary")
    window.answer("By when", window.company.in_days(7))
    window.press("Add")
    window.press("Edit owner, day and numbers of Team onboarding and workflow design")
    window.answer("How many people are to be trained", "12")
    window.answer("How many of them are", "12")
    window.press("Save")
    window.picture("programme-workstreams")
    window.leave()
