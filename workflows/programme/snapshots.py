"""Frozen pictures of what is asked about gates, of who can show what, and of how long the programme has taken."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from db.enums import Criterion, GateAct, Phase
from workflows.people import Actor
from workflows.programme.rules import Gate


@dataclass(frozen=True, slots=True)
class GateRequested:
    """Somebody asks to open a gate, or to do without `criterion` of it through the day `until`.

    `evidence` is what it rested on then, as canonical JSON. `took_effect_at`: it was approved, and still could.
    """

    id: UUID
    reference: str
    phase: Phase
    act: GateAct
    evidence: str
    digest: str
    asked_by: Actor
    asked_at: datetime
    settled_at: datetime | None
    took_effect_at: datetime | None
    criterion: Criterion | None = None
    until: date | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class GateAsked:
    """People decide about it. Nobody is `asked` where nobody may decide; `blocked` names those lanes."""

    reference: str
    request_id: UUID
    asked: tuple[Actor, ...]
    blocked: tuple[str, ...]


class NoGate(StrEnum):
    """Why nothing was asked about a gate."""

    NOT_STEERING = "not_steering"
    NO_RULE = "no_rule"
    OPENED = "opened"
    NOT_READY = "not_ready"
    PENDING = "pending"
    SEEN_OTHER = "seen_other"
    NOT_ASKED_FOR = "not_asked_for"
    MET = "met"
    NEVER_WAIVED = "never_waived"
    UNTIL_PAST = "until_past"
    UNTIL_TOO_FAR = "until_too_far"
    REASON_MISSING = "reason_missing"


@dataclass(frozen=True, slots=True)
class NotAsked:
    """`gate` is how it stands now; `reference` what is asked about it already."""

    why: NoGate
    gate: Gate
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Debtor:
    """A use case in use that could meet a criterion. `request_id` is the newest request about it."""

    reference: str
    use_case_id: UUID
    owner: Actor
    confidential: bool
    request_id: UUID | None


@dataclass(frozen=True, slots=True)
class Elapsed:
    """How long the programme has taken. `begun` is when each phase began that has; the first may not have yet.

    `usual` are the weeks, at least and at most, the first phase usually takes, and all four together.
    """

    phase: Phase
    begun: Mapping[Phase, datetime]
    now: datetime
    usual_first: tuple[int, int]
    usual_all: tuple[int, int]

    def weeks_in(self, phase: Phase) -> int | None:
        """Return how many whole weeks a phase took, or has taken so far; None before it."""
        begun = self.begun.get(phase)
        if begun is None:
            return None
        order = list(Phase)
        later = (self.begun.get(each) for each in order[order.index(phase) + 1 :])
        ended = next((each for each in later if each is not None), self.now)
        return max(timedelta(0), ended - begun) // timedelta(weeks=1)

    @property
    def weeks(self) -> int | None:
        """Return how many whole weeks it is since the programme began."""
        begun = min(self.begun.values(), default=None)
        return None if begun is None else max(timedelta(0), self.now - begun) // timedelta(weeks=1)
