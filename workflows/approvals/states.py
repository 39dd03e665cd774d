"""What may become of a request, a stage and a lane, and by what. `docs/states.md` draws it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Generic, TypeVar

from db.enums import LaneStatus, RequestStatus, StageStatus

Status = TypeVar("Status", bound=StrEnum)


class Event(StrEnum):
    """What causes a transition."""

    SUBMITTED = "submitted"
    RESUBMITTED = "resubmitted"
    REROUTED = "rerouted"
    POLICY_APPROVES = "policy_approves"
    POLICY_REFUSES = "policy_refuses"
    LAST_LANE_APPROVED = "last_lane_approved"
    LANE_REJECTED = "lane_rejected"
    CHANGES_ASKED = "changes_asked"
    WITHDRAWN = "withdrawn"
    TIME_UP = "time_up"
    LAID_OUT = "laid_out"
    APPROVAL_KEPT = "approval_kept"
    ITS_TURN = "its_turn"
    SUPERSEDED = "superseded"
    ADDED = "added"
    PEOPLE_ASKED = "people_asked"
    NOBODY_TO_ASK = "nobody_to_ask"
    ENOUGH_APPROVALS = "enough_approvals"
    ENOUGH_REJECTIONS = "enough_rejections"


class ImpossibleTransitionError(Exception):
    """A status was about to be written that nothing leads to; the transaction must fail."""


@dataclass(frozen=True, slots=True)
class Transition(Generic[Status]):
    """`before` is None for what is new."""

    before: Status | None
    event: StrEnum
    after: Status


@dataclass(frozen=True, slots=True)
class Table(Generic[Status]):
    """Every transition there is of one kind of thing."""

    of: str
    transitions: tuple[Transition[Status], ...]

    def require(self, before: Status | None, after: Status) -> None:
        """Raise ImpossibleTransitionError when nothing leads from `before` to `after`."""
        if not self.leads(before, after):
            raise ImpossibleTransitionError(f"nothing turns a {self.of} that is {before or 'new'} into {after}")

    def leads(self, before: Status | None, after: Status) -> bool:
        return any((each.before, each.after) == (before, after) for each in self.transitions)

    def before(self, event: StrEnum) -> frozenset[Status]:
        """Return the statuses this event can meet."""
        return frozenset(each.before for each in self.transitions if each.event is event and each.before is not None)


def table_of(of: str, rows: Iterable[tuple[Status | None, StrEnum, Status]]) -> Table[Status]:
    """Return the table of these (before, event, after), also for statuses of features above."""
    return Table(of, tuple(Transition(*row) for row in rows))


REQUEST: Final = table_of(
    "request",
    [
        (None, Event.SUBMITTED, RequestStatus.IN_REVIEW),
        (None, Event.POLICY_APPROVES, RequestStatus.APPROVED),
        (None, Event.POLICY_REFUSES, RequestStatus.REJECTED),
        (RequestStatus.IN_REVIEW, Event.LAST_LANE_APPROVED, RequestStatus.APPROVED),
        (RequestStatus.IN_REVIEW, Event.LANE_REJECTED, RequestStatus.REJECTED),
        (RequestStatus.IN_REVIEW, Event.CHANGES_ASKED, RequestStatus.CHANGES_REQUESTED),
        (RequestStatus.IN_REVIEW, Event.WITHDRAWN, RequestStatus.WITHDRAWN),
        (RequestStatus.IN_REVIEW, Event.TIME_UP, RequestStatus.EXPIRED),
        (RequestStatus.IN_REVIEW, Event.REROUTED, RequestStatus.IN_REVIEW),
        (RequestStatus.IN_REVIEW, Event.POLICY_APPROVES, RequestStatus.APPROVED),
        (RequestStatus.IN_REVIEW, Event.POLICY_REFUSES, RequestStatus.REJECTED),
        (RequestStatus.CHANGES_REQUESTED, Event.RESUBMITTED, RequestStatus.IN_REVIEW),
        (RequestStatus.CHANGES_REQUESTED, Event.POLICY_APPROVES, RequestStatus.APPROVED),
        (RequestStatus.CHANGES_REQUESTED, Event.POLICY_REFUSES, RequestStatus.REJECTED),
        (RequestStatus.CHANGES_REQUESTED, Event.WITHDRAWN, RequestStatus.WITHDRAWN),
        (RequestStatus.REJECTED, Event.RESUBMITTED, RequestStatus.IN_REVIEW),
        (RequestStatus.REJECTED, Event.POLICY_APPROVES, RequestStatus.APPROVED),
        (RequestStatus.REJECTED, Event.POLICY_REFUSES, RequestStatus.REJECTED),
    ],
)
STAGE: Final = table_of(
    "stage",
    [
        (None, Event.LAID_OUT, StageStatus.WAITING),
        (None, Event.APPROVAL_KEPT, StageStatus.APPROVED),
        (StageStatus.WAITING, Event.ITS_TURN, StageStatus.OPEN),
        (StageStatus.WAITING, Event.APPROVAL_KEPT, StageStatus.APPROVED),
        (StageStatus.WAITING, Event.SUPERSEDED, StageStatus.NO_LONGER_REQUIRED),
        (StageStatus.OPEN, Event.LAST_LANE_APPROVED, StageStatus.APPROVED),
        (StageStatus.OPEN, Event.LANE_REJECTED, StageStatus.REJECTED),
        (StageStatus.OPEN, Event.TIME_UP, StageStatus.EXPIRED),
        (StageStatus.OPEN, Event.SUPERSEDED, StageStatus.NO_LONGER_REQUIRED),
    ],
)
LANE: Final = table_of(
    "lane",
    [
        (None, Event.LAID_OUT, LaneStatus.WAITING),
        (None, Event.APPROVAL_KEPT, LaneStatus.APPROVED),
        (None, Event.ADDED, LaneStatus.OPEN),
        (LaneStatus.WAITING, Event.PEOPLE_ASKED, LaneStatus.OPEN),
        (LaneStatus.WAITING, Event.NOBODY_TO_ASK, LaneStatus.BLOCKED),
        (LaneStatus.WAITING, Event.SUPERSEDED, LaneStatus.NO_LONGER_REQUIRED),
        (LaneStatus.OPEN, Event.PEOPLE_ASKED, LaneStatus.OPEN),
        (LaneStatus.OPEN, Event.NOBODY_TO_ASK, LaneStatus.BLOCKED),
        (LaneStatus.OPEN, Event.ENOUGH_APPROVALS, LaneStatus.APPROVED),
        (LaneStatus.OPEN, Event.ENOUGH_REJECTIONS, LaneStatus.REJECTED),
        (LaneStatus.OPEN, Event.CHANGES_ASKED, LaneStatus.CHANGES_REQUESTED),
        (LaneStatus.OPEN, Event.TIME_UP, LaneStatus.EXPIRED),
        (LaneStatus.OPEN, Event.SUPERSEDED, LaneStatus.NO_LONGER_REQUIRED),
        (LaneStatus.BLOCKED, Event.PEOPLE_ASKED, LaneStatus.OPEN),
        (LaneStatus.BLOCKED, Event.SUPERSEDED, LaneStatus.NO_LONGER_REQUIRED),
    ],
)
