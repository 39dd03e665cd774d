"""How KPIs went, as a table that fits a phone: for those who would rather read than look."""

import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Final

from db.enums import Confidence, KpiSource
from handlers.blocks import NOTHING, BlockKit, context, header, modal, section
from handlers.checkins.trend_words import DOUBTED, WHY_MISSING, aims_text, left_out_text, short_number
from handlers.ids import Callback
from handlers.kpis import NAME_SHOWN, unit_text
from handlers.text import inline, shown
from workflows.checkins.trends import MOST_READINGS, Gap, Point, Trend, Trends
from workflows.intake import UseCaseSnapshot

WIDEST: Final = 34
_FROM: Final = {KpiSource.SELF: "self", KpiSource.SYSTEM: "system", KpiSource.SURVEY: "survey"}
_SAID: Final = {Confidence.ON_TRACK: "on", Confidence.AT_RISK: "risk", Confidence.OFF_TRACK: "off", None: ""}
_DAY, _SOURCE, _TRACK = 6, 6, 4
_NARROWEST_VALUE: Final = len("Value")
HOW_TO_READ: Final = (
    "The newest first. *From*: self-reported, a system or a survey. *By*: who else confirmed it, or "
    "that somebody doubts it. *Said*: on track, at risk, off track."
)


def table_modal(trends: Trends, use_case: UseCaseSnapshot) -> BlockKit:
    """Draw every KPI's readings, the newest first, with what is missing among them."""
    blocks = [header(f"{use_case.reference} · {use_case.name}")]
    blocks += [context(HOW_TO_READ)] if any(each.points for each in trends.every) else []
    for trend in trends.every:
        blocks += _trend(trend)
    if not trends.every:
        blocks.append(section("Nothing is measured here yet: KPIs begin when it is approved."))
    return modal(Callback.TREND_TABLE, f"{use_case.reference}: readings", blocks, carries=str(use_case.id))


def _trend(trend: Trend) -> Iterator[BlockKit]:
    aims = aims_text(trend)
    what = f"*{inline(trend.name, limit=NAME_SHOWN)}*, in {unit_text(trend.unit)}"
    yield section(f"{what}\n{inline(aims[0].upper() + aims[1:])}")
    rows = list(table_lines(trend))
    yield _preformatted("\n".join(rows)) if rows else context("No reading yet.")
    if trend.other_units:
        left_out = f"{left_out_text(trend)}: this KPI is counted in {trend.unit}."
        yield context(inline(left_out))


def table_lines(trend: Trend) -> Iterator[str]:
    """Yield the lines of a table at most 34 columns wide; nothing where there is neither a reading nor a gap."""
    every: list[Point | Gap] = [*trend.points, *trend.gaps]
    found = sorted(every, key=lambda each: each.on, reverse=True)
    rows = found[:MOST_READINGS]
    if not rows:
        return
    widest = max((len(short_number(each.value)) for each in rows if isinstance(each, Point)), default=0)
    value = max(widest, _NARROWEST_VALUE)
    by = WIDEST - (_DAY + value + _SOURCE + _TRACK + 4)
    yield _line(("", "Value", "From", "By", "Said"), value, by)
    year: int | None = None
    for each in rows:
        if each.on.year != year:
            year = each.on.year
            yield str(year)
        yield _row(each, value, by)
    more = len(found) - len(rows) + trend.earlier
    if more:
        yield f"… and {more} earlier"


def _row(each: Point | Gap, value: int, by: int) -> str:
    if isinstance(each, Gap):
        return f"{_day(each.on)} {WHY_MISSING[each.why]}"
    names = DOUBTED if each.is_doubted else ", ".join(name.split()[0] for name in each.confirmed_by if name.split())
    cells = (_day(each.on), short_number(each.value), _FROM[each.source], shown(names) or NOTHING)
    return _line((*cells, _SAID[each.confidence]), value, by)


def _line(cells: tuple[str, str, str, str, str], value: int, by: int) -> str:
    day, number, source, names, said = cells
    padded = (f"{day:<{_DAY}}", f"{number:>{value}}", f"{source:<{_SOURCE}}", _cell(names, by), said)
    return " ".join(padded).rstrip()


def _day(day: date) -> str:
    return f"{day.day:>2} {day:%b}"


def _cell(text: str, columns: int) -> str:
    """Return `text` in exactly so many columns of a font in which some letters are two wide."""
    kept, taken = "", 0
    whole = sum(map(_columns, text)) <= columns
    for letter in text:
        if taken + _columns(letter) > columns - (0 if whole else 1):
            break
        kept, taken = kept + letter, taken + _columns(letter)
    mark = "" if whole else "…"
    return f"{kept}{mark}{' ' * (columns - taken - len(mark))}"


def _columns(letter: str) -> int:
    if unicodedata.combining(letter) or unicodedata.category(letter) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def _preformatted(text: str) -> BlockKit:
    element = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [element]}
