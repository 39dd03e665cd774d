"""What must hold after any fault: a function for each promise, returning what breaks it in sentences."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from bot import verifier
from db.enums import OutboxKind, OutboxStatus, RequestStatus, UseCaseState, Verb
from db.session import Database
from db.tables import (
    ApprovalExclusion,
    ApprovalLane,
    ApprovalRequest,
    ApprovalSeat,
    ApprovalVote,
    Card,
    Delivery,
    OutboxRow,
    Person,
    UseCase,
    UseCaseRevision,
)
from handlers.ids import Action
from tests.chaos.harness import Workspace
from workflows import ledger
from workflows.ledger import LedgerKind

POSTED = {OutboxKind.CARD_SYNC, OutboxKind.REQUEST_SETTLED, OutboxKind.VOTE_REMINDER, OutboxKind.UNDELIVERABLE}
BALLOTS = {Action.APPROVE.value, Action.REJECT.value}


@dataclass(frozen=True, slots=True)
class Accepted:
    """Something Slack showed a person as accepted. `view` is the modal it was sent from, if it was one."""

    person: str
    what: str
    reference: str
    name: str = ""
    verb: Verb | None = None
    view: str | None = None


@dataclass(slots=True)
class World:
    """The stored state and the workspace as people see it, read once when everything is at rest."""

    workspace: Workspace
    accepted: Sequence[Accepted]
    history: bool
    lease: timedelta
    requests: dict[UUID, ApprovalRequest] = field(default_factory=dict)
    use_cases: dict[UUID, UseCase] = field(default_factory=dict)
    names: dict[UUID, str] = field(default_factory=dict)
    people: dict[UUID, str] = field(default_factory=dict)
    lanes: dict[UUID, ApprovalLane] = field(default_factory=dict)
    seats: list[ApprovalSeat] = field(default_factory=list)
    votes: list[ApprovalVote] = field(default_factory=list)
    excluded: set[tuple[UUID, UUID]] = field(default_factory=set)
    cards: list[Card] = field(default_factory=list)
    outbox: list[OutboxRow] = field(default_factory=list)
    deliveries: list[str] = field(default_factory=list)
    rows: list[verifier.Row] = field(default_factory=list)
    events: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def request_called(self, reference: str) -> ApprovalRequest | None:
        return next((each for each in self.requests.values() if each.reference == reference), None)

    def votes_on(self, request: ApprovalRequest) -> list[ApprovalVote]:
        return [vote for vote in self.votes if vote.request_id == request.id]


def read(
    database: Database,
    workspace: Workspace,
    accepted: Sequence[Accepted],
    *,
    history: bool = True,
    lease: timedelta,
) -> World:
    with database.reading() as session:
        world = World(workspace, accepted, history, lease)
        world.requests = {each.id: each for each in _all(session, ApprovalRequest)}
        world.use_cases = {each.id: each for each in _all(session, UseCase)}
        world.names = {each.use_case_id: each.name for each in _all(session, UseCaseRevision)}
        world.people = {each.id: each.slack_id for each in _all(session, Person)}
        world.lanes = {each.id: each for each in _all(session, ApprovalLane)}
        world.seats = _all(session, ApprovalSeat)
        world.votes = _all(session, ApprovalVote)
        world.excluded = {(each.request_id, each.person_id) for each in _all(session, ApprovalExclusion)}
        world.cards = _all(session, Card)
        world.outbox = list(session.exec(select(OutboxRow).order_by(col(OutboxRow.seq))))
        world.deliveries = [each.key for each in _all(session, Delivery)]
        world.rows = [verifier.Row(*row) for row in ledger.events(session)]
        session.expunge_all()
    streams = defaultdict(list)
    for row in world.rows:
        streams[row.stream].append(json.loads(row.body))
    world.events = dict(streams)
    return world


def _all(session: Session, table: type[Any]) -> list[Any]:
    return list(session.exec(select(table)))


def every_acknowledged_modal_was_handled_once(world: World) -> list[str]:
    """I1: what was acknowledged has one stored outcome."""
    found = []
    for accepted in world.accepted:
        if accepted.view is None or accepted.verb is None:
            continue
        count = sum(key.startswith(f"view:{accepted.view}:") for key in world.deliveries)
        if count != 1:
            found.append(f"{accepted} has {count} stored outcomes")
    return found


def nothing_acknowledged_is_missing(world: World) -> list[str]:
    """I2: what Slack showed as accepted is stored; a vote that came too late left a decision by somebody else."""
    found = []
    for accepted in world.accepted:
        request = world.request_called(accepted.reference)
        if request is None:
            found.append(f"{accepted}: there is no such request")
        elif accepted.verb is None:
            use_case = world.use_cases[request.subject_id]
            if world.names[use_case.id] != accepted.name or world.people[use_case.proposer_id] != accepted.person:
                found.append(f"{accepted}: {request.reference} is somebody else's")
        elif request.status is RequestStatus.IN_REVIEW:
            found.append(f"{accepted}: the request is still in review")
        elif accepted.view is not None and accepted not in _as_stored(world, request, accepted):
            found.append(f"{accepted}: was shown as stored, and is not")
    return found


def _as_stored(world: World, request: ApprovalRequest, shown: Accepted) -> list[Accepted]:
    return [replace(shown, person=world.people[vote.person_id], verb=vote.verb) for vote in world.votes_on(request)]


def every_proposal_became_one_use_case(world: World) -> list[str]:
    """No modal became two use cases, and their numbers have no gaps."""
    twice = [name for name, count in Counter(world.names.values()).items() if count > 1]
    found = [f"“{name}” was stored more than once" for name in twice]
    numbers = sorted(use_case.number for use_case in world.use_cases.values())
    if numbers != list(range(1, len(numbers) + 1)):
        found.append(f"the numbers have gaps: {numbers}")
    requests = Counter(request.subject_id for request in world.requests.values())
    return found + [f"use case {each} has {requests[each]} requests" for each in world.use_cases if requests[each] != 1]


def nothing_happened_after_the_end(world: World) -> list[str]:
    """I3: a request's stream ends with its decision."""
    found = []
    for stream, events in world.events.items():
        kinds = [event["kind"] for event in events]
        if LedgerKind.REQUEST_SETTLED in kinds and kinds.index(LedgerKind.REQUEST_SETTLED) != len(kinds) - 1:
            found.append(f"{stream} goes on after its decision: {kinds}")
    return found


