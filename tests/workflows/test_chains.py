"""Requests on both engines: what is pinned, who is asked, who is never asked, and what happens when nobody can be."""

import ast
import hashlib
import json
from pathlib import Path
from uuid import uuid4

import pytest
from sqlmodel import col, select

import workflows.approvals
from db.enums import LaneStatus, RequestStatus, Section, Verb
from db.tables import (
    ApprovalLane,
    ApprovalRound,
    ApprovalSeat,
    ApprovalSection,
    ApprovalVote,
    Card,
    PolicyVersion,
    RoleHolder,
)
from handlers.ids import Action
from tests.support.chains import hire, lane, policy_text, put_in_force, stage
from tests.support.fakes import member
from tests.support.house import GOVERNANCE, House, buttons, words
from tests.support.kitchen import PIE, Kitchen, profile
from workflows import approvals, people
from workflows.approvals import Refusal, Refused, Vote, Voted
from workflows.approvals.streams import digest_over
from workflows.people import Actor

# ------------------------------------------------------------------------------- a subject nobody has heard of


@pytest.fixture
def kitchen(house: House) -> Kitchen:
    return Kitchen(house)


def test_a_pie_goes_through_two_stages_with_lanes_of_any_and_all(kitchen: Kitchen) -> None:
    assert kitchen.asked == {"U_BAKER1", "U_BAKER2", "U_COOK"}

    for who, key in (("U_BAKER1", "bakers"), ("U_COOK", "cooks")):
        outcome = kitchen.vote(who, key)
        assert isinstance(outcome, Voted)
        assert outcome.status is RequestStatus.IN_REVIEW
    assert kitchen.standing() == (
        "in_review",
        {"Taste stage": "open", "Serve stage": "waiting"},
        {"Bakers": "open", "Cooks": "approved", "Waiters": "waiting"},
    )
    kitchen.vote("U_BAKER2", "bakers")
    assert kitchen.standing()[1] == {"Taste stage": "approved", "Serve stage": "open"}
    last = kitchen.vote("U_WAITER", "waiters")

    assert isinstance(last, Voted)
    assert (last.status, last.subject_kind, last.subject_id) == (RequestStatus.APPROVED, "pie", PIE.id)
    assert kitchen.standing()[0] == "approved"


def test_one_rejection_ends_the_pie_its_sister_lane_and_its_later_stage(kitchen: Kitchen) -> None:
    outcome = kitchen.vote("U_BAKER1", "bakers", Verb.REJECT)

    assert isinstance(outcome, Voted)
    assert kitchen.standing() == (
        "rejected",
        {"Taste stage": "rejected", "Serve stage": "no_longer_required"},
        {"Bakers": "rejected", "Cooks": "no_longer_required", "Waiters": "no_longer_required"},
    )
    late = kitchen.vote("U_COOK", "cooks")
    assert isinstance(late, Refused)
    assert late.why is Refusal.ALREADY_DECIDED


def test_a_mind_may_be_changed_until_the_lane_closes_and_both_votes_are_on_the_record(kitchen: Kitchen) -> None:
    kitchen.vote("U_BAKER1", "bakers")
    outcome = kitchen.vote("U_BAKER1", "bakers", Verb.REJECT)

    assert isinstance(outcome, Voted)
    with kitchen.house.database.reading() as session:
        assert [vote.verb for vote in session.exec(select(ApprovalVote))] == [Verb.REJECT]
    assert kitchen.house.facts().count("approval.voted") == 2


def test_a_vote_is_bound_to_the_sections_its_lane_covers(kitchen: Kitchen) -> None:
    both = digest_over(["a" * 64, "b" * 64])
    assert kitchen.lane("bakers").content_digest == digest_over(["a" * 64])
    assert kitchen.lane("cooks").content_digest == digest_over(["b" * 64])
    assert kitchen.lane("waiters").content_digest == both

    refused = kitchen.vote("U_COOK", "cooks", seen=both)

    assert isinstance(refused, Refused)
    assert refused.why is Refusal.CONTENT_CHANGED
    assert "approval.voted" not in kitchen.house.facts()
    kitchen.vote("U_COOK", "cooks")
    with kitchen.house.database.reading() as session:
        [vote] = session.exec(select(ApprovalVote)).all()
        assert vote.content_digest == digest_over(["b" * 64])


