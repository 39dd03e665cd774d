"""Requests that come back: changes asked for, approvals that hold, fallbacks, many approvers, and lines that decide."""

from uuid import UUID

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from db.enums import Audience, LaneStatus, RequestStatus, RoundCause, Verb
from db.tables import ApprovalRequest, ApprovalRound, ApprovalSeat, Card, RoleChannel
from tests.support.chains import hire, lane, policy_text, put_in_force, stage
from tests.support.fakes import member
from tests.support.house import GOVERNANCE, House
from tests.support.kitchen import PIE, PIE_POLICY, Kitchen
from workflows import approvals, people, policy
from workflows.approvals import Opened, Refusal, Refused, Voted

TWO_TASTERS = policy_text(
    stage("taste", lane("bakers", "baker", sections=["purpose"]), lane("cooks", "cook", sections=["data"])),
    stage("serve", lane("waiters", "waiter", sections=["purpose", "data"])),
    kind="pie",
    tier="low",
)


@pytest.fixture
def kitchen(house: House) -> Kitchen:
    return Kitchen(house, TWO_TASTERS)


def asked_of(outcome: Opened | Refused) -> set[str]:
    assert isinstance(outcome, Opened), outcome
    return {person.slack_id for person in outcome.asked}


def lanes_of(kitchen: Kitchen) -> dict[str, str]:
    return kitchen.standing()[2]


# ---------------------------------------------------------------------------------------------- changes requested


def test_asking_for_changes_gives_it_back_and_stops_the_clock(kitchen: Kitchen) -> None:
    outcome = kitchen.vote("U_COOK", "cooks", Verb.REQUEST_CHANGES)

    assert isinstance(outcome, Voted)
    assert outcome.status is RequestStatus.CHANGES_REQUESTED
    request = kitchen.request()
    asked = request.changes_asked()
    assert asked is not None
    assert (asked[0].slack_id, asked[1].reason, request.settled_at) == ("U_COOK", "Soggy.", None)
    with kitchen.house.database.reading() as session:
        assert [seat.remind_at for seat in session.exec(select(ApprovalSeat))] == [None] * 3
        assert approvals.waiting_for(session, kitchen.people["U_BAKER1"].id) == []


def test_nobody_decides_while_the_proposer_has_it(kitchen: Kitchen) -> None:
    kitchen.vote("U_COOK", "cooks", Verb.REQUEST_CHANGES)

    for who, key in (("U_BAKER1", "bakers"), ("U_COOK", "cooks")):
        refused = kitchen.vote(who, key)
        assert isinstance(refused, Refused)
        assert refused.why is Refusal.WITH_PROPOSER


def test_a_lane_whose_sections_did_not_change_is_not_asked_again(kitchen: Kitchen) -> None:
    kitchen.vote("U_BAKER1", "bakers")
    kitchen.vote("U_COOK", "cooks", Verb.REQUEST_CHANGES)

    again = kitchen.resubmit(data="c")

    assert asked_of(again) == {"U_COOK"}
    assert lanes_of(kitchen) == {"Bakers": "approved", "Cooks": "open", "Waiters": "waiting"}
    [bakers] = [each for part in kitchen.request().stages for each in part.lanes if each.name == "Bakers"]
    assert bakers.is_kept
    assert [seat.person.slack_id for seat in bakers.seats if seat.vote] == ["U_BAKER1"]
    kitchen.vote("U_COOK", "cooks")
    last = kitchen.vote("U_WAITER", "waiters")
    assert isinstance(last, Voted)
    assert last.status is RequestStatus.APPROVED


def test_a_lane_whose_sections_changed_votes_again(kitchen: Kitchen) -> None:
    kitchen.vote("U_BAKER1", "bakers")
    kitchen.vote("U_COOK", "cooks", Verb.REQUEST_CHANGES)

    assert asked_of(kitchen.resubmit(purpose="c")) == {"U_BAKER1", "U_BAKER2", "U_COOK"}


def test_the_asker_is_asked_again_although_nothing_changed(kitchen: Kitchen) -> None:
    kitchen.vote("U_COOK", "cooks", Verb.REQUEST_CHANGES)

    assert "U_COOK" in asked_of(kitchen.resubmit())


