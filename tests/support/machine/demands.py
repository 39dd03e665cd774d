"""What must hold of conditions: that they are what votes that count ask for, and that nobody forgets or doubles one."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from db.enums import PENDING, ConditionStatus, DemandStatus, RequestStatus, Verb
from db.tables import RoleHolder
from tests.support.machine.world import History, World
from workflows.conditions import rules
from workflows.ledger import LedgerKind

UNSETTLED = (ConditionStatus.PROPOSED, *rules.IN_FORCE)
JUDGED = (LedgerKind.CONDITION_ACCEPTED, LedgerKind.CONDITION_NOT_ACCEPTED, LedgerKind.CONDITION_WAIVED)
LATER = (LedgerKind.CONDITION_ACCEPTED, LedgerKind.CONDITION_WAIVED)
"""After what a condition may be due on a later day, so that it can be overdue once more."""
APART = timedelta(hours=10)
"""How far apart two reminders of the same thing are at least: never twice on a day, wherever its owner goes."""
FARTHEST_ZONE = timedelta(hours=14)


def standing(now: World, condition_id: UUID) -> list[Any]:
    return [each for each in now.demands.get(condition_id, ()) if each.status is DemandStatus.STANDING]


def a_condition_is_what_is_asked(_: World, now: World, __: History) -> Iterator[str]:
    """Hold a condition to its demands: it is due by the strictest date that stands, and settled once nobody asks."""
    for condition in now.conditions.values():
        asked = standing(now, condition.id)
        if condition.status in UNSETTLED and condition.due_on != min((each.due_on for each in asked), default=None):
            yield f"{_name(condition)} is due on {condition.due_on}, asked are {[str(each.due_on) for each in asked]}"
        if condition.status not in UNSETTLED and asked:
            yield f"{_name(condition)} is {condition.status} and {len(asked)} votes still ask for it"
        if condition.status not in UNSETTLED and condition.status is not _came_to(now, condition.id):
            yield f"{_name(condition)} is {condition.status} and should be {_came_to(now, condition.id)}"
        if (condition.settled_at is None) is not (condition.status in UNSETTLED):
            yield f"{_name(condition)} is {condition.status}, settled at {condition.settled_at}"


def _came_to(now: World, condition_id: UUID) -> ConditionStatus:
    left = {each.status for each in now.demands.get(condition_id, ())}
    if DemandStatus.ACCEPTED in left:
        return ConditionStatus.MET
    return ConditionStatus.WAIVED if DemandStatus.WAIVED in left else ConditionStatus.DROPPED


def conditions_follow_their_table(before: World, now: World, _: History) -> Iterator[str]:
    """Let a deed take several steps. What is settled stays as it is."""
    for key, row in now.conditions.items():
        old = before.conditions.get(key)
        was = old.status if old else ConditionStatus.PROPOSED
        if row.status not in _reached(was):
            yield f"{_name(row)} went from {was} to {row.status}"
        if old is not None and old.settled_at is not None and old != row:
            yield f"{_name(row)} was {was} and became {row}"


def _reached(start: ConditionStatus) -> set[ConditionStatus]:
    reached = {start}
    while more := {after for each in reached for after in rules.LEADS_TO.get(each, ())} - reached:
        reached |= more
    return reached


def conditions_are_of_what_may_be_approved(_: World, now: World, __: History) -> Iterator[str]:
    """Nothing is proposed where nobody decides any more, and nothing is to be met of what never was approved."""
    for condition in now.conditions.values():
        statuses = {each.status for each in now.requests_about(condition.subject_kind, condition.subject_id)}
        if condition.status is ConditionStatus.PROPOSED and statuses.isdisjoint(PENDING):
            yield f"{_name(condition)} is proposed, and the requests are {sorted(statuses)}"
        if condition.status in rules.IN_FORCE and RequestStatus.APPROVED not in statuses:
            yield f"{_name(condition)} is {condition.status}, and the requests are {sorted(statuses)}"


def what_is_asked_is_what_votes_say(_: World, now: World, __: History) -> Iterator[str]:
    """Every demand that stands is of a vote with conditions."""
    conditional = {(lane, vote.person_id) for lane in now.lanes for vote in _conditional(now, lane)}
    for lane_id, person_id in _asked(now) - conditional:
        yield f"{now.people[person_id].name} asks for something in {now.lanes[lane_id].key} and did not vote so"


def who_approves_with_conditions_asks_for_some(_: World, now: World, __: History) -> Iterator[str]:
    """Every vote with conditions that counts asks for something, in its lane or in one it comes from."""
    asked = _asked(now)
    for request in (each for each in now.requests.values() if not _has_ended(now, each)):
        for lane in now.current_lanes(request):
            for vote in _conditional(now, lane.id):
                if asked.isdisjoint((each, vote.person_id) for each in now.lineage(lane.id)):
                    yield f"{now.people[vote.person_id].name} approved {lane.key} with conditions and asks for none"


def _asked(now: World) -> set[tuple[UUID, UUID]]:
    """Return (lane, person) of everything that is asked for, or was met or let go."""
    every = (each for some in now.demands.values() for each in some)
    return {(each.lane_id, each.person_id) for each in every if each.status is not DemandStatus.DROPPED}


def _conditional(now: World, lane_id: UUID) -> list[Any]:
    return [each for each in now.votes.get(lane_id, ()) if each.verb is Verb.APPROVE_WITH_CONDITIONS]


def _has_ended(now: World, request: Any) -> bool:
    """Say whether nothing is asked any more for what a request was about, or for what it was about then."""
    is_over = request.status not in (*PENDING, RequestStatus.APPROVED)
    about = now.requests_about(request.subject_kind, request.subject_id)
    return is_over or request.subject_id in now.ended_subjects or about[-1] != request


def what_comes_into_force_is_what_counts(before: World, now: World, _: History) -> Iterator[str]:
    """Approved is with what the votes that count ask for: those of its lanes, and those they keep or took up."""
    for key, request in now.requests.items():
        old = before.requests.get(key)
        if request.status is not RequestStatus.APPROVED or (old and old.status is RequestStatus.APPROVED):
            continue
        lanes = now.current_lanes(request)
        counting = {
            (each, vote.person_id)
            for lane in lanes
            for vote in _conditional(now, lane.id)
            for each in now.lineage(lane.id)
        }
        ours = {lane.id for lane in now.lanes.values() if lane.request_id == key}
        for condition in now.conditions.values():
            for demand in standing(now, condition.id):
                if demand.lane_id in ours and (demand.lane_id, demand.person_id) not in counting:
                    yield f"{_name(condition)} is asked for by a vote that does not count"
                if demand.lane_id in ours and condition.status not in rules.IN_FORCE:
                    yield f"{_name(condition)} was asked for and is {condition.status} although {key} is approved"


def nobody_judges_their_own(before: World, now: World, _: History) -> Iterator[str]:
    """Neither who has to meet a condition nor who gave the evidence judges it; each for their own lanes only."""
    for key, condition in now.conditions.items():
        old = before.conditions.get(key)
        judged = [each for each in now.since(before, f"condition:{key}") if each["kind"] in JUDGED]
        for event in judged if old else ():
            if UUID(event["actor"]) in {old.owner_id, old.offered_by}:
                yield f"{now.people[UUID(event['actor'])].name} judged {_name(condition)}, which is their own"
        lanes = {lane for event in judged for lane in event["data"]["lanes"]}
        was = {each.id: each.status for each in before.demands.get(key, ())}
        for demand in now.demands.get(key, ()):
            is_settled = demand.status in (DemandStatus.ACCEPTED, DemandStatus.WAIVED)
            if is_settled and was.get(demand.id) is DemandStatus.STANDING and str(demand.lane_id) not in lanes:
                yield f"a demand of {_name(condition)} is {demand.status}, and nobody of its lane said so"


def each_reminder_goes_once(before: World, now: World, _: History) -> Iterator[str]:
    for key, condition in now.conditions.items():
        stream = f"condition:{key}"
        if len(now.record.get(stream, ())) == len(before.record.get(stream, ())):
            continue
        told: Sequence[Mapping[str, Any]] = now.record[stream]
        for one, other in pairwise(told):
            is_reminded = one["kind"] == other["kind"] == LedgerKind.CONDITION_REMINDED
            if is_reminded and _at(other) - _at(one) < APART:
                yield f"{_name(condition)}: reminded at {one['at']} and again at {other['at']}"
        said = [each["kind"] for each in told if each["kind"] in (LedgerKind.CONDITION_OVERDUE, *LATER)]
        if any(one == other == LedgerKind.CONDITION_OVERDUE for one, other in pairwise(said)):
            yield f"{_name(condition)} was said to be overdue twice"


def something_is_due_about_what_is_to_be_met(_: World, now: World, __: History) -> Iterator[str]:
    for condition in now.conditions.values():
        is_offered, is_overdue = condition.status is ConditionStatus.OFFERED, condition.overdue_at is not None
        is_awaited = condition.status in rules.IN_FORCE and (is_offered or not is_overdue)
        if is_awaited is not (condition.remind_at is not None):
            told = "has a reminder" if condition.remind_at else "nothing is ever due about it"
            yield f"{_name(condition)} is {condition.status}, overdue at {condition.overdue_at}, and {told}"
        if condition.status in rules.IN_FORCE and is_overdue and now.now < _midnight(condition) - FARTHEST_ZONE:
            yield f"{_name(condition)} is overdue and due on {condition.due_on}"


def no_condition_is_forgotten(_: World, now: World, __: History) -> Iterator[str]:
    """Once the clock has run what is due has been done, and people who left have nothing to meet."""
    leads = {each.person_id for each in now.of(RoleHolder) if each.role == "lead" and now.is_member(each.person_id)}
    running = [each for each in now.conditions.values() if each.status in rules.IN_FORCE]
    for condition in running if now.beaten else ():
        is_open = condition.status is ConditionStatus.OPEN and condition.overdue_at is None
        if condition.remind_at is not None and condition.remind_at <= now.now:
            yield f"{_name(condition)} has a reminder of {condition.remind_at}"
        if is_open and now.now >= _midnight(condition) + FARTHEST_ZONE:
            yield f"{_name(condition)} was due on {condition.due_on} and nobody said so"
        if not now.is_member(condition.owner_id) and leads:
            yield f"{_name(condition)} is left to {now.people[condition.owner_id].name}, who left"


def _midnight(condition: Any) -> datetime:
    """Return when a condition's day is over, where that is so by universal time."""
    return datetime.combine(condition.due_on + timedelta(days=1), datetime.min.time(), UTC)


def _at(event: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(event["at"])


def _name(condition: Any) -> str:
    return f"condition {condition.number} of {condition.subject_kind} {condition.subject_id}"
