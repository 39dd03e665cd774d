"""What phases, criteria and requests about gates are called, the same everywhere."""

from collections.abc import Mapping
from typing import Final

from db.enums import Criterion, Phase
from workflows.foundation.rules import NAMES

PHASES: Final[Mapping[Phase, str]] = {
    Phase.FOUNDATION: "Foundation and Readiness",
    Phase.FOCUSED_DEPLOYMENT: "Focused Deployment",
    Phase.OPTIMISATION: "Optimisation and Measurement",
    Phase.SCALING: "Scaling",
}
CRITERION_NAMES: Final[Mapping[Criterion, str]] = {
    **{Criterion(kind.value): name for kind, name in NAMES.items()},
    Criterion.FIRST_VALUE: "A use case has hit its metrics",
    Criterion.MEASURED: "A use case was measured for its whole period",
    Criterion.IMPROVED: "A use case has improved on its baseline",
    Criterion.LESSON: "A lesson is published",
}


def title_of(phase: Phase, criterion: Criterion | None) -> str:
    """Return what a request about a gate is called; with a criterion it asks to do without that."""
    if criterion is None:
        return f"Open the gate into {PHASES[phase]}"
    return f"Do without “{CRITERION_NAMES[criterion]}” for a while"
