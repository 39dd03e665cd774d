"""Say how workstreams and their tasks stand, and why something could not be done with one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from db.enums import WorkstreamKind
from handlers.lifecycle.words import NAME_SHOWN, NOTHING, STREAMS, TEXT_SHOWN
from handlers.text import counted, day_in_words, inline, moment, named
from workflows import people
from workflows.lifecycle import MOST_OPEN, NoTask, NotSet, TaskSnapshot, WorkstreamSnapshot

NO_STREAM: Final = f"There is no such workstream, or you have no part in it. {NOTHING}"
_WHY_NOT: Final[Mapping[NoTask, str]] = {
    NoTask.UNKNOWN: NO_STREAM,
    NoTask.NOT_YOURS: (
        f"Only its owner, who has the task to do, the use case's owner, and programme leads can do that. {NOTHING}"
    ),
    NoTask.NOT_IN_DEPLOYMENT: f"The use case is not in deployment any more; its workstreams stay as is. {NOTHING}",
    NoTask.COMPLETE: f"This workstream is complete. Press Reopen first, until the use case is deployed. {NOTHING}",
    NoTask.NOT_COMPLETE: f"This workstream is open already. {NOTHING}",
    NoTask.CHANGED_MEANWHILE: "It was changed while your form was open. Nothing of yours was stored; open it again.",
    NoTask.DONE: "{by} said {at} that this is done. Nothing was changed.",
    NoTask.DROPPED: f"This task was dropped. {NOTHING}",
    NoTask.NAME_MISSING: "Say in a few words what is to be done.",
    NoTask.NAME_TOO_LONG: "At most 150 characters. Put the details where people work with them.",
    NoTask.DUE_MISSING: "Choose a day.",
    NoTask.DUE_PAST: "That day has passed. Choose today or a later one.",
    NoTask.DUE_TOO_FAR: "Choose a day within two years: what takes longer is better cut into steps.",
    NoTask.NOT_A_READER: (
        "Choose a full member of your organisation; of a confidential use case its owner, its sponsor, or somebody in "
        "its chain."
    ),
    NoTask.REASON_MISSING: "Say in a few words why, for example “The archive is gone”.",
    NoTask.TOO_MANY: f"{MOST_OPEN} tasks of this workstream are open. Do or drop some of them first.",
    NoTask.TRAINED_TOO_MANY: "More than are to be trained. Correct this number, or the one above.",
    NoTask.TASKS_OPEN: f"Some of its tasks are open. Say of each that it is done, or drop it with a reason. {NOTHING}",
    NoTask.NOTHING_DONE: f"Nothing was done in it yet: it needs one task at least that is done. {NOTHING}",
    NoTask.TRAINING_UNKNOWN: f"It is not known how many people are to be trained. Press Edit and say so. {NOTHING}",
    NoTask.TRAINING_LEFT: f"Not everybody who is to be trained is. Press Edit once they are. {NOTHING}",
}


def why_text(refused: NotSet) -> str:
    """Return why nothing came of it."""
    task = refused.task
    by = named(task.done_by.name) if task and task.done_by else "Somebody"
    at = moment(task.done_at) if task and task.done_at else "already"
    return _WHY_NOT[refused.why].format(by=by, at=at)


def stream_line(stream: WorkstreamSnapshot) -> str:
    """Return how a workstream stands: “*Technical integration*: 1 of 3 tasks done · Marek · by Tue 3 Mar 2026”."""
    found = stream.progress
    tasks = (
        f"{found.done} of {counted(found.open + found.done, 'task')} done" if found.open + found.done else "no tasks"
    )
    parts = [tasks, named(stream.owner.name)]
    parts += [f"by {day_in_words(stream.due_on)}"] if stream.due_on else []
    if stream.kind is WorkstreamKind.ONBOARDING:
        known = f"{stream.trained} of {stream.to_train} trained" if stream.to_train is not None else "training unknown"
        parts.append(known)
    mark = "✅ " if stream.is_complete else ""
    return f"{mark}*{STREAMS[stream.kind]}*\n{' · '.join(parts)}"


def task_text(task: TaskSnapshot, *, now: datetime) -> str:
    """Return a task, who does it and by when; or how it ended."""
    what = f"“{inline(task.name, limit=NAME_SHOWN)}”"
    if task.done_at is not None:
        return f"✅ {what}: done, says {named(task.done_by.name) if task.done_by else 'somebody'}"
    if task.dropped_at is not None:
        return f"🗑️ {what}: dropped. “{inline(task.reason, limit=TEXT_SHOWN)}”"
    late = "⚠️ overdue, it was due" if task.is_overdue(now) else "by"
    return f"{what}\n{named(task.owner.name)}, {late} {day_in_words(task.due_on)}"


def given_text(task: TaskSnapshot, about: str) -> str:
    """Tell somebody that a task is theirs to do."""
    return (
        f"🧩 {about}, {STREAMS[task.kind].lower()}: a task is yours to do by {day_in_words(task.due_on)}:\n"
        f"“{inline(task.name, limit=NAME_SHOWN)}”\nGiven by {named(task.given_by.name)}."
    )


def due_text(task: TaskSnapshot, about: str, *, now: datetime, is_last: bool) -> str:
    """Return words that stay true: the message is not redrawn when the task is done."""
    today = people.local_day(task.owner, now)
    when = "is due today" if today == task.due_on else "is due" if today < task.due_on else "was due"
    last = " This is the last reminder." if is_last else ""
    return (
        f"A reminder: a task of {about} {when}, {day_in_words(task.due_on)}:\n“{inline(task.name, limit=NAME_SHOWN)}”\n"
        f"Is it done?{last}"
    )
