"""The four-phase programme: gates that open only on evidence, and can close again."""

from workflows.foundation.rules import AREAS, DELIVERABLES, REFERENCES
from workflows.programme.reading import Programme, evidence_of, hit_since, measured_since, programme_at
from workflows.programme.rules import (
    CRITERIA,
    NEVER_WAIVED_BEFORE_DEPLOYMENT,
    CriterionState,
    Evidence,
    Gate,
    GateState,
    Proof,
    Standing,
    Waiver,
)

__all__ = [
    "AREAS",
    "CRITERIA",
    "DELIVERABLES",
    "NEVER_WAIVED_BEFORE_DEPLOYMENT",
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
]
