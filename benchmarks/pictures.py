"""How long a picture of KPIs takes, against a blank one of the same size from the same library."""

import statistics
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from uuid import uuid4

from benchmarks.measuring import seconds
from bot.pictures import png_of
from db.enums import Cadence, CheckInState, Confidence, Direction, KpiSource
from handlers.checkins import trend_drawing
from handlers.digests import drawing as digest_drawing
from tests.support.digesting import sample
from workflows.checkins.rules import Kpi, Rhythm
from workflows.checkins.trends import Read, Stood, Trends, Turn, Watched, trends_of

Figures = dict[str, dict[str, float]]


def pictures(rounds: int) -> Figures:
    """Draw the picture of one KPI and of four, from the numbers to the PNG; the first one of the process by itself."""
    first = seconds(partial(_drawn, _went(1, 3)))
    figures: Figures = {"the first of a process": {"ms": first * 1000}}
    for kpis, readings in ((1, 3), (4, 20)):
        went = _went(kpis, readings)
        drawing = trend_drawing.svg(went)
        blank = drawing[: drawing.index(">") + 1] + "</svg>"
        taken, floor = [], []
        for _ in range(rounds):
            floor.append(statistics.median(seconds(partial(png_of, blank)) for _ in range(20)))
            taken.append(statistics.median(seconds(partial(_drawn, went)) for _ in range(20)))
        figures[f"{kpis} with {readings} readings"] = {
            "ms": statistics.median(taken) * 1000,
            "of blank": statistics.median(one / other for one, other in zip(floor, taken, strict=True)),
            "KB": len(_drawn(went)) / 1000,
        }
    return figures


def digests(rounds: int) -> Figures:
    """Draw the two pictures of a digest, from the numbers to the PNG: use cases, and fifty teams."""
    digest = sample()
    many = tuple(replace(digest.adoption.teams[0], team=f"Team {number}") for number in range(50))
    crowded = replace(digest, adoption=replace(digest.adoption, teams=many))
    figures: Figures = {}
    for name, svg in (
        ("how far use cases came", partial(digest_drawing.funnel_svg, digest)),
        ("fifty teams", partial(digest_drawing.adoption_svg, crowded)),
    ):
        drawn = partial(_png, svg)
        taken = [statistics.median(seconds(drawn) for _ in range(20)) for _ in range(rounds)]
        figures[name] = {"ms": statistics.median(taken) * 1000, "KB": len(drawn()) / 1000}
    return figures


def _png(svg: Callable[[], str]) -> bytes:
    return png_of(svg())


def _drawn(went: Trends) -> bytes:
    return png_of(trend_drawing.svg(went))


def _went(kpis: int, readings: int) -> Trends:
    """Return so many KPIs with a reading a week, one of which in five is missing."""
    first, marek, schedule = date(2026, 3, 3), uuid4(), uuid4()
    watched = [
        Watched(
            id=uuid4(),
            says=Kpi(f"Hours per file of kind {number}", "hours", Direction.DOWN, 6, 3, None, date(2026, 12, 1)),
            rhythm=Rhythm(Cadence.WEEKLY),
            source=KpiSource.SELF,
            owner_id=marek,
            began=first,
            readings=readings,
            baseline=Stood(6, "hours", date(2026, 1, 5), date(2026, 2, 2)),
        )
        for number in range(kpis)
    ]
    reads, turns = [], []
    for week in range(readings):
        is_missing = week % 5 == 4
        state = CheckInState.MISSED if is_missing else CheckInState.ANSWERED
        said = None if is_missing else list(Confidence)[week % 3]
        turn = Turn(uuid4(), schedule, marek, first + timedelta(weeks=week), state, said)
        turns.append(turn)
        if not is_missing:
            value = 6 - week / 8
            reads += [Read(each.id, value, "hours", turn.on, each.source, turn.check_in_id) for each in watched]
    return trends_of(watched, reads, turns)
