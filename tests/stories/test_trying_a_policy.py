"""An admin tries another policy from Home, on what the company really submitted."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.stories.people import LOW, MEDIUM, PRIYA, TOMAS, Window
from workflows import policy

pytestmark = [pytest.mark.story, pytest.mark.browser]


def test_tomas_sees_what_a_file_would_change_before_it_is_in_force(window: Window, tmp_path: Path) -> None:
    window.propose(PRIYA, MEDIUM)
    window.propose(PRIYA, {**LOW, "Name": "Find the right manual"})
    dialog, broken, file = window.dialog(), tmp_path / "broken.yml", tmp_path / "policy.yml"
    line = "    - line: internal_too\n      reason: It uses what is not public.\n      when: {data_class: internal}\n"
    text = policy.default_text().replace("  medium:                             #", f"  medium:\n{line}    #", 1)
    window.open_home(TOMAS)
    window.button("Open Gatehouse settings").click()
    window.press("Try another policy")
    expect(dialog).to_contain_text("Gatehouse keeps nothing of it")
    window.picture("settings-try-policy")

    broken.write_text(text.replace("rule: any\n", "rool: any\n", 1), encoding="utf-8")
    _choose(window, broken)
    expect(dialog).to_contain_text("there is no key “rool” here")
    window.picture("settings-try-policy-refused")

    file.write_text(text, encoding="utf-8")
    _choose(window, file)
    expect(dialog).to_contain_text("1 of 2 submissions would change: 1 to a stricter tier")
    expect(dialog).to_contain_text("low → medium (internal_too)")
    expect(dialog).to_contain_text("asks Ann Lindqvist and Zanele Dube")
    window.picture("settings-try-policy-result")
    window.press("Try another file")
    expect(dialog.get_by_label("Policy file")).to_be_visible()


def _choose(window: Window, file: Path) -> None:
    window.dialog().get_by_label("Policy file").set_input_files(file)
    expect(window.dialog()).to_contain_text(f"{file.name} (")
    window.press("Try it")
