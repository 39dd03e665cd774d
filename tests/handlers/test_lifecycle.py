"""People move a use case on from its window, see what is missing, and work in its two workstreams."""

from typing import Any

from sqlmodel import select

from db.enums import FoundationKind, UseCaseState, WorkstreamKind
from db.tables import CheckIn, FoundationPart
from handlers.ids import Action, Block, Callback
from sandbox.blockkit.validate import check_message, check_view
from tests.support.house import House, buttons, errors_in, view_in, words
from tests.support.living import ANN, BEN, INES, MAREK, OTTO, PRIYA, Living
from tests.support.shown import home_buttons
from workflows import settings
from workflows.lifecycle import Move
from workflows.settings import SettingName

ONBOARDING = WorkstreamKind.ONBOARDING


def pressable(view: dict[str, Any]) -> dict[str, str]:
    """Return the buttons of a window by what they say: label to value."""
    found = {}
    for block in view["blocks"]:
        for each in block.get("elements", []) if block["type"] == "actions" else [block.get("accessory") or {}]:
            if each.get("type") == "button":
                found[each["text"]["text"]] = each["value"]
    return found


def is_fine(view: dict[str, Any]) -> bool:
    return check_view(view, allowed=(view["type"],)) == []


def test_before_the_gate_is_open_the_window_names_what_is_missing_who_owes_it_and_offers_no_way_on(
    house: House,
) -> None:
    living = Living(house, gates=0, without=FoundationKind.DATA_HANDLING)
    with house.database.transaction() as session:
        owner = {"owner_id": living.person(OTTO)}
        part = FoundationPart.metadata.tables["foundation_parts"]
        session.connection().execute(part.update().where(part.c.kind == FoundationKind.DATA_HANDLING).values(owner))
    house.open_home(MAREK)
    house.send()

    view = living.window(value=home_buttons(house, MAREK)["Deployment"])

    assert "Not in use yet · next: start deployment, 1 thing missing" in words(house.world.homes[MAREK])
    assert view["callback_id"] == Callback.LIFE
    assert "submit" not in view
    assert "*Data handling and privacy*: Otto owes it" in words(view)
    assert pressable(view)["Open"] == "data_handling"
    assert "To begin with: " in words(view)
    assert is_fine(view)
    assert is_fine(house.world.homes[MAREK])


def test_with_nothing_missing_its_owner_sends_the_window_and_both_workstreams_begin(house: House) -> None:
    living = Living(house)
    house.open_home(MAREK)
    view = living.window()
    assert view["submit"]["text"] == "Start deployment"
    assert living.window(OTTO)["callback_id"] == Callback.LIFE  # he reads who can

    after = view_in(house.submit(MAREK, view, {}, view_id="V9"))
    again = view_in(house.submit(MAREK, view, {}, view_id="V9"))
    late = view_in(house.submit(INES, view, {}))
    house.send()

    for shown in (after, again):
        assert "is in deployment: Marek moved it there" in words(shown)
    assert "It is in deployment now." in words(late)
    assert "Technical integration" in words(after)
    assert "no tasks · Marek" in words(after)
    assert "🚀 In deployment since Mon 2 Mar 2026 · day 0 of 90 to its first value" in words(house.world.homes[MAREK])
    assert house.facts().count("workstream.begun") == 2
    assert is_fine(after)
    assert check_message(living.told(OTTO)[-1].blocks) == []
    assert "🚀 In deployment." in words(house.posts_to("C_GOVERNANCE")[-1])


def test_whoever_may_not_move_it_reads_who_can_and_of_a_confidential_one_nothing(house: House) -> None:
    living = Living(house, confidential=["yes"])

    house.press(BEN, Action.LIFE, str(living.use_case_id))
    house.press(BEN, Action.SUSPEND, str(living.use_case_id))
    house.send()

    assert [told.startswith("There is no such use case") for told in house.whispers_to(BEN)] == [True, True]
    assert "Only Marek or Ines can" not in words(living.window(OTTO))
    assert "Marek or Ines can move it on." in words(living.window(OTTO))


def test_when_all_places_are_taken_leads_see_which_to_take_next(house: House) -> None:
    living = Living(house)
    with house.database.transaction() as session:
        settings.change(session, SettingName.CHECK_INS_FROM, "deployment", actor=None, now=house.clock.now())
    others = [living.another(f"Case {number}") for number in range(3)]
    for each in others:
        living.move(Move.DEPLOY, use_case_id=each)

    owner, lead = living.window(), living.window(INES)

    assert "No place is free: at most 3 at once" in words(owner)
    assert "Which to take next" not in words(owner)
    assert "1. *UC-1* “Summarise complaint files”: " in words(lead)
    assert is_fine(lead)


