"""The workspace as JSON: what one person sees, or everything."""

from typing import Any

from sandbox.inputs import current
from sandbox.model import Channel, MemberKind, Message, Notice, User, View
from sandbox.services import Services
from sandbox.store import record

Json = dict[str, Any]


def of_person(services: Services, user: User) -> Json:
    workspace = services.workspace
    return {
        "user": _user(user),
        "now": workspace.now().isoformat(),
        "channels": [_channel(services, c, user.id) for c in workspace.channels_for(user.id)],
        "dms": [_channel(services, c, user.id) for c in workspace.dms_for(user.id)],
        "homes": {
            app_id: _view(home) for app_id in workspace.apps if (home := workspace.home(user.id, app_id)) is not None
        },
        "home": next((_view(home) for app_id in workspace.apps if (home := workspace.home(user.id, app_id))), None),
        "modals": [_view(view) for view in workspace.modals(user.id)],
        "errors": [_notice(notice) for notice in workspace.errors_for(user.id)],
    }


def of_everything(services: Services) -> Json:
    workspace = services.workspace
    users = sorted(workspace.users.values(), key=lambda user: user.id)
    return {
        "team": record(workspace.team),
        "url": workspace.url,
        "now": workspace.now().isoformat(),
        "offset_seconds": workspace.clock.offset,
        "apps": [
            {
                "id": app.id,
                "name": app.name,
                "bot_user_id": app.bot_user_id,
                "bot_id": app.bot_id,
                "sockets": services.sockets.connected(app.id),
                "request_url": app.request_url,
                "verified": services.hooks.verified(app.id),
                "installed": not app.uninstalled,
                "token_revoked": app.token_revoked,
            }
            for app in workspace.apps.values()
        ],
        "users": [_user(user) for user in users],
        "usergroups": [record(group) for group in workspace.usergroups.values()],
        "channels": [_channel(services, channel, None) for channel in workspace.channels.values()],
        "homes": [
            {"user": user.id, **_view(home)}
            for user in users
            for app_id in workspace.apps
            if (home := workspace.home(user.id, app_id)) is not None
        ],
        "modals": [{"user": user.id, **_view(view)} for user in users for view in workspace.modals(user.id)],
        "errors": [{"user": user.id, **_notice(notice)} for user in users for notice in workspace.errors_for(user.id)],
    }


def _user(user: User) -> Json:
    return {**record(user), "can_act": user.kind not in (MemberKind.BOT, MemberKind.DEACTIVATED)}


def _channel(services: Services, channel: Channel, for_user: str | None) -> Json:
    workspace = services.workspace
    messages = workspace.everything_in(channel.id, for_user)
    shown: Json = {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "members": sorted(channel.members),
        "is_archived": channel.is_archived,
        "is_ext_shared": channel.is_ext_shared,
        "messages": [_message(message, for_user) for message in messages],
    }
    if for_user is not None:
        shown["unread"] = workspace.unread(for_user, channel.id)
        shown["with"] = workspace.other_in_dm(channel, for_user) if channel.kind == "im" else None
    return shown


def _message(message: Message, for_user: str | None) -> Json:
    shown = record(message)
    states = shown.pop("states")
    if for_user is not None:
        shown["state"] = states.get(for_user, {})
    return shown


def _view(view: View) -> Json:
    state = current(view.body["blocks"], view.state)
    return {**view.body, "state": {"values": state}}


def _notice(notice: Notice) -> Json:
    return {"id": notice.id, "text": notice.text, "where": notice.where, "target": notice.target}
