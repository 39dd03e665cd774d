"""What every count of a digest is made of: two windows, one team's use cases, and how each is named."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, case, func, or_, true
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import col

from db.queries.intake import TEXT_IN_FORCE
from db.session import Session
from db.tables import ApprovalRequest, Recording, UseCase, UseCaseRevision

KIND: Final = "use_case"

Teams = Collection[str] | None
"""How the one team is spelt whose use cases count; all count where it is None."""


class Spans(NamedTuple):
    """Two windows: from `before` until just before `begins`, and from there until just before `until`."""

    before: datetime
    begins: datetime
    until: datetime


class CaseRow(NamedTuple):
    """A use case by its text in force, and the newest request about it."""

    id: UUID
    number: int
    name: str
    team: str
    confidential: bool
    request_id: UUID | None


def spelt(session: Session) -> Sequence[str]:
    """Return every team use cases and recordings name, as it is spelt there."""
    texts = select_columns(col(UseCaseRevision.team)).join(UseCase, and_(*TEXT_IN_FORCE))
    recorded = select_columns(col(Recording.team)).where(col(Recording.team).is_not(None))
    return [row[0] for row in session.connection().execute(texts.union(recorded))]


def cases_of(session: Session, teams: Teams) -> set[UUID] | None:
    """Return the use cases of a team; None for all."""
    return None if teams is None else set(session.connection().execute(_of(teams)).scalars())


def cases(*first: SQLColumnExpression[Any]) -> Select[Any]:
    """Return a statement of these columns, and then those of a `CaseRow`."""
    newest = (
        select_columns(col(ApprovalRequest.id))
        .where(col(ApprovalRequest.subject_kind) == KIND, col(ApprovalRequest.subject_id) == col(UseCase.id))
        .order_by(col(ApprovalRequest.revision).desc())
        .limit(1)
        .correlate(UseCase)
        .scalar_subquery()
    )
    columns = (
        col(UseCase.id),
        col(UseCase.number),
        col(UseCaseRevision.name),
        col(UseCaseRevision.team),
        col(UseCase.confidential),
        newest,
    )
    return select_columns(*first, *columns).select_from(UseCase).join(UseCaseRevision, and_(*TEXT_IN_FORCE))


def in_teams(use_case_id: SQLColumnExpression[Any], teams: Teams) -> ColumnElement[bool]:
    return true() if teams is None else use_case_id.in_(_of(teams))


def not_before(moment: SQLColumnExpression[Any], until: datetime) -> ColumnElement[bool]:
    return or_(moment.is_(None), moment >= until)


def number_of(true: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((true, 1), else_=0))


def _of(teams: Collection[str]) -> Select[UUID]:
    case, text = aliased(UseCase), aliased(UseCaseRevision)
    in_force = and_(col(text.use_case_id) == col(case.id), col(text.revision) == col(case.revision))
    # Confidential ones are of no team: beside the others of it what is theirs would follow.
    of_them = (col(text.team).in_(list(teams)), col(case.confidential).is_(False))
    return select_columns(col(case.id)).join(text, in_force).where(*of_them)