def test_a_task_is_given_in_a_window_done_from_home_and_the_workstream_completed(house: House) -> None:
    living = Living(house)
    living.deploy()
    house.open_home(BEN)
    board = living.window(action=Action.WORKSTREAMS)
    form = house.turn(MAREK, Action.ADD_TASK, str(living.workstream().id), view=board)
    after = living.send_form(MAREK, form, name="Connect the archive", owner=BEN, day="2026-03-12")

    assert "0 of 1 task done" in words(view_in(after))
    [told] = [post for post in living.told(BEN) if "Connect the archive" in post.text]
    assert "a task is yours to do by Thu 12 Mar 2026" in told.text
    assert list(buttons(told)) == ["Done", "Change …", "Drop …"]
    assert "Tasks to do" in words(house.world.homes[BEN])
    assert check_message(told.blocks) == []
    shown = [board, form, view_in(after), house.world.homes[BEN]]
    assert [check_view(each, allowed=(each["type"],)) for each in shown] == [[], [], [], []]

    house.press(BEN, Action.FINISH_TASK, home_buttons(house, BEN)["Done"], where="home")
    house.send()
    house.press(MAREK, Action.FINISH_TASK, buttons(told)["Done"])
    house.send()
    assert house.whispers_to(MAREK)[-1].startswith("Ben said")
    assert "Tasks to do" not in words(house.world.homes[BEN])
    done = house.turn(MAREK, Action.COMPLETE_WORKSTREAM, str(living.workstream().id), view=board)
    assert "✅ *Technical integration*" in words(done)
    assert pressable(done)["Reopen"] == str(living.workstream().id)
    assert house.facts().count("workstream.task_done") == 1


def test_what_cannot_be_stands_at_its_field_and_a_number_with_a_unit_is_refused(house: House) -> None:
    living = Living(house)
    living.deploy()
    stream = str(living.workstream(ONBOARDING).id)
    board = living.window(action=Action.WORKSTREAMS)
    form = house.turn(MAREK, Action.ADD_TASK, stream, view=board)

    def wrong(**typed: Any) -> dict[str, str]:
        return errors_in(living.send_form(MAREK, form, **{"name": "Train", "owner": BEN, "day": "2026-03-12"} | typed))

    assert "Say in a few words" in wrong(name=" ")[Block.TASK_NAME]
    assert "That day has passed" in wrong(day="2026-03-01")[Block.TASK_DAY]
    assert "Choose a full member" in wrong(owner="U_ZOE")[Block.TASK_OWNER]
    numbers = house.turn(MAREK, Action.EDIT_WORKSTREAM, stream, view=board)
    refused = errors_in(living.send_form(MAREK, numbers, to_train="12 people", trained="2.5"))
    assert "Type only the number of people, for example 12" in refused[Block.TO_TRAIN]
    assert "is not a whole number" in refused[Block.TRAINED]
    assert (
        "More than are to be trained"
        in errors_in(living.send_form(MAREK, numbers, to_train="3", trained="4"))[Block.TRAINED]
    )
    saved = view_in(living.send_form(MAREK, numbers, to_train="1 200", trained="0"))
    assert "0 of 1200 trained" in words(saved)
    late = view_in(living.send_form(INES, numbers, to_train="5", trained="0"))
    assert "It was changed while your form was open" in words(late)
    refused_press = house.turn(MAREK, Action.COMPLETE_WORKSTREAM, stream, view=board)
    assert "it needs one task at least" in words(refused_press)


def test_a_task_is_changed_and_dropped_with_a_reason_by_who_may(house: House) -> None:
    living = Living(house)
    living.deploy()
    living.give_task()
    house.send()
    task = str(living.tasks()[0].id)

    house.press(ANN, Action.DROP_TASK, task)
    house.send()
    assert house.whispers_to(ANN)[-1].startswith("Only its owner, who has the task to do")
    form = living.window(BEN, Action.CHANGE_TASK, task)
    living.send_form(BEN, form, owner=PRIYA, name="Connect the other archive")
    assert "a task is yours to do" in living.told(PRIYA)[-1].text
    drop = living.window(MAREK, Action.DROP_TASK, task)
    assert Block.TASK_REASON in errors_in(living.send_form(MAREK, drop, reason=" "))
    after = view_in(living.send_form(MAREK, drop, reason="There is none."))
    assert "🗑️ “Connect the other archive”: dropped. “There is none.”" in words(after)
    assert all(map(is_fine, (form, drop, after)))


