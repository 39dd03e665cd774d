"""A digest as one HTML page, for a mail or a board: it needs nothing else, works without JavaScript, prints on A4."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from zoneinfo import ZoneInfo

from handlers.digests import drawing
from handlers.digests.tables import Row, rows
from handlers.digests.texts import hides
from handlers.digests.words import title_of
from handlers.templating import filled
from handlers.text import day_in_words
from handlers.use import HIDDEN_BECAUSE
from workflows.digests import Digest

TEMPLATE = "digest.html.j2"


@dataclass(frozen=True, slots=True)
class Table:
    """A section: what was measured of which items. A cell is empty where that was not asked of the item."""

    name: str
    caption: str
    has_teams: bool
    measures: Sequence[str]
    lines: Sequence[tuple[str, str, Sequence[str]]]


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
        charts=[each.svg() for each in (funnel, adoption) if each is not None],
        tables=list(_tables(digest, with_values=with_values)),
        hidden=HIDDEN_BECAUSE if hides(digest.adoption) else "",
        with_values=with_values,
    )


def _tables(digest: Digest, *, with_values: bool) -> Iterator[Table]:
    days = f"{day_in_words(digest.window.first)} to {day_in_words(digest.window.last)}"
    for name, group in groupby(rows(digest, with_values=with_values), key=lambda row: row.section):
        told = list(group)
        measures = list(dict.fromkeys(each.measure for each in told))
        units = {each: _unit(told, each) for each in measures}
        lines: dict[tuple[str, str], dict[str, Row]] = {}
        for each in told:
            lines.setdefault((each.item, each.team), {})[each.measure] = each
        yield Table(
            name=name,
            caption=f"{name}, {days}",
            has_teams=any(each.team for each in told),
            measures=[f"{each}, {units[each]}" if units[each] else each for each in measures],
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
