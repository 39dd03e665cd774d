"""What a vote does to a request. Values in, values out: no database, no Slack, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from db.enums import Exclusion, LaneRule, LaneStatus, RequestStatus, StageStatus, Verb


class Refusal(StrEnum):
    UNKNOWN = "unknown"
    OWN_REQUEST = "own_request"
    OWN_USE_CASE = "own_use_case"
    OWN_EDIT = "own_edit"
    NOT_AN_APPROVER = "not_an_approver"
    ALREADY_DECIDED = "already_decided"
    CONTENT_CHANGED = "content_changed"
    NOT_YET = "not_yet"
    REASON_MISSING = "reason_missing"


def refusal_of_excluded(why: Exclusion) -> Refusal:
    match why:
        case Exclusion.PROPOSER:
            return Refusal.OWN_REQUEST
        case Exclusion.OWNER:
            return Refusal.OWN_USE_CASE
        case Exclusion.EDITOR:
            return Refusal.OWN_EDIT


@dataclass(frozen=True, slots=True)
class LaneState:
    id: UUID
    status: LaneStatus
    rule: LaneRule
    content_digest: str
    eligible: frozenset[UUID]
    votes: Mapping[UUID, Verb]


@dataclass(frozen=True, slots=True)
class StageState:
    id: UUID
    status: StageStatus
    lanes: tuple[LaneState, ...]


@dataclass(frozen=True, slots=True)
class RequestState:
    """`stages` in their order; `voter_excluded` is why the person now voting may never vote, if so."""

    status: RequestStatus
    stages: tuple[StageState, ...]
    voter_excluded: Exclusion | None


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

    `opens` is the stage whose turn it is now; `dropped` are lanes no longer required.
    """

    lane: LaneStatus
    stage: StageStatus
    request: RequestStatus
    opens: UUID | None = None
    dropped_lanes: tuple[UUID, ...] = ()
    dropped_stages: tuple[UUID, ...] = ()


def judge(request: RequestState, ballot: Ballot) -> Settlement | Refusal:
    """Return what the vote leads to, or why it does not count.

    People are counted, not votes: a lane under `any` is approved by one of its eligible people, under `all` by
    every one. One rejection ends the lane and with it the request.
    """
    stage, lane = _find(request, ballot.lane_id)
    refusal = _refusal(request, stage, lane, ballot)
    if refusal is not None:
        return refusal
    votes = {**lane.votes, ballot.voter: ballot.verb}
    outcome = lane_outcome(lane.rule, lane.eligible, votes)
    others = tuple(other for other in stage.lanes if other.id != lane.id)
    if outcome is LaneStatus.REJECTED:
        return _rejected(request, others)
    if outcome is LaneStatus.APPROVED and all(other.status is LaneStatus.APPROVED for other in others):
        return _stage_approved(request, stage)
    return Settlement(outcome, stage.status, request.status)


def lane_outcome(rule: LaneRule, eligible: frozenset[UUID], votes: Mapping[UUID, Verb]) -> LaneStatus:
    """Return a lane's status from the votes of its eligible people. An empty set never approves."""
    counted = {person: verb for person, verb in votes.items() if person in eligible}
    if Verb.REJECT in counted.values():
        return LaneStatus.REJECTED
    approvals = sum(verb is Verb.APPROVE for verb in counted.values())
    needed = approvals_needed(rule, len(eligible))
    return LaneStatus.APPROVED if 0 < needed <= approvals else LaneStatus.OPEN


def approvals_needed(rule: LaneRule, eligible: int) -> int:
    """Return how many different people must approve."""
    match rule:
        case LaneRule.ANY:
            return min(1, eligible)
        case LaneRule.ALL:
            return eligible


def _find(request: RequestState, lane_id: UUID) -> tuple[StageState, LaneState]:
    for stage in request.stages:
        for lane in stage.lanes:
            if lane.id == lane_id:
                return stage, lane
    raise LookupError(f"lane {lane_id} is not in this request")


def _refusal(request: RequestState, stage: StageState, lane: LaneState, ballot: Ballot) -> Refusal | None:
    if request.voter_excluded is not None:
        return refusal_of_excluded(request.voter_excluded)
    if ballot.voter not in lane.eligible:
        return Refusal.NOT_AN_APPROVER
    if request.status is not RequestStatus.IN_REVIEW or lane.status not in (LaneStatus.OPEN, LaneStatus.WAITING):
        return Refusal.ALREADY_DECIDED
    if ballot.seen != lane.content_digest:
        return Refusal.CONTENT_CHANGED
    if stage.status is not StageStatus.OPEN:
        return Refusal.NOT_YET
    if lane.votes.get(ballot.voter) is ballot.verb:
        return Refusal.ALREADY_DECIDED
    if ballot.verb is Verb.REJECT and not (ballot.reason or "").strip():
        return Refusal.REASON_MISSING
    return None


def _rejected(request: RequestState, others: tuple[LaneState, ...]) -> Settlement:
    later = [each for each in request.stages if each.status is StageStatus.WAITING]
    unfinished = (LaneStatus.OPEN, LaneStatus.WAITING, LaneStatus.BLOCKED)
    dropped = [lane for lane in others if lane.status in unfinished]
    dropped += [lane for each in later for lane in each.lanes]
    return Settlement(
        LaneStatus.REJECTED,
        StageStatus.REJECTED,
        RequestStatus.REJECTED,
        dropped_lanes=tuple(lane.id for lane in dropped),
        dropped_stages=tuple(each.id for each in later),
    )


def _stage_approved(request: RequestState, stage: StageState) -> Settlement:
    following = request.stages[request.stages.index(stage) + 1 :]
    if not following:
        return Settlement(LaneStatus.APPROVED, StageStatus.APPROVED, RequestStatus.APPROVED)
    return Settlement(LaneStatus.APPROVED, StageStatus.APPROVED, request.status, opens=following[0].id)
