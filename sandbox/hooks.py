"""HTTP mode: signed requests to an app's own addresses, and what it answers to them."""

import hashlib
import hmac
import json
import logging
import time
from typing import Any
from urllib.parse import urlencode

import aiohttp

from sandbox import payloads
from sandbox.envelopes import Answer, Envelope, Outcome
from sandbox.ids import secret
from sandbox.jsontext import parse_json
from sandbox.model import AppInfo

Json = dict[str, Any]
_LOG = logging.getLogger(__name__)
_MOST_READ = 1024 * 1024
_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"


class Hooks:
    """Delivers to apps that named addresses; an app hears of events once it proved that its address is its own."""

    def __init__(self, *, deadline: float = 3.0) -> None:
        self._deadline = deadline
        self._session: aiohttp.ClientSession | None = None
        self._verified: set[str] = set()

    def verified(self, app_id: str) -> bool:
        return app_id in self._verified

    async def deliver(self, app: AppInfo, envelope: Envelope) -> Answer:
        if envelope.type == "events_api" and not await self.verify(app):
            return Answer(outcome=Outcome.NOT_CONNECTED, reason="connection_failed")
        url, kind, body = _request(app, envelope)
        headers = {}
        if envelope.attempt:
            headers = {"X-Slack-Retry-Num": str(envelope.attempt), "X-Slack-Retry-Reason": envelope.reason}
        return await self._post(app, url, kind, body, headers, plain_text=envelope.type == "slash_commands")

    async def verify(self, app: AppInfo) -> bool:
        """Ask the app to repeat a challenge, unless it did before."""
        if app.id in self._verified:
            return True
        challenge = secret()
        asked = {"token": payloads.verification_token(app), "challenge": challenge, "type": "url_verification"}
        body = json.dumps(asked).encode()
        answer = await self._post(app, app.request_url, _JSON, body, {}, plain_text=True)
        if answer.outcome is not Outcome.ACKNOWLEDGED:
            return False
        if challenge not in (answer.payload.get("challenge"), str(answer.payload.get("text")).strip()):
            _LOG.warning("%s did not repeat the challenge sent to %s", app.name, app.request_url)
            return False
        self._verified.add(app.id)
        return True

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _post(
        self, app: AppInfo, url: str, kind: str, body: bytes, headers: dict[str, str], *, plain_text: bool
    ) -> Answer:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self._deadline))
        headers = {**headers, **signed(app, body), "Content-Type": kind, "User-Agent": "Slackbot 1.0"}
        try:
            # A redirect could lead off this machine, so none is followed.
            async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as response:
                return await _answer(response, plain_text=plain_text)
        except TimeoutError:
            return Answer(outcome=Outcome.SILENT, reason="http_timeout")
        except aiohttp.ClientError as problem:
            _LOG.info("%s cannot be reached at %s: %s", app.name, url, problem)
            return Answer(outcome=Outcome.NOT_CONNECTED, reason="connection_failed")


def signed(app: AppInfo, body: bytes) -> dict[str, str]:
    """Return the two headers by which an app knows who sent it this body, and when."""
    # Apps compare this with their machine's clock, so it is the real time, not the workspace's.
    now = str(int(time.time()))
    base = f"v0:{now}:".encode() + body
    digest = hmac.new(app.signing_secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": now, "X-Slack-Signature": f"v0={digest}"}


def _request(app: AppInfo, envelope: Envelope) -> tuple[str, str, bytes]:
    """Return where to, the kind of body and the body, as Slack sends each type of envelope."""
    payload = envelope.payload
    if envelope.type == "slash_commands":
        return app.command_address(str(payload.get("command"))), _FORM, urlencode(payload).encode()
    if envelope.type == "interactive":
        wants_options = payload.get("type") == "block_suggestion"
        url = app.options_url if wants_options and app.options_url else app.interactivity_url or app.request_url
        return url, _FORM, urlencode({"payload": json.dumps(payload)}).encode()
    return app.request_url, _JSON, json.dumps(payload).encode()


async def _answer(response: aiohttp.ClientResponse, *, plain_text: bool) -> Answer:
    if not response.ok or response.status in range(300, 400):
        again = response.headers.get("X-Slack-No-Retry") != "1"
        reason = "too_many_redirects" if response.status in range(300, 400) else "http_error"
        return Answer(outcome=Outcome.REFUSED, reason=reason, again=again)
    raw = await response.content.read(_MOST_READ)
    return Answer(outcome=Outcome.ACKNOWLEDGED, payload=_payload(raw, plain_text=plain_text))


def _payload(raw: bytes, *, plain_text: bool) -> Json:
    try:
        body = parse_json(raw)
    except ValueError:
        body = None
    if isinstance(body, dict):
        return body
    text = raw.decode("utf-8", "replace").strip() if plain_text else ""
    return {"text": text} if text else {}