def test_an_earlier_stage_stays_approved_when_a_later_one_asks_for_changes(kitchen: Kitchen) -> None:
    kitchen.vote("U_BAKER1", "bakers")
    kitchen.vote("U_COOK", "cooks")
    kitchen.vote("U_WAITER", "waiters", Verb.REQUEST_CHANGES)

    assert asked_of(kitchen.resubmit()) == {"U_WAITER"}
    assert kitchen.standing()[1] == {"Taste stage": "approved", "Serve stage": "open"}


def test_a_tier_that_changed_makes_everybody_vote_again(kitchen: Kitchen) -> None:
    kitchen.vote("U_BAKER1", "bakers")
    kitchen.vote("U_COOK", "cooks", Verb.REQUEST_CHANGES)

    assert asked_of(kitchen.resubmit(tier="high")) == {"U_BAKER1", "U_BAKER2", "U_COOK"}
    assert kitchen.request().tier.value == "high"


def test_the_approval_of_somebody_who_owns_it_now_does_not_hold(kitchen: Kitchen) -> None:
    kitchen.vote("U_BAKER1", "bakers")
    kitchen.vote("U_COOK", "cooks", Verb.REQUEST_CHANGES)

    again = kitchen.resubmit(data="c", owner="U_BAKER1")

    assert asked_of(again) == {"U_BAKER2", "U_COOK"}
    refused = kitchen.vote("U_BAKER1", "bakers")
    assert isinstance(refused, Refused)
    assert refused.why is Refusal.OWN_USE_CASE


def test_a_card_of_an_earlier_round_decides_nothing(kitchen: Kitchen) -> None:
    kitchen.vote("U_COOK", "cooks", Verb.REQUEST_CHANGES)
    kitchen.resubmit(data="c")
    old = kitchen.lane("bakers", of_round=1)

    with kitchen.house.database.transaction() as session:
        vote = approvals.Vote(old.id, Verb.APPROVE, old.content_digest)
        refused = approvals.cast_vote(session, vote, voter=kitchen.people["U_BAKER1"], now=kitchen.house.clock.now())

    assert refused == Refused(Refusal.CONTENT_CHANGED, kitchen.request_id)
    assert lanes_of(kitchen)["Bakers"] == "open"


def test_what_is_in_review_or_decided_cannot_be_submitted_again(kitchen: Kitchen) -> None:
    assert kitchen.resubmit(data="c") == Refused(Refusal.ALREADY_DECIDED, kitchen.request_id)
    kitchen.vote("U_COOK", "cooks", Verb.REJECT)
    assert kitchen.resubmit(data="c") == Refused(Refusal.ALREADY_DECIDED, kitchen.request_id)


def test_every_round_stays_on_the_record(kitchen: Kitchen) -> None:
    kitchen.vote("U_COOK", "cooks", Verb.REQUEST_CHANGES)
    kitchen.resubmit(data="c")

    with kitchen.house.database.reading() as session:
        rounds = session.exec(select(ApprovalRound).order_by(col(ApprovalRound.round))).all()
    assert [(each.round, each.cause, each.revision) for each in rounds] == [
        (1, RoundCause.SUBMITTED, 1),
        (2, RoundCause.RESUBMITTED, 2),
    ]
    assert "approval.request_resubmitted" in kitchen.house.facts()


# ---------------------------------------------------------------------------------------------- another policy


def test_a_request_is_rerouted_only_when_somebody_says_so(kitchen: Kitchen) -> None:
    kitchen.vote("U_BAKER1", "bakers")

    again = kitchen.reroute(PIE_POLICY)  # both bakers must approve there

    assert asked_of(again) == {"U_BAKER1", "U_BAKER2", "U_COOK"}
    assert lanes_of(kitchen)["Bakers"] == "open"
    assert "approval.request_rerouted" in kitchen.house.facts()


def test_rerouting_to_what_it_has_is_refused(kitchen: Kitchen) -> None:
    before = kitchen.house.facts()

    assert kitchen.reroute(TWO_TASTERS) == Refused(Refusal.ALREADY_DECIDED, kitchen.request_id)
    assert kitchen.house.facts() == before


def test_what_was_changed_meanwhile_is_not_rerouted_on_what_it_was(kitchen: Kitchen) -> None:
    kitchen.vote("U_COOK", "cooks", Verb.REQUEST_CHANGES)
    kitchen.resubmit(data="c")
    kitchen.subject = PIE  # as somebody read it before

    assert kitchen.reroute(PIE_POLICY) == Refused(Refusal.CONTENT_CHANGED, kitchen.request_id)


