"""What is stored about approvals, read whole in one moment."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, cached_property, lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select
from sqlmodel import SQLModel

from db.enums import (
    LaneStatus,
    Membership,
    RequestStatus,
    UseCaseState,
)
from db.session import Database
from db.tables import (
    ApprovalExclusion,
    ApprovalLane,
    ApprovalNudge,
    ApprovalQuestion,
    ApprovalRelation,
    ApprovalRequest,
    ApprovalRound,
    ApprovalSeat,
    ApprovalSection,
    ApprovalStage,
    ApprovalVote,
    Card,
    Condition,
    ConditionDemand,
    Delegation,
    LedgerEvent,
    OutboxRow,
    Person,
    RoleHolder,
    SecondLook,
)

TABLES: Sequence[type[SQLModel]] = (
    ApprovalRequest,
    ApprovalRound,
    ApprovalRelation,
    ApprovalSection,
    ApprovalStage,
    ApprovalLane,
    ApprovalSeat,
    ApprovalVote,
    ApprovalExclusion,
    ApprovalQuestion,
    ApprovalNudge,
    Card,
    Condition,
    ConditionDemand,
    SecondLook,
    Delegation,
    Person,
    RoleHolder,
    LedgerEvent,
    OutboxRow,
)

ENDED = (UseCaseState.REJECTED, UseCaseState.WITHDRAWN, UseCaseState.EXPIRED, UseCaseState.RETIRED)
Rows = Sequence[Any]


@dataclass(frozen=True)
class World:
    """Every row, table by table, in one moment. `beaten` says that the clock has just run, at `now`."""

    rows: Mapping[str, Rows]
    now: datetime
    beaten: bool = False

    def of(self, table: type[SQLModel]) -> Rows:
        return self.rows[str(table.__tablename__)]

    @cached_property
    def requests(self) -> Mapping[UUID, Any]:
        return {row.id: row for row in self.of(ApprovalRequest)}

    @cached_property
    def rounds(self) -> Mapping[tuple[UUID, int], Any]:
        return {(row.request_id, row.round): row for row in self.of(ApprovalRound)}

    @cached_property
    def stages(self) -> Mapping[UUID, Any]:
        return {row.id: row for row in self.of(ApprovalStage)}

    @cached_property
    def lanes(self) -> Mapping[UUID, Any]:
        return {row.id: row for row in self.of(ApprovalLane)}

    @cached_property
    def people(self) -> Mapping[UUID, Any]:
        return {row.id: row for row in self.of(Person)}

    @cached_property
    def seats(self) -> Mapping[UUID, Rows]:
        """Return the seats of each lane."""
        return _grouped(self.of(ApprovalSeat), "lane_id")

    @cached_property
    def votes(self) -> Mapping[UUID, Rows]:
        """Return the votes of each lane."""
        return _grouped(self.of(ApprovalVote), "lane_id")

    @cached_property
    def excluded(self) -> Mapping[UUID, set[UUID]]:
        found: dict[UUID, set[UUID]] = defaultdict(set)
        for row in self.of(ApprovalExclusion):
            found[row.request_id].add(row.person_id)
        return found

    @cached_property
    def conditions(self) -> Mapping[UUID, Any]:
        return {row.id: row for row in self.of(Condition)}

    @cached_property
    def demands(self) -> Mapping[UUID, Rows]:
        """Return everything that was ever asked for, by condition."""
        return _grouped(self.of(ConditionDemand), "condition_id")

    @cached_property
    def record(self) -> Mapping[str, list[Mapping[str, Any]]]:
        """Return what is on the record, by stream, oldest first."""
        found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for row in sorted(self.of(LedgerEvent), key=lambda each: each.seq):
            found[row.stream].append(_told(row.body))
        return found

    @cached_property
    def events(self) -> Mapping[UUID, list[Mapping[str, Any]]]:
        """Return what is on the record of each request, oldest first."""
        return {each: self.record.get(f"request:{each}", []) for each in self.requests}

    def since(self, before: "World", stream: str) -> list[Mapping[str, Any]]:
        """Return what came on the record of a stream after the world `before`."""
        return self.record.get(stream, [])[len(before.record.get(stream, [])) :]

    @cached_property
    def cases(self) -> Mapping[UUID, Any]:
        """Return the use cases; there are none where everything is a pie."""
        return {row.id: row for row in self.rows.get("use_cases", ())}

    @cached_property
    def ended_subjects(self) -> frozenset[UUID]:
        """Return what nobody asks anything of any more, whatever was approved before. No pie ends."""
        return frozenset(each.id for each in self.cases.values() if each.state in ENDED)

    def requests_about(self, kind: str, subject_id: UUID) -> list[Any]:
        """Return the requests about a subject, the newest text last."""
        found = [each for each in self.requests.values() if (each.subject_kind, each.subject_id) == (kind, subject_id)]
        return sorted(found, key=lambda each: (each.revision, each.opened_at, each.id))

    def lineage(self, lane_id: UUID) -> list[UUID]:
        """Return a lane and those whose approval it keeps or whose votes it took up, the newest first."""
        found, following = [], self.lanes.get(lane_id)
        while following is not None:
            found.append(following.id)
            following = self.lanes.get(following.kept_from or following.votes_from)
        return found

    def is_current(self, lane: Any) -> bool:
        return bool(self.stages[lane.stage_id].round == self.requests[lane.request_id].round)

    def current_lanes(self, request: Any) -> list[Any]:
        return [lane for lane in self.lanes.values() if lane.request_id == request.id and self.is_current(lane)]

    def open_lanes(self) -> list[Any]:
        """Return the lanes that can be decided now."""
        return [
            lane
            for lane in self.lanes.values()
            if lane.status is LaneStatus.OPEN
            and self.is_current(lane)
            and self.requests[lane.request_id].status is RequestStatus.IN_REVIEW
        ]

    def awaited(self, lane: Any) -> list[Any]:
        voted = {vote.person_id for vote in self.votes.get(lane.id, ())}
        return [seat for seat in self.seats.get(lane.id, ()) if seat.vacated_at is None and seat.person_id not in voted]

    @cached_property
    def waiting_for(self) -> Mapping[UUID, frozenset[UUID]]:
        """Return the requests each person is asked to decide, for themselves or for whom they stand in for."""
        found: dict[UUID, set[UUID]] = defaultdict(set)
        for lane in self.open_lanes():
            for seat in self.awaited(lane):
                for person in filter(None, (seat.person_id, seat.delegate_id)):
                    found[person].add(lane.request_id)
        return {person: frozenset(requests) for person, requests in found.items()}

    def is_member(self, person: UUID) -> bool:
        return bool(self.people[person].membership is Membership.MEMBER)

    def promised_since(self, before: "World") -> list[Any]:
        """Return what was promised after the world `before`."""
        return [row for row in self.of(OutboxRow) if row.seq > before.last_promise]

    @cached_property
    def last_promise(self) -> int:
        return max((row.seq for row in self.of(OutboxRow)), default=0)

    def voters_elsewhere(self, lane: Any) -> set[UUID]:
        """Return the humans who voted in other stages of the lane's round, where nobody may vote in two."""
        if not self.requests[lane.request_id].distinct_approvers:
            return set()
        others = [
            other
            for other in self.lanes.values()
            if other.request_id == lane.request_id
            and other.stage_id != lane.stage_id
            and self.stages[other.stage_id].round == self.stages[lane.stage_id].round
        ]
        return {vote.cast_by for other in others for vote in self.votes.get(other.id, ())}


@dataclass
class History:
    """What the worlds before this one leave to compare it with."""

    frozen: dict[UUID, tuple[int, int]] = field(default_factory=dict)  # of a lane: people asked, approvals needed
    concerned: dict[UUID, set[UUID]] = field(default_factory=lambda: defaultdict(set))


def read(
    database: Database, now: datetime, *, beaten: bool = False, tables: Sequence[type[SQLModel]] = TABLES
) -> World:
    with database.reading() as session:
        found: dict[str, Rows] = {}
        for table in tables:
            found[str(table.__tablename__)] = session.connection().execute(_all_of(table)).all()
    return World(found, now, beaten)


@cache
def _all_of(table: type[SQLModel]) -> Select[Any]:
    columns = table.metadata.tables[str(table.__tablename__)]
    return columns.select().order_by(*columns.primary_key.columns)


@lru_cache(maxsize=10_000)
def _told(body: str) -> Mapping[str, Any]:
    told: Mapping[str, Any] = json.loads(body)
    return told


def _grouped(rows: Rows, name: str) -> Mapping[UUID, Rows]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, name)].append(row)
    return found
