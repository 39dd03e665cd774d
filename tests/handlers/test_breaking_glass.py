"""Two named people let something go ahead for some hours, before it is approved: each sentence of it."""

import pytest
from sqlmodel import select, update

from db.enums import BreakGlassStatus, Exclusion, Tier, UseCaseState
from db.queries import intake as stored
from db.tables import ApprovalExclusion, ApprovalLane, ApprovalRequest
from handlers import ticks
from handlers.ids import Action, Block, Command
from tests.support.chains import hire, lane, policy_text, put_in_force, stage
from tests.support.glass import REASON, answer, break_glass, call, case, filled, form, glasses, stands, with_holders
from tests.support.house import GOVERNANCE, House, buttons, errors_in, reference_in, view_in, words
from tests.support.house import filled as house_filled
from workflows import breaking_glass, reactions
from workflows.policy import PolicyError


@pytest.fixture
def proposed(house: House) -> House:
    """Return a house where UC-1 waits for Ann, and Olga and Kim hold the break-glass role."""
    with_holders(house)
    house.grant("lead", "U_BEN")
    house.grant("admin", "U_OTTO")
    house.propose()
    house.send()
    return house


def told(house: House, who: str, said: str) -> list[str]:
    return [post.text for post in house.posts_to(who) if said in post.text]


def status(house: House) -> BreakGlassStatus:
    return glasses(house)[-1].status


# ------------------------------------------------------------------------------------------ calling and agreeing


def test_nothing_goes_ahead_before_the_second_person_agrees(proposed: House) -> None:
    said = words(view_in(call(proposed)))

    assert "Kim is asked to agree that UC-1 goes ahead for 24 hours" in said
    assert "Nothing goes ahead before" in said
    assert stands(proposed) == (UseCaseState.IN_REVIEW, False)
    assert status(proposed) is BreakGlassStatus.CALLED


def test_the_second_person_reads_all_they_need_in_one_message(proposed: House) -> None:
    call(proposed, hours="8")

    post = proposed.posts_to("U_KIM")[-1]
    assert list(buttons(post)) == ["Agree", "Do not agree", "Read it all"]
    said = words(post)
    for part in (
        "*Olga* asks you to let it go ahead for *8 hours*",
        REASON,
        "Reading one file takes six hours.",  # the problem
        "Medium tier",
        "waits for Ann",
        "You two no longer decide on it",
        "suspended by itself",
        "Without an answer the call ends",
    ):
        assert part in said, part


def test_once_they_agree_it_is_approved_for_these_hours_and_its_request_goes_on(proposed: House) -> None:
    break_glass(proposed, hours="8")

    assert stands(proposed) == (UseCaseState.APPROVED, True)
    [glass] = glasses(proposed)
    assert glass.status is BreakGlassStatus.IN_FORCE
    assert glass.ends_at is not None
    assert (glass.ends_at - proposed.clock.now()).total_seconds() == 8 * 3600
    with proposed.database.reading() as session:
        assert session.exec(select(ApprovalRequest.status)).one() == "in_review"
    assert "🚨 UC-1 is in use until" in proposed.whispers_to("U_KIM")[-1]
    proposed.approve("U_ANN")
    assert stands(proposed) == (UseCaseState.APPROVED, False)


@pytest.mark.parametrize(
    ("press", "said"),
    [(Action.AGREE, "UC-1 is in use until"), (Action.DO_NOT_AGREE, "UC-1 waits for its decision.")],
)
def test_the_question_becomes_what_they_answered_and_cannot_be_pressed_again(
    proposed: House, press: Action, said: str
) -> None:
    call(proposed)
    question = proposed.posts_to("U_KIM")[-1]

    proposed.press("U_KIM", press, buttons(question)["Agree"], message=question.ts)
    proposed.clock.advance(minutes=6)  # a private answer would be dropped by now
    proposed.send()

    assert said in question.text
    assert buttons(question) == {}
    assert not any(said in whisper for whisper in proposed.whispers_to("U_KIM"))


