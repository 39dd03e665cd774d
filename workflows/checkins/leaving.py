"""Let what is asked of somebody follow the leave they have just said, or ended."""

from datetime import datetime
from typing import Any

from db.enums import CheckInState
from db.queries import checkin_runs as stored
from db.session import Session
from db.tables import CheckIn
from workflows import people
from workflows.checkins import asking, turns
from workflows.checkins.turns import LOOK_AGAIN
from workflows.people import Actor, Calendar

MOST = 100


def follow_leave(session: Session, person: Actor, *, now: datetime) -> None:
    """Put off at once what is asked of somebody who is on leave now, until they are back; who is back is asked again.

    Whoever does not work again in a period, and had less than a day of it, is away. Each check-in is locked, all
    schedules first.
    """
    calendar = people.calendars_of(session, [person.id])[person.id]
    asked = stored.asked_of(session, person.id, limit=MOST)
    stored.hold_schedules(session, {each.schedule_id for each in asked})
    for found in asked:
        row = stored.lock_check_in(session, found.id)
        if row is None or row.act_at is None or row.asked_id != person.id or now >= row.closes_at:
            continue
        values = _on_leave(row, calendar, now) if people.is_on_leave(calendar, now) else _back(row, now)
        if values:
            stored.update_check_in(session, row.id, values)
            asking.redraw(session, row, now=now)


def _on_leave(row: CheckIn, calendar: Calendar, now: datetime) -> dict[str, Any]:
    works = turns.prompt_at(calendar, now, row.closes_at)
    begins_anew = {"reminders": 0, "due_at": None, "counts_from": None}
    if works is not None:
        return {"state": CheckInState.PENDING, "snoozed_until": works, "act_at": works, **begins_anew}
    if turns.at_end(calendar, row.prompted_at, row.closes_at) is not CheckInState.AWAY:
        return {}
    again = min(now + LOOK_AGAIN, row.closes_at)
    return {"state": CheckInState.AWAY, "snoozed_until": None, "act_at": again, **begins_anew}


def _back(row: CheckIn, now: datetime) -> dict[str, Any]:
    if row.state not in (CheckInState.PENDING, CheckInState.AWAY):
        return {}
    return {"state": CheckInState.PENDING, "snoozed_until": None, "act_at": now}
