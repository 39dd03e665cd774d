"""What a use case lacks for a move, what is wrong with a task, and whether a workstream is complete. Values in, out.

Days are those of the person they are about.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from db.enums import SuspensionCause, UseCaseState, WorkstreamKind
from workflows.lifecycle.states import Move, after, before
from workflows.people.snapshots import Actor
from workflows.programme.rules import CriterionState, Gate

LONGEST_TASK, LONGEST_REASON = 150, 1000
MOST_OPEN: Final = 15
"""How many tasks of a workstream may be open at once: what one window shows with its buttons."""

LATEST_DUE_AFTER: Final = timedelta(days=730)
MOST_PEOPLE: Final = 1_000_000


# ---------------------------------------------------------------------------------------- what is lacking


class Lack(StrEnum):
    """What a use case lacks for a move."""

    OTHER_STATE = "other_state"  # it is somewhere else in its life
    SUSPENDED = "suspended"
    NOT_BY_HAND = "not_by_hand"  # nobody stopped it by hand, so nobody's hand lets it go on
    PROVISIONAL = "provisional"  # break-glass let it go ahead, which passes no gate
    GATE = "gate"  # a criterion of a gate; or the gate waits to be opened
    CONDITION = "condition"
    PLACE = "place"
    WORKSTREAM = "workstream"
    KPI = "kpi"  # none is in use yet
    BASELINE = "baseline"
    LESSON = "lesson"
    CHECKLIST = "checklist"


@dataclass(frozen=True, slots=True)
class Way:
    """Where what is lacking can be mended; `value` is what that button carries."""

    to: Lack
    value: str


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing a use case lacks, who owns it (nobody: the programme leads), and the way to mend it.

    `about` names it where it has a name; `gate` is the one in the way, and `lacks` the criterion of it that is missing,
    None where it only waits to be opened.
    """

    criterion: Lack
    owner: Actor | None = None
    way: Way | None = None
    about: str = ""
    gate: Gate | None = None
    lacks: CriterionState | None = None


@dataclass(frozen=True, slots=True)
class Owned:
    """A condition or a KPI as far as it stands in the way: its id, what it is called, and who owns it."""

    id: UUID
    name: str
    owner: Actor


@dataclass(frozen=True, slots=True)
class Stream:
    """A workstream as far as it stands in the way."""

    kind: WorkstreamKind
    owner: Actor
    is_complete: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """All that decides what a use case lacks. `was` is what it was before it was suspended, else its state.

    `closed` are the gates in the way of its next state. `places` is how many may be in deployment or deployed without
    having hit their metrics, of which `taken` are; None where there is no limit. `unlocked` are KPIs in use without a
    locked baseline.
    """

    use_case_id: UUID
    state: UseCaseState
    was: UseCaseState
    owner: Actor
    provisional: bool = False
    suspended_by: tuple[SuspensionCause, ...] = ()
    closed: tuple[Gate, ...] = ()
    conditions: tuple[Owned, ...] = ()
    places: int | None = None
    taken: int = 0
    streams: tuple[Stream, ...] = ()
    has_kpis: bool = True
    unlocked: tuple[Owned, ...] = ()
    has_lesson: bool = False
    has_checklist: bool = False


def why_not(move: Move, facts: Facts) -> tuple[Missing, ...]:
    """Return everything a use case lacks for this move; nothing when it may be made."""
    if move is Move.SUSPEND:
        return () if facts.state in before(move) else (_elsewhere(facts),)
    if move is Move.RESUME:
        return tuple(_why_not_resumed(facts))
    if move is Move.RETIRE:
        lacks = Lack.PROVISIONAL if facts.provisional else Lack.OTHER_STATE
        is_possible = facts.state in before(move) and not facts.provisional
        return () if is_possible else (Missing(lacks, facts.owner),)
    if facts.was not in before(move):
        return (_elsewhere(facts),)
    return tuple(_why_not_forward(move, facts))


def _why_not_resumed(facts: Facts) -> Iterator[Missing]:
    if facts.state is not UseCaseState.SUSPENDED:
        yield Missing(Lack.OTHER_STATE, facts.owner)
    elif SuspensionCause.BY_HAND not in facts.suspended_by:
        yield Missing(Lack.NOT_BY_HAND, facts.owner)


def _elsewhere(facts: Facts) -> Missing:
    is_suspended = facts.state is UseCaseState.SUSPENDED
    return Missing(Lack.SUSPENDED if is_suspended else Lack.OTHER_STATE, facts.owner)


def _why_not_forward(move: Move, facts: Facts) -> Iterator[Missing]:
    if facts.state is UseCaseState.SUSPENDED:
        yield Missing(Lack.SUSPENDED, facts.owner, Way(Lack.SUSPENDED, str(facts.use_case_id)))
    if facts.provisional:
        yield Missing(Lack.PROVISIONAL, facts.owner)
    for gate in facts.closed:
        yield from _of_gate(gate)
    yield from _NEEDS[move](facts)


