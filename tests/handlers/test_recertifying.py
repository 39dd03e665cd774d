"""Approvals end: owners are asked before, answer, or are silent; silence suspends and never renews."""

import re
from datetime import date, timedelta

import pytest
from sqlmodel import select, update

from db.enums import OutboxKind, RecertificationAnswer, RequestStatus, SuspensionCause, UseCaseState
from db.tables import ApprovalRequest, OutboxRow, UseCase
from handlers import ticks
from handlers.ids import Action, Block
from tests.support.chains import hire, lane, put_in_force
from tests.support.fakes import member
from tests.support.house import House, buttons, words
from tests.support.renewals import (
    all_vote,
    approved,
    asked,
    beat,
    case,
    change,
    go_live,
    prompts_to,
    retire,
    short_lived,
    still_valid,
    until,
    vote,
)
from workflows import intake, people, policy
from workflows.people import Actor

ENDS = date(2026, 5, 2)  # approved on Mon 2 Mar 2026 for two months; a Saturday
ASKED = date(2026, 4, 2)


@pytest.fixture
def ending(house: House) -> House:
    """Give a house with something approved that ends after two months."""
    put_in_force(house, short_lived())
    approved(house)
    return house


def person(house: House, who: str) -> Actor:
    with house.database.reading() as session:
        found = people.find(session, who)
        assert found is not None
        return found


def leave(house: House, who: str, first: date, last: date) -> None:
    with house.database.transaction() as session:
        people.set_leave(session, person(house, who), first, last, to=None, now=house.clock.now())


def go(house: House, who: str) -> None:
    house.tell({"type": "user_change", "user": member(who, deleted=True)})


# ----------------------------------------------------------------------------------- until when it holds


@pytest.mark.parametrize(
    ("tier", "ends"), [("high", date(2026, 9, 2)), ("medium", date(2027, 3, 2)), ("low", date(2028, 3, 2))]
)
def test_an_approval_holds_as_long_as_its_tier_says(house: House, tier: str, ends: date) -> None:
    plain = short_lived(tier=tier).partition("validity:")[0]
    put_in_force(house, plain)

    approved(house)

    assert case(house).valid_until == ends
    assert house.facts().count("use_case.holds_until") == 1


def test_what_the_policy_approves_by_itself_ends_too(house: House) -> None:
    put_in_force(house, policy.default_text())
    house.propose(data_class="internal")
    beat(house)

    assert case(house).valid_until == date(2028, 3, 2)


def test_the_last_day_is_counted_from_the_day_it_was_approved_where_its_owner_is(house: House) -> None:
    put_in_force(house, short_lived())
    hire(house, "U_KIRI", tz="Pacific/Kiritimati")
    house.clock.advance(hours=3)  # two in the night of Tuesday on Kiritimati

    approved(house, owner="U_KIRI")

    assert case(house).valid_until == date(2026, 5, 3)


def test_everybody_who_may_see_it_reads_until_when_it_is_approved(ending: House) -> None:
    ending.open_home("U_MAREK")
    ending.send()
    ending.press("U_OTTO", Action.OPEN, str(ending.request_id()))

    for told in (ending.world.homes["U_MAREK"], ending.world.opened[-1], ending.command("U_BEN", "UC-1")):
        assert "Approved until Sat 2 May 2026" in words(told)


def test_what_was_approved_before_is_asked_about_before_it_is_suspended(house: House) -> None:
    put_in_force(house, short_lived(months=24))
    approved(house)
    with house.database.transaction() as session:
        session.connection().execute(update(UseCase).values(valid_until=None))
    house.clock.advance(days=1001)  # a Monday
    put_in_force(house, short_lived())
    beat(house)

    today = (house.clock.now()).date()
    assert case(house).valid_until == today + timedelta(days=30)
    assert len(prompts_to(house, "U_MAREK")) == 1
    assert case(house).state is UseCaseState.APPROVED


