"""What the clock does about use cases in deployment: tell people of their tasks, and ask for the first value once.

Duties of people who left go to the workstream's owner, then to who owns the use case, its sponsor, or a lead.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from db.enums import Membership, OutboxKind, UseCaseState
from db.queries import intake as stored_intake
from db.queries import lifecycle as stored
from db.session import Session
from db.tables import Workstream
from workflows import intake, ledger, outbox, people
from workflows.intake import UseCaseSnapshot
from workflows.ledger import Fact, LedgerKind
from workflows.lifecycle import moving, reading, streams
from workflows.lifecycle.hearing import UNTOLD, Word, after_word, next_word_at, word_due
from workflows.lifecycle.snapshots import TaskSnapshot
from workflows.lifecycle.states import LIVE
from workflows.outbox import Promise
from workflows.people import LEAD, Actor

AT_ONCE: Final = 20
LOOK_AGAIN: Final = timedelta(days=1)
"""How often it is looked whether somebody who does not work for long works again, or what is stopped goes on."""


def anything_due(session: Session, *, now: datetime) -> bool:
    """Say whether `run` would do something; reads only."""
    if stored.tasks_due(session, now, limit=1) or stored.clocks_due(session, now, limit=1):
        return True
    cases = [each for _, each in _left(session)]
    return any(_heir(session, each) is not None for each in cases)


def run(session: Session, *, now: datetime) -> int:
    """Give on what people who left had to do, tell people of tasks, and ask for first values; return how many.

    Each is locked and looked at again, so of several replicas one does it: use cases first, their workstreams after.
    """
    done = sum(_ask(session, each, now=now) for each in stored.clocks_due(session, now, limit=AT_ONCE))
    done += sum(_pass_on(session, each, now=now) for each in stored.workstreams_of_leavers(session, limit=AT_ONCE))
    done += sum(_give_on(session, *each, now=now) for each in stored.tasks_of_leavers(session, limit=AT_ONCE))
    return done + sum(_turn(session, *each, now=now) for each in stored.tasks_due(session, now, limit=AT_ONCE))


def begin(session: Session, task: TaskSnapshot, *, is_known: bool, now: datetime) -> None:
    """Have somebody told of a task that is theirs now, in their hours, and reminded. `is_known`: they know it.

    The caller holds its workstream.
    """
    if is_known:
        _remind(session, task, Word.GIVEN, now=now)
        return
    calendar = people.calendars_of(session, [task.owner.id])[task.owner.id]
    at = people.works_at(calendar, now)
    if at == now:
        _say(session, task, Word.GIVEN, now=now)
    else:
        values = {"reminders": UNTOLD, "remind_at": at or now + LOOK_AGAIN}
        stored.update_task(session, task.id, values)


def _turn(session: Session, task_id: UUID, workstream_id: UUID, *, now: datetime) -> bool:
    """Tell whoever has a task what is due to be told, in their hours; say whether they hear of it."""
    held, row = stored.lock_workstream(session, workstream_id), stored.task(session, task_id)
    if held is None or row is None or row.remind_at is None or row.remind_at > now:
        return False  # it was done meanwhile, or another process was faster
    found = streams.task_of(session, task_id)
    was = _was(session, held.use_case_id)
    word = word_due(row.reminders, row.due_on, today=people.local_day(found[1].owner, now)) if found else None
    if found is None or was is not UseCaseState.IN_DEPLOYMENT or word is None:
        stored.update_task(session, task_id, {"remind_at": None})
        return False
    owner = found[1].owner
    calendar = people.calendars_of(session, [owner.id])[owner.id]
    at = people.works_at(calendar, now)
    if owner.membership is not Membership.MEMBER or at is None or at > now:
        stored.update_task(session, task_id, {"remind_at": min(at or now + LOOK_AGAIN, now + LOOK_AGAIN)})
        return False
    _say(session, found[1], word, now=now)
    if word is not Word.GIVEN:
        data: dict[str, ledger.Value] = {"task": str(task_id), "person": str(owner.id), "word": word.value}
        _record(session, held.id, LedgerKind.TASK_REMINDED, data, now=now)
    return True


def _say(session: Session, task: TaskSnapshot, word: Word, *, now: datetime) -> None:
    kind = OutboxKind.TASK_GIVEN if word is Word.GIVEN else OutboxKind.TASK_DUE
    payload = {"person": str(task.owner.id), "word": word.value}
    outbox.promise(session, [Promise(kind, task.owner.slack_id, task.id, payload)], now=now)
    _remind(session, task, word, now=now)


def _remind(session: Session, task: TaskSnapshot, said: Word, *, now: datetime) -> None:
    """Store what was said of a task, and when something is said of it again."""
    calendar = people.calendars_of(session, [task.owner.id])[task.owner.id]
    reminders = after_word(said)
    at = next_word_at(calendar, task.due_on, reminders=reminders, now=now)
    stored.update_task(session, task.id, {"reminders": reminders, "remind_at": at})


def _give_on(session: Session, task_id: UUID, workstream_id: UUID, *, now: datetime) -> bool:
    """Give what somebody who left had to do to its workstream's owner, else to whoever answers for the use case."""
    held, found = stored.lock_workstream(session, workstream_id), streams.task_of(session, task_id)
    use_case = intake.use_case_of(session, held.use_case_id) if held else None
    if held is None or found is None or use_case is None or not found[1].is_open:
        return False
    before, of_stream = found[1].owner, found[0].owner
    heir = of_stream if of_stream.membership is Membership.MEMBER else _heir(session, use_case)
    if before.membership is Membership.MEMBER or heir is None:
        return False  # another process was faster, they are back, or nobody is left
    stored.update_task(session, task_id, {"owner_id": heir.id})
    data: dict[str, ledger.Value] = {"task": str(task_id), "from": str(before.id), "to": str(heir.id)}
    _record(session, held.id, LedgerKind.TASK_GIVEN_ON, data, now=now)
    after = streams.task_of(session, task_id)
    if after is not None:
        begin(session, after[1], is_known=False, now=now)
        moving.homes(session, [heir.id], now=now)
    return True


