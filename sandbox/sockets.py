"""Socket Mode: tickets, envelopes to any one socket of an app, and their acknowledgements."""

import asyncio
import json
import logging
import time
import uuid
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.ids import secret
from sandbox.workspace import Workspace

Json = dict[str, Any]
_LOG = logging.getLogger(__name__)
_TICKET_SECONDS = 30.0
_MOST_SOCKETS = 10
_PING_SECONDS = 20.0


class Outcome(StrEnum):
    ACKNOWLEDGED = "acknowledged"
    SILENT = "silent"
    NOT_CONNECTED = "not_connected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an app said to an envelope, within the deadline or not at all."""

    outcome: Outcome
    payload: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """`attempt` and `reason` count redeliveries; only events carry them."""

    type: str
    payload: Json
    accepts_response: bool = False
    attempt: int | None = None
    reason: str = ""

    def frame(self, envelope_id: str) -> str:
        body: Json = {
            "envelope_id": envelope_id,
            "payload": self.payload,
            "type": self.type,
            "accepts_response_payload": self.accepts_response,
        }
        if self.attempt is not None:
            body |= {"retry_attempt": self.attempt, "retry_reason": self.reason}
        return json.dumps(body)


class Sockets:
    def __init__(self, *, workspace: Workspace, deadline: float = 3.0) -> None:
        self._workspace = workspace
        self._deadline = deadline
        self._tickets: dict[str, tuple[str, float]] = {}
        self._open: dict[str, list[web.WebSocketResponse]] = {}
        self._pending: dict[tuple[str, str], asyncio.Future[Json]] = {}
        self._turn = 0

    def ticket_url(self, app_id: str) -> str:
        """Return an address that lets one socket of this app in, once."""
        now = time.monotonic()
        self._tickets = {key: value for key, value in self._tickets.items() if value[1] > now}
        ticket = secret()
        self._tickets[ticket] = (app_id, now + _TICKET_SECONDS)
        base = self._workspace.url.replace("http://", "ws://", 1)
        return f"{base}link/?ticket={ticket}&app_id={app_id}"

    def connected(self, app_id: str) -> int:
        return sum(1 for socket in self._open.get(app_id, []) if not socket.closed)

    async def deliver(self, app_id: str, envelope: Envelope) -> Answer:
        """Send an envelope to one of the app's sockets and wait for its answer."""
        envelope_id = str(uuid.uuid4())
        future: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._pending[(app_id, envelope_id)] = future
        try:
            if not await self._send(app_id, envelope.frame(envelope_id)):
                return Answer(outcome=Outcome.NOT_CONNECTED)
            payload = await asyncio.wait_for(future, self._deadline)
        except TimeoutError:
            return Answer(outcome=Outcome.SILENT)
        finally:
            del self._pending[(app_id, envelope_id)]
        return Answer(outcome=Outcome.ACKNOWLEDGED, payload=payload)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve `/link/`: a socket stays here until one of the two sides closes it."""
        app_id, expires = self._tickets.pop(request.query.get("ticket", ""), ("", 0.0))
        if not app_id or expires < time.monotonic() or request.query.get("app_id", app_id) != app_id:
            return web.Response(status=401, text="This ticket is used up, expired or unknown.")
        socket = web.WebSocketResponse(heartbeat=_PING_SECONDS, max_msg_size=4 * 1024 * 1024)
        await socket.prepare(request)
        sockets = self._open.setdefault(app_id, [])
        if self.connected(app_id) >= _MOST_SOCKETS:
            await self._disconnect(socket, "too_many_websockets")
            return socket
        sockets.append(socket)
        try:
            await socket.send_json(self._hello(app_id))
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acknowledge(app_id, message.data)
        except ConnectionError:
            _LOG.info("A socket of %s broke while it was greeted", app_id)
        finally:
            sockets.remove(socket)
        return socket

    async def close(self) -> None:
        """Tell every socket that the workspace goes away, and close it."""
        for socket in [socket for sockets in self._open.values() for socket in sockets]:
            await self._disconnect(socket, "refresh_requested")

    async def _send(self, app_id: str, frame: str) -> bool:
        sockets = [socket for socket in self._open.get(app_id, []) if not socket.closed]
        self._turn += 1
        for index in range(len(sockets)):
            try:
                await sockets[(self._turn + index) % len(sockets)].send_str(frame)
            except ConnectionError:
                _LOG.info("A socket of %s broke; the envelope goes to the next", app_id)
            else:
                return True
        return False

    def _acknowledge(self, app_id: str, frame: str) -> None:
        try:
            body = json.loads(frame)
        except (ValueError, RecursionError):
            body = None
        if not isinstance(body, dict):
            _LOG.warning("%s sent a frame that is no JSON object", app_id)
            return
        future = self._pending.get((app_id, str(body.get("envelope_id"))))
        if future is None or future.done():
            _LOG.info("%s answered an envelope too late or twice", app_id)
            return
        payload = body.get("payload")
        future.set_result(payload if isinstance(payload, dict) else {})

    def _hello(self, app_id: str) -> Json:
        return {
            "type": "hello",
            "num_connections": self.connected(app_id),
            "debug_info": {
                "host": "sandbox",
                "build_number": 1,
                "approximate_connection_time": 18060,
            },
            "connection_info": {"app_id": app_id},
        }

    async def _disconnect(self, socket: web.WebSocketResponse, reason: str) -> None:
        if not socket.closed:
            try:
                await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})
            except ConnectionError:
                _LOG.info("A socket was gone before it heard of the disconnect")
            await socket.close()
