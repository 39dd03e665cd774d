"""Cast votes: lock the request, ask the rules, write down the answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.enums import LaneStatus, OutboxKind, RequestStatus, StageStatus, Verb
from db.ids import new_id
from db.queries import approvals as stored
from db.queries.approvals import LockedRequest, SeatState
from db.session import Session
from workflows import ledger
from workflows.approvals import announcing, bursts, rules, states
from workflows.approvals.rules import Ballot, LaneState, Refusal, RequestState, Settlement, StageState
from workflows.approvals.seating import open_stage
from workflows.approvals.second_looks import asks_again
from workflows.approvals.snapshots import Refused, Vote, Voted
from workflows.approvals.streams import stream_of
from workflows.ledger import Fact, LedgerKind
from workflows.outbox import Promise
from workflows.people import Actor


def cast_vote(session: Session, vote: Vote, *, voter: Actor, now: datetime) -> Voted | Refused:
    """Record one person's vote and everything it settles, or refuse it with the reason.

    The request is locked first, so people who click together are judged one after the other, and each verdict
    sees the votes before it.
    """
    request = stored.lock_by_lane(session, vote.lane_id)
    if request is None:
        return Refused(Refusal.UNKNOWN, None)
    lately = now - bursts.WITHIN
    lines = stored.state(session, request.id, current_round=request.round, voter_id=voter.id, lately=lately)
    if all(line.lane_id != vote.lane_id for line in lines):  # a card of an earlier round
        return Refused(Refusal.CONTENT_CHANGED, request.id)
    if vote.tier not in (None, request.tier):
        return Refused(Refusal.OTHER_TIER, request.id)
    state = state_of(request, lines)
    ballot = Ballot(vote.lane_id, voter.id, vote.verb, vote.seen, vote.reason)
    verdict = rules.judge(state, ballot)
    if isinstance(verdict, Refusal):
        return Refused(verdict, request.id)
    if asks_again(session, vote, voter.id, counted=lines[0].lately_approved, now=now):
        return Refused(Refusal.SECOND_LOOK, request.id)
    judged = _Judged(request, state, ballot, verdict)
    facts = [_write_vote(session, judged, now=now), *_write_statuses(session, judged, now=now)]
    ledger.record(session, stream_of(request.id), facts, actor=voter.id, now=now)
    _tell(session, judged, now=now)
    return Voted(
        request_id=request.id,
        subject_kind=request.subject_kind,
        subject_id=request.subject_id,
        reference=request.reference,
        verb=vote.verb,
        status=verdict.request,
        seat=verdict.seat,
        instead_of=judged.lane().votes.get(verdict.seat),
        has_conditions=judged.has_conditions,
    )


@dataclass(frozen=True, slots=True)
class _Judged:
    """A vote that counts: the request as it was, and what the rules say follows."""

    request: LockedRequest
    state: RequestState
    ballot: Ballot
    verdict: Settlement

    @property
    def changes_status(self) -> bool:
        return self.verdict.request is not RequestStatus.IN_REVIEW

    @property
    def gives_back(self) -> bool:
        return self.verdict.request is RequestStatus.CHANGES_REQUESTED

    @property
    def has_conditions(self) -> bool:
        """Say whether somebody may have set conditions. What happened in an earlier round is not known here."""
        cast = {verb for each in self.state.stages for lane in each.lanes for verb in lane.votes.values()}
        is_first = self.request.round == self.request.revision == 1
        return not is_first or Verb.APPROVE_WITH_CONDITIONS in {*cast, self.ballot.verb}

    def stage(self) -> StageState:
        return next(each for each in self.state.stages if any(lane.id == self.ballot.lane_id for lane in each.lanes))

    def lane(self) -> LaneState:
        return next(lane for lane in self.stage().lanes if lane.id == self.ballot.lane_id)


def state_of(request: LockedRequest, lines: Sequence[SeatState]) -> RequestState:
    """Return what the rules judge, from the lines of a locked request (ordered by stage)."""
    stages: dict[UUID, tuple[StageStatus, dict[UUID, list[SeatState]]]] = {}
    for line in lines:
        _, lanes = stages.setdefault(line.stage_id, (line.stage_status, {}))
        lanes.setdefault(line.lane_id, []).append(line)
    return RequestState(
        status=request.status,
        stages=tuple(
            StageState(stage_id, stage_status, tuple(_lane_state(group) for group in lanes.values()))
            for stage_id, (stage_status, lanes) in stages.items()
        ),
        voter_excluded=lines[0].voter_excluded,
        distinct_approvers=request.distinct_approvers,
    )


def _lane_state(lines: Sequence[SeatState]) -> LaneState:
    first = lines[0]
    return LaneState(
        id=first.lane_id,
        status=first.lane_status,
        needed=first.needed or 0,
        rejections=first.rejections,
        content_digest=first.content_digest,
        eligible=frozenset(line.person_id for line in lines if line.person_id is not None and line.vacated_at is None),
        votes={line.person_id: line.verb for line in lines if line.person_id is not None and line.verb is not None},
        delegates={
            line.person_id: line.delegate_id
            for line in lines
            if line.person_id is not None and line.delegate_id is not None and line.vacated_at is None
        },
        cast_by={line.person_id: line.cast_by for line in lines if line.person_id and line.cast_by},
    )


def _write_vote(session: Session, judged: _Judged, *, now: datetime) -> Fact:
    """Store the vote, or replace the voter's earlier one, and return the fact; both votes stay in the ledger."""
    ballot, seat = judged.ballot, judged.verdict.seat
    reason_id, reason_digest = None, None
    if ballot.reason:
        reason_id, reason_digest = ledger.write_text(session, ballot.reason, by=ballot.voter, now=now)
    values = {"cast_by": ballot.voter, "verb": ballot.verb, "content_digest": ballot.seen, "cast_at": now}
    values |= {"reason_id": reason_id}
    if seat in judged.lane().votes:
        stored.replace_vote(session, lane_id=ballot.lane_id, person_id=seat, values=values)
    else:
        key = {"request_id": judged.request.id, "lane_id": ballot.lane_id, "person_id": seat}
        stored.insert_vote(session, {"id": new_id()} | key | values)
    data = {"lane": str(ballot.lane_id), "verb": ballot.verb.value, "content": ballot.seen, "reason": reason_digest}
    data |= {"for": str(seat)} if seat != ballot.voter else {}
    return Fact(LedgerKind.VOTED, data)


