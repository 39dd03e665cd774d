"""Say how an objective stands, and why it stays as it is: the same words in Slack and on the command line."""

from typing import Final

from handlers.text import counted, shown
from workflows.objectives import DEEPEST, NotTied, Numbers, Stage, Why

STAGES: Final = {
    Stage.IN_REVIEW: "in review",
    Stage.APPROVED: "approved",
    Stage.IN_DEPLOYMENT: "in deployment",
    Stage.DEPLOYED: "deployed",
    Stage.OPTIMISING: "optimising",
    Stage.SCALING: "scaling",
    Stage.SUSPENDED: "suspended",
    Stage.RETIRED: "retired",
}
NOT_STEERING: Final = "Only programme leads and admins change objectives. Nothing was changed."
UNKNOWN: Final = "That objective is not there any more. `/gatehouse objectives` lists those there are."
_WHY: Final = {
    Why.UNKNOWN: "There is no such objective.",
    Why.UNKNOWN_PARENT: "There is no such larger objective. Add it first.",
    Why.NOT_A_MEMBER: "Only full members of the organisation own or sponsor objectives. Nothing was changed.",
    Why.CHANGED_MEANWHILE: (
        "While this form was open somebody else changed it. Nothing was changed: look at the objective, and change it "
        "anew."
    ),
    Why.NAME_MISSING: "Write what the objective is.",
    Why.NAME_TOO_LONG: "At most 140 characters, with few special ones.",
    Why.THERE_ALREADY: "There is an objective of this name already.",
}
_NAME_IN_WAY: Final = 60


def why_text(refused: NotTied) -> str:
    """Return why nothing was changed, as plain text."""
    if refused.why is Why.CIRCLE:
        first, *others = (f"“{shown(name, limit=_NAME_IN_WAY)}”" for name in refused.way)
        way = f"{first} would serve {', which serves '.join(others)}"
        return f"That leads in a circle: {way}. Choose another one."
    if refused.why is Why.TOO_DEEP:
        return (
            f"That would make {refused.levels} levels of objectives; at most {DEEPEST} are kept. Choose a higher one."
        )
    return _WHY[refused.why]


def numbers_text(numbers: Numbers) -> str:
    """Return “3 use cases: 1 in review, 2 deployed · 2 of 5 KPIs hit · 1 at risk”."""
    if not numbers.use_cases:
        return "no use cases yet"
    stages = [f"{numbers.stages[each]} {words}" for each, words in STAGES.items() if numbers.stages.get(each)]
    told = [f"{counted(numbers.use_cases, 'use case')}: {', '.join(stages)}"]
    if numbers.kpis:
        told.append(f"{numbers.hit} of {counted(numbers.kpis, 'KPI')} hit")
    risks = ((numbers.off_track, "off track"), (numbers.at_risk, "at risk"))
    told += [f"{count} {words}" for count, words in risks if count]
    return " · ".join(told)
