"""What a page of evidence is made of: sections of paragraphs, facts and tables, as values."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from handlers.text import shown

Layout = Literal["", "wide", "record"]
Kind = Literal["", "mono", "struck", "warn", "good", "strong"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A cell that is drawn otherwise: a digest, something superseded, something wrong, something right."""

    text: str
    kind: Kind


Cell = str | Mark


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. `note` is small print, `warn` stands out, `code` is set as it is typed."""

    text: str
    kind: Literal["", "note", "warn", "code"] = ""
    form: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class Heading:
    text: str
    form: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with what they say; what says nothing is left out."""

    pairs: Sequence[tuple[str, Cell]]
    form: Literal["facts"] = "facts"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption. A `wide` one holds digests or long texts and is set smaller; `record` holds events."""

    caption: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    layout: Layout = ""
    form: Literal["table"] = "table"


Part = Text | Heading | Facts | Table


@dataclass(frozen=True, slots=True)
class Section:
    key: str
    title: str
    parts: Sequence[Part]


NOTHING: Final = "–"


def table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, layout: Layout = "") -> Table:
    """Return a table of what people wrote and what we say, none of which can disturb its surroundings."""
    return Table(caption, columns, [[_calm(each) for each in row] for row in rows], layout)


def facts(pairs: Iterable[tuple[str, Cell]]) -> Facts:
    return Facts([(shown(label), _calm(says)) for label, says in pairs if _text_of(says).strip()])


def section(key: str, title: str, parts: Iterable[Part], *, empty: str) -> Section:
    """Return a section; where there is nothing in it, it says so: a pack that leaves something out says that."""
    found = list(_filled(parts))
    return Section(key, title, found or [Text(empty, "note")])


def _filled(parts: Iterable[Part]) -> Iterator[Part]:
    for part in parts:
        if not (isinstance(part, Table) and not part.rows) and not (isinstance(part, Facts) and not part.pairs):
            yield part


def _calm(cell: Cell) -> Cell:
    text = shown(_text_of(cell)) or NOTHING
    return Mark(text, cell.kind) if isinstance(cell, Mark) else text


def _text_of(cell: Cell) -> str:
    return cell.text if isinstance(cell, Mark) else cell
