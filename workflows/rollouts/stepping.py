"""Tick off the steps by which a team is brought to use a use case."""

from datetime import datetime
from uuid import UUID

from db.enums import RolloutStatus
from db.queries import rollouts as stored
from db.session import Session
from workflows.ledger import LedgerKind
from workflows.people import Actor
from workflows.rollouts import settling
from workflows.rollouts.reading import existing, may_see_to, rollout_of
from workflows.rollouts.rules import NoRollout
from workflows.rollouts.snapshots import NotRolledOut, RolledOut, RolloutSnapshot


def finish_step(
    session: Session, rollout_id: UUID, position: int, *, actor: Actor, now: datetime
) -> RolledOut | NotRolledOut:
    """Say that a step is done, once. With the last one the rollout is done, and its people are told. It is locked."""
    found = _held(session, rollout_id, position, actor=actor)
    if isinstance(found, NotRolledOut):
        return found
    if found.steps[position - 1].is_done:
        return NotRolledOut(NoRollout.STEP_DONE, found.use_case_id, found)
    stored.set_step(session, rollout_id, position, at=now, by=actor.id)
    data = {"step": position}
    settling.record(session, rollout_id, LedgerKind.ROLLOUT_STEP_DONE, data, actor=actor, now=now)
    if found.done + 1 == len(found.steps):
        stored.update_rollout(session, rollout_id, {"status": RolloutStatus.DONE})
        settling.record(session, rollout_id, LedgerKind.ROLLOUT_DONE, {}, actor=actor, now=now)
        settling.tell(session, existing(session, rollout_id), "done", besides=[actor.id], now=now)
    return _drawn(session, rollout_id, now=now)


def reopen_step(
    session: Session, rollout_id: UUID, position: int, *, actor: Actor, now: datetime
) -> RolledOut | NotRolledOut:
    """Say that a step is not done after all, while the rollout is on its way. It is locked."""
    found = _held(session, rollout_id, position, actor=actor)
    if isinstance(found, NotRolledOut):
        return found
    if not found.steps[position - 1].is_done:
        return NotRolledOut(NoRollout.STEP_OPEN, found.use_case_id, found)
    stored.set_step(session, rollout_id, position, at=None, by=None)
    data = {"step": position}
    settling.record(session, rollout_id, LedgerKind.ROLLOUT_STEP_REOPENED, data, actor=actor, now=now)
    return _drawn(session, rollout_id, now=now)


def _held(session: Session, rollout_id: UUID, position: int, *, actor: Actor) -> RolloutSnapshot | NotRolledOut:
    """Lock a rollout and return it, or why this person cannot tick off this step of it now."""
    stored.lock_rollout(session, rollout_id)
    found = rollout_of(session, rollout_id)
    if found is None:
        return NotRolledOut(NoRollout.UNKNOWN)
    if not may_see_to(session, found, actor.id):
        return NotRolledOut(NoRollout.NOT_YOURS, found.use_case_id, found)
    if not found.is_under_way:
        return NotRolledOut(NoRollout.NOT_UNDER_WAY, found.use_case_id, found)
    if not 1 <= position <= len(found.steps):
        return NotRolledOut(NoRollout.STEP_UNKNOWN, found.use_case_id, found)
    return found


def _drawn(session: Session, rollout_id: UUID, *, now: datetime) -> RolledOut:
    found = existing(session, rollout_id)
    settling.redraw(session, found, now=now)
    return RolledOut(found)
