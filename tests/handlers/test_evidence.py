"""Evidence is given, judged by the lane that asked for it and by nobody else, and time does not forget."""

from datetime import timedelta

import pytest
from sqlmodel import select, update

from db.enums import ConditionStatus, DemandStatus, UseCaseState
from db.tables import UseCase
from handlers.ids import Action, Block
from tests.support.chains import hire, lane, policy_text, put_in_force, stage
from tests.support.conditions import (
    IN_A_MONTH,
    IN_TWO_WEEKS,
    LINK,
    TODAY,
    accept,
    approve_if,
    condition,
    demands,
    evidence_value,
    give_evidence,
    home_of,
    not_enough,
    state,
    told,
    until,
    waive,
    want,
)
from tests.support.fakes import member
from tests.support.house import House, buttons, errors_in, view_in, words
from workflows import conditions, intake

SUSPENDED_TEXT = "is suspended: a condition it was approved under is overdue"


@pytest.fixture
def approved(house: House) -> House:
    """Return a house where something is approved on a condition that Marek has to meet within two weeks."""
    house.propose()
    approve_if(house, "U_ANN", want(day=IN_TWO_WEEKS, blocks="continuation"))
    return house


def press_waive(house: House, who: str) -> None:
    house.press(who, Action.WAIVE, str(condition(house).id))
    house.send()


# ------------------------------------------------------------------------------------------- giving it


def test_the_owner_gives_evidence_and_the_lane_is_asked_to_look(approved: House) -> None:
    said = words(view_in(give_evidence(approved, text="Page 3 is what you want.")))

    assert "Your evidence is stored, and AI governance looks at it" in said
    asked = approved.posts_to("U_ANN")[-1]
    assert "is this condition met?" in words(asked)
    assert LINK in words(asked)
    assert "Page 3 is what you want." in words(asked)
    assert {"Accept", "Not enough", "Waive"} == set(buttons(asked))
    assert "Evidence to look at" in home_of(approved, "U_ANN")
    assert "looks at your evidence" in home_of(approved, "U_MAREK")
    assert "has given evidence, AI governance looks at it" in words(approved.posts_to("U_ANN")[0])


@pytest.mark.parametrize(
    ("kind", "link", "text", "field"),
    [
        pytest.param("document", "", "I have it.", "link", id="a document without a link"),
        pytest.param("test_result", "ftp://files.example.com/x", "", "link", id="no address of the web"),
        pytest.param("agreement", "javascript:alert(1)", "", "link", id="a script"),
        pytest.param("document", "https://a b", "", "link", id="a blank in it"),
        pytest.param("document", "https://", "", "link", id="an address of nothing"),
        pytest.param("document", "https://x|<!channel>", "", "link", id="what would call everybody"),
        pytest.param("statement", "", "", "words", id="a statement without words"),
        pytest.param("statement", "", "\u200b", "words", id="words nobody can see"),
        pytest.param("document", LINK, "x" * 2001, "words", id="too many words"),
    ],
)
def test_evidence_that_shows_nothing_is_refused_at_its_field(
    house: House, kind: str, link: str, text: str, field: str
) -> None:
    house.propose()
    approve_if(house, "U_ANN", want(evidence=kind))

    response = give_evidence(house, link=link, text=text)

    assert list(errors_in(response)) == [f"conditions.condition.{field}"]
    assert condition(house).status is ConditionStatus.OPEN


def test_a_statement_needs_words_alone(house: House) -> None:
    house.propose()
    approve_if(house, "U_ANN", want(evidence="statement"))

    give_evidence(house, link="", text="Everybody in the team has read the rules.")

    assert condition(house).status is ConditionStatus.OFFERED
    assert "Everybody in the team has read the rules." in told(house, "U_ANN")


def test_only_the_owner_and_who_answers_for_the_use_case_give_evidence(house: House) -> None:
    house.propose()
    approve_if(house, "U_ANN", want(owner="U_OTTO"))
    before = len(house.world.opened)
    for who in ("U_PRIYA", "U_ANN"):
        house.press(who, Action.GIVE_EVIDENCE, str(condition(house).id))
    house.send()
    assert len(house.world.opened) == before
    assert "Otto has to meet that condition" in house.whispers_to("U_PRIYA")[-1]
    house.press("U_BEN", Action.GIVE_EVIDENCE, str(condition(house).id))
    house.send()
    assert "does not exist any more" in house.whispers_to("U_BEN")[-1]  # he may not read it

    give_evidence(house, "U_MAREK")

    assert condition(house).status is ConditionStatus.OFFERED


