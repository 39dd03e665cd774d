"""Somebody cannot answer now: they snooze, skip, hand it over, or are away. Nothing is made up for what is missing."""

import pytest

from db.enums import UseCaseState
from handlers import ticks
from handlers.ids import Action, Callback
from tests.handlers.test_kpis import change
from tests.support.asking import BEN, MAREK, OTTO, PRIYA, Asking
from tests.support.house import House, buttons, errors_in, words


def asked(house: House, **answers: object) -> Asking:
    """Return Marek asked on Tuesday at ten in Berlin, which is nine in UTC."""
    asking = Asking(house, **answers)
    asking.go_to("2026-03-03T09:00")
    return asking


def test_who_snoozes_for_an_hour_is_asked_again_after_it_and_reminded_a_working_day_later(house: House) -> None:
    asking = asked(house)

    asking.choose(Action.SNOOZE, "hour")
    house.send()
    assert "💤 Snoozed until" in words(asking.prompts_to()[0])
    asking.go_to("2026-03-03T09:59")
    assert asking.told(MAREK, "asked again") == []
    asking.go_to("2026-03-03T10:00")

    assert len(asking.told(MAREK, "You wanted to be asked again: the numbers of *UC-1*")) == 1
    assert "Snoozed" not in words(asking.prompts_to()[0])
    asking.go_to("2026-03-04T09:59")
    assert asking.told(MAREK, "A reminder") == []
    asking.go_to("2026-03-04T10:00")
    assert len(asking.told(MAREK, "A reminder")) == 1


def test_an_hour_that_ends_after_work_is_the_next_morning_and_says_so(house: House) -> None:
    asking = asked(house)
    asking.go_to("2026-03-03T15:45", step=60)

    asking.choose(Action.SNOOZE, "hour")
    house.send()

    assert f"{asking.newest().snoozed_until:%Y-%m-%dT%H:%M}" == "2026-03-04T08:00"
    assert "💤 Snoozed until" in words(asking.prompts_to()[0])


def test_tomorrow_begins_when_somebody_begins_to_work(house: House) -> None:
    asking = asked(house)

    asking.choose(Action.SNOOZE, "tomorrow")
    asking.go_to("2026-03-04T07:59")
    assert asking.told(MAREK, "asked again") == []
    asking.go_to("2026-03-04T08:00")

    assert len(asking.told(MAREK, "asked again")) == 1


def test_a_day_is_chosen_in_a_form_and_one_after_the_periods_end_is_refused_there(house: House) -> None:
    asking = asked(house)
    asking.choose(Action.SNOOZE, "date")
    assert house.world.opened[-1]["callback_id"] == Callback.SNOOZE

    [too_late] = errors_in(asking.fill(MAREK, SNOOZE_DAY="2026-03-10")).values()
    [not_later] = errors_in(asking.fill(MAREK, SNOOZE_DAY="2026-03-03")).values()
    response = asking.fill(MAREK, SNOOZE_DAY="2026-03-06")

    assert too_late.startswith("The next check-in comes before that, on Tue 10 Mar 2026.")
    assert not_later == "Choose a day after today."
    assert "You are asked again" in words(response.body)
    asking.go_to("2026-03-06T08:00")
    assert len(asking.told(MAREK, "asked again")) == 1


def test_a_snooze_past_the_periods_end_changes_nothing_and_says_why(house: House) -> None:
    asking = asked(house)
    asking.go_to("2026-03-10T08:30")

    asking.choose(Action.SNOOZE, "hour")
    house.send()

    assert house.whispers_to(MAREK)[-1].startswith("The next check-in comes before that")
    assert asking.newest().snoozed_until is None


def test_who_skips_says_why_and_is_asked_again_next_time(house: House) -> None:
    asking = asked(house)

    house.press(MAREK, Action.SKIP, str(asking.newest().id))
    [empty] = errors_in(asking.fill(MAREK, SKIP_REASON="  ")).values()
    response = asking.fill(MAREK, SKIP_REASON="No files came in.")
    house.send()

    assert empty.startswith("Say in a few words why")
    assert "The next check-in comes on Tue 10 Mar 2026" in words(response.body)
    [prompt] = asking.prompts_to()
    assert "⏭️ Skipped by Marek: “No files came in.”." in words(prompt)
    assert buttons(prompt) == {}
    asking.go_to("2026-03-10T09:00")
    assert asking.states() == ["2026-03-03 skipped", "2026-03-10 due"]
    assert asking.told(MAREK, "A reminder") == []
    assert asking.readings() == []


