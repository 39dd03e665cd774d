"""What a vote does to a request. Values in, values out: no database, no Slack, no clock."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import ceil
from typing import Final
from uuid import UUID

from db.enums import APPROVING, Exclusion, LaneRule, LaneStatus, RequestStatus, StageStatus, Verb


class Refusal(StrEnum):
    UNKNOWN = "unknown"
    OWN_REQUEST = "own_request"
    OWN_USE_CASE = "own_use_case"
    OWN_EDIT = "own_edit"
    BROKE_GLASS = "broke_glass"
    NOT_AN_APPROVER = "not_an_approver"
    ALREADY_DECIDED = "already_decided"
    CONTENT_CHANGED = "content_changed"
    NOT_YET = "not_yet"
    BLOCKED = "blocked"
    REASON_MISSING = "reason_missing"
    WITH_PROPOSER = "with_proposer"
    ONE_SEAT = "one_seat"
    SEAT_TAKEN = "seat_taken"
    VOTED_EARLIER = "voted_earlier"
    NOT_YOURS = "not_yours"
    NUDGED_TODAY = "nudged_today"
    NOT_ELIGIBLE = "not_eligible"
    ALREADY_ASKED = "already_asked"
    ANSWERED = "answered"
    SECOND_LOOK = "second_look"
    OTHER_TIER = "other_tier"
    NOT_ASKED_THAT = "not_asked_that"
    NOBODY_SENT_IT = "nobody_sent_it"


SETTLING: Final = APPROVING | {Verb.REJECT}
"""The verbs that count towards a lane's outcome."""


def refusal_of_excluded(why: Exclusion) -> Refusal:
    match why:
        case Exclusion.PROPOSER:
            return Refusal.OWN_REQUEST
        case Exclusion.OWNER:
            return Refusal.OWN_USE_CASE
        case Exclusion.EDITOR:
            return Refusal.OWN_EDIT
        case Exclusion.BROKE_GLASS:
            return Refusal.BROKE_GLASS


@dataclass(frozen=True, slots=True)
class LaneState:
    """A lane before a vote. `needed` approvals approve it, `rejections` rejections end it.

    `eligible` may vote now; the votes of people who left since stand, and are in `votes` too. `delegates` may vote in
    the place of the person they are kept by, and `cast_by` says who gave the vote that stands in each one's name.
    """

    id: UUID
    status: LaneStatus
    needed: int
    rejections: int
    content_digest: str
    eligible: frozenset[UUID]
    votes: Mapping[UUID, Verb]
    delegates: Mapping[UUID, UUID] = field(default_factory=dict)
    cast_by: Mapping[UUID, UUID] = field(default_factory=dict)

    def seat_of(self, voter: UUID) -> UUID | None:
        """Return in whose name this person may vote here: their own, or that of the one they stand in for."""
        if voter in self.eligible:
            return voter
        stands_in_for = [person for person, delegate in self.delegates.items() if delegate == voter]
        still_open = (person for person in stands_in_for if self.cast_by.get(person, voter) == voter)
        return next(still_open, next(iter(stands_in_for), None))


@dataclass(frozen=True, slots=True)
class StageState:
    id: UUID
    status: StageStatus
    lanes: tuple[LaneState, ...]


@dataclass(frozen=True, slots=True)
class RequestState:
    """`stages` in their order; `voter_excluded` is why the person now voting may never vote, if so.

    With `distinct_approvers` nobody votes in two stages.
    """

    status: RequestStatus
    stages: tuple[StageState, ...]
    voter_excluded: Exclusion | None
    distinct_approvers: bool = False


