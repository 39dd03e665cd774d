"""Run the clocks of those asked: reminders, escalation, the leads, and the end. Each fires once, whatever restarts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.enums import APPROVING, EscalationMode, LaneStatus, OutboxKind, RequestStatus, StageStatus
from db.queries import approvals as stored
from db.queries.approvals import LaneSeat
from db.session import Session
from db.tables import ApprovalLane, ApprovalSeat
from workflows import ledger, people
from workflows.approvals import announcing, clock, delegating, states
from workflows.approvals.cards import give_cards
from workflows.approvals.related import asked_in
from workflows.approvals.seating import ask, last_date, unavailable_in
from workflows.approvals.snapshots import Lapsed
from workflows.approvals.streams import stream_of
from workflows.ledger import Fact, LedgerKind
from workflows.outbox import Promise
from workflows.people import Actor
from workflows.policy import LEAD


@dataclass(frozen=True, slots=True)
class TimedOut:
    """How many lanes were out of time, and the requests that ended by it."""

    lanes: int
    expired: tuple[Lapsed, ...]


def anything_due(session: Session, *, now: datetime) -> bool:
    """Say whether a reminder is due or a lane may be out of time; reads only."""
    return bool(stored.due_reminders(session, now, limit=1)) or any(
        _is_out_of_time(session, lane_id, now=now)
        for _, lane_id in stored.lanes_out_of_time(session, now, today=now.date())
    )


def remind_due(session: Session, *, now: datetime, limit: int = 100) -> int:
    """Promise a reminder to everybody whose time has come; return how many.

    Each fires once, however many processes run this and whenever they are restarted; of several that were missed one is
    sent. Leave that was entered after the person was asked moves their reminders.
    """
    return sum(_remind(session, seat, now=now) for seat in stored.due_reminders(session, now, limit=limit))


def time_out(session: Session, *, now: datetime) -> TimedOut:
    """Escalate the lanes in which everybody's time is up, tell the leads at the second time, and end what stays silent.

    Silence never approves: the last outcome is `expired`.
    """
    lanes, expired = 0, []
    for request_id, lane_id in stored.lanes_out_of_time(session, now, today=now.date()):
        outcome = _time_out(session, request_id, lane_id, now=now)
        lanes += outcome is not None
        if isinstance(outcome, Lapsed):
            expired.append(outcome)
    return TimedOut(lanes, tuple(expired))


def _remind(session: Session, seat: ApprovalSeat, *, now: datetime) -> bool:
    request = stored.lock(session, seat.request_id)
    lane = stored.lane(session, seat.lane_id)
    if request is None or lane is None:
        return False
    calendar, minutes = people.calendars_of(session, [seat.person_id])[seat.person_id], lane.answer_within_minutes
    given, following = clock.standing(calendar, seat.asked_at, now, minutes=minutes)
    given, due_at = max(given, seat.reminders), clock.due_at(calendar, seat.asked_at, minutes=minutes)
    if not stored.advance_reminder(session, seat, remind_at=following, due_at=due_at, reminders=given):
        return False
    news = [_reminder(session, request, seat, given, now=now)] if given > seat.reminders else []
    # Cards and Homes say by when to decide and when the next reminder comes, so they change with every move.
    concerned = {seat.person_id, *filter(None, (seat.delegate_id,))}
    announcing.redraw(session, request.id, people=concerned, news=news, now=now)
    return bool(news)


def _reminder(
    session: Session, request: stored.LockedRequest, seat: ApprovalSeat, given: int, *, now: datetime
) -> Promise:
    """Record that whoever decides for a seat is reminded, and return the message."""
    whom = people.named(session, [seat.delegate_id or seat.person_id])
    person = next(iter(whom.values()))
    data: dict[str, ledger.Value] = {"lane": str(seat.lane_id), "person": str(person.id), "reminder": given}
    data |= {"for": str(seat.person_id)} if person.id != seat.person_id else {}
    ledger.record(session, stream_of(request.id), [Fact(LedgerKind.REMINDED, data)], actor=None, now=now)
    return Promise(OutboxKind.VOTE_REMINDER, person.slack_id, request.id, {"person": str(person.id)})


def _is_out_of_time(session: Session, lane_id: UUID, *, now: datetime) -> bool:
    lane = stored.lane(session, lane_id)
    if lane is None or lane.status is not LaneStatus.OPEN:
        return False
    if lane.expires_at is not None:
        return lane.expires_at <= now
    return not _running(session, stored.lane_seats(session, lane_id), now=now)


def _running(session: Session, seats: Sequence[LaneSeat], *, now: datetime) -> bool:
    """Say whether anybody is asked whose time is not up and who is not away."""
    awaited = [each for each in seats if each.verb is None and each.vacated_at is None]
    waiting = [each for each in awaited if each.reminders < stored.REMINDERS]
    calendars = people.calendars_of(session, [each.person_id for each in waiting])
    return any(each.delegate_id or not people.is_on_leave(calendars[each.person_id], now) for each in waiting)


def _time_out(session: Session, request_id: UUID, lane_id: UUID, *, now: datetime) -> Lapsed | LaneStatus | None:
    """Do what is due for one lane; return the request's end, or that the lane goes on, or None when nothing was due."""
    request = stored.lock(session, request_id)
    lane = stored.lane(session, lane_id)
    if request is None or lane is None or request.status is not RequestStatus.IN_REVIEW:
        return None
    if not _is_out_of_time(session, lane_id, now=now):
        return None
    if lane.expires_at is not None:
        return _expire(session, request, lane, now=now)
    if lane.timeouts > 0 or not _escalate(session, request, lane, now=now):
        _tell_leads(session, request, lane, now=now)
    return LaneStatus.OPEN


