"""When people work, from what is known of them: what they said, else what is usual where they are."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from db.queries import people as stored
from db.session import Session
from workflows.people import countries
from workflows.people.worktime import USUAL_DAYS, USUAL_ENDS, USUAL_STARTS, Calendar


def calendars_of(session: Session, ids: Collection[UUID]) -> Mapping[UUID, Calendar]:
    """Return the calendars of these people; one that was erased is missing."""
    leave: dict[UUID, list[tuple[date, date]]] = {}
    for each in stored.leaves(session, ids):
        leave.setdefault(each.person_id, []).append((each.first_day, each.last_day))
    return {
        row.id: Calendar(
            zone=row.zone,
            country=row.country or countries.guess(row.zone),
            starts=USUAL_STARTS if row.work_starts is None else row.work_starts,
            ends=USUAL_ENDS if row.work_ends is None else row.work_ends,
            days=row.work_days or USUAL_DAYS,
            leave=tuple(leave.get(row.id, ())),
        )
        for row in stored.hours_of(session, ids)
    }
