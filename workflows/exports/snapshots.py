"""Frozen pictures of what leaves as a file: entries of the register, and what is written down of every file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from db.enums import KpiSource, Phase, RequestStatus, SuspensionCause, Tier, UseCaseState, Verb
from workflows.checkins import KpiSnapshot
from workflows.conditions import ConditionSnapshot
from workflows.intake import UseCaseSnapshot
from workflows.people import Actor
from workflows.policy import TierReason
from workflows.recorded import RecordingSnapshot


class What(StrEnum):
    """What is exported."""

    REGISTER = "register"
    EVIDENCE = "evidence"


class Shape(StrEnum):
    """The columns a register is written in: our own, or those of the US federal inventory (M-25-21)."""

    GATEHOUSE = "gatehouse"
    FEDERAL = "federal"


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    HTML = "html"


class NoExport(StrEnum):
    """Why somebody gets no file."""

    NOT_YOURS = "not_yours"
    UNKNOWN = "unknown"


PHASE_OF: Final[Mapping[UseCaseState, Phase]] = {
    UseCaseState.DRAFT: Phase.FOUNDATION,
    UseCaseState.IN_REVIEW: Phase.FOUNDATION,
    UseCaseState.CHANGES_REQUESTED: Phase.FOUNDATION,
    UseCaseState.APPROVED: Phase.FOUNDATION,
    UseCaseState.APPROVED_WITH_CONDITIONS: Phase.FOUNDATION,
    UseCaseState.IN_DEPLOYMENT: Phase.FOCUSED_DEPLOYMENT,
    UseCaseState.DEPLOYED: Phase.FOCUSED_DEPLOYMENT,
    UseCaseState.OPTIMISING: Phase.OPTIMISATION,
    UseCaseState.SCALING: Phase.SCALING,
}
"""The phase of the programme each state belongs to: the first in which a use case may be in it. What ended has none."""


@dataclass(frozen=True, slots=True)
class VoteGiven:
    """A vote that counts. `delegate` gave it in the name of `person`, if somebody did."""

    lane: str
    person: Actor
    delegate: Actor | None
    verb: Verb
    at: datetime


@dataclass(frozen=True, slots=True)
class Decided:
    """A request as it stands, and what its current round pinned: why it has its tier, under which policy.

    `line` is the policy's line that decided, if no person had to.
    """

    revision: int
    tier: Tier
    reasons: tuple[TierReason, ...]
    policy_number: int
    policy_hash: str
    status: RequestStatus
    opened_at: datetime
    settled_at: datetime | None
    line: str | None
    votes: tuple[VoteGiven, ...] = ()


@dataclass(frozen=True, slots=True)
class LastRead:
    """The newest reading of a KPI that counts, in its own unit. `verified`: by a second person, or from a system."""

    value: float
    unit: str
    on: date
    source: KpiSource
    verified: bool
    doubted: bool


@dataclass(frozen=True, slots=True)
class Measured:
    """A KPI with its last reading and when it was hit, as far as there is either."""

    kpi: KpiSnapshot
    last: LastRead | None
    hit_at: datetime | None


@dataclass(frozen=True, slots=True)
class Suspension:
    """Why a use case may not go on, or might not until `lifted_at`. `reason` is what was said where it was by hand."""

    cause: SuspensionCause
    since: datetime
    lifted_at: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class StreamHead:
    """How many events a use case's own stream has on the record, and the hash of the last one."""

    events: int
    hash: str


@dataclass(frozen=True, slots=True)
class CaseEntry:
    """A use case as the register says it.

    `was` is what it was before it was suspended, else its state. `decided` is the approval that counts, else its newest
    request; `asked` a newer one that is still open. `entered` says when it first came into each state it was moved to.
    `recorded` is what it was before it was proposed, if it was recorded.
    """

    number: int
    case: UseCaseSnapshot
    was: UseCaseState
    created_at: datetime
    decided: Decided | None
    asked: Decided | None
    conditions: tuple[ConditionSnapshot, ...]
    suspensions: tuple[Suspension, ...]
    entered: Mapping[UseCaseState, datetime]
    kpis: tuple[Measured, ...]
    head: StreamHead | None
    recorded: RecordingSnapshot | None = None

    @property
    def phase(self) -> Phase | None:
        return PHASE_OF.get(self.was)


@dataclass(frozen=True, slots=True)
class RecordedEntry:
    """Something in use that nobody has proposed. Hardly anything is known of it, and nothing is made up."""

    number: int
    recorded: RecordingSnapshot
    head: StreamHead | None = None


Entry = CaseEntry | RecordedEntry


@dataclass(frozen=True, slots=True)
class Made:
    """A file as it left: `rows` are entries of the register, or events of the record in the evidence of a use case."""

    id: UUID
    what: What
    format: Format
    rows: int
    digest: str
    shape: Shape | None = None
    use_case_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Promised:
    """The file comes in direct messages. `entries` says how much it holds now; `reference` what it is about."""

    entries: int = 0
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Ordered:
    """What somebody asked for, as the promise of it says."""

    what: What
    format: Format
    shape: Shape | None = None
    use_case_id: UUID | None = None
