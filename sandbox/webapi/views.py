"""views.*: modals and homes, opened and changed by apps."""

from typing import Any

from sandbox import payloads
from sandbox.errors import ApiError
from sandbox.grants import Trigger
from sandbox.model import MemberKind, View, ViewType
from sandbox.webapi.call import Call, Json, Method, missing


def _body(call: Call) -> Any:
    otherwise = ApiError("invalid_arguments", "[ERROR] failed to parse view [json-pointer:/view]")
    body = call.args.structure("view", otherwise=otherwise)
    if body is None:
        raise missing("view")
    return body


def _checked(call: Call, body: Any, *, allowed: ViewType, instead_of: View | None = None) -> Json:
    """Return the view if Slack would take it, and the files it shows are there."""
    checked = call.services.views.checked(call.app, body, allowed=allowed, instead_of=instead_of)
    problems = call.services.files.missing_in(checked["blocks"])
    if problems:
        raise ApiError("invalid_arguments", *(one.replace(":/blocks", ":/view/blocks") for one in problems))
    return checked


def _trigger(call: Call) -> Trigger:
    given = call.args.optional_text("trigger_id") or call.args.optional_text("interactivity_pointer")
    if not given:
        raise missing("trigger_id")
    return call.services.triggers.look(given, app_id=call.app.id)


def _answer(view: View) -> Json:
    return {"view": payloads.view(view, state={})}


def views_open(call: Call) -> Json:
    body = _checked(call, _body(call), allowed=ViewType.MODAL)
    trigger = _trigger(call)
    trigger.spent = True
    return _answer(call.services.views.open(call.app, trigger.user, body))


def views_push(call: Call) -> Json:
    body = _checked(call, _body(call), allowed=ViewType.MODAL)
    trigger = _trigger(call)
    if trigger.view_id is None or call.workspace.view(trigger.view_id) is None:
        raise ApiError("not_found")
    view = call.services.views.push(call.app, trigger.user, body)
    trigger.spent = True
    return _answer(view)


def views_update(call: Call) -> Json:
    view_id, external_id = call.args.optional_text("view_id"), call.args.optional_text("external_id")
    if not view_id and not external_id:
        raise missing("view_id")
    body = _body(call)
    known = (
        call.workspace.view(view_id) if view_id else call.workspace.view_by_external_id(call.app.id, external_id or "")
    )
    if known is None or known.app_id != call.app.id:
        raise ApiError("not_found")
    body = _checked(call, body, allowed=known.type, instead_of=known)
    _same_hash(call, known)
    return _answer(call.services.views.update(known, body))


def views_publish(call: Call) -> Json:
    user_id = call.args.text("user_id")
    body = _body(call)
    home = call.app.manifest.get("features", {}).get("app_home", {})
    if not home.get("home_tab_enabled"):
        raise ApiError("not_enabled")
    user = call.workspace.user(user_id)
    if user is None or user.kind is MemberKind.BOT:
        raise ApiError("invalid_arguments", "[ERROR] user not found [json-pointer:/user_id]")
    known = call.workspace.home(user.id, call.app.id)
    body = _checked(call, body, allowed=ViewType.HOME, instead_of=known)
    _same_hash(call, known)
    return _answer(call.services.views.publish(call.app, user.id, body))


def _same_hash(call: Call, known: View | None) -> None:
    given = call.args.optional_text("hash")
    if given and (known is None or known.hash != given):
        raise ApiError("hash_conflict")


METHODS = {
    "views.open": Method(run=views_open),
    "views.push": Method(run=views_push),
    "views.update": Method(run=views_update),
    "views.publish": Method(run=views_publish),
}
