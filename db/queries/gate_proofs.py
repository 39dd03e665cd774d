"""Which use cases may prove that one hit its metrics or was measured long enough, asked of all of them at once.

A large organisation has many times more readings than proofs: what can be none is left out where it is stored.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import and_, case, exists, func, or_
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import col

from db.enums import Cadence, Direction, KpiSource, Verdict
from db.session import Session
from db.tables import Baseline, Kpi, Person, Reading, UseCase, Verification

AT_ONCE: Final = 300
"""How many use cases are asked about at once: databases know an end to what one statement names."""

_REACHES = case(
    (col(Kpi.direction) == Direction.UP, col(Reading.value) >= col(Kpi.target)),
    (col(Kpi.direction) == Direction.DOWN, col(Reading.value) <= col(Kpi.target)),
    else_=col(Reading.value).between(col(Kpi.target), func.coalesce(col(Kpi.target_high), col(Kpi.target))),
)
_IS_IN_USE = and_(col(Kpi.use_case_id) == col(UseCase.id), col(Kpi.retired_at).is_(None))
_COUNTS = and_(
    col(Reading.kpi_id) == col(Kpi.id), col(Reading.superseded_at).is_(None), col(Reading.unit) == col(Kpi.unit)
)


class Compared(NamedTuple):
    """A KPI in use with a baseline in its unit that counts now, the moment its first one was locked, and its zone."""

    id: UUID
    use_case_id: UUID
    name: str
    unit: str
    due: date
    direction: Direction
    target: float
    target_high: float | None
    cadence: Cadence
    every_weeks: int | None
    zone: str
    locked_at: datetime
    baseline: float


def may_be_hit(session: Session, use_case_ids: Collection[UUID]) -> Sequence[UUID]:
    """Return those of these use cases of which no KPI in use lacks a sure reading that reaches its target.

    Among them are all that hit their metrics; that needs two in a row, which this does not ask.
    """
    confirmed = exists().where(
        col(Verification.reading_id) == col(Reading.id), col(Verification.verdict) == Verdict.CONFIRMED
    )
    is_sure = or_(col(Reading.source) == KpiSource.SYSTEM, confirmed)
    once = exists().where(_COUNTS, _REACHES, is_sure)
    lacks = exists().where(_IS_IN_USE, ~once)
    statement = select_columns(col(UseCase.id)).where(
        col(UseCase.id).in_(use_case_ids), exists().where(_IS_IN_USE), ~lacks
    )
    return session.connection().execute(statement).scalars().all()


def in_use(session: Session, use_case_ids: Collection[UUID]) -> Mapping[UUID, int]:
    """Return how many KPIs in use each of these use cases has."""
    is_theirs = (col(Kpi.use_case_id).in_(use_case_ids), col(Kpi.retired_at).is_(None))
    statement = select_columns(col(Kpi.use_case_id), func.count()).where(*is_theirs).group_by(col(Kpi.use_case_id))
    return {row[0]: row[1] for row in session.connection().execute(statement)}


def compared(session: Session, use_case_ids: Collection[UUID]) -> Sequence[Compared]:
    """Return the KPIs in use of these use cases that have a baseline in their unit."""
    newest, first = aliased(Baseline), aliased(Baseline)

    def number(which: Any) -> Any:
        theirs = select_columns(which(col(Baseline.number))).where(col(Baseline.kpi_id) == col(Kpi.id))
        return theirs.correlate(Kpi).scalar_subquery()

    statement = (
        select_columns(
            col(Kpi.id),
            col(Kpi.use_case_id),
            col(Kpi.name),
            col(Kpi.unit),
            col(Kpi.due),
            col(Kpi.direction),
            col(Kpi.target),
            col(Kpi.target_high),
            col(Kpi.cadence),
            col(Kpi.every_weeks),
            col(Person.zone),
            col(first.locked_at),
            col(newest.value),
        )
        .select_from(Kpi)
        .join(newest, and_(col(newest.kpi_id) == col(Kpi.id), col(newest.number) == number(func.max)))
        .join(first, and_(col(first.kpi_id) == col(Kpi.id), col(first.number) == number(func.min)))
        .join(Person, col(Person.id) == col(Kpi.owner_id))
        .where(col(Kpi.retired_at).is_(None), col(newest.unit) == col(Kpi.unit), col(Kpi.use_case_id).in_(use_case_ids))
    )
    return [Compared._make(row) for row in session.connection().execute(statement)]


def read_between(
    session: Session, kpi_ids: Collection[UUID], first: date, last: date
) -> Sequence[tuple[UUID, date, float]]:
    """Return (KPI, day, value) of the readings of these KPIs that count, in its unit, from `first` to `last`."""
    statement = (
        select_columns(col(Reading.kpi_id), col(Reading.read_for), col(Reading.value))
        .join(Kpi, _COUNTS)
        .where(col(Reading.kpi_id).in_(kpi_ids), col(Reading.read_for).between(first, last))
    )
    return [(row[0], row[1], row[2]) for row in session.connection().execute(statement)]
