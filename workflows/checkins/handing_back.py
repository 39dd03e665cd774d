"""Tell who comes back what became of their check-ins meanwhile, and what is due now: once, in their hours."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final
from uuid import UUID

from db.enums import CheckInState, OutboxKind
from db.queries import checkin_clock as stored
from db.queries import checkin_runs
from db.session import Session
from workflows import outbox, people
from workflows.checkins import run_reading
from workflows.checkins.quiet_times import quiet_of_all
from workflows.checkins.run_snapshots import CheckInSnapshot
from workflows.outbox import Promise
from workflows.people import Actor, Calendar

REMEMBERED: Final = timedelta(days=8)
"""How long after a leave somebody is still told: who does not work that long has other worries."""

AT_ONCE: Final = 20
MOST_SHOWN: Final = 20
_A_MOMENT: Final = timedelta(seconds=1)
_LOOKED_AT: Final = 500
"""How many leaves are looked at in one question: of most who were away it is not the time to tell them yet."""

Days = tuple[date, date]


@dataclass(frozen=True, slots=True)
class _Back:
    """Somebody who works now, and the days of a leave of theirs that is over."""

    person: Actor
    calendar: Calendar
    days: Days


def anybody_back(session: Session, *, now: datetime) -> bool:
    """Say whether somebody who reports numbers came back and works now; reads only."""
    return next(_returned(session, now=now), None) is not None


def tell_back(session: Session, *, now: datetime) -> int:
    """Promise who came back one summary of their check-ins, where there is something to tell; return how many.

    Leaves between which nobody works are told of as one. Who had a delegate in all of them reads it in the summary of
    what was decided for them.
    """
    back = {each.person.id: each for each in islice(_returned(session, now=now), AT_ONCE)}
    before = stored.told_back(session, list(back))
    told = 0
    for person_id, each in sorted(back.items()):  # in one order, so that replicas wait for each other in one direction
        today = people.local_day(each.person, now)
        untold = [days for days in each.calendar.leave if days[1] < today and (person_id, days[1]) not in before]
        spans = joined(each.calendar, each.days, untold)
        kept = [stored.keep_hand_back(session, person_id, last, at=now) for _, last in spans]
        if not all(kept):
            continue  # somebody else tells them just now
        first, last = spans[0][0], spans[-1][1]
        is_told_anyway = all(stored.had_delegate(session, person_id, *_moments(each.calendar, days)) for days in spans)
        if is_told_anyway or not what_became(session, person_id, first, last):
            continue
        days = {"first": first.isoformat(), "last": last.isoformat()}
        outbox.promise(session, [Promise(OutboxKind.AWAY_SUMMARY, each.person.slack_id, person_id, days)], now=now)
        told += 1
    return told


def joined(calendar: Calendar, days: Days, others: Sequence[Days]) -> list[Days]:
    """Return a leave with those of the `others` before and after it between which there is no day somebody works."""
    spans = [days]
    for each in sorted((each for each in others if each[0] < days[0]), reverse=True):
        if not _works_between(calendar, each[1], spans[0][0]):
            spans.insert(0, each)
    for each in sorted(each for each in others if each[0] > days[0]):
        if not _works_between(calendar, spans[-1][1], each[0]):
            spans.append(each)
    return spans


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


def _returned(session: Session, *, now: datetime) -> Iterator[_Back]:
    """Yield the leaves that are over and not told of, of those who work at this moment and are not in a quiet time."""
    since, until = (now - REMEMBERED).date(), (now + timedelta(hours=14)).date()  # it is tomorrow somewhere
    over = stored.leaves_not_told(session, since, until, limit=_LOOKED_AT)
    while over:
        calendars = people.calendars_of(session, {each.person_id for each in over})
        working = {
            each for each, calendar in calendars.items() if people.working_between(calendar, now, now + _A_MOMENT)
        }
        quiet, known = quiet_of_all(session, working, now=now), people.named(session, working)
        for leave in over:
            if leave.person_id not in working or leave.last_day >= people.local_day(known[leave.person_id], now):
                continue
            if leave.person_id not in quiet or not quiet[leave.person_id].holds(now):
                days = (leave.first_day, leave.last_day)
                yield _Back(known[leave.person_id], calendars[leave.person_id], days)
        is_all = len(over) < _LOOKED_AT
        over = () if is_all else stored.leaves_not_told(session, since, until, after=over[-1], limit=_LOOKED_AT)


def _works_between(calendar: Calendar, last: date, first: date) -> bool:
    """Say whether somebody works on a day after the one and before the other."""
    between = (last + timedelta(days=number) for number in range(1, (first - last).days))
    return any(people.is_working_day(calendar, each) for each in between)


def _moments(calendar: Calendar, days: Days) -> tuple[datetime, datetime]:
    """Return when a leave begins and has ended, where its person is."""
    first, last = days
    return people.resolved(calendar.zone, first, 0), people.resolved(calendar.zone, last + timedelta(days=1), 0)
