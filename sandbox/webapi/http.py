"""`/api/<method>` over HTTP: reads any body Slack reads, and always answers as Slack answers."""

import base64
import logging

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.multipart import BodyPartReader

from sandbox.errors import ApiError
from sandbox.faults import CALLS, MISHAPS
from sandbox.ids import secret
from sandbox.jsontext import clean, parse_json
from sandbox.mishaps import happen
from sandbox.model import AppInfo
from sandbox.reference import is_documented
from sandbox.services import Services
from sandbox.trouble import answer_of, too_many
from sandbox.webapi import METHODS
from sandbox.webapi.call import Args, Call, Json, Method, TokenKind, missing_scope
from sandbox.webapi.tiers import Limits, RateLimitedError

_LOG = logging.getLogger(__name__)


class WebApi:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._by_bot_token = {app.bot_token: app for app in services.workspace.apps.values()}
        self._limits = Limits(services.settings)
        self._by_app_token = {app.app_token: app for app in services.workspace.apps.values()}

    def register(self, app: web.Application) -> None:
        app.router.add_route("*", "/api/{method}", self._handle)

    async def _handle(self, request: web.Request) -> web.Response:
        name = request.match_info["method"]
        headers = {"x-slack-req-id": secret()}
        rules = self._services.faults.strike(CALLS, (name,), app_id=self._app_id(request))
        troubled = await answer_of(request, rules, "before")
        if troubled is not None:
            return troubled
        response = await self._respond(request, name, headers)
        return await answer_of(request, rules, "after") or response

    def _app_id(self, request: web.Request) -> str:
        """Return the app behind the header's token, as far as rules for single apps need it."""
        token = _token(request, {})
        app = self._by_bot_token.get(token) or self._by_app_token.get(token)
        return "" if app is None else app.id

    async def _respond(self, request: web.Request, name: str, headers: dict[str, str]) -> web.Response:
        try:
            body = {"ok": True, **await self._answer(request, name, headers)}
        except RateLimitedError as refusal:
            return too_many(refusal.retry_after)
        except ApiError as refusal:
            if name != "api.test" and not is_documented(name, refusal.code):
                _LOG.error("%s answered %s, which Slack does not document for it", name, refusal.code)
            body = refusal.body()
        except web.HTTPRequestEntityTooLarge:
            body = {"ok": False, "error": "request_too_large"}
        except Exception:  # noqa: BLE001 - the boundary: an app must get Slack's error, the log gets ours
            _LOG.exception("%s failed", name)
            body = {"ok": False, "error": "internal_error"}
        return web.json_response(body, headers=headers)

    async def _answer(self, request: web.Request, name: str, headers: dict[str, str]) -> Json:
        method = METHODS.get(name)
        if method is None:
            raise ApiError("unknown_method", req_method=name)
        given = await _read(request)
        for rule in self._services.faults.strike(MISHAPS, (name,), app_id=self._app_id(request)):
            happen(self._services, rule, self._app_id(request), channel=str(given.get("channel")))
        caller = self._caller(request, given, method)
        if caller is not None and method.token is TokenKind.BOT:
            headers["x-oauth-scopes"] = ",".join(caller.scopes)
            headers["x-accepted-oauth-scopes"] = ",".join(method.scopes)
        return self._run(name, method, given, caller)

    def _run(self, name: str, method: Method, given: Json, caller: AppInfo | None) -> Json:
        call = Call(method=name, args=Args(given), services=self._services, caller=caller)
        if caller is not None:
            self._limits.spend(caller.id, name, str(given.get("channel")))
        checked = self._services.settings.check_scopes and caller is not None
        if caller is not None and checked and method.scopes and not set(method.scopes) & set(caller.scopes):
            raise missing_scope(caller, method.scopes)
        return method.run(call)

    def _caller(self, request: web.Request, given: Json, method: Method) -> AppInfo | None:
        token = _token(request, given)
        if method.token is TokenKind.NONE:
            return None
        if not token:
            raise ApiError("not_authed")
        right, other = self._by_bot_token, self._by_app_token
        if method.token is TokenKind.APP:
            right, other = other, right
        if token in right:
            return _valid(right[token], method)
        raise ApiError("not_allowed_token_type" if token in other else "invalid_auth")


def _valid(app: AppInfo, method: Method) -> AppInfo:
    if app.uninstalled:
        raise ApiError("account_inactive")
    if app.token_revoked and method.token is TokenKind.BOT:
        raise ApiError("token_revoked")
    return app


def _token(request: web.Request, given: Json) -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    argument = given.pop("token", None)
    if kind.lower() == "basic":
        # OAuth clients send their id and secret this way; those are arguments, not a token.
        given.update({key: value for key, value in _basic(token).items() if key not in given})
    if kind.lower() == "bearer" and token.strip():
        return token.strip()
    return argument if isinstance(argument, str) else ""


def _basic(credentials: str) -> Json:
    try:
        client_id, _, client_secret = base64.b64decode(credentials, validate=True).decode().partition(":")
    except ValueError:
        return {}
    return {"client_id": client_id, "client_secret": client_secret}


async def _read(request: web.Request) -> Json:
    given: Json = {clean(key): clean(value) for key, value in request.query.items()}
    if not request.can_read_body:
        return given
    if request.content_type == "application/json":
        return given | _json_body(await request.read())
    if request.content_type.startswith("multipart/"):
        return given | await _multipart(request)
    if request.content_type in ("application/x-www-form-urlencoded", "application/octet-stream"):
        return given | await _form(request)
    raise ApiError("invalid_post_type")


def _json_body(raw: bytes) -> Json:
    if not raw.strip():
        return {}
    try:
        body = parse_json(raw)
    except ValueError as problem:
        raise ApiError("invalid_json") from problem
    if not isinstance(body, dict):
        raise ApiError("json_not_object")
    return body


async def _form(request: web.Request) -> Json:
    try:
        form = await request.post()
    except (ValueError, LookupError) as problem:
        raise ApiError("invalid_form_data") from problem
    return {clean(key): clean(value) for key, value in form.items() if isinstance(value, str)}


async def _multipart(request: web.Request) -> Json:
    given: Json = {}
    try:
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader) and part.name:
                given[clean(part.name)] = clean((await part.read(decode=True)).decode("utf-8", "replace"))
    except (ValueError, LookupError, HttpProcessingError) as problem:
        raise ApiError("invalid_form_data") from problem
    return given
