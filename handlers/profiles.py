"""Slack's users and user groups to profiles and groups."""

from zoneinfo import available_timezones

from db.enums import Membership, WorkspaceRank
from handlers.deps import Workspace
from handlers.payloads import checked_id, found, optional, taken
from workflows.people import Group, Profile

_ZONES = available_timezones()


def profile_of(user: object, workspace: Workspace) -> Profile:
    """Return what a user object says of a person. Raises MalformedPayloadError when it has no id."""
    zone = optional(user, "tz")
    return Profile(
        slack_id=checked_id(optional(user, "enterprise_user", "id") or taken(user, "id")),
        team_id=(optional(user, "team_id") or "-")[:32],
        name=_name(user)[:200],
        zone=zone if zone in _ZONES and zone else "UTC",
        membership=membership_of(user, workspace),
        rank=_rank(user),
        locale=(optional(user, "locale") or "")[:35] or None,
    )


def membership_of(user: object, workspace: Workspace) -> Membership:
    """Return what this person is here. What Slack leaves out counts as the stricter answer only where it must."""
    if _is(user, "deleted"):
        return Membership.DEACTIVATED
    if _is(user, "is_bot") or _is(user, "is_workflow_bot") or taken(user, "id") == "USLACKBOT":
        return Membership.BOT
    if _is(user, "is_stranger") or not _is_ours(user, workspace):
        return Membership.STRANGER
    if _is(user, "is_restricted") or _is(user, "is_ultra_restricted") or _is(user, "is_invited_user"):
        return Membership.GUEST
    return Membership.MEMBER


def group_of(subteam: object) -> Group:
    """Return what Slack says of a user group. One switched off or of another organisation counts as not active."""
    group_id = checked_id(taken(subteam, "id"))
    return Group(
        id=group_id,
        handle=(optional(subteam, "handle") or group_id)[:80],
        name=(optional(subteam, "name") or optional(subteam, "handle") or group_id)[:200],
        is_active=not found(subteam, "date_delete") and not _is(subteam, "is_external"),
    )


def _rank(user: object) -> WorkspaceRank:
    flags = (
        ("is_primary_owner", WorkspaceRank.PRIMARY_OWNER),
        ("is_owner", WorkspaceRank.OWNER),
        ("is_admin", WorkspaceRank.ADMIN),
    )
    return next((rank for flag, rank in flags if _is(user, flag)), WorkspaceRank.MEMBER)


def _is_ours(user: object, workspace: Workspace) -> bool:
    enterprise = optional(user, "enterprise_user", "enterprise_id")
    if workspace.enterprise_id is not None and enterprise is not None:
        return enterprise == workspace.enterprise_id
    return optional(user, "team_id") == workspace.team_id


def _is(user: object, flag: str) -> bool:
    return found(user, flag) is True


def _name(user: object) -> str:
    # The real name first: on a record of decisions a nickname tells an auditor nothing.
    at = ("profile", "real_name"), ("real_name",), ("profile", "display_name"), ("name",)
    return next((name for path in at if (name := optional(user, *path))), "Somebody")