def status_is_what_the_events_say(world: World) -> list[str]:
    """I4: rows are what folding the ledger gives, and their versions count the changes."""
    found = []
    for request in world.requests.values():
        events = world.events[f"request:{request.id}"]
        settled = [event["data"]["status"] for event in events if event["kind"] == LedgerKind.REQUEST_SETTLED]
        told = settled[-1] if settled else RequestStatus.IN_REVIEW
        if request.status != told:
            found.append(f"{request.reference} is {request.status}, its events say {told}")
        voted = [(event["actor"], event["data"]["verb"]) for event in events if event["kind"] == LedgerKind.VOTED]
        stored = [(str(vote.person_id), vote.verb.value) for vote in world.votes_on(request)]
        if sorted(dict(voted).items()) != sorted(stored):
            found.append(f"{request.reference} has votes {stored}, its events say {voted}")
        if request.version != 1 + len(voted):
            found.append(f"{request.reference} has version {request.version} after {len(voted)} votes")
        if world.use_cases[request.subject_id].state != UseCaseState(request.status.value):
            found.append(f"the use case of {request.reference} has another state than the request")
    return found


def the_ledger_verifies(world: World) -> list[str]:
    """I5: every chain holds."""
    problem = verifier.verify(world.rows).problem
    return [] if problem is None else [problem]


def every_promise_is_one_message(world: World) -> list[str]:
    """I6: a promise is in the workspace once where history may be read, and at least once where it was sent."""
    found = []
    posted = world.workspace.by_key()
    for row in world.outbox:
        messages = posted.get(str(row.key), [])
        if world.history and len(messages) > 1:
            found.append(f"{row.kind} {row.key} was posted {len(messages)} times")
        is_own_message = row.kind in POSTED and row.kind is not OutboxKind.CARD_SYNC
        if is_own_message and row.status is OutboxStatus.SENT and not messages:
            found.append(f"{row.kind} {row.key} counts as sent and is not there")
    promised = {str(row.key) for row in world.outbox}
    return found + [f"the message {key} was never promised" for key in posted if key not in promised]


def conversations_are_in_order(world: World) -> list[str]:
    """I7: messages of a conversation stand in the order in which they were promised.

    Two transactions that promise at the same moment may commit either way round, so a second is let pass.
    """
    found = []
    posted = world.workspace.by_key()
    placed: dict[str, list[tuple[OutboxRow, str]]] = defaultdict(list)
    for row in world.outbox:
        messages = posted.get(str(row.key))
        if messages:
            placed[row.conversation].append((row, min(message.ts for message in messages)))
    for conversation, rows in placed.items():
        for (earlier, first), (later, second) in pairwise(rows):
            if first > second and later.created_at - earlier.created_at > timedelta(seconds=1):
                found.append(f"in {conversation}, {later.kind} stands before the {earlier.kind} promised earlier")
    return found


