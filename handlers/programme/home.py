"""What Home says of the programme: a line for everybody, more for those who steer it."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from db.session import Session
from handlers.blocks import BlockKit
from handlers.messages import Picture
from handlers.programme import views
from handlers.programme.drawing import picture
from handlers.programme.knowing import known_to


def home_blocks(
    session: Session, person_id: UUID, roles: Collection[str], *, now: datetime
) -> tuple[list[BlockKit], Picture | None]:
    """Return the part of Home about the programme, and for those who steer it the picture that belongs in it."""
    known = known_to(session, person_id, now=now, roles=roles)
    if not known.steers:
        return views.home_line(known), None
    return views.home_part(known), picture(known.programme, known.elapsed)
