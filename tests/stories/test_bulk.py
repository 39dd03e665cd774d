"""An approver clears several harmless requests at once, and is asked to look again when they go too fast."""

import re
from collections.abc import Sequence
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from db.engine import make_engine
from db.enums import Affected, Build, DataClass, Decision, Direction, OutputUse, Processing
from db.ids import new_id
from db.session import Database
from tests.stories.people import ANN, HELENA, MAREK, PRIYA, YUKI, Company, Window
from workflows import people, policy, reactions
from workflows.intake import Kpi, Proposal

pytestmark = [pytest.mark.story, pytest.mark.browser]

CASES = (
    ("Find the right manual", "The page of the manual that answers a technician's question", "Field service"),
    (
        "Draft press texts",
        "A first draft of a press text from bullet points, for an editor to finish",
        "Communications",
    ),
    (
        "Sort invoices by cost centre & supplier, and mark those that were sent a second time with another number",
        "A proposed cost centre for each invoice; an accountant confirms every one before anything is booked or paid",
        "Accounts payable",
    ),
    ("Name meeting rooms", "Three names to choose from", "Facilities"),
    ("Translate canteen menus", "The week's menu in four languages", "Canteen"),
    ("Sum up industry news", "Five lines a morning with their sources", "Strategy"),
    ("Tidy spreadsheet headings", "Headings spelled alike", "Controlling"),
    ("Suggest test data", "Rows that look real and are not", "Software testing"),
    ("Rewrite help pages", "The same page in plainer words", "IT support"),
    ("Describe pictures", "A sentence for those who cannot see the picture", "Intranet"),
    ("Group survey answers", "Answers under headings, nobody named", "Organisation"),
    ("Check links", "Links that lead nowhere", "Intranet"),
    ("Number the archive", "A number for each box", "Archive"),
)


@pytest.fixture(scope="module", autouse=True)
def people_decide_on_low(company: Company) -> None:
    """Let AI governance decide on what the shipped policy approves by a line."""
    text = policy.default_text()
    text = re.sub(r"    approved_by: .*?\n\n", "\n", text, flags=re.DOTALL)
    with database(company).transaction() as session:
        policy.apply(session, text, actor=None, now=company.now())


def propose(company: Company, cases: Sequence[tuple[str, str, str]]) -> list[str]:
    """Let Priya and Yuki propose these in turn, without their hands; return their references."""
    references = []
    with database(company).transaction() as session:
        known = {slack_id: people.find(session, slack_id) for slack_id in (PRIYA, YUKI, MAREK, HELENA)}
        owner, sponsor = known[MAREK], known[HELENA]
        assert owner
        assert sponsor
        for place, (name, outputs, team) in enumerate(cases):
            proposer = known[(PRIYA, YUKI)[place % 2]]
            assert proposer
            says = Proposal(
                name=name,
                problem="Somebody does it by hand today.",
                team=team,
                owner_id=owner.id,
                sponsor_id=sponsor.id,
                objective="Less copying by hand",
                output_use=OutputUse.DRAFTING,
                outputs=outputs,
                benefit="An hour a week",
                data_class=DataClass.INTERNAL,
                processing=Processing.OWN_CLOUD,
                build=Build.IN_HOUSE,
                affected=(Affected.OWN_TEAM,),
                decision=Decision.NONE,
                areas=(),
                practices=(),
                oversight="",
                kpis=(Kpi("Hours", "hours", Direction.DOWN, 6, 3, None, (company.now() + timedelta(days=90)).date()),),
            )
            proposed = reactions.propose(session, says, token=new_id(), proposer=proposer, now=company.now())
            references.append(proposed.reference)
    return references


def database(company: Company) -> Database:
    return Database(make_engine(f"sqlite:///{company.folder / 'gatehouse.db'}"))


def test_ann_approves_ten_at_once_and_is_asked_to_look_again_at_two_more(window: Window) -> None:
    *_, last = propose(window.company, CASES)
    window.read_dms(ANN)
    expect(window.card(last)).to_be_visible()
    window.open_home(ANN)
    window.picture("several-home")
    window.button("Decide several low-tier requests together").click()
    dialog = window.dialog()
    expect(dialog).to_contain_text("Each is recorded as a decision of its own.")
    window.picture("several-form")
    boxes = window.choices("Which ones?").get_by_role("checkbox")
    expect(boxes).to_have_count(10)
    boxes.nth(0).check()
    dialog.get_by_label("Reject them, with a reason").check()
    window.press("Send decisions")
    expect(dialog).to_contain_text("Say why: every proposer of these reads it.")
    window.picture("several-no-reason")
    dialog.get_by_label("Approve them").check()
    for place in range(1, 10):
        boxes.nth(place).check()
    window.press("Send decisions")
    expect(dialog).to_contain_text("10 decisions stored.")
    window.picture("several-done")
    window.leave()

    window.open_home(ANN)
    window.button("Decide several low-tier requests together").click()
    boxes = window.choices("Which ones?").get_by_role("checkbox")
    expect(boxes).to_have_count(3)
    boxes.nth(0).check()
    boxes.nth(1).check()
    dialog.get_by_label("Approve them").check()
    window.press("Send decisions")
    expect(dialog).to_contain_text("You have approved 10 requests in under 4 minutes.")
    window.picture("several-second-look")
    window.press("Approve these 2 too")
    expect(dialog).to_contain_text("2 decisions stored.")
    window.leave()


def test_ann_is_asked_to_look_again_at_the_twelfth_card(window: Window) -> None:
    window.company.pass_days(1)
    *eleven, twelfth = propose(
        window.company, [(f"{name}, again", outputs, team) for name, outputs, team in CASES[:12]]
    )
    window.read_dms(ANN)
    for reference in eleven:
        window.card(reference).get_by_role("button", name=f"Approve {reference}").click()
        expect(window.card(reference).get_by_role("button", name=f"Approve {reference}")).to_have_count(0)
    window.card(twelfth).get_by_role("button", name=f"Approve {twelfth}").click()
    expect(window.dialog()).to_contain_text("You have approved 11 requests in under 4 minutes.")
    window.picture("second-look")
    window.press("Approve this one too")
    expect(window.dialog()).to_contain_text("Your decision is stored.")
