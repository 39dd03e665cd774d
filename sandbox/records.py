"""Turns stored records and the workspace file into the state a workspace starts with."""

from dataclasses import dataclass, field
from typing import Any, TypeVar

from sandbox.ids import micros
from sandbox.model import (
    AppInfo,
    Channel,
    ChannelKind,
    MemberKind,
    Message,
    Notice,
    NoticePlace,
    Team,
    User,
    UserGroup,
    View,
    ViewType,
)
from sandbox.seed import Seed
from sandbox.store import Kind, Store, record

# What of an app is remembered: the rest is in its manifest.
INSTALLED = ("socket_mode", "token_revoked", "uninstalled")
Thing = TypeVar("Thing", User, Channel, UserGroup)


@dataclass(slots=True, kw_only=True)
class State:
    team: Team
    apps: dict[str, AppInfo]
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    usergroups: dict[str, UserGroup] = field(default_factory=dict)
    messages: dict[str, dict[str, Message]] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    read: dict[tuple[str, str], str] = field(default_factory=dict)
    notices: dict[str, Notice] = field(default_factory=dict)


def load_state(store: Store, seed: Seed) -> State:
    """Return what the store kept; what the workspace file has in addition is added and kept.

    Team and apps always come from the workspace file, so that a changed manifest counts at once.
    """
    state = State(team=seed.team, apps={app.id: app for app in seed.apps})
    for key, body in store.all(Kind.APP):
        if key in state.apps:
            for name in INSTALLED:
                setattr(state.apps[key], name, bool(body[name]))
    state.users = {key: _user(body) for key, body in store.all(Kind.USER)}
    state.channels = {key: _channel(body) for key, body in store.all(Kind.CHANNEL)}
    state.usergroups = {key: UserGroup(**body) for key, body in store.all(Kind.USERGROUP)}
    _add_missing(store, Kind.USER, state.users, seed.users)
    _add_missing(store, Kind.CHANNEL, state.channels, seed.channels)
    _add_missing(store, Kind.USERGROUP, state.usergroups, seed.usergroups)
    for _, body in store.all(Kind.MESSAGE):
        state.messages.setdefault(body["channel"], {})[body["ts"]] = Message(**body)
    views = sorted((_view(body) for _, body in store.all(Kind.VIEW)), key=_opened)
    state.views = {view.id: view for view in views}
    for key, body in store.all(Kind.READ):
        user, _, channel = key.partition("/")
        state.read[(user, channel)] = body["ts"]
    state.notices = {key: _notice(body) for key, body in store.all(Kind.NOTICE)}
    return state


def load_clock(store: Store, *, days_ago: int = 0) -> tuple[float, int]:
    """Return the clock's offset and step as they were; a clock that never ran begins so many days ago."""
    kept = store.get(Kind.META, "clock")
    if kept is None:
        kept = {"offset": -86400.0 * days_ago, "step": 0}
        store.put(Kind.META, "clock", kept)
    return float(kept["offset"]), int(kept["step"])


def _add_missing(store: Store, kind: Kind, kept: dict[str, Thing], seeded: list[Thing]) -> None:
    for thing in seeded:
        if thing.id not in kept:
            kept[thing.id] = thing
            store.put(kind, thing.id, record(thing))


def _user(body: dict[str, Any]) -> User:
    return User(**{**body, "kind": MemberKind(body["kind"])})


def _channel(body: dict[str, Any]) -> Channel:
    return Channel(**{**body, "kind": ChannelKind(body["kind"]), "members": set(body["members"])})


def _view(body: dict[str, Any]) -> View:
    return View(**{**body, "type": ViewType(body["type"])})


def _opened(view: View) -> int:
    return micros(view.opened)


def _notice(body: dict[str, Any]) -> Notice:
    return Notice(**{**body, "where": NoticePlace(body["where"])})
