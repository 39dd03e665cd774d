"""What an organisation has set: settings, policy versions, and the counters behind short references."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel

from db.ids import new_id


class Setting(SQLModel, table=True):
    __tablename__ = "settings"

    name: str = Field(max_length=64, primary_key=True)
    value: str = Field(max_length=400)
    changed_at: datetime


class PolicyVersion(SQLModel, table=True):
    """A policy as it was applied. Rows are never changed; the highest number is in force."""

    __tablename__ = "policy_versions"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    number: int = Field(unique=True)
    content: str = Field(sa_column=Column(Text, nullable=False))
    content_hash: str = Field(max_length=64)
    applied_at: datetime
    applied_by: UUID | None = Field(default=None, foreign_key="people.id")


class Counter(SQLModel, table=True):
    """The last number given out, so that references are short and without gaps."""

    __tablename__ = "counters"

    name: str = Field(max_length=32, primary_key=True)
    value: int


class DigestChannel(SQLModel, table=True):
    """Where a weekly digest is to be posted, at which local hour, and since when that is so."""

    __tablename__ = "digest_channels"

    channel: str = Field(max_length=32, primary_key=True)
    weekday: int  # ISO: 1 is Monday
    local_minute: int  # minutes after midnight in `zone`
    zone: str = Field(max_length=64)
    since: datetime | None = None  # empty: set before this was kept


class RoleChannel(SQLModel, table=True):
    """The channel of a role: a lane of many people is asked there instead of each by direct message."""

    __tablename__ = "role_channels"

    role: str = Field(max_length=64, primary_key=True)
    channel: str = Field(max_length=32)
