"""Where a person is in the page. Every place has an address, so it can be linked, reloaded and shared."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from sandbox.model import AppInfo, Channel, MemberKind, User
from sandbox.workspace import Workspace

_EASY_START = (MemberKind.MEMBER, MemberKind.ADMIN, MemberKind.OWNER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One of: a channel (with a thread beside it or not), an app's Home, or nowhere yet."""

    user: User
    channel: Channel | None = None
    app: AppInfo | None = None
    thread: str = ""
    whole: bool = False

    @property
    def can_act(self) -> bool:
        return self.user.kind is not MemberKind.DEACTIVATED

    @property
    def has_homes(self) -> bool:
        """Say whether apps show this person a Home: to people of other organisations they show none."""
        return self.user.kind is not MemberKind.STRANGER

    @property
    def at_home(self) -> bool:
        return self.app is not None and self.channel is None

    def address(self, **changed: str) -> str:
        """Return the address of this place, or of a neighbouring one."""
        parts = {"as": self.user.id}
        if self.channel:
            parts["channel"] = self.channel.id
        elif self.app:
            parts["home"] = self.app.id
        if self.thread:
            parts["thread"] = self.thread
        if self.whole:
            parts["history"] = "whole"
        return "/?" + urlencode({key: value for key, value in (parts | changed).items() if value})


def find_place(workspace: Workspace, query: Mapping[str, str]) -> Place | None:
    """Return the place an address names, or the nearest one that exists; None in a workspace without people."""
    user = _person(workspace, query.get("as", ""))
    if user is None:
        return None
    app = workspace.apps.get(query.get("home", ""))
    if app is not None and user.kind is not MemberKind.STRANGER:
        return _in_app(workspace, user, app, tab=query.get("tab", ""))
    channel = _with_person(workspace, user, query.get("with", "")) or workspace.channel(query.get("channel", ""))
    if channel is None or user.id not in channel.members:
        return _start(workspace, user)
    app = app_of_dm(workspace, channel, user)
    whole = query.get("history") == "whole"
    return Place(user=user, channel=channel, app=app, thread=query.get("thread", ""), whole=whole)


def _with_person(workspace: Workspace, user: User, other_id: str) -> Channel | None:
    """Return the direct conversation with somebody, opened if there was none yet."""
    other = workspace.user(other_id)
    barred = {MemberKind.DEACTIVATED}
    if other is None or other.kind in barred or user.kind in barred:
        return None
    return workspace.open_im(user.id, other.id)


def find_permalink(workspace: Workspace, user_id: str, channel_id: str, ts: str, thread: str) -> str | None:
    """Return the page's address of a message, for the person who looks or else somebody who may see it."""
    channel = workspace.channel(channel_id)
    message = workspace.message(channel_id, ts) if channel else None
    if channel is None or message is None:
        return None
    people = sorted(workspace.people(), key=lambda user: (user.id != user_id, user.kind not in _EASY_START))
    user = next((user for user in people if user.id in channel.members), None)
    if user is None:
        return None
    root = thread or (message.thread_ts if message.thread_ts != ts else "") or ""
    address = Place(user=user, channel=channel, thread=root, whole=True).address()
    return f"{address}#{'t' if root else 'm'}-{channel.id}-{ts}"


def app_of_dm(workspace: Workspace, channel: Channel, user: User) -> AppInfo | None:
    """Return the app this direct conversation is with, if it is with one."""
    if channel.kind != "im":
        return None
    other = workspace.other_in_dm(channel, user.id)
    return next((app for app in workspace.apps.values() if app.bot_user_id == other), None)


def moved_to_person(place: Place, user: User) -> str:
    """Return the address of the same place for somebody else; private conversations do not move along."""
    channel = place.channel
    if channel is not None and user.id not in channel.members:
        channel = None
    app = place.app if channel is None else None
    return replace(place, user=user, channel=channel, app=app, thread="").address()


def _person(workspace: Workspace, user_id: str) -> User | None:
    people = workspace.people()
    named = next((user for user in people if user.id == user_id), None)
    return named or next((user for user in people if user.kind in _EASY_START), None) or next(iter(people), None)


def _start(workspace: Workspace, user: User) -> Place:
    channel = next(iter(workspace.channels_for(user.id)), None)
    app = None if channel else next(iter(workspace.apps.values()), None)
    return Place(user=user, channel=channel, app=app)


def _in_app(workspace: Workspace, user: User, app: AppInfo, *, tab: str) -> Place:
    if tab == "messages" or not has_tab(app, "home"):
        return Place(user=user, app=app, channel=workspace.open_im(user.id, app.bot_user_id))
    return Place(user=user, app=app)


def has_tab(app: AppInfo, name: str) -> bool:
    """Say whether the app's manifest switches on its `home` or `messages` tab."""
    tabs = app.manifest.get("features", {}).get("app_home", {})
    return bool(tabs.get(f"{name}_tab_enabled", name == "messages"))
