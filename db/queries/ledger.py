"""Append to the ledger, and read it back in order."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, func, insert, or_
from sqlalchemy import select as select_columns
from sqlmodel import col

from db.prepared import Prepared, PreparedRows
from db.session import Session
from db.tables import FreeText, LedgerEvent

_HEAD = Prepared(
    select_columns(col(LedgerEvent.seq), col(LedgerEvent.hash))
    .where(col(LedgerEvent.stream) == bindparam("stream"))
    .order_by(col(LedgerEvent.seq).desc())
    .limit(1)
)
_LAST = (
    select_columns(col(LedgerEvent.stream).label("stream"), func.max(col(LedgerEvent.seq)).label("seq"))
    .group_by(col(LedgerEvent.stream))
    .subquery("last")
)
_HEADS = Prepared(
    select_columns(_LAST.c.stream, _LAST.c.seq, col(LedgerEvent.hash)).join(
        LedgerEvent, and_(col(LedgerEvent.stream) == _LAST.c.stream, col(LedgerEvent.seq) == _LAST.c.seq)
    )
)
_APPEND = PreparedRows(LedgerEvent, "stream", "seq", "body", "prev_hash", "hash")


def head(session: Session, stream: str) -> tuple[int, str] | None:
    """Return the last (seq, hash) of `stream`. The caller holds the lock under which the stream grows."""
    row = _HEAD.first(session, stream=stream)
    return (row[0], row[1]) if row else None


def heads(session: Session) -> list[tuple[str, int, str]]:
    """Return (stream, seq, hash) of the last event of every stream, in no order."""
    return [(row[0], row[1], row[2]) for row in _HEADS.all(session)]


def append(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    _APPEND.insert(session, rows)


def events(session: Session, *, prefixes: Sequence[str] = ()) -> Iterator[tuple[str, int, str, str, str]]:
    """Yield (stream, seq, body, prev_hash, hash) of every event, stream by stream, in order, without holding all.

    With `prefixes`, of the streams whose name begins with one of them.
    """
    statement = select_columns(
        col(LedgerEvent.stream),
        col(LedgerEvent.seq),
        col(LedgerEvent.body),
        col(LedgerEvent.prev_hash),
        col(LedgerEvent.hash),
    ).order_by(col(LedgerEvent.stream), col(LedgerEvent.seq))
    if prefixes:
        begins = [col(LedgerEvent.stream).startswith(prefix, autoescape=True) for prefix in prefixes]
        statement = statement.where(or_(*begins))
    with closing(session.connection().execute(statement.execution_options(yield_per=1000))) as rows:
        for row in rows:  # whoever finds what they look for stops early
            yield row[0], row[1], row[2], row[3], row[4]


def insert_text(session: Session, values: dict[str, Any]) -> None:
    session.connection().execute(insert(FreeText), values)


def text_of(session: Session, text_id: UUID) -> FreeText | None:
    return session.get(FreeText, text_id)
