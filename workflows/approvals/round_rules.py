"""Which votes of an earlier round count on. Values in, values out: no database, no Slack, no clock."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from db.enums import LaneStatus, Verb
from workflows.approvals.rules import SETTLING, EarlierLane, LaneShape, LaneState, lane_outcome

_NOT_SETTLED = frozenset({LaneStatus.WAITING, LaneStatus.OPEN, LaneStatus.BLOCKED, LaneStatus.NO_LONGER_REQUIRED})


def open_votes(earlier: Sequence[EarlierLane], shapes: Collection[LaneShape]) -> dict[LaneShape, UUID]:
    """Return which lanes of a new round take up the votes of which earlier lane that those votes had not settled.

    Which of the votes still count is decided when the stage opens. The lane whose vote asked for changes votes anew.
    """
    found = {
        each.shape: each.id if each.voters else each.votes_from
        for each in earlier
        if each.status in _NOT_SETTLED and each.shape in shapes
    }
    return {shape: source for shape, source in found.items() if source is not None}


@dataclass(frozen=True, slots=True)
class EarlierVote:
    """A vote given in a round before, in the name of `person` and on this content."""

    person: UUID
    cast_by: UUID
    verb: Verb
    content_digest: str


def votes_that_stand(votes: Sequence[EarlierVote], lane: LaneState, *, barred: Collection[UUID]) -> frozenset[UUID]:
    """Return in whose names earlier votes still count in a lane whose people were just seated.

    Theirs who are seated, on the content the lane looks at. A delegate's counts unless they have a seat of their own
    here or are barred now. None counts where together they would settle the lane: a set that shrinks below its rule is
    never thereby approved.
    """
    cannot = lane.eligible | frozenset(barred)
    standing = {
        each.person: each.verb
        for each in votes
        if each.person in lane.eligible
        and each.content_digest == lane.content_digest
        and each.verb in SETTLING
        and (each.cast_by == each.person or each.cast_by not in cannot)
    }
    return frozenset(standing) if lane_outcome(lane, standing) is LaneStatus.OPEN else frozenset()
