"""Handled deliveries."""

from datetime import datetime

from sqlalchemy import bindparam, delete, insert
from sqlmodel import Session, col, select

from db.tables import Delivery

_OUTCOME = select(Delivery.outcome).where(col(Delivery.key) == bindparam("key"))
_REMEMBER = insert(Delivery)


def outcome_of(session: Session, key: str) -> str | None:
    row = session.connection().execute(_OUTCOME, {"key": key}).first()
    return row[0] if row else None


def remember(session: Session, *, key: str, outcome: str, handled_at: datetime) -> None:
    """Store what came of a delivery. A key that is already there raises IntegrityError: somebody was faster."""
    session.connection().execute(_REMEMBER, {"key": key, "outcome": outcome, "handled_at": handled_at})


def forget_before(session: Session, moment: datetime) -> int:
    return session.connection().execute(delete(Delivery).where(col(Delivery.handled_at) < moment)).rowcount
