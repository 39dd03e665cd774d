"""The clock of check-ins: working hours, holidays, leave, zones, outages, reminders, and silence after them."""

from datetime import date

import pytest

from db.enums import Cadence, KpiSource, UseCaseState
from handlers.ids import Action
from tests.support.asking import BEN, MAREK, OTTO, Asking
from tests.support.house import House, buttons, words
from workflows.checkins import Rhythm


def test_two_reminders_come_after_one_and_two_working_days_then_the_sponsor_is_told_once(house: House) -> None:
    asking = Asking(house)

    asking.go_to("2026-03-03T09:00")
    asking.go_to("2026-03-04T08:59")
    assert asking.told(MAREK, "A reminder") == []
    asking.go_to("2026-03-04T09:00")
    assert len(asking.told(MAREK, "A reminder")) == 1
    assert asking.states() == ["2026-03-03 due"]
    asking.go_to("2026-03-05T09:00")
    assert len(asking.told(MAREK, "A reminder")) == 2
    assert asking.states() == ["2026-03-03 overdue"]
    assert asking.told(OTTO, "has not answered") == []
    asking.go_to("2026-03-06T09:00")
    [told] = asking.told(OTTO, "has not answered")
    assert "Marek was asked for the numbers of *UC-1*" in told

    asking.go_to("2026-03-10T08:59")

    assert len(asking.told(MAREK, "A reminder")) == 2
    assert len(asking.told(OTTO, "has not answered")) == 1
    assert not [post for post in house.world.posts if post.channel.startswith("C_") and "numbers" in post.text]


def test_the_sponsor_can_answer_in_their_place_and_then_nobody_is_reminded(house: House) -> None:
    asking = Asking(house)
    asking.go_to("2026-03-06T09:00")
    [told] = [post for post in house.posts_to(OTTO) if "has not answered" in post.text]

    house.press(OTTO, Action.ANSWER_CHECK_IN, buttons(told)["Answer"])
    asking.answer("5", OTTO, view=house.world.opened[-1])
    house.send()

    assert "✅ Answered by Otto" in words(asking.prompts_to()[0])


def test_on_a_holiday_it_waits_for_the_next_working_day(house: House) -> None:
    """Friday, the first of May, is a holiday in Germany: what comes on that day waits until Monday."""
    asking = Asking(house)
    asking.ask_on(weekday=5, minute=600, next_date=date(2026, 5, 1))

    asking.go_to("2026-04-30T12:00", step=600)
    asking.go_to("2026-05-03T23:00")
    assert asking.states() == ["2026-05-01 pending"]
    assert asking.prompts_to() == []
    asking.go_to("2026-05-04T07:00")

    assert asking.states() == ["2026-05-01 due"]
    assert len(asking.prompts_to()) == 1


def test_who_is_on_leave_for_the_whole_period_is_away_and_nobody_else_is_asked_or_told(house: House) -> None:
    asking = Asking(house)
    asking.is_away(MAREK, "2026-03-02", "2026-03-20")

    asking.go_to("2026-03-03T09:00")
    assert asking.states() == ["2026-03-03 away"]
    asking.go_to("2026-03-10T09:00")

    assert asking.states() == ["2026-03-03 away", "2026-03-10 away"]
    assert asking.prompts_to() == []
    assert asking.told(OTTO, "numbers") == []
    assert asking.readings() == []


def test_who_comes_back_within_the_period_is_asked_then(house: House) -> None:
    asking = Asking(house)
    asking.is_away(MAREK, "2026-03-02", "2026-03-05")

    asking.go_to("2026-03-05T22:00")
    assert asking.prompts_to() == []
    asking.go_to("2026-03-06T08:00")

    assert asking.states() == ["2026-03-03 due"]
    assert len(asking.prompts_to()) == 1


