"""What must hold of votes: who gave them, on which content, and what they add up to."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from db.enums import APPROVING, LaneStatus, RequestStatus
from db.tables import ApprovalVote, SecondLook
from tests.support.machine.world import History, World
from workflows.approvals import approvals_needed, bursts


def nobody_barred_has_a_vote(_: World, now: World, __: History) -> Iterator[str]:
    for request in now.requests.values():
        for lane in now.current_lanes(request):
            for vote in now.votes.get(lane.id, ()):
                barred = {vote.person_id, vote.cast_by} & now.excluded[request.id]
                yield from (f"{now.people[each].name} may not vote in {lane.key} and has" for each in barred)


def each_human_counts_once(_: World, now: World, __: History) -> Iterator[str]:
    """One human, one vote in a lane; where approvers must differ, in one stage only. No vote without a seat."""
    for lane in now.lanes.values():
        votes = now.votes.get(lane.id, ())
        for human, count in Counter(vote.cast_by for vote in votes).items():
            if count > 1:
                yield f"{now.people[human].name} voted {count} times in {lane.key}"
        seated = {seat.person_id for seat in now.seats.get(lane.id, ())}
        if {vote.person_id for vote in votes} - seated:
            yield f"somebody without a seat voted in {lane.key}"
        if now.is_current(lane):
            twice = {vote.cast_by for vote in votes} & now.voters_elsewhere(lane)
            yield from (f"{now.people[each].name} voted in two stages" for each in twice)


def an_approval_is_enough_people_on_this_content(_: World, now: World, history: History) -> Iterator[str]:
    """As many humans as the rule asked for of those first asked have approved what the lane is about now."""
    for lane in now.lanes.values():
        if lane.needed is not None and lane.ad_hoc_id is None and lane.kept_from is None:
            asked = len(now.seats.get(lane.id, ()))
            first, needed = history.frozen.setdefault(lane.id, (asked, lane.needed))
            if needed != lane.needed or needed != approvals_needed(lane.rule, lane.amount, first):
                yield f"{lane.key} needs {lane.needed}; frozen were {first} people, {needed} of them needed"
        if lane.status is not LaneStatus.APPROVED:
            continue
        humans = {
            vote.cast_by
            for vote in now.votes.get(lane.id, ())
            if vote.verb in APPROVING and vote.content_digest == lane.content_digest
        }
        if lane.needed is None or len(humans) < lane.needed:
            yield f"{lane.key} is approved by {len(humans)} of {lane.needed} on what it is about"


def a_request_is_approved_by_all_its_lanes(_: World, now: World, __: History) -> Iterator[str]:
    for request in now.requests.values():
        lanes = now.current_lanes(request)
        is_by_people = request.status is RequestStatus.APPROVED and request.decided_by_line is None
        if is_by_people and (not lanes or any(lane.status is not LaneStatus.APPROVED for lane in lanes)):
            yield f"{request.reference} is approved with lanes {[(lane.key, lane.status.value) for lane in lanes]}"


def nobody_approves_a_burst_unseen(_: World, now: World, __: History) -> Iterator[str]:
    """Nobody has given that many approvals in those minutes since they last looked again."""
    looked = {each.person_id: each.confirmed_at for each in now.of(SecondLook)}
    given: dict[UUID, set[tuple[UUID, datetime]]] = defaultdict(set)
    for vote in now.of(ApprovalVote):
        since = max(now.now - bursts.WITHIN, looked.get(vote.cast_by, datetime.min.replace(tzinfo=now.now.tzinfo)))
        if vote.verb in APPROVING and vote.cast_at > since:
            given[vote.cast_by].add((vote.request_id, vote.cast_at))
    for person, votes in given.items():
        if len(votes) >= bursts.MANY:
            yield f"{now.people[person].name} gave {len(votes)} approvals and never looked again"
