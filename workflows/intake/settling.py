"""Take over what approvals decided about a use case: its state, or what becomes of a change somebody asked for."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from db.enums import PENDING, OutboxKind, RequestStatus, SuspensionCause, UseCaseState
from db.queries import intake as stored
from db.queries.intake import Standing
from db.session import Session
from db.tables import UseCaseSuspension
from workflows import checkins, ledger, outbox, people
from workflows.intake import reading
from workflows.intake.rules import Became
from workflows.ledger import Fact, LedgerKind
from workflows.outbox import Promise
from workflows.people import Actor

_STATES: Final = {
    RequestStatus.IN_REVIEW: UseCaseState.IN_REVIEW,
    RequestStatus.CHANGES_REQUESTED: UseCaseState.CHANGES_REQUESTED,
    RequestStatus.APPROVED: UseCaseState.APPROVED,
    RequestStatus.REJECTED: UseCaseState.REJECTED,
    RequestStatus.WITHDRAWN: UseCaseState.WITHDRAWN,
    RequestStatus.EXPIRED: UseCaseState.EXPIRED,
}

LIFTED_BY_APPROVAL: Final = frozenset(
    {
        SuspensionCause.TIER_ROSE,
        SuspensionCause.APPROVAL_LAPSED,
        SuspensionCause.BREAK_GLASS_ENDED,
        SuspensionCause.AUDIT_FAILED,
    }
)
"""What people who look at it again can put right; a condition is overdue until it is met or waived."""


def settle(session: Session, use_case_id: UUID, status: RequestStatus, *, actor: Actor | None, now: datetime) -> Became:
    """Take over what became of the request about a use case, in the same transaction. Without an actor the policy did.

    While a change of something approved is asked for, the request is about that change: approved, the new text is in
    force and what was suspended for it goes on; ended otherwise, everything stays as it was. What break-glass let
    through stays what it is until the request has ended. Returns what this was for the use case.
    """
    standing = _standing(session, use_case_id)
    if standing.pending_revision is not None:
        if status not in PENDING:
            _settle_change(session, use_case_id, standing, status, actor=actor, now=now)
        return Became.CHANGE_FOLLOWED
    if standing.provisional:
        if status in PENDING:
            return Became.AS_ITS_REQUEST
        _end_provision(session, use_case_id, standing, status, actor=actor, now=now)
        return Became.PROVISION_ENDED
    state = _STATES[status]
    if state is not standing.state:
        stored.set_state(session, use_case_id, state, version=standing.version)
        _record(session, use_case_id, [_moved(standing.state, state)], actor=actor, now=now)
    return Became.AS_ITS_REQUEST


def allow(session: Session, use_case_id: UUID, *, actor: Actor, now: datetime) -> None:
    """Let a use case go ahead before its request is decided, for now. The caller holds that request."""
    standing = _standing(session, use_case_id)
    if standing.provisional or standing.pending_revision is not None:
        raise LookupError(f"use case {use_case_id} goes ahead already")
    values = {"state": UseCaseState.APPROVED, "provisional": True}
    stored.update_use_case(session, use_case_id, version=standing.version, values=values)
    fact = _moved(standing.state, UseCaseState.APPROVED, provisional=True)
    _record(session, use_case_id, [fact], actor=actor, now=now)


def move(session: Session, use_case_id: UUID, state: UseCaseState, *, actor: Actor, now: datetime) -> None:
    """Take a use case on to `state`, the next one of its life. The caller holds it, and knows that it lacks nothing.

    Raises LookupError for what is suspended, or there by break-glass: neither ever moves on.
    """
    standing = _standing(session, use_case_id)
    if standing.provisional or standing.state is UseCaseState.SUSPENDED:
        raise LookupError(f"use case {use_case_id} may not move on as it is")
    stored.set_state(session, use_case_id, state, version=standing.version)
    _record(session, use_case_id, [_moved(standing.state, state)], actor=actor, now=now)


def suspend(
    session: Session,
    use_case_id: UUID,
    cause: SuspensionCause,
    *,
    about: UUID | None = None,
    reason: tuple[UUID, str] | None = None,
    actor: Actor | None,
    now: datetime,
) -> None:
    """Stop a use case for this cause, and tell its owner and sponsor; one that is stopped already gets one cause more.

    `about` is what it comes from, a condition for example: stopped for that already, nothing changes. `reason` is what
    somebody wrote who stops it by hand: the text's id, and its digest. The caller holds the use case's request, or the
    use case.
    """
    standing = _standing(session, use_case_id)
    if about and any(row.about_id == about for row in stored.suspensions_of(session, [use_case_id])):
        return
    text_id, digest = reason or (None, None)
    stored.insert_suspension(session, use_case_id, cause, about=about or text_id, at=now)
    values: dict[str, object] = {}
    said = _cause(cause, about) | ({"reason": digest} if digest else {})
    facts = [Fact(LedgerKind.USE_CASE_SUSPENDED, said)]
    if standing.state is not UseCaseState.SUSPENDED:
        values = {"state": UseCaseState.SUSPENDED, "suspended_from": standing.state}
        facts.append(_moved(standing.state, UseCaseState.SUSPENDED))
    stored.update_use_case(session, use_case_id, version=standing.version, values=values)
    _record(session, use_case_id, facts, actor=actor, now=now)
    _tell(session, use_case_id, cause.value, reason=text_id, now=now)


def lift(
    session: Session,
    use_case_id: UUID,
    causes: Collection[SuspensionCause],
    *,
    about: UUID | None = None,
    actor: Actor | None,
    now: datetime,
) -> bool:
    """Lift these causes; return whether nothing else holds a use case up, so that it goes on as what it was before.

    With `about` only what comes from that. What was not suspended for any of them stays as it is, and is False.
    """
    standing = _standing(session, use_case_id)
    rows = stored.suspensions_of(session, [use_case_id])
    lifted = [row for row in rows if row.cause in causes and about in (None, row.about_id)]
    if not lifted:
        return False
    facts = _lift(session, lifted, now=now)
    before = standing.suspended_from
    if len(lifted) < len(rows) or before is None:
        _record(session, use_case_id, facts, actor=actor, now=now)
        return False
    values = {"state": before, "suspended_from": None}
    stored.update_use_case(session, use_case_id, version=standing.version, values=values)
    _record(session, use_case_id, [*facts, _moved(UseCaseState.SUSPENDED, before)], actor=actor, now=now)
    _tell(session, use_case_id, "resumed", now=now)
    return True


def follow_conditions(
    session: Session, use_case_id: UUID, *, any_to_meet: bool, actor: Actor | None, now: datetime
) -> None:
    """Let what is approved be approved with conditions while one is to be met, and plainly approved once none is.

    What is suspended goes on as that; what is in use already, or not approved, stays as it is. The caller holds the use
    case's request.
    """
    standing = _standing(session, use_case_id)
    approved, conditional = UseCaseState.APPROVED, UseCaseState.APPROVED_WITH_CONDITIONS
    before, after = (approved, conditional) if any_to_meet else (conditional, approved)
    if standing.state is before:
        stored.set_state(session, use_case_id, after, version=standing.version)
        _record(session, use_case_id, [_moved(before, after)], actor=actor, now=now)
    elif standing.suspended_from is before:
        stored.update_use_case(session, use_case_id, version=standing.version, values={"suspended_from": after})


def hold_until(session: Session, use_case_id: UUID, day: date, *, actor: Actor | None, now: datetime) -> None:
    """Let an approval hold until the end of `day`, in its owner's zone. The caller holds the use case.

    `actor` is who says so, None where it follows from the approval.
    """
    standing = _standing(session, use_case_id)
    stored.update_use_case(session, use_case_id, version=standing.version, values={"valid_until": day})
    fact = Fact(LedgerKind.USE_CASE_HOLDS_UNTIL, {"day": day.isoformat()})
    _record(session, use_case_id, [fact], actor=actor, now=now)


def retire(session: Session, use_case_id: UUID, reason: tuple[UUID, str], *, actor: Actor, now: datetime) -> None:
    """End the life of a use case that nothing is asked about, and tell its owner and sponsor. The caller holds it.

    A change the policy refused cannot be corrected any more. `reason` is the text's id and its digest.
    """
    standing = _standing(session, use_case_id)
    text_id, digest = reason
    facts = _lift_all(session, use_case_id, now=now)
    values = {"state": UseCaseState.RETIRED, "suspended_from": None, "pending_revision": None}
    stored.update_use_case(session, use_case_id, version=standing.version, values=values)
    facts += [_dropped(standing.pending_revision, RequestStatus.REJECTED)] if standing.pending_revision else []
    facts += [
        Fact(LedgerKind.USE_CASE_RETIRED, {"reason": digest}),
        _moved(standing.state, UseCaseState.RETIRED),
    ]
    _record(session, use_case_id, facts, actor=actor, now=now)
    _tell(session, use_case_id, "retired", reason=text_id, now=now)


def _lift_all(session: Session, use_case_id: UUID, *, now: datetime) -> list[Fact]:
    return _lift(session, stored.suspensions_of(session, [use_case_id]), now=now)


def _lift(session: Session, rows: Sequence[UseCaseSuspension], *, now: datetime) -> list[Fact]:
    """Lift these causes; return what is to be recorded of it."""
    stored.lift_suspensions(session, [row.id for row in rows], at=now)
    return [Fact(LedgerKind.USE_CASE_CAUSE_LIFTED, _cause(row.cause, row.about_id)) for row in rows]


def _settle_change(
    session: Session,
    use_case_id: UUID,
    standing: Standing,
    status: RequestStatus,
    *,
    actor: Actor | None,
    now: datetime,
) -> None:
    pending = standing.pending_revision
    if status is not RequestStatus.APPROVED:
        stored.update_use_case(session, use_case_id, version=standing.version, values={"pending_revision": None})
        _record(session, use_case_id, [_dropped(pending, status)], actor=actor, now=now)
        return
    values = {"revision": pending, "pending_revision": None}
    stored.update_use_case(session, use_case_id, version=standing.version, values=values)
    _record(session, use_case_id, [Fact(LedgerKind.USE_CASE_CHANGED, {"revision": pending})], actor=actor, now=now)
    lift(session, use_case_id, LIFTED_BY_APPROVAL, actor=actor, now=now)


def _end_provision(
    session: Session,
    use_case_id: UUID,
    standing: Standing,
    status: RequestStatus,
    *,
    actor: Actor | None,
    now: datetime,
) -> None:
    """Approve for good what break-glass let through, also where its time was up; else it ends, suspended or not."""
    if status is RequestStatus.APPROVED:
        stored.update_use_case(session, use_case_id, version=standing.version, values={"provisional": False})
        fact = _moved(standing.state, standing.state, provisional=False)
        _record(session, use_case_id, [fact], actor=actor, now=now)
        lift(session, use_case_id, LIFTED_BY_APPROVAL, actor=actor, now=now)
        return
    lifted, state = _lift_all(session, use_case_id, now=now), _STATES[status]
    values = {"state": state, "suspended_from": None, "provisional": False}
    stored.update_use_case(session, use_case_id, version=standing.version, values=values)
    facts = [*lifted, _moved(standing.state, state, provisional=False)]
    _record(session, use_case_id, facts, actor=actor, now=now)


def _standing(session: Session, use_case_id: UUID) -> Standing:
    standing = stored.standing_of(session, use_case_id)
    if standing is None:
        raise LookupError(f"no use case {use_case_id}")
    return standing


def _cause(cause: SuspensionCause, about: UUID | None) -> dict[str, ledger.Value]:
    told: dict[str, ledger.Value] = {"cause": cause.value}
    return told | ({"about": str(about)} if about else {})


def _tell(session: Session, use_case_id: UUID, what: str, *, reason: UUID | None = None, now: datetime) -> None:
    """Tell owner and sponsor that the use case stops, or goes on; who is asked for its numbers sees so too."""
    use_case = reading.use_case_of(session, use_case_id)
    if use_case is None:
        raise LookupError(f"no use case {use_case_id}")
    told = people.named(session, {use_case.owner.id, use_case.sponsor.id}).values()
    payload = {"what": what} | ({"reason": str(reason)} if reason else {})
    news = [Promise(OutboxKind.SUSPENDED, each.slack_id, use_case_id, payload) for each in told]
    homes = [
        Promise(OutboxKind.HOME_SYNC, outbox.home_of(each.slack_id), each.id)
        for each in people.with_home_open(session, [person.id for person in told])
    ]
    outbox.promise(session, [*news, *homes], now=now)
    checkins.redraw_asked(session, use_case_id, now=now)


def _dropped(revision: int | None, status: RequestStatus) -> Fact:
    return Fact(LedgerKind.USE_CASE_CHANGE_DROPPED, {"revision": revision, "status": status.value})


def _moved(before: UseCaseState, after: UseCaseState, *, provisional: bool | None = None) -> Fact:
    """Return the fact; `provisional` is said where break-glass has a part in it."""
    told: dict[str, ledger.Value] = {"from": before.value, "to": after.value}
    told |= {} if provisional is None else {"provisional": provisional}
    return Fact(LedgerKind.USE_CASE_STATE_CHANGED, told)


def _record(session: Session, use_case_id: UUID, facts: list[Fact], *, actor: Actor | None, now: datetime) -> None:
    ledger.record(session, reading.stream_of(use_case_id), facts, actor=actor.id if actor else None, now=now)
