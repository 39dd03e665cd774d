"""Everything that waits for one person, whichever feature asks it of them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from db.enums import CheckInState, ConditionStatus, Membership
from db.session import Session
from workflows import (
    approvals,
    checkins,
    conditions,
    foundation,
    lifecycle,
    people,
    reactions,
    recertifying,
    recorded,
    scorecards,
)
from workflows.approvals import RequestSnapshot
from workflows.checkins import CheckInSnapshot, Confirmations, FixSnapshot
from workflows.conditions import ConditionSnapshot
from workflows.digests.urgency import Thing, ThingKind
from workflows.foundation import PartSnapshot
from workflows.lifecycle import TaskSnapshot
from workflows.people import LEAD, Actor
from workflows.recertifying import Question
from workflows.recorded import RecordingSnapshot
from workflows.scorecards import Round

LISTED: Final = 20
"""How much of a kind is looked at. Whoever has more of one has enough to do this week."""

About = (
    RequestSnapshot
    | CheckInSnapshot
    | Confirmations
    | ConditionSnapshot
    | Question
    | FixSnapshot
    | TaskSnapshot
    | PartSnapshot
    | RecordingSnapshot
    | Round
)


def waits_for(session: Session, person: Actor, *, now: datetime) -> Iterator[Thing[About]]:
    """Yield what waits for somebody; nothing of a use case that may not be named to them."""
    yield from _votes(session, person, now=now)
    yield from _conditions(session, person, now=now)
    yield from _check_ins(session, person)
    yield from _recertifications(session, person, now=now)
    yield from _work(session, person, now=now)
    yield from _parts(session, person, now=now)
    yield from _opinions(session, person, now=now)


def _votes(session: Session, person: Actor, *, now: datetime) -> Iterator[Thing[About]]:
    zone = ZoneInfo(person.zone)
    for request in approvals.waiting_for(session, person.id, limit=LISTED):
        seat = request.open_seat_of(person.id)
        if seat is not None:
            due = seat.due_at.astimezone(zone).date() if seat.due_at else None
            is_late = seat.is_overdue or (seat.due_at is not None and seat.due_at <= now)
            yield Thing(ThingKind.VOTE, request, due, is_late, seat.asked_at)


def _conditions(session: Session, person: Actor, *, now: datetime) -> Iterator[Thing[About]]:
    today = people.local_day(person, now)
    for each in conditions.to_meet(session, person.id, limit=LISTED):
        if each.status is ConditionStatus.OPEN:  # else others look at its evidence
            is_late = each.overdue_at is not None or each.due_on < today
            yield Thing(ThingKind.CONDITION, each, each.due_on, is_late, each.created_at)
    for each in conditions.to_judge(session, person.id, limit=LISTED, now=now):
        yield Thing(ThingKind.EVIDENCE, each, since=each.offered.at if each.offered else None)


def _check_ins(session: Session, person: Actor) -> Iterator[Thing[About]]:
    for each in checkins.to_answer_of(session, person.id):
        if each.stands.why_not_asked is None and reactions.may_be_told(session, each.use_case_id, person.id):
            is_late = each.state is CheckInState.OVERDUE
            yield Thing(ThingKind.CHECK_IN, each, each.on_date, is_late, each.prompted_at)
    for about in checkins.to_confirm(session, person.id, limit=LISTED):
        if reactions.may_be_told(session, about.check_in.use_case_id, person.id):
            entered = min((each.entered_at for each in about.for_person(person.id)), default=None)
            yield Thing(ThingKind.CONFIRMATION, about, since=entered)


def _recertifications(session: Session, person: Actor, *, now: datetime) -> Iterator[Thing[About]]:
    today = people.local_day(person, now)
    for each in recertifying.questions_for(session, person.id, limit=LISTED):
        yield Thing(ThingKind.RECERTIFICATION, each, each.due_on, each.has_lapsed or each.due_on < today)


def _work(session: Session, person: Actor, *, now: datetime) -> Iterator[Thing[About]]:
    """Yield fixes, tasks, and what is to be proposed."""
    for fix in checkins.fixes_to_do(session, person.id):
        yield Thing(ThingKind.FIX, fix, fix.due, fix.is_overdue(now), fix.accepted_at)
    for task in lifecycle.tasks_to_do(session, person.id):
        yield Thing(ThingKind.TASK, task, task.due_on, task.is_overdue(now))
    today = people.local_day(person, now)
    for each in recorded.owned_by(session, person.id, limit=LISTED).recordings:
        is_late = recorded.has_passed(each.propose_by, today)
        yield Thing(ThingKind.RECORDING, each, each.propose_by, is_late, each.recorded_at)


def _parts(session: Session, person: Actor, *, now: datetime) -> Iterator[Thing[About]]:
    """Yield the parts of the foundation they answer for that are to be looked at again and nobody has begun to."""
    today = people.local_day(person, now)
    leads = LEAD in people.roles_of(session, person.id)
    for part in foundation.parts_of(session):
        version = part.kept
        has_owner = part.owner is not None and part.owner.membership is Membership.MEMBER
        is_theirs = part.owner is not None and part.owner.id == person.id if has_owner else leads
        if is_theirs and version is not None and version.text.review_on is not None and part.under_way is None:
            review_on = version.text.review_on
            yield Thing(ThingKind.PART, part, review_on, review_on < today)


def _opinions(session: Session, person: Actor, *, now: datetime) -> Iterator[Thing[About]]:
    found = scorecards.open_round(session)
    if found is not None and any(each.person.id == person.id for each in found.waiting):
        is_late = now >= found.closes_at
        yield Thing(ThingKind.SCORECARD, found, found.due_on, is_late, found.opened_at)
