"""Saying something, and opening an app's home or its messages."""

import asyncio
import re
import uuid

from sandbox import payloads
from sandbox.deeds.stage import Deed, Json, RefusedError, Spot
from sandbox.envelopes import Outcome
from sandbox.inputs import current
from sandbox.model import AppInfo, Channel, ChannelKind, MemberKind, NoticePlace, View

_TOKENS = re.compile(r"<(?:@[A-Z0-9]+|#[A-Z0-9]+|!(?:here|channel|everyone|subteam\^[A-Z0-9]+))(?:\|[^<>]*)?>")


async def say(deed: Deed) -> Json:
    channel = _conversation(deed)
    text = deed.text("text")
    if channel.is_archived:
        raise RefusedError("is_archived", f"{channel.name} is archived.")
    _refuse_read_only(deed, channel)
    message, told = deed.services.posts.post_as_person(
        deed.actor.id,
        channel,
        written(deed, text),
        thread_ts=_thread(deed, channel),
        client_msg_id=str(uuid.uuid4()),
    )
    deed.workspace.mark_read(deed.actor.id, channel.id)
    await asyncio.gather(*told)
    return {"channel": channel.id, "ts": message.ts}


async def home(deed: Deed) -> Json:
    deed.residents_only()
    app = _app(deed)
    if not app.manifest.get("features", {}).get("app_home", {}).get("home_tab_enabled"):
        raise RefusedError("not_enabled", f"{app.name} has no home.")
    known = deed.workspace.home(deed.actor.id, app.id)
    spot = Spot(where=NoticePlace.HOME, target=app.id)
    delivered = await _opened(deed, app, tab="home", view=known)
    deed.workspace.clear_notices(user=deed.actor.id, where=spot.where, target=spot.target)
    if not delivered and deed.workspace.home(deed.actor.id, app.id) is None:
        deed.show(spot, f"{app.name} is not connected.")
    view = deed.workspace.home(deed.actor.id, app.id)
    return {"app_id": app.id, "delivered": delivered, "view_id": None if view is None else view.id}


async def messages_tab(deed: Deed) -> Json:
    deed.residents_only()
    app = _app(deed)
    channel = deed.workspace.open_im(deed.actor.id, app.bot_user_id)
    delivered = await _opened(deed, app, tab="messages", view=None)
    deed.workspace.mark_read(deed.actor.id, channel.id)
    return {"app_id": app.id, "delivered": delivered, "channel": channel.id}


async def _opened(deed: Deed, app: AppInfo, *, tab: str, view: View | None) -> bool:
    """Send `app_home_opened` if the app listens to it; answer whether it arrived."""
    channel = deed.workspace.open_im(deed.actor.id, app.bot_user_id)
    if not deed.services.events.wants(app, "app_home_opened"):
        return True
    event: Json = {
        "type": "app_home_opened",
        "user": deed.actor.id,
        "channel": channel.id,
        "tab": tab,
        "event_ts": deed.workspace.next_ts(),
    }
    if view is not None:
        event["view"] = payloads.view(view, state=current(view.body["blocks"], view.state))
    answer = await deed.services.events.emit(app, event, channel=channel)
    return answer.outcome is Outcome.ACKNOWLEDGED


def _app(deed: Deed) -> AppInfo:
    apps = deed.workspace.apps
    wanted = deed.optional_text("app_id") or next(iter(apps), "")
    if wanted not in apps:
        raise RefusedError("app_not_found", f"There is no app {wanted}.")
    return apps[wanted]


def _conversation(deed: Deed) -> Channel:
    wanted = deed.text("channel")
    person = deed.workspace.user(wanted)
    if person is None:
        return deed.channel(wanted)
    if person.kind is MemberKind.DEACTIVATED:
        raise RefusedError("user_disabled", f"{person.real_name} is deactivated.")
    return deed.workspace.open_im(deed.actor.id, person.id)


def _refuse_read_only(deed: Deed, channel: Channel) -> None:
    """Refuse writing to an app whose messages tab takes none."""
    if channel.kind is not ChannelKind.IM:
        return
    other = deed.workspace.other_in_dm(channel, deed.actor.id)
    for app in deed.workspace.apps.values():
        tab = app.manifest.get("features", {}).get("app_home", {})
        closed = tab.get("messages_tab_enabled") is False or tab.get("messages_tab_read_only_enabled")
        if app.bot_user_id == other and closed:
            raise RefusedError("read_only", f"Sending messages to {app.name} has been turned off.")


def _thread(deed: Deed, channel: Channel) -> str | None:
    wanted = deed.optional_text("thread_ts")
    if wanted is None:
        return None
    parent = deed.message(channel, wanted)
    return parent.thread_ts or parent.ts


def written(deed: Deed, text: str) -> str:
    """Return the text as Slack stores it: escaped, mentions by name turned into ids."""
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f"\ue000{len(kept) - 1}\ue001"

    users = {user.name: user.id for user in deed.workspace.users.values()}
    channels = {c.name: c.id for c in deed.workspace.channels.values() if c.kind is not ChannelKind.IM}
    hidden = _TOKENS.sub(keep, text.replace("\ue000", "").replace("\ue001", ""))
    escaped = hidden.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    escaped = re.sub(r"(?<![\w.])@([\w.-]+)", lambda m: f"<@{users[m[1]]}>" if m[1] in users else m[0], escaped)
    escaped = re.sub(
        r"(?<![\w&])#([\w-]+)", lambda m: f"<#{channels[m[1]]}|{m[1]}>" if m[1] in channels else m[0], escaped
    )
    return re.sub("\ue000(\\d+)\ue001", lambda found: kept[int(found[1])], escaped)
