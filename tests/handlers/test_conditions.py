"""Something is approved on conditions, merged over lanes, and kept or dropped with the votes that set them."""

import json
from datetime import timedelta

import pytest

from db.enums import Blocks, ConditionStatus, DemandStatus, RequestStatus, UseCaseState
from handlers.ids import Action, Block
from tests.handlers.test_changing import case, change
from tests.support.chains import lane, policy_text, put_in_force, stage
from tests.support.conditions import (
    IN_A_MONTH,
    IN_TWO_WEEKS,
    TODAY,
    accept,
    add_another,
    approve,
    approve_if,
    card_value,
    condition,
    demands,
    form_of,
    give_evidence,
    home_of,
    send_form,
    state,
    told,
    typed,
    waive,
    want,
)
from tests.support.fakes import member
from tests.support.house import GOVERNANCE, House, buttons, errors_in, view_in, words
from workflows import approvals, conditions
from workflows.conditions.reading import all_about

TWO_LANES = policy_text(stage("one", lane("legal", "legal"), lane("privacy", "privacy")))


@pytest.fixture
def two_lanes(house: House) -> House:
    """Return a house where Ann decides for Legal, and Ben and Otto for Privacy."""
    put_in_force(house, TWO_LANES)
    house.grant("legal", "U_ANN")
    house.grant("privacy", "U_BEN")
    house.grant("privacy", "U_OTTO")
    house.propose()
    return house


def approved_if(house: House, *wanted: dict[str, object]) -> None:
    """Let Priya propose and Ann approve with these conditions."""
    house.propose()
    approve_if(house, "U_ANN", *wanted)


def texts_left(house: House, status: ConditionStatus = ConditionStatus.OPEN) -> list[str]:
    with house.database.reading() as session:
        request = approvals.existing_request(session, house.request_id())
        found = conditions.shown_with(session, request)
        return [each.text for each in found if each.status is status]


# --------------------------------------------------------------------------------------------- setting them


def test_an_approval_with_conditions_approves_and_says_what_is_left_to_do(house: House) -> None:
    house.propose()
    said = approve_if(house, "U_ANN", want(), want("Test it on ten files", blocks="continuation", day=IN_TWO_WEEKS))

    assert "You approved *UC-1*" in said
    assert "with conditions" in said
    assert state(house) is UseCaseState.APPROVED_WITH_CONDITIONS
    assert (condition(house, 1).status, condition(house, 2).status) == (ConditionStatus.OPEN, ConditionStatus.OPEN)
    card = words(house.posts_to("U_ANN")[0])
    assert "Approved with conditions" in card
    assert "⏳ “Sign the DPIA”: Marek by Wed 1 Apr 2026, before it is deployed" in card
    assert "⏳ “Test it on ten files”: Marek by Mon 16 Mar 2026, or it is suspended" in card
    assert "Approved with conditions" in told(house, "U_PRIYA")
    assert "Sign the DPIA" in told(house, "U_PRIYA")


def test_a_channel_reads_how_many_conditions_there_are_and_not_what_they_say(house: House) -> None:
    approved_if(house, want(), want("Test it on ten files"))

    [card] = house.posts_to(GOVERNANCE)
    assert "Approved with conditions" in words(card)
    assert "2 conditions: 2 still to be met." in words(card)
    assert "DPIA" not in words(card) + card.text


def test_who_has_to_meet_a_condition_is_told_and_sees_it_at_home(house: House) -> None:
    approved_if(house, want(), want("Train the team", owner="U_OTTO"))

    assert "is approved with conditions. 1 condition is yours to meet" in told(house, "U_OTTO")
    assert "Sign the DPIA" not in told(house, "U_OTTO")
    home = home_of(house, "U_OTTO")
    assert "Conditions to meet" in home
    assert "“Train the team”" in home
    assert "By *Wed 1 Apr 2026*, before it is deployed · set by AI governance" in home
    assert "Give evidence" in home
    assert "2 conditions: 2 still to be met." in home_of(house, "U_PRIYA")


