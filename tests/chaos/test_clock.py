"""The clock is moved while the bot dies and comes back."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from db.enums import RequestStatus
from handlers.ids import Action
from tests.chaos.harness import ANN, APPROVERS, COMMITS_AT_START, PROPOSERS, Company, company
from tests.chaos.invariants import everything_holds

pytestmark = pytest.mark.chaos

MINUTE = 60
WEEK = 7 * 24 * 60 * MINUTE
POINTS = (f"before_commit:{COMMITS_AT_START + 1}", f"after_commit:{COMMITS_AT_START + 1}", "outbox.after_send")


@pytest.fixture
def here(database_url: str, tmp_path: Path) -> Iterator[Company]:
    with company(tmp_path, database_url) as running:
        yield running


def test_a_bot_that_dies_reminding_reminds_everybody_once_in_the_end(here: Company) -> None:
    for point in POINTS:
        reference = reminded_by_a_dying_bot(here, point)
        card = here.card_of(ANN, reference)
        assert card is not None
        assert here.press(ANN, card, Action.APPROVE)["ok"]
    everything_holds(here)

    week = here.move_clock(WEEK)

    assert week["ok"], here.told(str(week))
    assert week["played_seconds"] == WEEK
    everything_holds(here)


def test_silence_ends_a_request_once_however_often_the_bot_dies_meanwhile(here: Company) -> None:
    reference = here.propose(PROPOSERS[0], "Waiting for nobody")
    here.rest()
    for _ in range(3):
        with ThreadPoolExecutor(1) as hands:
            moved = hands.submit(here.move_clock, 2 * WEEK)
            here.restart_bot()
            assert moved.result()["ok"], here.told(str(moved.result()))

    here.wait_for(lambda: here.references(RequestStatus.EXPIRED) == [reference], "silence did not end it")

    everything_holds(here)
    assert reminders(here, reference) == [3, 3]


def reminded_by_a_dying_bot(here: Company, point: str) -> str:
    """Let time pass over a proposal while the bot dies at its first reminder and is started again."""
    reference = here.propose(PROPOSERS[0], f"Waiting for {point}")
    here.rest()
    assert here.move_clock(here.seconds_to_reminder(reference) - MINUTE)["ok"]
    here.restart_bot(crash_at=point)
    here.wait_until_directory_read()
    with ThreadPoolExecutor(1) as hands:
        moved = hands.submit(here.move_clock, 2 * MINUTE)
        here.wait_for(here.bot_died, f"the bot did not die at {point}")
        here.start_bot()
        assert moved.result()["ok"], here.told(str(moved.result()))
    here.wait_for(lambda: all(reminders(here, reference)), f"nobody was reminded after {point}")
    here.rest()
    assert reminders(here, reference) == [1, 1]
    return reference


def reminders(here: Company, reference: str) -> list[int]:
    everything = here.everything()
    return [len(everything.direct(person, f"A reminder: *{reference}*")) for person in APPROVERS]
