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
from workflows import policy, programme


def home_blocks(
    session: Session, person_id: UUID, roles: Collection[str], *, now: datetime
) -> tuple[list[BlockKit], Picture | None]:
    """Return the part of Home about the programme, and for those who steer it the picture that belongs in it."""
    if not policy.STEERING & set(roles):
        return views.home_line(programme.programme_at(session, now)), None
    known = known_to(session, person_id, now=now, roles=roles)
    return views.home_part(known), picture(known.programme, known.elapsed)
