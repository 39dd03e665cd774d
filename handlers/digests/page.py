"""A digest as one HTML page, for a mail or a board: it needs nothing else, works without JavaScript, prints on A4."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from handlers.digests import drawing
from handlers.digests.tables import Row, rows
from handlers.digests.texts import EMPTY, HEADLINE, hides, text_of
from handlers.digests.words import title_of
from handlers.templating import filled
from handlers.text import day_in_words
from handlers.use import HIDDEN_BECAUSE
from workflows.digests import Digest

TEMPLATE: Final = "digest.html.j2"
_BOLD: Final = re.compile(r"\*([^*\n]+)\*")
_CODE: Final = re.compile(r"`([^`\n]+)`")
Lines = dict[tuple[str, str], dict[str, Row]]
"""What was measured of each item of each team."""


@dataclass(frozen=True, slots=True)
class Table:
    """What was measured of which items. A cell is empty where that was not asked of the item."""

    has_teams: bool
    measures: Sequence[str]
    lines: Sequence[tuple[str, str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Section:
    name: str
    caption: str
    tables: Sequence[Table]


def page(digest: Digest, *, with_values: bool) -> str:
    """Return the whole page. Values of single use cases stand in it only `with_values`."""
    funnel, adoption = drawing.funnel_picture(digest), drawing.adoption_picture(digest)
    made = digest.made_at.astimezone(ZoneInfo(digest.window.zone))
    return filled(
        TEMPLATE,
        title=title_of(digest),
        week=digest.window.iso_week,
        zone=digest.window.zone,
        made=f"{day_in_words(made.date())}, {made:%H:%M}",
        summary=list(_summary(digest)),
        charts=[each.svg() for each in (funnel, adoption) if each is not None],
        sections=list(_sections(digest, with_values=with_values)),
        hidden=HIDDEN_BECAUSE if hides(digest.adoption) else "",
        with_values=with_values,
    )


def _summary(digest: Digest) -> Iterator[str]:
    """Yield what a channel reads of the week as paragraphs of HTML, in which all but our marks is escaped."""
    for line in text_of(EMPTY if digest.is_empty else HEADLINE, digest).splitlines():
        escaped = html.escape(html.unescape(line))
        if escaped.strip():
            yield _CODE.sub(r"<code>\1</code>", _BOLD.sub(r"<strong>\1</strong>", escaped))


def _sections(digest: Digest, *, with_values: bool) -> Iterator[Section]:
    days = f"{day_in_words(digest.window.first)} to {day_in_words(digest.window.last)}"
    for name, group in groupby(rows(digest, with_values=with_values), key=lambda row: row.section):
        lines: Lines = {}
        for each in group:
            lines.setdefault((each.item, each.team), {})[each.measure] = each
        yield Section(name, f"{name}, {days}", [_table(each) for each in _alike(lines)])


def _alike(lines: Lines) -> Sequence[Lines]:
    """Return these lines in as many tables as it takes for those in one to have a measure in common."""
    found: list[tuple[set[str], Lines]] = []
    for of, measured in lines.items():
        known, table = next((each for each in found if each[0] & measured.keys()), (None, None))
        if known is None or table is None:
            found.append((set(measured), {of: measured}))
        else:
            known |= measured.keys()
            table[of] = measured
    return [table for _, table in found]


def _table(lines: Lines) -> Table:
    told = [row for measured in lines.values() for row in measured.values()]
    measures = list(dict.fromkeys(each.measure for each in told))
    units = {each: _unit(told, each) for each in measures}
    return Table(
        has_teams=any(each.team for each in told),
        measures=[
            each if not units[each] or each.endswith(units[each]) else f"{each}, {units[each]}" for each in measures
        ],
        lines=[
            (item, team, [_cell(found.get(each), with_unit=not units[each]) for each in measures])
            for (item, team), found in lines.items()
        ],
    )


def _unit(told: Sequence[Row], measure: str) -> str:
    """Return the unit of a column where all of it has one, so that it need not stand in each cell."""
    units = {each.unit for each in told if each.measure == measure}
    return units.pop() if len(units) == 1 else ""


def _cell(row: Row | None, *, with_unit: bool) -> str:
    if row is None:
        return ""
    has_unit = with_unit and isinstance(row.value, float | int)
    return f"{row.says} {row.unit}".rstrip() if has_unit else row.says