def test_who_is_handed_it_this_time_is_asked_and_who_had_it_sees_who_has_it_now(house: House) -> None:
    asking = asked(house)

    asking.choose(Action.PROMPT_MORE, "hand_over")
    response = asking.fill(MAREK, HAND_TO=BEN, HAND_FOR="once")
    house.send()

    assert "Ben is asked this time" in words(response.body)
    [old], [new] = asking.prompts_to(MAREK), asking.prompts_to(BEN)
    assert "↪️ Ben is asked for this now; nothing is asked of you." in words(old)
    asking.choose(Action.PROMPT_MORE, "hand_over", BEN)
    asking.fill(BEN, HAND_TO=PRIYA, HAND_FOR="once")
    house.send()
    assert buttons(new) == {}
    house.press(BEN, Action.ANSWER_CHECK_IN, f"{asking.schedule().id}.2026-03-03")
    house.send()
    assert house.whispers_to(BEN)[-1] == "Priya is asked for this now. Nothing was changed."
    asking.choose(Action.PROMPT_MORE, "hand_over", PRIYA)
    asking.fill(PRIYA, HAND_TO=BEN, HAND_FOR="once")
    house.send()
    [_, new] = asking.prompts_to(BEN)  # nobody hears of a message that changes
    asking.answer("5", BEN)
    house.send()
    assert "✅ Answered by Ben" in words(new)
    asking.go_to("2026-03-10T09:00")
    assert len(asking.prompts_to(MAREK)) == 2
    assert len(asking.prompts_to(BEN)) == 2


def test_who_handed_it_over_can_take_it_back_and_is_asked_in_a_new_message(house: House) -> None:
    asking = asked(house)
    asking.choose(Action.PROMPT_MORE, "hand_over")
    asking.fill(MAREK, HAND_TO=BEN, HAND_FOR="once")
    house.send()
    assert "Answer" in buttons(asking.prompts_to(MAREK)[0])

    asking.choose(Action.PROMPT_MORE, "hand_over")
    response = asking.fill(MAREK, HAND_TO=MAREK, HAND_FOR="once")
    house.send()

    assert "Marek is asked this time" in words(response.body)
    [_, asked_again] = asking.prompts_to(MAREK)
    assert "Snooze" in words(asked_again)
    asking.answer("5")
    house.send()
    assert "✅ Answered by Marek" in words(asked_again)
    assert "✅ Answered by Marek" in words(asking.prompts_to(BEN)[0])


def test_who_handed_it_over_reads_of_the_answer_and_none_of_its_numbers(house: House) -> None:
    asking = asked(house)
    asking.choose(Action.PROMPT_MORE, "hand_over")
    asking.fill(MAREK, HAND_TO=BEN, HAND_FOR="once")
    house.send()

    asking.answer("7.25", BEN)
    house.send()

    [old] = asking.prompts_to(MAREK)
    assert "✅ Answered by Ben" in old.text
    assert "7.25" not in old.text


def test_what_becomes_confidential_is_asked_of_who_may_read_it_again_and_the_other_sees_no_more_of_it(
    house: House,
) -> None:
    asking = asked(house)
    asking.choose(Action.PROMPT_MORE, "hand_over")
    asking.fill(MAREK, HAND_TO=BEN, HAND_FOR="once")
    house.send()
    [told] = asking.prompts_to(BEN)
    form = asking.open_form(BEN)

    change(house, decide=False, confidential=["confidential"])
    response = asking.answer("5", BEN, view=form)
    asking.go_to("2026-03-04T11:00")

    assert told.text == "Nothing is asked of you here any more."
    assert "UC-1" not in words(told)
    assert "UC-1" not in words(response.body)
    assert asking.told(BEN, "A reminder") == []
    assert asking.states() == ["2026-03-03 due"]
    assert len(asking.told(MAREK, "A reminder")) == 1


@pytest.mark.parametrize("state", [None, UseCaseState.SUSPENDED])
def test_a_reminder_on_its_way_is_not_sent_once_it_is_snoozed_or_its_use_case_rests(
    house: House, state: UseCaseState | None
) -> None:
    asking = asked(house)
    house.clock.advance(days=1)
    ticks.tick(house.database, house.clock.now())
    assert asking.newest().reminders == 1

    if state is None:
        asking.choose(Action.SNOOZE, "hour")
    else:
        asking.put_in(state)
    house.send()

    assert asking.told(MAREK, "A reminder") == []


