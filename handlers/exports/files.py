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
    """Entries as they pass, how many have, and the lines of their KPIs, which are a fraction of what passes."""

    entries: Iterable[Entry]
    count: int = 0
    confidential: int = 0
    kpis: list[Sequence[Cell]] = field(default_factory=list)

    def __iter__(self) -> Iterator[Entry]:
        for each in self.entries:
            self.count += 1
            self.confidential += isinstance(each, CaseEntry) and each.case.confidential
            yield each

    def with_kpis(self) -> Iterator[Entry]:
        for each in self:
            if isinstance(each, CaseEntry):
                self.kpis += ([column.of(each, kpi) for column in KPI_COLUMNS] for kpi in each.kpis)
            yield each


def register_file(session: Session, shape: Shape, kind: Format, *, now: datetime) -> Drawn:
    """Return the register as it is stored in this session's moment."""
    passing = _Counted(exports.entries(session))
    if shape is Shape.FEDERAL:
        sheets = _federal(passing)
    else:
        sheets = _ours(passing, passing if kind is Format.CSV else passing.with_kpis(), now)
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


def _ours(passing: _Counted, entries: Iterable[Entry], now: datetime) -> Sequence[Sheet]:
    return (
        Sheet(
            "Register",
            [each.heading for each in COLUMNS],
            ([each.cell(entry) for each in COLUMNS] for entry in entries),
        ),
        Sheet("KPIs", [each.heading for each in KPI_COLUMNS], passing.kpis),
        Sheet("About", ["", ""], _about(passing, now)),
    )


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
