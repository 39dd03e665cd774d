"""Use cases and their revisions."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, update
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from db.enums import UseCaseState
from db.prepared import Prepared
from db.session import Session
from db.tables import UseCase, UseCaseRevision

Whole = tuple[UseCase, UseCaseRevision]

_WHOLE = select(UseCase, UseCaseRevision).where(
    col(UseCaseRevision.use_case_id) == col(UseCase.id), col(UseCaseRevision.revision) == col(UseCase.revision)
)


_STATE_OF = Prepared(
    select_columns(col(UseCase.state), col(UseCase.version)).where(col(UseCase.id) == bindparam("use_case_id"))
)
_SET_STATE = Prepared(
    update(UseCase)
    .where(col(UseCase.id) == bindparam("use_case_id"), col(UseCase.version) == bindparam("seen"))
    .values(state=bindparam("new_state"), version=col(UseCase.version) + 1)
)


def insert_use_case(session: Session, values: dict[str, Any]) -> None:
    session.connection().execute(insert(UseCase), values)


def insert_revision(session: Session, values: dict[str, Any]) -> None:
    session.connection().execute(insert(UseCaseRevision), values)


def by_id(session: Session, use_case_id: UUID) -> Whole | None:
    return session.exec(_WHOLE.where(UseCase.id == use_case_id)).first()


def by_number(session: Session, number: int) -> Whole | None:
    return session.exec(_WHOLE.where(UseCase.number == number)).first()


def by_token(session: Session, token: UUID) -> Whole | None:
    return session.exec(_WHOLE.where(UseCase.token == token)).first()


def proposed_by(session: Session, person_id: UUID, *, limit: int) -> Sequence[Whole]:
    """Return a person's latest proposals, newest first."""
    statement = _WHOLE.where(UseCase.proposer_id == person_id).order_by(col(UseCase.number).desc()).limit(limit)
    return session.exec(statement).all()


def owned_by(session: Session, person_id: UUID, *, limit: int) -> Sequence[Whole]:
    """Return the latest use cases a person owns and somebody else proposed, newest first."""
    statement = _WHOLE.where(UseCaseRevision.owner_id == person_id, UseCase.proposer_id != person_id)
    return session.exec(statement.order_by(col(UseCase.number).desc()).limit(limit)).all()


def state_of(session: Session, use_case_id: UUID) -> tuple[UseCaseState, int] | None:
    """Return (state, version) of a use case, without loading what it says."""
    row = _STATE_OF.first(session, use_case_id=use_case_id)
    return (row[0], row[1]) if row else None


def set_state(session: Session, use_case_id: UUID, state: UseCaseState, *, version: int) -> None:
    """Write `state`; the transaction fails unless the row still has `version`."""
    _SET_STATE.change_one(session, use_case_id=use_case_id, seen=version, new_state=state)
