"""Colleagues who do without a browser what the story does not look at: they open Home, press, and fill in forms."""

from collections.abc import Mapping
from typing import Any

from bot.cli.demo_hands import Hands, Json, names
from bot.cli.demo_oversight import OPTIONAL
from bot.cli.demo_windows import Windows, button_in
from handlers.ids import Action, Block, Command
from tests.stories.people import GENERAL, Company

Press = tuple[Action, str]
"""A button, and words that stand on it where there are several."""


class Colleagues:
    def __init__(self, company: Company) -> None:
        self.hands = Hands(company.address)
        self.windows = Windows(self.hands)

    def at_home(self, who: str, *presses: Press, fields: Mapping[str, Any] | None = None, said: str = "") -> None:
        """Press one button after the other, beginning on Home, and send the form that opens, where there are fields.

        Where something is `said`, wait until it stands in the window.
        """
        self.windows.close(who)
        first, *following = presses
        self.windows.press_at_home(who, *first)
        self.go_on(who, *following, fields=fields, said=said)

    def go_on(self, who: str, *presses: Press, fields: Mapping[str, Any] | None = None, said: str = "") -> None:
        """Do the same in the window that is open."""
        for each in presses:
            self.windows.press_in_window(who, *each)
        if fields is not None:
            self.send(who, fields)
        if said:
            self.hands.wait_for(f"“{said}” for {who}", lambda: said in str(self.windows.open(who)))

    def send(self, who: str, fields: Mapping[str, Any]) -> None:
        """Fill in the form once it is open, and send it; what comes of it stays open."""
        self.windows.send(who, fields)

    def _form(self, who: str) -> Json | None:
        view = self.windows.open(who)
        return view if view and view["submit"] is not None else None

    def approve(self, who: str, reference: str) -> None:
        """Approve by one's own card."""
        self.windows.press_on_card(who, Action.APPROVE, reference)
        self.hands.wait_for("the decision", lambda: not self._waits(who, reference))

    def decide(self, who: str, reference: str) -> None:
        """Approve where one card is for many: open it and say so."""
        self.windows.close(who)
        self.windows.press_on_card(who, Action.OPEN, reference)
        self.send(who, {"decision": "approve", "reason": None})
        self.windows.close(who)

    def report(self, who: str, reference: str, value: str, *, asks: str | None = None) -> None:
        """Answer the check-in that is open now with one number and nothing else; `asks` is who is to confirm it."""
        self.windows.close(who)
        self.windows.press_at_home(who, Action.ANSWER_CHECK_IN, reference)
        view: Json = self.hands.wait_for("The form of a check-in", lambda: self._form(who))
        asked = [each["block_id"] for each in view["blocks"] if each["block_id"].startswith(f"{Block.READING}.")]
        more = {"track": "on_track"} | ({"verifier": asks} if asks else {})
        self.send(who, dict.fromkeys(OPTIONAL) | more | dict.fromkeys(asked, value))
        self.windows.close(who)

    def _waits(self, who: str, reference: str) -> bool:
        own = (message["blocks"] for channel in self.hands.sees(who)["dms"] for message in channel["messages"])
        return any(button_in(each, Action.APPROVE) and names(reference, each) for each in own)

    def type(self, who: str, command: Command, text: str) -> None:
        self.hands.act(who, "command", channel=GENERAL, command=command.value, text=text)