def nobody_is_reminded_twice(world: World) -> list[str]:
    """I8: a seat's reminder fires once."""
    fired = Counter(
        (event["data"]["lane"], event["data"]["person"])
        for events in world.events.values()
        for event in events
        if event["kind"] == LedgerKind.REMINDED
    )
    return [f"{seat} was reminded {count} times" for seat, count in fired.items() if count > 1]


def only_those_asked_decided(world: World) -> list[str]:
    """I9: no seat and no vote of a proposer, an owner or an outsider, and none twice."""
    found = []
    seats = Counter((seat.lane_id, seat.person_id) for seat in world.seats)
    votes = Counter((vote.lane_id, vote.person_id) for vote in world.votes)
    for lane_id, person_id in seats:
        if (world.lanes[lane_id].request_id, person_id) in world.excluded:
            found.append(f"{world.people[person_id]} was asked about their own request")
    found += [f"{world.people[vote[1]]} voted without having been asked" for vote in votes if vote not in seats]
    return found + [f"{each} counts {count} times" for each, count in (seats | votes).items() if count > 1]


def no_lease_outlived_its_holder(world: World) -> list[str]:
    """I10: nothing is being sent under a lease that ended long ago."""
    limit = datetime.now(UTC) - world.lease
    return [
        f"{row.kind} {row.key} is still being sent"
        for row in world.outbox
        if row.status is OutboxStatus.SENDING and row.lease_until is not None and row.lease_until < limit
    ]


def nothing_is_left_to_send(world: World) -> list[str]:
    """At rest, every promise is kept, cancelled or given up, and none was given up."""
    return [
        f"{row.kind} {row.key} is {row.status}: {row.last_error}"
        for row in world.outbox
        if row.status not in (OutboxStatus.SENT, OutboxStatus.CANCELLED)
    ]


def nobody_waits_for_nothing(world: World) -> list[str]:
    """I11: every copy of a card is there, once, up to date: with a ballot while it is open, without one after.

    Where history may not be read, a second copy may stand; a click on it changes nothing.
    """
    found = []
    for request in world.requests.values():
        seen = world.workspace.cards(request.reference)
        mine = [card for card in world.cards if card.request_id == request.id]
        if world.history and len(seen) != len(mine):
            found.append(f"{request.reference} has {len(seen)} cards in Slack for {len(mine)} copies")
        for card in mine:
            found += _problems_of_copy(request, card, world)
    return found


def _problems_of_copy(request: ApprovalRequest, card: Card, world: World) -> list[str]:
    where = f"{request.reference} in {card.conversation}"
    shown = [
        each for each in world.workspace.cards(request.reference) if (each.channel, each.ts) == (card.channel, card.ts)
    ]
    if not shown:
        return [f"the card of {where} is not where we think it is"]
    if request.status is RequestStatus.IN_REVIEW:
        wanted = BALLOTS if card.person_id else {Action.OPEN.value}
        return [] if wanted <= set(shown[0].actions) else [f"the card of {where} cannot be acted on"]
    if BALLOTS & set(shown[0].actions):
        return [f"the card of {where} still has a ballot after the decision"]
    return [] if request.status.value in shown[0].text.lower() else [f"the card of {where} does not tell the decision"]


def proposers_were_told(world: World) -> list[str]:
    """I6: proposers hear of the decision, once where history may be read, else at least once."""
    found = []
    for request in world.requests.values():
        told = len(world.workspace.direct(world.people[request.requester_id], f"*{request.reference}* “"))
        settled = request.status is not RequestStatus.IN_REVIEW
        if told < settled or (told > settled and (world.history or not settled)):
            found.append(f"the proposer of {request.reference} ({request.status}) was told {told} times")
    return found


INVARIANTS: Sequence[Callable[[World], list[str]]] = (
    every_acknowledged_modal_was_handled_once,
    nothing_acknowledged_is_missing,
    every_proposal_became_one_use_case,
    nothing_happened_after_the_end,
    status_is_what_the_events_say,
    the_ledger_verifies,
    every_promise_is_one_message,
    conversations_are_in_order,
    nobody_is_reminded_twice,
    only_those_asked_decided,
    no_lease_outlived_its_holder,
    nothing_is_left_to_send,
    nobody_waits_for_nothing,
    proposers_were_told,
)


def broken(world: World) -> dict[str, list[str]]:
    """Return what does not hold, by the name of the invariant."""
    return {check.__name__: problems for check in INVARIANTS if (problems := check(world))}
