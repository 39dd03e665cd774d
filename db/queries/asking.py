"""What there is to ask a digest of: teams, and since when."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, func
from sqlalchemy import select as select_columns
from sqlmodel import col

from db.queries.intake import TEXT_IN_FORCE
from db.session import Session
from db.tables import PolicyVersion, UseCase, UseCaseRevision


def teams(session: Session, *, with_confidential: bool) -> Sequence[str]:
    """Return the teams that ever proposed a use case, by name; of confidential ones only where they are wanted."""
    statement = select_columns(col(UseCaseRevision.team)).join(UseCase, and_(*TEXT_IN_FORCE)).distinct()
    if not with_confidential:
        statement = statement.where(col(UseCase.confidential).is_(False))
    return [row[0] for row in session.connection().execute(statement.order_by(col(UseCaseRevision.team)))]


def began_at(session: Session) -> datetime | None:
    """Return when the first policy was applied: before, nothing was recorded here."""
    return session.connection().execute(select_columns(func.min(col(PolicyVersion.applied_at)))).scalar_one()
