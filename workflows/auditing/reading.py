"""Audits as frozen pictures, and what the engine and the screens ask about them."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from db.enums import AuditResult, RequestStatus
from db.queries import auditing as stored
from db.session import Session
from db.tables import Audit
from workflows import approvals, intake
from workflows.approvals import RequestSnapshot, Subject, Titled
from workflows.intake import UseCaseSnapshot
from workflows.policy import AUDIT_KIND, Facts

PREFIX: Final = "AUD"
"""How the reference of an audit begins; the number is that of the use case."""


@dataclass(frozen=True, slots=True)
class AuditSnapshot:
    """Something a line approved that people look at afterwards.

    `use_case` is as it was approved, its state is today's; `reason` is what the line said. `share` is how much was
    drawn then, in per cent.
    """

    id: UUID
    reference: str
    use_case: UseCaseSnapshot
    approved_request_id: UUID
    approved_at: datetime
    line: str
    reason: str
    share: int
    drawn_at: datetime
    result: AuditResult | None
    settled_at: datetime | None


def audit_of(session: Session, audit_id: UUID) -> AuditSnapshot | None:
    row = stored.audit(session, audit_id)
    approved = approvals.request_of(session, row.approved_request_id) if row else None
    use_case = intake.as_submitted(session, approved.subject_id, approved.revision) if approved else None
    if row is None or approved is None or use_case is None:
        return None
    return AuditSnapshot(
        id=row.id,
        reference=reference_of(use_case.reference),
        use_case=use_case,
        approved_request_id=approved.id,
        approved_at=approved.settled_at or row.drawn_at,
        line=row.line,
        reason=approved.pinned.decided or "",
        share=row.share,
        drawn_at=row.drawn_at,
        result=row.result,
        settled_at=row.settled_at,
    )


def reference_of(use_case: str) -> str:
    """Return AUD-12 for UC-12."""
    return f"{PREFIX}-{use_case.rpartition('-')[2]}"


def subject_of(session: Session, audit_id: UUID) -> tuple[Subject, Facts] | None:
    """Return what people look at: the use case as it was approved, with the digests of its sections."""
    row = stored.audit(session, audit_id)
    approved = approvals.request_of(session, row.approved_request_id) if row else None
    if row is None or approved is None:
        return None
    return audited(session, row.id, approved)


def audited(session: Session, audit_id: UUID, approved: RequestSnapshot) -> tuple[Subject, Facts] | None:
    """Return what is looked at in an audit of this approval."""
    found = intake.subject_at(session, approved.subject_id, approved.revision)
    if found is None:
        return None
    subject, facts = found
    return replace(subject, kind=AUDIT_KIND, id=audit_id, reference=reference_of(subject.reference)), facts


def titled(session: Session, audit_id: UUID) -> Titled | None:
    row = stored.audit(session, audit_id)
    called = intake.titled(session, row.use_case_id) if row else None
    if called is None:
        return None
    return Titled(reference_of(called.reference), called.title, called.team)


def owner_of(session: Session, audit_id: UUID) -> UUID | None:
    """Return who owns what is audited: they answer for it when its proposer leaves."""
    row = stored.audit(session, audit_id)
    return intake.owner_of(session, row.use_case_id) if row else None


def insiders(session: Session, audit_id: UUID) -> Collection[UUID]:
    row = stored.audit(session, audit_id)
    return intake.insiders(session, row.use_case_id) if row else frozenset()


def request_about(session: Session, row: Audit) -> RequestSnapshot:
    """Return the request that asks people about an audit."""
    return approvals.latest_about(session, AUDIT_KIND, [row.id])[row.id]


def hold_open(session: Session, use_case_id: UUID) -> None:
    """Lock the requests of the open audits of a use case, for whoever locks the use case after that as a vote does."""
    for row in stored.open_audits_of(session, use_case_id):
        approvals.hold_about(session, AUDIT_KIND, row.id)


def follow_confidentiality(session: Session, use_case_id: UUID, *, now: datetime) -> None:
    """Hide the open audits of a use case from whom it is hidden now, or show them again."""
    rows = stored.open_audits_of(session, use_case_id)
    use_case = intake.use_case_of(session, use_case_id) if rows else None
    confidential = use_case is not None and use_case.confidential
    for row in rows:
        approvals.follow_confidentiality(session, AUDIT_KIND, row.id, confidential=confidential, now=now)


def is_still_so(session: Session, row: Audit) -> bool:
    """Say whether what was approved then is what is in force, and nobody but the line has decided about it."""
    use_case = intake.use_case_of(session, row.use_case_id)
    latest = approvals.approval_in_force(session, intake.SUBJECT_KIND, row.use_case_id)
    if use_case is None or latest is None or latest.status is not RequestStatus.APPROVED:
        return False
    return use_case.state in intake.CHANGEABLE and latest.id == row.approved_request_id
