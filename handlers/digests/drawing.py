"""Draw two parts of a digest as SVG for a phone: how far use cases came, and how much each team uses them.

Values in, text out. What stands under a colour also stands in letters, and what is hidden is hatched, never drawn.
"""

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from handlers import templating
from handlers.digests import words
from handlers.digests.words import STAGES, days_text, figure_text
from handlers.lettering import fitting, legible, width
from handlers.messages import Picture
from handlers.text import day_in_words
from workflows.adoption import TeamUse, Telling
from workflows.digests import Digest, Reached

TEMPLATE: Final = "digest.svg.j2"
WIDTH, EDGE, BAR, GAP = 320, 12, 12, 9
TEAMS_DRAWN: Final = 12
LONGEST_ALT: Final = 1900
_INK, _GREY, _FAINT, _BLUE, _LIGHT, _GREEN = "#1b1f26", "#565d68", "#e3e6eb", "#174a8c", "#b9c9de", "#1a6b3f"
_USUAL, _SMALL = 12, 11


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    fill: str = "none"
    stroke: str = ""
    is_hatched: bool = False
    is_dashed: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    x: float
    y: float
    says: str
    size: float = _SMALL
    colour: str = _GREY
    is_bold: bool = False
    anchor: str = "start"


@dataclass(slots=True)
class Page:
    """What is drawn so far, and how far down."""

    y: float = EDGE
    boxes: list[Box] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)

    def title(self, *lines: str) -> None:
        for number, line in enumerate(lines):
            size = _USUAL + 1 if number == 0 else _SMALL
            self.y += size + 1
            room = WIDTH - 2 * EDGE
            colour = _GREY if number else _INK
            says = fitting(line, size, room, bold=not number)
            self.texts.append(Text(EDGE, self.y, says, size, colour, is_bold=not number))
        self.y += GAP

    def line(self, left: str, right: str) -> None:
        """Write what a bar is about above it, and its numbers at the other end."""
        self.y += _USUAL
        self.texts.append(Text(WIDTH - EDGE, self.y, right, _SMALL, _INK, anchor="end"))
        room = WIDTH - 2 * EDGE - width(right, _SMALL) - 10
        self.texts.append(Text(EDGE, self.y, fitting(left, _USUAL, room, bold=True), _USUAL, _INK, is_bold=True))
        self.y += 4

    def bar(self, share: float, fill: str, *, begins: float = 0, **how: bool | str) -> None:
        """Draw a bar over this share of the room."""
        room = WIDTH - 2 * EDGE
        at, wide = round(EDGE + room * begins, 1), round(max(2.0, room * share), 1)
        self.boxes.append(Box(at, self.y, wide, BAR, fill, **how))  # type: ignore[arg-type]

    def legend(self, *parts: tuple[str, Box]) -> None:
        x = float(EDGE)
        for says, box in parts:
            self.boxes.append(Box(x, self.y, 11, 11, box.fill, box.stroke, box.is_hatched, box.is_dashed))
            self.texts.append(Text(x + 15, self.y + 9.5, says))
            x += 15 + width(says, _SMALL) + 18
        self.y += 11

    def drawn(self, key: str, alt_text: str) -> str:
        height = math.ceil(self.y + EDGE)
        shown = {"boxes": self.boxes, "texts": self.texts}
        return templating.filled(TEMPLATE, width=WIDTH, height=height, key=key, alt_text=alt_text, **shown)


# ------------------------------------------------------------------------------------------------- use cases


def funnel_picture(digest: Digest) -> Picture | None:
    """Return how far use cases came; None where none was ever proposed."""
    if not any(each.total for each in digest.standing.funnel.reached):
        return None
    alt = funnel_alt(digest)
    return Picture(_digest("funnel", alt), "digest.funnel", "How far use cases came", alt, lambda: funnel_svg(digest))


def funnel_alt(digest: Digest) -> str:
    """Return everything that picture shows."""
    told = [_reached_text(each) for each in digest.standing.funnel.reached]
    until = day_in_words(digest.window.last)
    return f"How far use cases came up to {until}, with what is new in these seven days: {'; '.join(told)}."


def _reached_text(each: Reached) -> str:
    return f"{each.total} {STAGES[each.stage]}, {each.new} new"


