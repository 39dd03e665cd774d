"""The form of break-glass, as a typed value."""

from typing import Any
from uuid import UUID

from handlers.ids import INPUT, Block
from handlers.payloads import chosen, taken, taken_uuid, typed
from workflows.breaking_glass import LONGEST_REASON, Form


def form_of(body: dict[str, Any]) -> tuple[UUID, Form]:
    """Return the request a form is about, and what was typed."""
    second = chosen(body, Block.GLASS_SECOND, INPUT)
    form = Form(
        reason=typed(body, Block.GLASS_REASON, INPUT).strip()[:LONGEST_REASON],
        hours=typed(body, Block.GLASS_HOURS, INPUT),
        second_id=taken_uuid(second) if second else None,
    )
    return taken_uuid(taken(body, "view", "private_metadata")), form
