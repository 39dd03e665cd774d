"""The sidebar: who one acts as, where one can go, what is unread, what time it is."""

from dataclasses import dataclass
from typing import Any

from sandbox.blockkit.dates import clock_time, full_label
from sandbox.model import AppInfo, Channel, ChannelKind, MemberKind
from sandbox.page.directory import reader_for
from sandbox.page.people import Face, face_of
from sandbox.page.place import Place, app_of_dm, has_tab, moved_to_person
from sandbox.workspace import Workspace


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


def sidebar(workspace: Workspace, place: Place) -> dict[str, Any]:
    now = workspace.now().astimezone(reader_for(workspace, place.user).zone)
    return {
        "people": [_person(workspace, place, user.id) for user in workspace.people()],
        "others": _others(workspace, place),
        "apps": [_app_entry(place, app) for app in workspace.apps.values() if place.has_homes],
        "channels": [_channel_entry(workspace, place, c) for c in workspace.channels_for(place.user.id)],
        "dms": sorted(
            (_dm_entry(workspace, place, c) for c in workspace.dms_for(place.user.id)),
            key=lambda entry: entry.name.casefold(),
        ),
        "clock": f"{now:%a} {now.day} {now:%b %Y}, {clock_time(now)}",
        "clock_full": full_label(now),
    }


def _others(workspace: Workspace, place: Place) -> list[Person]:
    """List whom one could write to and has not yet."""
    known = {workspace.other_in_dm(channel, place.user.id) for channel in workspace.dms_for(place.user.id)}
    others = [user for user in workspace.people() if user.id not in known and user is not place.user]
    return [
        Person(face=face_of(user, user.id), address=f"/?as={place.user.id}&with={user.id}", here=False)
        for user in others
        if user.kind is not MemberKind.DEACTIVATED
    ]


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


def tabs_of(workspace: Workspace, place: Place) -> list[Entry]:
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