# ---------------------------------------------------------------------------------------------- who is asked

FALLBACK = TWO_TASTERS.replace("  cook:\n    name: Cook\n", "  cook:\n    name: Cook\n    fallback: waiter\n")


def test_when_nobody_holds_the_role_its_fallback_is_asked(house: House) -> None:
    kitchen = Kitchen(house, FALLBACK, [("U_BAKER1", "baker"), ("U_WAITER", "waiter")])

    assert kitchen.asked == {"U_BAKER1", "U_WAITER"}
    assert kitchen.lane("cooks").seated_role == "waiter"


def test_when_nobody_holds_the_fallback_either_the_programme_leads_are_asked(house: House) -> None:
    kitchen = Kitchen(house, FALLBACK, [("U_BAKER1", "baker"), ("U_LEAD", "lead")])

    assert kitchen.asked == {"U_BAKER1", "U_LEAD"}
    assert kitchen.lane("cooks").seated_role == "lead"


def test_when_nobody_at_all_may_decide_the_lane_is_blocked_until_somebody_may(house: House) -> None:
    kitchen = Kitchen(house, FALLBACK, [("U_BAKER1", "baker")])
    assert lanes_of(kitchen)["Cooks"] == "blocked"

    hire(house, "U_WAITER", "waiter")

    assert lanes_of(kitchen)["Cooks"] == "open"
    assert kitchen.lane("cooks").seated_role == "waiter"


def test_two_are_not_asked_where_three_must_agree(house: House) -> None:
    three = policy_text(stage("taste", lane("bakers", "baker", rule={"at_least": 3})), kind="pie", tier="low")
    kitchen = Kitchen(house, three, [("U_BAKER1", "baker"), ("U_BAKER2", "baker")])
    assert lanes_of(kitchen) == {"Bakers": "blocked"}

    hire(house, "U_BAKER3", "baker")
    for who in ("U_BAKER1", "U_BAKER2"):
        kitchen.people = {slack_id: kitchen.actor(slack_id) for slack_id in house.world.people}
        outcome = kitchen.vote(who, "bakers")
        assert isinstance(outcome, Voted)
        assert outcome.status is RequestStatus.IN_REVIEW
    last = kitchen.vote("U_BAKER3", "bakers")
    assert isinstance(last, Voted)
    assert last.status is RequestStatus.APPROVED


MANY = [(f"U_BAKER{number}", "baker") for number in range(6)]
ONE_STAGE = policy_text(stage("taste", lane("bakers", "baker")), kind="pie", tier="low")


def place_bakers(house: House, channel: str) -> None:
    with house.database.transaction() as session:
        session.connection().execute(
            RoleChannel.metadata.tables["role_channels"].insert(), {"role": "baker", "channel": channel}
        )


def cards(house: House) -> set[tuple[Audience, str]]:
    with house.database.reading() as session:
        return {(card.audience, card.conversation) for card in session.exec(select(Card))}


def test_six_people_are_asked_by_one_card_in_their_roles_channel(house: House) -> None:
    place_bakers(house, "C_BAKERS")
    kitchen = Kitchen(house, ONE_STAGE, MANY, channel=GOVERNANCE)

    assert kitchen.asked == {slack_id for slack_id, _ in MANY}
    assert cards(house) == {(Audience.GOVERNANCE, GOVERNANCE), (Audience.ROLE, "C_BAKERS")}


def test_five_people_are_asked_one_by_one(house: House) -> None:
    place_bakers(house, "C_BAKERS")
    Kitchen(house, ONE_STAGE, MANY[:5])

    assert cards(house) == {(Audience.APPROVER, slack_id) for slack_id, _ in MANY[:5]}


def test_a_role_that_shares_the_governance_channel_gets_no_second_card_there(house: House) -> None:
    place_bakers(house, GOVERNANCE)
    Kitchen(house, ONE_STAGE, MANY, channel=GOVERNANCE)

    assert cards(house) == {(Audience.GOVERNANCE, GOVERNANCE)}


