"""Read the objectives as a tree, with a fixed number of questions for however many of them and of use cases."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from db.enums import UseCaseState
from db.queries import intake as stored_cases
from db.queries import objectives as stored
from db.session import Session
from workflows import checkins, intake, people
from workflows.objectives import rules
from workflows.objectives.rules import STAGES, Node, Objective, Stage, Standing, Tree

_LIVING: Final = [state for state, stage in STAGES.items() if stage is not Stage.RETIRED]


@dataclass(frozen=True, slots=True)
class Hanging:
    """A use case that hangs on an objective, as everybody who may know of it sees it."""

    id: UUID
    reference: str
    name: str
    team: str
    state: UseCaseState
    confidential: bool


def objectives(session: Session) -> list[Objective]:
    """Return every objective, by its name."""
    rows, ties = stored_cases.objectives(session), stored.ties(session)
    sponsors = {tie.sponsor_id for tie in ties.values() if tie.sponsor_id}
    known = people.named(session, {row.owner_id for row in rows if row.owner_id} | sponsors)
    found = []
    for row in rows:
        tie = ties.get(row.id)
        sponsor_id, parent_id = (tie.sponsor_id, tie.parent_id) if tie else (None, None)
        owner = known.get(row.owner_id) if row.owner_id else None
        sponsor = known.get(sponsor_id) if sponsor_id else None
        found.append(Objective(row.id, row.name, owner, sponsor, parent_id))
    return found


def tree(session: Session) -> Tree:
    """Return the objectives with what their use cases come to, summed upwards. What is confidential counts in totals.

    What is only recorded hangs on no objective, and is counted nowhere here.
    """
    in_use: defaultdict[UUID, int] = defaultdict(int)
    hit: defaultdict[UUID, int] = defaultdict(int)
    kpis = stored.kpis_in_use(session, _LIVING)
    progress = checkins.progress_of_kpis(session, kpis)
    for kpi in kpis:
        in_use[kpi.use_case_id] += 1
        hit[kpi.use_case_id] += progress[kpi.id].is_hit
    said = stored.said_last(session)
    standings = [
        Standing(
            objective_id=case.objective_id,
            state=case.state,
            kpis=in_use[case.id],
            hit=hit[case.id],
            said=said.get(case.id) if case.state in _LIVING else None,
        )
        for case in stored.hanging(session)
    ]
    return rules.tree(objectives(session), standings)


def node_of(session: Session, objective_id: UUID) -> Node | None:
    return next((each for each in tree(session).nodes if each.objective.id == objective_id), None)


def hanging_on(session: Session, objective_id: UUID) -> Sequence[Hanging]:
    """Return the use cases that hang on an objective itself, the newest first, confidential ones too.

    Whoever shows them asks first who may know of those.
    """
    found = stored.hanging(session, on=objective_id)
    return [
        Hanging(each.id, intake.reference_of(each.number), each.name, each.team, each.state, each.confidential)
        for each in reversed(found)
        if each.state in STAGES
    ]
