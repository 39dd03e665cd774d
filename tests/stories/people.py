"""People of the demo's company, and what they do in the page."""

import json
import re
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

PRIYA, MAREK, ANN = "U0PRIYARAMAN", "U0MAREKNOWAK", "U0ANNLINDQVIST"
TOMAS, YUKI, ELENA, DANA = "U0TOMASFERREIRA", "U0YUKITANAKA", "U0ELENADUARTE", "U0DANAWHITFIELD"
GENERAL, GOVERNANCE = "C0GENERAL", "C0AIGOVERNANCE"

WIDE, NARROW = {"width": 1280, "height": 860}, {"width": 390, "height": 844}

ANSWERS = {
    "Name": "Summarise complaint files",
    "Which problem does it solve?": "Reading one complaint file takes a handler six hours.\nForty a week arrive.",
    "Team that will use it": "Complaints handling",
    "Owner": "Marek Nowak",
    "Business objective it serves": "Answer complaints within five days",
    "One number that will show it works": "Hours per case file, from 6 to 3",
    "Most sensitive data it uses": "Personal data",
    "Where is the data processed?": "Our own cloud",
}


@dataclass(frozen=True)
class Company:
    """A running demo: the address of its workspace and the folder of its files."""

    address: str
    folder: Path

    @property
    def database(self) -> Path:
        return self.folder / "gatehouse.db"

    def post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        data = json.dumps(body).encode()
        address = self.address + path
        request = urllib.request.Request(address, data=data, headers={"Content-Type": "application/json"})  # noqa: S310
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - our own workspace
            return dict(json.load(answer))

    def act(self, who: str, do: str, **how: Any) -> dict[str, Any]:
        """Act as a person without a browser."""
        return self.post("/control/act", {"as": who, "do": do, **how})

    def state(self, who: str) -> dict[str, Any]:
        address = f"{self.address}/control/state?as={who}"
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - our own workspace
            return dict(json.load(answer))


class Window:
    """One browser window. Everything is found as a screen reader would find it: by role and name."""

    def __init__(self, browser: Browser, company: Company, pictures: Path) -> None:
        self._browser = browser
        self.company = company
        self._pictures = pictures
        self.page: Page = browser.new_page(viewport=WIDE)
        self.page.set_default_timeout(8000)
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))

    def close(self) -> None:
        self.page.close()
        assert self.problems == [], "the page's script failed"

    def look(self, *, dark: bool = False, narrow: bool = False) -> None:
        """Use a dark or light, wide or narrow screen from now on."""
        self.page.emulate_media(color_scheme="dark" if dark else "light")
        self.page.set_viewport_size(NARROW if narrow else WIDE)

    def be(self, who: str, *, channel: str = GENERAL) -> None:
        """Go on as this person, in a channel, with nothing left open from before."""
        self._leave_modals(who)
        self.page.goto(f"{self.company.address}/?as={who}&channel={channel}")
        expect(self.composer()).to_be_visible()

    def read_dms(self, who: str) -> None:
        """Go on as this person, in their direct messages with the app."""
        self._leave_modals(who)
        [conversation] = self.company.state(who)["dms"]
        self.page.goto(f"{self.company.address}/?as={who}&channel={conversation['id']}")

    def open_home(self, who: str) -> None:
        self.be(who)
        if self.page.get_by_role("button", name="Menu").is_visible():
            self.page.get_by_role("button", name="Menu").click()
        self.page.get_by_role("link", name=re.compile("Gatehouse")).first.click()

    def _leave_modals(self, who: str) -> None:
        for view in self.company.state(who)["modals"]:
            self.company.act(who, "close", view_id=view["id"], clear=True)

    def composer(self) -> Locator:
        return self.page.get_by_role("combobox", name=re.compile("^Message"))

    def type(self, text: str) -> None:
        self.composer().fill(text)
        self.composer().press("Enter")

    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    def fill(self, **instead: str) -> None:
        """Fill the proposal form; `instead` replaces answers by the first word of their label, in lower case."""
        for label, usual in ANSWERS.items():
            answer = instead.get(label.split()[0].lower(), usual)
            field = self.dialog().get_by_label(label, exact=False)
            if label in ("Owner", "Most sensitive data it uses", "Where is the data processed?"):
                field.select_option(label=answer)
            else:
                field.fill(answer)

    def propose(self, who: str, **instead: str) -> str:
        """Propose a use case from an empty form and return its reference."""
        self.be(who)
        self.type("/usecase new")
        expect(self.dialog()).to_be_visible()
        self.fill(**instead)
        self.dialog().get_by_role("button", name="Send for review").click()
        expect(self.dialog()).to_contain_text("is in review")
        found = re.search(r"UC-\d+", self.dialog().inner_text())
        assert found
        return found.group()

    def card(self, reference: str) -> Locator:
        """Return the newest message about a use case."""
        return self.page.get_by_role("article").filter(has_text=reference).last

    def picture(self, name: str) -> None:
        """Keep a picture of the window as it is."""
        self.page.screenshot(path=self._pictures / f"{name}.png", animations="disabled")