def test_what_stops_it_is_asked_why_and_whoever_may_lets_it_go_on(house: House) -> None:
    living = Living(house)
    living.deploy()
    view = living.window(OTTO)
    form = house.turn(OTTO, Action.SUSPEND, pressable(view)["Suspend …"], view=view)
    assert "Say in a sentence why" in errors_in(living.send_form(OTTO, form, reason=""))[Block.STOP_REASON]

    stopped = view_in(living.send_form(OTTO, form, reason="It invents numbers."))

    assert "In deployment since Mon 2 Mar 2026, suspended now" in words(stopped)
    assert (
        "It is suspended until its owner, its sponsor or a programme lead lets it go on. It does not move on"
        in words(stopped)
    )
    after = house.turn(OTTO, Action.LET_GO_ON, pressable(stopped)["Let it go on"], view=stopped)
    assert "lets *UC-1*" in words(after)
    assert living.state is UseCaseState.IN_DEPLOYMENT
    assert all(map(is_fine, (form, stopped, after)))


def test_each_later_step_offers_the_button_that_mends_what_is_missing(house: House) -> None:
    living = Living(house, gates=3)
    living.live(UseCaseState.DEPLOYED)

    deployed = living.window()
    living.optimise()
    optimising = living.window()

    assert "The baseline of “Hours per file” is not locked in its unit: Marek answers for it." in words(deployed)
    assert {"Lock baseline", "Workstreams", "KPIs"} <= set(pressable(deployed))
    assert {"Write a lesson", "Write the checklist"} <= set(pressable(optimising))
    assert pressable(optimising)["Write a lesson"] == str(living.use_case_id)
    assert is_fine(deployed)
    assert is_fine(optimising)


def test_the_command_says_where_it_is_and_gives_the_way_on_to_who_may_move_it(house: House) -> None:
    living = Living(house)
    living.deploy()

    assert "In deployment since Mon 2 Mar 2026" in house.command(MAREK, "UC-1")
    assert Action.LIFE in house.command(MAREK, "UC-1")
    assert Action.LIFE not in house.command(BEN, "UC-1")
    house.press(PRIYA, Action.OPEN, str(house.request_id()))
    assert "Deployment" in pressable(house.world.opened[-1])


def test_asked_from_deployment_on_its_numbers_are_asked_for_once_it_is_in_deployment(house: House) -> None:
    living = Living(house)
    with house.database.transaction() as session:
        settings.change(session, SettingName.CHECK_INS_FROM, "deployment", actor=None, now=house.clock.now())

    def asked() -> int:
        with house.database.reading() as session:
            return len(session.exec(select(CheckIn).where(CheckIn.use_case_id == living.use_case_id)).all())

    living.jump_to("2026-03-03T09:00")
    assert asked() == 0
    living.deploy()
    living.jump_to("2026-03-10T09:00")
    assert asked() == 1


def test_the_question_about_the_first_value_leads_to_what_can_be_done(house: House) -> None:
    living = Living(house)
    living.deploy()
    living.jump_to("2026-06-01T07:00")

    [asked] = [post for post in living.told(OTTO) if "What is in the way?" in post.text]

    assert list(buttons(asked)) == ["KPIs", "Suspend …", "Retire …", "Deployment"]
    assert check_message(asked.blocks) == []
    form = living.window(INES, Action.RETIRE_NOW, buttons(asked)["Retire …"])
    after = view_in(living.send_form(INES, form, reason="Nobody needs it."))
    assert "Ines has retired" in words(after)
    assert living.state is UseCaseState.RETIRED


def test_what_becomes_confidential_is_not_named_to_who_has_a_task_and_no_part_in_it(house: House) -> None:
    living = Living(house)
    living.deploy()
    living.give_task()
    house.send()
    living.hide()

    living.jump_to("2026-03-12T08:00")
    house.open_home(BEN)
    house.send()
    house.press(BEN, Action.WORKSTREAMS, str(living.use_case_id))
    house.send()

    reminder = living.told(BEN)[-1]
    for shown in (reminder.text, words(house.world.homes[BEN])):
        assert "*Confidential use case*" in shown
        assert "Connect the archive" in shown
    assert house.whispers_to(BEN)[-1].startswith("There is no such workstream")
