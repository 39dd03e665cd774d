"""The plain value of an element: what a person chose so far, else what the app proposed."""

from collections.abc import Mapping
from typing import Any

from sandbox.blockkit.written import words_of

Value = str | list[str] | None

_SINGLE = (
    "value",
    "selected_date",
    "selected_time",
    "selected_date_time",
    "selected_user",
    "selected_conversation",
    "selected_channel",
)
_MANY = ("selected_users", "selected_conversations", "selected_channels")
_INITIAL_SINGLE = (
    "initial_value",
    "initial_date",
    "initial_time",
    "initial_date_time",
    "initial_user",
    "initial_conversation",
    "initial_channel",
)
_INITIAL_MANY = ("initial_users", "initial_conversations", "initial_channels")


def current_value(element: Mapping[str, Any], typed: Mapping[str, Any] | None) -> Value:
    """Return the value to show; `typed` is the element's entry in `state.values`, if it has one."""
    if typed is not None:
        return _read(typed, _SINGLE, _MANY, option="selected_option")
    return _read(element, _INITIAL_SINGLE, _INITIAL_MANY, option="initial_option")


def _read(source: Mapping[str, Any], single: tuple[str, ...], many: tuple[str, ...], *, option: str) -> Value:
    rich = source.get("rich_text_value") or source.get("initial_value")
    if isinstance(rich, dict):
        return words_of(rich)
    chosen = source.get(option)
    if isinstance(chosen, dict):
        return str(chosen.get("value", ""))
    several = source.get(f"{option}s")
    if isinstance(several, list):
        return [str(entry.get("value", "")) for entry in several if isinstance(entry, dict)]
    for key in many:
        if isinstance(source.get(key), list):
            return [str(entry) for entry in source[key]]
    return next((str(source[key]) for key in single if source.get(key) is not None), None)
