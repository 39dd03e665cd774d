"""Reads the YAML file that describes a workspace."""

from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from yarl import URL

from sandbox.ids import derived_id, derived_number
from sandbox.model import AppInfo, Channel, ChannelKind, MemberKind, Team, User, UserGroup
from sandbox.settings import Settings

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class SeedError(ValueError):
    """The workspace file does not describe a workspace; the message says where."""


@dataclass(slots=True, kw_only=True)
class Seed:
    team: Team
    users: list[User] = field(default_factory=list)
    channels: list[Channel] = field(default_factory=list)
    usergroups: list[UserGroup] = field(default_factory=list)
    apps: list[AppInfo] = field(default_factory=list)
    settings: Settings = field(default_factory=Settings)


def read_seed(path: Path) -> Seed:
    """Return the workspace, or raise SeedError naming the file and what is wrong with it."""
    try:
        data = read_mapping(path)
        return parse_seed(data, folder=path.parent)
    except KeyError as problem:
        raise SeedError(f"{path}: {problem} is missing") from problem
    except (TypeError, ValueError, yaml.YAMLError, ZoneInfoNotFoundError) as problem:
        raise SeedError(f"{path}: {problem}") from problem


def read_mapping(path: Path) -> dict[str, Any]:
    """Return a YAML or JSON file that holds a mapping."""
    return _mapping(yaml.safe_load(path.read_text(encoding="utf-8")), str(path))


def parse_seed(data: dict[str, Any], *, folder: Path) -> Seed:
    team = _team(_mapping(data.get("team") or {}, "team"))
    users = [read_user(entry, team) for entry in data.get("users") or []]
    apps = [_app(entry, team, folder) for entry in data.get("apps") or []]
    bots = [_bot(app, team) for app in apps]
    everyone = [*users, *bots]
    settings = Settings()
    settings.change(_mapping(data.get("settings") or {}, "settings"))
    return Seed(
        team=team,
        users=everyone,
        channels=[_channel(entry, team, everyone) for entry in data.get("channels") or []],
        usergroups=[_usergroup(entry, team) for entry in data.get("usergroups") or []],
        apps=apps,
        settings=settings,
    )


