"""`/oauth/v2/authorize`: a person installs an app, which gets a code to change for its token."""

from aiohttp import web
from yarl import URL

from sandbox.model import AppInfo, MemberKind, User
from sandbox.seed import is_local
from sandbox.services import Services

_MAY_INSTALL = (MemberKind.OWNER, MemberKind.ADMIN, MemberKind.MEMBER)


class Authorization:
    def __init__(self, services: Services) -> None:
        self._services = services

    def register(self, app: web.Application) -> None:
        app.router.add_get("/oauth/v2/authorize", self._authorize)

    async def _authorize(self, request: web.Request) -> web.Response:
        """Agree at once, in the name of `as` or else of the first who may install apps, and go back to the app."""
        app = self._app(request.query.get("client_id", ""))
        user = self._user(request.query.get("as"))
        if app is None or user is None:
            return web.Response(status=400, text="There is no such app here, or nobody who may install it.")
        allowed = [str(url) for url in app.manifest.get("oauth_config", {}).get("redirect_urls") or []]
        redirect = request.query.get("redirect_uri") or (allowed[0] if allowed else "")
        if not is_local(redirect) or (allowed and not any(redirect.startswith(url) for url in allowed)):
            return web.Response(status=400, text="This redirect_uri is not one of the app's on this machine.")
        code = self._services.codes.issue(
            app_id=app.id, user=user.id, redirect_uri=request.query.get("redirect_uri", "")
        )
        back = URL(redirect).update_query(code=code, state=request.query.get("state", ""))
        raise web.HTTPFound(str(back))

    def _app(self, client_id: str) -> AppInfo | None:
        apps = self._services.workspace.apps.values()
        return next((app for app in apps if app.client_id == client_id), None)

    def _user(self, wanted: str | None) -> User | None:
        people = [user for user in self._services.workspace.users.values() if user.kind in _MAY_INSTALL]
        if wanted is not None:
            return next((user for user in people if user.id == wanted), None)
        return min(people, key=lambda user: _MAY_INSTALL.index(user.kind), default=None)
