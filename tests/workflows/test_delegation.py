"""Somebody decides for somebody else: in their name, once, never around a rule, and never further."""

from datetime import timedelta

import pytest
from sqlmodel import select

from db.enums import RequestStatus, Verb
from db.tables import ApprovalVote, LedgerEvent
from tests.support.chains import hire, lane, policy_text, stage
from tests.support.fakes import member
from tests.support.house import House
from tests.support.kitchen import Kitchen
from workflows import people
from workflows.approvals import Refusal, Refused, Voted
from workflows.people import Delegated, NoDelegation

ALL_BAKERS = policy_text(stage("taste", lane("bakers", "baker", rule="all")), kind="pie", tier="low")
BAKERS = (("U_BAKER1", "baker"), ("U_BAKER2", "baker"))


@pytest.fixture
def kitchen(house: House) -> Kitchen:
    """Return a kitchen where both bakers must approve; Ben has no role."""
    return Kitchen(house, ALL_BAKERS, BAKERS)


def why(outcome: Voted | Refused) -> Refusal | None:
    return outcome.why if isinstance(outcome, Refused) else None


def waits_for(kitchen: Kitchen, who: str) -> bool:
    return kitchen.request().open_lane_of(kitchen.people[who].id) is not None


def test_a_delegate_decides_in_the_name_of_who_is_away_and_both_are_on_the_record(kitchen: Kitchen) -> None:
    assert why(kitchen.vote("U_BEN", "bakers")) is Refusal.NOT_AN_APPROVER

    assert isinstance(kitchen.away("U_BAKER1", "U_BEN"), Delegated)

    assert waits_for(kitchen, "U_BEN")
    principal = kitchen.request().principal_of(kitchen.people["U_BEN"].id)
    assert principal is not None
    assert principal.slack_id == "U_BAKER1"
    assert isinstance(kitchen.vote("U_BEN", "bakers"), Voted)
    with kitchen.house.database.reading() as session:
        [vote] = session.exec(select(ApprovalVote)).all()
        [body] = [row.body for row in session.exec(select(LedgerEvent)) if '"approval.voted"' in row.body]
    baker, ben = kitchen.people["U_BAKER1"].id, kitchen.people["U_BEN"].id
    assert (vote.person_id, vote.cast_by) == (baker, ben)
    assert f'"actor":"{ben}"' in body
    assert f'"for":"{baker}"' in body


def test_the_delegates_vote_counts_as_one(kitchen: Kitchen) -> None:
    kitchen.away("U_BAKER1", "U_BEN")
    kitchen.vote("U_BEN", "bakers")

    last = kitchen.vote("U_BAKER2", "bakers")

    assert isinstance(last, Voted)
    assert last.status is RequestStatus.APPROVED


def test_who_is_away_may_still_act_and_whichever_comes_first_counts(kitchen: Kitchen) -> None:
    kitchen.away("U_BAKER1", "U_BEN")
    assert isinstance(kitchen.vote("U_BAKER1", "bakers"), Voted)

    assert why(kitchen.vote("U_BEN", "bakers", Verb.REJECT)) is Refusal.SEAT_TAKEN

    kitchen.away("U_BAKER2", "U_BEN")
    assert isinstance(kitchen.vote("U_BEN", "bakers"), Voted)


def test_a_colleague_asked_in_the_same_lane_does_not_get_a_second_seat(kitchen: Kitchen) -> None:
    kitchen.away("U_BAKER1", "U_BAKER2")

    first = kitchen.vote("U_BAKER2", "bakers")

    assert isinstance(first, Voted)
    assert first.status is RequestStatus.IN_REVIEW
    assert why(kitchen.vote("U_BAKER2", "bakers")) is Refusal.ALREADY_DECIDED


def test_one_delegate_of_two_people_votes_once_in_a_lane(kitchen: Kitchen) -> None:
    kitchen.away("U_BAKER1", "U_BEN")
    kitchen.away("U_BAKER2", "U_BEN")

    first = kitchen.vote("U_BEN", "bakers")

    assert isinstance(first, Voted)
    assert first.status is RequestStatus.IN_REVIEW
    assert isinstance(kitchen.vote("U_BEN", "bakers"), Refused)
    assert len(kitchen.request().waits_for()) == 1


def test_the_proposer_cannot_decide_through_a_delegation(kitchen: Kitchen) -> None:
    kitchen.away("U_BAKER1", "U_ANN")  # Ann asked for the pie

    assert not waits_for(kitchen, "U_ANN")
    assert why(kitchen.vote("U_ANN", "bakers")) is Refusal.OWN_REQUEST


