"""Hold a part while it is changed, begin its next version, and tell those who see it.

Whoever changes the request about a part holds that first, and the part after it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from db.enums import FoundationKind, OutboxKind, VersionStatus
from db.queries import foundation as stored
from db.session import Session
from db.tables import FoundationPart
from workflows import ledger, outbox, people, policy
from workflows.foundation import reading
from workflows.foundation.rules import PENDING, Item, subject_kind_of
from workflows.foundation.snapshots import No, PartSnapshot, Refused, VersionSnapshot
from workflows.ledger import Fact, LedgerKind
from workflows.outbox import Promise
from workflows.people import ADMIN, LEAD, Actor, add_months


@dataclass(frozen=True, slots=True)
class Held:
    """A part nobody else can change before the commit, as it is, and today where its owner is."""

    row: FoundationPart
    part: PartSnapshot
    today: date

    @property
    def id(self) -> UUID:
        return self.row.id

    @property
    def kind(self) -> FoundationKind:
        return self.row.kind


def hold(session: Session, kind: FoundationKind, *, actor: Actor | None, now: datetime) -> Held:
    """Lock a part; it is made where it is not there yet. Today is the actor's where it has no owner."""
    row = stored.lock_part(session, kind)
    part = reading.part_of(session, kind)
    whose = part.owner or actor
    return Held(row, part, people.local_day(whose, now) if whose else now.date())


def hold_to_write(session: Session, kind: FoundationKind, *, actor: Actor, now: datetime) -> Held | Refused:
    """Lock a part for who may write on it: its owner and programme leads, and nobody while it is decided on."""
    held = hold(session, kind, actor=actor, now=now)
    if not reading.reader(session, held.part, actor.id).writes:
        return Refused(No.NOT_YOURS, held.part)
    newest = held.part.newest
    if newest is not None and newest.status is VersionStatus.IN_REVIEW:
        return Refused(No.IN_REVIEW, held.part)
    return held


def draft_of(session: Session, held: Held, *, actor: Actor, now: datetime) -> tuple[Held, VersionSnapshot]:
    """Return the version that is being written; the next one is begun, as the newest stands, where there is none."""
    if held.part.draft is not None:
        return held, held.part.draft
    return begin(session, held, held.part.newest, actor=actor, now=now)


def begin(
    session: Session, held: Held, source: VersionSnapshot | None, *, actor: Actor, now: datetime
) -> tuple[Held, VersionSnapshot]:
    """Store the next version as `source` stands, whose salt it keeps so that what is the same has the same digest.

    Who wrote on something that was not approved wrote on what is made of it too.
    """
    number = held.row.newest + 1
    before = stored.version(session, held.id, source.number) if source else None
    is_approved = source is not None and source.approved_at is not None
    stored.insert_version(
        session,
        {
            "part_id": held.id,
            "number": number,
            "status": VersionStatus.DRAFT,
            "link": source.text.link if source else "",
            "summary": source.text.summary if source else "",
            "effective_on": _effective(held, source),
            "review_on": _review(session, held, None if is_approved else source),
            "salt": before.salt if before else ledger.new_salt(),
            "begun_by": actor.id,
            "begun_at": now,
        },
    )
    rows = [row_of(held.id, number, position, item) for position, item in source.items.items()] if source else []
    stored.insert_items(session, rows)
    if source is not None and not is_approved:
        stored.keep_editors(session, held.id, number, stored.editors(session, held.id, source.number))
    row = stored.update_part(session, held.row, {"newest": number})
    following = Held(row, reading.part_of(session, held.kind), held.today)
    draft = following.part.numbered(number)
    if draft is None:
        raise LookupError(f"version {number} of {held.kind} was stored and is gone")
    data: dict[str, ledger.Value] = {"part": held.kind.value, "version": number, "content": draft.digest}
    data |= {"from": source.number} if source else {}
    record(session, held.id, LedgerKind.FOUNDATION_BEGUN, data, actor=actor.id, now=now)
    return following, draft


def _effective(held: Held, source: VersionSnapshot | None) -> date | None:
    """Return from which day the next version of an area is in force: today, unless a later one was chosen."""
    if not held.part.is_area:
        return None
    return max(source.text.effective_on or held.today, held.today) if source else held.today


def _review(session: Session, held: Held, source: VersionSnapshot | None) -> date:
    """Return until when the next version holds: the day that was chosen where it is still to come, else the usual."""
    chosen = source.text.review_on if source else None
    return chosen if chosen is not None and chosen >= held.today else usual_review(session, held.today)


def usual_review(session: Session, today: date) -> date:
    """Return the last day a version holds where nobody chooses another."""
    return add_months(today, policy.in_force(session).policy.programme.review_months)


def row_of(part_id: UUID, number: int, position: int, item: Item) -> dict[str, Any]:
    """Return an item as it is stored."""
    return {
        "part_id": part_id,
        "number": number,
        "position": position,
        "kind": item.kind,
        "name": item.name,
        "says": item.says,
        "link": item.link,
        "person_id": item.person.id if item.person else None,
        "quality": item.quality,
        "accessibility": item.accessibility,
        "compliance": item.compliance,
    }


def record(
    session: Session,
    part_id: UUID,
    kind: LedgerKind,
    data: dict[str, ledger.Value],
    *,
    actor: UUID | None,
    now: datetime,
) -> None:
    """Append a fact to a part's stream. The caller holds the part."""
    ledger.record(session, f"foundation:{part_id}", [Fact(kind, data)], actor=actor, now=now)


def tell(session: Session, part: PartSnapshot, *also: UUID, news: Iterable[Promise] = (), now: datetime) -> None:
    """Promise the Homes anew that show a part, of its owner, `also`, leads and admins; then `news`."""
    steering = [*people.holders_of(session, LEAD), *people.holders_of(session, ADMIN)]
    shows = {*also, *(each.id for each in steering)} | ({part.owner.id} if part.owner else set())
    homes = [
        Promise(OutboxKind.HOME_SYNC, outbox.home_of(each.slack_id), each.id)
        for each in people.with_home_open(session, shows)
    ]
    outbox.promise(session, [*homes, *news], now=now)


def news_for(part: PartSnapshot, person: Actor, what: str, number: int, **more: str) -> Promise:
    """Return the promise of a message about a part: that it is somebody's now, approved, taken back, or due."""
    if part.id is None:
        raise LookupError(f"{part.reference} is not stored")
    payload = {"what": what, "version": str(number), **more}
    return Promise(OutboxKind.FOUNDATION_REVIEW, person.slack_id, part.id, payload)


def subject_kind(held: Held) -> str:
    return subject_kind_of(held.kind)


def is_pending(part: PartSnapshot) -> bool:
    """Say whether people have a version before them, or gave it back and nobody has changed it yet."""
    return part.newest is not None and part.newest.status in PENDING
