"""When somebody can be reached: in the hours they work, and not while Slack keeps notifications from them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from db.session import Session
from workflows import people
from workflows.checkins.quiet import Quiet
from workflows.checkins.quiet_times import quiet_of
from workflows.people import Actor, Calendar

LOOK_SOON: Final = timedelta(minutes=10)
"""How soon the clock sees that what was suspended goes on, or that a quiet time ended early."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Somebody, the hours they work, and when they are left in peace next, as far as Slack has told it."""

    person: Actor
    calendar: Calendar
    quiet: Quiet | None

    def look_again(self, at: datetime | None, closes_at: datetime, *, now: datetime) -> datetime:
        """Return when the clock looks again at what comes `at` a moment, or never: soon while it is quiet around them.

        Quiet times end early too.
        """
        is_quiet = self.quiet is not None and self.quiet.holds(now)
        return min(at or closes_at, closes_at, now + LOOK_SOON if is_quiet else closes_at)


def reach_of(session: Session, person: Actor, *, now: datetime) -> Reach:
    calendar = people.calendars_of(session, [person.id])[person.id]
    return Reach(person, calendar, quiet_of(session, person.id, now=now))
