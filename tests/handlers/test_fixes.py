"""Where outputs had to be corrected a fix is offered; somebody has it to do by a day, and what it brought shows."""

from typing import Any

from db.enums import UseCaseState
from handlers.ids import Action, Block
from sandbox.blockkit.validate import check_message, check_view
from tests.support.asking import BEN, MAREK, OTTO, PRIYA
from tests.support.fakes import TEAM
from tests.support.fixes import CORRECTED, Fixing
from tests.support.house import House, buttons, errors_in, view_in, words
from tests.support.shown import home_buttons


def test_the_answer_names_the_cause_and_what_helps_and_one_form_makes_it_an_action(house: House) -> None:
    fixing = Fixing(house)
    [prompt] = fixing.prompts_to()
    for shown in (words(fixing.window), words(prompt)):
        assert "🔧 10 of 40 corrected, mostly because context was missing (8)." in shown
        assert "💡 Context was missing: complete the context pack" in shown
    assert "10 of 40 corrected" in prompt.text

    view = fixing.accept_form()
    assert [block["block_id"] for block in view["blocks"][1:]] == [
        Block.FIX_CAUSE,
        f"{Block.FIX_TEXT}.context",
        Block.FIX_OWNER,
        Block.FIX_DAY,
    ]
    assert view["blocks"][3]["element"]["initial_user"] == MAREK
    assert view["blocks"][4]["element"]["initial_date"] == "2026-03-17"
    house.open_home(MAREK)
    house.send()
    response = fixing.accept(FIX_TEXT="Add the glossary of claims.")

    assert "✅ “Add the glossary of claims.”, Marek, by Tue 17 Mar 2026. You are reminded" in words(view_in(response))
    assert "🛠️ “Add the glossary of claims.” · Marek, by Tue 17 Mar 2026" in words(fixing.prompts_to()[0])
    assert "Accept fix …" not in buttons(fixing.prompts_to()[0])
    assert "Fixes to do" in words(house.world.homes[MAREK])
    shown = [fixing.window, view, house.world.homes[MAREK], view_in(response)]
    assert [check_view(each, allowed=(each["type"],)) for each in shown] == [[], [], [], []]
    assert check_message(fixing.prompts_to()[0].blocks) == []
    assert fixing.messages_to(MAREK) == []  # who does it themselves is not told what they know
    assert "fix.accepted" in house.facts()


def test_another_cause_brings_its_own_suggestion_but_keeps_what_somebody_wrote(house: House) -> None:
    fixing = Fixing(house)
    view = fixing.accept_form()

    def choose(view: dict[str, object], text: str) -> str:
        typed = fixing.typed(view, FIX_CAUSE="workflow", FIX_TEXT=text)
        body = {
            "type": "block_actions",
            "team": {"id": TEAM},
            "user": {"id": MAREK, "team_id": TEAM},
            "trigger_id": "c.1",
            "container": {"type": "view", "view_id": "V1"},
            "view": view
            | {"id": "V1", "hash": "h", "state": {"values": {b: {t["action_id"]: t} for b, t in typed.items()}}},
            "actions": [{"action_id": Action.CHOOSE_CAUSE, "block_id": Block.FIX_CAUSE, "action_ts": "1.1"}],
        }
        assert house.intake.over_socket(body).status == 200
        [what] = [b for b in house.world.opened[-1]["blocks"] if b.get("block_id") == f"{Block.FIX_TEXT}.workflow"]
        return str(what["element"]["initial_value"])

    assert choose(view, view["blocks"][2]["element"]["initial_value"]).startswith("Change the step before or after")
    assert choose(view, "Ask the claims team.") == "Ask the claims team."


def test_who_is_given_a_fix_is_told_then_reminded_on_its_day_and_once_more_and_no_more(house: House) -> None:
    fixing = Fixing(house)

    fixing.accept(FIX_OWNER=BEN)

    [told] = fixing.messages_to(BEN)
    assert "*UC-1* “Summarise complaint files”: a fix is yours to do by Tue 17 Mar 2026" in told.text
    assert list(buttons(told)) == ["Done", "Change …", "Drop …"]
    assert check_message(told.blocks) == []
    fixing.jump_to("2026-03-17T07:59")
    assert len(fixing.messages_to(BEN)) == 1
    fixing.jump_to("2026-03-17T08:00")
    assert "is due today, Tue 17 Mar 2026" in fixing.messages_to(BEN)[1].text
    fixing.jump_to("2026-03-19T07:59")
    assert len(fixing.messages_to(BEN)) == 2
    fixing.jump_to("2026-03-19T08:00")
    assert "was due Tue 17 Mar 2026" in fixing.messages_to(BEN)[2].text
    assert "This is the last reminder." in fixing.messages_to(BEN)[2].text
    fixing.jump_to("2026-03-30T08:00")

    assert len(fixing.messages_to(BEN)) == 3
    house.open_home(BEN)
    house.send()
    assert "⚠️ Overdue, it was due Tue 17 Mar 2026" in words(house.world.homes[BEN])


