"""What people do with lessons: write, edit, publish, say that one still holds, and take one back."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from db.enums import LessonStatus
from db.queries import configuration
from db.queries import lessons as stored
from db.session import Session
from workflows import ledger
from workflows.ledger import Fact, LedgerKind
from workflows.lessons.reading import existing, lesson_of, written_of
from workflows.lessons.rules import Answering, NoLesson, Says, why_not_kept, why_not_published
from workflows.lessons.snapshots import Kept, LessonSnapshot, NotKept, WrittenOf
from workflows.people import Actor

COUNTER = "lesson"


def to_write(session: Session, use_case_id: UUID, *, actor: Actor) -> WrittenOf | NotKept:
    """Return the use case this person may write a lesson of now, or why they may not.

    May: its owner, its sponsor, who proposed it, and programme leads, once it is or was in deployment.
    """
    of = written_of(session, use_case_id)
    if of is None:
        return NotKept(NoLesson.UNKNOWN)
    if not of.answering.may_write(actor.id):
        return NotKept(NoLesson.NOT_YOURS, of=of)
    return of if of.deployed else NotKept(NoLesson.NOT_DEPLOYED, of=of)


def write(session: Session, use_case_id: UUID, says: Says, *, actor: Actor, now: datetime) -> Kept | NotKept:
    """Keep the draft of a new lesson."""
    of, says = to_write(session, use_case_id, actor=actor), says.stripped()
    if isinstance(of, NotKept):
        return of
    why = why_not_kept(says)
    if why is not None:
        return NotKept(why, of=of)
    number = configuration.next_number(session, COUNTER)
    values: dict[str, Any] = {"number": number, "use_case_id": use_case_id, "status": LessonStatus.DRAFT}
    lesson_id = stored.insert_lesson(session, values | _text(says, actor, now))
    data: dict[str, ledger.Value] = {"number": number, "use_case": str(use_case_id)}
    _record(session, lesson_id, LedgerKind.LESSON_WRITTEN, data, actor=actor, now=now)
    return Kept(existing(session, lesson_id))


def to_edit(session: Session, lesson_id: UUID, *, actor: Actor) -> LessonSnapshot | NotKept:
    """Return a draft this person may edit, or why they may not. What is published is taken back first."""
    found = _may(session, lesson_id, lambda answering: answering.may_write(actor.id), NoLesson.NOT_YOURS)
    if isinstance(found, LessonSnapshot) and found.is_published:
        return NotKept(NoLesson.PUBLISHED, found, found.of)
    return found


def edit(session: Session, lesson_id: UUID, says: Says, *, seen: str, actor: Actor, now: datetime) -> Kept | NotKept:
    """Change a draft; `seen` is the digest of the text the form began with. The lesson is locked."""
    stored.lock_lesson(session, lesson_id)
    found, says = to_edit(session, lesson_id, actor=actor), says.stripped()
    if isinstance(found, NotKept):
        return found
    why = why_not_kept(says)
    if why is not None:
        return NotKept(why, found, found.of)
    if found.says == says:
        return Kept(found)
    if found.says.digest != seen:
        return NotKept(NoLesson.CHANGED_MEANWHILE, found, found.of)
    stored.update_lesson(session, lesson_id, _text(says, actor, now))
    _record(session, lesson_id, LedgerKind.LESSON_CHANGED, {}, actor=actor, now=now)
    return Kept(existing(session, lesson_id))


def publish(session: Session, lesson_id: UUID, *, seen: str, actor: Actor, now: datetime) -> Kept | NotKept:
    """Let everybody read a draft, as its owner does, or a lead once the owner left. The lesson is locked.

    `seen` is the digest of the text that was shown: nothing is published that was not read.
    """
    stored.lock_lesson(session, lesson_id)
    found = _may(session, lesson_id, lambda answering: answering.may_publish(actor.id), NoLesson.NOT_PUBLISHER)
    if isinstance(found, NotKept):
        return found
    if found.is_published:
        return NotKept(NoLesson.PUBLISHED, found, found.of)
    why = why_not_published(found.says) or (None if found.says.digest == seen else NoLesson.CHANGED_MEANWHILE)
    if why is not None:
        return NotKept(why, found, found.of)
    _, digest = ledger.write_text(session, "\n\n".join(found.says.parts), by=actor.id, now=now)
    published = {"published_by": actor.id, "published_at": now, "confirmed_at": None}
    gone = {"withdrawn_at": None, "withdrawn_why": None}
    stored.update_lesson(session, lesson_id, {"status": LessonStatus.PUBLISHED, **published, **gone})
    _record(session, lesson_id, LedgerKind.LESSON_PUBLISHED, {"text": digest}, actor=actor, now=now)
    return Kept(existing(session, lesson_id))


def confirm(session: Session, lesson_id: UUID, *, actor: Actor, now: datetime) -> Kept | NotKept:
    """Say that a published lesson still holds. The lesson is locked."""
    stored.lock_lesson(session, lesson_id)
    found = _may(session, lesson_id, lambda answering: answering.may_write(actor.id), NoLesson.NOT_YOURS)
    if isinstance(found, NotKept):
        return found
    if not found.is_published:
        return NotKept(NoLesson.NOT_PUBLISHED, found, found.of)
    stored.update_lesson(session, lesson_id, {"confirmed_at": now})
    _record(session, lesson_id, LedgerKind.LESSON_CONFIRMED, {}, actor=actor, now=now)
    return Kept(existing(session, lesson_id))


def to_withdraw(session: Session, lesson_id: UUID, *, actor: Actor) -> LessonSnapshot | NotKept:
    """Return a published lesson this person may take back, or why they may not. May: the owner, and leads."""
    found = _may(session, lesson_id, lambda answering: answering.may_take_back(actor.id), NoLesson.NOT_PUBLISHER)
    if isinstance(found, LessonSnapshot) and not found.is_published:
        return NotKept(NoLesson.NOT_PUBLISHED, found, found.of)
    return found


def withdraw(session: Session, lesson_id: UUID, reason: str, *, actor: Actor, now: datetime) -> Kept | NotKept:
    """Take a published lesson back, with a reason: it is a draft again and proves nothing. The lesson is locked."""
    stored.lock_lesson(session, lesson_id)
    found = to_withdraw(session, lesson_id, actor=actor)
    if isinstance(found, NotKept):
        return found
    if not reason.strip():
        return NotKept(NoLesson.REASON_MISSING, found, found.of)
    reason_id, digest = ledger.write_text(session, reason.strip(), by=actor.id, now=now)
    taken = {"published_by": None, "published_at": None, "confirmed_at": None}
    why = {"withdrawn_at": now, "withdrawn_why": reason_id}
    stored.update_lesson(session, lesson_id, {"status": LessonStatus.DRAFT, **taken, **why})
    _record(session, lesson_id, LedgerKind.LESSON_WITHDRAWN, {"reason": digest}, actor=actor, now=now)
    return Kept(existing(session, lesson_id))


def _may(
    session: Session, lesson_id: UUID, may: Callable[[Answering], bool], otherwise: NoLesson
) -> LessonSnapshot | NotKept:
    found = lesson_of(session, lesson_id)
    if found is None:
        return NotKept(NoLesson.UNKNOWN)
    return found if may(found.of.answering) else NotKept(otherwise, found, found.of)


def _text(says: Says, actor: Actor, now: datetime) -> dict[str, Any]:
    parts = {"worked": says.worked, "did_not": says.did_not, "advice": says.advice}
    return {**parts, "written_by": actor.id, "written_at": now}


def _record(
    session: Session,
    lesson_id: UUID,
    kind: LedgerKind,
    data: dict[str, ledger.Value],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    ledger.record(session, f"lesson:{lesson_id}", [Fact(kind, data)], actor=actor.id, now=now)
