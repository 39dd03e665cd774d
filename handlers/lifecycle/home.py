"""What Home shows of workstreams: the tasks somebody has to do."""

from datetime import datetime
from uuid import UUID

from db.session import Session
from handlers.blocks import BlockKit, context, header
from handlers.lifecycle import seeing, views

TASKS_SHOWN = 4


def home_blocks(session: Session, person_id: UUID, *, now: datetime) -> list[BlockKit]:
    """Draw the tasks somebody has to do, the soonest due first."""
    found = seeing.tasks_to_do(session, person_id)
    if not found:
        return []
    blocks: list[BlockKit] = [{"type": "divider"}, header("Tasks to do")]
    for task, about in found[:TASKS_SHOWN]:
        blocks += views.home_item(task, about, now=now)
    if len(found) > TASKS_SHOWN:
        blocks.append(context("There are more; they come up here as you do these."))
    return blocks
