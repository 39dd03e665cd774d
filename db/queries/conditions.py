"""Conditions of approvals, and the demands that set them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, func, insert, text, update
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from db.enums import ConditionStatus, Membership
from db.prepared import Prepared
from db.session import Session
from db.tables import ApprovalLane, Condition, ConditionDemand, FreeText, Person

_IN_FORCE = (ConditionStatus.OPEN, ConditionStatus.OFFERED)
_NOT_SETTLED = text("conditions.settled_at IS NULL")

# Every beat of the clock asks these two, so they are prepared and each has an index of its own.
_DUE = Prepared(
    select_columns(col(Condition.id))
    .where(col(Condition.remind_at) <= bindparam("now"))
    .order_by(col(Condition.subject_id), col(Condition.id))
)
_OF_LEAVERS = Prepared(
    select_columns(col(Condition.id))
    .join(Person, col(Person.id) == col(Condition.owner_id))
    .where(
        _NOT_SETTLED,
        col(Condition.status) != ConditionStatus.PROPOSED,
        col(Person.membership) != Membership.MEMBER,
    )
    .order_by(col(Condition.subject_id), col(Condition.id))
)


class DemandRow(NamedTuple):
    demand: ConditionDemand
    lane: str
    reason: str | None


# What every card shows, written once: building a statement takes longer than SQLite needs to answer it.
_ABOUT = (
    select(Condition, FreeText.body)
    .join(FreeText, col(FreeText.id) == col(Condition.text_id))
    .where(
        Condition.subject_kind == bindparam("of_kind"),
        col(Condition.subject_id).in_(bindparam("of_subjects", expanding=True)),
    )
    .order_by(col(Condition.number))
)
_DEMANDS = (
    select(ConditionDemand, ApprovalLane.name, FreeText.body)
    .join(ApprovalLane, col(ApprovalLane.id) == col(ConditionDemand.lane_id))
    .outerjoin(FreeText, col(FreeText.id) == col(ConditionDemand.reason_id))
    .where(col(ConditionDemand.condition_id).in_(bindparam("of_conditions", expanding=True)))
    .order_by(col(ConditionDemand.id))
)


def due(session: Session, now: datetime) -> Sequence[UUID]:
    """Return the conditions about which something is to be done by `now`, those of one subject together."""
    return [row[0] for row in _DUE.all(session, now=now)]


def of_leavers(session: Session) -> Sequence[UUID]:
    """Return the conditions in force whose owners are no longer full members, those of one subject together."""
    return [row[0] for row in _OF_LEAVERS.all(session)]


def conditions(session: Session, ids: Collection[UUID]) -> Sequence[tuple[Condition, str]]:
    """Return these conditions as they are now, each with its text, in the order they were numbered."""
    if not ids:
        return []
    statement = select(Condition, FreeText.body).join(FreeText, col(FreeText.id) == col(Condition.text_id))
    return session.exec(statement.where(col(Condition.id).in_(ids)).order_by(col(Condition.number))).all()


def about(session: Session, subject_kind: str, subject_ids: Collection[UUID]) -> Sequence[tuple[Condition, str]]:
    """Return every condition of these subjects with its text, in the order they were numbered."""
    if not subject_ids:
        return []
    return session.exec(_ABOUT, params={"of_kind": subject_kind, "of_subjects": list(subject_ids)}).all()


def owned_by(session: Session, person_ids: Collection[UUID], *, limit: int) -> Sequence[UUID]:
    """Return the conditions in force that these people have to meet, the soonest due first."""
    statement = select_columns(col(Condition.id)).where(
        _NOT_SETTLED, col(Condition.status).in_(_IN_FORCE), col(Condition.owner_id).in_(person_ids)
    )
    found = session.connection().execute(statement.order_by(col(Condition.due_on), col(Condition.id)).limit(limit))
    return list(found.scalars())


def offered(session: Session) -> Sequence[UUID]:
    """Return the conditions whose evidence nobody has judged yet, the longest waiting first."""
    statement = select_columns(col(Condition.id)).where(_NOT_SETTLED, col(Condition.status) == ConditionStatus.OFFERED)
    found = session.connection().execute(statement.order_by(col(Condition.offered_at), col(Condition.id)))
    return list(found.scalars())


def owners(session: Session, subject_kind: str, subject_id: UUID) -> set[UUID]:
    """Return who has or had to meet a condition of this subject that came into force."""
    statement = select_columns(col(Condition.owner_id)).where(
        col(Condition.subject_kind) == subject_kind,
        col(Condition.subject_id) == subject_id,
        col(Condition.status).in_((*_IN_FORCE, ConditionStatus.MET, ConditionStatus.WAIVED)),
    )
    return set(session.connection().execute(statement).scalars())


def demands(session: Session, condition_ids: Collection[UUID]) -> Sequence[DemandRow]:
    """Return who set these conditions, with the names of their lanes and what was written about it, oldest first."""
    if not condition_ids:
        return []
    return [DemandRow(*row) for row in session.exec(_DEMANDS, params={"of_conditions": list(condition_ids)})]


def texts(session: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    if not ids:
        return {}
    statement = select_columns(col(FreeText.id), col(FreeText.body)).where(col(FreeText.id).in_(ids))
    return {row[0]: row[1] for row in session.connection().execute(statement)}


def last_number(session: Session, subject_kind: str, subject_id: UUID) -> int:
    statement = select_columns(func.max(col(Condition.number))).where(
        col(Condition.subject_kind) == subject_kind, col(Condition.subject_id) == subject_id
    )
    return int(session.connection().execute(statement).scalar() or 0)


def insert_condition(session: Session, values: dict[str, Any]) -> None:
    session.connection().execute(insert(Condition), values)


def insert_demand(session: Session, values: dict[str, Any]) -> None:
    session.connection().execute(insert(ConditionDemand), values)


def renew_demand(session: Session, key: dict[str, Any], values: dict[str, Any]) -> bool:
    """Let somebody ask again for what they had asked for in this lane before; say whether they had."""
    statement = update(ConditionDemand).where(
        *(col(getattr(ConditionDemand, name)) == each for name, each in key.items())
    )
    return session.connection().execute(statement.values(values)).rowcount == 1


def set_condition(session: Session, condition_id: UUID, *, version: int, values: dict[str, Any]) -> None:
    """Write `values`; the transaction fails unless the row still has `version`."""
    statement = update(Condition).where(col(Condition.id) == condition_id, col(Condition.version) == version)
    if session.connection().execute(statement.values(values | {"version": version + 1})).rowcount != 1:
        raise LookupError(f"condition {condition_id} is no longer at version {version}")


def set_demands(session: Session, demand_ids: Collection[UUID], values: dict[str, Any]) -> None:
    session.connection().execute(update(ConditionDemand).where(col(ConditionDemand.id).in_(demand_ids)).values(values))
