"""The forms of conditions and evidence, as typed values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from db.enums import Blocks, EvidenceKind
from handlers.ids import INPUT, Block
from handlers.payloads import (
    MalformedPayloadError,
    checked_id,
    chosen,
    found,
    optional,
    picked_day,
    readable,
    submission_key,
    taken,
    taken_uuid,
    typed,
    user_of,
)
from workflows.conditions import MOST, Evidence, Flaw, Typed

Word = TypeVar("Word", EvidenceKind, Blocks)


@dataclass(frozen=True, slots=True)
class Row:
    """A condition of the form as it stands there; `owner` is a Slack id."""

    text: str = ""
    owner: str | None = None
    due_on: date | None = None
    evidence: EvidenceKind = EvidenceKind.DOCUMENT
    blocks: Blocks = Blocks.DEPLOYMENT

    def typed(self, owners: Mapping[str, UUID | Flaw]) -> Typed:
        """Return it with its owner by the id they are kept under, or why there is none."""
        owner = owners[self.owner] if self.owner else Flaw.OWNER_MISSING
        return Typed(self.text, owner, self.due_on, self.evidence, self.blocks)


@dataclass(frozen=True, slots=True)
class ConditionsForm:
    """The form in which somebody approves with conditions. `ballot` is what the vote buttons of its lane carry."""

    voter: str
    ballot: str
    rows: tuple[Row, ...]
    also: frozenset[UUID]

    @classmethod
    def parse(cls, body: dict[str, Any]) -> "ConditionsForm":
        blocks = found(body, "view", "blocks")
        asked = [optional(each, "block_id") or "" for each in blocks] if isinstance(blocks, list) else []
        count = sum(each.startswith(f"{Block.CONDITION_TEXT}.") for each in asked)
        return cls(
            voter=user_of(body),
            ballot=taken(body, "view", "private_metadata"),
            rows=tuple(_row(body, number) for number in range(min(count, MOST))),
            also=_also(body),
        )

    def owners(self) -> list[str]:
        """Return the Slack ids of those who are to meet something, once each."""
        return list(dict.fromkeys(row.owner for row in self.rows if row.owner))


@dataclass(frozen=True, slots=True)
class Seen:
    """What a button or form is about: a condition, and the evidence its presser had before them, if it shows any."""

    condition_id: UUID
    evidence_id: UUID | None

    @classmethod
    def of(cls, value: str) -> "Seen":
        condition, _, evidence = value.partition(".")
        return cls(taken_uuid(condition), taken_uuid(evidence) if evidence else None)

    @classmethod
    def of_button(cls, body: dict[str, Any]) -> "Seen":
        return cls.of(taken(body, "actions", 0, "value"))

    @classmethod
    def of_form(cls, body: dict[str, Any]) -> "Seen":
        return cls.of(taken(body, "view", "private_metadata"))


@dataclass(frozen=True, slots=True)
class EvidenceForm:
    who: str
    about: Seen
    evidence: Evidence
    delivery: str

    @classmethod
    def parse(cls, body: dict[str, Any]) -> "EvidenceForm":
        link = typed(body, Block.EVIDENCE_LINK, INPUT).strip()
        words = typed(body, Block.EVIDENCE_WORDS, INPUT).strip()
        return cls(user_of(body), Seen.of_form(body), Evidence(link, words), submission_key(body))


@dataclass(frozen=True, slots=True)
class ReasonForm:
    who: str
    about: Seen
    reason: str
    delivery: str

    @classmethod
    def parse(cls, body: dict[str, Any]) -> "ReasonForm":
        reason = typed(body, Block.CONDITION_REASON, INPUT).strip()
        return cls(user_of(body), Seen.of_form(body), reason, submission_key(body))


def _row(body: dict[str, Any], number: int) -> Row:
    owner = chosen(body, f"{Block.CONDITION_OWNER}.{number}", INPUT)
    return Row(
        text=readable(typed(body, f"{Block.CONDITION_TEXT}.{number}", INPUT)).strip(),
        owner=checked_id(owner) if owner else None,
        due_on=picked_day(body, f"{Block.CONDITION_DAY}.{number}", INPUT),
        evidence=_word(body, f"{Block.CONDITION_EVIDENCE}.{number}", EvidenceKind.DOCUMENT),
        blocks=_word(body, f"{Block.CONDITION_BLOCKS}.{number}", Blocks.DEPLOYMENT),
    )


def _also(body: dict[str, Any]) -> frozenset[UUID]:
    options = found(body, "view", "state", "values", Block.CONDITIONS_OF_OTHERS, INPUT, "selected_options")
    return frozenset(taken_uuid(taken(each, "value")) for each in options) if isinstance(options, list) else frozenset()


def _word(body: dict[str, Any], block: str, usual: Word) -> Word:
    value = chosen(body, block, INPUT)
    try:
        return type(usual)(value) if value else usual
    except ValueError as error:
        raise MalformedPayloadError(f"{block} holds {value!r}") from error
