"""blocks.validate: Slack's opinion on blocks, a message or a view, without posting them."""

from sandbox.blockkit.validate import explain
from sandbox.errors import ApiError
from sandbox.webapi.call import Call, Json, Method, TokenKind

_PLACES = ("blocks", "message", "view")
_ONE_OF = "must provide exactly one of `blocks`, `view`, or `message`"
_LONGEST = 100_000


def validate(call: Call) -> Json:
    given = [name for name in _PLACES if call.args.given.get(name) not in (None, "")]
    if len(given) != 1:
        raise ApiError("invalid_arguments", _ONE_OF)
    [name] = given
    sent = call.args.given[name]
    if isinstance(sent, str) and len(sent) > _LONGEST:
        raise ApiError("invalid_arguments", f"`{name}` must be {_LONGEST} characters at most")
    body = call.args.structure(name, otherwise=ApiError("invalid_arguments", f"`{name}` must be valid JSON"))
    errors = explain(name, body)
    if errors:
        raise ApiError(f"invalid_{name}", errors=errors)
    return {}


METHODS = {"blocks.validate": Method(run=validate, token=TokenKind.NONE)}
