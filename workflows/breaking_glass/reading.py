"""Read break-glass as frozen pictures: for screens, for messages, and for the gates it never passes."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from db.queries import breaking_glass as stored
from db.queries import ledger as texts
from db.session import Session
from db.tables import BreakGlass
from workflows import approvals, intake, people
from workflows.approvals import RequestSnapshot
from workflows.breaking_glass.snapshots import Counted, GlassSnapshot, Listed

COUNTED_FOR: Final = timedelta(days=90)


def glass_of(session: Session, glass_id: UUID) -> GlassSnapshot | None:
    row = stored.glass(session, glass_id)
    return _snapshots(session, [row])[0] if row else None


def glasses_of(session: Session, request_id: UUID) -> list[GlassSnapshot]:
    """Return what was called for a request, the oldest first, whatever came of it."""
    return _snapshots(session, stored.of_request(session, request_id))


def in_force_about(session: Session, subject_ids: Collection[UUID]) -> dict[UUID, GlassSnapshot]:
    """Return what goes ahead by break-glass now, of these."""
    rows = stored.in_force_about(session, subject_ids) if subject_ids else ()
    return {each.subject_id: each for each in _snapshots(session, rows)}


def calls_of(session: Session, person_id: UUID) -> list[GlassSnapshot]:
    """Return the calls that wait and that this person made or has to answer, the oldest first."""
    return _snapshots(session, stored.calls_of(session, person_id))


def is_provisional(session: Session, subject_kind: str, subject_id: UUID) -> bool:
    """Say whether something is approved by break-glass only: whatever it is then, it has passed no gate by that."""
    use_case = intake.use_case_of(session, subject_id) if subject_kind == intake.SUBJECT_KIND else None
    return use_case is not None and use_case.provisional


def counted(session: Session, *, since: datetime, until: datetime) -> Counted:
    """Return how often break-glass was called from `since` on and before `until`, and what came of it."""
    return Counted(stored.counts(session, since=since, until=until))


def counted_lately(session: Session, *, now: datetime) -> Counted:
    """Return the same for the last 90 days, this moment included."""
    return counted(session, since=now - COUNTED_FOR, until=now + timedelta(microseconds=1))


def listed(session: Session, *, limit: int, may_read: Callable[[RequestSnapshot], bool]) -> list[Listed]:
    """Return the newest of all there were; what is confidential only where `may_read` says so."""
    found = []
    for glass in _snapshots(session, stored.newest(session, limit=limit)):
        request = approvals.existing_request(session, glass.request_id)
        use_case = intake.use_case_of(session, glass.subject_id)
        if use_case is not None and (not request.confidential or may_read(request)):
            found.append(Listed(glass, request.reference, use_case.name))
    return found


def _snapshots(session: Session, rows: Sequence[BreakGlass]) -> list[GlassSnapshot]:
    known = people.named(session, {person for row in rows for person in (row.called_by, row.second_id)})
    found = []
    for row in rows:
        reason = texts.text_of(session, row.reason_id)
        found.append(
            GlassSnapshot(
                id=row.id,
                request_id=row.request_id,
                subject_kind=row.subject_kind,
                subject_id=row.subject_id,
                called_by=known[row.called_by],
                called_at=row.called_at,
                second=known[row.second_id],
                hours=row.hours,
                reason=(reason.body if reason else None) or "",
                status=row.status,
                in_force_at=row.in_force_at,
                ends_at=row.ends_at,
                settled_at=row.settled_at,
            )
        )
    return found
