"""What people meet while a database or the workspace is away, and how fast everything is back."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from db.tables import ApprovalRequest
from handlers.ids import Action
from tests.chaos.harness import ANN, GENERAL, PROPOSERS, Card, Company
from tests.support.postgres import OwnPostgres, Postgres

pytestmark = pytest.mark.chaos

PRIYA = PROPOSERS[0]
SLACK_WAITS = 3.0
A_MOMENT = 0.7
BACK_WITHIN = 5.0
ON_ONE_ENGINE = pytest.mark.parametrize("lasting_url", ["sqlite"], indirect=True, scope="module")
"""For what has nothing to do with the database."""

ON_POSTGRESQL = pytest.mark.parametrize(
    "lasting_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True, scope="module"
)


def asked(here: Company, name: str) -> Card:
    """Return Ann's card of a new proposal."""
    reference = here.propose(PRIYA, name)
    return here.wait_for(lambda: here.card_of(ANN, reference), "Ann was not asked")


def told(here: Company, card: Card) -> int:
    return len(here.everything().direct(PRIYA, f"*{card.reference}*"))


def decided(here: Company, card: Card) -> bool:
    shown = here.everything().cards(card.reference)
    return len(shown) == 3 and not any(Action.APPROVE in each.actions for each in shown)


@ON_POSTGRESQL
def test_nobody_meets_silence_while_postgresql_is_away_and_it_takes_five_seconds_to_be_back(
    shared_company: Company, postgres_server: Postgres
) -> None:
    if not isinstance(postgres_server, OwnPostgres):
        pytest.skip("a server the tests did not start is not theirs to crash")
    here, card = shared_company, asked(shared_company, "Asked before")
    here.draft(PRIYA, "Sent meanwhile")

    postgres_server.crash()
    started = time.monotonic()
    pressed = here.press(ANN, card, Action.APPROVE)
    assert time.monotonic() - started < SLACK_WAITS + A_MOMENT
    assert pressed["error"] == "operation_timeout"
    assert not here.send(PRIYA)["accepted"]
    assert "try again" in str(here.modal(PRIYA)["blocks"])
    here.act(PRIYA, "close", view_id=here.modal(PRIYA)["id"])  # it stands above the step, which is kept
    asked_how = here.act(ANN, "command", channel=GENERAL, command="/usecase", text="UC-1")
    assert asked_how["ok"]
    assert "try again" in str(here.seen_by(ANN)["channels"])

    postgres_server.restart()
    here.wait_for(here.bot_is_ready, "the bot did not recover", seconds=BACK_WITHIN)
    assert here.press(ANN, card, Action.APPROVE)["ok"]
    assert here.send(PRIYA)["accepted"]
    here.wait_for(lambda: decided(here, card), "the decision is not on every card", seconds=BACK_WITHIN)
    here.wait_for(lambda: told(here, card), "Priya was not told", seconds=BACK_WITHIN)
    here.act(PRIYA, "close", view_id=here.modal(PRIYA)["id"])


@ON_POSTGRESQL
def test_a_message_on_its_way_when_postgresql_crashes_comes_once(
    shared_company: Company, postgres_server: Postgres
) -> None:
    if not isinstance(postgres_server, OwnPostgres):
        pytest.skip("a server the tests did not start is not theirs to crash")
    here, card = shared_company, asked(shared_company, "Decided just before")

    assert here.press(ANN, card, Action.APPROVE)["ok"]
    postgres_server.crash()
    postgres_server.restart()

    here.wait_for(lambda: decided(here, card), "the decision is not on every card", seconds=BACK_WITHIN)
    here.wait_for(lambda: told(here, card), "Priya was not told", seconds=BACK_WITHIN)
    here.rest()
    assert told(here, card) == 1


@ON_ONE_ENGINE
@pytest.mark.parametrize("how", ["restarted", "killed"])
def test_the_bot_is_back_when_the_workspace_is(shared_company: Company, how: str) -> None:
    here, card = shared_company, asked(shared_company, f"Asked before it was {how}")
    assert here.workspace is not None
    if how == "killed":
        here.workspace.kill()
    else:
        here.workspace.ask_to_stop()
        here.workspace.wait()

    here.start_workspace()
    pressed = lambda: here.press(ANN, card, Action.APPROVE)["ok"]  # noqa: E731
    here.wait_for(pressed, "the bot did not come back", seconds=2 * BACK_WITHIN)
    here.wait_for(lambda: decided(here, card), "the decision is not on every card")


@ON_ONE_ENGINE
def test_a_bot_told_to_stop_answers_the_click_it_is_working_on(shared_company: Company) -> None:
    here, card = shared_company, asked(shared_company, "Pressed while stopping")
    assert here.bot is not None
    with ThreadPoolExecutor(1) as hands:
        with here.database.transaction() as session:
            session.exec(select(ApprovalRequest).with_for_update()).all()
            pressed = hands.submit(here.press, ANN, card, Action.APPROVE)
            time.sleep(A_MOMENT / 2)  # the click waits for our lock by now, or comes after it: both must be answered
            here.bot.ask_to_stop()
            time.sleep(A_MOMENT / 2)
        assert pressed.result()["ok"]
    assert here.bot.wait() == 0

    here.start_bot()
    here.wait_for(lambda: decided(here, card), "the decision is not on every card")


def test_a_decision_made_on_a_card_whose_fate_is_unknown_is_shown_on_it(shared_company: Company) -> None:
    here = shared_company
    here.draft(PRIYA, "Posted and not marked")
    here.rest()
    here.restart_bot(crash_at="outbox.after_send:3")
    here.wait_until_directory_read()
    assert here.send(PRIYA)["accepted"]
    here.wait_for(here.bot_died, "the bot did not die")
    here.start_bot()

    reference = here.reference_shown(PRIYA)
    assert len(here.everything().cards(reference)) == 3
    card = here.card_of(ANN, reference)
    assert card is not None
    assert here.press(ANN, card, Action.APPROVE)["ok"]

    here.wait_for(lambda: decided(here, card), "the decision is not on every card")
