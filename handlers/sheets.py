"""Tables as files: CSV and XLSX in which no cell is ever a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

Cell = str | int | float | date | None
"""A date is a day. Moments are given as text, with their zone."""

_BEGINS_FORMULA: Final = re.compile(r"\A(?=[=+\-@\t\r\n＝＋－＠])|(?<=[;\t\r\n])(?=[=+\-@＝＋－＠])")
"""What Excel takes for the beginning of a formula, at the beginning of a cell or of what it may split off from it."""

_LONGEST_CELL: Final = 32_767  # of XLSX; Excel repairs a file with a longer one by losing it
_LONGEST_NAME: Final = 31
_NOT_IN_NAMES: Final = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table with its headings. `rows` are read once, so that ten thousand need not be held."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def neutral(text: str) -> str:
    """Return text that no spreadsheet reads as a formula in a CSV: what would be one begins with an apostrophe.

    These are the characters OWASP lists for CSV injection, with their full-width forms. Where the list separator is a
    semicolon, Excel splits a line at those within a cell, and a line break begins a row: so also behind these.
    """
    return _BEGINS_FORMULA.sub("'", text)


def as_csv(sheet: Sheet) -> bytes:
    """Return a table as CSV: UTF-8 with the mark Excel looks for, comma, CRLF; empty is what nobody said."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([neutral(each) for each in sheet.columns])
    writer.writerows([_as_text(cell) for cell in row] for row in sheet.rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(sheets: Sequence[Sheet]) -> bytes:
    """Return tables as one workbook, a sheet each. Text is stored as text, so nothing in it can be a formula."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - only who exports needs it

    out = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(out, options) as book:
        heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name.translate(_NOT_IN_NAMES)[:_LONGEST_NAME])
            page.freeze_panes(1, 0)
            page.set_column(0, max(len(sheet.columns) - 1, 0), 18)
            for column, title in enumerate(sheet.columns):
                page.write_string(0, column, title, heading)
            for number, row in enumerate(sheet.rows, start=1):
                for column, cell in enumerate(row):
                    _write(page, number, column, cell, day)
    return out.getvalue()


def _as_text(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    return neutral(cell) if isinstance(cell, str) else cell


def _write(page: Any, row: int, column: int, cell: Cell, day: Any) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, datetime):
        raise TypeError("a moment is written as text, with its zone")
    if isinstance(cell, date):
        page.write_datetime(row, column, datetime(cell.year, cell.month, cell.day), day)  # noqa: DTZ001 - a day
    elif isinstance(cell, str):
        page.write_string(row, column, cell[:_LONGEST_CELL])
    else:
        page.write_number(row, column, cell)