def test_a_delegation_does_not_cascade(kitchen: Kitchen) -> None:
    hire(kitchen.house, "U_CARL")
    kitchen.people["U_CARL"] = kitchen.actor("U_CARL")
    kitchen.away("U_BEN", "U_CARL")
    kitchen.away("U_BAKER1", "U_BEN")

    assert not waits_for(kitchen, "U_CARL")
    assert not waits_for(kitchen, "U_BEN")  # is out as well
    assert why(kitchen.vote("U_CARL", "bakers")) is Refusal.NOT_AN_APPROVER


def test_what_is_pending_comes_back_when_the_delegation_ends(kitchen: Kitchen) -> None:
    kitchen.away("U_BAKER1", "U_BEN", hours=2)

    kitchen.house.advance(hours=2)

    assert not waits_for(kitchen, "U_BEN")
    assert waits_for(kitchen, "U_BAKER1")
    assert why(kitchen.vote("U_BEN", "bakers")) is Refusal.NOT_AN_APPROVER
    assert kitchen.house.facts().count("approval.seat_delegated") == 2


def test_back_ends_it_early(kitchen: Kitchen) -> None:
    kitchen.away("U_BAKER1", "U_BEN")

    with kitchen.house.database.transaction() as session:
        assert people.end_delegations(session, kitchen.people["U_BAKER1"], now=kitchen.house.clock.now()) == 1
    kitchen.house.advance(seconds=2)

    assert not waits_for(kitchen, "U_BEN")


def test_a_delegate_who_leaves_or_becomes_a_guest_stands_in_no_longer(kitchen: Kitchen) -> None:
    kitchen.away("U_BAKER1", "U_BEN")

    kitchen.house.tell({"type": "user_change", "user": member("U_BEN", is_restricted=True)})
    kitchen.house.advance(seconds=2)

    assert not waits_for(kitchen, "U_BEN")


def test_a_delegate_gets_one_card_of_their_own(kitchen: Kitchen) -> None:
    kitchen.away("U_BAKER1", "U_BEN")
    with kitchen.house.database.reading() as session:
        assert waits_for(kitchen, "U_BEN")
        seen = session.connection().exec_driver_sql("SELECT conversation FROM cards").scalars().all()

    assert sorted(seen) == ["U_BAKER1", "U_BAKER2", "U_BEN"]


def may_change(kitchen: Kitchen, who: str) -> bool:
    return kitchen.request().vote_to_change(kitchen.people[who].id) is not None


def decided_by(kitchen: Kitchen, who: str) -> str:
    """Return who gave the vote that stands in the name of `who`."""
    with kitchen.house.database.reading() as session:
        votes = session.exec(select(ApprovalVote)).all()
    [cast_by] = [vote.cast_by for vote in votes if vote.person_id == kitchen.people[who].id]
    return next(name for name, person in kitchen.people.items() if person.id == cast_by)


def test_a_delegate_may_change_the_vote_only_while_they_stand_in(kitchen: Kitchen) -> None:
    kitchen.away("U_BAKER1", "U_BEN", hours=2)
    assert isinstance(kitchen.vote("U_BEN", "bakers"), Voted)
    assert may_change(kitchen, "U_BEN")
    assert not may_change(kitchen, "U_BAKER1")
    assert why(kitchen.vote("U_BAKER1", "bakers", Verb.REJECT)) is Refusal.SEAT_TAKEN

    kitchen.house.advance(hours=2)

    assert not may_change(kitchen, "U_BEN")
    assert why(kitchen.vote("U_BEN", "bakers", Verb.REJECT)) is Refusal.NOT_AN_APPROVER
    assert decided_by(kitchen, "U_BAKER1") == "U_BEN"


def test_who_is_back_may_change_what_was_decided_in_their_name_and_both_are_on_the_record(kitchen: Kitchen) -> None:
    kitchen.away("U_BAKER1", "U_BEN", hours=2)
    kitchen.vote("U_BEN", "bakers")
    kitchen.house.advance(hours=2)

    assert may_change(kitchen, "U_BAKER1")
    assert isinstance(kitchen.vote("U_BAKER1", "bakers", Verb.REJECT), Voted)

    assert decided_by(kitchen, "U_BAKER1") == "U_BAKER1"
    assert kitchen.request().status is RequestStatus.REJECTED
    assert kitchen.house.facts().count("approval.voted") == 2


def test_a_delegate_who_is_no_full_member_any_more_leaves_the_vote_to_the_principal(kitchen: Kitchen) -> None:
    kitchen.away("U_BAKER1", "U_BEN")
    kitchen.vote("U_BEN", "bakers")

    kitchen.house.tell({"type": "user_change", "user": member("U_BEN", is_restricted=True)})
    kitchen.house.advance(seconds=2)

    assert not may_change(kitchen, "U_BEN")
    assert may_change(kitchen, "U_BAKER1")
    kitchen.house.tell({"type": "user_change", "user": member("U_BEN")})
    kitchen.house.advance(seconds=2)
    assert may_change(kitchen, "U_BEN")  # stands in again
    assert not may_change(kitchen, "U_BAKER1")


