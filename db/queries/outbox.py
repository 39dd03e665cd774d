"""Promised messages: written with their fact, claimed under a lease, marked by whoever holds it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from db.enums import OutboxKind, OutboxStatus
from db.ids import new_id
from db.prepared import PreparedRows
from db.session import Session
from db.tables import OutboxRow

_OPEN = (OutboxStatus.READY, OutboxStatus.SENDING)
_PROMISE = PreparedRows(
    OutboxRow,
    *(
        "key",
        "conversation",
        "kind",
        "subject_id",
        "payload",
        "status",
        "attempt",
        "ambiguous",
        "is_bulk",
        "created_at",
    ),
)


def _ready(real_now: datetime) -> ColumnElement[bool]:
    waited = or_(col(OutboxRow.not_before).is_(None), col(OutboxRow.not_before) <= real_now)
    return and_(col(OutboxRow.status) == OutboxStatus.READY, waited)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row this worker may send until its lease ends. `ambiguous`: an earlier attempt may have reached Slack."""

    seq: int
    key: UUID
    conversation: str
    kind: OutboxKind
    subject_id: UUID | None
    payload: str
    attempt: int
    ambiguous: bool
    is_bulk: bool
    created_at: datetime
    first_attempt_at: datetime


def promise(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    common = {"status": OutboxStatus.READY, "attempt": 0, "ambiguous": False}
    _PROMISE.insert(session, [{"key": new_id()} | common | row for row in rows])


def claim(
    session: Session, *, owner: str, real_now: datetime, lease: timedelta, with_bulk: bool = True, limit: int = 1
) -> Sequence[Claimed]:
    """Take the first open row of some conversations whose turn it is, and lease them to `owner`.

    Bulk comes last, `with_bulk` at all; in its conversation only another message about the same may not overtake it.
    A row whose lease has ended is taken again, marked ambiguous: its last holder may have sent it. PostgreSQL
    skips rows another worker is claiming; on SQLite BEGIN IMMEDIATE admits one worker at a time.
    """
    earlier = aliased(OutboxRow)
    head_of_line = ~exists().where(
        col(earlier.conversation) == col(OutboxRow.conversation),
        col(earlier.seq) < col(OutboxRow.seq),
        col(earlier.status).in_(_OPEN),
        or_(
            col(earlier.is_bulk).is_(False),
            col(OutboxRow.is_bulk).is_(True),
            col(earlier.subject_id) == col(OutboxRow.subject_id),
        ),
    )
    due = or_(
        _ready(real_now),
        and_(col(OutboxRow.status) == OutboxStatus.SENDING, col(OutboxRow.lease_until) <= real_now),
    )
    statement = (
        select(OutboxRow)
        .where(col(OutboxRow.status).in_(_OPEN), due, head_of_line)
        .order_by(col(OutboxRow.is_bulk), col(OutboxRow.seq))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    if not with_bulk:
        statement = statement.where(col(OutboxRow.is_bulk).is_(False))
    return [_lease(session, row, owner=owner, real_now=real_now, lease=lease) for row in session.exec(statement)]


def _lease(session: Session, row: OutboxRow, *, owner: str, real_now: datetime, lease: timedelta) -> Claimed:
    lapsed = row.status is OutboxStatus.SENDING
    claimed = Claimed(
        seq=row.seq or 0,
        key=row.key,
        conversation=row.conversation,
        kind=row.kind,
        subject_id=row.subject_id,
        payload=row.payload,
        attempt=row.attempt + 1,
        ambiguous=row.ambiguous or lapsed,
        is_bulk=row.is_bulk,
        created_at=row.created_at,
        first_attempt_at=row.first_attempt_at or real_now,
    )
    session.connection().execute(
        update(OutboxRow)
        .where(col(OutboxRow.seq) == row.seq)
        .values(
            status=OutboxStatus.SENDING,
            attempt=claimed.attempt,
            ambiguous=claimed.ambiguous,
            lease_owner=owner,
            lease_until=real_now + lease,
            first_attempt_at=claimed.first_attempt_at,
        )
    )
    return claimed


def shorten_leases(session: Session, until: datetime) -> int:
    statement = (
        update(OutboxRow)
        .where(col(OutboxRow.status) == OutboxStatus.SENDING, col(OutboxRow.lease_until) > until)
        .values(lease_until=until)
    )
    return session.connection().execute(statement).rowcount


def finish(session: Session, claimed: Claimed, values: dict[str, Any]) -> bool:
    """Write what became of a claimed row, fenced by its attempt; say whether the lease was still ours."""
    statement = (
        update(OutboxRow)
        .where(
            col(OutboxRow.seq) == claimed.seq,
            col(OutboxRow.status) == OutboxStatus.SENDING,
            col(OutboxRow.attempt) == claimed.attempt,
        )
        .values({"lease_owner": None, "lease_until": None} | values)
    )
    return session.connection().execute(statement).rowcount == 1


def cancel_later(session: Session, claimed: Claimed) -> None:
    """Drop later promises of the same picture: it is drawn from the database when the claimed row is sent."""
    session.connection().execute(
        update(OutboxRow)
        .where(
            col(OutboxRow.conversation) == claimed.conversation,  # pictures of nobody in particular share no subject
            col(OutboxRow.kind) == claimed.kind,
            col(OutboxRow.subject_id) == claimed.subject_id,
            col(OutboxRow.status) == OutboxStatus.READY,
            col(OutboxRow.seq) > claimed.seq,
        )
        .values(status=OutboxStatus.CANCELLED, last_error="superseded")
    )


def open_rows(session: Session) -> int:
    return session.exec(select(func.count()).select_from(OutboxRow).where(col(OutboxRow.status).in_(_OPEN))).one()


def due_rows(session: Session, real_now: datetime) -> int:
    """Count rows that could be sent or taken over now, or are being sent."""
    statement = (
        select(func.count())
        .select_from(OutboxRow)
        .where(
            or_(
                col(OutboxRow.status) == OutboxStatus.SENDING,
                _ready(real_now),
            )
        )
    )
    return session.exec(statement).one()


def dead_rows(session: Session) -> Sequence[OutboxRow]:
    return session.exec(select(OutboxRow).where(OutboxRow.status == OutboxStatus.DEAD)).all()


def forget_before(session: Session, moment: datetime) -> int:
    statement = delete(OutboxRow).where(
        col(OutboxRow.status).in_((OutboxStatus.SENT, OutboxStatus.CANCELLED)), col(OutboxRow.created_at) < moment
    )
    return session.connection().execute(statement).rowcount
