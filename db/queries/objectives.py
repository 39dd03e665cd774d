"""Who stands up for business objectives, which serves which, and what hangs on them."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import and_, func, insert, update
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from db.enums import Confidence, UseCaseState
from db.queries.intake import TEXT_IN_FORCE
from db.session import Session
from db.tables import CheckIn, CheckInAnswer, Kpi, Objective, ObjectiveTie, UseCase, UseCaseRevision


class Hanging(NamedTuple):
    """A use case on the objective its text in force names."""

    id: UUID
    number: int
    state: UseCaseState
    confidential: bool
    objective_id: UUID
    name: str
    team: str


def hold_all(session: Session) -> None:
    """Let nobody else tie objectives to one another before the commit; use cases may be hung on them."""
    statement = select_columns(col(Objective.id)).order_by(col(Objective.id)).with_for_update(key_share=True)
    session.connection().execute(statement).all()


def by_id(session: Session, objective_id: UUID) -> Objective | None:
    return session.exec(select(Objective).where(col(Objective.id) == objective_id)).first()


def ties(session: Session) -> Mapping[UUID, ObjectiveTie]:
    """Return what is known of objectives beyond name and owner; one nothing is known of is missing."""
    statement = select(ObjectiveTie).execution_options(populate_existing=True)
    return {row.objective_id: row for row in session.exec(statement)}


def tie(session: Session, objective_id: UUID, values: Mapping[str, UUID | None], *, is_new: bool) -> None:
    """Store sponsor or parent of an objective. The caller holds all of them."""
    if is_new:
        session.connection().execute(insert(ObjectiveTie), {"objective_id": objective_id, **values})
    else:
        statement = update(ObjectiveTie).where(col(ObjectiveTie.objective_id) == objective_id)
        session.connection().execute(statement.values(**values))


def hanging(session: Session, *, on: UUID | None = None) -> Sequence[Hanging]:
    """Return every use case on its objective, or those of one, the newest last."""
    columns = (
        col(UseCase.id),
        col(UseCase.number),
        col(UseCase.state),
        col(UseCase.confidential),
        col(UseCaseRevision.objective_id),
        col(UseCaseRevision.name),
        col(UseCaseRevision.team),
    )
    of_one = () if on is None else (col(UseCaseRevision.objective_id) == on,)
    statement = select_columns(*columns).where(*TEXT_IN_FORCE, *of_one).order_by(col(UseCase.number))
    return [Hanging._make(row) for row in session.connection().execute(statement)]


def kpis_in_use(session: Session, states: Collection[UseCaseState]) -> Sequence[Kpi]:
    """Return the KPIs in use of the use cases in these states."""
    statement = (
        select(Kpi)
        .join(UseCase, col(UseCase.id) == col(Kpi.use_case_id))
        .where(col(Kpi.retired_at).is_(None), col(UseCase.state).in_(states))
    )
    return session.exec(statement).all()


def said_last(session: Session) -> Mapping[UUID, Confidence]:
    """Return what was said last of how each use case goes; one nobody ever said it of is missing.

    Where several were asked for the same date, whoever answered later counts.
    """
    newest_first = (col(CheckIn.on_date).desc(), col(CheckInAnswer.answered_at).desc())
    place = func.row_number().over(partition_by=col(CheckIn.use_case_id), order_by=newest_first)
    answered = (
        select_columns(col(CheckIn.use_case_id), col(CheckInAnswer.confidence), place.label("place"))
        .join(
            CheckInAnswer,
            and_(
                col(CheckInAnswer.check_in_id) == col(CheckIn.id), col(CheckInAnswer.revision) == col(CheckIn.revision)
            ),
        )
        .where(col(CheckInAnswer.confidence).is_not(None))
        .subquery()
    )
    statement = select_columns(answered.c.use_case_id, answered.c.confidence).where(answered.c.place == 1)
    return {row[0]: row[1] for row in session.connection().execute(statement)}
