"""Two people, or two processes, at the same moment: the overlap is forced, because luck finds one mistake in three."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import select

from db.prepared import Prepared
from db.queries import approvals as stored_approvals
from db.queries import configuration
from db.queries import intake as stored_intake
from db.queries import people as stored_people
from db.session import Database
from db.tables import ApprovalRequest, ApprovalVote, Counter, PolicyVersion, UseCase
from handlers import ticks
from handlers.ids import Action, Block
from tests.support.chains import hire
from tests.support.house import House, reference_in
from tests.support.races import Meeting, together
from workflows import deliveries, ledger, policy
from workflows.approvals import rules


def is_postgres(house: House) -> bool:
    return house.database.engine.dialect.name == "postgresql"


def stored(house: House, table: Any) -> list[Any]:
    with house.database.reading() as session:
        return list(session.exec(select(table)))


@pytest.fixture
def two_approvers(house: House) -> House:
    """Return a house where Ann and Ben both are asked about UC-1, and Ben has the reason's modal open."""
    house.grant("governance", "U_BEN")
    house.propose()
    house.press("U_BEN", Action.REJECT, house.ballot())
    house.press("U_ANN", Action.OPEN, str(house.request_id()))  # both are known and fresh now
    return house


def approve_and_reject(house: House) -> list[Any]:
    ballot, modal = house.ballot(), house.world.opened[0 if len(house.world.opened) == 1 else -2]
    return together(
        lambda: house.press("U_ANN", Action.APPROVE, ballot),
        lambda: house.submit("U_BEN", modal, {Block.REASON: {"value": "Too early."}}),
    )


