"""Changing channels: archived, renamed, shared, joined and left, and which apps hear of it."""

from typing import Any

from sandbox.model import Channel, ChannelKind, User
from sandbox.services import Services

Json = dict[str, Any]
_NAMES = {ChannelKind.PUBLIC: "channel", ChannelKind.PRIVATE: "group"}
_SUBTYPES = {"joined": "join", "left": "leave"}


def archive(services: Services, channel: Channel, *, by: str = "") -> None:
    if not channel.is_archived:
        channel.is_archived = True
        services.workspace.put_channel(channel)
        _tell(services, channel, "archive", user=by or next(iter(services.workspace.users), ""))


def unarchive(services: Services, channel: Channel, *, by: str = "") -> None:
    if channel.is_archived:
        channel.is_archived = False
        services.workspace.put_channel(channel)
        _tell(services, channel, "unarchive", user=by)


def rename(services: Services, channel: Channel, name: str) -> None:
    if channel.name != name:
        channel.name = name
        services.workspace.put_channel(channel)
        kind = _NAMES.get(channel.kind, "channel")
        shown = {
            "id": channel.id,
            "is_channel": kind == "channel",
            "is_mpim": False,
            "name": name,
            "name_normalized": name,
            "created": channel.created,
        }
        services.events.tell({"type": f"{kind}_rename", "channel": shown}, channel=channel)


def share(services: Services, channel: Channel, *, with_team: str) -> None:
    """Let another organisation in, or with no team keep it to this one again."""
    channel.is_ext_shared = bool(with_team)
    services.workspace.put_channel(channel)
    kind, team = ("channel_shared", with_team) if with_team else ("channel_unshared", services.workspace.team.id)
    event: Json = {"type": kind, "channel": channel.id}
    event["connected_team_id" if with_team else "previously_connected_team_id"] = team
    services.events.tell(event, channel=channel)


def join(services: Services, channel: Channel, user: User, *, inviter: str = "") -> None:
    if user.id in channel.members:
        return
    channel.members.add(user.id)
    services.workspace.put_channel(channel)
    _membership(services, channel, user, "member_joined_channel", inviter=inviter)


def leave(services: Services, channel: Channel, user: User) -> None:
    if user.id in channel.members:
        # The one who goes still hears that it went.
        _membership(services, channel, user, "member_left_channel")
        channel.members.discard(user.id)
        services.workspace.put_channel(channel)


def _membership(services: Services, channel: Channel, user: User, kind: str, *, inviter: str = "") -> None:
    """Tell apps in the channel who came or went; only they hear of it."""
    event: Json = {
        "type": kind,
        "user": user.id,
        "channel": channel.id,
        "channel_type": "G" if channel.kind is ChannelKind.PRIVATE else "C",
        "team": user.team_id,
    }
    if inviter:
        event["inviter"] = inviter
    events = services.events
    for app in services.workspace.apps.values():
        if app.bot_user_id in channel.members and events.wants(app, kind):
            events.emit(app, event, channel=channel)
    verb = "joined" if kind == "member_joined_channel" else "left"
    if channel.kind in _NAMES:
        noun = _NAMES[channel.kind]
        text, subtype = f"<@{user.id}> has {verb} the channel", f"{noun}_{_SUBTYPES[verb]}"
        services.posts.post_notice(channel, user.id, text, subtype, inviter=inviter or None)


def _tell(services: Services, channel: Channel, what: str, *, user: str) -> None:
    kind = _NAMES.get(channel.kind)
    if kind is not None:
        event = {"type": f"{kind}_{what}", "channel": channel.id, "user": user}
        services.events.tell(event, channel=channel)
        services.posts.post_notice(channel, user, f"{what}d the channel", f"{kind}_{what}")
