"""Frozen pictures of use cases and drafts, and the outcomes of working on one."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from db.enums import RequestStatus, SuspensionCause, Tier, UseCaseState
from workflows.approvals import PlannedStage
from workflows.intake.answers import Answers, Step
from workflows.intake.measures import Problem
from workflows.intake.proposals import Proposal
from workflows.intake.rules import CHANGEABLE, Effect
from workflows.people import Actor
from workflows.policy import Line, Question, TierReason


@dataclass(frozen=True, slots=True)
class UseCaseSnapshot:
    """A use case as its text in force says. `similar` are the references it was said to differ from.

    `pending_revision` is the number of the text it is to be changed to, once that is approved. `suspended_by` is why it
    may not go on. `provisional`: break-glass let it go ahead, and the request about it is undecided. `valid_until` is
    the last day its approval holds, in its owner's zone.
    """

    id: UUID
    reference: str
    state: UseCaseState
    revision: int
    confidential: bool
    proposer: Actor
    owner: Actor
    sponsor: Actor
    says: Proposal
    submitted_at: datetime
    source_link: str | None = None
    copied_from: str | None = None
    similar: tuple[str, ...] = ()
    pending_revision: int | None = None
    suspended_by: tuple[SuspensionCause, ...] = ()
    provisional: bool = False
    valid_until: date | None = None

    @property
    def name(self) -> str:
        return self.says.name

    @property
    def team(self) -> str:
        return self.says.team

    @property
    def may_change(self) -> bool:
        """Say whether it was approved, so that an edit of it is a change request."""
        return self.state in CHANGEABLE and not self.provisional


@dataclass(frozen=True, slots=True)
class SimilarCase:
    """A use case somebody may join instead. It is known to everybody."""

    id: UUID
    reference: str
    name: str
    team: str
    state: UseCaseState
    owner: Actor
    can_be_joined: bool


@dataclass(frozen=True, slots=True)
class DraftSnapshot:
    """A draft as a list shows it. `edits` is the reference of the use case it changes."""

    id: UUID
    name: str
    step: Step
    edits: str | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Preview:
    """What happens if this is submitted now. Without stages a line of the policy decides.

    `effect` is what an edit of something approved does in that moment, and `state` what that is now.
    """

    use_case: UseCaseSnapshot
    tier: Tier
    reasons: tuple[TierReason, ...]
    stages: tuple[PlannedStage, ...]
    decided: Line | None
    effect: Effect | None = None
    state: UseCaseState | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One step of a draft, with everything its window shows.

    `edits` is the reference of the use case it edits; `is_change`: that is approved, so the edit is a change request.
    `problems` are those the step was gone back to for. `changed`: what the preview showed has changed meanwhile.
    """

    draft_id: UUID
    step: Step
    steps: tuple[Step, ...]
    answers: Answers
    edits: str | None = None
    is_change: bool = False
    source_link: str | None = None
    questions: tuple[Question, ...] = ()
    asked: tuple[str, ...] = ()
    similar: tuple[SimilarCase, ...] = ()
    preview: Preview | None = None
    problems: tuple[Problem, ...] = ()
    changed: bool = False


class Sent(StrEnum):
    """Where an edit of something approved went."""

    IN_FORCE = "in_force"  # nobody had to decide
    FOR_DECISION = "for_decision"


@dataclass(frozen=True, slots=True)
class Proposed:
    """The proposal is stored. `asked` are the names of those who have it now; empty when nobody can decide yet.

    `status` is the request's: a line of the policy may have decided, and the same form sent again late may find it
    decided by people. `reason` is what the line says. `change` is where an edit of something approved stands, and
    `state` what the use case itself is. `is_new`: it came about in this moment, and not by the same form sent before.
    """

    use_case_id: UUID
    reference: str
    name: str
    asked: tuple[str, ...]
    status: RequestStatus
    reason: str | None = None
    state: UseCaseState = UseCaseState.IN_REVIEW
    change: Sent | None = None
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Joined:
    """The draft ends here: the owner of what it is similar to was told."""

    use_case: SimilarCase


@dataclass(frozen=True, slots=True)
class Invalid:
    """The step stays; each problem belongs to a field. What was typed is kept."""

    problems: tuple[Problem, ...]


class NotNow(StrEnum):
    """Why nothing can be done with a draft, or none can be begun."""

    GONE = "gone"
    DISCARDED = "discarded"
    JOINED = "joined"
    NOT_JOINABLE = "not_joinable"
    NOT_YOURS = "not_yours"
    NOT_EDITABLE = "not_editable"
    NOT_ENDED = "not_ended"
    UNCHANGED = "unchanged"
    CHANGE_PENDING = "change_pending"
    CHANGED_MEANWHILE = "changed_meanwhile"
    PROPOSED_MEANWHILE = "proposed_meanwhile"  # what was recorded before, by somebody else
