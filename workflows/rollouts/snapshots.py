"""Frozen pictures of rollouts, and the outcomes of asking for one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from db.enums import RolloutStatus, Section
from workflows.people import Actor
from workflows.programme import Gate
from workflows.rollouts.rules import NoRollout


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks for; `differences` hold only the sections in which something is otherwise."""

    team: str
    owner: Actor
    people: int
    starts_on: date | None
    differences: Mapping[Section, str]


@dataclass(frozen=True, slots=True)
class StepSnapshot:
    position: int
    says: str
    done_at: datetime | None
    done_by: Actor | None

    @property
    def is_done(self) -> bool:
        return self.done_at is not None


@dataclass(frozen=True, slots=True)
class RolloutSnapshot:
    """A use case taken to one team more. `before` are the differences as they were a revision earlier."""

    id: UUID
    reference: str
    use_case_id: UUID
    revision: int
    team: str
    owner: Actor
    people: int
    starts_on: date
    status: RolloutStatus
    asked_by: Actor
    asked_at: datetime
    settled_at: datetime | None
    differences: Mapping[Section, str]
    before: Mapping[Section, str] = field(default_factory=dict)
    steps: tuple[StepSnapshot, ...] = ()

    @property
    def done(self) -> int:
        """Return how many of its steps are done."""
        return sum(each.is_done for each in self.steps)

    @property
    def is_under_way(self) -> bool:
        """Say whether it is approved, and not all its steps are done."""
        return self.status is RolloutStatus.APPROVED

    @property
    def is_pending(self) -> bool:
        return self.status in (RolloutStatus.IN_REVIEW, RolloutStatus.CHANGES_REQUESTED)

    @property
    def done_at(self) -> datetime | None:
        """Return when its last step was done; None while one is not."""
        moments = [each.done_at for each in self.steps if each.done_at]
        return max(moments) if self.status is RolloutStatus.DONE and moments else None


@dataclass(frozen=True, slots=True)
class RolledOut:
    """It is stored like this. `asked` are who decides now; nobody where nobody may, or a line has decided."""

    rollout: RolloutSnapshot
    asked: tuple[Actor, ...] = ()


@dataclass(frozen=True, slots=True)
class NotRolledOut:
    """Nothing was stored. `use_case_id` is what it is about, `other` the rollout it is about or that is in the way.

    `gates` are those that are closed.
    """

    why: NoRollout
    use_case_id: UUID | None = None
    other: RolloutSnapshot | None = None
    gates: tuple[Gate, ...] = ()