def test_whoever_has_to_meet_a_condition_may_read_what_it_is_about(house: House) -> None:
    assert "Only the people involved" not in house.command("U_PRIYA", "UC-1")
    approved_if(house, want(owner="U_OTTO"))

    assert "Sign the DPIA" in house.command("U_OTTO", "UC-1")
    outsider = house.command("U_BEN", "UC-1")
    assert "Only the people involved" in outsider
    assert "DPIA" not in outsider
    assert "1 condition: 1 still to be met." in outsider


def test_nobody_is_told_of_a_condition_before_the_request_is_approved(two_lanes: House) -> None:
    approve_if(two_lanes, "U_ANN", want())

    assert condition(two_lanes).status is ConditionStatus.PROPOSED
    assert "yours to meet" not in told(two_lanes, "U_MAREK")
    assert "Conditions to meet" not in home_of(two_lanes, "U_MAREK")
    assert "“Sign the DPIA”: Marek by" in words(two_lanes.posts_to("U_BEN")[0])

    approve(two_lanes, "U_BEN")

    assert condition(two_lanes).status is ConditionStatus.OPEN
    assert state(two_lanes) is UseCaseState.APPROVED_WITH_CONDITIONS
    assert "yours to meet" in told(two_lanes, "U_MAREK")


def test_an_owner_is_suggested_and_what_was_typed_stays_when_another_is_added(house: House) -> None:
    house.propose()
    view = form_of(house, "U_ANN")
    inputs = {each["block_id"]: each["element"] for each in view["blocks"] if each["type"] == "input"}
    assert inputs[f"{Block.CONDITION_OWNER}.0"]["initial_user"] == "U_MAREK"

    wanted = want("Sign it", evidence="agreement", blocks="continuation", owner="U_OTTO")
    view = add_another(house, "U_ANN", view, [wanted])

    inputs = {each["block_id"]: each["element"] for each in view["blocks"] if each["type"] == "input"}
    assert inputs[f"{Block.CONDITION_TEXT}.0"]["initial_value"] == "Sign it"
    assert inputs[f"{Block.CONDITION_OWNER}.0"]["initial_user"] == "U_OTTO"
    assert inputs[f"{Block.CONDITION_DAY}.0"]["initial_date"] == IN_A_MONTH.isoformat()
    assert inputs[f"{Block.CONDITION_EVIDENCE}.0"]["initial_option"]["value"] == "agreement"
    assert inputs[f"{Block.CONDITION_BLOCKS}.0"]["initial_option"]["value"] == "continuation"
    assert f"{Block.CONDITION_TEXT}.1" in inputs


def test_five_conditions_fit_into_the_form_and_no_more(house: House) -> None:
    house.propose()
    view = form_of(house, "U_ANN")
    for number in range(1, conditions.MOST):
        assert "Add another condition" in words(view)
        view = add_another(house, "U_ANN", view, [want(f"Do {each}") for each in range(number)])

    assert "Add another condition" not in words(view)
    response = house.submit("U_ANN", view, typed(view, [want(f"Do {each}") for each in range(conditions.MOST)]))
    assert "Your decision is stored" in words(view_in(response))
    assert len(texts_left(house)) == conditions.MOST


def test_a_form_below_the_first_that_was_left_empty_asks_nothing(house: House) -> None:
    house.propose()
    view = add_another(house, "U_ANN", form_of(house, "U_ANN"), [want()])

    response = house.submit("U_ANN", view, typed(view, [want()]))

    assert "Your decision is stored" in words(view_in(response))
    assert texts_left(house) == ["Sign the DPIA"]


