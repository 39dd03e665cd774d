"""People, their leave, and the user groups and roles they are in."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    String,
    Uuid,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal_column,
    or_,
    text,
    union_all,
    update,
)
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from db.enums import FoundationKind, Membership, WorkspaceRank
from db.prepared import Prepared
from db.session import Session
from db.tables import (
    ApprovalExclusion,
    FoundationItem,
    FoundationPart,
    FoundationVersion,
    Leave,
    Person,
    RoleGroup,
    RoleHolder,
    UserGroup,
    UserGroupMember,
)

_AT_ONCE = 500
_NEW = ("id", "slack_id", "team_id", "name", "membership", "rank", "zone", "locale", "country", "checked_at")
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

STAKEHOLDER = "stakeholder"
"""The role of those the stakeholder map in force names as approvers."""
_LATER = aliased(FoundationVersion)
# The map in force is the newest that was approved, unless it was revoked. That its review is overdue takes nobody's
# vote: who decides does not depend on whether somebody looked in time.
_BY_THE_MAP = (
    select_columns(
        literal_column(f"'{STAKEHOLDER}'", String()).label("role"),
        col(FoundationItem.person_id),
        col(FoundationVersion.approved_at),
    )
    .join(
        FoundationVersion,
        and_(
            col(FoundationVersion.part_id) == col(FoundationItem.part_id),
            col(FoundationVersion.number) == col(FoundationItem.number),
        ),
    )
    .join(FoundationPart, col(FoundationPart.id) == col(FoundationItem.part_id))
    .where(
        col(FoundationPart.kind) == FoundationKind.STAKEHOLDER_MAP,
        col(FoundationItem.person_id).is_not(None),
        col(FoundationVersion.approved_at).is_not(None),
        col(FoundationVersion.revoked_at).is_(None),
        ~exists().where(
            col(_LATER.part_id) == col(FoundationVersion.part_id),
            col(_LATER.number) > col(FoundationVersion.number),
            col(_LATER.approved_at).is_not(None),
        ),
    )
)
# Who holds what since when, as a person, in a user group or by the stakeholder map; somebody may stand here twice.
HELD = union_all(
    select_columns(col(RoleHolder.role), col(RoleHolder.person_id), col(RoleHolder.granted_at)),
    select_columns(col(RoleGroup.role), col(UserGroupMember.person_id), col(RoleGroup.granted_at))
    .join(UserGroupMember, col(UserGroupMember.group_id) == col(RoleGroup.group_id))
    .join(UserGroup, col(UserGroup.id) == col(RoleGroup.group_id))
    .where(col(UserGroup.is_active)),
    _BY_THE_MAP,
).subquery("held")
_HOLDER_COUNTS = Prepared(
    select_columns(HELD.c.role, func.count(HELD.c.person_id.distinct()))
    .join(Person, col(Person.id) == HELD.c.person_id)
    .where(col(Person.membership) == Membership.MEMBER)
    .group_by(HELD.c.role)
)
# What is asked most, so that nothing of them is put together each time.
_BY_IDS = select(Person).where(col(Person.id).in_(bindparam("ids", expanding=True)))
_SINCE = (
    select_columns(HELD.c.person_id, func.min(HELD.c.granted_at).label("at"))
    .where(HELD.c.role == bindparam("role"))
    .group_by(HELD.c.person_id)
    .subquery("since")
)
_HOLDERS = select(Person).join(_SINCE, _SINCE.c.person_id == col(Person.id)).order_by(_SINCE.c["at"], col(Person.id))
_ROLES_OF = Prepared(select_columns(HELD.c.role).where(HELD.c.person_id == bindparam("person_id")).distinct())


# Both engines know this clause; SQLAlchemy has one construct for each of them.
_INSERT = text(
    "INSERT INTO people (id, slack_id, team_id, name, membership, rank, zone, locale, country, checked_at) VALUES "
    "(:id, :slack_id, :team_id, :name, :membership, :rank, :zone, :locale, :country, :checked_at) "
    "ON CONFLICT DO NOTHING"
).bindparams(*(bindparam(name, type_=Person.metadata.tables["people"].c[name].type) for name in _NEW))

_INSERT_GROUP = text(
    "INSERT INTO user_groups (id, handle, name, is_active, changed_at) "
    "VALUES (:id, :handle, :name, :is_active, :changed_at) ON CONFLICT DO NOTHING"
).bindparams(bindparam("changed_at", type_=UserGroup.metadata.tables["user_groups"].c["changed_at"].type))
_INSERT_MEMBER = text(
    "INSERT INTO user_group_members (group_id, person_id) VALUES (:group_id, :person_id) ON CONFLICT DO NOTHING"
).bindparams(bindparam("person_id", type_=Uuid()))


class HoursRow(NamedTuple):
    """When somebody works, as far as anybody said."""

    id: UUID
    zone: str
    country: str | None
    work_starts: int | None
    work_ends: int | None
    work_days: str | None


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


def locale_of(session: Session, person_id: UUID) -> str | None:
    return session.connection().execute(select_columns(col(Person.locale)).where(col(Person.id) == person_id)).scalar()


def by_slack_id(session: Session, slack_id: str) -> Person | None:
    return session.exec(select(Person).where(Person.slack_id == slack_id)).first()


def by_slack_ids(session: Session, slack_ids: Collection[str]) -> dict[str, Person]:
    """Return the people with these Slack ids, by it."""
    found: dict[str, Person] = {}
    wanted = sorted(slack_ids)
    for begun in range(0, len(wanted), _AT_ONCE):
        some = wanted[begun : begun + _AT_ONCE]
        found |= {row.slack_id: row for row in session.exec(select(Person).where(col(Person.slack_id).in_(some)))}
    return found


def everybody(session: Session) -> Sequence[Person]:
    return session.exec(select(Person).order_by(Person.slack_id)).all()


def highest_ranked(session: Session) -> Person | None:
    """Return the full member who owns the workspace: the primary owner, else the owner we have known longest."""
    owners = select(Person).where(col(Person.membership) == Membership.MEMBER)
    for rank in (WorkspaceRank.PRIMARY_OWNER, WorkspaceRank.OWNER):
        found = session.exec(owners.where(col(Person.rank) == rank).order_by(col(Person.id)).limit(1)).first()
        if found is not None:
            return found
    return None


def count_members(session: Session, *, zone: str | None = None) -> int:
    """Return how many full members are known, or how many of them have this zone."""
    statement = select(func.count()).select_from(Person).where(col(Person.membership) == Membership.MEMBER)
    return session.exec(statement if zone is None else statement.where(Person.zone == zone)).one()


def by_ids(session: Session, ids: Collection[UUID]) -> dict[UUID, Person]:
    if not ids:
        return {}
    rows = session.exec(_BY_IDS, params={"ids": list(ids)})
    return {row.id: row for row in rows}


def hours_of(session: Session, ids: Collection[UUID]) -> Sequence[HoursRow]:
    """Return when these people work, without loading entities: history asks for hundreds of them."""
    statement = select_columns(
        col(Person.id),
        col(Person.zone),
        col(Person.country),
        col(Person.work_starts),
        col(Person.work_ends),
        col(Person.work_days),
    ).where(col(Person.id).in_(ids))
    return [HoursRow._make(row) for row in session.connection().execute(statement)] if ids else []


def manager_of(session: Session, person_id: UUID) -> Person | None:
    manager = select_columns(col(Person.manager_id)).where(col(Person.id) == person_id).scalar_subquery()
    return session.exec(select(Person).where(col(Person.id) == manager)).first()


def insert_person(session: Session, values: dict[str, Any]) -> bool:
    """Store somebody new; False when another transaction was faster, whose row can be read now."""
    return session.connection().execute(_INSERT, values).rowcount == 1


def update_person(session: Session, person_id: UUID, values: Mapping[str, Any]) -> None:
    session.connection().execute(update(Person).where(col(Person.id) == person_id).values(dict(values)))


def update_unless_newer(session: Session, person_id: UUID, values: Mapping[str, Any], *, asked_at: datetime) -> bool:
    """Change a person unless somebody was told of them after `asked_at`; say whether it was changed."""
    statement = update(Person).where(col(Person.id) == person_id, col(Person.checked_at) <= asked_at)
    return session.connection().execute(statement.values(dict(values))).rowcount == 1


def mark_checked(session: Session, ids: Collection[UUID], *, asked_at: datetime) -> None:
    statement = update(Person).where(col(Person.id).in_(ids), col(Person.checked_at) <= asked_at)
    session.connection().execute(statement.values(checked_at=asked_at))


def leaves(session: Session, ids: Collection[UUID]) -> Sequence[Leave]:
    """Return the leave of these people, earliest first."""
    if not ids:
        return []
    statement = select(Leave).where(col(Leave.person_id).in_(ids)).order_by(col(Leave.first_day))
    return session.exec(statement).all()


def replace_leave(session: Session, person_id: UUID, spans: Iterable[tuple[date, date]]) -> None:
    """Make these (first day, last day) all the leave a person has."""
    session.connection().execute(delete(Leave).where(col(Leave.person_id) == person_id))
    rows = [{"person_id": person_id, "first_day": first, "last_day": last} for first, last in spans]
    if rows:
        session.connection().execute(insert(Leave), rows)


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


def everybody_with_home_open(session: Session) -> Sequence[tuple[UUID, str]]:
    """Return (id, slack id) of every full member who ever opened Home."""
    statement = select_columns(col(Person.id), col(Person.slack_id)).where(
        col(Person.home_opened_at).is_not(None), col(Person.membership) == Membership.MEMBER
    )
    return [(row[0], row[1]) for row in session.connection().execute(statement.order_by(col(Person.id)))]


def holders(session: Session, role: str) -> Sequence[Person]:
    """Return the people who hold `role`, by themselves or in a user group, each once, in the order they got it."""
    return session.exec(_HOLDERS, params={"role": role}).all()


def roles_of(session: Session, person_id: UUID) -> Sequence[str]:
    """Return the roles a person holds, by themselves or in a user group."""
    return [row[0] for row in _ROLES_OF.all(session, person_id=person_id)]


def holder_counts(session: Session) -> dict[str, int]:
    """Return how many full members hold each role, by themselves or in a user group."""
    return {row[0]: row[1] for row in _HOLDER_COUNTS.all(session)}


def all_holders(session: Session) -> Sequence[tuple[str, Person]]:
    """Return (role, person) of what people hold by themselves."""
    statement = (
        select(RoleHolder.role, Person)
        .join(Person, col(RoleHolder.person_id) == col(Person.id))
        .order_by(RoleHolder.role, col(RoleHolder.granted_at), col(Person.id))
    )
    return session.exec(statement).all()


def all_group_holders(session: Session) -> Sequence[tuple[str, UserGroup, int]]:
    """Return (role, user group, how many full members it has) of what user groups hold."""
    members = (
        select_columns(col(UserGroupMember.group_id), func.count().label("members"))
        .join(Person, col(Person.id) == col(UserGroupMember.person_id))
        .where(col(Person.membership) == Membership.MEMBER)
        .group_by(col(UserGroupMember.group_id))
        .subquery("counted")
    )
    statement = (
        select(RoleGroup.role, UserGroup, func.coalesce(members.c.members, 0))
        .join(UserGroup, col(UserGroup.id) == col(RoleGroup.group_id))
        .outerjoin(members, members.c.group_id == col(UserGroup.id))
        .order_by(RoleGroup.role, col(RoleGroup.granted_at), UserGroup.id)
    )
    return session.exec(statement).all()


def insert_holder(session: Session, *, role: str, person_id: UUID, granted_at: datetime) -> None:
    session.connection().execute(insert(RoleHolder), {"role": role, "person_id": person_id, "granted_at": granted_at})


def delete_holder(session: Session, *, role: str, person_id: UUID) -> int:
    statement = delete(RoleHolder).where(col(RoleHolder.role) == role, col(RoleHolder.person_id) == person_id)
    return session.connection().execute(statement).rowcount


def holds_directly(session: Session, *, role: str, person_id: UUID) -> bool:
    return session.get(RoleHolder, (role, person_id)) is not None


def others_hold(session: Session, *, role: str, without_person: UUID | None, without_group: str | None) -> bool:
    """Say whether a full member would hold `role` without this person's own grant, or without this user group's."""
    by_themselves = select_columns(col(RoleHolder.person_id)).where(
        col(RoleHolder.role) == role, col(RoleHolder.person_id).is_distinct_from(without_person)
    )
    in_a_group = (
        select_columns(col(UserGroupMember.person_id))
        .join(RoleGroup, col(RoleGroup.group_id) == col(UserGroupMember.group_id))
        .join(UserGroup, col(UserGroup.id) == col(UserGroupMember.group_id))
        .where(
            col(RoleGroup.role) == role,
            col(RoleGroup.group_id).is_distinct_from(without_group),
            col(UserGroup.is_active),
        )
    )
    either = or_(col(Person.id).in_(by_themselves), col(Person.id).in_(in_a_group))
    statement = select(Person.id).where(col(Person.membership) == Membership.MEMBER, either).limit(1)
    return session.exec(statement).first() is not None


def group_holds(session: Session, *, role: str, group_id: str) -> bool:
    return session.get(RoleGroup, (role, group_id)) is not None


def insert_role_group(session: Session, *, role: str, group_id: str, granted_at: datetime) -> None:
    session.connection().execute(insert(RoleGroup), {"role": role, "group_id": group_id, "granted_at": granted_at})


def delete_role_group(session: Session, *, role: str, group_id: str) -> int:
    statement = delete(RoleGroup).where(col(RoleGroup.role) == role, col(RoleGroup.group_id) == group_id)
    return session.connection().execute(statement).rowcount


def group(session: Session, group_id: str) -> UserGroup | None:
    return session.get(UserGroup, group_id)


def groups(session: Session) -> Sequence[UserGroup]:
    """Return every user group known, by its handle."""
    return session.exec(select(UserGroup).order_by(UserGroup.handle)).all()


def groups_with_roles(session: Session) -> Sequence[UserGroup]:
    holding = select_columns(col(RoleGroup.group_id))
    return session.exec(select(UserGroup).where(col(UserGroup.id).in_(holding)).order_by(UserGroup.id)).all()


def put_group(session: Session, group_id: str, values: Mapping[str, Any], *, now: datetime) -> None:
    """Keep what a user group is called and whether it is active; one unknown so far counts as changed `now`."""
    statement = update(UserGroup).where(col(UserGroup.id) == group_id).values(dict(values))
    if session.connection().execute(statement).rowcount == 0:
        session.connection().execute(_INSERT_GROUP, {"id": group_id, "changed_at": now} | dict(values))


def set_group_times(session: Session, group_id: str, values: Mapping[str, datetime]) -> None:
    session.connection().execute(update(UserGroup).where(col(UserGroup.id) == group_id).values(dict(values)))


def members_of(session: Session, group_id: str) -> Sequence[Person]:
    statement = select(Person).join(UserGroupMember, col(UserGroupMember.person_id) == col(Person.id))
    return session.exec(statement.where(UserGroupMember.group_id == group_id).order_by(col(Person.id))).all()


def add_members(session: Session, group_id: str, ids: Collection[UUID]) -> None:
    rows = [{"group_id": group_id, "person_id": person_id} for person_id in sorted(ids)]
    if rows:
        session.connection().execute(_INSERT_MEMBER, rows)


def remove_members(session: Session, group_id: str, ids: Collection[UUID]) -> None:
    statement = delete(UserGroupMember).where(
        col(UserGroupMember.group_id) == group_id, col(UserGroupMember.person_id).in_(ids)
    )
    session.connection().execute(statement)
