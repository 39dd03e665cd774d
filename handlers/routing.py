"""One Bolt listener per feature and kind of payload, routing by id through a table."""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from slack_bolt import Ack, App
from slack_sdk import WebClient

from db.enums import OutboxKind
from handlers import deadline
from handlers.deps import Deps
from handlers.payloads import MalformedPayloadError, found, optional, place_of, taken, user_of
from workflows import outbox
from workflows.outbox import Promise

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Call:
    """A payload on its way through one listener. `client` is for views.open and users.info only."""

    ack: Ack
    body: dict[str, Any]
    client: WebClient
    deps: Deps


Listener = Callable[[Call], None]
Id = TypeVar("Id", bound=StrEnum)


def on_actions(app: App, feature: str, table: Mapping[Id, Listener]) -> None:
    """Send the buttons and inputs of `feature` to the listener of their action id."""
    listeners = {str(key): listener for key, listener in table.items()}

    def route(ack: Ack, body: dict[str, Any], client: WebClient, deps: Deps) -> None:
        action_id = taken(body, "actions", 0, "action_id")
        _run(listeners.get(action_id, _outdated), Call(ack, body, client, deps))

    app.action(re.compile(rf"^{feature}\."))(route)


def on_submissions(app: App, feature: str, table: Mapping[Id, Listener]) -> None:
    """Send the submitted modals of `feature` to the listener of their callback id."""
    listeners = {str(key): listener for key, listener in table.items()}

    def route(ack: Ack, body: dict[str, Any], client: WebClient, deps: Deps) -> None:
        callback_id = taken(body, "view", "callback_id")
        listener = listeners.get(callback_id)
        if listener is None:
            raise MalformedPayloadError(f"no modal {callback_id!r}")
        _run(listener, Call(ack, body, client, deps))

    app.view(re.compile(rf"^{feature}\."))(route)


def on_options(app: App, feature: str, table: Mapping[Id, Listener]) -> None:
    """Send what people type into the searched selects of `feature` to the listener of their action id.

    Such a select has its block's id as action id too: Slack asks for its options by that alone. Where there are
    several of a kind, what tells them apart follows behind a last dot.
    """
    listeners = {str(key): listener for key, listener in table.items()}

    def route(ack: Ack, body: dict[str, Any], client: WebClient, deps: Deps) -> None:
        action_id = taken(body, "action_id")
        listener = listeners.get(action_id) or listeners.get(action_id.rpartition(".")[0])
        if listener is None:
            raise MalformedPayloadError(f"no searched select {action_id!r}")
        _run(listener, Call(ack, body, client, deps))

    app.options(re.compile(rf"^{feature}\."))(route)


def on_command(app: App, command: StrEnum, listener: Listener) -> None:
    def route(ack: Ack, body: dict[str, Any], client: WebClient, deps: Deps) -> None:
        _run(listener, Call(ack, body, client, deps))

    app.command(str(command))(route)


def on_shortcut(app: App, shortcut: StrEnum, listener: Listener) -> None:
    """Hear a shortcut, whether it stands in the search or at a message."""

    def route(ack: Ack, body: dict[str, Any], client: WebClient, deps: Deps) -> None:
        _run(listener, Call(ack, body, client, deps))

    app.shortcut(str(shortcut))(route)


def on_event(app: App, event: StrEnum, listener: Listener) -> None:
    """Hear an event. With `process_before_response` it is acknowledged after the listener has committed."""

    def route(ack: Ack, body: dict[str, Any], client: WebClient, deps: Deps) -> None:
        _run(listener, Call(ack, body, client, deps))

    app.event(str(event))(route)


def _run(listener: Listener, call: Call) -> None:
    with deadline.running():
        listener(call)


def whisper(call: Call, text: str) -> None:
    """Promise the person who acted a private answer where they acted, or in their direct messages."""
    with call.deps.transaction() as session:
        promise = whispered(call.body, text)
        outbox.promise(session, [promise], now=call.deps.now())
    call.deps.wake_outbox()


def settle(call: Call, text: str) -> None:
    """Promise the person who acted an answer in the place of the message they pressed, whose buttons are done with.

    Only a direct message is theirs alone; pressed elsewhere, it is answered privately.
    """
    pressed, channel = optional(call.body, "container", "message_ts"), place_of(call.body)
    if pressed is None or not (channel or "").startswith("D") or found(call.body, "container", "is_ephemeral") is True:
        whisper(call, text)
        return
    payload = {"user": user_of(call.body), "channel": channel, "text": text, "pressed": pressed}
    with call.deps.transaction() as session:
        promise = Promise(OutboxKind.WHISPER, f"whisper:{user_of(call.body)}", payload=payload)
        outbox.promise(session, [promise], now=call.deps.now())
    call.deps.wake_outbox()


def tell(call: Call, text: str) -> None:
    """Promise the person who acted an answer in their direct messages: where they acted we may not be able to speak."""
    user = user_of(call.body)
    promise = Promise(OutboxKind.WHISPER, f"whisper:{user}", payload={"user": user, "channel": None, "text": text})
    with call.deps.transaction() as session:
        outbox.promise(session, [promise], now=call.deps.now())
    call.deps.wake_outbox()


def whispered(body: dict[str, Any], text: str) -> Promise:
    """Return the promise of a private answer, to be written in a transaction already open."""
    user, thread = user_of(body), optional(body, "container", "thread_ts")
    payload = {"user": user, "channel": place_of(body), "text": text} | ({"thread": thread} if thread else {})
    return Promise(OutboxKind.WHISPER, f"whisper:{user}", payload=payload)


def _outdated(call: Call) -> None:
    log.warning("a button nobody answers for", extra={"action_id": taken(call.body, "actions", 0, "action_id")})
    whisper(call, "That button is from an older version of Gatehouse and does nothing. Open the Home tab instead.")
    call.ack()
