"""What the answers of a week come to: hours, corrections, costs and what these brought.

It is about check-ins dated in the window, and of each about the answer that counts, whenever it came.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, false, func, literal, or_
from sqlalchemy import select as select_columns
from sqlmodel import col

from db.enums import Direction
from db.queries.digest_asked import answered, of_teams
from db.queries.digest_numbers import ANSWER_COUNTS, CASE, Case, Days, Teams
from db.queries.intake import TEXT_IN_FORCE
from db.session import Session
from db.tables import (
    Baseline,
    CheckIn,
    CheckInAnswer,
    CheckInSchedule,
    Kpi,
    Reading,
    UseCase,
)


class Claimed(NamedTuple):
    """What was said in a window of the use cases with a locked baseline, or of those without one.

    `claims` of them say how many hours they saved; of `known` of these it is known how much had to be corrected, and
    net hours are theirs alone. A cause nobody said anything of is None. `unknown` answers say nothing of corrections.
    """

    is_now: bool
    has_baseline: bool
    low: float
    high: float
    claims: int
    net_low: float
    net_high: float
    known: int
    looked_at: int
    by_prompt: int | None
    by_context: int | None
    by_workflow: int | None
    unknown: int


class Told(NamedTuple):
    """What was said of one use case, None where it was not. `unknown` answers say nothing of corrections."""

    case: Case
    confidential: bool
    has_baseline: bool
    low: float | None
    high: float | None
    looked_at: int
    by_prompt: int | None
    by_context: int | None
    by_workflow: int | None
    unknown: int


class Returned(NamedTuple):
    """`value` and `cost` of the check-ins of a use case that tell both. There are `of_all` use cases that do."""

    case: Case
    currency: str
    value: float
    cost: float
    of_all: int


_CORRECTED = (
    col(CheckInAnswer.corrected_prompt),
    col(CheckInAnswer.corrected_context),
    col(CheckInAnswer.corrected_workflow),
)
_LOOKED = and_(col(CheckInAnswer.looked_at) > 0, or_(*(each.is_not(None) for each in _CORRECTED)))
"""Somebody looked at outputs, and says of one cause at least how many it corrected: nothing said is not nought."""


def claims(session: Session, days: Days, teams: Teams) -> list[Claimed]:
    """Return what was said in the window and in the one before, with a locked baseline and without, in four rows."""
    each = _by_case(days, teams, (days.first_before, days.last))
    locked = _with_baseline()
    causes = (each.c.by_prompt, each.c.by_context, each.c.by_workflow)
    corrected = sum((func.coalesce(cause, 0) for cause in causes), start=literal(0))
    is_known = and_(each.c.low.is_not(None), each.c.looked_at > 0)
    kept = case((is_known, 1.0 - corrected * 1.0 / func.nullif(each.c.looked_at, 0)))
    has_baseline = case((locked.c.use_case_id.is_not(None), 1), else_=0).label("has_baseline")
    sums = (each.c.looked_at, *causes, each.c.unknown)
    statement = (
        select_columns(
            each.c.is_now,
            has_baseline,
            func.coalesce(func.sum(each.c.low), 0.0),
            func.coalesce(func.sum(each.c.high), 0.0),
            func.count(each.c.low),
            func.coalesce(func.sum(each.c.low * kept), 0.0),
            func.coalesce(func.sum(each.c.high * kept), 0.0),
            func.count(kept),
            *(func.sum(column) for column in sums),
        )
        .select_from(each.outerjoin(locked, locked.c.use_case_id == each.c.use_case_id))
        .group_by(each.c.is_now, has_baseline)
    )
    rows = session.connection().execute(statement)
    return [Claimed(bool(row[0]), bool(row[1]), *row[2:8], *map(_whole, row[8:])) for row in rows]


def told(session: Session, days: Days, teams: Teams, *, as_of: datetime | None) -> list[Told]:
    """Return what was said of each use case in the window, by its number; of those nothing was said of nothing.

    With `as_of` it is what counted then.
    """
    each, locked = _by_case(days, teams, (days.first, days.last), as_of=as_of), _with_baseline()
    statement = (
        select_columns(
            *CASE,
            col(UseCase.confidential),
            case((locked.c.use_case_id.is_not(None), 1), else_=0),
            each.c.low,
            each.c.high,
            each.c.looked_at,
            each.c.by_prompt,
            each.c.by_context,
            each.c.by_workflow,
            each.c.unknown,
        )
        .select_from(each.outerjoin(locked, locked.c.use_case_id == each.c.use_case_id))
        .where(col(UseCase.id) == each.c.use_case_id, *TEXT_IN_FORCE)
        .order_by(col(UseCase.number))
    )
    rows = session.connection().execute(statement)
    return [Told(Case(*row[:4]), row[4], bool(row[5]), *row[6:8], *map(_whole, row[8:])) for row in rows]


def _whole(count: Any) -> Any:
    """Return a sum as a whole number: PostgreSQL sums large ones as decimals."""
    return None if count is None else int(count)


def costs(session: Session, days: Days, teams: Teams) -> dict[str, float]:
    """Return what use cases cost in the window, by currency."""
    statement = (
        answered(days, teams, col(CheckInAnswer.currency), func.sum(col(CheckInAnswer.cost)))
        .where(col(CheckInAnswer.cost).is_not(None), col(CheckInAnswer.currency).is_not(None))
        .group_by(col(CheckInAnswer.currency))
        .order_by(col(CheckInAnswer.currency))
    )
    return {row[0]: row[1] for row in session.connection().execute(statement)}


def returns(session: Session, days: Days, teams: Teams, signs: Mapping[str, str], *, limit: int) -> list[Returned]:
    """Return what use cases brought in the currency they cost, the worst first.

    That is how far KPIs counted in that currency moved in the good direction from their locked baseline to the reading
    of the very check-in that says the cost. `signs` are those of currencies; a band has no good direction.
    """
    paid = _gains(days, teams, signs)
    by_case = (
        select_columns(
            paid.c.use_case_id,
            paid.c.currency,
            func.sum(paid.c.gain).label("value"),
            func.sum(paid.c.cost).label("cost"),
            func.count().over().label("of_all"),
        )
        .where(paid.c.gain.is_not(None))
        .group_by(paid.c.use_case_id, paid.c.currency)
        .subquery()
    )
    ratio = (by_case.c.value - by_case.c.cost) / by_case.c.cost
    statement = (
        select_columns(*CASE, by_case.c.currency, by_case.c.value, by_case.c.cost, by_case.c.of_all)
        .where(col(UseCase.id) == by_case.c.use_case_id, *TEXT_IN_FORCE, col(UseCase.confidential).is_(False))
        .order_by(ratio, col(UseCase.number))
        .limit(limit)
    )
    return [Returned(Case(*row[:4]), *row[4:]) for row in session.connection().execute(statement)]


def _gains(days: Days, teams: Teams, signs: Mapping[str, str]) -> Subquery:
    """Return the check-ins of the window that say a cost, and what their KPIs in that currency gained on the baseline.

    Its readings are found by the check-in: joined, PostgreSQL would begin at all readings there ever were.
    """
    columns = (col(CheckIn.id), col(CheckIn.use_case_id), col(CheckInAnswer.currency), col(CheckInAnswer.cost))
    paid = answered(days, teams, *columns).where(col(CheckInAnswer.cost) > 0).cte("paid").prefix_with("MATERIALIZED")
    unit = func.trim(col(Kpi.unit))
    signed = (and_(unit == sign, paid.c.currency == currency) for currency, sign in signs.items())
    baseline = (
        select_columns(case((col(Baseline.unit) == col(Kpi.unit), col(Baseline.value))))
        .where(col(Baseline.kpi_id) == col(Kpi.id))
        .order_by(col(Baseline.number).desc())
        .limit(1)
        .correlate(Kpi)
        .scalar_subquery()
    )
    moved = col(Reading.value) - baseline
    gain = (
        select_columns(func.sum(case((col(Kpi.direction) == Direction.UP, moved), else_=-moved)))
        .select_from(Reading)
        .join(Kpi, and_(col(Kpi.id) == col(Reading.kpi_id), col(Kpi.unit) == col(Reading.unit)))
        .where(
            col(Reading.check_in_id) == paid.c.id,
            col(Reading.superseded_at).is_(None),
            col(Kpi.retired_at).is_(None),
            col(Kpi.direction) != Direction.BAND,
            or_(func.upper(unit) == paid.c.currency, *signed),
        )
        .correlate(paid)
        .scalar_subquery()
    )
    return select_columns(paid.c.use_case_id, paid.c.currency, paid.c.cost, gain.label("gain")).subquery()


# ---------------------------------------------------------------------------------------------- the check-ins


def _by_case(days: Days, teams: Teams, within: tuple[Any, Any], *, as_of: datetime | None = None) -> Subquery:
    """Return by use case and window what its answers say together, None where none of them does."""
    is_now = case((col(CheckIn.on_date) >= days.first, 1), else_=0).label("is_now")
    asked_of_it = and_(col(CheckInSchedule.is_whole).is_(True), ~func.coalesce(_LOOKED, false()))
    statement: Select[Any] = select_columns(
        col(CheckIn.use_case_id),
        is_now,
        func.sum(col(CheckInAnswer.hours_low)).label("low"),
        func.sum(col(CheckInAnswer.hours_high)).label("high"),
        func.sum(case((_LOOKED, col(CheckInAnswer.looked_at)), else_=0)).label("looked_at"),
        *(
            func.sum(case((_LOOKED, column))).label(name)
            for column, name in zip(_CORRECTED, ("by_prompt", "by_context", "by_workflow"), strict=True)
        ),
        func.sum(case((asked_of_it, 1), else_=0)).label("unknown"),
    ).select_from(CheckIn)
    statement = statement.join(CheckInAnswer, ANSWER_COUNTS if as_of is None else _counted_at(as_of))
    statement = statement.join(CheckInSchedule, col(CheckInSchedule.id) == col(CheckIn.schedule_id))
    statement = of_teams(statement.where(col(CheckIn.on_date).between(*within)), teams)
    return statement.group_by(col(CheckIn.use_case_id), is_now).subquery()


def _counted_at(as_of: datetime) -> ColumnElement[bool]:
    """Return what joins a check-in to the revision that counted at a moment."""
    newest = (
        select_columns(func.max(col(CheckInAnswer.revision)))
        .where(col(CheckInAnswer.check_in_id) == col(CheckIn.id), col(CheckInAnswer.answered_at) <= as_of)
        .correlate(CheckIn)
        .scalar_subquery()
    )
    return and_(col(CheckInAnswer.check_in_id) == col(CheckIn.id), col(CheckInAnswer.revision) == newest)


def _with_baseline() -> Subquery:
    """Return the use cases with a locked baseline: of one KPI in use at least, in the unit it has."""
    return (
        select_columns(col(Kpi.use_case_id))
        .join(Baseline, and_(col(Baseline.kpi_id) == col(Kpi.id), col(Baseline.unit) == col(Kpi.unit)))
        .where(col(Kpi.retired_at).is_(None))
        .distinct()
        .subquery()
    )
