"""Writing a proposal: step by step, forth and back, left and gone on with, and sent only as it was shown."""

import json
from typing import Any

import pytest
import yaml
from slack_bolt import BoltResponse
from sqlmodel import col, select

from db.enums import DraftStatus
from db.tables import Draft, Objective, RevisionAnswer, RevisionKpi, UseCase, UseCaseRevision
from handlers import ticks
from handlers.ids import Action, Block, Shortcut
from tests.support.chains import hire, lane, policy_text, put_in_force, stage
from tests.support.house import House, errors_in, filled, reference_in, step_of, view_in, words
from workflows import policy
from workflows.intake import Step

FULL = {"build": "vendor", "vendor": "Northlight", "decision": "person", "oversight": "Ben reads each one."}


def rows(house: House, table: Any) -> list[Any]:
    with house.database.reading() as session:
        return list(session.exec(select(table).order_by(*table.__table__.primary_key)))


def drafts(house: House, *statuses: DraftStatus) -> list[Draft]:
    return [row for row in rows(house, Draft) if row.status in (statuses or DraftStatus)]


def in_force(house: House, text: str | None = None) -> None:
    """Put the shipped policy in force, or this one."""
    put_in_force(house, text or policy.default_text())


def back(house: House, view: dict[str, Any], who: str = "U_PRIYA", **answers: Any) -> dict[str, Any]:
    return house.turn(who, Action.BACK, view["private_metadata"][:36], view=view, **answers)


def stands_in(view: dict[str, Any], block: str) -> Any:
    """Return what stands in an input when its window opens."""
    [element] = [each["element"] for each in view["blocks"] if each.get("block_id") == block]
    option = element.get("initial_option") or {}
    several = [each["value"] for each in element.get("initial_options", [])]
    return element.get("initial_value") or element.get("initial_user") or option.get("value") or several or None


def home_button(house: House, who: str, text: str) -> tuple[str, str]:
    """Return (action, value) of a button on somebody's Home."""
    found = [
        (element["action_id"], element["value"])
        for block in house.world.homes[who]["blocks"]
        for element in [*block.get("elements", []), block.get("accessory") or {}]
        if element.get("type") == "button" and element["text"]["text"] == text
    ]
    assert found, f"{who} has no button {text!r}"
    return found[0]


# ------------------------------------------------------------------------------------------ the steps


def test_the_steps_come_one_after_the_other_in_one_window_and_say_how_many_there_are(house: House) -> None:
    titles, view = [], house.drafted(until=Step.BASICS)
    while "submit" in view:
        titles.append(view["title"]["text"])
        view = view_in(house.submit("U_PRIYA", view, filled(view)))

    assert titles == ["Propose (1 of 5)", "Propose (2 of 5)", "Propose (3 of 4)", "Propose (4 of 4)"]
    assert view["title"]["text"] == "UC-1"
    assert len(house.world.opened) == 1


def test_a_window_carries_its_draft_and_its_step_and_nothing_anybody_wrote(house: House) -> None:
    view = house.drafted(until=Step.VALUE)

    [draft] = drafts(house)
    assert view["private_metadata"] == f"{draft.id}.value"


def test_details_are_asked_of_those_whose_facts_call_for_them(house: House) -> None:
    few, many = house.drafted(until=Step.VALUE), house.drafted(until=Step.DETAILS, **FULL)

    assert step_of(few) is Step.VALUE
    assert [block["block_id"] for block in many["blocks"] if block["type"] == "input"] == [
        Block.VENDOR,
        Block.MODEL,
        Block.OVERSIGHT,
    ]


def test_the_team_is_filled_in_for_people_whose_team_is_known(house: House) -> None:
    house.command("U_PRIYA", "help")
    with house.database.transaction() as session:
        session.connection().exec_driver_sql("UPDATE people SET team = 'Complaints' WHERE slack_id = 'U_PRIYA'")

    assert stands_in(house.drafted(until=Step.BASICS), Block.TEAM) == "Complaints"
    assert stands_in(house.drafted("U_ANN", until=Step.BASICS), Block.TEAM) is None


