"""Read conditions as frozen pictures, for screens, messages and whoever asks what still stands in the way."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from db.enums import Blocks, ConditionStatus, DemandStatus
from db.queries import conditions as stored
from db.queries.conditions import DemandRow
from db.session import Session
from db.tables import Condition
from workflows import approvals, people
from workflows.approvals import RequestSnapshot, Speaker
from workflows.conditions.rules import Evidence
from workflows.conditions.snapshots import ConditionSnapshot, DemandSnapshot, OfferedSnapshot
from workflows.people import Actor

_COUNTED = (ConditionStatus.OPEN, ConditionStatus.OFFERED, ConditionStatus.MET, ConditionStatus.WAIVED)


def condition_of(session: Session, condition_id: UUID) -> ConditionSnapshot | None:
    return next(iter(_snapshots(session, stored.conditions(session, [condition_id]))), None)


def existing(session: Session, condition_id: UUID) -> ConditionSnapshot:
    """Return a condition that must be there. Raises LookupError when it is not."""
    found = condition_of(session, condition_id)
    if found is None:
        raise LookupError(f"no condition {condition_id}")
    return found


def all_about(session: Session, subject_kind: str, subject_id: UUID) -> list[ConditionSnapshot]:
    """Return every condition that was ever set for a subject, whatever became of it."""
    return _snapshots(session, stored.about(session, subject_kind, [subject_id]))


def shown_with(session: Session, request: RequestSnapshot) -> tuple[ConditionSnapshot, ...]:
    """Return the conditions a request's screens show: those that count, or would if it were approved as it stands."""
    found = all_about(session, request.subject_kind, request.subject_id)
    proposed = any(each.status is ConditionStatus.PROPOSED for each in found)
    votes = approvals.conditional_votes(session, request.id) if proposed else frozenset()
    shown = (each if each.status in _COUNTED else _as_voted(each, votes) for each in found)
    return tuple(each for each in shown if each is not None)


def proposed_about(session: Session, subject_kind: str, subject_id: UUID) -> list[ConditionSnapshot]:
    """Return what was asked about a subject whose request is not decided, by votes that count and by earlier ones."""
    found = all_about(session, subject_kind, subject_id)
    return [each for each in found if each.status is ConditionStatus.PROPOSED]


def in_force(
    session: Session, subject_kind: str, subject_ids: Collection[UUID]
) -> Mapping[UUID, Sequence[ConditionSnapshot]]:
    """Return the conditions that count for these subjects, met or not, by subject."""
    found: dict[UUID, list[ConditionSnapshot]] = defaultdict(list)
    for each in _snapshots(session, stored.about(session, subject_kind, subject_ids)):
        if each.status in _COUNTED:
            found[each.subject_id].append(each)
    return found


def any_to_meet(session: Session, subject_kind: str, subject_id: UUID) -> bool:
    """Say whether a condition of a subject is neither met nor waived yet."""
    return any(row.status in _COUNTED[:2] for row, _ in stored.about(session, subject_kind, [subject_id]))


def blocking_deployment(session: Session, subject_kind: str, subject_id: UUID) -> list[ConditionSnapshot]:
    """Return the conditions that have to be met before a subject may be put to use. Reads only, locks nothing."""
    found = all_about(session, subject_kind, subject_id)
    return [each for each in found if each.is_in_force and Blocks.DEPLOYMENT in each.blocks]


def to_meet(session: Session, person_id: UUID, *, limit: int) -> list[ConditionSnapshot]:
    """Return the conditions this person has to meet, the soonest due first."""
    return _in_order(session, stored.owned_by(session, [person_id], limit=limit))


def to_judge(session: Session, person_id: UUID, *, limit: int, now: datetime) -> list[ConditionSnapshot]:
    """Return the conditions whose evidence waits for this person to look at it, the longest waiting first."""
    found: list[ConditionSnapshot] = []
    for each in _in_order(session, stored.offered(session)):
        if len(found) < limit and lanes_of(session, each, person_id, now=now):
            found.append(each)
    return found


