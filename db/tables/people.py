"""People as Slack knows them, and the roles they hold here."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from db.enums import Membership, WorkspaceRank
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
    rank: WorkspaceRank = Field(sa_column=vocabulary(WorkspaceRank))
    zone: str = Field(max_length=64)
    locale: str | None = Field(default=None, max_length=35)  # BCP 47, where Slack has told it
    checked_at: datetime
    left_at: datetime | None = None  # since when they are no full member any more; empty where nobody saw it
    home_opened_at: datetime | None = None
    # What Slack does not know; empty where nobody said anything.
    manager_id: UUID | None = Field(default=None, foreign_key="people.id")
    team: str | None = Field(default=None, max_length=80)
    country: str | None = Field(default=None, max_length=2)  # ISO 3166-1; guessed from the zone while empty
    work_starts: int | None = None  # minutes after midnight in their zone
    work_ends: int | None = None
    work_days: str | None = Field(default=None, max_length=7)  # ISO weekdays, “12345” is Monday to Friday


class Leave(SQLModel, table=True):
    """Days on which a person does not work, the first and the last included, in their own zone."""

    __tablename__ = "leaves"

    person_id: UUID = Field(foreign_key="people.id", primary_key=True)
    first_day: date = Field(primary_key=True)
    last_day: date = Field(index=True)


class RoleHolder(SQLModel, table=True):
    """A person holds a role. Policies name roles, never people."""

    __tablename__ = "role_holders"

    role: str = Field(max_length=64, primary_key=True)
    person_id: UUID = Field(foreign_key="people.id", primary_key=True, index=True)
    granted_at: datetime


class Delegation(SQLModel, table=True):
    """While it lasts, `delegate_id` may decide for `person_id`, who still may too. It is never passed on further."""

    __tablename__ = "delegations"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    person_id: UUID = Field(foreign_key="people.id", index=True)
    delegate_id: UUID = Field(foreign_key="people.id", index=True)
    starts_at: datetime
    ends_at: datetime
    made_at: datetime
    summed_up_at: datetime | None = None  # when the person was told what was decided for them


class UserGroup(SQLModel, table=True):
    """A Slack user group. The members of those that hold a role are kept, and follow Slack.

    They are read anew when something has changed since: when `changed_at` is later than `refreshed_at`, or they were
    never read.
    """

    __tablename__ = "user_groups"

    id: str = Field(max_length=32, primary_key=True)  # Slack's, S…
    handle: str = Field(max_length=80)
    name: str = Field(max_length=200)
    is_active: bool  # one switched off, or of another organisation, gives nobody a role
    changed_at: datetime
    refreshed_at: datetime | None = None


class UserGroupMember(SQLModel, table=True):
    __tablename__ = "user_group_members"

    group_id: str = Field(foreign_key="user_groups.id", max_length=32, primary_key=True)
    person_id: UUID = Field(foreign_key="people.id", primary_key=True, index=True)


class RoleGroup(SQLModel, table=True):
    """Everybody in a user group holds a role, as long as they are in it."""

    __tablename__ = "role_groups"

    role: str = Field(max_length=64, primary_key=True)
    group_id: str = Field(foreign_key="user_groups.id", max_length=32, primary_key=True)
    granted_at: datetime
