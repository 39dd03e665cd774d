"""Corners of the engine into which people get who do anything in any order."""

import json

import pytest
from sqlmodel import select

from db.enums import OutboxKind, RequestStatus, Verb
from db.tables import ApprovalLane, LedgerEvent
from tests.support.chains import hire, lane, policy_text, stage
from tests.support.fakes import member
from tests.support.house import House
from tests.support.kitchen import PIE_POLICY, Kitchen
from workflows import approvals, people
from workflows.approvals import Done, Opened, Refusal, Refused, Voted

TASTE = (lane("bakers", "baker", rule="all", sections=["purpose"]), lane("cooks", "cook", sections=["data"]))
SERVE = stage("serve", lane("waiters", "waiter", sections=["purpose", "data"]))
STAFF = (("U_BAKER1", "baker"), ("U_BAKER2", "baker"), ("U_COOK", "cook"), ("U_WAITER", "waiter"), ("U_BEN", "lead"))


@pytest.fixture
def kitchen(house: House) -> Kitchen:
    """Return a pie that both bakers and a cook taste; Ben leads the programme, Otto has no part in it."""
    return Kitchen(house, PIE_POLICY, STAFF)


def leave(house: House, slack_id: str, **facts: bool) -> None:
    house.tell({"type": "user_change", "user": member(slack_id, **(facts or {"deleted": True}))})
    house.advance(seconds=2)


def add(kitchen: Kitchen, who: str) -> Done | Refused:
    """Let Ben ask one more person."""
    kitchen.house.clock.advance(seconds=1)
    with kitchen.house.database.transaction() as session:
        found = people.find(session, who)
        assert found is not None
        return approvals.add_approver(
            session,
            kitchen.request_id,
            person=found,
            reason="Knows ovens.",
            actor=kitchen.people["U_BEN"],
            now=kitchen.house.clock.now(),
        )


def asked_of(outcome: Opened | Refused) -> set[str]:
    assert isinstance(outcome, Opened), outcome
    return {person.slack_id for person in outcome.asked}


def lanes_of(kitchen: Kitchen) -> dict[str, str]:
    return kitchen.standing()[2]


def waits_for(kitchen: Kitchen) -> set[str]:
    return {person.slack_id for person in kitchen.request().waits_for()}


# ---------------------------------------------------------------------------------------------- approvals that hold


def test_a_chain_in_which_only_the_rule_of_rejections_changed_is_another_chain(kitchen: Kitchen) -> None:
    kitchen.vote("U_COOK", "cooks")
    patient = TASTE[1] | {"reject": {"at_least": 2}}

    again = kitchen.reroute(policy_text(stage("taste", TASTE[0], patient), SERVE, kind="pie", tier="low"))

    assert asked_of(again) == {"U_BAKER1", "U_BAKER2", "U_COOK"}


def test_an_approval_does_not_hold_where_approvers_must_differ_from_now_on(house: House) -> None:
    kitchen = Kitchen(house, PIE_POLICY, (*STAFF, ("U_COOK", "waiter")))
    kitchen.vote("U_COOK", "cooks")

    again = kitchen.reroute(
        policy_text(stage("taste", *TASTE), SERVE, kind="pie", tier="low").replace(
            "  tested:\n", "  tested:\n    distinct_approvers: true\n", 1
        )
    )

    assert "U_COOK" in asked_of(again)


def test_who_was_asked_besides_and_owns_it_now_takes_the_lane_with_them_and_all_are_asked(kitchen: Kitchen) -> None:
    kitchen.vote("U_COOK", "cooks")
    for baker in ("U_BAKER1", "U_BAKER2"):
        kitchen.vote(baker, "bakers")
    add(kitchen, "U_OTTO")
    kitchen.vote("U_WAITER", "waiters")  # only Otto is left
    kitchen.vote("U_OTTO", "ad_hoc_1", Verb.REQUEST_CHANGES)

    again = kitchen.resubmit(owner="U_OTTO")

    assert asked_of(again) == {"U_BAKER1", "U_BAKER2", "U_COOK"}