def _write_statuses(session: Session, judged: _Judged, *, now: datetime) -> list[Fact]:
    """Write what the verdict changes, from lane to request, and return the facts."""
    request, lane_id, verdict = judged.request, judged.ballot.lane_id, judged.verdict
    _require_possible(judged)
    facts = []
    if verdict.lane is LaneStatus.OPEN:
        stored.clear_reminders_of(session, lane_id, verdict.seat)
    else:
        stored.settle_lanes(session, [lane_id], verdict.lane, at=now)
        stopped = [lane.id for lane in judged.stage().lanes if judged.gives_back and lane.id != lane_id]
        stored.clear_reminders(session, [lane_id, *verdict.dropped_lanes, *stopped])
        facts.append(Fact(LedgerKind.LANE_SETTLED, {"lane": str(lane_id), "status": verdict.lane.value}))
    if verdict.dropped_lanes:
        stored.settle_lanes(session, verdict.dropped_lanes, LaneStatus.NO_LONGER_REQUIRED, at=now)
    if verdict.dropped_stages:
        stored.settle_stages(session, verdict.dropped_stages, StageStatus.NO_LONGER_REQUIRED)
    stage = judged.stage()
    if verdict.stage is not stage.status:
        stored.settle_stages(session, [stage.id, *verdict.passed], verdict.stage)
    if judged.changes_status:
        ended = None if judged.gives_back else now
        stored.settle_request(session, request.id, version=request.version, status=verdict.request, at=ended)
    else:
        stored.touch_request(session, request.id, version=request.version)
    if judged.changes_status:
        facts.append(Fact(LedgerKind.REQUEST_SETTLED, {"status": verdict.request.value}))
    return facts


def _require_possible(judged: _Judged) -> None:
    """Raise ImpossibleTransitionError when nothing leads from what is stored to what the verdict says."""
    verdict, stage = judged.verdict, judged.stage()
    stages = {each.id: each.status for each in judged.state.stages}
    lanes = {lane.id: lane.status for each in judged.state.stages for lane in each.lanes}
    states.LANE.require(judged.lane().status, verdict.lane)
    for dropped in verdict.dropped_lanes:
        states.LANE.require(lanes[dropped], LaneStatus.NO_LONGER_REQUIRED)
    for dropped in verdict.dropped_stages:
        states.STAGE.require(stages[dropped], StageStatus.NO_LONGER_REQUIRED)
    for passed in verdict.passed:
        states.STAGE.require(stages[passed], StageStatus.APPROVED)
    if verdict.stage is not stage.status:
        states.STAGE.require(stage.status, verdict.stage)
    if verdict.request is not judged.state.status:
        states.REQUEST.require(judged.state.status, verdict.request)


def _tell(session: Session, judged: _Judged, *, now: datetime) -> None:
    """Open the next stage if it is its turn, and promise every picture the vote changed."""
    request, opens = judged.request, judged.verdict.opens
    concerned = {request.requester_id}
    concerned |= {
        person
        for stage in judged.state.stages
        for lane in stage.lanes
        for person in (*lane.eligible, *lane.delegates.values())
    }
    if opens is not None:
        open_stage(session, request, opens, now=now)
        concerned |= stored.asked_ever(session, request.id)
    kind = OutboxKind.CHANGES_REQUESTED if judged.gives_back else OutboxKind.REQUEST_SETTLED
    news = [Promise(kind, request.requester_slack_id, request.id)] if judged.changes_status else []
    announcing.redraw(session, request.id, people=concerned, news=news, now=now)
