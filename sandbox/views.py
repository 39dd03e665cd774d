"""Modals and homes: opening, stacking, updating and closing them."""

from typing import Any

from sandbox.blockkit.validate import check_view, is_too_large, with_defaults, with_ids
from sandbox.errors import ApiError
from sandbox.ids import random_id, view_hash
from sandbox.inputs import carried
from sandbox.model import AppInfo, View, ViewType
from sandbox.workspace import Workspace

Json = dict[str, Any]
STACK = 3
_HOME_TITLE = {"type": "plain_text", "text": "View Title"}


class Views:
    def __init__(self, *, workspace: Workspace) -> None:
        self._workspace = workspace

    def checked(self, app: AppInfo, body: Any, *, allowed: ViewType, instead_of: View | None = None) -> Json:
        """Return the view if Slack would take it."""
        if not isinstance(body, dict):
            raise ApiError("invalid_arguments", "[ERROR] must be an object [json-pointer:/view]")
        if is_too_large(body):
            raise ApiError("view_too_large")
        problems = check_view(body, allowed=(allowed.value,))
        if problems:
            raise ApiError("invalid_arguments", *(str(problem) for problem in problems))
        external_id = body.get("external_id")
        holder = self._workspace.view_by_external_id(app.id, external_id) if external_id else None
        if holder is not None and (instead_of is None or holder.id != instead_of.id):
            raise ApiError("duplicate_external_id")
        return body

    def open(self, app: AppInfo, user: str, body: Json) -> View:
        """Show a modal; what was open before gives way."""
        for view in self._workspace.modals(user):
            self._workspace.drop_view(view)
        return self._new(app, user, body, below=None)

    def push(self, app: AppInfo, user: str, body: Json) -> View:
        stack = [view for view in self._workspace.modals(user) if view.app_id == app.id]
        if not stack:
            raise ApiError("not_found")
        if len(stack) >= STACK:
            raise ApiError("push_limit_reached")
        return self._new(app, user, body, below=stack[-1])

    def update(self, view: View, body: Json) -> View:
        """Replace what a view shows; what the person typed stays where its ids stay."""
        app = self._workspace.apps[view.app_id]
        self._fill(view, app, body)
        view.state = carried(view.body["blocks"], view.state)
        self._workspace.put_view(view)
        return view

    def publish(self, app: AppInfo, user: str, body: Json) -> View:
        known = self._workspace.home(user, app.id)
        if known is not None:
            return self.update(known, body)
        return self._new(app, user, body, below=None)

    def close(self, view: View) -> list[View]:
        """Close a view and those above it; answer what was closed, the top first."""
        stack = self._workspace.modals(view.user)
        above = [other for other in stack if other.opened >= view.opened]
        for other in reversed(above):
            self._workspace.drop_view(other)
        return list(reversed(above))

    def clear(self, user: str) -> list[View]:
        """Close every modal of this person; answer what was closed, the top first."""
        stack = self._workspace.modals(user)
        for view in reversed(stack):
            self._workspace.drop_view(view)
        return list(reversed(stack))

    def _new(self, app: AppInfo, user: str, body: Json, *, below: View | None) -> View:
        view_id = random_id("V")
        view = View(
            id=view_id,
            type=ViewType(body["type"]),
            user=user,
            app_id=app.id,
            body={},
            hash="",
            root_view_id=view_id if below is None else below.root_view_id,
            previous_view_id=None if below is None else below.id,
            opened=self._workspace.next_ts(),
        )
        self._fill(view, app, body)
        self._workspace.put_view(view)
        return view

    def _fill(self, view: View, app: AppInfo, body: Json) -> None:
        view.hash = view_hash(self._workspace.now())
        view.external_id = body.get("external_id") or None
        view.callback_id = body.get("callback_id") or ""
        view.private_metadata = body.get("private_metadata") or ""
        view.body = {
            "id": view.id,
            "team_id": self._workspace.team.id,
            "type": view.type.value,
            "blocks": with_ids(body["blocks"]),
            "private_metadata": view.private_metadata,
            "callback_id": view.callback_id,
            "hash": view.hash,
            "title": with_defaults(body.get("title") or (_HOME_TITLE if body["type"] == "home" else None)),
            "clear_on_close": bool(body.get("clear_on_close")),
            "notify_on_close": bool(body.get("notify_on_close")),
            "close": with_defaults(body.get("close")),
            "submit": with_defaults(body.get("submit")),
            "previous_view_id": view.previous_view_id,
            "root_view_id": view.root_view_id,
            "app_id": app.id,
            "external_id": view.external_id or "",
            "app_installed_team_id": self._workspace.team.id,
            "bot_id": app.bot_id,
        }
