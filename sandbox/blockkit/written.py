"""Turns what a person types into a rich text field into Slack's rich text, and back."""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

Json = dict[str, Any]

_STYLES = {"*": "bold", "_": "italic", "~": "strike", "`": "code"}
_SPAN = re.compile(
    r"(?P<link>https?://[^\s<>]+[^\s<>.,;:!?)\]'\"])"
    r"|<@(?P<user>[A-Z0-9]+)>"
    r"|<#(?P<channel>[A-Z0-9]+)>"
    r"|:(?P<emoji>[a-z0-9_+-]+):"
    r"|(?<![\w*_~`])(?P<mark>[*_~`])(?P<styled>[^\s*_~`](?:[^*_~`\n]*[^\s*_~`])?)(?P=mark)(?![\w*_~`])"
)
_BULLET = re.compile(r"[-•] +(.*)")
_NUMBERED = re.compile(r"\d+[.)] +(.*)")
_QUOTE = re.compile(r"> ?(.*)")
_LISTS = {"bullet": _BULLET, "ordered": _NUMBERED}


def rich_text_of(words: str) -> Json:
    """Return the rich text for words in which stars, dashes, quotes and fences mean what they mean in a composer."""
    elements: list[Json] = []
    for kind, lines in groupby(_lines(words), key=lambda line: line[0]):
        elements += _elements(kind, [words for _, words in lines])
    return {"type": "rich_text", "elements": elements}


def words_of(block: Json) -> str:
    """Return the words that would be typed to get this rich text."""
    return "\n".join(_words_of_part(part) for part in block.get("elements") or [])


def _lines(words: str) -> Iterator[tuple[str, str]]:
    fenced = False
    for line in words.split("\n"):
        if line.strip() == "```":
            fenced = not fenced
        elif fenced:
            yield "code", line
        else:
            yield _kind_of(line)


def _kind_of(line: str) -> tuple[str, str]:
    for kind, pattern in (*_LISTS.items(), ("quote", _QUOTE)):
        found = pattern.fullmatch(line)
        if found:
            return kind, found[1]
    return "plain", line


def _elements(kind: str, lines: list[str]) -> list[Json]:
    if kind in _LISTS:
        items = [{"type": "rich_text_section", "elements": _inline(line)} for line in lines]
        return [{"type": "rich_text_list", "style": kind, "indent": 0, "border": 0, "elements": items}]
    if kind == "code":
        text = "\n".join(lines)
        return [{"type": "rich_text_preformatted", "border": 0, "elements": [{"type": "text", "text": text or " "}]}]
    name = "rich_text_quote" if kind == "quote" else "rich_text_section"
    inside = _inline("\n".join(lines))
    return [{"type": name, "elements": inside}] if inside else []


def _inline(words: str) -> list[Json]:
    found: list[Json] = []
    end = 0
    for span in _SPAN.finditer(words):
        found += _text(words[end : span.start()])
        found.append(_leaf(span))
        end = span.end()
    return found + _text(words[end:])


def _text(words: str) -> list[Json]:
    return [{"type": "text", "text": words}] if words else []


def _leaf(span: re.Match[str]) -> Json:
    match span.lastgroup:
        case "link":
            return {"type": "link", "url": span["link"]}
        case "user":
            return {"type": "user", "user_id": span["user"]}
        case "channel":
            return {"type": "channel", "channel_id": span["channel"]}
        case "emoji":
            return {"type": "emoji", "name": span["emoji"]}
        case _:
            return {"type": "text", "text": span["styled"], "style": {_STYLES[span["mark"]]: True}}


def _words_of_part(part: Json) -> str:
    match part.get("type"):
        case "rich_text_list":
            numbered = part.get("style") == "ordered"
            items = enumerate(part.get("elements") or [], start=1)
            return "\n".join(f"{f'{number}.' if numbered else '-'} {_words_of_line(item)}" for number, item in items)
        case "rich_text_quote":
            return "\n".join(f"> {line}" for line in _words_of_line(part).split("\n"))
        case "rich_text_preformatted":
            return f"```\n{_words_of_line(part)}\n```"
        case _:
            return _words_of_line(part)


def _words_of_line(part: Json) -> str:
    return "".join(_words_of_leaf(leaf) for leaf in part.get("elements") or [])


def _words_of_leaf(leaf: Json) -> str:
    marks = {style: mark for mark, style in _STYLES.items()}
    style = next((marks[name] for name, on in (leaf.get("style") or {}).items() if on and name in marks), "")
    match leaf.get("type"):
        case "link":
            return str(leaf.get("url", ""))
        case "user":
            return f"<@{leaf.get('user_id')}>"
        case "channel":
            return f"<#{leaf.get('channel_id')}>"
        case "emoji":
            return f":{leaf.get('name')}:"
        case _:
            return f"{style}{leaf.get('text', '')}{style}"
