"""Read what was recorded as frozen pictures."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from db.queries import recorded as stored
from db.session import Session
from db.tables import Recording
from workflows import ledger, people
from workflows.people import Actor
from workflows.policy import STEERING
from workflows.recorded.snapshots import Counts, Listed, RecordingSnapshot

PAGE: Final = 20


def counts(session: Session, *, now: datetime) -> Counts:
    """Return how much is recorded and still to be proposed. A day has passed once it is over in UTC."""
    return Counts(*stored.counts(session, now.date()))


def find(session: Session, number: int) -> RecordingSnapshot | None:
    """Return what was recorded under this number of a use case, whatever became of it."""
    row = stored.by_number(session, number)
    return _drawn(session, [row])[0] if row else None


def recordings_of(session: Session, ids: Collection[UUID]) -> Mapping[UUID, RecordingSnapshot]:
    return {each.id: each for each in _drawn(session, stored.by_ids(session, ids))}


def listed(session: Session, viewer: Actor, *, offset: int = 0) -> Listed:
    """Return a page of what is still to be proposed, the next due first.

    Leads and admins see everything, anybody else what they own.
    """
    return _listed(session, None if steers(session, viewer) else viewer.id, offset=offset, limit=PAGE)


def owned_by(session: Session, person_id: UUID, *, limit: int) -> Listed:
    """Return what somebody owns and is still to be proposed, the next due first."""
    return _listed(session, person_id, offset=0, limit=limit)


def steers(session: Session, person: Actor) -> bool:
    return bool(people.roles_of(session, person.id) & STEERING)


def may_propose(session: Session, recording: Recording | RecordingSnapshot, person: Actor) -> bool:
    """Say whether somebody may propose it: its owner, programme leads and admins."""
    owner_id = recording.owner_id if isinstance(recording, Recording) else recording.owner and recording.owner.id
    return owner_id == person.id or steers(session, person)


def may_read(session: Session, recording: RecordingSnapshot, person: Actor) -> bool:
    """Say whether somebody may see more of it than everybody: who may propose it, and who recorded it."""
    return recording.recorded_by == person or may_propose(session, recording, person)


def _listed(session: Session, owner_id: UUID | None, *, offset: int, limit: int) -> Listed:
    total = stored.count_open(session, owner_id=owner_id)
    offset = offset if 0 <= offset < total else 0
    rows = stored.still_open(session, owner_id=owner_id, offset=offset, limit=limit)
    return Listed(tuple(_drawn(session, rows)), total, offset)


def _drawn(session: Session, rows: Sequence[Recording]) -> list[RecordingSnapshot]:
    written: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for recording_id, author_id in stored.writers(session, [row.id for row in rows]):
        written[recording_id].append(author_id)
    ids = {each for row in rows for each in (row.owner_id, row.recorded_by) if each}
    known = people.named(session, ids.union(*written.values()))
    return [
        RecordingSnapshot(
            id=row.id,
            number=row.number,
            name=row.name,
            team=row.team,
            problem=row.problem,
            stage=row.stage,
            vendor=row.vendor,
            owner=known.get(row.owner_id) if row.owner_id else None,
            origin=row.origin,
            propose_by=row.propose_by,
            recorded_by=known.get(row.recorded_by) if row.recorded_by else None,
            recorded_at=row.recorded_at,
            writers=tuple(known[each] for each in dict.fromkeys(written[row.id]) if each in known),
            use_case_id=row.use_case_id,
            dropped_at=row.dropped_at,
            dropped_because=ledger.text_of(session, row.dropped_why) if row.dropped_why else None,
        )
        for row in rows
    ]
