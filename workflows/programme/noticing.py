"""Notice what open gates lack; tell people once when one is at risk, once when it is held, once when it is mended."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from db.enums import Criterion, OutboxKind
from db.queries import programme as stored
from db.session import Session
from db.tables import GateLapse, GateRequest
from workflows import approvals, ledger, outbox
from workflows.ledger import Fact, LedgerKind
from workflows.outbox import Promise
from workflows.people import Actor
from workflows.programme import telling
from workflows.programme.owing import owing
from workflows.programme.reading import Programme, programme_at
from workflows.programme.requests import SUBJECT_KIND, stands_on
from workflows.programme.rules import Gate, GateState
from workflows.programme.settling import LOOK_EVERY
from workflows.programme.snapshots import Debtor


class Change(StrEnum):
    """What people are told of a gate that was opened."""

    AT_RISK = "at_risk"
    HELD = "held"
    MENDED = "mended"


DIFFERS = "differs"
"""What whoever asks to open a gate is told once it rests on something else."""
_FACTS = {
    Change.AT_RISK: LedgerKind.GATE_AT_RISK,
    Change.HELD: LedgerKind.GATE_HELD,
    Change.MENDED: LedgerKind.GATE_MENDED,
}


def anything_due(session: Session, *, now: datetime) -> bool:
    """Say whether it is time to look at the gates that were opened; reads only, one statement."""
    return stored.look_due(session, now=now)


def run(session: Session, *, now: datetime) -> int:
    """Look at every gate that was opened or asked for, at most once a minute; return how many changes were told.

    Whoever puts the next look off has this one, so any number of replicas tells once.
    """
    if not stored.claim_look(session, now=now, following=now + LOOK_EVERY):
        return 0
    programme = programme_at(session, now)
    rows = stored.open_lapses(session)
    opened = [gate for gate in programme.gates.values() if gate.is_opened]
    told = [_notice(session, programme, gate, [row for row in rows if row.phase == gate.phase]) for gate in opened]
    return sum(told) + sum(_look(session, programme, row) for row in stored.pending_openings(session))


def _look(session: Session, programme: Programme, row: GateRequest) -> int:
    """Draw a request anew once the gate rests on something else than its cards say, and tell whoever asks.

    Once they have left those who steer are told, who can take it back and ask again.
    """
    gate = programme.gate(row.phase)
    stands = stands_on(gate)
    if row.stands == stands:
        return 0
    request = approvals.latest_about(session, SUBJECT_KIND, [row.id])[row.id]
    stored.set_stands(session, row.id, stands)
    approvals.redraw_for(session, request.id, now=programme.at)
    if stands != row.evidence_digest:
        asks = telling.each_once([request.requester]) or telling.each_once(telling.steering(session))
        told = [Promise(OutboxKind.GATE_CHANGED, each.slack_id, row.id, {"what": DIFFERS}) for each in asks]
        outbox.promise(session, told, now=programme.at)
    return 1


def _notice(session: Session, programme: Programme, gate: Gate, rows: Sequence[GateLapse]) -> int:
    now, lacking = programme.at, {each.criterion for each in gate.lacking}
    new = lacking - {row.criterion for row in rows}
    ended = [row for row in rows if row.criterion not in lacking]
    left = [row for row in rows if row.criterion in lacking]
    change = _change(gate, new=new, ended=ended, left=left)
    stored.end_lapses(session, [row.id for row in ended], now=now)
    is_held = gate.state is GateState.HELD
    stored.insert_lapses(session, gate.phase, new, now=now, held_told=is_held)
    untold = [row.id for row in left if (row.held_told_at is not None) is not is_held]
    stored.set_held_told(session, untold, now if is_held else None)
    if change is None:
        return 0
    concerned = lacking | {row.criterion for row in ended}
    fact = Fact(_FACTS[change], {"phase": gate.phase.value, "criteria": sorted(each.value for each in concerned)})
    ledger.record(session, f"gate:{gate.phase}", [fact], actor=None, now=now)
    _tell(session, programme, gate, change, concerned)
    return 1


def _change(
    gate: Gate, *, new: Collection[Criterion], ended: Sequence[GateLapse], left: Sequence[GateLapse]
) -> Change | None:
    """Return what people are to be told of a gate, which is nothing while it stands as they know."""
    if gate.state is GateState.HELD:
        return Change.HELD if new or any(row.held_told_at is None for row in left) else None
    if gate.state is GateState.AT_RISK:
        return Change.AT_RISK if new or any(row.held_told_at is not None for row in left) else None
    return Change.MENDED if ended else None


def _tell(session: Session, programme: Programme, gate: Gate, change: Change, criteria: Collection[Criterion]) -> None:
    """Tell at once, whatever the hour: leads, admins, and who owes what this is about."""
    owners = [each.owner for each in gate.criteria if each.criterion in criteria and each.owner is not None]
    told = telling.each_once([*telling.steering(session), *owners, *_owners(owing(session, programme), criteria)])
    payload = {"what": change.value, "phase": gate.phase.value}
    promises = [Promise(OutboxKind.GATE_CHANGED, each.slack_id, None, payload) for each in told]
    outbox.promise(session, promises, now=programme.at)
    telling.redraw_homes(session, now=programme.at)


def _owners(debts: Mapping[Criterion, Sequence[Debtor]], criteria: Collection[Criterion]) -> Iterable[Actor]:
    return (debtor.owner for criterion in criteria for debtor in debts.get(criterion, ()))
