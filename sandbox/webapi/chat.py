"""chat.*: messages apps post, change, delete and point to."""

from typing import Any

from sandbox import payloads
from sandbox.errors import ApiError
from sandbox.model import Channel, ChannelKind, MemberKind, Message
from sandbox.posts import Content
from sandbox.webapi.call import Call, Json, Method, size_of, wrong

_MOST_METADATA = 8000
_MOST_MARKDOWN = 12_000


def _content(call: Call) -> Content:
    given = call.args
    markdown = given.optional_text("markdown_text")
    if markdown:
        if _has_content(call):
            raise ApiError("markdown_text_conflict")
        if len(markdown) > _MOST_MARKDOWN:
            raise wrong(f"must be less than {_MOST_MARKDOWN + 1} characters", "markdown_text")
        return Content(text=markdown, blocks=[{"type": "markdown", "text": markdown}], attachments=_attachments(call))
    content = Content(text=given.given.get("text"), blocks=_blocks(call), attachments=_attachments(call))
    return _with_files_there(call, content)


def _with_files_there(call: Call, content: Content) -> Content:
    missing = call.services.files.missing_in(content.blocks)
    if missing:
        raise ApiError("invalid_blocks", *missing)
    return content


def _has_content(call: Call) -> bool:
    return bool(call.args.given.get("text") or call.args.given.get("blocks"))


def _blocks(call: Call) -> Any:
    return call.args.structure("blocks", otherwise=ApiError("invalid_blocks_format"))


def _attachments(call: Call) -> Any:
    return call.args.structure("attachments", otherwise=ApiError("invalid_attachments"))


def _metadata(call: Call) -> Json | None:
    """Return what an app hides in its message; an empty object removes what was there."""
    given = call.args.structure("metadata", otherwise=ApiError("invalid_metadata_format"))
    if given is None:
        return None
    if not isinstance(given, dict):
        raise ApiError("invalid_metadata_format")
    if not given:
        return {}
    complete = isinstance(given.get("event_type"), str) and isinstance(given.get("event_payload"), dict)
    if not complete:
        raise ApiError("invalid_metadata_format")
    if size_of(given) > _MOST_METADATA:
        raise ApiError("metadata_too_large")
    return given


def _destination(call: Call) -> Channel:
    """Return where to post: a channel the app may write to, or the direct conversation with a person."""
    person = call.workspace.user(call.args.text("channel"))
    if person is not None:
        if person.kind is MemberKind.BOT and call.method == "chat.postMessage":
            raise ApiError("cannot_dm_bot")
        if person.kind in (MemberKind.BOT, MemberKind.DEACTIVATED):
            raise ApiError("channel_not_found")
    channel = call.channel() if person is None else call.workspace.open_im(call.app.bot_user_id, person.id)
    _refuse_closed(call, channel)
    return channel


def _refuse_closed(call: Call, channel: Channel) -> None:
    if channel.is_archived:
        raise ApiError("is_archived")
    home = call.app.manifest.get("features", {}).get("app_home", {})
    if channel.kind is ChannelKind.IM and home.get("messages_tab_enabled") is False:
        raise ApiError("messages_tab_disabled")
    if call.app.bot_user_id not in channel.members and "chat:write.public" not in call.app.scopes:
        raise ApiError("not_in_channel")


def _thread(call: Call, channel: Channel) -> str | None:
    """Return the thread to answer in; a reply's own ts leads to its thread."""
    if not call.args.optional_text("thread_ts"):
        return None
    parent = call.workspace.message(channel.id, call.args.timestamp("thread_ts"))
    if parent is None:
        raise ApiError("cannot_reply_to_message")
    return parent.thread_ts or parent.ts


def chat_post_message(call: Call) -> Json:
    channel = _destination(call)
    content, metadata = _content(call), _metadata(call)
    message = call.services.posts.post_as_app(
        call.app,
        channel,
        content,
        thread_ts=_thread(call, channel),
        broadcast=call.args.flag("reply_broadcast"),
        metadata=metadata or None,
    )
    shown = payloads.message(call.workspace, message, with_metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": shown}


def chat_post_ephemeral(call: Call) -> Json:
    reader = call.args.text("user")
    channel = _destination(call)
    attachments = _attachments(call)
    if isinstance(attachments, list) and any(isinstance(one, dict) and "blocks" in one for one in attachments):
        raise ApiError("invalid_attachments")
    if reader not in channel.members:
        raise ApiError("user_not_in_channel")
    message = call.services.posts.post_as_app(
        call.app, channel, _content(call), thread_ts=_thread(call, channel), ephemeral_for=reader
    )
    return {"message_ts": message.ts}


def _own_message(call: Call, refusal: str) -> Message:
    channel, ts = call.channel(), call.args.timestamp("ts")
    message = call.workspace.message(channel.id, ts)
    if message is None or message.ephemeral_for is not None:
        raise ApiError("message_not_found")
    if message.app_id != call.app.id:
        raise ApiError(refusal)
    return message


def chat_update(call: Call) -> Json:
    """Change a message: text without blocks takes the blocks away, blocks show no "(edited)"."""
    message = _own_message(call, "cant_update_message")
    given = call.args.given
    blocks, attachments = _blocks(call), _attachments(call)
    has_text = given.get("text") is not None
    content = (
        _content(call)
        if given.get("markdown_text")
        else Content(
            text=given["text"] if has_text else message.text,
            blocks=message.blocks if blocks is None and not has_text else blocks,
            attachments=message.attachments if attachments is None and not has_text else attachments,
        )
    )
    _with_files_there(call, content)
    metadata = _metadata(call)
    if metadata is not None:
        message.metadata = metadata or None
    call.services.posts.edit(message, content, edited=not content.blocks)
    shown = payloads.message(call.workspace, message, with_metadata=True)
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": shown}


def chat_delete(call: Call) -> Json:
    message = _own_message(call, "cant_delete_message")
    call.services.posts.delete(message)
    return {"channel": message.channel, "ts": message.ts}


def chat_get_permalink(call: Call) -> Json:
    channel, ts = call.channel(), call.args.timestamp("message_ts")
    message = call.workspace.message(channel.id, ts)
    if message is None:
        raise ApiError("message_not_found")
    link = f"{call.workspace.url}archives/{channel.id}/p{ts.replace('.', '')}"
    if message.thread_ts not in (None, ts):
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


METHODS = {
    "chat.postMessage": Method(run=chat_post_message),
    "chat.postEphemeral": Method(run=chat_post_ephemeral),
    "chat.update": Method(run=chat_update),
    "chat.delete": Method(run=chat_delete),
    "chat.getPermalink": Method(run=chat_get_permalink),
}
