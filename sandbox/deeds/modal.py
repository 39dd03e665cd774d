"""Submitting a modal and closing one."""

from sandbox import payloads
from sandbox.deeds.stage import Deed, Json, RefusedError, spot_of_view
from sandbox.envelopes import Envelope
from sandbox.errors import ApiError
from sandbox.inputs import Values, current, entered, keeping, missing
from sandbox.model import AppInfo, View, ViewType

_CHECK = "Check what you entered."


async def submit(deed: Deed) -> Json:
    view = deed.view(deed.text("view_id"))
    if view.type is not ViewType.MODAL or view.body.get("submit") is None:
        raise RefusedError("no_submit", "This view has nothing to submit.")
    app = deed.workspace.apps[view.app_id]
    state = _state(deed, view)
    payload = {
        **deed.head("view_submission", app),
        "trigger_id": deed.trigger(app, view_id=view.id),
        "view": payloads.view(view, state=state),
        "response_urls": _response_urls(deed, app, view, state),
    }
    envelope = Envelope(type="interactive", payload=payload, accepts_response=True)
    answer = await deed.send(app, envelope, spot_of_view(view))
    try:
        return _follow(deed, app, view, answer)
    except ApiError as problem:
        text = f"{app.name} answered with something Slack does not accept ({problem.code})."
        deed.show(spot_of_view(view), text)
        raise RefusedError("invalid_response", text, detail=problem.code, messages=list(problem.messages)) from problem


async def close(deed: Deed) -> Json:
    """Close the visible modal, or with `clear` the whole stack; apps that asked are told."""
    view = deed.view(deed.text("view_id"))
    if view.type is not ViewType.MODAL:
        raise RefusedError("no_modal", "Only a modal can be closed.")
    app = deed.workspace.apps[view.app_id]
    cleared = bool(deed.body.get("clear")) or bool(view.body["clear_on_close"])
    closed = deed.services.views.clear(deed.actor.id) if cleared else deed.services.views.close(view)
    for gone in closed:
        spot = spot_of_view(gone)
        deed.workspace.clear_notices(user=deed.actor.id, where=spot.where, target=spot.target)
    if not any(gone.body["notify_on_close"] for gone in closed):
        return {}
    told = closed[-1] if cleared else view
    payload = {
        **deed.head("view_closed", app),
        "view": payloads.view(told, state=current(told.body["blocks"], told.state)),
        "is_cleared": cleared,
    }
    await deed.services.delivery.deliver(app.id, Envelope(type="interactive", payload=payload))
    return {}


def _state(deed: Deed, view: View) -> Values:
    """Return `state.values`, or refuse what Slack's client would not send; the text is kept either way."""
    blocks = view.body["blocks"]
    kept, errors = entered(blocks, deed.body.get("state"), view.state)
    if kept != view.state:
        view.state = kept
        deed.workspace.put_view(view)
    state = current(blocks, kept)
    errors = {**missing(blocks, state), **errors}
    if errors:
        raise RefusedError("invalid_input", _CHECK, errors=errors)
    return state


def _response_urls(deed: Deed, app: AppInfo, view: View, state: Values) -> list[Json]:
    urls: list[Json] = []
    for block, element, kind in keeping(view.body["blocks"]):
        chosen = state[block["block_id"]][element["action_id"]][kind.key]
        channel = deed.workspace.channel(chosen) if isinstance(chosen, str) else None
        if element.get("response_url_enabled") and channel is not None:
            urls.append(
                {
                    "block_id": block["block_id"],
                    "action_id": element["action_id"],
                    "channel_id": channel.id,
                    "response_url": deed.response_url(app, channel),
                }
            )
    return urls


def _follow(deed: Deed, app: AppInfo, view: View, answer: Json) -> Json:
    """Do what the app answered: nothing closes the view."""
    views = deed.services.views
    match answer.get("response_action"):
        case None:
            if deed.workspace.view(view.id) is not None:
                views.close(view)
            return {"response_action": "close"}
        case "errors":
            return {"response_action": "errors", "errors": _errors(view, answer.get("errors"))}
        case "clear":
            views.clear(deed.actor.id)
            return {"response_action": "clear"}
        case "update":
            body = views.checked(app, answer.get("view"), allowed=ViewType.MODAL, instead_of=view)
            return {"response_action": "update", "view_id": views.update(view, body).id}
        case "push":
            body = views.checked(app, answer.get("view"), allowed=ViewType.MODAL)
            return {"response_action": "push", "view_id": views.push(app, deed.actor.id, body).id}
        case other:
            raise ApiError("invalid_arguments", f"[ERROR] unknown response_action: {other}")


def _errors(view: View, given: object) -> dict[str, str]:
    inputs = {block["block_id"] for block in view.body["blocks"] if block["type"] == "input"}
    if not isinstance(given, dict) or not given:
        raise ApiError("invalid_arguments", "[ERROR] missing required field: errors")
    for block_id, text in given.items():
        if block_id not in inputs or not isinstance(text, str):
            raise ApiError("invalid_arguments", f"[ERROR] no input has the block_id {block_id}")
    return given
