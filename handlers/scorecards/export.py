"""What came of a round as one HTML file: it needs nothing else, works without JavaScript, and prints well."""

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from handlers.scorecards.words import (
    DIMENSIONS,
    IS_OPINION,
    LEVELS,
    STEPS,
    change_text,
    headline,
    known_text,
    ordinal,
    owner_text,
    proof_text,
    said_text,
    score_text,
)
from handlers.templating import filled
from handlers.text import day_in_words, shown
from workflows import scorecards
from workflows.programme import PHASES
from workflows.scorecards import Closed, PhaseScore, Result, Scored

TEMPLATE = "scorecard.html.j2"


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table. `percent` is how much of the bar is filled; nothing is drawn where there is no score."""

    name: str
    score: str
    percent: int | None
    told: str
    change: str
    levels: tuple[str, str, str] = ("", "", "")
    is_proven: bool = False


def file_name(found: Closed) -> str:
    return f"scorecard-{found.round.number}.html"


def page(found: Closed) -> str:
    """Return the whole file. Days are those where whoever started the round is."""
    result, round_ = found.result, found.round
    closed = round_.closed_at.astimezone(ZoneInfo(round_.opened_by.zone)).date() if round_.closed_at else round_.due_on
    return filled(
        TEMPLATE,
        reference=round_.reference,
        headline=headline(result),
        opinion=IS_OPINION,
        closed=day_in_words(closed),
        answered=len(round_.answered),
        asked=len(round_.asked),
        previous=f"SC-{found.previous}" if found.previous else "",
        ready=scorecards.READY,
        phases=[_phase_row(each, result) for each in result.phases],
        apart=[(DIMENSIONS[each.dimension], said_text(each)) for each in result.apart],
        gaps=list(_gaps(found)),
        parts=[(PHASES[each.phase], [_row(one, result) for one in each.dimensions]) for each in result.phases],
    )


def _phase_row(each: PhaseScore, result: Result) -> Row:
    change = change_text(result.changed(each.phase))
    name = f"{ordinal(each.phase)} · {PHASES[each.phase]}"
    return Row(name, score_text(each.score), _percent(each), known_text(result, each.phase), change)


def _row(each: Scored, result: Result) -> Row:
    return Row(
        name=DIMENSIONS[each.dimension],
        score=score_text(each.score),
        percent=_percent(each),
        told=proof_text(each) or said_text(each),
        change=change_text(result.changed(each.dimension)),
        levels=LEVELS[each.dimension],
        is_proven=each.proven is not None,
    )


def _percent(each: PhaseScore | Scored) -> int | None:
    return None if each.score is None else scorecards.tenths(each.score) * 100 // (scorecards.HIGHEST * 10)


def _gaps(found: Closed) -> Iterator[tuple[str, str, str, str]]:
    """Yield name, score, who sees to it, and what to do."""
    for each in found.gaps:
        step = STEPS.get(each.dimension, "have it written down, approved and in force")
        score = score_text(found.result.score_of(each.dimension))
        yield DIMENSIONS[each.dimension], score, owner_text(each, shown), step
