"""The page's addresses: the page itself, its style and script, and the socket that keeps it fresh."""

from pathlib import Path

from aiohttp import web

from sandbox.page.live import Connection, open_socket
from sandbox.page.panes import render_nobody, render_page
from sandbox.page.place import find_place
from sandbox.workspace import Workspace

_STATIC = Path(__file__).parent / "static"
_THEMES = {"light", "dark"}
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
        return _html(render_page(workspace, place, theme=theme if theme in _THEMES else ""))

    async def socket(request: web.Request) -> web.WebSocketResponse:
        response = open_socket()
        await response.prepare(request)
        await Connection(workspace=workspace, socket=response, query=request.query).run()
        return response

    app.router.add_get("/", page)
    app.router.add_get("/page/ws", socket)
    app.router.add_static("/static", _STATIC)


def _html(body: str) -> web.Response:
    return web.Response(text=body, content_type="text/html", headers=_HEADERS)
