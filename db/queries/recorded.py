"""What is in use already and was never proposed."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, case, func, insert, update
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from db.enums import DraftStatus
from db.prepared import Prepared
from db.session import Session
from db.tables import Draft, Recording, RecordingDraft, UseCase, UseCaseRevision

_AT_ONCE = 500
_OPEN = (col(Recording.use_case_id).is_(None), col(Recording.dropped_at).is_(None))
_TO_ASK = Prepared(
    select_columns(col(Recording.id))
    .where(col(Recording.use_case_id).is_(None), col(Recording.ask_at) <= bindparam("now"))
    .limit(1)
)


def anybody_to_ask(session: Session, now: datetime) -> bool:
    """Say whether somebody is to be asked to propose something; every beat of the clock asks it."""
    return _TO_ASK.first(session, now=now) is not None


def lock_to_ask(session: Session, now: datetime) -> Sequence[Recording]:
    """Return everything somebody is to be asked about, which nobody else asks about before the commit."""
    statement = select(Recording).where(*_OPEN, col(Recording.ask_at) <= now).order_by(col(Recording.number))
    return session.exec(statement.with_for_update(), execution_options={"populate_existing": True}).all()


def ask_at(session: Session, ids: Collection[UUID], at: datetime | None) -> None:
    """Have somebody asked about these then, or never again."""
    some = list(ids)
    for begun in range(0, len(some), _AT_ONCE):
        statement = update(Recording).where(col(Recording.id).in_(some[begun : begun + _AT_ONCE]))
        session.connection().execute(statement.values(ask_at=at))


def insert_recordings(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        session.connection().execute(insert(Recording), list(rows))


def update_recording(session: Session, recording_id: UUID, values: Mapping[str, Any]) -> None:
    session.connection().execute(update(Recording).where(col(Recording.id) == recording_id).values(**values))


def lock(session: Session, recording_id: UUID) -> Recording | None:
    """Return a recording as it is now, which nobody else can change before the commit."""
    statement = select(Recording).where(col(Recording.id) == recording_id).with_for_update(key_share=True)
    return session.exec(statement, execution_options={"populate_existing": True}).first()


def by_number(session: Session, number: int) -> Recording | None:
    return session.exec(select(Recording).where(col(Recording.number) == number)).first()


def by_ids(session: Session, ids: Collection[UUID]) -> Sequence[Recording]:
    return session.exec(select(Recording).where(col(Recording.id).in_(ids))).all() if ids else []


def by_origin(session: Session, origins: Sequence[str]) -> Mapping[str, Recording]:
    """Return what came from these places before; a place nothing came from is missing."""
    found: dict[str, Recording] = {}
    for begun in range(0, len(origins), _AT_ONCE):
        statement = select(Recording).where(col(Recording.origin).in_(origins[begun : begun + _AT_ONCE]))
        found |= {str(row.origin): row for row in session.exec(statement)}
    return found


def names_by_number(session: Session, numbers: Sequence[int]) -> Mapping[int, str]:
    """Return what is called what here, by number: use cases by their texts in force, and what was recorded."""
    found: dict[int, str] = {}
    for begun in range(0, len(numbers), _AT_ONCE):
        some = numbers[begun : begun + _AT_ONCE]
        recorded = select_columns(col(Recording.number), col(Recording.name)).where(col(Recording.number).in_(some))
        cases = (
            select_columns(col(UseCase.number), col(UseCaseRevision.name))
            .join(UseCaseRevision, col(UseCaseRevision.use_case_id) == col(UseCase.id))
            .where(col(UseCaseRevision.revision) == col(UseCase.revision), col(UseCase.number).in_(some))
        )
        for each in (recorded, cases):
            found |= {row[0]: row[1] for row in session.connection().execute(each)}
    return found


def still_open(session: Session, *, owner_id: UUID | None, offset: int, limit: int) -> Sequence[Recording]:
    """Return what is still to be proposed, the next due first; of one owner where one is given."""
    statement = select(Recording).where(*_OPEN, *_of(owner_id))
    in_order = statement.order_by(col(Recording.propose_by), col(Recording.number))
    return session.exec(in_order.offset(offset).limit(limit)).all()


def count_open(session: Session, *, owner_id: UUID | None) -> int:
    statement = select_columns(func.count()).select_from(Recording).where(*_OPEN, *_of(owner_id))
    return int(session.connection().execute(statement).scalar() or 0)


def counts(session: Session, today: date) -> tuple[int, int, int]:
    """Return how much is still to be proposed, how much of it should have been before today, and has no stage."""
    overdue = func.sum(case((col(Recording.propose_by) < today, 1), else_=0))
    without = func.sum(case((col(Recording.stage).is_(None), 1), else_=0))
    row = session.connection().execute(select_columns(func.count(), overdue, without).where(*_OPEN)).one()
    return int(row[0] or 0), int(row[1] or 0), int(row[2] or 0)


# ----------------------------------------------------------------------------------------------- drafts


def link_draft(session: Session, draft_id: UUID, recording_id: UUID) -> None:
    session.connection().execute(insert(RecordingDraft), {"draft_id": draft_id, "recording_id": recording_id})


def recording_of_draft(session: Session, draft_id: UUID) -> UUID | None:
    """Return what a draft proposes of what was recorded."""
    statement = select_columns(col(RecordingDraft.recording_id)).where(col(RecordingDraft.draft_id) == draft_id)
    return session.connection().execute(statement).scalar()


def open_draft(session: Session, recording_id: UUID, author_id: UUID) -> UUID | None:
    """Return the draft in which somebody proposes something recorded, if they still write it."""
    statement = (
        select_columns(col(Draft.id))
        .join(RecordingDraft, col(RecordingDraft.draft_id) == col(Draft.id))
        .where(
            col(RecordingDraft.recording_id) == recording_id,
            col(Draft.author_id) == author_id,
            col(Draft.status) == DraftStatus.OPEN,
        )
    )
    return session.connection().execute(statement).scalar()


def writers(session: Session, recording_ids: Collection[UUID]) -> Sequence[tuple[UUID, UUID]]:
    """Return (recording, person) for whoever is writing a proposal of one of these."""
    if not recording_ids:
        return []
    statement = (
        select_columns(col(RecordingDraft.recording_id), col(Draft.author_id))
        .join(Draft, col(Draft.id) == col(RecordingDraft.draft_id))
        .where(col(RecordingDraft.recording_id).in_(recording_ids), col(Draft.status) == DraftStatus.OPEN)
        .order_by(col(Draft.created_at))
    )
    return [(row[0], row[1]) for row in session.connection().execute(statement)]


def _of(owner_id: UUID | None) -> Sequence[Any]:
    return () if owner_id is None else (col(Recording.owner_id) == owner_id,)
