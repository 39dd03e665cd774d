"""A company that has nothing but Gatehouse's installation is set up by its admin, in Slack."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.stories.people import ANN, GOVERNANCE, NORTHLIGHT, PRIYA, TOMAS, YUKI, Company, Window
from tests.stories.place import running

pytestmark = [pytest.mark.story, pytest.mark.browser]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    folder = tmp_path_factory.mktemp("bare")
    (folder / "set-up.done").touch()  # nobody gives the demo's people their roles
    with running(folder) as demo:
        yield demo


def test_tomas_sets_up_what_is_left_and_what_is_proposed_then_finds_its_approvers(window: Window) -> None:
    dialog = window.dialog()
    window.read_dms(TOMAS)
    window.picture("settings-first-admin")
    window.open_home(TOMAS)
    expect(window.page.get_by_text("left to set up", exact=False)).to_be_visible()
    window.picture("home-admin")
    window.button("Open Gatehouse settings").click()
    expect(dialog).to_contain_text("There is no governance channel")
    window.picture("settings-overview-bare")

    _governance_channel(window)
    _give(window, "AI governance", person="Ann Lindqvist")
    _give(window, "Legal", group="Legal")
    _refuse_a_guest(window)
    window.picture("settings-overview")
    window.press("Change who holds Legal")
    expect(dialog).to_contain_text("@legal")
    window.picture("settings-role")
    window.press("Withdraw Legal from @legal")
    expect(dialog).to_contain_text("Withdrawn")
    window.press("Back to all settings")
    _digest(window)
    window.leave()

    window.open_home(YUKI)
    expect(window.page.get_by_role("button", name="Open Gatehouse settings")).to_have_count(0)
    reference = window.propose(PRIYA)
    window.read_dms(ANN)
    expect(window.card(reference).get_by_role("button", name=f"Approve {reference}")).to_be_visible()
    window.be(ANN, channel=GOVERNANCE)
    expect(window.card(reference)).to_contain_text("waits for Ann Lindqvist")


def _governance_channel(window: Window) -> None:
    """Choose a channel; one shared with another organisation is not offered, and refused when sent nevertheless."""
    dialog, company = window.dialog(), window.company
    window.press("Choose the governance channel")
    field = window.field("Governance channel")
    expect(field).not_to_contain_text("supplier-northlight")
    window.picture("settings-governance")
    [view] = company.state(TOMAS)["modals"]
    block, element = next((each["block_id"], each["element"]) for each in view["blocks"] if each["type"] == "input")
    state = {block: {element["action_id"]: NORTHLIGHT}}
    told = company.act(TOMAS, "submit", view_id=view["id"], state=state)
    assert "shared with another organisation" in str(told["errors"])
    window.answer("Governance channel", "#ai-governance")
    window.press("Save")
    expect(dialog).to_contain_text("New requests are announced in #ai-governance.")


def _give(window: Window, role: str, *, person: str | None = None, group: str | None = None) -> None:
    window.press(f"Change who holds {role}")
    if person:
        window.answer("Give it to a person", person)
    if group:
        window.answer("Give it to a user group", group)
    window.press("Save")
    expect(window.dialog()).to_contain_text(f"{person or 'The user group'} holds the role {role} now.")


def _refuse_a_guest(window: Window) -> None:
    window.press("Change who holds Privacy")
    window.answer("Give it to a person", "Elena Duarte")
    window.press("Save")
    expect(window.dialog()).to_contain_text("Only full members of the organisation hold roles.")
    window.press("Back to all settings")


def _digest(window: Window) -> None:
    window.press("Add a digest channel")
    window.picture("settings-digest")
    window.answer("Channel", "#ai-governance")
    window.press("Save")
    expect(window.dialog()).to_contain_text("gets a weekly digest")
