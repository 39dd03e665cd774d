"""The things a workspace consists of: people, channels, messages, views, apps."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class MemberKind(StrEnum):
    MEMBER = "member"
    ADMIN = "admin"
    OWNER = "owner"
    GUEST = "guest"
    BOT = "bot"
    DEACTIVATED = "deactivated"
    STRANGER = "stranger"


class ChannelKind(StrEnum):
    PUBLIC = "public"
    PRIVATE = "private"
    IM = "im"


class ViewType(StrEnum):
    MODAL = "modal"
    HOME = "home"


class ChangeKind(StrEnum):
    MESSAGE = "message"
    VIEW = "view"
    HOME = "home"
    NOTICE = "notice"
    UNREAD = "unread"
    CHANNEL = "channel"
    USER = "user"
    CLOCK = "clock"


class NoticePlace(StrEnum):
    """Where Slack's client would show an error; `Notice.target` says which one."""

    MODAL = "modal"
    MESSAGE = "message"
    HOME = "home"
    COMPOSER = "composer"


@dataclass(slots=True)
class Team:
    id: str
    name: str
    domain: str


@dataclass(slots=True)
class User:
    """`quiet_from` and `quiet_until` bound, as HH:MM where the person lives, when nobody is to disturb them."""

    id: str
    name: str
    real_name: str
    kind: MemberKind = MemberKind.MEMBER
    tz: str = "Europe/Berlin"
    title: str = ""
    email: str = ""
    team_id: str = ""
    updated: int = 0
    status_text: str = ""
    status_emoji: str = ""
    status_expiration: int = 0
    quiet_from: str = ""
    quiet_until: str = ""


@dataclass(slots=True)
class Channel:
    """`connected` are the other organisations in it, `pins` the `ts` of what is pinned."""

    id: str
    name: str
    kind: ChannelKind = ChannelKind.PUBLIC
    members: set[str] = field(default_factory=set)
    is_archived: bool = False
    is_ext_shared: bool = False
    topic: str = ""
    created: int = 0
    connected: list[str] = field(default_factory=list)
    creator: str = ""
    pins: list[str] = field(default_factory=list)
    bookmarks: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True)
class UserGroup:
    id: str
    handle: str
    name: str
    users: list[str] = field(default_factory=list)
    description: str = ""
    created: int = 0
    updated: int = 0
    deleted: int = 0


@dataclass(slots=True)
class File:
    """`complete` once the app said what to do with what it sent; `token` is the upload's address."""

    id: str
    name: str
    title: str
    user: str
    size: int
    created: int
    mimetype: str
    filetype: str
    token: str = ""
    alt_text: str = ""
    app_id: str = ""
    sent: bool = False
    complete: bool = False
    deleted: bool = False
    channels: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Execution:
    """One run of a custom step: what went in, and how it ended."""

    id: str
    app_id: str
    callback_id: str
    inputs: dict[str, Any]
    state: str = "running"
    outputs: dict[str, Any] = field(default_factory=dict)
    error: str = ""


@dataclass(slots=True)
class Message:
    """`states` keeps, for each person, what they chose in this message's selects and pickers."""

    channel: str
    ts: str
    user: str
    text: str = ""
    blocks: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    thread_ts: str | None = None
    broadcast: bool = False
    metadata: dict[str, Any] | None = None
    ephemeral_for: str | None = None
    edited_ts: str | None = None
    deleted: bool = False
    bot_id: str | None = None
    app_id: str | None = None
    subtype: str | None = None
    client_msg_id: str | None = None
    inviter: str | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    files: list[dict[str, Any]] = field(default_factory=list)
    states: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)


@dataclass(slots=True)
class View:
    """`body` is the view as Slack sends it back, without `state`.

    `state` is what the person has typed so far: `{block_id: {action_id: typed value}}`.
    `opened` orders the modals in front of a person.
    """

    id: str
    type: ViewType
    user: str
    app_id: str
    body: dict[str, Any]
    hash: str
    root_view_id: str
    previous_view_id: str | None = None
    external_id: str | None = None
    callback_id: str = ""
    private_metadata: str = ""
    opened: str = "0.0"
    state: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(slots=True)
class AppInfo:
    id: str
    name: str
    manifest: dict[str, Any]
    bot_user_id: str
    bot_id: str
    bot_token: str
    app_token: str
    signing_secret: str
    client_id: str = ""
    client_secret: str = ""
    request_url: str = ""
    interactivity_url: str = ""
    options_url: str = ""
    command_url: str = ""
    socket_mode: bool = True
    token_revoked: bool = False
    uninstalled: bool = False

    @property
    def uses_http(self) -> bool:
        """Tell whether the app hears of things at an address of its own instead of over sockets."""
        return bool(self.request_url or self.interactivity_url or self.command_url)

    def command_address(self, command: str) -> str:
        """Return where a slash command goes: its own address, or the one for all."""
        declared = self.manifest.get("features", {}).get("slash_commands") or []
        own = next((str(one["url"]) for one in declared if one["command"] == command and one.get("url")), "")
        return self.command_url or own or self.request_url

    @property
    def scopes(self) -> list[str]:
        granted = self.manifest.get("oauth_config", {}).get("scopes", {})
        return [*granted.get("bot", []), *granted.get("bot_optional", [])]

    @property
    def bot_events(self) -> list[str]:
        settings = self.manifest.get("settings", {})
        return list(settings.get("event_subscriptions", {}).get("bot_events", []))


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One slash command of one app, as its manifest declares it."""

    app_id: str
    command: str
    description: str
    usage_hint: str
    should_escape: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcut:
    """One shortcut of one app; `type` is `global` or `message`."""

    app_id: str
    callback_id: str
    name: str
    type: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """An error Slack's client would show; `target` is a view id, a channel id or a message's `channel/ts`."""

    id: str
    user: str
    text: str
    where: NoticePlace
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something changed for these people (None: for everyone), in this channel if it has one."""

    kind: ChangeKind
    users: frozenset[str] | None = None
    channel: str | None = None