def test_an_added_approval_a_delegate_gave_does_not_hold_once_the_delegate_owns_it(kitchen: Kitchen) -> None:
    add(kitchen, "U_OTTO")
    kitchen.away("U_OTTO", "U_MAREK")
    assert isinstance(kitchen.vote("U_MAREK", "ad_hoc_1"), Voted)
    kitchen.vote("U_COOK", "cooks", Verb.REQUEST_CHANGES)

    kitchen.resubmit(owner="U_MAREK")

    assert lanes_of(kitchen)["Also asked: Otto"] == "open"


def test_an_added_approval_does_not_outlive_its_chain(kitchen: Kitchen) -> None:
    add(kitchen, "U_OTTO")
    kitchen.vote("U_OTTO", "ad_hoc_1")

    kitchen.reroute(policy_text(stage("taste", TASTE[0]), SERVE, kind="pie", tier="low"))

    assert lanes_of(kitchen)["Also asked: Otto"] == "open"


def test_one_more_can_be_asked_after_an_earlier_one_fell_away(kitchen: Kitchen) -> None:
    add(kitchen, "U_OTTO")
    add(kitchen, "U_MAREK")
    kitchen.vote("U_COOK", "cooks", Verb.REQUEST_CHANGES)
    kitchen.resubmit(owner="U_OTTO")

    assert isinstance(add(kitchen, "U_PRIYA"), Done)

    assert {"Also asked: Marek", "Also asked: Priya"} < set(lanes_of(kitchen))


def test_lanes_added_in_two_stages_fit_into_the_one_that_is_left(house: House) -> None:
    kitchen = Kitchen(house, PIE_POLICY, STAFF)
    add(kitchen, "U_OTTO")
    for who, key in (("U_BAKER1", "bakers"), ("U_BAKER2", "bakers"), ("U_COOK", "cooks"), ("U_OTTO", "ad_hoc_1")):
        kitchen.vote(who, key)
    add(kitchen, "U_MAREK")

    assert isinstance(kitchen.reroute(policy_text(SERVE, kind="pie", tier="low")), Opened)

    assert set(lanes_of(kitchen)) == {"Waiters", "Also asked: Marek", "Also asked: Otto"}


def test_a_guest_is_not_asked_besides(kitchen: Kitchen) -> None:
    leave(kitchen.house, "U_OTTO", is_restricted=True)

    assert add(kitchen, "U_OTTO") == Refused(Refusal.NOT_ELIGIBLE, kitchen.request_id)


def test_an_approval_that_was_kept_for_later_stays_one_when_the_request_is_rejected(house: House) -> None:
    two = stage("serve", lane("waiters", "waiter"), lane("porters", "porter", sections=["data"]))
    text = policy_text(stage("taste", TASTE[1]), two, kind="pie", tier="low")
    kitchen = Kitchen(house, text, (("U_COOK", "cook"), ("U_WAITER", "waiter"), ("U_OTTO", "porter")))
    kitchen.vote("U_COOK", "cooks")
    kitchen.vote("U_OTTO", "porters")
    kitchen.vote("U_WAITER", "waiters", Verb.REQUEST_CHANGES)
    kitchen.resubmit(purpose="c")

    kitchen.vote("U_WAITER", "waiters", Verb.REJECT)

    assert lanes_of(kitchen) == {"Cooks": "approved", "Porters": "approved", "Waiters": "rejected"}


# ---------------------------------------------------------------------------------------------- seats


def test_whoever_voted_in_somebodys_name_gets_no_seat_of_their_own(kitchen: Kitchen) -> None:
    kitchen.away("U_BAKER1", "U_OTTO")
    kitchen.vote("U_OTTO", "bakers")
    kitchen.house.grant("baker", "U_OTTO")

    leave(kitchen.house, "U_BAKER2")

    assert "U_OTTO" not in waits_for(kitchen)
    assert "U_BEN" in waits_for(kitchen)  # the fallback


