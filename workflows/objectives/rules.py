"""Which objective serves which, and what use cases come to, summed upwards. Values in, values out."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Final
from uuid import UUID

from db.enums import Confidence, UseCaseState
from workflows.people.snapshots import Actor

DEEPEST: Final = 4
"""How many levels of objectives there may be."""


class Stage(StrEnum):
    """What a use case is counted as. What was rejected, withdrawn or expired is counted nowhere."""

    IN_REVIEW = "in_review"
    APPROVED = "approved"
    IN_DEPLOYMENT = "in_deployment"
    DEPLOYED = "deployed"
    OPTIMISING = "optimising"
    SCALING = "scaling"
    SUSPENDED = "suspended"
    RETIRED = "retired"


STAGES: Final[Mapping[UseCaseState, Stage]] = {
    UseCaseState.IN_REVIEW: Stage.IN_REVIEW,
    UseCaseState.CHANGES_REQUESTED: Stage.IN_REVIEW,
    UseCaseState.APPROVED: Stage.APPROVED,
    UseCaseState.APPROVED_WITH_CONDITIONS: Stage.APPROVED,
    UseCaseState.IN_DEPLOYMENT: Stage.IN_DEPLOYMENT,
    UseCaseState.DEPLOYED: Stage.DEPLOYED,
    UseCaseState.OPTIMISING: Stage.OPTIMISING,
    UseCaseState.SCALING: Stage.SCALING,
    UseCaseState.SUSPENDED: Stage.SUSPENDED,
    UseCaseState.RETIRED: Stage.RETIRED,
}


@dataclass(frozen=True, slots=True)
class Objective:
    """A business objective, who owns it and who stands up for it, and which larger one it serves."""

    id: UUID
    name: str
    owner: Actor | None = None
    sponsor: Actor | None = None
    parent_id: UUID | None = None

    @property
    def digest(self) -> str:
        """Return what tells who stands for it, and what it serves, from any other, for the form that changes it."""
        ids = (self.owner.id if self.owner else None, self.sponsor.id if self.sponsor else None, self.parent_id)
        return sha256(" ".join(map(str, ids)).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Numbers:
    """What the use cases of an objective come to.

    `kpis` are those in use of what has not ended, and `hit` how many of them are. `at_risk` and `off_track` count use
    cases by what was said last of each.
    """

    stages: Mapping[Stage, int] = field(default_factory=dict)
    kpis: int = 0
    hit: int = 0
    at_risk: int = 0
    off_track: int = 0

    @property
    def use_cases(self) -> int:
        return sum(self.stages.values())

    def __add__(self, other: "Numbers") -> "Numbers":
        stages = {each: self.stages.get(each, 0) + other.stages.get(each, 0) for each in Stage}
        return Numbers(
            {stage: count for stage, count in stages.items() if count},
            self.kpis + other.kpis,
            self.hit + other.hit,
            self.at_risk + other.at_risk,
            self.off_track + other.off_track,
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """One use case as far as it counts for its objective."""

    objective_id: UUID
    state: UseCaseState
    kpis: int = 0
    hit: int = 0
    said: Confidence | None = None


@dataclass(frozen=True, slots=True)
class Node:
    """An objective in the tree: `depth` is 1 at the top; `total` holds its own use cases and those below it."""

    objective: Objective
    depth: int
    own: Numbers
    total: Numbers


@dataclass(frozen=True, slots=True)
class Tree:
    """Every objective, each before those that serve it, and what all of it comes to."""

    nodes: tuple[Node, ...]
    total: Numbers


def circle(child: UUID, parent: UUID, parents: Mapping[UUID, UUID]) -> tuple[UUID, ...]:
    """Return the way from `child` to `parent` and on up to `child` again; nothing where that leads elsewhere."""
    way = [child]
    above: UUID | None = parent
    while above is not None and above not in way:
        way.append(above)
        above = parents.get(above)
    return (*way, child) if above == child else ()


def levels(child: UUID, parent: UUID, parents: Mapping[UUID, UUID]) -> int:
    """Return how many levels there would be from the top to the lowest below `child`, if it served `parent`."""
    return 1 + len(list(_up(parent, parents))) + _height(child, _children(parents))


def tree(objectives: Sequence[Objective], standings: Sequence[Standing]) -> Tree:
    """Return the objectives as a tree, in the order they are given in, with what their use cases come to.

    One whose larger one is not there stands at the top.
    """
    known = {each.id: each for each in objectives}
    tops = [each for each in objectives if each.parent_id not in known]
    below: defaultdict[UUID, list[Objective]] = defaultdict(list)
    for each in objectives:
        if each.parent_id in known:
            below[each.parent_id].append(each)
    own: defaultdict[UUID, list[Standing]] = defaultdict(list)
    for standing in standings:
        own[standing.objective_id].append(standing)
    sums = {key: numbers_of(own[key]) for key in known}
    nodes = tuple(node for top in tops for node in _nodes(top, 1, below, sums))
    return Tree(nodes, _sum([node.total for node in nodes if node.depth == 1]))


def numbers_of(standings: Sequence[Standing]) -> Numbers:
    """Return what use cases come to; what came to nothing is left out."""
    counted = [each for each in standings if each.state in STAGES]
    stages: defaultdict[Stage, int] = defaultdict(int)
    for each in counted:
        stages[STAGES[each.state]] += 1
    return Numbers(
        dict(stages),
        sum(each.kpis for each in counted),
        sum(each.hit for each in counted),
        sum(each.said is Confidence.AT_RISK for each in counted),
        sum(each.said is Confidence.OFF_TRACK for each in counted),
    )


def _nodes(
    objective: Objective, depth: int, below: Mapping[UUID, Sequence[Objective]], sums: Mapping[UUID, Numbers]
) -> list[Node]:
    """Return an objective with everything below it."""
    lower = [node for each in below.get(objective.id, ()) for node in _nodes(each, depth + 1, below, sums)]
    own = sums[objective.id]
    total = _sum([own, *(node.total for node in lower if node.depth == depth + 1)])
    return [Node(objective, depth, own, total), *lower]


def _sum(numbers: Sequence[Numbers]) -> Numbers:
    total = Numbers()
    for each in numbers:
        total += each
    return total


def _up(objective: UUID, parents: Mapping[UUID, UUID]) -> Iterator[UUID]:
    """Yield every objective this one serves, the next above first; a circle, which nobody can make, ends."""
    above, passed = parents.get(objective), {objective}
    while above is not None and above not in passed:
        yield above
        passed.add(above)
        above = parents.get(above)


def _children(parents: Mapping[UUID, UUID]) -> Mapping[UUID, Sequence[UUID]]:
    children: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for child, parent in parents.items():
        children[parent].append(child)
    return children


def _height(objective: UUID, children: Mapping[UUID, Sequence[UUID]]) -> int:
    return 1 + max((_height(each, children) for each in children.get(objective, ())), default=0)
