"""How far use cases came by a moment, counted."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, Subquery, and_, case, func, literal, union_all
from sqlalchemy import select as select_columns
from sqlmodel import col

from db.enums import RequestStatus, UseCaseState
from db.queries.digest_cases import KIND, CaseRow, Spans, Teams, cases, in_teams, not_before, number_of
from db.session import Session
from db.tables import ApprovalRequest, BreakGlass, Recording, UseCase, UseCaseStage, UseCaseSuspension

LATER: Final = (UseCaseState.IN_DEPLOYMENT, UseCaseState.DEPLOYED, UseCaseState.OPTIMISING, UseCaseState.SCALING)
STAGES: Final = 2 + len(LATER)
"""Proposed, approved, and the states of a use case's life after that, in their order."""

_ORIGINAL = and_(col(ApprovalRequest.subject_kind) == KIND, col(ApprovalRequest.amends_id).is_(None))


class Counts(NamedTuple):
    """How many; of those with two numbers the first is of the window, the second of the one before it."""

    rejected: int
    rejected_before: int
    suspended: int
    retired: int
    to_propose: int
    late: int
    break_glass: int
    break_glass_before: int


def reached(session: Session, spans: Spans, teams: Teams) -> Sequence[tuple[int, int, int]]:
    """Return for each stage how many use cases ever reached it, how many first in the window, and in the one before.

    Whoever reached a later stage reached those before it, then at the latest.
    """
    first = _first_reached(spans.until, teams)
    columns: list[ColumnElement[Any]] = []
    for each in first.c[1:]:
        now, before = each >= spans.begins, and_(each >= spans.before, each < spans.begins)
        columns += [func.count(each), number_of(now), number_of(before)]
    row = [int(each or 0) for each in session.connection().execute(select_columns(*columns)).one()]
    return [(row[at], row[at + 1], row[at + 2]) for at in range(0, len(row), 3)]


def reached_in(session: Session, spans: Spans, stage: int, teams: Teams) -> Sequence[tuple[CaseRow, datetime]]:
    """Return the use cases that first reached a stage in the window, by its place in their order, first come first."""
    first = _first_reached(spans.until, teams)
    at = first.c[stage + 1]
    statement = cases(at).join(first, first.c.use_case_id == col(UseCase.id)).where(at >= spans.begins)
    found = session.connection().execute(statement.order_by(at, col(UseCase.number)))
    return [(CaseRow(*row[1:]), row[0]) for row in found]


def counts(session: Session, spans: Spans, teams: Teams, *, today: date) -> Counts:
    """Return the rest of what is counted, in one statement; `today` is the day by which what is late was due."""
    recorded = _recorded(spans.until, teams)
    glass = _within(
        col(BreakGlass.called_at),
        spans,
        col(BreakGlass.subject_kind) == KIND,
        in_teams(col(BreakGlass.subject_id), teams),
    )
    rejected = _within(
        col(ApprovalRequest.settled_at),
        spans,
        _ORIGINAL,
        col(ApprovalRequest.status) == RequestStatus.REJECTED,
        in_teams(col(ApprovalRequest.subject_id), teams),
    )
    suspended = select_columns(func.count(col(UseCaseSuspension.use_case_id).distinct())).where(
        col(UseCaseSuspension.since) < spans.until,
        not_before(col(UseCaseSuspension.lifted_at), spans.until),
        in_teams(col(UseCaseSuspension.use_case_id), teams),
    )
    retired = select_columns(func.count(col(UseCaseStage.use_case_id).distinct())).where(
        col(UseCaseStage.state) == UseCaseState.RETIRED,
        col(UseCaseStage.entered_at) < spans.until,
        in_teams(col(UseCaseStage.use_case_id), teams),
    )
    late = recorded.where(col(Recording.propose_by) < today)
    every = (*rejected, suspended, retired, recorded, late, *glass)
    row = session.connection().execute(select_columns(*(each.scalar_subquery() for each in every))).one()
    return Counts(*(int(each or 0) for each in row))


def _first_reached(until: datetime, teams: Teams) -> Subquery:
    """Return when each use case first reached each stage before a moment: its id, then a column for each stage."""
    request: Select[Any, Any, Any] = select_columns(
        col(ApprovalRequest.subject_id).label("use_case_id"),
        literal(0).label("place"),
        col(ApprovalRequest.opened_at).label("at"),
    ).where(_ORIGINAL)
    approved = select_columns(col(ApprovalRequest.subject_id), literal(1), col(ApprovalRequest.settled_at)).where(
        _ORIGINAL, col(ApprovalRequest.status) == RequestStatus.APPROVED
    )
    place = case(*((col(UseCaseStage.state) == state, number) for number, state in enumerate(LATER, start=2)))
    later = select_columns(col(UseCaseStage.use_case_id), place, col(UseCaseStage.entered_at)).where(
        col(UseCaseStage.state).in_(LATER)
    )
    moved = union_all(request, approved, later).subquery("moved")
    firsts = [
        func.min(case((moved.c.place >= number, moved.c["at"]))).label(f"at_{number}") for number in range(STAGES)
    ]
    statement = select_columns(moved.c.use_case_id, *firsts).where(
        moved.c["at"] < until, in_teams(moved.c.use_case_id, teams)
    )
    return statement.group_by(moved.c.use_case_id).subquery("first_reached")


def _recorded(until: datetime, teams: Teams) -> Select[Any]:
    """Return a statement that counts what was recorded, and neither proposed nor dropped before a moment."""
    statement = (
        select_columns(func.count())
        .select_from(Recording)
        .outerjoin(UseCase, col(UseCase.id) == col(Recording.use_case_id))
        .where(
            col(Recording.recorded_at) < until,
            not_before(col(Recording.dropped_at), until),
            not_before(col(UseCase.created_at), until),
        )
    )
    return statement if teams is None else statement.where(col(Recording.team).in_(list(teams)))


def _within(
    moment: SQLColumnExpression[Any], spans: Spans, *where: ColumnElement[bool]
) -> tuple[Select[Any], Select[Any]]:
    """Return two statements that count the rows whose moment is in the window, and in the one before it."""
    bounds = ((spans.begins, spans.until), (spans.before, spans.begins))
    now, before = (
        select_columns(func.count(moment)).where(moment >= since, moment < until, *where) for since, until in bounds
    )
    return now, before
