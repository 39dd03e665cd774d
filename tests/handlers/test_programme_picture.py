"""The picture of the phases says no more than its words, and is sent once for as long as nothing changes."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
import vl_convert

from db.enums import Criterion, Phase
from handlers.ids import Command
from handlers.programme import drawing
from tests.support.gates import LEAD, Gates
from tests.support.house import House, words
from workflows.programme import CRITERIA, Elapsed, Evidence, Programme, Proof, Waiver
from workflows.programme.rules import gates, phase_of

DAY = timedelta(days=1)
START = datetime(2026, 1, 5, tzinfo=UTC)
FIRST = Phase.FOCUSED_DEPLOYMENT


def told(now: datetime) -> tuple[Programme, Elapsed]:
    """Return a programme in its second phase, whose context pack has lapsed and whose map was waived."""
    proofs = {each: (Proof(f"{each} v1", START),) for each in CRITERIA[FIRST]}
    proofs[Criterion.CONTEXT_PACK] = (Proof("DLV-1 v1", START, START + 60 * DAY),)
    del proofs[Criterion.STAKEHOLDER_MAP]
    waiver = Waiver(FIRST, Criterion.STAKEHOLDER_MAP, "GATE-1", START, START + 90 * DAY)
    found = gates(Evidence(proofs, opened={FIRST: START + 50 * DAY}, waivers=[waiver]), grace=14 * DAY, now=now)
    begun = {Phase.FOUNDATION: START, FIRST: START + 50 * DAY}
    return Programme(phase_of(found), found, now), Elapsed(phase_of(found), begun, now, (6, 10), (39, 78))


def test_who_cannot_see_the_picture_reads_all_that_is_in_it() -> None:
    assert drawing.alt_text(*told(START + 70 * DAY)) == (
        "Phase 1, Foundation and Readiness: 7 weeks, usually 6 to 10 weeks. "
        "Phase 2, Focused Deployment (the programme is here): 2 weeks so far; its gate is at risk: 6 met, 1 lapsed, 1 "
        "waived for a while. Phase 3, Optimisation and Measurement: its gate is closed: 1 missing. "
        "Phase 4, Scaling: its gate is closed: 3 missing. "
        "10 weeks in all so far; all four phases usually take 39 to 78 weeks."
    )


def test_what_is_drawn_can_be_read_without_colours() -> None:
    svg = drawing.svg(*told(START + 70 * DAY))

    texts = [each.text or "" for each in ET.fromstring(svg).iter() if each.tag.endswith("text")]  # noqa: S314 - ours
    assert {"we are here: 2 weeks so far", "Gate at risk", "L", "W", "M", "lapsed", "39", "78"} <= set(texts)
    assert bytes(vl_convert.svg_to_png(svg)).startswith(b"\x89PNG")


def test_it_is_another_picture_when_a_week_has_passed_or_a_gate_stands_otherwise_and_not_before() -> None:
    digests = [drawing.digest(*told(START + days * DAY)) for days in (71, 72, 77, 80)]

    assert digests[0] == digests[1]
    assert len(set(digests)) == 3


@pytest.mark.parametrize("error", ["missing_scope", "storage_limit_reached"])
def test_where_slack_takes_no_pictures_home_comes_in_words_and_does_not_try_each_time(house: House, error: str) -> None:
    gates = Gates(house)
    house.slack.fail_next("files.getUploadURLExternal", error)
    for _ in range(3):
        house.open_home(LEAD)
        house.send()

    assert house.world.calls.count("files.getUploadURLExternal") == 1
    assert not any(each["type"] == "image" for each in house.world.homes[LEAD]["blocks"])
    assert "1. Foundation and Readiness" in words(house.world.homes[LEAD])
    gates.house.clock.advance(hours=2)
    house.open_home(LEAD)
    house.send()
    assert any(each["type"] == "image" for each in house.world.homes[LEAD]["blocks"])


def test_the_page_shows_the_picture_slack_has_from_home_and_words_before(house: House) -> None:
    Gates(house)
    shown = []
    for _ in range(2):
        house.command(LEAD, "programme", command=Command.GATEHOUSE)
        shown.append([each["type"] for each in house.world.opened[-1]["blocks"]].count("image"))
        house.open_home(LEAD)
        house.send()

    assert shown == [0, 1]
    assert house.world.calls.count("upload") == 1
