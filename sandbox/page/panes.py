"""The regions of the page as HTML, for one person at one place."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sandbox.blockkit.dates import clock_time, full_label
from sandbox.blockkit.render import Scene, render_blocks
from sandbox.blockkit.text import plain_words, text_object
from sandbox.model import AppInfo, Channel, ChannelKind, Message, Notice, NoticePlace, View
from sandbox.page.directory import WorkspaceDirectory, reader_for
from sandbox.page.messages import notices_at, rows_of
from sandbox.page.people import Face, face_of
from sandbox.page.place import Place, app_of_dm, has_tab, moved_to_person
from sandbox.workspace import Workspace

REGIONS = ("sidebar", "main", "side", "modals", "banners")
_SHOWN_MESSAGES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the sidebar."""

    name: str
    icon: str
    address: str
    here: bool
    unread: int = 0
    face: Face | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    face: Face
    address: str
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Modal:
    view: View
    title: Markup
    submit: str
    close: str
    leave: str
    body: Markup
    stacked: bool
    container: str
    notices: list[Notice]


def title_of(workspace: Workspace, place: Place) -> str:
    return f"{_place_name(workspace, place)} – {workspace.team.name}"


def render_regions(workspace: Workspace, place: Place) -> dict[str, str]:
    shared = {"workspace": workspace, "place": place, "me": face_of(place.user, place.user.id)}
    return {
        "sidebar": _fill("sidebar", **shared, **_sidebar(workspace, place)),
        "main": _main(workspace, place, shared),
        "side": _side(workspace, place, shared),
        "modals": _fill("modals", **shared, modals=_modals(workspace, place)),
        "banners": _fill("banners", **shared, notices=_stray_notices(workspace, place)),
    }


def render_page(workspace: Workspace, place: Place, *, theme: str) -> str:
    regions = {name: Markup(html) for name, html in render_regions(workspace, place).items()}  # noqa: S704
    return _fill(
        "page", workspace=workspace, place=place, title=title_of(workspace, place), regions=regions, theme=theme
    )


def render_nobody(team: str) -> str:
    return _fill("nobody", team=team)


def _sidebar(workspace: Workspace, place: Place) -> dict[str, Any]:
    now = workspace.now().astimezone(reader_for(workspace, place.user).zone)
    return {
        "people": [_person(workspace, place, user.id) for user in workspace.people()],
        "apps": [_app_entry(place, app) for app in workspace.apps.values() if place.has_homes],
        "channels": [_channel_entry(workspace, place, c) for c in workspace.channels_for(place.user.id)],
        "dms": sorted(
            (_dm_entry(workspace, place, c) for c in workspace.dms_for(place.user.id)),
            key=lambda entry: entry.name.casefold(),
        ),
        "clock": f"{now:%a} {now.day} {now:%b %Y}, {clock_time(now)}",
        "clock_full": full_label(now),
    }


def _person(workspace: Workspace, place: Place, user_id: str) -> Person:
    user = workspace.users[user_id]
    return Person(face=face_of(user, user.id), address=moved_to_person(place, user), here=user is place.user)


def _app_entry(place: Place, app: AppInfo) -> Entry:
    here = place.at_home and place.app is app
    return Entry(name=app.name, icon="home", address=f"/?as={place.user.id}&home={app.id}", here=here)


def _channel_entry(workspace: Workspace, place: Place, channel: Channel) -> Entry:
    return Entry(
        name=channel.name,
        icon="lock" if channel.kind is ChannelKind.PRIVATE else "hash",
        address=f"/?as={place.user.id}&channel={channel.id}",
        here=channel is place.channel,
        unread=workspace.unread(place.user.id, channel.id),
    )


def _dm_entry(workspace: Workspace, place: Place, channel: Channel) -> Entry:
    other = workspace.other_in_dm(channel, place.user.id)
    face = face_of(workspace.user(other), other)
    return Entry(
        name=f"{face.name} (you)" if other == place.user.id else face.name,
        icon="",
        address=f"/?as={place.user.id}&channel={channel.id}",
        here=channel is place.channel,
        unread=workspace.unread(place.user.id, channel.id),
        face=face,
    )


def _main(workspace: Workspace, place: Place, shared: dict[str, Any]) -> str:
    if place.channel is not None:
        return _fill("channel", **shared, **_channel(workspace, place, place.channel))
    if place.app is not None:
        return _fill("home", **shared, **_home(workspace, place, place.app))
    return _fill("nowhere", **shared)


def _channel(workspace: Workspace, place: Place, channel: Channel) -> dict[str, Any]:
    reader = reader_for(workspace, place.user)
    messages = workspace.messages(channel.id, place.user.id)
    earlier = 0 if place.whole else max(0, len(messages) - _SHOWN_MESSAGES)
    return {
        "name": _place_name(workspace, place),
        "partner": _partner(workspace, place, channel),
        "earlier": earlier,
        "earlier_address": place.address(history="whole"),
        "rows": rows_of(workspace, place, messages[earlier:], reader=reader, in_thread=False),
        "composer": _composer(workspace, place, channel, thread=""),
        "tabs": _tabs(workspace, place),
        "message_shortcuts": [s for s in workspace.shortcuts() if s.type == "message" and place.has_homes],
    }


def _partner(workspace: Workspace, place: Place, channel: Channel) -> Face | None:
    if channel.kind is not ChannelKind.IM:
        return None
    other = workspace.other_in_dm(channel, place.user.id)
    return face_of(workspace.user(other), other)


