"""Which objective may serve which, and what use cases come to in the tree."""

from uuid import UUID, uuid4

from db.enums import Confidence, UseCaseState
from workflows.objectives import Objective, Stage
from workflows.objectives.rules import Standing, circle, levels, tree

A, B, C, D, E = (uuid4() for _ in range(5))


def objective(key: UUID, parent: UUID | None = None) -> Objective:
    return Objective(key, f"Objective {key}", parent_id=parent)


def test_a_circle_is_found_with_its_way_and_only_where_there_is_one() -> None:
    parents = {B: A, C: B}

    assert circle(A, C, parents) == (A, C, B, A)
    assert circle(A, A, parents) == (A, A)
    assert circle(D, C, parents) == ()


def test_levels_are_counted_from_the_top_to_the_lowest_below() -> None:
    parents = {B: A, C: B, E: D}

    assert levels(D, A, parents) == 3  # A, D, E
    assert levels(D, B, parents) == 4
    assert levels(D, C, parents) == 5
    assert levels(A, D, parents) == 4


def test_numbers_are_summed_upwards_and_what_came_to_nothing_counts_nowhere() -> None:
    standings = [
        Standing(C, UseCaseState.DEPLOYED, kpis=2, hit=1, said=Confidence.AT_RISK),
        Standing(C, UseCaseState.REJECTED, kpis=1),
        Standing(B, UseCaseState.CHANGES_REQUESTED),
        Standing(A, UseCaseState.APPROVED_WITH_CONDITIONS, kpis=1, said=Confidence.OFF_TRACK),
        Standing(D, UseCaseState.RETIRED),
    ]

    found = tree([objective(C, B), objective(A), objective(D, E), objective(B, A)], standings)

    assert [(node.objective.id, node.depth) for node in found.nodes] == [(A, 1), (B, 2), (C, 3), (D, 1)]
    top, middle, low, other = found.nodes
    assert low.own.stages == low.total.stages == {Stage.DEPLOYED: 1}
    assert middle.own.stages == {Stage.IN_REVIEW: 1}
    assert middle.total.stages == {Stage.IN_REVIEW: 1, Stage.DEPLOYED: 1}
    assert (top.own.use_cases, top.total.use_cases) == (1, 3)
    assert (top.total.kpis, top.total.hit, top.total.at_risk, top.total.off_track) == (3, 1, 1, 1)
    assert other.total.stages == {Stage.RETIRED: 1}
    assert found.total.use_cases == 4
