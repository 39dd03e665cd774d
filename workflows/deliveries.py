"""Handle each delivery once: the same delivery again gets the outcome stored with its key."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from db.queries import traffic as stored
from db.session import Session

KEEP = timedelta(days=30)
Other = TypeVar("Other")


def begin(session: Session, key: str, *, now: datetime) -> str | None:
    """Return what was remembered for `key`, or None when this transaction is the one to handle it.

    The same delivery arriving twice at once waits here, and then gets what the first one remembered.
    """
    if stored.begin(session, key=key, handled_at=now):
        return None
    return stored.outcome_of(session, key)


def once(session: Session, key: str, deed: Callable[[], str | Other], *, now: datetime) -> str | Other:
    """Do `deed` unless this delivery was handled before, and return the words it ended with.

    What is no text is not remembered: the person is still at it, and what they send next may have the same key.
    """
    remembered = begin(session, key, now=now)
    if remembered is not None:
        return remembered
    outcome = deed()
    if isinstance(outcome, str):
        remember(session, key, outcome)
    else:
        forget(session, key)
    return outcome


def remember(session: Session, key: str, outcome: str) -> None:
    """Store the outcome of a delivery that was begun, in the transaction of the deed."""
    stored.remember(session, key=key, outcome=outcome)


def forget(session: Session, key: str) -> None:
    """Let the same key be handled again: nothing came of it, and the person is still at it."""
    stored.forget(session, key=key)


def forget_old(session: Session, *, now: datetime) -> int:
    """Drop keys older than thirty days, far past any redelivery; return how many."""
    return stored.forget_before(session, now - KEEP)
