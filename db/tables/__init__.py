"""Every table of the product, so that importing this package fills the metadata."""

from db.tables.approvals import (
    ApprovalExclusion,
    ApprovalLane,
    ApprovalNudge,
    ApprovalQuestion,
    ApprovalRelation,
    ApprovalRequest,
    ApprovalRound,
    ApprovalSeat,
    ApprovalSection,
    ApprovalStage,
    ApprovalVote,
    Card,
)
from db.tables.base import metadata
from db.tables.configuration import Counter, DigestChannel, PolicyVersion, RoleChannel, Setting
from db.tables.intake import Draft, Objective, RevisionAnswer, RevisionKpi, UseCase, UseCaseRevision
from db.tables.ledger import FreeText, LedgerEvent
from db.tables.people import Delegation, Leave, Person, RoleGroup, RoleHolder, UserGroup, UserGroupMember
from db.tables.traffic import Delivery, OutboxRow

__all__ = [
    "ApprovalExclusion",
    "ApprovalLane",
    "ApprovalNudge",
    "ApprovalQuestion",
    "ApprovalRelation",
    "ApprovalRequest",
    "ApprovalRound",
    "ApprovalSeat",
    "ApprovalSection",
    "ApprovalStage",
    "ApprovalVote",
    "Card",
    "Counter",
    "Delegation",
    "Delivery",
    "DigestChannel",
    "Draft",
    "FreeText",
    "Leave",
    "LedgerEvent",
    "Objective",
    "OutboxRow",
    "Person",
    "PolicyVersion",
    "RevisionAnswer",
    "RevisionKpi",
    "RoleChannel",
    "RoleGroup",
    "RoleHolder",
    "Setting",
    "UseCase",
    "UseCaseRevision",
    "UserGroup",
    "UserGroupMember",
    "metadata",
]
