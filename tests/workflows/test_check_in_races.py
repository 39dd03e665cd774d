"""Several replicas and people at the same moment: one prompt, one answer, none lost."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from db.enums import CheckInState, OutboxKind, Verdict
from db.queries import checkin_runs
from db.queries import checkins as stored_kpis
from db.session import Database, Session
from handlers import ticks
from tests.support.asking import BEN, MAREK, OTTO, Asking
from tests.support.house import House, buttons
from tests.support.races import Meeting, together
from workflows import checkins, people
from workflows.checkins import Done, NotDoneNow, NotWitnessed, NoVerdict, Said, Witness
from workflows.people import Actor

TUESDAY_TEN = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


def beat(database: Database, now: datetime) -> int | str:
    """Beat as a replica does: when the database refuses, the next beat tries again."""
    try:
        return ticks.tick(database, now)
    except Exception as error:  # noqa: BLE001 - whatever the engine calls it
        return type(error).__name__


def known(session: Session, who: str) -> Actor:
    found = people.find(session, who)
    assert found is not None
    return found


def promised(house: House) -> Counter[OutboxKind]:
    """Return how often each message about check-ins was promised."""
    kinds = (OutboxKind.CHECK_IN, OutboxKind.CHECK_IN_REMINDER, OutboxKind.CHECK_IN_SILENT)
    return Counter(row.kind for row in house.outbox_rows() if row.kind in kinds)


@pytest.mark.parametrize("replicas", [2, 3])
def test_replicas_that_see_the_same_date_come_ask_once(
    house: House, monkeypatch: pytest.MonkeyPatch, replicas: int
) -> None:
    asking = Asking(house)
    Meeting().after(monkeypatch, checkin_runs, "schedules_due")
    house.clock._real = TUESDAY_TEN  # noqa: SLF001 - nobody has beaten in between

    together(*[lambda: beat(house.database, TUESDAY_TEN)] * replicas)
    monkeypatch.undo()
    while beat(house.database, TUESDAY_TEN):
        pass
    house.send()

    assert asking.states() == ["2026-03-03 due"]
    assert len(asking.prompts_to()) == 1
    assert asking.facts().count("check_in.prompted") == 1
    assert str(asking.schedule().next_date) == "2026-03-10"


@pytest.mark.parametrize("replicas", [2, 3])
def test_replicas_that_see_the_same_reminder_due_send_one(
    house: House, monkeypatch: pytest.MonkeyPatch, replicas: int
) -> None:
    asking = Asking(house)
    asking.go_to("2026-03-03T09:00")
    Meeting().after(monkeypatch, checkin_runs, "check_ins_due")
    now = TUESDAY_TEN + timedelta(days=1)
    house.clock._real = now  # noqa: SLF001 - nobody has beaten in between

    together(*[lambda: beat(house.database, now)] * replicas)
    monkeypatch.undo()
    while beat(house.database, now):
        pass

    assert promised(house)[OutboxKind.CHECK_IN_REMINDER] == 1
    assert asking.newest().reminders == 1


def test_an_answer_and_the_end_of_the_period_at_once_leave_one_of_the_two(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking = Asking(house)
    asking.go_to("2026-03-10T08:59")
    row, now = asking.newest(), TUESDAY_TEN + timedelta(days=7)
    Meeting().before(monkeypatch, checkin_runs, "lock_check_in")

    def answer() -> Done | NotDoneNow | str:
        try:
            with house.database.transaction() as session:
                marek = people.find(session, MAREK)
                assert marek is not None
                values = {asking_kpi: 5.5}
                return checkins.answer(
                    session, row.schedule_id, row.on_date, values, Said(), seen=0, actor=marek, now=now
                )
        except Exception as error:  # noqa: BLE001 - whatever the engine calls it; the person presses again
            return type(error).__name__

    asking_kpi = asking.kpis()[0].id
    together(answer, lambda: beat(house.database, now))
    monkeypatch.undo()
    if not isinstance(answer(), Done | NotDoneNow):
        pytest.fail("nobody else is there any more")
    while beat(house.database, now):
        pass

    first, second = asking.check_ins()
    assert first.state is CheckInState.ANSWERED  # late, or in time: it is stored either way, and once
    assert second.state is CheckInState.DUE
    assert asking.readings() == [("2026-03-03", 5.5)]


def test_of_two_people_who_answer_at_once_one_is_stored(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    asking = Asking(house)
    asking.go_to("2026-03-03T09:00")
    row, now, kpi = asking.newest(), TUESDAY_TEN, asking.kpis()[0].id
    meeting = Meeting()
    meeting.before(monkeypatch, checkin_runs, "lock_schedule")

    def answer(who: str, value: float) -> Done | NotDoneNow:
        with house.database.transaction() as session:
            actor = people.find(session, who)
            assert actor is not None
            return checkins.answer(
                session, row.schedule_id, row.on_date, {kpi: value}, Said(), seen=0, actor=actor, now=now
            )

    outcomes = together(lambda: answer(MAREK, 5.5), lambda: answer(OTTO, 4))

    assert Counter(type(each) for each in outcomes) == {Done: 1, NotDoneNow: 1}
    assert len(asking.readings(all_there_were=True)) == 1


def test_two_who_answer_early_at_once_open_the_period_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    asking = Asking(house)
    schedule, now, kpi = asking.schedule(), house.clock.now(), asking.kpis()[0].id
    Meeting().before(monkeypatch, checkin_runs, "lock_schedule")

    def answer(who: str) -> Done | NotDoneNow:
        with house.database.transaction() as session:
            actor = people.find(session, who)
            assert actor is not None
            return checkins.answer(
                session, schedule.id, schedule.next_date, {kpi: 5.5}, Said(), seen=0, actor=actor, now=now
            )

    outcomes = together(lambda: answer(MAREK), lambda: answer(OTTO))

    assert Counter(type(each) for each in outcomes) == {Done: 1, NotDoneNow: 1}
    assert asking.states() == ["2026-03-03 answered"]
    assert str(asking.schedule().next_date) == "2026-03-10"


def test_a_press_and_a_correction_at_once_never_confirm_what_nobody_saw(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking = Asking(house)
    asking.go_to("2026-03-03T09:00")
    asking.answer("2.9", VERIFIER=BEN)
    house.send()
    row, kpi, now = asking.newest(), asking.kpis()[0].id, house.clock.now()
    request_id, _, seen = buttons(house.posts_to(BEN)[-1])["Confirm"].partition(".")
    Meeting().before(monkeypatch, checkin_runs, "lock_check_in")

    def confirm() -> Witness | NotWitnessed:
        with house.database.transaction() as session:
            ben = people.find(session, BEN)
            assert ben is not None
            return checkins.say(session, UUID(request_id), Verdict.CONFIRMED, seen=int(seen), actor=ben, now=now)

    def correct() -> None:
        with house.database.transaction() as session:
            marek = people.find(session, MAREK)
            assert marek is not None
            says = checkins.Said()
            checkins.answer(session, row.schedule_id, row.on_date, {kpi: 2.8}, says, seen=1, actor=marek, now=now)

    confirmed, _ = together(confirm, correct)
    monkeypatch.undo()
    house.send()

    if isinstance(confirmed, NotWitnessed):  # the correction was first
        assert confirmed.why is NoVerdict.CHANGED
    assert asking.readings() == [("2026-03-03", 2.8)]
    with house.database.reading() as session:
        [kpis] = checkins.kpis_of(session, [asking.use_case_id]).values()
        [progress] = checkins.progress_of(session, kpis).values()
    assert progress.newest is not None
    assert progress.newest.verdicts == ()  # what was said of the old number says nothing of the new one


def test_an_answer_and_a_change_of_who_reports_it_at_once_are_both_stored(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking = Asking(house)
    asking.go_to("2026-03-03T09:00")
    row, kpi, now = asking.newest(), asking.kpis()[0], house.clock.now()
    meeting = Meeting()
    meeting.before(monkeypatch, checkin_runs, "insert_answer")  # it holds the schedule
    meeting.before(monkeypatch, checkin_runs, "lock_schedules")  # it holds the KPI

    def answer() -> Done | NotDoneNow:
        with house.database.transaction() as session:
            says, marek = Said(), known(session, MAREK)
            return checkins.answer(
                session, row.schedule_id, row.on_date, {kpi.id: 5.5}, says, seen=0, actor=marek, now=now
            )

    outcome, _ = together(answer, lambda: asking.give_kpi(BEN))

    assert isinstance(outcome, Done | NotDoneNow)
    assert asking.kpis()[0].owner_id != kpi.owner_id
    assert asking.readings() == ([("2026-03-03", 5.5)] if isinstance(outcome, Done) else [])


def test_an_answer_and_a_leave_at_once_are_both_stored(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    asking = Asking(house)
    asking.go_to("2026-03-03T09:00")
    row, kpi, now = asking.newest(), asking.kpis()[0], house.clock.now()
    meeting = Meeting()
    meeting.before(monkeypatch, checkin_runs, "insert_answer")  # it holds the schedule
    meeting.before(monkeypatch, checkin_runs, "asked_of")  # it holds the person

    def answer() -> Done | NotDoneNow:
        with house.database.transaction() as session:
            says, marek = Said(), known(session, MAREK)
            return checkins.answer(
                session, row.schedule_id, row.on_date, {kpi.id: 5.5}, says, seen=0, actor=marek, now=now
            )

    def leave() -> None:
        with house.database.transaction() as session:
            marek = known(session, MAREK)
            people.set_leave(session, marek, None, date(2026, 3, 6), to=None, now=now)
            checkins.follow_leave(session, marek, now=now)

    outcome, _ = together(answer, leave)

    assert isinstance(outcome, Done)
    assert asking.states() == ["2026-03-03 answered"]


def test_two_who_give_away_a_persons_numbers_one_each_at_once_leave_nobody_asked_for_none(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking = Asking(house)
    asking.add_kpi("Letters read", "weekly")
    asking.give_kpi(BEN)
    asking.give_kpi(MAREK, asking.kpis()[0].id)
    one, other = asking.kpis()
    Meeting().before(monkeypatch, stored_kpis, "update_kpi")

    together(lambda: asking.give_kpi(BEN, one.id), lambda: asking.give_kpi(BEN, other.id))

    assert len({each.owner_id for each in asking.kpis()}) == 1
    assert [each.person_id for each in asking.schedules() if each.ended_at is None] == [asking.kpis()[0].owner_id]


@pytest.mark.parametrize("database_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_the_clock_does_not_wait_for_what_somebody_holds_and_sees_to_it_later(house: House) -> None:
    asking = Asking(house)
    asking.go_to("2026-03-03T09:00")
    row, now = asking.newest(), TUESDAY_TEN + timedelta(days=7)
    house.clock._real = now  # noqa: SLF001 - nobody has beaten in between

    with house.database.transaction() as session:
        checkin_runs.hold_schedules(session, [row.schedule_id])
        checkin_runs.lock_check_in(session, row.id)
        ticks.tick(house.database, now)
        assert asking.states() == ["2026-03-03 due"]
    while ticks.tick(house.database, now):
        pass

    assert asking.states() == ["2026-03-03 missed", "2026-03-10 due"]