def test_the_same_evidence_delivered_twice_asks_the_lane_once(approved: House) -> None:
    approved.press("U_MAREK", Action.GIVE_EVIDENCE, str(condition(approved).id))
    view = approved.world.opened[-1]
    for _ in range(2):
        approved.submit("U_MAREK", view, {Block.EVIDENCE_LINK: {"value": LINK}}, view_id="V_EVIDENCE")
    approved.send()

    assert approved.facts().count("condition.offered") == 1
    assert told(approved, "U_ANN").count("is this condition met?") == 2  # one message: its text and its block


# ------------------------------------------------------------------------------------------ judging it


def test_the_lane_accepts_and_the_owner_hears_that_nothing_is_left(approved: House) -> None:
    give_evidence(approved)
    accept(approved, "U_ANN")

    assert condition(approved).status is ConditionStatus.MET
    assert state(approved) is UseCaseState.APPROVED
    assert "Ann of AI governance accepts your evidence. The condition is met" in told(approved, "U_MAREK")
    assert "Conditions to meet" not in home_of(approved, "U_MAREK")
    assert "Evidence to look at" not in home_of(approved, "U_ANN")
    assert "1 condition: nothing left to do." in home_of(approved, "U_PRIYA")


def test_the_question_whether_it_is_met_becomes_the_answer(approved: House) -> None:
    give_evidence(approved)
    question = approved.posts_to("U_ANN")[-1]

    approved.press("U_ANN", Action.ACCEPT_EVIDENCE, buttons(question)["Accept"], message=question.ts)
    approved.send()

    assert condition(approved).status is ConditionStatus.MET
    assert "“Sign the DPIA”" in question.text
    assert buttons(question) == {}


def test_not_enough_goes_back_with_the_reason_and_other_evidence_may_be_given(approved: House) -> None:
    give_evidence(approved)
    not_enough(approved, "U_ANN", "It is not signed.")

    assert condition(approved).status is ConditionStatus.OPEN
    [*_, news] = approved.posts_to("U_MAREK")
    assert "says that the evidence is not enough yet" in words(news)
    assert "It is not signed." in words(news)
    assert "Give evidence" in buttons(news)

    give_evidence(approved, link="https://docs.example.com/signed")
    accept(approved, "U_ANN")

    assert condition(approved).status is ConditionStatus.MET


def test_not_enough_and_waiving_need_a_reason(approved: House) -> None:
    give_evidence(approved)

    assert list(errors_in(not_enough(approved, "U_ANN", " "))) == ["conditions.condition.reason"]
    assert list(errors_in(waive(approved, "U_ANN", "\u200b"))) == ["conditions.condition.reason"]
    assert condition(approved).status is ConditionStatus.OFFERED


def test_nobody_but_the_lane_accepts_or_waives_admins_included(approved: House) -> None:
    approved.grant("admin", "U_OTTO")
    approved.grant("lead", "U_BEN")
    give_evidence(approved)
    for who in ("U_OTTO", "U_BEN", "U_PRIYA"):
        accept(approved, who)
        press_waive(approved, who)
        assert "Only AI governance can say that" in approved.whispers_to(who)[-1]
    accept(approved, "U_MAREK")
    assert "You have to meet that condition" in approved.whispers_to("U_MAREK")[-1]

    assert condition(approved).status is ConditionStatus.OFFERED
    assert demands(approved)[0].status is DemandStatus.STANDING


def test_nobody_of_the_lane_judges_what_they_have_to_meet_or_gave_themselves(house: House) -> None:
    house.grant("governance", "U_BEN")
    house.propose()
    approve_if(house, "U_ANN", want(owner="U_ANN"))
    give_evidence(house, "U_ANN")
    accept(house, "U_ANN")
    assert "You have to meet that condition, so somebody else" in house.whispers_to("U_ANN")[-1]

    accept(house, "U_BEN")

    assert condition(house).status is ConditionStatus.MET


def test_when_nobody_of_the_lane_is_left_its_fallbacks_judge_and_then_the_leads(house: House) -> None:
    governance = lane("gov", "governance") | {"fallback": "risk"}
    put_in_force(house, policy_text(stage("one", governance)))
    house.grant("risk", "U_BEN")
    house.grant("lead", "U_OTTO")
    house.propose()
    approve_if(house, "U_ANN", want(owner="U_ANN"))
    give_evidence(house, "U_ANN")
    assert "is this condition met?" in told(house, "U_BEN")
    assert "is this condition met?" not in told(house, "U_OTTO")

    house.tell({"type": "user_change", "user": member("U_BEN", deleted=True)})
    give_evidence(house, "U_ANN", link=f"{LINK}/2")
    accept(house, "U_OTTO")

    assert condition(house).status is ConditionStatus.MET


