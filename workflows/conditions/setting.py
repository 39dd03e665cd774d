"""Set conditions with a vote, and bring them into force, or drop them, when the request is decided."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.enums import Blocks, ConditionStatus, DemandStatus, OutboxKind
from db.ids import new_id
from db.queries import conditions as stored
from db.session import Session
from workflows import approvals, ledger, outbox, people
from workflows.approvals import Voted
from workflows.conditions import rules
from workflows.conditions.reading import all_about
from workflows.conditions.recording import about, demands_of, move, next_due, record, recount
from workflows.conditions.rules import Wanted
from workflows.conditions.snapshots import ConditionSnapshot
from workflows.ledger import LedgerKind
from workflows.people import Actor


@dataclass(frozen=True, slots=True)
class Asks:
    """What one vote asks for: conditions as typed, and those of others it asks for too."""

    wanted: Sequence[Wanted]
    also: Collection[UUID] = ()


def known_to(session: Session, asks: Asks, subject_kind: str, subject_id: UUID) -> list[Wanted]:
    """Return everything a vote asks for. What others have asked is asked as strictly as they did, once each.

    One that they have taken back meanwhile is asked all the same: whoever chose it wants it.
    """
    chosen = [each for each in all_about(session, subject_kind, subject_id) if each.id in asks.also]
    unsettled = (ConditionStatus.PROPOSED, ConditionStatus.DROPPED)
    others = [_as_wanted(each) for each in chosen if each.status in unsettled]
    keys = {each.key for each in asks.wanted}
    return [*asks.wanted, *(each for each in others if each.key not in keys)]


def replace_conditions(
    session: Session, voted: Voted, lane_id: UUID, wanted: Sequence[Wanted], *, actor: Actor, now: datetime
) -> None:
    """Make these all the conditions the vote asks for in its lane, in whosever name it counts.

    What the vote before it asked for, in this round or one whose votes count on here, is not asked any more. The
    request is locked: it is the transaction of the vote.
    """
    if voted.seat is None:
        raise LookupError(f"nobody's vote in lane {lane_id}")
    lanes = approvals.lineage(session, lane_id)
    proposed = _proposed(session, voted.subject_kind, voted.subject_id)
    touched = {_set(session, voted, lane_id, each, proposed, actor=actor, now=now) for each in wanted}
    for condition in proposed:
        mine = [each for each in condition.standing if each.person.id == voted.seat and each.lane_id in lanes]
        old = [each for each in mine if each.lane_id != lane_id or condition.id not in touched]
        if old:
            stored.set_demands(session, [each.id for each in old], {"status": DemandStatus.DROPPED})
            data = {"person": str(voted.seat), "lanes": [str(each.lane_id) for each in old]}
            record(session, condition.id, LedgerKind.CONDITION_DROPPED, data, by=actor.id, now=now)
            touched.add(condition.id)
    for condition_id in touched:
        recount(session, condition_id, now=now)


def bring_into_force(
    session: Session, subject_kind: str, subject_id: UUID, *, now: datetime
) -> list[ConditionSnapshot]:
    """Bring into force what votes asked for that count in the approval just given; return it. The rest is dropped.

    Its owners are told. What the same person has to do already for an earlier approval is done once.
    """
    everything = all_about(session, subject_kind, subject_id)
    running = {rules.key_of(each.text, each.owner.id): each for each in everything if each.is_in_force}
    opened = []
    for condition in (each for each in everything if each.status is ConditionStatus.PROPOSED):
        left = _keep_what_counts(session, condition, now=now)
        if left is not None:
            twin = running.get(rules.key_of(left.text, left.owner.id))
            opened.append(_merge(session, left, twin, now=now) if twin else _open(session, left, now=now))
    told = {each.owner.id: each for each in opened}
    news = [about(OutboxKind.CONDITIONS_SET, each.owner, each) for each in told.values()]
    outbox.promise(session, news, now=now)
    return opened


def drop_proposed(session: Session, subject_kind: str, subject_id: UUID, *, now: datetime) -> int:
    """Drop what was proposed for a request that came to nothing; return how many conditions that were."""
    return _drop(session, _proposed(session, subject_kind, subject_id), now=now)


def drop_all(session: Session, subject_kind: str, subject_id: UUID, *, now: datetime) -> int:
    """Drop every condition nobody has met or waived: what they were about has ended. Return how many that were.

    The caller holds a request about the subject.
    """
    found = [each for each in all_about(session, subject_kind, subject_id) if each.settled_at is None]
    return _drop(session, found, now=now)


def _proposed(session: Session, subject_kind: str, subject_id: UUID) -> list[ConditionSnapshot]:
    return [each for each in all_about(session, subject_kind, subject_id) if each.status is ConditionStatus.PROPOSED]


def _as_wanted(condition: ConditionSnapshot) -> Wanted:
    strictest = Blocks.CONTINUATION if Blocks.CONTINUATION in condition.blocks else Blocks.DEPLOYMENT
    return Wanted(condition.text, condition.owner.id, condition.due_on, condition.evidence, strictest)


def _set(
    session: Session,
    voted: Voted,
    lane_id: UUID,
    wanted: Wanted,
    proposed: Sequence[ConditionSnapshot],
    *,
    actor: Actor,
    now: datetime,
) -> UUID:
    """Store what a vote asks for, with the same that another one asks for already, if one does; return its id."""
    same = next((each for each in proposed if rules.key_of(each.text, each.owner.id) == wanted.key), None)
    digest = None
    if same is None:
        condition_id, digest = _insert(session, voted, wanted, actor=actor, now=now)
    else:
        condition_id = same.id
        stricter = rules.stricter(same.evidence, wanted.evidence)
        stored.set_condition(session, same.id, version=same.version, values={"evidence": stricter})
    terms = {"due_on": wanted.due_on, "blocks": wanted.blocks, "status": DemandStatus.STANDING}
    key = {"condition_id": condition_id, "lane_id": lane_id, "person_id": voted.seat}
    if not stored.renew_demand(session, key, terms):
        stored.insert_demand(session, {"id": new_id()} | key | terms)
    data: dict[str, ledger.Value] = {
        "request": str(voted.request_id),
        "lane": str(lane_id),
        "person": str(voted.seat),
        "owner": str(wanted.owner_id),
        "due": wanted.due_on.isoformat(),
        "evidence": wanted.evidence.value,
        "blocks": wanted.blocks.value,
        "text": digest,
    }
    record(session, condition_id, LedgerKind.CONDITION_SET, data, by=actor.id, now=now)
    return condition_id


def _insert(session: Session, voted: Voted, wanted: Wanted, *, actor: Actor, now: datetime) -> tuple[UUID, str]:
    condition_id = new_id()
    text_id, digest = ledger.write_text(session, wanted.text, by=actor.id, now=now)
    number = stored.last_number(session, voted.subject_kind, voted.subject_id) + 1
    stored.insert_condition(
        session,
        {
            "id": condition_id,
            "subject_kind": voted.subject_kind,
            "subject_id": voted.subject_id,
            "request_id": voted.request_id,
            "number": number,
            "text_id": text_id,
            "owner_id": wanted.owner_id,
            "evidence": wanted.evidence,
            "status": ConditionStatus.PROPOSED,
            "due_on": wanted.due_on,
            "reminders": 0,
            "created_at": now,
            "version": 1,
        },
    )
    return condition_id, digest


def _keep_what_counts(session: Session, condition: ConditionSnapshot, *, now: datetime) -> ConditionSnapshot | None:
    """Drop what votes asked for that do not count; return the condition if another one still asks for it."""
    votes = approvals.conditional_votes(session, condition.request_id)
    lost = [each for each in condition.standing if (each.lane_id, each.person.id) not in votes]
    if lost:
        stored.set_demands(session, [each.id for each in lost], {"status": DemandStatus.DROPPED})
        data = {"lanes": [str(each.lane_id) for each in lost]}
        record(session, condition.id, LedgerKind.CONDITION_DROPPED, data, by=None, now=now)
    left = recount(session, condition.id, now=now)
    return left if left.settled_at is None else None


def _open(session: Session, condition: ConditionSnapshot, *, now: datetime) -> ConditionSnapshot:
    today = people.local_day(condition.owner, now)
    late = [each for each in condition.standing if each.due_on <= today]
    if late:
        day = rules.day_in_force(late[0].due_on, today)
        stored.set_demands(session, [each.id for each in late], {"due_on": day})
        condition = recount(session, condition.id, now=now)
    remind_at = next_due(session, condition.owner, condition.due_on, now=now)
    move(session, condition, ConditionStatus.OPEN, {"remind_at": remind_at})
    data = {"due": condition.due_on.isoformat()}
    record(session, condition.id, LedgerKind.CONDITION_OPENED, data, by=None, now=now)
    return recount(session, condition.id, now=now)


def _merge(
    session: Session, condition: ConditionSnapshot, twin: ConditionSnapshot, *, now: datetime
) -> ConditionSnapshot:
    """Let what was asked anew be asked of one that is in force already, and return that one."""
    today = people.local_day(condition.owner, now)
    for each in condition.standing:
        values = {"condition_id": twin.id, "due_on": rules.day_in_force(each.due_on, today)}
        stored.set_demands(session, [each.id], values)
    recount(session, condition.id, now=now)
    data: dict[str, ledger.Value] = {"one_with": str(twin.id)}
    record(session, condition.id, LedgerKind.CONDITION_DROPPED, data, by=None, now=now)
    return recount(session, twin.id, now=now)


def _drop(session: Session, found: Sequence[ConditionSnapshot], *, now: datetime) -> int:
    for condition in found:
        demands = [each.id for each in condition.standing]
        stored.set_demands(session, demands, {"status": DemandStatus.DROPPED})
        if rules.outcome(demands_of(condition)) is None:
            data: dict[str, ledger.Value] = {"lanes": [str(each.lane_id) for each in condition.standing]}
            record(session, condition.id, LedgerKind.CONDITION_DROPPED, data, by=None, now=now)
        recount(session, condition.id, now=now)
    return len(found)
