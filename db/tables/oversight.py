"""What follows a decision: conditions, recertification, break-glass, audits, and changes of the policy itself."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from db.enums import (
    AuditResult,
    Blocks,
    BreakGlassStatus,
    ConditionStatus,
    DemandStatus,
    EvidenceKind,
    RecertificationAnswer,
    Tier,
)
from db.ids import new_id
from db.tables.base import vocabulary

_IS_DUE = text("remind_at IS NOT NULL")
_IS_UNANSWERED = text("answered_at IS NULL")
_IS_OPEN = text("settled_at IS NULL")


class Condition(SQLModel, table=True):
    """Something an approval depends on. What several lanes ask for in the same words of the same owner is one.

    `due_on` and `remind_at` follow the strictest demand that still stands.
    """

    __tablename__ = "conditions"
    __table_args__ = (
        Index("ix_conditions_subject", "subject_kind", "subject_id"),
        Index("ix_conditions_due", "remind_at", sqlite_where=_IS_DUE, postgresql_where=_IS_DUE),
        Index("ix_conditions_open", "owner_id", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    subject_kind: str = Field(max_length=32)
    subject_id: UUID
    request_id: UUID = Field(foreign_key="approval_requests.id", index=True)  # the one it was set on first
    number: int  # of the subject, from 1
    text_id: UUID = Field(foreign_key="texts.id")
    owner_id: UUID = Field(foreign_key="people.id")
    evidence: EvidenceKind = Field(sa_column=vocabulary(EvidenceKind))
    status: ConditionStatus = Field(sa_column=vocabulary(ConditionStatus))
    due_on: date  # in its owner's zone
    remind_at: datetime | None = None
    reminders: int
    overdue_at: datetime | None = None  # when that was said
    offered_id: UUID | None = Field(default=None, foreign_key="texts.id")  # the evidence as it was given last
    offered_by: UUID | None = Field(default=None, foreign_key="people.id")
    offered_at: datetime | None = None
    created_at: datetime
    settled_at: datetime | None = None
    version: int


class ConditionDemand(SQLModel, table=True):
    """One person's vote in a lane that sets a condition, with how strict that lane wants it."""

    __tablename__ = "condition_demands"
    __table_args__ = (UniqueConstraint("condition_id", "lane_id", "person_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    condition_id: UUID = Field(foreign_key="conditions.id")
    lane_id: UUID = Field(foreign_key="approval_lanes.id", index=True)
    person_id: UUID = Field(foreign_key="people.id")  # in whose name the vote was given
    due_on: date
    blocks: Blocks = Field(sa_column=vocabulary(Blocks))
    status: DemandStatus = Field(sa_column=vocabulary(DemandStatus))
    settled_by: UUID | None = Field(default=None, foreign_key="people.id")
    settled_at: datetime | None = None
    reason_id: UUID | None = Field(
        default=None, foreign_key="texts.id"
    )  # why it was waived, or the last evidence was not enough


class Campaign(SQLModel, table=True):
    """Owners of every approved use case of a tier, a team or both are asked whether it still holds."""

    __tablename__ = "recertification_campaigns"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    tier: Tier | None = Field(default=None, sa_column=vocabulary(Tier, nullable=True))
    team: str | None = Field(default=None, max_length=80)
    due_on: date
    started_by: UUID = Field(foreign_key="people.id")
    started_at: datetime
    closed_at: datetime | None = None


class Recertification(SQLModel, table=True):
    """The question whether an approval still holds, until it is answered or its day has passed."""

    __tablename__ = "recertifications"
    __table_args__ = (
        Index(
            "ix_recertifications_open",
            "use_case_id",
            unique=True,
            sqlite_where=_IS_UNANSWERED,
            postgresql_where=_IS_UNANSWERED,
        ),
        Index("ix_recertifications_due", "prompt_at", sqlite_where=_IS_UNANSWERED, postgresql_where=_IS_UNANSWERED),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    use_case_id: UUID = Field(foreign_key="use_cases.id")
    campaign_id: UUID | None = Field(default=None, foreign_key="recertification_campaigns.id", index=True)
    due_on: date  # in the owner's zone; the day after it lapses
    asked_at: datetime
    prompts: int
    prompt_at: datetime | None = None
    answer: RecertificationAnswer | None = Field(
        default=None, sa_column=vocabulary(RecertificationAnswer, nullable=True)
    )
    answered_by: UUID | None = Field(default=None, foreign_key="people.id")
    answered_at: datetime | None = None
    request_id: UUID | None = Field(default=None, foreign_key="approval_requests.id")  # that confirms it


class BreakGlass(SQLModel, table=True):
    """Two named people let something go ahead before it is approved, for some hours."""

    __tablename__ = "break_glasses"
    __table_args__ = (
        Index("ix_break_glasses_open", "request_id", unique=True, sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    request_id: UUID = Field(foreign_key="approval_requests.id")
    subject_kind: str = Field(max_length=32)
    subject_id: UUID
    called_by: UUID = Field(foreign_key="people.id")
    called_at: datetime
    second_id: UUID = Field(foreign_key="people.id")  # who has to agree
    hours: int
    reason_id: UUID = Field(foreign_key="texts.id")
    status: BreakGlassStatus = Field(sa_column=vocabulary(BreakGlassStatus))
    in_force_at: datetime | None = None
    ends_at: datetime | None = None
    settled_at: datetime | None = None


class FastLane(SQLModel, table=True):
    """From when on the audits of what a policy line approves are counted: an admin opened it again."""

    __tablename__ = "fast_lanes"

    line: str = Field(max_length=64, primary_key=True)
    counted_from: datetime
    reopened_by: UUID | None = Field(default=None, foreign_key="people.id")


class Audit(SQLModel, table=True):
    """Something a policy line approved that was drawn to be looked at by people."""

    __tablename__ = "audits"
    __table_args__ = (
        Index("ix_audits_line", "line", "settled_at"),
        Index("ix_audits_use_case", "use_case_id"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    use_case_id: UUID = Field(foreign_key="use_cases.id")
    approved_request_id: UUID = Field(foreign_key="approval_requests.id")
    line: str = Field(max_length=64)
    share: int  # per cent, when it was drawn
    seed: str = Field(max_length=64)
    drawn_at: datetime
    result: AuditResult | None = Field(default=None, sa_column=vocabulary(AuditResult, nullable=True))
    settled_at: datetime | None = None


class PolicyProposal(SQLModel, table=True):
    """A policy somebody asks to put in force, where the one in force wants that decided."""

    __tablename__ = "policy_proposals"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    number: int = Field(unique=True)
    content: str = Field(sa_column=Column(Text, nullable=False))
    content_hash: str = Field(max_length=64)
    based_on: int  # the version in force when it was proposed
    proposed_by: UUID = Field(foreign_key="people.id")
    proposed_at: datetime
    applied_number: int | None = None  # the version it became


class SecondLook(SQLModel, table=True):
    """When somebody last said that they meant a burst of approvals; what came before is not counted again."""

    __tablename__ = "second_looks"

    person_id: UUID = Field(foreign_key="people.id", primary_key=True)
    confirmed_at: datetime


class WeeklyPost(SQLModel, table=True):
    """What went to somebody for a week, so that it goes once."""

    __tablename__ = "weekly_posts"

    kind: str = Field(max_length=32, primary_key=True)
    addressee: str = Field(max_length=64, primary_key=True)
    week: date = Field(primary_key=True)  # its Monday, where they are
    posted_at: datetime
