"""Frozen pictures of what was recorded, and the outcomes of doing something with it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from workflows.people import Actor
from workflows.recorded.rules import Missing, missing


@dataclass(frozen=True, slots=True)
class RecordingSnapshot:
    """What is known of a use case that exists and was never proposed. What nobody said is None.

    `propose_by` is the last day to propose it, in its owner's zone. `writers` are those who have begun to propose it.
    `dropped_because` is what was said when it was dropped.
    """

    id: UUID
    number: int
    name: str
    team: str | None
    problem: str | None
    stage: str | None
    vendor: str | None
    owner: Actor | None
    origin: str | None
    propose_by: date
    recorded_by: Actor | None
    recorded_at: datetime
    writers: tuple[Actor, ...] = ()
    use_case_id: UUID | None = None
    dropped_at: datetime | None = None
    dropped_because: str | None = None

    @property
    def reference(self) -> str:
        return f"UC-{self.number}"

    @property
    def is_open(self) -> bool:
        """Say whether it is still to be proposed."""
        return self.use_case_id is None and self.dropped_at is None

    @property
    def missing(self) -> tuple[Missing, ...]:
        return missing(team=self.team, problem=self.problem, has_owner=self.owner is not None)


@dataclass(frozen=True, slots=True)
class Counts:
    """How much is recorded and still to be proposed, of it how much should have been by now, or has no stage."""

    recorded: int
    overdue: int
    without_stage: int


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of what is still to be proposed, and of how many in all it is. `offset` counts from 0."""

    recordings: tuple[RecordingSnapshot, ...]
    total: int
    offset: int


class DropReason(StrEnum):
    """Why something recorded is no use case at all."""

    DOES_NOT_EXIST = "does_not_exist"
    IS_NOT_AI = "is_not_ai"


class NotDone(StrEnum):
    """Why nothing came of what somebody wanted to do."""

    UNKNOWN = "unknown"
    NOT_YOURS = "not_yours"
    NOT_STEERING = "not_steering"
    PROPOSED = "proposed"
    DROPPED = "dropped"
    NAME_MISSING = "name_missing"
    DAY_PAST = "day_past"
    DAY_TOO_FAR = "day_too_far"