def test_who_is_given_a_fix_in_the_evening_hears_of_it_in_the_morning(house: House) -> None:
    fixing = Fixing(house)
    fixing.jump_to("2026-03-03T20:00")

    fixing.accept(FIX_OWNER=BEN)

    assert fixing.messages_to(BEN) == []
    fixing.jump_to("2026-03-04T08:00")
    assert len(fixing.messages_to(BEN)) == 1


def test_done_is_one_press_counted_once_and_the_message_says_so_in_its_place(house: House) -> None:
    fixing = Fixing(house)
    fixing.accept(FIX_OWNER=BEN)
    [told] = fixing.messages_to(BEN)
    house.open_home(BEN)
    house.send()

    house.press(BEN, Action.FINISH_FIX, home_buttons(house, BEN)["Done"], where="home")
    house.send()
    fixing.press_done(MAREK)
    house.press(OTTO, Action.DROP_FIX, str(fixing.fixes()[0].id))
    fixing.press_done(BEN, message=told.ts)

    [fix] = fixing.fixes()
    assert fix.done_at is not None
    assert house.facts().count("fix.done") == 1
    assert "Fixes to do" not in words(house.world.homes[BEN])
    assert house.whispers_to(MAREK)[-1].startswith("Ben said")
    assert house.whispers_to(OTTO)[-1].startswith("Ben said")
    assert "said" in words(told)
    assert buttons(told) == {}
    assert "✅ “Complete the context pack" in words(fixing.prompts_to()[0])


def test_the_rate_before_and_after_is_shown_with_its_numbers_and_unknown_until_somebody_looks(house: House) -> None:
    fixing = Fixing(house)
    fixing.accept()
    fixing.press_done()

    def window() -> str:
        house.press(MAREK, Action.KPIS, str(fixing.use_case_id))
        assert check_view(house.world.opened[-1], allowed=("modal",)) == []
        return words(house.world.opened[-1])

    assert "• Context was missing: 20 % (8 of 40)" in window()
    assert "20 % before (8 of 40) → nobody looked yet since" in window()
    fixing.jump_to("2026-03-10T09:00")
    fixing.answer("5.5")
    assert "→ nobody looked yet since" in window()
    fixing.answer("5.5", **CORRECTED | {"BY_CONTEXT": "2"})
    assert "20 % before (8 of 40) → 5 % since (2 of 40)" in window()
    assert "• Context was missing: 12.5 % (10 of 80)" in window()
    house.press(MAREK, Action.OPEN, str(house.request_id()))
    assert "20 % before (8 of 40) → 5 % since (2 of 40)" in words(house.world.opened[-1])


def test_a_fix_can_be_accepted_and_seen_to_from_the_window_of_the_kpis(house: House) -> None:
    fixing = Fixing(house)
    house.press(OTTO, Action.KPIS, str(fixing.use_case_id))
    board = house.world.opened[-1]
    accept = next(each for each in pressable(board) if each["text"]["text"] == "Accept fix …")

    form = house.turn(OTTO, Action.ACCEPT_FIX, accept["value"], view=board)
    house.submit(OTTO, form, fixing.typed(form))
    house.press(OTTO, Action.KPIS, str(fixing.use_case_id))
    after = house.turn(OTTO, Action.FINISH_FIX, str(fixing.fixes()[0].id))

    assert after["callback_id"] == "checkins.kpis.shown"
    assert "✅ Done." in words(after)
    assert "done, said Otto" in words(after)


def test_what_cannot_be_stands_at_its_field(house: House) -> None:
    fixing = Fixing(house)
    view = fixing.accept_form()

    def refused(**typed: str) -> dict[str, str]:
        return errors_in(house.submit(MAREK, view, fixing.typed(view, **typed)))

    assert "Say in a sentence" in refused(FIX_TEXT=" ")[f"{Block.FIX_TEXT}.context"]
    assert "That day has passed" in refused(FIX_DAY="2026-03-02")[Block.FIX_DAY]
    assert "within a year" in refused(FIX_DAY="2027-03-04")[Block.FIX_DAY]
    assert "Choose a full member" in refused(FIX_OWNER="U_ZOE")[Block.FIX_OWNER]
    assert "nothing was corrected because of that" in refused(FIX_CAUSE="prompt")[Block.FIX_CAUSE]
    assert fixing.fixes() == []


def test_of_a_confidential_use_case_only_who_may_read_it_is_given_a_fix(house: House) -> None:
    fixing = Fixing(house, confidential=["yes"])

    wrong = errors_in(fixing.accept(FIX_OWNER=BEN))

    assert "they have no part in it" in wrong[Block.FIX_OWNER]
    fixing.accept(FIX_OWNER=OTTO)
    assert len(fixing.fixes()) == 1


def test_what_becomes_confidential_is_not_named_any_more_to_who_has_a_fix_to_do_and_no_part_in_it(house: House) -> None:
    fixing = Fixing(house)
    fixing.accept(FIX_OWNER=BEN, FIX_TEXT="Add the glossary.")
    fixing.make_confidential()

    fixing.jump_to("2026-03-17T08:00")
    house.open_home(BEN)
    house.send()
    house.press(BEN, Action.DROP_FIX, str(fixing.fixes()[0].id))

    reminder = fixing.messages_to(BEN)[-1]
    for shown in (reminder.text, words(house.world.homes[BEN]), words(house.world.opened[-1])):
        assert "*Confidential use case*" in shown
        assert "Add the glossary." in shown
        assert "UC-1" not in shown


