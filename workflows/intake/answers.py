"""What somebody typed into the steps of a draft, as they typed it. What it must be is said by the rules."""

import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

Answer = str | tuple[str, ...]
Answers = Mapping[str, Answer]
"""Answers by field. People are Slack ids, choices their values, dates ISO; nothing typed is missing or empty."""


class Step(StrEnum):
    """The steps of a draft, in their order. `similar` and `details` come only where they are needed."""

    BASICS = "basics"
    SIMILAR = "similar"
    FACTS = "facts"
    DETAILS = "details"
    VALUE = "value"
    PREVIEW = "preview"


MOST_KPIS: Final = 3
OWN: Final = "own."
"""How the field of a question of the organisation's own begins; its key follows."""

SIMILAR, KPIS, BASE = "similar", "kpis", "base"
"""What a draft keeps beside answers: the use cases shown as similar, how many KPIs are asked for, the text edited."""

KPI_FIELDS: Final = ("kpi_name", "kpi_unit", "kpi_direction", "kpi_baseline", "kpi_target", "kpi_due")

FIELDS: Final[Mapping[Step, tuple[str, ...]]] = {
    Step.BASICS: ("name", "problem", "team", "owner", "sponsor", "objective", "output_use", "confidential"),
    Step.SIMILAR: ("differs",),
    Step.FACTS: ("data_class", "processing", "build", "affected", "decision", "areas", "practices"),
    Step.DETAILS: ("vendor", "model", "oversight"),
    Step.VALUE: ("outputs", "benefit"),
    Step.PREVIEW: (),
}


def kpi_field(name: str, position: int) -> str:
    """Return the field of a KPI; `position` counts from 0."""
    return f"{name}.{position}"


def kpi_count(answers: Answers) -> int:
    """Return how many KPIs the form asks for."""
    count = text(answers, KPIS)
    return int(count) if count in {str(each) for each in range(1, MOST_KPIS + 1)} else 1


def step_of(field: str) -> Step | None:
    """Return the step a field stands in, or None when no step asks for it."""
    if field.startswith(OWN):
        return Step.DETAILS
    name, _, position = field.partition(".")
    if name in KPI_FIELDS:
        return Step.VALUE if position in {str(each) for each in range(MOST_KPIS)} else None
    return next((step for step, fields in FIELDS.items() if field in fields), None)


def text(answers: Answers, field: str) -> str:
    """Return a typed or chosen answer without surrounding blanks, empty when there is none."""
    answer = answers.get(field, "")
    return answer.strip() if isinstance(answer, str) else ""


def line(answers: Answers, field: str) -> str:
    """Return a typed answer on one line."""
    return " ".join(text(answers, field).split())


def many(answers: Answers, field: str) -> tuple[str, ...]:
    """Return the chosen answers of a field that takes several."""
    answer = answers.get(field, ())
    return answer if isinstance(answer, tuple) else (answer,) if answer else ()


def merged(answers: Answers, typed: Answers, step: Step) -> dict[str, Answer]:
    """Return the answers with those of one step as they are typed now; a field left empty is forgotten."""
    ours = {field: answer for field, answer in typed.items() if step_of(field) is step}
    return {field: answer for field, answer in {**answers, **ours}.items() if answer}


def written(answers: Answers) -> str:
    """Return the answers as a draft keeps them."""
    return json.dumps(answers, ensure_ascii=False, sort_keys=True)


def read(stored: str) -> dict[str, Answer]:
    return {field: answer if isinstance(answer, str) else tuple(answer) for field, answer in json.loads(stored).items()}


NOTHING: Final = written({})
