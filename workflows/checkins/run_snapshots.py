"""Frozen pictures of check-ins, and the outcomes of doing something with one."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from db.enums import CheckInState, Confidence, KpiSource
from workflows.checkins.rules import Rhythm
from workflows.checkins.snapshots import KpiSnapshot
from workflows.checkins.turns import No, Stands
from workflows.people import Actor


@dataclass(frozen=True, slots=True)
class ReadingSnapshot:
    """A value of a KPI in the unit it had then, and the date it was read for."""

    value: float
    read_for: date
    unit: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A KPI in a check-in: what it was `last`, and what was answered `now`. `is_wanted`: its time has come again."""

    kpi: KpiSnapshot
    last: ReadingSnapshot | None
    now: ReadingSnapshot | None
    is_wanted: bool

    @property
    def is_in_unit(self) -> bool:
        """Say whether what was answered is in the unit the KPI has now; True where nothing was."""
        return self.now is None or self.now.unit == self.kpi.unit

    @property
    def is_typed(self) -> bool:
        """Say whether a person gives its value; what comes from a system or a survey is imported."""
        return self.kpi.source is KpiSource.SELF


@dataclass(frozen=True, slots=True)
class Said:
    """What is answered about a use case as a whole. None, or an empty text, was not said, and is never nought.

    `corrected` is by cause: how it was asked, what it did not know, the work around it. `hours` is from and to.
    """

    confidence: Confidence | None = None
    why: str = ""
    help: str = ""
    eligible: int | None = None
    active: int | None = None
    hours: tuple[float, float] | None = None
    hours_method: str = ""
    looked_at: int | None = None
    corrected: tuple[int | None, int | None, int | None] = (None, None, None)
    cost: float | None = None
    currency: str | None = None
    blockers: str = ""
    wins: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class AnswerSnapshot:
    """One revision of an answer. `is_unchanged`: the last values were confirmed by one press."""

    revision: int
    by: Actor
    at: datetime
    is_unchanged: bool
    says: Said


@dataclass(frozen=True, slots=True)
class CheckInSnapshot:
    """One date of a schedule. Its period lasts until `ends_on`, when the next one begins.

    `id` is None for the next one, which somebody may answer before its date. `person` reports the KPIs, `asked` is
    asked this time; `may` do something with it. `answers` are the newest first, `before` what was said last time.
    `verifier` is remembered as who confirms what is answered.
    """

    id: UUID | None
    schedule_id: UUID
    use_case_id: UUID
    on_date: date
    ends_on: date
    stands: Stands
    person: Actor
    asked: Actor
    may: frozenset[UUID]
    is_whole: bool
    kpis: tuple[Asked, ...]
    prompted_at: datetime | None = None
    due_at: datetime | None = None
    reminders: int = 0
    snoozed_until: datetime | None = None
    still_open: bool = False  # the clock looks at it again
    skipped_by: Actor | None = None
    reason: str = ""
    answers: tuple[AnswerSnapshot, ...] = ()
    before: Said | None = None
    verifier: Actor | None = None

    @property
    def state(self) -> CheckInState:
        return self.stands.state

    @property
    def answer(self) -> AnswerSnapshot | None:
        """The revision that counts."""
        return self.answers[0] if self.answers else None

    @property
    def typed(self) -> tuple[Asked, ...]:
        """The KPIs whose value a person gives."""
        return tuple(each for each in self.kpis if each.is_typed)

    @property
    def can_be_unchanged(self) -> bool:
        """Say whether one press can answer: there is a last value of all that is wanted, and of one at least."""
        wanted = [each for each in self.typed if each.is_wanted]
        return bool(wanted) and all(each.last is not None for each in wanted)


@dataclass(frozen=True, slots=True)
class ScheduleSnapshot:
    """When somebody is asked next about a use case, and how the newest period stands.

    `why_not_asked`: they are not, while it stands as it does now.
    """

    id: UUID
    use_case_id: UUID
    rhythm: Rhythm
    next_date: date
    newest: CheckInSnapshot | None
    may_answer_next: bool
    why_not_asked: No | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """It is stored. `is_edit`: an answer that was there was changed."""

    check_in: CheckInSnapshot
    is_edit: bool = False


@dataclass(frozen=True, slots=True)
class NotDoneNow:
    """Why nothing came of it, and the check-in as it is, unless there is none."""

    why: No
    check_in: CheckInSnapshot | None = None
