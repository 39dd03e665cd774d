"""The four-phase programme: gates that open only on evidence, and can close again."""

from workflows.foundation.rules import AREAS, DELIVERABLES, REFERENCES
from workflows.programme.asking import LONGEST_REASON, ask_to_open, ask_to_waive, is_never_waived, why_not_ask
from workflows.programme.comparing import Differs, Stood, differences, stood
from workflows.programme.naming import CRITERION_NAMES, PHASES, title_of
from workflows.programme.noticing import DIFFERS, Change, anything_due, run
from workflows.programme.owing import elapsed, owing
from workflows.programme.proving import hit_since
from workflows.programme.reading import Programme, evidence_of, programme_at, programme_in_short
from workflows.programme.requests import (
    PREFIX,
    SUBJECT_KIND,
    hidden_among,
    insiders,
    owner_of,
    request_of,
    subject_of,
    titled,
)
from workflows.programme.rules import (
    CRITERIA,
    NEVER_WAIVED_BEFORE_DEPLOYMENT,
    PASSES,
    CriterionState,
    Evidence,
    Gate,
    GateState,
    Proof,
    Standing,
    Waiver,
    why_closed,
)
from workflows.programme.settling import settle
from workflows.programme.snapshots import Debtor, Elapsed, GateAsked, GateRequested, NoGate, NotAsked

__all__ = [
    "AREAS",
    "CRITERIA",
    "CRITERION_NAMES",
    "DELIVERABLES",
    "DIFFERS",
    "LONGEST_REASON",
    "NEVER_WAIVED_BEFORE_DEPLOYMENT",
    "PASSES",
    "PHASES",
    "PREFIX",
    "REFERENCES",
    "SUBJECT_KIND",
    "Change",
    "CriterionState",
    "Debtor",
    "Differs",
    "Elapsed",
    "Evidence",
    "Gate",
    "GateAsked",
    "GateRequested",
    "GateState",
    "NoGate",
    "NotAsked",
    "Programme",
    "Proof",
    "Standing",
    "Stood",
    "Waiver",
    "anything_due",
    "ask_to_open",
    "ask_to_waive",
    "differences",
    "elapsed",
    "evidence_of",
    "hidden_among",
    "hit_since",
    "insiders",
    "is_never_waived",
    "owing",
    "owner_of",
    "programme_at",
    "programme_in_short",
    "request_of",
    "run",
    "settle",
    "stood",
    "subject_of",
    "title_of",
    "titled",
    "why_closed",
    "why_not_ask",
]