def test_everything_answered_is_stored_and_shown_to_those_who_decide(house: House) -> None:
    house.propose(
        **FULL,
        model="Digest 2",
        areas=["health", "employment"],
        affected=["customers", "public"],
        kpi_direction="band",
        kpi_target="10 to 12,5",
        kpi_unit="%",
    )
    house.send()

    [text] = rows(house, UseCaseRevision)
    [kpi] = rows(house, RevisionKpi)
    answers = [(row.question, row.value) for row in rows(house, RevisionAnswer)]
    assert (text.vendor, text.model, text.oversight) == ("Northlight", "Digest 2", "Ben reads each one.")
    assert (kpi.baseline, kpi.target, kpi.target_high) == (6, 10, 12.5)
    assert answers == [
        ("affected", "customers"),
        ("affected", "public"),
        ("areas", "health"),
        ("areas", "employment"),
    ]
    card = words(house.posts_to("U_ANN")[0])
    for told in ("A vendor: Northlight, Digest 2", "Customers · The public", "stay between 10 and 12.5 %", "A person"):
        assert told in card


def test_three_kpis_can_be_named_and_no_fourth(house: House) -> None:
    view = house.drafted(until=Step.VALUE)
    first = filled(view)
    for _ in range(2):
        view = house.turn("U_PRIYA", Action.ADD_KPI, view["private_metadata"][:36], view=view, kpi="Hours per file")
    assert stands_in(view, f"{Block.KPI_NAME}.0") == "Hours per file"
    assert "Add another KPI" not in words(view)

    second = {"kpi_name.1": "Share on time", "kpi_unit.1": "%", "kpi_direction.1": "up"}
    answers = {**second, "kpi_target.1": "95", "kpi_due.1": "2026-12-01"}
    house.go_on("U_PRIYA", view, **answers)

    assert len(first) == 8
    assert [row.name for row in rows(house, RevisionKpi)] == ["Hours per file", "Share on time"]


def test_a_name_too_long_for_a_header_is_shown_in_full_where_there_is_room(house: House) -> None:
    name = "Summarise " + "very " * 40 + "long files"
    house.propose(name=name)
    house.send()
    house.press("U_ANN", Action.OPEN, str(house.request_id()))

    assert name in words(house.world.opened[-1])
    assert name in words(house.drafted(name=name))


# ----------------------------------------------------------------------------------------- back and forth


@pytest.mark.parametrize("step", [Step.FACTS, Step.DETAILS, Step.VALUE, Step.PREVIEW])
def test_back_keeps_what_was_typed_in_this_step_and_shows_the_one_before(house: House, step: Step) -> None:
    view = house.drafted(until=step, **FULL)
    before = list(Step)[list(Step).index(step) - 1]
    before = Step.BASICS if before is Step.SIMILAR else before
    typed = {"benefit": "Half typed", "processing": "third_party", "vendor": "Elsewhere"}

    shown = back(house, view, **typed)

    assert step_of(shown) is before
    forth = view_in(house.submit("U_PRIYA", shown, filled(shown, answered={})))
    if step is not Step.PREVIEW:
        field, answer = {
            Step.FACTS: (Block.PROCESSING, "third_party"),
            Step.DETAILS: (Block.VENDOR, "Elsewhere"),
            Step.VALUE: (Block.BENEFIT, "Half typed"),
        }[step]
        assert stands_in(forth, field) == answer


def test_back_keeps_even_what_is_wrong(house: House) -> None:
    view = house.drafted(until=Step.VALUE)

    shown = back(house, view, kpi_target="soon", kpi_due=None)
    forth = view_in(house.submit("U_PRIYA", shown, filled(shown, answered={})))

    assert stands_in(forth, f"{Block.KPI_TARGET}.0") == "soon"
    assert "kpi_target.0" in errors_in(house.submit("U_PRIYA", forth, filled(forth, answered={}, kpi_direction="up")))


