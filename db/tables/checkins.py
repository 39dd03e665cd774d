"""KPIs of what is approved, and what each stood at before."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from db.enums import Cadence, Direction, KpiField, KpiSource
from db.ids import new_id
from db.tables.base import vocabulary

_IN_USE = text("retired_at IS NULL")


class Kpi(SQLModel, table=True):
    """A number that is to show whether a use case works. A band has two targets; other KPIs have one.

    What it counts and what is to be reached is what was approved; who reports it, how often and from where is not.
    """

    __tablename__ = "kpis"
    __table_args__ = (
        UniqueConstraint("use_case_id", "name_key"),
        Index("ix_kpis_owner", "owner_id", sqlite_where=_IN_USE, postgresql_where=_IN_USE),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    use_case_id: UUID = Field(foreign_key="use_cases.id")
    name: str = Field(max_length=120)
    name_key: str = Field(max_length=64)  # of the folded name: what makes it the same KPI in the next text
    position: int
    unit: str = Field(max_length=40)
    direction: Direction = Field(sa_column=vocabulary(Direction))
    target: float
    target_high: float | None = None
    due: date
    proposed: float | None = None  # where it stood, as proposed; nobody has measured that
    cadence: Cadence = Field(sa_column=vocabulary(Cadence))
    every_weeks: int | None = None
    source: KpiSource = Field(sa_column=vocabulary(KpiSource))
    owner_id: UUID = Field(foreign_key="people.id")
    created_at: datetime
    retired_at: datetime | None = None
    version: int


class Baseline(SQLModel, table=True):
    """What a KPI stood at, measured. Rows are never changed: an amendment is the next one, with a reason."""

    __tablename__ = "baselines"
    __table_args__ = (UniqueConstraint("kpi_id", "number"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    kpi_id: UUID = Field(foreign_key="kpis.id")
    number: int  # of the KPI, from 1
    value: float
    unit: str = Field(max_length=40)  # the KPI's when this was locked
    first_day: date
    last_day: date
    n: int
    method_id: UUID = Field(foreign_key="texts.id")
    locked_by: UUID = Field(foreign_key="people.id")
    locked_at: datetime
    amends_id: UUID | None = Field(default=None, foreign_key="baselines.id")
    reason_id: UUID | None = Field(default=None, foreign_key="texts.id")


class KpiChange(SQLModel, table=True):
    """Who changed what about a KPI. With a revision it came with that approved text."""

    __tablename__ = "kpi_changes"
    __table_args__ = (Index("ix_kpi_changes_kpi", "kpi_id", "changed_at"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    kpi_id: UUID = Field(foreign_key="kpis.id")
    field: KpiField = Field(sa_column=vocabulary(KpiField))
    before: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    after: str | None = Field(default=None, sa_column=Column(Text, nullable=True))
    changed_by: UUID = Field(foreign_key="people.id")
    changed_at: datetime
    revision: int | None = None
