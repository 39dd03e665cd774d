"""What must hold after any fault: a function for each promise, returning what breaks it in sentences."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from bot import verifier
from db.enums import (
    APPROVING,
    DraftStatus,
    LaneStatus,
    OutboxKind,
    OutboxStatus,
    RequestStatus,
    RoundCause,
    UseCaseState,
    Verb,
)
from db.session import Database
from db.tables import (
    ApprovalExclusion,
    ApprovalLane,
    ApprovalRequest,
    ApprovalRound,
    ApprovalSeat,
    ApprovalStage,
    ApprovalVote,
    Card,
    Delivery,
    Draft,
    OutboxRow,
    Person,
    UseCase,
    UseCaseRevision,
)
from handlers.ids import Action
from handlers.kinds import kind_of
from tests.chaos.harness import DANA, PEOPLE, Company, Workspace
from tests.chaos.harness import Card as Message
from workflows import ledger
from workflows.intake import SUBJECT_KIND
from workflows.ledger import LedgerKind
from workflows.people import ADMIN

DRAWN = {OutboxKind.CARD_SYNC, OutboxKind.CHECK_IN, OutboxKind.HOME_SYNC, OutboxKind.WHISPER}
"""Pictures, of which the workspace keeps one however often they are promised, and what only one person saw."""

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
    texts: dict[UUID, list[UseCaseRevision]] = field(default_factory=dict)
    drafts: list[Draft] = field(default_factory=list)
    people: dict[UUID, str] = field(default_factory=dict)
    rounds: dict[UUID, list[ApprovalRound]] = field(default_factory=dict)
    stages: dict[UUID, ApprovalStage] = field(default_factory=dict)
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

    def events_of(self, request: ApprovalRequest) -> list[dict[str, Any]]:
        return self.events[f"request:{request.id}"]

    def lanes_of(self, request: ApprovalRequest, number: int | None = None) -> list[ApprovalLane]:
        """Return the lanes of a round, by default of the one that counts."""
        wanted = (request.id, number or request.round)
        stages = {each.id for each in self.stages.values() if (each.request_id, each.round) == wanted}
        return [lane for lane in self.lanes.values() if lane.stage_id in stages]

    def names(self) -> set[str]:
        return {text.name for texts in self.texts.values() for text in texts}


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
        for text in session.exec(select(UseCaseRevision).order_by(col(UseCaseRevision.revision))):
            world.texts.setdefault(text.use_case_id, []).append(text)
        world.drafts = _all(session, Draft)
        world.people = {each.id: each.slack_id for each in _all(session, Person)}
        for laid in session.exec(select(ApprovalRound).order_by(col(ApprovalRound.round))):
            world.rounds.setdefault(laid.request_id, []).append(laid)
        world.stages = {each.id: each for each in _all(session, ApprovalStage)}
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
            texts = world.texts[request.subject_id]
            texts = texts[:1] if accepted.what == "proposal" else texts[1:]
            if (accepted.name, accepted.person) not in {(text.name, world.people[text.submitted_by]) for text in texts}:
                found.append(f"{accepted}: {request.reference} does not say so")
        elif request.status is RequestStatus.IN_REVIEW:
            found.append(f"{accepted}: the request is still in review")
        elif accepted.view is not None and (accepted.person, accepted.verb) not in _voted(world, request):
            found.append(f"{accepted}: was shown as stored, and is not")
    return found


def _voted(world: World, request: ApprovalRequest) -> set[tuple[str, str]]:
    """Return (person, verb) of every vote ever given on a request, those taken back or of earlier rounds too."""
    voted = (event for event in world.events_of(request) if event["kind"] == LedgerKind.VOTED)
    return {(world.people[UUID(event["actor"])], event["data"]["verb"]) for event in voted}


def every_draft_became_one_text(world: World) -> list[str]:
    """No draft became two use cases or two texts of one, none was lost, and numbers and rounds have no gaps."""
    every = [text.name for texts in world.texts.values() for text in texts]
    found = [f"“{name}” was stored {count} times" for name, count in Counter(every).items() if count > 1]
    numbers = sorted(use_case.number for use_case in world.use_cases.values())
    if numbers != list(range(1, len(numbers) + 1)):
        found.append(f"the numbers have gaps: {numbers}")
    requests = Counter(request.subject_id for request in world.requests.values())
    sent = Counter(draft.use_case_id for draft in world.drafts if draft.status is DraftStatus.SUBMITTED)
    first = {draft.id: draft.use_case_id for draft in world.drafts}
    for use_case in world.use_cases.values():
        revisions = [text.revision for text in world.texts[use_case.id]]
        if requests[use_case.id] != 1:
            found.append(f"use case {use_case.number} has {requests[use_case.id]} requests")
        if revisions != list(range(1, use_case.revision + 1)):
            found.append(f"use case {use_case.number} is at text {use_case.revision} and has {revisions}")
        if first.get(use_case.token) != use_case.id or sent[use_case.id] != len(revisions):
            found.append(f"use case {use_case.number} has {revisions} from {sent[use_case.id]} drafts")
    return found


def every_round_is_one_text(world: World) -> list[str]:
    """Each text was laid out once: when it was proposed, and whenever it came back changed."""
    found = []
    for request in world.requests.values():
        laid = [(each.round, each.cause, each.revision) for each in world.rounds[request.id]]
        causes = [RoundCause.SUBMITTED] + [RoundCause.RESUBMITTED] * (request.round - 1)
        wanted = [(number, cause, number) for number, cause in enumerate(causes, start=1)]
        if laid != wanted or request.revision != request.round:
            found.append(f"{request.reference}, round {request.round} on text {request.revision}, was laid out {laid}")
    return found


def only_the_current_round_counts(world: World) -> list[str]:
    """Every vote was given in the round of its moment; what an earlier one left open is over."""
    found = []
    for request in world.requests.values():
        round_now = 0
        for event in world.events_of(request):
            round_now = event["data"].get("round", round_now)
            lane = world.lanes.get(UUID(event["data"]["lane"])) if event["kind"] == LedgerKind.VOTED else None
            if lane is not None and world.stages[lane.stage_id].round != round_now:
                found.append(f"{request.reference} was voted on in a lane of another round than {round_now}")
        for number in range(1, request.round):
            over = (LaneStatus.APPROVED, LaneStatus.CHANGES_REQUESTED, LaneStatus.NO_LONGER_REQUIRED)
            left = [lane.status for lane in world.lanes_of(request, number) if lane.status not in over]
            found += [f"{request.reference} has a lane {status} in round {number}" for status in left]
    return found


def approved_is_what_every_lane_approved(world: World) -> list[str]:
    """Approved is what every lane of the current round approved, by as many people as it takes, on what they saw."""
    found = []
    for request in world.requests.values():
        lanes = world.lanes_of(request)
        for lane in lanes:
            votes = [vote for vote in world.votes if vote.lane_id == lane.id]
            given = {vote.person_id for vote in votes if vote.verb in APPROVING}
            if (lane.status is LaneStatus.APPROVED) != (len(given) >= (lane.needed or 1)):
                found.append(f"{lane.name} of {request.reference} is {lane.status} with {len(given)} approvals")
            if any(vote.content_digest != lane.content_digest for vote in votes):
                found.append(f"{lane.name} of {request.reference} has a vote on another content")
            before = world.lanes[lane.kept_from] if lane.kept_from else lane
            if before.content_digest != lane.content_digest:
                found.append(f"{lane.name} of {request.reference} kept an approval of another content")
        passed = all(lane.status is LaneStatus.APPROVED for lane in lanes)
        if (request.status is RequestStatus.APPROVED) != passed:
            found.append(f"{request.reference} is {request.status}, its lanes {[lane.status for lane in lanes]}")
    return found


def nothing_happened_after_the_end(world: World) -> list[str]:
    """I3: a request's stream ends with its decision; one given back goes on with another round."""
    found = []
    for stream, events in world.events.items():
        for event, following in pairwise(events):
            if event["kind"] != LedgerKind.REQUEST_SETTLED:
                continue
            given_back = event["data"]["status"] == RequestStatus.CHANGES_REQUESTED
            if not (given_back and following["kind"] == LedgerKind.REQUEST_RESUBMITTED):
                found.append(f"{stream} goes on after {event['data']} with {following['kind']}")
    return found


