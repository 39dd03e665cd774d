"""Use cases, what was submitted about them, and what is still being written."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Column, Index, Text, text
from sqlmodel import Field, SQLModel

from db.enums import (
    Build,
    DataClass,
    Decision,
    Direction,
    DraftStatus,
    OutputUse,
    Processing,
    SuspensionCause,
    UseCaseState,
)
from db.ids import new_id
from db.tables.base import vocabulary

_NOT_LIFTED = text("lifted_at IS NULL")
_KPIS_BEHIND = text("kpis_revision != revision")


class Objective(SQLModel, table=True):
    """A business objective. Every use case hangs on one."""

    __tablename__ = "objectives"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    name: str = Field(max_length=140)
    name_key: str = Field(max_length=140, unique=True)  # folded: one objective however people type it
    owner_id: UUID | None = Field(default=None, foreign_key="people.id")
    created_by: UUID = Field(foreign_key="people.id")
    created_at: datetime


class UseCase(SQLModel, table=True):
    """A use case's identity and life. What it says is in its revisions."""

    __tablename__ = "use_cases"
    __table_args__ = (
        Index("ix_use_cases_kpis_behind", "state", sqlite_where=_KPIS_BEHIND, postgresql_where=_KPIS_BEHIND),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    number: int = Field(unique=True)
    state: UseCaseState = Field(sa_column=vocabulary(UseCaseState))
    suspended_from: UseCaseState | None = Field(
        default=None, sa_column=vocabulary(UseCaseState, name="suspended_from", nullable=True)
    )  # what it is again once it may go on
    revision: int  # the text in force
    pending_revision: int | None = None  # the text somebody asks to change it to, not in force until it is approved
    version: int
    proposer_id: UUID = Field(foreign_key="people.id", index=True)
    confidential: bool
    valid_until: date | None = Field(default=None, index=True)  # the last day its approval holds, in its owner's zone
    kpis_revision: int = 0  # the text its KPIs follow; none yet
    provisional: bool = False  # allowed by break-glass; its request is still undecided
    token: UUID = Field(unique=True)  # the draft it was submitted from: one draft, one use case
    copied_from_id: UUID | None = Field(default=None, foreign_key="use_cases.id")
    source_link: str | None = Field(default=None, max_length=400)  # of the message it was made from
    salt: str = Field(max_length=64)  # section digests mean nothing once this is erased
    created_at: datetime


class UseCaseSuspension(SQLModel, table=True):
    """A reason why a use case may not go on, until it is lifted."""

    __tablename__ = "use_case_suspensions"
    __table_args__ = (
        Index("ix_use_case_suspensions_open", "use_case_id", sqlite_where=_NOT_LIFTED, postgresql_where=_NOT_LIFTED),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    use_case_id: UUID = Field(foreign_key="use_cases.id")
    cause: SuspensionCause = Field(sa_column=vocabulary(SuspensionCause))
    about_id: UUID | None = None  # the condition, recertification, break-glass or audit it comes from
    since: datetime
    lifted_at: datetime | None = None


class UseCaseRevision(SQLModel, table=True):
    """One submitted text of a use case. Rows are never changed."""

    __tablename__ = "use_case_revisions"

    use_case_id: UUID = Field(foreign_key="use_cases.id", primary_key=True)
    revision: int = Field(primary_key=True)
    name: str = Field(max_length=250)
    problem: str = Field(sa_column=Column(Text, nullable=False))
    team: str = Field(max_length=80)
    owner_id: UUID = Field(foreign_key="people.id", index=True)
    sponsor_id: UUID = Field(foreign_key="people.id", index=True)
    objective_id: UUID = Field(foreign_key="objectives.id", index=True)
    output_use: OutputUse = Field(sa_column=vocabulary(OutputUse))
    outputs: str = Field(sa_column=Column(Text, nullable=False))
    benefit: str = Field(sa_column=Column(Text, nullable=False))
    differs: str = Field(sa_column=Column(Text, nullable=False))  # why it is not one of the similar ones
    data_class: DataClass = Field(sa_column=vocabulary(DataClass))
    processing: Processing = Field(sa_column=vocabulary(Processing))
    build: Build = Field(sa_column=vocabulary(Build))
    vendor: str = Field(max_length=120)
    model: str = Field(max_length=120)
    decision: Decision = Field(sa_column=vocabulary(Decision))
    oversight: str = Field(sa_column=Column(Text, nullable=False))
    submitted_by: UUID = Field(foreign_key="people.id")
    submitted_at: datetime


class RevisionAnswer(SQLModel, table=True):
    """An answer that can hold several values, or one to a question of the organisation's own.

    Those questions change with the policy, so their section and their words are kept as they were: `asked`, and what
    a chosen answer `says`.
    """

    __tablename__ = "revision_answers"

    use_case_id: UUID = Field(foreign_key="use_cases.id", primary_key=True)
    revision: int = Field(primary_key=True)
    question: str = Field(max_length=32, primary_key=True)
    position: int = Field(primary_key=True)
    value: str = Field(sa_column=Column(Text, nullable=False))
    section: str | None = Field(default=None, max_length=32)
    asked: str | None = Field(default=None, max_length=300)
    says: str | None = Field(default=None, max_length=80)


class RevisionKpi(SQLModel, table=True):
    """A number that is to show whether it works, as proposed. A band has two targets; other KPIs have one."""

    __tablename__ = "revision_kpis"

    use_case_id: UUID = Field(foreign_key="use_cases.id", primary_key=True)
    revision: int = Field(primary_key=True)
    position: int = Field(primary_key=True)
    name: str = Field(max_length=120)
    unit: str = Field(max_length=40)
    direction: Direction = Field(sa_column=vocabulary(Direction))
    baseline: float | None = None
    target: float
    target_high: float | None = None
    due: date


class Draft(SQLModel, table=True):
    """A proposal being written, or an edit of one. The modal holds this row's id and nothing else."""

    __tablename__ = "drafts"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    author_id: UUID = Field(foreign_key="people.id", index=True)
    status: DraftStatus = Field(sa_column=vocabulary(DraftStatus))
    step: str = Field(max_length=32)
    answers: str = Field(sa_column=Column(Text, nullable=False))  # JSON, as typed
    shown_hash: str | None = Field(default=None, max_length=64)  # of the answers and policy the preview showed
    use_case_id: UUID | None = Field(default=None, foreign_key="use_cases.id", index=True)  # edited, or submitted as
    copied_from_id: UUID | None = Field(default=None, foreign_key="use_cases.id")
    joined_id: UUID | None = Field(default=None, foreign_key="use_cases.id")
    source_link: str | None = Field(default=None, max_length=400)
    created_at: datetime
    updated_at: datetime