def test_who_is_back_earlier_than_thought_is_asked_the_next_morning(house: House) -> None:
    asking = Asking(house)
    asking.is_away(MAREK, "2026-03-02", "2026-03-20")
    asking.go_to("2026-03-03T12:00")

    house.command(MAREK, "back", command=asking.gatehouse)
    asking.go_to("2026-03-04T10:00")

    assert asking.states() == ["2026-03-03 due"]


def test_who_goes_away_after_being_asked_is_away_and_not_missing(house: House) -> None:
    asking = Asking(house)
    asking.go_to("2026-03-03T09:00")
    asking.is_away(MAREK, "2026-03-03", "2026-03-13")

    asking.go_to("2026-03-10T09:00")

    assert asking.states()[0] == "2026-03-03 away"
    assert asking.told(MAREK, "A reminder") == []
    assert asking.told(OTTO, "has not answered") == []


@pytest.mark.parametrize(
    ("zone", "utc"),
    [
        pytest.param("America/New_York", "2026-03-03T15:00", id="later"),
        pytest.param("Asia/Tokyo", "2026-03-03T01:00", id="earlier"),
    ],
)
def test_who_moves_to_another_zone_is_asked_at_ten_there(house: House, zone: str, utc: str) -> None:
    asking = Asking(house)

    asking.move(MAREK, zone)
    asking.go_to(utc, step=30)

    assert len(asking.prompts_to()) == 1
    [row] = asking.check_ins()
    assert row.prompted_at is not None
    assert f"{row.prompted_at:%Y-%m-%dT%H:%M}" == utc


def test_across_a_clock_change_ten_oclock_stays_ten_oclock(house: House) -> None:
    asking = Asking(house)

    asking.go_to("2026-03-31T12:00")

    at = [f"{row.prompted_at:%d %H:%M}" for row in asking.check_ins() if row.prompted_at]
    assert at == ["03 09:00", "10 09:00", "17 09:00", "24 09:00", "31 08:00"]


def test_after_an_outage_of_weeks_one_prompt_comes_and_the_rest_is_recorded_as_skipped(house: House) -> None:
    asking = Asking(house)

    asking.jump_to("2026-03-25T10:00")

    assert asking.states() == [
        "2026-03-03 skipped",
        "2026-03-10 skipped",
        "2026-03-17 skipped",
        "2026-03-24 due",
    ]
    assert len(asking.prompts_to()) == 1
    assert asking.told(MAREK, "A reminder") == []


def test_an_outage_within_a_period_is_made_up_for_late_in_working_hours(house: House) -> None:
    asking = Asking(house)

    asking.jump_to("2026-03-05T20:00")
    assert asking.states() == ["2026-03-03 pending"]
    asking.go_to("2026-03-06T08:00")

    assert asking.states() == ["2026-03-03 due"]
    asking.go_to("2026-03-09T08:00")
    assert len(asking.told(MAREK, "A reminder")) == 1


def test_what_is_suspended_is_not_asked_and_goes_on_with_the_next_date(house: House) -> None:
    asking = Asking(house)
    asking.put_in(UseCaseState.SUSPENDED)
    asking.go_to("2026-03-04T09:00")
    assert asking.states() == []

    asking.put_in(UseCaseState.APPROVED)
    asking.go_to("2026-03-10T09:00")

    assert asking.states() == ["2026-03-10 due"]


def test_what_is_retired_is_never_asked_again(house: House) -> None:
    asking = Asking(house)
    asking.go_to("2026-03-03T09:00")
    asking.put_in(UseCaseState.RETIRED)

    asking.go_to("2026-03-17T09:00")

    assert asking.states() == ["2026-03-03 skipped"]
    assert [each for each in asking.schedules() if each.ended_at is None] == []
    assert asking.told(MAREK, "A reminder") == []


def test_when_who_is_asked_leaves_the_sponsor_is_asked(house: House) -> None:
    asking = Asking(house)
    asking.go_to("2026-03-03T09:00")

    asking.leave(MAREK)
    asking.go_to("2026-03-04T10:00")

    assert len(asking.prompts_to(OTTO)) == 1
    assert "check_in.handed_over" in asking.facts()


