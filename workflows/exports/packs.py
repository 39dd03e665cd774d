"""Frozen pictures of everything that was ever stored about one use case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from db.enums import (
    CheckInState,
    Confidence,
    Exclusion,
    KpiSource,
    LaneRule,
    LaneStatus,
    RecertificationAnswer,
    RequestStatus,
    RoundCause,
    StageStatus,
    Tier,
    UseCaseState,
    Verb,
    Verdict,
)
from workflows.approvals import QuestionSnapshot
from workflows.auditing import AuditSnapshot
from workflows.breaking_glass import GlassSnapshot
from workflows.checkins import ChangeSnapshot, Corrections, KpiSnapshot
from workflows.conditions import ConditionSnapshot
from workflows.exports.snapshots import CaseEntry, Suspension
from workflows.intake import UseCaseSnapshot
from workflows.lessons import ChecklistSnapshot, LessonSnapshot
from workflows.lifecycle import WorkstreamSnapshot
from workflows.people import Actor
from workflows.policy import Pinned
from workflows.rollouts import RolloutSnapshot


@dataclass(frozen=True, slots=True)
class Text:
    """One submitted text of a use case: as it was, by whom, and when."""

    revision: int
    says: UseCaseSnapshot
    by: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class Ballot:
    """A vote that stands: by whom it was given, on which content, and why."""

    verb: Verb
    at: datetime
    by: Actor
    content_digest: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody asked in a lane; `delegate` may decide in their place. `left_at`: their seat went to others."""

    person: Actor
    delegate: Actor | None
    asked_at: datetime
    due_at: datetime | None
    left_at: datetime | None
    reminders: int
    ballot: Ballot | None


@dataclass(frozen=True, slots=True)
class Lane:
    """A group asked side by side with the others of its stage. `is_kept`: its approval stands from an earlier round."""

    name: str
    role: str
    rule: LaneRule
    amount: int | None
    needed: int | None
    rejections: int
    status: LaneStatus
    settled_at: datetime | None
    content_digest: str
    is_kept: bool
    is_by_name: bool
    seats: tuple[Seat, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    name: str
    status: StageStatus
    lanes: tuple[Lane, ...]


@dataclass(frozen=True, slots=True)
class Round:
    """One laying-out of a request: on which content, in which tier and why, under which policy.

    `policy_file` is the hash of the policy's file, `policy_hash` of what was pinned of it: tier, reasons and chain.
    """

    number: int
    cause: RoundCause
    revision: int
    tier: Tier
    pinned: Pinned
    policy_number: int
    policy_file: str
    policy_hash: str
    by: Actor | None
    at: datetime
    sections: Mapping[str, str]
    stages: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """Something people were asked about the use case: itself, a change of it, an audit, a rollout."""

    id: UUID
    reference: str
    kind: str
    revision: int
    tier: Tier
    status: RequestStatus
    line: str | None
    opened_at: datetime
    settled_at: datetime | None
    amends: int | None
    barred: tuple[tuple[Actor, Exclusion], ...]
    rounds: tuple[Round, ...]
    questions: tuple[QuestionSnapshot, ...]


@dataclass(frozen=True, slots=True)
class Recertified:
    """The question whether an approval still holds, and what became of it."""

    due_on: date
    asked_at: datetime
    answer: RecertificationAnswer | None
    by: Actor | None
    at: datetime | None
    reason: str | None
    settled_at: datetime | None


@dataclass(frozen=True, slots=True)
class Opinion:
    """What somebody said of a reading."""

    person: Actor
    verdict: Verdict
    at: datetime
    reason: str | None


@dataclass(frozen=True, slots=True)
class ReadingRecord:
    """A reading, also one that was superseded: it counts no more and stays. Nobody typed what a system says."""

    on: date
    value: float
    unit: str
    source: KpiSource
    by: Actor | None
    at: datetime
    superseded_at: datetime | None
    opinions: tuple[Opinion, ...]


@dataclass(frozen=True, slots=True)
class KpiRecord:
    kpi: KpiSnapshot
    hit_at: datetime | None
    changes: tuple[ChangeSnapshot, ...]
    readings: tuple[ReadingRecord, ...]


@dataclass(frozen=True, slots=True)
class CheckInRecord:
    """A date on which somebody was asked, and what was answered, each revision of it; none where nobody did."""

    on: date
    state: CheckInState
    asked: Actor
    said: Mapping[str, str]
    revision: int = 0
    by: Actor | None = None
    at: datetime | None = None
    counts: bool = True
    confidence: Confidence | None = None
    looked_at: int | None = None
    corrected: tuple[int | None, int | None, int | None] = (None, None, None)


@dataclass(frozen=True, slots=True)
class Moved:
    """`reason` is what was said as it was retired by hand; None of other moves, and once it is erased."""

    state: UseCaseState
    at: datetime
    by: Actor | None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event of the record as it was hashed, with the name of who acted; nobody where the clock or a line did."""

    stream: str
    seq: int
    body: str
    prev_hash: str
    hash: str
    kind: str
    at: str
    actor: str


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything about a use case as it is stored at one moment. `head` sums up the last hash of every stream."""

    entry: CaseEntry
    made_at: datetime
    texts: tuple[Text, ...]
    requests: tuple[Request, ...]
    conditions: tuple[ConditionSnapshot, ...]
    recertifications: tuple[Recertified, ...]
    glasses: tuple[GlassSnapshot, ...]
    audits: tuple[AuditSnapshot, ...]
    suspensions: tuple[Suspension, ...]
    moves: tuple[Moved, ...]
    workstreams: tuple[WorkstreamSnapshot, ...]
    rollouts: tuple[RolloutSnapshot, ...]
    kpis: tuple[KpiRecord, ...]
    check_ins: tuple[CheckInRecord, ...]
    corrections: Corrections
    lessons: tuple[LessonSnapshot, ...]
    checklist: ChecklistSnapshot | None
    events: tuple[EventRow, ...]
    head: str

    @property
    def use_case(self) -> UseCaseSnapshot:
        return self.entry.case
