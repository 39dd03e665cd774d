"""What people think of how ready the organisation is, round by round, beside what the record itself shows."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Column, Index, Text, text
from sqlmodel import Field, SQLModel

from db.enums import Dimension, Phase
from db.ids import new_id
from db.tables.base import vocabulary

_IS_TO_DO = text("act_at IS NOT NULL")
_IS_TO_TELL = text("tell_at IS NOT NULL")


class Scorecard(SQLModel, table=True):
    """One round of opinions. Locked by everything that answers or closes it."""

    __tablename__ = "scorecards"
    __table_args__ = (Index("ix_scorecards_tell", "tell_at", sqlite_where=_IS_TO_TELL, postgresql_where=_IS_TO_TELL),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    number: int = Field(unique=True)
    is_open: bool | None = Field(default=None, unique=True)  # True or nothing: one is open at a time
    opened_by: UUID = Field(foreign_key="people.id")
    opened_at: datetime
    due_on: date  # the last day to answer, in the zone of who started it
    closes_at: datetime  # when that day is over there
    closed_at: datetime | None = None
    closed_by: UUID | None = Field(default=None, foreign_key="people.id")  # nobody: the day was over
    tell_at: datetime | None = None  # when the clock tells who started it what came of it
    phase: Phase | None = Field(default=None, sa_column=vocabulary(Phase, nullable=True))  # the gates' when it closed
    lacks: str = Field(sa_column=Column(Text, nullable=False))  # criteria the gate after that lacked then, with commas


class ScorecardAsked(SQLModel, table=True):
    """Somebody asked for their opinion."""

    __tablename__ = "scorecard_asked"
    __table_args__ = (Index("ix_scorecard_asked_due", "act_at", sqlite_where=_IS_TO_DO, postgresql_where=_IS_TO_DO),)

    scorecard_id: UUID = Field(foreign_key="scorecards.id", primary_key=True)
    person_id: UUID = Field(foreign_key="people.id", primary_key=True)
    messages: int  # sent so far: the question, and one reminder
    act_at: datetime | None = None  # when the clock writes to them next
    answered_at: datetime | None = None  # the last time


class ScorecardScore(SQLModel, table=True):
    """What one person says of a dimension now: 1 to 5, or nothing where they cannot say. Not asked yet: no row."""

    __tablename__ = "scorecard_scores"

    scorecard_id: UUID = Field(foreign_key="scorecards.id", primary_key=True)
    person_id: UUID = Field(foreign_key="people.id", primary_key=True)
    dimension: Dimension = Field(sa_column=vocabulary(Dimension, primary_key=True))
    score: int | None = None
    scored_at: datetime


class ScorecardProof(SQLModel, table=True):
    """A dimension the record itself scored when the round was closed."""

    __tablename__ = "scorecard_proofs"

    scorecard_id: UUID = Field(foreign_key="scorecards.id", primary_key=True)
    dimension: Dimension = Field(sa_column=vocabulary(Dimension, primary_key=True))
    score: int
    rests_on: str = Field(sa_column=Column(Text, nullable=False))  # what may be named to everybody, with commas
    cases: int  # use cases and lessons that prove it, which may be confidential and are counted only
