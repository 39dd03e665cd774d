"""Digests as they were told, and in which channels they are due."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import delete, func, insert, update
from sqlalchemy import select as select_columns
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite
from sqlmodel import col, select

from db.prepared import Prepared
from db.session import Session
from db.tables import DigestChannel, DigestRow, UseCase


class Scheduled(NamedTuple):
    """A channel with a digest; `told` is the Monday of the latest week told of there."""

    channel: str
    weekday: int
    minute: int
    zone: str
    since: datetime | None
    told: date | None


_TOLD = (
    select_columns(func.max(col(DigestRow.week)))
    .where(col(DigestRow.channel) == col(DigestChannel.channel))
    .scalar_subquery()
)
# Asked every two seconds; few channels have a digest, and the latest week of each is the end of an index.
_SCHEDULES = Prepared(
    select_columns(
        col(DigestChannel.channel),
        col(DigestChannel.weekday),
        col(DigestChannel.local_minute),
        col(DigestChannel.zone),
        col(DigestChannel.since),
        _TOLD,
    )
)


def schedules(session: Session) -> Sequence[Scheduled]:
    return [Scheduled(*row) for row in _SCHEDULES.all(session)]


def insert_digest(session: Session, values: Mapping[str, Any]) -> None:
    session.connection().execute(insert(DigestRow), values)


def claim(session: Session, values: Mapping[str, Any]) -> bool:
    """Keep the digest of a channel's week; say whether there was none yet. Only one caller ever hears yes."""
    insert_into = insert_sqlite if session.dialect.name == "sqlite" else insert_postgresql
    statement = insert_into(DigestRow).values(**values).on_conflict_do_nothing().returning(col(DigestRow.id))
    return session.connection().execute(statement).first() is not None


def by_id(session: Session, digest_id: UUID) -> DigestRow | None:
    return session.exec(select(DigestRow).where(DigestRow.id == digest_id)).first()


def posted_in(session: Session, channel: str) -> Sequence[tuple[UUID, date]]:
    """Return the digests of a channel that were not left out, with their last days, the newest first."""
    columns = select_columns(col(DigestRow.id), col(DigestRow.last_day))
    statement = columns.where(col(DigestRow.channel) == channel, col(DigestRow.content).is_not(None))
    rows = session.connection().execute(statement.order_by(col(DigestRow.week).desc()))
    return [(row[0], row[1]) for row in rows]


def confidential_among(session: Session, use_case_ids: Collection[UUID]) -> frozenset[UUID]:
    """Return which of these use cases are confidential now; nothing is asked of none."""
    if not use_case_ids:
        return frozenset()
    are = select(UseCase.id).where(col(UseCase.id).in_(use_case_ids), col(UseCase.confidential).is_(True))
    return frozenset(session.exec(are).all())


def place(session: Session, digest_id: UUID, *, posted_in: str | None, ts: str | None) -> None:
    values = {"posted_in": posted_in, "ts": ts}
    session.connection().execute(update(DigestRow).where(col(DigestRow.id) == digest_id).values(**values))


def forget_asked_before(session: Session, moment: datetime) -> int:
    """Drop what was made for no channel before this moment; return how many."""
    old = delete(DigestRow).where(col(DigestRow.channel).is_(None), col(DigestRow.made_at) < moment)
    return session.connection().execute(old).rowcount
