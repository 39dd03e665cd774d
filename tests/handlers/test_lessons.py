"""Who ran a use case writes what they learnt; others read it, with its numbers; what nobody confirms is stale."""

import pytest

from db.enums import Criterion, LessonStatus, UseCaseState
from handlers.ids import Action, Block, Command
from sandbox.blockkit.validate import check_view
from tests.support.house import House, errors_in, view_in, words
from tests.support.scaling import BEN, EVA, LEO, MAREK, OTTO, PRIYA, STEPS, Scaling, in_window
from workflows import programme


def test_a_lesson_is_drafted_by_its_people_published_by_its_owner_and_read_by_everybody(house: House) -> None:
    scaling = Scaling(house)
    form = scaling.window(PRIYA, Action.WRITE_LESSON)
    assert check_view(form, allowed=("modal",)) == []

    draft = view_in(scaling.save(PRIYA, form, worked="Short files.", did_not="", advice="Begin small."))

    assert "✅ Saved as a draft." in words(draft)
    assert "Publish" not in in_window(draft)  # Priya proposed it; Marek owns it
    lessons = [scaling.window(who, Action.LESSONS) for who in (MAREK, BEN)]
    assert ["Begin small." in words(each) for each in lessons] == [True, False]
    house.turn(MAREK, Action.SEE_LESSON, in_window(lessons[0])["Read"], view=lessons[0])
    seen = house.world.opened[-1]
    shown = house.turn(MAREK, Action.PUBLISH_LESSON, in_window(seen)["Publish"], view=seen)
    assert "✅ Published." in words(shown)
    assert "📈 Hours per file: no locked baseline → nothing read yet, target 3 hours" in words(shown)
    assert check_view(shown, allowed=("modal",)) == []
    assert house.command(BEN, "lessons", command=Command.GATEHOUSE) == ""
    assert "*LES-1* · *UC-1*" in words(house.world.opened[-1])
    assert check_view(house.world.opened[-1], allowed=("modal",)) == []
    assert [fact for fact in house.facts() if fact.startswith("lesson")] == ["lesson.written", "lesson.published"]


def test_the_same_form_and_the_same_press_twice_are_one_lesson_published_once(house: House) -> None:
    scaling = Scaling(house)
    form = scaling.window(MAREK, Action.WRITE_LESSON)
    values = {Block.LESSON_ADVICE: {"type": "plain_text_input", "value": "Begin small."}}
    for _ in range(2):
        assert house.submit(MAREK, form, values, view_id="V_SAME").status == 200
    [lesson] = scaling.lessons()
    house.press(MAREK, Action.SEE_LESSON, str(lesson.id))

    again = house.turn(MAREK, Action.PUBLISH_LESSON, in_window(house.world.opened[-1])["Publish"])

    assert "Say what worked or what did not first: press Edit." in words(again)
    assert scaling.lessons()[0].status is LessonStatus.DRAFT


def test_nothing_is_published_that_its_owner_did_not_read(house: House) -> None:
    scaling = Scaling(house)
    read = view_in(scaling.write(MAREK))
    house.press(OTTO, Action.EDIT_LESSON, str(scaling.lessons()[0].id))
    otto, stale = house.world.opened[-1], house.world.opened[-1]
    scaling.save(OTTO, otto, worked="Long files.", did_not="", advice="Begin big.")

    shown = house.turn(MAREK, Action.PUBLISH_LESSON, in_window(read)["Publish"], view=read)

    assert "Somebody changed it meanwhile" in words(shown)
    assert "Begin big." in words(shown)
    wrong = errors_in(scaling.save(PRIYA, stale, worked="Neither.", did_not="", advice=""))
    assert "Somebody changed it meanwhile" in wrong[Block.LESSON_WORKED]
    assert scaling.lessons()[0].advice == "Begin big."


def test_a_lesson_proves_that_one_is_published_until_it_is_taken_back_with_a_reason(house: House) -> None:
    scaling = Scaling(house)
    shown = scaling.published()

    def proofs() -> list[str]:
        with house.database.reading() as session:
            return [each.reference for each in programme.evidence_of(session).proofs[Criterion.LESSON]]

    assert proofs() == ["LES-1"]
    form = house.turn(MAREK, Action.WITHDRAW_LESSON, in_window(shown)["Take it back …"], view=shown)
    reason = {"type": "plain_text_input", "value": " "}
    assert (
        "Say in a sentence why"
        in errors_in(house.submit(MAREK, form, {Block.LESSON_REASON: reason}))[Block.LESSON_REASON]
    )
    taken = view_in(house.submit(MAREK, form, {Block.LESSON_REASON: reason | {"value": "It was one good week."}}))

    assert "It was one good week." in words(taken)
    assert "Publish" in in_window(taken)
    assert proofs() == []
    assert "No lesson is published yet" in words(scaling.window(BEN, Action.LESSONS))
    assert house.facts().count("lesson.withdrawn") == 1


