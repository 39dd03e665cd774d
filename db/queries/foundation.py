"""The parts of the foundation, their versions, and what stands in them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, bindparam, delete, func, insert, text, update
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from db.enums import FoundationKind, VersionStatus
from db.ids import new_id
from db.prepared import Prepared
from db.session import Session
from db.tables import FoundationEditor, FoundationItem, FoundationPart, FoundationVersion

FRESH: Mapping[str, Any] = {"populate_existing": True}

# Both engines know this clause; SQLAlchemy has one construct for each of them.
_COLUMNS = FoundationPart.metadata.tables["foundation_parts"].c
_INSERT_PART = text(
    "INSERT INTO foundation_parts (id, kind, newest, reminders, version) VALUES (:id, :kind, 0, 0, 1) "
    "ON CONFLICT DO NOTHING"
).bindparams(bindparam("id", type_=_COLUMNS["id"].type), bindparam("kind", type_=_COLUMNS["kind"].type))
_EDITORS = FoundationEditor.metadata.tables["foundation_editors"].c
_INSERT_EDITOR = text(
    "INSERT INTO foundation_editors (part_id, number, person_id) VALUES (:part_id, :number, :person_id) "
    "ON CONFLICT DO NOTHING"
).bindparams(*(bindparam(name, type_=_EDITORS[name].type) for name in ("part_id", "number", "person_id")))

# Every beat of the clock asks this.
_DUE = Prepared(
    select_columns(col(FoundationPart.kind))
    .where(col(FoundationPart.remind_at) <= bindparam("now"))
    .order_by(col(FoundationPart.remind_at))
    .limit(bindparam("at_most", type_=Integer()))
)


def make_parts(session: Session) -> None:
    """Store the parts that are not there yet; whoever does so at the same time changes nothing."""
    there = set(session.exec(select(FoundationPart.kind)).all())
    missing = [{"id": new_id(), "kind": kind} for kind in FoundationKind if kind not in there]
    if missing:
        session.connection().execute(_INSERT_PART, missing)


def parts(session: Session, kinds: Collection[FoundationKind]) -> Sequence[FoundationPart]:
    statement = select(FoundationPart).where(col(FoundationPart.kind).in_(kinds))
    return session.exec(statement, execution_options=FRESH).all()


def kind_of(session: Session, part_id: UUID) -> FoundationKind | None:
    found = session.exec(select(FoundationPart.kind).where(FoundationPart.id == part_id)).first()
    return FoundationKind(found) if found else None


def lock_part(session: Session, kind: FoundationKind) -> FoundationPart:
    """Return a part nobody else can change before the commit. It is made where it is not there yet."""
    statement = select(FoundationPart).where(FoundationPart.kind == kind).with_for_update()
    found = session.exec(statement, execution_options=FRESH).first()
    if found is None:
        make_parts(session)
        found = session.exec(statement, execution_options=FRESH).one()
    return found


def update_part(session: Session, held: FoundationPart, values: Mapping[str, Any]) -> FoundationPart:
    """Write `values` to a part the caller holds, and return it as it is then.

    The transaction fails unless it is still at that version.
    """
    statement = update(FoundationPart).where(
        col(FoundationPart.id) == held.id, col(FoundationPart.version) == held.version
    )
    changed = session.connection().execute(statement.values({**values, "version": held.version + 1}))
    if changed.rowcount != 1:
        raise LookupError(f"part {held.kind} is no longer at version {held.version}")
    return session.exec(select(FoundationPart).where(FoundationPart.id == held.id), execution_options=FRESH).one()


def versions(session: Session, part_ids: Collection[UUID]) -> Sequence[FoundationVersion]:
    """Return every version of these parts, the first of each part first."""
    statement = select(FoundationVersion).where(col(FoundationVersion.part_id).in_(part_ids))
    ordered = statement.order_by(col(FoundationVersion.part_id), col(FoundationVersion.number))
    return session.exec(ordered, execution_options=FRESH).all()


def version(session: Session, part_id: UUID, number: int) -> FoundationVersion | None:
    statement = select(FoundationVersion).where(
        FoundationVersion.part_id == part_id, FoundationVersion.number == number
    )
    return session.exec(statement, execution_options=FRESH).first()


def insert_version(session: Session, values: Mapping[str, Any]) -> None:
    session.connection().execute(insert(FoundationVersion), dict(values))


def update_version(session: Session, part_id: UUID, number: int, values: Mapping[str, Any]) -> None:
    """Write `values` to a version; its part is held by the caller."""
    statement = update(FoundationVersion).where(
        col(FoundationVersion.part_id) == part_id, col(FoundationVersion.number) == number
    )
    if session.connection().execute(statement.values(dict(values))).rowcount != 1:
        raise LookupError(f"part {part_id} has no version {number}")


def delete_draft(session: Session, part_id: UUID, number: int) -> None:
    """Drop a version that was never submitted, with what stands in it."""
    for table in (FoundationItem, FoundationEditor):
        of_it = (col(table.part_id) == part_id, col(table.number) == number)
        session.connection().execute(delete(table).where(*of_it))
    draft = delete(FoundationVersion).where(
        col(FoundationVersion.part_id) == part_id,
        col(FoundationVersion.number) == number,
        col(FoundationVersion.status) == VersionStatus.DRAFT,
    )
    session.connection().execute(draft)


def items(session: Session, part_id: UUID) -> Sequence[FoundationItem]:
    """Return what stands in every version of a part, in its order."""
    statement = select(FoundationItem).where(FoundationItem.part_id == part_id)
    ordered = statement.order_by(col(FoundationItem.number), col(FoundationItem.position))
    return session.exec(ordered, execution_options=FRESH).all()


def insert_items(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        session.connection().execute(insert(FoundationItem), [dict(row) for row in rows])


def next_position(session: Session, part_id: UUID, number: int) -> int:
    """Return the place behind every item a version holds; its part is held by the caller."""
    statement = select_columns(func.max(col(FoundationItem.position))).where(
        col(FoundationItem.part_id) == part_id, col(FoundationItem.number) == number
    )
    return int(session.connection().execute(statement).scalar() or 0) + 1


def update_item(session: Session, part_id: UUID, number: int, position: int, values: Mapping[str, Any]) -> None:
    statement = update(FoundationItem).where(*_item(part_id, number, position))
    session.connection().execute(statement.values(dict(values)))


def delete_item(session: Session, part_id: UUID, number: int, position: int) -> None:
    session.connection().execute(delete(FoundationItem).where(*_item(part_id, number, position)))


def editors(session: Session, part_id: UUID, number: int) -> Sequence[UUID]:
    """Return who wrote on a version."""
    statement = select(FoundationEditor.person_id).where(
        FoundationEditor.part_id == part_id, FoundationEditor.number == number
    )
    return session.exec(statement).all()


def keep_editors(session: Session, part_id: UUID, number: int, person_ids: Iterable[UUID]) -> None:
    """Remember that these people wrote on a version."""
    rows = [{"part_id": part_id, "number": number, "person_id": each} for each in person_ids]
    if rows:
        session.connection().execute(_INSERT_EDITOR, rows)


def due(session: Session, now: datetime, *, limit: int) -> Sequence[FoundationKind]:
    """Return the parts whose owners are to be reminded, the longest due first."""
    return [row[0] for row in _DUE.all(session, now=now, at_most=limit)]


def _item(part_id: UUID, number: int, position: int) -> tuple[Any, ...]:
    return (
        col(FoundationItem.part_id) == part_id,
        col(FoundationItem.number) == number,
        col(FoundationItem.position) == position,
    )