def test_another_policy_moves_no_day_that_is_set(ending: House) -> None:
    put_in_force(ending, short_lived(months=3))
    beat(ending)

    assert case(ending).valid_until == ENDS


def test_a_change_nobody_was_asked_for_leaves_the_day_as_it_is(ending: House) -> None:
    until(ending, date(2026, 3, 20))
    change(ending)
    vote(ending)
    beat(ending)

    assert (case(ending).revision, case(ending).valid_until) == (2, ENDS)


def test_a_change_into_a_tier_that_holds_less_long_brings_the_day_forward(house: House) -> None:
    put_in_force(house, policy.default_text())
    for role in ("privacy", "legal", "risk"):
        house.grant(role, "U_BEN")
    house.propose(data_class="internal", sponsor="U_OTTO")
    beat(house)
    change(house, data_class="personal")
    vote(house, "U_ANN")
    vote(house, "U_BEN")
    beat(house)

    assert case(house).valid_until == date(2027, 3, 2)


def test_what_goes_back_into_review_because_its_tier_rose_ends_anew(house: House) -> None:
    put_in_force(house, policy.default_text())
    hire(house, "U_CLEO", "council")
    for role, who in (("privacy", "U_BEN"), ("legal", "U_BEN"), ("risk", "U_BEN"), ("council", "U_OTTO")):
        house.grant(role, who)
    house.propose(data_class="internal")
    beat(house)
    until(house, date(2026, 3, 20))
    change(house, areas=["health"])
    assert (case(house).state, case(house).valid_until) == (UseCaseState.IN_REVIEW, None)
    all_vote(house, "U_ANN", "U_BEN", "U_OTTO", "U_CLEO")
    beat(house)

    assert case(house).state is UseCaseState.APPROVED
    assert case(house).valid_until == date(2026, 9, 20)


# ------------------------------------------------------------------------------------------- the prompts


def test_the_owner_is_asked_30_14_and_3_days_before_in_their_working_hours(ending: House) -> None:
    when = []
    day = ASKED - timedelta(days=2)
    while day <= ENDS:
        for hour in (1, 7, 9, 12, 23):
            before = len(prompts_to(ending, "U_MAREK"))
            until(ending, day, hour=hour)
            when += [(day, hour)] * (len(prompts_to(ending, "U_MAREK")) - before)
        day += timedelta(days=1)

    # 18 April is a Saturday, so the second one comes on Monday.
    assert when == [(ASKED, 9), (date(2026, 4, 20), 9), (date(2026, 4, 29), 9)]
    assert prompts_to(ending, "U_PRIYA") == []
    assert ending.facts().count("recertification.prompted") == 3
    assert "Please answer by Sat 2 May 2026. Without an answer it is suspended" in prompts_to(ending, "U_MAREK")[0]
    assert [*buttons(ending.posts_to("U_MAREK")[-1])] == ["Still valid", "Something changed", "Retire"]


def test_the_sponsor_is_told_three_days_before(ending: House) -> None:
    until(ending, date(2026, 4, 28))
    assert not [post for post in ending.posts_to("U_OTTO") if "which you sponsor" in post.text]

    until(ending, date(2026, 4, 29))

    [told] = [post.text for post in ending.posts_to("U_OTTO") if "which you sponsor" in post.text]
    assert "Marek was asked" in told
    assert "Sat 2 May 2026" in told


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Tokyo", "Pacific/Kiritimati"])
def test_the_owner_is_asked_in_the_morning_where_they_are(house: House, zone: str) -> None:
    put_in_force(house, short_lived())
    hire(house, "U_FARA", tz=zone)
    approved(house, owner="U_FARA")
    ends = case(house).valid_until
    assert ends is not None
    asked_on = ends - timedelta(days=30)

    until(house, asked_on, hour=8, zone=zone)
    assert prompts_to(house, "U_FARA") == []
    assert len(asked(house)) == 1

    until(house, asked_on, hour=9, zone=zone)
    assert len(prompts_to(house, "U_FARA")) == 1


