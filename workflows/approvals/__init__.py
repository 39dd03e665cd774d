"""Approval chains over subjects of any kind."""

from workflows.approvals.opening import Opened, open_request, remind_due, unblock
from workflows.approvals.reading import card_of, latest_about, place_card, request_of, waiting_for
from workflows.approvals.rules import Refusal, approvals_needed
from workflows.approvals.snapshots import (
    CardSnapshot,
    LaneSnapshot,
    Refused,
    RequestSnapshot,
    Subject,
    Vote,
    Voted,
    VoteSnapshot,
)
from workflows.approvals.voting import cast_vote

__all__ = [
    "CardSnapshot",
    "LaneSnapshot",
    "Opened",
    "Refusal",
    "Refused",
    "RequestSnapshot",
    "Subject",
    "Vote",
    "VoteSnapshot",
    "Voted",
    "approvals_needed",
    "card_of",
    "cast_vote",
    "latest_about",
    "open_request",
    "place_card",
    "remind_due",
    "request_of",
    "unblock",
    "waiting_for",
]