def test_the_first_step_shown_again_has_everybody_and_everything_in_it(house: House) -> None:
    shown = back(house, house.drafted(until=Step.FACTS, confidential=["confidential"]))

    assert stands_in(shown, Block.NAME) == "Summarise complaint files"
    assert stands_in(shown, Block.OWNER) == "U_MAREK"
    assert stands_in(shown, Block.OBJECTIVE) == "Answer within five days"
    assert stands_in(shown, Block.OUTPUT_USE) == "summarising"
    assert stands_in(shown, Block.CONFIDENTIAL) == ["confidential"]


def test_a_changed_answer_takes_the_questions_it_called_for_away(house: House) -> None:
    view = house.drafted(until=Step.DETAILS, **FULL)
    facts = back(house, view)

    forth = view_in(house.submit("U_PRIYA", facts, filled(facts, answered={}, build="in_house", decision="none")))
    house.go_on("U_PRIYA", forth)

    [text] = rows(house, UseCaseRevision)
    assert (text.vendor, text.oversight) == ("", "")


@pytest.mark.parametrize("error", ["hash_conflict", "view_not_found", "expired_trigger_id"])
def test_a_page_slack_does_not_turn_is_said_so_and_nothing_is_lost(house: House, error: str) -> None:
    view = house.drafted(until=Step.FACTS)
    house.slack.fail_next("views.update", error)

    back(house, view, processing="third_party")
    house.send()

    [post] = house.posts_to("U_PRIYA")
    assert "open it again" in post.text
    assert "third_party" in drafts(house)[0].answers


# ------------------------------------------------------------------------------------- left and resumed


def test_a_draft_left_at_any_step_is_on_home_and_goes_on_there(house: House) -> None:
    house.open_home("U_PRIYA")
    house.drafted(until=Step.VALUE, name="Sort the post")
    house.send()
    assert "Sort the post" in words(house.world.homes["U_PRIYA"])
    assert "Sort the post" in house.command("U_PRIYA")

    action, value = home_button(house, "U_PRIYA", "Continue")
    house.press("U_PRIYA", Action(action), value, where="home")

    assert step_of(house.world.opened[-1]) is Step.VALUE
    assert reference_in(house.go_on("U_PRIYA", house.world.opened[-1])) == "UC-1"
    house.send()
    assert "Your drafts" not in words(house.world.homes["U_PRIYA"])


def test_a_step_with_a_mistake_is_kept_as_it_was_typed(house: House) -> None:
    view = house.drafted(until=Step.BASICS)
    house.submit("U_PRIYA", view, filled(view, owner=None, problem="Half a thought"))

    house.press("U_PRIYA", Action.RESUME, str(drafts(house)[0].id))

    assert stands_in(house.world.opened[-1], Block.PROBLEM) == "Half a thought"


def test_a_draft_nobody_wrote_into_is_not_listed_and_is_gone_after_a_day(house: House) -> None:
    house.open_home("U_PRIYA")
    house.drafted(until=Step.BASICS)
    written = house.drafted(until=Step.FACTS)
    house.send()
    assert words(house.world.homes["U_PRIYA"]).count("Last changed") == 1

    house.clock.advance(hours=25)
    ticks.tidy(house.database, house.clock.now())

    assert [str(draft.id) for draft in drafts(house)] == [written["private_metadata"][:36]]


def test_a_discarded_draft_is_gone_from_home_and_cannot_be_sent(house: House) -> None:
    house.open_home("U_PRIYA")
    view = house.drafted()
    house.send()

    action, value = home_button(house, "U_PRIYA", "Discard")
    for _ in range(2):
        assert house.press("U_PRIYA", Action(action), value, where="home").status == 200
    house.send()

    assert "Your drafts" not in words(house.world.homes["U_PRIYA"])
    assert "was discarded" in words(view_in(house.submit("U_PRIYA", view, {})))
    assert "was discarded" in words(view_in(house.submit("U_PRIYA", view | {"private_metadata": f"{value}.facts"}, {})))
    assert rows(house, UseCase) == []
    assert "Summarise" not in drafts(house)[0].answers


