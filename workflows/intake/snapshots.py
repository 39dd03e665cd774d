"""Frozen pictures of use cases."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.enums import DataClass, Processing, UseCaseState
from workflows.people import Actor


@dataclass(frozen=True, slots=True)
class UseCaseSnapshot:
    id: UUID
    reference: str
    state: UseCaseState
    revision: int
    proposer: Actor
    owner: Actor
    name: str
    problem: str
    team: str
    objective: str
    kpi: str
    data_class: DataClass
    processing: Processing
    submitted_at: datetime