def test_an_owner_on_leave_is_asked_when_they_are_back(ending: House) -> None:
    leave(ending, "U_MAREK", ASKED, date(2026, 4, 8))
    until(ending, date(2026, 4, 8))
    assert prompts_to(ending, "U_MAREK") == []

    until(ending, date(2026, 4, 9))

    assert len(prompts_to(ending, "U_MAREK")) == 1


def test_leave_entered_after_the_question_was_put_moves_the_prompt(ending: House) -> None:
    until(ending, date(2026, 4, 10))
    leave(ending, "U_MAREK", date(2026, 4, 18), date(2026, 4, 22))

    until(ending, date(2026, 4, 22))
    assert len(prompts_to(ending, "U_MAREK")) == 1

    until(ending, date(2026, 4, 23))
    assert len(prompts_to(ending, "U_MAREK")) == 2


def test_a_public_holiday_is_no_day_to_be_asked(house: House) -> None:
    put_in_force(house, short_lived())
    house.clock.advance(days=1)
    approved(house)  # ends on 3 May, so it is asked about on Good Friday; Monday is a holiday too

    until(house, date(2026, 4, 6))
    assert prompts_to(house, "U_MAREK") == []

    until(house, date(2026, 4, 7))
    assert len(prompts_to(house, "U_MAREK")) == 1


def test_nothing_is_asked_twice_through_a_stop_of_a_month(ending: House) -> None:
    until(ending, ASKED)
    ending.clock.advance(days=28)  # 30 April
    beat(ending, times=6)

    assert len(prompts_to(ending, "U_MAREK")) == 2
    assert asked(ending)[0].prompts == 3


def test_one_who_was_never_asked_is_asked_before_it_is_suspended(ending: House) -> None:
    ending.clock.advance(days=91)  # nothing ran
    beat(ending)

    assert case(ending).state is UseCaseState.APPROVED
    assert len(prompts_to(ending, "U_MAREK")) == 1
    assert asked(ending)[0].due_on == (ending.clock.now() + timedelta(days=14)).date()
    until(ending, asked(ending)[0].due_on + timedelta(days=1))
    assert case(ending).state is UseCaseState.SUSPENDED


def test_once_answered_nobody_is_prompted(ending: House) -> None:
    until(ending, ASKED)
    still_valid(ending)
    until(ending, date(2026, 5, 1))

    assert len(prompts_to(ending, "U_MAREK")) == 1
    assert not [post for post in ending.posts_to("U_OTTO") if "which you sponsor" in post.text]


def test_a_prompt_that_was_overtaken_by_the_answer_is_not_sent(ending: House) -> None:
    until(ending, ASKED, hour=8)
    ending.clock.advance(hours=2)
    ticks.tick(ending.database, ending.clock.now())  # promised, not sent yet
    still_valid(ending)

    assert prompts_to(ending, "U_MAREK") == []


# -------------------------------------------------------------------------------------------- still valid


def test_the_owners_word_renews_from_the_day_it_is_given(ending: House) -> None:
    until(ending, date(2026, 4, 14))
    ending.open_home("U_MAREK")
    ending.send()
    home = words(ending.world.homes["U_MAREK"])
    assert "Does this still hold?" in home
    assert "Please answer by Sat 2 May 2026" in home

    told = still_valid(ending, where="home")

    assert "is approved until Sun 14 Jun 2026" in told
    assert case(ending).valid_until == date(2026, 6, 14)
    [question] = asked(ending)
    assert (question.answer, question.answered_by) == (RecertificationAnswer.STILL_VALID, person(ending, "U_MAREK").id)
    assert question.settled_at is not None
    ending.send()
    assert "Does this still hold?" not in words(ending.world.homes["U_MAREK"])
    until(ending, date(2026, 5, 15))
    assert len(prompts_to(ending, "U_MAREK")) == 2  # asked again, a month before the new day


