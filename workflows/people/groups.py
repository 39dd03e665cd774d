"""Slack user groups: what they are called, and who is in those that hold a role."""

from collections.abc import Collection, Sequence
from datetime import datetime

from db.queries import people as stored
from db.session import Session
from db.tables import UserGroup
from workflows.people.snapshots import Group


def groups_matching(session: Session, typed: str, *, limit: int) -> Sequence[Group]:
    """Return the active user groups whose handle or name holds what was typed."""
    wanted = typed.strip().lstrip("@").casefold()
    active = [group_of(row) for row in stored.groups(session) if row.is_active]
    return [each for each in active if wanted in each.handle.casefold() or wanted in each.name.casefold()][:limit]


def find_group(session: Session, group_id: str) -> Group | None:
    row = stored.group(session, group_id)
    return group_of(row) if row else None


def store_group(session: Session, group: Group, *, now: datetime) -> None:
    """Keep what Slack says of a user group. Who is in it may have changed with that, and is read anew."""
    store_groups(session, [group], now=now)
    stored.set_group_times(session, group.id, {"changed_at": now})


def store_groups(session: Session, groups: Collection[Group], *, now: datetime, are_all: bool = False) -> None:
    """Keep what Slack says of user groups. When these `are_all` there are, others are no longer active."""
    for group in sorted(groups, key=lambda each: each.id):
        values = {"handle": group.handle, "name": group.name, "is_active": group.is_active}
        stored.put_group(session, group.id, values, now=now)
    if are_all:
        listed = {group.id for group in groups}
        for row in stored.groups(session):
            if row.id not in listed and row.is_active:
                values = {"handle": row.handle, "name": row.name, "is_active": False}
                stored.put_group(session, row.id, values, now=now)


def groups_to_read(session: Session, *, all_of_them: bool = False) -> Sequence[str]:
    """Return the active user groups that hold a role and whose members may be others than those we know."""
    return [
        row.id
        for row in stored.groups_with_roles(session)
        if row.is_active and (all_of_them or row.refreshed_at is None or row.refreshed_at < row.changed_at)
    ]


def store_members(session: Session, group_id: str, slack_ids: Collection[str], *, asked_at: datetime) -> None:
    """Make those of `slack_ids` we know the members of a group, as Slack told when it was asked at `asked_at`.

    What an event told later marks the group as changed, so that it is read once more.
    """
    stored.set_group_times(session, group_id, {"refreshed_at": asked_at})  # the first of two who do this goes first
    wanted = {row.id for row in stored.by_slack_ids(session, slack_ids).values()}
    present = {row.id for row in stored.members_of(session, group_id)}
    stored.remove_members(session, group_id, present - wanted)
    stored.add_members(session, group_id, wanted - present)


def change_members(
    session: Session, group_id: str, *, added: Collection[str], removed: Collection[str], now: datetime
) -> None:
    """Take people in and out of a group that holds a role, as an event told; it is read anew afterwards.

    Events can be late, twice, or lost: what they say counts at once, and the whole list soon corrects it.
    """
    stored.set_group_times(session, group_id, {"changed_at": now})
    if not is_watched(session, group_id):
        return
    known = stored.by_slack_ids(session, {*added, *removed})
    stored.remove_members(session, group_id, {known[each].id for each in removed if each in known})
    stored.add_members(session, group_id, {known[each].id for each in added if each in known})


def is_watched(session: Session, group_id: str) -> bool:
    """Say whether a group holds a role, so that its members matter here."""
    return any(row.id == group_id for row in stored.groups_with_roles(session))


def unknown_among(session: Session, slack_ids: Collection[str]) -> Sequence[str]:
    """Return those of `slack_ids` whom we do not know yet."""
    known = stored.by_slack_ids(session, slack_ids)
    return [each for each in slack_ids if each not in known]


def group_of(row: UserGroup) -> Group:
    return Group(row.id, row.handle, row.name, row.is_active)
