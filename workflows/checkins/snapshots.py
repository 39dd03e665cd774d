"""Frozen pictures of KPIs, and the outcomes of changing one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from db.enums import Direction, KpiField, KpiSource
from workflows.checkins.rules import Kpi, Part, Rhythm, Why
from workflows.people import Actor


@dataclass(frozen=True, slots=True)
class BaselineSnapshot:
    """What a KPI stood at, measured from `first_day` to `last_day`, both included, in the unit it had then.

    With a `reason` it amends the one before it.
    """

    id: UUID
    number: int
    value: float
    unit: str
    first_day: date
    last_day: date
    n: int
    method: str
    locked_by: Actor
    locked_at: datetime
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class KpiSnapshot:
    """A KPI as it is now. `says` is what was approved about it; `baselines` are all there ever were, oldest first."""

    id: UUID
    use_case_id: UUID
    says: Kpi
    rhythm: Rhythm
    source: KpiSource
    owner: Actor
    version: int
    baselines: tuple[BaselineSnapshot, ...] = ()
    retired_at: datetime | None = None

    @property
    def name(self) -> str:
        return self.says.name

    @property
    def unit(self) -> str:
        return self.says.unit

    @property
    def direction(self) -> Direction:
        return self.says.direction

    @property
    def in_use(self) -> bool:
        return self.retired_at is None

    @property
    def baseline(self) -> BaselineSnapshot | None:
        """The one that counts now."""
        return self.baselines[-1] if self.baselines else None


@dataclass(frozen=True, slots=True)
class ChangeSnapshot:
    """What somebody changed. Of people `before` and `after` are their names; with a `revision` it was approved."""

    kpi_id: UUID
    field: KpiField
    before: str | None
    after: str | None
    by: Actor
    at: datetime
    revision: int | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What a use case says about who may change its KPIs.

    `people` answer for it besides programme leads and the KPI's own owner; `has_ended`: nobody may any more.
    """

    people: frozenset[UUID]
    has_ended: bool


@dataclass(frozen=True, slots=True)
class Locked:
    """The baseline counts now; `amends`: it is not the first."""

    kpi: KpiSnapshot
    baseline: BaselineSnapshot
    amends: bool


@dataclass(frozen=True, slots=True)
class Edited:
    kpi: KpiSnapshot


@dataclass(frozen=True, slots=True)
class NotLocked:
    """What is wrong with a baseline, field by field. Nothing was stored."""

    wrong: Mapping[Part, str]


@dataclass(frozen=True, slots=True)
class NotDone:
    """Why nothing was changed, and the KPI as it is, unless there is none."""

    why: Why
    kpi: KpiSnapshot | None = None
