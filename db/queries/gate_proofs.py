"""Which use cases may prove that one hit its metrics or was measured long enough, asked of all of them at once.

A large organisation has many times more readings than proofs: what can be none is left out where it is stored.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import and_, case, exists, func, or_
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import col

from db.enums import Cadence, Direction, KpiSource, UseCaseState, Verdict
from db.session import Session
from db.tables import Baseline, Kpi, Person, Reading, UseCaseStage, Verification

AT_ONCE: Final = 500
"""How many ids one statement names: databases know an end to them."""

_REACHES = case(
    (col(Kpi.direction) == Direction.UP, col(Reading.value) >= col(Kpi.target)),
    (col(Kpi.direction) == Direction.DOWN, col(Reading.value) <= col(Kpi.target)),
    else_=col(Reading.value).between(col(Kpi.target), func.coalesce(col(Kpi.target_high), col(Kpi.target))),
)
_OF_DEPLOYED = col(Kpi.use_case_id).in_(
    select_columns(col(UseCaseStage.use_case_id)).where(col(UseCaseStage.state) == UseCaseState.IN_DEPLOYMENT)
)
_IS_IN_USE = and_(col(Kpi.use_case_id) == col(UseCaseStage.use_case_id), col(Kpi.retired_at).is_(None))
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


class Read(NamedTuple):
    """A reading that counts, in its KPI's unit."""

    kpi_id: UUID
    read_for: date
    value: float


def may_be_hit(session: Session) -> set[UUID]:
    """Return the use cases deployed once of which no KPI in use lacks a reading that reaches its target and is sure.

    Among them are all that hit their metrics; that needs two in a row, which this does not ask.
    """
    confirmed = exists().where(
        col(Verification.reading_id) == col(Reading.id), col(Verification.verdict) == Verdict.CONFIRMED
    )
    is_sure = or_(col(Reading.source) == KpiSource.SYSTEM, confirmed)
    once = exists().where(_COUNTS, _REACHES, is_sure)
    lacks = exists().where(_IS_IN_USE, ~once)
    statement = (
        select_columns(col(UseCaseStage.use_case_id))
        .where(col(UseCaseStage.state) == UseCaseState.IN_DEPLOYMENT, exists().where(_IS_IN_USE), ~lacks)
        .distinct()
    )
    return set(session.connection().execute(statement).scalars())


def in_use(session: Session) -> Mapping[UUID, int]:
    """Return how many KPIs in use each use case has that was deployed once."""
    statement = select_columns(col(Kpi.use_case_id), func.count()).where(col(Kpi.retired_at).is_(None), _OF_DEPLOYED)
    return {row[0]: row[1] for row in session.connection().execute(statement.group_by(col(Kpi.use_case_id)))}


def compared(session: Session) -> Sequence[Compared]:
    """Return the KPIs in use of use cases deployed once that have a baseline in their unit, the first locked first."""
    newest, first = aliased(Baseline), aliased(Baseline)
    numbers = (
        select_columns(
            col(Baseline.kpi_id),
            func.min(col(Baseline.number)).label("first"),
            func.max(col(Baseline.number)).label("last"),
        )
        .group_by(col(Baseline.kpi_id))
        .subquery("numbers")
    )
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
        .join(numbers, numbers.c.kpi_id == col(Kpi.id))
        .join(newest, and_(col(newest.kpi_id) == col(Kpi.id), col(newest.number) == numbers.c.last))
        .join(first, and_(col(first.kpi_id) == col(Kpi.id), col(first.number) == numbers.c.first))
        .join(Person, col(Person.id) == col(Kpi.owner_id))
        .where(col(Kpi.retired_at).is_(None), col(newest.unit) == col(Kpi.unit), _OF_DEPLOYED)
        .order_by(col(first.locked_at), col(Kpi.id))
    )
    return [Compared._make(row) for row in session.connection().execute(statement)]


def read_between(session: Session, kpi_ids: Sequence[UUID], first: date, last: date) -> Sequence[Read]:
    """Return the readings of these KPIs, at most `AT_ONCE`, that count and are for days from `first` to `last`."""
    statement = (
        select_columns(col(Reading.kpi_id), col(Reading.read_for), col(Reading.value))
        .join(Kpi, _COUNTS)
        .where(col(Reading.kpi_id).in_(kpi_ids), col(Reading.read_for).between(first, last))
    )
    return [Read._make(row) for row in session.connection().execute(statement)]
