"""Use cases and what was submitted about them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel

from db.enums import DataClass, Processing, UseCaseState
from db.ids import new_id
from db.tables.base import vocabulary


class UseCase(SQLModel, table=True):
    """A use case's identity and life. What it says is in its revisions."""

    __tablename__ = "use_cases"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    number: int = Field(unique=True)
    state: UseCaseState = Field(sa_column=vocabulary(UseCaseState))
    revision: int
    version: int
    proposer_id: UUID = Field(foreign_key="people.id", index=True)
    token: UUID = Field(unique=True)  # made when the modal opened: one modal, one use case
    salt: str = Field(max_length=64)  # section digests mean nothing once this is erased
    created_at: datetime


class UseCaseRevision(SQLModel, table=True):
    """One submitted text of a use case. Rows are never changed."""

    __tablename__ = "use_case_revisions"

    use_case_id: UUID = Field(foreign_key="use_cases.id", primary_key=True)
    revision: int = Field(primary_key=True)
    name: str = Field(max_length=150)
    problem: str = Field(sa_column=Column(Text, nullable=False))
    team: str = Field(max_length=80)
    owner_id: UUID = Field(foreign_key="people.id", index=True)
    objective: str = Field(max_length=300)
    kpi: str = Field(max_length=300)
    data_class: DataClass = Field(sa_column=vocabulary(DataClass))
    processing: Processing = Field(sa_column=vocabulary(Processing))
    submitted_by: UUID = Field(foreign_key="people.id")
    submitted_at: datetime
