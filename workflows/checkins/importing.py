"""Store readings that a system or a survey brings: all of a file or nothing, and the same file again does nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from db.enums import KpiSource, UseCaseState
from db.ids import new_id
from db.queries import checkin_runs as stored_runs
from db.queries import importing as stored
from db.session import Session
from db.tables import Reading
from workflows import ledger, people
from workflows.checkins.numbers import NotANumberError, as_typed, number
from workflows.checkins.reading import kpis_of
from workflows.checkins.reading_files import ReadingFile, Row
from workflows.checkins.recording import record
from workflows.checkins.rules import folded
from workflows.checkins.snapshots import KpiSnapshot
from workflows.checkins.turns import ENDED
from workflows.ledger import Fact, LedgerKind
from workflows.people import Unusable


@dataclass(frozen=True, slots=True)
class ImportedReading:
    """A reading to be stored. `instead_of` is the value it takes the place of, `replaces` that reading."""

    reference: str
    kpi: KpiSnapshot
    day: date
    value: float
    instead_of: float | None = None
    replaces: UUID | None = None


@dataclass(frozen=True, slots=True)
class PlannedReadings:
    """What a file brings, in its order, and how many of its readings are there already."""

    news: tuple[ImportedReading, ...]
    unchanged: int


@dataclass(frozen=True, slots=True)
class _Known:
    """What is stored about everything a file names."""

    use_cases: Mapping[int, tuple[UUID, UseCaseState]]
    kpis: Mapping[UUID, Sequence[KpiSnapshot]]
    last: Mapping[UUID, float]
    today: Mapping[UUID, date]
    """The day where each KPI's owner is."""


class _RowError(Exception):
    """A line cannot count; the message names the column and says what to write."""


def plan_import(session: Session, file: ReadingFile, *, now: datetime) -> PlannedReadings | Unusable:
    """Return what a file brings, or why it cannot count. Nothing is stored; the KPIs it may name are locked."""
    known = _known(session, file, now=now)
    found, problems = _all_read(file, known)
    if problems:
        return Unusable(tuple(problems))
    there = {(row.kpi_id, row.read_for): row for row in stored.imported(session, {each.kpi.id for each in found})}
    planned = [_instead(each, there.get((each.kpi.id, each.day))) for each in found]
    news = tuple(each for each in planned if each is not None)
    return PlannedReadings(news, len(found) - len(news))


def carry_out_import(session: Session, planned: PlannedReadings, *, now: datetime) -> None:
    """Store what was planned in this transaction, with a fact for each reading. Nobody entered them: a system did."""
    stored_runs.supersede(session, [each.replaces for each in planned.news if each.replaces], at=now)
    rows: list[dict[str, Any]] = []
    for each in planned.news:
        row = {
            "id": new_id(),
            "kpi_id": each.kpi.id,
            "value": each.value,
            "unit": each.kpi.unit,
            "read_for": each.day,
            "source": each.kpi.source,
            "entered_at": now,
            "supersedes_id": each.replaces,
        }
        data: dict[str, ledger.Value] = {
            "reading": str(row["id"]),
            "value": as_typed(each.value),
            "on": each.day.isoformat(),
            "source": each.kpi.source.value,
            "instead_of": str(each.replaces) if each.replaces else None,
        }
        rows.append(row)
        record(session, each.kpi.id, [Fact(LedgerKind.READING_IMPORTED, data)], actor=None, now=now)
    stored_runs.insert_readings(session, rows)


def _known(session: Session, file: ReadingFile, *, now: datetime) -> _Known:
    """Return what is stored about the use cases a file names; their KPIs are locked first."""
    use_cases = stored.use_cases_numbered(session, {row.use_case for row in file.rows})
    ids = [use_case_id for use_case_id, _ in use_cases.values()]
    stored.lock_kpis_of(session, ids)
    kpis = kpis_of(session, ids)
    every = [each for found in kpis.values() for each in found]
    last = {each.id: each.says.baseline for each in every} | {
        each.id: each.baseline.value for each in every if each.baseline
    }
    last |= {
        row.kpi_id: row.value for row in stored_runs.last_readings(session, dict.fromkeys(each.id for each in every))
    }
    today = {each.id: people.local_day(each.owner, now) for each in every}
    return _Known(use_cases, kpis, {kpi_id: value for kpi_id, value in last.items() if value is not None}, today)


def _all_read(file: ReadingFile, known: _Known) -> tuple[list[ImportedReading], list[str]]:
    """Return what the lines of a file say, and what is wrong with those that cannot count."""
    found: list[ImportedReading] = []
    problems: list[str] = []
    lines: dict[tuple[UUID, date], int] = {}
    for row in file.rows:
        try:
            each = _read(row, known, file.mark)
        except NotANumberError as error:
            problems.append(f"line {row.line}, value: {error}")
            continue
        except _RowError as error:
            problems.append(f"line {row.line}, {error}")
            continue
        earlier = lines.setdefault((each.kpi.id, each.day), row.line)
        if earlier != row.line:
            problems.append(f"line {row.line}: line {earlier} is about the same KPI and day; leave one of them out.")
        found.append(each)
    return found, problems


def _instead(each: ImportedReading, there: Reading | None) -> ImportedReading | None:
    """Return a reading as it is stored beside or instead of what is there; None where that says the same."""
    if there is None:
        return each
    if (there.value, there.unit, there.source) == (each.value, each.kpi.unit, each.kpi.source):
        return None
    return replace(each, instead_of=there.value, replaces=there.id)


def _read(row: Row, known: _Known, mark: str | None) -> ImportedReading:
    """Return what a line says. Raises _RowError and NotANumberError for what cannot count."""
    reference = f"UC-{row.use_case}"
    use_case_id, state = known.use_cases.get(row.use_case, (None, None))
    if use_case_id is None:
        raise _RowError(f"use_case: there is no {reference}.")
    if state in ENDED:
        raise _RowError(f"use_case: {reference} has ended; its KPIs can only be read.")
    kpi = _kpi(row.kpi, reference, known.kpis.get(use_case_id, ()))
    if kpi.source is KpiSource.SELF:
        raise _RowError(
            f"kpi: “{kpi.name}” of {reference} is self-reported, so its owner is asked for it. Say first, in its KPIs "
            "window under Edit, that its readings come from a system or a survey."
        )
    if row.day > known.today[kpi.id]:
        raise _RowError(f"date: {row.day} is still to come; write a day up to {known.today[kpi.id]}.")
    value = number(row.value, kpi.unit, mark=mark, last=known.last.get(kpi.id))
    return ImportedReading(reference, kpi, row.day, value)


def _kpi(name: str, reference: str, kpis: Sequence[KpiSnapshot]) -> KpiSnapshot:
    of_name = [each for each in kpis if folded(each.name) == folded(name)]
    found = [each for each in of_name if each.in_use]
    if len(found) == 1:
        return found[0]
    if found:
        raise _RowError(f"kpi: {reference} has {len(found)} KPIs of the name “{name}”; request a change of one's name.")
    if of_name:
        raise _RowError(f"kpi: “{name}” is no longer among the KPIs of {reference} that were approved.")
    names = ", ".join(f"“{each.name}”" for each in kpis if each.in_use)
    raise _RowError(f"kpi: {reference} has no KPI “{name}”. {f'It has: {names}.' if names else 'It has none yet.'}")
