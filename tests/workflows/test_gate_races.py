"""Two at a gate in the same moment: one request, one telling."""

import pytest

from db.enums import OutboxKind, Phase
from db.queries import programme as stored
from handlers import ticks
from tests.support.gates import FIRST, LEAD, OTHER_LEAD, Gates
from tests.support.house import House
from tests.support.races import Meeting, together
from workflows import policy, programme
from workflows.programme import GateAsked, NoGate, NotAsked


def test_of_two_leads_who_ask_to_open_a_gate_at_once_one_does(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    gates = Gates(house)
    gates.found()
    seen, now = gates.gate().digest, house.clock.now()
    Meeting().before(monkeypatch, policy, "hold")

    def ask(who: str) -> GateAsked | NotAsked:
        actor = gates.actor(who)
        with house.database.transaction() as session:
            return programme.ask_to_open(session, FIRST, seen=seen, actor=actor, now=now)

    outcomes = together(lambda: ask(LEAD), lambda: ask(OTHER_LEAD))

    [refused] = [each for each in outcomes if isinstance(each, NotAsked)]
    assert (refused.why, refused.reference) == (NoGate.PENDING, "GATE-1")
    assert house.facts().count("gate.asked") == 1


def test_replicas_that_look_at_once_tell_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    gates = Gates(house)
    gates.found()
    gates.open()
    gates.revoke(next(iter(programme.DELIVERABLES)))
    house.clock.advance(minutes=5)
    before = [row.kind for row in house.outbox_rows()].count(OutboxKind.GATE_CHANGED)
    Meeting().before(monkeypatch, stored, "claim_look")

    def beat() -> int | str:
        try:
            return ticks.tick(house.database, house.clock.now())
        except Exception as error:  # noqa: BLE001 - whatever the engine calls it: the next beat tries again
            return type(error).__name__

    together(beat, beat)
    monkeypatch.undo()
    beat()

    told = [row.conversation for row in house.outbox_rows() if row.kind is OutboxKind.GATE_CHANGED][before:]
    assert sorted(told) == sorted(set(told))
    assert house.facts().count("gate.at_risk") == 1
    assert [each.phase for each in gates.lapses()] == [Phase.FOCUSED_DEPLOYMENT]