def _mapping(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise SeedError(f"{what} must be a mapping, not {type(value).__name__}")
    return value


def _team(entry: dict[str, Any]) -> Team:
    domain = str(entry.get("domain") or "sandbox")
    return Team(
        id=str(entry.get("id") or derived_id("T", domain)),
        name=str(entry.get("name") or domain.title()),
        domain=domain,
    )


def read_user(entry: dict[str, Any], team: Team) -> User:
    """Return a person as the file describes one, or raise KeyError or ValueError."""
    kind = MemberKind(entry.get("kind") or "member")
    name = str(entry["name"])
    quiet = _quiet(entry)
    elsewhere = derived_id("T", "elsewhere", name) if kind is MemberKind.STRANGER else team.id
    return User(
        id=str(entry.get("id") or derived_id("U", team.id, name)),
        name=name,
        real_name=str(entry.get("real_name") or name),
        kind=kind,
        tz=ZoneInfo(str(entry.get("tz") or "Europe/Berlin")).key,
        title=str(entry.get("title") or ""),
        email=str(entry.get("email") or ""),
        team_id=str(entry.get("team_id") or elsewhere),
        status_text=str(entry.get("status_text") or ""),
        status_emoji=str(entry.get("status_emoji") or ""),
        status_expiration=int(entry.get("status_expiration") or 0),
        quiet_from=quiet["from"],
        quiet_until=quiet["until"],
    )


def _quiet(entry: dict[str, Any]) -> dict[str, str]:
    """Return when this person is not to be disturbed, as two times of day; two empty ones for never."""
    given = _mapping(entry.get("do_not_disturb") or {}, "do_not_disturb")
    if not given:
        return {"from": "", "until": ""}
    return {name: time.fromisoformat(str(given[name])).strftime("%H:%M") for name in ("from", "until")}


def _members(wanted: Any, everyone: list[User]) -> set[str]:
    if wanted == "all":
        absent = {MemberKind.STRANGER, MemberKind.DEACTIVATED}
        return {user.id for user in everyone if user.kind not in absent}
    by_name = {user.name: user.id for user in everyone}
    return {by_name.get(str(member), str(member)) for member in wanted}


def _channel(entry: dict[str, Any], team: Team, everyone: list[User]) -> Channel:
    return Channel(
        id=str(entry.get("id") or derived_id("C", team.id, str(entry["name"]))),
        name=str(entry["name"]),
        kind=ChannelKind(entry.get("kind") or "public"),
        members=_members(entry.get("members", "all"), everyone),
        is_archived=bool(entry.get("is_archived")),
        is_ext_shared=bool(entry.get("is_ext_shared")),
        topic=str(entry.get("topic") or ""),
        connected=_connected(entry, team, everyone),
    )


def _connected(entry: dict[str, Any], team: Team, everyone: list[User]) -> list[str]:
    """Return the other organisations in a shared channel: those named, else those its members are of."""
    if not entry.get("is_ext_shared"):
        return []
    named = [str(other) for other in entry.get("connected") or []]
    members = _members(entry.get("members", "all"), everyone)
    return named or sorted({user.team_id for user in everyone if user.id in members} - {team.id})


def _usergroup(entry: dict[str, Any], team: Team) -> UserGroup:
    handle = str(entry["handle"])
    return UserGroup(
        id=str(entry.get("id") or derived_id("S", team.id, handle)),
        handle=handle,
        name=str(entry.get("name") or handle),
        users=[str(user) for user in entry.get("users") or []],
        description=str(entry.get("description") or ""),
    )


def _app(entry: dict[str, Any], team: Team, folder: Path) -> AppInfo:
    manifest = entry["manifest"]
    if isinstance(manifest, str):
        manifest = yaml.safe_load((folder / manifest).read_text(encoding="utf-8"))
    manifest = _mapping(manifest, "manifest")
    name = str(manifest["display_information"]["name"])
    app_id = str(entry.get("id") or derived_id("A", team.id, name))
    app = AppInfo(
        id=app_id,
        name=name,
        manifest=manifest,
        bot_user_id=str(entry.get("bot_user_id") or derived_id("U", app_id, "bot")),
        bot_id=str(entry.get("bot_id") or derived_id("B", app_id)),
        bot_token=str(entry.get("bot_token") or f"xoxb-{app_id}"),
        app_token=str(entry.get("app_token") or f"xapp-1-{app_id}"),
        signing_secret=str(entry.get("signing_secret") or derived_id("", app_id, "signing")),
        client_id=str(entry.get("client_id") or f"{derived_number(team.id)}.{derived_number(app_id)}"),
        client_secret=str(entry.get("client_secret") or derived_id("", app_id, "client")),
    )
    for name, url in _addresses(entry, manifest).items():
        setattr(app, name, url)
    return app


def _addresses(entry: dict[str, Any], manifest: dict[str, Any]) -> dict[str, str]:
    """Return where the app listens: as the entry says, else as a manifest without Socket Mode does."""
    names = ("request_url", "interactivity_url", "options_url", "command_url")
    given = {name: str(entry.get(name) or "") for name in names}
    settings = manifest.get("settings", {})
    if not any(given.values()) and not settings.get("socket_mode_enabled"):
        actions = settings.get("interactivity") or {}
        events = str((settings.get("event_subscriptions") or {}).get("request_url") or "")
        given["request_url"] = events
        given["interactivity_url"] = str(actions.get("request_url") or "")
        given["options_url"] = str(actions.get("message_menu_options_url") or "")
        commands = manifest.get("features", {}).get("slash_commands") or []
        given["command_url"] = next((str(one["url"]) for one in commands if one.get("url") and not events), "")
        # A manifest made for Slack names addresses out there: nothing is sent to them from here.
        return {name: url if is_local(url) else "" for name, url in given.items()}
    for name, url in given.items():
        if url and not is_local(url):
            raise SeedError(f"{name} {url!r} is no http address of this machine")
    return given


def is_local(url: str) -> bool:
    """Tell whether an address is one of this machine."""
    try:
        parsed = URL(url)
    except ValueError:
        return False
    return parsed.scheme in ("http", "https") and parsed.host in LOOPBACK


def _bot(app: AppInfo, team: Team) -> User:
    shown = app.manifest.get("features", {}).get("bot_user", {}).get("display_name") or app.name
    return User(
        id=app.bot_user_id,
        name=str(shown).lower().replace(" ", "_"),
        real_name=str(shown),
        kind=MemberKind.BOT,
        tz="UTC",
        team_id=team.id,
    )
