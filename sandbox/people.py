"""Changing people: what they are, where they live, and which apps hear of it."""

from sandbox import payloads
from sandbox.model import MemberKind, User
from sandbox.services import Services


def change_user(
    services: Services,
    user: User,
    *,
    kind: MemberKind | None = None,
    tz: str | None = None,
    real_name: str | None = None,
    title: str | None = None,
) -> None:
    """Change a person and send `user_change` to the apps that listen to it."""
    workspace = services.workspace
    user.kind = user.kind if kind is None else kind
    user.tz = user.tz if tz is None else tz
    user.real_name = user.real_name if real_name is None else real_name
    user.title = user.title if title is None else title
    user.updated = int(workspace.now().timestamp())
    workspace.put_user(user)
    for app in workspace.apps.values():
        if services.events.wants(app, "user_change"):
            shown = payloads.user(workspace, user, with_email="users:read.email" in app.scopes)
            services.events.emit(app, {"type": "user_change", "user": shown, "cache_ts": user.updated})