def test_who_confirms_sees_what_was_approved_and_what_it_does(ending: House) -> None:
    until(ending, ASKED)
    ending.press("U_MAREK", Action.STILL_VALID, str(case(ending).id))

    shown = words(ending.world.opened[-1])

    assert "is done today as it stands below" in shown
    assert "Reading one file takes six hours." in shown
    assert "Personal data. Processed by: Our own cloud" in shown
    assert "Its approval is renewed until Tue 2 Jun 2026." in shown


def test_a_press_delivered_twice_answers_once(ending: House) -> None:
    until(ending, ASKED)
    ending.press("U_MAREK", Action.STILL_VALID, str(case(ending).id))
    view = ending.world.opened[-1]

    first = ending.submit("U_MAREK", view, {}, view_id="V1")
    again = ending.submit("U_MAREK", view, {}, view_id="V1")

    assert first.body == again.body
    assert ending.facts().count("recertification.answered") == 1


@pytest.mark.parametrize("who", ["U_PRIYA", "U_OTTO", "U_ANN"])
def test_nobody_but_the_owner_answers(ending: House, who: str) -> None:
    until(ending, ASKED)

    assert "Only who owns UC-1" in still_valid(ending, who)
    assert "Only who owns UC-1" in retire(ending, who)
    assert asked(ending)[0].answer is None


def test_before_it_is_asked_nothing_can_be_answered(ending: House) -> None:
    assert "Nothing is asked about UC-1 now. Its approval holds until Sat 2 May 2026." in still_valid(ending)


def test_who_is_late_reads_what_was_answered(ending: House) -> None:
    until(ending, ASKED)
    ending.press("U_MAREK", Action.STILL_VALID, str(case(ending).id))
    late = ending.world.opened[-1]
    still_valid(ending)

    told = ending.submit("U_MAREK", late, {})

    assert "Marek said that it still holds" in (told.body or "")
    assert case(ending).valid_until == date(2026, 6, 2)


def test_nobody_vouches_for_a_text_they_did_not_see(ending: House) -> None:
    until(ending, ASKED)
    ending.press("U_MAREK", Action.STILL_VALID, str(case(ending).id))
    seen = ending.world.opened[-1]
    change(ending, name="Another name")  # in force at once

    told = ending.submit("U_MAREK", seen, {})

    assert "UC-1 says something else by now" in (told.body or "")
    assert asked(ending)[0].answer is None


def test_once_the_owner_has_left_the_sponsor_is_asked_and_answers(ending: House) -> None:
    go(ending, "U_MAREK")
    until(ending, ASKED)
    assert prompts_to(ending, "U_MAREK") == []
    assert len(prompts_to(ending, "U_OTTO")) == 1

    assert "is approved until" in still_valid(ending, "U_OTTO")


def test_once_both_have_left_a_lead_is_asked_and_answers(ending: House) -> None:
    ending.grant("lead", "U_BEN")
    for who in ("U_MAREK", "U_OTTO"):
        go(ending, who)
    until(ending, ASKED)
    ending.open_home("U_BEN")
    ending.send()
    assert len(prompts_to(ending, "U_BEN")) == 1
    assert "Does this still hold?" in words(ending.world.homes["U_BEN"])

    assert "is approved until" in still_valid(ending, "U_BEN")


def test_a_sponsor_who_answers_for_one_who_left_may_say_that_something_changed(ending: House) -> None:
    go(ending, "U_MAREK")
    until(ending, ASKED)

    change(ending, "U_OTTO", owner="U_OTTO", kpi_target="2")

    assert asked(ending)[0].answer is RecertificationAnswer.CHANGED


# --------------------------------------------------------------------------------------- through the people


