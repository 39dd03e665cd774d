"""The Events API: who hears of what, and again when nobody acknowledged it."""

import asyncio
import logging
from collections.abc import Iterable
from typing import Any

from sandbox import payloads
from sandbox.ids import random_id
from sandbox.model import AppInfo, Channel, ChannelKind, Message
from sandbox.sockets import Answer, Envelope, Outcome, Sockets
from sandbox.workspace import Workspace

Json = dict[str, Any]
_LOG = logging.getLogger(__name__)
RETRY_DELAYS = (0.0, 60.0, 300.0)
_NEEDS = {
    "user_change": "users:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "app_mention": "app_mentions:read",
}
_MESSAGES = {
    ChannelKind.PUBLIC: ("message.channels", "channel"),
    ChannelKind.PRIVATE: ("message.groups", "group"),
    ChannelKind.IM: ("message.im", "im"),
}


class Events:
    def __init__(self, *, workspace: Workspace, sockets: Sockets, retry_delays: Iterable[float] = RETRY_DELAYS) -> None:
        self._workspace = workspace
        self._sockets = sockets
        self._retry_delays = tuple(retry_delays)
        self._running: set[asyncio.Task[None]] = set()

    def wants(self, app: AppInfo, subscription: str) -> bool:
        needed = _NEEDS.get(subscription)
        return subscription in app.bot_events and (needed is None or needed in app.scopes)

    def emit(self, app: AppInfo, event: Json, *, channel: Channel | None = None) -> asyncio.Future[Answer]:
        """Send an event and, unacknowledged, send it again; the future is the first try's answer."""
        first: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(self._deliver(app, self._callback(app, event, channel), first))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return first

    def message(
        self, message: Message, *, subtype: str | None = None, before: Json | None = None
    ) -> list[asyncio.Future[Answer]]:
        """Tell every app that sits in the channel and listens to its messages."""
        channel = self._workspace.channel(message.channel)
        if channel is None or message.ephemeral_for is not None:
            return []
        subscription, channel_type = _MESSAGES[channel.kind]
        event = self._message_event(message, channel_type, subtype=subtype, before=before)
        told: list[asyncio.Future[Answer]] = []
        for app in self._workspace.apps.values():
            if app.bot_user_id not in channel.members:
                continue
            if self.wants(app, subscription):
                told.append(self.emit(app, event, channel=channel))
            mentioned = subtype is None and f"<@{app.bot_user_id}" in message.text
            if mentioned and self.wants(app, "app_mention"):
                told.append(self.emit(app, {**event, "type": "app_mention"}, channel=channel))
        return told

    async def close(self) -> None:
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _deliver(self, app: AppInfo, callback: Json, first: asyncio.Future[Answer]) -> None:
        try:
            await self._insist(app, callback, first)
        finally:
            first.cancel()

    async def _insist(self, app: AppInfo, callback: Json, first: asyncio.Future[Answer]) -> None:
        answer = await self._try(app, callback, attempt=0, reason="")
        if not first.done():
            first.set_result(answer)
        for attempt, delay in enumerate(self._retry_delays, start=1):
            if answer.outcome is Outcome.ACKNOWLEDGED:
                return
            reason = "timeout" if answer.outcome is Outcome.SILENT else "connection_failed"
            await asyncio.sleep(delay)
            answer = await self._try(app, callback, attempt=attempt, reason=reason)
        if answer.outcome is not Outcome.ACKNOWLEDGED:
            _LOG.warning("%s never acknowledged event %s", app.name, callback["event_id"])

    async def _try(self, app: AppInfo, callback: Json, *, attempt: int, reason: str) -> Answer:
        envelope = Envelope(type="events_api", payload=callback, attempt=attempt, reason=reason)
        return await self._sockets.deliver(app.id, envelope)

    def _callback(self, app: AppInfo, event: Json, channel: Channel | None) -> Json:
        team_id = self._workspace.team.id
        place = f"-{channel.id}" if channel is not None else ""
        return {
            "token": payloads.verification_token(app),
            "team_id": team_id,
            "context_team_id": team_id,
            "context_enterprise_id": None,
            "api_app_id": app.id,
            "event": {**event, "event_ts": event.get("event_ts") or self._workspace.next_ts()},
            "type": "event_callback",
            "event_id": random_id("Ev"),
            "event_time": int(self._workspace.now().timestamp()),
            "authorizations": [payloads.authorization(self._workspace, app)],
            "is_ext_shared_channel": channel is not None and channel.is_ext_shared,
            "event_context": f"4-{event['type']}-{team_id}{place}",
        }

    def _message_event(self, message: Message, channel_type: str, *, subtype: str | None, before: Json | None) -> Json:
        shown = payloads.message(self._workspace, message, with_metadata=True)
        where = {"channel": message.channel, "channel_type": channel_type}
        if subtype is None:
            return {**shown, **where, "event_ts": message.ts}
        ts = self._workspace.next_ts()
        event: Json = {"type": "message", "subtype": subtype, "hidden": True, "ts": ts, "event_ts": ts}
        event |= {**where, "previous_message": before}
        if subtype == "message_deleted":
            return {**event, "deleted_ts": message.ts}
        return {**event, "message": shown}