def test_what_is_confidential_is_announced_in_no_channel(house: House) -> None:
    place_bakers(house, "C_BAKERS")
    Kitchen(house, ONE_STAGE, MANY, channel=GOVERNANCE, confidential=True)

    assert cards(house) == {(Audience.APPROVER, slack_id) for slack_id, _ in MANY}


def test_who_was_asked_in_a_channel_gets_a_card_of_their_own_when_it_becomes_confidential(house: House) -> None:
    place_bakers(house, "C_BAKERS")
    kitchen = Kitchen(house, ONE_STAGE, MANY, channel=GOVERNANCE)

    changed = follow_confidentiality(kitchen, confidential=True)

    own = {(Audience.APPROVER, slack_id) for slack_id, _ in MANY}
    assert changed == (kitchen.request_id,)
    assert cards(house) == own | {(Audience.GOVERNANCE, GOVERNANCE), (Audience.ROLE, "C_BAKERS")}
    assert follow_confidentiality(kitchen, confidential=True) == ()


def test_what_is_in_review_is_announced_once_everybody_may_know_of_it(house: House) -> None:
    kitchen = Kitchen(house, ONE_STAGE, MANY[:1], channel=GOVERNANCE, confidential=True)

    follow_confidentiality(kitchen, confidential=False)

    assert cards(house) == {(Audience.GOVERNANCE, GOVERNANCE), (Audience.APPROVER, "U_BAKER0")}


def follow_confidentiality(kitchen: Kitchen, *, confidential: bool) -> tuple[UUID, ...]:
    with kitchen.house.database.transaction() as session:
        subject, now = kitchen.subject, kitchen.house.clock.now()
        return approvals.follow_confidentiality(session, subject.kind, subject.id, confidential=confidential, now=now)


def test_the_plan_names_who_would_be_asked(kitchen: Kitchen) -> None:
    with kitchen.house.database.reading() as session:
        snapshot = policy.route(session, "pie", {})
        plan = approvals.planned(session, snapshot, related={}, excluded={kitchen.people["U_BAKER1"].id})

    asked = {each.name: [person.slack_id for person in each.people] for part in plan for each in part.lanes}
    assert asked == {"Bakers": ["U_BAKER2"], "Cooks": ["U_COOK"], "Waiters": ["U_WAITER"]}


# ---------------------------------------------------------------------------------------------- lines that decide

BY_LINE = """
name: Lines decide
version: 1
chains:
  tested: {stages: [{key: taste, name: Taste, lanes: [{key: leads, name: Leads, role: lead, rule: any,
    sections: [purpose], answer_within_hours: 1}]}]}
subjects:
  use_case: {tier: medium, chains: {medium: tested}}
  pie: {tier: low, approved_by: {low: {line: small_pies, reason: Small pies need nobody.}}}
"""


def test_a_line_of_the_policy_approves_and_is_named_on_the_record(house: House) -> None:
    kitchen = Kitchen(house, BY_LINE, [])

    assert (kitchen.opened.status, kitchen.opened.asked) == (RequestStatus.APPROVED, ())
    request = kitchen.request()
    assert (request.status, request.pinned.decided) == (RequestStatus.APPROVED, "Small pies need nobody.")
    assert request.settled_at == house.clock.now()
    assert [kind for kind in house.facts() if kind.startswith("approval.")] == [
        "approval.request_opened",
        "approval.request_settled",
    ]


def test_what_a_line_refused_may_be_corrected_and_then_people_decide(house: House) -> None:
    kitchen = Kitchen(house, BY_LINE, [("U_BAKER1", "baker"), ("U_COOK", "cook")])
    with house.database.transaction() as session:  # as a prohibited pie would stand
        session.connection().execute(update(ApprovalRequest).values(status=RequestStatus.REJECTED))
    put_in_force(house, TWO_TASTERS)

    assert asked_of(kitchen.resubmit()) == {"U_BAKER1", "U_COOK"}
    assert kitchen.request().status is RequestStatus.IN_REVIEW
    assert lanes_of(kitchen)["Bakers"] == LaneStatus.OPEN


# ---------------------------------------------------------------------------------------------- people leave


def leave(house: House, slack_id: str) -> None:
    house.tell({"type": "user_change", "user": member(slack_id, deleted=True)})
    house.advance(seconds=2)


