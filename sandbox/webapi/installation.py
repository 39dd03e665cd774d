"""oauth.v2.access, auth.revoke, apps.uninstall: apps get their tokens and lose them."""

import hmac

from sandbox.errors import ApiError
from sandbox.installs import install, revoke_token, uninstall
from sandbox.model import AppInfo
from sandbox.webapi.call import Call, Json, Method, TokenKind


def oauth_access(call: Call) -> Json:
    """Change a code for the bot token; the app is installed from then on."""
    app = _client(call)
    kind = call.args.optional_text("grant_type") or "authorization_code"
    if kind == "refresh_token":
        raise ApiError("invalid_refresh_token")
    if kind != "authorization_code":
        raise ApiError("invalid_grant_type")
    code = call.services.codes.take(call.args.optional_text("code") or "", app_id=app.id)
    redirect = call.args.optional_text("redirect_uri") or ""
    if code.redirect_uri and redirect and code.redirect_uri != redirect:
        raise ApiError("bad_redirect_uri")
    install(call.services, app)
    team = call.workspace.team
    return {
        "app_id": app.id,
        "authed_user": {"id": code.user},
        "scope": ",".join(app.scopes),
        "token_type": "bot",
        "access_token": app.bot_token,
        "bot_user_id": app.bot_user_id,
        "team": {"id": team.id, "name": team.name},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _client(call: Call) -> AppInfo:
    client_id = call.args.optional_text("client_id") or ""
    app = next((one for one in call.workspace.apps.values() if one.client_id == client_id), None)
    if app is None:
        raise ApiError("invalid_client_id")
    given = call.args.optional_text("client_secret") or ""
    if not hmac.compare_digest(app.client_secret.encode(), given.encode()):
        raise ApiError("bad_client_secret")
    return app


def auth_revoke(call: Call) -> Json:
    if call.args.flag("test"):
        return {"revoked": False}
    revoke_token(call.services, call.app)
    return {"revoked": True}


def apps_uninstall(call: Call) -> Json:
    call.args.text("client_id")
    call.args.text("client_secret")
    if _client(call) is not call.app:
        raise ApiError("client_id_token_mismatch")
    uninstall(call.services, call.app)
    return {"uninstalled": True}


METHODS = {
    "oauth.v2.access": Method(run=oauth_access, token=TokenKind.NONE),
    "auth.revoke": Method(run=auth_revoke),
    "apps.uninstall": Method(run=apps_uninstall),
}
