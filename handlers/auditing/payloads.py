"""Presses and the form of the fast lane, as typed values."""

import re
from dataclasses import dataclass
from typing import Any

from handlers.ids import INPUT, Block
from handlers.payloads import MalformedPayloadError, taken, typed

_LINE = re.compile(r"[a-z][a-z0-9_]{0,63}")


@dataclass(frozen=True, slots=True)
class Reopening:
    """Which line is to approve again, and why."""

    line: str
    reason: str


def line_of_button(body: dict[str, Any]) -> str:
    return _checked(taken(body, "actions", 0, "value"))


def reopening_of(body: dict[str, Any]) -> Reopening:
    return Reopening(_checked(taken(body, "view", "private_metadata")), typed(body, Block.REOPEN_REASON, INPUT))


def _checked(line: str) -> str:
    if not _LINE.fullmatch(line):
        raise MalformedPayloadError("not a line of a policy")
    return line