def test_an_approver_who_leaves_is_no_longer_asked_and_the_others_decide(house: House) -> None:
    kitchen = Kitchen(house, TWO_TASTERS)

    leave(house, "U_BAKER1")

    assert "approval.seat_vacated" in house.facts()
    assert [person.slack_id for person in kitchen.request().waits_for()] == ["U_BAKER2", "U_COOK"]
    refused = kitchen.vote("U_BAKER1", "bakers")
    assert isinstance(refused, Refused)
    assert isinstance(kitchen.vote("U_BAKER2", "bakers"), Voted)


def test_when_too_few_are_left_the_fallback_is_asked_as_well(house: House) -> None:
    kitchen = Kitchen(house, FALLBACK)

    leave(house, "U_COOK")

    assert {person.slack_id for person in kitchen.request().waits_for()} == {"U_BAKER1", "U_BAKER2", "U_WAITER"}
    assert isinstance(kitchen.vote("U_WAITER", "cooks"), Voted)


def test_when_there_is_nobody_else_the_lane_is_blocked_and_not_approved_by_fewer(house: House) -> None:
    kitchen = Kitchen(house)  # both bakers must approve
    kitchen.vote("U_BAKER1", "bakers")

    leave(house, "U_BAKER2")

    assert lanes_of(kitchen)["Bakers"] == "blocked"
    hire(house, "U_BAKER3", "baker")
    assert lanes_of(kitchen)["Bakers"] == "open"
    kitchen.people["U_BAKER3"] = kitchen.actor("U_BAKER3")
    kitchen.vote("U_BAKER3", "bakers")
    assert lanes_of(kitchen)["Bakers"] == "approved"


def test_the_vote_of_somebody_who_left_afterwards_stands(house: House) -> None:
    kitchen = Kitchen(house)
    kitchen.vote("U_BAKER1", "bakers")
    leave(house, "U_BAKER1")

    kitchen.vote("U_BAKER2", "bakers")

    assert lanes_of(kitchen)["Bakers"] == "approved"


def test_who_left_and_came_back_is_asked_again_where_somebody_is_missing(house: House) -> None:
    kitchen = Kitchen(house)
    leave(house, "U_BAKER2")
    assert lanes_of(kitchen)["Bakers"] == "blocked"

    house.tell({"type": "user_change", "user": member("U_BAKER2")})
    house.advance(seconds=2)

    assert lanes_of(kitchen)["Bakers"] == "open"
    kitchen.vote("U_BAKER1", "bakers")
    kitchen.vote("U_BAKER2", "bakers")
    assert lanes_of(kitchen)["Bakers"] == "approved"


# ---------------------------------------------------------------------------------------------- votes that count on

THREE_AGREE = policy_text(
    stage(
        "taste",
        lane("bakers", "baker", rule={"at_least": 2}, sections=["purpose"]),
        lane("cooks", "cook", sections=["data"]),
    ),
    kind="pie",
    tier="low",
)
THREE_BAKERS = [("U_BAKER1", "baker"), ("U_BAKER2", "baker"), ("U_BAKER3", "baker"), ("U_COOK", "cook")]


@pytest.fixture
def bakery(house: House) -> Kitchen:
    """Return a pie that both bakers must approve, which the cook gave back after the first one had."""
    kitchen = Kitchen(house)
    kitchen.vote("U_BAKER1", "bakers")
    return kitchen


def give_back(kitchen: Kitchen) -> None:
    assert isinstance(kitchen.vote("U_COOK", "cooks", Verb.REQUEST_CHANGES), Voted)


def voted(kitchen: Kitchen, name: str = "Bakers") -> dict[str, str]:
    """Return whose votes stand in a lane, and by whom they were given."""
    [found] = [each for part in kitchen.request().stages for each in part.lanes if each.name == name]
    return {
        seat.person.slack_id: (seat.vote.delegate or seat.person).slack_id
        for seat in found.seats
        if seat.vote is not None
    }


def dismiss(house: House, slack_id: str, role: str) -> None:
    with house.database.transaction() as session:
        person = people.find(session, slack_id)
        assert person is not None
        people.withdraw_role(session, role, person.id, actor=None, now=house.clock.now())


