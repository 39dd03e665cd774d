"""The page's addresses: the page itself, its style and script, and the socket that keeps it fresh."""

from pathlib import Path
from typing import Any

from aiohttp import web

from sandbox.jsontext import parse_json
from sandbox.page.live import Connection, open_socket
from sandbox.page.panes import render_nobody, render_page
from sandbox.page.place import find_permalink, find_place
from sandbox.workspace import Workspace

_STATIC = Path(__file__).parent / "static"
_THEMES = {"light", "dark"}
_WHO = "sandbox-as"
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src http: https: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def add_routes(app: web.Application, workspace: Workspace) -> None:
    async def page(request: web.Request) -> web.Response:
        place = find_place(workspace, request.query)
        if place is None:
            return _html(render_nobody(workspace.team.name))
        theme = request.cookies.get("sandbox-theme", "")
        response = _html(render_page(workspace, place, theme=theme if theme in _THEMES else ""))
        # A link to a message names nobody: it opens for whom the person last acted as.
        response.set_cookie(_WHO, place.user.id, samesite="Strict")
        return response

    async def permalink(request: web.Request) -> web.Response:
        digits = request.match_info["ts"]
        ts, who = f"{digits[:-6]}.{digits[-6:]}", request.cookies.get(_WHO, "")
        thread = request.query.get("thread_ts", "")
        address = find_permalink(workspace, who, request.match_info["channel"], ts, thread)
        if address is None:
            return web.Response(status=404, text="This message does not exist, or nobody here may see it.")
        raise web.HTTPFound(address)

    async def hide(request: web.Request) -> web.Response:
        """Take a message only one person sees out of that person's sight; no app hears of it."""
        told = await _json(request)
        message = workspace.message(str(told.get("channel")), str(told.get("ts")))
        if message is None or message.ephemeral_for is None or message.ephemeral_for != told.get("as"):
            return web.json_response({"ok": False, "error": "message_not_found"}, status=404)
        message.deleted = True
        workspace.put_message(message)
        return web.json_response({"ok": True})

    async def socket(request: web.Request) -> web.WebSocketResponse:
        response = open_socket()
        await response.prepare(request)
        await Connection(workspace=workspace, socket=response, query=request.query).run()
        return response

    app.router.add_get("/", page)
    app.router.add_get(r"/archives/{channel:[A-Z0-9]+}/p{ts:\d{7,}}", permalink)
    app.router.add_post("/page/hide", hide)
    app.router.add_get("/page/ws", socket)
    app.router.add_static("/static", _STATIC)


async def _json(request: web.Request) -> dict[str, Any]:
    try:
        told = parse_json(await request.read())
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _html(body: str) -> web.Response:
    return web.Response(text=body, content_type="text/html", headers=_HEADERS)
