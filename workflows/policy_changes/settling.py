"""Take over what people decided about a policy: put it in force, unless another one came in between."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from db.enums import OutboxKind, RequestStatus
from db.queries import policy_changes as stored
from db.session import Session
from db.tables import PolicyProposal
from workflows import approvals, ledger, outbox, people, policy
from workflows.approvals import RequestSnapshot
from workflows.ledger import Fact, LedgerKind
from workflows.outbox import Promise
from workflows.people import Actor
from workflows.policy import ADMIN, PolicyError
from workflows.policy_changes.reading import SUBJECT_KIND


def settle(
    session: Session,
    proposal_id: UUID,
    status: RequestStatus,
    *,
    kinds: Collection[str],
    actor: Actor | None,  # noqa: ARG001 - whoever voted last; in force it is put for who proposed it
    now: datetime,
) -> None:
    """Put an approved policy in force, on the record as its proposer's; everything else changes nothing.

    It is not put in force when the one it was made from is not in force any more, or when it cannot be used: it must
    have a rule for each of `kinds`. Its request is locked by the caller.
    """
    row = stored.proposal(session, proposal_id)
    if row is None:
        raise LookupError(f"no policy proposal {proposal_id}")
    if status is not RequestStatus.APPROVED or row.applied_number is not None:
        return
    policy.hold(session)
    request = approvals.latest_about(session, SUBJECT_KIND, [proposal_id])[proposal_id]
    current = policy.in_force(session)
    if current.number != row.based_on or not _can_be_used(row.content, kinds):
        _leave(session, row, in_force=current.number, now=now)
    else:
        _apply(session, row, request, now=now)
    _tell_decided(session, request, now=now)


def tell_overtaken(session: Session, *, now: datetime) -> None:
    """Tell whose proposal is not decided yet that another version is in force now, and redraw its cards."""
    current = policy.in_force(session).number
    for row, request_id in stored.pending(session, SUBJECT_KIND):
        if row.based_on == current:
            continue
        request = approvals.existing_request(session, request_id)
        approvals.redraw_for(session, request_id, now=now)
        told = Promise(OutboxKind.POLICY_DECIDED, request.requester.slack_id, row.id, {"what": "overtaken"})
        outbox.promise(session, [told], now=now)


def stream_of(proposal_id: UUID) -> str:
    return f"policy_change:{proposal_id}"


def _can_be_used(content: str, kinds: Collection[str]) -> bool:
    """Say whether a policy that could be used when it was proposed still can: the product may be a newer one."""
    try:
        for kind in kinds:
            policy.require_rule_for(content, kind)
    except PolicyError:
        return False
    return True


def _apply(session: Session, row: PolicyProposal, request: RequestSnapshot, *, now: datetime) -> None:
    number = policy.apply(session, row.content, actor=row.proposed_by, request=request.id, now=now)
    stored.set_applied(session, row.id, number)
    tell_overtaken(session, now=now)


def _leave(session: Session, row: PolicyProposal, *, in_force: int, now: datetime) -> None:
    fact = Fact(LedgerKind.POLICY_NOT_APPLIED, {"based_on": row.based_on, "in_force": in_force})
    ledger.record(session, stream_of(row.id), [fact], actor=None, now=now)


def _tell_decided(session: Session, request: RequestSnapshot, *, now: datetime) -> None:
    """Tell the admins and everybody asked; its proposer is told by the request itself."""
    asked = {seat.person.id: seat.person for stage in request.stages for lane in stage.lanes for seat in lane.seats}
    told = asked | {person.id: person for person in people.holders_of(session, ADMIN)}
    outbox.promise(
        session,
        [
            Promise(OutboxKind.POLICY_DECIDED, person.slack_id, request.subject_id, {"what": "decided"})
            for person in told.values()
            if person.id != request.requester.id
        ],
        now=now,
    )
