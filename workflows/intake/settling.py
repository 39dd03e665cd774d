"""Take over what approvals decided about a use case: its state, or what becomes of a change somebody asked for."""

from datetime import datetime
from typing import Final
from uuid import UUID

from db.enums import PENDING, OutboxKind, RequestStatus, UseCaseState
from db.queries import intake as stored
from db.queries.intake import Standing
from db.session import Session
from workflows import ledger, outbox, people
from workflows.intake import reading
from workflows.ledger import Fact, LedgerKind
from workflows.outbox import Promise
from workflows.people import Actor

_STATES: Final = {
    RequestStatus.IN_REVIEW: UseCaseState.IN_REVIEW,
    RequestStatus.CHANGES_REQUESTED: UseCaseState.CHANGES_REQUESTED,
    RequestStatus.APPROVED: UseCaseState.APPROVED,
    RequestStatus.REJECTED: UseCaseState.REJECTED,
    RequestStatus.WITHDRAWN: UseCaseState.WITHDRAWN,
    RequestStatus.EXPIRED: UseCaseState.EXPIRED,
}


def settle(session: Session, use_case_id: UUID, status: RequestStatus, *, actor: Actor | None, now: datetime) -> None:
    """Take over what became of the request about a use case, in the same transaction. Without an actor the policy did.

    While a change of something approved is asked for, the request is about that change: approved, the new text is in
    force and what was suspended goes on; ended otherwise, everything stays as it was.
    """
    standing = stored.standing_of(session, use_case_id)
    if standing is None:
        raise LookupError(f"no use case {use_case_id}")
    if standing.pending_revision is not None:
        if status not in PENDING:
            _settle_change(session, use_case_id, standing, status, actor=actor, now=now)
        return
    state = _STATES[status]
    if state is standing.state:
        return
    stored.set_state(session, use_case_id, state, version=standing.version)
    _record(session, use_case_id, [_moved(standing.state, state)], actor=actor, now=now)


def suspend(session: Session, use_case_id: UUID, standing: Standing, *, actor: Actor | None, now: datetime) -> None:
    """Stop a use case until a change is approved, and say so to its owner and sponsor."""
    values = {"state": UseCaseState.SUSPENDED, "suspended_from": standing.state}
    stored.update_use_case(session, use_case_id, version=standing.version, values=values)
    _record(session, use_case_id, [_moved(standing.state, UseCaseState.SUSPENDED)], actor=actor, now=now)
    _tell(session, use_case_id, "suspended", now=now)


def _settle_change(
    session: Session,
    use_case_id: UUID,
    standing: Standing,
    status: RequestStatus,
    *,
    actor: Actor | None,
    now: datetime,
) -> None:
    pending, state = standing.pending_revision, standing.suspended_from or standing.state
    if status is not RequestStatus.APPROVED:
        stored.update_use_case(session, use_case_id, version=standing.version, values={"pending_revision": None})
        data: dict[str, ledger.Value] = {"revision": pending, "status": status.value}
        _record(session, use_case_id, [Fact(LedgerKind.USE_CASE_CHANGE_DROPPED, data)], actor=actor, now=now)
        return
    values = {"revision": pending, "pending_revision": None, "state": state, "suspended_from": None}
    stored.update_use_case(session, use_case_id, version=standing.version, values=values)
    facts = [Fact(LedgerKind.USE_CASE_CHANGED, {"revision": pending})]
    facts += [] if state is standing.state else [_moved(standing.state, state)]
    _record(session, use_case_id, facts, actor=actor, now=now)
    if state is not standing.state:
        _tell(session, use_case_id, "resumed", now=now)


def _tell(session: Session, use_case_id: UUID, what: str, *, now: datetime) -> None:
    """Tell owner and sponsor that the use case stops, or goes on."""
    use_case = reading.use_case_of(session, use_case_id)
    if use_case is None:
        raise LookupError(f"no use case {use_case_id}")
    told = people.named(session, {use_case.owner.id, use_case.sponsor.id}).values()
    news = [Promise(OutboxKind.SUSPENDED, each.slack_id, use_case_id, {"what": what}) for each in told]
    homes = [
        Promise(OutboxKind.HOME_SYNC, outbox.home_of(each.slack_id), each.id)
        for each in people.with_home_open(session, [person.id for person in told])
    ]
    outbox.promise(session, [*news, *homes], now=now)


def _moved(before: UseCaseState, after: UseCaseState) -> Fact:
    return Fact(LedgerKind.USE_CASE_STATE_CHANGED, {"from": before.value, "to": after.value})


def _record(session: Session, use_case_id: UUID, facts: list[Fact], *, actor: Actor | None, now: datetime) -> None:
    ledger.record(session, reading.stream_of(use_case_id), facts, actor=actor.id if actor else None, now=now)
