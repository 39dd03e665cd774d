"""How KPIs stand at the end of a week, counted where they are stored: of a million readings some dozen rows come out.

`teams` are the spellings of one team's name; None: a digest is about all.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Subquery,
    Uuid,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    text,
    union_all,
)
from sqlalchemy import select as select_columns
from sqlmodel import col

from db.enums import Confidence, Direction, UseCaseState
from db.queries.intake import TEXT_IN_FORCE
from db.session import Session
from db.tables import (
    CheckIn,
    CheckInAnswer,
    CheckInSchedule,
    Kpi,
    Reading,
    UseCase,
    UseCaseRevision,
)

Teams = Collection[str] | None


@dataclass(frozen=True, slots=True)
class Days:
    """A window, the first day before it of the window before, and the moments at which both were over, in UTC."""

    first: date
    last: date
    first_before: date
    ended_at: datetime
    ended_before: datetime


_TEN_SECONDS = (
    text("SET LOCAL statement_timeout = 10000"),
    text("SET LOCAL idle_in_transaction_session_timeout = 10000"),  # what is read is worked on between two questions
)


class Stands(IntEnum):
    """How a KPI stands, what needs somebody first."""

    OFF_TRACK = 0
    AT_RISK = 1
    PAST_DUE = 2
    UNREAD = 3
    ON_TRACK = 4
    AT_TARGET = 5


class Stood(NamedTuple):
    """So many KPIs stand so at the end of the window and stood so before it; None: there were none then."""

    now: Stands | None
    before: Stands | None
    kpis: int


class Case(NamedTuple):
    """A use case as every full member may see it."""

    id: UUID
    number: int
    name: str
    team: str


CASE = (col(UseCase.id), col(UseCase.number), col(UseCaseRevision.name), col(UseCaseRevision.team))
ANSWER_COUNTS = and_(
    col(CheckInAnswer.check_in_id) == col(CheckIn.id), col(CheckInAnswer.revision) == col(CheckIn.revision)
)
OWN = and_(
    col(Reading.superseded_at).is_(None), col(Reading.source) == col(Kpi.source), col(Reading.unit) == col(Kpi.unit)
)
NEWEST_FIRST = (col(Reading.read_for).desc(), col(Reading.entered_at).desc(), col(Reading.id).desc())
_REACHES = case(
    (col(Kpi.direction) == Direction.UP, col(Reading.value) >= col(Kpi.target)),
    (col(Kpi.direction) == Direction.DOWN, col(Reading.value) <= col(Kpi.target)),
    else_=col(Reading.value).between(col(Kpi.target), func.coalesce(col(Kpi.target_high), col(Kpi.target))),
)


def take_time(session: Session) -> None:
    """Let what this transaction still asks take ten seconds each on PostgreSQL, where two are usual.

    Nobody waits for a digest, and on a busy server it must be late rather than missing. SQLite knows no such limit.
    """
    if session.dialect.name == "postgresql":
        for each in _TEN_SECONDS:
            session.connection().execute(each)


# ------------------------------------------------------------------------------------------------- KPIs


def standings(
    session: Session, days: Days, states: Collection[UseCaseState], teams: Teams, *, worst: int
) -> tuple[list[Stood], list[tuple[UUID, Stands]]]:
    """Return how many KPIs of use cases in these states stand how, and the worst ones that anybody may know of.

    Those are the first by standing, due day, use case and place in it; none that is on track or at its target.
    """
    stood = _stood(days, states, teams)
    counted = select_columns(
        stood.c.now, stood.c.before, func.count().label("count"), cast(null(), Uuid).label("kpi_id")
    ).group_by(stood.c.now, stood.c.before)
    order = (stood.c.now, stood.c.due, stood.c.number, stood.c.position, stood.c.id)
    first = (
        select_columns(
            stood.c.now, cast(null(), Integer).label("before"), literal(1).label("count"), stood.c.id.label("kpi_id")
        )
        .where(stood.c.now < Stands.ON_TRACK, stood.c.confidential.is_(False))
        .order_by(*order)
        .limit(worst)
        .subquery()
    )
    rows = session.connection().execute(union_all(counted, select_columns(first))).all()
    found = [Stood(_stands(row[0]), _stands(row[1]), row[2]) for row in rows if row[3] is None]
    return found, [(row[3], Stands(row[0])) for row in rows if row[3] is not None]


def _stands(rank: int | None) -> Stands | None:
    return None if rank is None else Stands(rank)


def _stood(days: Days, states: Collection[UseCaseState], teams: Teams) -> CTE:
    """Return each KPI with how it stands at the end of the window, and how it stood at the end of the one before."""
    facts = _facts(days, states, teams)
    there_now = or_(facts.c.retired_at.is_(None), facts.c.retired_at >= days.ended_at)
    there_before = facts.c.created_at < days.ended_before
    now = _standing(facts.c.said, facts.c.read, facts.c.due <= days.last)
    before = _standing(facts.c.said_before, facts.c.read_before, facts.c.due < days.first)
    return select_columns(
        facts.c.id,
        facts.c.confidential,
        facts.c.due,
        facts.c.number,
        facts.c.position,
        case((there_now, now)).label("now"),
        case((there_before, before)).label("before"),
    ).cte("stood")


def _standing(said: ColumnElement[Any], read: ColumnElement[Any], is_past: ColumnElement[bool]) -> ColumnElement[int]:
    """Return how a KPI stands: the one place that says what comes before what."""
    reaches, is_read = read >= _REACHING, read.in_((_READ, _READ + _REACHING))
    return case(
        (said == Confidence.OFF_TRACK, Stands.OFF_TRACK.value),
        (said == Confidence.AT_RISK, Stands.AT_RISK.value),
        (reaches, Stands.AT_TARGET.value),
        (is_past, Stands.PAST_DUE.value),
        (is_read, Stands.ON_TRACK.value),
        else_=Stands.UNREAD.value,
    )


_READ, _REACHING = 1, 2
"""What is known of a last reading, added up: it lies in the window, it reaches the target."""


def _facts(days: Days, states: Collection[UseCaseState], teams: Teams) -> CTE:
    """Return what decides how each KPI stands, worked out once for each."""
    lately, said = _lately(days, teams), _said(days)
    ever = (
        select_columns(case((_REACHES, _REACHING), else_=0))
        .where(col(Reading.kpi_id) == col(Kpi.id), OWN, col(Reading.read_for) < days.first_before)
        .order_by(*NEWEST_FIRST)
        .limit(1)
        .correlate(Kpi)
        .scalar_subquery()
    )
    reported = and_(
        col(CheckInSchedule.use_case_id) == col(Kpi.use_case_id), col(CheckInSchedule.person_id) == col(Kpi.owner_id)
    )
    statement = (
        select_columns(
            col(Kpi.id),
            col(Kpi.due),
            col(Kpi.position),
            col(Kpi.created_at),
            col(Kpi.retired_at),
            col(UseCase.confidential),
            col(UseCase.number),
            said.c.now.label("said"),
            said.c.before.label("said_before"),
            func.coalesce(lately.c.now, lately.c.before - _READ, ever).label("read"),
            func.coalesce(lately.c.before, ever).label("read_before"),
        )
        .join(UseCase, col(UseCase.id) == col(Kpi.use_case_id))
        .outerjoin(CheckInSchedule, reported)
        .outerjoin(said, said.c.schedule_id == col(CheckInSchedule.id))
        .outerjoin(lately, lately.c.kpi_id == col(Kpi.id))
        .where(
            col(UseCase.state).in_(states),
            col(Kpi.created_at) < days.ended_at,
            or_(col(Kpi.retired_at).is_(None), col(Kpi.retired_at) >= days.ended_before),
            *of(teams),
        )
    )
    return statement.cte("facts").prefix_with("MATERIALIZED")


def _lately(days: Days, teams: Teams) -> Subquery:
    """Return what is known of the last readings of each KPI in the two windows, found by their days.

    That is three times as fast as looking at each KPI by itself, and most are read each week.
    """
    is_now = case((col(Reading.read_for) >= days.first, 1), else_=0)
    place = func.row_number().over(partition_by=(col(Reading.kpi_id), is_now), order_by=NEWEST_FIRST)
    known = case((_REACHES, _READ + _REACHING), else_=_READ)
    ranked = (
        select_columns(col(Reading.kpi_id), is_now.label("is_now"), known.label("known"), place.label("place"))
        .join(Kpi, col(Kpi.id) == col(Reading.kpi_id))
        .where(OWN, col(Reading.read_for).between(days.first_before, days.last))
    )
    if teams is not None:
        ranked = ranked.join(UseCase, col(UseCase.id) == col(Kpi.use_case_id)).where(*of(teams))
    return _pivoted(ranked.subquery(), "kpi_id", "known")


def _said(days: Days) -> Subquery:
    """Return how sure whoever reports said to be, last in each of the two windows, by schedule."""
    is_now = case((col(CheckIn.on_date) >= days.first, 1), else_=0)
    place = func.row_number().over(
        partition_by=(col(CheckIn.schedule_id), is_now), order_by=col(CheckIn.on_date).desc()
    )
    ranked = (
        select_columns(
            col(CheckIn.schedule_id), is_now.label("is_now"), col(CheckInAnswer.confidence), place.label("place")
        )
        .join(CheckInAnswer, ANSWER_COUNTS)
        .where(col(CheckIn.on_date).between(days.first_before, days.last), col(CheckInAnswer.confidence).is_not(None))
    )
    return _pivoted(ranked.subquery(), "schedule_id", "confidence")


def _pivoted(ranked: Subquery, key: str, value: str) -> Subquery:
    """Return by key what stands first in each of the two windows."""
    whose, told = ranked.c[key], ranked.c[value]
    return (
        select_columns(
            whose,
            func.max(case((ranked.c.is_now == 1, told))).label("now"),
            func.max(case((ranked.c.is_now == 0, told))).label("before"),
        )
        .where(ranked.c.place == 1)
        .group_by(whose)
        .subquery()
    )


def of(teams: Teams) -> tuple[ColumnElement[bool], ...]:
    """Return what is true of use cases of these teams by their text in force; nothing where all count.

    Confidential ones are of no team: beside the others of it what is theirs would follow.
    """
    if teams is None:
        return ()
    return (
        col(UseCase.confidential).is_(False),
        exists().where(*TEXT_IN_FORCE, col(UseCaseRevision.team).in_(teams)).correlate(UseCase),
    )
