"""Charts as figures made of plain numbers, ready to be drawn: axes, bars, lines, slices, and the same as a table."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

WIDTH, HEIGHT = 440, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 8, 12, 28
_TICKS = 4
_STEPS = (1, 2, 2.5, 5, 10)
_GAP = 0.24
_LABEL_WIDTH = 8.6
_PIE_RADIUS = 100
_WHOLE = 0.999
# Below this a computer divides by nothing.
_LEAST_SPAN = 1e-300


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One shape: a bar, a line, an area or a slice; `tint` is its place among the colours."""

    tint: int
    words: str
    path: str = ""
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0
    dots: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    kind: str
    title: str
    summary: str
    legend: list[tuple[int, str]]
    header: list[str]
    rows: list[list[str]]
    marks: list[Mark]
    across: list[Tick] = field(default_factory=list)
    up: list[Tick] = field(default_factory=list)
    zero: float = 0
    x_label: str = ""
    y_label: str = ""


def figure_of(block: Json) -> Figure:
    chart = block["chart"]
    return _pie(block["title"], chart) if chart["type"] == "pie" else _axes(block["title"], chart)


def _pie(title: str, chart: Json) -> Figure:
    segments = [(str(part["label"]), float(part["value"])) for part in chart["segments"]]
    whole = sum(value for _, value in segments)
    shares = [(label, value, value / whole) for label, value in segments]
    marks: list[Mark] = []
    start = 0.0
    for tint, (label, value, share) in enumerate(shares):
        words = f"{label}: {words_of_number(value)} ({share:.0%})"
        marks.append(Mark(tint=tint, words=words, path=_slice(start, start + share)))
        start += share
    return Figure(
        kind="pie",
        title=title,
        summary=f"Pie chart. {'; '.join(mark.words for mark in marks)}.",
        legend=[(tint, f"{label} {share:.0%}") for tint, (label, _, share) in enumerate(shares)],
        header=["Part", "Value", "Share"],
        rows=[[label, words_of_number(value), f"{share:.1%}"] for label, value, share in shares],
        marks=marks,
    )


def _slice(start: float, end: float) -> str:
    """Return the outline of a slice; the whole circle is drawn as one, as its ends would meet."""
    middle, radius = HEIGHT / 2, _PIE_RADIUS
    if end - start > _WHOLE:
        return (
            f"M{middle} {middle - radius}A{radius} {radius} 0 1 1 {middle} {middle + radius}"
            f"A{radius} {radius} 0 1 1 {middle} {middle - radius}Z"
        )
    (x1, y1), (x2, y2) = _on_circle(start), _on_circle(end)
    large = 1 if end - start > 1 / 2 else 0
    return f"M{middle} {middle}L{x1} {y1}A{radius} {radius} 0 {large} 1 {x2} {y2}Z"


