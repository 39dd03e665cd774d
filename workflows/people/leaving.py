"""Leave as people say it themselves: when they are away, who decides for them, and that they are back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from db.enums import Membership, OutboxKind
from db.queries import delegations as stored_delegations
from db.queries import people as stored
from db.session import Session
from db.tables import Delegation
from workflows import ledger, outbox
from workflows.ledger import Fact, LedgerKind
from workflows.outbox import Promise
from workflows.people.calendars import calendars_of
from workflows.people.delegations import Delegated, NoDelegation, delegate, delegations_of, end_delegation
from workflows.people.roles import hold
from workflows.people.service import named, with_home_open
from workflows.people.snapshots import Actor
from workflows.people.worktime import add_working, resolved

FURTHEST_AHEAD: Final = timedelta(days=366)


class NoLeave(StrEnum):
    """Why days cannot be somebody's leave."""

    OVER = "over"
    BACKWARDS = "backwards"
    TOO_FAR = "too_far"


@dataclass(frozen=True, slots=True)
class Absence:
    """Days on which somebody is away, both included and of their own zone, and who decides for them meanwhile."""

    first_day: date
    last_day: date
    delegations: tuple[Delegated, ...] = ()

    def holds(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day


def local_day(person: Actor, moment: datetime) -> date:
    """Return the date a moment has where this person is."""
    return moment.astimezone(ZoneInfo(person.zone)).date()


def set_leave(
    session: Session, person: Actor, first: date | None, last: date, *, to: Actor | None, now: datetime
) -> Absence | NoLeave | NoDelegation:
    """Keep that somebody is away from `first`, or from today, until `last`, and that `to` decides for them meanwhile.

    What they said before of the same days no longer counts. The delegate decides from the midnight before the first
    day, or from now on, until the midnight after the last, and is told. A refusal stores nothing.
    """
    hold(session)
    stored_delegations.lock_person(session, person.id)
    today = local_day(person, now)
    first = today if first is None else first
    refusal = _why_not(first, last, today)
    if refusal is not None:
        return refusal
    made = _delegated(session, person, first, last, to=to, now=now) if to else None
    if isinstance(made, NoDelegation):
        return made
    kept = [span for old in _spans(session, person.id) if (span := _before(old, first, last))]
    stored.replace_leave(session, person.id, [*kept, (first, last)])
    _record(session, LedgerKind.LEAVE_SET, person, first, last, now=now)
    news = [Promise(OutboxKind.DELEGATED, made.delegate.slack_id, made.id)] if made else []
    outbox.promise(session, [*news, *_home(session, person)], now=now)
    return next(each for each in absences_of(session, person, now=now) if each.holds(last))


def end_leave(session: Session, person: Actor, day: date, *, now: datetime) -> Absence | None:
    """End the absence that holds `day`, from now on, with its delegations; None when there is no such absence.

    What was decided for them meanwhile they are told at once.
    """
    hold(session)
    stored_delegations.lock_person(session, person.id)
    found = next((each for each in absences_of(session, person, now=now) if each.holds(day)), None)
    if found is None:
        return None
    yesterday = local_day(person, now) - timedelta(days=1)
    spans = _spans(session, person.id)
    if any(span[0] == found.first_day for span in spans):
        past = (found.first_day, min(found.last_day, yesterday))
        kept = [span for span in spans if span[0] != found.first_day]
        stored.replace_leave(session, person.id, [*kept, past] if past[0] <= past[1] else kept)
        _record(session, LedgerKind.LEAVE_ENDED, person, found.first_day, found.last_day, now=now)
    for made in found.delegations:
        end_delegation(session, made, now=now)
        if made.starts_at < now:
            _sum_up(session, made.id, person, now=now)
        else:
            stored_delegations.mark_summed_up(session, made.id, at=now)
    outbox.promise(session, _home(session, person), now=now)
    return found


def absences_of(session: Session, person: Actor, *, now: datetime) -> list[Absence]:
    """Return when somebody is away, now or later, soonest first, with the delegations that belong to it."""
    today = local_day(person, now)
    delegations = delegations_of(session, person.id, now=now)
    found = []
    for first, last in _spans(session, person.id):
        if last >= today:
            meanwhile = tuple(each for each in delegations if _shares_a_day(person, each, first, last))
            delegations = [each for each in delegations if each not in meanwhile]
            found.append(Absence(first, last, meanwhile))
    found += [Absence(*days_of(each), (each,)) for each in delegations]
    return sorted(found, key=lambda each: each.first_day)


def days_of(made: Delegated) -> tuple[date, date]:
    """Return the first and the last day of a delegation, where the person who is away is."""
    last_moment = max(made.starts_at, made.ends_at - timedelta(microseconds=1))
    return local_day(made.person, made.starts_at), local_day(made.person, last_moment)


def anybody_back(session: Session, *, now: datetime) -> bool:
    """Say whether somebody came back and is not told yet what was decided for them; reads only."""
    return bool(_returned(session, now=now))


def sum_up(session: Session, *, now: datetime) -> int:
    """Promise everybody who came back one summary, in their working hours; return how many."""
    told = 0
    for row, person in _returned(session, now=now):
        if row.starts_at < row.ends_at and person.membership is Membership.MEMBER:
            told += _sum_up(session, row.id, person, now=now)
        else:  # it was taken back before it began, or they left
            stored_delegations.mark_summed_up(session, row.id, at=now)
    return told


def _returned(session: Session, *, now: datetime) -> list[tuple[Delegation, Actor]]:
    """Return the delegations that are over and not summed up, of those whose working time has begun again since."""
    rows = stored_delegations.over_and_not_summed_up(session, now)
    if not rows:
        return []
    calendars = calendars_of(session, {row.person_id for row in rows})
    known = named(session, {row.person_id for row in rows})
    found = []
    for row in rows:
        try:
            works_again = add_working(calendars[row.person_id], row.ends_at, timedelta())
        except LookupError:  # never again within about two years
            works_again = row.ends_at
        if works_again <= now:
            found.append((row, known[row.person_id]))
    return found


def _sum_up(session: Session, delegation_id: UUID, person: Actor, *, now: datetime) -> bool:
    if not stored_delegations.mark_summed_up(session, delegation_id, at=now):
        return False
    news = Promise(OutboxKind.AWAY_SUMMARY, person.slack_id, delegation_id)
    outbox.promise(session, [news, *_home(session, person)], now=now)
    return True


def _why_not(first: date, last: date, today: date) -> NoLeave | None:
    if last < today:
        return NoLeave.OVER
    if last < first:
        return NoLeave.BACKWARDS
    return NoLeave.TOO_FAR if last > today + FURTHEST_AHEAD else None


def _delegated(
    session: Session, person: Actor, first: date, last: date, *, to: Actor, now: datetime
) -> Delegated | NoDelegation:
    starts_at = max(now, resolved(person.zone, first, 0))
    ends_at = resolved(person.zone, last + timedelta(days=1), 0)
    return delegate(session, person, to, starts_at=starts_at, ends_at=ends_at, now=now)


def _before(old: tuple[date, date], first: date, last: date) -> tuple[date, date] | None:
    """Return what is left of an old leave beside a new one: all of it, the days before, or nothing."""
    if old[1] < first or old[0] > last:
        return old
    return (old[0], first - timedelta(days=1)) if old[0] < first else None


def _spans(session: Session, person_id: UUID) -> Sequence[tuple[date, date]]:
    return [(each.first_day, each.last_day) for each in stored.leaves(session, [person_id])]


def _shares_a_day(person: Actor, made: Delegated, first: date, last: date) -> bool:
    begins, ends = resolved(person.zone, first, 0), resolved(person.zone, last + timedelta(days=1), 0)
    return made.starts_at < ends and made.ends_at > begins


def _home(session: Session, person: Actor) -> list[Promise]:
    return [
        Promise(OutboxKind.HOME_SYNC, outbox.home_of(each.slack_id), each.id)
        for each in with_home_open(session, [person.id])
    ]


def _record(session: Session, kind: LedgerKind, person: Actor, first: date, last: date, *, now: datetime) -> None:
    data = {"person": str(person.id), "first": first.isoformat(), "last": last.isoformat()}
    ledger.record(session, f"person:{person.id}", [Fact(kind, data)], actor=person.id, now=now)
