"""Turn promises about the life of use cases into messages, from the database as it is when they are sent."""

from uuid import UUID

from db.session import Session
from handlers.blocks import actions, button, section
from handlers.ids import Action
from handlers.kpis import kpis_button
from handlers.lifecycle import seeing, task_words, views, words
from handlers.messages import Message, Post
from workflows import intake, ledger, lifecycle, people
from workflows.lifecycle import Move, TaskSnapshot
from workflows.outbox import Pending


def moved(session: Session, pending: Pending) -> Message | None:
    """Tell somebody who answers for a use case, or leads the programme, that somebody moved it."""
    use_case = intake.use_case_of(session, pending.subject_id) if pending.subject_id else None
    by, reason = pending.payload.get("by"), pending.payload.get("reason")
    if use_case is None or by is None:
        return None
    actor = people.named(session, [UUID(by)]).get(UUID(by))
    said = ledger.text_of(session, UUID(reason)) if reason else None
    move = Move(pending.payload["move"] or "")
    text = words.moved_text(use_case, move, actor.name if actor else "Somebody", said or "")
    ways = [] if move is Move.RETIRE else [actions("lifecycle.moved.buttons", words.life_button(use_case))]
    return Post(pending.conversation, text, [section(text), *ways])


def task_given(session: Session, pending: Pending) -> Message | None:
    """Tell somebody that a task is theirs to do; not when it is done, dropped or another's since."""
    found = _theirs(session, pending)
    if found is None:
        return None
    task, about = found
    return _to_do(pending, task_words.given_text(task, about), task)


def task_due(session: Session, pending: Pending) -> Message | None:
    """Remind who has a task to do; not when it is done, dropped or another's since."""
    found = _theirs(session, pending)
    if found is None:
        return None
    task, about = found
    is_last = pending.payload.get("word") == "overdue"
    return _to_do(pending, task_words.due_text(task, about, now=pending.created_at, is_last=is_last), task)


def first_value_due(session: Session, pending: Pending) -> Message | None:
    """Ask what is in the way of a use case's first value."""
    use_case = intake.use_case_of(session, pending.subject_id) if pending.subject_id else None
    life = lifecycle.life_of(session, use_case.id, now=pending.created_at) if use_case else None
    if use_case is None or life is None or life.clock is None or life.is_hit:
        return None
    text, what, value = words.first_value_text(use_case, life.clock.day), use_case.reference, str(use_case.id)
    ways = [
        kpis_button(use_case.id, f"{use_case.reference}, {use_case.name}"),
        button(Action.SUSPEND, "Suspend …", value, label=f"Suspend {what}, saying why"),
        button(Action.RETIRE_NOW, "Retire …", value, style="danger", label=f"Retire {what}, saying why"),
        words.life_button(use_case),
    ]
    return Post(pending.conversation, text, [section(text), actions("lifecycle.first_value.buttons", *ways)])


def _to_do(pending: Pending, text: str, task: TaskSnapshot) -> Post:
    return Post(
        pending.conversation, text, [section(text), actions("lifecycle.task.buttons", *views.task_buttons(task))]
    )


def _theirs(session: Session, pending: Pending) -> tuple[TaskSnapshot, str] | None:
    found = lifecycle.task_of(session, pending.subject_id) if pending.subject_id else None
    task = found[1] if found else None
    if task is None or not task.is_open or task.owner.slack_id != pending.conversation:
        return None
    return task, seeing.about(session, task.use_case_id, task.owner.id)
