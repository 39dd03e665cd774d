"""What people do to messages that are there: react, change their own, take it back."""

from sandbox.deeds.stage import Deed, Json, RefusedError
from sandbox.deeds.talk import written
from sandbox.model import Message
from sandbox.posts import Content


async def react(deed: Deed) -> Json:
    """Put a reaction on a message, or take one's own off again."""
    message, name = _message(deed), deed.text("name").strip(":")
    if deed.actor.id in message.reactions.get(name, []):
        deed.services.posts.unreact(message, name, deed.actor.id)
        return {"reacted": False}
    deed.services.posts.react(message, name, deed.actor.id)
    return {"reacted": True}


async def edit(deed: Deed) -> Json:
    message = _own(deed)
    content = Content(text=written(deed, deed.text("text")), blocks=None, attachments=message.attachments or None)
    deed.services.posts.edit(message, content)
    return {"channel": message.channel, "ts": message.ts}


async def erase(deed: Deed) -> Json:
    message = _own(deed)
    deed.services.posts.delete(message)
    return {"channel": message.channel, "ts": message.ts}


def _message(deed: Deed) -> Message:
    message = deed.message(deed.channel(deed.text("channel")), deed.text("ts"))
    if message.ephemeral_for is not None:
        raise RefusedError("not_possible", "A message only you can see takes no reactions and no changes.")
    return message


def _own(deed: Deed) -> Message:
    message = _message(deed)
    if message.user != deed.actor.id:
        raise RefusedError("not_own_message", f"{deed.actor.real_name} did not write this.")
    return message
