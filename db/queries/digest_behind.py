"""What stands behind the numbers of a week: single KPIs, and the readings that counted at a moment."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, case, or_
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from db.queries.digest_numbers import CASE, NEWEST_FIRST, OWN, Case, Days
from db.queries.intake import TEXT_IN_FORCE
from db.session import Session
from db.tables import Baseline, FreeText, Kpi, Reading, UseCase, Verification


class Line(NamedTuple):
    """A KPI with its last readings, in its own unit and from its own source, and the baseline in its unit."""

    case: Case
    kpi: Kpi
    baseline: float | None
    value: float | None
    read_on: date | None
    before: float | None


def lines(session: Session, days: Days, kpi_ids: Collection[UUID]) -> Mapping[UUID, Line]:
    """Return these KPIs with what was read of them."""
    if not kpi_ids:
        return {}
    is_now, is_before = col(Reading.read_for).between(days.first, days.last), col(Reading.read_for) < days.first
    newest = (
        select_columns(case((col(Baseline.unit) == col(Kpi.unit), col(Baseline.value))))
        .where(col(Baseline.kpi_id) == col(Kpi.id))
        .order_by(col(Baseline.number).desc())
        .limit(1)
    )
    statement = (
        select_columns(
            Kpi,
            newest.correlate(Kpi).scalar_subquery(),
            _last(Reading.value, is_now),
            _last(Reading.read_for, is_now),
            _last(Reading.value, is_before),
            *CASE,
        )
        .join(UseCase, col(UseCase.id) == col(Kpi.use_case_id))
        .where(col(Kpi.id).in_(kpi_ids), *TEXT_IN_FORCE)
    )
    return {row[0].id: Line(Case(*row[5:]), *row[:5]) for row in session.execute(statement)}


def _last(column: Any, within: ColumnElement[bool]) -> ColumnElement[Any]:
    newest = select_columns(col(column)).where(col(Reading.kpi_id) == col(Kpi.id), OWN, within)
    return newest.order_by(*NEWEST_FIRST).limit(1).correlate(Kpi).scalar_subquery()


def readings_at(
    session: Session, kpi_id: UUID, days: tuple[date, date], *, as_of: datetime, earlier: int
) -> Sequence[Reading]:
    """Return the readings of a KPI that counted at a moment: of these days, and so many before, the newest first."""
    counted = (
        col(Reading.kpi_id) == kpi_id,
        col(Reading.entered_at) <= as_of,
        or_(col(Reading.superseded_at).is_(None), col(Reading.superseded_at) > as_of),
    )
    first, last = days
    within = select(Reading).where(*counted, col(Reading.read_for).between(first, last)).order_by(*NEWEST_FIRST)
    before = select(Reading).where(*counted, col(Reading.read_for) < first).order_by(*NEWEST_FIRST).limit(earlier)
    return [*session.exec(within), *session.exec(before)]


def verdicts_at(
    session: Session, reading_ids: Collection[UUID], *, as_of: datetime
) -> Sequence[tuple[Verification, str | None]]:
    """Return everything that had been said of these readings at a moment, the oldest first."""
    if not reading_ids:
        return []
    statement = (
        select(Verification, FreeText.body)
        .outerjoin(FreeText, col(FreeText.id) == col(Verification.reason_id))
        .where(col(Verification.reading_id).in_(reading_ids), col(Verification.said_at) <= as_of)
        .order_by(col(Verification.said_at), col(Verification.id))
    )
    return [(row[0], row[1]) for row in session.exec(statement)]
