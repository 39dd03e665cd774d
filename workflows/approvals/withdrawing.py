"""Take a request back before it ends."""

from datetime import datetime
from uuid import UUID

from db.enums import PENDING, OutboxKind, RequestStatus
from db.queries import approvals as stored
from db.session import Session
from workflows import ledger, people
from workflows.approvals import announcing, states
from workflows.approvals.rules import Refusal
from workflows.approvals.snapshots import Lapsed, Refused
from workflows.approvals.streams import stream_of
from workflows.ledger import Fact, LedgerKind
from workflows.outbox import Promise
from workflows.people import Actor
from workflows.policy import LEAD


def take_back(session: Session, request_id: UUID, *, actor: Actor, now: datetime) -> Lapsed | Refused:
    """End a request for somebody who ends what it is about. Whoever asked for it until now is told too.

    It is theirs from then on, as the record says. The caller knows that they may.
    """
    request = stored.lock(session, request_id)
    if request is None:
        return Refused(Refusal.UNKNOWN, None)
    if request.status not in PENDING:
        return Refused(Refusal.ALREADY_DECIDED, request_id)
    if request.requester_id != actor.id:
        stored.set_requester(session, request_id, version=request.version, requester_id=actor.id, orphaned_at=None)
        handed = Fact(LedgerKind.REQUEST_HANDED_OVER, {"from": str(request.requester_id), "to": str(actor.id)})
        ledger.record(session, stream_of(request_id), [handed], actor=actor.id, now=now)
        news = [Promise(OutboxKind.REQUEST_SETTLED, request.requester_slack_id, request_id)]
        announcing.redraw(session, request_id, people=[request.requester_id], news=news, now=now)
    return withdraw(session, request_id, actor=actor, now=now)


def withdraw(session: Session, request_id: UUID, *, actor: Actor, now: datetime) -> Lapsed | Refused:
    """End a request because its proposer takes it back; everybody else, and one that has ended, is refused.

    One that nobody is left to answer for a programme lead may take back.
    """
    request = stored.lock(session, request_id)
    if request is None:
        return Refused(Refusal.UNKNOWN, None)
    is_left_to_leads = request.orphaned_at is not None and LEAD in people.roles_of(session, actor.id)
    if request.requester_id != actor.id and not is_left_to_leads:
        return Refused(Refusal.NOT_YOURS, request_id)
    if request.status not in PENDING:
        return Refused(Refusal.ALREADY_DECIDED, request_id)
    states.REQUEST.require(request.status, RequestStatus.WITHDRAWN)
    concerned = stored.asked_ever(session, request_id) | {actor.id}
    stored.close_unfinished(session, request_id, at=now)
    withdrawn = RequestStatus.WITHDRAWN
    stored.settle_request(session, request_id, version=request.version, status=withdrawn, at=now)
    facts = [
        Fact(LedgerKind.REQUEST_WITHDRAWN, {}),
        Fact(LedgerKind.REQUEST_SETTLED, {"status": withdrawn.value}),
    ]
    ledger.record(session, stream_of(request_id), facts, actor=actor.id, now=now)
    news = [Promise(OutboxKind.REQUEST_SETTLED, actor.slack_id, request_id)]
    announcing.redraw(session, request_id, people=concerned, news=news, now=now)
    return Lapsed(request_id, request.subject_kind, request.subject_id, withdrawn)
