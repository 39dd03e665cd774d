"""What the clock does for check-ins: fire dates that have come, turn what is open, tell who reports what or is back."""

from datetime import datetime

from db.session import Session
from workflows.checkins import giving, handing_back, scheduling
from workflows.checkins.asking import turn_due

__all__ = ["anything_due", "run"]


def anything_due(session: Session, *, now: datetime) -> bool:
    """Say whether `run` would do something; reads only."""
    return (
        scheduling.anything_due(session, now=now)
        or giving.anybody_to_tell(session, now=now)
        or handing_back.anybody_back(session, now=now)
    )


def run(session: Session, *, now: datetime) -> int:
    """Do everything that is due with schedules and check-ins; return how much was done. Twice does nothing twice."""
    done = scheduling.fire_due(session, now=now) + turn_due(session, now=now)
    return done + giving.tell_due(session, now=now) + handing_back.tell_back(session, now=now)
