"""Marek is asked for his number, types it, and confirms it a week later with a press; or nobody answers for a week."""

import pytest
from playwright.sync_api import Locator, expect

from tests.stories.people import HELENA, LOW, MAREK, PRIYA, Window

pytestmark = [pytest.mark.story, pytest.mark.browser]

NAME, SILENT = "Read the letters of the ombudsman", "Sort the appeals of the tribunal"


def test_marek_answers_types_why_it_is_off_track_and_next_week_presses_once(window: Window) -> None:
    reference = window.propose(PRIYA, LOW, name=NAME, problem="The letters of the ombudsman wait.")
    window.leave()

    prompt = asked(window, reference, times=1)
    expect(prompt).to_contain_text("no value yet, target 3 hours by")
    window.picture("check-in-prompt")
    prompt.get_by_role("button", name=f"Answer for {reference}").click()
    dialog = window.dialog()
    expect(dialog).to_contain_text("Everything below is optional.")
    window.picture("check-in-form")
    window.answer("Hours per case file (hours)", "about five")
    dialog.get_by_role("radio", name="At risk").check()
    window.press("Send")
    expect(dialog).to_contain_text("is not one number. Type a number like")
    window.answer("Hours per case file (hours)", "5.5")
    dialog.get_by_role("radio", name="Off track").check()
    expect(dialog).to_contain_text("Why is it off track?")
    expect(window.field("Hours per case file (hours)")).to_have_value("5.5")
    window.answer("Why is it off track?", "The scans of March are upside down.")
    window.answer("What help is needed?", "Somebody who scans them again.")
    window.answer("What went well", "Two days faster with typed letters.")
    window.picture("check-in-form-off-track")
    window.press("Send")
    expect(dialog).to_contain_text("Thank you, that is stored.")
    window.leave()
    expect(prompt).to_contain_text("5.5 hours")
    expect(prompt).to_contain_text("Off track")
    looks_at_how_it_goes(window, prompt, reference)

    window.open_home(MAREK)
    expect(window.button(f"Edit for {reference}, {NAME}")).to_be_visible()
    window.picture("check-in-home")

    prompt = asked(window, reference, times=2)
    expect(prompt).to_contain_text("5.5 hours on")
    window.picture("check-in-prompt-again")
    prompt.get_by_role("button", name=f"No change: {reference}").click()
    expect(prompt).to_contain_text("Answered by Marek Nowak")
    expect(prompt.get_by_role("button")).to_have_count(1)

    prompt = asked(window, reference, times=3)
    prompt.get_by_role("button", name=f"Skip this time: {reference}").click()
    window.picture("check-in-skip")
    window.answer("Why?", "No letters came in.")
    window.press("Skip")
    expect(window.dialog()).to_contain_text("Skipped. The next check-in comes on")
    window.leave()
    expect(prompt).to_contain_text("Skipped by Marek Nowak")
    window.picture("check-in-skipped")


def test_marek_answers_with_ten_movements_of_his_hand_and_confirms_with_one(window: Window) -> None:
    reference = window.propose(PRIYA, LOW, name="Read the invoices", problem="Invoices are typed in by hand.")
    window.leave()
    prompt = asked(window, reference, times=1)
    window.count_hands()

    prompt.get_by_role("button", name=f"Answer for {reference}").click()
    window.answer("Hours per case file (hours)", "5.5")
    window.dialog().get_by_role("radio", name="At risk").check()
    window.answer("How many used it since last time", "7")
    window.answer("Hours saved since last time, from – to", "3 to 5")
    window.answer("How you know the hours", "Timed ten invoices with it and ten without.")
    window.answer("How many outputs somebody looked at", "40")
    window.answer("Of these corrected: context was missing", "4")
    window.answer("What went well", "Nobody types amounts any more.")
    window.press("Send")
    expect(window.dialog()).to_contain_text("Thank you, that is stored.")
    assert window.hands() == 10

    window.leave()
    prompt = asked(window, reference, times=2)
    window.count_hands()
    prompt.get_by_role("button", name=f"No change: {reference}").click()
    expect(prompt).to_contain_text("Answered by Marek Nowak")
    assert window.hands() == 1


def test_a_week_in_which_nobody_answers_ends_with_the_sponsor_and_the_number_missing(window: Window) -> None:
    reference = window.propose(PRIYA, LOW, name=SILENT, problem="The appeals of the tribunal wait.")
    window.leave()
    prompt = asked(window, reference, times=1)
    expect(prompt.get_by_role("button", name=f"Answer for {reference}")).to_be_visible()
    assert told(window, HELENA, "has not answered", reference) == 0

    days = 0
    while not told(window, HELENA, "has not answered", reference):  # a holiday of either takes a day longer
        assert days < 10, "nobody told the sponsor"
        window.company.pass_days(1)
        days += 1
    assert told(window, MAREK, "A reminder", reference) == 2
    window.read_dms(MAREK)
    window.picture("check-in-overdue")
    assert told(window, HELENA, "has not answered", reference) == 1
    window.read_dms(HELENA)
    window.picture("check-in-silent")

    asked(window, reference, times=2)
    missing = window.page.get_by_role("article").filter(has_text="Missing: nobody answered").filter(has_text=reference)
    expect(missing).to_have_count(1)
    window.picture("check-in-missing")


def looks_at_how_it_goes(window: Window, prompt: Locator, reference: str) -> None:
    """Look at the picture below the answer, then at the same as a table."""
    image = prompt.get_by_role("img", name="5.5 on")
    expect(image).to_be_visible()
    assert image.evaluate("(one) => one.decode().then(() => one.naturalWidth)") == 640
    window.picture("check-in-answered")
    prompt.get_by_role("button", name=f"The readings of {reference}").click()
    expect(window.dialog()).to_contain_text("5.5 self   –         off")
    window.picture("check-in-table")
    window.leave()


def told(window: Window, who: str, words: str, reference: str) -> int:
    """Return how many direct messages somebody has with these words about a use case."""
    dms = window.company.state(who)["dms"]
    texts = [message["text"] for channel in dms for message in channel["messages"]]
    return sum(words in text and reference in text for text in texts)


def asked(window: Window, reference: str, *, times: int) -> Locator:
    """Let days pass until Marek was asked so many times; return the newest message that asks him, as he reads it."""
    for _ in range(12):
        window.company.pass_days(1)
        if not window.company.state(MAREK)["dms"]:
            continue
        window.read_dms(MAREK)
        prompts = window.page.get_by_role("article").filter(has_text="the numbers for").filter(has_text=reference)
        if prompts.count() >= times:
            return prompts.last
    raise AssertionError(f"Marek was not asked {times} times")
