"""How long requests take, how often that was right, and where they wait. Values in, values out."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final
from uuid import UUID

HISTORY: Final = timedelta(days=180)
"""How far back decisions still say how long a request takes."""

ENOUGH: Final = 5
"""Fewer decided requests say nothing, and fewer judged ranges do not say how often they were right."""

LANES_AT_MOST: Final = 50
"""So many of a role's newest decisions say how long it usually takes."""

JUDGED_AT_MOST: Final = 50
LOWEST, HIGHEST = 10, 90  # per cent of the requests took as long, or less
HALVES_BELOW = 2  # working days; from there on whole days are told


@dataclass(frozen=True, slots=True)
class Decided:
    """A request that people decided. `days` are working days of whoever sent it, from first submission to decision."""

    opened_at: datetime
    settled_at: datetime
    days: float


@dataclass(frozen=True, slots=True)
class Range:
    """From how many to how many working days most requests take, in half days below two and whole days above."""

    low: float
    high: float

    def holds(self, days: float) -> bool:
        return self.low <= days <= self.high


@dataclass(frozen=True, slots=True)
class Hits:
    """How often a range, as it would have been shown, held what then came."""

    right: int
    judged: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A lane that waits for the holders of a role, since its people were asked.

    `is_one_person`: it asks whoever is something to the subject, or somebody by name, and not a role's holders.
    `is_past_due`: the time of everybody asked was up.
    """

    lane_id: UUID
    request_id: UUID
    role: str
    since: datetime
    is_blocked: bool
    is_one_person: bool
    is_past_due: bool


@dataclass(frozen=True, slots=True)
class Place:
    """How many requests wait at one place, the median of the working days they have, and how many are past due."""

    waiting: int
    days: float
    past_due: int


@dataclass(frozen=True, slots=True)
class Places:
    """Where requests wait, by role, most waiting first; never about one person.

    `single` are the roles that fewer than two people hold, and whoever is asked as the one they are, all together.
    `blocked` is how many lanes nobody may decide.
    """

    roles: Mapping[str, Place]
    single: Place | None
    blocked: int

    def anything(self) -> bool:
        """Say whether anything waits anywhere."""
        return bool(self.roles or self.single or self.blocked)


def range_at(decided: Iterable[Decided], at: datetime) -> Range | None:
    """Return the range shown at a moment, from what was decided in the time before it; None when that is too little.

    It reaches from the 10th to the 90th percentile by nearest rank: the value at place ⌈p/100 x n⌉ of those in order.
    Rounded outwards, so that it holds at least 80 per cent of what it comes from; never less than half a day wide.
    """
    days = sorted(each.days for each in decided if at - HISTORY <= each.settled_at < at)
    if len(days) < ENOUGH:
        return None
    return Range(_rounded_down(_percentile(days, LOWEST)), _rounded_up(_percentile(days, HIGHEST)))


def hits(decided: Sequence[Decided], at: datetime) -> Hits | None:
    """Return how often ranges were right, for the newest of what was decided before `at`; None when too few can say.

    Each is held against the range of the moment it was submitted. One before which too little was decided had none.
    """
    recent = [each for each in decided if at - HISTORY <= each.settled_at < at]
    newest = sorted(recent, key=lambda each: each.settled_at, reverse=True)[:JUDGED_AT_MOST]
    shown = ((each, range_at(decided, each.opened_at)) for each in newest)
    judged = [known.holds(each.days) for each, known in shown if known is not None]
    return Hits(sum(judged), len(judged)) if len(judged) >= ENOUGH else None


def usual_days(taken: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Return the median of the working days each role's lanes took, of the roles with enough of them to say."""
    by_role: dict[str, list[float]] = defaultdict(list)
    for role, days in taken:
        by_role[role].append(days)
    return {role: median(days) for role, days in by_role.items() if len(days) >= ENOUGH}


def ahead_of(mine: Waiting, lanes: Iterable[Waiting]) -> int | None:
    """Return how many other requests wait for the same role and were asked earlier.

    None where one person is asked as who they are: that is no queue of a role.
    """
    if mine.is_one_person:
        return None
    return len(
        {
            each.request_id
            for each in lanes
            if each.request_id != mine.request_id and _is_queued(each, mine.role) and each.since < mine.since
        }
    )


def places(lanes: Iterable[Waiting], *, days: Mapping[UUID, float], holders: Mapping[str, int]) -> Places:
    """Return where requests wait.

    `days` are how many working days of whoever sent the request each lane has waited; `holders` is how many people
    hold each role now.
    """
    at: dict[str | None, list[Waiting]] = defaultdict(list)
    blocked = 0
    for each in lanes:
        if each.is_blocked:
            blocked += 1
        else:
            is_single = each.is_one_person or holders.get(each.role, 0) < 2  # noqa: PLR2004 - one is a person
            at[None if is_single else each.role].append(each)
    single = at.pop(None, None)
    found = {role: _place(some, days) for role, some in at.items() if role is not None}
    ordered = dict(sorted(found.items(), key=lambda each: (-each[1].waiting, each[0])))
    return Places(ordered, _place(single, days) if single else None, blocked)


def _is_queued(lane: Waiting, role: str) -> bool:
    return lane.role == role and not lane.is_blocked and not lane.is_one_person


def _place(lanes: Collection[Waiting], days: Mapping[UUID, float]) -> Place:
    """Return what is to be said of one place; a request with several lanes there counts once, since the first."""
    first: dict[UUID, Waiting] = {}
    for each in sorted(lanes, key=lambda lane: lane.since):
        first.setdefault(each.request_id, each)
    past_due = {each.request_id for each in lanes if each.is_past_due}
    return Place(len(first), median(days[each.lane_id] for each in first.values()), len(past_due))


def _percentile(ordered: Sequence[float], percent: int) -> float:
    return ordered[max(-(-len(ordered) * percent // 100), 1) - 1]


def _rounded_down(days: float) -> float:
    return math.floor(days * 2) / 2 if days < HALVES_BELOW else float(math.floor(days))


def _rounded_up(days: float) -> float:
    return max(math.ceil(days * 2) / 2, 0.5) if days <= HALVES_BELOW else float(math.ceil(days))
