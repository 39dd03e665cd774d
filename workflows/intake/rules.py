"""What a proposal must say, and which of its answers belong together. Values in, values out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from db.enums import DataClass, Processing, Section

LONGEST: Final[Mapping[str, int]] = {
    "name": 150,  # fits a header block
    "problem": 3000,  # fits a text object and a modal's input
    "team": 80,
    "objective": 300,
    "kpi": 300,
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """The answers of a proposal. `owner_id` is None while the owner is not a full member."""

    name: str
    problem: str
    team: str
    owner_id: UUID | None
    objective: str
    kpi: str
    data_class: DataClass
    processing: Processing


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field, in words for the person who typed it."""

    field: str
    text: str


_MISSING: Final[Mapping[str, str]] = {
    "name": "Give the use case a name people will recognise.",
    "problem": "Say which problem it solves, and for whom.",
    "team": "Name the team that will use it.",
    "objective": "Name the business objective this serves. A use case without one cannot be submitted.",
    "kpi": "Name one number that will show it works, for example “hours per case file”.",
}


def problems_of(proposal: Proposal) -> list[Problem]:
    """Return what keeps the proposal from being submitted, field by field; an empty list means nothing does."""
    found = []
    for name, hint in _MISSING.items():
        text: str = getattr(proposal, name)
        if not text.strip():
            found.append(Problem(name, hint))
        elif len(text) > LONGEST[name]:
            found.append(Problem(name, f"At most {LONGEST[name]} characters; this has {len(text)}."))
    if proposal.owner_id is None:
        found.append(
            Problem("owner", "Choose a full member of your organisation: guests, apps and others cannot own it.")
        )
    return found


def sections_of(proposal: Proposal) -> dict[Section, dict[str, str]]:
    """Return the answers by the section a vote is bound to. The name is cosmetic: changing it re-opens nothing."""
    return {
        Section.PURPOSE: {"problem": proposal.problem, "team": proposal.team, "objective": proposal.objective},
        Section.DATA: {"data_class": proposal.data_class.value, "processing": proposal.processing.value},
        Section.PEOPLE: {"owner": str(proposal.owner_id)},
        Section.VALUE: {"kpi": proposal.kpi},
        Section.COSMETIC: {"name": proposal.name},
    }
