"""What forms about workstreams carry and hold, as typed values."""

import re
from typing import Any
from uuid import UUID

from handlers.payloads import MalformedPayloadError, taken, taken_uuid
from workflows.lifecycle import MOST_PEOPLE

_GROUPED = re.compile(r"\d{1,3}(?:[ ,.'\u00a0\u202f]\d{3})+|\d+")


class NotACountError(Exception):
    """What was typed is no number of people; the message says what to type instead."""


def count_of(typed: str) -> int:
    """Return 1200 for “1200” or “1 200”. Raises NotACountError for anything but a whole number without a unit."""
    words = typed.strip()
    if not words:
        raise NotACountError("Type a whole number, for example 12.")
    if not _GROUPED.fullmatch(words):
        raise NotACountError(f"“{words[:40]}” is not a whole number. Type only the number of people, for example 12.")
    count = int(re.sub(r"\D", "", words))
    if count > MOST_PEOPLE:
        raise NotACountError("That is more people than can be counted here. Type a smaller number.")
    return count


def carried_version(body: dict[str, Any]) -> tuple[UUID, int]:
    """Return the id a form carries, and the version it showed."""
    carried, _, seen = taken(body, "view", "private_metadata").partition(".")
    if not seen.isdecimal():
        raise MalformedPayloadError("not a workstream of ours")
    return taken_uuid(carried), int(seen[:9])
