"""Ask whoever owns what was recorded, or else those who lead, to propose it: bounded, bundled, in their hours."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from db.enums import Membership, OutboxKind
from db.queries import recorded as stored
from db.session import Session
from db.tables import Recording
from workflows import outbox, people
from workflows.outbox import Promise
from workflows.people import Actor, Calendar
from workflows.people.worktime import resolved
from workflows.recorded import rules

LOOK_AGAIN: Final = timedelta(days=1)
NAMED: Final = 10
"""So many are named in one message; of the rest it says how many there are."""


def anything_due(session: Session, *, now: datetime) -> bool:
    """Say whether somebody is to be asked to propose something; reads only."""
    return stored.anybody_to_ask(session, now)


def run(session: Session, *, now: datetime) -> int:
    """Ask everybody who is to be asked, each in one message about everything; return how many people that was.

    What is asked about is locked first, so of several replicas one asks and the others find nothing due.
    """
    rows = stored.lock_to_ask(session, now)
    if not rows:
        return 0
    owners = people.named(session, {row.owner_id for row in rows if row.owner_id})
    theirs: defaultdict[tuple[Actor, ...], list[Recording]] = defaultdict(list)
    for row in rows:
        theirs[whom_to_ask(session, owners.get(row.owner_id) if row.owner_id else None)].append(row)
    told: defaultdict[Actor, list[Recording]] = defaultdict(list)
    for whom, found in theirs.items():
        for each in _ask(session, whom, found, now=now):
            for person in whom:
                told[person].append(each)
    outbox.promise(session, [_promise(person, found) for person, found in told.items()], now=now)
    return len(told)


def whom_to_ask(session: Session, owner: Actor | None) -> tuple[Actor, ...]:
    """Return who is asked to propose something: its owner, else the programme leads, else the admins."""
    if owner is not None and owner.membership is Membership.MEMBER:
        return (owner,)
    return tuple(people.holders_of(session, people.LEAD) or people.holders_of(session, people.ADMIN))


def first_asked_at(
    session: Session, days: Sequence[tuple[Actor | None, date]], *, now: datetime
) -> Mapping[tuple[UUID | None, date], datetime | None]:
    """Return when somebody is asked first to propose what has this owner and this last day; None where never."""
    found: dict[tuple[UUID | None, date], datetime | None] = {}
    for owner, propose_by in dict.fromkeys(days):
        calendar = _calendar(session, whom_to_ask(session, owner))
        found[owner.id if owner else None, propose_by] = _next(calendar, propose_by, now)
    return found


def _ask(session: Session, whom: Sequence[Actor], rows: Sequence[Recording], *, now: datetime) -> Sequence[Recording]:
    """Have these asked about again when it is time to, and return those to be asked about now."""
    calendar = _calendar(session, whom)
    works = people.works_at(calendar, now) if whom else None
    if works is None or works > now:
        stored.ask_at(session, [row.id for row in rows], min(works or now + LOOK_AGAIN, now + LOOK_AGAIN))
        return ()
    following: defaultdict[datetime | None, list[UUID]] = defaultdict(list)
    for row in rows:
        following[_next(calendar, row.propose_by, now)].append(row.id)
    for at, ids in following.items():
        stored.ask_at(session, ids, at)
    today = people.local_day(whom[0], now)
    return [row for row in rows if rules.is_asked_on(row.propose_by, today)]


def _calendar(session: Session, whom: Sequence[Actor]) -> Calendar:
    """Return when the first of these works; where there is nobody, when people do in UTC."""
    return people.calendars_of(session, [whom[0].id])[whom[0].id] if whom else Calendar("UTC")


def _next(calendar: Calendar, propose_by: date, now: datetime) -> datetime | None:
    """Return when somebody is asked next, as they begin to work on the next day for that."""
    day = rules.next_day(propose_by, after=now.astimezone(ZoneInfo(calendar.zone)).date())
    if day is None:
        return None
    begins = resolved(calendar.zone, day, calendar.starts)
    return people.works_at(calendar, begins) or begins


def _promise(person: Actor, rows: Sequence[Recording]) -> Promise:
    in_order = sorted(rows, key=lambda row: (row.propose_by, row.number))
    payload = {"recordings": ",".join(str(row.id) for row in in_order[:NAMED]), "in_all": str(len(rows))}
    return Promise(OutboxKind.PROPOSE_RECORDED, person.slack_id, person.id, payload, is_bulk=True)