def _pass_on(session: Session, workstream_id: UUID, *, now: datetime) -> bool:
    """Give the workstream of somebody who left to whoever answers for its use case."""
    held = stored.lock_workstream(session, workstream_id)
    use_case = intake.use_case_of(session, held.use_case_id) if held else None
    heir = _heir(session, use_case) if use_case else None
    if held is None or heir is None or heir.id == held.owner_id or not _has_left(session, held):
        return False
    stored.update_workstream(session, held, {"owner_id": heir.id})
    data: dict[str, ledger.Value] = {"from": str(held.owner_id), "to": str(heir.id)}
    _record(session, held.id, LedgerKind.WORKSTREAM_GIVEN_ON, data, now=now)
    moving.homes(session, [heir.id], now=now)
    return True


def _ask(session: Session, use_case_id: UUID, *, now: datetime) -> bool:
    """Ask what is in the way of a use case's first value, once; not when it has shown, or nobody uses it any more."""
    locked = stored_intake.lock(session, use_case_id)
    clock = stored.clocks_of(session, [use_case_id]).get(use_case_id)
    use_case = intake.use_case_of(session, use_case_id)
    if locked is None or use_case is None or clock is None or clock.ask_at is None or clock.ask_at > now:
        return False  # another process was faster
    was = _was(session, use_case_id)
    if was in LIVE and use_case.state is UseCaseState.SUSPENDED:
        stored.set_asked(session, use_case_id, now + LOOK_AGAIN)
        return False
    stored.set_asked(session, use_case_id, None)
    if was not in LIVE or reading.is_hit(session, use_case_id):
        return False
    whom = _asked(session, use_case)
    news = [Promise(OutboxKind.FIRST_VALUE_DUE, each.slack_id, use_case_id, {"person": str(each.id)}) for each in whom]
    outbox.promise(session, news, now=now)
    fact = Fact(LedgerKind.FIRST_VALUE_ASKED, {"people": [str(each.id) for each in whom]})
    ledger.record(session, intake.stream_of(use_case_id), [fact], actor=None, now=now)
    return True


def _asked(session: Session, use_case: UseCaseSnapshot) -> Sequence[Actor]:
    found = (use_case.owner, use_case.sponsor, *people.holders_of(session, LEAD))
    return list({each.id: each for each in found if each.membership is Membership.MEMBER}.values())


def _left(session: Session) -> list[tuple[UUID, UseCaseSnapshot]]:
    """Return the workstreams in which something is owned by somebody who left, each with its use case."""
    ids = [each for _, each in stored.tasks_of_leavers(session, limit=AT_ONCE)]
    ids += stored.workstreams_of_leavers(session, limit=AT_ONCE)
    found = ((each, stored.workstream(session, each)) for each in dict.fromkeys(ids))
    cases = ((each, intake.use_case_of(session, row.use_case_id)) for each, row in found if row is not None)
    return [(each, use_case) for each, use_case in cases if use_case is not None]


def _heir(session: Session, use_case: UseCaseSnapshot) -> Actor | None:
    """Return who has to do what nobody is left for: the use case's owner, its sponsor, or a programme lead."""
    able = [each for each in (use_case.owner, use_case.sponsor) if each.membership is Membership.MEMBER]
    return next(iter([*able, *people.holders_of(session, LEAD)]), None)


def _has_left(session: Session, held: Workstream) -> bool:
    return people.named(session, [held.owner_id])[held.owner_id].membership is not Membership.MEMBER


def _was(session: Session, use_case_id: UUID) -> UseCaseState | None:
    """Return what a use case is, or was before it was suspended."""
    before = stored.suspended_from(session, [use_case_id]).get(use_case_id)
    return before or intake.state_of(session, use_case_id)


def _record(session: Session, workstream_id: UUID, kind: LedgerKind, data: dict[str, Any], *, now: datetime) -> None:
    ledger.record(session, f"workstream:{workstream_id}", [Fact(kind, data)], actor=None, now=now)
