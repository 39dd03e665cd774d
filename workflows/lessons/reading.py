"""Read lessons and checklists as frozen pictures."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from db.enums import Membership
from db.queries import lessons as stored
from db.queries.lessons import Standing
from db.session import Session
from db.tables import Lesson
from workflows import ledger, people
from workflows.lessons.rules import Answering, Says
from workflows.lessons.snapshots import ChecklistSnapshot, LessonSnapshot, WrittenOf
from workflows.people import LEAD, Actor


def lesson_of(session: Session, lesson_id: UUID) -> LessonSnapshot | None:
    row = stored.lesson(session, lesson_id)
    return next(iter(_snapshots(session, [row])), None) if row else None


def existing(session: Session, lesson_id: UUID) -> LessonSnapshot:
    """Return a lesson that is there. Raises LookupError when it is not."""
    found = lesson_of(session, lesson_id)
    if found is None:
        raise LookupError(f"lesson {lesson_id} was there and is gone")
    return found


def lessons_of(session: Session, use_case_id: UUID) -> Sequence[LessonSnapshot]:
    """Return every lesson of a use case, drafts too, the newest first."""
    return _snapshots(session, stored.lessons_of(session, use_case_id))


def lessons_for(session: Session, person_id: UUID) -> Sequence[LessonSnapshot]:
    """Return what is published of every use case, and this person's drafts, the newest first.

    Whether they may know of a confidential use case is for the caller to say.
    """
    return _snapshots(session, stored.listed(session, person_id))


def checklist_of(session: Session, use_case_id: UUID) -> ChecklistSnapshot | None:
    """Return the checklist of a use case that is published now."""
    row, about = stored.checklist(session, use_case_id), written_of(session, use_case_id)
    if row is None or about is None:
        return None
    by = people.named(session, [row.published_by])[row.published_by]
    return ChecklistSnapshot(about, tuple(row.steps.splitlines()), row.version, by, row.published_at)


def written_of(session: Session, use_case_id: UUID) -> WrittenOf | None:
    """Return what a lesson or a checklist of this use case is of; None when there is no such use case."""
    return _written_of(session, [use_case_id]).get(use_case_id)


def _written_of(session: Session, use_case_ids: Collection[UUID]) -> Mapping[UUID, WrittenOf]:
    standings = stored.standings_of(session, use_case_ids)
    known = people.named(
        session, {each for of in standings.values() for each in (of.owner_id, of.sponsor_id, of.proposer_id)}
    )
    leads = frozenset(each.id for each in people.holders_of(session, LEAD))
    return {
        each.id: WrittenOf(
            id=each.id,
            reference=f"UC-{each.number}",
            name=each.name,
            confidential=each.confidential,
            deployed=bool(each.deployed),
            owner=known[each.owner_id],
            answering=_answering(each, known, leads),
        )
        for each in standings.values()
    }


def _answering(of: Standing, known: Mapping[UUID, Actor], leads: frozenset[UUID]) -> Answering:
    members = {each for each, person in known.items() if person.membership is Membership.MEMBER}
    owner = of.owner_id if of.owner_id in members else None
    return Answering(owner, frozenset({of.sponsor_id, of.proposer_id} & members), leads)


def _snapshots(session: Session, rows: Sequence[Lesson]) -> list[LessonSnapshot]:
    about = _written_of(session, {row.use_case_id for row in rows})
    known = people.named(session, {each for row in rows for each in (row.written_by, row.published_by) if each})
    return [
        LessonSnapshot(
            id=row.id,
            reference=f"LES-{row.number}",
            of=about[row.use_case_id],
            status=row.status,
            says=Says(row.worked, row.did_not, row.advice),
            written_by=known[row.written_by],
            written_at=row.written_at,
            published_by=known[row.published_by] if row.published_by else None,
            published_at=row.published_at,
            confirmed_at=row.confirmed_at,
            withdrawn_at=row.withdrawn_at,
            withdrawn_why=(ledger.text_of(session, row.withdrawn_why) or "") if row.withdrawn_why else "",
        )
        for row in rows
    ]
