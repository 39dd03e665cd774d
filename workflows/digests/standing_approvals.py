"""What people decided about use cases in a week, how long that took, and where requests wait."""

from datetime import timedelta
from typing import Final

from db.enums import RequestStatus
from db.queries import digest_cases
from db.queries import digest_decisions as stored
from db.session import Session
from workflows import approvals, policy
from workflows.approvals import Place, WhereRequestsWait
from workflows.digests.snapshots import Approvals, Count, WaitsAt
from workflows.digests.standing_rules import median_of, to_a_tenth
from workflows.digests.standing_scope import Scope

CURRENT: Final = timedelta(days=8)
"""So long after a window what waits now is told with it; later that would be of another time."""

SINGLE: Final = "Roles held by one person, sponsors and people asked by name"
"""What the place is called at which one person alone is asked: never which."""


def approvals_in(session: Session, scope: Scope) -> Approvals:
    """Return what was decided in both windows, and what waits; working days are those of whoever sent a request."""
    spans = scope.spans
    rows = stored.decided(session, spans.before, spans.until, scope.teams)
    days = approvals.working_days_of(session, [(row.requester_id, row.opened_at, row.settled_at) for row in rows])
    is_now = [row.settled_at >= spans.begins for row in rows]

    def of(status: RequestStatus) -> Count:
        mine = [now for row, now in zip(rows, is_now, strict=True) if row.status is status]
        return Count(sum(mine), len(mine) - sum(mine))

    ended = [at >= spans.begins for at in stored.expired(session, spans.before, spans.until, scope.teams)]
    waiting, past_due, blocked, places = _waiting(session, scope)
    return Approvals(
        approved=of(RequestStatus.APPROVED),
        rejected=of(RequestStatus.REJECTED),
        median_days=median_of(each for each, now in zip(days, is_now, strict=True) if now),
        median_before=median_of(each for each, now in zip(days, is_now, strict=True) if not now),
        waiting=waiting,
        past_due=past_due,
        blocked=blocked,
        places=places,
        expired=Count(sum(ended), len(ended) - sum(ended)),
    )


def _waiting(session: Session, scope: Scope) -> tuple[int, int, int | None, tuple[WaitsAt, ...] | None]:
    if scope.now - scope.window.ends_at >= CURRENT:
        waiting, past_due = stored.waited(session, scope.spans.until, scope.teams)
        return waiting, past_due, None, None  # who was asked where, and what was blocked, is not known any more
    ids = digest_cases.cases_of(session, scope.teams)
    waits = approvals.where_requests_wait(session, now=scope.now, kind=digest_cases.KIND, subject_ids=ids)
    return waits.requests, waits.past_due, waits.blocked, _places(waits)


def _places(waits: WhereRequestsWait) -> tuple[WaitsAt, ...]:
    names = {**waits.names, **policy.RELATION_NAMES}
    roles = [_place(names.get(role, role), place) for role, place in waits.places.roles.items()]
    single = [_place(SINGLE, waits.places.single)] if waits.places.single else []
    return tuple(sorted([*roles, *single], key=lambda each: -each.waiting))


def _place(role: str, place: Place) -> WaitsAt:
    return WaitsAt(role, place.waiting, to_a_tenth(place.days), place.past_due)
