"""Draw the four phases as an SVG for a phone: where the programme is, how long it took, what each gate has and lacks.

Values in, text out. What stands under a colour also stands in letters: colour alone says nothing.
"""

import hashlib
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from db.enums import Phase
from handlers import templating
from handlers.lettering import fitting, wrapped
from handlers.messages import Picture
from handlers.programme import words
from handlers.programme.words import STATES, elapsed_text, usual_text
from workflows.programme import PHASES, Elapsed, Gate, Programme, Standing

TEMPLATE: Final = "programme.svg.j2"
PLACE: Final = "programme.picture"
TITLE: Final = "The four phases"
WIDTH: Final = 320
EDGE: Final = 12
_INDENT, _SIDE, _GAP = 40, 14, 4
_INK, _GREY, _FAINT, _BLUE, _GREEN, _BROWN, _RED = (
    *("#1b1f26", "#565d68", "#e3e6eb", "#174a8c", "#1a6b3f", "#7a5230", "#9c1c1c"),
)
_USUAL: Final = "#b9c9de"
_LETTERS: Final = {
    Standing.MET: ("M", _GREEN, True),
    Standing.WAIVED: ("W", _BROWN, True),
    Standing.LAPSED: ("L", _RED, True),
    Standing.UNMET: ("", _GREY, False),
}
_LEGEND: Final = {
    Standing.MET: "met",
    Standing.WAIVED: "waived for a while",
    Standing.LAPSED: "lapsed",
    Standing.UNMET: "missing",
}


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    fill: str
    stroke: str = ""
    round: float = 3


@dataclass(frozen=True, slots=True)
class Text:
    x: float
    y: float
    says: str
    size: float = 11
    colour: str = _GREY
    is_bold: bool = False
    anchor: str = "start"


@dataclass(slots=True)
class Page:
    """What is drawn so far, and how far down."""

    y: float = EDGE
    boxes: list[Box] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)

    def line(self, x: float, says: str, *, size: float = 11, colour: str = _GREY, is_bold: bool = False) -> None:
        self.y += size + 2
        room = WIDTH - EDGE - x
        self.texts.append(Text(x, self.y, fitting(says, size, room, bold=is_bold), size, colour, is_bold))


def picture(programme: Programme, elapsed: Elapsed) -> Picture:
    """Return the picture, in place of the block called `PLACE`, with all it shows in words."""
    return Picture(
        digest=digest(programme, elapsed),
        place=PLACE,
        title=TITLE,
        alt_text=alt_text(programme, elapsed),
        svg=lambda: svg(programme, elapsed),
    )


def alt_text(programme: Programme, elapsed: Elapsed) -> str:
    """Return everything the picture shows."""
    return " ".join(_lines(programme, elapsed))


def _lines(programme: Programme, elapsed: Elapsed) -> Iterator[str]:
    for number, phase in enumerate(Phase, 1):
        here = " (the programme is here)" if phase is programme.phase else ""
        yield f"Phase {number}, {PHASES[phase]}{here}: {_told(programme, elapsed, phase)}."
    yield f"{usual_text(elapsed)}."


def _told(programme: Programme, elapsed: Elapsed, phase: Phase) -> str:
    gate = programme.gates.get(phase)
    parts = [gate_counts(gate)] if gate is not None else []
    return "; ".join(filter(None, (elapsed_text(elapsed, phase), *parts)))


def gate_counts(gate: Gate) -> str:
    """Return “its gate is closed: 5 met, 3 missing”."""
    standings = [each.standing for each in gate.criteria]
    counts = [f"{standings.count(each)} {_LEGEND[each]}" for each in Standing if each in standings]
    return f"its gate is {STATES[gate.state]}: {', '.join(counts)}"


