"""Frozen pictures of the life of a use case and its workstreams, and the outcomes of doing something about one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from db.enums import UseCaseState, WorkstreamKind
from workflows import people
from workflows.intake import UseCaseSnapshot
from workflows.lifecycle.candidates import Score
from workflows.lifecycle.rules import Missing, NoTask, Progress
from workflows.lifecycle.states import Move
from workflows.people import Actor


@dataclass(frozen=True, slots=True)
class TaskSnapshot:
    """Something to do in a workstream. `due_on` is a day where its owner is."""

    id: UUID
    workstream_id: UUID
    use_case_id: UUID
    kind: WorkstreamKind
    number: int
    name: str
    owner: Actor
    due_on: date
    given_by: Actor
    reminders: int
    done_at: datetime | None = None
    done_by: Actor | None = None
    dropped_at: datetime | None = None
    reason: str = ""

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.dropped_at is None

    def is_overdue(self, now: datetime) -> bool:
        """Say whether it is open and its day is over where its owner is."""
        return self.is_open and people.local_day(self.owner, now) > self.due_on


@dataclass(frozen=True, slots=True)
class WorkstreamSnapshot:
    """One half of bringing a use case into use. `due_on` is where its owner is; `to_train` is None while not known."""

    id: UUID
    use_case_id: UUID
    kind: WorkstreamKind
    owner: Actor
    version: int
    tasks: tuple[TaskSnapshot, ...] = ()
    due_on: date | None = None
    to_train: int | None = None
    trained: int = 0
    completed_at: datetime | None = None
    completed_by: Actor | None = None

    @property
    def is_complete(self) -> bool:
        return self.completed_at is not None

    @property
    def open_tasks(self) -> tuple[TaskSnapshot, ...]:
        return tuple(each for each in self.tasks if each.is_open)

    @property
    def progress(self) -> Progress:
        done = sum(each.done_at is not None for each in self.tasks)
        return Progress(self.kind, len(self.open_tasks), done, self.to_train, self.trained)


@dataclass(frozen=True, slots=True)
class ClockSnapshot:
    """How long a use case has had to show its first value: `day` of `of` days, until `due_on` where its owner is."""

    day: int
    of: int
    due_on: date


@dataclass(frozen=True, slots=True)
class Life:
    """Where a use case is in its life, and what leads on.

    `was` is what it was before it was suspended, else its state; `entered` when it came into each state it was moved
    to. `move` is what leads on, for which `missing` is lacking. `clock` counts until its metrics are hit.
    """

    use_case: UseCaseSnapshot
    was: UseCaseState
    entered: Mapping[UseCaseState, datetime] = field(default_factory=dict)
    workstreams: tuple[WorkstreamSnapshot, ...] = ()
    clock: ClockSnapshot | None = None
    is_hit: bool = False
    move: Move | None = None
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A use case that is approved and could be deployed, and how good it would be to begin with."""

    use_case: UseCaseSnapshot
    score: Score


class Why(StrEnum):
    """Why a use case was not moved."""

    UNKNOWN = "unknown"
    NOT_YOURS = "not_yours"
    LACKING = "lacking"
    REASON_MISSING = "reason_missing"


@dataclass(frozen=True, slots=True)
class Moved:
    """It is stored: the use case as it is now."""

    move: Move
    use_case: UseCaseSnapshot


@dataclass(frozen=True, slots=True)
class NotMoved:
    """Nothing was changed. `missing` is what it lacks; `who_may` are those who can do this."""

    why: Why
    move: Move
    use_case: UseCaseSnapshot | None = None
    missing: tuple[Missing, ...] = ()
    who_may: tuple[Actor, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A task as somebody wants it: what, by whom, a full member, and by when."""

    name: str
    owner: Actor
    due: date | None


@dataclass(frozen=True, slots=True)
class Planned:
    """A workstream as somebody wants it. `to_train` and `trained` count people; other workstreams have neither."""

    owner: Actor
    due: date | None
    to_train: int | None = None
    trained: int = 0


@dataclass(frozen=True, slots=True)
class Set:
    """It is stored: the workstream as it is now, and the task it is about, if it is about one."""

    workstream: WorkstreamSnapshot
    task: TaskSnapshot | None = None


@dataclass(frozen=True, slots=True)
class NotSet:
    """Nothing was changed; the workstream and task as they are, none for whoever may not know of them."""

    why: NoTask
    workstream: WorkstreamSnapshot | None = None
    task: TaskSnapshot | None = None
