"""Whoever proposes reads how long it usually takes and what is ahead; leads read where requests wait."""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from db.enums import RequestStatus
from db.tables import ApprovalRequest
from handlers.ids import Action, Block, Command
from tests.support.chains import hire, lane, policy_text, put_in_force, stage
from tests.support.house import ONE_LANE, House, buttons, filled, view_in, words
from tests.support.statements import recorded
from workflows import approvals

# The house opens on Monday, 2 March 2026, at ten in Berlin. A working day there is from nine to five.
BERLIN = "Europe/Berlin"
TOO_FEW = "Too few medium requests are decided so far to say how long one takes."
LOW = ONE_LANE.replace("medium", "low")
BY_A_LINE = LOW.replace(
    "    chains: {low: standard}\n", "    approved_by: {low: {line: harmless, reason: It is harmless.}}\n"
)


def until(house: House, local: str, zone: str = BERLIN) -> None:
    """Let time pass until then; nobody is reminded."""
    moment = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    house.clock.advance(seconds=(moment - house.clock.now()).total_seconds())


def decide(house: House, proposed: str, decided: str, who: str = "U_PRIYA", *, how: str = "approve") -> str:
    """Let somebody propose at one moment of Berlin's time and Ann decide at another; return the reference."""
    until(house, proposed)
    reference = house.propose(who)
    until(house, decided)
    if how == "approve":
        house.approve("U_ANN", reference)
    elif how == "reject":
        house.reject("U_ANN", "Not now.", reference)
    else:
        house.press(who, Action.WITHDRAW, str(house.request_id(reference)))
    return reference


def a_history(house: House, how: str = "approve") -> None:
    """Let five be decided, after 1, 1, 2, 1 and 3 working days; a weekend lies in between."""
    decide(house, "2026-03-02T10:00", "2026-03-03T10:00", how=how)
    decide(house, "2026-03-03T10:00", "2026-03-04T10:00", how=how)
    decide(house, "2026-03-04T10:00", "2026-03-06T10:00", how=how)
    decide(house, "2026-03-06T10:00", "2026-03-09T10:00", how=how)
    decide(house, "2026-03-09T10:00", "2026-03-12T10:00", how=how)
    until(house, "2026-03-12T10:01")


def told(house: House, reference: str, who: str = "U_PRIYA") -> str:
    """Return the line on what to expect in the answer to `/usecase UC-1`, or nothing."""
    answer = house.command(who, reference)
    return next((line for line in answer.split("\n") if re.match("Most |Too few ", line)), "")


def opened(house: House, reference: str, who: str) -> str:
    house.press(who, Action.OPEN, str(house.request_id(reference)), where="home")
    return words(house.world.opened[-1])


def home(house: House, who: str) -> str:
    house.open_home(who)
    house.send()
    return words(house.world.homes[who])


def waits(house: House, who: str) -> str:
    return house.command(who, "waits", command=Command.GATEHOUSE)


# ----------------------------------------------------------------------------------------------------------- the range


def test_while_too_few_were_decided_that_is_said_and_no_figure(house: House) -> None:
    reference = house.propose()

    assert told(house, reference) == f"{TOO_FEW} Yours waits on AI governance; none ahead."


@pytest.mark.parametrize("how", ["approve", "reject"])
def test_priya_reads_how_many_working_days_it_usually_takes(house: House, how: str) -> None:
    a_history(house, how)

    reference = house.propose()

    expected = "Most medium requests take 1 to 3 working days. Yours waits on AI governance; none ahead."
    assert told(house, reference) == expected