def digest(programme: Programme, elapsed: Elapsed) -> str:
    """Return what equal pictures have in common: a digest of all that is drawn, and of how it is drawn."""
    told = json.dumps([_manner(), [*_lines(programme, elapsed)], _standings(programme)], separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def _standings(programme: Programme) -> list[list[str]]:
    return [[each.standing.value for each in gate.criteria] for gate in programme.gates.values()]


@lru_cache(maxsize=1)
def _manner() -> str:
    files = (templating.FOLDER / TEMPLATE, Path(__file__), Path(words.__file__))
    return hashlib.sha256(b"".join(each.read_bytes() for each in files)).hexdigest()


def svg(programme: Programme, elapsed: Elapsed) -> str:
    """Return the picture: the phases one below the other, each with the gate into it."""
    page = Page()
    for number, phase in enumerate(Phase, 1):
        _phase(page, programme, elapsed, number, phase)
    for line in wrapped(usual_text(elapsed), 11, WIDTH - 2 * EDGE, most=2):
        page.line(EDGE, line)
    _bar(page, elapsed.weeks or 0, elapsed.usual_all)
    _legend(page)
    drawn = {"boxes": page.boxes, "texts": page.texts}
    return templating.filled(TEMPLATE, width=WIDTH, height=math.ceil(page.y + EDGE), **drawn)


def _phase(page: Page, programme: Programme, elapsed: Elapsed, number: int, phase: Phase) -> None:
    top, is_here = page.y, phase is programme.phase
    order = list(Phase)
    is_past = order.index(phase) < order.index(programme.phase)
    page.line(_INDENT, PHASES[phase], size=14, colour=_INK, is_bold=True)
    where = "we are here" if is_here else "behind us" if is_past else "ahead"
    page.line(
        _INDENT, ": ".join(filter(None, (where, elapsed_text(elapsed, phase)))), colour=_BLUE if is_here else _GREY
    )
    gate = programme.gates.get(phase)
    if gate is not None:
        page.line(_INDENT, f"Gate {STATES[gate.state]}", size=12, colour=_INK, is_bold=True)
        page.y += _GAP
        for place, state in enumerate(gate.criteria):
            _mark(page, _INDENT + place * (_SIDE + _GAP), page.y, state.standing)
        page.y += _SIDE
    fill = _BLUE if is_here else _GREEN if is_past else "#ffffff"
    page.boxes.append(Box(EDGE, top + 2, 20, 20, fill, "" if is_here or is_past else _GREY, 10))
    colour = "#ffffff" if is_here or is_past else _GREY
    page.texts.append(Text(EDGE + 10, top + 16, str(number), 12, colour, is_bold=True, anchor="middle"))
    page.y += 10
    page.boxes.append(Box(EDGE, page.y, WIDTH - 2 * EDGE, 1, _FAINT, round=0))
    page.y += 6


def _bar(page: Page, weeks: int, usual: tuple[int, int]) -> None:
    """Draw the weeks so far against the usual ones, whose end at least and at most are marked by numbers."""
    least, most = usual
    room, whole = WIDTH - 2 * EDGE, max(most, weeks) * 1.15
    page.y += 8
    page.boxes.append(Box(EDGE, page.y, room, 8, _FAINT))
    page.boxes.append(Box(EDGE + room * least / whole, page.y, max(2.0, room * (most - least) / whole), 8, _USUAL))
    if weeks:
        page.boxes.append(Box(EDGE, page.y + 2, max(3.0, room * weeks / whole), 4, _BLUE, round=2))
    page.y += 19
    for number in usual:
        page.texts.append(Text(EDGE + room * number / whole, page.y, str(number), anchor="middle"))
    page.y += 8


def _mark(page: Page, x: float, y: float, standing: Standing) -> None:
    letter, colour, is_filled = _LETTERS[standing]
    page.boxes.append(Box(x, y, _SIDE, _SIDE, colour if is_filled else "#ffffff", colour))
    if letter:
        page.texts.append(Text(x + _SIDE / 2, y + 10.5, letter, 10, "#ffffff", is_bold=True, anchor="middle"))


def _legend(page: Page) -> None:
    x = float(EDGE)
    for standing, says in _LEGEND.items():
        _mark(page, x, page.y, standing)
        page.texts.append(Text(x + _SIDE + 4, page.y + 11, says))
        x += _SIDE + 12 + 6 * len(says)
    page.y += _SIDE


def tracker_lines(programme: Programme, elapsed: Elapsed) -> list[str]:
    """Return the same in short lines, which the picture takes the place of."""
    lines = []
    for number, phase in enumerate(Phase, 1):
        mark = "➡️" if phase is programme.phase else "•"
        lines.append(f"{mark} {number}. {PHASES[phase]}: {_told(programme, elapsed, phase) or 'ahead'}")
    return [*lines, usual_text(elapsed)]