def test_one_of_two_approvals_counts_on_when_nothing_it_is_about_changed(bakery: Kitchen) -> None:
    given = bakery.request().vote_of(bakery.people["U_BAKER1"].id)
    give_back(bakery)

    assert asked_of(bakery.resubmit(data="c")) == {"U_BAKER2", "U_COOK"}

    assert lanes_of(bakery) == {"Bakers": "open", "Cooks": "open", "Waiters": "waiting"}
    assert bakery.request().vote_of(bakery.people["U_BAKER1"].id) == given
    bakery.vote("U_BAKER2", "bakers")
    assert lanes_of(bakery)["Bakers"] == "approved"
    assert "approval.votes_carried" in bakery.house.facts()


def test_whoever_has_voted_already_is_asked_nothing(bakery: Kitchen) -> None:
    give_back(bakery)
    bakery.resubmit(data="c")

    baker1 = bakery.people["U_BAKER1"].id
    assert [person.slack_id for person in bakery.request().waits_for()] == ["U_BAKER2", "U_COOK"]
    assert bakery.request().open_lane_of(baker1) is None
    with bakery.house.database.reading() as session:
        assert approvals.waiting_for(session, baker1) == []
        seats = session.exec(select(ApprovalSeat).where(ApprovalSeat.lane_id == bakery.lane("bakers").id)).all()
    assert {seat.person_id for seat in seats if seat.remind_at is None} == {baker1}


def test_they_may_still_change_their_mind(bakery: Kitchen) -> None:
    give_back(bakery)
    bakery.resubmit(data="c")

    outcome = bakery.vote("U_BAKER1", "bakers", Verb.REJECT)

    assert isinstance(outcome, Voted)
    assert outcome.status is RequestStatus.REJECTED


def test_one_of_two_approvals_is_forgotten_when_what_it_is_about_changed(bakery: Kitchen) -> None:
    give_back(bakery)

    assert asked_of(bakery.resubmit(purpose="c")) == {"U_BAKER1", "U_BAKER2", "U_COOK"}
    assert voted(bakery) == {}


def test_the_lane_that_asked_for_changes_votes_anew_as_a_whole(bakery: Kitchen) -> None:
    bakery.vote("U_BAKER2", "bakers", Verb.REQUEST_CHANGES)

    assert asked_of(bakery.resubmit(data="c")) == {"U_BAKER1", "U_BAKER2", "U_COOK"}


def test_another_tier_makes_single_votes_void_too(bakery: Kitchen) -> None:
    give_back(bakery)

    assert asked_of(bakery.resubmit(data="c", tier="high")) == {"U_BAKER1", "U_BAKER2", "U_COOK"}


def test_the_vote_of_somebody_who_owns_it_now_does_not_count_on(house: House) -> None:
    kitchen = Kitchen(house, THREE_AGREE, THREE_BAKERS)
    kitchen.vote("U_BAKER1", "bakers")
    give_back(kitchen)

    assert asked_of(kitchen.resubmit(data="c", owner="U_BAKER1")) == {"U_BAKER2", "U_BAKER3", "U_COOK"}
    assert voted(kitchen) == {}


def test_a_set_that_shrank_is_not_approved_by_the_votes_it_had(bakery: Kitchen) -> None:
    dismiss(bakery.house, "U_BAKER2", "baker")
    give_back(bakery)

    assert asked_of(bakery.resubmit(data="c")) == {"U_BAKER1", "U_COOK"}

    assert (voted(bakery), lanes_of(bakery)["Bakers"]) == ({}, "open")
    bakery.vote("U_BAKER1", "bakers")
    assert lanes_of(bakery)["Bakers"] == "approved"


def test_a_rejection_that_ended_nothing_counts_on(house: House) -> None:
    bakers = lane("bakers", "baker", rule={"at_least": 2}, sections=["purpose"]) | {"reject": {"at_least": 2}}
    two_end_it = policy_text(stage("taste", bakers, lane("cooks", "cook", sections=["data"])), kind="pie", tier="low")
    kitchen = Kitchen(house, two_end_it, [*THREE_BAKERS, ("U_BAKER4", "baker")])
    kitchen.vote("U_BAKER1", "bakers", Verb.REJECT)
    give_back(kitchen)

    assert "U_BAKER1" not in asked_of(kitchen.resubmit(data="c"))

    outcome = kitchen.vote("U_BAKER2", "bakers", Verb.REJECT)
    assert isinstance(outcome, Voted)
    assert outcome.status is RequestStatus.REJECTED


