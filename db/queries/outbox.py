"""Promised messages: written with their fact, claimed under a lease, marked by whoever holds it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, delete, exists, func, or_, update
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from db.enums import OutboxKind, OutboxStatus
from db.ids import new_id
from db.prepared import Prepared, PreparedRows, among
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


_WAITED = or_(col(OutboxRow.not_before).is_(None), col(OutboxRow.not_before) <= bindparam("real_now"))
_READY = and_(col(OutboxRow.status) == OutboxStatus.READY, _WAITED)
_LAPSED = and_(col(OutboxRow.status) == OutboxStatus.SENDING, col(OutboxRow.lease_until) <= bindparam("real_now"))


class _Next(NamedTuple):
    """The row whose turn it is."""

    seq: int
    key: UUID
    conversation: str
    kind: OutboxKind
    subject_id: UUID | None
    payload: str
    status: OutboxStatus
    attempt: int
    ambiguous: bool
    is_bulk: bool
    created_at: datetime
    first_attempt_at: datetime | None


def _first_of_a_conversation() -> Select[Any]:
    earlier = aliased(OutboxRow)
    head_of_line = ~exists().where(
        col(earlier.conversation) == col(OutboxRow.conversation),
        col(earlier.seq) < col(OutboxRow.seq),
        among(col(earlier.status), _OPEN),
        or_(
            col(earlier.is_bulk).is_(False),
            col(OutboxRow.is_bulk).is_(True),
            col(earlier.subject_id) == col(OutboxRow.subject_id),
        ),
    )
    return (
        select_columns(*(getattr(OutboxRow, each) for each in _Next._fields))
        .where(among(col(OutboxRow.status), _OPEN), or_(_READY, _LAPSED), head_of_line)
        .order_by(col(OutboxRow.is_bulk), col(OutboxRow.seq))
        .limit(1)
        .with_for_update(skip_locked=True)
    )


# The outbox asks these all day, and most of the times nothing is there.
_NEXT = Prepared(_first_of_a_conversation())
_NEXT_BESIDES_BULK = Prepared(_first_of_a_conversation().where(col(OutboxRow.is_bulk).is_(False)))
_LEASE = Prepared(
    update(OutboxRow)
    .where(col(OutboxRow.seq) == bindparam("claimed_seq"))
    .values(
        status=OutboxStatus.SENDING,
        attempt=bindparam("new_attempt"),
        ambiguous=bindparam("now_ambiguous"),
        lease_owner=bindparam("new_owner"),
        lease_until=bindparam("new_lease"),
        first_attempt_at=bindparam("first_at"),
    )
)
_CANCEL_LATER = Prepared(
    update(OutboxRow)
    .where(
        col(OutboxRow.conversation)
        == bindparam("of_conversation"),  # pictures of nobody in particular share no subject
        col(OutboxRow.kind) == bindparam("of_kind"),
        col(OutboxRow.subject_id).is_not_distinct_from(bindparam("of_subject")),
        col(OutboxRow.status) == OutboxStatus.READY,
        col(OutboxRow.seq) > bindparam("after_seq"),
    )
    .values(status=OutboxStatus.CANCELLED, last_error="superseded")
)
_DUE = Prepared(
    select_columns(func.count())
    .select_from(OutboxRow)
    .where(or_(col(OutboxRow.status) == OutboxStatus.SENDING, _READY))
)


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
    session: Session, *, owner: str, real_now: datetime, lease: timedelta, with_bulk: bool = True
) -> Claimed | None:
    """Take the first open row of a conversation whose turn it is, and lease it to `owner`; None when there is none.

    Bulk comes last, `with_bulk` at all; in its conversation only another message about the same may not overtake it.
    A row whose lease has ended is taken again, marked ambiguous: its last holder may have sent it. PostgreSQL
    skips rows another worker is claiming; on SQLite BEGIN IMMEDIATE admits one worker at a time.
    """
    row = (_NEXT if with_bulk else _NEXT_BESIDES_BULK).first(session, real_now=real_now)
    if row is None:
        return None
    next_up = _Next._make(row)
    claimed = Claimed(
        seq=next_up.seq,
        key=next_up.key,
        conversation=next_up.conversation,
        kind=next_up.kind,
        subject_id=next_up.subject_id,
        payload=next_up.payload,
        attempt=next_up.attempt + 1,
        ambiguous=next_up.ambiguous or next_up.status is OutboxStatus.SENDING,
        is_bulk=next_up.is_bulk,
        created_at=next_up.created_at,
        first_attempt_at=next_up.first_attempt_at or real_now,
    )
    _LEASE.run(
        session,
        claimed_seq=claimed.seq,
        new_attempt=claimed.attempt,
        now_ambiguous=claimed.ambiguous,
        new_owner=owner,
        new_lease=real_now + lease,
        first_at=claimed.first_attempt_at,
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
    _CANCEL_LATER.run(
        session,
        of_conversation=claimed.conversation,
        of_kind=claimed.kind,
        of_subject=claimed.subject_id,
        after_seq=claimed.seq,
    )


def open_rows(session: Session) -> int:
    return session.exec(select(func.count()).select_from(OutboxRow).where(col(OutboxRow.status).in_(_OPEN))).one()


def due_rows(session: Session, real_now: datetime) -> int:
    """Count rows that could be sent or taken over now, or are being sent."""
    row = _DUE.first(session, real_now=real_now)
    return row[0] if row else 0


def dead_rows(session: Session) -> Sequence[OutboxRow]:
    return session.exec(select(OutboxRow).where(OutboxRow.status == OutboxStatus.DEAD)).all()


def forget_before(session: Session, moment: datetime) -> int:
    statement = delete(OutboxRow).where(
        col(OutboxRow.status).in_((OutboxStatus.SENT, OutboxStatus.CANCELLED)), col(OutboxRow.created_at) < moment
    )
    return session.connection().execute(statement).rowcount
