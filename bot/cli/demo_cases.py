"""The use cases the demo is seeded with, as demo_cases.yml tells them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

FILE = Path(__file__).with_name("demo_cases.yml")
FACTS: Final = ("output_use", "data_class", "processing", "build", "decision", "affected", "areas", "practices")

Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody does about a case after it was proposed, or about something else of the programme."""

    ago: int
    who: str
    does: str
    says: str = ""
    because: str = ""
    changed: Answers = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Thread:
    """Deeds about one thing, in their order; its key is what people call that thing by."""

    key: str
    deeds: Sequence[Deed]


@dataclass(frozen=True, slots=True)
class Case:
    """A use case as it is proposed. `answers` holds the register's texts and what was written for the demo."""

    key: str
    name: str
    made_up: bool
    register: Mapping[str, Any]
    answers: Answers
    proposer: str
    owner: str
    ago: int
    deeds: Sequence[Deed]
    stops_at: str | None = None
    joins: str | None = None
    began_as: str | None = None


def read(path: Path = FILE) -> Sequence[Case]:
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [_case(entry, told["objectives"]) for entry in told["cases"]]


def facts(answers: Answers) -> dict[str, frozenset[str]]:
    """Return what a policy is asked with."""
    given = {name: answers[name] for name in FACTS} | dict(answers.get("questions") or {})
    return {name: frozenset([value] if isinstance(value, str) else value) for name, value in given.items()}


def _case(entry: Mapping[str, Any], objectives: Mapping[str, str]) -> Case:
    written = dict(entry["written_for_the_demo"])
    deeds = [deed_of(one) for one in written.pop("then")]
    texts = {
        "name": entry["use_case_name"],
        "problem": entry["problem_solved"],
        "benefit": entry["benefits"],
        "outputs": entry["system_outputs"],
    }
    return Case(
        key=entry["key"],
        name=entry["use_case_name"],
        made_up=bool(entry.get("made_up")),
        register=entry.get("register") or {},
        answers=written | texts | {"objective": objectives[written["objective"]]},
        proposer=written["proposer"],
        owner=written["owner"],
        ago=written["ago"],
        deeds=deeds,
        stops_at=written.get("stops_at"),
        joins=written.get("joins"),
        began_as=written.get("began_as"),
    )


def deed_of(entry: Mapping[str, Any]) -> Deed:
    return Deed(
        ago=entry["ago"],
        who=entry["who"],
        does=entry["does"],
        says=entry.get("says") or "",
        because=entry.get("because") or "",
        changed=entry.get("with") or {},
    )
