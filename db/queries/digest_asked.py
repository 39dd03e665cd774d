"""What was asked for in a week, what became of it, and what people wrote and learnt."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, or_
from sqlalchemy import select as select_columns
from sqlmodel import col

from db.enums import CheckInState, UseCaseState, WorkstreamKind
from db.queries.digest_numbers import ANSWER_COUNTS, CASE, Case, Days, Teams, of
from db.queries.intake import TEXT_IN_FORCE
from db.session import Session
from db.tables import CheckIn, CheckInAnswer, FreeText, UseCase, UseCaseRevision, Workstream


class Asked(NamedTuple):
    """How many check-ins there were, and what became of them; some can still be answered."""

    asked: int
    answered: int
    away: int
    skipped: int
    silent: int


def wins(session: Session, days: Days, teams: Teams, *, limit: int) -> list[tuple[Case, str]]:
    """Return what went well, the newest first, of use cases anybody may know of. What was erased is left out."""
    statement = (
        answered(days, teams, *CASE, col(FreeText.body), in_sight=True)
        .join(FreeText, col(FreeText.id) == col(CheckInAnswer.wins_id))
        .where(func.trim(col(FreeText.body)) != "")
        .order_by(col(CheckInAnswer.answered_at).desc(), col(CheckIn.id).desc())
        .limit(limit)
    )
    return [(Case(*row[:4]), row[4]) for row in session.connection().execute(statement)]


def asked(session: Session, days: Days, teams: Teams, *, now: datetime) -> Asked:
    """Return what became of the check-ins of the window, as it is now."""

    def many(which: ColumnElement[bool]) -> ColumnElement[Any]:
        return func.coalesce(func.sum(case((which, 1), else_=0)), 0)

    state = col(CheckIn.state)
    statement = dated(
        days,
        teams,
        func.count(),
        many(state == CheckInState.ANSWERED),
        many(state == CheckInState.AWAY),
        many(state == CheckInState.SKIPPED),
        many(_is_silent(now)),
    )
    return Asked(*map(int, session.connection().execute(statement).one()))


def silences(
    session: Session, days: Days, teams: Teams, *, now: datetime, limit: int
) -> list[tuple[Case, CheckInState]]:
    """Return which use cases nobody answered for, then those whose people were away; of those anybody may know of."""
    is_away = case((col(CheckIn.state) == CheckInState.AWAY, 1), else_=0)
    statement = (
        dated(days, teams, *CASE, col(CheckIn.state), is_away, in_sight=True)
        .where(or_(_is_silent(now), col(CheckIn.state) == CheckInState.AWAY))
        .distinct()
        .order_by(is_away, col(UseCase.number), col(CheckIn.state))
        .limit(limit)
    )
    return [(Case(*row[:4]), row[4]) for row in session.connection().execute(statement)]


def _is_silent(now: datetime) -> ColumnElement[bool]:
    """Return what is true of a check-in nobody answered in time, whether or not the clock has been there yet."""
    is_late = or_(col(CheckIn.due_at) <= now, col(CheckIn.closes_at) <= now)
    was_told = col(CheckIn.state).in_((CheckInState.MISSED, CheckInState.OVERDUE))
    return or_(was_told, and_(col(CheckIn.state) == CheckInState.DUE, is_late))


def trained(session: Session, teams: Teams) -> tuple[int, int, int]:
    """Return how many people are to be trained for what is in deployment, how many were, and where nobody says.

    Where it is not known how many there are, it does not count who was.
    """
    to_train = col(Workstream.to_train)
    statement = (
        select_columns(
            func.coalesce(func.sum(to_train), 0),
            func.coalesce(func.sum(case((to_train.is_not(None), col(Workstream.trained)))), 0),
            func.coalesce(func.sum(case((to_train.is_(None), 1), else_=0)), 0),
        )
        .join(UseCase, col(UseCase.id) == col(Workstream.use_case_id))
        .where(
            col(Workstream.kind) == WorkstreamKind.ONBOARDING,
            col(UseCase.state) == UseCaseState.IN_DEPLOYMENT,
            *of(teams),
        )
    )
    found = session.connection().execute(statement).one()
    return int(found[0]), int(found[1]), int(found[2])


def answered(days: Days, teams: Teams, *columns: Any, in_sight: bool = False) -> Select[Any]:
    """Return columns of the check-ins of the window with the answers that count."""
    return dated(days, teams, *columns, in_sight=in_sight).join(CheckInAnswer, ANSWER_COUNTS)


def dated(days: Days, teams: Teams, *columns: Any, in_sight: bool = False) -> Select[Any]:
    """Return columns of the check-ins of the window; `in_sight`: with their use cases, which anybody may know of."""
    statement = select_columns(*columns).select_from(CheckIn)
    statement = statement.where(col(CheckIn.on_date).between(days.first, days.last))
    if in_sight:
        statement = statement.join(UseCase, col(UseCase.id) == col(CheckIn.use_case_id)).join(
            UseCaseRevision, and_(*TEXT_IN_FORCE)
        )
        return statement.where(col(UseCase.confidential).is_(False), *of(teams))
    return of_teams(statement, teams)


def of_teams(statement: Select[Any], teams: Teams) -> Select[Any]:
    if teams is None:
        return statement
    of_these = select_columns(col(UseCase.id)).where(*of(teams))
    return statement.where(col(CheckIn.use_case_id).in_(of_these))
