"""Frozen pictures of approval requests, and the outcomes of acting on one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from db.enums import Audience, Exclusion, LaneRule, LaneStatus, RequestStatus, Section, StageStatus, Tier, Verb
from workflows.approvals.rules import Refusal, refusal_of_excluded
from workflows.people import Actor
from workflows.policy import Pinned


@dataclass(frozen=True, slots=True)
class Subject:
    """What is to be decided on. The engine knows its kind, its id, and digests of its named sections; no more.

    `relations` say who its owner is, and who is what the policy can ask for besides roles, as far as that is known.
    """

    kind: str
    id: UUID
    reference: str
    revision: int
    sections: dict[Section, str]
    relations: Mapping[str, UUID] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Titled:
    """What a subject is called, for whoever may know that it exists. `team` is empty where it is no team's."""

    reference: str
    title: str
    team: str = ""


@dataclass(frozen=True, slots=True)
class VoteSnapshot:
    """A vote that stands in somebody's name. `delegate` is who gave it, when it was not that person."""

    verb: Verb
    cast_at: datetime
    reason: str | None
    delegate: Actor | None = None


@dataclass(frozen=True, slots=True)
class SeatSnapshot:
    """A person asked. `has_left` means that their seat went to others; a vote they cast before stands.

    `due_at` is when their time is up, unless they never work again; `is_overdue` once they were told that it is.
    """

    person: Actor
    asked_at: datetime
    remind_at: datetime | None
    vote: VoteSnapshot | None
    has_left: bool = False
    delegate: Actor | None = None
    due_at: datetime | None = None
    is_overdue: bool = False

    @property
    def is_awaited(self) -> bool:
        return self.vote is None and not self.has_left

    def is_open_to(self, person_id: UUID) -> bool:
        """Say whether this person may still vote here, in their own name or as the delegate."""
        return self.is_awaited and person_id in {self.person.id, self.delegate.id if self.delegate else self.person.id}

    def is_changeable_by(self, person_id: UUID) -> bool:
        """Say whether the vote that stands here is this person's to change: who gave it, while they may act here."""
        if self.vote is None or self.has_left:
            return False
        gave_it = self.vote.delegate
        stands_in = gave_it is not None and self.delegate is not None and self.delegate.id == gave_it.id
        return person_id == (gave_it.id if gave_it is not None and stands_in else self.person.id)


@dataclass(frozen=True, slots=True)
class LaneSnapshot:
    """`is_kept`: approved in an earlier round, and nothing it looks at has changed since.

    `is_by_name`: somebody asked for this one person besides the policy's lanes. `is_by_relation`: it asks whoever is
    something to the subject, so nobody can take their place. `is_escalated`: everybody's time was up once.
    `expires_at` is its last date, once the leads were told.
    """

    id: UUID
    name: str
    role: str
    rule: LaneRule
    amount: int | None
    needed: int
    is_kept: bool
    status: LaneStatus
    content_digest: str
    seats: tuple[SeatSnapshot, ...]
    is_by_name: bool = False
    is_by_relation: bool = False
    is_escalated: bool = False
    expires_at: datetime | None = None

    def due(self) -> tuple[datetime, bool] | None:
        """Return when the time of everybody awaited is up, and whether it is; None when no date is known."""
        dates = [(seat.due_at, seat.is_overdue) for seat in self.seats if seat.is_awaited and seat.due_at is not None]
        return max(dates, default=None)

    def closed_without(self, person_id: UUID) -> bool:
        """Say whether this person was asked here and others settled it first."""
        settled = self.status in (LaneStatus.APPROVED, LaneStatus.REJECTED)
        return settled and any(seat.person.id == person_id and seat.vote is None for seat in self.seats)


@dataclass(frozen=True, slots=True)
class StageSnapshot:
    name: str
    status: StageStatus
    lanes: tuple[LaneSnapshot, ...]


