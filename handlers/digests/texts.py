"""Fill the text templates of a digest with what a channel may read."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from handlers import templating
from handlers.digests.parts import Part
from handlers.digests.words import FILTERS, days_text
from workflows.adoption import Adoption, Telling
from workflows.digests import Digest, KpiStanding, Named

LONGEST_HEADLINE: Final = 2800
LONGEST_PART: Final = 8000
HEADLINE, EMPTY, KPI, REST = "headline", "empty", "kpi", "rest"
TEXTS: Final[Mapping[str, int]] = {
    HEADLINE: LONGEST_HEADLINE,
    EMPTY: LONGEST_HEADLINE,
    **{part.value: LONGEST_PART for part in Part},
    KPI: 600,
    REST: LONGEST_PART,
}
"""Every text there is, and how long it may be."""
FOLDER: Final = "digest"


@dataclass(frozen=True, slots=True)
class AtRisk:
    """A KPI that needs somebody, without its values: those are for who may read its use case."""

    kpi_id: UUID
    of: Named
    name: str
    due: date
    standing: KpiStanding


def file_of(text: str) -> str:
    """Return the template of a text, as it is called in our folder and in an organisation's own."""
    return f"{FOLDER}/{text}.mrkdwn.j2"


def text_of(text: str, digest: Digest, **more: object) -> str:
    """Return one of the texts of a digest as mrkdwn."""
    return templating.said(file_of(text), values_of(digest) | more, FILTERS, longest=TEXTS[text])


def at_risk(digest: Digest) -> list[AtRisk]:
    return [AtRisk(each.kpi_id, each.of, each.name, each.due, each.standing) for each in digest.numbers.kpis.worst]


def values_of(digest: Digest) -> dict[str, Any]:
    """Return what every text can say: no values of single use cases, which a channel's readers may not all read."""
    told, standing, numbers = for_channel(digest), digest.standing, digest.numbers
    return {
        "digest": told,
        "days": days_text(digest.window),
        "team": digest.team or "",
        "funnel": standing.funnel,
        "programme": standing.programme,
        "approvals": standing.approvals,
        "coming": standing.coming,
        "break_glass": standing.break_glass,
        "ownerless": standing.ownerless,
        "ownerless_in_all": standing.ownerless_in_all,
        "head": standing.head,
        "adoption": digest.adoption,
        "some_hidden": hides(digest.adoption),
        "kpis": told.numbers.kpis,
        "at_risk": at_risk(digest),
        "corrections": numbers.corrections,
        "value": told.numbers.value,
        "wins": numbers.wins,
        "answers": numbers.answers,
        "training": numbers.training,
    }


def for_channel(digest: Digest) -> Digest:
    """Return a digest without the values of single use cases."""
    numbers = digest.numbers
    kpis, value = replace(numbers.kpis, worst=()), replace(numbers.value, returns=())
    return replace(digest, numbers=replace(numbers, kpis=kpis, value=value))


def hides(adoption: Adoption) -> bool:
    """Say whether a number of people is hidden."""
    figures = [figure for each in (*adoption.teams, adoption.total) for figure in (each.eligible, each.active)]
    return any(each.telling is Telling.SUPPRESSED for each in figures)
