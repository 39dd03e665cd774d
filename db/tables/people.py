"""People as Slack knows them, and the roles they hold here."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from db.enums import Membership
from db.ids import new_id
from db.tables.base import vocabulary


class Person(SQLModel, table=True):
    """One human or bot. The ledger knows only `id`; deleting this row leaves a pseudonym there."""

    __tablename__ = "people"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    slack_id: str = Field(max_length=32, unique=True)
    team_id: str = Field(max_length=32)
    name: str = Field(max_length=200)
    membership: Membership = Field(sa_column=vocabulary(Membership))
    zone: str = Field(max_length=64)
    checked_at: datetime
    home_opened_at: datetime | None = None


class RoleHolder(SQLModel, table=True):
    """A person holds a role. Policies name roles, never people."""

    __tablename__ = "role_holders"

    role: str = Field(max_length=64, primary_key=True)
    person_id: UUID = Field(foreign_key="people.id", primary_key=True, index=True)
    granted_at: datetime
