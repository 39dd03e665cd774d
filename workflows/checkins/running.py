"""What the clock does for check-ins: fire the dates that have come, and turn what is open."""

from datetime import datetime

from db.session import Session
from workflows.checkins.asking import turn_due
from workflows.checkins.scheduling import anything_due, fire_due

__all__ = ["anything_due", "run"]


def run(session: Session, *, now: datetime) -> int:
    """Do everything that is due with schedules and check-ins; return how much was done. Twice does nothing twice."""
    return fire_due(session, now=now) + turn_due(session, now=now)
