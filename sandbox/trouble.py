"""Answers that go wrong because a rule says so: lost, late, limited, broken."""

import asyncio
import math

from aiohttp import web

from sandbox.errors import ApiError
from sandbox.faults import Rule, Trouble

_ALWAYS = {Trouble.HANG_UP: "before", Trouble.RATE_LIMIT: "before", Trouble.LOSE_REPLY: "after"}


async def answer_of(request: web.Request, rules: list[Rule], moment: str) -> web.Response | None:
    """Return what the rules answer at this moment, before or after the work; None lets it go on."""
    for rule in rules:
        if _ALWAYS.get(rule.do, rule.when) != moment:
            continue
        if rule.do is Trouble.SLOW:
            await asyncio.sleep(rule.seconds)
            continue
        return _answer(request, rule)
    return None


def too_many(seconds: float) -> web.Response:
    wait = max(1, math.ceil(seconds))
    return web.json_response(ApiError("ratelimited").body(), status=429, headers={"Retry-After": str(wait)})


def _answer(request: web.Request, rule: Rule) -> web.Response:
    match rule.do:
        case Trouble.RATE_LIMIT:
            return too_many(rule.seconds)
        case Trouble.STATUS:
            return web.Response(status=rule.status, text="upstream connect error or disconnect/reset before headers")
        case Trouble.ERROR:
            return web.json_response(ApiError(rule.error).body())
        case Trouble.GARBAGE:
            return web.Response(text='{"ok": true, "message": {"te', content_type="application/json")
        case _:
            # The connection breaks; what is returned here reaches nobody.
            if request.transport is not None:
                request.transport.abort()
            return web.Response()