def test_the_vote_a_delegate_gave_counts_on(house: House) -> None:
    kitchen = Kitchen(house)
    kitchen.away("U_BAKER1", "U_OTTO")
    kitchen.vote("U_OTTO", "bakers")
    give_back(kitchen)

    assert asked_of(kitchen.resubmit(data="c")) == {"U_BAKER2", "U_COOK"}
    assert voted(kitchen) == {"U_BAKER1": "U_OTTO"}


@pytest.mark.parametrize("why", ["asked themselves", "owns it now"])
def test_not_when_the_delegate_may_not_vote_for_others_any_more(house: House, why: str) -> None:
    kitchen = Kitchen(house)
    kitchen.away("U_BAKER1", "U_OTTO")
    kitchen.vote("U_OTTO", "bakers")
    if why == "asked themselves":
        house.grant("baker", "U_OTTO")
    give_back(kitchen)

    again = kitchen.resubmit(data="c", owner="U_OTTO" if why == "owns it now" else None)

    assert "U_BAKER1" in asked_of(again)
    assert voted(kitchen) == {}


def test_a_delegate_whose_vote_counts_on_stands_in_for_nobody_else_there(house: House) -> None:
    kitchen = Kitchen(house)
    kitchen.away("U_BAKER1", "U_OTTO")
    kitchen.vote("U_OTTO", "bakers")
    kitchen.away("U_BAKER2", "U_OTTO")
    give_back(kitchen)
    kitchen.resubmit(data="c")
    house.advance(seconds=2)

    refused = [each.person.slack_id for each in seats_of(kitchen) if each.is_open_to(kitchen.people["U_OTTO"].id)]

    assert refused == []


def seats_of(kitchen: Kitchen) -> list[approvals.SeatSnapshot]:
    return [seat for part in kitchen.request().stages for each in part.lanes for seat in each.seats]


def test_a_vote_counts_on_through_one_round_after_the_other(bakery: Kitchen) -> None:
    for letter in "cde":
        give_back(bakery)
        assert asked_of(bakery.resubmit(data=letter)) == {"U_BAKER2", "U_COOK"}

    bakery.vote("U_BAKER2", "bakers")

    assert voted(bakery) == {"U_BAKER1": "U_BAKER1", "U_BAKER2": "U_BAKER2"}


def test_a_vote_of_a_later_stage_waits_until_its_turn_comes_again(house: House) -> None:
    later = policy_text(
        stage("taste", lane("bakers", "baker", sections=["purpose"])),
        stage(
            "serve",
            lane("waiters", "waiter", rule="all", sections=["data"]),
            lane("cooks", "cook", sections=["purpose"]),
        ),
        kind="pie",
        tier="low",
    )
    kitchen = Kitchen(
        house, later, [("U_BAKER1", "baker"), ("U_WAITER1", "waiter"), ("U_WAITER2", "waiter"), ("U_COOK", "cook")]
    )
    kitchen.vote("U_BAKER1", "bakers")
    kitchen.vote("U_WAITER1", "waiters")
    give_back(kitchen)
    kitchen.resubmit(purpose="c")
    kitchen.vote("U_BAKER1", "bakers", Verb.REQUEST_CHANGES)  # before it is the waiters' turn
    kitchen.resubmit(purpose="d")
    assert voted(kitchen, "Waiters") == {}

    kitchen.vote("U_BAKER1", "bakers")

    assert voted(kitchen, "Waiters") == {"U_WAITER1": "U_WAITER1"}
    assert {person.slack_id for person in kitchen.request().waits_for()} == {"U_WAITER2", "U_COOK"}


def test_a_lane_that_could_ask_nobody_at_first_takes_the_votes_up_when_it_can(house: House) -> None:
    kitchen = Kitchen(house, THREE_AGREE, THREE_BAKERS[1:])
    kitchen.vote("U_BAKER2", "bakers")
    dismiss(house, "U_BAKER3", "baker")
    give_back(kitchen)
    kitchen.resubmit(data="c")
    assert (lanes_of(kitchen)["Bakers"], voted(kitchen)) == ("blocked", {})

    hire(house, "U_BAKER4", "baker")

    assert (lanes_of(kitchen)["Bakers"], voted(kitchen)) == ("open", {"U_BAKER2": "U_BAKER2"})
    assert "U_BAKER2" not in {person.slack_id for person in kitchen.request().waits_for()}
