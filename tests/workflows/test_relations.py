"""Approvers by relation: the sponsor, the owner's manager, the objective's owner; and who stands in for them."""

from datetime import UTC, datetime

import pytest
from sqlmodel import col, update

from db.enums import RequestStatus, Verb
from db.tables import Person
from tests.support.chains import hire, lane, policy_text, stage
from tests.support.fakes import member
from tests.support.house import House
from tests.support.kitchen import PIE_POLICY, STAFF, Kitchen
from workflows import approvals, policy
from workflows.approvals import Opened, Refusal, Refused, Voted

COOK = [("U_COOK", "cook"), ("U_LEAD", "lead")]
CASE = {"owner": "U_MAREK", "sponsor": "U_LEA"}
MONDAY_NINE = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)  # in Berlin


def asking(role: str, *others: dict[str, object], **more: object) -> str:
    """Return a policy whose first stage asks by a relation, which only looks at the value, and others beside it."""
    first = lane("related", role, sections=["purpose"]) | more
    return policy_text(stage("taste", first, *others), stage("serve", lane("cooks", "cook")), kind="pie", tier="low")


def kitchen_of(house: House, text: str, **relations: str) -> Kitchen:
    for slack_id in ("U_MAREK", "U_LEA", "U_OTTO", "U_BEN"):
        hire(house, slack_id)
    return Kitchen(house, text, COOK, relations={**CASE, **relations})


def manage(kitchen: Kitchen, who: str, manager: str | None) -> None:
    """Say who manages somebody, as an import would."""
    manager_id = kitchen.people[manager].id if manager else None
    with kitchen.house.database.transaction() as session:
        session.connection().execute(update(Person).where(col(Person.slack_id) == who).values(manager_id=manager_id))


def leave(house: House, slack_id: str) -> None:
    house.tell({"type": "user_change", "user": member(slack_id, deleted=True)})
    house.advance(seconds=2)


def waits_for(kitchen: Kitchen) -> set[str]:
    return {person.slack_id for person in kitchen.request().waits_for()}


def asked_of(outcome: Opened | Refused) -> set[str]:
    assert isinstance(outcome, Opened), outcome
    return {person.slack_id for person in outcome.asked}


# ------------------------------------------------------------------------------------------------ the sponsor


def test_the_sponsor_is_asked_and_decides(house: House) -> None:
    kitchen = kitchen_of(house, asking("sponsor"))

    assert kitchen.asked == {"U_LEA"}
    assert kitchen.lane("related").seated_role == "sponsor"
    assert isinstance(kitchen.vote("U_LEA", "related"), Voted)
    assert kitchen.standing()[2] == {"Related": "approved", "Cooks": "open"}


def test_a_sponsor_who_proposed_it_is_stood_in_for(house: House) -> None:
    kitchen = kitchen_of(house, asking("sponsor", fallback="cook"), sponsor="U_ANN")

    assert kitchen.asked == {"U_COOK"}
    assert kitchen.lane("related").seated_role == "cook"


def test_a_sponsor_who_left_before_it_was_their_turn_is_stood_in_for(house: House) -> None:
    kitchen = kitchen_of(house, serving("sponsor"))
    leave(house, "U_LEA")

    kitchen.vote("U_COOK", "cooks")

    assert waits_for(kitchen) == {"U_LEAD"}


def test_a_sponsor_nobody_stands_in_for_is_answered_by_the_programme_leads(house: House) -> None:
    assert kitchen_of(house, asking("sponsor"), sponsor="U_ANN").asked == {"U_LEAD"}


def test_a_lane_for_a_sponsor_is_blocked_while_nobody_at_all_may_decide(house: House) -> None:
    kitchen = Kitchen(house, asking("sponsor"), [("U_COOK", "cook")], relations={"sponsor": "U_ANN"})
    assert kitchen.standing()[2]["Related"] == "blocked"

    hire(house, "U_LEAD", "lead")

    assert waits_for(kitchen) == {"U_LEAD"}


def test_a_sponsor_can_stand_in_for_a_role_nobody_holds(house: House) -> None:
    kitchen = kitchen_of(house, asking("baker", fallback="sponsor"))

    assert kitchen.asked == {"U_LEA"}


def test_the_sponsors_delegate_decides_in_their_name(house: House) -> None:
    kitchen = kitchen_of(house, asking("sponsor"))
    kitchen.away("U_LEA", "U_OTTO")

    assert isinstance(kitchen.vote("U_OTTO", "related"), Voted)
    [seat] = kitchen.request().stages[0].lanes[0].seats
    assert seat.vote is not None
    assert seat.vote.delegate is not None
    assert (seat.person.slack_id, seat.vote.delegate.slack_id) == ("U_LEA", "U_OTTO")


