"""What time does to conditions: reminders, what is overdue, owners who leave. Each fires once, whatever restarts."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from db.enums import ConditionStatus, Membership, OutboxKind
from db.queries import conditions as stored
from db.session import Session
from workflows import ledger, people
from workflows.conditions import clock
from workflows.conditions.meeting import ask_to_look, held
from workflows.conditions.reading import condition_of, existing, speakers_of
from workflows.conditions.recording import about, next_due, record, tell, to_write_to
from workflows.conditions.snapshots import ConditionSnapshot, Moved
from workflows.ledger import LedgerKind
from workflows.outbox import Promise
from workflows.people import LEAD, Actor

AnswerableOf = Callable[[str, UUID], Sequence[UUID]]
"""Who answers for a subject of a kind, its owner first."""


def anything_due(session: Session, answerable_of: AnswerableOf, *, now: datetime) -> bool:
    """Say whether a reminder is due, a condition is overdue, or one's owner left who can be replaced; reads only."""
    return bool(stored.due(session, now)) or any(
        _heir(session, condition, answerable_of) is not None
        for condition in (condition_of(session, each) for each in stored.of_leavers(session))
        if condition is not None
    )


def pass_on(session: Session, answerable_of: AnswerableOf, *, now: datetime) -> int:
    """Give what people who left had to meet to whoever answers for what it is about, else to a programme lead.

    Returns how many conditions that were. The new owner is told; it is due on the same day.
    """
    return sum(_pass_on(session, each, answerable_of, now=now) for each in stored.of_leavers(session))


def run(session: Session, answerable_of: AnswerableOf, *, now: datetime) -> tuple[int, list[Moved]]:
    """Do what is due about each condition; return how many that were, and those that are overdue from now on."""
    done, overdue = 0, list[Moved]()
    for condition_id in stored.due(session, now):
        before = held(session, condition_id)
        if before is None or before.remind_at is None or before.remind_at > now:
            continue  # another process was faster
        done += 1
        if before.status is ConditionStatus.OFFERED:
            _remind_lane(session, before, now=now)
        elif clock.overdue_at(before.owner.zone, before.due_on) <= now:
            overdue.append(fall_due(session, before, answerable_of, now=now))
        else:
            _remind_owner(session, before, now=now)
    return done, overdue


def fall_due(session: Session, before: ConditionSnapshot, answerable_of: AnswerableOf, *, now: datetime) -> Moved:
    """Say that a condition is overdue, to its owner, those who answer for what it is about, and the lanes that set it.

    The caller holds it.
    """
    values = {"overdue_at": now, "remind_at": None}
    stored.set_condition(session, before.id, version=before.version, values=values)
    data: dict[str, ledger.Value] = {"due": before.due_on.isoformat()}
    record(session, before.id, LedgerKind.CONDITION_OVERDUE, data, by=None, now=now)
    after = existing(session, before.id)
    answerable = people.named(session, answerable_of(before.subject_kind, before.subject_id)).values()
    lane = to_write_to(speakers_of(session, before, now=now).values())
    told = {each.id: each for each in (before.owner, *answerable, *lane) if each.membership is Membership.MEMBER}
    news = [about(OutboxKind.CONDITION_OVERDUE, each, after) for each in told.values()]
    tell(session, after, news, now=now)
    return Moved(before, after)


def is_past(condition: ConditionSnapshot, *, now: datetime) -> bool:
    """Say whether a condition's day is over and nobody has said so yet."""
    is_over = clock.overdue_at(condition.owner.zone, condition.due_on) <= now
    return condition.status is ConditionStatus.OPEN and condition.overdue_at is None and is_over


def _remind_owner(session: Session, condition: ConditionSnapshot, *, now: datetime) -> None:
    values = {
        "reminders": condition.reminders + 1,
        "remind_at": next_due(session, condition.owner, condition.due_on, now=now),
    }
    stored.set_condition(session, condition.id, version=condition.version, values=values)
    _record_reminder(session, condition, [condition.owner], now=now)
    tell(session, condition, [about(OutboxKind.CONDITION_REMINDER, condition.owner, condition)], now=now)


def _remind_lane(session: Session, condition: ConditionSnapshot, *, now: datetime) -> None:
    """Ask a lane again to look at evidence; from the second time on the programme leads hear of it too."""
    _record_reminder(session, condition, to_write_to(speakers_of(session, condition, now=now).values()), now=now)
    leads: list[Promise] = []
    if condition.reminders > 0:
        known = people.holders_of(session, LEAD)
        leads = [about(OutboxKind.CONDITION_OFFERED, each, condition, lead="yes") for each in known]
    ask_to_look(session, condition, now=now, given=condition.reminders + 1)
    tell(session, condition, leads, now=now)


def _record_reminder(session: Session, condition: ConditionSnapshot, told: Sequence[Actor], *, now: datetime) -> None:
    data = {"people": [str(each.id) for each in told]}
    record(session, condition.id, LedgerKind.CONDITION_REMINDED, data, by=None, now=now)


def _pass_on(session: Session, condition_id: UUID, answerable_of: AnswerableOf, *, now: datetime) -> bool:
    condition = held(session, condition_id)
    if condition is None or not condition.is_in_force or condition.owner.membership is Membership.MEMBER:
        return False  # it was met meanwhile, another process was faster, or they are back
    heir = _heir(session, condition, answerable_of)
    if heir is None:
        return False
    values: dict[str, object] = {"owner_id": heir.id}
    if condition.status is ConditionStatus.OPEN and condition.overdue_at is None:
        values["remind_at"] = next_due(session, heir, condition.due_on, now=now)
    stored.set_condition(session, condition.id, version=condition.version, values=values)
    data: dict[str, ledger.Value] = {"from": str(condition.owner.id), "to": str(heir.id)}
    record(session, condition.id, LedgerKind.CONDITION_PASSED_ON, data, by=None, now=now)
    after = existing(session, condition_id)
    news = [about(OutboxKind.CONDITIONS_SET, heir, after, **{"from": str(condition.owner.id)})]
    tell(session, after, news, concerned={condition.owner.id}, now=now)
    return True


def _heir(session: Session, condition: ConditionSnapshot, answerable_of: AnswerableOf) -> Actor | None:
    """Return who has to meet a condition now that its owner is gone, if there is anybody."""
    ids = answerable_of(condition.subject_kind, condition.subject_id)
    known = people.named(session, ids)
    able = [known[each] for each in ids if each in known and known[each].membership is Membership.MEMBER]
    return next(iter([*able, *people.holders_of(session, LEAD)]), None)
