"""Which letters a picture can show, and how wide they are.

The picture's font, Liberation Sans, comes with what draws it, so it is the same on every host. What it has no letter
for would be an empty box.
"""

import unicodedata
from typing import Final

_RANGES: Final = (
    *((0x21, 0x7E), (0xA1, 0x2FF), (0x384, 0x3CE), (0x3D0, 0x513), (0x5BE, 0x5EA), (0x5F0, 0x5F4)),
    *((0x1E00, 0x1E9B), (0x1E9E, 0x1E9E), (0x1EA0, 0x1EF9), (0x1F00, 0x1FFE), (0x2012, 0x2022), (0x2026, 0x2026)),
    *((0x2030, 0x2030), (0x2032, 0x2034), (0x2039, 0x203A), (0x20A0, 0x20B5), (0x2116, 0x2117), (0x2122, 0x2122)),
    *((0x2190, 0x2195), (0x2211, 0x2212), (0x221E, 0x221E), (0x2248, 0x2248), (0x2260, 0x2260), (0x2264, 0x2265)),
)
"""What the font was seen to draw, with no other font on the host."""

_WIDTHS: Final = {
    **dict.fromkeys("iljI.,:;'|!", 0.28),
    **dict.fromkeys("ft()[]-/ r“”", 0.34),
    **dict.fromkeys("mwM%@W", 0.9),
    **dict.fromkeys("ABCDEFGHJKLNOPQRSTUVXYZ&", 0.72),
}
_USUAL: Final = 0.56
_BOLD: Final = 1.08


def legible(text: str) -> str | None:
    """Return `text` on one line without what the font cannot draw; None where that takes letters from its words."""
    calm = unicodedata.normalize("NFC", " ".join(text.split()))
    lost = [each for each in calm if each != " " and not _can_be_drawn(each)]
    if any(unicodedata.category(each).startswith(("L", "M", "N")) for each in lost):
        return None
    kept = " ".join("".join(each for each in calm if each not in lost).split())
    return kept or None


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Return about how wide a text is, rather more than less."""
    return sum(_WIDTHS.get(each, _USUAL) for each in text) * size * (_BOLD if bold else 1)


def fitting(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """Return `text`, shortened where it is wider than `room`."""
    if width(text, size, bold=bold) <= room:
        return text
    while text and width(f"{text}…", size, bold=bold) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def wrapped(text: str, size: float, room: float, *, most: int, bold: bool = False) -> list[str]:
    """Return `text` on at most so many lines, the last one shortened where it does not fit."""
    lines: list[str] = []
    words = text.split()
    while words and len(lines) < most - 1:
        line = words.pop(0)
        while words and width(f"{line} {words[0]}", size, bold=bold) <= room:
            line = f"{line} {words.pop(0)}"
        if width(line, size, bold=bold) > room:  # one word that is longer than a line
            kept = next(end for end in range(len(line), 0, -1) if width(line[:end], size, bold=bold) <= room)
            line, words = line[:kept], [line[kept:], *words]
        lines.append(line)
    return [*lines, *([fitting(" ".join(words), size, room, bold=bold)] if words else [])]


def _can_be_drawn(letter: str) -> bool:
    return any(first <= ord(letter) <= last for first, last in _RANGES)
