"""Take values out of raw Slack JSON. What is malformed raises here and nowhere deeper."""

import re
import unicodedata
from datetime import date
from typing import Any
from uuid import UUID

_SLACK_ID = re.compile(r"[A-Za-z0-9_]{1,32}")
_BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"  # letters and signs to Unicode, nothing to the eye


class MalformedPayloadError(Exception):
    """The payload is not what Slack documents. Nothing was done."""


def taken(body: object, *path: str | int) -> str:
    """Return the text at `path`. Raises MalformedPayloadError when it is missing or not text."""
    value = found(body, *path)
    if not isinstance(value, str):
        raise MalformedPayloadError(f"{_shown(path)} is {type(value).__name__}, not text")
    return value


def found(body: object, *path: str | int) -> object:
    """Return whatever is at `path`, or None when any step of it is missing."""
    value = body
    for step in path:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def optional(body: object, *path: str | int) -> str | None:
    value = found(body, *path)
    return value if isinstance(value, str) and value else None


def taken_uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise MalformedPayloadError("not an id of ours") from error


def checked_id(text: str) -> str:
    """Return `text` if it can be the id of a person, channel or team. Raises MalformedPayloadError when it cannot."""
    if not _SLACK_ID.fullmatch(text):
        raise MalformedPayloadError("not an id of Slack's")
    return text


def user_of(body: dict[str, Any]) -> str:
    """Return the Slack id of who acted, organisation-wide where Slack gives one."""
    given = optional(body, "user", "enterprise_user", "id") or optional(body, "user", "id") or taken(body, "user_id")
    return checked_id(given)


def place_of(body: dict[str, Any]) -> str | None:
    """Return the channel a private answer belongs in, or None for Home and modals."""
    given = optional(body, "channel", "id") or optional(body, "channel_id") or optional(body, "container", "channel_id")
    return checked_id(given) if given else None


def action_key(body: dict[str, Any]) -> str:
    """Return the key of a press: the same delivery again has the same key, a second press another."""
    container = optional(body, "container", "message_ts") or optional(body, "container", "view_id") or "-"
    parts = (
        team_of(body),
        user_of(body),
        container,
        taken(body, "actions", 0, "block_id"),
        taken(body, "actions", 0, "action_id"),
        taken(body, "actions", 0, "action_ts"),
    )
    return ":".join(("act", *parts))[:255]


def submission_key(body: dict[str, Any]) -> str:
    """Return the key of a submitted modal."""
    return ":".join(("view", taken(body, "view", "id"), optional(body, "view", "hash") or "-"))[:255]


def command_key(body: dict[str, Any]) -> str:
    """Return the key of a typed command: Slack gives each its own trigger."""
    return ":".join(("cmd", team_of(body), user_of(body), taken(body, "trigger_id")))[:255]


def team_of(body: dict[str, Any]) -> str:
    return optional(body, "team", "id") or optional(body, "team_id") or optional(body, "user", "team_id") or "-"


def typed(body: dict[str, Any], block_id: str, action_id: str) -> str:
    """Return the text in an input, empty when nothing was typed or nothing that anybody can see."""
    return readable(optional(body, "view", "state", "values", block_id, action_id, "value") or "")


def readable(text: str) -> str:
    """Return `text`, or nothing when there is nothing in it that anybody can see."""
    return text if any(map(_is_visible, text)) else ""


def picked_day(body: dict[str, Any], block_id: str, action_id: str) -> date | None:
    """Return the day chosen in a date picker, None while none is. Raises MalformedPayloadError when it is no day."""
    picked = optional(body, "view", "state", "values", block_id, action_id, "selected_date")
    try:
        return date.fromisoformat(picked) if picked else None
    except ValueError as error:
        raise MalformedPayloadError(f"{block_id} holds no date") from error


def chosen(body: dict[str, Any], block_id: str, action_id: str) -> str | None:
    """Return the chosen option or person of an input."""
    at = ("view", "state", "values", block_id, action_id)
    return optional(body, *at, "selected_option", "value") or optional(body, *at, "selected_user")


def chosen_in_search(body: dict[str, Any], block_id: str) -> str | None:
    """Return the chosen option of a searched select."""
    return chosen(body, block_id, block_id)


def _is_visible(character: str) -> bool:
    return unicodedata.category(character)[0] not in "ZC" and character not in _BLANK_LETTERS


def _shown(path: tuple[str | int, ...]) -> str:
    return ".".join(map(str, path))
