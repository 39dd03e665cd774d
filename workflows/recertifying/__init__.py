"""Whether approvals still hold: asked before they end and in campaigns, answered, renewed, or suspended by silence."""

from workflows.recertifying.answering import (
    change_sent,
    confirmation,
    follow_change,
    may_retire,
    retire,
    still_valid,
)
from workflows.recertifying.asking import anything_due, run
from workflows.recertifying.campaigns import open_in, progress, progress_of, reach, start, teams
from workflows.recertifying.reading import (
    LISTED,
    lapsed,
    question,
    question_about,
    questions_for,
)
from workflows.recertifying.rules import CAMPAIGN_SOONEST, Because
from workflows.recertifying.snapshots import (
    Confirmation,
    NoCampaign,
    NotAnswered,
    Progress,
    Question,
    Reach,
    Renewed,
    Retired,
    Scope,
    SentOn,
    Why,
)

__all__ = [
    "CAMPAIGN_SOONEST",
    "LISTED",
    "Because",
    "Confirmation",
    "NoCampaign",
    "NotAnswered",
    "Progress",
    "Question",
    "Reach",
    "Renewed",
    "Retired",
    "Scope",
    "SentOn",
    "Why",
    "anything_due",
    "change_sent",
    "confirmation",
    "follow_change",
    "lapsed",
    "may_retire",
    "open_in",
    "progress",
    "progress_of",
    "question",
    "question_about",
    "questions_for",
    "reach",
    "retire",
    "run",
    "start",
    "still_valid",
    "teams",
]
