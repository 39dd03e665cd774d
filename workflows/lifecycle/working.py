"""What people do in workstreams: give a task, change it, do or drop it; say that a workstream is complete.

The use case is locked, then the workstream: while somebody says that both are complete, neither changes.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from db.enums import Membership, UseCaseState, WorkstreamKind
from db.queries import intake as stored_intake
from db.queries import lifecycle as stored
from db.session import Session
from db.tables import Workstream
from workflows import intake, ledger, people
from workflows.intake import UseCaseSnapshot
from workflows.ledger import Fact, LedgerKind
from workflows.lifecycle import moving, reading, reminding, streams
from workflows.lifecycle.rules import MOST_OPEN, NoTask, why_not_complete, why_not_due, why_not_task
from workflows.lifecycle.snapshots import NotSet, Planned, Set, TaskSnapshot, Wanted, WorkstreamSnapshot
from workflows.people import LEAD, Actor

MayKnow = Callable[[UUID, UUID], bool]
"""Says whether the use case may be named to a person: a confidential one only to its readers."""


def add_task(
    session: Session, workstream_id: UUID, wanted: Wanted, *, may_know: MayKnow, actor: Actor, now: datetime
) -> Set | NotSet:
    """Give somebody a task of a workstream; they are told in their working hours."""
    held = _hold(session, workstream_id, actor=actor)
    if isinstance(held, NotSet):
        return held
    row, seen = held
    why = why_not_task(wanted.name, wanted.due, today=people.local_day(wanted.owner, now))
    why = why or _why_not_given(seen, wanted.owner, may_know)
    if why is None and len(seen.open_tasks) >= MOST_OPEN:
        why = NoTask.TOO_MANY
    if why is not None or wanted.due is None:
        return NotSet(why or NoTask.DUE_MISSING, seen)
    number = max((each.number for each in seen.tasks), default=0) + 1
    values: dict[str, Any] = {
        "workstream_id": workstream_id,
        "number": number,
        "name": wanted.name.strip(),
        "owner_id": wanted.owner.id,
        "due_on": wanted.due,
        "created_by": actor.id,
        "created_at": now,
        "reminders": 0,
    }
    task_id = stored.insert_task(session, values)
    data: dict[str, ledger.Value] = {"task": str(task_id), "owner": str(wanted.owner.id), "due": f"{wanted.due}"}
    _record(session, row, LedgerKind.TASK_GIVEN, data, actor=actor, now=now)
    return _given(session, row, task_id, actor=actor, now=now)


def change_task(
    session: Session, task_id: UUID, wanted: Wanted, *, seen: int, may_know: MayKnow, actor: Actor, now: datetime
) -> Set | NotSet:
    """Change what is to be done, by whom or by when; `seen` is the version of its workstream the form showed.

    Whoever has it now is told; its owner is reminded of the new day as of the first.
    """
    held = _hold_task(session, task_id, actor=actor)
    if isinstance(held, NotSet):
        return held
    row, found, task = held
    today = people.local_day(wanted.owner, now)
    why = why_not_task(wanted.name, wanted.due, today=today, before=task.due_on)
    if wanted.owner.id != task.owner.id:
        why = why or _why_not_given(found, wanted.owner, may_know)
    if row.version != seen:
        why = NoTask.CHANGED_MEANWHILE
    if why is not None or wanted.due is None:
        return NotSet(why or NoTask.DUE_MISSING, found, task)
    values = {"name": wanted.name.strip(), "owner_id": wanted.owner.id, "due_on": wanted.due}
    stored.update_task(session, task_id, values)
    data: dict[str, ledger.Value] = {"task": str(task_id), "owner": str(wanted.owner.id), "due": f"{wanted.due}"}
    _record(session, row, LedgerKind.TASK_CHANGED, data, actor=actor, now=now)
    moving.homes(session, [task.owner.id], now=now)
    return _given(session, row, task_id, actor=actor, now=now)


def finish_task(session: Session, task_id: UUID, *, actor: Actor, now: datetime) -> Set | NotSet:
    """Say that a task is done, once: what comes later is told who said so."""
    held = _hold_task(session, task_id, actor=actor)
    if isinstance(held, NotSet):
        return held
    row, _, task = held
    stored.update_task(session, task_id, {"done_at": now, "done_by": actor.id, "remind_at": None})
    _record(session, row, LedgerKind.TASK_DONE, {"task": str(task_id)}, actor=actor, now=now)
    return _set(session, row, task.id, {task.owner.id}, now=now)


def drop_task(session: Session, task_id: UUID, reason: str, *, actor: Actor, now: datetime) -> Set | NotSet:
    """Give a task up, once, with a reason."""
    held = _hold_task(session, task_id, actor=actor)
    if isinstance(held, NotSet):
        return held
    row, found, task = held
    if not reason.strip():
        return NotSet(NoTask.REASON_MISSING, found, task)
    text_id, digest = ledger.write_text(session, reason.strip(), by=actor.id, now=now)
    stored.update_task(session, task_id, {"dropped_at": now, "dropped_why": text_id, "remind_at": None})
    data: dict[str, ledger.Value] = {"task": str(task_id), "reason": digest}
    _record(session, row, LedgerKind.TASK_DROPPED, data, actor=actor, now=now)
    return _set(session, row, task.id, {task.owner.id}, now=now)


def change_workstream(
    session: Session,
    workstream_id: UUID,
    wanted: Planned,
    *,
    seen: int,
    may_know: MayKnow,
    actor: Actor,
    now: datetime,
) -> Set | NotSet:
    """Change who owns a workstream, by when it is due, and of the onboarding who is to be trained and is."""
    held = _hold(session, workstream_id, actor=actor)
    if isinstance(held, NotSet):
        return held
    row, found = held
    why = _why_not_set(found, wanted, seen=seen, may_know=may_know, now=now)
    if why is not None:
        return NotSet(why, found)
    values: dict[str, Any] = {"owner_id": wanted.owner.id, "due_on": wanted.due}
    data: dict[str, ledger.Value] = {"owner": str(wanted.owner.id), "due": str(wanted.due) if wanted.due else None}
    if row.kind is WorkstreamKind.ONBOARDING:
        values |= {"to_train": wanted.to_train, "trained": wanted.trained}
        data |= {"to_train": wanted.to_train, "trained": wanted.trained}
    stored.update_workstream(session, row, values)
    ledger.record(session, stream_of(row.id), [Fact(LedgerKind.WORKSTREAM_CHANGED, data)], actor=actor.id, now=now)
    return _shown(session, workstream_id, {row.owner_id, wanted.owner.id}, now=now)


def complete(session: Session, workstream_id: UUID, *, actor: Actor, now: datetime) -> Set | NotSet:
    """Say that a workstream is complete. Refused while something of it is left to do."""
    held = _hold(session, workstream_id, actor=actor)
    if isinstance(held, NotSet):
        return held
    row, found = held
    why = why_not_complete(found.progress)
    if why is not None:
        return NotSet(why, found)
    values = {"completed_at": now, "completed_by": actor.id}
    return _closed(session, row, values, LedgerKind.WORKSTREAM_COMPLETED, actor=actor, now=now)


def reopen(session: Session, workstream_id: UUID, *, actor: Actor, now: datetime) -> Set | NotSet:
    """Take back that a workstream is complete, until its use case is deployed."""
    held = _hold(session, workstream_id, is_complete=True, actor=actor)
    if isinstance(held, NotSet):
        return held
    values = dict.fromkeys(("completed_at", "completed_by"))
    return _closed(session, held[0], values, LedgerKind.WORKSTREAM_REOPENED, actor=actor, now=now)


def why_not_work(session: Session, workstream_id: UUID, *, actor: Actor, task_id: UUID | None = None) -> NotSet | None:
    """Return why this person can change nothing of a workstream, or of this task of it, or None; reads only."""
    found = streams.workstream_of(session, workstream_id)
    if found is None:
        return NotSet(NoTask.UNKNOWN)
    task = next((each for each in found.tasks if each.id == task_id), None)
    return _refusal(session, found, task, is_complete=False, actor=actor)


def stream_of(workstream_id: UUID) -> str:
    return f"workstream:{workstream_id}"


def may_work(
    session: Session, use_case: UseCaseSnapshot, found: WorkstreamSnapshot, task: TaskSnapshot | None, actor: Actor
) -> bool:
    """Say whether somebody may change a workstream: its owner, the use case's, leads; a task its own owner too."""
    able = {found.owner.id, use_case.owner.id, reading.owner_now(use_case).id, *([task.owner.id] if task else [])}
    return actor.id in able or LEAD in people.roles_of(session, actor.id)


