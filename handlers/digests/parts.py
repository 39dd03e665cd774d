"""Which parts a digest has, and what the buttons beside them carry."""

from enum import StrEnum, auto
from typing import Final
from uuid import UUID

from handlers.blocks import BlockKit, button
from handlers.ids import Action

_BETWEEN: Final = "."


class Part(StrEnum):
    """A part of a digest that people can ask to see behind."""

    FUNNEL = auto()
    PROGRAMME = auto()
    APPROVALS = auto()
    ADOPTION = auto()
    KPIS = auto()
    CORRECTIONS = auto()
    HOURS = auto()
    DUE = auto()
    ANSWERS = auto()


NAMES: Final = {
    Part.FUNNEL: "Use cases",
    Part.PROGRAMME: "Programme",
    Part.APPROVALS: "Approvals",
    Part.ADOPTION: "Adoption",
    Part.KPIS: "KPIs",
    Part.CORRECTIONS: "Corrections",
    Part.HOURS: "Hours and value",
    Part.DUE: "Coming up",
    Part.ANSWERS: "Answers",
}

LEFT_OUT: Final = frozenset({Part.CORRECTIONS, Part.HOURS})
"""What is not told in short."""


def behind_value(digest_id: UUID, part: Part) -> str:
    """Return what a "Behind these numbers" button carries: `<digest id>.<part>`."""
    return f"{digest_id}{_BETWEEN}{part.value}"


def read_behind(value: str) -> tuple[UUID, Part] | None:
    """Return which part of which digest a button asks about; None where it carries something else."""
    found = _split(value)
    if found is None or found[1] not in list(Part):
        return None
    return found[0], Part(found[1])


def kpi_value(digest_id: UUID, kpi_id: UUID) -> str:
    """Return what a KPI's "Readings" button carries: `<digest id>.<KPI id>`."""
    return f"{digest_id}{_BETWEEN}{kpi_id}"


def read_kpi(value: str) -> tuple[UUID, UUID] | None:
    """Return which digest and KPI a button asks about; None where it carries something else."""
    found = _split(value)
    kpi_id = found and _uuid(found[1])
    return (found[0], kpi_id) if found and kpi_id else None


def behind_button(digest_id: UUID, part: Part) -> BlockKit:
    label = f"Behind these numbers: {NAMES[part].lower()}"
    return button(Action.DIGEST_BEHIND, "Behind these numbers", behind_value(digest_id, part), label=label)


def kpi_button(digest_id: UUID, kpi_id: UUID, name: str) -> BlockKit:
    return button(Action.DIGEST_KPI, "Readings", kpi_value(digest_id, kpi_id), label=f"Readings of {name}"[:75])


def _split(value: str) -> tuple[UUID, str] | None:
    digest, found, rest = value.partition(_BETWEEN)
    digest_id = _uuid(digest)
    return (digest_id, rest) if digest_id and found else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
