"""Frozen pictures of conditions, and the outcomes of doing something about one."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from db.enums import Blocks, ConditionStatus, DemandStatus, EvidenceKind
from workflows.conditions.rules import IN_FORCE, Evidence, Refusal
from workflows.people import Actor


@dataclass(frozen=True, slots=True)
class DemandSnapshot:
    """A lane that set the condition, by whose vote, and how it stands with it.

    `reason` is why it was waived, or why the lane did not accept the evidence last.
    """

    id: UUID
    lane_id: UUID
    lane: str
    person: Actor
    due_on: date
    blocks: Blocks
    status: DemandStatus
    settled_by: Actor | None = None
    settled_at: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class OfferedSnapshot:
    """The evidence given last. `id` tells it from what was given before."""

    id: UUID
    evidence: Evidence
    by: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class ConditionSnapshot:
    """A condition as it stands. `due_on` is the strictest date that still counts, where its owner is."""

    id: UUID
    subject_kind: str
    subject_id: UUID
    request_id: UUID
    number: int
    text: str
    owner: Actor
    evidence: EvidenceKind
    status: ConditionStatus
    due_on: date
    overdue_at: datetime | None
    demands: tuple[DemandSnapshot, ...]
    offered: OfferedSnapshot | None
    created_at: datetime
    settled_at: datetime | None
    reminders: int
    remind_at: datetime | None
    version: int

    @property
    def is_in_force(self) -> bool:
        return self.status in IN_FORCE

    @property
    def blocks(self) -> frozenset[Blocks]:
        """Return what it stands in the way of, by those who still ask for it."""
        return frozenset(each.blocks for each in self.standing)

    @property
    def holds_up(self) -> bool:
        """Say whether what it is about may not go on because of it."""
        return self.is_in_force and self.overdue_at is not None and Blocks.CONTINUATION in self.blocks

    @property
    def standing(self) -> list[DemandSnapshot]:
        return [each for each in self.demands if each.status is DemandStatus.STANDING]

    @property
    def asked_by(self) -> list[str]:
        """Return the names of the lanes that set it, once each; of those that still ask, while any does."""
        return list(dict.fromkeys(each.lane for each in self.standing or self.demands))


@dataclass(frozen=True, slots=True)
class Moved:
    """Something was done about a condition: as it was before and is now. `lanes` are those it was done for."""

    before: ConditionSnapshot
    now: ConditionSnapshot
    lanes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotDone:
    """Nothing was changed. `condition` is None when there is none, or whoever asked may not know of it."""

    why: Refusal
    condition: ConditionSnapshot | None = None
