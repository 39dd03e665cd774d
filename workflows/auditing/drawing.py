"""Draw, when a line of the policy has approved something, whether people look at it afterwards."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.enums import RequestStatus
from db.ids import new_id
from db.queries import auditing as stored
from db.session import Session
from workflows import approvals, intake, ledger, policy
from workflows.approvals import RequestSnapshot
from workflows.auditing.lines import EVER
from workflows.auditing.reading import audited
from workflows.auditing.rules import is_drawn
from workflows.ledger import Fact, LedgerKind
from workflows.policy import Sampled


@dataclass(frozen=True, slots=True)
class Drawn:
    """What came of a draw. `audit_id` is None when it was not drawn."""

    request_id: UUID
    seed: str
    share: int
    audit_id: UUID | None


def fresh_seed() -> str:
    return secrets.token_hex(32)


def draw(
    session: Session, use_case_id: UUID, *, now: datetime, new_seed: Callable[[], str] = fresh_seed
) -> Drawn | None:
    """Draw what a line has just approved, put the draw on the record, and ask people where it falls on this one.

    Returns None where the line is not audited. The caller holds the use case, and calls this once for an approval.
    """
    approved = approvals.latest_about(session, intake.SUBJECT_KIND, [use_case_id]).get(use_case_id)
    sampled = approved.pinned.audit if approved else None
    if approved is None or sampled is None or approved.status is not RequestStatus.APPROVED:
        return None
    seed = new_seed()
    audit_id = new_id() if is_drawn(seed, approved.id, share=sampled.share) else None
    stored.insert_line(session, sampled.line, at=EVER)
    data: dict[str, ledger.Value] = {
        "request": str(approved.id),
        "line": sampled.line,
        "share": sampled.share,
        "seed": seed,
        "drawn": audit_id is not None,
        "audit": str(audit_id) if audit_id else None,
    }
    ledger.record(session, intake.stream_of(use_case_id), [Fact(LedgerKind.AUDIT_DRAWN, data)], actor=None, now=now)
    if audit_id is not None:
        _ask(session, audit_id, approved, sampled, seed, now=now)
    return Drawn(approved.id, seed, sampled.share, audit_id)


def _ask(
    session: Session, audit_id: UUID, approved: RequestSnapshot, sampled: Sampled, seed: str, *, now: datetime
) -> None:
    """Store the audit and put it before its role. Whoever may not decide about the use case may not audit it."""
    about = {"use_case_id": approved.subject_id, "approved_request_id": approved.id}
    drawn = {"line": sampled.line, "share": sampled.share, "seed": seed, "drawn_at": now}
    stored.insert_audit(session, {"id": audit_id, **about, **drawn})
    found = audited(session, audit_id, approved)
    if found is None:
        raise LookupError(f"{approved.reference} was approved and is gone")
    route = policy.audit_route(session, sampled, number=approved.pinned.number, reason=approved.pinned.decided or "")
    approvals.open_request(
        session,
        found[0],
        route,
        requester=approved.requester,
        excluded=approved.excluded,
        governance_channel=None,
        confidential=approved.confidential,
        now=now,
    )
