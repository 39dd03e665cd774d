"""Ask people: freeze who is asked in a stage, give each of them a card, and say loudly when nobody can be asked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from db.enums import APPROVING, LaneRule, LaneStatus, Membership, RequestStatus, StageStatus
from db.ids import new_id
from db.queries import approvals as stored
from db.session import Session
from db.tables import ApprovalLane
from workflows import ledger, outbox, people
from workflows.approvals import announcing, clock, delegating, rules, states
from workflows.approvals.blocking import asked_again, fact_of_blocked, news_of_blocked
from workflows.approvals.cards import MANY, give_cards
from workflows.approvals.carrying import carry_votes
from workflows.approvals.related import asked_by, asked_in, known_in
from workflows.approvals.streams import stream_of
from workflows.ledger import Fact, LedgerKind
from workflows.outbox import Promise
from workflows.people import Actor
from workflows.policy import Lane, PolicySnapshot


@dataclass(frozen=True, slots=True)
class PlannedLane:
    """A lane as it would be asked now. Nobody in `people` means that it would be blocked."""

    name: str
    rule: LaneRule
    amount: int | None
    people: tuple[Actor, ...]
    channel: str | None
    is_kept: bool = False  # it approved before, and looks at nothing that is to be changed


@dataclass(frozen=True, slots=True)
class PlannedStage:
    name: str
    lanes: tuple[PlannedLane, ...]


def planned(
    session: Session, snapshot: PolicySnapshot, *, related: Mapping[str, UUID], excluded: Collection[UUID]
) -> tuple[PlannedStage, ...]:
    """Return who would be asked if this were submitted now; nothing when a line of the policy decides.

    `related` is who somebody is to the subject, as in `Subject`.
    """
    stages = snapshot.chain.stages if snapshot.chain else ()
    channels = stored.role_channels(session, {lane.role for stage in stages for lane in stage.lanes})

    def plan(stage: str, lane: Lane) -> PlannedLane:
        asked = _Asked(lane.role, snapshot.fallbacks[stage][lane.key], lane.rule.kind, lane.rule.amount, related)
        role, eligible = _eligible(session, asked, excluded)
        channel = channels.get(role or "") if len(eligible) > MANY else None
        return PlannedLane(lane.name, lane.rule.kind, lane.rule.amount, tuple(eligible), channel)

    return tuple(PlannedStage(stage.name, tuple(plan(stage.key, lane) for lane in stage.lanes)) for stage in stages)


def open_stage(session: Session, request: stored.LockedRequest, stage_id: UUID, *, now: datetime) -> list[Actor]:
    """Freeze who is asked in each lane of a stage whose turn it is, and give them cards.

    Returns those asked. A lane without anybody eligible is blocked: on the record, on every card, never skipped. A
    lane that kept an earlier approval is not asked again, nor is anybody whose earlier vote still counts. The request
    is locked by the caller, who promises the cards.
    """
    asked: dict[UUID, Actor] = {}
    facts, news = [Fact(LedgerKind.STAGE_OPENED, {"stage": str(stage_id)})], list[Promise]()
    stored.set_stage(session, stage_id, {"status": StageStatus.OPEN, "opened_at": now})
    for lane in stored.lanes_of_stage(session, stage_id):
        if lane.status is LaneStatus.APPROVED:
            continue
        seated = _seat(session, lane, now=now)
        still_count, carried = _carry(session, lane)
        facts += carried
        asked |= {person.id: person for person in seated if person.id not in still_count}
        give_cards(session, request, lane, seated, without=still_count)
        if not seated:
            facts.append(fact_of_blocked(lane))
            news += news_of_blocked(session, lane)
    ledger.record(session, stream_of(request.id), facts, actor=None, now=now)
    outbox.promise(session, news, now=now)
    delegating.follow(session, request, now=now)
    return list(asked.values())


def is_awaited(session: Session, role: str) -> bool:
    """Say whether a lane of a request in review waits for somebody to hold `role`, whatever policy it came from."""
    return any(role in _roles(lane) for lane in stored.blocked_lanes(session))


def unblock(session: Session, role: str | None = None, *, now: datetime) -> int:
    """Seat the people who may decide by now in every blocked lane that waits for `role`, or for any role.

    Returns how many lanes could open. A grant opens them itself; the clock finds those whose people became full
    members since, and grants that were made in the same moment as the lane was blocked.
    """
    waiting = [lane for lane in stored.blocked_lanes(session) if role is None or role in _roles(lane)]
    return sum(_unblock(session, lane.request_id, lane.id, now=now) for lane in waiting)


def can_unblock(session: Session) -> bool:
    """Say whether `unblock` would open a lane; reads only."""
    return any(_to_ask(session, lane)[1] for lane in stored.blocked_lanes(session))


def vacate(session: Session, *, now: datetime) -> int:
    """Take the open seats of people who are no longer full members, or answer for the request now; return how many.

    Their votes stand. When those who stay are too few for the lane's rule, its fallback is asked as well; when there
    is nobody, the lane is blocked. A set that shrinks is never thereby approved.
    """
    return sum(_vacate(session, seat, now=now) for seat in stored.seats_of_leavers(session))


def anybody_left(session: Session) -> bool:
    """Say whether `vacate` would find a seat; reads only."""
    return bool(stored.seats_of_leavers(session))


def _vacate(session: Session, seat: stored.SeatOfLeaver, *, now: datetime) -> bool:
    request = stored.lock(session, seat.request_id)
    lane = stored.lane(session, seat.lane_id)
    if request is None or lane is None or seat not in stored.seats_of_leavers(session):
        return False  # they are back, or a delegate was faster
    stored.vacate_seat(session, seat.id, at=now)
    facts = [Fact(LedgerKind.SEAT_VACATED, {"lane": str(lane.id), "person": str(seat.person_id)})]
    asked, news = list[Actor](), list[Promise]()
    if not _can_be_approved(session, lane):
        asked = _seat(session, lane, now=now)
        give_cards(session, request, lane, asked)
        if not asked:
            facts.append(fact_of_blocked(lane))
            news += news_of_blocked(session, lane)
    ledger.record(session, stream_of(request.id), facts, actor=None, now=now)
    concerned = delegating.follow(session, request, now=now) | stored.asked_ever(session, request.id)
    announcing.redraw(session, request.id, people=concerned, news=news, now=now)
    return True


def _unblock(session: Session, request_id: UUID, lane_id: UUID, *, now: datetime) -> bool:
    request = stored.lock(session, request_id)
    lane = stored.lane(session, lane_id)
    if request is None or lane is None or lane.status is not LaneStatus.BLOCKED:
        return False
    if request.status is not RequestStatus.IN_REVIEW:
        return False
    is_first = lane.needed is None
    seated = _seat(session, lane, now=now)
    if not seated:
        return False
    still_count, carried = _carry(session, lane) if is_first else (frozenset(), [])
    if lane.expires_at is not None:
        stored.set_lanes(session, [lane.id], {"expires_at": last_date(session, request, lane, now=now)})
    give_cards(session, request, lane, seated, without=still_count)
    fact = Fact(LedgerKind.LANE_UNBLOCKED, {"lane": str(lane_id), "role": lane.role})
    ledger.record(session, stream_of(request_id), [fact, *carried], actor=None, now=now)
    concerned = delegating.follow(session, request, now=now) | stored.asked_ever(session, request_id)
    news = asked_again(session, lane, seated={person.id for person in seated}, now=now)
    announcing.redraw(session, request_id, people=concerned, news=news, now=now)
    return True


def barred_in(session: Session, lane: ApprovalLane) -> set[UUID]:
    """Return who may not be asked in a lane: who may never vote, and, where approvers must differ, earlier ones."""
    excluded = {each.person_id for each in stored.exclusions(session, lane.request_id)}
    row = stored.request(session, lane.request_id)
    is_distinct = row is not None and row.distinct_approvers
    return excluded | (stored.voters_outside(session, lane.request_id, lane.stage_id) if is_distinct else set())


def unavailable_in(session: Session, lane: ApprovalLane) -> set[UUID]:
    """Return who cannot get a seat in a lane: who is barred, and who voted there in somebody's name already."""
    return barred_in(session, lane) | stored.voters_in(session, lane.id)


