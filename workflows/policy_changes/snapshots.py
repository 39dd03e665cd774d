"""Frozen pictures of policies somebody asked to put in force, and what became of asking."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from workflows.people import Actor


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """A policy somebody asks to put in force. `content` is the file, `before` the one it was made from.

    `applied_number` is the version it became. `overtaken_by` is the version that came in force after the one it was
    made from, and is not this one; `overtaken_at` when.
    """

    id: UUID
    reference: str
    name: str
    content: str
    before: str
    based_on: int
    proposer: Actor
    proposed_at: datetime
    applied_number: int | None
    overtaken_by: int | None
    overtaken_at: datetime | None


@dataclass(frozen=True, slots=True)
class PutInForce:
    """The file is version `number`, for what is submitted from now on."""

    number: int


@dataclass(frozen=True, slots=True)
class PolicyProposed:
    """People decide about it. Nobody is `asked` where nobody may decide; `blocked` names those lanes."""

    reference: str
    request_id: UUID
    asked: tuple[Actor, ...]
    blocked: tuple[str, ...]


class NotPut(StrEnum):
    """Why nothing was done with a policy file."""

    IN_FORCE = "in_force"
    PENDING = "pending"
    NEEDS_PROPOSER = "needs_proposer"
    NOT_AN_ADMIN = "not_an_admin"
    SWITCHED = "switched"


@dataclass(frozen=True, slots=True)
class NotDone:
    """`number` is the version in force; `reference` the proposal of the same file that is not decided yet."""

    why: NotPut
    number: int = 0
    reference: str = ""
