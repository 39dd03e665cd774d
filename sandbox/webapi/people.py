"""users.*: who is here."""

from sandbox import payloads
from sandbox.errors import ApiError
from sandbox.model import MemberKind, User
from sandbox.quiet import quiet_times
from sandbox.webapi.call import Call, Json, Method, paged

_MOST_QUIET = 50


def _shown(call: Call, user: User) -> Json:
    shown = payloads.user(call.workspace, user, with_email="users:read.email" in call.app.scopes)
    if call.args.flag("include_locale"):
        shown["locale"] = "en-GB"
    return shown


def users_info(call: Call) -> Json:
    return {"user": _shown(call, call.user())}


def users_list(call: Call) -> Json:
    everyone = sorted(call.workspace.users.values(), key=lambda user: user.id)
    page = paged(call, [u for u in everyone if u.kind is not MemberKind.STRANGER], default=1000)
    return {
        "members": [_shown(call, user) for user in page.items],
        "cache_ts": int(call.workspace.now().timestamp()),
        "response_metadata": {"next_cursor": page.next_cursor},
    }


def users_lookup_by_email(call: Call) -> Json:
    email = call.args.text("email").casefold()
    found = [user for user in call.workspace.users.values() if user.email.casefold() == email]
    if not found or found[0].kind is MemberKind.DEACTIVATED:
        raise ApiError("users_not_found")
    return {"user": _shown(call, found[0])}


def users_profile_get(call: Call) -> Json:
    user = call.user() if call.args.optional_text("user") else call.workspace.users[call.app.bot_user_id]
    shown = payloads.profile(user, with_email="users:read.email" in call.app.scopes)
    if not call.args.flag("include_labels"):
        return {"profile": shown}
    return {"profile": {**shown, "fields": {}}}


def dnd_info(call: Call) -> Json:
    wanted = call.args.optional_text("user")
    user = call.user() if wanted else call.workspace.users[call.app.bot_user_id]
    answer = quiet_times(user, call.workspace.now())
    return answer if wanted else {**answer, "snooze_enabled": False}


def dnd_team_info(call: Call) -> Json:
    wanted = [each.strip() for each in call.args.text("users").split(",") if each.strip()]
    if not wanted:
        raise ApiError("no_users_provided")
    known = call.workspace.users
    if len(wanted) > _MOST_QUIET or any(each not in known for each in wanted):
        raise ApiError("user_not_visible")
    return {"users": {each: quiet_times(known[each], call.workspace.now()) for each in wanted}}


METHODS = {
    "users.profile.get": Method(run=users_profile_get),
    "dnd.info": Method(run=dnd_info),
    "dnd.teamInfo": Method(run=dnd_team_info),
    "users.info": Method(run=users_info),
    "users.list": Method(run=users_list),
    "users.lookupByEmail": Method(run=users_lookup_by_email),
}
