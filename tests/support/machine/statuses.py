"""What must hold of statuses: that they follow the tables and the record, and that what is settled stays."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from db.enums import (
    LaneStatus,
    RequestStatus,
    StageStatus,
)
from tests.support.machine.world import History, World
from workflows.approvals import states
from workflows.ledger import LedgerKind

SETTLED = frozenset(
    {RequestStatus.APPROVED, RequestStatus.REJECTED, RequestStatus.WITHDRAWN, RequestStatus.EXPIRED},
)
LATE = frozenset({LedgerKind.QUESTION_ANSWERED, LedgerKind.BREAK_GLASS_LAPSED})
"""What may still be put on the record of a request that has ended."""
ANEW = frozenset({LedgerKind.REQUEST_OPENED, LedgerKind.REQUEST_RESUBMITTED, LedgerKind.REQUEST_REROUTED})


def statuses_follow_the_tables(before: World, now: World, _: History) -> Iterator[str]:
    """Let a deed take several steps, each of them in the table."""
    for table, name in ((states.REQUEST, "requests"), (states.STAGE, "stages"), (states.LANE, "lanes")):
        for key, row in getattr(now, name).items():
            old = getattr(before, name).get(key)
            was = old.status if old else None
            if was is not row.status and row.status not in _reached(table, was):
                yield f"a {table.of} went from {was} to {row.status}"


def _reached(table: states.Table[Any], start: Any) -> set[Any]:
    reached = {start}
    while more := {each.after for each in table.transitions if each.before in reached} - reached:
        reached |= more
    return reached


def what_is_settled_stays(before: World, now: World, _: History) -> Iterator[str]:
    """Only what a line of the policy refused can come back."""
    for key, old in before.requests.items():
        is_refused = old.status is RequestStatus.REJECTED and old.decided_by_line is not None
        if old.status not in SETTLED or is_refused:
            continue
        if now.requests[key] != old:
            yield f"{old.reference} was {old.status} and became {now.requests[key]}"
        more = now.events[key][len(before.events[key]) :]
        yield from (f"{old.reference} has ended, and then {each['kind']}" for each in more if each["kind"] not in LATE)
        if [lane for lane in now.lanes.values() if lane.request_id == key] != [
            lane for lane in before.lanes.values() if lane.request_id == key
        ]:
            yield f"{old.reference} was {old.status} and its lanes changed"


@dataclass
class Folded:
    """What the events of a request say it and its lanes are."""

    status: str | None = None
    lanes: dict[str, str] = field(default_factory=dict)
    opened: set[str] = field(default_factory=set)

    def take(self, kind: str, data: Mapping[str, Any]) -> None:
        told = {
            LedgerKind.LANE_ADDED: LaneStatus.OPEN,
            LedgerKind.LANE_UNBLOCKED: LaneStatus.OPEN,
            LedgerKind.LANE_BLOCKED: LaneStatus.BLOCKED,
            LedgerKind.LANE_SETTLED: data.get("status"),
        }
        if kind in ANEW:
            self.status = RequestStatus.IN_REVIEW
        elif kind == LedgerKind.REQUEST_SETTLED:
            self.status = data["status"]
        elif kind == LedgerKind.STAGE_OPENED:
            self.opened.add(data["stage"])
        elif kind in told:
            self.lanes[data["lane"]] = str(told[LedgerKind(kind)])

    def of_lane(self, lane: Any) -> str:
        if lane.kept_from is not None:
            return LaneStatus.APPROVED
        asked = LaneStatus.OPEN if str(lane.stage_id) in self.opened else LaneStatus.WAITING
        return self.lanes.get(str(lane.id), asked)


def statuses_are_what_the_record_says(_: World, now: World, __: History) -> Iterator[str]:
    """Hold the status of each request, and of each lane of its round, to what folding the events gives."""
    for request in now.requests.values():
        folded = Folded()
        for event in now.events[request.id]:
            folded.take(event["kind"], event["data"])
        if folded.status != request.status:
            yield f"{request.reference} is {request.status}, its record says {folded.status}"
        for lane in now.current_lanes(request):
            is_over = lane.status is LaneStatus.NO_LONGER_REQUIRED and request.status in SETTLED
            if folded.of_lane(lane) != lane.status and not is_over:
                told = folded.of_lane(lane)
                yield f"lane {lane.key} of {request.reference} is {lane.status}, the record says {told}"


def rounds_are_whole(_: World, now: World, __: History) -> Iterator[str]:
    """In review one stage is open, those before it are approved, those after it wait; earlier rounds are closed."""
    for request in now.requests.values():
        stages = sorted(
            (each for each in now.stages.values() if (each.request_id, each.round) == (request.id, request.round)),
            key=lambda each: each.position,
        )
        told = [each.status for each in stages]
        turn = told.index(StageStatus.OPEN) if StageStatus.OPEN in told else -1
        expected = [StageStatus.APPROVED] * turn + [StageStatus.OPEN] + [StageStatus.WAITING] * (len(told) - turn - 1)
        if request.status is RequestStatus.IN_REVIEW and (turn < 0 or told != expected):
            yield f"{request.reference} is in review with stages {told}"
        if request.status is RequestStatus.APPROVED and request.decided_by_line is None and not stages:
            yield f"{request.reference} is approved by nobody"
        for lane in now.lanes.values():
            unfinished = lane.status in (LaneStatus.OPEN, LaneStatus.WAITING, LaneStatus.BLOCKED)
            is_over = request.status in SETTLED or not now.is_current(lane)
            if lane.request_id == request.id and unfinished and is_over:
                yield f"lane {lane.key} of {request.reference} ({request.status}) is left {lane.status}"
