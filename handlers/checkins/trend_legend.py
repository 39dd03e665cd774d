"""The foot of a picture of KPIs: what was said of the use case each time, and what the shapes mean."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Final

from db.enums import Confidence, KpiSource
from handlers.checkins.trend_page import (
    BROWN,
    EDGE,
    GREEN,
    GREY,
    INK,
    NEAR,
    NO_READING,
    SHAPES,
    SMALL,
    USUAL,
    WIDTH,
    Line,
    Mark,
    Page,
    Text,
)
from handlers.checkins.trend_words import TRACKS
from handlers.kpis import SOURCES
from handlers.lettering import width
from workflows.checkins.trends import Trends

BADGES: Final = {
    Confidence.ON_TRACK: ("circle", "O", GREEN),
    Confidence.AT_RISK: ("triangle", "R", BROWN),
    Confidence.OFF_TRACK: ("square", "X", "#9c1c1c"),
}


def confidence(page: Page, trends: Trends, place: Callable[[date], float]) -> None:
    """Draw what was said each time. Where there is no room the same is not said twice in a row, and a change lower."""
    page.y += 10
    page.texts.append(Text(EDGE, page.y, "Confidence", USUAL, INK, is_bold=True))
    page.y += 16
    before: tuple[float, Confidence] | None = None
    row, rows = 0, 1
    for on, track in trends.said:
        x = place(on)
        is_near = before is not None and x - before[0] < NEAR
        if not is_near or (before is not None and track is not before[1]):
            row = 1 - row if is_near else 0
            rows = max(rows, row + 1)
            _badge(page, x, page.y + row * NEAR, track)
            before = x, track
    page.y += 9 + rows * NEAR


def _badge(page: Page, x: float, y: float, track: Confidence) -> None:
    shape, letter, colour = BADGES[track]
    page.marks.append(Mark(x, y, shape, 5, colour))
    page.texts.append(Text(x, y + 3, letter, 8.5, "#ffffff", is_bold=True, anchor="middle"))


def legend(page: Page, trends: Trends) -> None:
    """Say what each shape means that occurs, as many beside each other as fit."""
    x, size = float(EDGE), SMALL
    for says, draw in _entries(trends):
        room = 20 + width(says, size) + 14
        if x > EDGE and x + room > WIDTH - EDGE + 14:
            x, page.y = float(EDGE), page.y + 17
        draw(page, x + 6, page.y)
        page.texts.append(Text(x + 17, page.y + 4, says, size))
        x += room
    page.y += 8


def _entries(trends: Trends) -> Iterator[tuple[str, Callable[[Page, float, float], None]]]:
    points = [each for trend in trends.drawn for each in trend.points]
    for source in (each for each in KpiSource if each in {point.source for point in points}):
        yield SOURCES[source], _sample(SHAPES[source], is_filled=source is KpiSource.SYSTEM)
    if any(each.is_verified and each.source is not KpiSource.SYSTEM for each in points):
        yield "filled: confirmed by somebody else", _sample("circle", is_filled=True)
    if any(trend.gaps for trend in trends.drawn):
        yield "no reading", _dotted
    for track in (each for each in Confidence if each in dict(trends.said).values()):
        yield TRACKS[track], _badge_sample(track)


def _sample(shape: str, *, is_filled: bool) -> Callable[[Page, float, float], None]:
    return lambda page, x, y: page.marks.append(Mark(x, y, shape, 4, is_filled=is_filled))


def _dotted(page: Page, x: float, y: float) -> None:
    page.lines.append(Line(((x, y - 6), (x, y + 6)), GREY, 1.5, NO_READING))


def _badge_sample(track: Confidence) -> Callable[[Page, float, float], None]:
    return lambda page, x, y: _badge(page, x, y, track)
