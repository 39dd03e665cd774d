"""The life of use cases after their approval: when they moved, their workstreams and tasks, and their first value."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, and_, bindparam, func, insert, or_, update
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from db.enums import LessonStatus, Membership, UseCaseState, WorkstreamKind
from db.ids import new_id
from db.prepared import Prepared
from db.session import Session
from db.tables import (
    FirstValueClock,
    FreeText,
    Lesson,
    OnboardingChecklist,
    Person,
    UseCase,
    UseCaseStage,
    Workstream,
    WorkstreamTask,
)

_OPEN = and_(col(WorkstreamTask.done_at).is_(None), col(WorkstreamTask.dropped_at).is_(None))
_BEING_DEPLOYED = or_(
    col(UseCase.state) == UseCaseState.IN_DEPLOYMENT, col(UseCase.suspended_from) == UseCaseState.IN_DEPLOYMENT
)
_TAKING_PLACES = (UseCaseState.IN_DEPLOYMENT, UseCaseState.DEPLOYED)
_APPROVED = (UseCaseState.APPROVED, UseCaseState.APPROVED_WITH_CONDITIONS)

# Every beat of the clock asks these, so they are prepared.
_TASKS_DUE = Prepared(
    select_columns(col(WorkstreamTask.id), col(WorkstreamTask.workstream_id))
    .where(_OPEN, col(WorkstreamTask.remind_at) <= bindparam("now"))
    .order_by(col(WorkstreamTask.remind_at), col(WorkstreamTask.id))
    .limit(bindparam("at_most", type_=Integer()))
)
_TASKS_OF_LEAVERS = Prepared(
    select_columns(col(WorkstreamTask.id), col(WorkstreamTask.workstream_id))
    .join(Person, col(Person.id) == col(WorkstreamTask.owner_id))
    .join(Workstream, col(Workstream.id) == col(WorkstreamTask.workstream_id))
    .join(UseCase, col(UseCase.id) == col(Workstream.use_case_id))
    .where(_OPEN, col(Person.membership) != Membership.MEMBER, _BEING_DEPLOYED)
    .order_by(col(WorkstreamTask.id))
    .limit(bindparam("at_most", type_=Integer()))
)
_WORKSTREAMS_OF_LEAVERS = Prepared(
    select_columns(col(Workstream.id))
    .join(Person, col(Person.id) == col(Workstream.owner_id))
    .join(UseCase, col(UseCase.id) == col(Workstream.use_case_id))
    .where(col(Person.membership) != Membership.MEMBER, _BEING_DEPLOYED)
    .order_by(col(Workstream.id))
    .limit(bindparam("at_most", type_=Integer()))
)
_CLOCKS_DUE = Prepared(
    select_columns(col(FirstValueClock.use_case_id))
    .where(col(FirstValueClock.ask_at) <= bindparam("now"))
    .order_by(col(FirstValueClock.ask_at), col(FirstValueClock.use_case_id))
    .limit(bindparam("at_most", type_=Integer()))
)


# ---------------------------------------------------------------------------------------------- stages


def insert_stage(session: Session, use_case_id: UUID, state: UseCaseState, *, by: UUID | None, at: datetime) -> None:
    row = {"id": new_id(), "use_case_id": use_case_id, "state": state, "entered_at": at, "entered_by": by}
    session.connection().execute(insert(UseCaseStage), row)


def first_entered(session: Session, ids: Collection[UUID]) -> Mapping[tuple[UUID, UseCaseState], datetime]:
    """Return when each of these use cases came into each state it was moved to, the first time."""
    if not ids:
        return {}
    statement = (
        select_columns(col(UseCaseStage.use_case_id), col(UseCaseStage.state), func.min(col(UseCaseStage.entered_at)))
        .where(col(UseCaseStage.use_case_id).in_(ids))
        .group_by(col(UseCaseStage.use_case_id), col(UseCaseStage.state))
    )
    return {(row[0], row[1]): row[2] for row in session.connection().execute(statement)}


def taking_places(session: Session) -> Sequence[UUID]:
    """Return the use cases in deployment or deployed, and those suspended while they were, the oldest first."""
    statement = select_columns(col(UseCase.id)).where(
        or_(col(UseCase.state).in_(_TAKING_PLACES), col(UseCase.suspended_from).in_(_TAKING_PLACES))
    )
    return [row[0] for row in session.connection().execute(statement.order_by(col(UseCase.number)))]


def waiting_to_be_deployed(session: Session, *, limit: int) -> Sequence[UUID]:
    """Return the use cases that are approved, by people or a line of the policy, and not in use, the oldest first."""
    statement = select_columns(col(UseCase.id)).where(
        col(UseCase.state).in_(_APPROVED), col(UseCase.provisional).is_(False)
    )
    return [row[0] for row in session.connection().execute(statement.order_by(col(UseCase.number)).limit(limit))]


def suspended_from(session: Session, ids: Collection[UUID]) -> Mapping[UUID, UseCaseState]:
    """Return what those of these use cases that are suspended were before."""
    if not ids:
        return {}
    statement = select_columns(col(UseCase.id), col(UseCase.suspended_from)).where(
        col(UseCase.id).in_(ids), col(UseCase.suspended_from).is_not(None)
    )
    found = session.connection().execute(statement)
    return {row[0]: row[1] for row in found if row[1] is not None}


def with_published_lesson(session: Session, ids: Collection[UUID]) -> frozenset[UUID]:
    """Return those of these use cases about which a lesson is published."""
    if not ids:
        return frozenset()
    statement = select_columns(col(Lesson.use_case_id)).where(
        col(Lesson.use_case_id).in_(ids), col(Lesson.status) == LessonStatus.PUBLISHED
    )
    return frozenset(row[0] for row in session.connection().execute(statement.distinct()))


def with_checklist(session: Session, ids: Collection[UUID]) -> frozenset[UUID]:
    """Return those of these use cases for which an onboarding checklist is published."""
    if not ids:
        return frozenset()
    statement = select_columns(col(OnboardingChecklist.use_case_id))
    found = session.connection().execute(statement.where(col(OnboardingChecklist.use_case_id).in_(ids)))
    return frozenset(row[0] for row in found)


# ----------------------------------------------------------------------------------------- workstreams


def insert_workstream(session: Session, use_case_id: UUID, kind: WorkstreamKind, owner_id: UUID) -> UUID:
    workstream_id = new_id()
    row = {"id": workstream_id, "use_case_id": use_case_id, "kind": kind, "owner_id": owner_id}
    session.connection().execute(insert(Workstream), row | {"trained": 0, "version": 1})
    return workstream_id


def workstreams_of(session: Session, use_case_ids: Collection[UUID]) -> Sequence[Workstream]:
    """Return the workstreams of these use cases, the technical integration of each first."""
    if not use_case_ids:
        return []
    found = session.exec(select(Workstream).where(col(Workstream.use_case_id).in_(use_case_ids))).all()
    order = list(WorkstreamKind)
    return sorted(found, key=lambda each: (each.use_case_id, order.index(each.kind)))


def workstream(session: Session, workstream_id: UUID) -> Workstream | None:
    return session.exec(select(Workstream).where(Workstream.id == workstream_id)).first()


def lock_workstream(session: Session, workstream_id: UUID) -> Workstream | None:
    """Return a workstream that nobody else can change before the commit, nor a task of it."""
    return session.exec(select(Workstream).where(Workstream.id == workstream_id).with_for_update()).first()


def lock_workstreams(session: Session, use_case_id: UUID) -> None:
    """Let nobody else change a workstream of this use case before the commit."""
    statement = select(Workstream).where(Workstream.use_case_id == use_case_id).order_by(col(Workstream.id))
    session.exec(statement.with_for_update()).all()


def update_workstream(session: Session, held: Workstream, values: Mapping[str, Any]) -> None:
    """Write `values` to a workstream the caller holds; the transaction fails unless it is still at that version."""
    statement = update(Workstream).where(col(Workstream.id) == held.id, col(Workstream.version) == held.version)
    if session.connection().execute(statement.values({**values, "version": held.version + 1})).rowcount != 1:
        raise LookupError(f"workstream {held.id} is no longer at version {held.version}")


def workstreams_of_leavers(session: Session, *, limit: int) -> Sequence[UUID]:
    """Return the workstreams of use cases in deployment whose owners are no longer full members."""
    return [row[0] for row in _WORKSTREAMS_OF_LEAVERS.all(session, at_most=limit)]


# ----------------------------------------------------------------------------------------------- tasks


def insert_task(session: Session, values: Mapping[str, Any]) -> UUID:
    task_id = new_id()
    session.connection().execute(insert(WorkstreamTask), {"id": task_id, **values})
    return task_id


def task(session: Session, task_id: UUID) -> WorkstreamTask | None:
    return session.exec(select(WorkstreamTask).where(WorkstreamTask.id == task_id)).first()


def update_task(session: Session, task_id: UUID, values: Mapping[str, Any]) -> None:
    """Write `values` to a task whose workstream the caller holds."""
    statement = update(WorkstreamTask).where(col(WorkstreamTask.id) == task_id)
    session.connection().execute(statement.values(dict(values)))


def tasks_of(session: Session, workstream_ids: Collection[UUID]) -> Sequence[tuple[WorkstreamTask, str | None]]:
    """Return every task of these workstreams with why it was dropped, each workstream's in their order."""
    if not workstream_ids:
        return []
    statement = (
        select(WorkstreamTask, FreeText.body)
        .outerjoin(FreeText, col(FreeText.id) == col(WorkstreamTask.dropped_why))
        .where(col(WorkstreamTask.workstream_id).in_(workstream_ids))
    )
    return session.exec(statement.order_by(col(WorkstreamTask.workstream_id), col(WorkstreamTask.number))).all()


