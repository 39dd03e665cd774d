"""People and the roles they hold."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, delete, insert, or_, text, update
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from db.enums import Membership
from db.prepared import Prepared
from db.session import Session
from db.tables import ApprovalExclusion, Person, RoleHolder

_NEW = ("id", "slack_id", "team_id", "name", "membership", "rank", "zone", "checked_at")
_KNOWN = Prepared(
    select_columns(
        col(Person.id),
        col(Person.slack_id),
        col(Person.name),
        col(Person.zone),
        col(Person.membership),
        col(Person.checked_at),
    ).where(col(Person.slack_id) == bindparam("slack_id"))
)


# Both engines know this clause; SQLAlchemy has one construct for each of them.
_INSERT = text(
    "INSERT INTO people (id, slack_id, team_id, name, membership, rank, zone, checked_at) "
    "VALUES (:id, :slack_id, :team_id, :name, :membership, :rank, :zone, :checked_at) ON CONFLICT DO NOTHING"
).bindparams(*(bindparam(name, type_=Person.metadata.tables["people"].c[name].type) for name in _NEW))


@cache
def _with_home_open(count: int) -> Prepared:
    people = [bindparam(f"person_{number}", type_=Uuid()) for number in range(count)]
    barred = select_columns(col(ApprovalExclusion.person_id)).where(
        col(ApprovalExclusion.request_id) == bindparam("request_id")
    )
    return Prepared(
        select_columns(col(Person.id), col(Person.slack_id)).where(
            or_(col(Person.id).in_(people), col(Person.id).in_(barred)), col(Person.home_opened_at).is_not(None)
        )
    )


def known(session: Session, slack_id: str) -> tuple[UUID, str, str, str, Membership, datetime] | None:
    """Return (id, slack id, name, zone, membership, checked at) of a person, without loading an entity."""
    row = _KNOWN.first(session, slack_id=slack_id)
    return (row[0], row[1], row[2], row[3], row[4], row[5]) if row else None


def by_slack_id(session: Session, slack_id: str) -> Person | None:
    return session.exec(select(Person).where(Person.slack_id == slack_id)).first()


def by_ids(session: Session, ids: Collection[UUID]) -> dict[UUID, Person]:
    if not ids:
        return {}
    rows = session.exec(select(Person).where(col(Person.id).in_(ids)))
    return {row.id: row for row in rows}


def insert_person(session: Session, values: dict[str, Any]) -> bool:
    """Store somebody new; False when another transaction was faster, whose row can be read now."""
    return session.connection().execute(_INSERT, values).rowcount == 1


def update_person(session: Session, person_id: UUID, values: dict[str, Any]) -> None:
    session.connection().execute(update(Person).where(col(Person.id) == person_id).values(values))


def with_home_open(session: Session, ids: Collection[UUID], request_id: UUID) -> Sequence[tuple[UUID, str]]:
    """Return (id, slack id) of those who ever opened Home among `ids`, and among those barred from the request.

    Who is barred has a part in it: they proposed, own, or edited what it is about. Without `ids` nobody's Home
    changed, and there is nobody.
    """
    if not ids:
        return []
    values = {f"person_{number}": each for number, each in enumerate(ids)}
    rows = _with_home_open(len(ids)).all(session, request_id=request_id, **values)
    return [(row[0], row[1]) for row in rows]


def holders(session: Session, role: str) -> Sequence[Person]:
    """Return the people who hold `role`, in the order it was granted to them."""
    statement = (
        select(Person)
        .join(RoleHolder, col(RoleHolder.person_id) == col(Person.id))
        .where(RoleHolder.role == role)
        .order_by(col(RoleHolder.granted_at), col(Person.id))
    )
    return session.exec(statement).all()


def all_holders(session: Session) -> Sequence[tuple[str, Person]]:
    statement = (
        select(RoleHolder.role, Person)
        .join(Person, col(RoleHolder.person_id) == col(Person.id))
        .order_by(RoleHolder.role, col(RoleHolder.granted_at))
    )
    return session.exec(statement).all()


def insert_holder(session: Session, *, role: str, person_id: UUID, granted_at: datetime) -> None:
    session.connection().execute(insert(RoleHolder), {"role": role, "person_id": person_id, "granted_at": granted_at})


def delete_holder(session: Session, *, role: str, person_id: UUID) -> int:
    statement = delete(RoleHolder).where(col(RoleHolder.role) == role, col(RoleHolder.person_id) == person_id)
    return session.connection().execute(statement).rowcount