def test_every_card_says_it_loudly_and_a_channel_reads_no_reason(proposed: House) -> None:
    break_glass(proposed)

    [card] = [post for post in proposed.posts_to("U_ANN") if "Approve" in buttons(post)]
    assert words(card).index("🚨 *In use by break-glass until") < words(card).index("Medium tier")
    assert "(Olga and Kim). It is not approved yet." in words(card)
    assert REASON in words(card)
    [channel] = proposed.posts_to(GOVERNANCE)
    assert "🚨 *In use by break-glass until" in words(channel)
    assert REASON not in words(channel)
    assert "🚨" in proposed.command("U_PRIYA", "UC-1")
    assert REASON not in proposed.command("U_KIM", "UC-1")


def test_everybody_it_goes_past_is_told_once(house: House) -> None:
    put_in_force(
        house,
        policy_text(
            stage("one", lane("first", "governance", rule="all"), lane("sister", "privacy")),
            stage("two", lane("second", "board")),
        ),
    )
    with_holders(house)
    hire(house, "U_SAM")
    asked = {"U_ANN": "governance", "U_ZOE": "privacy", "U_BEA": "board", "U_BEN": "lead", "U_OTTO": "admin"}
    for who, role in asked.items():
        hire(house, who, role)
    house.grant("lead", "U_ANN")  # asked and lead: one message all the same
    house.propose(sponsor="U_SAM")
    house.send()

    break_glass(house)

    for who in (*asked, "U_PRIYA", "U_MAREK", "U_SAM", "U_OLGA"):
        [message] = told(house, who, "Olga and Kim let *UC-1*")
        assert "unless it is approved by then, it is suspended" in message
    assert told(house, "U_KIM", "Olga and Kim let *UC-1*") == []
    assert REASON in words(house.posts_to("U_BEA")[-1])


def test_a_second_person_who_does_not_agree_ends_it_and_the_next_one_hears_of_that(proposed: House) -> None:
    with_holders(proposed, "U_RUTH")
    call(proposed)

    answer(proposed, action=Action.DO_NOT_AGREE)

    assert status(proposed) is BreakGlassStatus.DECLINED
    assert "Kim did not agree to break-glass" in proposed.posts_to("U_OLGA")[-1].text
    assert stands(proposed) == (UseCaseState.IN_REVIEW, False)
    call(proposed, second="U_RUTH")
    assert "Kim did not agree to break-glass for UC-1" in words(proposed.posts_to("U_RUTH")[-1])


def test_whoever_called_takes_it_back_and_a_late_answer_changes_nothing(proposed: House) -> None:
    call(proposed)

    answer(proposed, "U_OLGA", Action.TAKE_BACK)
    answer(proposed, "U_KIM")

    assert status(proposed) is BreakGlassStatus.OVERTAKEN
    assert "Olga took back break-glass" in proposed.posts_to("U_KIM")[-1].text
    assert "The call for UC-1 has ended" in proposed.whispers_to("U_KIM")[-1]
    assert stands(proposed) == (UseCaseState.IN_REVIEW, False)


def test_a_call_nobody_answers_ends_after_a_day_and_may_be_made_again(proposed: House) -> None:
    call(proposed)
    proposed.advance(hours=23, minutes=59)
    assert status(proposed) is BreakGlassStatus.CALLED

    proposed.advance(minutes=1)
    proposed.send()

    assert status(proposed) is BreakGlassStatus.OVERTAKEN
    assert "did not answer within a day" in proposed.posts_to("U_OLGA")[-1].text
    call(proposed)
    assert status(proposed) is BreakGlassStatus.CALLED


def test_an_answer_just_before_the_clock_beats_is_too_late_all_the_same(proposed: House) -> None:
    call(proposed)
    proposed.clock.advance(hours=24)

    answer(proposed)

    assert "has ended" in proposed.whispers_to("U_KIM")[-1]
    assert stands(proposed) == (UseCaseState.IN_REVIEW, False)


