"""Shapes registers come in besides our own columns: the US federal inventory (M-25-21), and what we export ourselves.

Headings and allowed values of the first are those of its data dictionary, word for word (`omb_2025.json`, with where it
is from and under which licence). Values in, values out.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from workflows.people.rules import columns_in

STAGE: Final = "development_stage"
NOT_PROPOSED: Final = "Recorded, not proposed"
"""What our own register says of an entry that is no use case yet."""

_MADE_HARMLESS: Final = re.compile(r"\A'(?=[=+\-@\t\r\n＝＋－＠])|(?<=[;\t\r\n])'(?=[=+\-@＝＋－＠])")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the federal inventory. `values` are those it allows, none where anything may be written."""

    key: str
    heading: str
    values: tuple[str, ...] = ()


Reader = Callable[[Mapping[str, str]], dict[str, str]]
"""From the cells of a line by their heading, as `columns_in` gives it, to those `recorded import` knows."""


@lru_cache(maxsize=1)
def columns() -> tuple[Column, ...]:
    """Return the columns of the federal inventory of 2025, in its order."""
    return tuple(Column(each["key"], each["heading"], tuple(each.get("values", ()))) for each in _dictionary())


def stage_in_words(said: str) -> str:
    """Return the allowed value of which a stage is a spelling, as the dictionary has it; else what was said."""
    return _stages().get(_folded(said), said)


def reader_of(header: Sequence[str]) -> Reader | None:
    """Return how the lines below a heading are read, or None where it has none of these shapes."""
    names = columns_in(header)
    ours = {"reference", "record", "name"}
    if ours <= set(names):
        return _of_ours
    known = {each.key: columns_in([each.heading])[0] for each in columns()}
    if {known["id"], known["use_case_name"]} <= set(names):
        return lambda cells: _of_inventory({key: cells.get(name, "") for key, name in known.items()})
    return None


def _of_ours(cells: Mapping[str, str]) -> dict[str, str]:
    is_recording = cells["record"].strip() == NOT_PROPOSED
    stage = cells.get("stage_as_recorded" if is_recording else "state", "")
    return {
        "name": _as_typed(cells["name"]),
        "team": _as_typed(cells.get("team", "")),
        "problem": _as_typed(cells.get("problem", "")),
        "stage": _as_typed(stage),
        "vendor": _as_typed(cells.get("vendor", "")),
        "origin": cells["reference"],
    }


def _of_inventory(cells: Mapping[str, str]) -> dict[str, str]:
    stage = stage_in_words(_as_typed(cells[STAGE]))
    return {
        "name": _as_typed(cells["use_case_name"]),
        "team": _as_typed(cells["agency_bureau"]),
        "problem": _as_typed(cells["problem_solved"]),
        "stage": _short().get(stage, stage),
        "vendor": _as_typed(cells["vendor_name"]),
        "origin": cells["id"],
    }


def _as_typed(cell: str) -> str:
    """Return a cell without the apostrophe that kept a spreadsheet from reading a formula in it."""
    return _MADE_HARMLESS.sub("", cell)


@lru_cache(maxsize=1)
def _dictionary() -> Sequence[Mapping[str, Any]]:
    text = resources.files("workflows.recorded").joinpath("omb_2025.json").read_text(encoding="utf-8")
    return json.loads(text)["columns"]  # type: ignore[no-any-return]


@lru_cache(maxsize=1)
def _short() -> Mapping[str, str]:
    found: Mapping[str, str] = next(each["short"] for each in _dictionary() if each["key"] == STAGE)
    return found


@lru_cache(maxsize=1)
def _stages() -> Mapping[str, str]:
    spellings: Mapping[str, Sequence[str]] = next(each["spellings"] for each in _dictionary() if each["key"] == STAGE)
    known = {_folded(other): value for value, others in spellings.items() for other in others}
    for value, short in _short().items():
        known |= {_folded(short): value, _folded(value): value}
    return known


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
