"""What must hold of who is asked, who stands in for them, and what the clock does to them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from db.enums import APPROVING
from db.tables import (
    ApprovalSeat,
    Delegation,
)
from tests.support.machine.world import History, World
from workflows.ledger import LedgerKind


def each_alarm_fires_once(before: World, now: World, _: History) -> Iterator[str]:
    asked = {(str(seat.lane_id), str(seat.person_id)): seat.asked_at for seat in now.of(ApprovalSeat)}
    for key, events in now.events.items():
        once = Counter(
            (each["kind"], each["data"]["lane"])
            for each in events
            if each["kind"] in (LedgerKind.LANE_ESCALATED, LedgerKind.LANE_OVERDUE)
        )
        yield from (f"{what} {count} times" for what, count in once.items() if count > 1)
        if len(events) == len(before.events.get(key, ())):
            continue
        steps = Counter(_step_of(each) for each in events if _is_of_this_clock(each, asked))
        yield from (f"reminder {what} fired {count} times" for what, count in steps.items() if count > 1)


def _step_of(event: Mapping[str, Any]) -> tuple[str, str, int]:
    data = event["data"]
    return data["lane"], data.get("for", data["person"]), data["reminder"]


def _is_of_this_clock(event: Mapping[str, Any], asked: Mapping[tuple[str, str], datetime]) -> bool:
    """Say whether this is a reminder given since the person was asked; who is asked again has a new clock."""
    if event["kind"] != LedgerKind.REMINDED:
        return False
    since = asked.get(_step_of(event)[:2])
    return since is not None and datetime.fromisoformat(event["at"]) > since


def who_has_voted_is_not_reminded(_: World, now: World, __: History) -> Iterator[str]:
    for lane in now.open_lanes():
        voted = {vote.person_id for vote in now.votes.get(lane.id, ())}
        for seat in now.seats.get(lane.id, ()):
            if seat.person_id in voted and seat.remind_at is not None:
                yield f"{now.people[seat.person_id].name} has voted in {lane.key} and is reminded all the same"


def an_open_lane_can_be_decided(_: World, now: World, __: History) -> Iterator[str]:
    """Once the clock has run: an open lane has enough people who may still approve it, else it is blocked."""
    if not now.beaten:
        return
    for lane in now.open_lanes():
        votes = now.votes.get(lane.id, ())
        spent = {vote.cast_by for vote in votes}
        approved = sum(vote.verb in APPROVING for vote in votes)
        barred = now.excluded[lane.request_id] | now.voters_elsewhere(lane) | spent
        able = {seat.person_id for seat in now.awaited(lane) if now.is_member(seat.person_id)} - barred
        if approved + len(able) < lane.needed:
            yield f"{lane.key} is open, needs {lane.needed}, has {approved} and can get {len(able)}"


def who_stands_in_may(_: World, now: World, __: History) -> Iterator[str]:
    """Once the clock has run: whoever stands in for somebody is a free full member of this moment's delegations."""
    if not now.beaten:
        return
    current = {
        (each.person_id, each.delegate_id) for each in now.of(Delegation) if each.starts_at <= now.now < each.ends_at
    }
    for lane in now.open_lanes():
        standing = [seat for seat in now.awaited(lane) if seat.delegate_id is not None]
        seats = [seat for seat in now.seats[lane.id] if seat.vacated_at is None]
        for seat in (each for each in seats if each.delegate_id is not None):  # to vote, or to change that vote
            if (seat.person_id, seat.delegate_id) not in current or not now.is_member(seat.delegate_id):
                yield f"{now.people[seat.delegate_id].name} stands in without a delegation in {lane.key}"
        own = {seat.person_id for seat in seats}
        spent = {vote.cast_by for vote in now.votes.get(lane.id, ())}
        for seat in standing:
            who = now.people[seat.delegate_id].name
            if seat.delegate_id in own | spent | now.excluded[lane.request_id] | now.voters_elsewhere(lane):
                yield f"{who} stands in where they may not, in {lane.key}"
        if len({seat.delegate_id for seat in standing}) < len(standing):
            yield f"one human stands in twice in {lane.key}"


def nobody_barred_is_asked(_: World, now: World, __: History) -> Iterator[str]:
    for lane in now.open_lanes():
        for seat in now.awaited(lane):
            if {seat.person_id, seat.delegate_id} & (now.excluded[lane.request_id] | now.voters_elsewhere(lane)):
                yield f"{now.people[seat.person_id].name} is asked in {lane.key} and barred"
