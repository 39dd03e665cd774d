"""api.test, auth.test, apps.connections.open, team.info."""

from sandbox.errors import ApiError
from sandbox.webapi.call import Call, Json, Method, TokenKind


def api_test(call: Call) -> Json:
    error = call.args.optional_text("error")
    if error:
        raise ApiError(error, args=call.args.given)
    return {"args": call.args.given} if call.args.given else {}


def auth_test(call: Call) -> Json:
    bot = call.workspace.users[call.app.bot_user_id]
    return {
        "url": call.workspace.url,
        "team": call.workspace.team.name,
        "user": bot.name,
        "team_id": call.workspace.team.id,
        "user_id": bot.id,
        "bot_id": call.app.bot_id,
        "is_enterprise_install": False,
    }


def connections_open(call: Call) -> Json:
    settings = call.app.manifest.get("settings", {})
    if not (settings.get("socket_mode_enabled") and call.app.socket_mode):
        raise ApiError("forbidden_team", "[ERROR] Socket Mode is not turned on in the app's manifest")
    return {"url": call.services.sockets.ticket_url(call.app.id)}


def team_info(call: Call) -> Json:
    team = call.workspace.team
    wanted = call.args.optional_text("team")
    if wanted and wanted != team.id:
        raise ApiError("team_not_found")
    return {
        "team": {
            "id": team.id,
            "name": team.name,
            "url": call.workspace.url,
            "domain": team.domain,
            "email_domain": "",
            "icon": {"image_default": True},
            "is_verified": False,
        }
    }


METHODS = {
    "api.test": Method(run=api_test, token=TokenKind.NONE),
    "auth.test": Method(run=auth_test),
    "apps.connections.open": Method(run=connections_open, token=TokenKind.APP),
    "team.info": Method(run=team_info),
}
