"""Approval requests about subjects of any kind, with their stages, lanes, seats and votes."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from db.enums import (
    Audience,
    EscalationMode,
    Exclusion,
    LaneRule,
    LaneStatus,
    RequestStatus,
    RoundCause,
    StageStatus,
    Tier,
    Verb,
)
from db.ids import new_id
from db.tables.base import vocabulary

_IS_DUE = text("remind_at IS NOT NULL")
_IS_NOT_DONE = text("status IN ('open', 'blocked')")


class ApprovalRequest(SQLModel, table=True):
    """A subject under review. Locked first by everything that changes it or anything below it."""

    __tablename__ = "approval_requests"
    __table_args__ = (
        UniqueConstraint("subject_kind", "subject_id", "revision"),
        Index("ix_approval_requests_history", "subject_kind", "tier", "settled_at"),  # how long such requests took
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    subject_kind: str = Field(max_length=32)
    subject_id: UUID
    reference: str = Field(max_length=32)
    revision: int
    round: int  # the stages and lanes of this round are the ones that count
    tier: Tier = Field(sa_column=vocabulary(Tier))
    status: RequestStatus = Field(sa_column=vocabulary(RequestStatus, index=True))
    confidential: bool  # only the people involved may know that it exists
    decided_by_line: str | None = Field(default=None, max_length=64)  # the policy line that decided, if no person did
    distinct_approvers: bool  # nobody votes in two of its stages
    requester_id: UUID = Field(foreign_key="people.id")
    amends_id: UUID | None = Field(default=None, foreign_key="approval_requests.id")  # whose approval holds meanwhile
    orphaned_at: datetime | None = None  # nobody is left to answer for it; the programme leads were told
    opened_at: datetime
    settled_at: datetime | None = None
    version: int


class ApprovalRound(SQLModel, table=True):
    """One laying-out of a request: on which content, under which policy. Rows are never changed."""

    __tablename__ = "approval_rounds"

    request_id: UUID = Field(foreign_key="approval_requests.id", primary_key=True)
    round: int = Field(primary_key=True)
    cause: RoundCause = Field(sa_column=vocabulary(RoundCause))
    revision: int
    tier: Tier = Field(sa_column=vocabulary(Tier))
    policy_version_id: UUID = Field(foreign_key="policy_versions.id")
    snapshot: str = Field(sa_column=Column(Text, nullable=False))  # tier, reason and chain as pinned, canonical JSON
    snapshot_hash: str = Field(max_length=64)
    opened_by: UUID | None = Field(default=None, foreign_key="people.id")  # nobody: the command line
    opened_at: datetime


class ApprovalSection(SQLModel, table=True):
    """The digest of one named part of the subject, as submitted for a round."""

    __tablename__ = "approval_sections"

    request_id: UUID = Field(foreign_key="approval_requests.id", primary_key=True)
    round: int = Field(primary_key=True)
    section: str = Field(max_length=32, primary_key=True)
    digest: str = Field(max_length=64)


class ApprovalRelation(SQLModel, table=True):
    """Who somebody is to the subject, as submitted for a round. The manager is looked up when asked."""

    __tablename__ = "approval_relations"

    request_id: UUID = Field(foreign_key="approval_requests.id", primary_key=True)
    round: int = Field(primary_key=True)
    relation: str = Field(max_length=32, primary_key=True)  # `owner`, or a relation
    person_id: UUID = Field(foreign_key="people.id")


class ApprovalExclusion(SQLModel, table=True):
    """A person who may never vote on the request, and why."""

    __tablename__ = "approval_exclusions"

    request_id: UUID = Field(foreign_key="approval_requests.id", primary_key=True)
    person_id: UUID = Field(foreign_key="people.id", primary_key=True)
    why: Exclusion = Field(sa_column=vocabulary(Exclusion))


class ApprovalStage(SQLModel, table=True):
    __tablename__ = "approval_stages"
    __table_args__ = (UniqueConstraint("request_id", "round", "position"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    request_id: UUID = Field(foreign_key="approval_requests.id")
    round: int
    position: int
    key: str = Field(max_length=32)
    name: str = Field(max_length=80)
    status: StageStatus = Field(sa_column=vocabulary(StageStatus))
    opened_at: datetime | None = None


class ApprovalLane(SQLModel, table=True):
    """One group of approvers working in parallel to the other lanes of its stage."""

    __tablename__ = "approval_lanes"
    __table_args__ = (
        UniqueConstraint("stage_id", "key"),
        Index("ix_approval_lanes_not_done", "status", sqlite_where=_IS_NOT_DONE, postgresql_where=_IS_NOT_DONE),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    request_id: UUID = Field(foreign_key="approval_requests.id", index=True)
    stage_id: UUID = Field(foreign_key="approval_stages.id")
    key: str = Field(max_length=32)
    name: str = Field(max_length=80)
    role: str = Field(max_length=64)
    fallbacks: str = Field(max_length=400)  # roles asked, in order and with commas between, when nobody may decide
    seated_role: str | None = Field(default=None, max_length=64)  # whose holders were asked: `role`, or its fallback
    rule: LaneRule = Field(sa_column=vocabulary(LaneRule))
    amount: int | None = None  # k of at_least, p of percent
    needed: int | None = None  # approvals it takes, counted on the set as it was frozen when the stage opened
    rejections: int  # rejections that end it
    ad_hoc_id: UUID | None = Field(default=None, foreign_key="people.id")  # a lane added for this one person
    kept_from: UUID | None = Field(default=None, foreign_key="approval_lanes.id")  # whose approval still stands
    votes_from: UUID | None = Field(default=None, foreign_key="approval_lanes.id")  # whose votes still count, if seated
    answer_within_minutes: int  # of working time, for each person asked
    escalate_to: str | None = Field(default=None, max_length=64)
    escalation: EscalationMode = Field(sa_column=vocabulary(EscalationMode))
    timeouts: int  # how often the time of everybody asked was up
    expires_at: datetime | None = None  # set at the second time-out
    content_digest: str = Field(max_length=64)  # over the sections this lane covers; what its votes are bound to
    status: LaneStatus = Field(sa_column=vocabulary(LaneStatus))
    settled_at: datetime | None = None


class ApprovalSeat(SQLModel, table=True):
    """A person asked in a lane, frozen when its stage opened. One human, one seat."""

    __tablename__ = "approval_seats"
    __table_args__ = (
        UniqueConstraint("lane_id", "person_id"),
        Index("ix_approval_seats_due", "remind_at", sqlite_where=_IS_DUE, postgresql_where=_IS_DUE),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    request_id: UUID = Field(foreign_key="approval_requests.id")
    lane_id: UUID = Field(foreign_key="approval_lanes.id")
    person_id: UUID = Field(foreign_key="people.id", index=True)
    delegate_id: UUID | None = Field(default=None, foreign_key="people.id", index=True)  # may decide in their place
    asked_at: datetime
    vacated_at: datetime | None = None  # they left: their vote stands, their open seat went to others
    due_at: datetime | None = None  # when their time is up, as far as their working hours are known
    remind_at: datetime | None  # emptied when their time is up, or when nothing is left to remind of
    reminders: int  # how many of the three their clock has given


class ApprovalVote(SQLModel, table=True):
    """What a person decided in a lane, and on which content. Counted by person, never by row."""

    __tablename__ = "approval_votes"
    __table_args__ = (
        UniqueConstraint("lane_id", "person_id"),
        Index("ix_approval_votes_cast", "cast_by", "cast_at"),  # how many somebody gave in the last minutes
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    request_id: UUID = Field(foreign_key="approval_requests.id", index=True)
    lane_id: UUID = Field(foreign_key="approval_lanes.id")
    person_id: UUID = Field(foreign_key="people.id")
    cast_by: UUID = Field(foreign_key="people.id")  # the person themselves, or their delegate
    verb: Verb = Field(sa_column=vocabulary(Verb))
    content_digest: str = Field(max_length=64)
    reason_id: UUID | None = Field(default=None, foreign_key="texts.id")
    cast_at: datetime


class ApprovalQuestion(SQLModel, table=True):
    """A question on the record. Nothing moves by it."""

    __tablename__ = "approval_questions"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    request_id: UUID = Field(foreign_key="approval_requests.id", index=True)
    asked_by: UUID = Field(foreign_key="people.id")
    asked_at: datetime
    text_id: UUID = Field(foreign_key="texts.id")
    answered_by: UUID | None = Field(default=None, foreign_key="people.id")
    answered_at: datetime | None = None
    answer_id: UUID | None = Field(default=None, foreign_key="texts.id")


class ApprovalNudge(SQLModel, table=True):
    """The proposer asked a lane to look: at most once a day."""

    __tablename__ = "approval_nudges"

    lane_id: UUID = Field(foreign_key="approval_lanes.id", primary_key=True)
    day: date = Field(primary_key=True)  # of the person who nudged
    nudged_by: UUID = Field(foreign_key="people.id")
    nudged_at: datetime


class Card(SQLModel, table=True):
    """One posted copy of a request's card. The message is a picture of the request and can be redrawn."""

    __tablename__ = "cards"
    __table_args__ = (UniqueConstraint("request_id", "conversation"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    request_id: UUID = Field(foreign_key="approval_requests.id")
    audience: Audience = Field(sa_column=vocabulary(Audience))
    conversation: str = Field(max_length=64)  # a channel's id, or a person's for their direct messages
    person_id: UUID | None = Field(default=None, foreign_key="people.id")
    channel: str | None = Field(default=None, max_length=32)
    ts: str | None = Field(default=None, max_length=32)
