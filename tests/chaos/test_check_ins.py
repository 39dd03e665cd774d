"""The bot dies while it asks for numbers, and while somebody answers: one prompt, one answer, none lost."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlmodel import select

from db.enums import CheckInState
from db.tables import CheckIn, CheckInAnswer, Reading
from handlers.ids import INPUT, Action, Block
from tests.chaos.asking import Weeks
from tests.chaos.driver import chosen_seed
from tests.chaos.harness import ANN, COMMITS_AT_START, OWNER, PROPOSERS, Card, Company, Json, company
from tests.chaos.invariants import everything_holds

pytestmark = pytest.mark.chaos

MINUTE = 60
AROUND = (f"before_commit:{COMMITS_AT_START + 1}", f"after_commit:{COMMITS_AT_START + 1}", "outbox.after_send")


@pytest.fixture
def here(database_url: str, tmp_path: Path) -> Iterator[Company]:
    with company(tmp_path, database_url) as running:
        yield running


def test_a_bot_that_dies_asking_and_being_answered_asks_once_and_keeps_the_answer_once(here: Company) -> None:
    reference = here.propose(PROPOSERS[0], "Read letters")
    card = here.wait_for(lambda: here.card_of(ANN, reference), f"Ann got no card of {reference}")
    assert here.press(ANN, card, Action.APPROVE)["ok"]
    here.rest()
    for number, point in enumerate(AROUND, start=1):
        asked_by_a_dying_bot(here, point)
        prompts = here.wait_for(lambda many=number: _all(here, many), f"nobody was asked once in the end after {point}")
        answered_to_a_dying_bot(here, prompts[-1], point, value=str(number))
        here.rest()
    everything_holds(here)

    with here.database.reading() as session:
        check_ins = session.exec(select(CheckIn)).all()
        answers, readings = session.exec(select(CheckInAnswer)).all(), session.exec(select(Reading)).all()
    assert [each.state for each in check_ins] == [CheckInState.ANSWERED] * len(AROUND)
    assert len(answers) == len(readings) == len(AROUND)
    assert sorted(each.value for each in readings) == [1, 2, 3]


@pytest.mark.parametrize("database_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_three_bots_that_are_killed_while_they_ask_ask_everybody_once(here: Company) -> None:
    asked = Weeks(here, seed=chosen_seed(), use_cases=2).play(kills=5)

    assert not asked.problems, here.told(f"{asked}: {asked.problems}")
    assert asked.prompts == asked.weeks * 2


def asked_by_a_dying_bot(here: Company, point: str) -> None:
    """Let the date come while the bot dies at its deed, and is started again."""
    assert here.move_clock(here.seconds_to_check_in() - MINUTE)["ok"]
    here.rest()
    here.restart_bot(crash_at=point)
    here.wait_until_directory_read()
    with ThreadPoolExecutor(1) as hands:
        moved = hands.submit(here.move_clock, 2 * MINUTE)
        here.wait_for(here.bot_died, f"the bot did not die at {point}")
        here.start_bot()
        assert moved.result()["ok"], here.told(str(moved.result()))
    here.rest()


def answered_to_a_dying_bot(here: Company, prompt: Card, point: str, *, value: str) -> None:
    """Let the owner send the form while the bot dies at the deed; they send it again where Slack showed no answer."""
    assert here.press(OWNER, prompt, Action.ANSWER_CHECK_IN)["ok"]
    here.rest()
    here.restart_bot(crash_at=point)
    here.wait_until_directory_read()
    with ThreadPoolExecutor(1) as hands:
        shown = hands.submit(send, here, value)
        here.wait_for(here.bot_died, f"the bot did not die at {point}")
        here.start_bot()
        here.wait_until_directory_read()
        if not shown.result()["ok"]:
            assert send(here, value)["ok"]
    here.close_all(OWNER)


def send(here: Company, value: str) -> Json:
    modal = here.modal(OWNER)
    inputs = [block for block in modal["blocks"] if block["type"] == "input"]
    reading = next(block["block_id"] for block in inputs if block["block_id"].startswith(f"{Block.READING}."))
    state = {reading: {INPUT: value}, str(Block.CONFIDENCE): {str(Action.CONFIDENCE): "on_track"}}
    return here.act(OWNER, "submit", view_id=modal["id"], state=state)


def _all(here: Company, many: int) -> list[Card] | None:
    """Return the prompts of the owner once there are as many as they should be; never more."""
    found = here.everything().direct(OWNER, "*UC-1*")
    assert len(found) <= many, here.told(str([each.text for each in found]))
    return found if len(found) == many else None
