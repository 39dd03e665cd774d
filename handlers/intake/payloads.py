"""The proposal form as typed values."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from db.enums import DataClass, Processing
from handlers.ids import INPUT, Block
from handlers.payloads import MalformedPayloadError, checked_id, chosen, taken, taken_uuid, typed, user_of
from workflows.intake import Proposal

Vocabulary = TypeVar("Vocabulary", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class ProposalForm:
    """What somebody submitted. `owner` is a Slack id still to be checked; `token` names the opened modal."""

    proposer: str
    token: UUID
    owner: str | None
    name: str
    problem: str
    team: str
    objective: str
    kpi: str
    data_class: DataClass
    processing: Processing

    @classmethod
    def parse(cls, body: dict[str, Any]) -> "ProposalForm":
        """Read the form. An unanswered choice counts as “unknown”, the stricter answer."""
        owner = chosen(body, Block.OWNER, INPUT)
        return cls(
            proposer=user_of(body),
            token=taken_uuid(taken(body, "view", "private_metadata")),
            owner=checked_id(owner) if owner else None,
            name=_line(body, Block.NAME),
            problem=typed(body, Block.PROBLEM, INPUT).strip(),
            team=_line(body, Block.TEAM),
            objective=_line(body, Block.OBJECTIVE),
            kpi=_line(body, Block.KPI),
            data_class=_one_of(DataClass, chosen(body, Block.DATA_CLASS, INPUT)),
            processing=_one_of(Processing, chosen(body, Block.PROCESSING, INPUT)),
        )

    def proposal(self, owner_id: UUID | None) -> Proposal:
        return Proposal(
            name=self.name,
            problem=self.problem,
            team=self.team,
            owner_id=owner_id,
            objective=self.objective,
            kpi=self.kpi,
            data_class=self.data_class,
            processing=self.processing,
        )


def _line(body: dict[str, Any], block: Block) -> str:
    return " ".join(typed(body, block, INPUT).split())


def _one_of(kind: type[Vocabulary], value: str | None) -> Vocabulary:
    try:
        return kind(value or "unknown")
    except ValueError as error:
        raise MalformedPayloadError(f"no {kind.__name__} {value!r}") from error
