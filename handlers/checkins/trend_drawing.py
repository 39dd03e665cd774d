"""Draw how KPIs went, as an SVG for a phone: values in, text out. A worker makes it a picture; no handler draws.

Sources differ by shape, what is confirmed by being filled, confidence by shape and letter: colour alone says nothing.
"""

import hashlib
import json
import math
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final

from db.enums import Direction
from handlers import lettering, templating
from handlers.checkins import trend_legend, trend_page
from handlers.checkins.trend_legend import confidence, legend
from handlers.checkins.trend_page import (
    BIG,
    BLUE,
    BROWN,
    EDGE,
    FAINT,
    GREEN,
    GREY,
    INK,
    LEFT,
    NEAR,
    NO_READING,
    RIGHT,
    ROOM,
    SHAPES,
    SMALL,
    USUAL,
    WIDTH,
    Area,
    Line,
    Mark,
    Page,
    Text,
)
from handlers.checkins.trend_words import aims_texts, compact_number, left_out_text, short_number
from handlers.kpis import short_day
from handlers.lettering import fitting, legible, width, wrapped
from handlers.text import counted
from workflows.checkins.trends import Point, Trend, Trends

TEMPLATE: Final = "trend.svg.j2"
_TALL, _LOW, _FEW = 104, 80, 2
_MANY: Final = 16  # points, from which on they are drawn smaller

Place = Callable[[date], float]


def svg(trends: Trends) -> str:
    """Return the picture of up to four KPIs, one below the other, on the same dates."""
    page, place = Page(), _dates(trends)
    for number, trend in enumerate(trends.drawn, start=1):
        _panel(page, trend, number, place, _TALL if len(trends.drawn) <= _FEW else _LOW)
    if trends.said:
        confidence(page, trends, place)
    legend(page, trends)
    height = math.ceil(page.y + EDGE - 4)
    drawn = {"areas": page.areas, "lines": page.lines, "marks": page.marks, "texts": page.texts}
    return templating.filled(TEMPLATE, width=WIDTH, height=height, **drawn)


