"""What a picture of KPIs consists of, as the template puts it into SVG: values without any behaviour."""

from dataclasses import dataclass, field
from typing import Final

from db.enums import KpiSource

WIDTH: Final = 320  # Slack shows it beside the sender's picture, some 300 wide on a phone
EDGE, LEFT, RIGHT = 12, 46, 60  # room at the sides of the page, and of a plot, whose labels stand there
ROOM: Final = WIDTH - 2 * EDGE
INK, GREY, FAINT = "#1b1f26", "#565d68", "#e3e6eb"
BLUE, GREEN, BROWN = "#174a8c", "#1a6b3f", "#7a5230"
BIG, USUAL, SMALL = 14, 12, 11
SHAPES: Final = {KpiSource.SELF: "circle", KpiSource.SYSTEM: "square", KpiSource.SURVEY: "diamond"}
NO_READING: Final = "1 4"  # dots: something was asked for, and nothing came
NEAR: Final = 13  # closer than that, labels and badges would cover one another


@dataclass(frozen=True, slots=True)
class Text:
    x: float
    y: float
    says: str
    size: float = SMALL
    colour: str = GREY
    is_bold: bool = False
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Line:
    through: tuple[tuple[float, float], ...]
    colour: str
    width: float = 1
    dashes: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Mark:
    x: float
    y: float
    shape: str
    size: float
    colour: str = BLUE
    is_filled: bool = True


@dataclass(slots=True)
class Page:
    """What is drawn so far, and how far down."""

    y: float = EDGE
    areas: list[Area] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
