"""Audits of what policy lines approved, and from when on they are counted."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, and_, bindparam, func, insert, or_, update
from sqlalchemy import select as select_columns
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select

from db.enums import AuditResult, RequestStatus, UseCaseState
from db.prepared import Prepared, among
from db.session import Session
from db.tables import ApprovalRequest, ApprovalRound, Audit, FastLane, UseCase

_ENDED = (
    UseCaseState.REJECTED,
    UseCaseState.WITHDRAWN,
    UseCaseState.EXPIRED,
    UseCaseState.RETIRED,
    UseCaseState.IN_REVIEW,
    UseCaseState.CHANGES_REQUESTED,
)
"""In which nothing is left of an approval by a line."""

_LATER = (
    select_columns(col(ApprovalRequest.id))
    .where(col(ApprovalRequest.amends_id) == col(Audit.approved_request_id))
    .where(col(ApprovalRequest.status) == RequestStatus.APPROVED)
    .exists()
)
_OVERTAKEN = Prepared(  # every beat of the clock asks it
    select_columns(col(Audit.id))
    .join(UseCase, col(UseCase.id) == col(Audit.use_case_id))
    .where(col(Audit.result).is_(None), or_(among(col(UseCase.state), _ENDED), _LATER))
    .order_by(col(Audit.id))
    .limit(bindparam("at_most", type_=Integer()))
)


def results(session: Session, limits: Mapping[str, int]) -> Mapping[str, Sequence[AuditResult]]:
    """Return what the last audits of these lines came to, at most so many of each, the newest first.

    Those that say something about the line, since it was opened again last.
    """
    found: defaultdict[str, list[AuditResult]] = defaultdict(list)
    for line, limit in limits.items():
        statement = (
            select_columns(col(Audit.result))
            .join(FastLane, col(FastLane.line) == col(Audit.line), isouter=True)
            .where(col(Audit.line) == line, col(Audit.result).in_((AuditResult.PASSED, AuditResult.FAILED)))
            .where(or_(col(FastLane.counted_from).is_(None), col(Audit.settled_at) > col(FastLane.counted_from)))
            .order_by(col(Audit.settled_at).desc(), col(Audit.id).desc())
            .limit(limit)
        )
        found[line] = [result for (result,) in session.connection().execute(statement) if result is not None]
    return found


def doubted(session: Session, use_case_ids: Collection[UUID], *, by_open: bool) -> frozenset[UUID]:
    """Return of which of these an audit failed once, or is still open where that counts too."""
    is_failed = col(Audit.result) == AuditResult.FAILED
    statement = (
        select_columns(col(Audit.use_case_id))
        .where(col(Audit.use_case_id).in_(use_case_ids))
        .where(or_(is_failed, col(Audit.result).is_(None)) if by_open else is_failed)
    )
    return frozenset(row[0] for row in session.connection().execute(statement))


def hold_line(session: Session, line: str) -> FastLane | None:
    """Lock a line, so that its audits are counted one after the other; None when nothing of it was ever drawn."""
    return session.exec(select(FastLane).where(FastLane.line == line).with_for_update()).first()


def insert_line(session: Session, line: str, *, at: datetime) -> None:
    """Store from when on the audits of a line are counted, unless that is known."""
    new = postgresql.insert if session.dialect.name == "postgresql" else sqlite.insert
    session.connection().execute(new(FastLane).values(line=line, counted_from=at).on_conflict_do_nothing())


def reopen_line(session: Session, line: str, *, by: UUID | None, at: datetime) -> None:
    values = {"counted_from": at, "reopened_by": by}
    session.connection().execute(update(FastLane).where(col(FastLane.line) == line).values(values))


def lines(session: Session) -> Sequence[FastLane]:
    return session.exec(select(FastLane).order_by(FastLane.line)).all()


def insert_audit(session: Session, values: Mapping[str, Any]) -> None:
    session.connection().execute(insert(Audit), values)


def audit(session: Session, audit_id: UUID) -> Audit | None:
    return session.get(Audit, audit_id)


def settle_audit(session: Session, audit_id: UUID, result: AuditResult, *, at: datetime) -> bool:
    """Store what an audit came to; False when that was stored before."""
    statement = update(Audit).where(col(Audit.id) == audit_id, col(Audit.result).is_(None))
    return session.connection().execute(statement.values(result=result, settled_at=at)).rowcount == 1


def audits(session: Session) -> Sequence[Audit]:
    """Return every audit, the first one first."""
    return session.exec(select(Audit).order_by(col(Audit.drawn_at), col(Audit.id))).all()


def open_audits_of(session: Session, use_case_id: UUID) -> Sequence[Audit]:
    return session.exec(select(Audit).where(Audit.use_case_id == use_case_id, col(Audit.result).is_(None))).all()


def approved_under_audit(session: Session, kind: str) -> Sequence[UUID]:
    """Return the requests of this kind that a line approved under a policy that audits it."""
    current = and_(
        col(ApprovalRound.request_id) == col(ApprovalRequest.id), col(ApprovalRound.round) == col(ApprovalRequest.round)
    )
    statement = (
        select_columns(col(ApprovalRequest.id))
        .join(ApprovalRound, current)
        .where(col(ApprovalRequest.subject_kind) == kind, col(ApprovalRequest.decided_by_line).is_not(None))
        .where(col(ApprovalRequest.status) == RequestStatus.APPROVED)
        .where(col(ApprovalRound.snapshot).contains('"audit":{', autoescape=True))
    )
    return [row[0] for row in session.connection().execute(statement)]


def overtaken(session: Session, *, limit: int) -> Sequence[UUID]:
    """Return open audits of what is not any more as the line approved it: it ended, or people have decided since."""
    return [row[0] for row in _OVERTAKEN.all(session, at_most=limit)]


@dataclass(frozen=True, slots=True)
class Tally:
    """What happened to a line: how many it approved, and its audits by result; None is those still open."""

    approved: int
    audits: Mapping[AuditResult | None, int]


def tallies(session: Session, kind: str, *, since: datetime | None) -> Mapping[str, Tally]:
    """Return the lines that approved something of this kind, or had audits, since a moment, with how many."""
    by_line = func.coalesce(col(ApprovalRequest.decided_by_line), "")
    approvals = (
        select_columns(by_line, func.count())
        .where(col(ApprovalRequest.subject_kind) == kind, col(ApprovalRequest.decided_by_line).is_not(None))
        .where(col(ApprovalRequest.status) == RequestStatus.APPROVED)
        .group_by(by_line)
    )
    drawn = select_columns(col(Audit.line), col(Audit.result), func.count()).group_by(
        col(Audit.line), col(Audit.result)
    )
    if since is not None:
        approvals = approvals.where(col(ApprovalRequest.settled_at) >= since)
        drawn = drawn.where(col(Audit.drawn_at) >= since)
    approved: dict[str, int] = {row[0]: row[1] for row in session.connection().execute(approvals)}
    found: defaultdict[str, dict[AuditResult | None, int]] = defaultdict(dict)
    for line, result, count in session.connection().execute(drawn):
        found[line][result] = count
    return {line: Tally(approved.get(line, 0), found[line]) for line in sorted({*approved, *found})}
