"""Draw what is asked about a use case anew: it stops, goes on, or has other KPIs now."""

from datetime import datetime
from typing import Final
from uuid import UUID

from db.queries import checkin_clock as stored
from db.session import Session
from workflows.checkins import asking

MOST: Final = 12


def redraw_asked(session: Session, use_case_id: UUID, *, now: datetime) -> None:
    """Promise the messages that can still be answered about a use case drawn anew, and the Homes that show them.

    Nothing is locked: the clock sees within minutes that it has to rest, or to go on.
    """
    for row in stored.still_of_use(session, use_case_id, limit=MOST):
        asking.redraw(session, row, now=now)