def test_where_the_chain_renews_everybody_looks_at_the_approved_text_again(house: House) -> None:
    put_in_force(
        house,
        short_lived(
            lane("first", "governance", sections=["purpose"]),
            lane("second", "privacy", sections=["data"]),
            tier="high",
            renewed_by="chain",
        ),
    )
    house.grant("privacy", "U_BEN")
    house.propose(sponsor="U_OTTO")
    vote(house, "U_ANN")
    vote(house, "U_BEN")
    beat(house)
    until(house, ASKED)

    told = still_valid(house)

    assert "In its tier the people who decide renew an approval." in told
    assert "Ann and Ben have it now" in told
    assert (case(house).valid_until, case(house).pending_revision) == (ENDS, 2)
    house.send()
    card = words(house.posts_to("U_ANN")[-1])
    assert "*Nothing in it would change.* The question is whether it still holds." in card
    assert "If approved, its approval is renewed and Marek is told." in card
    vote(house, "U_ANN")
    assert case(house).valid_until == ENDS
    vote(house, "U_BEN")
    assert case(house).valid_until == date(2026, 6, 2)
    assert asked(house)[0].settled_at is not None


def test_a_stricter_policy_sends_it_to_the_people(house: House) -> None:
    put_in_force(house, policy.default_text())
    house.propose(data_class="internal", sponsor="U_OTTO")
    beat(house)
    rule = "    - {line: all_internal, reason: It uses internal data., when: {data_class: internal}}\n"
    put_in_force(house, re.sub(r"^  medium:.*\n", rf"\g<0>{rule}", policy.default_text(), count=1, flags=re.MULTILINE))
    until(house, date(2028, 2, 2), step=24 * 30)
    before = case(house).valid_until

    told = still_valid(house)

    assert "gives it a stricter tier now" in told
    assert case(house).valid_until == before
    vote(house, "U_ANN")
    assert case(house).valid_until == date(2029, 2, 2)


def test_a_question_of_the_policy_nobody_answered_sends_it_to_the_people(ending: House) -> None:
    site = "{key: site, ask: 'Which site?', kind: choice, options: {north: North, south: South}, section: data}"
    asks = f"{short_lived()}questions:\n  - {site}\n"
    put_in_force(ending, asks)
    until(ending, ASKED)

    assert "asks what nobody answered about it" in still_valid(ending)
    assert case(ending).valid_until == ENDS


def test_what_the_policy_prohibits_by_now_cannot_be_renewed(ending: House) -> None:
    forbids = policy.default_text().replace(
        "  prohibited:",
        "  prohibited:\n    - {line: no_more, reason: Nobody reads personal files., when: {data_class: personal}}\n#",
        1,
    )
    put_in_force(ending, forbids)
    until(ending, ASKED)

    told = still_valid(ending)

    assert "The policy in force prohibits what UC-1 does: Nobody reads personal files." in told
    assert asked(ending)[0].answer is None
    assert "is retired" in retire(ending)


def by_chain(house: House) -> None:
    put_in_force(house, short_lived(tier="high", renewed_by="chain"))
    approved(house)
    until(house, ASKED)
    still_valid(house)


@pytest.mark.parametrize("ending_of_it", ["rejected", "withdrawn"])
def test_where_people_do_not_confirm_it_the_question_is_open_again(house: House, ending_of_it: str) -> None:
    by_chain(house)
    if ending_of_it == "rejected":
        vote(house, "U_ANN", Action.REJECT)
    else:
        with house.database.reading() as session:
            statement = select(ApprovalRequest).where(ApprovalRequest.status == RequestStatus.IN_REVIEW)
            request_id = session.exec(statement).one().id
        house.press("U_MAREK", Action.WITHDRAW, str(request_id))
    beat(house)

    [question] = asked(house)
    assert (question.answer, question.answered_at, question.request_id) == (None, None, None)
    assert len(prompts_to(house, "U_MAREK")) == 2  # asked anew, at once
    assert case(house).valid_until == ENDS
    until(house, ENDS + timedelta(days=1))
    assert case(house).state is UseCaseState.SUSPENDED