def may_know(session: Session, subject_kind: str, subject_id: UUID, person_id: UUID) -> bool:
    """Say whether somebody has to meet a condition of a subject, or had to: they may read what it is about."""
    return person_id in stored.owners(session, subject_kind, subject_id)


def speakers_of(session: Session, condition: ConditionSnapshot, *, now: datetime) -> Mapping[UUID, Sequence[Speaker]]:
    """Return who speaks for each lane that still asks for a condition.

    Never who has to meet it, nor who gave the evidence: nobody judges their own.
    """
    without = {condition.owner.id} | ({condition.offered.by.id} if condition.offered else set())
    lanes = dict.fromkeys(each.lane_id for each in condition.standing)
    return {lane: approvals.speakers(session, lane, without=without, now=now) for lane in lanes}


def lanes_of(session: Session, condition: ConditionSnapshot, person_id: UUID, *, now: datetime) -> dict[UUID, Speaker]:
    """Return the lanes that still ask for a condition and for which this person speaks, each with as whom."""
    spoken = speakers_of(session, condition, now=now)
    found = {lane: next((each for each in some if each.person.id == person_id), None) for lane, some in spoken.items()}
    return {lane: speaker for lane, speaker in found.items() if speaker is not None}


def _as_voted(condition: ConditionSnapshot, votes: Collection[tuple[UUID, UUID]]) -> ConditionSnapshot | None:
    """Return a proposed condition as the votes that count now set it; None when none of them does."""
    if condition.status is not ConditionStatus.PROPOSED:
        return None
    demands = tuple(each for each in condition.standing if (each.lane_id, each.person.id) in votes)
    due_on = min((each.due_on for each in demands), default=None)
    return replace(condition, demands=demands, due_on=due_on) if due_on else None


def _in_order(session: Session, ids: Sequence[UUID]) -> list[ConditionSnapshot]:
    found = {each.id: each for each in _snapshots(session, stored.conditions(session, ids))}
    return [found[each] for each in ids]


def _snapshots(session: Session, rows: Sequence[tuple[Condition, str]]) -> list[ConditionSnapshot]:
    demands: dict[UUID, list[DemandRow]] = defaultdict(list)
    for each in stored.demands(session, [row.id for row, _ in rows]):
        demands[each.demand.condition_id].append(each)
    given = stored.texts(session, [row.offered_id for row, _ in rows if row.offered_id])
    ids = {each for row, _ in rows for each in (row.owner_id, row.offered_by)}
    ids |= {each for some in demands.values() for row in some for each in (row.demand.person_id, row.demand.settled_by)}
    known = people.named(session, {each for each in ids if each is not None}) if rows else {}
    return [_snapshot(row, text, demands[row.id], given, known) for row, text in rows]


def _snapshot(
    row: Condition, text: str, demands: Sequence[DemandRow], given: Mapping[UUID, str], known: Mapping[UUID, Actor]
) -> ConditionSnapshot:
    offered = None
    if row.offered_id is not None and row.offered_by is not None and row.offered_at is not None:
        evidence = Evidence.of(given[row.offered_id])
        offered = OfferedSnapshot(row.offered_id, evidence, known[row.offered_by], row.offered_at)
    return ConditionSnapshot(
        id=row.id,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        request_id=row.request_id,
        number=row.number,
        text=text,
        owner=known[row.owner_id],
        evidence=row.evidence,
        status=row.status,
        due_on=row.due_on,
        overdue_at=row.overdue_at,
        demands=tuple(_demand(each, known) for each in demands if each.demand.status is not DemandStatus.DROPPED),
        offered=offered,
        created_at=row.created_at,
        settled_at=row.settled_at,
        reminders=row.reminders,
        remind_at=row.remind_at,
        version=row.version,
    )


def _demand(row: DemandRow, known: Mapping[UUID, Actor]) -> DemandSnapshot:
    demand = row.demand
    return DemandSnapshot(
        id=demand.id,
        lane_id=demand.lane_id,
        lane=row.lane,
        person=known[demand.person_id],
        due_on=demand.due_on,
        blocks=demand.blocks,
        status=demand.status,
        settled_by=known[demand.settled_by] if demand.settled_by else None,
        settled_at=demand.settled_at,
        reason=row.reason,
    )
