"""Lessons and onboarding checklists of use cases."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, exists, insert, or_, update
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from db.enums import LessonStatus, UseCaseState
from db.ids import new_id
from db.session import Session
from db.tables import Lesson, OnboardingChecklist, UseCase, UseCaseRevision, UseCaseStage


class Standing(NamedTuple):
    """What a use case says about who may write of it. `deployed`: it is or was in deployment."""

    id: UUID
    number: int
    name: str
    confidential: bool
    proposer_id: UUID
    owner_id: UUID
    sponsor_id: UUID
    deployed: bool


def standings_of(session: Session, use_case_ids: Collection[UUID]) -> Mapping[UUID, Standing]:
    """Return how these use cases stand; one there is not is missing."""
    if not use_case_ids:
        return {}
    in_force = and_(
        col(UseCaseRevision.use_case_id) == col(UseCase.id), col(UseCaseRevision.revision) == col(UseCase.revision)
    )
    deployed = exists().where(
        col(UseCaseStage.use_case_id) == col(UseCase.id), col(UseCaseStage.state) == UseCaseState.IN_DEPLOYMENT
    )
    statement = (
        select_columns(
            col(UseCase.id),
            col(UseCase.number),
            col(UseCaseRevision.name),
            col(UseCase.confidential),
            col(UseCase.proposer_id),
            col(UseCaseRevision.owner_id),
            col(UseCaseRevision.sponsor_id),
            deployed,
        )
        .join(UseCaseRevision, in_force)
        .where(col(UseCase.id).in_(use_case_ids))
    )
    found = [Standing(*row) for row in session.connection().execute(statement)]
    return {each.id: each for each in found}


def lesson(session: Session, lesson_id: UUID) -> Lesson | None:
    return session.exec(select(Lesson).where(Lesson.id == lesson_id)).first()


def lock_lesson(session: Session, lesson_id: UUID) -> Lesson | None:
    """Return a lesson that nobody else can change before the commit."""
    return session.exec(select(Lesson).where(Lesson.id == lesson_id).with_for_update()).first()


def lessons_of(session: Session, use_case_id: UUID) -> Sequence[Lesson]:
    """Return every lesson of a use case, the newest first."""
    statement = select(Lesson).where(Lesson.use_case_id == use_case_id)
    return session.exec(statement.order_by(col(Lesson.number).desc())).all()


def listed(session: Session, person_id: UUID) -> Sequence[Lesson]:
    """Return what is published, and the drafts this person wrote last, the newest first."""
    is_listed = or_(col(Lesson.status) == LessonStatus.PUBLISHED, col(Lesson.written_by) == person_id)
    return session.exec(select(Lesson).where(is_listed).order_by(col(Lesson.number).desc())).all()


def insert_lesson(session: Session, values: Mapping[str, Any]) -> UUID:
    lesson_id = new_id()
    session.connection().execute(insert(Lesson), {"id": lesson_id, **values})
    return lesson_id


def update_lesson(session: Session, lesson_id: UUID, values: Mapping[str, Any]) -> None:
    """Write `values` to a lesson the caller holds."""
    session.connection().execute(update(Lesson).where(col(Lesson.id) == lesson_id).values(values))


def checklist(session: Session, use_case_id: UUID) -> OnboardingChecklist | None:
    return session.exec(select(OnboardingChecklist).where(OnboardingChecklist.use_case_id == use_case_id)).first()


def put_checklist(session: Session, use_case_id: UUID, values: Mapping[str, Any]) -> None:
    """Store the checklist of a use case, or its next version. The caller holds the use case."""
    statement = update(OnboardingChecklist).where(col(OnboardingChecklist.use_case_id) == use_case_id)
    if session.connection().execute(statement.values(values)).rowcount == 0:
        session.connection().execute(insert(OnboardingChecklist), {"use_case_id": use_case_id, **values})