def test_what_people_have_not_decided_by_its_last_day_is_suspended_until_they_do(house: House) -> None:
    put_in_force(house, short_lived(lane("first", "governance", hours=2000), tier="high", renewed_by="chain"))
    approved(house)
    until(house, ASKED)
    still_valid(house)
    until(house, ENDS, hour=23)
    assert case(house).state is UseCaseState.APPROVED

    until(house, ENDS + timedelta(days=1), hour=1)

    assert case(house).state is UseCaseState.SUSPENDED
    assert asked(house)[0].answer is RecertificationAnswer.STILL_VALID
    vote(house, "U_ANN")
    assert case(house).state is UseCaseState.APPROVED
    assert case(house).valid_until == date(2026, 7, 3)


def test_while_a_change_is_decided_people_cannot_be_asked_about_another_text(house: House) -> None:
    put_in_force(house, short_lived(lane("first", "governance", hours=500), tier="high", renewed_by="chain"))
    approved(house)
    until(house, date(2026, 3, 31))
    change(house)
    until(house, ASKED)

    assert "A change of UC-1 is being decided" in still_valid(house)
    assert asked(house)[0].answer is None


# --------------------------------------------------------------------------------------- something changed


def test_a_change_answers_the_question_and_renews_once_it_is_approved(ending: House) -> None:
    until(ending, ASKED)
    change(ending)
    [question] = asked(ending)
    assert question.answer is RecertificationAnswer.CHANGED
    assert question.request_id is not None
    assert question.settled_at is None
    assert case(ending).valid_until == ENDS
    ending.clock.advance(days=5)

    vote(ending)

    assert (case(ending).revision, case(ending).valid_until) == (2, date(2026, 6, 7))
    assert asked(ending)[0].settled_at is not None


def test_a_change_of_nothing_but_the_name_answers_nothing(ending: House) -> None:
    until(ending, ASKED)
    change(ending, name="Another name")

    assert asked(ending)[0].answer is None


def test_a_change_that_is_rejected_leaves_the_question_open_with_what_time_is_left(ending: House) -> None:
    until(ending, ASKED)
    change(ending)
    ending.clock.advance(days=10)
    vote(ending, "U_ANN", Action.REJECT)

    [question] = asked(ending)
    assert (question.answer, question.due_on) == (None, ENDS)
    assert "is approved until" in still_valid(ending)


def test_a_change_rejected_after_the_last_day_leaves_it_suspended(house: House) -> None:
    put_in_force(house, short_lived(lane("first", "governance", hours=2000)))
    approved(house)
    until(house, date(2026, 4, 30))
    change(house)
    until(house, date(2026, 5, 5))
    assert case(house).state is UseCaseState.SUSPENDED

    vote(house, "U_ANN", Action.REJECT)

    assert asked(house)[0].answer is RecertificationAnswer.LAPSED
    assert case(house).state is UseCaseState.SUSPENDED


@pytest.mark.parametrize(("renewed_by", "looks_again"), [("owner", False), ("chain", True)])
def test_where_the_chain_renews_a_change_is_for_everybody(house: House, renewed_by: str, looks_again: bool) -> None:
    lanes = (lane("first", "governance", sections=["value"]), lane("second", "privacy", sections=["data"]))
    put_in_force(house, short_lived(*lanes, tier="high", renewed_by=renewed_by))
    house.grant("privacy", "U_BEN")
    house.propose(sponsor="U_OTTO")
    vote(house, "U_ANN")
    vote(house, "U_BEN")
    beat(house)
    until(house, ASKED)

    view = words(house.edit("U_MAREK", str(case(house).id), kpi_target="2"))

    assert ("*Second*: Ben" in view) is looks_again
    change(house)
    vote(house, "U_ANN")
    assert (case(house).revision == 2) is not looks_again
    if looks_again:
        vote(house, "U_BEN")
    assert case(house).valid_until == date(2026, 6, 2)


# ------------------------------------------------------------------------------------------------- silence


