"""Tell who comes back what became of their check-ins, and give the way to what is due."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from db.session import Session
from handlers.blocks import BlockKit, section
from handlers.checkins.home import give_way_on
from handlers.checkins.saying import answered_line, state_text, subject_text
from handlers.text import day_in_words, named
from workflows import checkins, intake
from workflows.checkins import CheckInSnapshot
from workflows.intake import UseCaseSnapshot

Told = tuple[str, BlockKit]
"""What became of one check-in in words, and as a block with the way on."""


def became(session: Session, person_id: UUID, first: date, last: date, *, now: datetime) -> list[Told]:
    """Return what became of somebody's check-ins in a leave of these days, what is due now last."""
    found = []
    for each in checkins.what_became(session, person_id, first, last):
        use_case = intake.use_case_of(session, each.use_case_id)
        if use_case is not None:
            line = _line(each, use_case, person_id)
            block = section(line)
            give_way_on(block, each, use_case, person_id, now=now)
            found.append((line, block))
    return found


def blocks_of(lead: str, told: Sequence[Told]) -> list[BlockKit]:
    return [section(lead), *(block for _, block in told)] if told else []


def lines_of(lead: str, told: Sequence[Told]) -> list[str]:
    """Return the same in words, complete by itself."""
    return [lead, *(line for line, _ in told)] if told else []


def _line(found: CheckInSnapshot, use_case: UseCaseSnapshot, person_id: UUID) -> str:
    what = f"{subject_text(use_case)}, {day_in_words(found.on_date)}"
    if found.answer is not None:
        values = "; ".join(answered_line(each) for each in found.kpis if each.now is not None)
        return f"{what}: {state_text(found)} {values}".rstrip()
    asked = "" if person_id == found.asked.id else f"{named(found.asked.name)} is asked instead. "
    return f"{what}: {asked if found.still_open else ''}{state_text(found)}"
