"""The Markdown of markdown blocks as safe HTML: what people write in it, not all of its corners."""

import re
from collections.abc import Callable
from typing import Any

from markupsafe import Markup, escape

from sandbox.blockkit import text

_FENCE = re.compile(r"\s*```")
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*")
_RULE = re.compile(r"\s*([-*_])(?:\s*\1){2,}\s*")
_BULLET = re.compile(r"(\s*)[-*+]\s+(?:\[(?P<box>[ xX])\]\s+)?(?P<words>.*)")
_NUMBER = re.compile(r"(\s*)(?P<number>\d+)[.)]\s+(?P<words>.*)")
_QUOTE = re.compile(r"\s*>\s?(.*)")
_TABLE_LINE = re.compile(r"\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*")
_INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|!?\[(?P<words>[^\]\n]*)\]\((?P<url>[^\s)]+)\)"
    r"|\*\*(?P<bold>[^\n]+?)\*\*|__(?P<bold2>[^\n]+?)__"
    r"|~~(?P<strike>[^\n]+?)~~"
    r"|(?<![\w*])\*(?P<italic>[^\s*][^*\n]*?)\*(?!\w)|(?<!\w)_(?P<italic2>[^\s_][^_\n]*?)_(?!\w)"
    r"|(?P<bare>https?://[^\s<>]+[^\s<>.,;:!?)\]'\"])"
)
_WRAPPED = {
    "bold": "<strong>{}</strong>",
    "bold2": "<strong>{}</strong>",
    "italic": "<em>{}</em>",
    "italic2": "<em>{}</em>",
    "strike": "<s>{}</s>",
}
# Headings begin below those of the page.
_TOP_HEADING, _LOWEST_HEADING = 3, 6
# Quotes in quotes and lists in lists beyond this are shown as they were written.
_DEEPEST = 8


def markdown(source: str, *, depth: int = 0) -> Markup:
    lines = source.replace("\r\n", "\n").split("\n")
    pieces: list[Markup] = []
    while lines:
        take = next(take for fits, take in _KINDS if fits(lines)) if depth < _DEEPEST else _take_paragraph
        pieces.append(take(lines, depth))
    return Markup("").join(pieces)


def _inline(words: str) -> Markup:
    pieces: list[Markup] = []
    end = 0
    for found in _INLINE.finditer(words):
        pieces.append(escape(words[end : found.start()]))
        pieces.append(_span(found))
        end = found.end()
    pieces.append(escape(words[end:]))
    return Markup("").join(pieces)


def _span(found: re.Match[str]) -> Markup:
    if found["code"]:
        return Markup("<code>{}</code>").format(found["code"])
    if found["url"]:
        return text.link(found["url"], found["words"] or found["url"])
    if found["bare"]:
        return text.link(found["bare"], found["bare"])
    name, inside = next((name, found[name]) for name in _WRAPPED if found[name])
    return Markup(_WRAPPED[name]).format(_inline(inside))  # noqa: S704 - one of the five above


def _take_fence(lines: list[str], _depth: int) -> Markup:
    lines.pop(0)
    inside: list[str] = []
    while lines and not _FENCE.match(lines[0]):
        inside.append(lines.pop(0))
    if lines:
        lines.pop(0)
    return Markup("<pre dir='auto'>{}</pre>").format("\n".join(inside))


def _take_heading(lines: list[str], _depth: int) -> Markup:
    found = _HEADING.fullmatch(lines.pop(0).strip())
    level = min(len(found[1]) + _TOP_HEADING - 1, _LOWEST_HEADING) if found else _LOWEST_HEADING
    words = _inline(found[2]) if found else Markup("")
    return Markup("<h{} class='markdown-heading' dir='auto'>{}</h{}>").format(level, words, level)


def _take_rule(lines: list[str], _depth: int) -> Markup:
    lines.pop(0)
    return Markup("<hr class='divider'>")


def _take_quote(lines: list[str], depth: int) -> Markup:
    inside: list[str] = []
    while lines and (found := _QUOTE.fullmatch(lines[0])):
        inside.append(found[1])
        lines.pop(0)
    return Markup("<blockquote dir='auto'>{}</blockquote>").format(markdown("\n".join(inside), depth=depth + 1))


def _take_list(lines: list[str], depth: int) -> Markup:
    pattern = _BULLET if _BULLET.fullmatch(lines[0]) else _NUMBER
    items: list[Markup] = []
    first = _NUMBER.fullmatch(lines[0])
    while lines and (found := pattern.fullmatch(lines[0])):
        lines.pop(0)
        items.append(_item(found, _indented(lines, len(found[1])), depth))
    inside = Markup("").join(items)
    if pattern is _BULLET or first is None:
        return Markup("<ul>{}</ul>").format(inside)
    return Markup("<ol start='{}'>{}</ol>").format(int(first["number"]), inside)


def _indented(lines: list[str], depth: int) -> list[str]:
    """Take the lines that belong to an item: those further in than it."""
    inside: list[str] = []
    while lines and lines[0].strip() and len(lines[0]) - len(lines[0].lstrip()) > depth:
        inside.append(lines.pop(0))
    return inside


def _item(found: re.Match[str], inside: list[str], depth: int) -> Markup:
    box = found.groupdict().get("box")
    mark = {None: "", " ": "☐ "}.get(box, "☑ ")
    nested = markdown("\n".join(inside), depth=depth + 1) if inside else Markup("")
    return Markup("<li dir='auto'>{}{}{}</li>").format(mark, _inline(found["words"]), nested)


def _take_table(lines: list[str], _depth: int) -> Markup:
    header = _cells(lines.pop(0))
    lines.pop(0)
    rows: list[list[str]] = []
    while lines and "|" in lines[0]:
        rows.append(_cells(lines.pop(0)))
    head = Markup("").join(Markup("<th scope='col' dir='auto'>{}</th>").format(_inline(cell)) for cell in header)
    body = Markup("").join(
        Markup("<tr>{}</tr>").format(Markup("").join(Markup("<td dir='auto'>{}</td>").format(_inline(c)) for c in row))
        for row in rows
    )
    return Markup("<div class='table-scroll' tabindex='0'><table><tr>{}</tr>{}</table></div>").format(head, body)


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _take_blank(lines: list[str], _depth: int) -> Markup:
    lines.pop(0)
    return Markup("")


def _take_paragraph(lines: list[str], _depth: int) -> Markup:
    inside = [lines.pop(0)]
    while lines and not any(fits(lines) for fits, _ in _KINDS[:-1]):
        inside.append(lines.pop(0))
    return Markup("<p dir='auto'>{}</p>").format(Markup("<br>").join(map(_inline, inside)))


def _matches(pattern: re.Pattern[str]) -> Callable[[list[str]], bool]:
    return lambda lines: pattern.fullmatch(lines[0].rstrip()) is not None


def _is_table(lines: list[str]) -> bool:
    return len(lines) > 1 and "|" in lines[0] and "|" in lines[1] and _TABLE_LINE.fullmatch(lines[1]) is not None


_KINDS: list[tuple[Callable[[list[str]], Any], Callable[[list[str], int], Markup]]] = [
    (lambda lines: not lines[0].strip(), _take_blank),
    (lambda lines: _FENCE.match(lines[0]), _take_fence),
    (_matches(_HEADING), _take_heading),
    (_matches(_RULE), _take_rule),
    (_matches(_QUOTE), _take_quote),
    (_is_table, _take_table),
    (lambda lines: _BULLET.fullmatch(lines[0]) or _NUMBER.fullmatch(lines[0]), _take_list),
    (lambda _: True, _take_paragraph),
]
