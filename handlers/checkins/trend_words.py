"""How KPIs went, in words: beside a picture, instead of it, and for who cannot see it."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from db.enums import CheckInState, Confidence, Direction, KpiSource
from handlers.kpis import NAME_SHOWN, UNIT_SHOWN, short_day
from handlers.text import counted, inline, listed, shown
from workflows.checkins import plain_number
from workflows.checkins.trends import MOST_READINGS, Gap, Point, Trend, Trends

LONGEST_ALT: Final = 2000
TRACKS: Final = {
    Confidence.ON_TRACK: "on track",
    Confidence.AT_RISK: "at risk",
    Confidence.OFF_TRACK: "off track",
}
WHY_MISSING: Final = {
    CheckInState.MISSED: "missing",
    CheckInState.ANSWERED: "missing",
    CheckInState.SKIPPED: "skipped",
    CheckInState.AWAY: "away",
}
DOUBTED: Final = "doubted"
_BESIDE: Final = {KpiSource.SELF: "", KpiSource.SYSTEM: " from a system", KpiSource.SURVEY: " from a survey"}
_LONGEST_NUMBER: Final = 9
_DECIMALS: Final = 4
_SCALES: Final = ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))
_NEWEST_TOLD: Final = 4


def short_number(value: float) -> str:
    """Return a number of at most nine letters: with up to four decimals where that is short enough, else rounded."""
    exact = plain_number(round(value, _DECIMALS) or value)  # what is nearly nought is not told as nought
    return exact if len(exact) <= _LONGEST_NUMBER else compact_number(value)


def compact_number(value: float) -> str:
    """Return a number in four digits: “1.25M”, “500k”."""
    scale, letter = next(((size, mark) for size, mark in _SCALES if abs(value) >= size), (1.0, ""))
    return f"{value / scale:.4g}{letter}"


def days(dates: Sequence[date]) -> list[str]:
    """Return “3 Nov 2026”, “10 Nov”, …: the year where it begins."""
    before = [None, *dates]
    return [
        short_day(each) if last is None or last.year != each.year else f"{each.day} {each:%b}"
        for last, each in zip(before, dates, strict=False)
    ]


def aims_text(trend: Trend) -> str:
    """Return “baseline 6, target 3 by 1 Dec 2026”."""
    return ", ".join(aims_texts(trend))


def aims_texts(trend: Trend) -> tuple[str, str]:
    """Return where it stood, and where it is to get."""
    if trend.is_rebased:
        stood = "baseline in another unit"
    else:
        stood = f"baseline {short_number(trend.baseline.value)}" if trend.baseline else "no baseline yet"
    ends = [short_number(end) for end in (trend.target, trend.target_high) if end is not None]
    way = "stay within" if trend.direction is Direction.BAND else "target"
    return stood, f"{way} {' to '.join(ends)} by {short_day(trend.due)}"


def left_out_text(trend: Trend) -> str:
    """Return which readings a trend does not show because of their unit; empty where there are none."""
    units = [f"{counted(count, 'reading')} in {_unit(unit)}" for unit, count in trend.other_units]
    return f"{listed(units, last='and')} left out" if units else ""


def alt_text(trends: Trends) -> str:
    """Return all that a picture shows, in at most 2,000 letters; where that is too little, the newest readings."""
    for most in range(MOST_READINGS, -1, -1):
        told = [_alt(each, most) for each in trends.drawn]
        told += [_said(trends, most)] if trends.said and most else []
        text = " ".join((*told, *beside(trends)))
        if len(text) <= LONGEST_ALT:
            return text
    return f"{text[: LONGEST_ALT - 1]}…"


def beside(trends: Trends) -> list[str]:
    """Return which KPIs did not fit into the picture, in a sentence."""
    names = [_name(each) for each in trends.beside]
    return [f"Not in the picture: {', '.join(names)}."] if names else []


def trend_lines(trends: Trends) -> list[str]:
    """Return the newest readings of each KPI in one line, for where there is no picture."""
    return [
        f"📈 {inline(each.name, limit=NAME_SHOWN)}: {_newest(each)}; {inline(aims_text(each))}"
        for each in trends.every
        if each.points
    ]


def _newest(trend: Trend) -> str:
    points = trend.points[-_NEWEST_TOLD:]
    told = [f"{short_number(p.value)} on {day}" for p, day in zip(points, days([p.on for p in points]), strict=True)]
    return ", ".join(told)


def _alt(trend: Trend, most: int) -> str:
    return f"{_name(trend)}, {_unit(trend.unit)}: {'; '.join(_parts(trend, most))}."


def _parts(trend: Trend, most: int) -> Iterator[str]:
    yield aims_text(trend)
    points = trend.points[-most:] if most else ()
    if points:
        on = days([each.on for each in points])
        yield ", ".join(
            f"{short_number(each.value)} on {day}{_BESIDE[each.source]}{_sure(each)}"
            for each, day in zip(points, on, strict=True)
        )
    earlier = trend.earlier + len(trend.points) - len(points)
    if earlier:
        yield f"{counted(earlier, 'earlier reading')} not told here"
    elif not trend.points:
        yield "no reading yet"
    gaps = trend.gaps[-most:] if most else ()
    if gaps:
        yield f"nothing on {_gaps(gaps)}"
    if trend.other_units:
        yield left_out_text(trend)


def _sure(point: Point) -> str:
    if point.is_doubted:
        return f" ({DOUBTED})"
    return " (confirmed)" if point.confirmed_by else ""


def _gaps(gaps: Sequence[Gap]) -> str:
    on = days([each.on for each in gaps])
    return ", ".join(f"{day} ({WHY_MISSING[each.why]})" for each, day in zip(gaps, on, strict=True))


def _said(trends: Trends, most: int) -> str:
    said = trends.said[-most:]
    on = days([day for day, _ in said])
    told = ", ".join(f"{TRACKS[track]} on {day}" for (_, track), day in zip(said, on, strict=True))
    return f"Confidence: {told}."


def _name(trend: Trend) -> str:
    return shown(" ".join(trend.name.split()), limit=NAME_SHOWN)


def _unit(unit: str) -> str:
    return shown(" ".join(unit.split()), limit=UNIT_SHOWN)