@dataclass(frozen=True, slots=True)
class Ballot:
    """`seen` is the digest of the content the voter had before them."""

    lane_id: UUID
    voter: UUID
    verb: Verb
    seen: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a counted vote leads to. Lanes and stages not named stay as they are.

    `seat` is the person in whose name the vote counts. `opens` is the stage whose turn it is now, `passed` are stages
    before it whose lanes all kept an earlier approval, and `dropped` are lanes and stages no longer required.
    """

    lane: LaneStatus
    stage: StageStatus
    request: RequestStatus
    seat: UUID
    opens: UUID | None = None
    passed: tuple[UUID, ...] = ()
    dropped_lanes: tuple[UUID, ...] = ()
    dropped_stages: tuple[UUID, ...] = ()


def judge(request: RequestState, ballot: Ballot) -> Settlement | Refusal:
    """Return what the vote leads to, or why it does not count.

    People are counted, not votes. A lane that is rejected, or can no longer be approved, ends the request; a request
    for changes gives the whole request back to the proposer.
    """
    stage, lane = _find(request, ballot.lane_id)
    seat = lane.seat_of(ballot.voter)
    refusal = _refusal(request, stage, lane, ballot)
    if refusal is not None or seat is None:
        return refusal or Refusal.NOT_AN_APPROVER
    if ballot.verb is Verb.REQUEST_CHANGES:
        return Settlement(LaneStatus.CHANGES_REQUESTED, stage.status, RequestStatus.CHANGES_REQUESTED, seat)
    outcome = lane_outcome(lane, {**lane.votes, seat: ballot.verb})
    others = tuple(other for other in stage.lanes if other.id != lane.id)
    if outcome is LaneStatus.REJECTED:
        return _rejected(request, others, seat)
    if outcome is LaneStatus.APPROVED and all(other.status is LaneStatus.APPROVED for other in others):
        return _stage_approved(request, stage, seat)
    return Settlement(outcome, stage.status, request.status, seat)


def lane_outcome(lane: LaneState, votes: Mapping[UUID, Verb]) -> LaneStatus:
    """Return a lane's status from these votes of the people asked in it. Nobody's votes never approve.

    It is rejected by enough rejections, and at once when the approvals still possible are too few.
    """
    cast = Counter(votes.values())
    undecided = len(lane.eligible - {person for person, verb in votes.items() if verb in SETTLING})
    approvals = sum(cast[verb] for verb in APPROVING)
    if cast[Verb.REJECT] >= lane.rejections:
        return LaneStatus.REJECTED
    if approvals >= lane.needed > 0:
        return LaneStatus.APPROVED
    is_possible = approvals + undecided >= lane.needed
    return LaneStatus.OPEN if is_possible or not cast[Verb.REJECT] else LaneStatus.REJECTED


def approvals_needed(rule: LaneRule, amount: int | None, eligible: int) -> int:
    """Return how many different people of those `eligible` must approve; percentages are rounded up.

    It may be more than there are: such a lane cannot be decided by them.
    """
    match rule:
        case LaneRule.ANY:
            return 1
        case LaneRule.ALL:
            return max(1, eligible)
        case LaneRule.AT_LEAST:
            return max(1, amount or 1)
        case LaneRule.PERCENT:
            return max(1, ceil((amount or 100) * eligible / 100))


@dataclass(frozen=True, slots=True)
class LaneShape:
    """What makes a lane of one round the same as one of another.

    `related` is whom its role leads to where that is a relation: what one person approved, another did not.
    """

    stage: str
    key: str
    role: str
    rule: LaneRule
    amount: int | None
    rejections: int
    content_digest: str
    related: UUID | None = None


@dataclass(frozen=True, slots=True)
class EarlierLane:
    """A lane of the round before, how it stood, and who voted in it.

    `votes_from` is set while the votes of a round before that one wait for its stage to open.
    """

    id: UUID
    shape: LaneShape
    status: LaneStatus
    voters: frozenset[UUID]
    votes_from: UUID | None = None


def kept_approvals(
    earlier: Sequence[EarlierLane], shapes: Collection[LaneShape], *, excluded: Collection[UUID]
) -> dict[LaneShape, UUID]:
    """Return which lanes of a new round keep the approval of which earlier lane, under the same chain and tier.

    An approval is bound to content: it holds while the lane's sections are unchanged and nobody who gave it is barred
    now. The lane that asked for changes was not approved, so it always votes again.
    """
    return {
        each.shape: each.id
        for each in earlier
        if each.status is LaneStatus.APPROVED and each.shape in shapes and not each.voters & frozenset(excluded)
    }


def is_same_chain(earlier: Collection[LaneShape], shapes: Collection[LaneShape]) -> bool:
    """Say whether two rounds have the same lanes, whatever their contents."""
    return {_place(each) for each in earlier} == {_place(each) for each in shapes}


def _place(shape: LaneShape) -> tuple[str, str, str, LaneRule, int | None, int]:
    return (shape.stage, shape.key, shape.role, shape.rule, shape.amount, shape.rejections)


def _find(request: RequestState, lane_id: UUID) -> tuple[StageState, LaneState]:
    for stage in request.stages:
        for lane in stage.lanes:
            if lane.id == lane_id:
                return stage, lane
    raise LookupError(f"lane {lane_id} is not in this request")


def _refusal(request: RequestState, stage: StageState, lane: LaneState, ballot: Ballot) -> Refusal | None:
    if request.voter_excluded is not None:
        return refusal_of_excluded(request.voter_excluded)
    seat = lane.seat_of(ballot.voter)
    if seat is None:
        return Refusal.NOT_AN_APPROVER
    if request.status is RequestStatus.IN_REVIEW and lane.status is LaneStatus.BLOCKED and seat not in lane.votes:
        return Refusal.BLOCKED
    if request.status is not RequestStatus.IN_REVIEW or lane.status not in (LaneStatus.OPEN, LaneStatus.WAITING):
        is_back = request.status is RequestStatus.CHANGES_REQUESTED
        return Refusal.WITH_PROPOSER if is_back else Refusal.ALREADY_DECIDED
    return _refusal_of_human(request, stage, lane, ballot, seat) or _refusal_of_ballot(stage, lane, ballot, seat)


def _refusal_of_human(
    request: RequestState, stage: StageState, lane: LaneState, ballot: Ballot, seat: UUID
) -> Refusal | None:
    """Say why this human may not vote in the name of `seat`: one human has one seat, and whoever was first decided.

    What a delegate decided is for the one in whose name it stands to change once that delegate stands in no longer.
    """
    if any(human == ballot.voter and person != seat for person, human in lane.cast_by.items()):
        return Refusal.ONE_SEAT
    gave_it = lane.cast_by.get(seat, ballot.voter)
    is_left_to_them = seat == ballot.voter and lane.delegates.get(seat) != gave_it
    if gave_it != ballot.voter and not is_left_to_them:
        return Refusal.SEAT_TAKEN
    others = [each for each in request.stages if each.id != stage.id] if request.distinct_approvers else []
    if any(ballot.voter in each.cast_by.values() for one in others for each in one.lanes):
        return Refusal.VOTED_EARLIER
    return None


def _refusal_of_ballot(stage: StageState, lane: LaneState, ballot: Ballot, seat: UUID) -> Refusal | None:
    if ballot.seen != lane.content_digest:
        return Refusal.CONTENT_CHANGED
    if stage.status is not StageStatus.OPEN:
        return Refusal.NOT_YET
    if lane.votes.get(seat) is ballot.verb and ballot.verb is not Verb.APPROVE_WITH_CONDITIONS:  # those may be others
        return Refusal.ALREADY_DECIDED
    if ballot.verb not in APPROVING and not (ballot.reason or "").strip():
        return Refusal.REASON_MISSING
    return None


def _rejected(request: RequestState, others: tuple[LaneState, ...], seat: UUID) -> Settlement:
    later = [each for each in request.stages if each.status is StageStatus.WAITING]
    unfinished = (LaneStatus.OPEN, LaneStatus.WAITING, LaneStatus.BLOCKED)
    dropped = [*others, *(lane for each in later for lane in each.lanes)]
    return Settlement(
        LaneStatus.REJECTED,
        StageStatus.REJECTED,
        RequestStatus.REJECTED,
        seat,
        dropped_lanes=tuple(lane.id for lane in dropped if lane.status in unfinished),
        dropped_stages=tuple(each.id for each in later),
    )


def _stage_approved(request: RequestState, stage: StageState, seat: UUID) -> Settlement:
    passed: list[UUID] = []
    done = (LaneStatus.APPROVED, StageStatus.APPROVED)
    for following in request.stages[request.stages.index(stage) + 1 :]:
        if any(lane.status is not LaneStatus.APPROVED for lane in following.lanes):
            return Settlement(*done, request.status, seat, opens=following.id, passed=tuple(passed))
        passed.append(following.id)
    return Settlement(*done, RequestStatus.APPROVED, seat, passed=tuple(passed))
