"""What the clock does for check-ins: fire the dates that have come, turn what is open, and remind of fixes."""

from datetime import datetime

from db.session import Session
from workflows.checkins import fix_reminding, scheduling
from workflows.checkins.asking import turn_due


def anything_due(session: Session, *, now: datetime) -> bool:
    """Say whether a schedule, a check-in or a fix waits for the clock; reads only."""
    return scheduling.anything_due(session, now=now) or fix_reminding.anything_due(session, now=now)


def run(session: Session, *, now: datetime) -> int:
    """Do everything that is due with schedules, check-ins and fixes; return how much. Twice does nothing twice."""
    return scheduling.fire_due(session, now=now) + turn_due(session, now=now) + fix_reminding.run(session, now=now)