def test_it_says_how_often_such_ranges_were_right_once_five_could_be_judged(house: House) -> None:
    a_history(house)  # the first range is 1 to 3
    decide(house, "2026-03-12T10:01", "2026-03-13T10:01")  # 1: right
    decide(house, "2026-03-16T10:00", "2026-03-19T10:00")  # 3: right
    decide(house, "2026-03-19T11:00", "2026-03-26T11:00")  # 5: wrong; from now on 1 to 5
    decide(house, "2026-03-26T12:00", "2026-03-27T12:00")  # 1: right
    assert "right" not in told(house, house.propose())
    decide(house, "2026-03-27T13:00", "2026-03-27T14:00")  # an eighth of a day: wrong
    house.clock.advance(minutes=1)

    assert told(house, house.propose()).startswith(
        "Most medium requests take up to 3 working days (such ranges were right 3 of 5 times)."
    )


@pytest.mark.parametrize(
    ("zone", "days"), [(BERLIN, "1 working day"), ("America/New_York", "3 working days"), ("Africa/Cairo", "")]
)
def test_a_working_day_is_one_of_whoever_proposed(house: House, zone: str, days: str) -> None:
    """Over Easter the Berliners have Good Friday and Monday off; in New York people work on both."""
    hire(house, "U_LEE", tz=zone)
    until(house, "2026-04-02T16:00")
    references = [house.propose("U_LEE") for _ in range(5)]
    until(house, "2026-04-07T16:00")
    for reference in references:
        house.approve("U_ANN", reference)
    house.clock.advance(seconds=1)

    answer = told(house, house.propose("U_LEE"), "U_LEE")

    assert f"Most medium requests take {days}" in answer


def test_what_was_withdrawn_does_not_count(house: House) -> None:
    a_history(house, "withdraw")

    assert told(house, house.propose()).startswith(TOO_FEW)


def test_what_a_line_of_the_policy_decided_does_not_count(house: House) -> None:
    put_in_force(house, BY_A_LINE)
    for _ in range(5):
        house.propose()
    put_in_force(house, LOW)
    house.clock.advance(hours=1)

    assert told(house, house.propose()).startswith("Too few low requests are decided")


def test_what_expired_does_not_count(house: House) -> None:
    for _ in range(5):
        house.propose()
    for _ in range(30):
        house.advance(days=1)
    with house.database.reading() as session:
        assert set(session.exec(select(ApprovalRequest.status))) == {RequestStatus.EXPIRED}

    assert told(house, house.propose()).startswith(TOO_FEW)


def test_another_tier_says_nothing_about_this_one(house: House) -> None:
    a_history(house)
    put_in_force(house, ONE_LANE.replace("medium", "high"))

    assert told(house, house.propose()).startswith("Too few high requests are decided")


def test_the_time_it_was_back_for_changes_counts(house: House) -> None:
    for _ in range(4):
        decide(house, house.clock.now().astimezone(ZoneInfo(BERLIN)).isoformat()[:16], "2026-03-02T10:00")
    reference = house.propose()
    house.send()
    house.press("U_ANN", Action.REQUEST_CHANGES, buttons(house.posts_to("U_ANN")[-1])["Request changes"])
    house.submit("U_ANN", house.world.opened[-1], {Block.REASON: {"value": "Say who checks it."}})
    until(house, "2026-03-05T10:00")
    house.press("U_PRIYA", Action.EDIT, str(_subject(house, reference)))
    view = house.world.opened[-1]
    while "submit" in view:
        view = view_in(house.submit("U_PRIYA", view, filled(view, answered={}, problem="It takes long.")))
    house.send()
    house.press("U_ANN", Action.APPROVE, buttons(house.posts_to("U_ANN")[-1])["Approve"])
    house.clock.advance(seconds=1)

    assert "Most medium requests take up to 3 working days." in told(house, house.propose())


def _subject(house: House, reference: str) -> object:
    with house.database.reading() as session:
        statement = select(ApprovalRequest.subject_id).where(ApprovalRequest.reference == reference)
        return session.exec(statement).one()


# ------------------------------------------------------------------------------------------------------- what is ahead


