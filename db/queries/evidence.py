"""Everything that was ever stored about one use case and that no other question asks for."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import or_
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from db.enums import UseCaseState, Verdict
from db.session import Session
from db.tables import (
    ApprovalExclusion,
    ApprovalLane,
    ApprovalRequest,
    ApprovalRound,
    ApprovalSeat,
    ApprovalSection,
    ApprovalStage,
    ApprovalVote,
    Audit,
    CheckIn,
    CheckInAnswer,
    CheckInSchedule,
    FreeText,
    LedgerEvent,
    PolicyVersion,
    Reading,
    Recertification,
    UseCaseStage,
    Verification,
)

AT_ONCE: Final = 500
Key = TypeVar("Key", UUID, str)


class Said(NamedTuple):
    """What somebody said of a reading, with their reason if they gave one."""

    reading_id: UUID
    person_id: UUID
    verdict: Verdict
    reason: str | None
    said_at: datetime


class Event(NamedTuple):
    """An event of the record, as it was hashed."""

    stream: str
    seq: int
    body: str
    prev_hash: str
    hash: str


# -------------------------------------------------------------------------------------------- approvals


def requests_about(session: Session, subjects: Mapping[str, Collection[UUID]]) -> Sequence[ApprovalRequest]:
    """Return every request about these subjects, by kind, the oldest first."""
    asked = [
        (col(ApprovalRequest.subject_kind) == kind) & col(ApprovalRequest.subject_id).in_(ids)
        for kind, ids in subjects.items()
        if ids
    ]
    if not asked:
        return []
    statement = select(ApprovalRequest).where(or_(*asked))
    return session.exec(statement.order_by(col(ApprovalRequest.opened_at), col(ApprovalRequest.id))).all()


def rounds_of(session: Session, request_ids: Collection[UUID]) -> Sequence[tuple[ApprovalRound, int, str]]:
    """Return every round of these requests with number and hash of the policy's version, the first one first."""
    statement = (
        select(ApprovalRound, PolicyVersion.number, PolicyVersion.content_hash)
        .join(PolicyVersion, col(PolicyVersion.id) == col(ApprovalRound.policy_version_id))
        .where(col(ApprovalRound.request_id).in_(request_ids))
    )
    return session.exec(statement.order_by(col(ApprovalRound.round))).all()


def sections_of(session: Session, request_ids: Collection[UUID]) -> Sequence[ApprovalSection]:
    statement = select(ApprovalSection).where(col(ApprovalSection.request_id).in_(request_ids))
    return session.exec(statement.order_by(col(ApprovalSection.section))).all()


def stages_of(session: Session, request_ids: Collection[UUID]) -> Sequence[ApprovalStage]:
    statement = select(ApprovalStage).where(col(ApprovalStage.request_id).in_(request_ids))
    return session.exec(statement.order_by(col(ApprovalStage.round), col(ApprovalStage.position))).all()


def lanes_of(session: Session, request_ids: Collection[UUID]) -> Sequence[ApprovalLane]:
    statement = select(ApprovalLane).where(col(ApprovalLane.request_id).in_(request_ids))
    return session.exec(statement.order_by(ApprovalLane.key, col(ApprovalLane.id))).all()


def seats_of(session: Session, request_ids: Collection[UUID]) -> Sequence[ApprovalSeat]:
    statement = select(ApprovalSeat).where(col(ApprovalSeat.request_id).in_(request_ids))
    return session.exec(statement.order_by(col(ApprovalSeat.asked_at), col(ApprovalSeat.id))).all()


def votes_of(session: Session, request_ids: Collection[UUID]) -> Sequence[ApprovalVote]:
    statement = select(ApprovalVote).where(col(ApprovalVote.request_id).in_(request_ids))
    return session.exec(statement.order_by(col(ApprovalVote.cast_at), col(ApprovalVote.id))).all()


def exclusions_of(session: Session, request_ids: Collection[UUID]) -> Sequence[ApprovalExclusion]:
    return session.exec(select(ApprovalExclusion).where(col(ApprovalExclusion.request_id).in_(request_ids))).all()


# ------------------------------------------------------------------------------------- after the decision


def recertifications_of(session: Session, use_case_id: UUID) -> Sequence[Recertification]:
    statement = select(Recertification).where(Recertification.use_case_id == use_case_id)
    return session.exec(statement.order_by(col(Recertification.asked_at), col(Recertification.id))).all()


def audits_of(session: Session, use_case_id: UUID) -> Sequence[UUID]:
    statement = select_columns(col(Audit.id)).where(col(Audit.use_case_id) == use_case_id)
    return session.connection().execute(statement.order_by(col(Audit.drawn_at), col(Audit.id))).scalars().all()


