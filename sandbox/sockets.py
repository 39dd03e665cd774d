"""Socket Mode: tickets, envelopes to any one socket of an app, and their acknowledgements."""

import asyncio
import json
import logging
import time
from dataclasses import dataclass
from typing import Any

from aiohttp import WSMsgType, web

from sandbox.envelopes import Answer, Envelope, Outcome
from sandbox.ids import envelope_id as new_envelope_id
from sandbox.ids import secret
from sandbox.settings import Settings
from sandbox.workspace import Workspace

Json = dict[str, Any]
_LOG = logging.getLogger(__name__)
_TICKET_SECONDS = 30.0
_MOST_SOCKETS = 10
_PING_SECONDS = 20.0
_DEBUG_SECONDS = 360.0


@dataclass(slots=True, kw_only=True, eq=False)
class Link:
    """One open socket. A retiring one still answers, but gets nothing new."""

    socket: web.WebSocketResponse
    transport: asyncio.Transport | None
    opened: float
    lifetime: float
    retiring: bool = False

    @property
    def usable(self) -> bool:
        return not (self.retiring or self.socket.closed)


class Sockets:
    def __init__(self, *, workspace: Workspace, settings: Settings, deadline: float = 3.0) -> None:
        self._workspace = workspace
        self._settings = settings
        self._deadline = deadline
        self._tickets: dict[str, tuple[str, float]] = {}
        self._open: dict[str, list[Link]] = {}
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
        return sum(1 for link in self._open.get(app_id, []) if not link.socket.closed)

    async def deliver(
        self, app_id: str, envelope: Envelope, *, avoid: object | None = None, envelope_id: str = ""
    ) -> Answer:
        """Send an envelope to one of the app's sockets, rather not the one to avoid, and wait for its answer."""
        name = envelope_id or new_envelope_id()
        key = (app_id, name)
        # Two copies of one envelope share its answer: the first acknowledgement is for both.
        future = self._pending.setdefault(key, asyncio.get_running_loop().create_future())
        try:
            link = await self._send(app_id, envelope.frame(name), avoid)
            if link is None:
                return Answer(outcome=Outcome.NOT_CONNECTED, reason="connection_failed")
            done, _ = await asyncio.wait({future}, timeout=self._deadline)
        finally:
            self._pending.pop(key, None)
        if not done:
            return Answer(outcome=Outcome.SILENT, reason="timeout", via=link)
        return Answer(outcome=Outcome.ACKNOWLEDGED, payload=future.result(), via=link)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve `/link/`: a socket stays here until one of the two sides closes it."""
        app_id, expires = self._tickets.pop(request.query.get("ticket", ""), ("", 0.0))
        if not app_id or expires < time.monotonic() or request.query.get("app_id", app_id) != app_id:
            return web.Response(status=401, text="This ticket is used up, expired or unknown.")
        socket = web.WebSocketResponse(heartbeat=_PING_SECONDS, max_msg_size=4 * 1024 * 1024)
        await socket.prepare(request)
        if self.connected(app_id) >= _MOST_SOCKETS:
            await self._disconnect(socket, "too_many_websockets")
            return socket
        lifetime = self._settings.socket_seconds
        if request.query.get("debug_reconnects", "").lower() == "true":
            lifetime = min(lifetime, _DEBUG_SECONDS)
        link = Link(socket=socket, transport=request.transport, opened=time.monotonic(), lifetime=lifetime)
        await self._serve(app_id, link)
        return socket

    async def close(self) -> None:
        """Tell every socket that the workspace goes away, and close it."""
        for link in [link for links in self._open.values() for link in links]:
            await self._disconnect(link.socket, "refresh_requested")

    async def disable(self, app_id: str) -> None:
        """Tell an app's sockets that Socket Mode was turned off for it, and close them."""
        for link in list(self._open.get(app_id, [])):
            await self._disconnect(link.socket, "link_disabled")

    def cut(self, app_id: str) -> int:
        """Break an app's sockets off without a word, as a network does; answer how many."""
        links = [link for link in self._open.get(app_id, []) if not link.socket.closed]
        for link in links:
            link.retiring = True
            if link.transport is not None:
                link.transport.abort()
        return len(links)

    async def _serve(self, app_id: str, link: Link) -> None:
        links = self._open.setdefault(app_id, [])
        links.append(link)
        ageing = asyncio.create_task(self._age(link))
        try:
            await link.socket.send_json(self._hello(app_id, link))
            async for message in link.socket:
                if message.type is WSMsgType.TEXT:
                    self._acknowledge(app_id, message.data)
        except ConnectionError:
            _LOG.info("A socket of %s broke while it was greeted", app_id)
        finally:
            ageing.cancel()
            links.remove(link)

    async def _age(self, link: Link) -> None:
        """Warn a socket before its time is up, then ask it to come again, and at last close it."""
        notice = min(self._settings.warning_seconds, link.lifetime)
        await asyncio.sleep(link.lifetime - notice)
        await _tell(link.socket, "warning")
        await asyncio.sleep(notice)
        link.retiring = True
        await _tell(link.socket, "refresh_requested")
        # What it was sent already may still be acknowledged.
        await asyncio.sleep(self._deadline)
        await link.socket.close()

    async def _send(self, app_id: str, frame: str, avoid: object | None) -> Link | None:
        links = [link for link in self._open.get(app_id, []) if link.usable]
        self._turn += 1
        turn = self._turn % len(links) if links else 0
        for link in sorted([*links[turn:], *links[:turn]], key=lambda link: link is avoid):
            try:
                await link.socket.send_str(frame)
            except ConnectionError:
                _LOG.info("A socket of %s broke; the envelope goes to the next", app_id)
            else:
                return link
        return None

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

    def _hello(self, app_id: str, link: Link) -> Json:
        return {
            "type": "hello",
            "num_connections": self.connected(app_id),
            "debug_info": {
                "host": "sandbox",
                "build_number": 1,
                "approximate_connection_time": int(link.lifetime),
            },
            "connection_info": {"app_id": app_id},
        }

    async def _disconnect(self, socket: web.WebSocketResponse, reason: str) -> None:
        await _tell(socket, reason)
        await socket.close()


async def _tell(socket: web.WebSocketResponse, reason: str) -> None:
    if socket.closed:
        return
    try:
        await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})
    except ConnectionError:
        _LOG.info("A socket was gone before it heard of the disconnect")
