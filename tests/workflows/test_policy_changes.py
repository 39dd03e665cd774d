"""Changes of the policy: what differs, who is too few, what cannot be written, and two that come at once."""

import re
from functools import partial
from uuid import UUID

import pytest
import yaml

from db.enums import RequestStatus, Verb
from db.session import Database
from tests.support.chains import lane, policy_text, put_in_force, stage
from tests.support.decided_policy import (
    DECIDED,
    FIRST,
    OTHER,
    PROPOSER,
    SECOND,
    THIRD,
    actor,
    appoint,
    in_force,
    propose,
    put,
    with_rule,
    without_rule,
)
from tests.support.fakes import ManualClock
from tests.support.house import ONE_LANE, House
from tests.support.races import Meeting, together
from workflows import policy, policy_changes, reactions, subjects
from workflows.approvals import Refused, Vote, Voted, voting
from workflows.policy import PolicyError, parse
from workflows.policy_changes import NotDone, NotPut, Part, PartChanged, PolicyProposed, PutInForce, TooFew, rules


def test_what_differs_is_told_part_by_part() -> None:
    before = policy_text(stage("one", lane("a", "legal"), lane("b", "privacy")))
    after = policy_text(stage("one", lane("a", "legal", hours=3), lane("c", "board")), stage("two", lane("d", "board")))

    assert rules.differences(parse(before), parse(after)) == (
        PartChanged(Part.ROLES, ("board",), ("privacy",), ()),
        PartChanged(Part.CHAINS, (), (), ("tested",)),
        PartChanged(Part.LANES, ("tested.one.c", "tested.two.d"), ("tested.one.b",), ("tested.one.a",)),
    )


def test_the_same_policy_written_otherwise_differs_in_nothing() -> None:
    again = yaml.safe_dump(yaml.safe_load(DECIDED), sort_keys=True)

    assert again != DECIDED
    assert rules.differences(parse(DECIDED), parse(again)) == ()


@pytest.mark.parametrize(
    ("needed", "left", "few"),
    [(2, 2, ()), (2, 1, (TooFew("admin", 2, 1),)), (1, 0, (TooFew("admin", 1, 0),)), (1, 1, ())],
)
def test_who_proposes_is_not_counted_among_those_who_decide(needed: int, left: int, few: tuple[TooFew, ...]) -> None:
    assert rules.too_few(parse(with_rule(needed=needed)), {"admin": left}) == few
    assert rules.too_few(parse(ONE_LANE), {"admin": 0}) == ()


def test_those_who_decide_and_do_not_propose_all_count(house: House) -> None:
    appoint(house, PROPOSER, text=ONE_LANE)
    for who in (FIRST, SECOND):
        house.grant("auditor", who)

    with house.database.reading() as session:
        assert policy_changes.too_few(session, parse(with_rule(role="auditor"))) == ()
        assert policy_changes.too_few(session, parse(with_rule())) == (TooFew("admin", 2, 0),)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("tier: high\n    chains:\n      high: policy_change", "chains: {high: policy_change}"), "write tier: high"),
        (("tier: high", "tier: prohibited"), "people decide about changes of the policy: name a chain for its tier"),
        (
            (
                "tier: high\n    chains:\n      high: policy_change",
                "tier: low\n    approved_by: {low: {line: nobody, reason: Nobody is asked.}}",
            ),
            "people decide about changes of the policy",
        ),
        (
            ("role: admin\n        rule:\n          at_least: 2", "role: sponsor\n        rule: any"),
            "“sponsor”, which nobody",
        ),
    ],
    ids=["no tier", "prohibited", "by a line", "somebody a policy does not have"],
)
def test_a_rule_by_which_nobody_could_decide_is_refused(wrong: tuple[str, str], said: str) -> None:
    assert wrong[0] in DECIDED

    with pytest.raises(PolicyError) as refused:
        parse(DECIDED.replace(*wrong))

    assert any(said in each for each in refused.value.problems), refused.value.problems


def test_the_example_in_the_shipped_policy_can_be_used() -> None:
    text = policy.default_text()
    lines = [re.sub(r"^(  )# (?=( *)\S)", r"\1", line) if _is_example(line) else line for line in text.splitlines()]
    switched_on = parse("\n".join(lines))

    assert policy.POLICY not in parse(text).subjects
    assert switched_on.subjects[policy.POLICY].chains["high"] == "policy_change"
    [found] = switched_on.chains["policy_change"].stages
    assert (found.lanes[0].role, found.lanes[0].rule.amount) == ("admin", 2)
    assert parse(without_rule("\n".join(lines))) == parse(text)


