"""Draw the foundation on Home: for those who steer, and for who owns a part of it."""

from datetime import datetime
from uuid import UUID

from db.session import Session
from handlers.blocks import BlockKit, button, header, section
from handlers.foundation.views import part_line
from handlers.ids import Action
from handlers.text import counted
from workflows import foundation
from workflows.foundation import PartSnapshot, PartState


def home_blocks(session: Session, person_id: UUID, *, steers: bool, now: datetime) -> list[BlockKit]:
    """Return how the foundation stands, and the parts this person owns; nothing for whom neither concerns."""
    if not steers and not foundation.owns_any(session, person_id):
        return []
    parts = foundation.parts_of(session)
    whole = button(Action.FOUNDATION, "Open", "home", label="Open the foundation: eight parts with how each stands")
    blocks: list[BlockKit] = [{"type": "divider"}, header("Foundation")]
    blocks.append(section(summary_text(parts, now)) | {"accessory": whole})
    theirs = [part for part in parts if part.owner is not None and part.owner.id == person_id]
    return [*blocks, *(part_line(part, now) for part in theirs)]


def summary_text(parts: tuple[PartSnapshot, ...], now: datetime) -> str:
    """Return how many parts are in force, and what is the matter with the others."""
    states = [part.standing_at(now).state for part in parts]
    in_force = states.count(PartState.APPROVED)
    waits = sum(part.pending is not None for part in parts)
    over = states.count(PartState.LAPSED) + states.count(PartState.REVOKED)
    orphans = sum(part.owner is not None and part.owner.membership != "member" for part in parts)
    told = [f"{in_force} of {len(parts)} parts are in force"]
    told += [f"{waits} in review or given back"] if waits else []
    told += [f"⚠️ {over} lapsed or taken back"] if over else []
    told += [f"⚠️ the owner of {counted(orphans, 'part')} has left"] if orphans else []
    return " · ".join(told)