def test_who_is_handed_it_from_now_on_reports_the_kpis_and_is_asked_next_time(house: House) -> None:
    asking = asked(house)

    asking.choose(Action.PROMPT_MORE, "hand_over")
    asking.fill(MAREK, HAND_TO=BEN, HAND_FOR="good")
    asking.go_to("2026-03-10T09:00")

    assert len(asking.prompts_to(MAREK)) == 1
    assert len(asking.prompts_to(BEN)) == 2
    assert len([each for each in asking.schedules() if each.ended_at is None]) == 1
    [kpi] = asking.kpis()
    assert kpi.owner_id == asking.schedule().person_id


def test_who_reports_other_kpis_and_has_answered_is_still_asked_for_what_they_are_handed_from_now_on(
    house: House,
) -> None:
    asking = Asking(house)
    asking.add_kpi("Letters", "weekly")
    asking.give_kpi(BEN, asking.kpis()[1].id)
    asking.go_to("2026-03-03T09:00")
    [own] = asking.prompts_to(BEN)
    house.press(BEN, Action.ANSWER_CHECK_IN, buttons(own)["Answer"])
    asking.answer("2", BEN, view=house.world.opened[-1])
    [handed] = [each for each in asking.check_ins() if each.revision == 0]

    asking.choose(Action.PROMPT_MORE, "hand_over", row=handed)
    asking.fill(MAREK, HAND_TO=BEN, HAND_FOR="good")
    house.send()

    [_, new] = asking.prompts_to(BEN)
    assert sorted(asking.states()) == ["2026-03-03 answered", "2026-03-03 due"]
    house.press(BEN, Action.ANSWER_CHECK_IN, buttons(new)["Answer"])
    asking.answer("5", BEN, view=house.world.opened[-1])
    assert sorted(asking.readings()) == [("2026-03-03", 2), ("2026-03-03", 5)]
    asking.go_to("2026-03-10T09:00")
    assert sorted(asking.states()) == ["2026-03-03 answered", "2026-03-03 answered", "2026-03-10 due"]


def test_it_can_be_handed_to_nobody_who_has_it_already_and_to_no_guest(house: House) -> None:
    asking = asked(house)
    house.world.people[PRIYA]["is_restricted"] = True
    house.clock.advance(minutes=10)  # what is known of her is too old to go by

    asking.choose(Action.PROMPT_MORE, "hand_over")
    [same] = errors_in(asking.fill(MAREK, HAND_TO=MAREK, HAND_FOR="once")).values()
    [guest] = errors_in(asking.fill(MAREK, HAND_TO=PRIYA, HAND_FOR="once")).values()

    assert same == "Marek is asked already. Choose somebody else."
    assert guest.startswith("Choose a full member of your organisation")
    assert asking.states() == ["2026-03-03 due"]


def test_a_confidential_use_case_is_handed_only_to_who_may_read_it(house: House) -> None:
    asking = asked(house, confidential=["confidential"])

    asking.choose(Action.PROMPT_MORE, "hand_over")
    [refused] = errors_in(asking.fill(MAREK, HAND_TO=BEN, HAND_FOR="once")).values()
    response = asking.fill(MAREK, HAND_TO=OTTO, HAND_FOR="once")

    assert refused.startswith("This use case is confidential")
    assert "Otto is asked this time" in words(response.body)
    assert asking.prompts_to(BEN) == []


def test_the_form_in_which_people_say_that_they_are_away_is_a_press_from_the_message(house: House) -> None:
    asking = asked(house)

    asking.choose(Action.PROMPT_MORE, "away")

    assert house.world.opened[-1]["callback_id"] == Callback.SAVE_AWAY


def test_buttons_of_what_is_suspended_or_has_ended_say_so_and_do_nothing(house: House) -> None:
    asking = asked(house)
    for state, says in ((UseCaseState.SUSPENDED, "is suspended, so"), (UseCaseState.RETIRED, "has ended")):
        asking.put_in(state)

        house.press(MAREK, Action.ANSWER_CHECK_IN, f"{asking.schedule().id}.2026-03-03")
        house.press(MAREK, Action.SKIP, str(asking.newest().id))
        house.send()

        assert [each for each in house.whispers_to(MAREK)[-2:] if f"UC-1 {says}" in each] == house.whispers_to(MAREK)[
            -2:
        ]
    assert asking.states() == ["2026-03-03 due"]