def _composer(workspace: Workspace, place: Place, channel: Channel, *, thread: str) -> dict[str, Any]:
    offers = place.has_homes and not thread
    return {
        "channel": channel,
        "thread": thread,
        "label": "Reply in the thread" if thread else f"Message {_place_name(workspace, place)}",
        "refusal": _why_silent(workspace, place, channel),
        "commands": workspace.commands() if offers else [],
        "shortcuts": [s for s in workspace.shortcuts() if s.type == "global"] if offers else [],
        "notices": [] if thread else notices_at(workspace, place, NoticePlace.COMPOSER, channel.id),
    }


def _why_silent(workspace: Workspace, place: Place, channel: Channel) -> str:
    """Return why this person cannot write here, or nothing when they can."""
    if not place.can_act:
        return f"{place.user.real_name} is deactivated and cannot act. Switch to another person."
    if channel.is_archived:
        return "This channel is archived."
    app = app_of_dm(workspace, channel, place.user)
    features = app.manifest.get("features", {}).get("app_home", {}) if app else {}
    if features.get("messages_tab_read_only_enabled"):
        return "This app does not take messages here."
    return ""


def _home(workspace: Workspace, place: Place, app: AppInfo) -> dict[str, Any]:
    view = workspace.home(place.user.id, app.id)
    targets = [app.id, view.id] if view else [app.id]
    notices = [note for target in targets for note in notices_at(workspace, place, NoticePlace.HOME, target)]
    return {
        "app": app,
        "face": face_of(workspace.user(app.bot_user_id), app.bot_user_id),
        "tabs": _tabs(workspace, place),
        "view": view,
        "container": json.dumps({"type": "view", "view_id": view.id}) if view else "",
        "body": _view_body(workspace, place, view) if view else "",
        "notices": notices,
    }


def _tabs(workspace: Workspace, place: Place) -> list[Entry]:
    app = place.app
    if app is None or not place.has_homes:
        return []
    address = f"/?as={place.user.id}&home={app.id}"
    dm = next((c for c in workspace.dms_for(place.user.id) if app_of_dm(workspace, c, place.user) is app), None)
    unread = workspace.unread(place.user.id, dm.id) if dm else 0
    tabs = [
        Entry(name="Home", icon="home", address=address, here=place.at_home),
        Entry(name="Messages", icon="chat", address=f"{address}&tab=messages", here=not place.at_home, unread=unread),
    ]
    return [tab for tab in tabs if has_tab(app, tab.name.lower())]


def _side(workspace: Workspace, place: Place, shared: dict[str, Any]) -> str:
    messages = _thread(workspace, place)
    if not messages or place.channel is None:
        return ""
    reader = reader_for(workspace, place.user)
    return _fill(
        "thread",
        **shared,
        rows=rows_of(workspace, place, messages, reader=reader, in_thread=True),
        composer=_composer(workspace, place, place.channel, thread=place.thread),
        close_address=place.address(thread=""),
        message_shortcuts=[],
    )


def _thread(workspace: Workspace, place: Place) -> list[Message]:
    if place.channel is None or not place.thread:
        return []
    return workspace.thread(place.channel.id, place.thread, place.user.id)


def _modals(workspace: Workspace, place: Place) -> list[Modal]:
    return [_modal(workspace, place, view) for view in workspace.modals(place.user.id)]


def _modal(workspace: Workspace, place: Place, view: View) -> Modal:
    reader = reader_for(workspace, place.user)
    submit = plain_words(view.body.get("submit"))
    close = plain_words(view.body.get("close")) or ("Cancel" if submit else "Close")
    return Modal(
        view=view,
        title=text_object(view.body.get("title"), reader),
        submit=submit,
        close=close,
        leave="Leave" if "close" in close.casefold() else "Close",
        body=_view_body(workspace, place, view),
        stacked=view.previous_view_id is not None,
        container=json.dumps({"type": "view", "view_id": view.id}),
        notices=notices_at(workspace, place, NoticePlace.MODAL, view.id),
    )


def _view_body(workspace: Workspace, place: Place, view: View) -> Markup:
    reader = reader_for(workspace, place.user)
    scene = Scene(reader=reader, scope=view.id, state=view.state, live=place.can_act)
    return render_blocks(view.body.get("blocks") or [], scene)


def _stray_notices(workspace: Workspace, place: Place) -> list[Notice]:
    """List the errors whose own place is not in sight, so that none stays unseen."""
    return [notice for notice in workspace.errors_for(place.user.id) if not _in_sight(workspace, place, notice)]


def _in_sight(workspace: Workspace, place: Place, notice: Notice) -> bool:
    here = place.channel.id if place.channel else ""
    match notice.where:
        case NoticePlace.MODAL:
            return any(view.id == notice.target for view in workspace.modals(place.user.id))
        case NoticePlace.HOME:
            view = workspace.home(place.user.id, place.app.id) if place.app and place.at_home else None
            return notice.target in {view.id if view else "", place.app.id if place.app and place.at_home else ""}
        case NoticePlace.COMPOSER:
            return notice.target == here
        case NoticePlace.MESSAGE:
            channel, _, ts = notice.target.partition("/")
            return channel == here and any(m.ts == ts for m in workspace.messages(channel, place.user.id))


def _place_name(workspace: Workspace, place: Place) -> str:
    if place.channel is None:
        return place.app.name if place.app else workspace.team.name
    if place.channel.kind is ChannelKind.IM:
        return WorkspaceDirectory(workspace, place.user).partner(place.channel)
    return f"#{place.channel.name}"


def _fill(template: str, **values: Any) -> str:
    return _ENVIRONMENT.get_template(f"{template}.html").render(**values)


_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
