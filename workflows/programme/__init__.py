"""The four-phase programme: gates that open only on evidence, and can close again."""

from workflows.programme.reading import REFERENCES, Programme, evidence_of, hit_since, measured_since, programme_at
from workflows.programme.rules import (
    AREAS,
    CRITERIA,
    DELIVERABLES,
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

__all__ = [
    "AREAS",
    "CRITERIA",
    "DELIVERABLES",
    "NEVER_WAIVED_BEFORE_DEPLOYMENT",
    "PASSES",
    "REFERENCES",
    "CriterionState",
    "Evidence",
    "Gate",
    "GateState",
    "Programme",
    "Proof",
    "Standing",
    "Waiver",
    "evidence_of",
    "hit_since",
    "measured_since",
    "programme_at",
    "why_closed",
]
