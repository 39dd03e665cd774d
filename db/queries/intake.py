"""Use cases and their revisions."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update
from sqlmodel import Session, col, select

from db.tables import UseCase, UseCaseRevision

Whole = tuple[UseCase, UseCaseRevision]

_WHOLE = select(UseCase, UseCaseRevision).where(
    col(UseCaseRevision.use_case_id) == col(UseCase.id), col(UseCaseRevision.revision) == col(UseCase.revision)
)


def insert_use_case(session: Session, values: dict[str, Any]) -> None:
    session.connection().execute(insert(UseCase), values)


def insert_revision(session: Session, values: dict[str, Any]) -> None:
    session.connection().execute(insert(UseCaseRevision), values)


def by_id(session: Session, use_case_id: UUID) -> Whole | None:
    return session.exec(_WHOLE.where(UseCase.id == use_case_id)).first()


def by_ids(session: Session, ids: Sequence[UUID]) -> Sequence[Whole]:
    return session.exec(_WHOLE.where(col(UseCase.id).in_(ids))).all()


def by_number(session: Session, number: int) -> Whole | None:
    return session.exec(_WHOLE.where(UseCase.number == number)).first()


def by_token(session: Session, token: UUID) -> Whole | None:
    return session.exec(_WHOLE.where(UseCase.token == token)).first()


def proposed_by(session: Session, person_id: UUID, *, limit: int) -> Sequence[Whole]:
    """Return a person's latest proposals, newest first."""
    statement = _WHOLE.where(UseCase.proposer_id == person_id).order_by(col(UseCase.number).desc()).limit(limit)
    return session.exec(statement).all()


def set_state(session: Session, use_case_id: UUID, *, version: int, values: dict[str, Any]) -> bool:
    """Write `values` if the row still has `version`; say whether it had."""
    statement = (
        update(UseCase)
        .where(col(UseCase.id) == use_case_id, col(UseCase.version) == version)
        .values(values | {"version": version + 1})
    )
    return session.connection().execute(statement).rowcount == 1
