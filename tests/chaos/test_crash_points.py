"""The bot dies at every point between a click and the message it leads to."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlmodel import select

from db.enums import RequestStatus, UseCaseState, Verb
from db.tables import UseCase
from handlers.ids import INPUT, Action, Block
from tests.chaos.harness import (
    ANN,
    APPROVERS,
    COMMITS_AT_START,
    DANA,
    IS_LONG,
    PEOPLE,
    PROPOSERS,
    Card,
    Company,
    Json,
    company,
)
from tests.chaos.invariants import Accepted, everything_holds, read

pytestmark = pytest.mark.chaos

PRIYA = PROPOSERS[0]

# Which commit of the armed bot's life is the deed's.
DEED = COMMITS_AT_START + 1
POINTS = (
    "before_commit",
    "after_commit",
    "socket.before_ack",
    "socket.after_ack",
    "outbox.after_claim",
    "outbox.after_send",
    "outbox.after_mark",
)
AROUND_THE_COMMIT = ("before_commit", "after_commit", "outbox.after_send")
"""Where one deed differs from another; everywhere else the bot does the same for all."""

STORED = {point: point != "before_commit" for point in POINTS}
names = (f"Use case {number}" for number in count(1))


def every_point(turn: int, points: Sequence[str] = POINTS) -> pytest.MarkDecorator:
    """Meet each point on one engine, and with the other turn on the other; the long form meets all on both."""
    met = []
    for number, point in enumerate(POINTS if IS_LONG else points):
        for engine in ("sqlite", "postgresql"):
            if IS_LONG or (number + turn + (engine == "sqlite")) % 2:
                marks = [pytest.mark.postgres] if engine == "postgresql" else []
                met.append(pytest.param(engine, point, marks=marks))
    return pytest.mark.parametrize(("lasting_url", "point"), met, indirect=["lasting_url"], scope="module")


def when_the_bot_dies(company: Company, crash_at: str, click: Callable[[], Json]) -> Json:
    """Let somebody click while the bot is about to die there, start it again, and return what Slack showed."""
    company.wait_for(lambda: is_followed(company), "the clock did not follow what was approved")
    company.rest()
    company.restart_bot(crash_at=crash_at)
    company.wait_until_directory_read()
    with ThreadPoolExecutor(1) as hands:
        shown = hands.submit(click)
        company.wait_for(company.bot_died, f"the bot did not die at {crash_at}")
        company.start_bot()
        company.wait_until_directory_read()
        return shown.result()


def is_followed(company: Company) -> bool:
    """Say whether the clock has done what approvals leave to it: then the next commit is the one that is meant."""
    with company.database.reading() as session:
        approved = session.exec(select(UseCase).where(UseCase.state == UseCaseState.APPROVED)).all()
        return all(each.valid_until is not None and each.kpis_revision == each.revision for each in approved)


def card_of_ann(company: Company, reference: str) -> Card:
    return company.wait_for(lambda: company.card_of(ANN, reference), f"Ann got no card of {reference}")


def of_the_deed(point: str) -> str:
    return f"{point}:{DEED}" if "commit" in point else point


@every_point(0)
def test_a_proposal_survives_the_death_of_the_bot(shared_company: Company, point: str) -> None:
    here, name = shared_company, next(names)
    here.draft(PRIYA, name)

    shown = when_the_bot_dies(here, of_the_deed(point), lambda: here.send(PRIYA))

    world = read(here.database, here.everything(), (), lease=timedelta(0))
    assert (name in world.names()) == STORED[point], "the bot died at another commit than meant"
    if not shown["accepted"]:
        assert here.send(PRIYA)["accepted"]
    reference = here.reference_shown(PRIYA)
    card = card_of_ann(here, reference)
    everything_holds(here, Accepted(PRIYA, "proposal", reference, name=name))
    assert Action.APPROVE in card.actions


@every_point(1)
def test_an_approval_survives_the_death_of_the_bot(shared_company: Company, point: str) -> None:
    here = shared_company
    reference = here.propose(PRIYA, next(names))
    card = card_of_ann(here, reference)

    shown = when_the_bot_dies(here, of_the_deed(point), lambda: here.press(ANN, card, Action.APPROVE))

    is_stored = reference in here.references(RequestStatus.APPROVED)
    assert is_stored == STORED[point], "the bot died at another commit than meant"
    if not shown["ok"]:
        # She looks again: where her click did count, the card may say so by now.
        card = card_of_ann(here, reference)
        assert Action.APPROVE not in card.actions or here.press(ANN, card, Action.APPROVE)["ok"]
    everything_holds(here, Accepted(ANN, "press", reference, verb=Verb.APPROVE))


@every_point(0, AROUND_THE_COMMIT)
def test_a_wish_for_changes_survives_the_death_of_the_bot(shared_company: Company, point: str) -> None:
    here = shared_company
    reference = here.propose(PRIYA, next(names))
    assert here.press(ANN, card_of_ann(here, reference), Action.REQUEST_CHANGES)["ok"]
    view = here.modal(ANN)["id"]
    wish = {Block.REASON: {INPUT: "Say who reads the summaries."}}

    shown = when_the_bot_dies(here, of_the_deed(point), lambda: here.act(ANN, "submit", view_id=view, state=wish))

    is_stored = reference in here.references(RequestStatus.CHANGES_REQUESTED)
    assert is_stored == STORED[point], "the bot died at another commit than meant"
    if not shown["ok"]:
        assert here.act(ANN, "submit", view_id=view, state=wish)["ok"]
    assert "Your decision is stored" in str(here.modal(ANN)["blocks"])
    here.close_all(ANN)
    everything_holds(here, Accepted(ANN, "modal", reference, verb=Verb.REQUEST_CHANGES, view=view))
    assert len(here.asked_to_change(PRIYA, reference)) == 1


@every_point(1, AROUND_THE_COMMIT)
def test_a_changed_proposal_survives_the_death_of_the_bot(shared_company: Company, point: str) -> None:
    here, name = shared_company, next(names)
    reference = given_back(here, name)
    here.edit(PRIYA, reference, name=f"{name}, changed", benefit="Nobody waits")

    shown = when_the_bot_dies(here, of_the_deed(point), lambda: here.send(PRIYA))

    is_stored = reference in here.references(RequestStatus.IN_REVIEW)
    assert is_stored == STORED[point], "the bot died at another commit than meant"
    if not shown["accepted"]:
        assert here.send(PRIYA)["accepted"]
    assert here.reference_shown(PRIYA) == reference
    everything_holds(here, Accepted(PRIYA, "change", reference, name=f"{name}, changed"))
    assert here.press(ANN, card_of_ann(here, reference), Action.APPROVE)["ok"]
    everything_holds(here, Accepted(ANN, "press", reference, verb=Verb.APPROVE))


def given_back(here: Company, name: str) -> str:
    """Let Priya propose something and Ann ask for changes; return its reference."""
    reference = here.propose(PRIYA, name)
    assert here.press(ANN, card_of_ann(here, reference), Action.REQUEST_CHANGES)["ok"]
    wish = {Block.REASON: {INPUT: "Say who reads the summaries."}}
    assert here.act(ANN, "submit", view_id=here.modal(ANN)["id"], state=wish)["ok"]
    here.close_all(ANN)
    return reference


@pytest.fixture
def new_company(database_url: str, tmp_path: Path) -> Iterator[Company]:
    """Give a company whose bot has never run."""
    here = Company(tmp_path, database_url)
    try:
        here.prepare()
        yield here
    finally:
        here.stop()


def test_a_bot_that_dies_again_and_again_at_its_first_start_appoints_one_admin_and_tells_them_once(
    new_company: Company,
) -> None:
    here = new_company
    commits = [f"before_commit:{number}" for number in range(1, COMMITS_AT_START + 1)]
    for point in (*commits, "outbox.after_claim", "outbox.after_send"):
        here.start_bot(crash_at=point, until_ready=False)
        here.wait_for(here.bot_died, f"the bot did not die at {point}")

    here.start_bot()
    here.wait_until_directory_read()

    everything_holds(here)  # and so Dana is admin, everybody is known, and she was told once
    assert [card.text.partition(".")[0] for card in here.everything().direct(DANA, "You own")] == [
        "You own this Slack workspace, so you are the first admin of Gatehouse"
    ]
    assert here.act(PEOPLE[0], "command", channel="C0GENERAL", command="/usecase", text="help")["ok"]


@pytest.fixture
def company_without_history(database_url: str, tmp_path: Path) -> Iterator[Company]:
    with company(tmp_path, database_url, history=False) as running:
        yield running


def test_without_history_a_second_card_may_come_and_never_a_second_decision(company_without_history: Company) -> None:
    here, name = company_without_history, next(names)
    here.draft(PRIYA, name)

    when_the_bot_dies(here, "outbox.after_send", lambda: here.send(PRIYA))

    here.rest()
    cards = here.everything().cards("UC-1")
    assert set(Counter(card.channel for card in cards).values()) <= {1, 2}
    for person in APPROVERS:
        mine = [channel["id"] for channel in here.seen_by(person)["dms"]]
        for card in cards:
            if card.channel in mine and still_there(here, card):
                # Between looking and pressing the other copy's approval may have taken this one's buttons away.
                assert here.press(person, card, Action.APPROVE)["ok"] or not still_there(here, card)
    everything_holds(
        here, Accepted(PRIYA, "proposal", "UC-1", name=name), Accepted(ANN, "press", "UC-1", verb=Verb.APPROVE)
    )


def still_there(company: Company, card: Card) -> bool:
    """Say whether the card can be approved at this moment."""
    shown = [each for each in company.everything().cards("UC-1") if each.ts == card.ts]
    return bool(shown) and Action.APPROVE in shown[0].actions


def test_the_command_line_agrees_that_the_ledger_holds(shared_company: Company) -> None:
    assert "verify" in shared_company.gatehouse(("ledger", "verify"))
