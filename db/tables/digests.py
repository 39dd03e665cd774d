"""What was told in weekly digests, as it was told, and who does not want their own."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Column, Index, Text, text
from sqlmodel import Field, SQLModel

from db.ids import new_id

_POSTED = text("channel IS NOT NULL")


class DigestRow(SQLModel, table=True):
    """A digest with its numbers as they were when it was made: what is sent as a file later says the same.

    One is posted in a channel for a week, whoever is first. Without a channel somebody asked for it.
    """

    __tablename__ = "digests"
    __table_args__ = (
        Index("uq_digests_week", "channel", "week", unique=True, sqlite_where=_POSTED, postgresql_where=_POSTED),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    channel: str | None = Field(default=None, max_length=32)
    week: date | None = None  # the Monday of the week it was posted in, where the channel is
    team: str | None = Field(default=None, max_length=80)  # of one team only
    first_day: date
    last_day: date
    content: str | None = Field(default=None, sa_column=Column(Text))  # JSON; empty: skipped, for it came too late
    content_digest: str | None = Field(default=None, max_length=64)
    made_at: datetime
    asked_by: UUID | None = Field(default=None, foreign_key="people.id", index=True)
    posted_in: str | None = Field(default=None, max_length=32)  # where Slack put it
    ts: str | None = Field(default=None, max_length=32)


class YourWeekOff(SQLModel, table=True):
    """Somebody does not want to be told of their week."""

    __tablename__ = "your_week_off"

    person_id: UUID = Field(foreign_key="people.id", primary_key=True)
    since: datetime
