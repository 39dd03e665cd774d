"""Presses and modals of approvals, as typed values."""

from dataclasses import dataclass
from typing import Any

from db.enums import Verb
from handlers.ids import INPUT, Block
from handlers.payloads import (
    MalformedPayloadError,
    action_key,
    chosen,
    submission_key,
    taken,
    taken_uuid,
    typed,
    user_of,
)
from workflows.approvals import LaneSnapshot, Vote

WITH_REASON = (Verb.REQUEST_CHANGES, Verb.REJECT)


@dataclass(frozen=True, slots=True)
class VoteClick:
    """One person's decision, from a button or a modal. `delivery` tells a repeated delivery from a new press."""

    voter: str
    vote: Vote
    delivery: str

    @classmethod
    def of_button(cls, body: dict[str, Any], verb: Verb) -> "VoteClick":
        return cls(user_of(body), _vote(taken(body, "actions", 0, "value"), verb), action_key(body))

    @classmethod
    def of_modal(cls, body: dict[str, Any]) -> "VoteClick | None":
        """Return the decision in a modal, or None when neither approve nor reject was chosen."""
        value = chosen(body, Block.DECISION, INPUT) or _asked_verb(body)
        if value is None:
            return None
        reason = typed(body, Block.REASON, INPUT).strip() or None
        seen = taken(body, "view", "private_metadata").removesuffix(f".{value}")
        return cls(user_of(body), _vote(seen, _verb(value), reason), submission_key(body))


def ballot_value(lane: LaneSnapshot) -> str:
    """Return what a vote button carries: which lane, and the content the person has before them."""
    return f"{lane.id}.{lane.content_digest}"


def _vote(value: str, verb: Verb, reason: str | None = None) -> Vote:
    lane_id, _, seen = value.partition(".")
    return Vote(taken_uuid(lane_id), verb, seen, reason)


def _asked_verb(body: dict[str, Any]) -> str | None:
    """Return the verb a modal was opened for, where the modal asks only for the reason."""
    carried = taken(body, "view", "private_metadata")
    return next((verb.value for verb in WITH_REASON if carried.endswith(f".{verb}")), None)


def _verb(value: str) -> Verb:
    try:
        return Verb(value)
    except ValueError as error:
        raise MalformedPayloadError(f"no verb {value!r}") from error
