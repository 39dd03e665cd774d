"""Tell somebody once, in their hours, that they report KPIs now: given by a colleague, or left by who has gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from db.enums import CheckInState, KpiSource, Membership, OutboxKind
from db.queries import checkin_clock as stored
from db.queries import checkin_runs
from db.session import Session
from workflows import outbox, people
from workflows.checkins import turns
from workflows.checkins.quiet_times import quiet_of
from workflows.checkins.reading import kpis_of
from workflows.checkins.snapshots import KpiSnapshot
from workflows.outbox import Promise
from workflows.people import Actor

AT_ONCE: Final = 20

_FURTHEST: Final = timedelta(days=7)
"""Who does not work for longer is looked at again; there is no period that ends."""


@dataclass(frozen=True, slots=True)
class Given:
    """KPIs somebody reports now. Without `by` those who reported them have left, who are named in `left`.

    `asks_next` is when they are asked first: None where nobody is asked for these, and `is_asked` says that they are.
    """

    use_case_id: UUID
    person: Actor
    by: Actor | None
    kpis: tuple[KpiSnapshot, ...]
    left: tuple[Actor, ...]
    asks_next: datetime | None
    is_asked: bool


def give(session: Session, use_case_id: UUID, to: Actor, *, by: UUID, now: datetime) -> None:
    """Have somebody told that they report KPIs of a use case, unless they took them themselves.

    Who is given several before they are told hears of all of them at once.
    """
    if to.id != by:
        stored.give_kpis(session, use_case_id, to.id, by=by, at=now)


def stand_in(session: Session, use_case_id: UUID, lead: Actor, *, now: datetime) -> None:
    """Have a programme lead told, once for each use case, that nobody is left there who reports its KPIs."""
    stored.give_kpis_once(session, use_case_id, lead.id, at=now)


def anybody_to_tell(session: Session, *, now: datetime) -> bool:
    return bool(stored.given_due(session, now, limit=1))


def tell_due(session: Session, *, now: datetime) -> int:
    """Tell those who work now and are not in a quiet time; return how many. Of several replicas one tells each."""
    due = stored.lock_given_due(session, now, limit=AT_ONCE)
    known = people.named(session, {each.person_id for each in due})
    calendars = people.calendars_of(session, list(known))
    told = 0
    for row in due:
        person = known[row.person_id]
        quiet = quiet_of(session, person.id, now=now)
        at = turns.prompt_at(calendars[person.id], now, now + _FURTHEST, quiet) or now + turns.LOOK_AGAIN
        if at > now and person.membership is Membership.MEMBER:
            stored.set_tell_at(session, row.id, at)
            continue
        stored.set_tell_at(session, row.id, None)
        if person.membership is Membership.MEMBER:
            outbox.promise(session, [Promise(OutboxKind.KPI_GIVEN, person.slack_id, row.id)], now=now)
            told += 1
    return told


def given_of(session: Session, given_id: UUID) -> Given | None:
    """Return what somebody is told now: nothing, where they report none of its KPIs any more."""
    row = stored.given(session, given_id)
    if row is None:
        return None
    in_use = [each for each in kpis_of(session, [row.use_case_id]).get(row.use_case_id, ()) if each.in_use]
    left = [each.owner for each in in_use if each.owner.membership is not Membership.MEMBER]
    theirs = [each for each in in_use if each.owner.id == row.person_id]
    if not (theirs if row.given_by else left):
        return None
    known = people.named(session, [row.person_id, *([row.given_by] if row.given_by else [])])
    next_at, is_asked = _asked_next(session, row.use_case_id, row.person_id, theirs or in_use)
    return Given(
        use_case_id=row.use_case_id,
        person=known[row.person_id],
        by=known[row.given_by] if row.given_by else None,
        kpis=tuple(theirs or (each for each in in_use if each.owner in left)),
        left=tuple(dict.fromkeys(left)),
        asks_next=next_at,
        is_asked=is_asked,
    )


def _asked_next(
    session: Session, use_case_id: UUID, person_id: UUID, kpis: Sequence[KpiSnapshot]
) -> tuple[datetime | None, bool]:
    """Return when somebody is asked next about a use case, and whether they are asked already."""
    if all(each.source is not KpiSource.SELF for each in kpis):
        return None, False
    open_ones = (CheckInState.PENDING, CheckInState.DUE, CheckInState.OVERDUE)
    asked = checkin_runs.asked_of(session, person_id, limit=100)
    is_asked = any(each.use_case_id == use_case_id and each.state in open_ones for each in asked)
    return stored.next_at(session, use_case_id, person_id), is_asked