def test_a_request_that_is_decided_first_ends_the_call(proposed: House) -> None:
    call(proposed)
    proposed.approve("U_ANN")

    answer(proposed)
    proposed.advance(seconds=2)
    proposed.send()

    assert "UC-1 is decided" in proposed.whispers_to("U_KIM")[-1]
    assert status(proposed) is BreakGlassStatus.OVERTAKEN
    assert "was decided before Kim agreed" in proposed.posts_to("U_OLGA")[-1].text
    assert stands(proposed) == (UseCaseState.APPROVED, False)


def test_the_same_press_delivered_twice_lets_it_go_ahead_once(proposed: House) -> None:
    call(proposed)

    answer(proposed, stamp="7.0")
    answer(proposed, stamp="7.0")

    assert proposed.facts().count("break_glass.agreed") == 1
    first, again = proposed.whispers_to("U_KIM")
    assert first == again


# -------------------------------------------------------------------------------------------------- how it ends


def test_when_the_time_is_up_it_is_suspended_and_everybody_is_told(proposed: House) -> None:
    break_glass(proposed, hours="4")
    proposed.advance(hours=3, minutes=59)
    assert stands(proposed) == (UseCaseState.APPROVED, True)

    proposed.advance(minutes=1)
    proposed.send()

    assert stands(proposed) == (UseCaseState.SUSPENDED, True)
    assert status(proposed) is BreakGlassStatus.ENDED
    for who in ("U_ANN", "U_BEN", "U_OTTO", "U_PRIYA", "U_OLGA", "U_KIM"):
        assert len(told(proposed, who, "its time by break-glass is over")) == 1, who
    [stop] = told(proposed, "U_MAREK", "⏸️")  # who answers for it is told to stop it, once
    assert "nobody uses it until it is approved" in stop
    [card] = [post for post in proposed.posts_to("U_ANN") if "Approve" in buttons(post)]
    assert "In use by break-glass" not in words(card)
    assert "suspended until it is approved" in words(card)


def test_ratified_in_time_it_goes_on_and_the_suspension_never_comes(proposed: House) -> None:
    break_glass(proposed)
    proposed.approve("U_ANN")
    proposed.send()
    proposed.advance(hours=80)

    assert stands(proposed) == (UseCaseState.APPROVED, False)
    assert status(proposed) is BreakGlassStatus.RATIFIED
    assert "break_glass.ratified" in proposed.facts()
    assert len(told(proposed, "U_BEN", "is approved, so it goes on")) == 1
    assert told(proposed, "U_PRIYA", "so it goes on") == []  # she gets the decision itself
    assert "In use by break-glass" not in proposed.command("U_PRIYA", "UC-1")


def test_approved_after_its_time_it_goes_on_again(proposed: House) -> None:
    break_glass(proposed, hours="1")
    proposed.advance(hours=1)
    proposed.approve("U_ANN")
    proposed.send()

    assert stands(proposed) == (UseCaseState.APPROVED, False)
    assert status(proposed) is BreakGlassStatus.ENDED
    assert glasses(proposed)[0].settled_at is not None
    assert len(told(proposed, "U_MAREK", "may be used again")) == 1


