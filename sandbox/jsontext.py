"""Reads JSON from outside: strict, and free of characters nothing else can store."""

import json
from typing import Any


def parse_json(text: str | bytes) -> Any:
    """Return the parsed value, or raise ValueError for anything that is not JSON."""
    try:
        value = json.loads(text, parse_constant=_refuse)
    except RecursionError as problem:
        raise ValueError("nested too deeply") from problem
    return _clean(value) if _suspicious(text) else value


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _suspicious(text: str | bytes) -> bool:
    raw = text.encode("utf-8", "backslashreplace") if isinstance(text, str) else text
    lowered = raw.lower()
    return b"\\ud" in lowered or b"\\u0000" in lowered or b"\x00" in raw


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_clean(part) for part in value]
    if isinstance(value, dict):
        return {clean(key): _clean(part) for key, part in value.items()}
    return value


def clean(text: str) -> str:
    """Return the text without NUL and with lone surrogates replaced."""
    return text.replace("\x00", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
