"""Another policy tried on what was really submitted: whose tier, lanes, approvers or time it would change."""

from workflows.simulating.rules import (
    Altered,
    Asked,
    Course,
    Difference,
    Expected,
    ExpectedTotal,
    Kind,
    Term,
    Totals,
    longest_hours,
    new_reasons,
)
from workflows.simulating.service import LAST, Changed, Simulated, simulate

__all__ = [
    "LAST",
    "Altered",
    "Asked",
    "Changed",
    "Course",
    "Difference",
    "Expected",
    "ExpectedTotal",
    "Kind",
    "Simulated",
    "Term",
    "Totals",
    "longest_hours",
    "new_reasons",
    "simulate",
]
