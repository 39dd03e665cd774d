"""What must hold of approvals and votes that count on in a later round."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from db.enums import APPROVING, LaneStatus, Verb
from tests.support.machine.world import History, World
from workflows.ledger import LedgerKind

Given = tuple[str, str, str]
"""How somebody voted, on which content, and who gave the vote."""

SAME = ("role", "rule", "amount", "rejections", "content_digest")


def a_kept_approval_is_of_the_same_lane(_: World, now: World, __: History) -> Iterator[str]:
    for lane in now.lanes.values():
        if lane.kept_from is None:
            continue
        source = now.lanes[lane.kept_from]
        changed = _differences(now, source, lane) + ["needed"] * (source.needed != lane.needed)
        if source.status is not LaneStatus.APPROVED or changed:
            yield f"{lane.key} keeps the approval of a lane that is {source.status} and differs in {changed}"


def votes_are_taken_up_from_the_same_lane(_: World, now: World, __: History) -> Iterator[str]:
    """Only a lane that was left open hands its votes on: not the one that asked for changes."""
    for lane in now.lanes.values():
        if lane.votes_from is None:
            continue
        source = now.lanes[lane.votes_from]
        changed = _differences(now, source, lane)
        if source.status is not LaneStatus.NO_LONGER_REQUIRED or changed or lane.kept_from is not None:
            yield f"{lane.key} takes up the votes of a lane that is {source.status} and differs in {changed}"


def _differences(now: World, source: Any, lane: Any) -> list[str]:
    changed = [name for name in SAME if getattr(source, name) != getattr(lane, name)]
    tiers = {now.rounds[each.request_id, now.stages[each.stage_id].round].tier for each in (source, lane)}
    return changed + ["tier"] * (len(tiers) > 1)


def votes_that_count_on_are_of_people_seated_and_settle_nothing(before: World, now: World, _: History) -> Iterator[str]:
    """Look at those that were carried in this deed: nobody else can have voted in their lane yet."""
    for key, events in now.events.items():
        for event in events[len(before.events.get(key, ())) :]:
            if event["kind"] == LedgerKind.VOTES_CARRIED:
                lane = now.lanes[UUID(event["data"]["lane"])]
                yield from (f"votes carried into {lane.key}: {told}" for told in _wrong_with(now, lane, event["data"]))


def _wrong_with(now: World, lane: Any, told: dict[str, Any]) -> Iterator[str]:
    seats = {seat.person_id: seat for seat in now.seats[lane.id] if seat.vacated_at is None}
    votes = {vote.person_id: vote for vote in now.votes.get(lane.id, ())}
    if str(lane.votes_from) != told["from"] or {str(person) for person in votes} != set(told["people"]):
        yield f"stored are {sorted(map(str, votes))}"
    if lane.status is not LaneStatus.OPEN or sum(each.verb in APPROVING for each in votes.values()) >= lane.needed:
        yield f"they settle it: it is {lane.status}"
    barred = now.excluded[lane.request_id] | now.voters_elsewhere(lane)
    for person, vote in votes.items():
        name = now.people[person].name
        if person not in seats or {person, vote.cast_by} & barred:
            yield f"{name} has no seat, or is barred"
        if vote.cast_by != person and vote.cast_by in seats:
            yield f"{name} has a delegate with a seat of their own"
        if vote.content_digest != lane.content_digest or vote.verb not in APPROVING | {Verb.REJECT}:
            yield f"{name} voted to {vote.verb} on something else"


def votes_are_what_the_record_says(_: World, now: World, __: History) -> Iterator[str]:
    """Hold the votes of every lane to what folding the events gives; a change keeps approvals of what it amends."""
    folded = _folded(now)
    for lane in sorted(now.lanes.values(), key=lambda each: each.id):  # what is kept comes after what it is kept from
        if lane.kept_from is not None:
            folded[lane.id] = folded[lane.kept_from]
        stored = {
            str(vote.person_id): (vote.verb.value, vote.content_digest, str(vote.cast_by))
            for vote in now.votes.get(lane.id, ())
        }
        if stored != folded[lane.id]:
            reference = now.requests[lane.request_id].reference
            yield f"{lane.key} of {reference} has the votes {stored}, the record says {folded[lane.id]}"


def _folded(now: World) -> dict[UUID, dict[str, Given]]:
    votes: dict[UUID, dict[str, Given]] = defaultdict(dict)
    for event in (event for events in now.events.values() for event in events):
        data = event["data"]
        if event["kind"] == LedgerKind.VOTED:
            votes[UUID(data["lane"])][data.get("for", event["actor"])] = (data["verb"], data["content"], event["actor"])
        elif event["kind"] == LedgerKind.VOTES_CARRIED:
            source = votes[UUID(data["from"])]
            votes[UUID(data["lane"])] |= {person: source[person] for person in data["people"]}
    return votes
