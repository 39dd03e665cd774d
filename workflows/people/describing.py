"""Keep what people say of themselves and organisations of their people: manager, team, country, hours, days, leave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from db.queries import people as stored
from db.session import Session
from db.tables import Person
from workflows import ledger
from workflows.ledger import Fact, LedgerKind, Value
from workflows.people import countries, rules
from workflows.people.roles import hold
from workflows.people.rules import Description, Detail, Row, Unusable
from workflows.people.service import actor_of
from workflows.people.snapshots import Actor, Details

STREAM = "configuration:people"
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be changed about one person."""

    person: Actor
    details: tuple[Detail, ...]
    values: Mapping[str, Any]
    leave: tuple[tuple[date, date], ...] | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a file changes, person by person, and about how many people it says what is known."""

    changes: tuple[Change, ...]
    unchanged: int


def read(text: str) -> tuple[Row, ...] | Unusable:
    """Return the rows of a CSV file about people, or every mistake in it."""
    return rules.read(text, countries=countries.names())


def plan(session: Session, rows: Sequence[Row]) -> Plan | Unusable:
    """Return what these rows change, or why they cannot count. Nothing is stored."""
    everybody = {row.slack_id: row for row in stored.everybody(session)}
    problems = [problem for row in rows for problem in _strangers(row, everybody)]
    problems = problems or _circles(rows, everybody)
    if problems:
        return Unusable(tuple(problems))
    leave = _leave_of(session, [everybody[row.slack_id].id for row in rows])
    changes = [_change(everybody[row.slack_id], row.said, everybody, leave) for row in rows]
    found = tuple(change for change in changes if change.details)
    return Plan(found, len(rows) - len(found))


def carry_out(session: Session, planned: Plan, *, actor: UUID | None, now: datetime) -> None:
    """Store what was planned in this transaction, and put on the record whose details changed, by whom."""
    facts = []
    for change in planned.changes:
        if change.values:
            stored.update_person(session, change.person.id, change.values)
        if change.leave is not None:
            stored.replace_leave(session, change.person.id, change.leave)
        data: dict[str, Value] = {"person": str(change.person.id), "details": [each.value for each in change.details]}
        if Detail.MANAGER in change.details:
            manager = change.values["manager_id"]
            data["manager"] = str(manager) if manager else None
        facts.append(Fact(LedgerKind.PERSON_DESCRIBED, data))
    if facts:
        ledger.record(session, STREAM, facts, actor=actor, now=now)


def describe(session: Session, person: Actor, said: Description, *, now: datetime) -> bool:
    """Keep what somebody says of themselves; return whether that was news. Their manager is not theirs to say."""
    hold(session)
    row = stored.by_ids(session, [person.id])[person.id]
    about_me = Description(
        told=said.told - {Detail.MANAGER},
        team=said.team,
        country=said.country,
        hours=said.hours,
        days=said.days,
        leave=said.leave,
    )
    change = _change(row, about_me, {}, _leave_of(session, [person.id]))
    if change.details:
        carry_out(session, Plan((change,), 0), actor=person.id, now=now)
    return bool(change.details)


def details_of(session: Session, person_id: UUID) -> Details:
    """Return what is known of somebody beyond what Slack says. Raises KeyError for nobody."""
    row = stored.by_ids(session, [person_id])[person_id]
    manager = stored.by_ids(session, [row.manager_id]).get(row.manager_id) if row.manager_id else None
    return Details(
        manager=actor_of(manager) if manager else None,
        team=row.team,
        country=row.country,
        hours=_hours(row),
        days=row.work_days,
        leave=_leave_of(session, [person_id]).get(person_id, ()),
    )


def _strangers(row: Row, everybody: Mapping[str, Person]) -> list[str]:
    """Return what to say of the people in a row whom nobody here knows."""
    named = (("slack_id", row.slack_id), (Detail.MANAGER.value, row.said.manager))
    return [
        f"line {row.line}, {column}: nobody here has the id {slack_id}. Correct it, or let Gatehouse read who is "
        "there: gatehouse people sync"
        for column, slack_id in named
        if slack_id is not None and slack_id not in everybody
    ]


def _circles(rows: Sequence[Row], everybody: Mapping[str, Person]) -> list[str]:
    """Return one sentence for each circle of managers there would be, at the first line that is part of it."""
    slack_ids = {row.id: row.slack_id for row in everybody.values()}
    managers = {
        each.slack_id: slack_ids.get(each.manager_id) if each.manager_id else None for each in everybody.values()
    }
    managers |= {row.slack_id: row.said.manager for row in rows if Detail.MANAGER in row.said.told}
    problems, told = [], set[str]()
    for row in rows:
        passed = rules.circle(row.slack_id, managers) if Detail.MANAGER in row.said.told else ()
        if passed and not told.intersection(passed):
            told.update(passed)
            names = " → ".join(everybody[each].name for each in (*passed, row.slack_id))
            problems.append(
                f"line {row.line}, manager: this makes a circle ({names}). Write another manager in one of them."
            )
    return problems


def _change(
    row: Person,
    said: Description,
    everybody: Mapping[str, Person],
    leave: Mapping[UUID, tuple[tuple[date, date], ...]],
) -> Change:
    begins, ends = said.hours or (None, None)
    manager = everybody[said.manager].id if said.manager else None
    new: dict[Detail, dict[str, Any]] = {
        Detail.MANAGER: {"manager_id": manager},
        Detail.TEAM: {"team": said.team},
        Detail.COUNTRY: {"country": said.country},
        Detail.WORKING_HOURS: {"work_starts": begins, "work_ends": ends},
        Detail.WORKING_DAYS: {"work_days": said.days},
    }
    changed = {
        detail: values
        for detail, values in new.items()
        if detail in said.told and any(getattr(row, name) != value for name, value in values.items())
    }
    is_new_leave = Detail.LEAVE in said.told and said.leave != leave.get(row.id, ())
    return Change(
        person=actor_of(row),
        details=(*changed, *([Detail.LEAVE] if is_new_leave else [])),
        values={name: value for values in changed.values() for name, value in values.items()},
        leave=said.leave if is_new_leave else None,
    )


def _leave_of(session: Session, ids: Sequence[UUID]) -> dict[UUID, tuple[tuple[date, date], ...]]:
    found: dict[UUID, tuple[tuple[date, date], ...]] = {}
    for begun in range(0, len(ids), _AT_ONCE):
        for leave in stored.leaves(session, ids[begun : begun + _AT_ONCE]):
            found[leave.person_id] = (*found.get(leave.person_id, ()), (leave.first_day, leave.last_day))
    return found


def _hours(row: Person) -> tuple[int, int] | None:
    return (row.work_starts, row.work_ends) if row.work_starts is not None and row.work_ends is not None else None