def funnel_svg(digest: Digest) -> str:
    page, reached = Page(), digest.standing.funnel.reached
    most = max((each.total for each in reached), default=0) or 1
    page.title("How far use cases came", f"new: {days_text(digest.window)}")
    for each in reached:
        page.line(STAGES[each.stage].capitalize(), f"{each.total}, {each.new} new")
        old = max(each.total - each.new, 0)
        if old:
            page.bar(old / most, _LIGHT)
        if each.new:
            page.bar(each.new / most, _BLUE, begins=old / most)
        if not each.total:
            page.bar(1, "none", stroke=_FAINT)
        page.y += BAR + GAP
    page.legend(("before", Box(0, 0, 0, 0, _LIGHT)), ("new in these seven days", Box(0, 0, 0, 0, _BLUE)))
    return page.drawn("funnel", funnel_alt(digest))


# --------------------------------------------------------------------------------------------------- adoption


def adoption_picture(digest: Digest) -> Picture | None:
    """Return how much each team uses; None where nobody reported."""
    if not digest.adoption.teams:
        return None
    alt = adoption_alt(digest)
    title = "Active of eligible users, by team"
    return Picture(_digest("adoption", alt), "digest.adoption", title, alt, lambda: adoption_svg(digest))


def drawn_teams(digest: Digest) -> Sequence[TeamUse]:
    """Return the teams that are drawn: of many the largest, in the order they are listed."""
    teams = digest.adoption.teams
    if len(teams) <= TEAMS_DRAWN:
        return teams
    largest = sorted(range(len(teams)), key=lambda at: -(teams[at].eligible.value or 0))[:TEAMS_DRAWN]
    return [teams[at] for at in sorted(largest)]


def adoption_alt(digest: Digest) -> str:
    """Return everything that picture shows."""
    teams = drawn_teams(digest)
    told = "; ".join(f"{each.team}: {use_text(each)}" for each in teams)
    hidden = len(digest.adoption.teams) - len(teams)
    more = f"; {hidden} smaller teams are not drawn" if hidden else ""
    whole = f"Active of eligible users by team, {days_text(digest.window)}: {told}{more}."
    return whole if len(whole) <= LONGEST_ALT else f"{whole[: LONGEST_ALT - 1]}…"


def use_text(use: TeamUse) -> str:
    """Return “28 of 40 (70 %)”; what is hidden or missing says so."""
    rate = f" ({figure_text(use.rate, ' %')})" if use.rate.is_shown else ""
    if use.active.is_shown or use.eligible.is_shown:
        return f"{figure_text(use.active)} of {figure_text(use.eligible)}{rate}"
    return figure_text(use.active)


def adoption_svg(digest: Digest) -> str:
    page, teams = Page(), drawn_teams(digest)
    most = max((each.eligible.value or each.active.value or 0 for each in teams), default=0) or 1
    page.title("Active of eligible users, by team", days_text(digest.window))
    for number, each in enumerate(teams, start=1):
        page.line(legible(each.team) or f"Team {number}", use_text(each))
        _use_bar(page, each, most)
        page.y += BAR + GAP
    eligible, active = Box(0, 0, 0, 0, _LIGHT), Box(0, 0, 0, 0, _GREEN)
    page.legend(("eligible", eligible), ("active", active))
    page.y += 5
    hatched, dashed = Box(0, 0, 0, 0, is_hatched=True, stroke=_GREY), Box(0, 0, 0, 0, stroke=_GREY, is_dashed=True)
    page.legend(("hidden", hatched), ("no answer", dashed))
    more = len(digest.adoption.teams) - len(teams)
    if more:
        page.y += _SMALL + 4
        page.texts.append(Text(EDGE, page.y, f"{more} smaller teams are not drawn"))
    return page.drawn("adoption", adoption_alt(digest))


def _use_bar(page: Page, use: TeamUse, most: float) -> None:
    """Draw a team's bar: active upon eligible; hatched where a number is hidden, dashed where there is none."""
    whole = min((use.eligible.value or 0) / most, 1) if use.eligible.is_shown else 1.0
    match use.active.telling:
        case Telling.SHOWN:
            if use.eligible.is_shown:
                page.bar(whole, _LIGHT)
            if use.active.value:
                page.bar(min(use.active.value / most, 1), _GREEN)
        case Telling.SUPPRESSED:
            page.bar(whole, "none", stroke=_GREY, is_hatched=True)
        case _:
            page.bar(whole, "none", stroke=_GREY, is_dashed=True)


def _digest(kind: str, alt_text: str) -> str:
    """Return what equal pictures have in common: all they show, and how it is drawn."""
    return hashlib.sha256(json.dumps([_manner(), kind, alt_text]).encode()).hexdigest()


@lru_cache(maxsize=1)
def _manner() -> str:
    files = (templating.FOLDER / TEMPLATE, Path(__file__), Path(words.__file__))
    return hashlib.sha256(b"".join(each.read_bytes() for each in files)).hexdigest()
