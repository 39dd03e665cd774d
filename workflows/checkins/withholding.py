"""Ask for the numbers of what has become confidential only those who may know of it."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from db.queries import checkin_runs as stored
from db.session import Session
from workflows import people
from workflows.checkins import asking
from workflows.checkins.redrawing import redraw_asked


def ask_who_may_know(session: Session, use_case_id: UUID, may_know: Callable[[UUID], bool], *, now: datetime) -> None:
    """Ask whoever reports the numbers again, where they were handed to somebody who may know of them no more.

    The schedules of the use case are locked, and then what is asked. Every message about it is drawn anew.
    """
    for schedule in stored.lock_schedules(session, use_case_id):
        for check_in_id in stored.not_over(session, schedule.id):
            row = stored.check_in(session, check_in_id)
            if row is None or row.asked_id == schedule.person_id or may_know(row.asked_id):
                continue
            to = people.named(session, [schedule.person_id])[schedule.person_id]
            asking.ask_instead(session, row.id, row.asked_id, to, for_good=False, now=now)
    redraw_asked(session, use_case_id, now=now)
