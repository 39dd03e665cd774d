"""Apps coming and going: tokens revoked, apps uninstalled and installed again, Socket Mode switched off."""

import asyncio

from sandbox.model import AppInfo
from sandbox.services import Services


def revoke_token(services: Services, app: AppInfo) -> None:
    """Make the bot token worthless; what was the last an app hears is that it happened."""
    if not app.token_revoked:
        _tell_revoked(services, app)
        app.token_revoked = True
        services.workspace.put_app(app)


def uninstall(services: Services, app: AppInfo) -> None:
    if not app.uninstalled:
        if services.events.wants(app, "app_uninstalled"):
            services.events.emit(app, {"type": "app_uninstalled"})
        if not app.token_revoked:
            _tell_revoked(services, app)
        app.uninstalled = app.token_revoked = True
        services.workspace.put_app(app)


def install(services: Services, app: AppInfo) -> None:
    """Install an app again: its token is good, and events come."""
    app.uninstalled = app.token_revoked = False
    services.workspace.put_app(app)


async def switch_socket_mode(services: Services, app: AppInfo, *, on: bool) -> None:
    app.socket_mode = on
    services.workspace.put_app(app)
    if not on:
        await services.sockets.disable(app.id)
        await asyncio.sleep(0)


def _tell_revoked(services: Services, app: AppInfo) -> None:
    if services.events.wants(app, "tokens_revoked"):
        services.events.emit(app, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [app.bot_user_id]}})