def test_of_an_approval_and_a_rejection_at_once_one_counts_and_the_late_one_hears_who_and_when(
    two_approvers: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, meeting = two_approvers, Meeting()
    meeting.before(monkeypatch, rules, "judge")

    approved, rejected = approve_and_reject(house)

    assert not meeting.both_came
    assert (approved.status, rejected.status) == (200, 200)
    [vote] = stored(house, ApprovalVote)
    [request] = stored(house, ApprovalRequest)
    assert request.status == {"approve": "approved", "reject": "rejected"}[vote.verb]
    assert house.facts().count("approval.voted") == 1
    assert house.facts().count("approval.request_settled") == 1
    house.send()
    if vote.verb == "approve":
        told, faster = json.loads(rejected.body)["view"]["blocks"][0]["text"]["text"], "Ann"
    else:
        [told], faster = house.whispers_to("U_ANN"), "Ben"
    assert faster in told
    assert "<!date^" in told
    assert "changed nothing" in told


def test_without_the_lock_both_would_be_judged_on_the_same_state(
    two_approvers: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above can fail: take the lock away, and the two meet inside the judgement.

    On SQLite the first write takes the lock too, so there they meet just before it.
    """
    house, meeting = two_approvers, Meeting()
    if is_postgres(house):
        meeting.before(monkeypatch, rules, "judge")
    else:
        meeting.before(monkeypatch, deliveries, "begin")

    with unlocked(house.database, monkeypatch):
        answers = approve_and_reject(house)

    assert meeting.both_came
    # The version and the unique keys are the second fence: even so, one of them counts and the other fails.
    assert len(stored(house, ApprovalVote)) == 1
    assert any("again" in (answer.body or "") or answer.status == 500 for answer in answers)


@contextmanager
def unlocked(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make the database forget the locks the product asks for."""
    engine = database.engine
    if engine.dialect.name == "postgresql":
        monkeypatch.setattr(stored_approvals, "_LOCK_BY_LANE", Prepared(stored_approvals._OF_LANE))  # noqa: SLF001
        yield
        return
    monkeypatch.setattr(database, "_queue", None)

    def lazily(_: Any, __: Any, statement: str, parameters: Any, ___: Any, ____: Any) -> tuple[str, Any]:
        return ("BEGIN" if statement == "BEGIN IMMEDIATE" else statement), parameters

    event.listen(engine, "before_cursor_execute", lazily, retval=True)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", lazily)


def test_the_same_press_delivered_twice_at_once_is_one_vote_with_one_answer(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.propose()
    house.press("U_ANN", Action.OPEN, str(house.request_id()))
    ballot, meeting = house.ballot(), Meeting()
    meeting.before(monkeypatch, deliveries, "begin")

    answers = together(*[lambda: house.press("U_ANN", Action.APPROVE, ballot, stamp="1700000000.1")] * 2)

    assert meeting.both_came == is_postgres(house)  # SQLite lets one writer in at a time
    assert [(answer.status, answer.body) for answer in answers] == [(200, "")] * 2
    assert len(stored(house, ApprovalVote)) == 1
    assert house.facts().count("approval.voted") == 1
    house.send()
    assert house.whispers_to("U_ANN") == []


def test_two_replicas_that_tick_at_once_remind_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.propose()
    house.send()
    house.clock.advance(hours=25)
    meeting = Meeting()
    original = stored_approvals.due_reminders

    def meet_when_reminding(session: Any, now: Any, *, limit: int) -> Any:
        due = original(session, now, limit=limit)
        if limit > 1:
            meeting.wait()
        return due

    monkeypatch.setattr(stored_approvals, "due_reminders", meet_when_reminding)

    counts = together(*[lambda: ticks.tick(house.database, house.clock.now())] * 2)

    assert meeting.both_came == is_postgres(house)
    assert sorted(counts) == [0, 1]
    house.send()
    assert [post.text.startswith("A reminder") for post in house.posts_to("U_ANN")] == [False, True]


def test_two_people_who_propose_at_once_get_uc_1_and_uc_2(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = Meeting()
    meeting.before(monkeypatch, configuration, "next_number")
    windows = {who: house.drafted(who) for who in ("U_PRIYA", "U_BEN")}

    answers = together(*[lambda who=who: house.submit(who, windows[who], {}) for who in windows])

    assert meeting.both_came == is_postgres(house)
    assert sorted(map(reference_in, answers)) == ["UC-1", "UC-2"]


def test_a_proposal_that_fails_halfway_leaves_no_gap_in_the_numbers(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    original, failures = ledger.record, iter([True])

    def fail_once(*args: Any, **kwargs: Any) -> None:
        if next(failures, False):
            raise RuntimeError("the disk is full")
        original(*args, **kwargs)

    monkeypatch.setattr(ledger, "record", fail_once)
    assert "went wrong" in (house.propose_with().body or "")

    assert house.propose() == "UC-1"
    assert [each.value for each in stored(house, Counter) if each.name == "use_case"] == [1]


def test_the_same_form_sent_twice_at_once_is_one_use_case(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    window, meeting = house.drafted(), Meeting()
    meeting.before(monkeypatch, stored_intake, "lock_draft")

    answers = together(*[lambda: house.submit("U_PRIYA", window, {})] * 2)

    assert meeting.both_came == is_postgres(house)
    assert [reference_in(answer) for answer in answers] == ["UC-1", "UC-1"]
    assert len(stored(house, UseCase)) == 1
    assert [each.value for each in stored(house, Counter) if each.name == "use_case"] == [1]


def test_the_same_form_sent_twice_one_after_the_other_is_one_use_case(house: House) -> None:
    window = house.drafted()

    first, second = house.submit("U_PRIYA", window, {}), house.submit("U_PRIYA", window, {})

    assert first.body == second.body
    assert len(stored(house, UseCase)) == 1


def test_two_first_messages_of_a_new_colleague_at_once_are_both_answered(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    hire(house, "U_NEW")
    meeting = Meeting()
    meeting.before(monkeypatch, stored_people, "insert_person")

    answers = together(*[lambda: house.command("U_NEW")] * 2)

    assert all("Waiting for you" in answer for answer in answers)
    assert meeting.both_came == is_postgres(house)


def test_two_replicas_that_start_at_once_apply_one_first_policy(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = House(database).clock
    with database.transaction() as session:
        for version in session.exec(select(PolicyVersion)).all():
            session.delete(version)
        session.flush()
    with database.transaction() as session:
        session.connection().exec_driver_sql(
            "ALTER TABLE ledger_events DISABLE TRIGGER USER"
            if database.engine.dialect.name == "postgresql"
            else "DROP TRIGGER ledger_events_no_delete"
        )
        session.connection().exec_driver_sql("DELETE FROM ledger_events")
    meeting = Meeting()
    meeting.after(monkeypatch, configuration, "policy_in_force")

    def start() -> bool:
        with database.transaction() as session:
            return policy.apply_default_if_none(session, now=clock.now())

    assert sorted(together(start, start)) == [False, True]
    with database.reading() as session:
        assert len(session.exec(select(PolicyVersion)).all()) == 1