def _to_deploy(facts: Facts) -> Iterator[Missing]:
    for each in facts.conditions:
        yield Missing(Lack.CONDITION, each.owner, Way(Lack.CONDITION, str(each.id)), each.name)
    if facts.places is not None and facts.taken >= facts.places:
        yield Missing(Lack.PLACE, about=str(facts.places))


def _to_go_live(facts: Facts) -> Iterator[Missing]:
    for each in facts.streams:
        if not each.is_complete:
            yield Missing(Lack.WORKSTREAM, each.owner, Way(Lack.WORKSTREAM, str(facts.use_case_id)), each.kind.value)


def _to_optimise(facts: Facts) -> Iterator[Missing]:
    if not facts.has_kpis:
        yield Missing(Lack.KPI, facts.owner, Way(Lack.KPI, str(facts.use_case_id)))
    for each in facts.unlocked:
        yield Missing(Lack.BASELINE, each.owner, Way(Lack.BASELINE, str(each.id)), each.name)


def _to_scale(facts: Facts) -> Iterator[Missing]:
    if not facts.has_lesson:
        yield Missing(Lack.LESSON, facts.owner, Way(Lack.LESSON, str(facts.use_case_id)))
    if not facts.has_checklist:
        yield Missing(Lack.CHECKLIST, facts.owner, Way(Lack.CHECKLIST, str(facts.use_case_id)))


_NEEDS: Final[Mapping[Move, Callable[[Facts], Iterator[Missing]]]] = {
    Move.DEPLOY: _to_deploy,
    Move.GO_LIVE: _to_go_live,
    Move.OPTIMISE: _to_optimise,
    Move.SCALE: _to_scale,
}


def _of_gate(gate: Gate) -> Iterator[Missing]:
    """Yield what a gate lacks, or that it waits to be opened."""
    way = Way(Lack.GATE, gate.phase.value)
    for each in gate.lacking:
        yield Missing(Lack.GATE, each.owner, way, gate=gate, lacks=each)
    if not gate.lacking:
        yield Missing(Lack.GATE, None, way, gate=gate)


def leads_to(move: Move, was: UseCaseState) -> UseCaseState:
    """Return what a use case is after a move; `was` is what it was before it was suspended."""
    return was if move is Move.RESUME else after(move)


# -------------------------------------------------------------------------------------------- workstreams


class NoTask(StrEnum):
    """Why nothing became of what somebody wanted to do in a workstream."""

    UNKNOWN = "unknown"
    NOT_YOURS = "not_yours"
    NOT_IN_DEPLOYMENT = "not_in_deployment"
    COMPLETE = "complete"  # the workstream: it can be reopened first
    NOT_COMPLETE = "not_complete"
    CHANGED_MEANWHILE = "changed_meanwhile"
    DONE = "done"
    DROPPED = "dropped"
    NAME_MISSING = "name_missing"
    NAME_TOO_LONG = "name_too_long"
    DUE_MISSING = "due_missing"
    DUE_PAST = "due_past"
    DUE_TOO_FAR = "due_too_far"
    NOT_A_READER = "not_a_reader"
    REASON_MISSING = "reason_missing"
    TOO_MANY = "too_many"
    TRAINED_TOO_MANY = "trained_too_many"
    TASKS_OPEN = "tasks_open"
    NOTHING_DONE = "nothing_done"
    TRAINING_UNKNOWN = "training_unknown"
    TRAINING_LEFT = "training_left"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a workstream is: its tasks, and of the onboarding who is to be trained (not known yet: None)."""

    kind: WorkstreamKind
    open: int
    done: int
    to_train: int | None = None
    trained: int = 0


def why_not_complete(progress: Progress) -> NoTask | None:
    """Return what keeps a workstream from being complete, or None.

    Every task is done or dropped, one at least is done; of the onboarding everybody to be trained is.
    """
    if progress.open:
        return NoTask.TASKS_OPEN
    if not progress.done:
        return NoTask.NOTHING_DONE
    if progress.kind is not WorkstreamKind.ONBOARDING:
        return None
    if progress.to_train is None:
        return NoTask.TRAINING_UNKNOWN
    return NoTask.TRAINING_LEFT if progress.trained < progress.to_train else None


def why_not_task(name: str, due: date | None, *, today: date, before: date | None = None) -> NoTask | None:
    """Return what is wrong with a task as it was typed, or None.

    `today` is where whoever does it is; a task that is late already may keep the day it had `before`.
    """
    if not name.strip():
        return NoTask.NAME_MISSING
    if len(name.strip()) > LONGEST_TASK:
        return NoTask.NAME_TOO_LONG
    if due is None:
        return NoTask.DUE_MISSING
    return why_not_due(due, today=today, before=before)


def why_not_due(due: date, *, today: date, before: date | None = None) -> NoTask | None:
    if due < today and due != before:
        return NoTask.DUE_PAST
    return NoTask.DUE_TOO_FAR if due > today + LATEST_DUE_AFTER else None