@pytest.mark.parametrize("late", [False, True], ids=["in time", "after its time"])
@pytest.mark.parametrize("how", ["rejected", "withdrawn", "expired"])
def test_not_approved_it_stops_at_once_and_everybody_is_told(proposed: House, how: str, late: bool) -> None:
    break_glass(proposed, hours="1" if late else "72")
    if late:
        proposed.advance(hours=1)
    if how == "rejected":
        proposed.reject("U_ANN", "Not with these files.")
    elif how == "withdrawn":
        proposed.press("U_PRIYA", Action.WITHDRAW, str(proposed.request_id()))
    else:
        with proposed.database.transaction() as session:  # as when its last date comes
            session.connection().execute(update(ApprovalLane).values(timeouts=2, expires_at=proposed.clock.now()))
        proposed.advance(seconds=2)
    proposed.send()

    found = case(proposed)
    assert (found.state.value, found.provisional, found.suspended_from) == (how, False, None)
    with proposed.database.reading() as session:
        assert stored.suspensions_of(session, [found.id]) == []
    assert status(proposed) is (BreakGlassStatus.ENDED if late else BreakGlassStatus.REFUSED)
    assert glasses(proposed)[0].settled_at is not None
    for who in ("U_ANN", "U_BEN", "U_OTTO", "U_PRIYA", "U_MAREK", "U_OLGA", "U_KIM"):
        [stop] = told(proposed, who, "must not be used any more")
        assert how in stop


def test_asked_for_changes_it_stays_in_use_and_is_edited_by_its_request(proposed: House) -> None:
    break_glass(proposed)
    proposed.press("U_ANN", Action.REQUEST_CHANGES, proposed.ballot())
    proposed.submit("U_ANN", proposed.world.opened[-1], {Block.REASON: {"value": "Say who reads it."}})
    proposed.send()
    assert stands(proposed) == (UseCaseState.APPROVED, True)
    proposed.open_home("U_PRIYA")
    proposed.send()
    home = words(proposed.world.homes["U_PRIYA"])
    assert "Edit and resubmit" in home
    assert "Request a change" not in home

    view = proposed.edit("U_PRIYA", str(case(proposed).id), benefit="Nobody waits.")
    assert "stays approved" not in words(view)
    assert reference_in(proposed.submit("U_PRIYA", view, {})) == "UC-1"

    assert stands(proposed) == (UseCaseState.APPROVED, True)
    with proposed.database.reading() as session:
        [request] = session.exec(select(ApprovalRequest)).all()
        assert (request.status, request.revision, request.amends_id) == ("in_review", 2, None)
        barred = {row.why for row in session.exec(select(ApprovalExclusion)).all()}
        assert barred == {Exclusion.PROPOSER, Exclusion.OWNER, Exclusion.BROKE_GLASS}
    assert glasses(proposed)[0].status is BreakGlassStatus.IN_FORCE


def test_while_it_is_in_review_nobody_is_offered_to_change_it(proposed: House) -> None:
    break_glass(proposed)

    proposed.press("U_PRIYA", Action.EDIT, str(case(proposed).id))
    proposed.open_home("U_PRIYA")
    proposed.send()

    home = words(proposed.world.homes["U_PRIYA"])
    assert "Request a change" not in home
    assert "🚨 *In use by break-glass until" in home
    assert "cannot be changed now" in proposed.whispers_to("U_PRIYA")[-1]


def test_who_broke_glass_cannot_become_its_owner(proposed: House) -> None:
    break_glass(proposed)
    proposed.press("U_ANN", Action.REQUEST_CHANGES, proposed.ballot())
    proposed.submit("U_ANN", proposed.world.opened[-1], {Block.REASON: {"value": "Say who reads it."}})
    proposed.press("U_PRIYA", Action.EDIT, str(case(proposed).id))

    view = proposed.world.opened[-1]

    answered = proposed.submit("U_PRIYA", view, house_filled(view, owner="U_KIM"))

    assert "somebody else has to own it" in errors_in(answered)["owner"]
    assert case(proposed).revision == 1


def test_a_line_of_the_policy_that_approves_it_when_it_comes_back_ratifies_it(proposed: House) -> None:
    break_glass(proposed)
    proposed.press("U_ANN", Action.REQUEST_CHANGES, proposed.ballot())
    proposed.submit("U_ANN", proposed.world.opened[-1], {Block.REASON: {"value": "Say who reads it."}})
    put_in_force(
        proposed,
        """
name: Harmless is approved
version: 1
chains:
  standard:
    stages: [{key: s, name: S, lanes: [{key: l, name: L, role: lead, rule: any, sections: [data],
      answer_within_hours: 9}]}]
subjects:
  use_case: {tier: low, approved_by: {low: {line: harmless, reason: It is harmless.}}}
""",
    )

    proposed.submit("U_PRIYA", proposed.edit("U_PRIYA", str(case(proposed).id), benefit="Nobody waits."), {})
    proposed.send()

    assert stands(proposed) == (UseCaseState.APPROVED, False)
    assert status(proposed) is BreakGlassStatus.RATIFIED


