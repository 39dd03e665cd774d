"""Tell who comes back what became of their check-ins meanwhile, and what is due now: once, in their hours."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from db.enums import CheckInState, Membership, OutboxKind
from db.queries import checkin_clock as stored
from db.queries import checkin_runs
from db.queries.checkin_clock import LeaveRow
from db.session import Session
from workflows import outbox, people
from workflows.checkins import run_reading, turns
from workflows.checkins.quiet_times import quiet_of
from workflows.checkins.run_snapshots import CheckInSnapshot
from workflows.outbox import Promise
from workflows.people import Actor

REMEMBERED: Final = timedelta(days=8)
"""How long after a leave somebody is still told: who does not work that long has other worries."""

AT_ONCE: Final = 200
MOST_SHOWN: Final = 20
_FURTHEST: Final = timedelta(days=8)


def anybody_back(session: Session, *, now: datetime) -> bool:
    """Say whether somebody who reports numbers came back and works now; reads only."""
    return next(_returned(session, now=now), None) is not None


def tell_back(session: Session, *, now: datetime) -> int:
    """Promise who came back one summary of their check-ins, where there is something to tell; return how many.

    Who had a delegate reads it in the summary of what was decided for them.
    """
    told = 0
    for leave, person in list(_returned(session, now=now)):
        if not stored.keep_hand_back(session, leave.person_id, leave.last_day, at=now):
            continue
        is_told_anyway = stored.had_delegate(session, leave.person_id, *_moments(leave))
        if is_told_anyway or not what_became(session, leave.person_id, leave.first_day, leave.last_day):
            continue
        days = {"first": leave.first_day.isoformat(), "last": leave.last_day.isoformat()}
        outbox.promise(session, [Promise(OutboxKind.AWAY_SUMMARY, person.slack_id, person.id, days)], now=now)
        told += 1
    return told


def what_became(session: Session, person_id: UUID, first: date, last: date) -> list[CheckInSnapshot]:
    """Return the check-ins of somebody in these days of their leave, and around them, that others or the clock ended.

    What is open comes last: it is due now, or somebody else is asked.
    """
    for leave in stored.leaves_around(session, person_id, first, last):
        first, last = min(first, leave.first_day), max(last, leave.last_day)
    rows = {row.id: row for row in stored.check_ins_within(session, person_id, first, last, limit=MOST_SHOWN)}
    rows |= {row.id: row for row in checkin_runs.asked_of(session, person_id, limit=MOST_SHOWN)}
    found = []
    for row in rows.values():
        schedule = checkin_runs.schedule(session, row.schedule_id)
        if schedule is not None and person_id not in (row.answered_by, row.skipped_by):
            found.append(run_reading.snapshot(session, schedule, row))
    is_open = (CheckInState.PENDING, CheckInState.DUE, CheckInState.OVERDUE)
    return sorted(found, key=lambda each: (each.state in is_open, each.on_date))


def _returned(session: Session, *, now: datetime) -> Iterator[tuple[LeaveRow, Actor]]:
    """Yield the leaves that are over and not told of, of those who work at this moment."""
    since, until = (now - REMEMBERED).date(), (now + timedelta(hours=14)).date()  # it is tomorrow somewhere
    over = stored.leaves_not_told(session, since, until, limit=AT_ONCE)
    if not over:
        return
    calendars = people.calendars_of(session, {each.person_id for each in over})
    known = people.named(session, {each.person_id for each in over})
    for leave in over:
        person = known[leave.person_id]
        _, ends_at = _moments(leave)
        if now < ends_at or person.membership is not Membership.MEMBER:
            continue
        quiet = quiet_of(session, person.id, now=now)
        at = turns.prompt_at(calendars[person.id], now, now + _FURTHEST, quiet)
        if at is not None and at <= now:
            yield leave, person


def _moments(leave: LeaveRow) -> tuple[datetime, datetime]:
    """Return when a leave begins and has ended, where its person is."""
    return people.resolved(leave.zone, leave.first_day, 0), people.resolved(
        leave.zone, leave.last_day + timedelta(days=1), 0
    )
