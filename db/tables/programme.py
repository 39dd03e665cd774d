"""What the programme stands on: foundation, gates, the way into use, lessons, rollouts, and what was found."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from db.enums import (
    Criterion,
    FoundationKind,
    GateAct,
    ItemKind,
    LessonStatus,
    Phase,
    Rating,
    RolloutStatus,
    UseCaseState,
    VersionStatus,
    WorkstreamKind,
)
from db.ids import new_id
from db.tables.base import vocabulary

_IS_OPEN = text("settled_at IS NULL")
_NOT_OVER = text("ended_at IS NULL")
_NOT_DONE = text("done_at IS NULL AND dropped_at IS NULL")
_NOT_PROPOSED = text("use_case_id IS NULL")
_GOES = text("status IN ('in_review', 'changes_requested', 'approved', 'done')")


class FoundationPart(SQLModel, table=True):
    """A deliverable of the first phase, or an area of governance. Locked by everything that changes a version of it."""

    __tablename__ = "foundation_parts"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    kind: FoundationKind = Field(sa_column=vocabulary(FoundationKind, unique=True))
    owner_id: UUID | None = Field(default=None, foreign_key="people.id")
    newest: int  # the last version begun; 0: none yet
    remind_at: datetime | None = Field(default=None, index=True)  # when its owner is asked to review it
    reminders: int
    version: int


class FoundationVersion(SQLModel, table=True):
    """One state of a part: written, then decided on. Once submitted it is never changed."""

    __tablename__ = "foundation_versions"

    part_id: UUID = Field(foreign_key="foundation_parts.id", primary_key=True)
    number: int = Field(primary_key=True)
    status: VersionStatus = Field(sa_column=vocabulary(VersionStatus))
    link: str = Field(max_length=400)
    summary: str = Field(sa_column=Column(Text, nullable=False))
    effective_on: date | None = None  # of an area: the first day it is in force, in its owner's zone
    review_on: date | None = None  # the last day it holds, in its owner's zone
    salt: str = Field(max_length=64)
    begun_by: UUID = Field(foreign_key="people.id")
    begun_at: datetime
    submitted_by: UUID | None = Field(default=None, foreign_key="people.id")
    submitted_at: datetime | None = None
    approved_at: datetime | None = None
    revoked_by: UUID | None = Field(default=None, foreign_key="people.id")
    revoked_at: datetime | None = None  # after it was approved somebody said that it does not hold any more
    revoked_why: UUID | None = Field(default=None, foreign_key="texts.id")


class FoundationEditor(SQLModel, table=True):
    """Somebody who wrote on a version, and so has no vote on it."""

    __tablename__ = "foundation_editors"

    part_id: UUID = Field(foreign_key="foundation_parts.id", primary_key=True)
    number: int = Field(primary_key=True)  # of the version
    person_id: UUID = Field(foreign_key="people.id", primary_key=True)


class FoundationItem(SQLModel, table=True):
    """One thing a version holds: a voice guide, a system with its ratings, somebody who approves, a group affected."""

    __tablename__ = "foundation_items"

    part_id: UUID = Field(foreign_key="foundation_parts.id", primary_key=True)
    number: int = Field(primary_key=True)  # of the version
    position: int = Field(primary_key=True)
    kind: ItemKind = Field(sa_column=vocabulary(ItemKind))
    name: str = Field(max_length=120)
    says: str = Field(sa_column=Column(Text, nullable=False))  # what it is, or what success is for a group
    link: str | None = Field(default=None, max_length=400)
    person_id: UUID | None = Field(default=None, foreign_key="people.id")  # who approves
    quality: Rating | None = Field(default=None, sa_column=vocabulary(Rating, name="quality", nullable=True))
    accessibility: Rating | None = Field(
        default=None, sa_column=vocabulary(Rating, name="accessibility", nullable=True)
    )
    compliance: Rating | None = Field(default=None, sa_column=vocabulary(Rating, name="compliance", nullable=True))


class GateRequest(SQLModel, table=True):
    """Somebody asks to open the gate into a phase, or to do without a criterion for a while, on what was shown then."""

    __tablename__ = "gate_requests"
    __table_args__ = (
        Index("ix_gate_requests_open", "phase", unique=True, sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    number: int = Field(unique=True)
    phase: Phase = Field(sa_column=vocabulary(Phase))  # the one the gate leads into
    act: GateAct = Field(sa_column=vocabulary(GateAct))
    evidence: str = Field(sa_column=Column(Text, nullable=False))  # canonical JSON: ids, dates, numbers
    evidence_digest: str = Field(max_length=64)
    asked_by: UUID = Field(foreign_key="people.id")
    asked_at: datetime
    settled_at: datetime | None = None
    took_effect_at: datetime | None = None  # approved, and the evidence was still the same
    stands: str = Field(max_length=64)  # on what its cards say it stands now: a digest, or a gate's state
    look_at: datetime | None = Field(default=None, index=True)  # undecided or opened: when the clock looks at it next


class GateWaiver(SQLModel, table=True):
    """A criterion a gate is to do without until a day. It counts once its request has taken effect."""

    __tablename__ = "gate_waivers"

    request_id: UUID = Field(foreign_key="gate_requests.id", primary_key=True)
    criterion: Criterion = Field(sa_column=vocabulary(Criterion, primary_key=True))
    until: date  # the last day, in the zone of who asked
    reason_id: UUID = Field(foreign_key="texts.id")


class GateLapse(SQLModel, table=True):
    """When it was first seen that an open gate lacks a criterion, until it was met again, and who was told of it."""

    __tablename__ = "gate_lapses"
    __table_args__ = (
        Index(
            "ix_gate_lapses_open",
            "phase",
            "criterion",
            unique=True,
            sqlite_where=_NOT_OVER,
            postgresql_where=_NOT_OVER,
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    phase: Phase = Field(sa_column=vocabulary(Phase))
    criterion: Criterion = Field(sa_column=vocabulary(Criterion))
    noticed_at: datetime
    held_told_at: datetime | None = None
    ended_at: datetime | None = None


class UseCaseStage(SQLModel, table=True):
    """When a use case became what it was then. Rows are never changed; the first of a state begins its clocks."""

    __tablename__ = "use_case_stages"
    __table_args__ = (Index("ix_use_case_stages_state", "state", "entered_at"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    use_case_id: UUID = Field(foreign_key="use_cases.id", index=True)
    state: UseCaseState = Field(sa_column=vocabulary(UseCaseState))
    entered_at: datetime
    entered_by: UUID | None = Field(default=None, foreign_key="people.id")


class Workstream(SQLModel, table=True):
    """One of the two halves of bringing a use case into use."""

    __tablename__ = "workstreams"
    __table_args__ = (UniqueConstraint("use_case_id", "kind"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    use_case_id: UUID = Field(foreign_key="use_cases.id")
    kind: WorkstreamKind = Field(sa_column=vocabulary(WorkstreamKind))
    owner_id: UUID = Field(foreign_key="people.id", index=True)
    due_on: date | None = None  # in its owner's zone
    to_train: int | None = None  # people, of the onboarding; not known yet
    trained: int
    completed_at: datetime | None = None
    completed_by: UUID | None = Field(default=None, foreign_key="people.id")
    version: int


class WorkstreamTask(SQLModel, table=True):
    """Something to do in a workstream before it is complete."""

    __tablename__ = "workstream_tasks"
    __table_args__ = (
        Index("ix_workstream_tasks_open", "owner_id", "due_on", sqlite_where=_NOT_DONE, postgresql_where=_NOT_DONE),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    workstream_id: UUID = Field(foreign_key="workstreams.id", index=True)
    number: int  # of the workstream, from 1
    name: str = Field(max_length=150)
    owner_id: UUID = Field(foreign_key="people.id")
    due_on: date  # in its owner's zone
    created_by: UUID = Field(foreign_key="people.id")
    created_at: datetime
    reminders: int
    remind_at: datetime | None = None
    done_at: datetime | None = None
    done_by: UUID | None = Field(default=None, foreign_key="people.id")
    dropped_at: datetime | None = None
    dropped_why: UUID | None = Field(default=None, foreign_key="texts.id")


class FirstValueClock(SQLModel, table=True):
    """When a use case in deployment should have shown its first value, and whether its people were asked about it."""

    __tablename__ = "first_value_clocks"

    use_case_id: UUID = Field(foreign_key="use_cases.id", primary_key=True)
    started_at: datetime
    due_on: date  # in its owner's zone
    ask_at: datetime | None = Field(default=None, index=True)  # emptied once they were asked, or it has hit


class Lesson(SQLModel, table=True):
    """What worked or did not, of one use case."""

    __tablename__ = "lessons"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    number: int = Field(unique=True)
    use_case_id: UUID = Field(foreign_key="use_cases.id", index=True)
    status: LessonStatus = Field(sa_column=vocabulary(LessonStatus))
    worked: str = Field(sa_column=Column(Text, nullable=False))
    did_not: str = Field(sa_column=Column(Text, nullable=False))
    advice: str = Field(sa_column=Column(Text, nullable=False))
    written_by: UUID = Field(foreign_key="people.id")
    written_at: datetime
    published_by: UUID | None = Field(default=None, foreign_key="people.id")
    published_at: datetime | None = None
    confirmed_at: datetime | None = None  # when somebody last said that it still holds
    withdrawn_at: datetime | None = None  # when it was last taken back, to be written anew
    withdrawn_why: UUID | None = Field(default=None, foreign_key="texts.id")


class OnboardingChecklist(SQLModel, table=True):
    """How another team is brought to use a use case, step by step."""

    __tablename__ = "onboarding_checklists"

    use_case_id: UUID = Field(foreign_key="use_cases.id", primary_key=True)
    steps: str = Field(sa_column=Column(Text, nullable=False))  # one a line
    published_by: UUID = Field(foreign_key="people.id")
    published_at: datetime
    version: int


class Rollout(SQLModel, table=True):
    """A use case taken to one team more. The approval is reused; what differs is decided."""

    __tablename__ = "rollouts"
    __table_args__ = (
        Index("ix_rollouts_team", "use_case_id", "team_key", unique=True, sqlite_where=_GOES, postgresql_where=_GOES),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    number: int = Field(unique=True)
    use_case_id: UUID = Field(foreign_key="use_cases.id", index=True)
    revision: int  # of what is asked for, from 1
    team: str = Field(max_length=80)
    team_key: str = Field(max_length=80)  # the same team, however it is spelt
    owner_id: UUID = Field(foreign_key="people.id", index=True)
    people: int  # who could use it there
    status: RolloutStatus = Field(sa_column=vocabulary(RolloutStatus))
    starts_on: date
    salt: str = Field(max_length=64)
    asked_by: UUID = Field(foreign_key="people.id")
    asked_at: datetime
    settled_at: datetime | None = None


class RolloutDifference(SQLModel, table=True):
    """What is otherwise in one section than where it was approved."""

    __tablename__ = "rollout_differences"

    rollout_id: UUID = Field(foreign_key="rollouts.id", primary_key=True)
    revision: int = Field(primary_key=True)
    section: str = Field(max_length=32, primary_key=True)
    says: str = Field(sa_column=Column(Text, nullable=False))


class RolloutStep(SQLModel, table=True):
    """A step of the checklist as it was when the rollout was approved, and when it was done there."""

    __tablename__ = "rollout_steps"

    rollout_id: UUID = Field(foreign_key="rollouts.id", primary_key=True)
    position: int = Field(primary_key=True)
    says: str = Field(sa_column=Column(Text, nullable=False))
    done_at: datetime | None = None
    done_by: UUID | None = Field(default=None, foreign_key="people.id")


class Recording(SQLModel, table=True):
    """What is known of a use case that exists and was never proposed. What nobody said stays empty.

    Its number is that of the use case it becomes once somebody proposes it.
    """

    __tablename__ = "recordings"
    __table_args__ = (
        Index("ix_recordings_open", "ask_at", sqlite_where=_NOT_PROPOSED, postgresql_where=_NOT_PROPOSED),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    number: int = Field(unique=True)
    name: str = Field(max_length=250)
    team: str | None = Field(default=None, max_length=80)
    problem: str | None = Field(default=None, sa_column=Column(Text))
    stage: str | None = Field(default=None, max_length=120)  # as its source says
    vendor: str | None = Field(default=None, max_length=120)
    owner_id: UUID | None = Field(default=None, foreign_key="people.id", index=True)
    origin: str | None = Field(default=None, max_length=160, unique=True)  # where it stands in another register
    propose_by: date
    ask_at: datetime | None = None  # when its owner, or else the leads, are asked to propose it
    recorded_by: UUID | None = Field(default=None, foreign_key="people.id")
    recorded_at: datetime
    use_case_id: UUID | None = Field(default=None, foreign_key="use_cases.id", unique=True)  # once it was proposed
    dropped_at: datetime | None = None  # it does not exist, or is not AI
    dropped_by: UUID | None = Field(default=None, foreign_key="people.id")
    dropped_why: UUID | None = Field(default=None, foreign_key="texts.id")


class RecordingDraft(SQLModel, table=True):
    """A draft that proposes what was recorded before."""

    __tablename__ = "recording_drafts"

    draft_id: UUID = Field(foreign_key="drafts.id", primary_key=True)
    recording_id: UUID = Field(foreign_key="recordings.id", index=True)


class ObjectiveTie(SQLModel, table=True):
    """Who stands up for a business objective, and which larger one it serves."""

    __tablename__ = "objective_ties"

    objective_id: UUID = Field(foreign_key="objectives.id", primary_key=True)
    sponsor_id: UUID | None = Field(default=None, foreign_key="people.id")
    parent_id: UUID | None = Field(default=None, foreign_key="objectives.id", index=True)
