"""The JSON in which Slack describes people, conversations, messages and views."""

from typing import Any
from zoneinfo import ZoneInfo

from sandbox.composed import rich_text
from sandbox.ids import derived_id, micros
from sandbox.model import AppInfo, Channel, ChannelKind, MemberKind, Message, User, UserGroup, View
from sandbox.workspace import Workspace

Json = dict[str, Any]
_PLAIN_FALLBACK = "This content can't be displayed."


def team(workspace: Workspace) -> Json:
    return {"id": workspace.team.id, "domain": workspace.team.domain}


def actor(user: User) -> Json:
    return {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team_id}


def place(channel: Channel) -> Json:
    """Return id and name as interactions carry them: names of private places are not told."""
    names = {ChannelKind.IM: "directmessage", ChannelKind.PRIVATE: "privategroup"}
    return {"id": channel.id, "name": names.get(channel.kind, channel.name)}


def user(workspace: Workspace, user: User, *, with_email: bool = False) -> Json:
    here = workspace.now().astimezone(ZoneInfo(user.tz))
    offset = here.utcoffset()
    owners = [u.id for u in workspace.users.values() if u.kind is MemberKind.OWNER]
    return {
        "id": user.id,
        "team_id": user.team_id,
        "name": user.name,
        "deleted": user.kind is MemberKind.DEACTIVATED,
        "color": "9f69e7",
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": here.tzname(),
        "tz_offset": 0 if offset is None else int(offset.total_seconds()),
        "profile": profile(user, with_email=with_email),
        "is_admin": user.kind in (MemberKind.ADMIN, MemberKind.OWNER),
        "is_owner": user.kind is MemberKind.OWNER,
        "is_primary_owner": user.id in owners[:1],
        "is_restricted": user.kind is MemberKind.GUEST,
        "is_ultra_restricted": False,
        "is_bot": user.kind is MemberKind.BOT,
        "is_app_user": False,
        "is_stranger": user.kind is MemberKind.STRANGER and not _meets_an_app(workspace, user),
        "updated": user.updated,
        "is_email_confirmed": bool(user.email),
        "who_can_share_contact_card": "EVERYONE",
    }


def _meets_an_app(workspace: Workspace, user: User) -> bool:
    """Tell whether somebody of another organisation shares a channel with an app: then they are no stranger."""
    bots = {app.bot_user_id for app in workspace.apps.values()}
    return any(user.id in channel.members and bots & channel.members for channel in workspace.channels.values())


def profile(user: User, *, with_email: bool) -> Json:
    shown = {
        "title": user.title,
        "phone": "",
        "skype": "",
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.name,
        "display_name_normalized": user.name,
        "fields": {},
        "status_text": user.status_text,
        "status_emoji": user.status_emoji,
        "status_expiration": user.status_expiration,
        "avatar_hash": "",
        "first_name": user.real_name.partition(" ")[0],
        "last_name": user.real_name.partition(" ")[2],
        "team": user.team_id,
    }
    if with_email and user.email:
        shown["email"] = user.email
    return shown


def usergroup(workspace: Workspace, group: UserGroup, *, with_users: bool, with_count: bool) -> Json:
    shown: Json = {
        "id": group.id,
        "team_id": workspace.team.id,
        "is_usergroup": True,
        "is_subteam": True,
        "name": group.name,
        "description": group.description,
        "handle": group.handle,
        "is_external": False,
        "date_create": group.created,
        "date_update": group.updated,
        "date_delete": group.deleted,
        "auto_type": None,
        "created_by": "",
        "updated_by": "",
        "deleted_by": None,
        "prefs": {"channels": [], "groups": []},
    }
    if with_users:
        shown["users"] = list(group.users)
    if with_count:
        shown["user_count"] = len(group.users)
    return shown


def channel(workspace: Workspace, channel: Channel, *, bot_user_id: str) -> Json:
    common = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.is_archived,
        "is_im": channel.kind is ChannelKind.IM,
        "is_org_shared": False,
        "context_team_id": workspace.team.id,
        "updated": channel.created * 1000,
    }
    if channel.kind is ChannelKind.IM:
        other = workspace.other_in_dm(channel, bot_user_id)
        known = workspace.user(other)
        gone = known is not None and known.kind is MemberKind.DEACTIVATED
        return {**common, "user": other, "is_user_deleted": gone, "priority": 0, "is_open": True}
    private = channel.kind is ChannelKind.PRIVATE
    return {
        **common,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not private,
        "is_group": private,
        "is_mpim": False,
        "is_private": private,
        "is_general": False,
        "is_shared": channel.is_ext_shared,
        "is_ext_shared": channel.is_ext_shared,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "parent_conversation": None,
        "creator": channel.creator,
        "unlinked": 0,
        "is_member": bot_user_id in channel.members,
        "shared_team_ids": [workspace.team.id, *channel.connected],
        "previous_names": [],
        "num_members": len(channel.members),
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }


