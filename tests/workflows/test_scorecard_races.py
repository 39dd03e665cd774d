"""Two people, or two replicas, at the same scorecard in the same moment: one counts, and the other is told."""

from collections import Counter
from datetime import date, timedelta

import pytest

from db.enums import OutboxKind
from db.queries import configuration
from db.queries import scorecards as stored
from db.session import Session
from handlers import ticks
from tests.support.house import House
from tests.support.races import Meeting, together
from tests.support.scoring import ANN, BEN, MAREK, OTTO, Scoring
from workflows import people, scorecards
from workflows.people import Actor
from workflows.scorecards import Closed, NoScorecard, NotDone, Round

DUE = date(2026, 3, 13)


def known(session: Session, who: str) -> Actor:
    found = people.find(session, who)
    assert found is not None
    return found


def test_of_two_leads_who_start_a_round_at_once_one_does_and_the_other_hears_of_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    scoring = Scoring(house)
    for who in (MAREK, OTTO):
        house.grant("lead", who)
    Meeting().before(monkeypatch, configuration, "hold_counters")

    def start(who: str) -> Round | NotDone:
        with house.database.transaction() as session:
            asked = [known(session, each) for each in (ANN, MAREK)]
            return scorecards.start(session, asked, DUE, actor=known(session, who), now=house.clock.now())

    outcomes = together(lambda: start(BEN), lambda: start(OTTO))

    [lost] = [each for each in outcomes if isinstance(each, NotDone)]
    [found] = scoring.rounds()
    assert (lost.why, lost.round and lost.round.id) == (NoScorecard.GOES_ON, found.id)
    assert Counter(house.facts())["scorecard.opened"] == 1


def test_an_answer_that_meets_the_closing_counts_or_is_refused_and_never_half(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    scoring = Scoring(house)
    scoring.begun()
    scoring.answer(ANN, 2)
    [found], now = scoring.rounds(), house.clock.now()
    said = {each.dimension: 5 for each in scoring.scores()}
    Meeting().before(monkeypatch, stored, "lock_round")

    def answer() -> Round | NotDone:
        with house.database.transaction() as session:
            return scorecards.answer(session, found.id, said, actor=known(session, MAREK), now=now)

    def close() -> Closed | NotDone:
        with house.database.transaction() as session:
            return scorecards.close(session, found.id, actor=known(session, BEN), now=now)

    answered, closed = together(answer, close)

    assert isinstance(closed, Closed)
    is_refused = isinstance(answered, NotDone)
    assert len(closed.round.answered) == (1 if is_refused else 2)
    assert len(scoring.scores()) == (12 if is_refused else 24)


def test_replicas_that_see_the_same_round_due_ask_and_close_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    scoring = Scoring(house)
    assert scoring.start().status == 200

    def beat() -> int | str:
        try:
            return ticks.tick(house.database, house.clock.now())
        except Exception as error:  # noqa: BLE001 - whatever the engine calls it: the next beat tries again
            return type(error).__name__

    Meeting().after(monkeypatch, stored, "to_ask")
    together(beat, beat)
    monkeypatch.undo()
    beat()
    assert [row.kind for row in house.outbox_rows()].count(OutboxKind.SCORECARD_ASKED) == 3

    house.clock.advance(seconds=timedelta(days=14).total_seconds())
    Meeting().after(monkeypatch, stored, "due")
    together(beat, beat)
    monkeypatch.undo()
    beat()
    assert Counter(house.facts())["scorecard.closed"] == 1
    assert [row.kind for row in house.outbox_rows()].count(OutboxKind.SCORECARD_CLOSED) == 1
