"""conversations.create, .invite, .join: channels made and entered by apps."""

import re

from sandbox.errors import ApiError
from sandbox.ids import random_id
from sandbox.model import Channel, ChannelKind, MemberKind, User
from sandbox.places import join
from sandbox.webapi.call import Call, Json, Method
from sandbox.webapi.conversations import shown_to

_LONGEST_NAME = 80


def create(call: Call) -> Json:
    private = call.args.flag("is_private")
    call.need_scope("groups:write" if private else "channels:manage", "channels:write")
    name = _name(call)
    channel = Channel(
        random_id("C"),
        name,
        ChannelKind.PRIVATE if private else ChannelKind.PUBLIC,
        members={call.app.bot_user_id},
        created=int(call.workspace.now().timestamp()),
        creator=call.app.bot_user_id,
    )
    call.workspace.put_channel(channel)
    shown = shown_to(call, channel)
    if not private:
        told = {key: shown[key] for key in ("id", "name", "created", "creator", "name_normalized", "is_channel")}
        call.services.events.tell({"type": "channel_created", "channel": told}, channel=channel)
    return {"channel": shown}


def _name(call: Call) -> str:
    name = (call.args.optional_text("name") or "").strip()
    if not name:
        raise ApiError("invalid_name_required")
    if len(name) > _LONGEST_NAME:
        raise ApiError("invalid_name_maxlength")
    if re.fullmatch(r"[\W_]+", name):
        raise ApiError("invalid_name_punctuation")
    if name != name.lower() or re.fullmatch(r"[\w-]+", name) is None:
        raise ApiError("invalid_name_specials")
    if any(channel.name == name for channel in call.workspace.channels.values()):
        raise ApiError("name_taken")
    return name


def invite(call: Call) -> Json:
    channel = call.channel()
    if channel.kind is ChannelKind.IM:
        raise ApiError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise ApiError("is_archived")
    if call.app.bot_user_id not in channel.members:
        raise ApiError("not_in_channel")
    wanted = [user.strip() for user in (call.args.optional_text("users") or "").split(",") if user.strip()]
    if not wanted:
        raise ApiError("no_user")
    refused = {user: code for user in wanted if (code := _refused(call, channel, user))}
    if refused and not (call.args.flag("force") and len(refused) < len(wanted)):
        errors = [{"user": user, "ok": False, "error": code} for user, code in refused.items()]
        raise ApiError(next(iter(refused.values())), errors=errors)
    for user in wanted:
        if user not in refused:
            join(call.services, channel, call.workspace.users[user], inviter=call.app.bot_user_id)
    return {"channel": shown_to(call, channel)}


def _refused(call: Call, channel: Channel, user_id: str) -> str:
    user = call.workspace.user(user_id)
    if user is None:
        return "user_not_found"
    if user.id == call.app.bot_user_id:
        return "cant_invite_self"
    if user.id in channel.members:
        return "already_in_channel"
    return "cant_invite" if _stays_out(user, channel) else ""


def _stays_out(user: User, channel: Channel) -> bool:
    foreign = user.kind is MemberKind.STRANGER and not channel.is_ext_shared
    return foreign or user.kind is MemberKind.DEACTIVATED


def enter(call: Call) -> Json:
    channel = call.channel()
    if channel.kind is not ChannelKind.PUBLIC:
        raise ApiError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise ApiError("is_archived")
    already = call.app.bot_user_id in channel.members
    join(call.services, channel, call.workspace.users[call.app.bot_user_id])
    answer: Json = {"channel": shown_to(call, channel)}
    if already:
        answer |= {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    return answer


METHODS = {
    "conversations.create": Method(run=create),
    "conversations.invite": Method(run=invite),
    "conversations.join": Method(run=enter),
}
