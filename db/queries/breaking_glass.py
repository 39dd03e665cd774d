"""Break-glass: what was called, what is in force, and what is due."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, func, insert, or_, text, update
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from db.enums import PENDING, BreakGlassStatus
from db.prepared import Prepared
from db.session import Session
from db.tables import ApprovalRequest, BreakGlass

# Every beat of the clock asks; the words are those of the index, which holds the few that are open.
_DUE = Prepared(
    select_columns(col(BreakGlass.id), col(BreakGlass.request_id))
    .join(ApprovalRequest, col(ApprovalRequest.id) == col(BreakGlass.request_id))
    .where(
        text("break_glasses.settled_at IS NULL"),
        or_(
            and_(col(BreakGlass.status) == BreakGlassStatus.IN_FORCE, col(BreakGlass.ends_at) <= bindparam("now")),
            and_(
                col(BreakGlass.status) == BreakGlassStatus.CALLED,
                or_(
                    col(BreakGlass.called_at) <= bindparam("unanswered_since"),
                    and_(*(col(ApprovalRequest.status) != each for each in PENDING)),
                ),
            ),
        ),
    )
    .order_by(col(BreakGlass.id))
)


def insert_glass(session: Session, values: dict[str, Any]) -> None:
    session.connection().execute(insert(BreakGlass), values)


def change(session: Session, glass_id: UUID, *, before: BreakGlassStatus, values: dict[str, Any]) -> None:
    """Write `values`; the transaction fails unless the status still is `before`."""
    statement = update(BreakGlass).where(col(BreakGlass.id) == glass_id, col(BreakGlass.status) == before)
    if session.connection().execute(statement.values(values)).rowcount != 1:
        raise LookupError(f"break-glass {glass_id} is no longer {before}")


def glass(session: Session, glass_id: UUID) -> BreakGlass | None:
    """Return a break-glass as it is now, whatever this session read before."""
    return session.get(BreakGlass, glass_id, populate_existing=True)


def of_request(session: Session, request_id: UUID) -> Sequence[BreakGlass]:
    """Return what was called for a request, the oldest first, as it is now."""
    statement = select(BreakGlass).where(col(BreakGlass.request_id) == request_id)
    statement = statement.order_by(col(BreakGlass.called_at), col(BreakGlass.id))
    return session.exec(statement).all()


def unsettled_about(session: Session, subject_kind: str, subject_id: UUID) -> Sequence[BreakGlass]:
    """Return what is called or was in force about a subject and waits for its end, as it is now."""
    statement = select(BreakGlass).where(
        col(BreakGlass.subject_kind) == subject_kind,
        col(BreakGlass.subject_id) == subject_id,
        col(BreakGlass.settled_at).is_(None),
    )
    return session.exec(statement).all()


def in_force_about(session: Session, subject_ids: Collection[UUID]) -> Sequence[BreakGlass]:
    statement = select(BreakGlass).where(
        col(BreakGlass.subject_id).in_(subject_ids), col(BreakGlass.status) == BreakGlassStatus.IN_FORCE
    )
    return session.exec(statement).all()


def was_in_force_since(session: Session, subject_ids: Collection[UUID], since: datetime) -> bool:
    """Say whether one of these was let through later than `since`."""
    statement = select_columns(col(BreakGlass.id)).where(
        col(BreakGlass.subject_id).in_(subject_ids), col(BreakGlass.in_force_at) > since
    )
    return session.connection().execute(statement.limit(1)).first() is not None


def calls_of(session: Session, person_id: UUID) -> Sequence[BreakGlass]:
    """Return the calls that wait and that this person made or has to answer, the oldest first."""
    statement = select(BreakGlass).where(
        col(BreakGlass.status) == BreakGlassStatus.CALLED,
        or_(col(BreakGlass.called_by) == person_id, col(BreakGlass.second_id) == person_id),
    )
    return session.exec(statement.order_by(col(BreakGlass.called_at))).all()


def due(session: Session, *, now: datetime, unanswered_since: datetime) -> Sequence[tuple[UUID, UUID]]:
    """Return (break-glass, request) of those whose time is up, and of calls too old or of decided requests."""
    return [(row[0], row[1]) for row in _DUE.all(session, now=now, unanswered_since=unanswered_since)]


def counts(session: Session, *, since: datetime, until: datetime) -> dict[BreakGlassStatus, int]:
    """Return how many were called from `since` on and before `until`, by status."""
    statement = (
        select_columns(col(BreakGlass.status), func.count())
        .where(col(BreakGlass.called_at) >= since, col(BreakGlass.called_at) < until)
        .group_by(col(BreakGlass.status))
    )
    return {row[0]: row[1] for row in session.connection().execute(statement)}


def newest(session: Session, *, limit: int) -> Sequence[BreakGlass]:
    statement = select(BreakGlass).order_by(col(BreakGlass.called_at).desc(), col(BreakGlass.id).desc())
    return session.exec(statement.limit(limit)).all()