def test_those_asked_earlier_are_ahead_and_one_less_when_one_is_decided(house: House) -> None:
    for _ in range(3):
        house.propose("U_OTTO")
        house.clock.advance(minutes=1)
    reference = house.propose()
    house.clock.advance(minutes=1)
    house.propose("U_OTTO")
    assert told(house, reference).endswith("Yours waits on AI governance; 3 ahead.")

    house.approve("U_ANN", "UC-2")

    assert told(house, reference).endswith("Yours waits on AI governance; 2 ahead.")


def test_a_confidential_one_ahead_is_counted_and_not_named(house: House) -> None:
    house.propose("U_OTTO", confidential=["confidential"], name="Read the mail of the board")
    house.clock.advance(minutes=1)
    reference = house.propose()

    answer = house.command("U_PRIYA", reference)

    assert "1 ahead" in answer
    assert "UC-1" not in answer
    assert "board" not in answer


def test_it_waits_on_the_lane_that_was_asked_first(house: House) -> None:
    put_in_force(house, policy_text(stage("one", lane("first", "governance")), stage("two", lane("second", "legal"))))
    house.grant("legal", "U_BEN")
    reference = house.propose()
    assert "Yours waits on First; none ahead." in told(house, reference)

    house.send()
    house.press("U_ANN", Action.APPROVE, buttons(house.posts_to("U_ANN")[-1])["Approve"])

    assert "Yours waits on Second; none ahead." in told(house, reference)


def test_who_was_asked_by_name_is_named_and_has_no_queue(house: House) -> None:
    house.grant("lead", "U_BEN")
    reference = house.propose()
    ballot = house.ballot(reference)
    house.clock.advance(minutes=1)
    house.press("U_BEN", Action.ADD_APPROVER, str(house.request_id(reference)))
    view = house.world.opened[-1]
    typed = {Block.COLLEAGUE: {"type": "users_select", "selected_user": "U_OTTO"}, Block.REASON: {"value": "Knows it."}}
    house.submit("U_BEN", view, typed)
    house.press("U_ANN", Action.APPROVE, ballot)

    assert told(house, reference).endswith("Yours waits on Otto.")


def test_a_sponsor_is_no_queue_and_is_told_with_those_whose_role_one_person_holds(house: House) -> None:
    put_in_force(house, policy_text(stage("one", lane("sponsor", "sponsor"))))
    house.grant("lead", "U_OTTO")
    house.propose(sponsor="U_BEN")
    house.clock.advance(minutes=1)

    assert told(house, house.propose(sponsor="U_ANN")).endswith("Yours waits on Sponsor.")
    assert "*Roles held by one person, sponsors and people asked by name*: 2 requests wait" in waits(house, "U_OTTO")


def test_a_lane_nobody_may_decide_is_not_waited_on(house: House) -> None:
    put_in_force(house, policy_text(stage("one", lane("first", "legal"))))

    assert told(house, house.propose()) == TOO_FEW


# -------------------------------------------------------------------------------------------------------- who reads it


def test_proposer_and_owner_read_it_wherever_they_look_and_nobody_else_does(house: House) -> None:
    a_history(house)
    response = house.propose_with()
    reference = str(view_in(response)["title"]["text"])
    expected = "Most medium requests take 1 to 3 working days. Yours waits on AI governance; none ahead."
    assert expected in words(view_in(response))
    assert expected in home(house, "U_PRIYA")
    for who in ("U_PRIYA", "U_MAREK"):
        assert expected in house.command(who, reference)
        assert expected in opened(house, reference, who)

    house.grant("lead", "U_BEN")
    for who in ("U_ANN", "U_BEN", "U_OTTO"):
        assert "Most medium" not in house.command(who, reference)
        assert "Most medium" not in opened(house, reference, who)
        assert "Most medium" not in home(house, who)
    assert all("Most medium" not in words(post) + post.text for post in house.world.posts)