def test_a_delegation_that_ends_after_the_vote_asks_nobody_and_changes_the_record_once(kitchen: Kitchen) -> None:
    kitchen.away("U_BAKER1", "U_BEN", hours=2)
    kitchen.vote("U_BEN", "bakers")

    for _ in range(3):
        kitchen.house.advance(hours=1)

    assert [person.slack_id for person in kitchen.request().waits_for()] == ["U_BAKER2"]
    assert kitchen.house.facts().count("approval.seat_delegated") == 2  # when it began, and when it ended
    assert "approvals.vote_reminder" not in {row.kind for row in kitchen.house.outbox_rows()}
    with kitchen.house.database.reading() as session:
        cards = session.connection().exec_driver_sql("SELECT conversation FROM cards").scalars().all()
    assert sorted(cards) == ["U_BAKER1", "U_BAKER2", "U_BEN"]


def test_who_voted_for_somebody_stands_in_for_nobody_else_until_that_vote_is_given_anew(house: House) -> None:
    bakers = lane("bakers", "baker", rule={"at_least": 2}) | {"reject": {"at_least": 2}}
    three = (*BAKERS, ("U_BAKER3", "baker"))
    kitchen = Kitchen(house, policy_text(stage("taste", bakers), kind="pie", tier="low"), three)
    kitchen.away("U_BAKER1", "U_BEN", hours=2)
    kitchen.vote("U_BEN", "bakers", Verb.REJECT)
    house.advance(hours=2)

    kitchen.away("U_BAKER2", "U_BEN")

    assert not waits_for(kitchen, "U_BEN")
    assert isinstance(kitchen.vote("U_BAKER1", "bakers", Verb.APPROVE), Voted)
    house.advance(seconds=2)
    assert waits_for(kitchen, "U_BEN")
    last = kitchen.vote("U_BEN", "bakers")
    assert isinstance(last, Voted)
    assert last.status is RequestStatus.APPROVED


@pytest.mark.parametrize(
    ("to", "start", "end", "refused"),
    [
        pytest.param("U_BAKER1", 0, 24, NoDelegation.THEMSELVES, id="oneself"),
        pytest.param("U_BEN", -48, -24, NoDelegation.OVER, id="a time that is over"),
        pytest.param("U_BEN", 24, 24, NoDelegation.OVER, id="no time at all"),
        pytest.param("U_BAKER2", 10, 30, NoDelegation.OVERLAPS, id="beside another"),
    ],
)
def test_it_is_refused(kitchen: Kitchen, to: str, start: float, end: float, refused: NoDelegation) -> None:
    kitchen.away("U_BAKER1", "U_BEN", hours=20)
    now = kitchen.house.clock.now()

    with kitchen.house.database.transaction() as session:
        outcome = people.delegate(
            session,
            kitchen.people["U_BAKER1"],
            kitchen.people[to],
            starts_at=now + timedelta(hours=start),
            ends_at=now + timedelta(hours=end),
            now=now,
        )

    assert outcome is refused


# ---------------------------------------------------------------------------------------------- distinct approvers

TWO_STAGES = policy_text(
    stage("taste", lane("bakers", "baker")), stage("serve", lane("waiters", "waiter")), kind="pie", tier="high"
)


def test_in_the_high_tier_nobody_decides_in_two_stages(house: House) -> None:
    staff = (("U_BAKER1", "baker"), ("U_BAKER1", "waiter"), ("U_WAITER", "waiter"))
    kitchen = Kitchen(house, TWO_STAGES, staff)

    kitchen.vote("U_BAKER1", "bakers")

    assert [person.slack_id for person in kitchen.request().waits_for()] == ["U_WAITER"]
    kitchen.away("U_WAITER", "U_BAKER1")
    assert why(kitchen.vote("U_BAKER1", "waiters")) is Refusal.NOT_AN_APPROVER
    assert isinstance(kitchen.vote("U_WAITER", "waiters"), Voted)


def test_elsewhere_they_may_unless_the_chain_says_otherwise(house: House) -> None:
    staff = (("U_BAKER1", "baker"), ("U_BAKER1", "waiter"))
    medium = TWO_STAGES.replace("high", "medium")
    assert isinstance(_vote_twice(Kitchen(house, medium, staff)), Voted)


def _vote_twice(kitchen: Kitchen) -> Voted | Refused:
    kitchen.vote("U_BAKER1", "bakers")
    return kitchen.vote("U_BAKER1", "waiters")