def message(workspace: Workspace, message: Message, *, with_metadata: bool = False) -> Json:
    author = workspace.user(message.user)
    shown: Json = {
        "type": "message",
        "user": message.user,
        "ts": message.ts,
        "text": message.text or (_PLAIN_FALLBACK if message.blocks else ""),
        "team": author.team_id if author is not None else workspace.team.id,
    }
    optional = {
        "subtype": message.subtype,
        "client_msg_id": message.client_msg_id,
        "bot_id": message.bot_id,
        "app_id": message.app_id,
        "bot_profile": _bot_profile(workspace, message.app_id),
        "thread_ts": message.thread_ts,
        "blocks": message.blocks or _typed(message),
        "attachments": message.attachments or None,
        "inviter": message.inviter,
        **_from_elsewhere(workspace, author),
        "edited": {"user": message.bot_id or message.user, "ts": message.edited_ts} if message.edited_ts else None,
        "metadata": message.metadata if with_metadata else None,
        "files": message.files or None,
        "reactions": [
            {"name": name, "users": list(users), "count": len(users)} for name, users in message.reactions.items()
        ]
        or None,
    }
    shown.update({key: value for key, value in optional.items() if value is not None})
    return shown


def _from_elsewhere(workspace: Workspace, author: User | None) -> Json:
    """Return what tells an app that a message comes from another organisation."""
    if author is None or author.team_id == workspace.team.id:
        return {}
    team = author.team_id
    return {"user_team": team, "source_team": team, "user_profile": {"team": team, "real_name": author.real_name}}


def _typed(message: Message) -> list[Json] | None:
    return rich_text(message.text, ts=message.ts) if message.client_msg_id and message.text else None


def _bot_profile(workspace: Workspace, app_id: str | None) -> Json | None:
    app = workspace.apps.get(app_id) if app_id is not None else None
    if app is None:
        return None
    return {
        "id": app.bot_id,
        "app_id": app.id,
        "user_id": app.bot_user_id,
        "name": app.name,
        "icons": {},
        "deleted": False,
        "updated": 0,
        "team_id": workspace.team.id,
    }


def message_in_thread(workspace: Workspace, message_: Message, *, with_metadata: bool = False) -> Json:
    """Return a message with what Slack tells of its thread in history and events, not in interactions."""
    shown = {**message(workspace, message_, with_metadata=with_metadata), **thread_parent(workspace, message_)}
    if message_.thread_ts in (None, message_.ts) or message_.broadcast:
        return shown
    parent = workspace.message(message_.channel, str(message_.thread_ts))
    return shown if parent is None else {**shown, "parent_user_id": parent.user}


def thread_parent(workspace: Workspace, message_: Message) -> Json:
    """Return what a message carries in addition because others answered in its thread."""
    thread = workspace.thread(message_.channel, message_.ts, None)
    replies = [m for m in thread if m.ts != message_.ts and m.ephemeral_for is None]
    if not replies:
        return {}
    return {
        "thread_ts": message_.ts,
        "reply_count": len(replies),
        "reply_users_count": len({reply.user for reply in replies}),
        "reply_users": sorted({reply.user for reply in replies}),
        "latest_reply": max((reply.ts for reply in replies), key=micros),
        "is_locked": False,
        "subscribed": False,
    }


def view(view: View, *, state: dict[str, dict[str, Json]]) -> Json:
    return {**view.body, "state": {"values": state}}


def verification_token(app: AppInfo) -> str:
    """Return the fixed token old apps compare: it tells nothing and proves nothing."""
    return derived_id("", app.id, "verification")


def authorization(workspace: Workspace, app: AppInfo) -> Json:
    return {
        "enterprise_id": None,
        "team_id": workspace.team.id,
        "user_id": app.bot_user_id,
        "is_bot": True,
        "is_enterprise_install": False,
    }
