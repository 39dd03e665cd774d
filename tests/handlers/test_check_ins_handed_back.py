"""Who says they are away sees at once what that does to what they are asked, and reads once what became of it."""

import json
from datetime import date

import pytest

from db.queries import checkin_clock
from handlers import ticks
from handlers.ids import Action
from tests.handlers.test_check_ins_put_off import asked
from tests.support.asking import BEN, MAREK, OTTO, Asking
from tests.support.house import House, buttons, words
from tests.support.races import Meeting, together
from tests.workflows.test_check_in_races import beat
from workflows.checkins import handing_back
from workflows.checkins.handing_back import joined
from workflows.people import Calendar


def welcomed(house: House, who: str = MAREK) -> list[str]:
    return [words(post) for post in house.posts_to(who) if "Welcome back." in post.text]


def away_for_two_dates(house: House) -> Asking:
    """Marek is on leave from Tuesday, 3 March, until Thursday, 12 March; Otto answers the first date in his place."""
    asking = Asking(house)
    asking.is_away(MAREK, "2026-03-03", "2026-03-12")
    asking.go_to("2026-03-04T12:00")
    house.press(OTTO, Action.ANSWER_CHECK_IN, f"{asking.schedule().id}.2026-03-03")
    asking.answer("5.5", OTTO, view=house.world.opened[-1])
    return asking


def test_who_comes_back_reads_once_what_others_answered_and_what_is_due_with_the_way_to_it(house: House) -> None:
    asking = away_for_two_dates(house)
    asking.go_to("2026-03-13T07:50", step=240)
    assert welcomed(house) == []

    asking.go_to("2026-03-13T12:00")

    [post] = [each for each in house.posts_to(MAREK) if "Welcome back." in each.text]
    assert "You were away from Tue 3 Mar 2026 until Thu 12 Mar 2026." in post.text
    assert "Tue 3 Mar 2026: ✅ Answered by Otto" in post.text
    assert "*Hours per file*: 5.5 hours" in post.text
    assert "Tue 10 Mar 2026: Please answer by" in post.text
    house.press(MAREK, Action.ANSWER_CHECK_IN, buttons(post)["Answer"])
    assert "for Tue 10 Mar 2026" in words(house.world.opened[-1])


def test_who_had_a_delegate_reads_it_in_the_same_summary(house: House) -> None:
    asking = Asking(house)
    told = house.command(MAREK, "away from 2026-03-03 until 2026-03-12 delegate <@U_BEN>", command=asking.gatehouse)
    assert "away" in told
    asking.go_to("2026-03-13T12:00", step=60)

    [text] = welcomed(house)
    assert "Ben decided nothing for you while you were away" in text
    assert "This became of your check-ins:" in text
    assert "Tue 3 Mar 2026: 🌴 Marek was away." in text
    assert "Answer" in text


def test_who_said_they_are_back_earlier_reads_it_then_and_who_missed_nothing_reads_nothing(house: House) -> None:
    asking = away_for_two_dates(house)
    asking.is_away(OTTO, "2026-03-04", "2026-03-04")

    house.command(MAREK, "back", command=asking.gatehouse)
    asking.beat()
    asking.go_to("2026-03-05T09:00")

    [text] = welcomed(house)
    assert "from Tue 3 Mar 2026" not in text
    assert "You were away on Tue 3 Mar 2026." in text
    assert welcomed(house, OTTO) == []


def test_who_is_ill_from_day_to_day_is_welcomed_once_for_all_of_it(house: House) -> None:
    asking = Asking(house)
    for on, day in (("02T08:00", "03"), ("03T08:00", "04"), ("04T08:00", "05")):  # each said the day before
        asking.go_to(f"2026-03-{on}")
        asking.is_away(MAREK, f"2026-03-{day}", f"2026-03-{day}")
    house.press(OTTO, Action.ANSWER_CHECK_IN, f"{asking.schedule().id}.2026-03-03")
    asking.answer("5.5", OTTO, view=house.world.opened[-1])

    asking.go_to("2026-03-06T12:00")

    [text] = welcomed(house)
    assert "You were away from Tue 3 Mar 2026 until Thu 5 Mar 2026." in text
    assert "Tue 3 Mar 2026: ✅ Answered by Otto" in text


def test_days_off_are_one_leave_where_nobody_works_between_them() -> None:
    def days(first: int, last: int) -> tuple[date, date]:
        return date(2026, 3, first), date(2026, 3, last)

    berlin = Calendar("Europe/Berlin", "DE")
    others = [days(2, 3), days(5, 5), days(9, 10), days(12, 12)]  # Monday to Tuesday, Thursday, Monday to Tuesday, …

    assert joined(berlin, days(6, 6), others) == [days(5, 5), days(6, 6), days(9, 10)]


def test_those_for_whom_it_is_not_the_time_yet_keep_nobody_from_being_welcomed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handing_back, "_LOOKED_AT", 1)
    asking = Asking(house)
    asking.add_kpi("Files", "weekly")
    asking.give_kpi(BEN, asking.kpis()[1].id)
    asking.move(BEN, "America/Los_Angeles")
    asking.is_away(BEN, "2026-03-02", "2026-03-11")
    asking.is_away(MAREK, "2026-03-02", "2026-03-12")

    asking.jump_to("2026-03-13T09:00")

    assert len(welcomed(house)) == 1
    assert welcomed(house, BEN) == []


def test_replicas_that_see_somebody_back_welcome_them_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    asking = away_for_two_dates(house)
    asking.go_to("2026-03-13T07:50", step=240)
    house.clock.advance(minutes=10)
    now = house.clock.now()
    Meeting().after(monkeypatch, checkin_clock, "leaves_not_told")

    together(*[lambda: beat(house.database, now)] * 2)
    monkeypatch.undo()
    while ticks.tick(house.database, now):
        pass
    house.send()

    assert len(welcomed(house)) == 1


def test_the_message_follows_at_once_when_somebody_says_in_it_that_they_are_away(house: House) -> None:
    asking = asked(house)

    asking.choose(Action.PROMPT_MORE, "away")
    response = asking.fill(MAREK, AWAY_FROM="2026-03-03", AWAY_UNTIL="2026-03-05")
    house.send()

    assert "You are away until" in words(json.loads(response.body or "{}"))
    [prompt] = asking.prompts_to()
    assert "🌴 Marek is away, and asked again <!date^1772784000^" in words(prompt)  # on Friday at nine in Berlin
    asking.go_to("2026-03-06T08:00", step=120)
    assert "Please answer" in words(prompt)
    assert asking.told(MAREK, "A reminder") == []
    asking.go_to("2026-03-09T08:00")
    assert len(asking.told(MAREK, "A reminder")) == 1


def test_who_is_away_for_the_rest_of_the_period_is_that_at_once_and_asked_again_as_soon_as_they_are_back(
    house: House,
) -> None:
    asking = asked(house)
    asking.is_away(MAREK, "2026-03-03", "2026-03-20")
    house.send()
    [prompt] = asking.prompts_to()
    assert "🌴 Marek is away." in words(prompt)

    house.command(MAREK, "back", command=asking.gatehouse)
    asking.beat()

    assert asking.states() == ["2026-03-03 due"]
    assert "Please answer" in words(prompt)
    assert asking.told(BEN, "numbers") == []
