"""The rules of a vote, as tables: no database, no Slack, no clock."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.enums import Exclusion, LaneRule, LaneStatus, RequestStatus, StageStatus, Verb
from workflows.approvals.rules import (
    Ballot,
    LaneState,
    Refusal,
    RequestState,
    Settlement,
    StageState,
    approvals_needed,
    judge,
    lane_outcome,
)

ANN, BEN, CLEO, DORA = (UUID(int=number) for number in range(1, 5))
APPROVE, REJECT = Verb.APPROVE, Verb.REJECT
SEEN = "content as it was read"


def lane(
    *people: UUID,
    rule: LaneRule = LaneRule.ANY,
    status: LaneStatus = LaneStatus.OPEN,
    votes: Mapping[UUID, Verb] | None = None,
) -> LaneState:
    return LaneState(uuid4(), status, rule, SEEN, frozenset(people), votes or {})


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
        pytest.param(LaneRule.ALL, {DORA: APPROVE, BEN: APPROVE}, APPROVE, OPEN, id="all: a stranger's vote is air"),
    ],
)
def test_a_lane_is_settled_by_its_rule(
    rule: LaneRule, earlier: dict[UUID, Verb], verb: Verb, outcome: tuple[LaneStatus, StageStatus, RequestStatus]
) -> None:
    only = lane(ANN, BEN, CLEO, rule=rule, votes=earlier)

    assert settled(vote(request(stage(only)), only, ANN, verb)) == outcome


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
    ("rule", "people", "needed"),
    [
        pytest.param(LaneRule.ANY, 0, 0, id="any of nobody"),
        pytest.param(LaneRule.ANY, 5, 1, id="any of five"),
        pytest.param(LaneRule.ALL, 0, 0, id="all of nobody"),
        pytest.param(LaneRule.ALL, 5, 5, id="all of five"),
    ],
)
def test_so_many_people_must_approve(rule: LaneRule, people: int, needed: int) -> None:
    assert approvals_needed(rule, people) == needed


@given(
    rule=st.sampled_from(LaneRule),
    eligible=st.frozensets(st.sampled_from([ANN, BEN, CLEO, DORA])),
    votes=st.dictionaries(st.sampled_from([ANN, BEN, CLEO, DORA]), st.sampled_from(Verb)),
)
def test_a_lane_is_never_approved_by_too_few_or_by_nobody(
    rule: LaneRule, eligible: frozenset[UUID], votes: dict[UUID, Verb]
) -> None:
    approving = {person for person, verb in votes.items() if verb is APPROVE} & eligible
    rejecting = {person for person, verb in votes.items() if verb is REJECT} & eligible

    outcome = lane_outcome(rule, eligible, votes)

    if outcome is LaneStatus.APPROVED:
        assert approving
        assert not rejecting
        assert rule is LaneRule.ANY or approving == eligible
    assert (outcome is LaneStatus.REJECTED) == bool(rejecting)