# --------------------------------------------------------------------------------------------- who may not


def part_in(house: House, who: str) -> str:
    """Give Olga or Kim a part in what is proposed, and propose it."""
    house.grant("governance", "U_BEN")
    with_holders(house, "U_OLGA", "U_KIM", "U_PRIYA", "U_MAREK", "U_ANN", "U_BEN", "U_RUTH")
    put_in_force(house, policy_text(stage("one", lane("first", "governance", rule="all"))))
    house.propose()
    house.send()
    if who == "U_BEN":
        house.approve("U_BEN")  # Ann is still asked
    if who == "U_RUTH":
        house.command("U_ANN", "away until 2026-03-20 delegate <@U_RUTH>", command=Command.GATEHOUSE)
        house.advance(seconds=2)
    return who


PARTS = {
    "U_PRIYA": "proposed UC-1",
    "U_MAREK": "UC-1",
    "U_ANN": "asked to decide on UC-1",
    "U_BEN": "decided on UC-1",
    "U_RUTH": "asked to decide on UC-1",
}


@pytest.mark.parametrize(("who", "why"), PARTS.items(), ids=["proposer", "owner", "asked", "voter", "delegate"])
def test_nobody_with_a_part_in_it_can_call_it(house: House, who: str, why: str) -> None:
    part_in(house, who)

    house.press(who, Action.BREAK_GLASS, str(house.request_id()))
    house.send()

    assert why in house.whispers_to(who)[-1]
    sent = house.submit(who, form(house), filled(house))  # the form as Olga has it, sent by another hand
    assert why in words(view_in(sent))
    assert glasses(house) == []


@pytest.mark.parametrize("who", PARTS, ids=["proposer", "owner", "asked", "voter", "delegate"])
def test_nobody_with_a_part_in_it_is_offered_or_taken_as_the_second(house: House, who: str) -> None:
    part_in(house, who)
    view = form(house)

    second = next(block for block in view["blocks"] if block.get("block_id") == Block.GLASS_SECOND)
    offered = {option["text"]["text"] for option in second["element"]["options"]}
    assert offered == ({"Kim", "Ruth"} if who != "U_RUTH" else {"Kim"})
    refused = errors_in(house.submit("U_OLGA", view, filled(house, who)))
    assert list(refused) == [Block.GLASS_SECOND]
    assert glasses(house) == []


@pytest.mark.parametrize("who", ["caller", "second"])
def test_who_is_asked_to_decide_meanwhile_no_longer_counts(proposed: House, who: str) -> None:
    call(proposed)
    joins = {"caller": "U_OLGA", "second": "U_KIM"}[who]
    proposed.press("U_BEN", Action.ADD_APPROVER, str(proposed.request_id()))
    proposed.submit(
        "U_BEN",
        proposed.world.opened[-1],
        {Block.COLLEAGUE: {"type": "users_select", "selected_user": joins}, Block.REASON: {"value": "Look too."}},
    )

    answer(proposed)

    assert "asked to decide on UC-1" in proposed.whispers_to("U_KIM")[-1]
    assert stands(proposed) == (UseCaseState.IN_REVIEW, False)


