"""Slash commands and shortcuts."""

import re

from sandbox import payloads
from sandbox.answers import post_answer
from sandbox.deeds.stage import Deed, Json, RefusedError, Spot, spot_of_message
from sandbox.envelopes import Envelope
from sandbox.errors import ApiError
from sandbox.model import Channel, Command, NoticePlace, Shortcut


async def command(deed: Deed) -> Json:
    deed.residents_only()
    channel = deed.channel(deed.text("channel"))
    spot = Spot(where=NoticePlace.COMPOSER, target=channel.id)
    name = deed.text("command")
    if deed.optional_text("thread_ts"):
        text = f"{name} is not supported in threads. Sorry!"
        deed.show(spot, text)
        raise RefusedError("not_supported_in_thread", text)
    known = _command(deed, name, spot)
    app = deed.workspace.apps[known.app_id]
    payload = _command_payload(deed, known, channel)
    envelope = Envelope(type="slash_commands", payload=payload, accepts_response=True)
    try:
        answer = await deed.send(app, envelope, spot)
    except RefusedError as problem:
        code = "dispatch_failed" if problem.code == "app_not_connected" else problem.code
        deed.workspace.clear_notices(user=deed.actor.id, where=spot.where, target=spot.target)
        deed.show(spot, f'{name} failed with the error "{code}"')
        raise
    return _answered(deed, known, channel, answer, spot)


async def shortcut(deed: Deed) -> Json:
    deed.residents_only()
    known = _shortcut(deed, deed.text("callback_id"))
    app = deed.workspace.apps[known.app_id]
    payload = {
        **deed.head("shortcut", app),
        "callback_id": known.callback_id,
        "action_ts": deed.workspace.next_ts(),
        "trigger_id": deed.trigger(app),
    }
    # Unlike other interactions a shortcut does not say which app it is for.
    del payload["api_app_id"]
    spot = Spot(where=NoticePlace.COMPOSER, target=deed.optional_text("channel") or app.id)
    if known.type == "message":
        channel = deed.channel(deed.text("channel"))
        message = deed.message(channel, deed.text("ts"))
        spot = spot_of_message(message)
        payload |= {
            "type": "message_action",
            "channel": payloads.place(channel),
            "message_ts": message.ts,
            "message": payloads.message(deed.workspace, message),
            "response_url": deed.response_url(app, channel, message=message),
        }
    else:
        payload["user"] = {key: value for key, value in payload["user"].items() if key != "name"}
    await deed.send(app, Envelope(type="interactive", payload=payload), spot)
    return {}


def _command(deed: Deed, name: str, spot: Spot) -> Command:
    """Return the command; of two apps that both declare it, the one installed later has it."""
    known = [command for command in deed.workspace.commands() if command.command == name]
    if not known:
        text = f"{name} is not a valid command."
        deed.show(spot, text)
        raise RefusedError("unknown_command", text)
    return known[-1]


def _shortcut(deed: Deed, callback_id: str) -> Shortcut:
    wanted = "message" if deed.body.get("ts") else "global"
    for known in deed.workspace.shortcuts():
        if known.callback_id == callback_id and known.type == wanted:
            return known
    raise RefusedError("unknown_shortcut", f"There is no {wanted} shortcut {callback_id}.")


def _command_payload(deed: Deed, known: Command, channel: Channel) -> Json:
    app = deed.workspace.apps[known.app_id]
    text = (deed.optional_text("text") or "").strip()
    return {
        "token": payloads.verification_token(app),
        "team_id": deed.workspace.team.id,
        "team_domain": deed.workspace.team.domain,
        "channel_id": channel.id,
        "channel_name": payloads.place(channel)["name"],
        "user_id": deed.actor.id,
        "user_name": deed.actor.name,
        "command": known.command,
        "text": _escaped(deed, text) if known.should_escape else text,
        "api_app_id": app.id,
        "is_enterprise_install": "false",
        "response_url": deed.response_url(app, channel),
        "trigger_id": deed.trigger(app),
    }


def _escaped(deed: Deed, text: str) -> str:
    """Return the text with `@name` and `#channel` as ids, for commands that ask for it."""
    users = {user.name: f"<@{user.id}|{user.name}>" for user in deed.workspace.users.values()}
    channels = {c.name: f"<#{c.id}|{c.name}>" for c in deed.workspace.channels.values()}
    text = re.sub(r"(?<!<)@([\w.-]+)", lambda found: users.get(found[1], found[0]), text)
    return re.sub(r"(?<!<)#([\w-]+)", lambda found: channels.get(found[1], found[0]), text)


def _answered(deed: Deed, known: Command, channel: Channel, answer: Json, spot: Spot) -> Json:
    if not (answer.get("text") or answer.get("blocks") or answer.get("attachments")):
        return {}
    app = deed.workspace.apps[known.app_id]
    try:
        message = post_answer(deed.services, app, channel, deed.actor.id, answer)
    except ApiError as problem:
        text = f'{known.command} failed with the error "invalid_command_response"'
        deed.show(spot, text)
        raise RefusedError(
            "invalid_command_response", text, detail=problem.code, messages=list(problem.messages)
        ) from problem
    return {"channel": channel.id, "ts": message.ts, "ephemeral": message.ephemeral_for is not None}
