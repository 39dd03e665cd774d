"""files.*: announced, sent to an address of their own, then shared."""

from sandbox.blockkit.validate import check_message, with_ids
from sandbox.errors import ApiError
from sandbox.files import LARGEST
from sandbox.model import Channel, ChannelKind, File
from sandbox.webapi.call import Call, Json, Method, missing, wrong

_MOST_FILES = 10
_MOST_CHANNELS = 100
_LONGEST_ALT_TEXT = 1000
_LARGEST_SNIPPET = 1024 * 1024


def get_upload_url(call: Call) -> Json:
    name, size = call.args.text("filename"), call.args.number("length", default=0)
    alt_text = call.args.optional_text("alt_txt") or ""
    if size <= 0:
        raise ApiError("missing_argument")
    if size > LARGEST:
        raise ApiError("file_upload_size_restricted")
    if call.args.optional_text("snippet_type") and size > _LARGEST_SNIPPET:
        raise ApiError("snippet_too_large")
    if len(alt_text) > _LONGEST_ALT_TEXT:
        raise ApiError("alt_txt_too_large")
    file = call.services.files.announce(
        call.app.bot_user_id, name=name.replace("/", "_"), size=size, alt_text=alt_text, app_id=call.app.id
    )
    return {"upload_url": f"{call.workspace.url}upload/v1/{file.token}", "file_id": file.id}


def complete_upload(call: Call) -> Json:
    files = _given_files(call)
    channels = _channels(call)
    blocks = _blocks(call)
    for file, title in files:
        call.services.files.complete(file, title=title, channels=[channel.id for channel in channels])
    shown = [call.services.files.shown(file) for file, _ in files]
    for channel in channels:
        thread_ts = _thread(call, channel)
        text = call.args.optional_text("initial_comment") or ""
        call.services.posts.post_files(call.app, channel, shown, text=text, blocks=blocks, thread_ts=thread_ts)
    return {"files": shown}


def _given_files(call: Call) -> list[tuple[File, str]]:
    given = call.args.structure("files", otherwise=wrong("must be an array", "files"))
    if given is None:
        raise missing("files")
    if not isinstance(given, list) or not given:
        raise wrong("must be an array", "files")
    if len(given) > _MOST_FILES:
        raise wrong(f"no more than {_MOST_FILES} items allowed", "files")
    found: list[tuple[File, str]] = []
    for index, one in enumerate(given):
        if not isinstance(one, dict) or not isinstance(one.get("id"), str):
            raise wrong("must be an object with an id", f"files/{index}")
        file = call.services.files.get(one["id"])
        if file is None or not file.sent or file.deleted:
            raise ApiError("file_not_found")
        if file.app_id != call.app.id:
            raise ApiError("access_denied")
        found.append((file, str(one.get("title") or "")))
    return found


def _channels(call: Call) -> list[Channel]:
    """Return where to share: nowhere at all keeps the files private."""
    one, several = call.args.optional_text("channel_id"), call.args.optional_text("channels")
    names = [name.strip() for name in (one or several or "").split(",") if name.strip()]
    if len(names) > _MOST_CHANNELS:
        raise ApiError("channels_limit_exceeded")
    found: list[Channel] = []
    for name in names:
        channel = call.workspace.channel(name)
        if channel is None or not call.can_see(channel):
            raise ApiError("channel_not_found" if one else "invalid_channel")
        if call.app.bot_user_id not in channel.members:
            raise ApiError("not_in_channel")
        if channel.is_archived:
            raise ApiError("posting_to_channel_denied")
        found.append(channel)
    return found


def _blocks(call: Call) -> list[Json]:
    given = call.args.structure("blocks", otherwise=ApiError("invalid_blocks"))
    if given is None:
        return []
    problems = check_message(given) if isinstance(given, list) else ["[ERROR] must be an array [json-pointer:/blocks]"]
    if problems:
        raise ApiError("invalid_blocks", *(str(problem) for problem in problems))
    return with_ids(given)


def _thread(call: Call, channel: Channel) -> str | None:
    given = call.args.optional_text("thread_ts")
    parent = call.workspace.message(channel.id, given) if given else None
    if given and parent is None:
        raise wrong("thread not found", "thread_ts")
    return None if parent is None else parent.thread_ts or parent.ts


def _visible(call: Call) -> File:
    file = call.services.files.known(call.args.text("file"))
    places = [call.workspace.channel(channel) for channel in file.channels]
    seen = any(place is not None and call.can_see(place) for place in places)
    if file.app_id != call.app.id and not seen:
        raise ApiError("file_not_found")
    return file


def info(call: Call) -> Json:
    file = _visible(call)
    by_kind: dict[ChannelKind, list[str]] = {kind: [] for kind in ChannelKind}
    for channel_id in file.channels:
        channel = call.workspace.channel(channel_id)
        if channel is not None:
            by_kind[channel.kind].append(channel_id)
    shared = {
        "channels": by_kind[ChannelKind.PUBLIC],
        "groups": by_kind[ChannelKind.PRIVATE],
        "ims": by_kind[ChannelKind.IM],
        "comments_count": 0,
    }
    shown = {**call.services.files.shown(file), **shared}
    return {"file": shown, "comments": [], "response_metadata": {"next_cursor": ""}}


def delete(call: Call) -> Json:
    file = _visible(call)
    if file.app_id != call.app.id:
        raise ApiError("cant_delete_file")
    call.services.files.delete(file)
    call.services.posts.file_gone(file)
    call.services.events.tell({"type": "file_deleted", "file_id": file.id})
    return {}


METHODS = {
    "files.getUploadURLExternal": Method(run=get_upload_url),
    "files.completeUploadExternal": Method(run=complete_upload),
    "files.info": Method(run=info),
    "files.delete": Method(run=delete),
}
