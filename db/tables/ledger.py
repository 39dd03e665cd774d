"""The append-only record, and the free texts it refers to by salted digest."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel

from db.ids import new_id


class LedgerEvent(SQLModel, table=True):
    """One fact. `hash` covers `prev_hash` and the exact bytes of `body`; triggers refuse UPDATE and DELETE."""

    __tablename__ = "ledger_events"

    stream: str = Field(max_length=80, primary_key=True)
    seq: int = Field(primary_key=True)
    body: str = Field(sa_column=Column(Text, nullable=False))  # RFC 8785, hashed as stored
    prev_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64)


class FreeText(SQLModel, table=True):
    """What a person wrote. Erasing body and salt leaves the ledger's digest valid and meaningless."""

    __tablename__ = "texts"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    body: str = Field(sa_column=Column(Text, nullable=False))
    salt: str = Field(max_length=64)
    written_by: UUID | None = Field(default=None, foreign_key="people.id")  # nobody: the command line
    written_at: datetime
