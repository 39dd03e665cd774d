"""What the gates rest on, as it is stored."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from db.enums import GateAct, LessonStatus, Phase, UseCaseState
from db.session import Session
from db.tables import (
    FoundationPart,
    FoundationVersion,
    GateLapse,
    GateRequest,
    GateWaiver,
    Lesson,
    UseCase,
    UseCaseStage,
)


def parts(session: Session) -> Sequence[FoundationPart]:
    return session.exec(select(FoundationPart)).all()


def approved_versions(session: Session) -> Sequence[FoundationVersion]:
    """Return every version of a part that was ever approved, the first of each part first."""
    return session.exec(
        select(FoundationVersion)
        .where(col(FoundationVersion.approved_at).is_not(None))
        .order_by(col(FoundationVersion.part_id), col(FoundationVersion.number))
    ).all()


def openings(session: Session) -> dict[Phase, datetime]:
    """Return when each gate was opened first."""
    statement = (
        select_columns(col(GateRequest.phase), func.min(col(GateRequest.took_effect_at)))
        .where(col(GateRequest.act) == GateAct.OPEN, col(GateRequest.took_effect_at).is_not(None))
        .group_by(col(GateRequest.phase))
    )
    return {phase: at for phase, at in session.connection().execute(statement) if at is not None}


def waivers(session: Session) -> Sequence[tuple[GateWaiver, GateRequest]]:
    """Return what was decided about doing without a criterion, with the request that decided it."""
    return session.exec(
        select(GateWaiver, GateRequest)
        .join(GateRequest, col(GateRequest.id) == col(GateWaiver.request_id))
        .where(col(GateRequest.took_effect_at).is_not(None))
        .order_by(col(GateRequest.number), col(GateWaiver.criterion))
    ).all()


def open_lapses(session: Session) -> Sequence[GateLapse]:
    """Return what open gates were seen to lack, and still do."""
    return session.exec(select(GateLapse).where(col(GateLapse.ended_at).is_(None))).all()


def published_lessons(session: Session) -> Sequence[tuple[Lesson, UseCase]]:
    return session.exec(
        select(Lesson, UseCase)
        .join(UseCase, col(UseCase.id) == col(Lesson.use_case_id))
        .where(Lesson.status == LessonStatus.PUBLISHED)
        .order_by(col(Lesson.number))
    ).all()


@dataclass(frozen=True, slots=True)
class Deployed:
    """A use case that was deployed once, wherever it is now."""

    id: UUID
    number: int
    state: UseCaseState
    confidential: bool
    first_at: datetime


def deployed_once(session: Session, *, states: Collection[UseCaseState] | None = None) -> Sequence[Deployed]:
    """Return the use cases that were in deployment once, first come first; of those in `states` now, where given."""
    first = func.min(col(UseCaseStage.entered_at))
    statement = (
        select_columns(col(UseCase.id), col(UseCase.number), col(UseCase.state), col(UseCase.confidential), first)
        .join(UseCaseStage, col(UseCaseStage.use_case_id) == col(UseCase.id))
        .where(col(UseCaseStage.state) == UseCaseState.IN_DEPLOYMENT)
        .group_by(col(UseCase.id), col(UseCase.number), col(UseCase.state), col(UseCase.confidential))
        .order_by(first, col(UseCase.number))
    )
    if states is not None:
        statement = statement.where(col(UseCase.state).in_(states))
    return [Deployed(*row) for row in session.connection().execute(statement)]
