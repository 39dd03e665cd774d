"""Two people at the same rollout in the same moment: one counts, and the other is told."""

from collections import Counter
from datetime import timedelta

import pytest

from db.queries import intake as stored_cases
from db.queries import rollouts as stored
from db.session import Session
from tests.support.house import House
from tests.support.races import Meeting, together
from tests.support.scaling import EVA, MAREK, OTTO, Scaling
from workflows import people, rollouts
from workflows.people import Actor
from workflows.rollouts import NoRollout, NotRolledOut, RolledOut, Wanted


def known(session: Session, who: str) -> Actor:
    found = people.find(session, who)
    assert found is not None
    return found


def test_of_two_who_ask_for_the_same_team_at_once_one_is_told_of_the_other(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    scaling = Scaling(house)
    scaling.open_gates()
    scaling.list_steps()
    now = house.clock.now()
    Meeting().before(monkeypatch, stored_cases, "lock")

    def ask(who: str, team: str) -> RolledOut | NotRolledOut:
        with house.database.transaction() as session:
            starts = now.date() + timedelta(days=7)
            wanted = Wanted(team, known(session, OTTO), 40, starts, {})
            return rollouts.ask(session, scaling.use_case_id, wanted, actor=known(session, who), now=now)

    outcomes = together(lambda: ask(MAREK, "Payments"), lambda: ask(OTTO, "payments "))

    [lost] = [each for each in outcomes if isinstance(each, NotRolledOut)]
    [won] = [each for each in outcomes if isinstance(each, RolledOut)]
    assert (lost.why, lost.other and lost.other.id) == (NoRollout.TEAM_HAS_IT, won.rollout.id)
    assert len(scaling.rollouts()) == 1
    assert house.facts().count("rollout.asked") == 1


def test_of_two_who_tick_off_the_last_step_at_once_one_does_and_the_rollout_is_done_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    scaling = Scaling(house)
    scaling.open_gates()
    scaling.list_steps()
    scaling.ask()
    scaling.approve()
    scaling.tick(EVA, 1, 2)
    rollout_id, now = scaling.rollouts()[0].id, house.clock.now()
    Meeting().before(monkeypatch, stored, "lock_rollout")

    def tick(who: str) -> RolledOut | NotRolledOut:
        with house.database.transaction() as session:
            return rollouts.finish_step(session, rollout_id, 3, actor=known(session, who), now=now)

    outcomes = together(lambda: tick(EVA), lambda: tick(MAREK))

    assert Counter(type(each) for each in outcomes) == {RolledOut: 1, NotRolledOut: 1}
    assert house.facts().count("rollout.done") == 1
