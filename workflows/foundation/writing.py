"""Write on a part: its text and its items, by its owner and by programme leads, until it is sent for approval."""

from datetime import datetime

from db.enums import FoundationKind, VersionStatus
from db.queries import foundation as stored
from db.session import Session
from workflows import ledger
from workflows.foundation import holding, reading, rules
from workflows.foundation.holding import Held
from workflows.foundation.rules import MOST_ITEMS, Item, Text
from workflows.foundation.snapshots import No, PartSnapshot, Refused, Saved, VersionSnapshot
from workflows.ledger import LedgerKind
from workflows.people import Actor


def to_write(session: Session, kind: FoundationKind, *, actor: Actor) -> PartSnapshot | Refused:
    """Return a part that this person may write on now, or why not; nothing is locked."""
    part = reading.part_of(session, kind)
    if not reading.reader(session, part, actor.id).writes:
        return Refused(No.NOT_YOURS, part)
    is_decided_on = part.newest is not None and part.newest.status is VersionStatus.IN_REVIEW
    return Refused(No.IN_REVIEW, part) if is_decided_on else part


def mark_of_text(version: VersionSnapshot | None) -> str:
    """Return what tells the text a form shows from another one."""
    return reading.mark_of(reading.told_of_text(version.text)) if version else ""


def mark_of_item(item: Item) -> str:
    return reading.mark_of(reading.told_of_item(item))


def save_text(
    session: Session, kind: FoundationKind, text: Text, *, seen: str, actor: Actor, now: datetime
) -> Saved | Refused:
    """Store what a part says besides its items; `seen` is the mark of the text the form showed. The part is locked.

    Refused where somebody stored another text meanwhile, so that nothing of theirs is lost.
    """
    held = holding.hold_to_write(session, kind, actor=actor, now=now)
    if isinstance(held, Refused):
        return held
    flaws = rules.flaws_of_text(text, is_area=held.part.is_area, today=held.today)
    if flaws:
        return Refused(No.FLAWED, held.part, flaws)
    if mark_of_text(held.part.newest) != seen:
        return Refused(No.CHANGED_MEANWHILE, held.part)
    held, draft = holding.draft_of(session, held, actor=actor, now=now)
    values = {
        "summary": text.summary,
        "link": text.link,
        "review_on": text.review_on,
        "effective_on": text.effective_on if held.part.is_area else None,
    }
    stored.update_version(session, held.id, draft.number, values)
    return _edited(session, held, draft, actor=actor, now=now)


def add_item(session: Session, kind: FoundationKind, item: Item, *, actor: Actor, now: datetime) -> Saved | Refused:
    """Store one more thing a part holds. The part is locked."""
    held = holding.hold_to_write(session, kind, actor=actor, now=now)
    if isinstance(held, Refused):
        return held
    there = list(held.part.newest.items.values()) if held.part.newest else []
    flaws = rules.flaws_of_item(item, there)
    if flaws:
        return Refused(No.FLAWED, held.part, flaws)
    if len(there) >= MOST_ITEMS:
        return Refused(No.TOO_MANY, held.part)
    held, draft = holding.draft_of(session, held, actor=actor, now=now)
    position = stored.next_position(session, held.id, draft.number)
    stored.insert_items(session, [holding.row_of(held.id, draft.number, position, item)])
    return _edited(session, held, draft, actor=actor, now=now)


def change_item(
    session: Session, kind: FoundationKind, position: int, item: Item, *, seen: str, actor: Actor, now: datetime
) -> Saved | Refused:
    """Store what an item says now; `seen` is the mark of what the form showed. The part is locked."""
    found = _held_item(session, kind, position, seen, actor=actor, now=now)
    if isinstance(found, Refused):
        return found
    there = found.part.newest.items if found.part.newest else {}
    flaws = rules.flaws_of_item(item, [each for at, each in there.items() if at != position])
    if flaws:
        return Refused(No.FLAWED, found.part, flaws)
    held, draft = holding.draft_of(session, found, actor=actor, now=now)
    values = holding.row_of(held.id, draft.number, position, item)
    stored.update_item(session, held.id, draft.number, position, values)
    return _edited(session, held, draft, actor=actor, now=now)


def remove_item(
    session: Session, kind: FoundationKind, position: int, *, seen: str, actor: Actor, now: datetime
) -> Saved | Refused:
    """Take an item out, unless somebody changed it since it was `seen`. The part is locked."""
    held = _held_item(session, kind, position, seen, actor=actor, now=now)
    if isinstance(held, Refused):
        return held
    held, draft = holding.draft_of(session, held, actor=actor, now=now)
    stored.delete_item(session, held.id, draft.number, position)
    return _edited(session, held, draft, actor=actor, now=now)


def discard(session: Session, kind: FoundationKind, number: int, *, actor: Actor, now: datetime) -> Saved | Refused:
    """Drop a version that is being written; what is approved or given back stays as it is. The part is locked."""
    held = holding.hold_to_write(session, kind, actor=actor, now=now)
    if isinstance(held, Refused):
        return held
    if held.part.draft is None or held.part.draft.number != number:
        return Refused(No.NO_DRAFT, held.part)
    stored.delete_draft(session, held.id, number)
    stored.update_part(session, held.row, {})
    data: dict[str, ledger.Value] = {"part": kind.value, "version": number}
    holding.record(session, held.id, LedgerKind.FOUNDATION_DISCARDED, data, actor=actor.id, now=now)
    return _saved(session, kind, now=now)


def _held_item(
    session: Session, kind: FoundationKind, position: int, seen: str, *, actor: Actor, now: datetime
) -> Held | Refused:
    held = holding.hold_to_write(session, kind, actor=actor, now=now)
    if isinstance(held, Refused):
        return held
    item = held.part.newest.items.get(position) if held.part.newest else None
    if item is None:
        return Refused(No.GONE, held.part)
    return held if mark_of_item(item) == seen else Refused(No.CHANGED_MEANWHILE, held.part)


def _edited(session: Session, held: Held, draft: VersionSnapshot, *, actor: Actor, now: datetime) -> Saved:
    """Remember who wrote what, and return the part as it is now."""
    stored.keep_editors(session, held.id, draft.number, [actor.id])
    stored.update_part(session, held.row, {})
    after = reading.part_of(session, held.kind).numbered(draft.number)
    content = after.digest if after else ""
    data: dict[str, ledger.Value] = {"part": held.kind.value, "version": draft.number, "content": content}
    holding.record(session, held.id, LedgerKind.FOUNDATION_EDITED, data, actor=actor.id, now=now)
    return _saved(session, held.kind, now=now)


def _saved(session: Session, kind: FoundationKind, *, now: datetime) -> Saved:
    part = reading.part_of(session, kind)
    holding.tell(session, part, now=now)
    return Saved(part)
