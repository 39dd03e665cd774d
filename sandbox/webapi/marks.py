"""reactions.*, pins.add, bookmarks.add: what is put on messages and channels."""

import re

from sandbox.errors import ApiError
from sandbox.ids import micros, random_id
from sandbox.model import Channel, Message
from sandbox.webapi.call import Call, Json, Method

_NAME = re.compile(r"[a-z0-9_+'\-]{1,100}(::skin-tone-[2-6])?")
_MOST_KINDS = 50
_MOST_OF_ONE = 23
_MOST_PINS = 100
_MOST_BOOKMARKS = 100


def reactions_add(call: Call) -> Json:
    channel, message, name = _reacted(call)
    if channel.is_archived:
        raise ApiError("is_archived")
    if message.ephemeral_for is not None:
        raise ApiError("not_reactable")
    _check_room(message, name, call.app.bot_user_id)
    call.services.posts.react(message, name, call.app.bot_user_id)
    return {}


def reactions_remove(call: Call) -> Json:
    if not (call.args.optional_text("channel") or call.args.optional_text("timestamp")):
        raise ApiError("no_item_specified")
    _, message, name = _reacted(call)
    if call.app.bot_user_id not in message.reactions.get(name, []):
        raise ApiError("no_reaction")
    call.services.posts.unreact(message, name, call.app.bot_user_id)
    return {}


def _reacted(call: Call) -> tuple[Channel, Message, str]:
    name = call.args.text("name").strip(":")
    if _NAME.fullmatch(name) is None:
        raise ApiError("invalid_name")
    channel = call.channel()
    return channel, _message(call, channel), name


def _message(call: Call, channel: Channel) -> Message:
    given = call.args.optional_text("timestamp")
    if not given:
        raise ApiError("no_item_specified")
    try:
        micros(given)
    except ValueError as problem:
        raise ApiError("bad_timestamp") from problem
    message = call.workspace.message(channel.id, given)
    if message is None:
        raise ApiError("message_not_found")
    return message


def _check_room(message: Message, name: str, user: str) -> None:
    if user in message.reactions.get(name, []):
        raise ApiError("already_reacted")
    if name not in message.reactions and len(message.reactions) >= _MOST_KINDS:
        raise ApiError("too_many_emoji")
    if sum(user in users for users in message.reactions.values()) >= _MOST_OF_ONE:
        raise ApiError("too_many_reactions")


def pins_add(call: Call) -> Json:
    channel = call.channel()
    if call.app.bot_user_id not in channel.members:
        raise ApiError("not_in_channel")
    message = _message(call, channel)
    if message.ephemeral_for is not None:
        raise ApiError("not_pinnable")
    if message.ts in channel.pins:
        raise ApiError("already_pinned")
    if len(channel.pins) >= _MOST_PINS:
        raise ApiError("too_many_pins")
    call.services.posts.pin(channel, message, call.app.bot_user_id)
    return {}


def bookmarks_add(call: Call) -> Json:
    title, kind = call.args.text("title"), call.args.text("type")
    channel, link = call.channel("channel_id"), call.args.optional_text("link") or ""
    if kind != "link":
        raise ApiError("invalid_bookmark_type")
    if re.fullmatch(r"https?://\S+", link) is None:
        raise ApiError("invalid_link")
    if call.app.bot_user_id not in channel.members:
        raise ApiError("permission_denied")
    if len(channel.bookmarks) >= _MOST_BOOKMARKS:
        raise ApiError("too_many_bookmarks")
    now = int(call.workspace.now().timestamp())
    bookmark: Json = {
        "id": random_id("Bk"),
        "channel_id": channel.id,
        "title": title,
        "link": link,
        "emoji": call.args.optional_text("emoji") or "",
        "icon_url": None,
        "type": kind,
        "entity_id": None,
        "date_created": now,
        "date_updated": 0,
        "rank": f"{len(channel.bookmarks):04d}",
        "last_updated_by_user_id": call.app.bot_user_id,
        "last_updated_by_team_id": call.workspace.team.id,
        "shortcut_id": "",
        "app_id": call.app.id,
    }
    channel.bookmarks.append(bookmark)
    call.workspace.put_channel(channel)
    return {"bookmark": bookmark}


METHODS = {
    "reactions.add": Method(run=reactions_add),
    "reactions.remove": Method(run=reactions_remove),
    "pins.add": Method(run=pins_add),
    "bookmarks.add": Method(run=bookmarks_add),
}
