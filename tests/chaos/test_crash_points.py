"""The bot dies at every point between a click and the message it leads to."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from db.enums import Verb
from handlers.ids import Action
from tests.chaos.harness import ANN, APPROVERS, IS_LONG, PROPOSERS, Card, Company, Json, company
from tests.chaos.invariants import Accepted, broken, read

pytestmark = pytest.mark.chaos

PRIYA = PROPOSERS[0]

# Which commit of the armed bot's life is the deed's: one applies the policy at start, and three keep who there is.
PROPOSING, APPROVING = 5, 5
POINTS = (
    "before_commit",
    "after_commit",
    "socket.before_ack",
    "socket.after_ack",
    "outbox.after_claim",
    "outbox.after_send",
    "outbox.after_mark",
)
STORED = {point: point != "before_commit" for point in POINTS}
names = (f"Use case {number}" for number in count(1))


def every_point(turn: int) -> pytest.MarkDecorator:
    """Meet each point on one engine, and with the other turn on the other; the long form meets all on both."""
    met = []
    for number, point in enumerate(POINTS):
        for engine in ("sqlite", "postgresql"):
            if IS_LONG or (number + turn + (engine == "sqlite")) % 2:
                marks = [pytest.mark.postgres] if engine == "postgresql" else []
                met.append(pytest.param(engine, point, marks=marks))
    return pytest.mark.parametrize(("lasting_url", "point"), met, indirect=["lasting_url"], scope="module")


def when_the_bot_dies(company: Company, crash_at: str, click: Callable[[], Json]) -> Json:
    """Let somebody click while the bot is about to die there, start it again, and return what Slack showed."""
    company.rest()
    company.warm()
    company.restart_bot(crash_at=crash_at)
    with ThreadPoolExecutor(1) as hands:
        shown = hands.submit(click)
        company.wait_for(company.bot_died, f"the bot did not die at {crash_at}")
        company.start_bot()
        return shown.result()


def everything_holds(company: Company, *accepted: Accepted) -> None:
    company.rest()
    lease = timedelta(seconds=company.lease_seconds)
    world = read(company.database, company.everything(), accepted, history=company.history, lease=lease)
    problems = broken(world)
    assert not problems, company.told(str(problems))


def card_of_ann(company: Company, reference: str) -> Card:
    return company.wait_for(lambda: company.card_of(ANN, reference), f"Ann got no card of {reference}")


@every_point(0)
def test_a_proposal_survives_the_death_of_the_bot(shared_company: Company, point: str) -> None:
    here, name = shared_company, next(names)
    form = here.open_form(PRIYA, name)

    crash_at = f"{point}:{PROPOSING}" if "commit" in point else point
    shown = when_the_bot_dies(here, crash_at, lambda: here.submit_form(PRIYA, form))

    world = read(here.database, here.everything(), (), lease=timedelta(0))
    assert (name in world.names.values()) == STORED[point], "the bot died at another commit than meant"
    if not shown["accepted"]:
        assert here.submit_form(PRIYA, form)["accepted"]
    reference = here.reference_shown(PRIYA)
    card = card_of_ann(here, reference)
    everything_holds(here, Accepted(PRIYA, "proposal", reference, name=name))
    assert Action.APPROVE in card.actions


@every_point(1)
def test_an_approval_survives_the_death_of_the_bot(shared_company: Company, point: str) -> None:
    here, name = shared_company, next(names)
    reference = here.propose(PRIYA, name)
    card = card_of_ann(here, reference)

    crash_at = f"{point}:{APPROVING}" if "commit" in point else point
    shown = when_the_bot_dies(here, crash_at, lambda: here.press(ANN, card, Action.APPROVE))

    world = read(here.database, here.everything(), (), lease=timedelta(0))
    assert (
        any(world.votes_on(request) for request in world.requests.values() if request.reference == reference)
        == (STORED[point])
    ), "the bot died at another commit than meant"
    if not shown["ok"]:
        # She looks again: where her click did count, the card may say so by now.
        card = card_of_ann(here, reference)
        assert Action.APPROVE not in card.actions or here.press(ANN, card, Action.APPROVE)["ok"]
    everything_holds(here, Accepted(ANN, "press", reference, verb=Verb.APPROVE))


@pytest.fixture
def company_without_history(database_url: str, tmp_path: Path) -> Iterator[Company]:
    with company(tmp_path, database_url, history=False) as running:
        yield running


def test_without_history_a_second_card_may_come_and_never_a_second_decision(company_without_history: Company) -> None:
    here, name = company_without_history, next(names)
    form = here.open_form(PRIYA, name)

    when_the_bot_dies(here, "outbox.after_send", lambda: here.submit_form(PRIYA, form))

    here.rest()
    cards = here.everything().cards("UC-1")
    assert set(Counter(card.channel for card in cards).values()) <= {1, 2}
    for person in APPROVERS:
        mine = [channel["id"] for channel in here.seen_by(person)["dms"]]
        for card in cards:
            if card.channel in mine and still_there(here, card):
                assert here.press(person, card, Action.APPROVE)["ok"]
    everything_holds(
        here, Accepted(PRIYA, "proposal", "UC-1", name=name), Accepted(ANN, "press", "UC-1", verb=Verb.APPROVE)
    )


def still_there(company: Company, card: Card) -> bool:
    """Say whether the card can be approved at this moment."""
    shown = [each for each in company.everything().cards("UC-1") if each.ts == card.ts]
    return bool(shown) and Action.APPROVE in shown[0].actions


def test_the_command_line_agrees_that_the_ledger_holds(shared_company: Company) -> None:
    assert "verify" in shared_company.gatehouse(("ledger", "verify"))
