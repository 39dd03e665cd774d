"""Pressing a button, choosing in a menu or picker, and asking an app for suggestions."""

from dataclasses import dataclass

from sandbox import payloads
from sandbox.blockkit.validate import check_message
from sandbox.deeds.stage import Deed, Json, RefusedError, Spot, spot_of_message, spot_of_view
from sandbox.envelopes import Envelope
from sandbox.inputs import KINDS, BadInputError, Values, chosen_of, current, entered, find, pressed, typed
from sandbox.model import AppInfo, Message, View

_SHOWN = ("text", "style", "confirm", "placeholder", "value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """The message or view something was pressed in, seen by the person who presses."""

    app: AppInfo
    blocks: list[Json]
    kept: Values
    spot: Spot
    message: Message | None = None
    view: View | None = None


async def press(deed: Deed) -> Json:
    container = _container(deed)
    block, element = _target(deed, container)
    if element.get("confirm") and deed.body.get("confirmed") is False:
        return {"declined": True}
    if element["type"] == "workflow_button":
        raise RefusedError("no_dispatch", "This button starts a workflow; the app hears nothing of it.")
    action = _action(deed, block, element)
    state = _state(deed, container, block, element, action)
    payload = {
        **_where(deed, container, state),
        "trigger_id": deed.trigger(container.app, view_id=container.view.id if container.view is not None else None),
        "actions": [{**action, "action_ts": deed.workspace.next_ts()}],
    }
    await deed.send(container.app, Envelope(type="interactive", payload=payload), container.spot)
    return {}


async def suggest(deed: Deed) -> Json:
    """Ask the app for the options of an external menu, as typing in it does."""
    container = _container(deed)
    block, element = _target(deed, container)
    payload = {
        **_where(deed, container, current(container.blocks, container.kept)),
        "type": "block_suggestion",
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "value": deed.optional_text("text") or "",
    }
    for absent in ("response_url", "state"):
        payload.pop(absent, None)
    envelope = Envelope(type="interactive", payload=payload, accepts_response=True)
    answer = await deed.send(container.app, envelope, container.spot)
    return _suggested(deed, container, answer)


def _suggested(deed: Deed, container: Container, answer: Json) -> Json:
    """Return the options an app suggested, if a menu may have them: a hundred at most, in their limits."""
    name = "option_groups" if answer.get("option_groups") else "options"
    offered = answer.get(name) or []
    menu = {"type": "static_select", "placeholder": {"type": "plain_text", "text": "-"}, name: offered}
    problems = check_message([{"type": "actions", "elements": [menu]}]) if offered else []
    if problems:
        text = f"{container.app.name} suggested something Slack does not accept."
        deed.show(container.spot, text)
        raise RefusedError("invalid_response", text, messages=[str(problem) for problem in problems])
    return {name: offered}


def _container(deed: Deed) -> Container:
    given = deed.body.get("container")
    if not isinstance(given, dict):
        raise RefusedError("invalid_arguments", "`container` must say which message or view.")
    if given.get("type") == "view":
        view = deed.view(str(given.get("view_id")))
        return Container(
            app=deed.workspace.apps[view.app_id],
            blocks=view.body["blocks"],
            kept=view.state,
            spot=spot_of_view(view),
            view=view,
        )
    message = deed.message(deed.channel(str(given.get("channel"))), str(given.get("ts")))
    app = deed.workspace.apps.get(message.app_id or "")
    if app is None:
        raise RefusedError("no_app", "No app wrote this message.")
    return Container(
        app=app,
        blocks=[*message.blocks, *(block for part in message.attachments for block in part.get("blocks") or [])],
        kept=message.states.get(deed.actor.id, {}),
        spot=spot_of_message(message),
        message=message,
    )


def _target(deed: Deed, container: Container) -> tuple[Json, Json]:
    action_id = deed.text("action_id")
    found = find(container.blocks, block_id=deed.optional_text("block_id"), action_id=action_id)
    if found is None:
        raise RefusedError("no_such_element", f"There is nothing with the action id {action_id} here.")
    block = found[0]
    if block["type"] == "input" and not block.get("dispatch_action") and deed.body["do"] == "press":
        raise RefusedError("no_dispatch", "This input tells the app nothing before it is submitted.")
    return found


def _action(deed: Deed, block: Json, element: Json) -> Json:
    """Return the action the app hears of, with what the person chose."""
    shown = {key: element[key] for key in _SHOWN if key in element}
    action = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        **shown,
    }
    if element["type"] in KINDS:
        initial = KINDS[element["type"]].initial
        if initial in element and initial != "initial_value":
            action[initial] = element[initial]
    return {**action, **_chosen(deed, element)}


def _chosen(deed: Deed, element: Json) -> Json:
    value = deed.body.get("value")
    try:
        return typed(element, value) if element["type"] in KINDS else pressed(element, value)
    except BadInputError as problem:
        raise RefusedError("invalid_input", str(problem)) from problem


def _state(deed: Deed, container: Container, block: Json, element: Json, action: Json) -> Values:
    """Return `state.values` and keep it: what was typed so far, and what was just chosen."""
    kept, _unfinished = entered(container.blocks, deed.body.get("state"), container.kept)
    if element["type"] in KINDS:
        kept.setdefault(block["block_id"], {})[element["action_id"]] = chosen_of(element, action)
    if kept != container.kept:
        _keep(deed, container, kept)
    return current(container.blocks, kept)


def _keep(deed: Deed, container: Container, kept: Values) -> None:
    if container.view is not None:
        container.view.state = kept
        deed.workspace.put_view(container.view)
    elif container.message is not None:
        container.message.states[deed.actor.id] = kept
        deed.workspace.put_message(container.message)


def _where(deed: Deed, container: Container, state: Values) -> Json:
    head = deed.head("block_actions", container.app)
    if container.view is not None:
        return {
            **head,
            "container": {"type": "view", "view_id": container.view.id},
            "view": payloads.view(container.view, state=state),
        }
    message = container.message
    if message is None:
        raise RefusedError("invalid_arguments", "A container is a message or a view.")
    channel = deed.workspace.channels[message.channel]
    box: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.ephemeral_for is not None,
    }
    if message.thread_ts is not None:
        box["thread_ts"] = message.thread_ts
    place: Json = {"container": box, "channel": payloads.place(channel)}
    if message.ephemeral_for is None:
        place["message"] = payloads.message(deed.workspace, message)
    return {
        **head,
        **place,
        "state": {"values": state},
        "response_url": deed.response_url(container.app, channel, message=message),
    }