def test_nobody_goes_on_with_the_draft_of_somebody_else(house: House) -> None:
    view = house.drafted(until=Step.FACTS)
    [draft] = drafts(house)

    answers = [
        words(view_in(house.submit("U_OTTO", view, filled(view)))),
        words(back(house, view, who="U_OTTO")),
    ]
    for action in (Action.RESUME, Action.DISCARD):
        house.press("U_OTTO", action, str(draft.id))
    house.send()

    assert all("not there any more" in answer for answer in [*answers, *house.whispers_to("U_OTTO")])
    assert len(house.whispers_to("U_OTTO")) == 2
    assert (drafts(house)[0].status, drafts(house)[0].step) == (DraftStatus.OPEN, Step.FACTS)


@pytest.mark.parametrize("error", ["expired_trigger_id", "trigger_expired", "exchanged_trigger_id"])
def test_whoever_was_too_slow_presses_again_and_finds_what_they_had(house: House, error: str) -> None:
    house.drafted(until=Step.FACTS, name="Sort the post")
    house.slack.fail_next("views.open", error)

    house.press("U_PRIYA", Action.RESUME, str(drafts(house)[0].id))
    house.send()

    [answer] = house.whispers_to("U_PRIYA")
    assert "press again" in answer
    assert "kept as a draft" in answer
    house.press("U_PRIYA", Action.RESUME, str(drafts(house)[0].id))
    assert "Sort the post" in words(house.world.opened[-1])


# ------------------------------------------------------------------------------------------- ways in


def test_a_proposal_begins_in_slacks_search(house: House) -> None:
    assert house.shortcut("U_PRIYA", Shortcut.PROPOSE).status == 200

    assert step_of(house.world.opened[-1]) is Step.BASICS


def test_a_message_becomes_a_use_case_with_a_link_to_it(house: House) -> None:
    text = "Reading takes <@U_ANN|ann> &amp; me six hours, see <https://bank.example/a|the list> in <#C1|files>"
    house.shortcut("U_PRIYA", Shortcut.FROM_MESSAGE, text=text, ts="1700000000.000100")
    view, link = house.world.opened[-1], "https://alder-bank.slack.com/archives/C_GENERAL/p1700000000000100"

    assert (
        stands_in(view, Block.PROBLEM)
        == "Reading takes @ann & me six hours, see the list (https://bank.example/a) in #files"
    )
    assert link in json.dumps(view)
    problem = stands_in(view, Block.PROBLEM)
    house.go_on("U_PRIYA", view, problem=problem)
    house.send()
    house.press("U_ANN", Action.OPEN, str(house.request_id()))
    for shown in (house.posts_to("U_ANN")[0].blocks, house.world.opened[-1]):
        assert link in json.dumps(shown)
    assert link in house.command("U_PRIYA", "UC-1")
    assert link not in json.dumps(house.posts_to("C_GOVERNANCE")[0].blocks)


def test_a_reply_in_a_thread_is_linked_where_it_stands(house: House) -> None:
    house.shortcut(
        "U_PRIYA", Shortcut.FROM_MESSAGE, text="This one", ts="1700000009.000200", thread_ts="1700000000.000100"
    )

    assert "p1700000009000200?thread_ts=1700000000.000100&cid=C_GENERAL" in json.dumps(house.world.opened[-1])


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "x" * 12_000])
def test_any_message_can_be_begun_from(house: House, text: str) -> None:
    assert house.shortcut("U_PRIYA", Shortcut.FROM_MESSAGE, text=text, ts="1.000100").status == 200

    assert stands_in(house.world.opened[-1], Block.PROBLEM) == (text.strip("\u200b ")[:3000] or None)


