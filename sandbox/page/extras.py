"""What hangs on a message below its text: files it shares, and reactions to it."""

from typing import Any

from markupsafe import Markup

from sandbox.blockkit.reader import Reader
from sandbox.blockkit.text import mrkdwn_inline
from sandbox.model import Message

_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")


def extras_of(message: Message, reader: Reader) -> Markup:
    pieces = [_file(file) for file in message.files]
    if message.reactions:
        pieces.append(Markup("<p class='reactions'>{}</p>").format(_reactions(message, reader)))
    return Markup("").join(pieces)


def _file(file: dict[str, Any]) -> Markup:
    if file.get("mode") == "tombstone":
        return Markup("<p class='file gone'>This file was deleted.</p>")
    name, title, address = (str(file.get(key) or "") for key in ("name", "title", "url_private"))
    if file.get("mimetype") in _PICTURES:
        return Markup(
            "<figure class='block image'><figcaption dir='auto'>{}</figcaption>"
            "<img src='{}' alt='{}' loading='lazy'></figure>"
        ).format(title or name, address, file.get("alt_txt") or title or name)
    size = max(1, int(file.get("size") or 0) // 1024)
    return Markup("<p class='file'><a href='{}' download>{}</a> ({} KB)</p>").format(address, title or name, size)


def _reactions(message: Message, reader: Reader) -> Markup:
    return Markup(" ").join(
        Markup(
            "<button type='button' class='reaction' data-react='{}' aria-pressed='{}' title='{}'>{} {}</button>"
        ).format(
            name,
            str(reader.user_id in users).lower(),
            _who(users, reader),
            mrkdwn_inline(f":{name}:", reader),
            len(users),
        )
        for name, users in message.reactions.items()
    )


def _who(users: list[str], reader: Reader) -> str:
    return ", ".join(reader.directory.person(user) or user for user in users)
