"""What came in and what must go out: handled deliveries and promised messages."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, Integer, Text, text
from sqlmodel import Field, SQLModel

from db.enums import OutboxKind, OutboxStatus
from db.ids import new_id
from db.tables.base import vocabulary

_IS_OPEN = text("status IN ('ready', 'sending')")  # the only rows a worker looks for


class Delivery(SQLModel, table=True):
    """Something Slack delivered and what came of it, so that the same delivery again gets the same answer."""

    __tablename__ = "deliveries"

    key: str = Field(max_length=255, primary_key=True)
    outcome: str = Field(sa_column=Column(Text, nullable=False))
    handled_at: datetime = Field(index=True)


class OutboxRow(SQLModel, table=True):
    """A promised message. Written with the fact it tells, sent after the commit, in order per conversation.

    Leases and back-off (`lease_until`, `not_before`, `first_attempt_at`) are real time, which the sandbox
    cannot move; `created_at` is business time.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_open", "conversation", "seq", sqlite_where=_IS_OPEN, postgresql_where=_IS_OPEN),)

    seq: int | None = Field(
        default=None,
        sa_column=Column(BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=True),
    )
    key: UUID = Field(default_factory=new_id, unique=True)  # travels in the message's metadata
    conversation: str = Field(max_length=64)
    kind: OutboxKind = Field(sa_column=vocabulary(OutboxKind))
    subject_id: UUID | None = Field(default=None, index=True)
    payload: str = Field(sa_column=Column(Text, nullable=False))
    is_bulk: bool = False  # one of many that the clock sends: what somebody waits for goes before it
    status: OutboxStatus = Field(sa_column=vocabulary(OutboxStatus))
    attempt: int
    ambiguous: bool  # an earlier attempt may have reached Slack
    lease_owner: str | None = Field(default=None, max_length=64)
    lease_until: datetime | None = None
    not_before: datetime | None = None
    first_attempt_at: datetime | None = None
    created_at: datetime
    sent_at: datetime | None = None
    channel: str | None = Field(default=None, max_length=32)
    ts: str | None = Field(default=None, max_length=32)
    last_error: str | None = Field(default=None, max_length=400)