def test_a_sponsor_who_leaves_while_asked_is_stood_in_for(house: House) -> None:
    kitchen = kitchen_of(house, asking("sponsor", fallback="cook"))

    leave(house, "U_LEA")

    assert waits_for(kitchen) == {"U_COOK"}


def test_what_asks_for_the_sponsor_cannot_be_passed_on_to_somebody_else(house: House) -> None:
    kitchen = kitchen_of(house, asking("sponsor"))
    assert not kitchen.request().may_pass_on(kitchen.people["U_LEA"].id)

    with house.database.transaction() as session:
        refused = approvals.reassign(
            session,
            kitchen.lane("related").id,
            seat=kitchen.people["U_LEA"],
            to=kitchen.people["U_COOK"],
            reason="You know it better.",
            actor=kitchen.people["U_LEA"],
            now=house.clock.now(),
        )

    assert refused == Refused(Refusal.NOT_ELIGIBLE, kitchen.request_id)


def test_where_approvers_must_differ_a_sponsor_who_decided_before_is_stood_in_for(house: House) -> None:
    text = policy_text(
        stage("taste", lane("first", "sponsor")),
        stage("serve", lane("second", "sponsor") | {"fallback": "cook"}),
        kind="pie",
        tier="low",
        distinct_approvers=True,
    )
    kitchen = kitchen_of(house, text)

    kitchen.vote("U_LEA", "first")

    assert waits_for(kitchen) == {"U_COOK"}


# ------------------------------------------------------------------------------------------------ the owner's manager


def serving(role: str, **more: object) -> str:
    """Return a policy whose second stage asks by a relation."""
    last = lane("related", role, sections=["purpose"]) | more
    return policy_text(stage("taste", lane("cooks", "cook")), stage("serve", last), kind="pie", tier="low")


def test_the_manager_is_whoever_it_is_when_the_stage_opens(house: House) -> None:
    kitchen = kitchen_of(house, serving("owners_manager"))
    manage(kitchen, "U_MAREK", "U_OTTO")
    manage(kitchen, "U_MAREK", "U_BEN")

    kitchen.vote("U_COOK", "cooks")

    assert waits_for(kitchen) == {"U_BEN"}


def test_a_manager_who_changes_after_they_were_asked_keeps_the_seat(house: House) -> None:
    kitchen = kitchen_of(house, serving("owners_manager"))
    manage(kitchen, "U_MAREK", "U_OTTO")
    kitchen.vote("U_COOK", "cooks")

    manage(kitchen, "U_MAREK", "U_BEN")
    house.advance(seconds=2)

    assert waits_for(kitchen) == {"U_OTTO"}


@pytest.mark.parametrize("is_known", [True, False], ids=["has left", "is not known"])
def test_a_manager_who_cannot_be_asked_is_stood_in_for(house: House, is_known: bool) -> None:
    kitchen = kitchen_of(house, serving("owners_manager", fallback="lead"))
    if is_known:
        manage(kitchen, "U_MAREK", "U_OTTO")
        leave(house, "U_OTTO")

    kitchen.vote("U_COOK", "cooks")

    assert waits_for(kitchen) == {"U_LEAD"}


def test_a_manager_who_leaves_while_asked_gives_the_seat_to_the_one_who_follows(house: House) -> None:
    kitchen = kitchen_of(house, serving("owners_manager"))
    manage(kitchen, "U_MAREK", "U_OTTO")
    kitchen.vote("U_COOK", "cooks")

    manage(kitchen, "U_MAREK", "U_BEN")
    leave(house, "U_OTTO")

    assert waits_for(kitchen) == {"U_BEN"}


def test_a_blocked_lane_opens_once_it_is_known_who_the_manager_is(house: House) -> None:
    for slack_id in ("U_MAREK", "U_LEA", "U_OTTO"):
        hire(house, slack_id)
    kitchen = Kitchen(house, asking("owners_manager"), [("U_COOK", "cook")], relations=CASE)
    assert kitchen.standing()[2]["Related"] == "blocked"

    manage(kitchen, "U_MAREK", "U_OTTO")
    house.advance(seconds=2)

    assert waits_for(kitchen) == {"U_OTTO"}


