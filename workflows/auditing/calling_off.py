"""End audits nobody needs any more: what they are about ended, or people have decided about it since."""

from datetime import datetime
from typing import Final

from db.enums import RequestStatus
from db.queries import auditing as stored
from db.session import Session
from workflows import approvals
from workflows.auditing.reading import request_about
from workflows.auditing.settling import settle

_AT_ONCE: Final = 50


def any_overtaken(session: Session) -> bool:
    """Say whether `call_off_overtaken` would end an audit; reads only."""
    return bool(stored.overtaken(session, limit=1))


def call_off_overtaken(session: Session, *, now: datetime) -> int:
    """End the open audits of what is not any more as the line approved it; return how many."""
    ended = 0
    for audit_id in stored.overtaken(session, limit=_AT_ONCE):
        row = stored.audit(session, audit_id)
        lapsed = approvals.call_off(session, request_about(session, row).id, now=now) if row else None
        if lapsed is not None:
            settle(session, audit_id, RequestStatus.WITHDRAWN, actor=None, now=now)
            ended += 1
    return ended