def test_what_is_decided_has_nothing_to_expect(house: House) -> None:
    reference = house.propose()
    house.approve("U_ANN", reference)

    assert told(house, reference) == ""
    assert "Too few" not in opened(house, reference, "U_PRIYA") + home(house, "U_PRIYA")


def test_a_home_with_many_proposals_reads_history_once_for_each_tier(house: House) -> None:
    ids = [house.request_id(house.propose()) for _ in range(4)]
    with house.database.reading() as session:
        requests = [approvals.existing_request(session, each) for each in ids]

    def asked(number: int) -> int:
        with recorded(house.database.engine) as recording, house.database.reading() as session:
            recording.taken()
            assert len(approvals.outlooks_of(session, requests[:number], now=house.clock.now())) == number
            return sum(each.count for each in recording.taken())

    assert asked(4) == asked(1) <= 4


# ------------------------------------------------------------------------------------------------- where requests wait


@pytest.fixture
def led(house: House) -> House:
    """Return the house with Ben as lead, and two people who hold legal besides Ann, who alone is governance."""
    chain = policy_text(stage("both", lane("governance", "governance"), lane("legal", "legal")))
    put_in_force(house, chain)
    for who in ("U_LIA", "U_LEO"):
        hire(house, who, "legal")
    house.grant("lead", "U_BEN")
    return house


def test_only_leads_and_admins_hear_where_requests_wait_and_that_is_checked_when_they_ask(led: House) -> None:
    led.propose()
    led.grant("admin", "U_OTTO")

    assert "Only programme leads and admins" in waits(led, "U_ANN")
    for who in ("U_BEN", "U_OTTO"):
        assert "Where requests wait" in waits(led, who)
        assert "Where requests wait" in home(led, who)
        assert "/gatehouse waits" in led.command(who, "help", command=Command.GATEHOUSE)
    assert "Where requests wait" not in home(led, "U_ANN")
    assert "/gatehouse waits" not in led.command("U_ANN", "help", command=Command.GATEHOUSE)


def test_a_lead_reads_how_many_wait_where_and_how_long_and_what_is_past_due(led: House) -> None:
    led.propose()  # Monday at ten
    until(led, "2026-03-03T10:00")
    led.propose()
    until(led, "2026-03-04T10:00")
    led.propose("U_OTTO")
    assert "*Legal*: 3 requests wait, median 1 working day\n" in waits(led, "U_BEN")

    led.advance(days=2)  # now three days of everybody's working time are over for the first two

    assert "*Legal*: 3 requests wait, median 3 working days; ⏰ 2 past due\n" in waits(led, "U_BEN")


def test_roles_that_one_person_holds_are_told_in_one_line_and_nobody_is_named(led: House) -> None:
    led.propose()
    until(led, "2026-03-03T10:00")

    answer = waits(led, "U_BEN")

    single = "*Roles held by one person, sponsors and people asked by name*: 1 request waits, for 1 working day"
    assert answer.split("\n")[1:] == ["*Legal*: 1 request waits, for 1 working day", single]
    for name in ("Governance", "Ann", "Lia", "Leo", "Priya"):
        assert name not in answer


def test_a_confidential_request_counts_where_it_waits_and_is_not_named(led: House) -> None:
    led.propose(confidential=["confidential"], name="Read the mail of the board")

    answer = waits(led, "U_BEN")

    assert "*Legal*: 1 request waits, for less than half a working day" in answer
    assert "UC-1" not in answer
    assert "board" not in answer


def test_lanes_nobody_may_decide_are_said_loudly(house: House) -> None:
    house.grant("lead", "U_BEN")
    put_in_force(house, policy_text(stage("one", lane("first", "legal"))))
    house.propose("U_BEN")

    assert "⚠️ 1 lane blocked: nobody may decide it." in waits(house, "U_BEN")


def test_where_nothing_waits_that_is_said(house: House) -> None:
    house.grant("lead", "U_BEN")

    assert waits(house, "U_BEN") == "*Where requests wait*\nNothing waits for anybody."
