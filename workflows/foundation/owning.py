"""Say who owns a part, and take back what was approved."""

from datetime import datetime

from db.enums import Exclusion, FoundationKind, Membership
from db.queries import foundation as stored
from db.session import Session
from workflows import approvals, ledger
from workflows.foundation import holding, reading, reminding
from workflows.foundation.holding import Held
from workflows.foundation.rules import subject_kind_of
from workflows.foundation.snapshots import No, PartSnapshot, Refused, Saved
from workflows.ledger import LedgerKind
from workflows.people import Actor


def to_give(session: Session, kind: FoundationKind, *, actor: Actor) -> PartSnapshot | Refused:
    """Return a part whose owner this person may set, or why not; nothing is locked."""
    part = reading.part_of(session, kind)
    return part if reading.reader(session, part, actor.id).gives else Refused(No.NOT_YOURS_TO_GIVE, part)


def set_owner(session: Session, kind: FoundationKind, owner: Actor, *, actor: Actor, now: datetime) -> Saved | Refused:
    """Give a part to a full member, who is told. Leads and admins may.

    Whoever is asked to decide about it cannot own it meanwhile. The request is locked, and then the part.
    """
    part = reading.part_of(session, kind)
    request_id = approvals.hold_about(session, subject_kind_of(kind), part.id) if part.id else None
    held = holding.hold(session, kind, actor=actor, now=now)
    refusal = _why_not(session, held.part, owner, actor)
    if refusal is not None:
        return refusal
    before, pending = held.part.owner, held.part.pending
    if pending is not None and request_id != pending.id:  # sent in this moment, and not ours to change
        return Refused(No.CHANGED_MEANWHILE, held.part)
    if pending is not None and owner.id not in pending.excluded:
        approvals.bar(session, pending.id, [owner.id], Exclusion.OWNER)
    row = stored.update_part(session, held.row, {"owner_id": owner.id})
    data: dict[str, ledger.Value] = {"part": kind.value, "owner": str(owner.id)}
    holding.record(session, held.id, LedgerKind.FOUNDATION_OWNER_SET, data, actor=actor.id, now=now)
    after = Held(row, reading.part_of(session, kind), held.today)
    reminding.follow_owner(session, after, now=now)
    news = [] if owner.id == actor.id else [holding.news_for(after.part, owner, "owner", row.newest)]
    holding.tell(session, after.part, *([before.id] if before else []), news=news, now=now)
    return Saved(reading.part_of(session, kind))


def _why_not(session: Session, part: PartSnapshot, owner: Actor, actor: Actor) -> Refused | None:
    if not reading.reader(session, part, actor.id).gives:
        return Refused(No.NOT_YOURS_TO_GIVE, part)
    if owner.membership is not Membership.MEMBER:
        return Refused(No.NO_MEMBER, part)
    if part.owner is not None and part.owner.id == owner.id:
        return Refused(No.UNCHANGED, part)
    if part.pending is not None and part.pending.has_seat(owner.id):
        return Refused(No.DECIDES, part)
    return None


def revoke(
    session: Session, kind: FoundationKind, number: int, reason: str, *, actor: Actor, now: datetime
) -> Saved | Refused:
    """Say that an approved version does not hold any more, with a reason; its owner and leads may. The part is locked.

    No older one takes its place: what rests on the part lacks it from this moment on. Where it had not begun to count
    the version before it goes on, and its owner is reminded of that one again.
    """
    held = holding.hold(session, kind, actor=actor, now=now)
    version = held.part.kept
    if not reading.reader(session, held.part, actor.id).writes:
        return Refused(No.NOT_YOURS, held.part)
    if version is None or version.number != number:
        return Refused(No.NOT_APPROVED, held.part)
    if not reason.strip():
        return Refused(No.REASON_MISSING, held.part)
    text_id, digest = ledger.write_text(session, reason.strip(), by=actor.id, now=now)
    values = {"revoked_by": actor.id, "revoked_at": now, "revoked_why": text_id}
    stored.update_version(session, held.id, number, values)
    row = stored.update_part(session, held.row, {"remind_at": None})
    reminding.begin(session, Held(row, reading.part_of(session, kind), held.today), now=now)
    data: dict[str, ledger.Value] = {"part": kind.value, "version": number, "reason": digest}
    holding.record(session, held.id, LedgerKind.FOUNDATION_REVOKED, data, actor=actor.id, now=now)
    owner = held.part.owner
    hears = owner is not None and owner.id != actor.id and owner.membership is Membership.MEMBER
    news = [holding.news_for(held.part, owner, "revoked", number)] if hears and owner else []
    holding.tell(session, held.part, actor.id, news=news, now=now)
    return Saved(reading.part_of(session, kind))
