"""People's hands in a local workspace: through its control interface they do what they would do on its page."""

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlsplit

Json = dict[str, Any]

WAIT_SECONDS = 20.0
PAUSE_SECONDS = 0.05
CALL_SECONDS = 120.0  # moving the clock by weeks is one call


class HandsError(Exception):
    """What a person wanted to do did not work; the message says what, and what the workspace answered."""


class Hands:
    """The hands of everybody in the workspace at `address`."""

    def __init__(self, address: str) -> None:
        self.patience = WAIT_SECONDS
        self._host = urlsplit(address).netloc

    def act(self, who: str, do: str, **how: Any) -> Json:
        """Do one thing as a person and return the answer. Raises HandsError when the workspace or the app refused."""
        answer = self._call("POST", "/control/act", {"as": who, "do": do, **how})
        if not answer["ok"]:
            raise HandsError(f"{who} could not {do}: {answer.get('message') or answer['error']} {_details(answer)}")
        return answer

    def sees(self, who: str) -> Json:
        """Return all that this person sees: channels, direct messages, Home and modals."""
        return self._call("GET", f"/control/state?as={who}")

    def everything(self) -> Json:
        return self._call("GET", "/control/state")

    def leave(self, who: str) -> None:
        """Have a person's account deactivated, as an administrator of the workspace would."""
        self._must("POST", f"/control/users/{who}", {"kind": "deactivated"})

    def clock(self) -> tuple[datetime, timedelta]:
        """Return the workspace's time, and how far behind the real one it is."""
        told = self._must("GET", "/control/clock")
        return datetime.fromisoformat(told["now"]), timedelta(seconds=-float(told["offset_seconds"]))

    def move_clock(self, by: timedelta) -> None:
        self._must("POST", "/control/clock/advance", {"seconds": by.total_seconds()})

    def wait_for(self, what: str, look: Callable[[], Any]) -> Any:
        """Return what `look` finds as soon as it finds something. Raises HandsError when it never does."""
        deadline = time.monotonic() + self.patience
        while True:
            found = look()
            if found:
                return found
            if time.monotonic() > deadline:
                raise HandsError(f"{what} did not appear within {self.patience:.0f} s.")
            time.sleep(PAUSE_SECONDS)

    def _must(self, method: str, path: str, body: Json | None = None) -> Json:
        answer = self._call(method, path, body)
        if not answer["ok"]:
            raise HandsError(f"{path}: {answer.get('message') or answer['error']}")
        return answer

    def _call(self, method: str, path: str, body: Json | None = None) -> Json:
        connection = HTTPConnection(self._host, timeout=CALL_SECONDS)
        try:
            sent = None if body is None else json.dumps(body)
            connection.request(method, path, body=sent, headers={"Content-Type": "application/json"})
            return {"ok": True} | dict(json.loads(connection.getresponse().read()))
        except (OSError, HTTPException, ValueError) as problem:
            raise HandsError(f"The workspace did not answer {path}: {problem}") from problem
        finally:
            connection.close()


def messages(seen: Json) -> Iterator[tuple[str, Json]]:
    """Yield channel and message of all that somebody sees, the newest of each channel first."""
    for channel in [*seen["dms"], *seen["channels"]]:
        for message in reversed(channel["messages"]):
            yield channel["id"], message


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Yield block and element of everything that can be pressed or filled."""
    for block in blocks:
        for element in [block.get("element"), block.get("accessory"), *(block.get("elements") or [])]:
            if isinstance(element, dict) and "action_id" in element:
                yield block, element


def names(reference: str, drawn: object) -> bool:
    """Tell whether a reference stands in a message or view; UC-1 does not stand in UC-12."""
    return re.search(rf"\b{re.escape(reference)}\b", json.dumps(drawn, ensure_ascii=False)) is not None


def words(text: Mapping[str, Any] | None) -> str:
    return str((text or {}).get("text") or "")


def _details(answer: Json) -> str:
    return "; ".join(f"{where}: {text}" for where, text in (answer.get("errors") or {}).items())
