"""The rules of a vote, as tables: no database, no Slack, no clock."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.enums import APPROVING, Exclusion, LaneRule, LaneStatus, RequestStatus, StageStatus, Verb
from workflows.approvals.round_rules import EarlierVote, open_votes, votes_that_stand
from workflows.approvals.rules import (
    Ballot,
    EarlierLane,
    LaneShape,
    LaneState,
    Refusal,
    RequestState,
    Settlement,
    StageState,
    approvals_needed,
    is_same_chain,
    judge,
    kept_approvals,
    lane_outcome,
)

ANN, BEN, CLEO, DORA = (UUID(int=number) for number in range(1, 5))
APPROVE, REJECT = Verb.APPROVE, Verb.REJECT
SEEN = "content as it was read"


def lane(
    *people: UUID,
    rule: LaneRule = LaneRule.ANY,
    amount: int | None = None,
    status: LaneStatus = LaneStatus.OPEN,
    votes: Mapping[UUID, Verb] | None = None,
    rejections: int = 1,
    gone: int = 0,
) -> LaneState:
    """Return a lane of these people; `gone` more were asked too and have left."""
    needed = approvals_needed(rule, amount, len(people) + gone)
    return LaneState(uuid4(), status, needed, rejections, SEEN, frozenset(people), votes or {})


def stage(*lanes: LaneState, status: StageStatus = StageStatus.OPEN) -> StageState:
    return StageState(uuid4(), status, lanes)


def request(
    *stages: StageState, status: RequestStatus = RequestStatus.IN_REVIEW, excluded: Exclusion | None = None
) -> RequestState:
    return RequestState(status, stages, excluded)


def vote(state: RequestState, in_lane: LaneState, who: UUID, verb: Verb = APPROVE, **changes: Any) -> Any:
    told = {"seen": SEEN, "reason": "Because."} | changes
    return judge(state, Ballot(in_lane.id, who, verb, **told))


def settled(verdict: Settlement | Refusal) -> tuple[LaneStatus, StageStatus, RequestStatus]:
    assert isinstance(verdict, Settlement), verdict
    return verdict.lane, verdict.stage, verdict.request


OPEN = (LaneStatus.OPEN, StageStatus.OPEN, RequestStatus.IN_REVIEW)
LANE_DONE = (LaneStatus.APPROVED, StageStatus.OPEN, RequestStatus.IN_REVIEW)
APPROVED = (LaneStatus.APPROVED, StageStatus.APPROVED, RequestStatus.APPROVED)
REJECTED = (LaneStatus.REJECTED, StageStatus.REJECTED, RequestStatus.REJECTED)


@pytest.mark.parametrize(
    ("rule", "earlier", "verb", "outcome"),
    [
        pytest.param(LaneRule.ANY, {}, APPROVE, APPROVED, id="any: the first approval is enough"),
        pytest.param(LaneRule.ANY, {}, REJECT, REJECTED, id="any: the first rejection is enough"),
        pytest.param(LaneRule.ALL, {}, APPROVE, OPEN, id="all: the first of three approvals decides nothing"),
        pytest.param(LaneRule.ALL, {BEN: APPROVE}, APPROVE, OPEN, id="all: nor does the second"),
        pytest.param(LaneRule.ALL, {BEN: APPROVE, CLEO: APPROVE}, APPROVE, APPROVED, id="all: the last one decides"),
        pytest.param(LaneRule.ALL, {BEN: APPROVE, CLEO: APPROVE}, REJECT, REJECTED, id="all: one rejection ends it"),
        pytest.param(LaneRule.ALL, {ANN: APPROVE, BEN: APPROVE}, REJECT, REJECTED, id="all: a mind may be changed"),
    ],
)
def test_a_lane_is_settled_by_its_rule(
    rule: LaneRule, earlier: dict[UUID, Verb], verb: Verb, outcome: tuple[LaneStatus, StageStatus, RequestStatus]
) -> None:
    only = lane(ANN, BEN, CLEO, rule=rule, votes=earlier)

    assert settled(vote(request(stage(only)), only, ANN, verb)) == outcome


@pytest.mark.parametrize("other", [StageStatus.APPROVED, StageStatus.WAITING])
def test_nobody_votes_in_two_stages_where_approvers_must_differ(other: StageStatus) -> None:
    theirs = replace(lane(ANN, status=LaneStatus.APPROVED, votes={BEN: APPROVE}), cast_by={BEN: ANN})
    mine = lane(ANN)
    state = request(stage(theirs, status=other), stage(mine))

    assert vote(replace(state, distinct_approvers=True), mine, ANN) is Refusal.VOTED_EARLIER
    assert settled(vote(state, mine, ANN)) == APPROVED


def test_a_stage_waits_for_all_of_its_lanes() -> None:
    legal, privacy = lane(ANN), lane(BEN)

    assert settled(vote(request(stage(legal, privacy)), legal, ANN)) == LANE_DONE
    done = lane(BEN, status=LaneStatus.APPROVED)
    assert settled(vote(request(stage(legal, done)), legal, ANN)) == APPROVED


@pytest.mark.parametrize("sister", [LaneStatus.BLOCKED, LaneStatus.OPEN, LaneStatus.WAITING])
def test_a_sister_lane_that_is_not_approved_is_never_skipped(sister: LaneStatus) -> None:
    mine = lane(ANN)

    assert settled(vote(request(stage(mine, lane(status=sister))), mine, ANN)) == LANE_DONE


def test_the_next_stage_opens_when_every_lane_is_approved_and_not_before() -> None:
    first, sister, second = lane(ANN), lane(BEN), lane(CLEO, status=LaneStatus.WAITING)
    later = stage(second, status=StageStatus.WAITING)

    early = vote(request(stage(first, sister), later), first, ANN)
    assert early.opens is None
    approved = lane(BEN, status=LaneStatus.APPROVED)
    on_time = vote(request(stage(first, approved), later), first, ANN)
    assert on_time.opens == later.id
    assert settled(on_time) == (LaneStatus.APPROVED, StageStatus.APPROVED, RequestStatus.IN_REVIEW)


def test_the_last_stage_settles_the_request() -> None:
    done = stage(lane(ANN, status=LaneStatus.APPROVED), status=StageStatus.APPROVED)
    last = lane(BEN)

    assert settled(vote(request(done, stage(last)), last, BEN)) == APPROVED


def test_a_rejection_drops_the_sisters_that_are_not_done_and_every_later_stage() -> None:
    mine = lane(ANN)
    open_sister, blocked = lane(BEN), lane(status=LaneStatus.BLOCKED)
    done = lane(CLEO, status=LaneStatus.APPROVED)
    later = stage(lane(status=LaneStatus.WAITING), lane(status=LaneStatus.WAITING), status=StageStatus.WAITING)

    verdict = vote(request(stage(mine, open_sister, blocked, done), later), mine, ANN, REJECT)

    assert settled(verdict) == REJECTED
    assert set(verdict.dropped_lanes) == {open_sister.id, blocked.id, *(each.id for each in later.lanes)}
    assert verdict.dropped_stages == (later.id,)


MINE = lane(ANN, BEN)
ALL_OF_US = lane(ANN, BEN, rule=LaneRule.ALL, votes={ANN: APPROVE})
DONE, DROPPED = lane(ANN, status=LaneStatus.APPROVED), lane(ANN, status=LaneStatus.NO_LONGER_REQUIRED)
EARLY = lane(ANN, status=LaneStatus.WAITING)


@pytest.mark.parametrize(
    ("state", "in_lane", "who", "changes", "why"),
    [
        pytest.param(
            request(stage(MINE), excluded=Exclusion.PROPOSER), MINE, ANN, {}, Refusal.OWN_REQUEST, id="the proposer"
        ),
        pytest.param(
            request(stage(MINE), excluded=Exclusion.OWNER), MINE, ANN, {}, Refusal.OWN_USE_CASE, id="the owner"
        ),
        pytest.param(
            request(stage(MINE), excluded=Exclusion.EDITOR), MINE, ANN, {}, Refusal.OWN_EDIT, id="whoever edited it"
        ),
        pytest.param(request(stage(MINE)), MINE, DORA, {}, Refusal.NOT_AN_APPROVER, id="somebody who was not asked"),
        pytest.param(
            request(stage(DONE), status=RequestStatus.APPROVED),
            DONE,
            DORA,
            {},
            Refusal.NOT_AN_APPROVER,
            id="somebody who was not asked, too late",
        ),
        pytest.param(
            request(stage(DONE), status=RequestStatus.APPROVED), DONE, ANN, {}, Refusal.ALREADY_DECIDED, id="too late"
        ),
        pytest.param(
            request(stage(DONE, lane(BEN))), DONE, ANN, {}, Refusal.ALREADY_DECIDED, id="the lane is done, not the rest"
        ),
        pytest.param(
            request(stage(DROPPED), status=RequestStatus.REJECTED),
            DROPPED,
            ANN,
            {},
            Refusal.ALREADY_DECIDED,
            id="a lane nobody needs any more",
        ),
        pytest.param(
            request(stage(MINE)), MINE, ANN, {"seen": "an older text"}, Refusal.CONTENT_CHANGED, id="an older text"
        ),
        pytest.param(request(stage(MINE)), MINE, ANN, {"seen": ""}, Refusal.CONTENT_CHANGED, id="no text at all"),
        pytest.param(
            request(stage(lane(BEN)), stage(EARLY, status=StageStatus.WAITING)),
            EARLY,
            ANN,
            {},
            Refusal.NOT_YET,
            id="before it is their turn",
        ),
        pytest.param(
            request(stage(ALL_OF_US)), ALL_OF_US, ANN, {}, Refusal.ALREADY_DECIDED, id="the same decision again"
        ),
        pytest.param(
            request(stage(MINE)),
            MINE,
            ANN,
            {"verb": REJECT, "reason": None},
            Refusal.REASON_MISSING,
            id="a rejection without a reason",
        ),
        pytest.param(
            request(stage(MINE)),
            MINE,
            ANN,
            {"verb": REJECT, "reason": " \n\t "},
            Refusal.REASON_MISSING,
            id="a reason of blanks",
        ),
    ],
)
def test_a_vote_is_refused_with_its_reason(
    state: RequestState, in_lane: LaneState, who: UUID, changes: dict[str, Any], why: Refusal
) -> None:
    assert vote(state, in_lane, who, **changes) is why


def test_an_approval_needs_no_reason() -> None:
    assert settled(vote(request(stage(MINE)), MINE, ANN, reason=None)) == APPROVED


def test_a_lane_of_another_request_is_a_mistake_of_ours() -> None:
    with pytest.raises(LookupError):
        vote(request(stage(MINE)), DONE, ANN)


@pytest.mark.parametrize(
    ("rule", "amount", "people", "needed"),
    [
        pytest.param(LaneRule.ANY, None, 0, 1, id="any of nobody never suffices"),
        pytest.param(LaneRule.ANY, None, 5, 1, id="any of five"),
        pytest.param(LaneRule.ALL, None, 0, 1, id="all of nobody never suffices"),
        pytest.param(LaneRule.ALL, None, 5, 5, id="all of five"),
        pytest.param(LaneRule.AT_LEAST, 2, 5, 2, id="two of five"),
        pytest.param(LaneRule.AT_LEAST, 3, 2, 3, id="three of two never suffice"),
        pytest.param(LaneRule.PERCENT, 50, 5, 3, id="half of five is rounded up"),
        pytest.param(LaneRule.PERCENT, 100, 4, 4, id="all hundredths"),
        pytest.param(LaneRule.PERCENT, 1, 3, 1, id="a hundredth of three is one"),
        pytest.param(LaneRule.PERCENT, 60, 5, 3, id="an even share is not rounded"),
    ],
)
def test_so_many_people_must_approve(rule: LaneRule, amount: int | None, people: int, needed: int) -> None:
    assert approvals_needed(rule, amount, people) == needed


RULES = st.one_of(
    st.tuples(st.sampled_from([LaneRule.ANY, LaneRule.ALL]), st.none()),
    st.tuples(st.just(LaneRule.AT_LEAST), st.integers(1, 5)),
    st.tuples(st.just(LaneRule.PERCENT), st.integers(1, 100)),
)


@given(
    how=RULES,
    eligible=st.frozensets(st.sampled_from([ANN, BEN, CLEO, DORA])),
    votes=st.dictionaries(st.sampled_from([ANN, BEN, CLEO, DORA]), st.sampled_from(Verb)),
)
def test_a_lane_is_never_approved_by_too_few_or_by_nobody(
    how: tuple[LaneRule, int | None], eligible: frozenset[UUID], votes: dict[UUID, Verb]
) -> None:
    rule, amount = how
    cast = {person: verb for person, verb in votes.items() if person in eligible}
    asked = lane(*eligible, rule=rule, amount=amount, votes=cast)

    outcome = lane_outcome(asked, cast)

    approving = sum(verb in APPROVING for verb in cast.values())
    if outcome is LaneStatus.APPROVED:
        assert approving >= asked.needed > 0
        assert REJECT not in cast.values()
    assert (outcome is LaneStatus.REJECTED) == (REJECT in cast.values())


def test_rejections_are_counted_where_the_policy_says_so() -> None:
    two_of_three = lane(ANN, BEN, CLEO, rule=LaneRule.ANY, rejections=2)

    assert lane_outcome(two_of_three, {ANN: REJECT}) is LaneStatus.OPEN
    assert lane_outcome(two_of_three, {ANN: REJECT, BEN: APPROVE}) is LaneStatus.APPROVED
    assert lane_outcome(two_of_three, {ANN: REJECT, BEN: REJECT}) is LaneStatus.REJECTED


def test_a_lane_that_can_no_longer_be_approved_is_rejected_at_once() -> None:
    everybody = lane(ANN, BEN, CLEO, rule=LaneRule.ALL, rejections=2)
    two = lane(ANN, BEN, CLEO, rule=LaneRule.AT_LEAST, amount=2, rejections=3)

    assert lane_outcome(everybody, {ANN: REJECT}) is LaneStatus.REJECTED
    assert lane_outcome(two, {ANN: REJECT}) is LaneStatus.OPEN
    assert lane_outcome(two, {ANN: REJECT, BEN: REJECT}) is LaneStatus.REJECTED


def test_a_set_that_shrinks_below_its_rule_is_neither_approved_nor_rejected_by_that() -> None:
    left_alone = lane(ANN, rule=LaneRule.ALL, gone=2)

    assert lane_outcome(left_alone, {ANN: APPROVE}) is LaneStatus.OPEN


def test_the_vote_of_somebody_who_left_stands() -> None:
    assert lane_outcome(lane(BEN, rule=LaneRule.ALL, gone=1), {ANN: APPROVE, BEN: APPROVE}) is LaneStatus.APPROVED


# ---------------------------------------------------------------------------------------------- changes and rounds


def test_a_request_for_changes_gives_the_whole_request_back() -> None:
    mine, sister = lane(ANN), lane(BEN)
    later = stage(lane(CLEO, status=LaneStatus.WAITING), status=StageStatus.WAITING)

    verdict = vote(request(stage(mine, sister), later), mine, ANN, Verb.REQUEST_CHANGES)

    assert settled(verdict) == (LaneStatus.CHANGES_REQUESTED, StageStatus.OPEN, RequestStatus.CHANGES_REQUESTED)
    assert (verdict.opens, verdict.dropped_lanes, verdict.dropped_stages) == (None, (), ())


def test_nobody_decides_while_the_proposer_has_it() -> None:
    state = request(stage(MINE), status=RequestStatus.CHANGES_REQUESTED)

    assert vote(state, MINE, ANN) is Refusal.WITH_PROPOSER


def test_changes_cannot_be_asked_for_in_silence() -> None:
    assert vote(request(stage(MINE)), MINE, ANN, Verb.REQUEST_CHANGES, reason=" ") is Refusal.REASON_MISSING


def test_a_stage_whose_lanes_all_kept_their_approval_is_passed() -> None:
    mine, kept, last = lane(ANN), lane(BEN, status=LaneStatus.APPROVED), lane(CLEO, status=LaneStatus.WAITING)
    second, third = (stage(each, status=StageStatus.WAITING) for each in (kept, last))

    verdict = vote(request(stage(mine), second, third), mine, ANN)
    assert (verdict.opens, verdict.passed) == (third.id, (second.id,))

    verdict = vote(request(stage(mine), second), mine, ANN)
    assert (settled(verdict), verdict.passed) == (APPROVED, (second.id,))


LEGAL = LaneShape("review", "legal", "legal", LaneRule.ANY, None, 1, "purpose 1")
DATA = LaneShape("review", "data", "privacy", LaneRule.ANY, None, 1, "data 1")
LEGAL_LANE = EarlierLane(uuid4(), LEGAL, LaneStatus.APPROVED, frozenset({ANN}))
DATA_LANE = EarlierLane(uuid4(), DATA, LaneStatus.CHANGES_REQUESTED, frozenset({BEN}))


def test_an_approval_holds_while_nothing_it_looked_at_changed() -> None:
    edited = replace(DATA, content_digest="data 2")

    kept = kept_approvals([LEGAL_LANE, DATA_LANE], {LEGAL, edited}, excluded=())

    assert kept == {LEGAL: LEGAL_LANE.id}


@pytest.mark.parametrize(
    ("shapes", "excluded"),
    [
        pytest.param({replace(LEGAL, content_digest="purpose 2"), DATA}, (), id="its own section changed"),
        pytest.param({LEGAL, DATA}, {ANN}, id="who gave it owns the use case now"),
        pytest.param({replace(LEGAL, related=BEN), DATA}, (), id="it asks for somebody else now"),
    ],
)
def test_else_it_votes_again(shapes: set[LaneShape], excluded: Collection[UUID]) -> None:
    assert kept_approvals([LEGAL_LANE, DATA_LANE], shapes, excluded=excluded) == {}


@pytest.mark.parametrize(
    ("shapes", "is_same"),
    [
        pytest.param({LEGAL, replace(DATA, content_digest="data 2")}, True, id="other content"),
        pytest.param({replace(LEGAL, related=BEN), DATA}, True, id="somebody else is who it asks for"),
        pytest.param({LEGAL}, False, id="the chain lost a lane"),
        pytest.param({LEGAL, DATA, replace(DATA, key="extra")}, False, id="the chain gained a lane"),
        pytest.param({replace(LEGAL, rule=LaneRule.ALL), DATA}, False, id="another rule"),
        pytest.param({replace(LEGAL, rejections=2), DATA}, False, id="another rule of what ends it"),
        pytest.param({replace(LEGAL, role="other"), DATA}, False, id="another role"),
    ],
)
def test_a_chain_is_the_same_while_its_lanes_are(shapes: set[LaneShape], is_same: bool) -> None:
    assert is_same_chain([LEGAL, DATA], shapes) is is_same


def test_the_lane_that_asked_for_changes_votes_again_even_if_nothing_it_looks_at_changed() -> None:
    kept = kept_approvals([LEGAL_LANE, DATA_LANE], {LEGAL, DATA}, excluded=())

    assert DATA not in kept


OPEN_LANE = EarlierLane(UUID(int=13), LEGAL, LaneStatus.NO_LONGER_REQUIRED, frozenset({ANN}))


@pytest.mark.parametrize(
    ("lane", "source"),
    [
        pytest.param(OPEN_LANE, OPEN_LANE.id, id="it was open and somebody had voted"),
        pytest.param(replace(OPEN_LANE, voters=frozenset()), None, id="nobody had voted"),
        pytest.param(
            replace(OPEN_LANE, voters=frozenset(), votes_from=UUID(int=9)), UUID(int=9), id="nor was it opened"
        ),
        pytest.param(replace(OPEN_LANE, status=LaneStatus.CHANGES_REQUESTED), None, id="it asked for changes"),
        pytest.param(replace(OPEN_LANE, status=LaneStatus.APPROVED), None, id="its votes had settled it"),
        pytest.param(replace(OPEN_LANE, shape=replace(LEGAL, content_digest="2")), None, id="what it looks at changed"),
    ],
)
def test_a_lane_takes_up_the_votes_of_the_one_that_was_open(lane: EarlierLane, source: UUID | None) -> None:
    assert open_votes([lane], {LEGAL, DATA}) == ({LEGAL: source} if source else {})


def earlier(person: UUID, verb: Verb = APPROVE, *, cast_by: UUID | None = None, seen: str = SEEN) -> EarlierVote:
    return EarlierVote(person, cast_by or person, verb, seen)


THREE = lane(ANN, BEN, CLEO, rule=LaneRule.ALL, rejections=2)


@pytest.mark.parametrize(
    ("votes", "barred", "standing"),
    [
        pytest.param([earlier(ANN)], (), {ANN}, id="of somebody seated"),
        pytest.param([earlier(ANN), earlier(BEN)], (), {ANN, BEN}, id="of two who are too few"),
        pytest.param([earlier(ANN), earlier(BEN), earlier(CLEO)], (), set(), id="of so many that they would settle it"),
        pytest.param([earlier(ANN, REJECT)], (), set(), id="of one by whom it could not be approved any more"),
        pytest.param([earlier(DORA)], (), set(), id="of somebody without a seat"),
        pytest.param([earlier(ANN, seen="other content")], (), set(), id="on other content"),
        pytest.param([earlier(ANN, Verb.REQUEST_CHANGES)], (), set(), id="that asked for changes"),
        pytest.param([earlier(ANN, cast_by=DORA)], (), {ANN}, id="by a delegate"),
        pytest.param([earlier(ANN, cast_by=BEN)], (), set(), id="by a delegate who has a seat now"),
        pytest.param([earlier(ANN, cast_by=DORA)], {DORA}, set(), id="by a delegate who is barred now"),
    ],
)
def test_whose_earlier_votes_still_count(
    votes: list[EarlierVote], barred: Collection[UUID], standing: set[UUID]
) -> None:
    assert votes_that_stand(votes, THREE, barred=barred) == standing
