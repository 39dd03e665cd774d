"""The clock is moved while the bot dies and comes back."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.chaos.harness import APPROVERS, PROPOSERS, Company, company

pytestmark = pytest.mark.chaos

HOUR = 3600
DAY = 24 * HOUR


@pytest.fixture
def here(database_url: str, tmp_path: Path) -> Iterator[Company]:
    with company(tmp_path, database_url) as running:
        yield running


# The first commits of a bot's life apply the policy and keep who there is; the next thing it stores is the reminder.
POINTS = ("before_commit:5", "after_commit:5", "outbox.after_send")


def test_a_bot_that_dies_reminding_reminds_everybody_once_in_the_end(here: Company) -> None:
    references = [reminded_by_a_dying_bot(here, point) for point in POINTS]

    week = here.move_clock(7 * DAY)

    assert week["ok"], here.told(str(week))
    assert week["played_seconds"] == 7 * DAY
    assert [reminders(here, reference) for reference in references] == [[1, 1]] * len(POINTS)


def reminded_by_a_dying_bot(here: Company, point: str) -> str:
    """Let a day pass over a proposal while the bot dies at its reminder and is started again; return the reference."""
    reference = here.propose(PROPOSERS[0], f"Waiting for {point}")
    here.wait_for(lambda: len(here.everything().cards(reference)) == 3, "not everybody was asked")
    here.rest()
    here.restart_bot(crash_at=point)
    with ThreadPoolExecutor(1) as hands:
        moved = hands.submit(here.move_clock, 25 * HOUR)
        here.wait_for(here.bot_died, f"the bot did not die at {point}")
        here.start_bot()
        assert moved.result()["ok"], here.told(str(moved.result()))
    here.wait_for(lambda: all(reminders(here, reference)), f"nobody was reminded after {point}")
    return reference


def reminders(here: Company, reference: str) -> list[int]:
    everything = here.everything()
    return [len(everything.direct(person, f"A reminder: *{reference}*")) for person in APPROVERS]
