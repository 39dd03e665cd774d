"""Say who owns a business objective, who stands up for it, and which larger one it serves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from db.enums import Membership
from db.queries import intake as stored_cases
from db.queries import objectives as stored
from db.session import Session
from workflows import intake, ledger
from workflows.intake.rules import LONGEST, objective_key
from workflows.ledger import Fact, LedgerKind
from workflows.objectives import reading, rules
from workflows.objectives.rules import DEEPEST, Objective
from workflows.people import Actor


class Why(StrEnum):
    """Why an objective stays as it is, or does not come about."""

    UNKNOWN = "unknown"
    UNKNOWN_PARENT = "unknown_parent"
    NOT_A_MEMBER = "not_a_member"
    CIRCLE = "circle"
    TOO_DEEP = "too_deep"
    CHANGED_MEANWHILE = "changed_meanwhile"
    NAME_MISSING = "name_missing"
    NAME_TOO_LONG = "name_too_long"
    THERE_ALREADY = "there_already"


@dataclass(frozen=True, slots=True)
class NotTied:
    """Nothing was changed. `way` are the names that lead in a circle; `levels` how many there would be."""

    why: Why
    way: tuple[str, ...] = ()
    levels: int = 0


@dataclass(frozen=True, slots=True)
class Tied:
    """The objective as it is now. `is_new` is False where it was so already."""

    objective: Objective
    is_new: bool


@dataclass(frozen=True, slots=True)
class Ties:
    """Who owns an objective, who stands up for it, and which larger one it serves."""

    owner: Actor | None
    sponsor: Actor | None
    parent_id: UUID | None


def called(session: Session, name: str) -> UUID | None:
    """Return the objective of this name, however it is typed."""
    return stored_cases.objective_id(session, objective_key(name))


def tie(
    session: Session, objective_id: UUID, ties: Ties, *, seen: str | None = None, actor: UUID | None, now: datetime
) -> Tied | NotTied:
    """Set owner, sponsor and larger objective at once; `actor` is None for a command. All of it or nothing.

    `seen` is the digest of the objective the form began with: nobody undoes what another set meanwhile.
    Only full members own or sponsor; nobody else ties objectives before the commit, so that no two make a circle.
    """
    stored.hold_all(session)
    known = {each.id: each for each in reading.objectives(session)}
    before = known.get(objective_id)
    refusal = _why_not(known, before, ties)
    if before is not None and seen is not None and before.digest != seen and not _is_so(before, ties):
        refusal = NotTied(Why.CHANGED_MEANWHILE)
    if before is None or refusal is not None:
        return refusal or NotTied(Why.UNKNOWN)
    owned = intake.set_objective_owner(session, before.name, ties.owner, actor=actor, now=now)
    is_new = isinstance(owned, intake.Owned) and owned.is_new
    is_first = objective_id not in stored.ties(session)
    values = {"sponsor_id": ties.sponsor.id if ties.sponsor else None, "parent_id": ties.parent_id}
    facts = list(_facts(before, ties))
    if facts:
        stored.tie(session, objective_id, values, is_new=is_first)
        ledger.record(session, _stream(objective_id), facts, actor=actor, now=now)
    after = Objective(before.id, before.name, ties.owner, ties.sponsor, ties.parent_id)
    return Tied(after, is_new or bool(facts))


def set_sponsor(
    session: Session, name: str, sponsor: Actor | None, *, actor: UUID | None, now: datetime
) -> Tied | NotTied:
    """Make somebody the sponsor of an objective, however its name is typed, or nobody."""
    found = _find(session, name)
    if found is None:
        return NotTied(Why.UNKNOWN)
    return tie(session, found.id, Ties(found.owner, sponsor, found.parent_id), actor=actor, now=now)


def set_parent(session: Session, name: str, parent: str | None, *, actor: UUID | None, now: datetime) -> Tied | NotTied:
    """Say which larger objective one serves, however their names are typed, or none."""
    found, above = _find(session, name), called(session, parent) if parent else None
    if found is None or (parent and above is None):
        return NotTied(Why.UNKNOWN if found is None else Why.UNKNOWN_PARENT)
    return tie(session, found.id, Ties(found.owner, found.sponsor, above), actor=actor, now=now)


def add(session: Session, name: str, *, actor: Actor, now: datetime) -> Objective | NotTied:
    """Store an objective no use case names yet, such as one that others are to serve."""
    name = " ".join(name.split())
    key = objective_key(name)
    if not key:
        return NotTied(Why.NAME_MISSING)
    if max(len(name), len(key)) > LONGEST["objective"]:
        return NotTied(Why.NAME_TOO_LONG)
    if not stored_cases.insert_objective(session, name=name, name_key=key, by=actor.id, now=now):
        return NotTied(Why.THERE_ALREADY)
    found = stored_cases.objective(session, key)
    if found is None:
        raise LookupError("an objective was stored and is gone")
    fact = Fact(LedgerKind.OBJECTIVE_ADDED, {"objective": str(found.id)})
    ledger.record(session, _stream(found.id), [fact], actor=actor.id, now=now)
    return Objective(found.id, found.name)


def _find(session: Session, name: str) -> Objective | None:
    """Return an objective by its name, which nobody else ties before the commit."""
    stored.hold_all(session)
    objective_id = called(session, name)
    return next((each for each in reading.objectives(session) if each.id == objective_id), None)


def _why_not(known: Mapping[UUID, Objective], before: Objective | None, ties: Ties) -> NotTied | None:
    if before is None:
        return NotTied(Why.UNKNOWN)
    changed = [each for each, was in ((ties.owner, before.owner), (ties.sponsor, before.sponsor)) if each != was]
    if any(each is not None and each.membership is not Membership.MEMBER for each in changed):
        return NotTied(Why.NOT_A_MEMBER)
    parent_id = ties.parent_id
    if parent_id is None or parent_id == before.parent_id:
        return None
    if parent_id not in known:
        return NotTied(Why.UNKNOWN_PARENT)
    parents = {each.id: each.parent_id for each in known.values() if each.parent_id and each.id != before.id}
    way = rules.circle(before.id, parent_id, parents)
    if way:
        return NotTied(Why.CIRCLE, tuple(known[each].name for each in way))
    levels = rules.levels(before.id, parent_id, parents)
    return NotTied(Why.TOO_DEEP, levels=levels) if levels > DEEPEST else None


def _is_so(before: Objective, ties: Ties) -> bool:
    return (before.owner, before.sponsor, before.parent_id) == (ties.owner, ties.sponsor, ties.parent_id)


def _facts(before: Objective, ties: Ties) -> list[Fact]:
    sponsor = ties.sponsor.id if ties.sponsor else None
    facts = []
    if sponsor != (before.sponsor.id if before.sponsor else None):
        data: dict[str, ledger.Value] = {"objective": str(before.id), "sponsor": str(sponsor) if sponsor else None}
        facts.append(Fact(LedgerKind.OBJECTIVE_SPONSOR_SET, data))
    if ties.parent_id != before.parent_id:
        parent = str(ties.parent_id) if ties.parent_id else None
        facts.append(Fact(LedgerKind.OBJECTIVE_PARENT_SET, {"objective": str(before.id), "parent": parent}))
    return facts


def _stream(objective_id: UUID) -> str:
    return f"objective:{objective_id}"
