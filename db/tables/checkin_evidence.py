"""What makes numbers worth believing: who confirmed them, and what is done about what had to be corrected."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from db.enums import RootCause, Verdict
from db.ids import new_id
from db.tables.base import vocabulary

_STILL_OPEN = text("done_at IS NULL AND dropped_at IS NULL")
_TO_TELL = text("tell_at IS NOT NULL")


class VerificationRequest(SQLModel, table=True):
    """Somebody is asked to confirm the readings of a check-in. The message is a picture of it and can be redrawn."""

    __tablename__ = "verification_requests"
    __table_args__ = (UniqueConstraint("check_in_id", "person_id"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    check_in_id: UUID = Field(foreign_key="check_ins.id")
    person_id: UUID = Field(foreign_key="people.id", index=True)
    asked_by: UUID = Field(foreign_key="people.id")
    asked_at: datetime
    channel: str | None = Field(default=None, max_length=32)
    ts: str | None = Field(default=None, max_length=32)


class Verification(SQLModel, table=True):
    """What a second person said of a reading. Rows are never changed: the newest of a person counts."""

    __tablename__ = "verifications"
    __table_args__ = (Index("ix_verifications_reading", "reading_id", "said_at"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    reading_id: UUID = Field(foreign_key="readings.id")
    person_id: UUID = Field(foreign_key="people.id")
    verdict: Verdict = Field(sa_column=vocabulary(Verdict))
    reason_id: UUID | None = Field(default=None, foreign_key="texts.id")
    said_at: datetime


class Fix(SQLModel, table=True):
    """What is done about one root cause of corrections: an action with an owner and a date.

    It is open until it is done or dropped; of one use case and cause one is open at a time.
    """

    __tablename__ = "fixes"
    __table_args__ = (
        Index(
            "uq_fixes_open",
            "use_case_id",
            "cause",
            unique=True,
            sqlite_where=_STILL_OPEN,
            postgresql_where=_STILL_OPEN,
        ),
        Index("ix_fixes_use_case", "use_case_id", "accepted_at"),
        Index("ix_fixes_owner", "owner_id", sqlite_where=_STILL_OPEN, postgresql_where=_STILL_OPEN),
        Index("ix_fixes_remind", "remind_at", sqlite_where=_STILL_OPEN, postgresql_where=_STILL_OPEN),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    use_case_id: UUID = Field(foreign_key="use_cases.id")
    check_in_id: UUID = Field(foreign_key="check_ins.id")  # whose answer it was accepted on
    cause: RootCause = Field(sa_column=vocabulary(RootCause))
    text_id: UUID = Field(foreign_key="texts.id")
    owner_id: UUID = Field(foreign_key="people.id")
    due: date
    accepted_by: UUID = Field(foreign_key="people.id")
    accepted_at: datetime
    remind_at: datetime | None = None  # when its owner is next told; emptied when nothing comes of itself any more
    reminders: int
    done_at: datetime | None = None
    done_by: UUID | None = Field(default=None, foreign_key="people.id")
    dropped_at: datetime | None = None
    dropped_by: UUID | None = Field(default=None, foreign_key="people.id")
    reason_id: UUID | None = Field(default=None, foreign_key="texts.id")  # why it was dropped
    version: int


class Picture(SQLModel, table=True):
    """A picture Slack has from us: drawn from the same numbers it is not sent again."""

    __tablename__ = "pictures"

    digest: str = Field(max_length=64, primary_key=True)  # of what it is drawn from
    file_id: str = Field(max_length=32)
    sent_at: datetime


class QuietTime(SQLModel, table=True):
    """When Slack keeps notifications from somebody next, as far as it has told us; empty where it does not."""

    __tablename__ = "quiet_times"

    person_id: UUID = Field(foreign_key="people.id", primary_key=True)
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    checked_at: datetime


class KpiGiven(SQLModel, table=True):
    """Somebody reports KPIs of a use case because a colleague said so, and hears of it once, in their hours."""

    __tablename__ = "kpis_given"
    __table_args__ = (
        UniqueConstraint("use_case_id", "person_id"),
        Index("ix_kpis_given_tell", "tell_at", sqlite_where=_TO_TELL, postgresql_where=_TO_TELL),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    use_case_id: UUID = Field(foreign_key="use_cases.id")
    person_id: UUID = Field(foreign_key="people.id")
    given_by: UUID | None = Field(default=None, foreign_key="people.id")  # nobody: those who reported them have left
    given_at: datetime
    tell_at: datetime | None = None  # emptied when they were told


class HandBack(SQLModel, table=True):
    """Somebody came back from a leave, and was told what became of their check-ins, if anything did."""

    __tablename__ = "hand_backs"

    person_id: UUID = Field(foreign_key="people.id", primary_key=True)
    last_day: date = Field(primary_key=True)  # of the leave
    told_at: datetime
