"""Changing user groups: made, renamed, switched off, their members, and which apps hear of it."""

from sandbox import payloads
from sandbox.ids import derived_id
from sandbox.model import UserGroup
from sandbox.services import Services

Json = payloads.Json


def create_group(services: Services, *, handle: str, name: str, users: list[str]) -> UserGroup:
    now = int(services.workspace.now().timestamp())
    group = UserGroup(
        derived_id("S", services.workspace.team.id, handle), handle, name, users, created=now, updated=now
    )
    services.workspace.put_usergroup(group)
    services.events.tell({"type": "subteam_created", "subteam": _shown(services, group)})
    return group


def update_group(services: Services, group: UserGroup, *, name: str | None, disabled: bool | None) -> None:
    now = int(services.workspace.now().timestamp())
    group.name = group.name if name is None else name
    if disabled is not None:
        group.deleted = now if disabled else 0
    group.updated = now
    services.workspace.put_usergroup(group)
    services.events.tell({"type": "subteam_updated", "subteam": _shown(services, group)})


def set_members(services: Services, group: UserGroup, users: list[str]) -> None:
    before = list(group.users)
    if before == users:
        return
    previous = group.updated
    group.users, group.updated = users, int(services.workspace.now().timestamp())
    services.workspace.put_usergroup(group)
    added = [user for user in users if user not in before]
    removed = [user for user in before if user not in users]
    event: Json = {
        "type": "subteam_members_changed",
        "subteam_id": group.id,
        "team_id": services.workspace.team.id,
        "date_previous_update": previous,
        "date_update": group.updated,
        "added_users": added,
        "added_users_count": len(added),
        "removed_users": removed,
        "removed_users_count": len(removed),
    }
    services.events.tell(event)
    services.events.tell({"type": "subteam_updated", "subteam": _shown(services, group)})


def _shown(services: Services, group: UserGroup) -> Json:
    return payloads.usergroup(services.workspace, group, with_users=True, with_count=True)
