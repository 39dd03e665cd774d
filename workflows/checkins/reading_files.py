"""Read a file of readings: one line each, and every mistake named with what to write instead. Values in, values out."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from workflows.people.rules import Unusable, columns_in, records, separator_of, wrong_length

COLUMNS: Final = ("use_case", "kpi", "date", "value")
_USE_CASE = re.compile(r"(?:UC[-\s]?)?(\d{1,9})", re.IGNORECASE | re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the file. `use_case` is a number, `value` what stands there, to be read in the KPI's unit."""

    line: int
    use_case: int
    kpi: str
    day: date
    value: str


@dataclass(frozen=True, slots=True)
class ReadingFile:
    """What a file says. `mark` is its decimal mark; None where either may be meant.

    Between commas a number has a decimal point. Between semicolons, which spreadsheets write where people have a
    decimal comma and programs write anyway, nobody knows.
    """

    rows: tuple[Row, ...]
    mark: str | None


def read_readings(text: str) -> ReadingFile | Unusable:
    """Return the rows of a CSV file of readings, or everything that is wrong with it. A BOM and semicolons are fine."""
    try:
        found = list(records(text))
    except csv.Error as error:
        return Unusable((f"This is no CSV file: {error}.",))
    if not found:
        return Unusable((f"The file is empty. Its first line names the columns: {', '.join(COLUMNS)}.",))
    (line, header), *lines = found
    columns = columns_in(header)
    if sorted(columns) != sorted(COLUMNS):
        told = f"line {line}: the columns are {', '.join(columns)}. Write these four: {', '.join(COLUMNS)}."
        return Unusable((told,))
    problems: list[str] = []
    rows = [row for number, cells in lines for row in _row(number, columns, cells, problems)]
    mark = "." if separator_of(text) == "," else None
    return Unusable(tuple(problems)) if problems else ReadingFile(tuple(rows), mark)


def _row(line: int, columns: Sequence[str], cells: Sequence[str], problems: list[str]) -> Iterator[Row]:
    if problem := wrong_length(line, cells, columns):
        problems.append(problem)
        return
    given = {column: cell.strip() for column, cell in zip(columns, cells, strict=True)}
    number, day, before = _USE_CASE.fullmatch(given["use_case"]), _day(given["date"]), len(problems)
    if number is None:
        problems.append(f"line {line}, use_case: {given['use_case']!r} is no use case; write one such as UC-1.")
    if not given["kpi"]:
        problems.append(f"line {line}, kpi: it is empty; write the name of the KPI.")
    if day is None:
        problems.append(f"line {line}, date: {given['date']!r} is no date; write it like 2026-11-03.")
    if not given["value"]:
        problems.append(f"line {line}, value: it is empty; write the number, or leave the line out.")
    if len(problems) == before and number is not None and day is not None:
        yield Row(line, int(number[1]), given["kpi"], day, given["value"])


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