def status_is_what_the_events_say(world: World) -> list[str]:
    """I4: rows are what folding the ledger gives, and their versions count the changes."""
    found = []
    for request in world.requests.values():
        told, changes = _folded(world.events_of(request))
        if (request.status, request.round) != told:
            found.append(f"{request.reference} is {request.status} in {request.round}, its events say {told}")
        if request.version != changes:
            found.append(f"{request.reference} has version {request.version} after {changes} changes")
        last = _votes_told(world.events_of(request))
        own = [vote for vote in world.votes_on(request) if world.lanes[vote.lane_id].kept_from is None]
        stored = {(str(vote.lane_id), str(vote.person_id)): vote.verb.value for vote in own}
        if last != stored:
            found.append(f"{request.reference} has votes {stored}, its events say {last}")
        if request.subject_kind == SUBJECT_KIND and not _goes_with(world.use_cases[request.subject_id], request):
            found.append(f"the use case of {request.reference} has another state than the request")
    return found


def _goes_with(use_case: UseCase, request: ApprovalRequest) -> bool:
    """Say whether a use case may be what it is: as its request, or, once approved, stopped for what was found since."""
    state = UseCaseState(request.status.value)
    stopped = {UseCaseState.SUSPENDED} if state is UseCaseState.APPROVED else set()
    return use_case.state in {state, *stopped}


