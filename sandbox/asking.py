"""Requests of the control API: what they must look like, and how they are refused."""

import math
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from sandbox.jsontext import parse_json

Json = dict[str, Any]


class ControlError(Exception):
    """The request made no sense; answered with 400 and a sentence."""

    def __init__(self, code: str, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status


def answering(
    run: Callable[[web.Request], Awaitable[Json]],
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handler(request: web.Request) -> web.Response:
        try:
            return web.json_response({"ok": True, **await run(request)})
        except ControlError as problem:
            body = {"ok": False, "error": problem.code, "message": problem.message}
            return web.json_response(body, status=problem.status)

    return handler


async def read_body(request: web.Request) -> Json:
    raw = await request.read()
    try:
        body = parse_json(raw) if raw.strip() else {}
    except ValueError as problem:
        raise ControlError("invalid_json", "The body is not JSON.") from problem
    if not isinstance(body, dict):
        raise ControlError("invalid_json", "The body must be a JSON object.")
    return body


def number(value: Any, name: str) -> float:
    try:
        read = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError) as problem:
        raise ControlError("invalid_arguments", f"`{name}` must be a number.") from problem
    if not math.isfinite(read):
        raise ControlError("invalid_arguments", f"`{name}` must be a number.")
    return read


def optional_text(body: Mapping[str, Any], name: str) -> str | None:
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise ControlError("invalid_arguments", f"`{name}` must be a text.")
    return value


def optional_flag(body: Mapping[str, Any], name: str) -> bool | None:
    value = body.get(name)
    if value is not None and not isinstance(value, bool):
        raise ControlError("invalid_arguments", f"`{name}` must be true or false.")
    return value


def texts(body: Mapping[str, Any], name: str) -> list[str] | None:
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
        raise ControlError("invalid_arguments", f"`{name}` must be a list of texts.")
    return value
