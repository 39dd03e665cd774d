"""A digest as a file: one tidy table, a workbook, or a page; the same numbers in each."""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import groupby
from typing import Final

from handlers.digests.page import page
from handlers.digests.tables import Row, rows
from handlers.sheets import Cell, Sheet, as_csv, as_xlsx
from workflows.digests import Digest

COLUMNS: Final = (*("section", "item", "team", "measure", "value", "unit", "first day", "last day", "telling"),)


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    HTML = "html"


def file_name(digest: Digest, how: Format) -> str:
    """Return “digest-2026-W31.csv”, with the team where it is of one."""
    team = re.sub(r"[^a-z0-9]+", "-", (digest.team or "").casefold()).strip("-")
    return f"digest-{digest.window.iso_week}{f'-{team}' if team else ''}.{how.value}"


def content_of(digest: Digest, how: Format, *, with_values: bool) -> bytes:
    """Return the file. `with_values` puts the values of single use cases in, which not everybody may read."""
    match how:
        case Format.CSV:
            return as_csv(Sheet("Digest", COLUMNS, _cells(digest, rows(digest, with_values=with_values))))
        case Format.XLSX:
            return as_xlsx(list(_sheets(digest, with_values=with_values)))
        case Format.HTML:
            return page(digest, with_values=with_values).encode()


def _sheets(digest: Digest, *, with_values: bool) -> Iterator[Sheet]:
    for section, group in groupby(rows(digest, with_values=with_values), key=lambda row: row.section):
        yield Sheet(section, COLUMNS[1:], [cells[1:] for cells in _cells(digest, list(group))])


def _cells(digest: Digest, told: Sequence[Row]) -> list[list[Cell]]:
    window = digest.window
    return [
        [
            *(each.section, each.item, each.team, each.measure, each.value, each.unit),
            *(window.first, window.last, each.telling.value),
        ]
        for each in told
    ]
