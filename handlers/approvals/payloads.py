"""Presses and modals of approvals, as typed values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from db.enums import Tier, Verb
from handlers.ids import INPUT, Block
from handlers.payloads import (
    MalformedPayloadError,
    action_key,
    checked_id,
    chosen,
    found,
    optional,
    submission_key,
    taken,
    taken_uuid,
    typed,
    user_of,
)
from workflows.approvals import LaneSnapshot, Vote

_VERDICTS = frozenset({"lgtm", "approved", "approve", "rejected", "reject", "+1", "-1", "👍", "👎", "✅"})
_VOTES = _VERDICTS | frozenset(
    {
        *("ok", "okay", "yes", "yep", "sure", "fine", "fine by me", "fine with me", "ok for me", "ok by me", "agreed"),
        *("i agree", "i approve", "i reject", "looks good", "looks good to me", "go ahead", "go for it", "ship it"),
        *("good to go", "no", "nope", "no go", "denied", "declined", "disagree", "i disagree", "no objections"),
        *(
            "ok thanks",
            "yes please",
            "ok go ahead",
            "yes go ahead",
            "thumbsup",
            "thumbsdown",
            "white check mark",
            "100",
        ),
    }
)
_NO_WORDS = re.compile(r"[^\w+\-👍👎✅]|_|[\U0001F3FB-\U0001F3FF]|(?<=\w)-|\ufe0f")
_SHORT = 8
"""Words beyond which “Approved budgets are in the annex …” is no verdict."""

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

    @classmethod
    def of_second_look(cls, body: dict[str, Any]) -> "VoteClick":
        """Return the approval a second look carried, with its words."""
        value, _, reason = taken(body, "view", "private_metadata").partition("\n")
        vote = replace(_vote(value, Verb.APPROVE, reason or None), is_confirmed=True)
        return cls(user_of(body), vote, submission_key(body))


SEVERAL_AT_MOST = 10
"""As many boxes as Slack shows in one group."""


@dataclass(frozen=True, slots=True)
class SeveralClick:
    """What somebody decided on several requests together; `verb` is None while they have not chosen.

    `labels` are what the boxes they ticked say, by lane. Each vote has a delivery key of its own, so that the same
    window sent again repeats none of them.
    """

    voter: str
    values: tuple[str, ...]
    verb: Verb | None
    reason: str | None
    key: str
    labels: Mapping[str, str] = field(default_factory=dict)
    is_confirmed: bool = False

    @classmethod
    def of_modal(cls, body: dict[str, Any]) -> "SeveralClick":
        shown = taken(body, "view", "private_metadata").split()
        boxes = found(body, "view", "state", "values", Block.SEVERAL, INPUT, "selected_options")
        several = boxes if isinstance(boxes, list) else []
        ticked = {taken(box, "value"): optional(box, "text", "text") or "" for box in several}
        value = chosen(body, Block.DECISION, INPUT)
        verb = _one_of_two(value) if value else None
        reason = typed(body, Block.REASON, INPUT).strip() or None
        values = tuple(each for each in shown if each.partition(".")[0] in ticked)[:SEVERAL_AT_MOST]
        return cls(user_of(body), values, verb, reason, submission_key(body), ticked)

    @classmethod
    def of_second_look(cls, body: dict[str, Any]) -> "SeveralClick":
        carried, _, reason = taken(body, "view", "private_metadata").partition("\n")
        values = tuple(carried.split())[:SEVERAL_AT_MOST]
        return cls(user_of(body), values, Verb.APPROVE, reason or None, submission_key(body), is_confirmed=True)

    def carried(self) -> str:
        """Return what the window of a second look carries of this."""
        return f"{' '.join(self.values)}\n{self.reason or ''}"

    def votes(self) -> list[VoteClick]:
        """Return the votes, each to be cast by itself. Raises MalformedPayloadError for what is no vote."""
        if self.verb is None:
            raise MalformedPayloadError("nothing was decided")
        clicks = []
        for place, value in enumerate(self.values):
            vote = replace(
                _vote(value, self.verb, self.reason),
                tier=Tier.LOW,
                together=len(self.values) - place,
                is_confirmed=self.is_confirmed,
            )
            clicks.append(VoteClick(self.voter, vote, f"{self.key[:200]}:{vote.lane_id}"))
        return clicks


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody wrote that sounds like a vote: below a message, or in their direct messages with us."""

    who: str
    channel: str
    ts: str
    thread: str | None
    is_direct: bool

    @classmethod
    def of(cls, body: dict[str, Any], *, bot_user_id: str) -> "Reply | None":
        """Return it, or None for messages of apps, edits, joins, what is no reply, and words that are no vote."""
        event = found(body, "event")
        who, channel = optional(event, "user"), optional(event, "channel")
        is_plain = optional(event, "subtype") in (None, "thread_broadcast") and not optional(event, "bot_id")
        if not is_plain or who in (None, bot_user_id) or channel is None or found(event, "edited"):
            return None
        if not sounds_like_a_vote(optional(event, "text") or ""):
            return None
        ts, thread = taken(event, "ts"), optional(event, "thread_ts")
        thread = None if thread == ts else thread
        is_direct = optional(event, "channel_type") == "im"
        if thread is None and not is_direct:
            return None
        return cls(checked_id(who or ""), checked_id(channel), ts, thread, is_direct)

    @property
    def key(self) -> str:
        return f"msg:{self.channel}:{self.ts}"


def sounds_like_a_vote(text: str) -> bool:
    """Say whether somebody who answers like that may think that they decided: “LGTM”, “approved, thanks!”, “+1”."""
    calm = " ".join(_NO_WORDS.sub(" ", text.casefold()).split())
    return calm in _VOTES or (calm.split(" ")[0] in _VERDICTS and len(calm.split(" ")) <= _SHORT)


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


def _one_of_two(value: str) -> Verb:
    if value not in (Verb.APPROVE, Verb.REJECT):
        raise MalformedPayloadError(f"{value!r} is not decided on several at once")
    return Verb(value)


def _verb(value: str) -> Verb:
    try:
        return Verb(value)
    except ValueError as error:
        raise MalformedPayloadError(f"no verb {value!r}") from error