def test_silence_suspends_after_the_last_day_and_owner_sponsor_and_leads_are_told(ending: House) -> None:
    ending.grant("lead", "U_BEN")
    for who in ("U_MAREK", "U_BEN"):
        ending.open_home(who)
    until(ending, ENDS, hour=23)
    assert case(ending).state is UseCaseState.APPROVED

    until(ending, ENDS + timedelta(days=1), hour=1)

    assert case(ending).state is UseCaseState.SUSPENDED
    assert asked(ending)[0].answer is RecertificationAnswer.LAPSED
    for who in ("U_MAREK", "U_OTTO"):
        assert "its approval has ended and nobody renewed it" in ending.posts_to(who)[-1].text
    assert {"Still valid", "Something changed", "Retire"} <= set(buttons(ending.posts_to("U_MAREK")[-1]))
    assert set(buttons(ending.posts_to("U_OTTO")[-1])) == {"Open"}
    lead = words(ending.world.homes["U_BEN"])
    assert "Suspended because nobody said in time that they still hold" in lead
    assert "*UC-1* “Summarise complaint files”: Marek" in lead
    owner = words(ending.world.homes["U_MAREK"])
    assert "its approval ended on Sat 2 May 2026 and nobody answered" in owner
    assert "Approved until" not in owner


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_the_last_day_ends_where_the_owner_is(house: House, zone: str) -> None:
    put_in_force(house, short_lived())
    hire(house, "U_FARA", tz=zone)
    approved(house, owner="U_FARA")
    ends = case(house).valid_until
    assert ends is not None

    until(house, ends, hour=23, zone=zone)
    assert case(house).state is UseCaseState.APPROVED

    until(house, ends + timedelta(days=1), hour=0, zone=zone)
    assert case(house).state is UseCaseState.SUSPENDED


def test_after_a_lapse_people_have_to_approve_it_again(ending: House) -> None:
    go_live(ending)
    until(ending, date(2026, 5, 4))
    assert case(ending).state is UseCaseState.SUSPENDED

    told = still_valid(ending)

    assert "Its approval has lapsed, so people have to give it anew." in told
    assert "Ann has it now" in told
    assert (case(ending).state, case(ending).valid_until) == (UseCaseState.SUSPENDED, ENDS)
    assert "Marek" in still_valid(ending)  # answered already
    vote(ending)
    assert (case(ending).state, case(ending).valid_until) == (UseCaseState.DEPLOYED, date(2026, 7, 4))
    assert asked(ending)[0].settled_at is not None
    assert "may be used again" in ending.posts_to("U_MAREK")[-1].text


def test_after_a_lapse_a_rejection_leaves_it_suspended_and_it_can_be_sent_again(ending: House) -> None:
    until(ending, date(2026, 5, 4))
    still_valid(ending)
    vote(ending, "U_ANN", Action.REJECT)
    assert case(ending).state is UseCaseState.SUSPENDED

    assert "Ann has it now" in still_valid(ending)


def test_something_else_that_holds_it_up_still_does_after_the_renewal(ending: House) -> None:
    with ending.database.transaction() as session:
        cause, now = SuspensionCause.CONDITION_OVERDUE, ending.clock.now()
        intake.suspend(session, case(ending).id, cause, actor=None, now=now)
    until(ending, ASKED)

    assert "is approved until" in still_valid(ending)
    assert (case(ending).state, case(ending).valid_until) == (UseCaseState.SUSPENDED, date(2026, 6, 2))


def test_a_suspended_use_case_lapses_too_and_then_waits_for_both(ending: House) -> None:
    with ending.database.transaction() as session:
        cause, now = SuspensionCause.CONDITION_OVERDUE, ending.clock.now()
        intake.suspend(session, case(ending).id, cause, actor=None, now=now)
    until(ending, date(2026, 5, 4))

    assert "Its overdue condition" not in ending.command("U_MAREK", "UC-1")
    told = ending.command("U_MAREK", "UC-1")
    assert "its overdue condition is met or waived and its approval is renewed" in told


