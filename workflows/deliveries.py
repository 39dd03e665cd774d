"""Handle each delivery once: the same delivery again gets the outcome stored with its key."""

from datetime import datetime, timedelta

from db.queries import traffic as stored
from db.session import Session

KEEP = timedelta(days=30)


def outcome_of(session: Session, key: str) -> str | None:
    """Return what was remembered for `key`, or None when it has not been handled."""
    return stored.outcome_of(session, key)


def remember(session: Session, key: str, outcome: str, *, now: datetime) -> None:
    """Store the outcome in the transaction of the deed. A key that is there already fails the transaction."""
    stored.remember(session, key=key, outcome=outcome, handled_at=now)


def forget_old(session: Session, *, now: datetime) -> int:
    """Drop keys older than thirty days, far past any redelivery; return how many."""
    return stored.forget_before(session, now - KEEP)
