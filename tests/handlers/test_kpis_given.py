"""Who reports KPIs from now on hears of it once, in their hours; when nobody is left a programme lead does."""

import pytest

from db.queries import checkin_clock
from handlers import ticks
from handlers.ids import Action
from tests.handlers.test_check_ins_put_off import asked
from tests.handlers.test_kpis import edit, window
from tests.support.asking import ANN, BEN, MAREK, OTTO, Asking
from tests.support.house import House, buttons, words
from tests.support.races import Meeting, together
from tests.workflows.test_check_in_races import beat


def told(house: House, who: str) -> list[str]:
    return [words(post) for post in house.posts_to(who) if "one who reports" in post.text]


def test_who_is_given_a_kpi_reads_what_how_often_and_when_they_are_asked_and_finds_it(house: House) -> None:
    asking = Asking(house)

    edit(house, owner=BEN, cadence="fortnightly")
    asking.beat()

    [text] = told(house, BEN)
    assert "Marek made you the one who reports a number of *UC-1* “Summarise complaint files”:" in text
    assert "*Hours per file*: every two weeks, self-reported, target 3 hours by 1 Dec 2026" in text
    assert "You are asked first <!date^1772528400^" in text  # Tuesday, 3 March, at nine in UTC
    house.press(BEN, Action.KPIS, buttons(house.posts_to(BEN)[-1])["KPIs"])
    assert "Ben answers for it." in words(house.world.opened[-1])
    asking.go_to("2026-03-02T16:00")
    assert len(told(house, BEN)) == 1
    assert told(house, MAREK) == []


def test_who_is_given_them_in_the_evening_hears_of_all_at_once_in_the_morning(house: House) -> None:
    asking = Asking(house)
    asking.add_kpi("Letters a week", "weekly")
    asking.go_to("2026-03-02T19:00")

    for kpi in asking.kpis():
        asking.give_kpi(BEN, kpi.id)
    asking.go_to("2026-03-03T07:30")
    assert told(house, BEN) == []
    asking.go_to("2026-03-03T08:00")

    [text] = told(house, BEN)
    assert "2 numbers" in text
    assert "*Letters a week*" in text


def test_who_takes_them_or_owns_what_is_approved_or_gave_them_back_meanwhile_hears_nothing(house: House) -> None:
    asking = Asking(house)
    house.grant("lead", BEN)
    edit(house, BEN, owner=BEN)
    asking.go_to("2026-03-02T19:00")
    edit(house, BEN, owner=OTTO)
    edit(house, BEN, owner=BEN)

    asking.go_to("2026-03-03T08:30")

    assert [told(house, who) for who in (BEN, MAREK, OTTO)] == [[], [], []]


def test_who_is_handed_them_from_now_on_hears_of_it_beside_being_asked(house: House) -> None:
    asking = asked(house)

    asking.choose(Action.PROMPT_MORE, "hand_over")
    asking.fill(MAREK, HAND_TO=BEN, HAND_FOR="good")
    asking.beat()

    [text] = told(house, BEN)
    assert "You are asked for this period already" in text
    assert len(asking.prompts_to(BEN)) == 1


def test_replicas_that_see_it_due_tell_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    Asking(house)
    edit(house, owner=BEN)
    Meeting().after(monkeypatch, checkin_clock, "given_due")
    now = house.clock.now()

    together(*[lambda: beat(house.database, now)] * 2)
    monkeypatch.undo()
    while ticks.tick(house.database, now):
        pass
    house.send()

    assert len(told(house, BEN)) == 1


def test_when_who_reports_it_left_the_owner_is_asked_and_reads_why_and_where_to_choose_another(house: House) -> None:
    asking = Asking(house)
    asking.give_kpi(BEN)
    house.open_home(MAREK)
    asking.leave(BEN)

    asking.go_to("2026-03-03T09:00")

    [prompt] = asking.prompts_to(MAREK)
    assert "Ben has left, so you are asked. Press KPIs, then Edit, to choose who reports it." in words(prompt)
    assert "Ben has left, so you are asked." in words(house.world.homes[MAREK])
    assert "Ben reported them and left: press KPIs, then Edit." in words(house.world.homes[MAREK])
    house.press(MAREK, Action.KPIS, buttons(prompt)["KPIs"])
    assert "They have left: choose somebody else." in words(house.world.opened[-1])


def test_when_nobody_is_left_a_lead_is_told_once_asked_each_week_and_can_choose_another(house: House) -> None:
    asking = Asking(house)
    house.grant("lead", BEN)
    asking.leave(MAREK)
    asking.leave(OTTO)

    asking.go_to("2026-03-17T10:00", step=600)

    [text] = [words(post) for post in house.posts_to(BEN) if "and so did who answers for it" in post.text]
    assert text.startswith("Marek reported a number of *UC-1* “Summarise complaint files” and left")
    assert len(asking.prompts_to(BEN)) == 3
    window(house, BEN)
    assert "They have left: choose somebody else." in words(house.world.opened[-1])
    edit(house, BEN, owner=ANN)
    asking.go_to("2026-03-24T09:00", step=600)
    assert len(asking.prompts_to(ANN)) >= 1
    assert len(asking.prompts_to(BEN)) == 3
