"""Numbers and KPIs as people type them. Values in, values out; what is not understood is refused with an example."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from db.enums import Direction
from workflows.intake.answers import KPI_FIELDS, Answers, kpi_count, kpi_field, line

LARGEST: Final = 1e12
EXAMPLE: Final = "Type a number like 12, 1234.5 or 12 %."
_AMOUNT = re.compile(
    r"(?:[$€£¥]|[A-Z]{3})?\s?(?P<sign>[-+−]?)\s?(?P<digits>[0-9][0-9.,]*)\s*(?P<after>(?:[^\W\d_]|[%°€$£¥/])[^0-9]*)?"
)
_THOUSANDS = re.compile(r"(?<=[0-9])[ '’\u00a0\u202f](?=[0-9]{3}(?![0-9]))")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+(?:\.[0-9]+)?|(?:\.[0-9]{3})+(?:,[0-9]+)?)")
_DECIMAL = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
_EITHER = re.compile(r"([1-9][0-9]{0,2})[.,]([0-9]{3})")
_BETWEEN = re.compile(r"\s*(?:\bto\b|\band\b|\bbis\b|–|—|…|\.{2,3}|(?<=[\w%°€$£¥])\s*-(?=\s*[-+−]?[0-9]))\s*")
_MULTIPLIERS: Final = frozenset(
    (
        *("k", "m", "mn", "mio", "mln", "b", "bn", "tsd", "mrd"),
        *("hundred", "thousand", "million", "millions", "billion", "billions", "dozen"),
    )
)


@dataclass(frozen=True, slots=True)
class Kpi:
    """A number that is to show whether it works. A band lies between `target` and `target_high`."""

    name: str
    unit: str
    direction: Direction
    baseline: float | None
    target: float
    target_high: float | None
    due: date


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field, in words for the person who typed it."""

    field: str
    text: str


class NotANumberError(ValueError):
    """What was typed is no number we understand; the message says why and what would be."""


def number(typed: str, unit: str = "") -> float:
    """Return 1234.5 for “1,234.5”, “1.234,5” or “1 234,5 h”; a unit behind it is left out.

    Raises NotANumberError for what is none, and for what can be read as two: “1,234”.
    """
    words = f"“{typed.strip()[:40]}”"
    found = _AMOUNT.fullmatch(_THOUSANDS.sub("", typed.strip()))
    if found is None:
        raise NotANumberError(f"{words} is not one number. {EXAMPLE}")
    after = (found["after"] or "").strip(" .").casefold()
    if after in _MULTIPLIERS and after != unit.strip().casefold():
        raise NotANumberError(f"Please write {words} out in full, for example 5000.")
    value = float(_plain(found["digits"], words))
    if value > LARGEST:
        raise NotANumberError(f"{words} is more than can be counted here; use a larger unit.")
    return -value if found["sign"] in ("-", "−") and value else value


def _plain(digits: str, words: str) -> str:
    """Return digits with marks in Python's own spelling."""
    either = _EITHER.fullmatch(digits)
    if either is not None:
        whole, rest = either.groups()
        raise NotANumberError(f"{words} can be read in two ways. Type {whole}{rest}, or {whole}.{rest}0.")
    if _GROUPED.fullmatch(digits):
        thousands = next(mark for mark in digits if mark in ".,")
        return digits.replace(thousands, "").replace(",", ".")
    if _DECIMAL.fullmatch(digits):
        return digits.replace(",", ".")
    raise NotANumberError(f"{words} is not one number. {EXAMPLE}")


def both_ends(typed: str, unit: str = "") -> tuple[float, float]:
    """Return (10, 20) for “10 to 20” or “20–10”. Raises NotANumberError unless there are two different ends."""
    ends = _BETWEEN.split(typed.strip())
    if len(ends) != 2:  # noqa: PLR2004 - a range
        raise NotANumberError("A range has two ends. Type both, like 10 to 20.")
    low, high = sorted(number(end, unit) for end in ends)
    if low == high:
        raise NotANumberError("A range needs two different ends, like 10 to 20.")
    return low, high


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


def plain_number(value: float) -> str:
    """Return a number without ornament: 1234.5, 12."""
    digits = f"{Decimal(repr(value + 0.0)):f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def as_typed(value: float) -> str:
    """Return a number as it can be typed: read again it is the same one."""
    digits = plain_number(value)
    return f"{digits}0" if _EITHER.fullmatch(digits.lstrip("-")) else digits


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
