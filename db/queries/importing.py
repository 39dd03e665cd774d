"""Readings that came without a check-in: from a system, or a survey."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import select as select_columns
from sqlmodel import col, select

from db.enums import UseCaseState
from db.session import Session
from db.tables import Kpi, Reading, UseCase


def use_cases_numbered(session: Session, numbers: Collection[int]) -> Mapping[int, tuple[UUID, UseCaseState]]:
    """Return id and state of the use cases with these numbers; a number nobody has is missing."""
    if not numbers:
        return {}
    statement = select_columns(col(UseCase.number), col(UseCase.id), col(UseCase.state))
    rows = session.connection().execute(statement.where(col(UseCase.number).in_(numbers)))
    return {number: (use_case_id, state) for number, use_case_id, state in rows}


def lock_kpis_of(session: Session, use_case_ids: Collection[UUID]) -> Sequence[Kpi]:
    """Return every KPI of these use cases, which nobody else can change, or import for, before the commit."""
    if not use_case_ids:
        return []
    statement = select(Kpi).where(col(Kpi.use_case_id).in_(use_case_ids))
    return session.exec(statement.order_by(col(Kpi.id)).with_for_update(key_share=True)).all()


def imported(session: Session, kpi_ids: Collection[UUID]) -> Sequence[Reading]:
    """Return the readings of these KPIs that count and that nobody answered in a check-in."""
    if not kpi_ids:
        return []
    of_them = (
        col(Reading.kpi_id).in_(kpi_ids),
        col(Reading.superseded_at).is_(None),
        col(Reading.check_in_id).is_(None),
    )
    return session.exec(select(Reading).where(*of_them)).all()