def test_the_two_vote_no_more_and_a_later_stage_passes_them_over(house: House) -> None:
    put_in_force(house, policy_text(stage("one", lane("first", "governance")), stage("two", lane("second", "board"))))
    with_holders(house)
    for who in ("U_KIM", "U_OTTO"):
        house.grant("board", who)
    house.propose()
    house.send()
    break_glass(house)

    ann = next(post for post in house.posts_to("U_ANN") if "Approve" in buttons(post))
    house.press("U_ANN", Action.APPROVE, buttons(ann)["Approve"])
    house.send()

    assert any("Approve" in buttons(post) for post in house.posts_to("U_OTTO"))
    assert not any("Approve" in buttons(post) for post in house.posts_to("U_KIM"))
    otto = next(post for post in house.posts_to("U_OTTO") if "Approve" in buttons(post))
    house.press("U_KIM", Action.APPROVE, buttons(otto)["Approve"])
    house.send()
    assert "break-glass, so somebody else decides" in house.whispers_to("U_KIM")[-1]


def test_nobody_can_ask_the_two_afterwards_by_name_or_by_delegation(proposed: House) -> None:
    break_glass(proposed)
    proposed.press("U_BEN", Action.ADD_APPROVER, str(proposed.request_id()))
    colleague = {"type": "users_select", "selected_user": "U_KIM"}
    typed = {Block.COLLEAGUE: colleague, Block.REASON: {"value": "Look too."}}
    refused = errors_in(proposed.submit("U_BEN", proposed.world.opened[-1], typed))
    assert "may not decide" in refused[Block.COLLEAGUE]

    proposed.command("U_ANN", "away until 2026-03-20 delegate <@U_OLGA>", command=Command.GATEHOUSE)
    proposed.advance(seconds=2)
    proposed.press("U_OLGA", Action.APPROVE, proposed.ballot())
    proposed.send()

    assert "break-glass, so somebody else decides" in proposed.whispers_to("U_OLGA")[-1]
    assert stands(proposed) == (UseCaseState.APPROVED, True)


def test_somebody_without_the_role_sees_no_button_and_cannot_call(proposed: House) -> None:
    hire(proposed, "U_NINA")
    proposed.press("U_NINA", Action.OPEN, str(proposed.request_id()))
    assert "Break glass" not in words(proposed.world.opened[-1])

    sent = proposed.submit("U_NINA", form(proposed), filled(proposed))

    assert "Only people in the break-glass role" in words(view_in(sent))
    assert "Break glass" not in proposed.command("U_NINA", "UC-1")
    proposed.press("U_OLGA", Action.OPEN, str(proposed.request_id()))
    assert "Break glass" in words(proposed.world.opened[-1])
    assert "Break glass" in proposed.command("U_OLGA", "UC-1")


def test_with_one_holder_the_form_says_that_it_takes_two(house: House) -> None:
    with_holders(house, "U_OLGA")
    house.propose()

    view = form(house)

    assert "It takes two people" in words(view)
    assert "submit" not in view


def test_an_answer_by_somebody_else_tells_them_nothing(proposed: House) -> None:
    call(proposed)

    answer(proposed, "U_ANN")

    assert proposed.whispers_to("U_ANN") == ["That request does not exist any more."]
    answer(proposed, "U_OLGA")
    assert "asked of somebody else" in proposed.whispers_to("U_OLGA")[-1]
    assert stands(proposed) == (UseCaseState.IN_REVIEW, False)


# ------------------------------------------------------------------------------------------- what it is never for


def test_what_is_prohibited_never_goes_ahead(proposed: House) -> None:
    with proposed.database.transaction() as session:
        session.connection().execute(update(ApprovalRequest).values(tier=Tier.PROHIBITED))

    proposed.press("U_OLGA", Action.BREAK_GLASS, str(proposed.request_id()))
    proposed.send()

    assert "prohibited by the policy, and break-glass is never for that" in proposed.whispers_to("U_OLGA")[-1]


def test_what_becomes_prohibited_while_the_second_thinks_does_not_go_ahead(proposed: House) -> None:
    call(proposed)
    with proposed.database.transaction() as session:
        session.connection().execute(update(ApprovalRequest).values(tier=Tier.PROHIBITED))

    answer(proposed)

    assert "never for that" in proposed.whispers_to("U_KIM")[-1]
    assert stands(proposed) == (UseCaseState.IN_REVIEW, False)


