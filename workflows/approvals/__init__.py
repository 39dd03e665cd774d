"""Approval chains over subjects of any kind."""

from workflows.approvals.announcing import redraw_for, report_unreachable
from workflows.approvals.confidentiality import follow_confidentiality
from workflows.approvals.delegating import changes_due as delegation_due
from workflows.approvals.delegating import decided_for, to_hand_over
from workflows.approvals.delegating import follow_all as follow_delegations
from workflows.approvals.handing_over import anybody_to_hand_over, hand_over
from workflows.approvals.moving import add_approver, reassign
from workflows.approvals.nudging import nudge
from workflows.approvals.opening import Opened, kept_by_change, open_request, reroute, resubmit
from workflows.approvals.outlook import Outlook, WhereRequestsWait, outlook_of, outlooks_of, where_requests_wait
from workflows.approvals.questions import answer_question, ask_question, question_of, questions_of
from workflows.approvals.reading import (
    approval_in_force,
    approved_about,
    card_of,
    existing_request,
    in_review,
    latest_about,
    place_card,
    request_of,
    request_of_card_at,
    request_with_lane,
    waiting_for,
)
from workflows.approvals.related import OWNER
from workflows.approvals.reminding import TimedOut, anything_due, remind_due, time_out
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
    Done,
    LaneSnapshot,
    Lapsed,
    QuestionSnapshot,
    Refused,
    RequestSnapshot,
    SeatSnapshot,
    Subject,
    Vote,
    Voted,
    VoteSnapshot,
)
from workflows.approvals.voting import cast_vote
from workflows.approvals.waiting import Place
from workflows.approvals.withdrawing import take_back, withdraw

__all__ = [
    "OWNER",
    "CardSnapshot",
    "Done",
    "LaneSnapshot",
    "Lapsed",
    "Opened",
    "Outlook",
    "Place",
    "PlannedLane",
    "PlannedStage",
    "QuestionSnapshot",
    "Refusal",
    "Refused",
    "RequestSnapshot",
    "SeatSnapshot",
    "Subject",
    "TimedOut",
    "Vote",
    "VoteSnapshot",
    "Voted",
    "WhereRequestsWait",
    "add_approver",
    "answer_question",
    "anybody_left",
    "anybody_to_hand_over",
    "anything_due",
    "approval_in_force",
    "approvals_needed",
    "approved_about",
    "ask_question",
    "can_unblock",
    "card_of",
    "cast_vote",
    "decided_for",
    "delegation_due",
    "existing_request",
    "follow_confidentiality",
    "follow_delegations",
    "hand_over",
    "in_review",
    "is_awaited",
    "kept_by_change",
    "latest_about",
    "nudge",
    "open_request",
    "outlook_of",
    "outlooks_of",
    "place_card",
    "planned",
    "question_of",
    "questions_of",
    "reassign",
    "redraw_for",
    "remind_due",
    "report_unreachable",
    "request_of",
    "request_of_card_at",
    "request_with_lane",
    "reroute",
    "resubmit",
    "take_back",
    "time_out",
    "to_hand_over",
    "unblock",
    "vacate",
    "waiting_for",
    "where_requests_wait",
    "withdraw",
]
