"""Handled deliveries."""

from datetime import datetime

from sqlalchemy import bindparam, delete, text, update
from sqlmodel import col, select
from sqlmodel.sql.sqltypes import UTCDateTime

from db.prepared import Prepared
from db.session import Session
from db.tables import Delivery

_OUTCOME = Prepared(select(col(Delivery.outcome)).where(col(Delivery.key) == bindparam("key")))
# Both engines know this clause; SQLAlchemy has one construct for each of them.
_BEGIN = Prepared(
    text(
        "INSERT INTO deliveries (key, outcome, handled_at) VALUES (:key, '', :handled_at) ON CONFLICT DO NOTHING"
    ).bindparams(bindparam("handled_at", type_=UTCDateTime()))
)
_REMEMBER = Prepared(
    update(Delivery).where(col(Delivery.key) == bindparam("begun")).values(outcome=bindparam("outcome"))
)


def outcome_of(session: Session, key: str) -> str | None:
    row = _OUTCOME.first(session, key=key)
    return row[0] if row else None


def begin(session: Session, *, key: str, handled_at: datetime) -> bool:
    """Take `key`; False when it is taken. Waits for a transaction that is handling the same delivery now."""
    return _BEGIN.count(session, key=key, handled_at=handled_at) == 1


def remember(session: Session, *, key: str, outcome: str) -> None:
    _REMEMBER.run(session, begun=key, outcome=outcome)


def forget(session: Session, *, key: str) -> None:
    session.connection().execute(delete(Delivery).where(col(Delivery.key) == key))


def forget_before(session: Session, moment: datetime) -> int:
    return session.connection().execute(delete(Delivery).where(col(Delivery.handled_at) < moment)).rowcount
