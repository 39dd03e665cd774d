"""Say how much something is used, the same on every screen: each source with its window, fewer than five hidden."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from db.enums import UsageMeasure
from db.session import Session
from handlers.kpis import short_day
from workflows import adoption
from workflows.adoption import NAMES, Figure, Rate, SourceUse, Telling, of_enough

DAYS_SHOWN: Final = 28
HIDDEN_BECAUSE: Final = "Hidden are numbers of fewer than five people, and those from which one would follow."
TELLINGS: Final[Mapping[Telling, str]] = {
    Telling.SUPPRESSED: "hidden",
    Telling.NOT_REPORTED: "not reported",
    Telling.NOT_MEASURABLE: "not measurable from this source",
    Telling.UNVERIFIABLE: "unverifiable",
}


def use_lines_of(session: Session, use_case_id: UUID, *, today: date) -> list[str]:
    """Return what each source says of the 28 days up to yesterday, a line each; nothing where none says anything."""
    last = today - timedelta(days=1)
    uses = adoption.uses_of(session, use_case_id, last - timedelta(days=DAYS_SHOWN - 1), last)
    because = [HIDDEN_BECAUSE] if any(map(hides, uses)) else []
    return ["*Use*", *(f"• {use_line(each)}" for each in uses), *because] if uses else []


def hides(use: SourceUse) -> bool:
    """Say whether a number of people a source tells of is not shown."""
    told = (of_enough(each) for each in (use.eligible, use.assigned, use.active))
    return any(each.telling is Telling.SUPPRESSED for each in told)


def use_line(use: SourceUse) -> str:
    """Return “GitHub Copilot, 4 to 10 Aug 2026: active 31; eligible, assigned not measurable from this source”."""
    numbers = {"active": use.active, "eligible": use.eligible, "assigned": use.assigned}
    shown = [f"{name} {figure_text(figure)}" for name, figure in numbers.items() if _is_number(figure)]
    why: dict[str, list[str]] = {}
    for name, figure in numbers.items():
        if not _is_number(figure):
            why.setdefault(TELLINGS[figure.telling], []).append(name)
    parts = [", ".join(shown), *(f"{', '.join(names)} {text}" for text, names in why.items())]
    window = _window(use.first_day, use.last_day)
    return f"{NAMES[use.source]}, {window}: {'; '.join(filter(None, parts))}"


def figure_text(figure: Figure) -> str:
    """Return how many people, or why that is not told."""
    told = of_enough(figure)
    return f"{told.value:g}" if told.value is not None else TELLINGS[told.telling]


def rate_text(rate: Rate) -> str:
    """Return “24 % of the 120 eligible” with whose number that is, or why there is none."""
    if rate.figure.value is None or rate.of is None:
        return TELLINGS[rate.figure.telling]
    whose = f" as {NAMES[rate.said_by]} says" if rate.said_by else ""
    nobody = " (nobody said who could use it)" if rate.of is UsageMeasure.ASSIGNED else ""
    return f"{rate.figure.value:.0f} % of those {rate.of}{whose}{nobody}"


def _is_number(figure: Figure) -> bool:
    return figure.telling in (Telling.SHOWN, Telling.SUPPRESSED)


def _window(first: date, last: date) -> str:
    if first == last:
        return short_day(last)
    return f"{short_day(first)} to {short_day(last)}"
