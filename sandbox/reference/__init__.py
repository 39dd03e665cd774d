"""What Slack documents: scopes, tiers, arguments and errors of methods, scopes of events."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent

# Errors any method may answer; Slack lists them once for all methods, not with each.
COMMON = frozenset(
    {
        *("access_denied", "account_inactive", "deprecated_endpoint", "ekm_access_denied", "enterprise_is_restricted"),
        *("fatal_error", "internal_error", "invalid_arg_name", "invalid_arguments", "invalid_array_arg"),
        *("invalid_auth", "invalid_charset", "invalid_form_data", "invalid_json", "invalid_post_type"),
        *("json_not_object", "missing_post_type", "missing_scope", "method_deprecated", "no_permission"),
        *("not_allowed_token_type", "not_authed", "ratelimited", "request_timeout", "service_unavailable"),
        *("team_added_to_org", "token_expired", "token_revoked", "unknown_method"),
    }
)

# Codes Slack answers with although the page of the method does not list them.
BEYOND: dict[str, frozenset[str]] = {
    "chat.postMessage": frozenset({"cannot_dm_bot", "invalid_attachments"}),
    "conversations.replies": frozenset({"not_in_channel"}),
    "users.list": frozenset({"invalid_limit"}),
}

# Events with pages of their own that the list leaves out.
_EVENTS_BEYOND = {
    "channel_archive": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "group_archive": ("groups:read",),
    "group_unarchive": ("groups:read",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodReference:
    bot_scopes: tuple[str, ...]
    tier: str | None
    required: tuple[str, ...]
    arguments: frozenset[str]
    errors: frozenset[str]


@cache
def methods() -> dict[str, MethodReference]:
    return {
        name: MethodReference(
            bot_scopes=tuple(body["bot_scopes"]),
            tier=body["tier"],
            required=tuple(body["required"]),
            arguments=frozenset(body["arguments"]),
            errors=frozenset(body["errors"]),
        )
        for name, body in _read("methods.json").items()
    }


@cache
def event_scopes() -> dict[str, tuple[str, ...]]:
    """Return, for each event, the scopes of which one is needed; none at all means none is."""
    return {**{name: tuple(scopes) for name, scopes in _read("events.json").items()}, **_EVENTS_BEYOND}


def is_documented(method: str, error: str) -> bool:
    known = methods().get(method)
    return error in COMMON or error in BEYOND.get(method, ()) or (known is not None and error in known.errors)


def _read(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((_HERE / name).read_text(encoding="utf-8"))
    return read
