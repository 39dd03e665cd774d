"""The rich text in which Slack's clients send what people type."""

import re
from typing import Any

from sandbox.ids import derived_id

Json = dict[str, Any]
_PIECE = re.compile(
    r"<@(?P<user>[A-Z0-9]+)(?:\|[^<>]*)?>|<#(?P<channel>[A-Z0-9]+)(?:\|[^<>]*)?>"
    r"|<!subteam\^(?P<usergroup>[A-Z0-9]+)(?:\|[^<>]*)?>|<!(?P<range>here|channel|everyone)(?:\|[^<>]*)?>"
    r"|(?P<url>https?://[^\s<>|]+)"
)
_NAMES = {"user": "user_id", "channel": "channel_id", "usergroup": "usergroup_id"}


def rich_text(text: str, *, ts: str) -> list[Json]:
    """Return the one block of a typed message; its id stays the same however often it is asked for."""
    elements: list[Json] = []
    end = 0
    for found in _PIECE.finditer(text):
        elements += _plain(text[end : found.start()])
        elements.append(_piece(found))
        end = found.end()
    elements += _plain(text[end:])
    section = {"type": "rich_text_section", "elements": elements}
    return [{"type": "rich_text", "block_id": derived_id("", ts, "block")[1:6], "elements": [section]}]


def _plain(text: str) -> list[Json]:
    shown = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return [{"type": "text", "text": shown}] if shown else []


def _piece(found: re.Match[str]) -> Json:
    kind = str(found.lastgroup)
    if kind in _NAMES:
        return {"type": kind, _NAMES[kind]: found[kind]}
    return {"type": "link", "url": found[kind]} if kind == "url" else {"type": "broadcast", "range": found[kind]}