@pytest.mark.parametrize(
    ("instead", "field", "says"),
    [
        pytest.param({"text": ""}, "text", "Say what has to be done", id="nothing to do"),
        pytest.param({"text": "\u2800 \u200b"}, "text", "Say what has to be done", id="nothing anybody can see"),
        pytest.param({"text": "x" * 501}, "text", "at most 500 letters", id="too long"),
        pytest.param({"owner": None}, "owner", "Choose who", id="nobody to do it"),
        pytest.param({"owner": "U_GUEST"}, "owner", "full member", id="a guest"),
        pytest.param({"owner": "U_APP"}, "owner", "full member", id="an app"),
        pytest.param({"day": None}, "day", "Choose by when", id="no date"),
        pytest.param({"day": TODAY - timedelta(days=1)}, "day", "tomorrow or a later day", id="yesterday"),
        pytest.param({"day": TODAY}, "day", "tomorrow or a later day", id="today"),
        pytest.param({"day": TODAY + timedelta(days=800)}, "day", "next two years", id="too far"),
    ],
)
def test_a_condition_nobody_could_meet_is_refused_at_its_field(
    house: House, instead: dict[str, object], field: str, says: str
) -> None:
    house.world.people["U_GUEST"] = member("U_GUEST", is_restricted=True)
    house.world.people["U_APP"] = member("U_APP", is_bot=True)
    house.propose()

    response = send_form(
        house, "U_ANN", want("Fine"), want(**instead) if "text" in instead else want("Other", **instead)
    )

    if instead.get("text") == "" and field == "text":
        assert errors_in(response) == {"conditions.form.text.1": "Say what has to be done."}
    assert says in errors_in(response)[f"conditions.form.{field}.1"]
    assert state(house) is UseCaseState.IN_REVIEW
    assert "condition.set" not in house.facts()


def test_the_same_asked_twice_in_one_form_is_refused_at_the_second(house: House) -> None:
    house.propose()

    response = send_form(house, "U_ANN", want("Sign the DPIA"), want("  sign  the dpia "))

    assert list(errors_in(response)) == ["conditions.form.text.1"]


def test_an_empty_form_is_refused_and_the_corrected_one_taken(house: House) -> None:
    house.propose()
    view = form_of(house, "U_ANN")
    nothing = house.submit("U_ANN", view, typed(view, []), view_id="V_FORM")
    assert list(errors_in(nothing)) == ["conditions.form.text.0", "conditions.form.day.0"]

    response = house.submit("U_ANN", view, typed(view, [want()]), view_id="V_FORM")

    assert "Your decision is stored" in words(view_in(response))


def test_the_same_form_delivered_twice_sets_its_conditions_once(house: House) -> None:
    house.propose()
    view = form_of(house, "U_ANN")
    answers = [house.submit("U_ANN", view, typed(view, [want()]), view_id="V_FORM") for _ in range(2)]

    assert answers[0].body == answers[1].body
    assert house.facts().count("condition.set") == 1


def test_who_may_not_decide_gets_no_form_and_hears_why(house: House) -> None:
    house.propose()
    value = card_value(house, "U_ANN")

    house.press("U_PRIYA", Action.APPROVE_WITH_CONDITIONS, value)
    house.press("U_BEN", Action.APPROVE_WITH_CONDITIONS, value)
    house.send()

    assert house.world.opened == []
    assert "You proposed UC-1" in house.whispers_to("U_PRIYA")[-1]
    assert "not among the people asked" in house.whispers_to("U_BEN")[-1]


def test_a_form_sent_after_others_decided_changes_nothing(house: House) -> None:
    house.grant("governance", "U_BEN")
    house.propose()
    view = form_of(house, "U_ANN")
    approve(house, "U_BEN")

    response = house.submit("U_ANN", view, typed(view, [want()]))

    assert "Nothing was changed" in words(view_in(response))
    assert "condition.set" not in house.facts()
    assert state(house) is UseCaseState.APPROVED


def test_conditions_can_be_set_from_the_opened_request_too(house: House) -> None:
    house.propose()
    house.press("U_ANN", Action.OPEN, str(house.request_id()))
    view = house.world.opened[-1]
    [value] = [
        each["accessory"]["value"]
        for each in view["blocks"]
        if each.get("accessory", {}).get("action_id") == Action.APPROVE_WITH_CONDITIONS
    ]

    form = house.turn("U_ANN", Action.APPROVE_WITH_CONDITIONS, value, view=view)

    assert form["callback_id"] == "conditions.lane.approved"
    response = house.submit("U_ANN", form, typed(form, [want()]))
    assert "Your decision is stored" in words(view_in(response))