def _on_circle(part: float) -> tuple[float, float]:
    angle = 2 * math.pi * part
    middle = HEIGHT / 2
    return _round(middle + _PIE_RADIUS * math.sin(angle)), _round(middle - _PIE_RADIUS * math.cos(angle))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    low: float
    high: float

    def y(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return _round(HEIGHT - _BOTTOM - share * (HEIGHT - _BOTTOM - _TOP))


def _axes(title: str, chart: Json) -> Figure:
    categories: list[str] = chart["axis_config"]["categories"]
    series = [(str(one["name"]), _values(one, categories)) for one in chart["series"]]
    ticks = _nice([value for _, values in series for value in values])
    scale = _Scale(low=ticks[0], high=ticks[-1])
    kind = str(chart["type"])
    draw = _bars if kind == "bar" else _lines
    told = "; ".join(
        f"{name}: {', '.join(f'{c} {words_of_number(v)}' for c, v in zip(categories, values, strict=True))}"
        for name, values in series
    )
    return Figure(
        kind=kind,
        title=title,
        summary=f"{kind.capitalize()} chart. {told}.",
        legend=[(tint, name) for tint, (name, _) in enumerate(series)],
        header=[chart["axis_config"].get("x_label") or "Category", *(name for name, _ in series)],
        rows=[
            [category, *(words_of_number(values[place]) for _, values in series)]
            for place, category in enumerate(categories)
        ],
        marks=draw(series, categories, scale, kind),
        across=_across(categories),
        up=[Tick(at=scale.y(tick), label=short_number(tick)) for tick in ticks],
        zero=scale.y(min(max(0, scale.low), scale.high)),
        x_label=chart["axis_config"].get("x_label") or "",
        y_label=chart["axis_config"].get("y_label") or "",
    )


def _values(series: Json, categories: Sequence[str]) -> list[float]:
    """Return a series' values in the order of the categories, in which its points need not come."""
    by_label = {point["label"]: float(point["value"]) for point in series["data"]}
    return [by_label[category] for category in categories]


def _bars(series: list[tuple[str, list[float]]], categories: list[str], scale: _Scale, _kind: str) -> list[Mark]:
    band = _band(len(categories))
    width = band * (1 - _GAP) / len(series)
    zero = scale.y(min(max(0, scale.low), scale.high))
    return [
        Mark(
            tint=tint,
            words=f"{name}, {category}: {words_of_number(values[place])}",
            x=_round(_LEFT + band * (place + _GAP / 2) + width * tint),
            y=min(zero, scale.y(values[place])),
            width=_round(max(width - 1, 1)),
            height=_round(abs(zero - scale.y(values[place]))),
        )
        for tint, (name, values) in enumerate(series)
        for place, category in enumerate(categories)
    ]


def _lines(series: list[tuple[str, list[float]]], categories: list[str], scale: _Scale, kind: str) -> list[Mark]:
    band = _band(len(categories))
    zero = scale.y(min(max(0, scale.low), scale.high))
    marks: list[Mark] = []
    for tint, (name, values) in enumerate(series):
        dots = tuple((_round(_LEFT + band * (place + 0.5)), scale.y(value)) for place, value in enumerate(values))
        path = "M" + "L".join(f"{x} {y}" for x, y in dots)
        if kind == "area":
            marks.append(Mark(tint=tint, words="", path=f"{path}L{dots[-1][0]} {zero}L{dots[0][0]} {zero}Z"))
        last = f"{categories[-1]}: {words_of_number(values[-1])}"
        marks.append(Mark(tint=tint, words=f"{name}, {last}", path=path, dots=dots))
    return marks


def _across(categories: list[str]) -> list[Tick]:
    """Return the labels below the axis; where they would touch, only some, and long ones cut."""
    band = _band(len(categories))
    longest = min(max(map(len, categories)), 12)
    every = max(1, math.ceil(longest * _LABEL_WIDTH / band))
    shown = [(place, label) for place, label in enumerate(categories) if place % every == 0]
    room = int(band * every / _LABEL_WIDTH)
    return [Tick(at=_round(_LEFT + band * (place + 0.5)), label=_cut(label, max(room, 3))) for place, label in shown]


def _cut(label: str, most: int) -> str:
    return label if len(label) <= most else f"{label[: most - 1]}…"


def _band(count: int) -> float:
    return (WIDTH - _LEFT - _RIGHT) / count


def _nice(values: list[float]) -> list[float]:
    """Return round numbers from below the least value, or nothing, to above the greatest."""
    low, high = min(0, *values), max(0, *values)
    if high - low < _LEAST_SPAN:
        high = 1
    rough = (high - low) / _TICKS
    size = 10 ** math.floor(math.log10(rough))
    step = next(factor * size for factor in _STEPS if factor * size >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [float(f"{number * step:.10g}") for number in range(first, last + 1)]


def words_of_number(value: float) -> str:
    return f"{value:,.10g}"


def short_number(value: float) -> str:
    for size, unit in ((1e9, "bn"), (1e6, "m"), (1e4, "k")):
        if abs(value) >= size:
            return f"{value / (1e3 if unit == 'k' else size):.4g}{unit}"
    return f"{value:.4g}"


def _round(value: float) -> float:
    return round(value, 1)