def _refusal(
    session: Session, found: WorkstreamSnapshot, task: TaskSnapshot | None, *, is_complete: bool, actor: Actor
) -> NotSet | None:
    use_case = intake.use_case_of(session, found.use_case_id)
    if use_case is None:
        return NotSet(NoTask.UNKNOWN)
    if not may_work(session, use_case, found, task, actor):
        return NotSet(NoTask.UNKNOWN if use_case.confidential else NoTask.NOT_YOURS, found, task)
    was = stored.suspended_from(session, [use_case.id]).get(use_case.id, use_case.state)
    if was is not UseCaseState.IN_DEPLOYMENT:
        return NotSet(NoTask.NOT_IN_DEPLOYMENT, found, task)
    if task is not None and not task.is_open:
        return NotSet(NoTask.DONE if task.done_at else NoTask.DROPPED, found, task)
    if found.is_complete is not is_complete:
        return NotSet(NoTask.COMPLETE if found.is_complete else NoTask.NOT_COMPLETE, found, task)
    return None


def _hold(
    session: Session, workstream_id: UUID, *, is_complete: bool = False, actor: Actor
) -> tuple[Workstream, WorkstreamSnapshot] | NotSet:
    """Lock the use case and a workstream of it; return both forms of that, or why this person can change nothing."""
    known = stored.workstream(session, workstream_id)
    if known is None or stored_intake.lock(session, known.use_case_id) is None:
        return NotSet(NoTask.UNKNOWN)
    row = stored.lock_workstream(session, workstream_id)
    if row is None:
        return NotSet(NoTask.UNKNOWN)
    found = streams.existing(session, workstream_id)
    return _refusal(session, found, None, is_complete=is_complete, actor=actor) or (row, found)


