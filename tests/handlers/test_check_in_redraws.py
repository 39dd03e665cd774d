"""A message that asks for numbers follows its use case: it stops, goes on, ends, or has other KPIs."""

from db.enums import SuspensionCause
from tests.handlers.test_kpis import change
from tests.support.asking import MAREK, OTTO, Asking
from tests.support.house import House, buttons, words
from workflows import intake, ledger, people


def asked(house: House) -> Asking:
    asking = Asking(house)
    house.open_home(MAREK)
    asking.go_to("2026-03-03T09:00")
    return asking


def suspend(asking: Asking) -> None:
    with asking.house.database.transaction() as session:
        now = asking.house.clock.now()
        intake.suspend(session, asking.use_case_id, SuspensionCause.TIER_ROSE, actor=None, now=now)
    asking.house.send()


def lift(asking: Asking) -> None:
    with asking.house.database.transaction() as session:
        now = asking.house.clock.now()
        intake.lift(session, asking.use_case_id, [SuspensionCause.TIER_ROSE], actor=None, now=now)
    asking.house.send()


def retire(asking: Asking) -> None:
    now = asking.house.clock.now()
    with asking.house.database.transaction() as session:
        marek = people.find(session, MAREK)
        assert marek is not None
        reason = ledger.write_text(session, "We bought another tool.", by=marek.id, now=now)
        intake.retire(session, asking.use_case_id, reason, actor=marek, now=now)
    asking.house.send()


def test_when_it_is_suspended_the_message_says_so_at_once_and_has_no_buttons(house: House) -> None:
    asking = asked(house)
    assert "Answer" in buttons(asking.prompts_to()[0])

    suspend(asking)

    [prompt] = asking.prompts_to()
    assert "⏸️ Suspended: nobody is asked for its numbers." in words(prompt)
    assert buttons(prompt) == {}
    assert "Next:" not in words(house.world.homes[MAREK])


def test_when_it_goes_on_the_buttons_are_back_and_the_reminders_begin_anew_without_a_burst(house: House) -> None:
    asking = asked(house)
    suspend(asking)
    asking.go_to("2026-03-05T13:00")
    assert asking.told(MAREK, "A reminder") == []

    lift(asking)
    assert "Answer" in buttons(asking.prompts_to()[0])
    asking.go_to("2026-03-06T12:00")
    assert asking.told(MAREK, "A reminder") == []
    asking.go_to("2026-03-06T14:00")
    assert len(asking.told(MAREK, "A reminder")) == 1

    asking.go_to("2026-03-10T08:59")
    assert len(asking.told(MAREK, "A reminder")) == 2
    assert asking.told(OTTO, "has not answered") == []
    assert len(asking.prompts_to()) == 1


def test_what_was_not_asked_yet_when_it_stopped_is_asked_when_it_goes_on(house: House) -> None:
    asking = Asking(house)
    asking.is_away(MAREK, "2026-03-02", "2026-03-04")
    asking.go_to("2026-03-04T12:00")
    suspend(asking)
    asking.go_to("2026-03-05T12:00")
    assert asking.prompts_to() == []

    lift(asking)
    asking.go_to("2026-03-05T12:30")

    assert len(asking.prompts_to()) == 1


def test_when_it_is_retired_old_messages_say_so_and_what_is_missing_takes_no_late_answer(house: House) -> None:
    asking = asked(house)
    asking.go_to("2026-03-17T09:00", step=600)
    assert [list(buttons(each))[:1] for each in asking.prompts_to()] == [["Answer late"], ["Answer late"], ["Answer"]]

    retire(asking)

    assert [buttons(each) for each in asking.prompts_to()] == [{}, {}, {}]
    assert "⏸️ Ended: nobody is asked for its numbers." in words(asking.prompts_to()[-1])


def test_when_a_kpi_goes_the_message_asks_for_the_one_that_takes_its_place(house: House) -> None:
    asking = asked(house)
    assert "*Hours per file*" in words(asking.prompts_to()[0])

    change(
        house, **{"kpi_name.0": "Files per day", "kpi_unit.0": "files", "kpi_direction.0": "up", "kpi_target.0": "9"}
    )
    house.send()

    [prompt] = asking.prompts_to()
    assert "*Files per day*" in words(prompt)
    assert "*Hours per file*" not in words(prompt)