def test_a_ballot_that_says_with_conditions_and_names_none_is_refused(house: House) -> None:
    house.propose()
    house.press("U_ANN", Action.OPEN, str(house.request_id()))
    chosen = {Block.DECISION: {"selected_option": {"value": "approve_with_conditions"}}}

    response = house.submit("U_ANN", house.world.opened[-1], chosen)

    assert json.loads(response.body or "{}")["response_action"] == "errors"
    assert state(house) is UseCaseState.IN_REVIEW


# ------------------------------------------------------------------------------------ several lanes, second thoughts


def test_two_lanes_that_ask_the_same_have_one_condition_by_the_strictest_date(two_lanes: House) -> None:
    approve_if(two_lanes, "U_ANN", want("Sign the DPIA"))
    approve_if(two_lanes, "U_BEN", want(" sign the ＤＰＩＡ ", day=IN_TWO_WEEKS, blocks="continuation"), also=[])

    assert texts_left(two_lanes) == ["Sign the DPIA"]
    assert condition(two_lanes).due_on == IN_TWO_WEEKS
    assert "2 conditions" not in told(two_lanes, GOVERNANCE)
    home = home_of(two_lanes, "U_MAREK")
    assert "By *Mon 16 Mar 2026*, before it is deployed, or it is suspended · set by Legal and Privacy" in home


def test_what_another_lane_asked_can_be_asked_with_a_tick(two_lanes: House) -> None:
    approve_if(two_lanes, "U_ANN", want(day=IN_TWO_WEEKS, blocks="continuation"))
    view = form_of(two_lanes, "U_BEN")
    [boxes] = [each["element"] for each in view["blocks"] if each.get("block_id") == Block.CONDITIONS_OF_OTHERS]
    [option] = boxes["options"]
    assert option["text"]["text"] == "Sign the DPIA"
    assert option["description"]["text"] == "Marek, by Mon 16 Mar 2026: Legal"
    assert "initial_options" not in boxes

    response = two_lanes.submit("U_BEN", view, typed(view, [], also=[option["value"]]))

    assert "Your decision is stored" in words(view_in(response))
    asked = [(each.due_on, each.blocks, each.status) for each in demands(two_lanes)]
    assert asked == [(IN_TWO_WEEKS, Blocks.CONTINUATION, DemandStatus.STANDING)] * 2


def test_each_lane_accepts_for_itself_and_only_then_it_is_met(two_lanes: House) -> None:
    approve_if(two_lanes, "U_ANN", want())
    approve_if(two_lanes, "U_BEN", want())
    give_evidence(two_lanes)

    accept(two_lanes, "U_ANN")
    assert condition(two_lanes).status is ConditionStatus.OFFERED
    assert state(two_lanes) is UseCaseState.APPROVED_WITH_CONDITIONS
    assert "Privacy still asks for it, by Wed 1 Apr 2026" in told(two_lanes, "U_MAREK")
    accept(two_lanes, "U_ANN")
    assert "You have answered for your part already; Privacy still" in two_lanes.whispers_to("U_ANN")[-1]

    accept(two_lanes, "U_OTTO")  # the same lane as Ben, who set it

    assert condition(two_lanes).status is ConditionStatus.MET
    assert state(two_lanes) is UseCaseState.APPROVED
    assert "nothing is left to do" in told(two_lanes, "U_MAREK")
    assert "✅ “Sign the DPIA”: met" in words(two_lanes.posts_to("U_ANN")[0])


def test_waiving_the_strictest_leaves_the_next_date_and_what_others_asked(two_lanes: House) -> None:
    approve_if(two_lanes, "U_ANN", want(day=IN_TWO_WEEKS, blocks="continuation"))
    approve_if(two_lanes, "U_BEN", want())

    waive(two_lanes, "U_ANN")

    assert condition(two_lanes).due_on == IN_A_MONTH
    home = home_of(two_lanes, "U_MAREK")
    assert "By *Wed 1 Apr 2026*, before it is deployed · set by Privacy" in home
    waive(two_lanes, "U_BEN")
    assert condition(two_lanes).status is ConditionStatus.WAIVED
    assert state(two_lanes) is UseCaseState.APPROVED


