"""How good a use case would be to begin with: what a first one should be, judged by what is known. Values in, out.

Nothing is guessed: what was never said is unknown, and counts for nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from db.enums import DataClass, Membership, OutputUse, Processing, Tier
from workflows.people.snapshots import Actor


class Trait(StrEnum):
    """What makes a good first use case."""

    DEFINED = "defined"  # what goes in and what comes out
    DATA = "data"  # it works on data that exists
    OWNER = "owner"  # business people stand behind it
    RISK = "risk"
    VALUE = "value"  # can be measured in 60 to 90 days


class Verdict(StrEnum):
    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    UNKNOWN = "unknown"


POINTS: Final = {Verdict.YES: 2, Verdict.PARTLY: 1, Verdict.NO: 0, Verdict.UNKNOWN: 0}
MOST_POINTS: Final = 2 * len(Trait)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a use case. `dues` are the days its KPIs are due, `has_baseline` where one of them stood."""

    output_use: OutputUse
    outputs: str
    data_class: DataClass
    processing: Processing
    owner: Actor
    sponsor: Actor
    tier: Tier | None
    dues: Sequence[date | None]
    has_baseline: bool


@dataclass(frozen=True, slots=True)
class Score:
    """The verdict on each trait, in their order."""

    verdicts: tuple[tuple[Trait, Verdict], ...]

    @property
    def points(self) -> int:
        return sum(POINTS[verdict] for _, verdict in self.verdicts)

    @property
    def unknown(self) -> int:
        return sum(verdict is Verdict.UNKNOWN for _, verdict in self.verdicts)


def score(known: Known, *, today: date, days: int) -> Score:
    """Return how good a use case would be to begin with; `days` is how soon its value has to show."""
    found = {
        Trait.DEFINED: _defined(known),
        Trait.DATA: _data(known),
        Trait.OWNER: _owner(known),
        Trait.RISK: _risk(known.tier),
        Trait.VALUE: _value(known, today=today, days=days),
    }
    return Score(tuple((each, found[each]) for each in Trait))


def ranked(scores: Iterable[tuple[int, Score]]) -> list[int]:
    """Return the numbers of use cases, the best first: of equal ones those of which less is unknown, then the older."""
    return [number for number, each in sorted(scores, key=lambda one: (-one[1].points, one[1].unknown, one[0]))]


def _defined(known: Known) -> Verdict:
    """Judge whether it is known what goes in and what comes out."""
    parts = [known.data_class is not DataClass.UNKNOWN, known.output_use is not OutputUse.UNKNOWN]
    if all(parts) and known.outputs.strip():
        return Verdict.YES
    return Verdict.PARTLY if any(parts) else Verdict.UNKNOWN


def _data(known: Known) -> Verdict:
    """Judge whether there is data: a KPI that was measured before comes from data, whose class and place are known."""
    if known.data_class is DataClass.UNKNOWN:
        return Verdict.UNKNOWN
    return Verdict.YES if known.has_baseline and known.processing is not Processing.UNKNOWN else Verdict.PARTLY


def _owner(known: Known) -> Verdict:
    here = [each.membership is Membership.MEMBER for each in (known.owner, known.sponsor)]
    if not any(here):
        return Verdict.NO
    return Verdict.YES if all(here) and known.owner.id != known.sponsor.id else Verdict.PARTLY


def _risk(tier: Tier | None) -> Verdict:
    return {Tier.LOW: Verdict.YES, Tier.MEDIUM: Verdict.PARTLY, None: Verdict.UNKNOWN}.get(tier, Verdict.NO)


def _value(known: Known, *, today: date, days: int) -> Verdict:
    dues = [each for each in known.dues if each is not None]
    if not dues and not known.has_baseline:
        return Verdict.UNKNOWN
    is_soon = any(each <= today + timedelta(days=days) for each in dues)
    if is_soon and known.has_baseline:
        return Verdict.YES
    return Verdict.PARTLY if is_soon or known.has_baseline else Verdict.NO
