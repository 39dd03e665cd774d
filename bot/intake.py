"""Take deliveries in, from either transport: clean them, dispatch them, and never let a bad one raise."""

import binascii
import json
import logging
import threading
import traceback
from collections import Counter
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse

log = logging.getLogger(__name__)

LARGEST_BODY = 1_000_000
"""Bytes. Slack's largest documented view is 250 kB."""


_STUMBLES = (AttributeError, TypeError, LookupError, ValueError, RecursionError)
"""What Bolt and our parsers raise where a payload is not of the shape Slack documents."""

_OURS = ("bot", "handlers", "workflows", "db")
_PARSERS = ("slack_bolt", "slack_sdk", __name__)


class _Delivery(threading.local):
    """Whether what this thread is dispatching has been counted."""

    is_counted = False


_DELIVERY = _Delivery()

OUTCOMES = (
    "answered_200",
    "bad_signature",
    "malformed_payload",
    "unheard_event",
    "listener_failed",
    "intake_failed",
)
"""What can become of a delivery. Each counts once, and each is there from the start, at nought."""


class Intake:
    """The one door. What is malformed is answered 400 and counted; what was counted is for the metrics."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._guard = threading.Lock()
        self.counted: Counter[str] = Counter(dict.fromkeys(OUTCOMES, 0))

    def count(self, what: str) -> None:
        """Count what became of the delivery this thread is dispatching, which then has its outcome."""
        _DELIVERY.is_counted = True
        with self._guard:
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
            return BoltResponse(status=HTTPStatus.UNAUTHORIZED, body="")
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return self._malformed("the body is not UTF-8")
        return self._dispatch(_FormRequest, body=text, headers=dict(headers))

    def _dispatch(self, kind: type[BoltRequest], **arguments: Any) -> BoltResponse:
        _DELIVERY.is_counted = False
        try:
            request = kind(**arguments)
            response = self._app.dispatch(request)
        except Exception as error:
            if _is_a_stumble(error):
                return self._malformed(f"{type(error).__name__}: {error}")
            log.exception("a delivery could not be dispatched")
            self.count("intake_failed")
            return BoltResponse(status=HTTPStatus.BAD_REQUEST, body="")
        if response.status == HTTPStatus.NOT_FOUND:
            return self._unhandled(request.body)
        if not _DELIVERY.is_counted:
            is_unsigned = response.status == HTTPStatus.UNAUTHORIZED
            self.count("bad_signature" if is_unsigned else f"answered_{response.status}")
        return response

    def _unhandled(self, body: Any) -> BoltResponse:
        """Refuse what no listener takes, but for events.

        An event we do not hear is one the manifest in Slack asks for and this version does not: nobody waits for its
        answer, and Slack would send again whatever is refused, and switch an app's events off that refuses many.
        """
        event = body.get("event") if isinstance(body, dict) and body.get("type") == "event_callback" else None
        if not isinstance(event, dict) or not isinstance(event.get("type"), str):
            return self._malformed("nothing here takes it")
        self.count("unheard_event")
        return BoltResponse(status=HTTPStatus.OK, body="")

    def _malformed(self, problem: str) -> BoltResponse:
        self.count("malformed_payload")
        log.warning("malformed payload", extra={"problem": problem[:200]})
        return BoltResponse(status=HTTPStatus.BAD_REQUEST, body="")


def _is_a_stumble(error: Exception) -> bool:
    """Say whether Bolt or our parsers could not read a payload; anything else is a defect of ours."""
    names = [str(frame.f_globals.get("__name__")) for frame, _ in traceback.walk_tb(error.__traceback__)]
    known = [name for name in names if name.split(".")[0] in (*_OURS, "slack_bolt", "slack_sdk")]
    return isinstance(error, _STUMBLES) and known[-1].startswith(_PARSERS)


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
