"""Who may decide, from the command line: roles of people and of Slack user groups."""

import re

from slack_sdk import WebClient

from bot.cli.commands import RefusedError, clock, open_database
from bot.cli.slack import asking, connected, full_member
from bot.directory import Directory
from db.enums import Membership
from db.session import Database, Session
from handlers.deps import Workspace
from handlers.profiles import group_of
from handlers.settings.words import LAST_ADMIN, UNKNOWN_GROUP, given_by_nobody
from workflows import people, policy, setup
from workflows.people import BUILT_IN, GroupHolder, LastAdmin, UnknownGroup
from workflows.setup import Granted

_ROLE = re.compile(r"[a-z][a-z0-9_]{0,31}")


def grant(role: str, who: str, *, is_new: bool = False) -> int:
    """Give a role to a full member (U…) or to everybody in a user group (S…); lanes that waited for it open.

    `is_new`: the role is of a policy about to be applied.
    """
    database = open_database()
    _require_known(database, role, is_new=is_new)
    if who.startswith("S"):
        return _grant_to_group(database, *connected(), role, who)
    return _grant_to_person(database, role, who)


def withdraw(role: str, who: str) -> int:
    """Take a role from a person or a user group. The last admin is refused."""
    _require_given(role)
    now = clock().now()
    with open_database().transaction() as session:
        if who.startswith("S"):
            group = people.find_group(session, who)
            name = f"@{group.handle}" if group else who
            done = setup.withdraw_from_group(session, role, who, actor=None, now=now)
        else:
            person = people.find(session, who)
            name = person.name if person else who
            done = setup.withdraw_from_person(session, role, person.id, actor=None, now=now) if person else False
        if done is False:
            raise RefusedError(_not_held(session, role, who))
    if isinstance(done, LastAdmin):
        raise RefusedError(LAST_ADMIN)
    print(f"{name} no longer holds {role}. Requests already asked about stay where they are.")
    return 0


def list_all() -> int:
    """Print who was given which role, and the roles nobody was given."""
    with open_database().transaction() as session:
        policy.apply_default_if_none(session, now=clock().now())
        roles = setup.picture_of(session).roles
    for role in roles:
        unknown = "" if role.is_named else " (not in the policy in force)"
        for person in role.holders.people:
            left = "" if person.membership is Membership.MEMBER else f", {person.membership.value}"
            print(f"{role.key}{unknown}: {person.name} ({person.slack_id}{left})")
        for holder in role.holders.groups:
            print(f"{role.key}{unknown}: @{holder.group.handle} ({holder.group.id}, {_size(holder)})")
        if not role.holders.people and not role.holders.groups:
            print(f"{role.key}{unknown}: nobody")
    return 0


def _grant_to_person(database: Database, role: str, slack_id: str) -> int:
    person = full_member(database, slack_id, what="hold roles")
    with database.transaction() as session:
        granted = setup.grant_to_person(session, role, person.id, actor=None, now=clock().now())
    _say(person.name, role, granted)
    return 0


def _grant_to_group(database: Database, client: WebClient, workspace: Workspace, role: str, group_id: str) -> int:
    with asking(client):
        listed = [group_of(each) for each in client.usergroups_list().get("usergroups") or []]
    group = next((each for each in listed if each.id == group_id), None)
    if group is None or not group.is_active:
        raise RefusedError(f"{group_id}: {UNKNOWN_GROUP}")
    with database.transaction() as session:
        people.store_groups(session, [group], now=clock().now())
    with asking(client):
        Directory(database, client, workspace, clock()).read_members(group_id)
    with database.transaction() as session:
        granted = setup.grant_to_group(session, role, group_id, actor=None, now=clock().now())
    if isinstance(granted, UnknownGroup):
        raise RefusedError(f"{group_id}: {UNKNOWN_GROUP}")
    _say(f"@{group.handle}", role, granted)
    return 0


def _say(name: str, role: str, granted: Granted) -> None:
    print(f"{name} holds {role}." if granted.is_new else f"{name} held {role} already.")
    if granted.opened:
        print(f"{granted.opened} blocked request(s) can be decided now; {name} is being asked.")


def _require_known(database: Database, role: str, *, is_new: bool) -> None:
    """Refuse a role no policy names: whoever held it could decide nothing, and a slip would go unnoticed."""
    _require_given(role)
    if is_new:
        if not _ROLE.fullmatch(role):
            raise RefusedError(f"{role!r} can be no role of a policy: write small letters, digits and _.")
        return
    with database.transaction() as session:
        policy.apply_default_if_none(session, now=clock().now())
        unknown = setup.unknown_role(session, role)
    if unknown is not None:
        raise RefusedError(
            f"The policy in force names no role {role!r}. It names: {', '.join(sorted(unknown.known)) or 'none'}. "
            f"Always there: {', '.join(BUILT_IN)}. For a policy about to be applied, add --new."
        )


def _require_given(role: str) -> None:
    """Refuse a role that people have by what they are, not because somebody gave it to them."""
    why_not = given_by_nobody(role)
    if why_not is not None:
        raise RefusedError(why_not)


def _not_held(session: Session, role: str, who: str) -> str:
    person = people.find(session, who)
    if person is None or role not in people.roles_of(session, person.id):
        return f"{who} does not hold {role}."
    groups = ", ".join(f"@{each.group.handle} ({each.group.id})" for each in people.holdings(session)[role].groups)
    return f"{who} was not given {role}, but is in a user group that was: {groups}. Withdraw it there."


def _size(holder: GroupHolder) -> str:
    if not holder.group.is_active:
        return "switched off in Slack"
    if holder.members is None:
        return "not read yet"
    return f"{holder.members} full {'member' if holder.members == 1 else 'members'}"