def test_a_message_whose_window_came_too_late_is_kept_as_a_draft_and_said_so_directly(house: House) -> None:
    house.slack.fail_next("views.open", "expired_trigger_id")

    house.shortcut("U_PRIYA", Shortcut.FROM_MESSAGE, text="Six hours for a file", ts="1.000100")
    house.send()

    [post] = house.posts_to("U_PRIYA")
    assert "kept as a draft" in post.text
    assert "Six hours" in drafts(house)[0].answers


@pytest.mark.parametrize("shortcut", Shortcut)
def test_an_outsider_begins_nothing_and_is_told_so_directly(house: House, shortcut: Shortcut) -> None:
    hire(house, "U_OUT", is_restricted=True)

    message = {"text": "Hello", "ts": "1.000100"} if shortcut is Shortcut.FROM_MESSAGE else {}
    house.shortcut("U_OUT", shortcut, **message)
    house.send()

    assert "full members" in house.posts_to("U_OUT")[0].text
    assert (house.world.opened, drafts(house)) == ([], [])


# ---------------------------------------------------------------------------------------- objectives


def test_an_objective_is_found_by_typing_and_a_new_one_is_offered(house: House) -> None:
    house.propose(objective="Answer complaints within five days")
    house.propose(objective="Fewer complaints")

    found = house.search("U_BEN", Block.OBJECTIVE, "COMPLAINTS")
    assert list(found) == ["Fewer complaints", "Answer complaints within five days", "COMPLAINTS"]
    assert found["COMPLAINTS"] == "New: COMPLAINTS"
    assert house.search("U_BEN", Block.OBJECTIVE, "Lower costs") == {"Lower costs": "New: Lower costs"}
    assert house.search("U_BEN", Block.OBJECTIVE, "fewer  complaints") == {"Fewer complaints": "Fewer complaints"}
    assert set(house.search("U_BEN", Block.OBJECTIVE)) == {"Fewer complaints", "Answer complaints within five days"}


def test_an_objective_is_one_however_it_is_typed(house: House) -> None:
    house.propose(objective="Answer within five days")
    house.propose(objective="  ANSWER within  five days")

    assert [row.name for row in rows(house, Objective)] == ["Answer within five days"]


def test_an_outsider_learns_no_objectives(house: House) -> None:
    house.propose()
    hire(house, "U_OUT", is_restricted=True)

    assert house.search("U_OUT", Block.OBJECTIVE, "answer") == {}


# ------------------------------------------------------------------------------------ what will happen


def test_the_last_step_names_tier_reasons_and_who_decides_before_anything_is_sent(house: House) -> None:
    in_force(house)
    for role, who in (("privacy", "U_BEN"), ("governance", "U_OTTO")):
        house.grant(role, who)

    shown = words(house.drafted(affected=["customers"]))

    assert "Medium tier" in shown
    assert "It uses personal data" in shown
    assert "*Privacy*: Ben" in shown
    assert "*AI governance*: Ann or Otto" in shown
    assert rows(house, UseCase) == []


def test_who_may_never_decide_is_not_named_as_if_they_could(house: House) -> None:
    house.grant("governance", "U_PRIYA")
    house.grant("governance", "U_MAREK")

    assert "*AI governance*: Ann\n" in words(house.drafted()) + "\n"


def test_a_lane_nobody_can_decide_says_so_before_and_after(house: House) -> None:
    put_in_force(house, policy_text(stage("one", lane("legal", "legal"))))

    view = house.drafted()

    assert "nobody yet: an admin has to give somebody a role that may decide" in words(view)
    assert "Nobody may decide it yet" in words(view_in(house.submit("U_PRIYA", view, {})))