def test_it_is_used_once_for_a_request(proposed: House) -> None:
    break_glass(proposed, hours="72")
    proposed.advance(hours=72)
    proposed.send()

    proposed.press("U_OLGA", Action.BREAK_GLASS, str(proposed.request_id()))
    proposed.send()

    assert "used for UC-1 already" in proposed.whispers_to("U_OLGA")[-1]


def test_a_copy_proposed_anew_does_not_stretch_the_hours(proposed: House) -> None:
    break_glass(proposed)
    proposed.reject("U_ANN", "Not with these files.")
    proposed.press("U_PRIYA", Action.PROPOSE_ANEW, str(case(proposed).id))
    assert reference_in(proposed.go_on("U_PRIYA", proposed.world.opened[-1])) == "UC-2"
    proposed.send()

    proposed.press("U_OLGA", Action.BREAK_GLASS, str(proposed.request_id("UC-2")))
    proposed.send()
    assert "copy of something break-glass let through" in proposed.whispers_to("U_OLGA")[-1]

    proposed.clock.advance(days=90)
    assert "goes ahead *before it is approved*" in words(form(proposed, reference="UC-2"))


def test_a_change_of_something_approved_does_not_go_ahead(proposed: House) -> None:
    proposed.approve("U_ANN")
    view = proposed.edit("U_PRIYA", str(case(proposed).id), problem="It takes seven hours.")
    proposed.submit("U_PRIYA", view, {})
    with proposed.database.reading() as session:
        change = session.exec(select(ApprovalRequest.id).where(ApprovalRequest.revision == 2)).one()

    proposed.press("U_OLGA", Action.BREAK_GLASS, str(change))
    proposed.send()

    assert "for what was never approved" in proposed.whispers_to("U_OLGA")[-1]


def test_what_it_lets_through_has_passed_no_gate(proposed: House) -> None:
    def is_provisional() -> bool:
        with proposed.database.reading() as session:
            return breaking_glass.is_provisional(session, "use_case", case(proposed).id)

    break_glass(proposed)
    assert is_provisional()

    proposed.approve("U_ANN")
    assert not is_provisional()


# -------------------------------------------------------------------------------------------------------- the form


@pytest.mark.parametrize("hours", ["0", "73", "-1", "1.5", "a day", "", "٣"])
def test_hours_outside_the_limits_are_refused_at_their_field(proposed: House, hours: str) -> None:
    refused = errors_in(proposed.submit("U_OLGA", form(proposed), filled(proposed, hours=hours)))

    assert refused == {Block.GLASS_HOURS: "Write a whole number of hours from 1 to 72."}


@pytest.mark.parametrize("reason", ["", "Urgent", "It is very urgent"])
def test_a_reason_that_says_nothing_is_refused_at_its_field(proposed: House, reason: str) -> None:
    refused = errors_in(proposed.submit("U_OLGA", form(proposed), filled(proposed, reason=reason)))

    assert "at least 5 words" in refused[Block.GLASS_REASON]


@pytest.mark.parametrize("second", [None, "U_OLGA"])
def test_nobody_or_oneself_is_no_second_person(proposed: House, second: str | None) -> None:
    refused = errors_in(proposed.submit("U_OLGA", form(proposed), filled(proposed, second)))

    assert refused == {Block.GLASS_SECOND: "Choose somebody other than yourself."}


def test_a_second_call_while_one_waits_is_refused(proposed: House) -> None:
    view = form(proposed)
    call(proposed)

    again = proposed.submit("U_KIM", view, filled(proposed, "U_OLGA"))

    assert "called for UC-1 already" in words(view_in(again))
    assert len(glasses(proposed)) == 1


# ---------------------------------------------------------------------------------------------- who sees what


