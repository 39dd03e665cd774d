"""What whoever sent a request may expect, and where requests wait, read from what is stored."""

from collections.abc import Collection, Mapping, Sequence
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
    """Where requests wait at a moment, and what the roles are called.

    Of the `requests` that wait, each counted once, so many are `past_due`, and nobody may decide so many that are
    `blocked`.
    """

    at: datetime
    places: Places
    names: Mapping[str, str]
    requests: int
    past_due: int
    blocked: int


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


def where_requests_wait(
    session: Session, *, now: datetime, kind: str | None = None, subject_ids: Collection[UUID] | None = None
) -> WhereRequestsWait:
    """Return where requests wait now, for programme leads and admins: by role, never about one person.

    With a `kind` only those about subjects of it, with `subject_ids` only those about these.
    """
    rows = [
        row
        for row in stored.waiting_lanes(session)
        if kind in (None, row.subject_kind) and (subject_ids is None or row.subject_id in subject_ids)
    ]
    taken = working_days_of(session, [(row.requester_id, row.since, now) for row in rows])
    days = {row.lane_id: each for row, each in zip(rows, taken, strict=True)}
    lanes = [_lane(row) for row in rows]
    return WhereRequestsWait(
        at=now,
        places=waiting.places(lanes, days=days, holders=people.holder_counts(session)),
        names=policy.roles(session),
        requests=len({each.request_id for each in lanes}),
        past_due=len({each.request_id for each in lanes if each.is_past_due}),
        blocked=len({each.request_id for each in lanes if each.is_blocked}),
    )


def working_days_of(session: Session, spans: Sequence[tuple[UUID, datetime, datetime]]) -> list[float]:
    """Return how many of each person's working days lie between two moments, as their calendars are known today."""
    calendars = people.calendars_of(session, {person for person, _, _ in spans}) if spans else {}
    return [_working_days(calendars.get(person), start, end) for person, start, end in spans]


def usual_days(session: Session, kind: str) -> Mapping[str, float]:
    """Return how many working days the lanes of each role take from asked to decided, of roles where that is known.

    It is the median of the newest decisions, in working days of whoever sent the request, as they are known today.
    """
    rows = stored.decided_lanes(session, kind, most=waiting.LANES_AT_MOST)
    days = working_days_of(session, [(row.requester_id, row.asked_at, row.settled_at) for row in rows])
    return waiting.usual_days([(row.role, each) for row, each in zip(rows, days, strict=True)])


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
    days = working_days_of(session, [(row.requester_id, row.opened_at, row.settled_at) for row in rows])
    decided = [Decided(row.opened_at, row.settled_at, each) for row, each in zip(rows, days, strict=True)]
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