def test_what_the_policy_approves_by_itself_is_said_before_and_is_approved_at_once(house: House) -> None:
    in_force(house)
    view = house.drafted(data_class="public")

    assert "The policy approves this by itself" in words(view)
    assert "is approved" in words(view_in(house.submit("U_PRIYA", view, {})))
    assert [row.state for row in rows(house, UseCase)] == ["approved"]
    assert house.facts().count("use_case.state_changed") == 1
    assert "Approved" in house.command("U_OTTO", "UC-1")


def test_what_is_prohibited_is_said_before_stored_as_rejected_and_may_be_corrected(house: House) -> None:
    in_force(house)
    house.open_home("U_PRIYA")
    view = house.drafted(practices=["social_scoring"])
    assert "The policy refuses this" in words(view)
    assert "press Back" in words(view)

    assert "refused by the policy" in words(view_in(house.submit("U_PRIYA", view, {})))
    assert [row.state for row in rows(house, UseCase)] == ["rejected"]
    house.send()
    action, value = home_button(house, "U_PRIYA", "Correct it")
    house.press("U_PRIYA", Action(action), value, where="home")
    response = house.go_on("U_PRIYA", house.world.opened[-1])

    assert reference_in(response) == "UC-1"
    assert [row.state for row in rows(house, UseCase)] == ["in_review"]
    assert [row.revision for row in rows(house, UseCaseRevision)] == [1, 2]


def test_unknown_counts_as_the_stricter_answer(house: House) -> None:
    in_force(house)

    known, unknown = house.drafted(data_class="public"), house.drafted(data_class="unknown", processing="third_party")

    assert "Low tier" in words(known)
    assert "High tier" in words(unknown)
    assert "not known" in words(unknown)


def test_a_question_of_the_organisation_is_asked_where_it_applies_and_decides_the_tier(house: House) -> None:
    in_force(house)
    here = {"build": "vendor", "data_class": "confidential"}

    asked = house.drafted(until=Step.DETAILS, **here)
    assert "train on" in words(asked)
    low = house.drafted(**here, **{"own.vendor_keeps_data": "never"})
    high = house.drafted(**here, **{"own.vendor_keeps_data": "trains"})
    unasked = house.drafted(data_class="confidential", **{"own.vendor_keeps_data": "trains"})

    assert "Low tier" in words(low)
    assert "High tier" in words(high)
    assert "It trains on them" in words(high)
    assert "Low tier" in words(unasked)


def test_an_answer_to_an_own_question_keeps_its_words_when_the_policy_drops_the_question(house: House) -> None:
    in_force(house)
    house.propose(build="vendor", affected=["customers"], **{"own.vendor_keeps_data": "keeps"})
    put_in_force(house, policy_text(stage("one", lane("legal", "governance"))))

    told = house.command("U_PRIYA", "UC-1")

    assert "train on them?" in told
    assert "It keeps them" in told


def test_an_own_question_with_more_answers_than_slack_shows_is_searched(house: House) -> None:
    options = {f"v{number}": f"Country {number}" for number in range(150)}
    question = {"key": "land", "ask": "Where?", "kind": "choice", "section": "data", "options": options}
    in_force(house, _with_question(question))

    view = house.drafted(until=Step.DETAILS)

    [element] = [block["element"] for block in view["blocks"] if block["type"] == "input"]
    assert element["type"] == "external_select"
    assert house.search("U_PRIYA", element["action_id"], "country 14") == {
        f"v{number}": f"Country {number}" for number in (14, *range(140, 150))
    }
    assert house.search("U_PRIYA", element["action_id"], "do not know") == {"unknown": "I do not know"}
    assert "Country 149" in words(house.drafted(**{"own.land": "v149"}))


def test_an_answer_the_policy_no_longer_offers_is_asked_for_again(house: House) -> None:
    question = {"key": "land", "ask": "Where?", "kind": "choice", "section": "data", "options": {"a": "A", "b": "B"}}
    in_force(house, _with_question(question))
    view = house.drafted(**{"own.land": "a"})
    in_force(house, _with_question(question | {"options": {"b": "B", "c": "C"}}))

    shown = view_in(house.submit("U_PRIYA", view, {}))

    assert step_of(shown) is Step.DETAILS
    assert "its answers have changed" in words(shown)


