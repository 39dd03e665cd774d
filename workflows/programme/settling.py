"""Take over what people decided about a gate: it takes effect only on the evidence they were shown."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from db.enums import PENDING, OutboxKind, RequestStatus
from db.queries import programme as stored
from db.session import Session
from db.tables import GateRequest, GateWaiver
from workflows import approvals, ledger, outbox
from workflows.approvals import RequestSnapshot
from workflows.ledger import Fact, LedgerKind, Value
from workflows.outbox import Promise
from workflows.people import Actor
from workflows.people.worktime import resolved
from workflows.programme import telling
from workflows.programme.reading import programme_at
from workflows.programme.requests import SUBJECT_KIND, is_opening
from workflows.programme.rules import GateState

LOOK_EVERY: Final = timedelta(minutes=1)


def settle(
    session: Session,
    request_id: UUID,
    status: RequestStatus,
    *,
    actor: Actor | None,  # noqa: ARG001 - whoever voted last; the record of the votes says who
    now: datetime,
) -> None:
    """Open the gate, or let it do without the criterion, where that was approved and what it rests on is the same.

    The gate is computed anew: on other evidence, or where it is not ready any more, nothing opens, which is on record
    and told. Its request is locked by the caller.
    """
    found = stored.request(session, request_id)
    if found is None:
        raise LookupError(f"no gate request {request_id}")
    row, waiver = found
    if status in PENDING or row.settled_at is not None:
        return
    if status is not RequestStatus.APPROVED:
        stored.settle(session, request_id, at=now, took_effect=False)
        return
    if waiver is not None:
        fact, holds = _waived(session, row, waiver, now=now)
    else:
        fact, holds = _opened(session, row, now=now)
    look_at = now + LOOK_EVERY if holds and is_opening(row) else None
    stored.settle(session, request_id, at=now, took_effect=holds, look_at=look_at)
    ledger.record(session, stream_of(request_id), [fact], actor=None, now=now)
    _tell(session, approvals.latest_about(session, SUBJECT_KIND, [request_id])[request_id], now=now)


def stream_of(request_id: UUID) -> str:
    return f"gate_request:{request_id}"


def _opened(session: Session, row: GateRequest, *, now: datetime) -> tuple[Fact, bool]:
    gate = programme_at(session, now).gate(row.phase)
    data: dict[str, Value] = {"phase": row.phase.value, "evidence": row.evidence_digest}
    if gate.state is GateState.READY and gate.digest == row.evidence_digest:
        return Fact(LedgerKind.GATE_OPENED, data), True
    return Fact(LedgerKind.GATE_NOT_OPENED, {**data, "now": gate.digest, "state": gate.state.value}), False


def _waived(session: Session, row: GateRequest, waiver: GateWaiver, *, now: datetime) -> tuple[Fact, bool]:
    asker = telling.person(session, row.asked_by)
    ends = resolved(asker.zone, waiver.until + timedelta(days=1), 0)
    data: dict[str, Value] = {
        "phase": row.phase.value,
        "criterion": waiver.criterion.value,
        "until": waiver.until.isoformat(),
        "reason": ledger.digest_of(session, waiver.reason_id),
    }
    holds = now < ends
    return Fact(LedgerKind.GATE_WAIVED if holds else LedgerKind.GATE_NOT_WAIVED, data), holds


def _tell(session: Session, request: RequestSnapshot, *, now: datetime) -> None:
    """Tell those who were asked and those who steer; whoever asked is told by the request itself."""
    seats = (seat.person for stage in request.stages for lane in stage.lanes for seat in lane.seats)
    told: Sequence[Actor] = telling.each_once([*seats, *telling.steering(session)])
    promises = [
        Promise(OutboxKind.GATE_CHANGED, each.slack_id, request.subject_id, {"what": "decided"})
        for each in told
        if each.id != request.requester.id
    ]
    outbox.promise(session, promises, now=now)
    telling.redraw_homes(session, now=now)
