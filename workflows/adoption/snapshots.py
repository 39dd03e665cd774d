"""Frozen pictures of how much something is used."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum, auto


class Telling(StrEnum):
    """Whether a figure can be told, and if not why not. Missing is never nought."""

    SHOWN = auto()
    SUPPRESSED = auto()  # of fewer than five people, or one such figure would follow from it
    NOT_REPORTED = auto()  # nobody said
    NOT_MEASURABLE = auto()  # its sources cannot tell
    UNVERIFIABLE = auto()  # claimed, without a locked baseline


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, or why there is none to be told. `value` is None unless it is shown."""

    telling: Telling
    value: float | None = None

    @classmethod
    def of(cls, value: float | None) -> "Figure":
        """Return a figure that may be told; not reported where there is none."""
        return cls(Telling.NOT_REPORTED) if value is None else cls(Telling.SHOWN, value)

    @property
    def is_shown(self) -> bool:
        return self.telling is Telling.SHOWN


@dataclass(frozen=True, slots=True)
class TeamUse:
    """How many people of a team could use its use cases, were given access, and used them in the days of the window.

    Whoever uses two use cases counts twice: sources cannot be joined by person. `rate` is active of eligible in per
    cent; `before` is active in the window before, `change` what it is more now, told only where both are.
    `cases` is how many use cases anything is known of.
    """

    team: str
    cases: int
    eligible: Figure
    assigned: Figure
    active: Figure
    rate: Figure
    before: Figure
    change: Figure


@dataclass(frozen=True, slots=True)
class SourceUse:
    """What one source says of a use case. Sources stand beside each other and are never added."""

    source: str  # `check_in`, or a usage source's value
    definition: str
    first_day: date
    last_day: date
    eligible: Figure
    assigned: Figure
    active: Figure


@dataclass(frozen=True, slots=True)
class Adoption:
    """How much is used, by team, in one window.

    `total` is the sum over the teams that reported, also those not shown. `unreported` is how many use cases in use
    nobody said anything of; `disputed` of how many more than one source says something else.
    """

    teams: tuple[TeamUse, ...]
    total: TeamUse
    unreported: int
    disputed: int
    movers: tuple[str, ...]  # teams whose rate changed most, the largest change first
