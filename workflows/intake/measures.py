"""KPIs as people type them. Values in, values out; what is not understood is refused with an example."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from db.enums import Direction
from workflows.checkins.numbers import NotANumberError, both_ends, number
from workflows.checkins.rules import Kpi
from workflows.intake.answers import KPI_FIELDS, Answers, kpi_count, kpi_field, line


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field, in words for the person who typed it."""

    field: str
    text: str


def kpi_problems(answers: Answers, *, today: date) -> list[Problem]:
    """Return what is wrong with the KPIs, field by field. The first is needed; others may be left empty altogether."""
    found: list[Problem] = []
    for position in range(kpi_count(answers)):
        if position == 0 or _is_begun(answers, position):
            found += _problems(answers, position, today)
    return found


def kpis_of(answers: Answers) -> tuple[Kpi, ...]:
    """Return the KPIs of answers without problems."""
    return tuple(
        _kpi(answers, position)
        for position in range(kpi_count(answers))
        if position == 0 or _is_begun(answers, position)
    )


_MISSING: Final = {
    "kpi_name": "Name one number that will show it works, for example “Hours per case file”.",
    "kpi_unit": "Say what is counted, for example hours, % or €.",
    "kpi_direction": "Say which way the number should go.",
    "kpi_target": "Say which number is to be reached.",
    "kpi_due": "Say by when it is to be reached.",
}
LONGEST: Final = {"kpi_name": 120, "kpi_unit": 40}


def _problems(answers: Answers, position: int, today: date) -> list[Problem]:
    typed = {name: line(answers, kpi_field(name, position)) for name in KPI_FIELDS}
    found = {name: hint for name, hint in _MISSING.items() if not typed[name]}
    for name, longest in LONGEST.items():
        if len(typed[name]) > longest:
            found[name] = f"At most {longest} characters; this has {len(typed[name])}."
    if typed["kpi_direction"] and typed["kpi_direction"] not in set(Direction):
        found["kpi_direction"] = _MISSING["kpi_direction"]
    found |= _problem_of_baseline(typed) if typed["kpi_baseline"] else {}
    if typed["kpi_target"] and "kpi_direction" not in found:
        found |= _problem_of_target(typed, has_baseline=bool(typed["kpi_baseline"]) and "kpi_baseline" not in found)
    if typed["kpi_due"]:
        found |= _problem_of_due(typed["kpi_due"], today)
    return [Problem(kpi_field(name, position), found[name]) for name in KPI_FIELDS if name in found]


def _problem_of_baseline(typed: dict[str, str]) -> dict[str, str]:
    try:
        number(typed["kpi_baseline"], typed["kpi_unit"])
    except NotANumberError as error:
        return {"kpi_baseline": str(error)}
    return {}


def _problem_of_target(typed: dict[str, str], *, has_baseline: bool) -> dict[str, str]:
    direction, unit = Direction(typed["kpi_direction"]), typed["kpi_unit"]
    try:
        if direction is Direction.BAND:
            both_ends(typed["kpi_target"], unit)
            return {}
        target = number(typed["kpi_target"], unit)
    except NotANumberError as error:
        return {"kpi_target": str(error)}
    baseline = number(typed["kpi_baseline"], unit) if has_baseline else None
    if baseline == target:
        return {"kpi_target": "The target equals where it stands today, so nothing would have to change."}
    if baseline is not None and (target > baseline) is not (direction is Direction.UP):
        way = "up" if direction is Direction.UP else "down"
        return {"kpi_target": f"It should go {way}, but this target lies the other way from where it stands today."}
    return {}


def _problem_of_due(typed: str, today: date) -> dict[str, str]:
    try:
        due = date.fromisoformat(typed)
    except ValueError:
        return {"kpi_due": _MISSING["kpi_due"]}
    return {"kpi_due": "This day has passed; choose one to come."} if due < today else {}


def _kpi(answers: Answers, position: int) -> Kpi:
    typed = {name: line(answers, kpi_field(name, position)) for name in KPI_FIELDS}
    direction, unit = Direction(typed["kpi_direction"]), typed["kpi_unit"]
    is_band = direction is Direction.BAND
    low, high = both_ends(typed["kpi_target"], unit) if is_band else (number(typed["kpi_target"], unit), None)
    return Kpi(
        name=typed["kpi_name"],
        unit=unit,
        direction=direction,
        baseline=number(typed["kpi_baseline"], unit) if typed["kpi_baseline"] else None,
        target=low,
        target_high=high,
        due=date.fromisoformat(typed["kpi_due"]),
    )


def _is_begun(answers: Answers, position: int) -> bool:
    return any(line(answers, kpi_field(name, position)) for name in KPI_FIELDS)
