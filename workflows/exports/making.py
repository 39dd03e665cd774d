"""Who may have which file, the promise of it, and what is written down of each that leaves."""

from datetime import datetime
from typing import Final
from uuid import UUID

from db.enums import OutboxKind
from db.ids import new_id
from db.session import Session
from workflows import intake, ledger, outbox, people, policy, reactions
from workflows.exports import register
from workflows.exports.snapshots import Format, Made, NoExport, Ordered, Promised, Shape, What
from workflows.ledger import Fact, LedgerKind
from workflows.outbox import Promise
from workflows.people import Actor

MAY_EXPORT: Final = policy.READING_ALL
"""Whose holders read every use case, confidential ones too, and so may have all of them in one file."""


def may_export(session: Session, person_id: UUID) -> bool:
    """Say whether somebody may have the register: programme leads, admins and auditors."""
    return bool(people.roles_of(session, person_id) & MAY_EXPORT)


def may_have_evidence(session: Session, use_case_id: UUID, person_id: UUID) -> bool:
    """Say whether somebody may have all there is about a use case: its owner, its sponsor, leads, admins, auditors."""
    return person_id in intake.owner_and_sponsor(session, use_case_id) or may_export(session, person_id)


def why_not_evidence(session: Session, use_case_id: UUID, person_id: UUID) -> NoExport | None:
    """Return why somebody may not have the evidence; of what they may not know of, that there is no such use case."""
    if intake.state_of(session, use_case_id) is None:
        return NoExport.UNKNOWN
    if may_have_evidence(session, use_case_id, person_id):
        return None
    return NoExport.NOT_YOURS if reactions.may_be_told(session, use_case_id, person_id) else NoExport.UNKNOWN


def order_register(session: Session, shape: Shape, kind: Format, *, actor: Actor, now: datetime) -> Promised | NoExport:
    """Promise the register to whoever asks, in their direct messages. It is read when it is drawn, not now."""
    if not may_export(session, actor.id):
        return NoExport.NOT_YOURS
    _promise(session, Ordered(What.REGISTER, kind, shape), actor, now=now)
    return Promised(entries=register.count(session))


def order_evidence(session: Session, use_case_id: UUID, *, actor: Actor, now: datetime) -> Promised | NoExport:
    """Promise everything there is about a use case to whoever asks, in their direct messages."""
    refused = why_not_evidence(session, use_case_id, actor.id)
    use_case = intake.use_case_of(session, use_case_id)
    if refused is not None or use_case is None:
        return refused or NoExport.UNKNOWN
    _promise(session, Ordered(What.EVIDENCE, Format.HTML, use_case_id=use_case_id), actor, now=now)
    return Promised(reference=use_case.reference)


def ordered(payload: outbox.Pending) -> Ordered:
    """Return what was asked for, as its promise says."""
    said = payload.payload
    return Ordered(
        What(said["what"] or ""),
        Format(said["format"] or ""),
        Shape(said["shape"] or "") if said.get("shape") else None,
        UUID(said["use_case"]) if said.get("use_case") else None,
    )


def may_still_have(session: Session, order: Ordered, person_id: UUID) -> bool:
    """Say whether somebody may have what they asked for when it is drawn: roles end, and so do sponsors."""
    if order.use_case_id is not None:
        return may_have_evidence(session, order.use_case_id, person_id)
    return may_export(session, person_id)


def record(session: Session, made: Made, *, actor: UUID | None, now: datetime) -> None:
    """Write down a file before it leaves: what it is, how much it holds, and the digest of its bytes.

    Each file has a stream of its own, which an attempt that is made again adds to. `actor` is None for the command
    line.
    """
    data = {
        "what": made.what.value,
        "format": made.format.value,
        "shape": made.shape.value if made.shape else None,
        "use_case": str(made.use_case_id) if made.use_case_id else None,
        "rows": made.rows,
        "file": made.digest,
    }
    ledger.record(session, f"export:{made.id}", [Fact(LedgerKind.EXPORTED, data)], actor=actor, now=now)


def _promise(session: Session, order: Ordered, actor: Actor, *, now: datetime) -> None:
    payload = {
        "what": order.what.value,
        "format": order.format.value,
        "shape": order.shape.value if order.shape else None,
        "use_case": str(order.use_case_id) if order.use_case_id else None,
    }
    promise = Promise(OutboxKind.EXPORT_FILE, actor.slack_id, new_id(), payload)
    outbox.promise(session, [promise], now=now)
