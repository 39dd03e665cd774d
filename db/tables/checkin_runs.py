"""When use cases are asked for their numbers, what became of each time, and what was answered."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from db.enums import Cadence, CheckInState, Confidence, KpiSource
from db.ids import new_id
from db.tables.base import vocabulary

_IN_FORCE = text("ended_at IS NULL")
_NOT_OVER = text("act_at IS NOT NULL")
_COUNTS = text("superseded_at IS NULL")


class CheckInSchedule(SQLModel, table=True):
    """When whoever reports KPIs of a use case is asked for them: as often as the most frequent of theirs.

    `next_at` is the moment of `next_date` at `minute` after midnight in `zone`. Whoever advances it fires that date.
    """

    __tablename__ = "check_in_schedules"
    __table_args__ = (
        UniqueConstraint("use_case_id", "person_id"),
        Index("ix_check_in_schedules_next", "next_at", sqlite_where=_IN_FORCE, postgresql_where=_IN_FORCE),
        Index("ix_check_in_schedules_person", "person_id", sqlite_where=_IN_FORCE, postgresql_where=_IN_FORCE),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    use_case_id: UUID = Field(foreign_key="use_cases.id")
    person_id: UUID = Field(foreign_key="people.id")
    is_whole: bool  # asks about the use case as a whole too: one person is asked that
    verifier_id: UUID | None = Field(default=None, foreign_key="people.id")  # who is asked to confirm what is answered
    zone: str = Field(max_length=64)
    minute: int
    weekday: int  # ISO
    cadence: Cadence = Field(sa_column=vocabulary(Cadence))
    every_weeks: int | None = None
    next_date: date
    next_at: datetime
    version: int
    began_at: datetime
    ended_at: datetime | None = None


class CheckIn(SQLModel, table=True):
    """One date of a schedule. Its period ends when the next one begins: on `ends_on`, at `closes_at`.

    `act_at` is when the clock has to look at it next; emptied when nothing comes of itself any more.
    """

    __tablename__ = "check_ins"
    __table_args__ = (
        UniqueConstraint("schedule_id", "on_date"),
        Index("ix_check_ins_act", "act_at", sqlite_where=_NOT_OVER, postgresql_where=_NOT_OVER),
        Index("ix_check_ins_use_case", "use_case_id", "on_date"),
        Index("ix_check_ins_day", "on_date"),  # a week of all
        Index("ix_check_ins_asked", "asked_id", sqlite_where=_NOT_OVER, postgresql_where=_NOT_OVER),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    schedule_id: UUID = Field(foreign_key="check_in_schedules.id")
    use_case_id: UUID = Field(foreign_key="use_cases.id")
    on_date: date
    ends_on: date
    closes_at: datetime
    state: CheckInState = Field(sa_column=vocabulary(CheckInState))
    asked_id: UUID = Field(foreign_key="people.id")
    prompted_at: datetime | None = None
    due_at: datetime | None = None
    act_at: datetime | None = None
    counts_from: datetime | None = None  # the last time anybody heard of it, or the end of a snooze
    reminders: int
    sponsor_told_at: datetime | None = None
    snoozed_until: datetime | None = None
    answered_at: datetime | None = None  # first; later revisions have their own
    answered_by: UUID | None = Field(default=None, foreign_key="people.id")
    revision: int  # of the answer that counts, nought while there is none
    skipped_by: UUID | None = Field(default=None, foreign_key="people.id")  # nobody: the clock came too late
    reason_id: UUID | None = Field(default=None, foreign_key="texts.id")


class CheckInPrompt(SQLModel, table=True):
    """The direct message that asks somebody. It is a picture of the check-in and can be redrawn."""

    __tablename__ = "check_in_prompts"
    __table_args__ = (UniqueConstraint("check_in_id", "person_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    check_in_id: UUID = Field(foreign_key="check_ins.id")
    person_id: UUID = Field(foreign_key="people.id")
    channel: str | None = Field(default=None, max_length=32)
    ts: str | None = Field(default=None, max_length=32)


class CheckInAnswer(SQLModel, table=True):
    """What was answered to a check-in; an edit is the next revision. Rows are never changed.

    What is empty was not said: nobody counts it as nought. Texts are rows of their own, so that they can be erased.
    """

    __tablename__ = "check_in_answers"
    __table_args__ = (Index("ix_check_in_answers_at", "answered_at"),)

    check_in_id: UUID = Field(foreign_key="check_ins.id", primary_key=True)
    revision: int = Field(primary_key=True)
    answered_by: UUID = Field(foreign_key="people.id")
    answered_at: datetime
    is_unchanged: bool  # “No change” was pressed
    confidence: Confidence | None = Field(default=None, sa_column=vocabulary(Confidence, nullable=True))
    why_id: UUID | None = Field(default=None, foreign_key="texts.id")  # why it is off track
    help_id: UUID | None = Field(default=None, foreign_key="texts.id")  # what help is needed
    eligible: int | None = None
    active: int | None = None
    hours_low: float | None = None
    hours_high: float | None = None
    hours_method_id: UUID | None = Field(default=None, foreign_key="texts.id")
    looked_at: int | None = None  # outputs
    corrected_prompt: int | None = None  # of these, needed correction because of how it was asked
    corrected_context: int | None = None  # because something it had to know was missing
    corrected_workflow: int | None = None  # because of the work around it
    cost: float | None = None
    currency: str | None = Field(default=None, max_length=3)
    blockers_id: UUID | None = Field(default=None, foreign_key="texts.id")
    wins_id: UUID | None = Field(default=None, foreign_key="texts.id")
    evidence_link: str | None = Field(default=None, max_length=400)


class Reading(SQLModel, table=True):
    """A value of a KPI, read for a date. A correction is the next row; what it replaces stays and counts no more.

    Sources are kept apart: what a person typed is never from a system.
    """

    __tablename__ = "readings"
    __table_args__ = (
        Index("ix_readings_kpi", "kpi_id", "read_for", sqlite_where=_COUNTS, postgresql_where=_COUNTS),
        Index("ix_readings_check_in", "check_in_id"),
        Index("ix_readings_day", "read_for", "kpi_id", sqlite_where=_COUNTS, postgresql_where=_COUNTS),  # a week of all
        Index(
            "uq_readings_check_in_kpi",
            "check_in_id",
            "kpi_id",
            unique=True,
            sqlite_where=_COUNTS,
            postgresql_where=_COUNTS,
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    kpi_id: UUID = Field(foreign_key="kpis.id")
    value: float
    unit: str = Field(max_length=40)  # the KPI's when it was entered
    read_for: date
    source: KpiSource = Field(sa_column=vocabulary(KpiSource))
    check_in_id: UUID | None = Field(default=None, foreign_key="check_ins.id")
    revision: int | None = None  # of the answer it came with
    entered_by: UUID | None = Field(default=None, foreign_key="people.id")  # nobody: a system
    entered_at: datetime
    supersedes_id: UUID | None = Field(default=None, foreign_key="readings.id")
    superseded_at: datetime | None = None
