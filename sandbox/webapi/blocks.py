"""blocks.validate: Slack's opinion on blocks, a message or a view, without posting them."""

import re

from sandbox.blockkit.rules import Problems
from sandbox.blockkit.validate import check_message, check_view
from sandbox.errors import ApiError
from sandbox.webapi.call import Call, Json, Method, TokenKind

_PLACES = ("blocks", "message", "view")
_ONE_OF = "must provide exactly one of `blocks`, `view`, or `message`"


def validate(call: Call) -> Json:
    given = [name for name in _PLACES if call.args.given.get(name) not in (None, "")]
    if len(given) != 1:
        raise ApiError("invalid_arguments", _ONE_OF)
    [name] = given
    body = call.args.structure(name, otherwise=ApiError("invalid_arguments", f"`{name}` must be valid JSON"))
    problems = _problems(name, body)
    if problems:
        errors = [
            {"code": _code(one.message), "message": one.message, "pointer": one.pointer or "/"} for one in problems
        ]
        raise ApiError(f"invalid_{name}", errors=errors)
    return {}


def _problems(name: str, body: object) -> Problems:
    if name == "blocks":
        return check_message(body, pointer="")
    if not isinstance(body, dict):
        raise ApiError("invalid_arguments", f"`{name}` must be an object")
    if name == "view":
        return check_view(body, allowed=("modal", "home"), pointer="")
    found = check_message(body["blocks"]) if "blocks" in body else []
    attachments = body.get("attachments")
    for index, attachment in enumerate(attachments if isinstance(attachments, list) else []):
        if isinstance(attachment, dict) and "blocks" in attachment:
            found += check_message(attachment["blocks"], pointer=f"/attachments/{index}/blocks")
    return found


def _code(message: str) -> str:
    return "missing_field" if re.match(r"missing required field", message) else "failed_constraint"


METHODS = {"blocks.validate": Method(run=validate, token=TokenKind.NONE)}
