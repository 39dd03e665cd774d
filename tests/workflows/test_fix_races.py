"""Two people, or two replicas, at the same fix in the same moment: one counts, and the other is told."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from db.enums import OutboxKind, RootCause
from db.queries import checkin_runs, fixes
from db.session import Session
from handlers import ticks
from tests.support.asking import BEN, MAREK, OTTO
from tests.support.fixes import Fixing
from tests.support.house import House
from tests.support.races import Meeting, together
from workflows import checkins, people
from workflows.checkins import Done, Fixed, NoFix, NotDoneNow, NotFixed, Wanted
from workflows.people import Actor


def known(session: Session, who: str) -> Actor:
    found = people.find(session, who)
    assert found is not None
    return found


def test_of_two_who_accept_a_fix_for_the_same_cause_at_once_one_does(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    fixing = Fixing(house)
    check_in_id, now = fixing.newest().id, house.clock.now()
    Meeting().before(monkeypatch, checkin_runs, "lock_schedules")

    def accept(who: str) -> Fixed | NotFixed:
        with house.database.transaction() as session:
            actor = known(session, who)
            wanted = Wanted(RootCause.CONTEXT, f"As {who} says.", actor, date(2026, 3, 17))
            return checkins.accept_fix(session, check_in_id, wanted, actor=actor, now=now)

    outcomes = together(lambda: accept(MAREK), lambda: accept(OTTO))

    [lost] = [each for each in outcomes if isinstance(each, NotFixed)]
    [fix] = fixing.fixes()
    assert (lost.why, lost.fix and lost.fix.id) == (NoFix.OPEN_ALREADY, fix.id)
    assert house.facts().count("fix.accepted") == 1


def test_of_done_and_dropped_at_once_one_counts_and_the_other_hears_who_said_what(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    fixing = Fixing(house)
    fixing.accept()
    [fix], now = fixing.fixes(), house.clock.now()
    Meeting().before(monkeypatch, fixes, "lock_fix")

    def finish() -> Fixed | NotFixed:
        with house.database.transaction() as session:
            return checkins.finish_fix(session, fix.id, actor=known(session, MAREK), now=now)

    def drop() -> Fixed | NotFixed:
        with house.database.transaction() as session:
            return checkins.drop_fix(session, fix.id, "Not needed.", actor=known(session, OTTO), now=now)

    outcomes = together(finish, drop)

    assert Counter(type(each) for each in outcomes) == {Fixed: 1, NotFixed: 1}
    [lost] = [each for each in outcomes if isinstance(each, NotFixed)]
    [after] = fixing.fixes()
    assert (after.done_at is None) is not (after.dropped_at is None)
    assert lost.why is (NoFix.DONE if after.done_at else NoFix.DROPPED)
    facts = Counter(house.facts())
    assert facts["fix.done"] + facts["fix.dropped"] == 1


def test_replicas_that_see_the_same_fix_due_remind_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    fixing = Fixing(house)
    fixing.accept(FIX_OWNER=BEN)
    fixing.jump_to("2026-03-17T07:59")
    now = datetime(2026, 3, 17, 8, 0, tzinfo=UTC)
    Meeting().after(monkeypatch, fixes, "due")

    def beat() -> int | str:
        try:
            return ticks.tick(house.database, now)
        except Exception as error:  # noqa: BLE001 - whatever the engine calls it: the next beat tries again
            return type(error).__name__

    together(beat, beat)
    monkeypatch.undo()
    beat()

    assert [row.kind for row in house.outbox_rows()].count(OutboxKind.FIX_DUE) == 1
    assert fixing.fixes()[0].reminders == 1


def test_a_handing_over_for_good_and_an_accepted_fix_at_once_are_both_stored(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    fixing = Fixing(house)
    fixing.add_kpi("Letters read", "weekly")
    fixing.give_kpi(BEN, fixing.kpis()[1].id)
    fixing.jump(days=7)
    first, now = fixing.check_ins()[0].id, house.clock.now()
    [asked] = [each for each in fixing.check_ins() if each.schedule_id == fixing.schedules()[1].id]
    meeting = Meeting()
    meeting.after(monkeypatch, checkin_runs, "lock_schedule")
    meeting.before(monkeypatch, checkin_runs, "lock_schedules")

    def hand_over() -> Done | NotDoneNow:
        with house.database.transaction() as session:
            ben, otto = known(session, BEN), known(session, OTTO)
            return checkins.hand_over(session, asked.id, otto, for_good=True, actor=ben, now=now)

    def accept() -> Fixed | NotFixed:
        with house.database.transaction() as session:
            marek = known(session, MAREK)
            wanted = Wanted(RootCause.CONTEXT, "Complete the pack.", marek, date(2026, 3, 24))
            return checkins.accept_fix(session, first, wanted, actor=marek, now=now)

    outcomes = together(hand_over, accept)

    assert [type(each) for each in outcomes] == [Done, Fixed]
