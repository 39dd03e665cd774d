"""Who may decide for whom, and for how long."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, update
from sqlmodel import col, select

from db.session import Session
from db.tables import ApprovalVote, Delegation, Person

_WAS_NOT_CANCELLED = col(Delegation.ends_at) > col(Delegation.starts_at)
"""One that was taken back before it began ends when it would have begun."""

_OVER = (  # every beat of the clock asks it
    select(Delegation)
    .where(col(Delegation.ends_at) <= bindparam("moment"), col(Delegation.summed_up_at).is_(None))
    .order_by(col(Delegation.ends_at))
)


def lock_person(session: Session, person_id: UUID) -> None:
    """Wait for whoever changes this person's delegations, and make others wait until the commit.

    Rows that refer to them may be added: whoever stores an answer of theirs holds what this caller may take next.
    """
    session.exec(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True)).first()


def insert_delegation(session: Session, values: dict[str, Any]) -> None:
    session.connection().execute(insert(Delegation), values)


def delegation(session: Session, delegation_id: UUID) -> Delegation | None:
    """Return a delegation as it is now, whatever this session read before."""
    return session.get(Delegation, delegation_id, populate_existing=True)


def between(session: Session, person_id: UUID, starts_at: datetime, ends_at: datetime) -> Sequence[Delegation]:
    """Return this person's delegations that share a moment with the time given."""
    return session.exec(
        select(Delegation).where(
            Delegation.person_id == person_id,
            _WAS_NOT_CANCELLED,
            col(Delegation.starts_at) < ends_at,
            col(Delegation.ends_at) > starts_at,
        )
    ).all()


def after(session: Session, person_id: UUID, moment: datetime) -> Sequence[Delegation]:
    """Return this person's delegations that are not over at `moment`, soonest first."""
    statement = select(Delegation).where(
        Delegation.person_id == person_id, _WAS_NOT_CANCELLED, col(Delegation.ends_at) > moment
    )
    return session.exec(statement.order_by(col(Delegation.starts_at))).all()


def in_force(session: Session, person_ids: Collection[UUID], moment: datetime) -> Sequence[Delegation]:
    """Return the delegations of these people that hold at `moment`, the oldest first."""
    if not person_ids:
        return []
    statement = select(Delegation).where(
        col(Delegation.person_id).in_(person_ids), col(Delegation.starts_at) <= moment, col(Delegation.ends_at) > moment
    )
    return session.exec(statement.order_by(col(Delegation.id))).all()


def end(session: Session, delegation_id: UUID, *, at: datetime) -> None:
    session.connection().execute(update(Delegation).where(col(Delegation.id) == delegation_id).values(ends_at=at))


def over_and_not_summed_up(session: Session, moment: datetime) -> Sequence[Delegation]:
    """Return the delegations that ended by `moment` and whose person was not told yet what was decided for them."""
    return session.exec(_OVER, params={"moment": moment}).all()


def mark_summed_up(session: Session, delegation_id: UUID, *, at: datetime) -> bool:
    """Say that the person is told; only one caller ever hears yes."""
    statement = (
        update(Delegation)
        .where(col(Delegation.id) == delegation_id, col(Delegation.summed_up_at).is_(None))
        .values(summed_up_at=at)
    )
    return session.connection().execute(statement).rowcount == 1


def votes_for(session: Session, made: Delegation) -> Sequence[ApprovalVote]:
    """Return the votes that stand in the name of who was away and were given by the delegate meanwhile."""
    return session.exec(
        select(ApprovalVote)
        .where(
            ApprovalVote.person_id == made.person_id,
            ApprovalVote.cast_by == made.delegate_id,
            col(ApprovalVote.cast_at) >= made.starts_at,
            col(ApprovalVote.cast_at) <= made.ends_at,
        )
        .order_by(col(ApprovalVote.cast_at))
    ).all()
