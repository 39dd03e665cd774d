"""`/control/channels|usergroups|apps|functions|people`: what happens in a workspace besides messages."""

from collections.abc import Iterable

from aiohttp import web

from sandbox import places
from sandbox.asking import ControlError, Json, answering, optional_flag, optional_text, read_body, texts
from sandbox.groups import create_group, set_members, update_group
from sandbox.installs import install, revoke_token, switch_socket_mode, uninstall
from sandbox.model import AppInfo, Channel, User
from sandbox.people import add_user
from sandbox.seed import SeedError, read_user
from sandbox.services import Services
from sandbox.store import record


class Happenings:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._workspace = services.workspace

    def register(self, app: web.Application) -> None:
        add = app.router.add_route
        add("POST", "/control/people", answering(self._join_team))
        add("POST", "/control/channels/{id}", answering(self._change_channel))
        add("POST", "/control/usergroups", answering(self._create_group))
        add("POST", "/control/usergroups/{id}", answering(self._change_group))
        add("POST", "/control/apps/{id}", answering(self._change_app))
        add("POST", "/control/functions", answering(self._run_function))
        add("GET", "/control/functions", answering(self._functions))

    async def _join_team(self, request: web.Request) -> Json:
        """Let somebody new in, described as in the workspace file."""
        body = await read_body(request)
        try:
            user = read_user(body, self._workspace.team)
        except (SeedError, KeyError, TypeError, ValueError, OSError) as problem:
            raise ControlError("invalid_user", f"This describes nobody: {problem}.") from problem
        if user.id in self._workspace.users:
            raise ControlError("user_exists", f"{user.id} is here already.")
        add_user(self._services, user)
        return {"user": {"id": user.id, "kind": user.kind}}

    async def _change_channel(self, request: web.Request) -> Json:
        channel, body = self._channel(request.match_info["id"]), await read_body(request)
        by = self._actor(body)
        name, archived = optional_text(body, "name"), optional_flag(body, "archived")
        share = optional_text(body, "share_with")
        invited, removed = self._users(texts(body, "invite")), self._users(texts(body, "remove"))
        if name:
            places.rename(self._services, channel, name)
        for user in invited:
            places.join(self._services, channel, user, inviter=by)
        for user in removed:
            places.leave(self._services, channel, user)
        if share is not None:
            places.share(self._services, channel, with_team=share)
        if archived is not None:
            (places.archive if archived else places.unarchive)(self._services, channel, by=by)
        shown = {key: value for key, value in record(channel).items() if key not in ("members", "bookmarks")}
        return {"channel": {**shown, "members": sorted(channel.members)}}

    async def _create_group(self, request: web.Request) -> Json:
        body = await read_body(request)
        handle = optional_text(body, "handle")
        if not handle or any(group.handle == handle for group in self._workspace.usergroups.values()):
            raise ControlError("invalid_handle", "A group needs a handle nobody else has.")
        users = [user.id for user in self._users(texts(body, "users"))]
        name = optional_text(body, "name") or handle
        return {"usergroup": record(create_group(self._services, handle=handle, name=name, users=users))}

    async def _change_group(self, request: web.Request) -> Json:
        group = self._workspace.usergroups.get(request.match_info["id"])
        if group is None:
            raise ControlError("usergroup_not_found", "There is no such group.", status=404)
        body = await read_body(request)
        name, disabled, users = optional_text(body, "name"), optional_flag(body, "disabled"), texts(body, "users")
        members = [user.id for user in self._users(users)]
        if users is not None:
            set_members(self._services, group, members)
        if name is not None or disabled is not None:
            update_group(self._services, group, name=name, disabled=disabled)
        return {"usergroup": record(group)}

    async def _change_app(self, request: web.Request) -> Json:
        app, body = self._app(request.match_info["id"]), await read_body(request)
        installed, token = optional_flag(body, "installed"), optional_flag(body, "token_revoked")
        socket_mode = optional_flag(body, "socket_mode")
        if token:
            revoke_token(self._services, app)
        if installed is not None:
            (install if installed else uninstall)(self._services, app)
        if socket_mode is not None:
            await switch_socket_mode(self._services, app, on=socket_mode)
        return {
            "app": {
                "id": app.id,
                "installed": not app.uninstalled,
                "token_revoked": app.token_revoked,
                "socket_mode": app.socket_mode,
            }
        }

    async def _run_function(self, request: web.Request) -> Json:
        body = await read_body(request)
        app = self._app(optional_text(body, "app") or next(iter(self._workspace.apps), ""))
        callback_id, inputs = optional_text(body, "callback_id") or "", body.get("inputs", {})
        if callback_id not in app.manifest.get("functions", {}):
            raise ControlError("function_not_found", f"{app.name} has no step {callback_id!r}.", status=404)
        if not isinstance(inputs, dict):
            raise ControlError("invalid_arguments", "`inputs` must be an object.")
        return {"execution": record(self._services.executions.start(app, callback_id, inputs))}

    async def _functions(self, _request: web.Request) -> Json:
        return {"executions": [record(one) for one in self._services.executions.all()]}

    def _actor(self, body: Json) -> str:
        named = optional_text(body, "as")
        return self._users([named])[0].id if named else next(iter(self._workspace.users), "")

    def _users(self, wanted: Iterable[str] | None) -> list[User]:
        found: list[User] = []
        for user_id in wanted or []:
            user = self._workspace.user(user_id)
            if user is None:
                raise ControlError("user_not_found", f"There is nobody with the id {user_id}.", status=404)
            found.append(user)
        return found

    def _channel(self, channel_id: str) -> Channel:
        channel = self._workspace.channel(channel_id)
        if channel is None:
            raise ControlError("channel_not_found", f"There is no channel {channel_id}.", status=404)
        return channel

    def _app(self, app_id: str) -> AppInfo:
        app = self._workspace.apps.get(app_id)
        if app is None:
            raise ControlError("app_not_found", f"There is no app {app_id}.", status=404)
        return app