def test_who_stands_in_for_an_approver_who_is_away_judges_in_their_name(approved: House) -> None:
    approved.command("U_ANN", f"away until {TODAY + timedelta(days=5)} delegate <@U_BEN>", command="/gatehouse")  # type: ignore[arg-type]
    give_evidence(approved)
    assert "is this condition met?" in told(approved, "U_BEN")
    assert "Evidence to look at" in home_of(approved, "U_BEN")
    assert "is this condition met?" not in told(approved, "U_ANN")

    accept(approved, "U_BEN")

    assert condition(approved).status is ConditionStatus.MET


def test_a_button_beside_older_evidence_judges_nothing(approved: House) -> None:
    give_evidence(approved)
    old = evidence_value(approved)
    give_evidence(approved, link="https://docs.example.com/other")

    approved.press("U_ANN", Action.ACCEPT_EVIDENCE, old)
    approved.press("U_ANN", Action.NOT_ENOUGH, old)
    approved.send()

    assert condition(approved).status is ConditionStatus.OFFERED
    assert all("Other evidence was given meanwhile" in said for said in approved.whispers_to("U_ANN")[-2:])


def test_a_late_click_hears_what_became_of_the_condition(approved: House) -> None:
    give_evidence(approved)
    value = evidence_value(approved)
    waive(approved, "U_ANN")

    approved.press("U_ANN", Action.ACCEPT_EVIDENCE, value)
    approved.press("U_MAREK", Action.GIVE_EVIDENCE, str(condition(approved).id))
    approved.send()

    assert "That condition is waived by AI governance" in approved.whispers_to("U_ANN")[-1]
    assert "That condition is waived by AI governance" in approved.whispers_to("U_MAREK")[-1]


def test_the_condition_can_be_opened_with_everything_that_was_said_about_it(approved: House) -> None:
    give_evidence(approved, text="Look at page 3.")
    not_enough(approved, "U_ANN", "Page 3 is empty.")
    approved.press("U_MAREK", Action.SEE_CONDITION, str(condition(approved).id), where="home")

    view = approved.world.opened[-1]
    assert "Sign the DPIA" in words(view)
    assert "Page 3 is empty." in words(view)
    assert "Look at page 3." in words(view)
    assert "Give other evidence" in words(view)
    assert "Waive" not in words(view)


def test_waiving_says_that_it_cannot_be_undone_and_tells_the_owner_why(approved: House) -> None:
    approved.press("U_ANN", Action.WAIVE, str(condition(approved).id))
    assert "cannot be undone" in words(approved.world.opened[-1])

    waive(approved, "U_ANN", "The vendor is gone.")

    assert condition(approved).status is ConditionStatus.WAIVED
    assert "no longer asks for it" in told(approved, "U_MAREK")
    assert "The vendor is gone." in told(approved, "U_MAREK")
    assert state(approved) is UseCaseState.APPROVED


# ------------------------------------------------------------------------------------------------ time


def reminders(house: House) -> int:
    return told(house, "U_MAREK").count("A reminder: a condition of *UC-1*") // 2  # each in its text and in its block


def test_the_owner_is_reminded_a_week_before_the_day_before_and_on_the_day(approved: House) -> None:
    for day, so_far in ((IN_TWO_WEEKS - timedelta(days=8), 0), (IN_TWO_WEEKS - timedelta(days=7), 1)):
        until(approved, day)
        assert reminders(approved) == so_far
    assert "due in 7 days" in told(approved, "U_MAREK")
    until(approved, IN_TWO_WEEKS - timedelta(days=2))  # a Saturday: the day before is no working day
    assert reminders(approved) == 2
    until(approved, IN_TWO_WEEKS)
    assert "due today" in told(approved, "U_MAREK")
    assert reminders(approved) == 3
    until(approved, IN_TWO_WEEKS + timedelta(days=7))
    assert reminders(approved) == 3


def test_reminders_come_in_the_owners_working_hours(approved: House) -> None:
    until(approved, IN_TWO_WEEKS - timedelta(days=7), hour=7)  # eight in Berlin
    assert reminders(approved) == 0
    until(approved, IN_TWO_WEEKS - timedelta(days=7), hour=8)
    assert reminders(approved) == 1