def test_home_asks_the_second_person_and_lets_the_first_take_it_back(proposed: House) -> None:
    for who in ("U_KIM", "U_OLGA"):
        proposed.open_home(who)
    call(proposed)

    kim, olga = (words(proposed.world.homes[who]) for who in ("U_KIM", "U_OLGA"))
    assert "*Olga* asks you to let *UC-1*" in kim
    assert "Do not agree" in kim
    assert "waits for Kim" in olga
    assert "Take it back" in olga
    answer(proposed)
    assert "asks you to let" not in words(proposed.world.homes["U_KIM"])


def test_a_confidential_use_case_is_only_for_holders_who_may_read_it(house: House) -> None:
    with_holders(house, "U_OLGA", "U_KIM", "U_RUTH", "U_IDA")
    house.grant("lead", "U_OLGA")
    house.grant("auditor", "U_RUTH")
    house.propose(confidential=["yes"])
    house.send()
    assert case(house).confidential

    house.press("U_KIM", Action.BREAK_GLASS, str(house.request_id()))
    house.send()
    assert house.whispers_to("U_KIM") == ["That request does not exist any more."]
    view = form(house)
    second = next(block for block in view["blocks"] if block.get("block_id") == Block.GLASS_SECOND)
    assert [option["text"]["text"] for option in second["element"]["options"]] == ["Ruth"]
    refused = errors_in(house.submit("U_OLGA", view, filled(house, "U_KIM")))
    assert "may not read" in refused[Block.GLASS_SECOND]

    call(house, second="U_RUTH")
    answer(house, "U_RUTH")

    assert stands(house) == (UseCaseState.APPROVED, True)
    assert house.posts_to("U_IDA") == []
    assert house.posts_to("U_KIM") == []
    assert house.posts_to(GOVERNANCE) == []
    house.grant("admin", "U_BEN")
    assert "UC-1" in house.command("U_BEN", "break-glass", command=Command.GATEHOUSE)


def test_leads_see_how_often_and_auditors_list_them(proposed: House) -> None:
    hire(proposed, "U_RUTH", "auditor")
    proposed.propose(name="Another")
    break_glass(proposed, hours="1")
    proposed.advance(hours=1)
    break_glass(proposed, reference="UC-2")
    proposed.approve("U_ANN", "UC-2")
    proposed.open_home("U_BEN")
    proposed.send()

    assert "🚨 Break-glass: 2 in the last 90 days, 1 not approved in time." in words(proposed.world.homes["U_BEN"])
    listed = proposed.command("U_RUTH", "break-glass", command=Command.GATEHOUSE)
    assert "*UC-1* “Summarise complaint files”: Olga and Kim" in listed
    assert "⏸️ Not approved in time, suspended" in listed
    assert "*UC-2* “Another”" in listed
    assert "✅ Approved in time" in listed
    assert "Only programme leads" in proposed.command("U_PRIYA", "break-glass", command=Command.GATEHOUSE)


def test_the_tick_of_two_replicas_ends_it_once(proposed: House) -> None:
    break_glass(proposed, hours="1")
    proposed.clock.advance(hours=1)

    done = [ticks.tick(proposed.database, proposed.clock.now()) for _ in range(2)]

    assert done[1] == 0
    assert proposed.facts().count("break_glass.ended") == 1


def test_it_is_on_the_record_from_the_call_to_its_end(proposed: House) -> None:
    break_glass(proposed)
    proposed.reject("U_ANN", "Not with these files.")

    facts = [fact for fact in proposed.facts() if fact.startswith("break_glass.")]
    assert facts == ["break_glass.called", "break_glass.agreed", "break_glass.refused"]
    with proposed.database.reading() as session:
        assert REASON not in str(session.connection().exec_driver_sql("SELECT body FROM ledger_events").fetchall())


def test_the_role_decides_in_no_lane() -> None:
    text = policy_text(stage("one", lane("first", "governance"))).replace("role: governance", "role: break_glass")

    with pytest.raises(PolicyError, match="it decides nothing"):
        reactions.require_every_kind(text)