def open_tasks_of(session: Session, person_id: UUID, *, limit: int) -> Sequence[WorkstreamTask]:
    """Return what this person has to do for use cases in deployment, the soonest due first."""
    statement = (
        select(WorkstreamTask)
        .join(Workstream, col(Workstream.id) == col(WorkstreamTask.workstream_id))
        .join(UseCase, col(UseCase.id) == col(Workstream.use_case_id))
        .where(_OPEN, col(WorkstreamTask.owner_id) == person_id, _BEING_DEPLOYED)
    )
    return session.exec(statement.order_by(col(WorkstreamTask.due_on), col(WorkstreamTask.id)).limit(limit)).all()


def tasks_due(session: Session, now: datetime, *, limit: int) -> Sequence[tuple[UUID, UUID]]:
    """Return (task, workstream) of those the clock has to look at, the longest due first."""
    return [(row[0], row[1]) for row in _TASKS_DUE.all(session, now=now, at_most=limit)]


def tasks_of_leavers(session: Session, *, limit: int) -> Sequence[tuple[UUID, UUID]]:
    """Return (task, workstream) of open tasks whose owners are no longer full members."""
    return [(row[0], row[1]) for row in _TASKS_OF_LEAVERS.all(session, at_most=limit)]


# ----------------------------------------------------------------------------------------- first value


def insert_clock(session: Session, values: Mapping[str, Any]) -> None:
    session.connection().execute(insert(FirstValueClock), dict(values))


def clocks_of(session: Session, use_case_ids: Collection[UUID]) -> Mapping[UUID, FirstValueClock]:
    if not use_case_ids:
        return {}
    found = session.exec(select(FirstValueClock).where(col(FirstValueClock.use_case_id).in_(use_case_ids)))
    return {row.use_case_id: row for row in found}


def clocks_due(session: Session, now: datetime, *, limit: int) -> Sequence[UUID]:
    """Return the use cases whose first value should have shown by now and whose people were not asked yet."""
    return [row[0] for row in _CLOCKS_DUE.all(session, now=now, at_most=limit)]


def set_asked(session: Session, use_case_id: UUID, ask_at: datetime | None) -> None:
    """Say when a use case's people are asked, None for never again. The caller holds the use case."""
    statement = update(FirstValueClock).where(col(FirstValueClock.use_case_id) == use_case_id)
    session.connection().execute(statement.values(ask_at=ask_at))