def test_nobody_is_reminded_of_what_is_met_or_being_looked_at(approved: House) -> None:
    give_evidence(approved)
    until(approved, IN_TWO_WEEKS + timedelta(days=3))
    assert reminders(approved) == 0
    assert state(approved) is UseCaseState.APPROVED_WITH_CONDITIONS  # the lane has it: not overdue
    accept(approved, "U_ANN")
    until(approved, IN_TWO_WEEKS + timedelta(days=10))

    assert reminders(approved) == 0
    assert state(approved) is UseCaseState.APPROVED


def test_a_lane_that_does_not_look_is_asked_again_and_then_the_leads_hear_of_it(approved: House) -> None:
    approved.grant("lead", "U_OTTO")
    give_evidence(approved)
    asked = told(approved, "U_ANN").count("is this condition met?")
    until(approved, TODAY + timedelta(days=4))
    assert told(approved, "U_ANN").count("is this condition met?") == 2 * asked
    assert "have been asked twice" not in told(approved, "U_OTTO")

    until(approved, TODAY + timedelta(days=11))

    assert "have been asked twice" in told(approved, "U_OTTO")


def test_an_overdue_condition_suspends_and_owner_sponsor_and_lane_are_told(house: House) -> None:
    house.propose(sponsor="U_BEN")
    approve_if(house, "U_ANN", want(day=IN_TWO_WEEKS, blocks="continuation", owner="U_OTTO"))
    until(house, IN_TWO_WEEKS, hour=22)  # eleven at night in Berlin
    assert state(house) is UseCaseState.APPROVED_WITH_CONDITIONS

    house.advance(hours=1.5)
    house.send()

    assert state(house) is UseCaseState.SUSPENDED
    for who in ("U_OTTO", "U_MAREK", "U_BEN", "U_ANN"):
        assert told(house, who).count("a condition is overdue. It was due Mon 16 Mar 2026") == 2, who
    assert SUSPENDED_TEXT in told(house, "U_MAREK")
    assert SUSPENDED_TEXT in told(house, "U_BEN")
    assert "⚠️ “Sign the DPIA”: *overdue*" in house.command("U_PRIYA", "UC-1")
    assert "It is suspended until its overdue condition is met or waived." in home_of(house, "U_PRIYA")
    assert "*Overdue*: it was due Mon 16 Mar 2026" in home_of(house, "U_OTTO")
    until(house, IN_TWO_WEEKS + timedelta(days=5))
    assert house.facts().count("condition.overdue") == 1
    assert told(house, "U_OTTO").count("a condition is overdue") == 2


def test_meeting_an_overdue_condition_resumes(approved: House) -> None:
    until(approved, IN_TWO_WEEKS + timedelta(days=1))
    assert state(approved) is UseCaseState.SUSPENDED
    give_evidence(approved)
    assert state(approved) is UseCaseState.SUSPENDED  # it goes on once the lane has accepted it

    accept(approved, "U_ANN")

    assert state(approved) is UseCaseState.APPROVED
    assert "may be used again" in told(approved, "U_MAREK")


def test_what_is_in_use_stops_and_goes_on_as_it_was(approved: House) -> None:
    with approved.database.transaction() as session:
        session.connection().execute(update(UseCase).values(state=UseCaseState.DEPLOYED))
    until(approved, IN_TWO_WEEKS + timedelta(days=1))
    assert state(approved) is UseCaseState.SUSPENDED

    waive(approved, "U_ANN")

    assert state(approved) is UseCaseState.DEPLOYED


def test_an_overdue_condition_that_blocks_deployment_suspends_nothing(house: House) -> None:
    house.propose()
    approve_if(house, "U_ANN", want(day=IN_TWO_WEEKS))
    until(house, IN_TWO_WEEKS + timedelta(days=1))

    assert state(house) is UseCaseState.APPROVED_WITH_CONDITIONS
    assert "a condition is overdue" in told(house, "U_MAREK")
    assert "It is not deployed before that is done." in told(house, "U_MAREK")
    with house.database.reading() as session:
        use_case = session.exec(select(UseCase.id)).one()
        [left] = conditions.blocking_deployment(session, intake.SUBJECT_KIND, use_case)
    assert left.text == "Sign the DPIA"


def test_two_overdue_conditions_hold_it_up_until_both_are_met(house: House) -> None:
    house.propose()
    late = {"day": IN_TWO_WEEKS, "blocks": "continuation"}
    approve_if(house, "U_ANN", want("First", **late), want("Second", **late))
    until(house, IN_TWO_WEEKS + timedelta(days=1))
    for number, left in ((1, UseCaseState.SUSPENDED), (2, UseCaseState.APPROVED)):
        give_evidence(house, number=number)
        accept(house, "U_ANN", number=number)
        assert state(house) is left