def _hold_task(
    session: Session, task_id: UUID, *, actor: Actor
) -> tuple[Workstream, WorkstreamSnapshot, TaskSnapshot] | NotSet:
    known = streams.task_of(session, task_id)
    if known is None or stored_intake.lock(session, known[0].use_case_id) is None:
        return NotSet(NoTask.UNKNOWN)
    row = stored.lock_workstream(session, known[0].id)
    found = streams.task_of(session, task_id)
    if row is None or found is None:
        return NotSet(NoTask.UNKNOWN)
    return _refusal(session, *found, is_complete=False, actor=actor) or (row, *found)


def _why_not_given(found: WorkstreamSnapshot, to: Actor, may_know: MayKnow) -> NoTask | None:
    if to.membership is not Membership.MEMBER or not may_know(found.use_case_id, to.id):
        return NoTask.NOT_A_READER
    return None


def _why_not_set(
    found: WorkstreamSnapshot, wanted: Planned, *, seen: int, may_know: MayKnow, now: datetime
) -> NoTask | None:
    if found.version != seen:
        return NoTask.CHANGED_MEANWHILE
    if wanted.owner.id != found.owner.id and (why := _why_not_given(found, wanted.owner, may_know)):
        return why
    if wanted.to_train is not None and wanted.trained > wanted.to_train:
        return NoTask.TRAINED_TOO_MANY
    if wanted.due is None:
        return None
    return why_not_due(wanted.due, today=people.local_day(wanted.owner, now), before=found.due_on)


def _given(session: Session, row: Workstream, task_id: UUID, *, actor: Actor, now: datetime) -> Set | NotSet:
    """Have whoever has a task told, unless they gave it to themselves, and what shows it drawn anew."""
    task = next(each for each in streams.existing(session, row.id).tasks if each.id == task_id)
    reminding.begin(session, task, is_known=task.owner.id == actor.id, now=now)
    return _set(session, row, task_id, {task.owner.id}, now=now)


def _closed(
    session: Session, row: Workstream, values: dict[str, Any], kind: LedgerKind, *, actor: Actor, now: datetime
) -> Set:
    stored.update_workstream(session, row, values)
    ledger.record(session, stream_of(row.id), [Fact(kind, {})], actor=actor.id, now=now)
    return _shown(session, row.id, {row.owner_id}, now=now)


def _record(
    session: Session, row: Workstream, kind: LedgerKind, data: dict[str, ledger.Value], *, actor: Actor, now: datetime
) -> None:
    """Record something about a task, and count its workstream on, so that a form open on it is told."""
    stored.update_workstream(session, row, {})
    ledger.record(session, stream_of(row.id), [Fact(kind, data)], actor=actor.id, now=now)


def _set(session: Session, row: Workstream, task_id: UUID, concerned: set[UUID], *, now: datetime) -> Set:
    shown = _shown(session, row.id, concerned, now=now)
    return Set(shown.workstream, next(each for each in shown.workstream.tasks if each.id == task_id))


def _shown(session: Session, workstream_id: UUID, concerned: set[UUID], *, now: datetime) -> Set:
    found = streams.existing(session, workstream_id)
    use_case = intake.use_case_of(session, found.use_case_id)
    ids = {use_case.owner.id, use_case.proposer.id, use_case.sponsor.id} if use_case else set()
    moving.homes(session, concerned | ids, now=now)
    return Set(found)
