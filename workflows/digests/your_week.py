"""Tell each person once a week, as theirs begins, the three things that wait for them most."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

from db.enums import OutboxKind
from db.queries import weekly as claims
from db.queries import your_week as stored
from db.session import Session
from workflows import outbox, people, settings
from workflows.approvals import weeks
from workflows.digests.urgency import Week, week_of
from workflows.digests.what_waits import About, waits_for
from workflows.outbox import Promise
from workflows.people import LEAD, Actor, Calendar
from workflows.settings import OFF, ON, SettingName

AT_ONCE = 200
_TOLD, _LOOKED = "your_week", "your_week_looked"
_KEPT: Final = timedelta(days=4)


def is_on(session: Session) -> bool:
    """Say whether people are told of their week: they are, unless the organisation has set otherwise."""
    return settings.value_of(session, SettingName.YOUR_WEEK) != OFF


def turn(session: Session, *, on: bool, actor: UUID | None, now: datetime) -> bool:
    """Have people told of their week, or not; return whether that changed anything. It is on the record."""
    if is_on(session) is on:
        return False
    return settings.change(session, SettingName.YOUR_WEEK, ON if on else OFF, actor=actor, now=now)


def your_week(session: Session, person: Actor, *, now: datetime) -> Week[About]:
    """Return what waits for somebody now, the most urgent first."""
    return week_of(waits_for(session, person, now=now), people.local_day(person, now))


def wants_it(session: Session, person_id: UUID) -> bool:
    """Say whether somebody is to be told of their week without asking."""
    return not stored.is_off(session, person_id)


def leave_in_peace(session: Session, person: Actor, *, now: datetime) -> bool:
    """Never tell them of their week unasked; return whether that is new."""
    return stored.set_off(session, person.id, since=now)


def tell_again(session: Session, person: Actor) -> bool:
    """Tell them of their week again, from the next one on; return whether that is new."""
    return stored.set_on(session, person.id)


# ---------------------------------------------------------------------------------------------- the clock


def your_week_due(session: Session, *, now: datetime) -> bool:
    """Say whether a quarter of an hour has begun in which nobody looked yet whose week begins. One statement.

    Every zone's hours begin at such a moment, and most people's.
    """
    mark, day = _quarter(now)
    return stored.is_to_look(session, off=OFF, setting=SettingName.YOUR_WEEK, kind=_LOOKED, mark=mark, day=day)


def tell_your_week(session: Session, *, now: datetime) -> int:
    """Promise those whose week has begun what waits for them; return how many that was.

    Each is told once for a week, however many processes run this and whenever they are restarted. Whoever had nothing
    to do as their week began is left in peace until the next: what comes meanwhile has messages of its own.
    """
    if not your_week_due(session, now=now):
        return 0
    due = _due(session, now=now)
    for person_id, slack_id, week in due[:AT_ONCE]:
        if claims.claim(session, _TOLD, str(person_id), week, at=now):
            promise = Promise(OutboxKind.YOUR_WEEK, slack_id, person_id, is_bulk=True)
            outbox.promise(session, [promise], now=now)
    if len(due) <= AT_ONCE:
        mark, day = _quarter(now)
        claims.claim(session, _LOOKED, mark, day, at=now)
        stored.forget_claims(session, _LOOKED, before=day - _KEPT)
    return min(len(due), AT_ONCE)


def is_news(session: Session, person_id: UUID, promised_at: datetime, *, now: datetime) -> bool:
    """Say whether somebody is still to be told what was promised then: not late, not on leave, not switched off."""
    calendar = people.calendars_of(session, [person_id]).get(person_id)
    is_here = calendar is not None and not people.is_on_leave(calendar, now)
    return is_here and now - promised_at <= weeks.LATE and is_on(session) and wants_it(session, person_id)


def _due(session: Session, *, now: datetime) -> Sequence[tuple[UUID, str, date]]:
    """Return whose week has begun and for whom something may wait, who were not told or looked at in it."""
    leads = [each.id for each in people.holders_of(session, LEAD)]
    holding = stored.holding_something(session, leads, since=now - _ASKED_LATELY)
    told = stored.claimed(session, _TOLD, since=now.date() - _KEPT - timedelta(days=7))
    calendars = people.calendars_of(session, [person_id for person_id, _ in holding]) if holding else {}
    looked = stored.claimed_at(session, _LOOKED, since=now.date() - _KEPT)
    found = []
    for person_id, slack_id in holding:
        calendar = calendars.get(person_id)
        week = weeks.week_due(calendar, now) if calendar else None
        if calendar is None or week is None or (str(person_id), week) in told:
            continue
        if not _was_looked_at(calendar, week, looked):
            found.append((person_id, slack_id, week))
    return found


def _was_looked_at(calendar: Calendar, week: date, looked: Collection[datetime]) -> bool:
    """Say whether somebody's week had begun and they worked when it was looked whose has: they held nothing then."""
    begins = weeks.begins(calendar, week)
    return begins is not None and any(begins <= at and people.works_at(calendar, at) == at for at in looked)


def _quarter(now: datetime) -> tuple[str, date]:
    """Return the quarter of an hour of a moment, as “08:15” and its day, both in UTC."""
    there = now.astimezone(UTC)
    return f"{there:%H}:{there.minute // 15 * 15:02}", there.date()


_ASKED_LATELY: Final = timedelta(days=90)
"""How old a question to confirm numbers may be."""