@dataclass(frozen=True, slots=True)
class RequestSnapshot:
    """A request as its current round stands. `pinned` is what its policy said: the tier's reasons among it.

    `related` are the people who decide in this round by who they are to its subject, asked yet or not.
    `requester` answers for it: its proposer, or who owns it once they left. `is_orphaned`: nobody is left who does.
    """

    id: UUID
    subject_kind: str
    subject_id: UUID
    reference: str
    revision: int
    round: int
    tier: Tier
    pinned: Pinned
    status: RequestStatus
    confidential: bool
    proposer: Actor
    requester: Actor
    is_orphaned: bool
    opened_at: datetime
    settled_at: datetime | None
    stages: tuple[StageSnapshot, ...]
    excluded: dict[UUID, Exclusion]
    related: frozenset[UUID] = frozenset()
    amended_revision: int | None = None

    @property
    def is_conditional(self) -> bool:
        """Say whether it is approved, and somebody whose approval counts set conditions."""
        votes = (seat.vote.verb for _, seat in self._seats() if seat.vote is not None)
        return self.status is RequestStatus.APPROVED and Verb.APPROVE_WITH_CONDITIONS in votes

    @property
    def is_change(self) -> bool:
        """Say whether this asks to change something that was approved before."""
        return self.amended_revision is not None

    def open_lane_of(self, person_id: UUID) -> LaneSnapshot | None:
        """Return the open lane in which this person may vote and has not, for themselves or for whom they stand in for.

        There is none while the proposer has it.
        """
        return next((lane for lane, seat in self._open_seats() if seat.is_open_to(person_id)), None)

    def open_seat_of(self, person_id: UUID) -> SeatSnapshot | None:
        """Return the seat in which this person may vote and has not, their own or that of whom they stand in for."""
        return next((seat for _, seat in self._open_seats() if seat.is_open_to(person_id)), None)

    def may_vote_for(self, person_id: UUID, lane_id: UUID) -> Actor | None:
        """Return in whose name this person may vote in an open lane, or change their vote; None if they may not."""
        seats = [seat for lane, seat in self._open_seats() if lane.id == lane_id]
        open_ones = (seat.person for seat in seats if seat.is_open_to(person_id))
        changeable = (seat.person for seat in seats if seat.is_changeable_by(person_id))
        return next(open_ones, next(changeable, None))

    def has_seat(self, person_id: UUID) -> bool:
        """Say whether this person is asked now in their own name, whether they have voted or not."""
        seats = (seat for lane in self.open_lanes() for seat in lane.seats)
        return any(seat.person.id == person_id and not seat.has_left for seat in seats)

    def may_pass_on(self, person_id: UUID) -> bool:
        """Say whether a lane waits for this person in their own name, and others of its role could take their place."""
        lanes = [lane for lane in self.open_lanes() if not (lane.is_by_name or lane.is_by_relation)]
        seats = [seat for lane in lanes for seat in lane.seats]
        return any(seat.person.id == person_id and seat.is_awaited for seat in seats)

    def open_lanes(self) -> list[LaneSnapshot]:
        """Return the lanes that decide now; none while the proposer has it."""
        if self.status is not RequestStatus.IN_REVIEW:
            return []
        return [lane for stage in self.stages for lane in stage.lanes if lane.status is LaneStatus.OPEN]

    def lane(self, lane_id: UUID) -> LaneSnapshot | None:
        return next((lane for stage in self.stages for lane in stage.lanes if lane.id == lane_id), None)

    def waits_for(self) -> list[Actor]:
        """Return the people whose turn it is and who have not voted, in the order they were asked."""
        return [seat.person for _, seat in self._open_seats() if seat.is_awaited]

    def asked_at(self, person_id: UUID) -> datetime | None:
        """Return since when an open lane waits for this person, or None when none does."""
        seat = self.open_seat_of(person_id)
        return seat.asked_at if seat else None

    def principal_of(self, person_id: UUID) -> Actor | None:
        """Return for whom this person would vote now, when it is not for themselves."""
        seat = self.open_seat_of(person_id)
        return seat.person if seat and seat.person.id != person_id else None

    def is_asked(self, person_id: UUID) -> bool:
        """Say whether a lane waits for this person, in their own name or as a delegate, or will when it is sent again.

        While the proposer has it nobody decides, and those asked before are asked again then.
        """
        undecided = (LaneStatus.OPEN, LaneStatus.BLOCKED, LaneStatus.CHANGES_REQUESTED)
        seats = (seat for lane, seat in self._seats() if lane.status in undecided and not seat.has_left)
        return any(person_id in {seat.person.id, seat.delegate.id if seat.delegate else None} for seat in seats)

    def refusal_for(self, person_id: UUID) -> Refusal:
        """Return why this person, who has no open lane here, may not vote."""
        if person_id in self.excluded:
            return refusal_of_excluded(self.excluded[person_id])
        if any(lane.status is LaneStatus.BLOCKED and seat.is_open_to(person_id) for lane, seat in self._seats()):
            return Refusal.BLOCKED
        if all(seat.person.id != person_id for _, seat in self._seats()):
            return Refusal.NOT_AN_APPROVER
        is_back = self.status is RequestStatus.CHANGES_REQUESTED
        return Refusal.WITH_PROPOSER if is_back else Refusal.ALREADY_DECIDED

    def vote_instead_of(self, person_id: UUID) -> tuple[Actor, VoteSnapshot] | None:
        """Return the vote that closed a lane in which this person was asked and did not vote, the latest of them."""
        votes = [
            (seat.person, seat.vote)
            for lane, seat in self._seats()
            if seat.vote is not None and lane.closed_without(person_id)
        ]
        return max(votes, key=lambda each: each[1].cast_at, default=None)

    def vote_of(self, person_id: UUID) -> tuple[Actor, VoteSnapshot] | None:
        """Return this person's own vote, the latest when they had several lanes."""
        return self._latest(person_id)

    def votes_to_change(self, person_id: UUID) -> list[tuple[LaneSnapshot, VoteSnapshot]]:
        """Return the votes that are this person's to change, each with its lane, which is still open.

        They gave them; or a delegate did in their name who stands in for them no longer.
        """
        seats = [(lane, seat) for lane, seat in self._open_seats() if seat.is_changeable_by(person_id)]
        return [(lane, seat.vote) for lane, seat in seats if seat.vote is not None]

    def vote_to_change(self, person_id: UUID) -> tuple[LaneSnapshot, VoteSnapshot] | None:
        """Return the first of the votes that are this person's to change, with its lane."""
        return next(iter(self.votes_to_change(person_id)), None)

    def last_vote(self) -> tuple[Actor, VoteSnapshot] | None:
        """Return who voted last and how: the vote that settled a request, unless none did."""
        is_voted = self.status not in (RequestStatus.WITHDRAWN, RequestStatus.EXPIRED)
        return self._latest(None) if is_voted else None

    def _latest(self, person_id: UUID | None) -> tuple[Actor, VoteSnapshot] | None:
        votes = [
            (seat.person, seat.vote)
            for _, seat in self._seats()
            if seat.vote is not None and person_id in (None, seat.person.id)
        ]
        return max(votes, key=lambda each: each[1].cast_at, default=None)

    def changes_asked(self) -> tuple[Actor, VoteSnapshot] | None:
        """Return who gave the request back to its proposer and what they want changed, while it is there."""
        last = self.last_vote() if self.status is RequestStatus.CHANGES_REQUESTED else None
        return last if last and last[1].verb is Verb.REQUEST_CHANGES else None

    def roles(self) -> frozenset[str]:
        """Return the roles that decide in this round, in every stage."""
        return frozenset(lane.role for stage in self.stages for lane in stage.lanes)

    def involves(self, person_id: UUID) -> bool:
        """Say whether this person has a part in it: proposer, owner, editor, or somebody asked."""
        seats = [seat for _, seat in self._seats()]
        asked = {seat.person.id for seat in seats} | {seat.delegate.id for seat in seats if seat.delegate}
        return person_id == self.requester.id or person_id in self.excluded or person_id in asked

    def is_theirs(self, person_id: UUID) -> bool:
        """Say whether this person sent it, or owns what it is about."""
        return person_id == self.requester.id or self.excluded.get(person_id) in (Exclusion.PROPOSER, Exclusion.OWNER)

    def _seats(self) -> Iterator[tuple[LaneSnapshot, SeatSnapshot]]:
        return ((lane, seat) for stage in self.stages for lane in stage.lanes for seat in lane.seats)

    def _open_seats(self) -> Iterator[tuple[LaneSnapshot, SeatSnapshot]]:
        return ((lane, seat) for lane in self.open_lanes() for seat in lane.seats)


