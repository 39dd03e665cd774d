"""usergroups.*: groups one can mention."""

from sandbox import payloads
from sandbox.errors import ApiError
from sandbox.webapi.call import Call, Json, Method


def usergroups_list(call: Call) -> Json:
    with_users, with_count = call.args.flag("include_users"), call.args.flag("include_count")
    disabled_too = call.args.flag("include_disabled")
    known = [group for group in call.workspace.usergroups.values() if disabled_too or not group.deleted]
    groups = sorted(known, key=lambda group: group.handle)
    return {
        "usergroups": [
            payloads.usergroup(call.workspace, group, with_users=with_users, with_count=with_count) for group in groups
        ]
    }


def usergroups_users_list(call: Call) -> Json:
    group = call.workspace.usergroups.get(call.args.text("usergroup"))
    if group is None or (group.deleted and not call.args.flag("include_disabled")):
        raise ApiError("no_such_subteam")
    return {"users": list(group.users)}


METHODS = {
    "usergroups.list": Method(run=usergroups_list),
    "usergroups.users.list": Method(run=usergroups_users_list),
}
