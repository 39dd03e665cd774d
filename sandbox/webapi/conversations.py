"""conversations.*: channels and direct conversations, and what was said in them."""

from sandbox import payloads
from sandbox.errors import ApiError
from sandbox.ids import micros
from sandbox.model import Channel, ChannelKind, MemberKind, Message
from sandbox.webapi.call import Call, Json, Method, paged

_TYPES = {
    "public_channel": (ChannelKind.PUBLIC, "channels:read"),
    "private_channel": (ChannelKind.PRIVATE, "groups:read"),
    "im": (ChannelKind.IM, "im:read"),
    "mpim": (None, "mpim:read"),
}


def shown_to(call: Call, channel: Channel) -> Json:
    return payloads.channel(call.workspace, channel, bot_user_id=call.app.bot_user_id)


def conversations_info(call: Call) -> Json:
    channel = call.channel()
    call.need_scope_for(channel, "read")
    return {"channel": shown_to(call, channel)}


def conversations_list(call: Call) -> Json:
    wanted = [kind.strip() for kind in (call.args.optional_text("types") or "public_channel").split(",")]
    if any(kind not in _TYPES for kind in wanted):
        raise ApiError("invalid_types")
    for kind in wanted:
        call.need_scope(_TYPES[kind][1])
    kinds = {_TYPES[kind][0] for kind in wanted}
    found = [c for c in call.workspace.channels.values() if c.kind in kinds and call.can_see(c)]
    if call.args.flag("exclude_archived"):
        found = [channel for channel in found if not channel.is_archived]
    page = paged(call, sorted(found, key=lambda channel: channel.id), default=100)
    return {
        "channels": [shown_to(call, channel) for channel in page.items],
        "response_metadata": {"next_cursor": page.next_cursor},
    }


def conversations_open(call: Call) -> Json:
    given = call.args.optional_text("channel")
    if given:
        channel = call.channel()
        if channel.kind is not ChannelKind.IM:
            raise ApiError("method_not_supported_for_channel_type")
        return _opened(call, channel, already=True)
    users = [user for user in (call.args.optional_text("users") or "").split(",") if user]
    if not users:
        raise ApiError("users_list_not_supplied")
    if len(users) > 1:
        raise ApiError("method_not_supported_for_channel_type")
    person = call.workspace.user(users[0])
    if person is None:
        raise ApiError("user_not_found")
    if person.kind is MemberKind.DEACTIVATED:
        raise ApiError("user_disabled")
    before = len(call.workspace.channels)
    channel = call.workspace.open_im(call.app.bot_user_id, person.id)
    return _opened(call, channel, already=len(call.workspace.channels) == before)


def _opened(call: Call, channel: Channel, *, already: bool) -> Json:
    shown = shown_to(call, channel) if call.args.flag("return_im") else {"id": channel.id}
    return {"no_op": already, "already_open": already, "channel": shown}


def conversations_members(call: Call) -> Json:
    channel = call.channel()
    call.need_scope_for(channel, "read")
    page = paged(call, sorted(channel.members), default=100)
    return {"members": page.items, "response_metadata": {"next_cursor": page.next_cursor}}


def conversations_history(call: Call) -> Json:
    """Return the newest messages first, as Slack does."""
    channel = _readable(call)
    found = [m for m in call.workspace.messages(channel.id, None) if m.ephemeral_for is None]
    page = paged(call, list(reversed(_between(call, found))), default=100)
    return {
        "messages": [_message(call, message) for message in page.items],
        "has_more": bool(page.next_cursor),
        "pin_count": 0,
        "channel_actions_ts": None,
        "channel_actions_count": 0,
        "response_metadata": {"next_cursor": page.next_cursor},
    }


def conversations_replies(call: Call) -> Json:
    """Return a thread oldest first, its first message always on top."""
    channel, ts = _readable(call), call.args.timestamp("ts")
    known = call.workspace.message(channel.id, ts)
    if known is None:
        raise ApiError("thread_not_found")
    root = known.thread_ts or ts
    found = [m for m in call.workspace.thread(channel.id, root, None) if m.ephemeral_for is None]
    replies = [message for message in found if message.ts != root]
    parent = [message for message in found if message.ts == root]
    page = paged(call, [*parent, *_between(call, replies)], default=1000)
    return {
        "messages": [_message(call, message) for message in page.items],
        "has_more": bool(page.next_cursor),
        "response_metadata": {"next_cursor": page.next_cursor},
    }


def _readable(call: Call) -> Channel:
    channel = call.channel()
    call.need_scope_for(channel, "history")
    if call.app.bot_user_id not in channel.members:
        raise ApiError("not_in_channel")
    return channel


def _between(call: Call, messages: list[Message]) -> list[Message]:
    oldest, latest = _bound(call, "oldest"), _bound(call, "latest")
    if call.args.flag("inclusive"):
        oldest = None if oldest is None else oldest - 1
        latest = None if latest is None else latest + 1
    return [
        message
        for message in messages
        if (oldest is None or micros(message.ts) > oldest) and (latest is None or micros(message.ts) < latest)
    ]


def _bound(call: Call, name: str) -> int | None:
    given = call.args.optional_text(name)
    if not given:
        return None
    try:
        return micros(given)
    except ValueError as problem:
        raise ApiError(f"invalid_ts_{name}") from problem


def _message(call: Call, message: Message) -> Json:
    with_metadata = call.args.flag("include_all_metadata")
    return payloads.message_in_thread(call.workspace, message, with_metadata=with_metadata)


METHODS = {
    "conversations.info": Method(run=conversations_info),
    "conversations.list": Method(run=conversations_list),
    "conversations.open": Method(run=conversations_open),
    "conversations.members": Method(run=conversations_members),
    "conversations.history": Method(run=conversations_history),
    "conversations.replies": Method(run=conversations_replies),
}
