"""What whoever sent a request may expect, and where requests wait, read from what is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from db.enums import RequestStatus, Tier
from db.queries import waiting as stored
from db.queries.waiting import WaitingRow
from db.session import Session
from workflows import people, policy
from workflows.approvals import waiting
from workflows.approvals.snapshots import RequestSnapshot
from workflows.approvals.waiting import Decided, Hits, Places, Range, Waiting
from workflows.people import Calendar, working_between, working_day

_AS_USUAL: Final = Calendar("UTC")


@dataclass(frozen=True, slots=True)
class Outlook:
    """What whoever sent a request may expect. `usual` is None when too few like it were decided to say.

    `hits` say how often such ranges were right, where enough were. `waits_on` names the lane that waits longest, and
    `ahead` how many requests were asked there earlier; None where one person is asked as who they are.
    """

    tier: Tier
    usual: Range | None
    hits: Hits | None
    waits_on: str | None
    ahead: int | None
    subject_kind: str = ""


@dataclass(frozen=True, slots=True)
class WhereRequestsWait:
    """Where requests wait at a moment, and what the roles are called."""

    at: datetime
    places: Places
    names: Mapping[str, str]


def outlook_of(session: Session, request: RequestSnapshot, *, now: datetime) -> Outlook | None:
    """Return what to expect of one request; None when it is not in review."""
    return outlooks_of(session, [request], now=now).get(request.id)


def outlooks_of(session: Session, requests: Sequence[RequestSnapshot], *, now: datetime) -> dict[UUID, Outlook]:
    """Return what to expect of each request that is in review; history is read once for each tier."""
    open_ones = [each for each in requests if each.status is RequestStatus.IN_REVIEW]
    if not open_ones:
        return {}
    lanes = [_lane(row) for row in stored.waiting_lanes(session)]
    alike = {(each.subject_kind, each.tier) for each in open_ones}
    known = {(kind, tier): _usual(session, kind, tier, now=now) for kind, tier in alike}
    return {each.id: _outlook(each, known[each.subject_kind, each.tier], lanes) for each in open_ones}


def where_requests_wait(session: Session, *, now: datetime) -> WhereRequestsWait:
    """Return where requests wait now, for programme leads and admins: by role, never about one person."""
    rows = stored.waiting_lanes(session)
    calendars = people.calendars_of(session, {row.requester_id for row in rows})
    days = {row.lane_id: _working_days(calendars.get(row.requester_id), row.since, now) for row in rows}
    places = waiting.places(map(_lane, rows), days=days, holders=people.holder_counts(session))
    return WhereRequestsWait(now, places, policy.roles(session))


def usual_days(session: Session, kind: str) -> Mapping[str, float]:
    """Return how many working days the lanes of each role take from asked to decided, of roles where that is known.

    It is the median of the newest decisions, in working days of whoever sent the request, as they are known today.
    """
    rows = stored.decided_lanes(session, kind, most=waiting.LANES_AT_MOST)
    calendars = people.calendars_of(session, {row.requester_id for row in rows})
    taken = [(row.role, _working_days(calendars.get(row.requester_id), row.asked_at, row.settled_at)) for row in rows]
    return waiting.usual_days(taken)


def _outlook(request: RequestSnapshot, usual: tuple[Range | None, Hits | None], lanes: Sequence[Waiting]) -> Outlook:
    own = [each for each in lanes if each.request_id == request.id and not each.is_blocked]
    longest = min(own, key=lambda each: (each.since, each.lane_id), default=None)
    lane = request.lane(longest.lane_id) if longest else None
    if longest is None or lane is None:
        return Outlook(request.tier, *usual, None, None, request.subject_kind)
    name = lane.seats[0].person.name if lane.is_by_name and lane.seats else lane.name
    return Outlook(request.tier, *usual, name, waiting.ahead_of(longest, lanes), request.subject_kind)


def _usual(session: Session, kind: str, tier: Tier, *, now: datetime) -> tuple[Range | None, Hits | None]:
    rows = stored.decided_by_people(session, kind, tier, before=now)
    calendars = people.calendars_of(session, {row.requester_id for row in rows})
    decided = [
        Decided(
            row.opened_at, row.settled_at, _working_days(calendars.get(row.requester_id), row.opened_at, row.settled_at)
        )
        for row in rows
    ]
    usual = waiting.range_at(decided, now)
    return usual, waiting.hits(decided, now) if usual else None


def _lane(row: WaitingRow) -> Waiting:
    return Waiting(
        lane_id=row.lane_id,
        request_id=row.request_id,
        role=row.role,
        since=row.since,
        is_blocked=row.is_blocked,
        is_one_person=row.is_by_name or row.role in policy.RELATIONS,
        is_past_due=row.timeouts > 0,
    )


def _working_days(calendar: Calendar | None, start: datetime, end: datetime) -> float:
    """Return how many of somebody's working days lie between two moments."""
    calendar = calendar or _AS_USUAL
    return working_between(calendar, start, end) / working_day(calendar)
