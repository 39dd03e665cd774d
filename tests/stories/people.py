"""People of the demo's company, and what they do in the page."""

import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from playwright.sync_api import Browser, Locator, Page, expect

PRIYA, MAREK, YUKI, HELENA = "U0PRIYARAMAN", "U0MAREKNOWAK", "U0YUKITANAKA", "U0HELENABRANDT"
ANN, ZANELE, CLAIRE, DAVID = "U0ANNLINDQVIST", "U0ZANELEDUBE", "U0CLAIREMOREAU", "U0DAVIDLEVI"
RUTH, NADIA, GRACE, OMAR = "U0RUTHADLER", "U0NADIARAHMAN", "U0GRACEOKAFOR", "U0OMARHADDAD"
TOMAS, MIRA, ELENA, DANA = "U0TOMASFERREIRA", "U0MIRAKOVACS", "U0ELENADUARTE", "U0DANAWHITFIELD"
GENERAL, GOVERNANCE, COUNCIL = "C0GENERAL", "C0AIGOVERNANCE", "C0AICOUNCIL"
NORTHLIGHT = "C0NORTHLIGHT"

WIDE, NARROW = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
TALLEST = 6000
PATIENCE_SECONDS = 10.0
ABOUT_A_WEEK = re.compile("^(Do not tell me of my week|Send me this digest)")
DIFFERS = "Why is yours different?"

Answers = Mapping[str, str | tuple[str, ...]]
"""What a person enters, by the label of the field; several choices as a tuple."""

BASICS: Answers = {
    "Name": "Summarise complaint files",
    "Which problem does it solve?": "Reading one complaint file takes a handler six hours.\nForty a week arrive.",
    "Team that will use it": "Complaints handling",
    "Owner": "Marek Nowak",
    "Sponsor": "Helena Brandt",
    "Business objective it serves": "Answer complaints within five days",
    "What is its output used for?": "Summarising",
}
FACTS: Answers = {
    "Most sensitive data it uses": "Internal",
    "Where is the data processed?": "Our own cloud",
    "Who builds it?": "We build it ourselves",
    "Whom does its output affect?": ("Only the team that uses it",),
    "Is anything decided with it, and by whom?": "Nothing is decided; it only informs",
    "Does it work in any of these areas?": ("None of these",),
    "Does it do any of this?": ("None of these",),
}
VALUE: Answers = {
    "What does it produce?": "A summary of one page for each file",
    "What gets better, and for whom?": "Customers wait two days less for an answer.",
    "One number that will show it works": "Hours per case file",
    "Counted in": "hours",
    "Which way should it go?": "Down",
    "Where does it stand today?": "6",
    "Target": "3",
}
LOW: Answers = {**BASICS, **FACTS, **VALUE}
MEDIUM: Answers = {**LOW, "Most sensitive data it uses": "Personal data"}
"""Governance and Privacy are asked, in one stage."""
HIGH: Answers = {
    **MEDIUM,
    "Where is the data processed?": "A third party",
    "Who builds it?": "A vendor",
    "Whom does its output affect?": ("Customers", "Children or people who depend on us"),
    "Is anything decided with it, and by whom?": "A person decides, with its help",
    "Vendor": "Northlight Analytics",
    "Model or product": "Northlight Digest 2",
    "Who checks what it produces, and how?": "The handler reads every draft beside the file and signs the letter.",
    "Does the vendor keep our inputs, or train on them?": "No, by contract",
}
"""Five specialists are asked, then the council."""

COUNT_HANDS = """() => {
  window.hands = 0;
  const fields = new Set(), isTyped = each => each.matches("textarea, input:not([type=radio], [type=checkbox])");
  document.addEventListener("pointerdown", event => { window.hands += isTyped(event.target) ? 0 : 1; }, true);
  document.addEventListener("input", event => {
    if (!isTyped(event.target) || fields.has(event.target.id)) return;
    fields.add(event.target.id);
    window.hands += 1;
  }, true);
}"""
"""Pressing is one movement, and so is typing into a field, however many keys that takes."""

Found = TypeVar("Found")