def _votes_told(events: Sequence[dict[str, Any]]) -> dict[tuple[str, str], str]:
    """Return how each person voted last in each lane, from the events alone."""
    last: dict[tuple[str, str], str] = {}
    for event in events:
        data = event["data"]
        if event["kind"] == LedgerKind.VOTED:
            last[data["lane"], data.get("for", event["actor"])] = data["verb"]
        elif event["kind"] == LedgerKind.VOTES_CARRIED:
            last |= {(data["lane"], person): last[data["from"], person] for person in data["people"]}
    return last


def _folded(events: Sequence[dict[str, Any]]) -> tuple[tuple[str, int], int]:
    """Return ((status, round), version) of a request, from its events alone."""
    status, number, version = RequestStatus.IN_REVIEW.value, 0, 0
    for event in events:
        kind, data = event["kind"], event["data"]
        if kind in (LedgerKind.REQUEST_OPENED, LedgerKind.REQUEST_RESUBMITTED):
            status, number, version = RequestStatus.IN_REVIEW.value, data["round"], version + 1
        elif kind == LedgerKind.REQUEST_SETTLED:
            status = data["status"]
            version += status == RequestStatus.EXPIRED  # by the clock; every other end came with a vote, or at once
        version += kind == LedgerKind.VOTED
    return (status, number), version


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
        if row.kind not in DRAWN and row.status is OutboxStatus.SENT and not messages:
            found.append(f"{row.kind} {row.key} counts as sent and is not there")
    promised = {str(row.key) for row in world.outbox}
    return found + [f"the message {key} was never promised" for key in posted if key not in promised]


