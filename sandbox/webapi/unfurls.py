"""chat.unfurl: an app tells what is behind a link somebody posted."""

from urllib.parse import urlsplit

from sandbox.errors import ApiError
from sandbox.model import Message
from sandbox.posts import Content
from sandbox.webapi.call import Call, Json, Method


def unfurl(call: Call) -> Json:
    unfurls = call.args.structure("unfurls", otherwise=ApiError("invalid_unfurls_format"))
    asks_to_sign_in = call.args.flag("user_auth_required") or call.args.given.get("user_auth_message")
    message = _message(call)
    if unfurls is None and asks_to_sign_in:
        return {}
    if unfurls is None:
        raise ApiError("missing_unfurls")
    if not isinstance(unfurls, dict) or not unfurls:
        raise ApiError("invalid_unfurls_format")
    attachments = [_attachment(call, message, url, body) for url, body in unfurls.items()]
    call.services.posts.edit(
        message, Content(text=message.text, blocks=message.blocks or None, attachments=attachments), edited=False
    )
    return {}


def _message(call: Call) -> Message:
    unfurl_id, channel_id, ts = (call.args.optional_text(name) for name in ("unfurl_id", "channel", "ts"))
    if unfurl_id or call.args.optional_text("source"):
        if not unfurl_id:
            raise ApiError("missing_unfurl_id")
        if call.args.optional_text("source") not in ("composer", "conversations_history"):
            raise ApiError("invalid_source" if call.args.optional_text("source") else "missing_source")
        channel_id, _, ts = unfurl_id.partition("-")
    if not channel_id:
        raise ApiError("missing_channel")
    if not ts:
        raise ApiError("missing_ts")
    channel = call.workspace.channel(channel_id)
    if channel is None or not call.can_see(channel):
        raise ApiError("invalid_unfurl_id" if unfurl_id else "cannot_find_channel")
    message = call.workspace.message(channel.id, ts)
    if message is None:
        raise ApiError("invalid_unfurl_id" if unfurl_id else "cannot_find_message")
    return message


def _attachment(call: Call, message: Message, url: str, body: object) -> Json:
    if not isinstance(body, dict):
        raise ApiError("cannot_parse_attachment")
    if url not in message.text.replace("&amp;", "&"):
        raise ApiError("cannot_unfurl_message")
    try:
        host = urlsplit(url).hostname or ""
    except ValueError as problem:
        raise ApiError("cannot_unfurl_url") from problem
    domains = call.app.manifest.get("features", {}).get("unfurl_domains") or []
    if not any(host == domain or host.endswith(f".{domain}") for domain in domains):
        raise ApiError("cannot_unfurl_url")
    try:
        Content(text=None, blocks=None, attachments=[body])
    except ApiError as problem:
        raise ApiError("cannot_parse_attachment", *problem.messages) from problem
    return {**body, "from_url": url, "app_unfurl_url": url, "is_app_unfurl": True, "app_id": call.app.id}


METHODS = {"chat.unfurl": Method(run=unfurl)}
