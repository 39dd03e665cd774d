"""Somebody is asked for numbers on their day, in their hours, and answers with one press or a short form."""

from handlers.ids import Action
from tests.support.asking import MAREK, OTTO, PRIYA, Asking
from tests.support.house import House, buttons, errors_in, words


def test_marek_is_asked_on_tuesday_at_ten_and_not_before(house: House) -> None:
    asking = Asking(house)

    asking.go_to("2026-03-03T08:59")
    assert asking.prompts_to() == []
    asking.go_to("2026-03-03T09:00")

    [prompt] = asking.prompts_to()
    assert "*UC-1* “Summarise complaint files”: the numbers for Tue 3 Mar 2026" in prompt.text
    assert "*Hours per file*: no value yet, target 3 hours by 1 Dec 2026" in prompt.text
    assert list(buttons(prompt)) == ["Answer", "Skip"]  # there is no last value to confirm
    assert asking.states() == ["2026-03-03 due"]
    assert not any(asking.prompts_to(who) for who in (PRIYA, OTTO))
    assert "check_in.prompted" in asking.facts()


def test_the_first_answer_is_typed_and_the_message_shows_it_with_nothing_left_to_answer(house: House) -> None:
    asking = Asking(house)
    asking.go_to("2026-03-03T09:00")

    response = asking.answer("5.5")
    house.send()

    assert response.status == 200
    assert "that is stored" in words(response.body)
    [prompt] = asking.prompts_to()
    assert prompt.edits == 1
    assert "*Hours per file*: 5.5 hours" in words(prompt)
    assert "✅ Answered by Marek" in words(prompt)
    assert list(buttons(prompt)) == ["As a table"]
    assert asking.readings() == [("2026-03-03", 5.5)]
    assert asking.states() == ["2026-03-03 answered"]


def test_no_change_is_one_press_with_the_last_values(house: House) -> None:
    asking = Asking(house)
    asking.go_to("2026-03-03T09:00")
    asking.answer("5.5")
    asking.go_to("2026-03-10T09:00")
    prompt = asking.prompts_to()[-1]
    assert "5.5 hours on 3 Mar 2026" in prompt.text
    assert list(buttons(prompt)) == ["No change", "Answer", "Skip"]

    asking.unchanged()
    house.send()

    assert asking.readings() == [("2026-03-03", 5.5), ("2026-03-10", 5.5)]
    assert asking.answers()[-1].is_unchanged
    assert list(buttons(asking.prompts_to()[-1])) == ["As a table"]
    assert house.whispers_to(MAREK) == []


def test_what_is_no_number_stands_at_its_field_with_an_example_and_nothing_is_stored(house: House) -> None:
    asking = Asking(house)
    asking.go_to("2026-03-03T09:00")

    response = asking.answer("about five")

    [text] = errors_in(response).values()
    assert "Type a number like 12" in text
    assert asking.readings() == []
    assert asking.states() == ["2026-03-03 due"]


def test_the_same_press_delivered_twice_counts_once_and_a_second_press_hears_who_answered(house: House) -> None:
    asking = Asking(house)
    asking.go_to("2026-03-03T09:00")
    asking.answer("5.5")
    asking.go_to("2026-03-10T09:00")

    asking.unchanged(stamp="1.1")
    asking.unchanged(stamp="1.1")
    asking.unchanged(stamp="2.2")
    house.send()

    assert len(asking.answers()) == 2
    [whisper] = house.whispers_to(MAREK)
    assert whisper.startswith("Marek answered this")
    assert whisper.endswith("the way to change an answer.")


def test_of_two_who_answer_in_the_same_moment_the_later_one_is_told(house: House) -> None:
    asking = Asking(house)
    asking.go_to("2026-03-03T09:00")
    forms = {who: asking.open_form(who) for who in (MAREK, OTTO)}

    asking.answer("5.5", MAREK, view=forms[MAREK])
    response = asking.answer("4", OTTO, view=forms[OTTO])

    [said] = errors_in(response).values()  # and the form stays, with what was typed
    assert said.startswith("Marek answered this while you were typing. Copy what you want to keep")
    assert asking.readings() == [("2026-03-03", 5.5)]


def test_who_has_no_part_in_it_can_do_nothing_and_learns_nothing(house: House) -> None:
    asking = Asking(house)
    asking.go_to("2026-03-03T09:00")

    house.press(PRIYA, Action.ANSWER_CHECK_IN, f"{asking.schedule().id}.2026-03-03")
    asking.unchanged(PRIYA)
    house.send()

    [told] = set(house.whispers_to(PRIYA))
    assert told.startswith(
        "Only who reports its numbers, its owner, its sponsor, and leads in their place can do that."
    )
    assert asking.states() == ["2026-03-03 due"]


def test_a_period_without_an_answer_is_missing_and_never_nought(house: House) -> None:
    asking = Asking(house)

    asking.go_to("2026-03-10T09:00")

    assert asking.states() == ["2026-03-03 missed", "2026-03-10 due"]
    assert asking.readings() == []
    assert "⚪ Missing: nobody answered before the next one came." in words(asking.prompts_to()[0])
