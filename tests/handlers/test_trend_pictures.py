"""A picture of KPIs can be read by everybody: on a phone, without colours, without seeing it, with any name."""

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4
from xml.etree import ElementTree as ET

import pytest
import vl_convert

from db.enums import CheckInState, Confidence, Direction, KpiSource
from handlers.checkins import trend_drawing
from handlers.checkins.trend_table import WIDEST, table_lines
from handlers.checkins.trend_words import LONGEST_ALT, alt_text, short_number, trend_lines
from handlers.checkins.trends import trend_blocks
from tests.support.house import words
from workflows.checkins import Gap, Point, Trend, Trends
from workflows.checkins.trends import Stood

NOVEMBER = date(2026, 11, 3)
RISK = Confidence.AT_RISK


def point(week: int, value: float, **more: Any) -> Point:
    return replace(Point(NOVEMBER + timedelta(weeks=week), value, KpiSource.SELF, is_verified=False), **more)


def trend(*points: Point, gaps: tuple[Gap, ...] = (), **more: Any) -> Trend:
    baseline = Stood(6, "hours", date(2026, 9, 1), date(2026, 9, 30))
    plain = Trend(
        *(uuid4(), "Hours per file", "hours", Direction.DOWN, 3, None, date(2026, 12, 1)),
        baseline=baseline,
        is_rebased=False,
        points=points,
        gaps=gaps,
        runs=(points,) if points else (),
    )
    return replace(plain, **more)


def trends(*drawn: Trend, said: tuple[tuple[date, Confidence], ...] = (), beside: tuple[Trend, ...] = ()) -> Trends:
    return Trends(drawn, beside, said)


def read_in(drawing: str) -> list[str]:
    """Return every text in a picture, top to bottom."""
    return [each.text or "" for each in ET.fromstring(drawing).iter() if each.tag.endswith("text")]  # noqa: S314 - ours


def test_who_cannot_see_the_picture_reads_all_that_is_in_it() -> None:
    gap = Gap(NOVEMBER + timedelta(weeks=2), CheckInState.SKIPPED)
    confirmed = point(1, 4.9, is_verified=True, confirmed_by=("Ann Berg",))
    went = trend(point(0, 5.5), confirmed, gaps=(gap,), other_units=(("minutes", 1),))

    text = alt_text(trends(went, said=((confirmed.on, RISK),), beside=(trend(name="Cost"),)))

    assert text == (
        "Hours per file, hours: baseline 6, target 3 by 1 Dec 2026; 5.5 on 3 Nov 2026, 4.9 on 10 Nov (confirmed); "
        "nothing on 17 Nov 2026 (skipped); 1 reading in minutes left out. Confidence: at risk on 10 Nov 2026. "
        "Not in the picture: Cost."
    )


def test_words_that_would_be_too_many_for_slack_keep_the_newest_readings() -> None:
    many = [trend(*(point(week, 100 + week / 2) for week in range(26)), name=name * 40) for name in ("Ab", "Cd", "Ef")]

    text = alt_text(trends(*many, said=tuple((each.on, RISK) for each in many[0].points)))

    assert len(text) <= LONGEST_ALT
    assert text.count("112.5 on 27 Apr") == 3
    assert "earlier readings not told here" in text


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("Under <b>5 %</b> & “fast”", id="markup"),
        pytest.param("bell \x07 \ufffe rocket 🚀 hours", id="what XML does not allow and what has no letter"),
        pytest.param("{{ 7 * 7 }} {% raw %}", id="a template"),
        pytest.param("W" * 120, id="one long word"),
    ],
)
def test_a_kpi_may_be_called_anything(name: str) -> None:
    drawing = trend_drawing.svg(trends(trend(point(0, 5), name=name, unit="<i>")))

    title = read_in(drawing)[0]
    assert title.startswith(("Under <b>5 %</b> & “fast”", "bell rocket hours", "{{ 7 * 7 }}", "WWWW"))
    assert bytes(vl_convert.svg_to_png(drawing)).startswith(b"\x89PNG")


def test_a_name_in_letters_the_font_does_not_have_is_a_number_there_and_named_beside_it() -> None:
    went = trends(trend(point(0, 5), name="一件あたりの時間"))

    assert read_in(trend_drawing.svg(went))[0] == "KPI 1"
    assert "KPI 1 in the picture is “一件あたりの時間”." in words(trend_blocks(went))