def test_whoever_is_asked_for_somebody_who_left_is_reminded_twice_before_a_lead_hears_and_can_answer(
    house: House,
) -> None:
    asking = Asking(house)
    house.grant("lead", BEN)
    asking.ask_for(Rhythm(Cadence.FORTNIGHTLY))
    asking.go_to("2026-03-05T12:00")
    assert len(asking.told(MAREK, "A reminder")) == 2

    asking.leave(MAREK)
    asking.go_to("2026-03-06T09:00")
    assert len(asking.prompts_to(OTTO)) == 1
    asking.go_to("2026-03-09T12:00")
    assert len(asking.told(OTTO, "A reminder")) == 1
    assert asking.told(BEN, "has not answered") == []
    asking.go_to("2026-03-11T12:00")

    assert len(asking.told(OTTO, "A reminder")) == 2
    [told] = [post for post in house.posts_to(BEN) if "has not answered" in post.text]
    assert "Otto was asked" in told.text
    house.press(BEN, Action.ANSWER_CHECK_IN, buttons(told)["Answer"])
    asking.answer("5", BEN, view=house.world.opened[-1])
    assert asking.states()[0] == "2026-03-03 answered"


def test_when_nobody_of_the_two_is_left_a_programme_lead_is_asked(house: House) -> None:
    asking = Asking(house)
    house.grant("lead", BEN)
    asking.leave(MAREK)
    asking.leave(OTTO)

    asking.go_to("2026-03-03T10:00")

    assert len(asking.prompts_to(BEN)) == 1


def test_a_second_owner_of_a_kpi_is_asked_for_their_own_number_only(house: House) -> None:
    asking = Asking(house)
    asking.give_kpi(BEN)

    asking.go_to("2026-03-03T09:00")

    assert asking.prompts_to(MAREK) == []
    assert len(asking.prompts_to(BEN)) == 1


def test_who_is_given_the_kpis_while_they_are_asked_for_is_asked_instead(house: House) -> None:
    asking = Asking(house)
    asking.go_to("2026-03-03T09:00")

    asking.give_kpi(BEN)
    asking.go_to("2026-03-03T10:00")

    assert "↪️ Ben is asked for this now; nothing is asked of you." in words(asking.prompts_to(MAREK)[0])
    assert len(asking.prompts_to(BEN)) == 1
    assert asking.states() == ["2026-03-03 due"]
    asking.go_to("2026-03-10T09:00")
    assert len(asking.prompts_to(MAREK)) == 1
    assert asking.states() == ["2026-03-03 missed", "2026-03-10 due"]


@pytest.mark.parametrize("source", [KpiSource.SYSTEM, KpiSource.SURVEY])
def test_what_comes_from_a_system_or_a_survey_is_shown_and_asked_of_nobody(house: House, source: KpiSource) -> None:
    asking = Asking(house)
    asking.add_kpi("Letters read", "weekly", source=source)
    asking.go_to("2026-03-03T09:00")

    view = asking.open_form()

    assert f"*Letters read*: no value yet, target 3 a week by 1 Dec 2026, comes from a {source}." in words(view)
    assert "*Letters read*: no value yet" in asking.prompts_to()[0].text
    asking.answer("5.5", view=view)
    assert asking.readings() == [("2026-03-03", 5.5)]


def test_a_number_that_is_to_be_asked_for_more_often_is_asked_for_sooner(house: House) -> None:
    asking = Asking(house)
    asking.ask_for(Rhythm(Cadence.MONTHLY))
    assert str(asking.schedule().next_date) == "2026-03-03"  # what was coming keeps its date
    asking.go_to("2026-03-03T09:00")
    assert str(asking.schedule().next_date) == "2026-04-07"

    asking.ask_for(Rhythm(Cadence.FORTNIGHTLY))

    assert str(asking.schedule().next_date) == "2026-03-17"
    assert str(asking.newest().ends_on) == "2026-03-17"
