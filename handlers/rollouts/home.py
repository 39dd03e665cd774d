"""What other screens show of rollouts and lessons."""

from uuid import UUID

from db.enums import UseCaseState
from db.session import Session
from handlers.blocks import BlockKit, button
from handlers.ids import Action
from handlers.rollouts import views
from handlers.rollouts.words import also_in
from workflows import intake, lessons, rollouts
from workflows.intake import UseCaseSnapshot

_WENT_ON = (UseCaseState.SCALING, UseCaseState.SUSPENDED, UseCaseState.RETIRED)
"""Where a use case can be that was taken to another team."""


def home_blocks(session: Session, person_id: UUID) -> list[BlockKit]:
    """Draw what somebody has to bring to a team."""
    found = rollouts.under_way_of(session, person_id)
    cases = intake.use_cases_of(session, {each.use_case_id for each in found}) if found else {}
    return views.home_blocks([(each, cases[each.use_case_id]) for each in found], person_id)


def teams_text(session: Session, use_case: UseCaseSnapshot) -> str:
    """Return in which other teams a use case is, or nothing."""
    return also_in(rollouts.rollouts_of(session, use_case.id)) if use_case.state in _WENT_ON else ""


def use_case_buttons(session: Session, use_case_id: UUID) -> list[BlockKit]:
    """Return the ways to the lessons and rollouts of a use case that is or was in deployment."""
    of = lessons.written_of(session, use_case_id)
    if of is None or not of.deployed:
        return []
    value, what = str(use_case_id), f"{of.reference}, {of.name}"
    return [
        button(Action.LESSONS, "Lessons", value, label=f"Lessons and checklist of {what}"),
        button(Action.ROLLOUTS, "Rollouts", value, label=f"Rollouts of {what}"),
    ]