def test_a_seat_is_not_passed_to_somebody_who_voted_there_in_somebodys_name(kitchen: Kitchen) -> None:
    kitchen.away("U_BAKER1", "U_OTTO")
    kitchen.vote("U_OTTO", "bakers")
    kitchen.house.grant("baker", "U_OTTO")

    with kitchen.house.database.transaction() as session:
        refused = approvals.reassign(
            session,
            kitchen.lane("bakers").id,
            seat=kitchen.people["U_BAKER2"],
            to=kitchen.people["U_OTTO"],
            reason="Knows pies.",
            actor=kitchen.people["U_BAKER2"],
            now=kitchen.house.clock.now(),
        )

    assert refused == Refused(Refusal.NOT_ELIGIBLE, kitchen.request_id)


def test_the_silent_keep_their_seats_where_those_in_their_place_would_be_too_few(house: House) -> None:
    short = TASTE[0] | {"answer_within_hours": 1, "escalate": {"to": "lead", "how": "replace"}}
    kitchen = Kitchen(house, policy_text(stage("taste", short), kind="pie", tier="low"), STAFF)

    kitchen.beat(hours=2)

    assert waits_for(kitchen) == {"U_BAKER1", "U_BAKER2", "U_BEN"}
    [event] = [each for each in events_of(kitchen) if each["kind"] == "approval.lane_escalated"]
    assert event["data"]["how"] == "add"


def test_nobody_is_asked_anew_while_the_proposer_has_it(kitchen: Kitchen) -> None:
    kitchen.vote("U_COOK", "cooks", Verb.REQUEST_CHANGES)

    leave(kitchen.house, "U_BAKER1")

    assert lanes_of(kitchen)["Bakers"] == "open"
    assert "approval.seat_vacated" not in kitchen.house.facts()


def test_nobody_is_reminded_in_a_lane_that_is_blocked(house: House) -> None:
    kitchen = Kitchen(house, PIE_POLICY, STAFF[:4])
    leave(house, "U_BAKER2")
    assert lanes_of(kitchen)["Bakers"] == "blocked"

    kitchen.beat(days=3)

    told = {row.conversation for row in house.outbox_rows() if row.kind is OutboxKind.VOTE_REMINDER}
    assert "U_BAKER1" not in told


def test_a_lane_that_opens_again_after_its_last_date_gets_its_time_once_more(house: House) -> None:
    text = policy_text(stage("taste", TASTE[0] | {"answer_within_hours": 8}), kind="pie", tier="low")
    kitchen = Kitchen(house, text, STAFF[:2])
    kitchen.beat(days=2)
    kitchen.beat(hours=1)
    assert kitchen.lane("bakers").expires_at is not None
    leave(house, "U_BAKER2")
    house.clock.advance(days=7)

    hire(house, "U_BAKER3", "baker")
    kitchen.beat(minutes=1)

    assert kitchen.request().status is RequestStatus.IN_REVIEW
    kitchen.beat(days=4)
    assert kitchen.request().status is RequestStatus.EXPIRED


def test_two_who_return_in_the_same_moment_both_have_their_seats_back(kitchen: Kitchen) -> None:
    kitchen.away("U_BAKER1", "U_OTTO", hours=1)
    kitchen.away("U_BAKER2", "U_MAREK", hours=1)

    kitchen.beat(hours=2)

    delegates = [seat.delegate for each in kitchen.request().stages[0].lanes for seat in each.seats]
    assert delegates == [None, None, None]


def test_who_voted_in_another_stage_does_not_stand_in_where_approvers_must_differ(house: House) -> None:
    kitchen = Kitchen(
        house,
        policy_text(stage("taste", TASTE[1]), SERVE, kind="pie", tier="high"),
        (("U_COOK", "cook"), ("U_WAITER", "waiter")),
    )
    kitchen.vote("U_COOK", "cooks")

    kitchen.away("U_WAITER", "U_COOK")

    assert kitchen.request().open_lane_of(kitchen.people["U_COOK"].id) is None