def test_sources_confirmation_and_confidence_are_told_apart_without_colour() -> None:
    points = (point(0, 5), point(1, 5, is_verified=True), point(2, 5, source=KpiSource.SURVEY))
    measured = point(2, 4, source=KpiSource.SYSTEM, is_verified=True)
    said = tuple(zip([each.on for each in points], Confidence, strict=True))

    drawing = trend_drawing.svg(trends(trend(*points, measured), said=said))

    told = read_in(drawing)
    assert {"self-reported", "from a survey", "from a system", "filled: confirmed by somebody else"} <= set(told)
    assert {"on track", "at risk", "off track"} <= set(told)
    assert [told.count(letter) for letter in "ORX"] == [2, 2, 2]  # each once, and once where it is explained
    uncoloured = re.sub(r"#[0-9a-f]{6}", "", drawing)
    assert all(shape in uncoloured for shape in ("<circle", "<path", "<rect"))


def test_everything_stands_inside_a_phone_however_large_the_numbers() -> None:
    huge = trend(point(0, 1234567.891), point(1, -987654.3), unit="percentage points of all files per quarter")
    several = [trend(*(point(week, 5) for week in range(20)), name=f"KPI number {n}") for n in range(3)]

    page = ET.fromstring(trend_drawing.svg(trends(huge, *several)))  # noqa: S314 - ours

    assert page.attrib["width"] == "320"
    for each in page.iter():
        assert 0 <= float(each.attrib.get("x", 1)) <= 320, ET.tostring(each)
        assert 0 <= float(each.attrib.get("y", 1)) <= float(page.attrib["height"]), ET.tostring(each)
    sizes = {float(each.attrib["font-size"]) for each in page.iter() if "font-size" in each.attrib}
    assert min(sizes - {8.5}) >= 11  # but for the letters in badges


def test_the_same_numbers_are_the_same_picture_and_others_another() -> None:
    one = trends(trend(point(0, 5), point(1, 4)))
    [drawn] = one.drawn

    assert trend_drawing.digest(one) == trend_drawing.digest(trends(replace(drawn, kpi_id=uuid4())))
    confirmed = (replace(drawn.points[0], is_verified=True), drawn.points[1])
    for other in (
        replace(drawn, points=confirmed),
        replace(drawn, runs=((drawn.points[0],), (drawn.points[1],))),
        replace(drawn, target=2.0),
        replace(drawn, name="Days"),
    ):
        assert trend_drawing.digest(one) != trend_drawing.digest(trends(other))
    assert trend_drawing.digest(one) != trend_drawing.digest(replace(one, said=((NOVEMBER, RISK),)))


def test_a_table_fits_a_phone_and_says_what_is_missing_and_why() -> None:
    points = (
        point(-50, 1234567.891, source=KpiSource.SYSTEM, is_verified=True),
        point(0, 5.5, confidence=RISK),
        point(2, 4.9, is_verified=True, confirmed_by=("Annabelle-Christine Berg", "石川 太郎")),
    )
    gaps = tuple(Gap(point(week, 0).on, why) for week, why in ((1, CheckInState.MISSED), (3, CheckInState.AWAY)))

    lines = list(table_lines(trend(*points, gaps=gaps, earlier=14)))

    assert lines == [
        "        Value From   By       Said",
        "2026",
        "24 Nov away",
        "17 Nov    4.9 self   Annabel…",
        "10 Nov missing",
        " 3 Nov    5.5 self   –        risk",
        "2025",
        "18 Nov 1.235M system –",
        "… and 14 earlier",
    ]
    assert max(map(len, lines)) <= WIDEST


def test_numbers_are_exact_where_they_are_short() -> None:
    told = [
        short_number(value) for value in (4.9, 103.125, 103.12345, 0, -12.25, 934567, 123456789.25, 1e12, 0.00001234)
    ]

    assert told == ["4.9", "103.125", "103.1235", "0", "-12.25", "934567", "123.5M", "1T", "1.234e-05"]


def test_where_there_is_no_reading_there_is_nothing_to_show() -> None:
    assert trend_blocks(trends(trend())) == []
    assert trend_lines(trends(trend(point(0, 5.5)))) == [
        "📈 Hours per file: 5.5 on 3 Nov 2026; baseline 6, target 3 by 1 Dec 2026"
    ]
