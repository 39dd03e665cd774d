"""rich_text blocks as safe HTML."""

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup, escape

from sandbox.blockkit import text
from sandbox.blockkit.reader import Reader

_DEEPEST_INDENT = 8
_STYLES = (
    ("code", Markup("<code>{}</code>")),
    ("bold", Markup("<strong>{}</strong>")),
    ("italic", Markup("<em>{}</em>")),
    ("strike", Markup("<s>{}</s>")),
    ("underline", Markup("<u>{}</u>")),
)


def rich_text(block: Mapping[str, Any], reader: Reader) -> Markup:
    return Markup("").join(_part(part, reader) for part in _dicts(block))


def inline(part: Mapping[str, Any], reader: Reader) -> Markup:
    return Markup("").join(_leaf(leaf, reader) for leaf in _dicts(part))


def _part(part: dict[str, Any], reader: Reader) -> Markup:
    match part.get("type"):
        case "rich_text_list":
            return _list(part, reader)
        case "rich_text_quote":
            return Markup("<blockquote dir='auto'>{}</blockquote>").format(inline(part, reader))
        case "rich_text_preformatted":
            return Markup("<pre dir='auto'>{}</pre>").format(inline(part, reader))
        case _:
            return Markup("<p dir='auto'>{}</p>").format(inline(part, reader))


def _list(part: dict[str, Any], reader: Reader) -> Markup:
    items = Markup("").join(Markup("<li dir='auto'>{}</li>").format(inline(item, reader)) for item in _dicts(part))
    indent = min(int(part.get("indent") or 0), _DEEPEST_INDENT)
    border = " bordered" if part.get("border") else ""
    if part.get("style") == "ordered":
        first = int(part.get("offset") or 0) + 1
        return Markup("<ol class='indent-{}{}' start='{}'>{}</ol>").format(indent, border, first, items)
    return Markup("<ul class='indent-{}{}'>{}</ul>").format(indent, border, items)


def _leaf(leaf: dict[str, Any], reader: Reader) -> Markup:
    make = _LEAVES.get(str(leaf.get("type")))
    shown = make(leaf, reader) if make else escape(str(leaf.get("text") or f"[{leaf.get('type')}]"))
    style = leaf.get("style")
    for name, wrapper in _STYLES:
        if isinstance(style, dict) and style.get(name):
            shown = wrapper.format(shown)
    return shown


def _words(leaf: dict[str, Any], _reader: Reader) -> Markup:
    return text.plain(str(leaf.get("text", "")), emoji_codes=False)


def _link(leaf: dict[str, Any], _reader: Reader) -> Markup:
    url = str(leaf.get("url", ""))
    return text.link(url, str(leaf.get("text") or url))


def _date(leaf: dict[str, Any], reader: Reader) -> Markup:
    return text.date(
        int(leaf.get("timestamp") or 0),
        str(leaf.get("format", "")),
        reader,
        url=str(leaf.get("url") or ""),
        fallback=str(leaf.get("fallback") or ""),
    )


def _colour(leaf: dict[str, Any], _reader: Reader) -> Markup:
    return Markup("<code>{}</code>").format(str(leaf.get("value", "")))


_LEAVES: dict[str, Callable[[dict[str, Any], Reader], Markup]] = {
    "text": _words,
    "link": _link,
    "emoji": lambda leaf, _: text.emoji_html(str(leaf.get("name", ""))),
    "user": lambda leaf, reader: text.person(str(leaf.get("user_id", "")), reader),
    "channel": lambda leaf, reader: text.channel(str(leaf.get("channel_id", "")), reader),
    "usergroup": lambda leaf, reader: text.group(str(leaf.get("usergroup_id", "")), reader),
    "broadcast": lambda leaf, _: text.mention("broadcast", f"@{leaf.get('range', 'channel')}", me=True),
    "date": _date,
    "color": _colour,
}


def _dicts(part: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [element for element in part.get("elements") or [] if isinstance(element, dict)]
