"""Find buttons where a person sees them, press them, and fill in the windows that open."""

from collections.abc import Callable
from typing import Any

from bot.cli.demo_forms import Fields, filled, unasked
from bot.cli.demo_hands import Hands, HandsError, Json, elements, messages, names

MOST_PAGES = 12
Place = tuple[Json, tuple[Json, Json]]
"""What a button stands in, its block, and the button."""


class Windows:
    """The messages, Homes and windows of everybody whose `hands` these are."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands

    def open(self, who: str) -> Json | None:
        windows = self._hands.sees(who)["modals"]
        return windows[-1] if windows else None

    def must_be_open(self, who: str) -> Json:
        window = self.open(who)
        if window is None:
            raise HandsError("The form closed before it was sent.")
        return window

    def close(self, who: str) -> None:
        window = self.open(who)
        if window is not None:
            self._hands.act(who, "close", view_id=window["id"], clear=True)

    def press(self, who: str, place: Place, **more: Any) -> None:
        container, (block, element) = place
        self._hands.act(
            who, "press", container=container, block_id=block["block_id"], action_id=element["action_id"], **more
        )

    def press_in(self, who: str, view: Json, found: tuple[Json, Json], **more: Any) -> None:
        """Press a button of a window or a Home."""
        self.press(who, ({"type": "view", "view_id": view["id"]}, found), **more)

    def press_in_window(self, who: str, action: str, text: str = "") -> None:
        """Press a button of the open window, once there is one with it."""
        view, found = self.button_in_window(who, action, text)
        self.press_in(who, view, found)

    def button_in_window(self, who: str, action: str, text: str = "") -> tuple[Json, tuple[Json, Json]]:
        """Return the open window and a button of it, once there is one with it."""

        def look() -> tuple[Json, tuple[Json, Json]] | None:
            view = self.open(who)
            found = button_in(view["blocks"], action, text) if view else None
            return (view, found) if view and found else None

        window: tuple[Json, tuple[Json, Json]] = self._hands.wait_for(f"A window with {action}", look)
        return window

    def press_at_home(self, who: str, action: str, text: str = "") -> None:
        """Open Home and press a button of it, once it is there."""

        def look() -> tuple[Json, tuple[Json, Json]] | None:
            home = self._hands.sees(who)["home"]
            found = button_in(home["blocks"], action, text) if home else None
            return (home, found) if home and found else None

        self._hands.act(who, "home")
        home, found = self._hands.wait_for(f"The button {action} for {text or 'them'} on Home", look)
        self.press_in(who, home, found)

    def press_on_card(
        self, who: str, action: str, reference: str, text: str = "", *, otherwise: str | None = None
    ) -> str:
        """Press a button about something in a message, once there is one. `otherwise` is pressed in channels only.

        `text` must stand on the button. Returns which of the two was pressed.
        """
        place: Place = self._hands.wait_for(
            f"The button for {reference}", lambda: self.on_card(who, action, reference, text, otherwise=otherwise)
        )
        self.press(who, place)
        return str(place[1][1]["action_id"])

    def on_card(
        self, who: str, action: str, reference: str, text: str = "", *, otherwise: str | None = None
    ) -> Place | None:
        """Return the newest message with such a button as it is now, and the button; None where there is none."""
        seen = self._hands.sees(who)
        direct = {channel["id"] for channel in seen["dms"]}
        for channel, message in messages(seen):
            found = button_in(message["blocks"], action, text)
            if found is None and otherwise is not None and channel not in direct:
                found = button_in(message["blocks"], otherwise)
            if found is not None and names(reference, message["blocks"]):
                return {"type": "message", "channel": channel, "ts": message["ts"]}, found
        return None

    def fill_in(self, who: str, fields: Fields, *, more: str = "", first: str = "") -> None:
        """Fill in the window that opens, and those that follow it. Raises HandsError for what is refused.

        `more` is pressed while there are answers for one more of what begins with `first`.
        """
        view = self._wait_for_form(who)
        for _ in range(MOST_PAGES):
            state = filled(self._hands, who, view, fields)
            another = button_in(view["blocks"], more) if more else None
            if another is not None and unasked(view, fields, first):
                self.press_in(who, view, another, state=state)
            elif self._submit(who, view, state) != "update":
                return
            shown = self.open(who)
            if shown is None or shown["submit"] is None:
                self.close(who)
                return
            view = shown
        raise HandsError(f"There are more than {MOST_PAGES} windows.")

    def send(self, who: str, fields: Fields) -> None:
        """Fill in the form once it is open, and send it; what comes of it stays open. Raises HandsError if refused."""
        view = self._wait_for_form(who)
        self._submit(who, view, filled(self._hands, who, view, fields))

    def _submit(self, who: str, view: Json, state: Json) -> str:
        answer = self._hands.act(who, "submit", view_id=view["id"], state=state)
        if answer["response_action"] == "errors":
            raise HandsError(f"What was sent was refused: {answer['errors']}")
        return str(answer["response_action"])

    def _wait_for_form(self, who: str) -> Json:
        def look() -> Json | None:
            view = self.open(who)
            return view if view and view["submit"] is not None else None

        wait: Callable[[], Json | None] = look
        view: Json = self._hands.wait_for("A window to fill in", wait)
        return view


def button_in(blocks: list[Json], action: str, text: str = "") -> tuple[Json, Json] | None:
    """Return the first button with this action, and its block; `text` must stand on it, a reference as a whole."""
    for block, element in elements(blocks):
        if element["action_id"] == action and (not text or names(text, element)):
            return block, element
    return None