def digest(trends: Trends) -> str:
    """Return what equal pictures have in common: a digest of all they are drawn from, and of how they are drawn."""
    seen = [_seen(each) for each in trends.drawn]
    said = [[on.isoformat(), track] for on, track in trends.said]
    told = json.dumps([_manner(), seen, said], ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def _seen(trend: Trend) -> list[object]:
    baseline = trend.baseline
    return [
        *(trend.name, trend.unit, trend.direction, trend.target, trend.target_high, trend.due.isoformat()),
        [baseline.value, baseline.first_day.isoformat(), baseline.last_day.isoformat()] if baseline else None,
        trend.is_rebased,
        [[each.on.isoformat(), each.value, each.source, each.is_verified] for each in trend.points],
        [[each.on.isoformat() for each in run] for run in trend.runs],
        [each.on.isoformat() for each in trend.gaps],
        trend.earlier,
        trend.other_units,
    ]


@lru_cache(maxsize=1)
def _manner() -> str:
    """Return a digest of what draws: drawn in another way it is another picture."""
    drawing = (__file__, lettering.__file__, trend_legend.__file__, trend_page.__file__)
    files = (templating.FOLDER / TEMPLATE, *map(Path, drawing))
    return hashlib.sha256(b"".join(each.read_bytes() for each in files)).hexdigest()


# --------------------------------------------------------------------------------------------- one KPI


def _panel(page: Page, trend: Trend, number: int, place: Place, height: float) -> None:
    name = legible(trend.name) or f"KPI {number}"
    for line in wrapped(name, BIG, ROOM, most=2, bold=True):
        page.y += BIG
        page.texts.append(Text(EDGE, page.y, line, BIG, INK, is_bold=True))
        page.y += 3
    for text, bold, colour in ((_newest(trend), True, INK), *((each, False, GREY) for each in _facts(trend))):
        size = USUAL if bold else SMALL
        page.y += size + 1
        page.texts.append(Text(EDGE, page.y, fitting(text, size, ROOM, bold=bold), size, colour, is_bold=bold))
        page.y += 2
    page.y += 10
    _plot(page, trend, place, height)
    page.y += height
    _date_labels(page, trend, place)
    page.y += 28


def _newest(trend: Trend) -> str:
    newest = trend.newest
    if newest is None:
        return "No reading yet"
    value, on = f"{short_number(newest.value)} ", f" on {short_day(newest.on)}"
    unit = fitting(legible(trend.unit) or "", USUAL, ROOM - width(value + on, USUAL, bold=True), bold=True)
    return f"{value}{unit}".rstrip() + on


def _facts(trend: Trend) -> Iterator[str]:
    stood, aims = aims_texts(trend)
    baseline = trend.baseline
    measured = f", {short_day(baseline.first_day)} to {short_day(baseline.last_day)}" if baseline else ""
    yield f"{stood[0].upper()}{stood[1:]}{measured}"
    yield f"{aims[0].upper()}{aims[1:]}"
    if trend.other_units:
        left_out = legible(left_out_text(trend)) or "readings in another unit left out"
        yield f"{left_out[0].upper()}{left_out[1:]}"
    if trend.earlier:
        yield f"{counted(trend.earlier, 'earlier reading')} not drawn"


def _plot(page: Page, trend: Trend, place: Place, height: float) -> None:
    top, bottom = page.y, page.y + height
    low, high = _span(trend)
    right = WIDTH - RIGHT

    def at(value: float) -> float:
        return _round(bottom - (value - low) / (high - low) * height)

    for tick in _ticks(low, high):
        page.lines.append(Line(((LEFT, at(tick)), (right, at(tick))), FAINT))
        page.texts.append(Text(LEFT - 5, at(tick) + 4, compact_number(tick), SMALL, anchor="end"))
    for gap in trend.gaps:
        page.lines.append(Line(((place(gap.on), top), (place(gap.on), bottom)), GREY, 1.5, NO_READING))
    _aims(page, trend, at, bottom)
    for run in trend.runs:
        page.lines.append(Line(tuple((place(each.on), at(each.value)) for each in run), BLUE, 2))
    size = 4 if len(trend.points) <= _MANY else 3
    page.marks += [_mark(place(each.on), at(each.value), each, size) for each in trend.points]


def _aims(page: Page, trend: Trend, at: Callable[[float], float], bottom: float) -> None:
    """Draw the baseline and the target, or the band, with their names beside them, neither upon the other."""
    right, labels = WIDTH - RIGHT, []
    if trend.baseline is not None:
        y = at(trend.baseline.value)
        page.lines.append(Line(((LEFT, y), (right, y)), BROWN, 1.5, "6 4"))
        labels.append((y, "baseline", BROWN))
    if trend.direction is Direction.BAND and trend.target_high is not None:
        top, bottom = at(trend.target_high), at(trend.target)
        page.areas.append(Area(LEFT, top, right - LEFT, _round(bottom - top)))
        labels.append(((top + bottom) / 2, "target", GREEN))
    else:
        y = at(trend.target)
        page.lines.append(Line(((LEFT, y), (right, y)), GREEN, 1.5))
        labels.append((y, "target", GREEN))
    below = bottom + NEAR
    for y, says, colour in sorted(labels, reverse=True):
        below = min(y, below - NEAR)
        page.texts.append(Text(right + 5, _round(below + 4), says, SMALL, colour, is_bold=True))


def _mark(x: float, y: float, point: Point, size: float) -> Mark:
    return Mark(x, y, SHAPES[point.source], size, is_filled=point.is_verified)


def _span(trend: Trend) -> tuple[float, float]:
    """Return which values a plot shows: all there are, with room above and below."""
    values = [trend.target, *(each.value for each in trend.points)]
    values += [trend.target_high] if trend.target_high is not None else []
    values += [trend.baseline.value] if trend.baseline else []
    low, high = min(values), max(values)
    margin = (high - low) * 0.1 or abs(high) * 0.1 or 1.0
    return low - margin, high + margin


def _ticks(low: float, high: float) -> list[float]:
    """Return two to five round numbers in a span."""
    rough = (high - low) / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough)
    first = math.ceil(low / step)
    return [float(f"{number * step:.12g}") for number in range(first, math.floor(high / step) + 1)]


# --------------------------------------------------------------------------------------------- dates


def _dates(trends: Trends) -> Place:
    """Return where a date stands, the same in every plot."""
    shown = sorted(_shown(trends))
    if not shown:
        return lambda _: (LEFT + WIDTH - RIGHT) / 2
    first, last = shown[0], shown[-1]
    if first == last:
        first, last = first - timedelta(days=1), last + timedelta(days=1)
    room = WIDTH - RIGHT - LEFT - 16

    def place(on: date) -> float:
        return _round(LEFT + 8 + (on - first) / (last - first) * room)

    return place


def _shown(trends: Trends) -> set[date]:
    found = {on for trend in trends.drawn for on in trend.dates}
    return found | {on for on, _ in trends.said}


def _date_labels(page: Page, trend: Trend, place: Place) -> None:
    """Write as many dates below a plot as fit, the first and the last of its own among them."""
    on = trend.dates
    if not on:
        return
    with_year = on[0].year != on[-1].year
    kept: list[date] = []
    last = on[-1]
    for each in on:
        says = _label(each, with_year=with_year)
        room = width(says, SMALL) + 10
        if each == last or (place(last) - place(each) >= room and (not kept or place(each) - place(kept[-1]) >= room)):
            kept.append(each)
    for each in kept:
        says = _label(each, with_year=with_year)
        page.lines.append(Line(((place(each), page.y), (place(each), page.y + 3)), GREY))
        page.texts.append(Text(place(each), page.y + 14, says, SMALL, anchor="middle"))


def _label(day: date, *, with_year: bool) -> str:
    return f"{day.day} {day:%b} {day:%y}" if with_year else f"{day.day} {day:%b}"


def _round(number: float) -> float:
    return round(number, 1)