def conversations_are_in_order(world: World) -> list[str]:
    """I7: messages of a conversation stand in the order in which they were promised; bulk may be overtaken.

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
            if first > second and not earlier.is_bulk and later.created_at - earlier.created_at > timedelta(seconds=1):
                found.append(f"in {conversation}, {later.kind} stands before the {earlier.kind} promised earlier")
    return found


def nobody_is_reminded_twice(world: World) -> list[str]:
    """I8: each of a seat's three reminders fires once."""
    fired = Counter(
        (event["data"]["lane"], event["data"]["person"], event["data"]["reminder"])
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
    """I11: every copy of a card is there, once, up to date: with a ballot for whoever is asked, without one after.

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
        has_card = {card.person_id for card in mine}
        silent = [person for person in _asked(world, request) if person not in has_card]
        found += [f"{world.people[person]} is asked about {request.reference} and has no card" for person in silent]
        if request.status is RequestStatus.IN_REVIEW and not _asked(world, request):
            found.append(f"{request.reference} waits for nobody")
    return found


def _asked(world: World, request: ApprovalRequest) -> dict[UUID, set[UUID]]:
    """Return the lanes that wait for each person."""
    asked: dict[UUID, set[UUID]] = defaultdict(set)
    if request.status is not RequestStatus.IN_REVIEW:
        return asked
    is_open = {lane.id for lane in world.lanes_of(request) if lane.status is LaneStatus.OPEN}
    voted = {(vote.lane_id, vote.person_id) for vote in world.votes}
    for seat in world.seats:
        if seat.lane_id in is_open and seat.vacated_at is None and (seat.lane_id, seat.person_id) not in voted:
            asked[seat.person_id].add(seat.lane_id)
    return asked


def _problems_of_copy(request: ApprovalRequest, card: Card, world: World) -> list[str]:
    where = f"{request.reference} in {card.conversation}"
    shown = [
        each for each in world.workspace.cards(request.reference) if (each.channel, each.ts) == (card.channel, card.ts)
    ]
    if not shown:
        return [f"the card of {where} is not where we think it is"]
    if request.status in (RequestStatus.IN_REVIEW, RequestStatus.CHANGES_REQUESTED):
        return _problems_of_buttons(shown[0], where, request, card, world)
    if BALLOTS & set(shown[0].actions):
        return [f"the card of {where} still has a ballot after the decision"]
    called = kind_of(request.subject_kind).status(request.status)
    return [] if called.lower() in shown[0].text.lower() else [f"the card of {where} does not tell the decision"]


def _problems_of_buttons(shown: Message, where: str, request: ApprovalRequest, card: Card, world: World) -> list[str]:
    """Say what is wrong with the buttons of a card while the request is pending."""
    if card.person_id is None:
        return [] if Action.OPEN in shown.actions else [f"the card of {where} cannot be opened"]
    lanes = _asked(world, request).get(card.person_id, set())
    if not lanes:
        return [f"the card of {where} asks somebody who is not asked"] if BALLOTS & set(shown.actions) else []
    ballots = {f"{lane}.{world.lanes[lane].content_digest}" for lane in lanes}
    if set(shown.actions) >= BALLOTS and shown.ballot in ballots:
        return []
    return [f"the card of {where} cannot be acted on"]


def proposers_were_told(world: World) -> list[str]:
    """I6: proposers hear of the decision, once where history may be read, else at least once.

    They hear of each wish for changes, unless they had answered it by then; the last one they can always act on.
    """
    found = []
    for request in world.requests.values():
        told = world.workspace.direct(world.people[request.requester_id], f"*{request.reference}* “")
        asked = sum(Action.EDIT in each.actions for each in told)
        decided, is_back = len(told) - asked, request.status is RequestStatus.CHANGES_REQUESTED
        settled = request.status not in (RequestStatus.IN_REVIEW, RequestStatus.CHANGES_REQUESTED)
        if decided < settled or (decided > settled and (world.history or not settled)):
            found.append(f"the proposer of {request.reference} ({request.status}) was told {decided} times")
        wishes = [each for each in world.events_of(request) if each["data"].get("status") == "changes_requested"]
        wished = sum(each["kind"] == LedgerKind.REQUEST_SETTLED for each in wishes)
        if (is_back and not asked) or (asked > wished and world.history):
            found.append(f"the proposer of {request.reference} was asked for changes {asked} times, not {wished}")
    return found


def the_first_admin_was_told_once(world: World) -> list[str]:
    """Whoever owns the workspace became admin, once, and was told what to do, once; everybody else is known."""
    granted = [
        world.people[UUID(event["data"]["person"])]
        for event in world.events.get(f"role:{ADMIN}", [])
        if event["kind"] == LedgerKind.ROLE_GRANTED
    ]
    told = world.workspace.direct(DANA, "You own this Slack workspace")
    strangers = set(PEOPLE) - set(world.people.values())
    found = [f"{sorted(strangers)} are not known"] if strangers else []
    if granted != [DANA] or not told or (len(told) > 1 and world.history):
        found.append(f"admins became {granted}, and the owner was told {len(told)} times")
    return found


INVARIANTS: Sequence[Callable[[World], list[str]]] = (
    every_acknowledged_modal_was_handled_once,
    nothing_acknowledged_is_missing,
    every_draft_became_one_text,
    every_round_is_one_text,
    only_the_current_round_counts,
    approved_is_what_every_lane_approved,
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
    the_first_admin_was_told_once,
)


def broken(world: World) -> dict[str, list[str]]:
    """Return what does not hold, by the name of the invariant."""
    return {check.__name__: problems for check in INVARIANTS if (problems := check(world))}


def everything_holds(company: Company, *accepted: Accepted) -> None:
    """Wait until nothing is left to send, and insist that every promise was kept."""
    company.rest()
    lease = timedelta(seconds=company.lease_seconds)
    world = read(company.database, company.everything(), accepted, history=company.history, lease=lease)
    problems = broken(world)
    assert not problems, company.told(str(problems))
