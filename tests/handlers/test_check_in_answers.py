"""What can be answered beside the numbers, what is asked back, and what early, late and changed answers leave."""

from collections.abc import Mapping

import pytest
from sqlmodel import col, select, update

from db.enums import Confidence
from db.tables import Kpi, Reading
from handlers.checkins import home
from handlers.ids import Action, Block
from tests.support.asking import BEN, MAREK, OTTO, Asking
from tests.support.house import House, buttons, errors_in, view_in, words
from tests.support.shown import home_buttons
from tests.support.statements import recorded
from workflows import checkins, people

SIGNS_OF_LIFE = {
    "ELIGIBLE": "40",
    "ACTIVE": "12",
    "HOURS": "3–5 h",
    "HOURS_METHOD": "Timed ten files.",
    "LOOKED_AT": "20",
    "BY_PROMPT": "2",
    "BY_CONTEXT": "0",
    "BY_WORKFLOW": "1",
    "COST": "1,200.50 EUR",
    "BLOCKERS": "Scans are upside down.",
    "WINS": "Two days faster.",
    "EVIDENCE": "https://wiki.example.com/files",
}


def asked(house: House, **answers: object) -> Asking:
    asking = Asking(house, **answers)
    asking.go_to("2026-03-03T09:00")
    return asking


def test_everything_can_be_said_and_comes_back_when_the_answer_is_changed(house: House) -> None:
    asking = asked(house)

    assert asking.answer("5.5", **SIGNS_OF_LIFE).status == 200

    [answer] = asking.answers()
    assert (answer.eligible, answer.active, answer.hours_low, answer.hours_high) == (40, 12, 3, 5)
    assert (answer.looked_at, answer.corrected_prompt, answer.corrected_context, answer.corrected_workflow) == (
        *(20, 2, 0, 1),
    )
    assert (answer.cost, answer.currency, answer.evidence_link) == (1200.5, "EUR", "https://wiki.example.com/files")
    view = asking.open_form()
    stands = {
        block["block_id"]: block["element"].get("initial_value") for block in view["blocks"] if block["type"] == "input"
    }
    assert stands[Block.HOURS] == "3 to 5"
    assert stands[Block.COST] == "1200.5 EUR"
    assert stands[Block.BY_CONTEXT] == "0"
    assert stands[Block.WINS] == "Two days faster."


