"""Approval chains over subjects of any kind."""

from workflows.approvals.announcing import redraw_for
from workflows.approvals.delegating import changes_due as delegation_due
from workflows.approvals.delegating import follow_all as follow_delegations
from workflows.approvals.opening import Opened, open_request, reroute, resubmit
from workflows.approvals.reading import (
    card_of,
    existing_request,
    in_review,
    latest_about,
    place_card,
    request_of,
    request_with_lane,
    waiting_for,
)
from workflows.approvals.reminding import Lapsed, TimedOut, anything_due, remind_due, time_out
from workflows.approvals.rules import Refusal, approvals_needed
from workflows.approvals.seating import (
    PlannedLane,
    PlannedStage,
    anybody_left,
    can_unblock,
    is_awaited,
    planned,
    unblock,
    vacate,
)
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
    "Lapsed",
    "Opened",
    "PlannedLane",
    "PlannedStage",
    "Refusal",
    "Refused",
    "RequestSnapshot",
    "Subject",
    "TimedOut",
    "Vote",
    "VoteSnapshot",
    "Voted",
    "anybody_left",
    "anything_due",
    "approvals_needed",
    "can_unblock",
    "card_of",
    "cast_vote",
    "delegation_due",
    "existing_request",
    "follow_delegations",
    "in_review",
    "is_awaited",
    "latest_about",
    "open_request",
    "place_card",
    "planned",
    "redraw_for",
    "remind_due",
    "request_of",
    "request_with_lane",
    "reroute",
    "resubmit",
    "time_out",
    "unblock",
    "vacate",
    "waiting_for",
]
