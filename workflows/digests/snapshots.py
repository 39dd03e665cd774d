"""A week in frozen pictures. All of it is stored as JSON when it is posted, so every type here is plain.

What is added later has a default, so that what was stored before can still be read.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum, auto
from uuid import UUID

from db.enums import CheckInState, Criterion, Direction, Phase, RootCause
from workflows.adoption.snapshots import Adoption
from workflows.digests.windows import Window
from workflows.programme.rules import GateState, Standing


@dataclass(frozen=True, slots=True)
class Count:
    """How many in the window, and in the seven days before it."""

    now: int
    before: int

    @property
    def change(self) -> int:
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class Span:
    """A range, its ends included."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Named:
    """A use case as every full member may see it. Confidential ones are never among those named."""

    id: UUID
    reference: str
    name: str
    team: str


# ------------------------------------------------------------------------------------------------ standing


class Stage(StrEnum):
    """How far use cases came. Whoever reached a later one reached those before it."""

    PROPOSED = auto()
    APPROVED = auto()
    IN_DEPLOYMENT = auto()
    DEPLOYED = auto()
    OPTIMISING = auto()
    SCALING = auto()


@dataclass(frozen=True, slots=True)
class Reached:
    """How many ever reached a stage by the end of the window, and how many of them within it and the window before."""

    stage: Stage
    total: int
    new: int
    new_before: int


@dataclass(frozen=True, slots=True)
class Funnel:
    """`rejected` in the window; `suspended` and `retired` as it stands; `to_propose` is in use and was never proposed.

    `late` are those of them whose day to be proposed has passed.
    """

    reached: tuple[Reached, ...]
    rejected: Count
    suspended: int
    retired: int
    to_propose: int
    late: int


@dataclass(frozen=True, slots=True)
class Lacks:
    """What a gate lacks, since when, and who owes it; nobody where nobody does yet."""

    criterion: Criterion
    standing: Standing
    owner: str | None
    since: datetime | None


@dataclass(frozen=True, slots=True)
class GateNow:
    phase: Phase  # it leads into
    state: GateState
    met: int
    criteria: int
    lacking: tuple[Lacks, ...]


@dataclass(frozen=True, slots=True)
class ProgrammeNow:
    """`weeks` are whole ones in this phase so far. `gates` are those something can be done about."""

    phase: Phase
    weeks: int | None
    gates: tuple[GateNow, ...]


@dataclass(frozen=True, slots=True)
class WaitsAt:
    """How many requests wait at a role, the median of their working days, and how many are past due."""

    role: str
    waiting: int
    days: float
    past_due: int


@dataclass(frozen=True, slots=True)
class Approvals:
    """Requests about use cases that people decided: how many, and how many working days the median took.

    What waits is as it stood when this was made; `places` are None where that is not known for a week long past. Then
    `waiting` and `past_due` are of the end of the week, and `blocked` is None as well.
    """

    approved: Count
    rejected: Count
    median_days: float | None
    median_before: float | None
    waiting: int
    past_due: int
    blocked: int | None
    places: tuple[WaitsAt, ...] | None
    expired: Count = field(default_factory=lambda: Count(0, 0))  # ended because nobody decided in time


class DueKind(StrEnum):
    CONDITION = auto()
    RECERTIFICATION = auto()


@dataclass(frozen=True, slots=True)
class Due:
    """What is due within the fortnight after the window, or late already."""

    kind: DueKind
    of: Named
    on: date
    is_late: bool