@dataclass(frozen=True)
class Company:
    """A running demo: the address of its workspace and the folder of its files."""

    address: str
    folder: Path

    def act(self, who: str, do: str, **how: Any) -> dict[str, Any]:
        """Act as a person without a browser."""
        return self._ask("/control/act", {"as": who, "do": do, **how})

    def state(self, who: str) -> dict[str, Any]:
        return self._ask(f"/control/state?as={who}")

    def in_days(self, days: int) -> str:
        """Return the day so many days from now, as a calendar takes it."""
        return (self.now() + timedelta(days=days)).date().isoformat()

    def now(self) -> datetime:
        return datetime.fromisoformat(self._ask("/control/clock")["now"])

    def pass_days(self, days: int) -> None:
        for _ in range(days):
            self._ask("/control/clock/advance", {"seconds": 24 * 3600})

    def gatehouse(self, *command: str) -> None:
        """Run a command of the product on the demo's database, as its operator would."""
        [database] = self.folder.glob("*.db")
        variables = {**os.environ, "DATABASE_URL": f"sqlite:///{database}"}
        subprocess.run([sys.executable, "-m", "bot.cli", *command], check=True, env=variables, capture_output=True)

    def _ask(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        address = self.address + path
        request = urllib.request.Request(address, data=data, headers={"Content-Type": "application/json"})  # noqa: S310
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - our own workspace
            return dict(json.load(answer))


class Window:
    """One browser window. Everything is found as a screen reader would find it: by role and name."""

    def __init__(self, browser: Browser, company: Company, pictures: Path) -> None:
        self.company = company
        self._pictures = pictures
        self.page: Page = browser.new_page(viewport=WIDE)
        self.page.set_default_timeout(8000)
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))

    def close(self) -> None:
        self.page.close()
        assert self.problems == [], "the page's script failed"

    # ------------------------------------------------------------------------------------------ places

    def be(self, who: str, *, channel: str = GENERAL) -> None:
        """Go on as this person, in a channel, with nothing left open from before."""
        self._leave_windows(who)
        self.page.goto(f"{self.company.address}/?as={who}&channel={channel}")
        expect(self.composer()).to_be_visible()

    def read_dms(self, who: str) -> None:
        """Go on as this person, in their direct messages with the app, once there are any."""
        self._leave_windows(who)
        conversation = soon(lambda: next(iter(self.company.state(who)["dms"]), None))
        self.page.goto(f"{self.company.address}/?as={who}&channel={conversation['id']}")

    def open_home(self, who: str) -> None:
        """Go on as this person in their Home, as the app draws it anew because they opened it."""
        self.be(who)
        before = self.company.state(who)["home"]
        self.page.get_by_role("link", name=re.compile("Gatehouse")).first.click()
        soon(lambda: self.company.state(who)["home"] not in (before, None))
        expect(self.button("Propose a use case")).to_be_visible()

    def _leave_windows(self, who: str) -> None:
        for view in self.company.state(who)["modals"][-1:]:
            self.company.act(who, "close", view_id=view["id"], clear=True)

    # ------------------------------------------------------------------------------------------- hands

    def composer(self) -> Locator:
        return self.page.get_by_role("combobox", name=re.compile("^Message"))

    def type(self, text: str) -> None:
        self.composer().fill(text)
        self.composer().press("Enter")

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("button", name=name)

    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    def press(self, name: str) -> None:
        """Press a button of the open window."""
        self.dialog().get_by_role("button", name=name, exact=True).last.click()

    def confirm(self, name: str) -> None:
        """Say yes to what is asked before something is done."""
        self.page.get_by_role("dialog", name="Are you sure?").get_by_role("button", name=name).click()

    def leave(self) -> None:
        """Close the open window."""
        self.press("Close")
        expect(self.dialog()).to_have_count(0)

    def count_hands(self) -> None:
        """Count from now on what a person's hand does in this page."""
        self.page.evaluate(COUNT_HANDS)

    def hands(self) -> int:
        """Return how often something was pressed since, and how many fields were typed into."""
        return int(self.page.evaluate("window.hands"))

    def field(self, label: str) -> Locator:
        return self.dialog().get_by_label(label, exact=True)

    def choices(self, label: str) -> Locator:
        """Return the field in which several can be chosen."""
        return self.dialog().get_by_role("group", name=label, exact=True)

    def answer(self, label: str, answer: str | tuple[str, ...]) -> None:
        """Enter one answer; several choices replace those made before."""
        if isinstance(answer, tuple):
            self._choose(self.choices(label), answer)
            return
        field = self.field(label)
        kind = field.evaluate("field => field.dataset.control === 'found' ? 'found' : field.localName")
        if kind == "select":
            field.select_option(label=answer)
        else:
            field.fill(answer)
        if kind == "found":
            self.dialog().get_by_role("button", name=re.compile(f"^(New: )?.*{re.escape(answer)}")).first.click()

    def _choose(self, group: Locator, wanted: tuple[str, ...]) -> None:
        menu = group.locator("summary")
        if menu.count():
            menu.click()
        checked = group.get_by_role("checkbox", checked=True)
        while checked.count():
            checked.first.uncheck()
        for name in wanted:
            group.get_by_role("checkbox", name=name, exact=True).check()
        if menu.count():
            menu.click()

    def enter(self, answers: Answers) -> None:
        """Enter what the open step asks of these answers."""
        asked = self.dialog().locator("label, legend > span:first-child").all_inner_texts()
        for label, answer in answers.items():
            if label in asked:
                self.answer(label, answer)
        if "To be reached by" in asked and "To be reached by" not in answers:
            self.field("To be reached by").fill(self.company.in_days(120))

    # ------------------------------------------------------------------------------------- proposals

    def step(self) -> int:
        """Return the number of the step that is shown."""
        title = self.dialog().get_by_role("heading", name=re.compile(r"\(\d+ of \d+\)"))
        found = re.search(r"\((\d+) of", title.inner_text())
        assert found
        return int(found.group(1))

    def go_on(self, *, by: str = "Next") -> None:
        """Turn the page with Next or Back, once there is a page to turn to."""
        to = self.step() + (1 if by == "Next" else -1)
        self.press(by)
        expect(self.dialog().get_by_role("heading", name=f"({to} of ")).to_be_visible()

    def go_through(self, answers: Answers) -> None:
        """Fill in step after step up to the preview; say why it differs where others are alike."""
        while not self.is_last():
            self.enter({DIFFERS: "Another team, other files.", **answers})
            self.go_on()

    def is_last(self) -> bool:
        return "Before you send it" in self.dialog().inner_text()

    def send(self, by: str = "Send") -> str:
        """Send the preview and return the reference."""
        self.press(by)
        heading = self.dialog().get_by_role("heading", name=re.compile(r"^UC-\d+$"))
        expect(heading).to_be_visible()
        return heading.inner_text()

    def propose(self, who: str, answers: Answers = MEDIUM, **instead: str) -> str:
        """Propose a use case from an empty form and return its reference; `instead` are a name and a problem."""
        labels = {"name": "Name", "problem": "Which problem does it solve?"}
        self.be(who)
        self.type("/usecase new")
        expect(self.dialog()).to_be_visible()
        self.go_through({**answers, **{labels[key]: text for key, text in instead.items()}})
        return self.send()

    def card(self, reference: str) -> Locator:
        """Return the newest message about a use case; those about a week, which come on Mondays, are of many."""
        about = self.page.get_by_role("article").filter(has_text=re.compile(rf"\b{reference}\b"))
        return about.filter(has_not=self.button(ABOUT_A_WEEK)).last

    # -------------------------------------------------------------------------------------- pictures

    def picture(self, name: str) -> None:
        """Keep pictures of what is shown: wide and narrow, light and dark, and the whole of it on a long phone."""
        for look, size, dark in (("wide", WIDE, False), ("wide-dark", WIDE, True), ("phone-dark", NARROW, True)):
            self._take(f"{name}-{look}", size, dark=dark)
        self._take(f"{name}-phone", NARROW)
        hidden = self.page.evaluate(
            "Math.max(0, ...[...document.querySelectorAll('dialog[open] [data-scroll], main [data-scroll]')]"
            ".map((one) => one.scrollHeight - one.clientHeight))"
        )
        if hidden:
            self._take(f"{name}-phone-whole", NARROW | {"height": min(TALLEST, NARROW["height"] + int(hidden * 1.08))})
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size(WIDE)

    def _take(self, name: str, size: Any, *, dark: bool = False) -> None:
        self.page.emulate_media(color_scheme="dark" if dark else "light")
        self.page.set_viewport_size(size)
        self.page.screenshot(path=self._pictures / f"{name}.png", animations="disabled")


def soon(look: Callable[[], Found | None]) -> Found:
    """Return what `look` finds as soon as it finds something."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"nothing appeared within {PATIENCE_SECONDS:.0f} s")
