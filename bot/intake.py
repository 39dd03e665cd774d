"""Take deliveries in, from either transport: clean them, dispatch them, and never let a bad one raise."""

import binascii
import json
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse

log = logging.getLogger(__name__)

LARGEST_BODY = 1_000_000
"""Bytes. Slack's largest documented view is 250 kB."""


class Intake:
    """The one door. What is malformed is answered 400 and counted; what was counted is for the metrics."""

    def __init__(self, app: App) -> None:
        self._app = app
        self.counted: Counter[str] = Counter()

    def count(self, what: str) -> None:
        self.counted[what] += 1

    def over_socket(self, payload: object, headers: Mapping[str, str | Sequence[str]] | None = None) -> BoltResponse:
        """Dispatch the payload of a Socket Mode envelope."""
        if not isinstance(payload, dict):
            return self._malformed("the payload is not an object")
        return self._dispatch(_SocketRequest, payload=payload, headers=headers)

    def over_http(self, body: bytes, headers: Mapping[str, str]) -> BoltResponse:
        """Dispatch a signed request. Its bytes are checked as they came; Bolt parses them afterwards."""
        if len(body) > LARGEST_BODY:
            return self._malformed("the body is too large")
        stamp = headers.get("x-slack-request-timestamp", "")
        if not (stamp.isascii() and stamp.isdigit()) or not headers.get("x-slack-signature", "").isascii():
            self.count("bad_signature")
            return BoltResponse(status=401, body="")
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return self._malformed("the body is not UTF-8")
        return self._dispatch(_FormRequest, body=text, headers=dict(headers))

    def _dispatch(self, request: type[BoltRequest], **arguments: Any) -> BoltResponse:
        try:
            response = self._app.dispatch(request(**arguments))
        except Exception as error:  # noqa: BLE001 - Bolt raises what a hostile payload makes it raise
            return self._malformed(f"{type(error).__name__}: {error}")
        self.count(f"answered_{response.status}")
        return response

    def _malformed(self, problem: str) -> BoltResponse:
        self.count("malformed_payload")
        log.warning("malformed payload", extra={"problem": problem[:200]})
        return BoltResponse(status=400, body="")


class _SocketRequest(BoltRequest):
    """A request whose body is cleaned where a body too deep to be walked is refused, not raised."""

    def __init__(self, payload: dict[str, Any], headers: Mapping[str, str | Sequence[str]] | None) -> None:
        super().__init__(mode="socket_mode", body=cleaned(payload), headers=dict(headers or {}))


class _FormRequest(BoltRequest):
    """A request whose parsed body is cleaned; its raw body stays as it was signed."""

    def __init__(self, body: str, headers: dict[str, str | Sequence[str]]) -> None:
        payload = _payload_of(body)
        if payload is None:
            super().__init__(mode="http", body=body, headers=headers)
            self.body = cleaned(self.body)
            return
        # Bolt would decode the form in Python, which takes longer than all else it does with the request.
        super().__init__(mode="socket_mode", body=payload, headers=headers)
        self.mode, self.raw_body = "http", body


def _payload_of(form: str) -> dict[str, Any] | None:
    """Return the payload in the form Slack posts for presses and modals, or None for Bolt to look at it.

    Apart from the sign, percent-encoding is quoted-printable, which the standard library decodes in C. What the two
    read differently is left to Bolt: a literal `=`, line breaks, and a `%` no two hex digits follow.
    """
    value = form.removeprefix("payload=")
    if len(value) == len(form) or not value.isascii() or any(each in value for each in "=& \t\r\n"):
        return None
    decoded = binascii.a2b_qp(value.replace("+", " ").replace("%", "="))
    if len(decoded) != len(value) - 2 * value.count("%"):
        return None
    try:
        text = decoded.decode()
    except UnicodeDecodeError:
        return None
    payload = json.loads(text)
    if not isinstance(payload, dict):
        return None
    return _stripped(payload) if _may_hold_dirt(text) else payload


def cleaned(payload: Any) -> Any:
    """Return `payload` without NUL and lone surrogates, which PostgreSQL and canonical JSON cannot hold."""
    return _stripped(payload) if _may_hold_dirt(json.dumps(payload)) else payload


def _may_hold_dirt(text: str) -> bool:
    """Say whether JSON text may hold what must be stripped: rarely, and then each string has to be looked at.

    NUL and surrogates are escapes there, as are the halves of an emoji; a backslash before any other `u` is none.
    """
    return "\\u0000" in text or "\\ud" in text or "\\uD" in text


def _stripped(value: Any) -> Any:
    if isinstance(value, str):
        if "\x00" not in value and value.isascii():
            return value
        return value.replace("\x00", "").encode("utf-8", "ignore").decode()
    if isinstance(value, dict):
        return {_stripped(key): _stripped(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_stripped(each) for each in value]
    return value
