"""Approval chains over subjects of any kind."""

from workflows.approvals.announcing import redraw, redraw_for, report_unreachable
from workflows.approvals.barring import bar, barred_for_good
from workflows.approvals.calling_off import call_off
from workflows.approvals.confidentiality import follow_confidentiality
from workflows.approvals.delegating import changes_due as delegation_due
from workflows.approvals.delegating import decided_for, to_hand_over
from workflows.approvals.delegating import follow_all as follow_delegations
from workflows.approvals.handing_over import anybody_to_hand_over, hand_over
from workflows.approvals.lineage import conditional_votes, lineage
from workflows.approvals.moving import add_approver, reassign
from workflows.approvals.nudging import nudge
from workflows.approvals.opening import Opened, kept_by_change, open_request, reroute, resubmit
from workflows.approvals.outlook import (
    Outlook,
    WhereRequestsWait,
    outlook_of,
    outlooks_of,
    usual_days,
    where_requests_wait,
    working_days_of,
)
from workflows.approvals.questions import answer_question, ask_question, question_of, questions_of
from workflows.approvals.reading import (
    approval_in_force,
    approved_about,
    card_of,
    existing_request,
    held_request,
    hold_about,
    in_review,
    latest_about,
    place_card,
    request_called,
    request_of,
    request_of_card_at,
    request_with_lane,
    sent_by,
    voters_of,
    wait_several_for,
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
from workflows.approvals.second_looks import confirm_burst, lately_approved
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
    Titled,
    Vote,
    Voted,
    VoteSnapshot,
)
from workflows.approvals.streams import stream_of
from workflows.approvals.upholding import Speaker, hold, speakers
from workflows.approvals.voting import cast_vote
from workflows.approvals.waiting import ENOUGH, Place
from workflows.approvals.weekly import tell_weekly, weekly_due
from workflows.approvals.withdrawing import take_back, withdraw

__all__ = [
    "ENOUGH",
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
    "Speaker",
    "Subject",
    "TimedOut",
    "Titled",
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
    "bar",
    "barred_for_good",
    "call_off",
    "can_unblock",
    "card_of",
    "cast_vote",
    "conditional_votes",
    "confirm_burst",
    "decided_for",
    "delegation_due",
    "existing_request",
    "follow_confidentiality",
    "follow_delegations",
    "hand_over",
    "held_request",
    "hold",
    "hold_about",
    "in_review",
    "is_awaited",
    "kept_by_change",
    "lately_approved",
    "latest_about",
    "lineage",
    "nudge",
    "open_request",
    "outlook_of",
    "outlooks_of",
    "place_card",
    "planned",
    "question_of",
    "questions_of",
    "reassign",
    "redraw",
    "redraw_for",
    "remind_due",
    "report_unreachable",
    "request_called",
    "request_of",
    "request_of_card_at",
    "request_with_lane",
    "reroute",
    "resubmit",
    "sent_by",
    "speakers",
    "stream_of",
    "take_back",
    "tell_weekly",
    "time_out",
    "to_hand_over",
    "unblock",
    "usual_days",
    "vacate",
    "voters_of",
    "wait_several_for",
    "waiting_for",
    "weekly_due",
    "where_requests_wait",
    "withdraw",
    "working_days_of",
]