def test_a_lesson_nobody_confirms_for_90_days_is_stale_until_somebody_says_it_still_holds(house: House) -> None:
    scaling = Scaling(house)
    scaling.published()
    house.clock.advance(hours=90 * 24 - 1)
    assert "⚠️" not in words(scaling.window(BEN, Action.LESSONS))
    house.clock.advance(hours=1)
    assert "⚠️ Nobody has said for 90 days that it still holds." in words(scaling.window(BEN, Action.LESSONS))
    house.press(OTTO, Action.SEE_LESSON, str(scaling.lessons()[0].id))
    window = house.world.opened[-1]

    shown = house.turn(OTTO, Action.LESSON_HOLDS, in_window(window)["Still holds"], view=window)

    assert "✅ Noted: it still holds as of today." in words(shown)
    assert "⚠️" not in words(scaling.window(BEN, Action.LESSONS))


def test_who_has_no_part_in_it_writes_none_and_nothing_is_learnt_before_deployment(house: House) -> None:
    scaling = Scaling(house)
    assert "written by its owner, Marek, its sponsor" in words(scaling.window(BEN, Action.WRITE_LESSON))
    scaling.published()
    house.press(BEN, Action.WITHDRAW_LESSON, str(scaling.lessons()[0].id))
    assert "Marek owns" in words(house.world.opened[-1])
    wrong = errors_in(scaling.write(MAREK, worked=" ", advice=""))
    assert "Write at least one of the three" in wrong[Block.LESSON_WORKED]

    other = house.propose(name="Another one", differs="It is another.")
    assert "Lessons" not in in_window(scaling.opened(MAREK, other))
    assert all("Lessons" in in_window(scaling.opened(who)) for who in (MAREK, BEN))


def test_once_its_owner_left_a_lead_publishes(house: House) -> None:
    scaling = Scaling(house)
    house.grant("lead", LEO)
    window = view_in(scaling.write(OTTO))
    house.press(LEO, Action.SEE_LESSON, str(scaling.lessons()[0].id))
    assert "Publish" not in in_window(house.world.opened[-1])
    house.world.people[MAREK]["deleted"] = True
    house.tell({"type": "user_change", "user": house.world.people[MAREK]})
    house.press(LEO, Action.SEE_LESSON, str(scaling.lessons()[0].id))

    shown = house.turn(LEO, Action.PUBLISH_LESSON, in_window(house.world.opened[-1])["Publish"])

    assert window["callback_id"] == "lessons.window.shown"
    assert "✅ Published." in words(shown)


def test_of_a_confidential_use_case_only_insiders_read_the_lesson_or_hear_of_one(house: House) -> None:
    scaling = Scaling(house, confidential=["yes"])
    scaling.published()

    for action, value in (
        (Action.LESSONS, None),
        (Action.SEE_LESSON, scaling.lessons()[0].id),
        (Action.WRITE_LESSON, None),
        (Action.WITHDRAW_LESSON, scaling.lessons()[0].id),
    ):
        shown = words(scaling.window(BEN, action, value))
        assert "UC-1" not in shown
        assert "Summarise" not in shown
    house.command(BEN, "lessons", command=Command.GATEHOUSE)
    assert "No lesson is published yet" in words(house.world.opened[-1])
    house.command(OTTO, "lessons", command=Command.GATEHOUSE)
    assert "*LES-1*" in words(house.world.opened[-1])


def test_a_checklist_is_published_step_by_step_in_versions_and_shown_from_the_use_case(house: House) -> None:
    scaling = Scaling(house, state=UseCaseState.DEPLOYED)
    assert "Write the checklist" in in_window(scaling.window(MAREK, Action.LESSONS))

    first = view_in(scaling.list_steps())

    assert "✅ Published as version 1." in words(first)
    assert "1. Show it to the team\n2. Give everybody access\n3. Read ten files together" in words(first)
    assert check_view(first, allowed=("modal",)) == []
    scaling.window(MAREK, Action.WRITE_CHECKLIST)
    old = house.world.opened[-1]
    assert "version 2" in words(view_in(scaling.list_steps(f"{STEPS}\nAsk after a week")))
    typed = {"type": "plain_text_input", "value": f"{STEPS}\nSomething else"}
    late = errors_in(house.submit(MAREK, old, {Block.CHECKLIST_STEPS: typed}))
    assert "Somebody published another version" in late[Block.CHECKLIST_STEPS]
    assert "Onboarding checklist" in in_window(scaling.window(BEN, Action.LESSONS))
    assert "Ask after a week" in words(scaling.window(BEN, Action.CHECKLIST))
    assert "Edit" not in in_window(house.world.opened[-1])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("One\nTwo", "at least 3 steps"),
        ("\n".join(f"Step {number}" for number in range(31)), "At most 30 steps"),
        (f"One\nTwo\n{'x' * 151}", "at most 150 characters"),
    ],
)
def test_a_checklist_too_short_or_too_long_is_refused_at_its_field(house: House, text: str, says: str) -> None:
    scaling = Scaling(house)
    assert says in errors_in(scaling.list_steps(text))[Block.CHECKLIST_STEPS]
    assert "published by its owner, Marek" in words(scaling.window(EVA, Action.WRITE_CHECKLIST))
