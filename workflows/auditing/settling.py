"""Take over what people said about something a line approved, and let it count against the line."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from db.enums import AuditResult, OutboxKind, RequestStatus, SuspensionCause
from db.queries import auditing as stored
from db.session import Session
from db.tables import Audit
from workflows import intake, ledger, outbox, people, policy
from workflows.auditing import rules
from workflows.auditing.lines import record_line, standing_of
from workflows.auditing.reading import is_still_so
from workflows.auditing.rules import LineChange
from workflows.ledger import Fact, LedgerKind
from workflows.outbox import Promise
from workflows.people import Actor


def settle(session: Session, audit_id: UUID, status: RequestStatus, /, *, actor: Actor | None, now: datetime) -> None:
    """Take over where the request about an audit stands, in the same transaction. Without an actor the clock did.

    Failed suspends the use case, unless it ended or people have decided about it since. The line is locked before it
    is counted again, so that of several failures at once one closes it.
    """
    row, result = stored.audit(session, audit_id), rules.result_of(status)
    if row is None or result is None or row.result is not None:
        return
    stored.hold_line(session, row.line)
    intake.hold(session, row.use_case_id)
    before = standing_of(session, row.line)
    stored.settle_audit(session, audit_id, result, at=now)
    data: dict[str, ledger.Value] = {"audit": str(audit_id), "result": result.value}
    fact = Fact(LedgerKind.AUDIT_SETTLED, data)
    ledger.record(session, intake.stream_of(row.use_case_id), [fact], actor=actor.id if actor else None, now=now)
    if result is AuditResult.FAILED and is_still_so(session, row):
        cause = SuspensionCause.AUDIT_FAILED
        intake.suspend(session, row.use_case_id, cause, about=audit_id, actor=actor, now=now)
    after = standing_of(session, row.line)
    change = rules.change_of(before, after) if before and after else None
    if before and after and (before.share, before.is_closed) != (after.share, after.is_closed):
        record_line(session, row.line, after, now=now)
    if change is not None or result is AuditResult.UNSEEN:
        _tell(session, row, change or LineChange.UNSEEN, now=now)


def _tell(session: Session, row: Audit, what: LineChange, *, now: datetime) -> None:
    """Tell programme leads and admins what became of a line, and draw the Homes that show it anew."""
    told = _steering(session)
    news = [Promise(OutboxKind.FAST_LANE_CHANGED, each.slack_id, row.id, {"what": what.value}) for each in told]
    homes = [
        Promise(OutboxKind.HOME_SYNC, outbox.home_of(each.slack_id), each.id)
        for each in people.with_home_open(session, [each.id for each in told])
    ]
    outbox.promise(session, [*news, *homes], now=now)


def _steering(session: Session) -> Collection[Actor]:
    holders = (person for role in (policy.LEAD, policy.ADMIN) for person in people.holders_of(session, role))
    return {person.id: person for person in holders}.values()
