"""What conditions do to what they are about: it is approved with them, stops when one is overdue, and goes on again.

Conditions know subjects by kind and id; here a kind is matched to the feature that answers for it.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from db.enums import PENDING, RequestStatus, SuspensionCause
from db.session import Session
from workflows import approvals, conditions, intake
from workflows.conditions import ConditionSnapshot, Evidence, Moved, NotDone
from workflows.people import Actor


def answerable(session: Session, kind: str, subject_id: UUID) -> Sequence[UUID]:
    """Return who answers for a subject besides its approvers, its owner first; nobody where no feature says so."""
    return intake.owner_and_sponsor(session, subject_id) if kind == intake.SUBJECT_KIND else ()


def follow(
    session: Session, kind: str, subject_id: UUID, status: RequestStatus, *, actor: Actor | None, now: datetime
) -> None:
    """Do what the end of a request does to the conditions set in it, once its feature has taken it over.

    Approved, those whose votes count are in force; else they are dropped. What is not approved any more has none.
    """
    if status in PENDING:
        return
    if status is RequestStatus.APPROVED:
        conditions.bring_into_force(session, kind, subject_id, now=now)
    else:
        conditions.drop_proposed(session, kind, subject_id, now=now)
    if kind != intake.SUBJECT_KIND:
        return
    if intake.state_of(session, subject_id) not in intake.CHANGEABLE:
        if not _may_be_corrected(session, subject_id):
            drop(session, kind, subject_id, now=now)
        return
    for each in conditions.in_force(session, kind, [subject_id]).get(subject_id, ()):
        if each.holds_up:
            _hold_up(session, each, now=now)
    _keep_state(session, subject_id, actor=actor, now=now)


def drop(session: Session, kind: str, subject_id: UUID, *, now: datetime) -> int:
    """Drop every condition nobody has met, because what it was about has ended; return how many that were.

    The caller holds a request about it.
    """
    return conditions.drop_all(session, kind, subject_id, now=now)


def offer(session: Session, condition_id: UUID, evidence: Evidence, *, actor: Actor, now: datetime) -> Moved | NotDone:
    """Give evidence that a condition is met, for its owner or whoever answers for what it is about."""
    found = conditions.condition_of(session, condition_id)
    able = answerable(session, found.subject_kind, found.subject_id) if found else ()
    return conditions.offer(session, condition_id, evidence, actor=actor, answerable=able, now=now)


def accept(session: Session, condition_id: UUID, *, seen: UUID, actor: Actor, now: datetime) -> Moved | NotDone:
    """Accept evidence for a lane; what was held up goes on once the condition is met."""
    return _done(session, conditions.accept(session, condition_id, seen=seen, actor=actor, now=now), actor, now=now)


def find_wanting(
    session: Session, condition_id: UUID, reason: str, *, seen: UUID, actor: Actor, now: datetime
) -> Moved | NotDone:
    """Say that evidence is not enough. While it lay with the lane the condition was not overdue; now it may be."""
    outcome = conditions.find_wanting(session, condition_id, reason, seen=seen, actor=actor, now=now)
    return _done(session, outcome, actor, now=now)


def waive(session: Session, condition_id: UUID, reason: str, *, actor: Actor, now: datetime) -> Moved | NotDone:
    """Let a condition go for a lane; what was held up goes on when nothing overdue is left of it."""
    return _done(session, conditions.waive(session, condition_id, reason, actor=actor, now=now), actor, now=now)


def anything_due(session: Session, *, now: datetime) -> bool:
    """Say whether `run` would do something; reads only."""
    return conditions.anything_due(session, partial(answerable, session), now=now)


def run(session: Session, *, now: datetime) -> int:
    """Pass on what people who left had to meet, remind, and stop what an overdue condition stands in the way of.

    Returns how many conditions it concerned.
    """
    done = conditions.pass_on(session, partial(answerable, session), now=now)
    due, overdue = conditions.run(session, partial(answerable, session), now=now)
    for each in overdue:
        _follow_condition(session, each.now, None, now=now)
    return done + due


def _may_be_corrected(session: Session, use_case_id: UUID) -> bool:
    """Say whether a line of the policy refused it: a corrected answer does not rid it of what people asked for."""
    latest = approvals.latest_about(session, intake.SUBJECT_KIND, [use_case_id]).get(use_case_id)
    return latest is not None and latest.status is RequestStatus.REJECTED and latest.last_vote() is None


def _done(session: Session, outcome: Moved | NotDone, actor: Actor, *, now: datetime) -> Moved | NotDone:
    if isinstance(outcome, NotDone):
        return outcome
    after = outcome.now
    if conditions.is_past(after, now=now):
        after = conditions.fall_due(session, after, partial(answerable, session), now=now).now
    _follow_condition(session, after, actor, now=now)
    return Moved(outcome.before, after, outcome.lanes)


def _follow_condition(session: Session, condition: ConditionSnapshot, actor: Actor | None, *, now: datetime) -> None:
    """Bring what a condition is about in line with it."""
    if condition.subject_kind != intake.SUBJECT_KIND:
        return
    if condition.holds_up:
        _hold_up(session, condition, now=now)
        return
    cause = SuspensionCause.CONDITION_OVERDUE
    intake.lift(session, condition.subject_id, [cause], about=condition.id, actor=actor, now=now)
    if condition.settled_at is not None:
        _keep_state(session, condition.subject_id, actor=actor, now=now)


def _hold_up(session: Session, condition: ConditionSnapshot, *, now: datetime) -> None:
    """Suspend what is approved; what is in review again, or has ended, nobody may use anyway."""
    if intake.state_of(session, condition.subject_id) in intake.CHANGEABLE:
        cause = SuspensionCause.CONDITION_OVERDUE
        intake.suspend(session, condition.subject_id, cause, about=condition.id, actor=None, now=now)


def _keep_state(session: Session, use_case_id: UUID, *, actor: Actor | None, now: datetime) -> None:
    to_meet = conditions.any_to_meet(session, intake.SUBJECT_KIND, use_case_id)
    intake.follow_conditions(session, use_case_id, any_to_meet=to_meet, actor=actor, now=now)
