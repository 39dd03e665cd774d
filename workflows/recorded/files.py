"""Read a register of what is in use: one line each, every mistake named with what to write. Values in, values out."""

import csv
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from workflows.people.rules import Unusable, columns_in, records, wrong_length
from workflows.recorded.inventory import Reader, reader_of
from workflows.recorded.rules import LONGEST, cut

COLUMNS: Final = ("name", "team", "problem", "stage", "vendor", "owner", "origin")
NEEDED: Final = ("name", "origin")
_SLACK_ID: Final = re.compile(r"[UW][A-Z0-9_]{1,31}")
_SPREADSHEETS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\xff\xfe", b"\xfe\xff")
_SAVE_AS: Final = "Save it in the spreadsheet as “CSV UTF-8 (comma delimited)”."
_HEADERS: Final = f"The first line names the columns, each once: {', '.join(COLUMNS)}; name and origin are needed."


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the file. What it does not say is None. `whole_name` is the name before it was cut, else None."""

    line: int
    name: str
    origin: str
    team: str | None
    problem: str | None
    stage: str | None
    vendor: str | None
    owner: str | None
    whole_name: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that cannot count: what it is called as far as it says so, and what is wrong."""

    line: int
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Register:
    """What a file says, line by line. `is_old_encoding`: it is no UTF-8 and was read as Windows-1252."""

    lines: tuple[Row | Refused, ...]
    is_old_encoding: bool


def read(data: bytes) -> Register | Unusable:
    """Return the lines of a CSV file, or why it is none. A BOM, semicolons and newlines in cells are fine.

    Also read are the registers that `inventory` knows by their headings; what else they say is left where it is.
    """
    text, is_old = _decoded(data)
    if text is None:
        return Unusable((f"This is no CSV file in UTF-8 or Windows-1252. {_SAVE_AS}",))
    try:
        found = list(records(text))
    except csv.Error as error:
        return Unusable((f"This is no CSV file: {error}. Are quotes missing around a cell with commas or newlines?",))
    if not found:
        return Unusable((f"The file is empty. {_HEADERS}",))
    (_, header), *lines = found
    reader = reader_of(header)
    problem = _twice(found) if reader else _header_problem(found)
    if problem is not None:
        return Unusable((problem,))
    return Register(tuple(_lines(columns_in(header), lines, reader)), is_old)


def _decoded(data: bytes) -> tuple[str | None, bool]:
    if data.startswith(_SPREADSHEETS) or b"\0" in data:
        return None, False
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return data.decode(encoding), encoding == "cp1252"
        except UnicodeDecodeError:
            continue
    return None, False


def _twice(found: Sequence[tuple[int, list[str]]]) -> str | None:
    """Return which heading of a register we know stands there twice, as a sentence."""
    line, header = found[0]
    columns = columns_in(header)
    twice = next((name for name, column in zip(header, columns, strict=True) if columns.count(column) > 1), None)
    return f"line {line}: the column {' '.join(twice.split())!r} is there twice. Leave one." if twice else None


def _header_problem(found: Sequence[tuple[int, list[str]]]) -> str | None:
    line, header = found[0]
    columns = columns_in(header)
    second = columns_in(found[1][1]) if len(found) > 1 else []
    if set(NEEDED) <= set(second):
        return f"line {found[1][0]}: these are the columns; nothing may stand above them. {_HEADERS}"
    unknown = [each for each in dict.fromkeys(columns) if each not in COLUMNS]
    if any(not each for each in unknown) and len(second) == len(columns) and all(second):
        return f"line {line}: the columns have two lines of headings. Leave one. {_HEADERS}"
    if unknown:
        names = ", ".join(repr(each[:40]) for each in unknown[:5])
        return f"line {line}: there is no column {names}. {_HEADERS}"
    if len(set(columns)) < len(columns):
        return f"line {line}: a column is there twice. {_HEADERS}"
    lacks = [each for each in NEEDED if each not in columns]
    return f"line {line}: the column {lacks[0]} is missing. {_HEADERS}" if lacks else None


def _lines(
    columns: Sequence[str], lines: Sequence[tuple[int, list[str]]], reader: Reader | None
) -> Iterator[Row | Refused]:
    seen: dict[str, int] = {}
    for number, cells in lines:
        row = _row(number, columns, cells, reader)
        if isinstance(row, Row) and row.origin in seen:
            yield Refused(number, row.name, f"origin: line {seen[row.origin]} has the same one. Leave one of them out.")
            continue
        if isinstance(row, Row):
            seen[row.origin] = number
        yield row


def _row(line: int, columns: Sequence[str], cells: Sequence[str], reader: Reader | None) -> Row | Refused:
    if problem := wrong_length(line, cells, columns):
        return Refused(line, "", problem.partition(": ")[2])
    there = dict(zip(columns, cells, strict=True))
    said = reader(there) if reader else there
    given = dict.fromkeys(COLUMNS, "") | {
        column: _clean(cell, is_long=column == "problem") for column, cell in said.items()
    }
    name = given["name"]
    why = next(_problems(given), None)
    if why is not None:
        return Refused(line, cut(name), why)
    is_cut = len(name) > LONGEST["name"]
    problem = "\n\n".join(filter(None, (name if is_cut else "", given["problem"])))
    return Row(
        line=line,
        name=cut(name),
        origin=given["origin"],
        team=given["team"] or None,
        problem=problem or None,
        stage=given["stage"] or None,
        vendor=given["vendor"] or None,
        owner=given["owner"] or None,
        whole_name=name if is_cut else None,
    )


def _problems(given: dict[str, str]) -> Iterator[str]:
    if not any(map(str.isalnum, given["name"])):
        yield "name: it is empty; write what people call it."
    if not given["origin"]:
        yield (
            "origin: it is empty; write where it stands in the other register, such as “Register 2025, 17”. "
            "By that a second import knows it."
        )
    for column, most in LONGEST.items():
        if column != "name" and len(given[column]) > most:
            yield f"{column}: it has {len(given[column])} characters; at most {most} are kept. Shorten it."
    if given["owner"] and not _SLACK_ID.fullmatch(given["owner"]):
        yield f"owner: {given['owner'][:60]!r} is no Slack id; write one such as U0ANN, or leave it empty."


def _clean(cell: str, *, is_long: bool) -> str:
    """Return what a cell says, on one line unless it `is_long`, without what nobody can see or store."""
    text = cell.replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(each for each in text if each in "\n\t" or unicodedata.category(each) != "Cc")
    return text.strip() if is_long else " ".join(text.split())