def _seat(session: Session, lane: ApprovalLane, *, now: datetime) -> list[Actor]:
    """Seat those who are to be asked, or more of them where a lane has lost some; block it when there is nobody."""
    role, eligible = _to_ask(session, lane)
    status = LaneStatus.OPEN if eligible else LaneStatus.BLOCKED
    if status is not lane.status:
        states.LANE.require(lane.status, status)
    values: dict[str, object] = {"status": status}
    if eligible and lane.needed is None:
        needed = rules.approvals_needed(lane.rule, lane.amount, len(eligible))
        values |= {"seated_role": role, "needed": needed}
    stored.set_lanes(session, [lane.id], values)
    ask(session, lane, eligible, now=now)
    return eligible


def _carry(session: Session, lane: ApprovalLane) -> tuple[frozenset[UUID], list[Fact]]:
    """Let the votes of the lane that this one takes up count on; return whose do, and what goes on the record."""
    seated = stored.lane(session, lane.id) if lane.votes_from is not None else None
    if seated is None or seated.status is not LaneStatus.OPEN:
        return frozenset(), []
    return carry_votes(session, seated, barred=barred_in(session, seated))


def ask(session: Session, lane: ApprovalLane, asked: Sequence[Actor], *, now: datetime) -> None:
    """Give each of these people a seat in the lane, and a clock that runs in their own working hours from now on.

    The caller then lets delegates follow: of who is away, and no longer of those who have a seat of their own now.
    """
    if not asked:
        return
    stored.drop_vacated_seats(session, lane.id, [person.id for person in asked])  # of who left and is back
    calendars = people.calendars_of(session, [person.id for person in asked])
    common = {"request_id": lane.request_id, "lane_id": lane.id, "asked_at": now, "reminders": 0}
    minutes = lane.answer_within_minutes
    stored.insert_seats(
        session,
        [
            common
            | {
                "id": new_id(),
                "person_id": person.id,
                "due_at": clock.due_at(calendars[person.id], now, minutes=minutes),
                "remind_at": clock.reminder_at(calendars[person.id], now, minutes=minutes, given=0),
            }
            for person in asked
        ],
    )