def test_whoever_asked_for_the_pie_is_never_seated_whatever_roles_they_hold(house: House) -> None:
    house.grant("baker", "U_ANN")
    kitchen = Kitchen(house)

    assert "U_ANN" not in kitchen.asked
    refused = kitchen.vote("U_ANN", "bakers")
    assert isinstance(refused, Refused)
    assert refused.why is Refusal.OWN_REQUEST


def test_a_lane_that_is_not_there_is_refused(kitchen: Kitchen) -> None:
    with kitchen.house.database.transaction() as session:
        vote = Vote(uuid4(), Verb.APPROVE, "a" * 64)
        refused = approvals.cast_vote(session, vote, voter=kitchen.people["U_COOK"], now=kitchen.house.clock.now())

    assert refused == Refused(Refusal.UNKNOWN, None)


def test_the_engine_imports_no_feature() -> None:
    folder = Path(workflows.approvals.__file__).parent
    imported = set()
    for file in folder.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module == "workflows":
                imported |= {name.name for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("workflows."):
                imported.add(node.module.split(".")[1])

    assert imported <= {"approvals", "ledger", "outbox", "people", "policy", "settings"}
    assert "intake" not in imported


# ------------------------------------------------------------------------------- what a submission pins


def test_a_submission_pins_its_policy_and_its_content(house: House) -> None:
    house.propose()

    with house.database.reading() as session:
        [laid] = session.exec(select(ApprovalRound)).all()
        version = session.get_one(PolicyVersion, laid.policy_version_id)
        sections = {row.section: row.digest for row in session.exec(select(ApprovalSection))}
        [only] = session.exec(select(ApprovalLane)).all()

    assert laid.snapshot_hash == hashlib.sha256(laid.snapshot.encode()).hexdigest()
    pinned = json.loads(laid.snapshot)
    assert pinned["policy"] == version.content_hash == hashlib.sha256(version.content.encode()).hexdigest()
    assert (pinned["subject"], pinned["tier"]) == ("use_case", "medium")
    assert set(sections) == {section.value for section in Section}
    assert only.content_digest == digest_over(digest for key, digest in sections.items() if key != "cosmetic")


def test_the_same_words_twice_have_different_digests(house: House) -> None:
    """Digests are salted by use case: who holds the record cannot guess what was proposed."""
    house.propose()
    house.propose()

    with house.database.reading() as session:
        digests = [row.digest for row in session.exec(select(ApprovalSection))]

    assert len(set(digests)) == len(digests)


def test_a_new_policy_never_changes_a_request_in_flight(house: House) -> None:
    house.propose()
    before = house.ballot()
    with house.database.reading() as session:
        [pinned] = session.exec(select(ApprovalRound.snapshot)).all()

    put_in_force(house, policy_text(stage("one", lane("other", "board", rule="all")), stage("two", lane("x", "board"))))

    with house.database.reading() as session:
        assert list(session.exec(select(ApprovalRound.snapshot))) == [pinned]
        assert len(session.exec(select(ApprovalLane)).all()) == 1
    assert house.ballot() == before
    house.approve("U_ANN")
    house.send()
    assert "Approved" in house.posts_to("U_PRIYA")[0].text


def test_applying_the_policy_in_force_again_changes_nothing(house: House) -> None:
    text = policy_text(stage("one", lane("a", "governance")))
    put_in_force(house, text)
    put_in_force(house, text)

    with house.database.reading() as session:
        assert [row.number for row in session.exec(select(PolicyVersion).order_by(col(PolicyVersion.number)))] == [1, 2]


# ------------------------------------------------------------------------------- nobody can decide


def take_all_roles(house: House) -> None:
    with house.database.transaction() as session:
        for slack_id in house.world.people:
            who = people.identify(session, slack_id, now=house.clock.now())
            if isinstance(who, Actor):
                people.withdraw_role(session, "governance", who.id, actor=None, now=house.clock.now())


def test_a_request_nobody_may_decide_says_so_everywhere_and_is_not_skipped(house: House) -> None:
    take_all_roles(house)
    answer = house.propose_with()
    house.send()

    assert "Nobody may decide it yet" in (answer.body or "")
    [card] = house.posts_to(GOVERNANCE)
    assert "is blocked" in words(card)
    assert "is blocked" in card.text
    assert "nobody may decide it yet" in house.command("U_PRIYA")
    assert "is blocked" in house.command("U_PRIYA", "UC-1")
    with house.database.reading() as session:
        [only] = session.exec(select(ApprovalLane)).all()
        assert only.status is LaneStatus.BLOCKED
    assert "approval.lane_blocked" in house.facts()


def test_the_owner_and_the_proposer_do_not_count_as_approvers(house: House) -> None:
    take_all_roles(house)
    house.propose("U_PRIYA", owner="U_MAREK")
    for slack_id in ("U_PRIYA", "U_MAREK"):
        house.grant("governance", slack_id)
    house.send()

    with house.database.reading() as session:
        assert session.exec(select(ApprovalSeat)).all() == []
        assert session.exec(select(ApprovalLane)).one().status is LaneStatus.BLOCKED


def test_granting_the_role_opens_what_was_blocked_and_asks(house: House) -> None:
    take_all_roles(house)
    house.propose()
    house.send()

    house.grant("governance", "U_BEN")
    house.send()

    [card] = house.posts_to("U_BEN")
    assert "Approve" in buttons(card)
    assert "is blocked" not in words(house.posts_to(GOVERNANCE)[0])
    assert "approval.lane_unblocked" in house.facts()
    house.press("U_BEN", Action.APPROVE, buttons(card)["Approve"])
    house.send()
    assert "Approved" in house.posts_to("U_PRIYA")[0].text


def test_a_blocked_request_opens_when_a_holder_of_its_role_becomes_a_full_member(house: House) -> None:
    take_all_roles(house)
    hire(house, "U_NINA", "governance")
    house.tell({"type": "user_change", "user": member("U_NINA", is_restricted=True)})
    house.propose()

    house.tell({"type": "user_change", "user": member("U_NINA")})
    house.advance(seconds=2)
    house.send()

    [card] = house.posts_to("U_NINA")
    assert "Approve" in buttons(card)


def test_a_blocked_request_opens_when_the_role_was_given_in_the_same_moment(house: House) -> None:
    take_all_roles(house)
    house.propose()
    with house.database.transaction() as session:  # as a grant that was committed while the request was being opened
        ben = people.store_profile(session, profile("U_BEN"), now=house.clock.now())
        session.connection().execute(
            RoleHolder.metadata.tables["role_holders"].insert(),
            {"role": "governance", "person_id": ben, "granted_at": house.clock.now()},
        )

    house.advance(seconds=2)
    house.send()

    assert len(house.posts_to("U_BEN")) == 1


def test_a_lane_stays_blocked_quietly_while_only_the_proposer_holds_its_role(house: House) -> None:
    take_all_roles(house)
    house.propose()
    house.grant("governance", "U_PRIYA")
    house.send()
    before = (len(house.facts()), len(house.outbox_rows()))

    for _ in range(3):
        house.advance(seconds=2)

    assert (len(house.facts()), len(house.outbox_rows())) == before


def test_a_role_taken_away_leaves_the_seats_already_given(house: House) -> None:
    house.propose()
    take_all_roles(house)

    assert house.approve("U_ANN").status == 200
    house.send()
    assert "Approved" in house.posts_to("U_PRIYA")[0].text


def test_every_copy_of_a_card_is_kept_once(house: House) -> None:
    house.grant("governance", "U_BEN")
    house.propose()
    house.send()

    with house.database.reading() as session:
        cards = session.exec(select(Card)).all()

    assert {card.conversation for card in cards} == {GOVERNANCE, "U_ANN", "U_BEN"}
    assert all(card.channel and card.ts for card in cards)