def test_a_second_fix_for_the_same_cause_is_told_which_is_open_and_may_change_it(house: House) -> None:
    fixing = Fixing(house)
    form = fixing.accept_form(OTTO)
    fixing.accept(FIX_TEXT="Add the glossary.")

    told = view_in(house.submit(OTTO, form, fixing.typed(form)))
    house.press(OTTO, Action.ACCEPT_FIX, f"{fixing.newest().id}.context")
    pressed = house.world.opened[-1]

    for window in (told, pressed):
        assert "A fix for that is open already: “Add the glossary.” · Marek, by Tue 17 Mar 2026" in words(window)
        assert [each["text"]["text"] for each in pressable(window)] == ["Change …"]
    changed = fixing.fill_in(Action.CHANGE_FIX, OTTO, FIX_OWNER=BEN, FIX_DAY="2026-03-20")
    assert "Ben, by Fri 20 Mar 2026. Ben is told" in words(view_in(changed))
    assert len(fixing.fixes()) == 1
    [told_ben] = fixing.messages_to(BEN)
    assert "by Fri 20 Mar 2026" in told_ben.text
    assert "It is like that already" in next(iter(errors_in(fixing.fill_in(Action.CHANGE_FIX, OTTO)).values()))


def test_two_causes_that_come_near_each_other_have_a_fix_each_and_buttons_of_their_own(house: House) -> None:
    fixing = Fixing(house)
    fixing.answer("5.5", **CORRECTED | {"BY_WORKFLOW": "7"})
    house.send()

    def offered(blocks: list[dict[str, Any]]) -> list[str]:
        return [each["text"]["text"] for each in pressable({"blocks": blocks}) if "fix" in each["action_id"]]

    assert offered(fixing.prompts_to()[0].blocks) == ["Accept fix …"] * 2
    fixing.accept()
    fixing.accept(cause="workflow")
    window = view_in(fixing.answer("5.4", **CORRECTED | {"BY_WORKFLOW": "7"}))
    house.send()

    [prompt] = fixing.prompts_to()
    assert offered(prompt.blocks) == offered(window["blocks"]) == ["Change …"] * 2
    assert check_message(prompt.blocks) == []
    assert check_view(window, allowed=("modal",)) == []
    house.press(MAREK, Action.KPIS, str(fixing.use_case_id))
    assert check_view(house.world.opened[-1], allowed=("modal",)) == []


def test_a_fix_is_dropped_with_a_reason_and_then_another_can_be_accepted(house: House) -> None:
    fixing = Fixing(house)
    fixing.accept()

    fixing.fill_in(Action.DROP_FIX, MAREK, FIX_REASON="The supplier has mended it.")

    assert "dropped by Marek" in words(fixing.prompts_to()[0])
    assert "The supplier has mended it." in words(fixing.prompts_to()[0])
    fixing.accept(OTTO)
    assert len(fixing.fixes()) == 2


def test_who_has_no_part_in_it_can_neither_accept_nor_end_a_fix_and_learns_nothing(house: House) -> None:
    fixing = Fixing(house)
    house.press(BEN, Action.ACCEPT_FIX, f"{fixing.newest().id}.context")
    fixing.accept()
    for action in (Action.FINISH_FIX, Action.CHANGE_FIX, Action.DROP_FIX):
        house.press(BEN, action, str(fixing.fixes()[0].id))
    house.send()

    assert len(house.whispers_to(BEN)) == 4
    assert all(told.startswith("Only who has to do it") for told in house.whispers_to(BEN))
    assert fixing.fixes()[0].done_at is None


def test_when_who_has_it_to_do_leaves_it_is_the_owner_s_then_the_sponsor_s_then_a_lead_s(house: House) -> None:
    fixing = Fixing(house)
    house.grant("lead", PRIYA)
    fixing.accept(FIX_OWNER=BEN)

    for leaver, heir in ((BEN, MAREK), (MAREK, OTTO), (OTTO, PRIYA)):
        fixing.leave(leaver)
        fixing.beat()
        assert "a fix is yours to do" in fixing.messages_to(heir)[-1].text


def test_what_has_ended_is_not_reminded_of(house: House) -> None:
    fixing = Fixing(house)
    fixing.accept(FIX_OWNER=BEN)
    fixing.put_in(UseCaseState.RETIRED)

    fixing.jump_to("2026-03-19T08:00")

    assert len(fixing.messages_to(BEN)) == 1
    house.open_home(BEN)
    house.send()
    assert "Fixes to do" not in words(house.world.homes[BEN])


def pressable(view: dict[str, Any]) -> list[dict[str, Any]]:
    blocks = view["blocks"]
    found = [element for block in blocks if block["type"] == "actions" for element in block["elements"]]
    return [each for each in found if each["type"] == "button"]