def last_date(session: Session, request: stored.LockedRequest, lane: ApprovalLane, *, now: datetime) -> datetime:
    """Return when a lane ends that is given its time once more from now on, in its proposer's hours."""
    calendar = people.calendars_of(session, [request.requester_id])[request.requester_id]
    minutes = lane.answer_within_minutes
    return clock.due_at(calendar, now, minutes=minutes) or now + timedelta(minutes=minutes)


def _to_ask(session: Session, lane: ApprovalLane) -> tuple[str | None, list[Actor]]:
    """Return whom to ask, and by which role: the first whose holders can decide the lane, with those already asked."""
    excluded = unavailable_in(session, lane)
    if lane.needed is None:
        return _eligible(session, _asked_of(session, lane), excluded)
    seats = stored.lane_seats(session, lane.id)
    if lane.ad_hoc_id is not None and not seats:
        person = people.named(session, [lane.ad_hoc_id])[lane.ad_hoc_id]
        if person.membership is Membership.MEMBER and person.id not in excluded:
            return lane.role, [person]
    missing = lane.needed - _possible(seats)
    seated = {each.person_id for each in seats if each.vacated_at is None}
    for role in _roles(lane):
        found = asked_in(session, lane.request_id, role)
        more = [each for each in found if each.id not in seated and each.id not in excluded]
        if len(more) >= missing:
            return role, more
    return None, []


def _can_be_approved(session: Session, lane: ApprovalLane) -> bool:
    return _possible(stored.lane_seats(session, lane.id)) >= (lane.needed or 1)


def _possible(seats: Collection[stored.LaneSeat]) -> int:
    """Return how many approvals a lane has or can still get from those asked in it."""
    return sum(each.verb in APPROVING or (each.verb is None and each.vacated_at is None) for each in seats)


@dataclass(frozen=True, slots=True)
class _Asked:
    role: str
    fallbacks: Sequence[str]
    rule: LaneRule
    amount: int | None
    known: Mapping[str, UUID]


def _asked_of(session: Session, lane: ApprovalLane) -> _Asked:
    known = known_in(session, lane.request_id, _roles(lane))
    return _Asked(lane.role, _roles(lane)[1:], lane.rule, lane.amount, known)


def _roles(lane: ApprovalLane) -> list[str]:
    return [lane.role, *filter(None, lane.fallbacks.split(","))]


def _eligible(session: Session, asked: _Asked, excluded: Collection[UUID]) -> tuple[str | None, list[Actor]]:
    """Return the people of the first role who could decide the lane, and that role; nobody when no role's could."""
    for role in (asked.role, *asked.fallbacks):
        eligible = [person for person in asked_by(session, role, asked.known) if person.id not in excluded]
        if eligible and rules.approvals_needed(asked.rule, asked.amount, len(eligible)) <= len(eligible):
            return role, eligible
    return None, []
