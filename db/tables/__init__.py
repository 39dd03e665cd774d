"""Every table of the product, so that importing this package fills the metadata."""

from db.tables.approvals import (
    ApprovalExclusion,
    ApprovalLane,
    ApprovalRequest,
    ApprovalSeat,
    ApprovalSection,
    ApprovalStage,
    ApprovalVote,
    Card,
)
from db.tables.base import metadata
from db.tables.configuration import Counter, PolicyVersion, Setting
from db.tables.intake import UseCase, UseCaseRevision
from db.tables.ledger import FreeText, LedgerEvent
from db.tables.people import Person, RoleHolder
from db.tables.traffic import Delivery, OutboxRow

__all__ = [
    "ApprovalExclusion",
    "ApprovalLane",
    "ApprovalRequest",
    "ApprovalSeat",
    "ApprovalSection",
    "ApprovalStage",
    "ApprovalVote",
    "Card",
    "Counter",
    "Delivery",
    "FreeText",
    "LedgerEvent",
    "OutboxRow",
    "Person",
    "PolicyVersion",
    "RoleHolder",
    "Setting",
    "UseCase",
    "UseCaseRevision",
    "metadata",
]
