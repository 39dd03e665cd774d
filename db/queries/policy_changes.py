"""Policies somebody asked to put in force."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from db.enums import PENDING
from db.tables import ApprovalRequest, PolicyProposal


def insert_proposal(session: Session, values: dict[str, Any]) -> None:
    session.connection().execute(insert(PolicyProposal), values)


def proposal(session: Session, proposal_id: UUID) -> PolicyProposal | None:
    """Return a proposal as it is stored now, whatever this session read before."""
    statement = select(PolicyProposal).where(PolicyProposal.id == proposal_id)
    return session.exec(statement, execution_options={"populate_existing": True}).first()


def pending(session: Session, kind: str) -> Sequence[tuple[PolicyProposal, UUID]]:
    """Return the proposals that are not decided, each with its request, the first one first."""
    statement = (
        select(PolicyProposal, ApprovalRequest.id)
        .where(
            ApprovalRequest.subject_kind == kind,
            col(ApprovalRequest.subject_id) == col(PolicyProposal.id),
            col(ApprovalRequest.status).in_(PENDING),
        )
        .order_by(col(PolicyProposal.number))
    )
    return session.exec(statement).all()


def set_applied(session: Session, proposal_id: UUID, number: int) -> None:
    """Write which version a proposal became; the transaction fails when it became one already."""
    statement = update(PolicyProposal).where(
        col(PolicyProposal.id) == proposal_id, col(PolicyProposal.applied_number).is_(None)
    )
    if session.connection().execute(statement.values(applied_number=number)).rowcount != 1:
        raise LookupError(f"policy proposal {proposal_id} is in force already")


def applied(session: Session) -> dict[int, int]:
    """Return the number of the proposal behind each version that came from one."""
    columns = (col(PolicyProposal.applied_number), col(PolicyProposal.number))
    found = session.connection().execute(select_columns(*columns))
    return {version: number for version, number in found if version is not None}