def test_a_seat_of_a_former_manager_can_be_given_to_the_one_of_today(house: House) -> None:
    kitchen = kitchen_of(house, serving("owners_manager"))
    manage(kitchen, "U_MAREK", "U_OTTO")
    kitchen.vote("U_COOK", "cooks")
    manage(kitchen, "U_MAREK", "U_BEN")

    with house.database.transaction() as session:
        approvals.reassign(
            session,
            kitchen.lane("related").id,
            seat=kitchen.people["U_OTTO"],
            to=kitchen.people["U_BEN"],
            reason="Otto has another team now.",
            actor=kitchen.people["U_LEAD"],
            now=house.clock.now(),
        )

    assert waits_for(kitchen) == {"U_BEN"}


# ------------------------------------------------------------------------------------------------ the objective's owner


def test_the_objectives_owner_is_asked(house: House) -> None:
    assert kitchen_of(house, asking("objective_owner"), objective_owner="U_OTTO").asked == {"U_OTTO"}


def test_without_an_owner_of_the_objective_the_fallback_is_asked(house: House) -> None:
    assert kitchen_of(house, asking("objective_owner", fallback="cook")).asked == {"U_COOK"}


# ------------------------------------------------------------------------------------------------ escalation


@pytest.mark.parametrize(
    ("how", "asked"), [("add", {"U_COOK", "U_OTTO"}), ("replace", {"U_OTTO"})], ids=["beside", "in their place"]
)
def test_a_lane_escalates_to_the_objectives_owner(house: House, how: str, asked: set[str]) -> None:
    house.clock._real = MONDAY_NINE  # noqa: SLF001 - the clock of tests starts an hour later
    slow = lane("cooks", "cook", hours=2) | {"escalate": {"to": "objective_owner", "how": how}}
    kitchen = kitchen_of(house, policy_text(stage("one", slow), kind="pie", tier="low"), objective_owner="U_OTTO")

    for _ in range(11):
        kitchen.beat(minutes=12)

    assert waits_for(kitchen) == asked
    assert isinstance(kitchen.vote("U_OTTO", "cooks"), Voted)


def test_where_a_lane_escalates_to_nobody_the_leads_are_told(house: House) -> None:
    house.clock._real = MONDAY_NINE  # noqa: SLF001 - the clock of tests starts an hour later
    slow = lane("cooks", "cook", hours=2) | {"escalate": {"to": "objective_owner"}}
    kitchen = kitchen_of(house, policy_text(stage("one", slow), kind="pie", tier="low"))

    for _ in range(11):
        kitchen.beat(minutes=12)

    assert "approval.lane_escalated" not in house.facts()
    assert house.facts().count("approval.lane_overdue") == 1


# ------------------------------------------------------------------------------------------------ approvals that hold


def sent_back(house: House, role: str, *, fallback: str = "lead", **relations: str) -> Kitchen:
    """Return a pie whose related lane is approved, and that a cook sent back."""
    kitchen = kitchen_of(house, asking(role, fallback=fallback), **relations)
    if role == "owners_manager":
        manage(kitchen, "U_MAREK", "U_OTTO")
        house.advance(seconds=2)
    [who] = {seat.person.slack_id for seat in kitchen.request().stages[0].lanes[0].seats}
    assert isinstance(kitchen.vote(who, "related"), Voted)
    assert isinstance(kitchen.vote("U_COOK", "cooks", Verb.REQUEST_CHANGES), Voted)
    return kitchen


def test_the_sponsors_approval_holds_while_they_are_the_sponsor(house: House) -> None:
    kitchen = sent_back(house, "sponsor")

    assert asked_of(kitchen.resubmit(data="c")) == {"U_COOK"}
    kitchen.vote("U_COOK", "cooks", Verb.REQUEST_CHANGES)
    assert asked_of(kitchen.resubmit(data="d")) == {"U_COOK"}


def test_another_sponsor_decides_for_themselves(house: House) -> None:
    kitchen = sent_back(house, "sponsor")

    assert asked_of(kitchen.resubmit(data="c", relations={"sponsor": "U_BEN"})) == {"U_BEN"}


def test_a_sponsor_who_may_decide_now_is_asked_although_somebody_stood_in(house: House) -> None:
    kitchen = sent_back(house, "sponsor", sponsor="U_ANN")

    assert asked_of(kitchen.resubmit(data="c", relations={"sponsor": "U_BEN"})) == {"U_BEN"}


def test_who_stood_in_for_a_sponsor_need_not_decide_again_while_that_is_so(house: House) -> None:
    kitchen = sent_back(house, "sponsor", sponsor="U_ANN")

    assert asked_of(kitchen.resubmit(data="c")) == {"U_COOK"}


