"""Answers apps give outside the Web API: in a command's acknowledgement, or at a response URL."""

import logging
from typing import Any

from aiohttp import web

from sandbox.errors import ApiError
from sandbox.faults import CALLS
from sandbox.grants import ResponseUrl
from sandbox.jsontext import parse_json
from sandbox.model import AppInfo, Channel, Message
from sandbox.posts import Content
from sandbox.services import Services
from sandbox.trouble import answer_of

Json = dict[str, Any]
_LOG = logging.getLogger(__name__)
_GONE = {"expired_url", "used_url", "no_such_url"}


def post_answer(
    services: Services,
    app: AppInfo,
    channel: Channel,
    user_id: str,
    body: Json,
    *,
    thread_ts: str | None = None,
) -> Message:
    """Post what an app answered: for the person alone, unless it asks for everybody."""
    content = Content(text=body.get("text"), blocks=body.get("blocks"), attachments=body.get("attachments"))
    kind = body.get("response_type") or "ephemeral"
    if kind not in ("ephemeral", "in_channel"):
        raise ApiError("invalid_arguments", "[ERROR] must be a valid enum value [json-pointer:/response_type]")
    return services.posts.post_as_app(
        app,
        channel,
        content,
        thread_ts=thread_ts,
        ephemeral_for=user_id if kind == "ephemeral" else None,
    )


class ResponseEndpoint:
    """`/response/<token>`: the addresses interactions carry as `response_url`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def register(self, app: web.Application) -> None:
        app.router.add_post("/response/{token}", self._handle)

    async def _handle(self, request: web.Request) -> web.Response:
        rules = self._services.faults.strike(CALLS, ("response_url",))
        troubled = await answer_of(request, rules, "before")
        response = troubled or await self._respond(request)
        return await answer_of(request, [] if troubled else rules, "after") or response

    async def _respond(self, request: web.Request) -> web.Response:
        try:
            grant = self._services.response_urls.look(request.match_info["token"])
            self._answer(grant, _body(await request.read()))
            self._services.response_urls.use(grant)
        except ApiError as refusal:
            _LOG.info("A response URL was refused: %s", refusal.code)
            return web.json_response(refusal.body(), status=404 if refusal.code in _GONE else 400)
        return web.Response(text="ok")

    def _answer(self, grant: ResponseUrl, body: Json) -> None:
        workspace = self._services.workspace
        app, channel = workspace.apps.get(grant.app_id), workspace.channel(grant.channel)
        if app is None or channel is None:
            raise ApiError("no_such_url")
        original = workspace.message(grant.channel, grant.message_ts) if grant.message_ts else None
        if body.get("delete_original"):
            self._services.posts.delete(_there(original))
        elif body.get("replace_original"):
            content = Content(text=body.get("text"), blocks=body.get("blocks"), attachments=body.get("attachments"))
            self._services.posts.edit(_there(original), content, edited=not content.blocks)
        else:
            given = body.get("thread_ts")
            parent = workspace.message(channel.id, given) if isinstance(given, str) else None
            thread_ts = grant.thread_ts if parent is None else parent.thread_ts or parent.ts
            post_answer(self._services, app, channel, grant.user, body, thread_ts=thread_ts)


def _there(original: Message | None) -> Message:
    if original is None:
        raise ApiError("message_not_found")
    return original


def _body(raw: bytes) -> Json:
    try:
        body = parse_json(raw)
    except ValueError as problem:
        raise ApiError("invalid_payload") from problem
    if not isinstance(body, dict):
        raise ApiError("invalid_payload")
    return body
