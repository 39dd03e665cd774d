"""Keeps open pages up to date: after a change, each connection gets the regions that look different now."""

import asyncio
import contextlib
import json
import logging
from collections.abc import Mapping

from aiohttp import WSMsgType, web
from yarl import URL

from sandbox.model import Change
from sandbox.page.panes import render_regions, title_of
from sandbox.page.place import find_place
from sandbox.workspace import Workspace

_LOG = logging.getLogger(__name__)
_HEARTBEAT_SECONDS = 20.0
# Several changes often come together (a view closes, a message appears): one drawing shows them all.
_GATHER_SECONDS = 0.02


class Connection:
    """One open page. It remembers what it sent, so that only differences travel."""

    def __init__(self, *, workspace: Workspace, socket: web.WebSocketResponse, query: Mapping[str, str]) -> None:
        self._workspace = workspace
        self._socket = socket
        self._query = dict(query)
        self._visit = 0
        self._sent: dict[str, str] = {}
        self._stale = asyncio.Event()
        self._stale.set()

    async def run(self) -> None:
        unsubscribe = self._workspace.subscribe(self._changed)
        drawing = asyncio.create_task(self._draw_forever())
        try:
            async for frame in self._socket:
                if frame.type is WSMsgType.TEXT:
                    self._hear(frame.data)
        finally:
            unsubscribe()
            drawing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await drawing

    def _changed(self, change: Change) -> None:
        if change.users is None or self._query.get("as", "") in change.users:
            self._stale.set()

    def _hear(self, data: str) -> None:
        """Listen to the page: where it went, and that somebody saw the conversation it shows."""
        told = json.loads(data)
        if isinstance(told.get("go"), str):
            self._visit = int(told.get("visit", 0))
            self._query = dict(URL(told["go"]).query) | {"as": self._query.get("as", "")}
            self._stale.set()
        if told.get("seen"):
            self._mark_read()

    def _mark_read(self) -> None:
        place = find_place(self._workspace, self._query)
        if place and place.channel and self._workspace.unread(place.user.id, place.channel.id):
            self._workspace.mark_read(place.user.id, place.channel.id)

    async def _draw_forever(self) -> None:
        """Draw after each change. A page that cannot be drawn is closed, so that the failure shows."""
        try:
            while not self._socket.closed:
                await self._stale.wait()
                await asyncio.sleep(_GATHER_SECONDS)
                self._stale.clear()
                await self._draw()
        except ConnectionResetError:
            _LOG.debug("a page left while it was being drawn")
        finally:
            await self._socket.close()

    async def _draw(self) -> None:
        place = find_place(self._workspace, self._query)
        if place is None:
            return
        regions = render_regions(self._workspace, place)
        fresh = {name: html for name, html in regions.items() if self._sent.get(name) != html}
        self._sent = regions
        title = title_of(self._workspace, place)
        await self._socket.send_json({"regions": fresh, "title": title, "visit": self._visit})


def open_socket() -> web.WebSocketResponse:
    return web.WebSocketResponse(heartbeat=_HEARTBEAT_SECONDS, max_msg_size=64 * 1024)
