"""Slack's text forms as safe HTML: plain_text, mrkdwn, and the pieces rich_text shares with them."""

import re
from collections.abc import Callable, Iterator
from html import unescape as _unescape
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from sandbox.blockkit.dates import format_tokens
from sandbox.blockkit.emoji import emoji
from sandbox.blockkit.reader import Reader

_SAFE_SCHEMES = {"http", "https", "mailto", "tel", "slack"}
_SHORTCODE = re.compile(r":([a-z0-9_+'-]+(?:::skin-tone-[2-6])?):")
_FENCE = re.compile(r"```\n?(.*?)\n?```", re.DOTALL)
_QUOTE = re.compile(r"(?:&gt;|>) ?")
_REST_QUOTE = re.compile(r"(?:&gt;|>){3} ?")
_LIST_ITEM = re.compile(r"( *)((?:[•◦▪‣–-])|\d{1,3}[.)])\s+(?=\S)")
_ENTITY = re.compile(r"&(?:amp|lt|gt);")
_DATE = re.compile(r"!date\^(\d+)\^([^^]+)(?:\^(.+))?")
_TRAILING = ".,;:!?'\")]}"


def _styled(name: str, marker: str) -> str:
    """Build the pattern of one inline style: markers hug their text and stand at word borders."""
    m = re.escape(marker)
    inside = rf"(?:<[^<>\n]+>|`[^`\n]+`|[^{m}<`\n]|(?<=\w){m}(?=\w))+?"
    return rf"(?<![\w{m}]){m}(?P<{name}>(?=\S){inside}(?<=\S)){m}(?![\w{m}])"


_INLINE = re.compile(
    "|".join(
        (
            r"`(?P<code>[^`\n]+)`",
            r"<(?P<ref>[^<>\n]+)>",
            r":(?P<emoji>[a-z0-9_+'-]+(?:::skin-tone-[2-6])?):",
            r"(?P<url>https?://[^\s<>|`]+)",
            _styled("bold", "*"),
            _styled("italic", "_"),
            _styled("strike", "~"),
        )
    )
)


def plain(text: str, *, emoji_codes: bool = True) -> Markup:
    """Show text exactly as it is; only line breaks and, if asked, emoji shortcodes become something else."""
    lines = Markup("<br>").join(text.split("\n"))
    return with_emoji(lines) if emoji_codes else lines


def with_emoji(safe: Markup) -> Markup:
    pieces: list[Markup] = []
    end = 0
    for match in _SHORTCODE.finditer(safe):
        pieces += [safe[end : match.start()], emoji_html(match[1])]
        end = match.end()
    return Markup("").join([*pieces, safe[end:]])


def emoji_html(name: str) -> Markup:
    character = emoji(name)
    if character is None:
        return Markup("<span class='emoji-name'>:{}:</span>").format(name)
    return Markup("<span class='emoji' role='img' aria-label='{}'>{}</span>").format(name.replace("_", " "), character)


def text_object(value: Any, reader: Reader) -> Markup:
    """Render a text object inline. A bare string reads as plain text."""
    if isinstance(value, str):
        return plain(value)
    if not isinstance(value, dict):
        return Markup("")
    text = str(value.get("text", ""))
    if value.get("type") == "mrkdwn":
        return mrkdwn_inline(text, reader, verbatim=bool(value.get("verbatim")))
    return plain(text, emoji_codes=value.get("emoji") is not False)


def text_block(value: Any, reader: Reader) -> Markup:
    """Render a text object that stands on its own, so quotes, lists and code may be blocks."""
    if isinstance(value, dict) and value.get("type") == "mrkdwn":
        return mrkdwn(str(value.get("text", "")), reader, verbatim=bool(value.get("verbatim")))
    return Markup("<p dir='auto'>{}</p>").format(text_object(value, reader))


def plain_words(value: Any) -> str:
    """Return a text object's words, for names and titles that carry no markup."""
    text = value if isinstance(value, str) else str((value or {}).get("text", ""))
    return _SHORTCODE.sub(lambda match: emoji(match[1]) or match[0], text)


def mrkdwn_inline(text: str, reader: Reader, *, verbatim: bool = False) -> Markup:
    return Markup("<br>").join(_inline(line, reader, links=not verbatim) for line in text.split("\n"))


def mrkdwn(text: str, reader: Reader, *, verbatim: bool = False) -> Markup:
    pieces: list[Markup] = []
    for index, part in enumerate(_FENCE.split(text)):
        if index % 2:
            pieces.append(preformatted(unescape(part)))
        elif part.strip("\n"):
            lines = part.strip("\n").split("\n")
            pieces += _paragraphs(lines, lambda line: _inline(line, reader, links=not verbatim))
    return Markup("").join(pieces)


def preformatted(text: str) -> Markup:
    return Markup("<pre dir='auto'>{}</pre>").format(text)


def unescape(text: str) -> str:
    """Undo Slack's three escapes and nothing else."""
    return _ENTITY.sub(lambda match: _unescape(match[0]), text)