def test_who_changes_their_vote_takes_back_what_it_asked(two_lanes: House) -> None:
    put_in_force(two_lanes, policy_text(stage("one", lane("both", "privacy", rule="all"))))
    two_lanes.propose(name="Another thing altogether", problem="Letters get lost.")
    approve_if(two_lanes, "U_BEN", want("First"), want("Second"))
    card_of_change(two_lanes, "U_BEN")

    two_lanes.submit("U_BEN", two_lanes.world.opened[-1], {Block.DECISION: {"selected_option": {"value": "approve"}}})

    assert [condition(two_lanes, number).status for number in (1, 2)] == [ConditionStatus.DROPPED] * 2
    approve(two_lanes, "U_OTTO")
    assert "Approved by" in told(two_lanes, "U_PRIYA") or "*Approved*" in told(two_lanes, "U_PRIYA")


def card_of_change(house: House, who: str) -> None:
    """Open the newest request as somebody who voted there already."""
    house.send()
    value = next(buttons(post)["Open"] for post in reversed(house.posts_to(who)) if "Open" in buttons(post))
    house.press(who, Action.OPEN, value)


def test_conditions_can_be_changed_while_others_still_decide(house: House) -> None:
    put_in_force(house, policy_text(stage("one", lane("both", "privacy", rule="all"))))
    house.grant("privacy", "U_BEN")
    house.grant("privacy", "U_OTTO")
    house.propose()
    approve_if(house, "U_BEN", want("First"), want("Second"))
    card_of_change(house, "U_BEN")
    view = house.world.opened[-1]
    [again] = [
        each["accessory"]
        for each in view["blocks"]
        if each.get("accessory", {}).get("text", {}).get("text") == "Approve with conditions"
    ]
    form = house.turn("U_BEN", Action.APPROVE_WITH_CONDITIONS, again["value"], view=view)
    [boxes] = [each["element"] for each in form["blocks"] if each.get("block_id") == Block.CONDITIONS_OF_OTHERS]
    assert [each["text"]["text"] for each in boxes["initial_options"]] == ["First", "Second"]

    response = house.submit("U_BEN", form, typed(form, [want("Third")], also=[boxes["options"][1]["value"]]))

    assert "Your decision is stored" in words(view_in(response))
    approve(house, "U_OTTO")
    assert texts_left(house) == ["Second", "Third"]
    assert condition(house, 1).status is ConditionStatus.DROPPED


def test_a_rejection_by_a_sister_drops_what_was_asked(two_lanes: House) -> None:
    approve_if(two_lanes, "U_ANN", want())
    two_lanes.press("U_BEN", Action.REJECT, card_value(two_lanes, "U_BEN", "Reject"))
    two_lanes.submit("U_BEN", two_lanes.world.opened[-1], {Block.REASON: {"value": "No."}})

    assert condition(two_lanes).status is ConditionStatus.DROPPED
    assert state(two_lanes) is UseCaseState.REJECTED


def test_a_withdrawal_and_the_end_of_time_drop_what_was_asked(two_lanes: House) -> None:
    approve_if(two_lanes, "U_ANN", want())
    two_lanes.press("U_PRIYA", Action.WITHDRAW, str(two_lanes.request_id()))

    assert condition(two_lanes).status is ConditionStatus.DROPPED
    two_lanes.propose(name="Another thing altogether", problem="Letters get lost.")
    approve_if(two_lanes, "U_ANN", want("Later"))
    two_lanes.advance(hours=24 * 40)
    two_lanes.advance(hours=24 * 40)
    two_lanes.advance(hours=24 * 40)
    with two_lanes.database.reading() as session:
        newest = approvals.existing_request(session, two_lanes.request_id("UC-2"))
    assert newest.status is RequestStatus.EXPIRED
    [left] = [each for each in all_of(two_lanes) if each.text == "Later"]
    assert left.status is ConditionStatus.DROPPED


