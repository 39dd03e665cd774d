"""Read workstreams and tasks as frozen pictures."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from db.queries import lifecycle as stored
from db.session import Session
from db.tables import Workstream, WorkstreamTask
from workflows import people
from workflows.lifecycle.snapshots import TaskSnapshot, WorkstreamSnapshot
from workflows.people import Actor

MOST_SHOWN = 10


def workstreams_of(session: Session, ids: Collection[UUID]) -> Mapping[UUID, tuple[WorkstreamSnapshot, ...]]:
    """Return the workstreams of these use cases with their tasks; one that was never in deployment is missing."""
    found: defaultdict[UUID, list[WorkstreamSnapshot]] = defaultdict(list)
    for each in _drawn(session, stored.workstreams_of(session, ids)):
        found[each.use_case_id].append(each)
    return {use_case_id: tuple(some) for use_case_id, some in found.items()}


def workstream_of(session: Session, workstream_id: UUID) -> WorkstreamSnapshot | None:
    row = stored.workstream(session, workstream_id)
    return next(iter(_drawn(session, [row])), None) if row else None


def existing(session: Session, workstream_id: UUID) -> WorkstreamSnapshot:
    """Return a workstream that is there. Raises LookupError when it is not."""
    found = workstream_of(session, workstream_id)
    if found is None:
        raise LookupError(f"workstream {workstream_id} was there and is gone")
    return found


def task_of(session: Session, task_id: UUID) -> tuple[WorkstreamSnapshot, TaskSnapshot] | None:
    """Return a task with its workstream."""
    row = stored.task(session, task_id)
    found = workstream_of(session, row.workstream_id) if row else None
    return (found, next(each for each in found.tasks if each.id == task_id)) if found else None


def tasks_to_do(session: Session, person_id: UUID) -> list[TaskSnapshot]:
    """Return what this person has to do for use cases in deployment, the soonest due first."""
    rows = stored.open_tasks_of(session, person_id, limit=MOST_SHOWN)
    ids = {row.workstream_id for row in rows}
    workstreams = [row for row in (stored.workstream(session, each) for each in ids) if row is not None]
    tasks = {task.id: task for each in _drawn(session, workstreams) for task in each.tasks}
    return [tasks[row.id] for row in rows]


def _drawn(session: Session, rows: Sequence[Workstream]) -> list[WorkstreamSnapshot]:
    tasks = stored.tasks_of(session, [row.id for row in rows])
    ids = {each for row in rows for each in (row.owner_id, row.completed_by) if each}
    ids |= {each for row, _ in tasks for each in (row.owner_id, row.created_by, row.done_by) if each}
    known = people.named(session, ids) if ids else {}
    return [
        WorkstreamSnapshot(
            id=row.id,
            use_case_id=row.use_case_id,
            kind=row.kind,
            owner=known[row.owner_id],
            version=row.version,
            tasks=tuple(_task(row, each, why, known) for each, why in tasks if each.workstream_id == row.id),
            due_on=row.due_on,
            to_train=row.to_train,
            trained=row.trained,
            completed_at=row.completed_at,
            completed_by=known[row.completed_by] if row.completed_by else None,
        )
        for row in rows
    ]


def _task(of: Workstream, row: WorkstreamTask, why: str | None, known: Mapping[UUID, Actor]) -> TaskSnapshot:
    return TaskSnapshot(
        id=row.id,
        workstream_id=of.id,
        use_case_id=of.use_case_id,
        kind=of.kind,
        number=row.number,
        name=row.name,
        owner=known[row.owner_id],
        due_on=row.due_on,
        given_by=known[row.created_by],
        reminders=row.reminders,
        done_at=row.done_at,
        done_by=known[row.done_by] if row.done_by else None,
        dropped_at=row.dropped_at,
        reason=why or "",
    )