# ------------------------------------------------------------------------- nothing is sent unseen


def test_a_policy_that_changed_meanwhile_is_shown_before_anything_is_sent(house: House) -> None:
    view = house.drafted()
    house.grant("board", "U_BEN")
    put_in_force(house, policy_text(stage("one", lane("board", "board")), tier="high"))

    shown = view_in(house.submit("U_PRIYA", view, {}))

    assert "policy changed" in words(shown)
    assert "*Board*: Ben" in words(shown)
    assert rows(house, UseCase) == []
    assert reference_in(house.submit("U_PRIYA", shown, {})) == "UC-1"


def test_what_was_changed_on_another_device_is_shown_before_it_is_sent(house: House) -> None:
    on_the_phone = house.drafted()
    house.press("U_PRIYA", Action.RESUME, on_the_phone["private_metadata"][:36])
    at_the_desk = house.world.opened[-1]
    value = back(house, at_the_desk)
    back(house, value, benefit="Something else altogether")

    shown = view_in(house.submit("U_PRIYA", on_the_phone, {}))

    assert "Something else altogether" in words(shown)
    assert "look again" in words(shown)
    assert rows(house, UseCase) == []


def test_sent_on_one_device_it_is_sent_on_the_other(house: House) -> None:
    view = house.drafted(until=Step.FACTS)
    assert reference_in(house.go_on("U_PRIYA", view)) == "UC-1"

    for late in (house.submit("U_PRIYA", view, filled(view)), _answer(back(house, view))):
        assert reference_in(late) == "UC-1"
    assert len(rows(house, UseCase)) == 1


def test_an_owner_who_left_since_the_first_step_is_found_at_the_last(house: House) -> None:
    view = house.drafted()
    gone = {**house.world.people["U_MAREK"], "deleted": True}
    house.tell({"type": "user_change", "user": gone})

    shown = view_in(house.submit("U_PRIYA", view, {}))

    assert step_of(shown) is Step.BASICS
    assert "full member" in words(shown)
    assert rows(house, UseCase) == []


def test_a_day_that_passed_while_a_draft_lay_is_asked_for_again(house: House) -> None:
    view = house.drafted(kpi_due="2026-03-10")
    house.clock.advance(days=9)

    shown = view_in(house.submit("U_PRIYA", view, {}))

    assert step_of(shown) is Step.VALUE
    assert "This day has passed" in words(shown)


def test_a_proposal_sent_again_late_says_how_it_ended(house: House) -> None:
    view = house.drafted()
    house.submit("U_PRIYA", view, {})
    house.approve("U_ANN")

    assert "approved" in house.submit_again(view)


# --------------------------------------------------------------------------------------- confidential


def test_a_confidential_use_case_does_not_exist_for_others(house: House) -> None:
    house.propose(confidential=["confidential"])
    house.send()

    assert house.command("U_OTTO", "UC-1") == house.command("U_OTTO", "UC-99").replace("99", "1")
    for insider in ("U_PRIYA", "U_MAREK", "U_ANN"):
        assert "Summarise complaint files" in house.command(insider, "UC-1")
    assert house.posts_to("C_GOVERNANCE") == []
    assert step_of(house.drafted("U_OTTO", until=Step.FACTS)) is Step.FACTS
    with house.database.reading() as session:
        assert "similar" not in session.exec(select(Draft.answers).order_by(col(Draft.id).desc())).first()


def _with_question(question: dict[str, Any]) -> str:
    document = yaml.safe_load(policy_text(stage("one", lane("legal", "governance"))))
    return yaml.safe_dump(document | {"questions": [question]}, sort_keys=False)


def _answer(view: dict[str, Any]) -> BoltResponse:
    return BoltResponse(status=200, body=json.dumps({"view": view}))
