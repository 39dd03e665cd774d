"""What numbers of a week come to, and which team is meant. Values in, values out."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from db.enums import RootCause
from workflows.digests.snapshots import Corrections, Span, Value

MOST_LINES: Final = 10
MOST_RETURNS: Final = 10
MOST_WINS: Final = 5
MOST_MISSING: Final = 20
MOST_EARLIER: Final = 8
"""How many readings before the window stand behind a number: at one a week two months."""

SIGNS: Final[Mapping[str, str]] = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}
"""How a currency is written besides its ISO code."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of use cases in one window together; of all of them, or of those with or without a baseline.

    `hours` are what `claims` of them claimed, `net` what is left of that where it is known how much was corrected, in
    `known` of them. `corrected` and `looked_at` are of the answers that tell of both; `unknown` counts the others.
    """

    hours: Span | None = None
    claims: int = 0
    net: Span | None = None
    known: int = 0
    looked_at: int = 0
    corrected: Mapping[RootCause, int] | None = None
    unknown: int = 0


def one_line(text: str) -> str:
    """Return what somebody wrote as one line."""
    return " ".join(text.split())


def rate(corrected: int, looked_at: int) -> float | None:
    """Return corrected ÷ looked at, 0 to 1; None where nobody looked, which is never nought (product.md, 8)."""
    return corrected / looked_at if looked_at else None


def less_corrected(hours: Span, rate: float | None) -> Span | None:
    """Return net hours: gross × (1 - correction rate), None where that is not known (product.md, 8)."""
    return None if rate is None else Span(hours.low * (1 - rate), hours.high * (1 - rate))


def corrections(now: Iterable[Said], before: Iterable[Said]) -> Corrections:
    """Return what had to be corrected in a window, over everything said in it."""
    said = list(now)
    looked_at, by_cause = _looked(said)
    looked_before, by_cause_before = _looked(before)
    return Corrections(
        looked_at=looked_at,
        by_cause=by_cause,
        rate=rate(sum(by_cause.values()), looked_at),
        rate_before=rate(sum(by_cause_before.values()), looked_before),
        unknown=sum(each.unknown for each in said),
    )


def _looked(said: Iterable[Said]) -> tuple[int, dict[RootCause, int]]:
    looked_at, by_cause = 0, Counter[RootCause]()
    for each in said:
        looked_at += each.looked_at
        by_cause.update(each.corrected or {})
    return looked_at, {cause: by_cause[cause] for cause in RootCause if cause in by_cause}


def value(proven: Said, before: Said, unproven: Said) -> Value:
    """Return hours saved: of use cases with a locked baseline, and apart from these what others claim."""
    return Value(
        gross=proven.hours,
        gross_before=before.hours,
        gross_of=proven.claims,
        net=proven.net,
        net_of=proven.known,
        unverifiable=unproven.hours,
        unverifiable_of=unproven.claims,
        costs={},
        returns=(),
    )
