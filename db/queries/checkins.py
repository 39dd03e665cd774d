"""KPIs, their baselines and what changed about them."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from db.ids import new_id
from db.session import Session
from db.tables import Baseline, FreeText, Kpi, KpiChange, UseCase

_METHOD, _REASON = aliased(FreeText), aliased(FreeText)

Worded = tuple[Baseline, str, str | None]
"""A baseline, how it was measured, and why it amends the one before."""


# ------------------------------------------------------------------------------------------------ KPIs


def kpi(session: Session, kpi_id: UUID) -> Kpi | None:
    return session.exec(select(Kpi).where(Kpi.id == kpi_id)).first()


def lock_kpi(session: Session, kpi_id: UUID) -> Kpi | None:
    """Return a KPI that nobody else can change before the commit; readings of it may be added."""
    return session.exec(select(Kpi).where(Kpi.id == kpi_id).with_for_update(key_share=True)).first()


def lock_kpis(session: Session, use_case_id: UUID) -> Sequence[Kpi]:
    """Return every KPI a use case ever had, which nobody else can change before the commit; readings may be added.

    Whoever answers holds the schedule and adds a reading, whoever changes KPIs holds them and takes the schedules.
    """
    statement = select(Kpi).where(Kpi.use_case_id == use_case_id).order_by(col(Kpi.id))
    return session.exec(statement.with_for_update(key_share=True)).all()


def kpis_of(session: Session, use_case_ids: Collection[UUID]) -> Sequence[Kpi]:
    """Return every KPI these use cases ever had, those in use first, in the order of their texts."""
    if not use_case_ids:
        return []
    statement = select(Kpi).where(col(Kpi.use_case_id).in_(use_case_ids))
    in_use_first = col(Kpi.retired_at).is_not(None)
    return session.exec(statement.order_by(in_use_first, col(Kpi.position), col(Kpi.id))).all()


def use_cases_with_kpis_of(session: Session, owner_id: UUID) -> Sequence[UUID]:
    """Return the use cases that have a KPI in use which this person answers for, the newest first."""
    statement = (
        select_columns(col(UseCase.id))
        .where(
            col(UseCase.id).in_(
                select_columns(col(Kpi.use_case_id)).where(col(Kpi.owner_id) == owner_id, col(Kpi.retired_at).is_(None))
            )
        )
        .order_by(col(UseCase.number).desc())
    )
    return session.connection().execute(statement).scalars().all()


def insert_kpi(session: Session, values: dict[str, Any]) -> None:
    session.connection().execute(insert(Kpi), values)


def update_kpi(session: Session, kpi_id: UUID, *, version: int, values: dict[str, Any]) -> None:
    """Write `values`; the transaction fails unless the row still has `version`."""
    statement = update(Kpi).where(col(Kpi.id) == kpi_id, col(Kpi.version) == version)
    if session.connection().execute(statement.values(values | {"version": version + 1})).rowcount != 1:
        raise LookupError(f"KPI {kpi_id} is no longer at version {version}")


# ------------------------------------------------------------------------------------------- baselines


def insert_baseline(session: Session, values: dict[str, Any]) -> UUID:
    baseline_id = new_id()
    session.connection().execute(insert(Baseline), {"id": baseline_id, **values})
    return baseline_id


def baselines_of(session: Session, kpi_ids: Collection[UUID]) -> Sequence[Worded]:
    """Return every baseline of these KPIs with its words, the first one first."""
    if not kpi_ids:
        return []
    statement = (
        select(Baseline, _METHOD.body, _REASON.body)
        .join(_METHOD, col(_METHOD.id) == col(Baseline.method_id))
        .outerjoin(_REASON, col(_REASON.id) == col(Baseline.reason_id))
        .where(col(Baseline.kpi_id).in_(kpi_ids))
        .order_by(col(Baseline.kpi_id), col(Baseline.number))
    )
    return session.exec(statement).all()


# --------------------------------------------------------------------------------------------- history


def insert_changes(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        session.connection().execute(insert(KpiChange), [{"id": new_id(), **row} for row in rows])


def changes_of(session: Session, kpi_ids: Collection[UUID]) -> Sequence[KpiChange]:
    """Return what changed about these KPIs, the newest first."""
    if not kpi_ids:
        return []
    newest_first = (col(KpiChange.changed_at).desc(), col(KpiChange.id).desc())
    return session.exec(select(KpiChange).where(col(KpiChange.kpi_id).in_(kpi_ids)).order_by(*newest_first)).all()