def link(url: str, label: Markup | str) -> Markup:
    if urlsplit(url).scheme.lower() not in _SAFE_SCHEMES:
        return Markup("{}").format(label)
    return Markup("<a href='{}' target='_blank' rel='noopener noreferrer'><bdi>{}</bdi></a>").format(url, label)


def mention(kind: str, text: str, *, me: bool = False) -> Markup:
    return Markup("<bdi class='mention mention-{}{}'>{}</bdi>").format(kind, " mention-me" if me else "", text)


def person(user_id: str, reader: Reader) -> Markup:
    name = reader.directory.person(user_id)
    return mention("person", f"@{name or user_id}", me=user_id == reader.user_id)


def channel(channel_id: str, reader: Reader, label: str = "") -> Markup:
    name = reader.directory.channel(channel_id)
    return mention("channel", f"#{name or label or 'private channel'}")


def group(group_id: str, reader: Reader, label: str = "") -> Markup:
    name = reader.directory.group(group_id) or label.removeprefix("@")
    return mention("group", f"@{name or group_id}")


def date(epoch: int, template: str, reader: Reader, *, url: str = "", fallback: str = "") -> Markup:
    words = format_tokens(template, epoch=epoch, zone=reader.zone, now=reader.now)
    shown = Markup("<time title='{}'>{}</time>").format(fallback, words or fallback or str(epoch))
    return link(url, shown) if url else shown


def _paragraphs(lines: list[str], inline: Callable[[str], Markup]) -> Iterator[Markup]:
    for kind, group_lines in _runs(lines):
        rows = [inline(line) for line in group_lines]
        if kind == "quote":
            yield Markup("<blockquote dir='auto'>{}</blockquote>").format(Markup("<br>").join(rows))
        elif kind == "item":
            yield Markup("<p class='item' dir='auto'>{}</p>").format(rows[0])
        else:
            yield Markup("<p dir='auto'>{}</p>").format(Markup("<br>").join(rows))


def _runs(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Group lines into quotes, list items and everything else, in their order."""
    held: list[str] = []
    kind = "text"
    for index, line in enumerate(lines):
        if _REST_QUOTE.match(line):
            if held:
                yield kind, held
            yield "quote", [_REST_QUOTE.sub("", line, count=1), *lines[index + 1 :]]
            return
        quoted = _QUOTE.match(line)
        now = "quote" if quoted else "item" if _LIST_ITEM.match(line) else "text"
        if held and (now != kind or now == "item"):
            yield kind, held
            held = []
        kind = now
        held.append(line[quoted.end() :] if quoted else line)
    if held:
        yield kind, held


def _inline(text: str, reader: Reader, *, links: bool) -> Markup:
    pieces: list[Markup] = []
    end = 0
    for match in _INLINE.finditer(text):
        pieces.append(escape(unescape(text[end : match.start()])))
        pieces.append(_piece(match, reader, links=links))
        end = match.end()
    return Markup("").join([*pieces, escape(unescape(text[end:]))])


def _piece(match: re.Match[str], reader: Reader, *, links: bool) -> Markup:
    name, value = match.lastgroup or "", match[match.lastgroup or 0]
    match name:
        case "code":
            return Markup("<code>{}</code>").format(unescape(value))
        case "ref":
            return _reference(value, reader)
        case "emoji":
            return emoji_html(value) if emoji(value) else escape(match[0])
        case "url":
            return _bare_url(unescape(value)) if links else escape(unescape(value))
        case "bold":
            return Markup("<strong>{}</strong>").format(_inline(value, reader, links=links))
        case "italic":
            return Markup("<em>{}</em>").format(_inline(value, reader, links=links))
        case _:
            return Markup("<s>{}</s>").format(_inline(value, reader, links=links))


def _bare_url(url: str) -> Markup:
    kept = url.rstrip(_TRAILING)
    return link(kept, kept) + escape(url[len(kept) :])


def _reference(value: str, reader: Reader) -> Markup:
    """Render what stands between angle brackets; what Slack would not understand stays literal text."""
    target, _, label = value.partition("|")
    label = unescape(label)
    if target[:1] == "@":
        return person(target[1:], reader)
    if target[:1] == "#":
        return channel(target[1:], reader, label)
    if target[:1] == "!":
        return _special(target, label, reader) or escape(f"<{unescape(value)}>")
    url = unescape(target)
    if urlsplit(url).scheme.lower() not in _SAFE_SCHEMES:
        return escape(f"<{unescape(value)}>")
    return link(url, label or url.removeprefix("mailto:"))


def _special(target: str, label: str, reader: Reader) -> Markup | None:
    if target in {"!here", "!channel", "!everyone"}:
        return mention("broadcast", f"@{target[1:]}", me=True)
    if target.startswith("!subteam^"):
        return group(target.removeprefix("!subteam^"), reader, label)
    found = _DATE.fullmatch(unescape(target))
    if found:
        return date(int(found[1]), found[2], reader, url=found[3] or "", fallback=label)
    return None
