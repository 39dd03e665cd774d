"""Changing people: what they are, where they live, and which apps hear of it."""

from dataclasses import dataclass, fields

from sandbox import payloads
from sandbox.model import MemberKind, User
from sandbox.quiet import quiet_times
from sandbox.services import Services

_STATUS = ("status_text", "status_emoji", "status_expiration")
_PROFILE = ("real_name", "title", *_STATUS)
_QUIET = ("quiet_from", "quiet_until")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFacts:
    """What changes about a person; what is None stays."""

    kind: MemberKind | None = None
    tz: str | None = None
    real_name: str | None = None
    title: str | None = None
    status_text: str | None = None
    status_emoji: str | None = None
    status_expiration: int | None = None
    quiet_from: str | None = None
    quiet_until: str | None = None


def change_user(services: Services, user: User, facts: NewFacts) -> None:
    """Change a person, and tell the apps that listen: of the person, the profile, the status, the quiet time."""
    changed = {
        field.name
        for field in fields(facts)
        if (new := getattr(facts, field.name)) is not None and new != getattr(user, field.name)
    }
    for name in changed:
        setattr(user, name, getattr(facts, name))
    user.updated = int(services.workspace.now().timestamp())
    services.workspace.put_user(user)
    if changed - set(_QUIET) or not changed:
        _tell(services, user, "user_change")
    if changed & set(_PROFILE):
        _tell(services, user, "user_profile_changed")
    if changed & set(_STATUS):
        _tell(services, user, "user_status_changed")
    if changed & set(_QUIET):
        status = quiet_times(user, services.workspace.now())
        services.events.tell({"type": "dnd_updated_user", "user": user.id, "dnd_status": status})


def add_user(services: Services, user: User) -> None:
    """Let somebody into the workspace."""
    user.updated = int(services.workspace.now().timestamp())
    services.workspace.put_user(user)
    _tell(services, user, "team_join")


def _tell(services: Services, user: User, kind: str) -> None:
    """Tell each app as much of the person as its scopes let it see."""
    for app in services.workspace.apps.values():
        if services.events.wants(app, kind):
            shown = payloads.user(services.workspace, user, with_email="users:read.email" in app.scopes)
            services.events.emit(app, {"type": kind, "user": shown, "cache_ts": user.updated})
