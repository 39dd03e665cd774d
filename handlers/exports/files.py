"""The register as a file, row by row: what is read is written and let go."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from db.session import Session
from handlers.exports import page
from handlers.exports.columns import COLUMNS, KPI_COLUMNS
from handlers.exports.words import moment_text
from handlers.sheets import Cell, Sheet, as_csv, as_xlsx
from workflows import exports
from workflows.exports import CaseEntry, Entry, Format, Made, Pack, Shape, What, federal
from workflows.recorded import inventory

KINDS: Final = {f".{each}": each for each in (Format.CSV, Format.XLSX)}
WORDS: Final = {"gatehouse": Shape.GATEHOUSE, "m-25-21": Shape.FEDERAL}
"""What each shape is called on the command line."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A file, and how much it holds: entries of the register, or events of the record."""

    content: bytes
    rows: int

    @property
    def digest(self) -> str:
        """Return the SHA-256 of its bytes."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(slots=True)
class _Counted:
    """Entries as they pass, and how many have."""

    entries: Iterable[Entry]
    count: int = 0
    confidential: int = field(default=0)

    def __iter__(self) -> Iterator[Entry]:
        for each in self.entries:
            self.count += 1
            self.confidential += isinstance(each, CaseEntry) and each.case.confidential
            yield each


def register_file(session: Session, shape: Shape, kind: Format, *, now: datetime) -> Drawn:
    """Return the register as it is stored in this session's moment.

    A workbook reads it twice, once for its KPIs: holding them meanwhile would be holding a part of every use case.
    """
    passing = _Counted(exports.entries(session))
    sheets = _federal(passing) if shape is Shape.FEDERAL else _ours(session, passing, now)
    content = as_csv(sheets[0]) if kind is Format.CSV else as_xlsx(sheets)
    return Drawn(content, passing.count)


def register_name(shape: Shape, kind: Format, now: datetime) -> str:
    named = "register-m-25-21" if shape is Shape.FEDERAL else "register"
    return f"{named}-{now.astimezone(UTC):%Y-%m-%d}.{kind}"


def evidence_file(pack: Pack) -> Drawn:
    """Return everything about a use case as one page."""
    return Drawn(page.page(pack).encode(), len(pack.events))


def evidence_name(reference: str, now: datetime) -> str:
    return f"evidence-{reference}-{now.astimezone(UTC):%Y-%m-%d}.html"


def made(export_id: UUID, drawn: Drawn, kind: Format, *, shape: Shape | None = None, about: UUID | None = None) -> Made:
    """Return what is written down of a file before it leaves."""
    what = What.REGISTER if about is None else What.EVIDENCE
    return Made(export_id, what, kind, drawn.rows, drawn.digest, shape, about)


# ----------------------------------------------------------------------------------------------- sheets


def _ours(session: Session, passing: _Counted, now: datetime) -> Sequence[Sheet]:
    return (
        Sheet(
            "Register",
            [each.heading for each in COLUMNS],
            ([each.cell(entry) for each in COLUMNS] for entry in passing),
        ),
        Sheet("KPIs", [each.heading for each in KPI_COLUMNS], _kpi_rows(exports.entries(session))),
        Sheet("About", ["", ""], _about(passing, now)),
    )


def _kpi_rows(entries: Iterable[Entry]) -> Iterator[Sequence[Cell]]:
    for entry in entries:
        if isinstance(entry, CaseEntry):
            for measured in entry.kpis:
                yield [each.of(entry, measured) for each in KPI_COLUMNS]


def _about(passing: _Counted, now: datetime) -> Iterator[Sequence[Cell]]:
    """Yield what the workbook is, once everything else in it was written, and what each column of the register says."""
    yield "Made", moment_text(now)
    yield "Entries", passing.count
    yield "Of these confidential", passing.confidential
    yield "Moments", "in UTC; a date is one where the person it concerns is"
    yield "Empty", "nobody said it; nothing is filled in by Gatehouse"
    yield None, None
    for each in COLUMNS:
        yield each.heading, each.says.replace("`", "") or None


def _federal(passing: _Counted) -> Sequence[Sheet]:
    rows = (federal.row(entry) for entry in passing)
    allowed = ((each.heading, value) for each in inventory.columns() for value in each.values)
    return (
        Sheet("Inventory", federal.headings(), rows),
        Sheet("Allowed values", ["Column", "Allowed value"], allowed),
    )
