"""Read the parts of the foundation as frozen pictures, and answer for them where people decide on one."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from db import enums
from db.enums import FoundationKind, Section, VersionStatus
from db.queries import foundation as stored
from db.session import Session
from db.tables import FoundationItem, FoundationPart, FoundationVersion
from workflows import approvals, ledger, people
from workflows.approvals import OWNER, RequestSnapshot, Subject, Titled
from workflows.foundation.rules import (
    AREAS,
    DELIVERABLES,
    NAMES,
    PENDING,
    REFERENCES,
    Item,
    Text,
    subject_kind_of,
)
from workflows.foundation.snapshots import PartSnapshot, Reader, VersionSnapshot
from workflows.people import ADMIN, AUDITOR, LEAD, STAKEHOLDER, Actor
from workflows.policy import Facts

PARTS = (*DELIVERABLES, *AREAS)


def parts_of(session: Session) -> tuple[PartSnapshot, ...]:
    """Return the eight parts, deliverables first, without what their versions hold, who wrote it, and why it went."""
    rows = {row.kind: row for row in stored.parts(session, PARTS)}
    found = _snapshots(session, list(rows.values()), items={})
    return tuple(found.get(kind) or PartSnapshot(kind, None, None) for kind in PARTS)


def part_of(session: Session, kind: FoundationKind) -> PartSnapshot:
    """Return a part with everything that stands in its versions, also when nobody has begun it."""
    rows = stored.parts(session, [kind])
    items = {row.id: stored.items(session, row.id) for row in rows}
    return _snapshots(session, rows, items=items).get(kind) or PartSnapshot(kind, None, None)


def part_with_id(session: Session, part_id: UUID) -> PartSnapshot | None:
    kind = stored.kind_of(session, part_id)
    return part_of(session, kind) if kind else None


def owns_any(session: Session, person_id: UUID) -> bool:
    """Say whether somebody owns a part of the foundation."""
    return any(row.owner_id == person_id for row in stored.parts(session, PARTS))


def approvers(session: Session) -> Sequence[Actor]:
    """Return the full members whom the stakeholder map in force names as approvers: the role `stakeholder`."""
    return people.holders_of(session, STAKEHOLDER)


def reader(session: Session, part: PartSnapshot, person_id: UUID) -> Reader:
    """Return what somebody may do with a part.

    Owner and leads write and take back; leads and admins give it to somebody. They, auditors, who wrote on it and who
    is asked about it read what is not approved; every full member reads the rest.
    """
    roles = people.roles_of(session, person_id)
    owns = part.owner is not None and part.owner.id == person_id
    has_a_part = part.pending is not None and part.pending.involves(person_id)
    wrote = part.under_way is not None and person_id in part.under_way.editors
    return Reader(
        reads_all=owns or has_a_part or wrote or bool(roles & {LEAD, ADMIN, AUDITOR}),
        writes=owns or LEAD in roles,
        gives=bool(roles & {LEAD, ADMIN}),
    )


# ------------------------------------------------------------------------------ as people decide on it


def subject(part: PartSnapshot, version: VersionSnapshot) -> Subject:
    """Return what approvals decide about a version: all of it, in every section a lane can look at."""
    if part.id is None:
        raise LookupError(f"{part.reference} has no version yet")
    looked_at: list[Section] = [section for section in Section if section is not Section.COSMETIC]
    relations = {OWNER: part.owner.id} if part.owner else {}
    sections = dict.fromkeys(looked_at, version.digest)
    return Subject(subject_kind_of(part.kind), part.id, part.reference, version.number, sections, relations)


def subject_of(session: Session, part_id: UUID) -> tuple[Subject, Facts] | None:
    """Return the version of a part that was sent for approval last."""
    part = part_with_id(session, part_id)
    sent = [each for each in part.versions if each.status is not VersionStatus.DRAFT] if part else []
    return (subject(part, sent[-1]), {}) if part and sent else None


def titled(session: Session, part_id: UUID) -> Titled | None:
    """Return what a part is called."""
    kind = stored.kind_of(session, part_id)
    return Titled(REFERENCES[kind], NAMES[kind]) if kind else None


def owner_of(session: Session, part_id: UUID) -> UUID | None:
    part = part_with_id(session, part_id)
    return part.owner.id if part and part.owner else None


def insiders(session: Session, part_id: UUID) -> frozenset[UUID]:
    """Return who owns a part, and who wrote on what is under way. Leads, admins and auditors may read it by role."""
    part = part_with_id(session, part_id)
    if part is None:
        return frozenset()
    wrote = part.under_way.editors if part.under_way else frozenset[UUID]()
    return wrote | ({part.owner.id} if part.owner else frozenset())


# ------------------------------------------------------------------------------------------- from rows


def _snapshots(
    session: Session, rows: Sequence[FoundationPart], *, items: Mapping[UUID, Sequence[FoundationItem]]
) -> dict[FoundationKind, PartSnapshot]:
    versions: defaultdict[UUID, list[FoundationVersion]] = defaultdict(list)
    for each in stored.versions(session, [row.id for row in rows]):
        versions[each.part_id].append(each)
    known = people.named(session, _people(rows, versions.values(), items.values()))
    pending = _pending(session, rows, versions)
    return {
        row.kind: PartSnapshot(
            kind=row.kind,
            id=row.id,
            owner=known.get(row.owner_id) if row.owner_id else None,
            versions=tuple(_version(session, each, items.get(row.id), known) for each in versions[row.id]),
            pending=pending.get(row.id),
        )
        for row in rows
    }


def _people(
    rows: Collection[FoundationPart],
    versions: Collection[Sequence[FoundationVersion]],
    items: Collection[Sequence[FoundationItem]],
) -> set[UUID]:
    found = {row.owner_id for row in rows}
    for each in (version for some in versions for version in some):
        found |= {each.submitted_by, each.revoked_by}
    found |= {item.person_id for some in items for item in some}
    return {each for each in found if each is not None}


def _pending(
    session: Session, rows: Sequence[FoundationPart], versions: Mapping[UUID, Sequence[FoundationVersion]]
) -> dict[UUID, RequestSnapshot]:
    """Return the requests that are not decided yet, by the ids of their parts."""
    asked: defaultdict[str, list[UUID]] = defaultdict(list)
    for row in rows:
        sent = [each.status for each in versions[row.id] if each.status is not VersionStatus.DRAFT]
        if sent and sent[-1] in PENDING:
            asked[subject_kind_of(row.kind)].append(row.id)
    found: dict[UUID, RequestSnapshot] = {}
    for kind, ids in asked.items():
        found |= approvals.latest_about(session, kind, ids)
    return {part_id: request for part_id, request in found.items() if request.status in enums.PENDING}


def _version(
    session: Session,
    row: FoundationVersion,
    items: Sequence[FoundationItem] | None,
    known: Mapping[UUID, Actor],
) -> VersionSnapshot:
    ours = {each.position: _item(each, known) for each in items or () if each.number == row.number}
    text = Text(row.summary, row.link, row.review_on, row.effective_on)
    is_whole = items is not None
    why = ledger.text_of(session, row.revoked_why) if row.revoked_why and is_whole else None
    wrote = stored.editors(session, row.part_id, row.number) if _is_open(row) and is_whole else ()
    return VersionSnapshot(
        number=row.number,
        status=row.status,
        text=text,
        items=ours,
        editors=frozenset(wrote),
        digest=digest_of(row.salt, text, list(ours.values())) if is_whole else "",
        submitted_by=known.get(row.submitted_by) if row.submitted_by else None,
        approved_at=row.approved_at,
        revoked_at=row.revoked_at,
        revoked_by=known.get(row.revoked_by) if row.revoked_by else None,
        revoked_why=why or "",
    )


def _is_open(row: FoundationVersion) -> bool:
    return row.status in (VersionStatus.DRAFT, *PENDING)


def _item(row: FoundationItem, known: Mapping[UUID, Actor]) -> Item:
    return Item(
        kind=row.kind,
        name=row.name,
        says=row.says,
        link=row.link,
        person=known.get(row.person_id) if row.person_id else None,
        quality=row.quality,
        accessibility=row.accessibility,
        compliance=row.compliance,
    )


def digest_of(salt: str, text: Text, items: Sequence[Item]) -> str:
    """Return the digest of everything a version says: what a vote on it is bound to."""
    told: dict[str, object] = {**told_of_text(text), "items": [told_of_item(each) for each in items]}
    return ledger.salted_digest(salt, ledger.canonical(told))


def told_of_text(text: Text) -> dict[str, object]:
    return {
        "summary": text.summary,
        "link": text.link,
        "review_on": text.review_on.isoformat() if text.review_on else None,
        "effective_on": text.effective_on.isoformat() if text.effective_on else None,
    }


def told_of_item(item: Item) -> dict[str, object]:
    rated = {"quality": item.quality, "accessibility": item.accessibility, "compliance": item.compliance}
    return {
        "kind": item.kind.value,
        "name": item.name,
        "says": item.says,
        "link": item.link,
        "person": str(item.person.id) if item.person else None,
        **{name: rating.value if rating else None for name, rating in rated.items()},
    }


def mark_of(told: Mapping[str, object]) -> str:
    """Return a short mark of what a form showed: by it whoever sends it is told when somebody else was faster."""
    return ledger.salted_digest("", ledger.canonical(told))[:16]
