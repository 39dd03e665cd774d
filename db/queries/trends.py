"""The numbers of KPIs over time, who confirmed them, and the dates on which they were asked for."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import and_, func
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from db.enums import CheckInState, Confidence, Verdict
from db.session import Session
from db.tables import CheckIn, CheckInAnswer, CheckInSchedule, Kpi, Reading, Verification


class Counted(NamedTuple):
    """A KPI, since when there is one, and how many readings of it count."""

    kpi_id: UUID
    created_at: datetime
    readings: int


class Asked(NamedTuple):
    """A check-in, whose it is, and what was said of the use case in the answer that counts."""

    check_in_id: UUID
    schedule_id: UUID
    person_id: UUID
    on_date: date
    state: CheckInState
    confidence: Confidence | None


def counted(session: Session, kpi_ids: Collection[UUID]) -> Sequence[Counted]:
    if not kpi_ids:
        return []
    counts = and_(col(Reading.kpi_id) == col(Kpi.id), col(Reading.superseded_at).is_(None))
    statement = (
        select_columns(col(Kpi.id), col(Kpi.created_at), func.count(col(Reading.id)))
        .outerjoin(Reading, counts)
        .where(col(Kpi.id).in_(kpi_ids))
        .group_by(col(Kpi.id), col(Kpi.created_at))
    )
    return [Counted(*row) for row in session.connection().execute(statement)]


def newest_readings(session: Session, kpi_ids: Collection[UUID], *, each: int) -> Sequence[Reading]:
    """Return the newest readings that count, so many of each KPI, the oldest of them first."""
    if not kpi_ids:
        return []
    order = (col(Reading.read_for).desc(), col(Reading.entered_at).desc(), col(Reading.id).desc())
    place = func.row_number().over(partition_by=col(Reading.kpi_id), order_by=order).label("place")
    ranked = (
        select_columns(col(Reading.id), place)
        .where(col(Reading.kpi_id).in_(kpi_ids), col(Reading.superseded_at).is_(None))
        .subquery()
    )
    statement = select(Reading).join(ranked, ranked.c.id == col(Reading.id)).where(ranked.c.place <= each)
    return session.exec(statement.order_by(col(Reading.read_for), col(Reading.entered_at), col(Reading.id))).all()


def verdicts(session: Session, reading_ids: Collection[UUID]) -> Sequence[tuple[UUID, UUID, Verdict]]:
    """Return who says what of which of these readings now: the newest of a person counts, of their own nothing does."""
    if not reading_ids:
        return []
    newest_first = (col(Verification.said_at).desc(), col(Verification.id).desc())
    by_person = (col(Verification.reading_id), col(Verification.person_id))
    said = (
        select_columns(
            *by_person,
            col(Verification.verdict),
            col(Verification.said_at),
            func.row_number().over(partition_by=by_person, order_by=newest_first).label("place"),
        )
        .join(Reading, col(Reading.id) == col(Verification.reading_id))
        .where(
            col(Verification.reading_id).in_(reading_ids),
            col(Verification.person_id).is_distinct_from(col(Reading.entered_by)),
        )
        .subquery()
    )
    statement = select_columns(said.c.reading_id, said.c.person_id, said.c.verdict).where(said.c.place == 1)
    rows = session.connection().execute(statement.order_by(said.c.said_at, said.c.person_id))
    return [(row[0], row[1], row[2]) for row in rows]


def asked_of(session: Session, use_case_id: UUID, *, limit: int) -> Sequence[Asked]:
    """Return the newest check-ins of a use case, the newest first."""
    counts = and_(
        col(CheckInAnswer.check_in_id) == col(CheckIn.id), col(CheckInAnswer.revision) == col(CheckIn.revision)
    )
    statement = (
        select_columns(
            col(CheckIn.id),
            col(CheckIn.schedule_id),
            col(CheckInSchedule.person_id),
            col(CheckIn.on_date),
            col(CheckIn.state),
            col(CheckInAnswer.confidence),
        )
        .join(CheckInSchedule, col(CheckInSchedule.id) == col(CheckIn.schedule_id))
        .outerjoin(CheckInAnswer, counts)
        .where(col(CheckIn.use_case_id) == use_case_id)
        .order_by(col(CheckIn.on_date).desc(), col(CheckIn.id))
        .limit(limit)
    )
    return [Asked(*row) for row in session.connection().execute(statement)]
