"""An admin switches on that people decide about changes of the policy, and two of them decide about the next one."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.stories.people import ANN, MEDIUM, PRIYA, TOMAS, ZANELE, Window
from workflows import policy

pytestmark = [pytest.mark.story, pytest.mark.browser]


def test_where_the_policy_wants_it_two_others_decide_before_a_file_is_in_force(window: Window, tmp_path: Path) -> None:
    window.propose(PRIYA, {**MEDIUM, "Name": "Sort complaints", "Which problem does it solve?": "They lie about."})
    switched_on, slower = tmp_path / "switched-on.yml", tmp_path / "slower.yml"
    text = _switched_on(policy.default_text()).replace("role: admin\n", "role: governance\n")
    switched_on.write_text(text, encoding="utf-8")
    slower.write_text(text.replace("answer_within_hours: 24", "answer_within_hours: 36"), encoding="utf-8")
    window.open_home(TOMAS)
    window.button("Open Gatehouse settings").click()
    window.press("Try another policy")
    _choose(window, switched_on)
    _put(window, "Put it in force")
    expect(window.dialog()).to_contain_text("Policy version 2 is in force for new requests.")
    window.press("Back to all settings")
    window.press("Try another policy")
    _choose(window, slower)
    window.picture("settings-try-policy-propose")
    _put(window, "Propose this policy")
    expect(window.dialog()).to_contain_text("POL-1 asks to put this file in force.")

    for who in (ANN, ZANELE):
        window.read_dms(who)
        card = window.card("POL-1")
        expect(card).to_contain_text("On what was submitted")
        if who is ANN:
            window.picture("policy-card")
            card.get_by_role("button", name="Read all of POL-1").click()
            expect(window.dialog()).to_contain_text("answer_within_hours: 36")
            window.picture("policy-opened")
            window.leave()
        card.get_by_role("button", name="Approve POL-1").click()
        expect(window.card("POL-1").get_by_role("button", name="Approve POL-1")).to_have_count(0)
    window.read_dms(TOMAS)
    expect(window.page.get_by_text("In force as version 3").last).to_be_visible()
    window.picture("policy-in-force")


def _put(window: Window, button: str) -> None:
    """Press what puts a file forward, and say yes when asked."""
    window.press(button)
    window.confirm(button)


def _switched_on(text: str) -> str:
    """Return the shipped policy with the two blocks that let people decide about its changes."""
    lines = text.splitlines()
    blocks = [re.match(r"  # (policy|  +)", line) and not line.startswith("  # Two") for line in lines]
    return "\n".join(
        line.replace("  # ", "  ", 1) if is_block else line for line, is_block in zip(lines, blocks, strict=True)
    )


def _choose(window: Window, file: Path) -> None:
    window.dialog().get_by_label("Policy file").set_input_files(file)
    expect(window.dialog()).to_contain_text(f"{file.name} (")
    window.press("Try it")
