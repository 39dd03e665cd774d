"""The register as it is exported: a page of it at a time, with a fixed number of questions for each page."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import and_, func, text
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from db.enums import RequestStatus, SuspensionCause, Tier, UseCaseState, Verb
from db.session import Session
from db.tables import (
    ApprovalLane,
    ApprovalRequest,
    ApprovalRound,
    ApprovalStage,
    ApprovalVote,
    FreeText,
    LedgerEvent,
    PolicyVersion,
    Recording,
    UseCase,
    UseCaseStage,
    UseCaseSuspension,
)

# Waits of a person end within seconds; a file of ten thousand use cases is read by one transaction, which nobody waits
# for. Between two of its questions rows are put into words, and at the end a workbook is packed.
_FOR_A_FILE: Final = (
    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
    "SET LOCAL statement_timeout = '30s'",
    "SET LOCAL idle_in_transaction_session_timeout = '120s'",
)


class Numbered(NamedTuple):
    """An entry of the register: a use case, or something recorded that nobody has proposed."""

    number: int
    id: UUID
    is_recording: bool


class Identity(NamedTuple):
    """What a use case's row says that its text does not."""

    created_at: datetime
    suspended_from: UseCaseState | None


class Requested(NamedTuple):
    """A request about a use case, with what its current round pinned of the policy."""

    id: UUID
    use_case_id: UUID
    revision: int
    tier: Tier
    status: RequestStatus
    decided_by_line: str | None
    opened_at: datetime
    settled_at: datetime | None
    policy_number: int
    snapshot: str
    snapshot_hash: str


class Cast(NamedTuple):
    """A vote in a lane of its request's current round; `cast_by` is somebody else where a delegate gave it."""

    request_id: UUID
    lane: str
    person_id: UUID
    cast_by: UUID
    verb: Verb
    cast_at: datetime


class Suspended(NamedTuple):
    use_case_id: UUID
    cause: SuspensionCause
    since: datetime
    lifted_at: datetime | None
    reason: str | None


class Head(NamedTuple):
    """The end of a stream on the record."""

    seq: int
    hash: str


def hold_still(session: Session) -> None:
    """See one state of the database until this transaction ends, however long a file takes. Its first statement."""
    if session.dialect.name == "postgresql":  # SQLite reads one state in any case
        for each in _FOR_A_FILE:
            session.connection().execute(text(each))


def entries_after(session: Session, number: int, *, limit: int) -> Sequence[Numbered]:
    """Return the next entries of the register, by number: use cases, and what is still to be proposed."""
    cases = select_columns(col(UseCase.number), col(UseCase.id)).where(col(UseCase.number) > number)
    recordings = select_columns(col(Recording.number), col(Recording.id)).where(
        col(Recording.number) > number, col(Recording.use_case_id).is_(None), col(Recording.dropped_at).is_(None)
    )
    connection = session.connection()
    found = [
        Numbered(*row, is_recording=False)
        for row in connection.execute(cases.order_by(col(UseCase.number)).limit(limit))
    ]
    found += [
        Numbered(*row, is_recording=True)
        for row in connection.execute(recordings.order_by(col(Recording.number)).limit(limit))
    ]
    return sorted(found)[:limit]


def count(session: Session) -> int:
    """Return how many entries the register has."""
    cases = select_columns(func.count()).select_from(UseCase)
    recordings = (
        select_columns(func.count())
        .select_from(Recording)
        .where(col(Recording.use_case_id).is_(None), col(Recording.dropped_at).is_(None))
    )
    return sum(int(session.connection().execute(each).scalar() or 0) for each in (cases, recordings))


def identities(session: Session, ids: Collection[UUID]) -> Mapping[UUID, Identity]:
    statement = select_columns(col(UseCase.id), col(UseCase.created_at), col(UseCase.suspended_from))
    found = session.connection().execute(statement.where(col(UseCase.id).in_(ids)))
    return {row[0]: Identity(row[1], row[2]) for row in found}


