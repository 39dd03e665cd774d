"""Approval chains over subjects of any kind."""

from workflows.approvals.announcing import redraw_for
from workflows.approvals.opening import Opened, anything_due, is_awaited, open_request, remind_due, unblock, unblock_all
from workflows.approvals.reading import (
    card_of,
    existing_request,
    latest_about,
    place_card,
    request_of,
    request_with_lane,
    waiting_for,
)
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
    "anything_due",
    "approvals_needed",
    "card_of",
    "cast_vote",
    "existing_request",
    "is_awaited",
    "latest_about",
    "open_request",
    "place_card",
    "redraw_for",
    "remind_due",
    "request_of",
    "request_with_lane",
    "unblock",
    "unblock_all",
    "waiting_for",
]
