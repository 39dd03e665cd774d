"""What is sent to an app, by socket or by HTTP, and what may come back."""

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Json = dict[str, Any]


class Outcome(StrEnum):
    ACKNOWLEDGED = "acknowledged"
    SILENT = "silent"
    REFUSED = "refused"
    NOT_CONNECTED = "not_connected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What an app said within the deadline, or why it said nothing.

    `reason` is what a redelivery names as its reason, `again` whether the app allows one, and
    `via` the socket that was tried, so that the next try can take another.
    """

    outcome: Outcome
    payload: Json = field(default_factory=dict)
    reason: str = ""
    again: bool = True
    via: object | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """`attempt` and `reason` count redeliveries; only events carry them."""

    type: str
    payload: Json
    accepts_response: bool = False
    attempt: int | None = None
    reason: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Return what this may be called: its type, and what it carries (an event, an action, a command)."""
        inner = self.payload.get("event")
        carried = inner.get("type") if isinstance(inner, dict) else self.payload.get("type")
        return (self.type, str(carried or self.payload.get("command") or ""))

    def frame(self, envelope_id: str) -> str:
        body: Json = {
            "envelope_id": envelope_id,
            "payload": self.payload,
            "type": self.type,
            "accepts_response_payload": self.accepts_response,
        }
        if self.attempt is not None:
            body |= {"retry_attempt": self.attempt, "retry_reason": self.reason}
        return json.dumps(body)
