"""Audits are decided and called off in the same moment: nobody waits for the other in a circle."""

import threading
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import update

from db.enums import AuditResult, UseCaseState, Verb
from db.queries import auditing as stored
from db.tables import UseCase
from handlers import ticks
from tests.handlers.test_auditing import audits, case, fast
from tests.support.chains import put_in_force
from tests.support.house import House
from tests.support.races import Meeting, together
from workflows import auditing, intake, people, reactions
from workflows.approvals import Vote, Voted


def test_one_audit_fails_while_the_clock_calls_off_another_of_the_same_line(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_force(house, fast())
    house.grant("checker", "U_BEN")
    for name in ("Draft press texts", "Sort invoices"):
        house.propose(name=name, differs="It is another.")
    with house.database.transaction() as session:
        session.connection().execute(update(UseCase).values(state=UseCaseState.RETIRED))
    lane_id, seen = house.ballot("AUD-2").split(".")
    meeting, original, now = Meeting(), stored.hold_line, house.clock.now()
    clock = threading.local()

    def hold_line(*args: Any) -> Any:
        """Let the clock have the line, and whoever votes wait for it, each with a request in hand."""
        held = original(*args) if hasattr(clock, "beats") else None
        meeting.wait()
        return held or original(*args)

    def beat() -> int:
        clock.beats = True
        return ticks.tick(house.database, now)

    def fail() -> object:
        with house.database.transaction() as session:
            ben = people.find(session, "U_BEN")
            assert ben is not None
            vote = Vote(UUID(lane_id), Verb.REJECT, seen, "It reads mail.")
            return reactions.cast_vote(session, vote, voter=ben, delivery="d", now=now)

    monkeypatch.setattr(stored, "hold_line", hold_line)
    voted, _ = together(fail, beat)

    assert isinstance(voted, Voted) or audits(house) == [AuditResult.OVERTAKEN] * 2
    assert None not in audits(house)


def test_one_audit_fails_while_what_it_is_about_becomes_confidential(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_force(house, fast())
    house.grant("checker", "U_BEN")
    house.propose()
    house.send()
    last_step = house.edit("U_PRIYA", str(case(house).id), oversight="", confidential=["yes"])
    meeting = Meeting()
    meeting.before(monkeypatch, intake, "hold")
    meeting.before(monkeypatch, auditing, "follow_confidentiality")

    sent, voted = together(
        lambda: house.submit("U_PRIYA", last_step, {}), lambda: house.reject("U_BEN", "It reads mail.", "AUD-1")
    )

    assert (sent.status, voted.status) == (200, 200)
    assert not meeting.both_came
    assert case(house).confidential
    assert audits(house) == [AuditResult.FAILED]