@dataclass(frozen=True, slots=True)
class Coming:
    """`listed` come first by day; `conditions` and `recertifications` count all, also of confidential use cases."""

    conditions: int
    conditions_late: int
    recertifications: int
    recertifications_late: int
    listed: tuple[Due, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """One hash over the last event of every stream of the ledger, as `gatehouse ledger verify` prints it."""

    streams: int
    hash: str


@dataclass(frozen=True, slots=True)
class StandingNow:
    funnel: Funnel
    programme: ProgrammeNow
    approvals: Approvals
    coming: Coming
    break_glass: Count  # called in the window
    ownerless: tuple[Named, ...]
    ownerless_in_all: int
    head: Head


# ------------------------------------------------------------------------------------------------- numbers


class KpiStanding(StrEnum):
    """How a KPI stands at the end of the window, what needs somebody first. A KPI is one of these."""

    OFF_TRACK = auto()  # whoever reports it says so
    AT_RISK = auto()  # they say so
    PAST_DUE = auto()  # its day has passed, and its target is not reached
    UNREAD = auto()  # nothing was read in the window, and nothing else is to be said
    ON_TRACK = auto()
    AT_TARGET = auto()  # its last reading reaches the target; whether it is hit takes more


@dataclass(frozen=True, slots=True)
class KpiLine:
    """One KPI. `value` and `before` are the last readings in the window and before it; None where nothing was read.

    `baseline` is the locked one, None where none is. `read_on` is the day of `value`.
    """

    kpi_id: UUID
    of: Named
    name: str
    unit: str
    direction: Direction
    target: float
    target_high: float | None
    baseline: float | None
    value: float | None
    read_on: date | None
    before: float | None
    due: date
    standing: KpiStanding


@dataclass(frozen=True, slots=True)
class Kpis:
    """Every KPI in use counts in exactly one standing. `worst` come first what needs somebody most, ten at most."""

    now: dict[KpiStanding, int]
    before: dict[KpiStanding, int]
    worst: tuple[KpiLine, ...]


@dataclass(frozen=True, slots=True)
class Corrections:
    """Of the outputs people looked at in the window, how many had to be corrected, by root cause.

    Rates are of those looked at, 0 to 1; None where nobody looked. `unknown` are answers in which nobody did.
    """

    looked_at: int
    by_cause: dict[RootCause, int]
    rate: float | None
    rate_before: float | None
    unknown: int


@dataclass(frozen=True, slots=True)
class Return:
    """(value - cost) / cost of one use case, in its currency: only with a locked baseline and a known cost."""

    of: Named
    currency: str
    value: float
    cost: float

    @property
    def ratio(self) -> float:
        return (self.value - self.cost) / self.cost


@dataclass(frozen=True, slots=True)
class Value:
    """Hours saved in the window as people said, as ranges; None where nobody did.

    `gross` and `net` are of use cases with a locked baseline: net is gross x (1 - correction rate), of those whose rate
    is known (`net_of` of `gross_of` use cases). `unverifiable` is what was claimed without a baseline, by so many.
    """

    gross: Span | None
    gross_before: Span | None
    gross_of: int
    net: Span | None
    net_of: int
    unverifiable: Span | None
    unverifiable_of: int
    costs: dict[str, float]  # by currency
    returns: tuple[Return, ...]  # the worst ten at most
    returns_in_all: int = 0  # also of use cases not named


@dataclass(frozen=True, slots=True)
class Win:
    of: Named
    says: str


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """A check-in of the window nobody answered, and why as far as that is known. Away is away."""

    of: Named
    state: CheckInState


@dataclass(frozen=True, slots=True)
class Answers:
    """`asked` are all check-ins of the window; `missing` are named, `silent` counts all that are missing."""

    asked: int
    answered: int
    away: int
    skipped: int
    silent: int
    missing: tuple[NoAnswer, ...]

    @property
    def still_open(self) -> int:
        """Return how many can still be answered in time."""
        return self.asked - self.answered - self.away - self.skipped - self.silent


@dataclass(frozen=True, slots=True)
class Training:
    """People of the teams whose use cases are being deployed: how many there are to train, and how many were.

    None where that is hidden, for it is fewer than five people.
    """

    to_train: int | None
    trained: int | None
    unknown: int  # workstreams that do not say how many


@dataclass(frozen=True, slots=True)
class Numbers:
    kpis: Kpis
    corrections: Corrections
    value: Value
    wins: tuple[Win, ...]
    answers: Answers
    training: Training


@dataclass(frozen=True, slots=True)
class Digest:
    """A week of the programme, or of one `team`, as it was known at `made_at` (UTC).

    `in_short`: of a team, for who may not read all of its use cases. Corrections, hours, costs and returns are left
    out: where one use case said them they would be its own.
    """

    window: Window
    team: str | None
    made_at: datetime
    standing: StandingNow
    adoption: Adoption
    numbers: Numbers
    in_short: bool = False

    @property
    def is_empty(self) -> bool:
        """Say whether nothing happened and nothing was reported that a digest could tell of."""
        moved = any(each.new for each in self.standing.funnel.reached)
        decided = self.standing.approvals.approved.now + self.standing.approvals.rejected.now
        return not (
            moved or decided or self.standing.approvals.expired.now or self.numbers.answers.asked or self.adoption.teams
        )


@dataclass(frozen=True, slots=True)
class StoredDigest:
    """A digest as it was posted or shown. `place` is the channel and time stamp of its message, once Slack has it."""

    id: UUID
    channel: str | None
    week: date | None
    digest: Digest
    content_digest: str
    place: tuple[str, str] | None