def test_what_is_left_empty_stays_unknown(house: House) -> None:
    asking = asked(house)

    asking.answer("5.5")

    [answer] = asking.answers()
    told = answer.model_dump(exclude={"check_in_id", "revision", "answered_by", "answered_at", "is_unchanged"})
    assert {name: value for name, value in told.items() if value is not None} == {"confidence": Confidence.ON_TRACK}


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"ACTIVE": "50", "ELIGIBLE": "40"}, "ACTIVE", "more than the 40 who could use it"),
        ({"BY_PROMPT": "3"}, "LOOKED_AT", "Say of how many these 3 were corrected"),
        ({"LOOKED_AT": "4", "BY_CONTEXT": "3", "BY_WORKFLOW": "2"}, "BY_CONTEXT", "Together 5 were corrected"),
        ({"HOURS": "3 to 5"}, "HOURS_METHOD", "Say how you know"),
        ({"HOURS": "some", "HOURS_METHOD": "x"}, "HOURS", "Type a range like 3 to 5"),
        ({"ELIGIBLE": "half"}, "ELIGIBLE", "Type a whole number"),
        ({"COST": "1200"}, "COST", "for example 1200 EUR"),
        ({"EVIDENCE": "wiki/files"}, "EVIDENCE", "https://wiki.example.com"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_with_an_example(
    house: House, typed: Mapping[str, str], field: str, says: str
) -> None:
    asking = asked(house)

    wrong = errors_in(asking.answer("5.5", **typed))

    assert says in wrong[Block[field]]
    assert asking.answers() == []


def test_off_track_asks_why_and_for_help_and_only_then(house: House) -> None:
    asking = asked(house)
    view = asking.open_form()
    assert str(Block.WHY_OFF) not in words(view)

    response = asking.answer("5.5", view=view, CONFIDENCE="off_track")
    view = view_in(response)
    [empty] = errors_in(asking.answer("5.5", view=view, CONFIDENCE="off_track", WHY_OFF="No data.")).values()
    asking.answer("5.5", view=view, CONFIDENCE="off_track", WHY_OFF="No data.", HELP="A person who scans.")

    assert empty == "Say it in a sentence; only then can anybody help."
    [answer] = asking.answers()
    assert answer.confidence is Confidence.OFF_TRACK
    assert answer.why_id is not None
    assert answer.help_id is not None
    house.send()
    assert "🔴 Off track." in words(asking.prompts_to()[0])


def test_choosing_off_track_shows_its_questions_at_once_and_another_choice_hides_them(house: House) -> None:
    asking = asked(house)
    view = asking.open_form()

    view = asking.pick(view, "off_track")
    assert str(Block.WHY_OFF) in words(view)
    view = asking.pick(view, "on_track")

    assert str(Block.WHY_OFF) not in words(view)


def test_a_value_ten_times_the_last_is_asked_about_and_taken_when_it_is_meant(house: House) -> None:
    asking = asked(house)
    asking.answer("5.5")
    asking.go_to("2026-03-10T09:00")

    view = view_in(asking.answer("55"))
    assert "Hours per file: 55, last 5.5" in words(view)
    assert asking.readings() == [("2026-03-03", 5.5)]
    again = view_in(asking.answer("55", view=view))
    assert "Hours per file: 55, last 5.5" in words(again)
    asking.answer("55", view=view, SURE=asking.box_in(view))

    assert asking.readings()[-1] == ("2026-03-10", 55)


def test_what_was_confirmed_for_one_value_is_not_for_another(house: House) -> None:
    asking = asked(house)
    asking.answer("5.5")
    asking.go_to("2026-03-10T09:00")
    view = view_in(asking.answer("55"))

    again = view_in(asking.answer("550", view=view, SURE=asking.box_in(view)))

    assert "Hours per file: 550, last 5.5" in words(again)
    assert len(asking.readings()) == 1


def test_an_answer_can_be_changed_until_the_period_ends_and_what_was_there_is_kept(house: House) -> None:
    asking = asked(house)
    asking.answer("5.5", WINS="It is fast.")
    house.clock.advance(hours=1)

    response = asking.answer("5", WINS="It is fast and right.")
    house.send()

    assert "What was there before is kept." in words(response.body)
    assert [each.revision for each in asking.answers()] == [1, 2]
    assert asking.readings() == [("2026-03-03", 5)]
    assert asking.readings(all_there_were=True) == [("2026-03-03", 5.5), ("2026-03-03", 5)]
    assert "changed" in words(asking.prompts_to()[0])
    asking.go_to("2026-03-10T09:00")
    house.press(MAREK, Action.ANSWER_CHECK_IN, f"{asking.schedule().id}.2026-03-03")
    house.send()
    assert house.whispers_to(MAREK)[-1].startswith("Marek answered this")


def test_a_change_that_leaves_a_number_as_it_is_keeps_its_reading(house: House) -> None:
    asking = asked(house)
    asking.answer("5.5")

    asking.answer("5.5", WINS="It is fast.")

    assert asking.readings(all_there_were=True) == [("2026-03-03", 5.5)]


def test_a_missed_period_can_be_answered_late_until_a_later_one_is(house: House) -> None:
    asking = asked(house)
    asking.go_to("2026-03-17T09:00")
    first, second, _ = asking.prompts_to()
    assert "Answer late" in buttons(second)
    house.press(MAREK, Action.ANSWER_CHECK_IN, buttons(second)["Answer late"])
    response = asking.answer("5.5", view=house.world.opened[-1])
    house.send()

    assert "stored" in words(response.body)
    assert "You can change it" not in words(response.body) + words(second)  # its period is over
    assert asking.states() == ["2026-03-03 missed", "2026-03-10 answered", "2026-03-17 due"]
    assert asking.readings() == [("2026-03-10", 5.5)]
    with house.database.reading() as session:
        missed = checkins.check_in_of(session, asking.check_ins()[0].id)
    assert missed is not None
    assert [(each.last, each.is_wanted) for each in missed.kpis] == [(None, True)]  # what came later was not before it
    house.press(MAREK, Action.ANSWER_CHECK_IN, buttons(first)["Answer late"])
    house.send()
    assert house.whispers_to(MAREK)[-1].startswith("A later check-in of UC-1 is answered already")


def test_home_has_the_way_to_answer_early_and_then_nobody_is_asked_again_for_that_period(house: House) -> None:
    asking = Asking(house)
    house.open_home(MAREK)
    house.send()
    pressed = home_buttons(house, MAREK)
    assert "Next: Tue 3 Mar 2026, weekly." in words(house.world.homes[MAREK])

    house.press(MAREK, Action.ANSWER_CHECK_IN, pressed["Answer now"], where="home")
    asking.answer("5.5", view=house.world.opened[-1])
    asking.go_to("2026-03-09T12:00")

    assert asking.states() == ["2026-03-03 answered"]
    assert asking.readings() == [("2026-03-02", 5.5)]  # it was read on the day it was given
    assert asking.prompts_to() == []
    assert "Edit" in home_buttons(house, MAREK)
    asking.go_to("2026-03-10T09:00")
    assert len(asking.prompts_to()) == 1


def test_an_early_answer_sent_twice_is_one(house: House) -> None:
    asking = Asking(house)
    value = f"{asking.schedule().id}.2026-03-03"
    house.press(MAREK, Action.ANSWER_CHECK_IN, value, where="home")
    view = house.world.opened[-1]

    asking.answer("5.5", view=view)
    asking.answer("4", OTTO, view=view)

    assert asking.readings() == [("2026-03-02", 5.5)]
    assert asking.states() == ["2026-03-03 answered"]


def test_a_number_that_is_asked_for_more_rarely_may_be_left_out_meanwhile(house: House) -> None:
    asking = Asking(house)
    asking.add_kpi("Complaints", "monthly")
    asking.go_to("2026-03-03T09:00")
    asking.answer("5.5", second="12")
    asking.go_to("2026-03-10T09:00")
    prompt = asking.prompts_to()[-1]
    assert "not due yet" in words(prompt)

    asking.unchanged()

    assert asking.readings() == [("2026-03-03", 5.5), ("2026-03-03", 12), ("2026-03-10", 5.5)]


def test_no_change_is_one_interaction_and_an_answer_at_most_ten(house: House) -> None:
    """Marek answers three numbers: he opens the form, types three, says how it goes, and sends."""
    asking = Asking(house)
    asking.add_kpi("Complaints", "weekly")
    asking.add_kpi("Days to answer", "weekly")
    asking.go_to("2026-03-03T09:00")

    view = asking.open_form()

    required = [block for block in view["blocks"] if block["type"] == "input" and not block["optional"]]
    assert len(required) == 4
    assert 1 + len(required) + 1 <= 10
    asking.answer("5.5", view=view, second="12", third="3")
    asking.go_to("2026-03-10T09:00")
    before = len(house.world.opened)
    asking.unchanged()
    assert len(house.world.opened) == before
    assert asking.states()[-1] == "2026-03-10 answered"


def test_a_change_leaves_alone_what_was_answered_of_a_number_somebody_else_reports_now(house: House) -> None:
    asking = Asking(house)
    asking.add_kpi("Letters read", "weekly")
    asking.go_to("2026-03-03T09:00")
    asking.answer("5.5", second="40")
    asking.give_kpi(BEN, asking.kpis()[1].id)

    asking.answer("5.6")

    assert sorted(asking.readings()) == [("2026-03-03", 5.6), ("2026-03-03", 40)]


def test_what_was_answered_before_the_unit_changed_stays_in_its_unit_until_it_is_typed_anew(house: House) -> None:
    asking = asked(house)
    asking.answer("5")
    with house.database.transaction() as session:
        session.connection().execute(update(Kpi).values(unit="minutes"))

    view = asking.open_form()
    assert "Answered before its unit changed: 5 hours." in words(view)
    assert (
        "initial_value"
        not in next(b for b in view["blocks"] if b.get("block_id", "").startswith(Block.READING))["element"]
    )
    asking.answer("5", view=view)

    with house.database.reading() as session:
        readings = session.exec(select(Reading).order_by(col(Reading.entered_at))).all()
    assert [(each.value, each.unit, each.superseded_at is None) for each in readings] == [
        (5, "hours", False),
        (5, "minutes", True),
    ]


def test_a_number_added_while_somebody_types_is_asked_for_in_the_form_they_have(house: House) -> None:
    asking = asked(house)
    view = asking.open_form()
    asking.add_kpi("Letters read", "weekly")

    longer = view_in(asking.answer("5.5", view=view))
    assert "More is asked for than when you opened this." in words(longer)
    asking.answer("5.5", view=longer, second="40")

    assert sorted(asking.readings()) == [("2026-03-03", 5.5), ("2026-03-03", 40)]


def test_a_monthly_number_given_early_is_not_asked_for_again_in_the_month_it_was_given_for(house: House) -> None:
    asking = Asking(house)
    asking.add_kpi("Complaints", "monthly")
    asking.go_to("2026-03-03T09:00")
    asking.answer("5.5", second="12")
    asking.jump_to("2026-03-31T09:00")
    asking.unchanged()
    house.press(MAREK, Action.ANSWER_CHECK_IN, f"{asking.schedule().id}.2026-04-07", where="home")
    asking.answer("5.4", view=house.world.opened[-1], second="11")

    asking.jump_to("2026-04-14T09:00")

    assert ("2026-03-31", 11) in asking.readings()  # a week early
    assert "*Complaints*: 11 a week on 31 Mar 2026, target 3 a week by 1 Dec 2026 · not due yet" in words(
        asking.prompts_to()[-1]
    )


def test_a_home_asks_the_database_hardly_more_for_each_use_case_somebody_reports(house: House) -> None:
    def asked_of_the_database() -> tuple[int, int]:
        with recorded(house.database.engine) as heard, house.database.reading() as session:
            marek = people.find(session, MAREK)
            assert marek is not None
            heard.clear()
            blocks = home.home_blocks(session, marek.id, now=house.clock.now())
        return len(heard), len(blocks)

    asking = Asking(house)
    asking.go_to("2026-03-03T09:00")
    asking.answer("5.5")
    counts = []
    for name, at in (("Sort parcels", "10T09:00"), ("Sort receipts", "11T09:00"), ("Sort tenders", "11T10:00")):
        Asking(house, name=name, problem=f"{name}: they pile up.").jump_to(f"2026-03-{at}")
        counts.append(asked_of_the_database())

    _, three, four = counts
    assert four[1] == three[1] + 1
    assert four[0] <= three[0] + 2, counts
