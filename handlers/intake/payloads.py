"""What people type into the steps of a draft, and where they begin one, as typed values."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any, Final
from uuid import UUID

from handlers.ids import Block
from handlers.payloads import (
    MalformedPayloadError,
    checked_id,
    found,
    optional,
    readable,
    taken,
    taken_uuid,
    user_of,
)
from workflows.intake import OWN, Answer, Step

PREFIX: Final = Block.NAME.removesuffix("name")
PEOPLE: Final = ("owner", "sponsor")
_MARKED = re.compile(r"<(?P<mark>[@#!]?)(?P<target>[^<>|]*)(?:\|(?P<label>[^<>]*))?>")
_STAMP = re.compile(r"[0-9]{1,12}\.[0-9]{1,9}")


def block_of(field: str) -> str:
    """Return the block that asks for a field: the field behind what all have in common."""
    return PREFIX + field


def carried(draft_id: UUID, step: Step) -> str:
    """Return what a step's window carries."""
    return f"{draft_id}.{step}"


@dataclass(frozen=True, slots=True)
class StepForm:
    """A step as somebody sent it, or left it by a button. People in `answers` are Slack ids still to be checked."""

    author: str
    draft_id: UUID
    step: Step
    answers: dict[str, Answer]

    @classmethod
    def parse(cls, body: dict[str, Any]) -> "StepForm":
        draft_id, _, step = taken(body, "view", "private_metadata").partition(".")
        return cls(user_of(body), taken_uuid(draft_id), _step(step), _answers(body))


@dataclass(frozen=True, slots=True)
class SourceMessage:
    """A message a use case is made from: its text without Slack's marks, and where it can be read."""

    text: str
    path: str

    @classmethod
    def parse(cls, body: dict[str, Any]) -> "SourceMessage":
        channel = checked_id(taken(body, "channel", "id"))
        stamp, thread = _stamp(taken(body, "message", "ts")), optional(body, "message", "thread_ts")
        path = f"archives/{channel}/p{stamp.replace('.', '')}"
        if thread and thread != stamp:
            path += f"?thread_ts={_stamp(thread)}&cid={channel}"
        return cls(readable(_plain(optional(body, "message", "text") or "")), path)


def own_key(action_id: str) -> str:
    """Return the key of the organisation's own question whose searched select this is."""
    return action_id.removeprefix(block_of(OWN))


def _step(text: str) -> Step:
    try:
        return Step(text)
    except ValueError as error:
        raise MalformedPayloadError(f"no step {text[:40]!r}") from error


def _answers(body: dict[str, Any]) -> dict[str, Answer]:
    """Return everything in the inputs of a step by field; what was left empty is there, and empty."""
    values = found(body, "view", "state", "values")
    answers: dict[str, Answer] = {}
    for block_id, inputs in values.items() if isinstance(values, dict) else ():
        if isinstance(block_id, str) and block_id.startswith(PREFIX) and isinstance(inputs, dict):
            field = block_id.removeprefix(PREFIX)
            answers[field] = _answer(next(iter(inputs.values()), None))
            if field in PEOPLE and answers[field]:
                answers[field] = checked_id(str(answers[field]))
    return answers


def _answer(element: object) -> Answer:
    several = found(element, "selected_options")
    if isinstance(several, list):
        return tuple(value for each in several if (value := optional(each, "value")))
    chosen = optional(element, "selected_option", "value") or optional(element, "selected_user")
    return chosen or optional(element, "selected_date") or readable(optional(element, "value") or "")


def _plain(text: str) -> str:
    """Return the text of a message as a person reads it: no marks for links, people and channels."""

    def words(match: re.Match[str]) -> str:
        mark, target, label = match["mark"], match["target"], match["label"]
        if not mark:
            return f"{label} ({target})" if label and label != target else target.removeprefix("mailto:")
        return f"{'#' if mark == '#' else '@'}{(label or target).lstrip('@#')}"

    return unescape(_MARKED.sub(words, text))


def _stamp(text: str) -> str:
    if not _STAMP.fullmatch(text):
        raise MalformedPayloadError("not the stamp of a message")
    return text