def requests_about(session: Session, subject_kind: str, ids: Collection[UUID]) -> Sequence[Requested]:
    """Return every request about these subjects, the oldest first."""
    now = and_(
        col(ApprovalRound.request_id) == col(ApprovalRequest.id), col(ApprovalRound.round) == col(ApprovalRequest.round)
    )
    statement = (
        select_columns(
            col(ApprovalRequest.id),
            col(ApprovalRequest.subject_id),
            col(ApprovalRequest.revision),
            col(ApprovalRequest.tier),
            col(ApprovalRequest.status),
            col(ApprovalRequest.decided_by_line),
            col(ApprovalRequest.opened_at),
            col(ApprovalRequest.settled_at),
            col(PolicyVersion.number),
            col(ApprovalRound.snapshot),
            col(ApprovalRound.snapshot_hash),
        )
        .join(ApprovalRound, now)
        .join(PolicyVersion, col(PolicyVersion.id) == col(ApprovalRound.policy_version_id))
        .where(col(ApprovalRequest.subject_kind) == subject_kind, col(ApprovalRequest.subject_id).in_(ids))
        .order_by(col(ApprovalRequest.opened_at), col(ApprovalRequest.id))
    )
    return [Requested(*row) for row in session.connection().execute(statement)]


def votes_that_count(session: Session, request_ids: Collection[UUID]) -> Sequence[Cast]:
    """Return the votes in the current round of these requests, in the order of its stages and as they were cast."""
    statement = (
        select_columns(
            col(ApprovalVote.request_id),
            col(ApprovalLane.name),
            col(ApprovalVote.person_id),
            col(ApprovalVote.cast_by),
            col(ApprovalVote.verb),
            col(ApprovalVote.cast_at),
        )
        .join(ApprovalLane, col(ApprovalLane.id) == col(ApprovalVote.lane_id))
        .join(ApprovalStage, col(ApprovalStage.id) == col(ApprovalLane.stage_id))
        .join(ApprovalRequest, col(ApprovalRequest.id) == col(ApprovalVote.request_id))
        .where(col(ApprovalVote.request_id).in_(request_ids), col(ApprovalStage.round) == col(ApprovalRequest.round))
        .order_by(col(ApprovalStage.position), col(ApprovalVote.cast_at), col(ApprovalVote.id))
    )
    return [Cast(*row) for row in session.connection().execute(statement)]


def suspensions(session: Session, ids: Collection[UUID]) -> Sequence[Suspended]:
    """Return every suspension of these use cases, the oldest first, with what was said when it was done by hand."""
    statement = (
        select_columns(
            col(UseCaseSuspension.use_case_id),
            col(UseCaseSuspension.cause),
            col(UseCaseSuspension.since),
            col(UseCaseSuspension.lifted_at),
            col(FreeText.body),
        )
        .outerjoin(FreeText, col(FreeText.id) == col(UseCaseSuspension.about_id))
        .where(col(UseCaseSuspension.use_case_id).in_(ids))
    )
    rows = session.connection().execute(statement.order_by(col(UseCaseSuspension.since), col(UseCaseSuspension.id)))
    return [Suspended(*row) for row in rows]


def first_entered(session: Session, ids: Collection[UUID]) -> Mapping[tuple[UUID, UseCaseState], datetime]:
    """Return when each of these use cases first came into each state it was moved to."""
    statement = (
        select_columns(col(UseCaseStage.use_case_id), col(UseCaseStage.state), func.min(col(UseCaseStage.entered_at)))
        .where(col(UseCaseStage.use_case_id).in_(ids))
        .group_by(col(UseCaseStage.use_case_id), col(UseCaseStage.state))
    )
    return {(row[0], row[1]): row[2] for row in session.connection().execute(statement)}


def recordings_become(session: Session, use_case_ids: Collection[UUID]) -> Sequence[Recording]:
    """Return what was recorded of these use cases before they were proposed."""
    return session.exec(select(Recording).where(col(Recording.use_case_id).in_(use_case_ids))).all()


def heads(session: Session, streams: Collection[str]) -> Mapping[str, Head]:
    """Return the last event of each of these streams."""
    last = (
        select_columns(col(LedgerEvent.stream).label("stream"), func.max(col(LedgerEvent.seq)).label("seq"))
        .where(col(LedgerEvent.stream).in_(streams))
        .group_by(col(LedgerEvent.stream))
        .subquery()
    )
    statement = select_columns(col(LedgerEvent.stream), col(LedgerEvent.seq), col(LedgerEvent.hash)).join(
        last, and_(last.c.stream == col(LedgerEvent.stream), last.c.seq == col(LedgerEvent.seq))
    )
    return {row[0]: Head(row[1], row[2]) for row in session.connection().execute(statement)}
