"""What the clock does for check-ins: fire dates, turn what is open, remind of fixes, tell who reports or is back."""

from datetime import datetime

from db.session import Session
from workflows.checkins import fix_reminding, giving, handing_back, scheduling
from workflows.checkins.asking import turn_due


def anything_due(session: Session, *, now: datetime) -> bool:
    """Say whether `run` would do something; reads only."""
    return (
        scheduling.anything_due(session, now=now)
        or fix_reminding.anything_due(session, now=now)
        or giving.anybody_to_tell(session, now=now)
        or handing_back.anybody_back(session, now=now)
    )


def run(session: Session, *, now: datetime) -> int:
    """Do everything that is due with schedules, check-ins and fixes; return how much. Twice does nothing twice."""
    done = scheduling.fire_due(session, now=now) + turn_due(session, now=now) + fix_reminding.run(session, now=now)
    return done + giving.tell_due(session, now=now) + handing_back.tell_back(session, now=now)
