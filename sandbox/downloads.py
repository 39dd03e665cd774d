"""`/files-pri/…` and `/upload/v1/…`: files sent by apps, and fetched by those who may."""

from urllib.parse import quote

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.multipart import BodyPartReader
from yarl import URL

from sandbox.asking import ControlError, Json, answering
from sandbox.files import LARGEST, is_picture
from sandbox.services import Services


class FileEndpoints:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._files = services.files

    def register(self, app: web.Application) -> None:
        app.router.add_post("/upload/v1/{token}", self._receive)
        app.router.add_get("/files-pri/by-id/{id}", self._show)
        app.router.add_get("/files-pri/{place}/{name}", self._fetch)
        app.router.add_post("/control/files", answering(self._take))
        app.router.add_get("/files-pri/{place}/download/{name}", self._fetch)

    async def _receive(self, request: web.Request) -> web.Response:
        try:
            content = await _content(request)
        except (ValueError, LookupError, HttpProcessingError):
            return web.Response(status=400, text="This is no upload.")
        if len(content) > LARGEST:
            return web.Response(status=413, text="This file is too large.")
        file = self._files.receive(request.match_info["token"], content)
        if file is None:
            return web.Response(status=404, text="Nobody announced this upload.")
        return web.Response(text=f"OK - {file.size}")

    async def _show(self, request: web.Request) -> web.Response:
        """Lead the page's pictures, which know a file by its id, to the file itself."""
        file = self._files.get(request.match_info["id"])
        if file is None or file.deleted:
            return web.Response(status=404, text="There is no such file.")
        raise web.HTTPFound(URL(self._files.address(file)).raw_path)

    async def _take(self, request: web.Request) -> Json:
        """Take a file a person chose in a form: `?as=…&name=…`, the content as the body."""
        user = self._services.workspace.user(request.query.get("as", ""))
        name = request.query.get("name", "").replace("/", "_")
        if user is None or not name:
            raise ControlError("invalid_arguments", "`as` and `name` say whose file this is and what it is called.")
        content = await request.read()
        file = self._files.announce(user.id, name=name, size=len(content), alt_text="")
        if self._files.receive(file.token, content) is None:
            raise ControlError("file_too_large", f"A file may have {LARGEST // 1024 // 1024} MB at most.", status=413)
        self._files.complete(file, title=name, channels=[])
        return {"file": self._files.shown(file)}

    async def _fetch(self, request: web.Request) -> web.Response:
        """Serve a file to apps with a token, and to the workspace's own page."""
        _, _, file_id = request.match_info["place"].rpartition("-")
        file = self._files.get(file_id)
        if not self._may(request):
            # Slack sends those without a token to its sign-in page rather than refusing them.
            raise web.HTTPFound(f"/?redir={quote(request.path)}")
        if file is None or file.deleted or not file.sent:
            return web.Response(status=404, text="There is no such file.")
        shown = is_picture(file) and "/download/" not in request.path
        headers = {
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Content-Disposition": f"{'inline' if shown else 'attachment'}; filename*=UTF-8''{quote(file.name)}",
        }
        kind = file.mimetype if shown else "application/octet-stream"
        return web.Response(body=self._files.content(file), content_type=kind, headers=headers)

    def _may(self, request: web.Request) -> bool:
        if request.headers.get("Sec-Fetch-Site") == "same-origin":
            return True
        _, _, token = request.headers.get("Authorization", "").partition(" ")
        settings = self._services.settings
        return any(
            app.bot_token == token.strip()
            and not (app.token_revoked or app.uninstalled)
            and (not settings.check_scopes or "files:read" in app.scopes)
            for app in self._services.workspace.apps.values()
        )


async def _content(request: web.Request) -> bytes:
    """Return the file: the body itself, or the one part of a form."""
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader) and (part.filename or part.name in ("file", "filename")):
            return bytes(await part.read(decode=True))
    raise ValueError("the form has no file")