@dataclass(frozen=True, slots=True)
class CardSnapshot:
    id: UUID
    audience: Audience
    conversation: str
    person_id: UUID | None
    channel: str | None
    ts: str | None
    request: RequestSnapshot


@dataclass(frozen=True, slots=True)
class Vote:
    """A person's decision on a lane, as it arrived. `seen` is the content digest the button carried.

    `tier` is set where only requests of one may be decided like that. `together` counts the votes sent at once that
    are still to be cast, this one among them; `is_confirmed`: its voter approves very fast and has looked again.
    """

    lane_id: UUID
    verb: Verb
    seen: str
    reason: str | None = None
    tier: Tier | None = None
    together: int = 1
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Voted:
    """The vote counts. `status` is the request's after it; `subject_*` say what it was about.

    `seat` is in whose name it counts, and `instead_of` what stood there before. `has_conditions`: somebody approved the
    subject with conditions, in this round or perhaps in an earlier one.
    """

    request_id: UUID
    subject_kind: str
    subject_id: UUID
    reference: str
    verb: Verb
    status: RequestStatus
    seat: UUID | None = None
    instead_of: Verb | None = None
    has_conditions: bool = True
    outcome: Literal["voted"] = "voted"


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A request ended without a vote that ended it: withdrawn or expired, as `status` says."""

    request_id: UUID
    subject_kind: str
    subject_id: UUID
    status: RequestStatus


@dataclass(frozen=True, slots=True)
class QuestionSnapshot:
    """A question on the record, with its answer once there is one."""

    id: UUID
    request_id: UUID
    asked_by: Actor
    asked_at: datetime
    text: str
    answered_by: Actor | None
    answered_at: datetime | None
    answer: str | None


@dataclass(frozen=True, slots=True)
class Done:
    """It is done and on the record. `people` are those it concerns: asked, told, or asked to look."""

    request_id: UUID
    people: tuple[Actor, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """The vote changes nothing. `request_id` is None when there is no such request."""

    why: Refusal
    request_id: UUID | None
    outcome: Literal["refused"] = "refused"