def test_what_a_former_sponsor_approved_in_the_place_of_others_does_not_hold(house: House) -> None:
    kitchen = sent_back(house, "baker", fallback="sponsor")

    assert asked_of(kitchen.resubmit(data="c", relations={"sponsor": "U_BEN"})) == {"U_BEN"}


def test_another_manager_decides_for_themselves(house: House) -> None:
    for slack_id in ("U_MAREK", "U_LEA", "U_OTTO", "U_BEN"):
        hire(house, slack_id)
    kitchen = Kitchen(house, asking("owners_manager"), [("U_COOK", "cook")], relations=CASE)
    for manager, changed in (("U_OTTO", "c"), ("U_OTTO", "d"), ("U_BEN", "e")):
        manage(kitchen, "U_MAREK", manager)
        house.advance(seconds=2)
        is_asked = kitchen.standing()[2]["Related"] == "open"
        assert is_asked == (changed == "c"), manager
        if is_asked:
            assert isinstance(kitchen.vote("U_OTTO", "related"), Voted)
        assert isinstance(kitchen.vote("U_COOK", "cooks", Verb.REQUEST_CHANGES), Voted)
        outcome = kitchen.resubmit(data=changed)
        assert asked_of(outcome) == ({"U_BEN"} if manager == "U_BEN" else {"U_COOK"})


def test_a_request_led_elsewhere_still_asks_who_it_belongs_to(house: House) -> None:
    kitchen = kitchen_of(house, asking("baker", fallback="lead"))

    assert asked_of(kitchen.reroute(asking("sponsor"))) == {"U_LEA"}


# ------------------------------------------------------------------------------------------------ fallbacks

FOUR = (("U_BAKER1", "baker"), ("U_COOK", "cook"), ("U_WAITER", "waiter"), ("U_LEAD", "lead"))


@pytest.mark.parametrize(
    ("staff", "asked"),
    [(FOUR, "U_BAKER1"), (FOUR[1:], "U_COOK"), (FOUR[2:], "U_WAITER"), (FOUR[3:], "U_LEAD")],
    ids=["its role", "the lane's fallback", "the chain's fallback", "the programme leads"],
)
def test_a_lane_asks_its_role_its_own_fallback_the_chains_and_then_the_leads(
    house: House, staff: tuple[tuple[str, str], ...], asked: str
) -> None:
    baking = lane("bakers", "baker") | {"fallback": "cook"}
    text = policy_text(stage("taste", baking), kind="pie", tier="low", fallback="waiter")

    assert Kitchen(house, text, staff).asked == {asked}


def test_a_lanes_own_fallback_is_asked_and_not_its_roles(house: House) -> None:
    baking = lane("bakers", "baker") | {"fallback": "cook"}
    text = (
        policy_text(stage("taste", baking), kind="pie", tier="low")
        .replace("    name: Baker\n", "    name: Baker\n    fallback: waiter\n")
        .replace("roles:\n", "roles:\n  waiter:\n    name: Waiter\n")
    )

    assert Kitchen(house, text, FOUR[1:]).asked == {"U_COOK"}
    with house.database.reading() as session:
        assert policy.route(session, "pie", {}).fallbacks == {"taste": {"bakers": ("cook", "lead")}}


def test_two_lanes_of_one_role_can_be_stood_in_for_by_different_people(house: House) -> None:
    one, other = (lane(key, "baker") | {"fallback": role} for key, role in (("crust", "cook"), ("filling", "waiter")))
    kitchen = Kitchen(house, policy_text(stage("taste", one, other), kind="pie", tier="low"), FOUR[1:])

    assert kitchen.lane("crust").seated_role == "cook"
    assert kitchen.lane("filling").seated_role == "waiter"


def test_a_request_is_rerouted_when_somebody_else_stands_in_for_a_lane(house: House) -> None:
    def text(**chain: str) -> str:
        return policy_text(stage("taste", lane("bakers", "baker")), kind="pie", tier="low", **chain)

    kitchen = Kitchen(house, text(), STAFF)

    def course() -> str:
        with house.database.reading() as session:
            return policy.route(session, "pie", {}).course

    before = kitchen.request().pinned.course
    assert course() == before
    kitchen.reroute(text(fallback="cook"))
    assert course() != before
    assert kitchen.request().pinned.course == course()


def test_a_pie_without_relations_has_none(house: House) -> None:
    kitchen = Kitchen(house, PIE_POLICY)

    assert kitchen.request().related == frozenset()
    assert kitchen.request().status is RequestStatus.IN_REVIEW