def test_confidential_ones_are_named_to_nobody_who_may_not_read_them(house: House) -> None:
    put_in_force(house, short_lived())
    approved(house, confidential=["confidential"])
    until(house, ASKED)

    assert "There is no such use case" in still_valid(house, "U_BEN")
    assert "UC-1" not in still_valid(house, "U_BEN")


# -------------------------------------------------------------------------------------------------- retire


def test_a_use_case_is_retired_with_a_reason_and_owner_and_sponsor_are_told(ending: House) -> None:
    until(ending, ASKED)
    ending.press("U_MAREK", Action.RETIRE, str(case(ending).id))
    view = ending.world.opened[-1]
    assert "This cannot be undone" in words(view)
    refused = ending.submit("U_MAREK", view, {Block.RETIRE_REASON: {"value": "  "}})
    assert "Say in a sentence why" in (refused.body or "")

    told = retire(ending, reason="We bought another tool.")

    assert "is retired. Owner and sponsor are told." in told
    assert case(ending).state is UseCaseState.RETIRED
    assert asked(ending)[0].answer is RecertificationAnswer.RETIRED
    ending.send()
    for who in ("U_MAREK", "U_OTTO"):
        assert "is retired. The reason: “We bought another tool.”" in ending.posts_to(who)[-1].text
    assert "It is retired: nobody uses it any more." in ending.command("U_PRIYA", "UC-1")
    ending.open_home("U_PRIYA")
    ending.send()
    assert "Request a change" not in words(ending.world.homes["U_PRIYA"])
    until(ending, date(2026, 5, 10))
    assert case(ending).state is UseCaseState.RETIRED


def test_what_is_still_asked_about_it_is_withdrawn_and_those_asked_see_it(house: House) -> None:
    put_in_force(house, short_lived(lane("first", "governance", hours=2000)))
    approved(house)
    until(house, date(2026, 3, 31))
    change(house, "U_PRIYA")
    until(house, ASKED)

    retire(house)
    house.send()

    with house.database.reading() as session:
        statuses = {row.status for row in session.exec(select(ApprovalRequest))}
    assert statuses == {RequestStatus.APPROVED, RequestStatus.WITHDRAWN}
    assert "Marek took it back" in words(house.posts_to("U_ANN")[-1])
    assert "Approve" not in buttons(house.posts_to("U_ANN")[-1])
    assert (case(house).state, case(house).pending_revision) == (UseCaseState.RETIRED, None)
    assert any("Marek took it back" in post.text for post in house.posts_to("U_PRIYA"))


def test_a_lapsed_one_can_be_retired_too(ending: House) -> None:
    until(ending, date(2026, 5, 4))

    retire(ending)

    assert case(ending).state is UseCaseState.RETIRED
    assert case(ending).suspended_from is None
    assert asked(ending)[0].answer is RecertificationAnswer.RETIRED


def test_the_opened_view_offers_the_answers_to_the_owner_alone(ending: House) -> None:
    until(ending, ASKED)
    shown = {}
    for who in ("U_MAREK", "U_PRIYA"):
        ending.press(who, Action.OPEN, str(ending.request_id()))
        view = ending.world.opened[-1]
        shown[who] = {e["text"]["text"] for b in view["blocks"] if b["type"] == "actions" for e in b["elements"]}

    assert {"Still valid", "Something changed", "Retire"} <= shown["U_MAREK"]
    assert "Request a change" not in shown["U_MAREK"]
    assert "Still valid" not in shown["U_PRIYA"]


def test_every_prompt_is_promised_once(ending: House) -> None:
    until(ending, date(2026, 5, 4), hour=1, step=24)

    with ending.database.reading() as session:
        sent = [row for row in session.exec(select(OutboxRow)) if row.kind is OutboxKind.RECERTIFY]
    assert len(sent) == 4  # three to the owner, one to the sponsor
