"""Handle each delivery once: the same delivery again gets the outcome stored with its key."""

from datetime import datetime, timedelta

from db.queries import traffic as stored
from db.session import Session

KEEP = timedelta(days=30)


def begin(session: Session, key: str, *, now: datetime) -> str | None:
    """Return what was remembered for `key`, or None when this transaction is the one to handle it.

    The same delivery arriving twice at once waits here, and then gets what the first one remembered.
    """
    if stored.begin(session, key=key, handled_at=now):
        return None
    return stored.outcome_of(session, key)


def remember(session: Session, key: str, outcome: str) -> None:
    """Store the outcome of a delivery that was begun, in the transaction of the deed."""
    stored.remember(session, key=key, outcome=outcome)


def forget(session: Session, key: str) -> None:
    """Let the same key be handled again: nothing came of it, and the person is still at it."""
    stored.forget(session, key=key)


def forget_old(session: Session, *, now: datetime) -> int:
    """Drop keys older than thirty days, far past any redelivery; return how many."""
    return stored.forget_before(session, now - KEEP)
