"""The Events API: who hears of what, and again when nobody acknowledged it."""

import asyncio
import logging
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

from sandbox import payloads
from sandbox.delivery import Delivery, again
from sandbox.envelopes import Answer, Envelope, Outcome
from sandbox.ids import random_id
from sandbox.model import AppInfo, Channel, ChannelKind, Message
from sandbox.reference import event_scopes
from sandbox.settings import Settings
from sandbox.workspace import Workspace

Json = dict[str, Any]
_LOG = logging.getLogger(__name__)
RETRY_DELAYS = (0.0, 60.0, 300.0)
_MESSAGES = {
    ChannelKind.PUBLIC: ("message.channels", "channel"),
    ChannelKind.PRIVATE: ("message.groups", "group"),
    ChannelKind.IM: ("message.im", "im"),
}


class Events:
    def __init__(
        self,
        *,
        workspace: Workspace,
        delivery: Delivery,
        settings: Settings,
        retry_delays: Iterable[float] = RETRY_DELAYS,
    ) -> None:
        self._workspace = workspace
        self._delivery = delivery
        self._settings = settings
        self._retry_delays = tuple(retry_delays)
        self._running: set[asyncio.Task[None]] = set()

    def wants(self, app: AppInfo, subscription: str) -> bool:
        needed = event_scopes().get(subscription, ())
        listens = subscription in app.bot_events and not (app.uninstalled or app.token_revoked)
        return listens and (not needed or bool(set(needed) & set(app.scopes)))

    def tell(self, event: Json, *, channel: Channel | None = None, members_only: bool = False) -> None:
        """Tell every app that listens; of what happens inside a channel or in a private one, those in it."""
        for app in self._workspace.apps.values():
            hidden = channel is not None and (members_only or channel.kind is not ChannelKind.PUBLIC)
            if hidden and channel is not None and app.bot_user_id not in channel.members:
                continue
            if self.wants(app, event["type"]):
                self.emit(app, event, channel=channel)

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
        if subtype is None:
            self._links(message, channel)
        subscription, channel_type = _MESSAGES[channel.kind]
        event = self._message_event(message, channel_type, subtype=subtype, before=before)
        told: list[asyncio.Future[Answer]] = []
        for app in self._workspace.apps.values():
            if app.bot_user_id not in channel.members:
                continue
            if self.wants(app, subscription):
                told.append(self.emit(app, event, channel=channel))
            # In a direct message everything is meant for the app: there are no mentions.
            heard = subtype is None and channel.kind is not ChannelKind.IM and f"<@{app.bot_user_id}" in message.text
            if heard and self.wants(app, "app_mention"):
                mention = {key: value for key, value in event.items() if key not in ("channel_type", "root")}
                told.append(self.emit(app, {**mention, "type": "app_mention"}, channel=channel))
        return told

    def _links(self, message: Message, channel: Channel) -> None:
        """Tell apps of links to domains they registered, posted by people where the app is or is not."""
        if message.app_id is not None or "http" not in message.text:
            return
        for app in self._workspace.apps.values():
            domains = app.manifest.get("features", {}).get("unfurl_domains") or []
            links = list(_links_to(message.text.replace("&amp;", "&"), domains))
            if links and self.wants(app, "link_shared"):
                event: Json = {
                    "type": "link_shared",
                    "user": message.user,
                    "channel": channel.id,
                    "message_ts": message.ts,
                    "unfurl_id": f"{channel.id}-{message.ts}",
                    "source": "conversations_history",
                    "is_bot_user_member": app.bot_user_id in channel.members,
                    "links": links,
                }
                if message.thread_ts is not None:
                    event["thread_ts"] = message.thread_ts
                self.emit(app, event, channel=channel)

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
        envelope = Envelope(type="events_api", payload=callback, attempt=0)
        answer = await self._delivery.deliver(app.id, envelope)
        if not first.done():
            first.set_result(answer)
        for attempt, delay in enumerate(self._retry_delays, start=1):
            if answer.outcome is Outcome.ACKNOWLEDGED or not answer.again:
                return
            await asyncio.sleep(delay * self._settings.retry_scale)
            envelope = again(envelope, attempt=attempt, answer=answer)
            answer = await self._delivery.deliver(app.id, envelope, avoid=answer.via)
        if answer.outcome is not Outcome.ACKNOWLEDGED:
            _LOG.warning("%s never acknowledged event %s", app.name, callback["event_id"])

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
        shown = _without_reader(payloads.message_in_thread(self._workspace, message, with_metadata=True))
        where = {"channel": message.channel, "channel_type": channel_type}
        if subtype is None:
            return {**shown, **self._root(message), **where, "event_ts": message.ts}
        ts = self._workspace.next_ts()
        event: Json = {"type": "message", "subtype": subtype, "hidden": True, "ts": ts, "event_ts": ts}
        event |= {**where, "previous_message": before}
        if subtype == "message_deleted":
            return {**event, "deleted_ts": message.ts}
        return {**event, "message": shown}

    def _root(self, message: Message) -> Json:
        """Return the start of the thread, which goes with an answer sent to the channel too."""
        if not message.broadcast or message.thread_ts is None:
            return {}
        root = self._workspace.message(message.channel, message.thread_ts)
        if root is None:
            return {}
        return {"root": _without_reader(payloads.message_in_thread(self._workspace, root))}


def _without_reader(shown: Json) -> Json:
    """Leave out whether somebody follows the thread: that is said of one person, and events go to apps."""
    return {key: value for key, value in shown.items() if key != "subscribed"}


def _links_to(text: str, domains: Iterable[str]) -> Iterator[Json]:
    for url in re.findall(r"https?://[^\s<>|]+", text):
        try:
            host = urlsplit(url).hostname or ""
        except ValueError:
            continue
        for domain in domains:
            if host == domain or host.endswith(f".{domain}"):
                yield {"domain": domain, "url": url}
