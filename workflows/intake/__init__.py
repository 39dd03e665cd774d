"""Use cases: proposed here, decided by approvals, told back."""

from workflows.intake.rules import Problem, Proposal
from workflows.intake.service import (
    SUBJECT_KIND,
    Invalid,
    Proposed,
    find,
    owned_by,
    propose,
    proposed_by,
    reference_number,
    settle,
    use_case_of,
)
from workflows.intake.snapshots import UseCaseSnapshot

__all__ = [
    "SUBJECT_KIND",
    "Invalid",
    "Problem",
    "Proposal",
    "Proposed",
    "UseCaseSnapshot",
    "find",
    "owned_by",
    "propose",
    "proposed_by",
    "reference_number",
    "settle",
    "use_case_of",
]
