"""Who is asked to confirm readings, what they said, and the readings themselves with it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import exists, insert, update
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from db.enums import KpiSource
from db.ids import new_id
from db.session import Session
from db.tables import CheckIn, CheckInSchedule, FreeText, Reading, Verification, VerificationRequest

_BEFORE = aliased(Reading)
_COUNTING = (
    col(Reading.id),
    col(Reading.kpi_id),
    col(Reading.value),
    col(Reading.unit),
    col(Reading.read_for),
    col(Reading.source),
    col(Reading.entered_at),
    col(Reading.entered_by),
    col(Reading.check_in_id),
    col(Reading.revision),
    col(_BEFORE.value),
)


class Said(NamedTuple):
    """A verdict with its words, which are gone once they are erased."""

    row: Verification
    reason: str | None


class Counting(NamedTuple):
    """A reading that counts, and the value it replaced. There are many: entities would take several times as long."""

    id: UUID
    kpi_id: UUID
    value: float
    unit: str
    read_for: date
    source: KpiSource
    entered_at: datetime
    entered_by: UUID | None
    check_in_id: UUID | None
    revision: int | None
    instead_of: float | None


# ------------------------------------------------------------------------------------------- who is asked


def set_verifier(session: Session, schedule_id: UUID, verifier_id: UUID | None) -> None:
    """Remember who is asked to confirm what a schedule brings, or that nobody is. The caller holds the schedule."""
    statement = update(CheckInSchedule).where(col(CheckInSchedule.id) == schedule_id)
    session.connection().execute(statement.values(verifier_id=verifier_id))


def request(session: Session, request_id: UUID) -> VerificationRequest | None:
    return session.exec(select(VerificationRequest).where(VerificationRequest.id == request_id)).first()


def requests_of(session: Session, check_in_id: UUID) -> Sequence[VerificationRequest]:
    """Return who was asked to confirm the readings of a check-in, in the order they were asked."""
    statement = select(VerificationRequest).where(VerificationRequest.check_in_id == check_in_id)
    return session.exec(statement.order_by(col(VerificationRequest.asked_at), col(VerificationRequest.id))).all()


def requests_about(session: Session, use_case_id: UUID) -> Sequence[VerificationRequest]:
    """Return who was asked to confirm any reading of a use case."""
    statement = (
        select(VerificationRequest)
        .join(CheckIn, col(CheckIn.id) == col(VerificationRequest.check_in_id))
        .where(CheckIn.use_case_id == use_case_id)
    )
    return session.exec(statement.order_by(col(VerificationRequest.id))).all()


def unsaid_by(session: Session, person_id: UUID, *, limit: int) -> Sequence[UUID]:
    """Return the check-ins somebody was asked to confirm that have a reading they said nothing of, newest first."""
    said = exists().where(col(Verification.reading_id) == col(Reading.id), col(Verification.person_id) == person_id)
    unsaid = exists().where(
        col(Reading.check_in_id) == col(VerificationRequest.check_in_id), col(Reading.superseded_at).is_(None), ~said
    )
    statement = select_columns(col(VerificationRequest.check_in_id)).where(
        col(VerificationRequest.person_id) == person_id, unsaid
    )
    newest = statement.order_by(col(VerificationRequest.asked_at).desc(), col(VerificationRequest.id)).limit(limit)
    return list(session.connection().execute(newest).scalars())


def put_request(session: Session, check_in_id: UUID, person_id: UUID, *, by: UUID, at: datetime) -> UUID:
    """Keep that somebody is asked by this person, once more if they were before; return the request.

    The caller holds the check-in.
    """
    known = select_columns(col(VerificationRequest.id)).where(
        col(VerificationRequest.check_in_id) == check_in_id, col(VerificationRequest.person_id) == person_id
    )
    found: UUID | None = session.connection().execute(known).scalars().first()
    values: dict[str, Any] = {"asked_by": by, "asked_at": at}
    if found is not None:
        statement = update(VerificationRequest).where(col(VerificationRequest.id) == found)
        session.connection().execute(statement.values(**values))
        return found
    request_id = new_id()
    values |= {"id": request_id, "check_in_id": check_in_id, "person_id": person_id}
    session.connection().execute(insert(VerificationRequest), values)
    return request_id


def place_request(session: Session, request_id: UUID, *, channel: str | None, ts: str | None) -> None:
    statement = update(VerificationRequest).where(col(VerificationRequest.id) == request_id)
    session.connection().execute(statement.values(channel=channel, ts=ts))


# ------------------------------------------------------------------------------------- readings and verdicts


def reading(session: Session, reading_id: UUID) -> Reading | None:
    return session.exec(select(Reading).where(Reading.id == reading_id)).first()


def readings_of(session: Session, kpi_ids: Collection[UUID]) -> Sequence[Counting]:
    """Return every reading of these KPIs that counts, with the value it replaced, the first day first."""
    if not kpi_ids:
        return []
    statement = (
        select_columns(*_COUNTING)
        .outerjoin(_BEFORE, col(_BEFORE.id) == col(Reading.supersedes_id))
        .where(col(Reading.kpi_id).in_(kpi_ids), col(Reading.superseded_at).is_(None))
        .order_by(col(Reading.read_for), col(Reading.entered_at), col(Reading.id))
    )
    return [Counting._make(row) for row in session.connection().execute(statement)]


def verdicts_on(session: Session, kpi_ids: Collection[UUID]) -> Sequence[Said]:
    """Return everything said of the readings of these KPIs that count, the oldest first."""
    if not kpi_ids:
        return []
    statement = (
        select(Verification, FreeText.body)
        .join(Reading, col(Reading.id) == col(Verification.reading_id))
        .outerjoin(FreeText, col(FreeText.id) == col(Verification.reason_id))
        .where(col(Reading.kpi_id).in_(kpi_ids), col(Reading.superseded_at).is_(None))
        .order_by(col(Verification.said_at), col(Verification.id))
    )
    return [Said(*row) for row in session.exec(statement)]


def insert_verdicts(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    session.connection().execute(insert(Verification), [{"id": new_id(), **row} for row in rows])
