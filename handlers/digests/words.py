"""Say what a week tells: every figure in words, and what is missing as missing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Final

from db.enums import CheckInState, RootCause
from handlers.checkins.trend_words import short_number
from handlers.corrections import CAUSES, SUGGESTIONS
from handlers.programme.words import STATES as GATE_STATES
from handlers.templating import Mrkdwn
from handlers.text import counted, day_in_words, inline, listed
from workflows.adoption import Figure, Telling
from workflows.digests import Digest, DueKind, KpiStanding, Named, Span, Stage, Window
from workflows.programme import CRITERION_NAMES, PHASES, Standing

STAGES: Final[Mapping[Stage, str]] = {
    Stage.PROPOSED: "proposed",
    Stage.APPROVED: "approved",
    Stage.IN_DEPLOYMENT: "in deployment",
    Stage.DEPLOYED: "deployed",
    Stage.OPTIMISING: "optimising",
    Stage.SCALING: "scaling",
}
TELLINGS: Final[Mapping[Telling, str]] = {
    Telling.SHOWN: "shown",
    Telling.SUPPRESSED: "hidden",
    Telling.NOT_REPORTED: "no answer",
    Telling.NOT_MEASURABLE: "not measurable from its sources",
    Telling.UNVERIFIABLE: "unverifiable",
}
STANDINGS: Final[Mapping[KpiStanding, str]] = {
    KpiStanding.OFF_TRACK: "off track",
    KpiStanding.AT_RISK: "at risk",
    KpiStanding.PAST_DUE: "past its day, target not reached",
    KpiStanding.UNREAD: "no reading",
    KpiStanding.ON_TRACK: "on track",
    KpiStanding.AT_TARGET: "at its target",
}
LACKS: Final[Mapping[Standing, str]] = {
    Standing.MET: "met",
    Standing.WAIVED: "waived for a while",
    Standing.UNMET: "missing",
    Standing.LAPSED: "lapsed",
}
DUES: Final[Mapping[DueKind, str]] = {
    DueKind.CONDITION: "condition",
    DueKind.RECERTIFICATION: "recertification",
}
UNANSWERED: Final[Mapping[CheckInState, str]] = {
    CheckInState.PENDING: "not asked yet",
    CheckInState.DUE: "no answer yet",
    CheckInState.OVERDUE: "no answer yet",
    CheckInState.MISSED: "no answer",
    CheckInState.ANSWERED: "answered",
    CheckInState.SKIPPED: "left out, with a reason",
    CheckInState.AWAY: "away",
}
FIXES: Final[Mapping[RootCause, str]] = {
    RootCause.PROMPT: "a tested prompt",
    RootCause.CONTEXT: "a complete context pack",
    RootCause.WORKFLOW: "a changed step of the workflow",
}
"""What the suggested fix of a cause is called; `SUGGESTIONS` says all of it."""
_NAMES: Final[Sequence[Mapping[StrEnum, str]]] = (  # type: ignore[assignment]
    *(STAGES, TELLINGS, STANDINGS, LACKS, DUES, UNANSWERED, CAUSES, PHASES, CRITERION_NAMES, GATE_STATES),
)
NAME_SHOWN, TEAM_SHOWN, KPI_SHOWN = 60, 40, 60


def days_text(window: Window) -> str:
    """Return “Mon 27 Jul to Sun 2 Aug 2026”."""
    first, last = window.first, window.last
    year = f" {first.year}" if first.year != last.year else ""
    return f"{first:%a} {first.day} {first:%b}{year} to {day_in_words(last)}"


def title_of(digest: Digest, *, is_preview: bool = False) -> str:
    """Return what a digest is called, as plain text: what it is about, and which days."""
    whose = f"AI in {digest.team}" if digest.team else "AI programme"
    return f"{'Preview: ' if is_preview else ''}{whose}, {days_text(digest.window)}"


def against(now: float, before: float) -> str:
    """Return “2 more”, “1 fewer”, “as many”: against the seven days before."""
    if now == before:
        return "as many"
    return f"{short_number(abs(now - before))} {'more' if now > before else 'fewer'}"


def figure_text(figure: Figure, unit: str = "") -> str:
    """Return a figure, or why there is none: “28”, “70 %”, “hidden”, “no answer”."""
    if figure.value is None:
        return TELLINGS[figure.telling]
    return f"{short_number(figure.value)}{unit}"


def changed_text(figure: Figure) -> str:
    """Return “6 more”, “2 fewer”, “as many”; nothing where the change is not told."""
    return "" if figure.value is None else against(figure.value, 0)


def span_text(span: Span | None) -> str:
    """Return “40 to 60 hours”; that nobody said where nobody did."""
    if span is None:
        return "nobody said"
    low, high = short_number(span.low), short_number(span.high)
    return f"{low} hours" if low == high else f"{low} to {high} hours"


def percent_text(rate: float | None) -> str:
    """Return “12.5 %” of a rate from 0 to 1; what is not nought never reads like it."""
    if rate is None:
        return "nobody looked"
    text = short_number(round(rate * 100, 1))
    return "under 0.1 %" if text == "0" and rate else f"{text} %"


def case_text(named: Named) -> Mrkdwn:
    """Return “UC-4 Triage mail (Service)” for mrkdwn."""
    team = f" ({inline(named.team, limit=TEAM_SHOWN)})" if named.team else ""
    return Mrkdwn(f"{inline(named.reference)} {inline(named.name, limit=NAME_SHOWN)}{team}")


def name_of(value: StrEnum) -> str:
    """Return what a member of one of the vocabularies is called. Raises LookupError for any other."""
    for names in _NAMES:
        for member, text in names.items():
            if member is value:
                return text
    raise LookupError(f"nothing is called {value!r}")


def phase_number(phase: StrEnum) -> int:
    return [str(each) for each in PHASES].index(str(phase)) + 1


def fix_text(cause: RootCause) -> str:
    return FIXES[cause]


def suggestion_text(cause: RootCause) -> str:
    return SUGGESTIONS[cause]


def _day(day: date) -> str:
    return day_in_words(day)


def _listed(names: Sequence[str], last: str = "and") -> str:
    return listed([str(each) for each in names], last=last)


FILTERS: Final[Mapping[str, Callable[..., object]]] = {
    "against": against,
    "called": name_of,
    "case": case_text,
    "changed": changed_text,
    "counted": counted,
    "day": _day,
    "days": days_text,
    "figure": figure_text,
    "fix": fix_text,
    "hours": span_text,
    "listed": _listed,
    "percent": percent_text,
    "phase_number": phase_number,
    "shortened": lambda text, limit=NAME_SHOWN: Mrkdwn(inline(str(text), limit=limit)),
    "suggestion": suggestion_text,
}
"""What a text template can ask of a value; `docs/digest.md` says what each returns."""
