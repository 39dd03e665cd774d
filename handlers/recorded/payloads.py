"""The forms about what is in use already, as typed values."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from handlers.ids import INPUT, Block
from handlers.payloads import MalformedPayloadError, checked_id, chosen, picked_day, taken, taken_uuid, typed
from workflows.recorded import LONGEST, DropReason


@dataclass(frozen=True, slots=True)
class RecordForm:
    """What a lead says of something in use; what they left empty is None. `owner` is a Slack id."""

    name: str
    team: str | None
    problem: str | None
    stage: str | None
    vendor: str | None
    owner: str | None
    day: date | None

    @classmethod
    def parse(cls, body: dict[str, Any]) -> "RecordForm":
        owner = chosen(body, Block.RECORDED_OWNER, INPUT)
        return cls(
            name=typed(body, Block.RECORDED_NAME, INPUT),
            team=_line(body, Block.RECORDED_TEAM, "team"),
            problem=typed(body, Block.RECORDED_PROBLEM, INPUT).strip()[: LONGEST["problem"]] or None,
            stage=_line(body, Block.RECORDED_STAGE, "stage"),
            vendor=_line(body, Block.RECORDED_VENDOR, "vendor"),
            owner=checked_id(owner) if owner else None,
            day=picked_day(body, Block.RECORDED_DAY, INPUT),
        )


@dataclass(frozen=True, slots=True)
class DropForm:
    """Why something recorded is none. Without `why` nothing was chosen."""

    recording_id: UUID
    why: DropReason | None
    words: str

    @classmethod
    def parse(cls, body: dict[str, Any]) -> "DropForm":
        why = chosen(body, Block.DROP_BECAUSE, INPUT)
        if why is not None and why not in set(DropReason):
            raise MalformedPayloadError("no such reason")
        return cls(
            recording_id=taken_uuid(taken(body, "view", "private_metadata")),
            why=DropReason(why) if why else None,
            words=typed(body, Block.DROP_WORDS, INPUT),
        )


def pressed(body: dict[str, Any]) -> UUID:
    """Return the recording a button is about."""
    return taken_uuid(taken(body, "actions", 0, "value"))


def page_of(body: dict[str, Any]) -> int:
    """Return how many stand before the page a button leads to."""
    value = taken(body, "actions", 0, "value")
    if not (value.isascii() and value.isdecimal() and len(value) <= 6):  # noqa: PLR2004 - a million is far past any list
        raise MalformedPayloadError("no page")
    return int(value)


def _line(body: dict[str, Any], block: Block, field: str) -> str | None:
    """Return what was typed on one line. Slack holds people to its length, and nobody else who sends something."""
    return " ".join(typed(body, block, INPUT).split())[: LONGEST[field]] or None
