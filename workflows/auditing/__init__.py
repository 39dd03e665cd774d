"""Audits of what lines of the policy approve: drawn by chance, looked at by people, and counted against the line."""

from workflows.auditing.calling_off import any_overtaken, call_off_overtaken
from workflows.auditing.drawing import Drawn, draw
from workflows.auditing.lines import LineSnapshot, NotReopened, lines_of, reopen
from workflows.auditing.reading import (
    PREFIX,
    AuditSnapshot,
    audit_of,
    follow_confidentiality,
    hold_open,
    insiders,
    owner_of,
    subject_of,
    titled,
)
from workflows.auditing.rules import LineChange, is_drawn
from workflows.auditing.settling import settle
from workflows.auditing.verifying import Verified, verify

__all__ = [
    "PREFIX",
    "AuditSnapshot",
    "Drawn",
    "LineChange",
    "LineSnapshot",
    "NotReopened",
    "Verified",
    "any_overtaken",
    "audit_of",
    "call_off_overtaken",
    "draw",
    "follow_confidentiality",
    "hold_open",
    "insiders",
    "is_drawn",
    "lines_of",
    "owner_of",
    "reopen",
    "settle",
    "subject_of",
    "titled",
    "verify",
]
