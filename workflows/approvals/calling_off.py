"""End a request nobody needs an answer to any more."""

from datetime import datetime
from uuid import UUID

from db.enums import PENDING, RequestStatus
from db.queries import approvals as stored
from db.session import Session
from workflows import ledger
from workflows.approvals import announcing, states
from workflows.approvals.snapshots import Lapsed
from workflows.approvals.streams import stream_of
from workflows.ledger import Fact, LedgerKind


def call_off(session: Session, request_id: UUID, *, now: datetime) -> Lapsed | None:
    """End a request because what it is about has changed; None when it had ended. Cards say so, nobody is told.

    The request is locked. What follows for its subject is for the caller to do.
    """
    request = stored.lock(session, request_id)
    if request is None or request.status not in PENDING:
        return None
    withdrawn = RequestStatus.WITHDRAWN
    states.REQUEST.require(request.status, withdrawn)
    asked = stored.asked_ever(session, request_id)
    stored.close_unfinished(session, request_id, at=now)
    stored.settle_request(session, request_id, version=request.version, status=withdrawn, at=now)
    facts = [Fact(LedgerKind.REQUEST_WITHDRAWN, {}), Fact(LedgerKind.REQUEST_SETTLED, {"status": withdrawn.value})]
    ledger.record(session, stream_of(request_id), facts, actor=None, now=now)
    announcing.redraw(session, request_id, people={request.requester_id, *asked}, now=now)
    return Lapsed(request_id, request.subject_kind, request.subject_id, withdrawn)
