"""The regions of the page as HTML, for one person at one place."""

import json
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from sandbox.blockkit.render import Scene, render_blocks
from sandbox.blockkit.text import plain_words, text_object
from sandbox.model import AppInfo, Channel, ChannelKind, Message, Notice, NoticePlace, View
from sandbox.page.directory import place_name, reader_for
from sandbox.page.filling import fill
from sandbox.page.messages import rows_of
from sandbox.page.notices import notices_at, stray_notices
from sandbox.page.people import Face, face_of
from sandbox.page.place import Place, app_of_dm
from sandbox.page.sidebar import sidebar, tabs_of
from sandbox.workspace import Workspace

_SHOWN_MESSAGES = 200


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
    return f"{place_name(workspace, place)} – {workspace.team.name}"


def render_regions(workspace: Workspace, place: Place) -> dict[str, str]:
    shared = {"workspace": workspace, "place": place, "me": face_of(place.user, place.user.id)}
    return {
        "sidebar": fill("sidebar", **shared, **sidebar(workspace, place)),
        "main": _main(workspace, place, shared),
        "side": _side(workspace, place, shared),
        "modals": fill("modals", **shared, modals=_modals(workspace, place)),
        "banners": fill("banners", **shared, notices=stray_notices(workspace, place)),
    }


def render_page(workspace: Workspace, place: Place, *, theme: str) -> str:
    regions = {name: Markup(html) for name, html in render_regions(workspace, place).items()}  # noqa: S704
    return fill(
        "page", workspace=workspace, place=place, title=title_of(workspace, place), regions=regions, theme=theme
    )


def render_nobody(team: str) -> str:
    return fill("nobody", team=team)


def _main(workspace: Workspace, place: Place, shared: dict[str, Any]) -> str:
    if place.channel is not None:
        return fill("channel", **shared, **_channel(workspace, place, place.channel))
    if place.app is not None:
        return fill("home", **shared, **_home(workspace, place, place.app))
    return fill("nowhere", **shared)


def _channel(workspace: Workspace, place: Place, channel: Channel) -> dict[str, Any]:
    reader = reader_for(workspace, place.user)
    messages = workspace.messages(channel.id, place.user.id)
    earlier = 0 if place.whole else max(0, len(messages) - _SHOWN_MESSAGES)
    return {
        "name": place_name(workspace, place),
        "partner": _partner(workspace, place, channel),
        "earlier": earlier,
        "earlier_address": place.address(history="whole"),
        "rows": rows_of(workspace, place, messages[earlier:], reader=reader, in_thread=False),
        "composer": _composer(workspace, place, channel, thread=""),
        "tabs": tabs_of(workspace, place),
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
        "label": "Reply in the thread" if thread else f"Message {place_name(workspace, place)}",
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
        "tabs": tabs_of(workspace, place),
        "view": view,
        "container": json.dumps({"type": "view", "view_id": view.id}) if view else "",
        "body": _view_body(workspace, place, view) if view else "",
        "notices": notices,
    }


def _side(workspace: Workspace, place: Place, shared: dict[str, Any]) -> str:
    messages = _thread(workspace, place)
    if not messages or place.channel is None:
        return ""
    reader = reader_for(workspace, place.user)
    return fill(
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
