"""What the gates rest on, as it is stored."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, insert, literal, update
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from db.enums import Criterion, GateAct, LessonStatus, Phase, UseCaseState
from db.ids import new_id
from db.prepared import Prepared
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


def first_begun(session: Session) -> datetime | None:
    """Return when the programme began: with the first part of its foundation, or the first use case proposed."""
    connection = session.connection()
    moments = (func.min(col(FoundationVersion.begun_at)), func.min(col(UseCase.created_at)))
    found: list[datetime | None] = [connection.execute(select_columns(each)).scalar_one() for each in moments]
    return min((each for each in found if each is not None), default=None)


def was_anything_deployed(session: Session) -> bool:
    """Say whether any use case was ever in deployment."""
    statement = select_columns(literal(1)).where(col(UseCaseStage.state) == UseCaseState.IN_DEPLOYMENT).limit(1)
    return session.connection().execute(statement).first() is not None


def confidential_among(session: Session, *, use_cases: Collection[int], lessons: Collection[int]) -> set[str]:
    """Return the references of those of these use cases, and lessons of them, that not everybody may know of."""
    connection, found = session.connection(), set()
    if use_cases:
        statement = select_columns(col(UseCase.number)).where(
            col(UseCase.number).in_(use_cases), col(UseCase.confidential)
        )
        found |= {f"UC-{row[0]}" for row in connection.execute(statement)}
    if lessons:
        statement = (
            select_columns(col(Lesson.number))
            .join(UseCase, col(UseCase.id) == col(Lesson.use_case_id))
            .where(col(Lesson.number).in_(lessons), col(UseCase.confidential))
        )
        found |= {f"LES-{row[0]}" for row in connection.execute(statement)}
    return found


# ------------------------------------------------------------------------------------------ what is asked about a gate


def insert_request(session: Session, values: Mapping[str, Any]) -> None:
    session.connection().execute(insert(GateRequest), dict(values))


def insert_waiver(session: Session, values: Mapping[str, Any]) -> None:
    session.connection().execute(insert(GateWaiver), dict(values))


def request(session: Session, request_id: UUID) -> tuple[GateRequest, GateWaiver | None] | None:
    """Return what was asked about a gate as it is stored now, with the criterion to do without."""
    statement = (
        select(GateRequest, GateWaiver)
        .join(GateWaiver, col(GateWaiver.request_id) == col(GateRequest.id), isouter=True)
        .where(GateRequest.id == request_id)
    )
    return session.exec(statement, execution_options={"populate_existing": True}).first()


def open_request(session: Session, phase: Phase) -> GateRequest | None:
    """Return what is asked about a gate and not decided yet; there is at most one."""
    statement = select(GateRequest).where(GateRequest.phase == phase, col(GateRequest.settled_at).is_(None))
    return session.exec(statement, execution_options={"populate_existing": True}).first()


def pending_openings(session: Session) -> Sequence[GateRequest]:
    """Return the requests to open a gate that are not decided yet."""
    statement = select(GateRequest).where(GateRequest.act == GateAct.OPEN, col(GateRequest.settled_at).is_(None))
    return session.exec(statement, execution_options={"populate_existing": True}).all()


def set_stands(session: Session, request_id: UUID, stands: str) -> None:
    session.connection().execute(update(GateRequest).where(col(GateRequest.id) == request_id).values(stands=stands))


def settle(
    session: Session, request_id: UUID, *, at: datetime, took_effect: bool, look_at: datetime | None = None
) -> None:
    """Write that it is decided; the transaction fails when it was already."""
    statement = update(GateRequest).where(col(GateRequest.id) == request_id, col(GateRequest.settled_at).is_(None))
    values = {"settled_at": at, "took_effect_at": at if took_effect else None, "look_at": look_at}
    if session.connection().execute(statement.values(values)).rowcount != 1:
        raise LookupError(f"gate request {request_id} is settled already")


# ------------------------------------------------------------------------------------------ what the clock looks at

# Every beat of the clock asks this, so it is prepared.
_LOOK_DUE = Prepared(
    select_columns(literal(1).label("due")).where(col(GateRequest.look_at) <= bindparam("now")).limit(1)
)


def look_due(session: Session, *, now: datetime) -> bool:
    return _LOOK_DUE.first(session, now=now) is not None


def claim_look(session: Session, *, now: datetime, following: datetime) -> bool:
    """Put every next look off until `following`; False when none is due, or another replica has it.

    One look is at everything, so what would be due between now and then waits with it. The openings are locked.
    """
    put_off = update(GateRequest).values(look_at=following)
    if session.connection().execute(put_off.where(col(GateRequest.look_at) <= now)).rowcount == 0:
        return False
    session.connection().execute(put_off.where(col(GateRequest.look_at) < following))
    return True


def insert_lapses(
    session: Session, phase: Phase, criteria: Collection[Criterion], *, now: datetime, held_told: bool
) -> None:
    told = now if held_told else None
    rows = [
        {"id": new_id(), "phase": phase, "criterion": each, "noticed_at": now, "held_told_at": told}
        for each in sorted(criteria)
    ]
    if rows:
        session.connection().execute(insert(GateLapse), rows)


def end_lapses(session: Session, ids: Collection[UUID], *, now: datetime) -> None:
    if ids:
        session.connection().execute(update(GateLapse).where(col(GateLapse.id).in_(ids)).values(ended_at=now))


def set_held_told(session: Session, ids: Collection[UUID], at: datetime | None) -> None:
    """Write when people were told that a gate is held for want of these; None: it is held no more."""
    if ids:
        session.connection().execute(update(GateLapse).where(col(GateLapse.id).in_(ids)).values(held_told_at=at))