def test_evidence_found_wanting_after_the_day_is_overdue_at_once(approved: House) -> None:
    until(approved, IN_TWO_WEEKS)
    give_evidence(approved)
    until(approved, IN_TWO_WEEKS + timedelta(days=2))
    assert state(approved) is UseCaseState.APPROVED_WITH_CONDITIONS

    not_enough(approved, "U_ANN")

    assert state(approved) is UseCaseState.SUSPENDED
    assert "It is overdue now." in told(approved, "U_MAREK")
    assert "condition.overdue" in approved.facts()


def test_waiving_the_lane_that_was_overdue_lets_it_go_on_until_the_next_date(house: House) -> None:
    put_in_force(house, policy_text(stage("one", lane("legal", "legal"), lane("privacy", "privacy"))))
    house.grant("legal", "U_ANN")
    house.grant("privacy", "U_BEN")
    house.propose()
    approve_if(house, "U_ANN", want(day=IN_TWO_WEEKS, blocks="continuation"))
    approve_if(house, "U_BEN", want(day=IN_A_MONTH, blocks="continuation"))
    until(house, IN_TWO_WEEKS + timedelta(days=1))
    assert state(house) is UseCaseState.SUSPENDED

    waive(house, "U_ANN")

    assert state(house) is UseCaseState.APPROVED_WITH_CONDITIONS
    assert "By *Wed 1 Apr 2026*" in home_of(house, "U_MAREK")
    until(house, IN_A_MONTH + timedelta(days=1))
    assert state(house) is UseCaseState.SUSPENDED


def test_a_beat_that_comes_late_reminds_once_and_says_what_is_overdue(approved: House) -> None:
    approved.advance(hours=24 * 60)
    approved.send()

    assert reminders(approved) == 0
    assert state(approved) is UseCaseState.SUSPENDED


# ------------------------------------------------------------------------------------------ who leaves


def test_what_somebody_who_left_had_to_meet_passes_to_the_owner(house: House) -> None:
    house.propose()
    approve_if(house, "U_ANN", want(owner="U_OTTO", day=IN_TWO_WEEKS))
    house.tell({"type": "user_change", "user": member("U_OTTO", deleted=True)})
    house.advance(seconds=2)
    house.send()

    assert "Otto has left, so what they had to do for *UC-1*" in told(house, "U_MAREK")
    assert "condition.passed_on" in house.facts()
    until(house, IN_TWO_WEEKS - timedelta(days=7))
    assert reminders(house) == 1
    give_evidence(house, "U_MAREK")
    accept(house, "U_ANN")
    assert condition(house).status is ConditionStatus.MET


def test_when_the_owner_is_gone_too_it_passes_to_the_sponsor_and_then_to_a_lead(house: House) -> None:
    house.propose(sponsor="U_BEN")
    approve_if(house, "U_ANN", want())
    house.tell({"type": "user_change", "user": member("U_MAREK", deleted=True)})
    house.advance(seconds=2)
    house.send()
    assert "Marek has left" in told(house, "U_BEN")

    house.tell({"type": "user_change", "user": member("U_BEN", deleted=True)})
    house.advance(seconds=2)
    house.send()
    assert house.facts().count("condition.passed_on") == 1  # there is nobody yet
    house.grant("lead", "U_OTTO")
    house.advance(seconds=2)
    house.send()

    assert "Ben has left" in told(house, "U_OTTO")


def test_a_confidential_condition_is_known_only_to_who_has_a_part_in_it(house: House) -> None:
    house.propose(confidential=["yes"])
    approve_if(house, "U_ANN", want(owner="U_OTTO"))
    hire(house, "U_NINA")

    house.press("U_NINA", Action.SEE_CONDITION, str(condition(house).id))
    house.send()

    assert house.whispers_to("U_NINA") == ["That condition does not exist any more. Nothing was changed."]
    assert "There is no use case" in house.command("U_NINA", "UC-1")
    assert "Sign the DPIA" in house.command("U_OTTO", "UC-1")
    assert not any("DPIA" in post.text for post in house.posts_to("C_GOVERNANCE"))


def test_the_record_says_who_did_what_about_a_condition_and_for_whom(approved: House) -> None:
    give_evidence(approved)
    not_enough(approved, "U_ANN")
    give_evidence(approved)
    accept(approved, "U_ANN")

    told_kinds = [kind for kind in approved.facts() if kind.startswith("condition.")]
    assert told_kinds == [
        "condition.set",
        "condition.opened",
        "condition.offered",
        "condition.not_accepted",
        "condition.offered",
        "condition.accepted",
        "condition.met",
    ]
