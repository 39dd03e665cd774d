"""Which three things somebody is told of: a pure rule."""

from datetime import UTC, date, datetime

import pytest

from workflows.digests.urgency import Thing, ThingKind, week_of

TODAY = date(2026, 3, 2)


def due(day: int, kind: ThingKind = ThingKind.TASK, *, month: int = 3, is_late: bool = False) -> Thing[str]:
    return Thing(kind, f"{kind} {month}-{day}", date(2026, month, day), is_late)


def told(*things: Thing[str]) -> list[str]:
    return [each.about for each in week_of(things, TODAY).things]


def test_the_latest_comes_first_then_the_day_then_what_has_none() -> None:
    vote = Thing(ThingKind.VOTE, "vote without a day")

    assert told(vote, due(6), due(1, is_late=True), due(20, month=2, is_late=True)) == [
        "task 2-20",
        "task 3-1",
        "task 3-6",
    ]
    assert told(vote, due(6)) == ["task 3-6", "vote without a day"]


def test_what_is_late_comes_before_what_is_due_on_the_same_day() -> None:
    late = due(2, ThingKind.CHECK_IN, is_late=True)

    assert told(due(2, ThingKind.VOTE), late) == ["check_in 3-2", "vote 3-2"]


@pytest.mark.parametrize("kind", [ThingKind.VOTE, ThingKind.EVIDENCE, ThingKind.CONFIRMATION])
def test_of_one_day_what_others_wait_for_comes_first(kind: ThingKind) -> None:
    assert told(due(5, ThingKind.TASK), due(5, kind), due(5, ThingKind.FIX)) == [f"{kind} 3-5", "fix 3-5", "task 3-5"]


def test_of_one_day_and_sort_what_was_asked_first_comes_first() -> None:
    first, second = (datetime(2026, 2, day, tzinfo=UTC) for day in (3, 4))
    things = [Thing(ThingKind.VOTE, "later", since=second), Thing(ThingKind.VOTE, "earlier", since=first)]

    assert told(*things) == ["earlier", "later"]


def test_three_are_told_and_the_others_counted_also_those_due_in_a_month() -> None:
    week = week_of([due(day) for day in (3, 4, 5, 6)] + [due(2, month=4)], TODAY)

    assert [each.about for each in week.things] == ["task 3-3", "task 3-4", "task 3-5"]
    assert week.more == 2
    assert week_of([due(2, month=4)], TODAY).things == ()
    assert week_of([due(16)], TODAY).things
    assert not week_of([due(17)], TODAY).things