def _escalate(session: Session, request: stored.LockedRequest, lane: ApprovalLane, *, now: datetime) -> bool:
    """Ask the role the lane escalates to, beside or in place of the silent; False when there is nobody to ask."""
    seats = stored.lane_seats(session, lane.id)
    seated = {each.person_id for each in seats if each.vacated_at is None}
    unavailable = unavailable_in(session, lane)
    roles = [lane.escalate_to] if lane.escalate_to else [*filter(None, lane.fallbacks.split(","))]
    more = next(filter(None, (_asked(session, lane, role, seated | unavailable) for role in roles)), [])
    if not more:
        return False
    silent = [seat for seat in seats if seat.verb is None and seat.vacated_at is None]
    approvals = sum(seat.verb in APPROVING for seat in seats)
    # Where those asked in place of the silent would be too few to approve, the silent keep their seats.
    is_replaced = lane.escalation is EscalationMode.REPLACE and approvals + len(more) >= (lane.needed or 1)
    for seat in silent if is_replaced else ():
        stored.vacate_seat(session, seat.id, at=now)
    stored.set_lanes(session, [lane.id], {"timeouts": 1})
    ask(session, lane, more, now=now)
    give_cards(session, request, lane, more)
    data: dict[str, ledger.Value] = {
        "lane": str(lane.id),
        "how": (EscalationMode.REPLACE if is_replaced else EscalationMode.ADD).value,
        "to": [str(person.id) for person in more],
    }
    ledger.record(session, stream_of(request.id), [Fact(LedgerKind.LANE_ESCALATED, data)], actor=None, now=now)
    concerned = delegating.follow(session, request, now=now) | stored.asked_ever(session, request.id)
    announcing.redraw(session, request.id, people=concerned, now=now)
    return True


def _asked(session: Session, lane: ApprovalLane, role: str, without: set[UUID]) -> list[Actor]:
    return [person for person in asked_in(session, lane.request_id, role) if person.id not in without]


def _tell_leads(session: Session, request: stored.LockedRequest, lane: ApprovalLane, *, now: datetime) -> None:
    """Tell the programme leads that nobody answers, and set the last date: as long again, in the proposer's hours."""
    expires_at = last_date(session, request, lane, now=now)
    stored.set_lanes(session, [lane.id], {"timeouts": 2, "expires_at": expires_at})
    leads = people.holders_of(session, LEAD)
    data: dict[str, ledger.Value] = {"lane": str(lane.id), "leads": [str(person.id) for person in leads]}
    ledger.record(session, stream_of(request.id), [Fact(LedgerKind.LANE_OVERDUE, data)], actor=None, now=now)
    payload = {"lane": str(lane.id)}
    news = [Promise(OutboxKind.LANE_OVERDUE, person.slack_id, request.id, payload) for person in leads]
    announcing.redraw(session, request.id, people={person.id for person in leads}, news=news, now=now)


def _expire(session: Session, request: stored.LockedRequest, lane: ApprovalLane, *, now: datetime) -> Lapsed:
    """End the request because nobody decided it in time."""
    states.LANE.require(lane.status, LaneStatus.EXPIRED)
    states.REQUEST.require(request.status, RequestStatus.EXPIRED)
    asked = stored.asked_ever(session, request.id)
    stored.settle_lanes(session, [lane.id], LaneStatus.EXPIRED, at=now)
    stored.settle_stages(session, [lane.stage_id], StageStatus.EXPIRED)
    stored.close_unfinished(session, request.id, at=now)
    expired = RequestStatus.EXPIRED
    stored.settle_request(session, request.id, version=request.version, status=expired, at=now)
    facts = [
        Fact(LedgerKind.LANE_SETTLED, {"lane": str(lane.id), "status": LaneStatus.EXPIRED.value}),
        Fact(LedgerKind.REQUEST_SETTLED, {"status": expired.value}),
    ]
    ledger.record(session, stream_of(request.id), facts, actor=None, now=now)
    news = [Promise(OutboxKind.REQUEST_SETTLED, request.requester_slack_id, request.id)]
    announcing.redraw(session, request.id, people={request.requester_id, *asked}, news=news, now=now)
    return Lapsed(request.id, request.subject_kind, request.subject_id, expired)
