"""What every deed about a condition shares: its place on the record, what follows from its demands, and who is told."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from db.enums import ConditionStatus, OutboxKind
from db.queries import conditions as stored
from db.session import Session
from workflows import approvals, ledger, outbox, people
from workflows.approvals import Speaker
from workflows.conditions import clock, rules
from workflows.conditions.reading import existing, speakers_of
from workflows.conditions.rules import Demand
from workflows.conditions.snapshots import ConditionSnapshot, DemandSnapshot
from workflows.ledger import Fact, LedgerKind
from workflows.outbox import Promise
from workflows.people import Actor

MANY: Final = 5
"""Of a lane of more people only those are written to whose votes set the condition; Home shows it to all."""


def record(
    session: Session,
    condition_id: UUID,
    kind: LedgerKind,
    data: Mapping[str, ledger.Value],
    *,
    by: UUID | None,
    now: datetime,
) -> None:
    """Append a fact about a condition. The caller holds a request about its subject."""
    ledger.record(session, f"condition:{condition_id}", [Fact(kind, dict(data))], actor=by, now=now)


def demands_of(condition: ConditionSnapshot) -> tuple[Demand, ...]:
    return tuple(as_demand(each) for each in condition.demands)


def as_demand(each: DemandSnapshot) -> Demand:
    return Demand(each.lane_id, each.person.id, each.due_on, each.blocks, each.status)


def move(session: Session, condition: ConditionSnapshot, status: ConditionStatus, values: Mapping[str, object]) -> None:
    """Give a condition another status, with what else changes. Raises LookupError when nothing leads there."""
    if status not in rules.LEADS_TO.get(condition.status, ()):
        raise LookupError(f"nothing turns a condition that is {condition.status} into one that is {status}")
    stored.set_condition(session, condition.id, version=condition.version, values={"status": status, **values})


def recount(session: Session, condition_id: UUID, *, now: datetime) -> ConditionSnapshot:
    """Bring a condition in line with the demands that stand for it now, and return it.

    Nobody asks any more: it is settled. The strictest date moved: so do its reminders, and one that is not overdue by
    the dates that are left is not overdue.
    """
    condition = existing(session, condition_id)
    demands = demands_of(condition)
    due_on, settled = rules.due_on(demands), rules.outcome(demands)
    values: dict[str, object] = {}
    if settled is not None:
        move(session, condition, settled, {"settled_at": now, "remind_at": None})
        return existing(session, condition_id)
    if due_on is not None and due_on != condition.due_on:
        values = {"due_on": due_on}
        if condition.status is not ConditionStatus.PROPOSED:
            values |= _moved(session, condition, due_on, now=now)
    if not values:
        return condition
    stored.set_condition(session, condition.id, version=condition.version, values=values)
    return existing(session, condition_id)


def next_due(session: Session, owner: Actor, due_on: date, *, now: datetime) -> datetime:
    """Return when something is to be done next about a condition whose owner has just heard of it."""
    calendar = people.calendars_of(session, [owner.id])[owner.id]
    return clock.due_at(calendar, due_on, after=now)


def look_again_at(session: Session, speakers: Iterable[Speaker], *, after: timedelta, now: datetime) -> datetime:
    """Return when those who have evidence before them are asked again: in the working time of the first of them."""
    first = next(iter(speakers), None)
    calendar = people.calendars_of(session, [first.person.id])[first.person.id] if first else None
    try:
        return people.add_working(calendar, now + after, timedelta()) if calendar else now + after
    except LookupError:  # they never work again within about two years
        return now + after


def to_write_to(spoken: Iterable[Sequence[Speaker]]) -> list[Actor]:
    """Return whom to write to of the people who speak for some lanes, each once.

    Who is away has somebody who stands in for them; of many only those whose votes set the condition.
    """
    told: dict[UUID, Actor] = {}
    for lane in spoken:
        away = {each.stands_in_for.id: each.person for each in lane if each.stands_in_for is not None}
        own = [each for each in lane if each.stands_in_for is None]
        voters = [each for each in own if each.voted]
        chosen = voters if len(own) > MANY and voters else own
        told |= {person.id: person for person in (away.get(each.person.id, each.person) for each in chosen)}
    return list(told.values())


def tell(
    session: Session,
    condition: ConditionSnapshot,
    news: Sequence[Promise],
    *,
    concerned: Collection[UUID] = (),
    now: datetime,
) -> None:
    """Promise the cards that show a condition and the Homes of everybody it concerns anew, then `news`."""
    spoken = speakers_of(session, condition, now=now)
    people_there = {each.person.id for some in spoken.values() for each in some}
    setters = {each.person.id for each in condition.demands}
    everybody = {condition.owner.id, *people_there, *setters, *concerned}
    approvals.redraw(session, condition.request_id, people=everybody, now=now)
    outbox.promise(session, news, now=now)


def about(kind: OutboxKind, person: Actor, condition: ConditionSnapshot, **payload: str) -> Promise:
    return Promise(kind, person.slack_id, condition.id, {"person": str(person.id)} | payload)


def _moved(session: Session, condition: ConditionSnapshot, due_on: date, *, now: datetime) -> dict[str, object]:
    is_over = clock.overdue_at(condition.owner.zone, due_on) <= now
    values: dict[str, object] = {}
    if condition.overdue_at is not None and not is_over:
        values["overdue_at"] = None
    if condition.status is ConditionStatus.OPEN and not (is_over and condition.overdue_at is not None):
        values["remind_at"] = next_due(session, condition.owner, due_on, now=now)
    return values