def all_of(house: House) -> list[conditions.ConditionSnapshot]:
    with house.database.reading() as session:
        request = approvals.existing_request(session, house.request_id("UC-2"))
        return all_about(session, request.subject_kind, request.subject_id)


def give_back(house: House, who: str) -> None:
    house.press(who, Action.REQUEST_CHANGES, card_value(house, who, "Request changes"))
    house.submit(who, house.world.opened[-1], {Block.REASON: {"value": "Say more."}})


def resubmit(house: House, **changes: object) -> None:
    view = house.edit("U_PRIYA", str(case(house).id), **changes)
    assert house.submit("U_PRIYA", view, {}).status == 200


def test_a_lane_that_keeps_its_approval_keeps_its_conditions_and_one_asked_again_does_not(house: House) -> None:
    text = policy_text(
        stage(
            "one",
            lane("legal", "legal", sections=["purpose"]),
            lane("risk", "risk", sections=["value"]),
            lane("late", "late", sections=["data"]),
        )
    )
    put_in_force(house, text)
    for role, who in (("legal", "U_ANN"), ("risk", "U_BEN"), ("late", "U_OTTO")):
        house.grant(role, who)
    house.propose()
    approve_if(house, "U_ANN", want("Of Legal"))
    approve_if(house, "U_BEN", want("Of Risk"))
    give_back(house, "U_OTTO")
    resubmit(house, kpi_target="2", oversight="The handler reads it beside the file.")
    house.send()
    card = words(house.posts_to("U_OTTO")[-1])
    assert "Of Legal" in card
    assert "Of Risk" not in card  # asked again, and not answered yet

    approve(house, "U_BEN")
    approve(house, "U_OTTO")

    assert texts_left(house) == ["Of Legal"]
    assert condition(house, 2).status is ConditionStatus.DROPPED
    assert state(house) is UseCaseState.APPROVED_WITH_CONDITIONS


def test_votes_that_count_on_in_a_lane_that_was_open_keep_what_they_asked(house: House) -> None:
    text = policy_text(
        stage(
            "one", lane("both", "privacy", rule="all", sections=["purpose"]), lane("late", "late", sections=["value"])
        )
    )
    put_in_force(house, text)
    for role, who in (("privacy", "U_BEN"), ("privacy", "U_OTTO"), ("late", "U_ANN")):
        house.grant(role, who)
    house.propose()
    approve_if(house, "U_BEN", want("Of Ben"), want("Also of Ben"))
    for target in ("2", "1"):  # twice, so that they count on from a lane that took them up itself
        give_back(house, "U_ANN")
        resubmit(house, kpi_target=target)
        house.send()
    approve(house, "U_OTTO")
    approve(house, "U_ANN")

    assert texts_left(house) == ["Of Ben", "Also of Ben"]


def test_a_change_approved_later_leaves_earlier_conditions_as_they_are(house: House) -> None:
    approved_if(house, want())
    change(house, kpi_target="2")
    approve_if(house, "U_ANN", want("Show the new target"))

    assert texts_left(house) == ["Sign the DPIA", "Show the new target"]
    assert state(house) is UseCaseState.APPROVED_WITH_CONDITIONS
    for number in (1, 2):
        give_evidence(house, number=number)
        accept(house, "U_ANN", number=number)
    assert state(house) is UseCaseState.APPROVED


def test_what_a_change_asks_of_the_same_person_again_is_done_once(house: House) -> None:
    approved_if(house, want())
    change(house, kpi_target="2")
    approve_if(house, "U_ANN", want("sign the dpia", day=IN_TWO_WEEKS))

    assert texts_left(house) == ["Sign the DPIA"]
    assert condition(house).due_on == IN_TWO_WEEKS


def test_a_decision_that_took_longer_than_the_date_leaves_a_week(two_lanes: House) -> None:
    approve_if(two_lanes, "U_ANN", want(day=TODAY + timedelta(days=1)))
    two_lanes.advance(hours=72)
    approve(two_lanes, "U_BEN")

    assert condition(two_lanes).due_on == TODAY + timedelta(days=3 + 7)
    assert state(two_lanes) is UseCaseState.APPROVED_WITH_CONDITIONS