# ---------------------------------------------------------------------------------------------- what people see


def events_of(kitchen: Kitchen) -> list[dict[str, dict[str, str]]]:
    with kitchen.house.database.reading() as session:
        return [json.loads(row.body) for row in session.exec(select(LedgerEvent))]


def test_a_reminder_to_a_delegate_says_for_whom_on_the_record(house: House) -> None:
    kitchen = Kitchen(house, PIE_POLICY, STAFF)
    kitchen.away("U_BAKER1", "U_OTTO", hours=200)

    kitchen.beat(days=2)

    told = [each["data"] for each in events_of(kitchen) if each["kind"] == "approval.reminded"]
    baker, otto = (str(kitchen.people[who].id) for who in ("U_BAKER1", "U_OTTO"))
    assert [each["person"] for each in told if each.get("for") == baker] == [otto]


def test_an_expired_request_leaves_the_homes_of_everybody_asked(kitchen: Kitchen) -> None:
    for who in ("U_COOK", "U_OTTO"):
        kitchen.house.open_home(who)
    kitchen.away("U_COOK", "U_OTTO", hours=2000)
    with kitchen.house.database.transaction() as session:
        baker_lane = kitchen.lane("bakers")
        session.connection().execute(
            ApprovalLane.metadata.tables["approval_lanes"]
            .update()
            .where(ApprovalLane.metadata.tables["approval_lanes"].c.id == baker_lane.id)
            .values(timeouts=2, expires_at=kitchen.house.clock.now())
        )
    before = len(kitchen.house.outbox_rows())

    kitchen.beat(seconds=2)

    assert kitchen.request().status is RequestStatus.EXPIRED
    drawn = {row.conversation for row in kitchen.house.outbox_rows()[before:] if row.kind is OutboxKind.HOME_SYNC}
    assert {"home:U_COOK", "home:U_OTTO"} <= drawn


def test_the_home_of_a_delegate_shows_what_a_stage_asks_of_them_as_it_opens(kitchen: Kitchen) -> None:
    kitchen.house.open_home("U_OTTO")
    kitchen.away("U_WAITER", "U_OTTO", hours=2000)
    for who, key in (("U_BAKER1", "bakers"), ("U_BAKER2", "bakers")):
        kitchen.vote(who, key)
    before = len(kitchen.house.outbox_rows())

    kitchen.vote("U_COOK", "cooks")

    drawn = {row.conversation for row in kitchen.house.outbox_rows()[before:] if row.kind is OutboxKind.HOME_SYNC}
    assert "home:U_OTTO" in drawn


def test_a_delegate_who_is_asked_themselves_stands_in_no_longer(house: House) -> None:
    short = TASTE[0] | {"answer_within_hours": 1, "escalate": {"to": "lead"}}
    kitchen = Kitchen(house, policy_text(stage("taste", short), kind="pie", tier="low"), STAFF)
    kitchen.away("U_BAKER1", "U_BEN", hours=200)

    kitchen.beat(hours=2)

    seats = {seat.person.slack_id: seat.delegate for seat in kitchen.request().stages[0].lanes[0].seats}
    assert seats == {"U_BAKER1": None, "U_BAKER2": None, "U_BEN": None}


def test_the_home_of_who_stands_in_no_longer_is_drawn_also_when_somebody_leaves_in_that_moment(
    kitchen: Kitchen,
) -> None:
    kitchen.house.open_home("U_OTTO")
    kitchen.away("U_BAKER1", "U_OTTO", hours=1)
    kitchen.house.tell({"type": "user_change", "user": member("U_BAKER2", deleted=True)})
    before = len(kitchen.house.outbox_rows())

    kitchen.house.advance(hours=2)

    drawn = {row.conversation for row in kitchen.house.outbox_rows()[before:] if row.kind is OutboxKind.HOME_SYNC}
    assert "home:U_OTTO" in drawn
