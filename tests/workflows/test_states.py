"""Every way in which a status changes: the table, the page that draws it, and the statements that write it."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from db.enums import BreakGlassStatus, LaneStatus, RequestStatus, StageStatus
from workflows.approvals import states
from workflows.approvals.states import Event, ImpossibleTransitionError, Table
from workflows.breaking_glass.states import BREAK_GLASS
from workflows.breaking_glass.states import Event as GlassEvent
from workflows.programme.states import GATE
from workflows.programme.states import Event as GateEvent

PAGE = Path(__file__).parents[2] / "docs" / "states.md"
TABLES = [
    pytest.param("A request", states.REQUEST, id="request"),
    pytest.param("A stage", states.STAGE, id="stage"),
    pytest.param("A lane", states.LANE, id="lane"),
    pytest.param("Break-glass", BREAK_GLASS, id="break-glass"),
    pytest.param("A gate", GATE, id="gate"),
]
ARROW = r"(\[\*\]|\w+) --> (\w+) : ([\w ]+)"


def section(title: str) -> str:
    [found] = re.findall(rf"(?ms)^## {title}\n(.*?)(?=^## |\Z)", PAGE.read_text(encoding="utf-8"))
    return str(found)


def arrows(table: Table[Any]) -> Counter[tuple[str, str, str]]:
    return Counter(
        ("[*]" if each.before is None else each.before.value, each.after.value, each.event.replace("_", " "))
        for each in table.transitions
    )


@pytest.mark.parametrize(("title", "table"), TABLES)
def test_the_page_draws_the_table(title: str, table: Table[Any]) -> None:
    [diagram] = re.findall(r"(?s)```mermaid\nstateDiagram-v2\n(.*?)```", section(title))

    drawn = [re.fullmatch(ARROW, line.strip()) for line in diagram.splitlines()]

    assert all(drawn), diagram
    assert Counter(line.groups() for line in drawn if line) == arrows(table)


@pytest.mark.parametrize(("title", "table"), TABLES)
def test_the_page_says_one_sentence_of_each_transition(title: str, table: Table[Any]) -> None:
    told = re.findall(rf"(?m)^- `{ARROW}`: ([A-Z][^.]+\.)$", section(title))

    assert Counter(each[:3] for each in told) == arrows(table)
    assert len({each[3] for each in told}) > len(told) / 2


@pytest.mark.parametrize(("title", "table"), TABLES)
def test_nothing_is_left_that_cannot_be_reached(title: str, table: Table[Any]) -> None:  # noqa: ARG001
    reached: set[Any] = {None}
    for _ in table.transitions:
        reached |= {each.after for each in table.transitions if each.before in reached}

    assert reached - {None} == set(type(table.transitions[0].after))


@pytest.mark.parametrize(
    ("table", "before", "after"),
    [
        (states.REQUEST, RequestStatus.APPROVED, RequestStatus.IN_REVIEW),
        (states.REQUEST, RequestStatus.WITHDRAWN, RequestStatus.IN_REVIEW),
        (states.REQUEST, RequestStatus.EXPIRED, RequestStatus.APPROVED),
        (states.REQUEST, RequestStatus.CHANGES_REQUESTED, RequestStatus.EXPIRED),
        (states.STAGE, StageStatus.WAITING, StageStatus.REJECTED),
        (states.LANE, LaneStatus.BLOCKED, LaneStatus.APPROVED),
        (states.LANE, LaneStatus.WAITING, LaneStatus.APPROVED),
        (states.LANE, LaneStatus.APPROVED, LaneStatus.NO_LONGER_REQUIRED),
        (states.LANE, None, LaneStatus.REJECTED),
        (BREAK_GLASS, BreakGlassStatus.ENDED, BreakGlassStatus.IN_FORCE),
        (BREAK_GLASS, BreakGlassStatus.CALLED, BreakGlassStatus.RATIFIED),
    ],
)
def test_what_nothing_leads_to_is_never_written(table: Table[Any], before: Any, after: Any) -> None:
    with pytest.raises(ImpossibleTransitionError, match=f"{before or 'new'} into {after}"):
        table.require(before, after)


def test_every_event_causes_something() -> None:
    tables: list[Table[Any]] = [states.REQUEST, states.STAGE, states.LANE]

    assert {each.event for table in tables for each in table.transitions} == set(Event)
    assert {each.event for each in BREAK_GLASS.transitions} == set(GlassEvent)
    assert {each.event for each in GATE.transitions} == set(GateEvent)
