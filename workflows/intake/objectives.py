"""Business objectives and who owns them: a lane can ask an objective's owner about every use case that hangs on it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from db.enums import Membership
from db.queries import intake as stored
from db.session import Session
from workflows import ledger, people
from workflows.intake.rules import objective_key
from workflows.ledger import Fact, LedgerKind
from workflows.people import Actor


@dataclass(frozen=True, slots=True)
class Objective:
    """A business objective; without an owner a lane that asks for them asks its fallback."""

    name: str
    owner: Actor | None


class NoOwner(StrEnum):
    """Why an objective keeps the owner it has, or none."""

    UNKNOWN_OBJECTIVE = "unknown_objective"
    NOT_A_MEMBER = "not_a_member"


@dataclass(frozen=True, slots=True)
class Owned:
    """The objective as it is now. `is_new` is False where it was so already."""

    objective: Objective
    is_new: bool


def objectives(session: Session) -> list[Objective]:
    """Return every objective with its owner, by its name."""
    rows = stored.objectives(session)
    known = people.named(session, {row.owner_id for row in rows if row.owner_id})
    return [Objective(row.name, known.get(row.owner_id) if row.owner_id else None) for row in rows]


def set_objective_owner(
    session: Session, name: str, owner: Actor | None, *, actor: UUID | None, now: datetime
) -> Owned | NoOwner:
    """Make `owner` the owner of an objective, however its name is typed, or nobody; `actor` is None for a command.

    Only full members can be. Rounds already laid out ask whom they asked. Locks the objective.
    """
    row = stored.lock_objective(session, objective_key(name))
    if row is None:
        return NoOwner.UNKNOWN_OBJECTIVE
    if owner is not None and owner.membership is not Membership.MEMBER:
        return NoOwner.NOT_A_MEMBER
    owner_id = owner.id if owner else None
    is_new = row.owner_id != owner_id
    if is_new:
        stored.set_objective_owner(session, row.id, owner_id)
        data = {"objective": str(row.id), "owner": str(owner_id) if owner_id else None}
        fact = Fact(LedgerKind.OBJECTIVE_OWNER_SET, data)
        ledger.record(session, f"objective:{row.id}", [fact], actor=actor, now=now)
    return Owned(Objective(row.name, owner), is_new)