def entered(session: Session, use_case_id: UUID) -> Sequence[tuple[UseCaseState, datetime, UUID | None]]:
    """Return (state, since, by whom) of everything a use case was moved to, the first one first."""
    statement = (
        select_columns(col(UseCaseStage.state), col(UseCaseStage.entered_at), col(UseCaseStage.entered_by))
        .where(col(UseCaseStage.use_case_id) == use_case_id)
        .order_by(col(UseCaseStage.entered_at), col(UseCaseStage.id))
    )
    return [(row[0], row[1], row[2]) for row in session.connection().execute(statement)]


# --------------------------------------------------------------------------------------------- numbers


def schedules_of(session: Session, use_case_id: UUID) -> Sequence[UUID]:
    statement = select_columns(col(CheckInSchedule.id)).where(col(CheckInSchedule.use_case_id) == use_case_id)
    return session.connection().execute(statement).scalars().all()


def check_ins_of(session: Session, use_case_id: UUID) -> Sequence[CheckIn]:
    statement = select(CheckIn).where(CheckIn.use_case_id == use_case_id)
    return session.exec(statement.order_by(col(CheckIn.on_date), col(CheckIn.id))).all()


def answers_of(session: Session, use_case_id: UUID) -> Sequence[CheckInAnswer]:
    """Return every answer to a check-in of a use case, earlier revisions too."""
    statement = (
        select(CheckInAnswer)
        .join(CheckIn, col(CheckIn.id) == col(CheckInAnswer.check_in_id))
        .where(col(CheckIn.use_case_id) == use_case_id)
    )
    return session.exec(statement.order_by(col(CheckInAnswer.check_in_id), col(CheckInAnswer.revision))).all()


def readings_of(session: Session, kpi_ids: Collection[UUID]) -> Sequence[Reading]:
    """Return every reading of these KPIs, also what was superseded, by the day it was read for."""
    statement = select(Reading).where(col(Reading.kpi_id).in_(kpi_ids))
    return session.exec(statement.order_by(col(Reading.read_for), col(Reading.entered_at), col(Reading.id))).all()


def verdicts_of(session: Session, kpi_ids: Collection[UUID]) -> Sequence[Said]:
    """Return everything anybody ever said of a reading of these KPIs, in that order."""
    statement = (
        select_columns(
            col(Verification.reading_id),
            col(Verification.person_id),
            col(Verification.verdict),
            col(FreeText.body),
            col(Verification.said_at),
        )
        .join(Reading, col(Reading.id) == col(Verification.reading_id))
        .outerjoin(FreeText, col(FreeText.id) == col(Verification.reason_id))
        .where(col(Reading.kpi_id).in_(kpi_ids))
        .order_by(col(Verification.said_at), col(Verification.id))
    )
    return [Said(*row) for row in session.connection().execute(statement)]


# ------------------------------------------------------------------------------------------- the record


def texts(session: Session, ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Return what people wrote; what was erased is missing."""
    found: dict[UUID, str] = {}
    for some in _in_parts(sorted(ids)):
        statement = select_columns(col(FreeText.id), col(FreeText.body)).where(col(FreeText.id).in_(some))
        found |= {row[0]: row[1] for row in session.connection().execute(statement)}
    return found


def written_at(session: Session, person_id: UUID, moment: datetime) -> Sequence[tuple[str, str]]:
    """Return (salt, text) of what somebody wrote at a moment."""
    statement = select_columns(col(FreeText.salt), col(FreeText.body))
    of_them = statement.where(col(FreeText.written_by) == person_id, col(FreeText.written_at) == moment)
    return [(row[0], row[1]) for row in session.connection().execute(of_them)]


def events_of(session: Session, streams: Collection[str]) -> Iterator[Event]:
    """Yield the events of these streams, stream by stream, in order."""
    for some in _in_parts(sorted(streams)):
        statement = select_columns(
            col(LedgerEvent.stream),
            col(LedgerEvent.seq),
            col(LedgerEvent.body),
            col(LedgerEvent.prev_hash),
            col(LedgerEvent.hash),
        ).where(col(LedgerEvent.stream).in_(some))
        rows = session.connection().execute(statement.order_by(col(LedgerEvent.stream), col(LedgerEvent.seq)))
        yield from (Event(*row) for row in rows)


def _in_parts(keys: Sequence[Key]) -> Iterator[Sequence[Key]]:
    for begun in range(0, len(keys), AT_ONCE):
        yield keys[begun : begun + AT_ONCE]