def _is_example(line: str) -> bool:
    """Say whether a line is one of the two blocks, and not a sentence above them."""
    return bool(re.match(r"^  # (policy|policy_change|  +[a-z-].*|  +- .*)", line)) and not line.startswith("  # Two")


def vote(house: House, who: str, reference: str) -> Voted | Refused:
    """Approve as the last step of a click, without the screens."""
    lane_id, _, digest = house.ballot(reference).partition(".")
    with house.database.transaction() as session:
        ballot = Vote(UUID(lane_id), Verb.APPROVE, digest)
        return reactions.cast_vote(
            session, ballot, voter=actor(house, who), delivery=f"{who}{reference}", now=house.clock.now()
        )


def test_two_votes_at_once_put_it_in_force_once(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    appoint(house, PROPOSER, FIRST, SECOND, "U_PRIYA")
    propose(house)
    house.approve("U_PRIYA", "POL-1")
    meeting = Meeting()
    meeting.before(monkeypatch, voting, "_write_vote")

    outcomes = together(*(partial(vote, house, who, "POL-1") for who in (FIRST, SECOND)))

    assert sorted(type(each).__name__ for each in outcomes) == ["Refused", "Voted"]
    assert in_force(house) == (3, OTHER)
    assert house.facts().count("policy.applied") == 3


def test_of_two_proposals_approved_at_once_one_comes_in_force(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    appoint(house)
    propose(house)
    propose(house, THIRD)
    for reference in ("POL-1", "POL-2"):
        house.approve(FIRST, reference)
    meeting = Meeting()
    meeting.before(monkeypatch, policy, "hold")

    outcomes = together(*(partial(vote, house, SECOND, each) for each in ("POL-1", "POL-2")))

    assert [each.status for each in outcomes] == [RequestStatus.APPROVED] * 2
    assert in_force(house)[0] == 3
    assert house.facts().count("policy.not_applied") == 1


def test_another_version_that_comes_in_between_keeps_a_proposal_out(house: House) -> None:
    appoint(house)
    propose(house)
    house.approve(FIRST, "POL-1")
    put_in_force(house, THIRD)  # as if by somebody at the database
    house.clock.advance(seconds=1)
    house.approve(SECOND, "POL-1")

    assert in_force(house) == (3, THIRD)


def test_two_who_apply_at_once_where_one_switches_it_on_cannot_both(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    appoint(house, text=ONE_LANE)
    meeting = Meeting()
    meeting.before(monkeypatch, policy, "hold")
    other = ONE_LANE.replace("answer_within_hours: 12", "answer_within_hours: 20")

    outcomes = together(partial(put, house, DECIDED, by=None), partial(put, house, other, by=None))

    refused = [each.why for each in outcomes if isinstance(each, NotDone)]
    assert refused in ([], [NotPut.NEEDS_PROPOSER])
    assert in_force(house)[1] == DECIDED  # who came second was asked for a proposer, or was first


def test_a_policy_that_a_newer_gatehouse_cannot_use_is_not_put_in_force_and_says_so(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    appoint(house)
    propose(house)
    monkeypatch.setattr(subjects, "kinds_needed", lambda: ["use_case", "pie"])
    for who in (FIRST, SECOND):
        house.approve(who, "POL-1")
    house.send()

    assert in_force(house) == (2, DECIDED)
    assert "Not put in force: this version of Gatehouse cannot use the file." in house.posts_to(PROPOSER)[-1].text


def test_the_record_names_the_request_in_which_it_was_decided(house: House) -> None:
    appoint(house)
    proposed = propose(house)
    for who in (FIRST, SECOND):
        house.approve(who, "POL-1")

    with house.database.reading() as session:
        last = policy.versions(session)[-1]
    assert last.applied_by == actor(house, PROPOSER)
    assert isinstance(proposed, PolicyProposed)
    assert "policy.applied" in house.facts()


def test_before_the_first_policy_nobody_has_to_decide(database: Database) -> None:
    clock = ManualClock()
    with database.transaction() as session:
        assert not policy_changes.is_decided(session)

        assert policy_changes.put_forward(session, ONE_LANE, by=None, now=clock.now()) == PutInForce(1)
