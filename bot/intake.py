"""Take deliveries in, from either transport: clean them, dispatch them, and never let a bad one raise."""

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
        return self._dispatch(BoltRequest, mode="socket_mode", body=cleaned(payload), headers=headers)

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
        return self._dispatch(_CleanRequest, mode="http", body=text, headers=dict(headers))

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


class _CleanRequest(BoltRequest):
    """A request whose parsed body is cleaned; its raw body stays as it was signed."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.body = cleaned(self.body)


def cleaned(value: Any) -> Any:
    """Return `value` without NUL and lone surrogates, which PostgreSQL and canonical JSON cannot hold."""
    if isinstance(value, str):
        if "\x00" not in value and value.isascii():
            return value
        return value.replace("\x00", "").encode("utf-8", "ignore").decode()
    if isinstance(value, dict):
        return {cleaned(key): cleaned(each) for key, each in value.items()}
    if isinstance(value, list):
        return [cleaned(each) for each in value]
    return value
