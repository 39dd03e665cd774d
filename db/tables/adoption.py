"""What sources of their own count of how use cases are used. Raw: everything else is derived when it is read."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from db.enums import UsageMeasure, UsageSource, UsageTells
from db.ids import new_id
from db.tables.base import vocabulary

_COUNTS = text("superseded_at IS NULL")


class UsageKey(SQLModel, table=True):
    """The key under which people are hashed. Without it nobody can tell any more who was meant."""

    __tablename__ = "usage_keys"

    id: int = Field(primary_key=True)  # 1: there is one
    key: str = Field(max_length=64)
    made_at: datetime


class UsageImport(SQLModel, table=True):
    """One file that was read: of which use case, from which source, and of which days it told.

    By the days it is known that nobody used something on one of them, and not only that nobody said so.
    """

    __tablename__ = "usage_imports"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    use_case_id: UUID = Field(foreign_key="use_cases.id", index=True)
    source: UsageSource = Field(sa_column=vocabulary(UsageSource))
    tells: UsageTells = Field(sa_column=vocabulary(UsageTells))
    first_day: date
    last_day: date
    file_digest: str = Field(max_length=64)
    imported_by: UUID | None = Field(default=None, foreign_key="people.id")  # nobody: the command line
    imported_at: datetime


class UsageCount(SQLModel, table=True):
    """How many, over some days. A correction is the next row; what it replaces stays and counts no more."""

    __tablename__ = "usage_counts"
    __table_args__ = (
        Index(
            "uq_usage_counts",
            "use_case_id",
            "source",
            "measure",
            "definition",
            "first_day",
            "last_day",
            "team",
            unique=True,
            sqlite_where=_COUNTS,
            postgresql_where=_COUNTS,
        ),
        Index("ix_usage_counts_day", "last_day", sqlite_where=_COUNTS, postgresql_where=_COUNTS),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    import_id: UUID = Field(foreign_key="usage_imports.id", index=True)
    use_case_id: UUID = Field(foreign_key="use_cases.id")
    source: UsageSource = Field(sa_column=vocabulary(UsageSource))
    measure: UsageMeasure = Field(sa_column=vocabulary(UsageMeasure))
    definition: str = Field(max_length=160)  # what the source says that it counts
    first_day: date
    last_day: date
    team: str = Field(max_length=80)  # empty: all of them
    value: int
    superseded_at: datetime | None = None


class UsageDay(SQLModel, table=True):
    """Somebody used it on a day. Who it was is a keyed hash, another one for each use case and source."""

    __tablename__ = "usage_days"
    __table_args__ = (Index("ix_usage_days_day", "use_case_id", "source", "day"),)

    use_case_id: UUID = Field(foreign_key="use_cases.id", primary_key=True)
    source: UsageSource = Field(sa_column=vocabulary(UsageSource, primary_key=True))
    person_key: str = Field(max_length=64, primary_key=True)
    day: date = Field(primary_key=True)
    import_id: UUID = Field(foreign_key="usage_imports.id", index=True)
    interactions: int | None = None  # not told by every source


class UsageSeen(SQLModel, table=True):
    """Somebody has access, and when they used it last, as a source says it on a day; empty: never yet."""

    __tablename__ = "usage_seen"
    __table_args__ = (Index("ix_usage_seen_reported", "use_case_id", "source", "reported_on"),)

    use_case_id: UUID = Field(foreign_key="use_cases.id", primary_key=True)
    source: UsageSource = Field(sa_column=vocabulary(UsageSource, primary_key=True))
    person_key: str = Field(max_length=64, primary_key=True)
    reported_on: date = Field(primary_key=True)
    import_id: UUID = Field(foreign_key="usage_imports.id", index=True)
    last_active: date | None = None
