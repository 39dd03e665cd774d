"""End break-glass: because its time is up, because the request was decided, or because nobody agreed."""

from datetime import datetime
from uuid import UUID

from db.enums import PENDING, BreakGlassStatus, RequestStatus, SuspensionCause
from db.queries import breaking_glass as stored
from db.session import Session
from workflows import approvals, intake
from workflows.approvals import RequestSnapshot
from workflows.breaking_glass import telling
from workflows.breaking_glass.calling import change, record
from workflows.breaking_glass.reading import glass_of
from workflows.breaking_glass.rules import ANSWER_WITHIN
from workflows.breaking_glass.snapshots import GlassSnapshot
from workflows.breaking_glass.telling import Told
from workflows.ledger import LedgerKind
from workflows.people import Actor


def anything_due(session: Session, *, now: datetime) -> bool:
    """Say whether `end_due` would end something; reads only."""
    return bool(_due(session, now=now))


def end_due(session: Session, *, now: datetime) -> int:
    """Suspend what nobody approved while it was let through, and end the calls nobody agreed to; return how many.

    Each ends once, however many processes run this: the request is locked, and what was faster is seen.
    """
    return sum(_end(session, glass_id, request_id, now=now) for glass_id, request_id in _due(session, now=now))


def follow(
    session: Session,
    subject_kind: str,
    subject_id: UUID,
    status: RequestStatus,
    *,
    actor: Actor | None,
    now: datetime,
) -> None:
    """End what is open about a subject whose request has ended, once its feature has taken that over.

    Approved: it was right to let it through. Ended otherwise: everybody is told that it must stop now, also where its
    time was up before. The caller holds the request.
    """
    for row in stored.unsettled_about(session, subject_kind, subject_id):
        glass, request = glass_of(session, row.id), approvals.existing_request(session, row.request_id)
        if glass is None:
            continue
        is_approved = status is RequestStatus.APPROVED
        if glass.status is BreakGlassStatus.CALLED:
            _overtake(session, glass, Told.DECIDED, now=now)
        elif glass.status is BreakGlassStatus.ENDED:
            stored.change(session, glass.id, before=glass.status, values={"settled_at": now})
            if not is_approved:
                telling.tell_everybody(session, request, glass, Told.REFUSED, without=(), now=now)
        elif is_approved:
            change(session, glass, BreakGlassStatus.RATIFIED, {"settled_at": now})
            record(session, glass, LedgerKind.BREAK_GLASS_RATIFIED, {}, actor=actor, now=now)
            known = {request.requester.id}  # who proposed it gets the decision itself
            telling.tell_everybody(session, request, glass, Told.RATIFIED, without=known, now=now)
        else:
            change(session, glass, BreakGlassStatus.REFUSED, {"settled_at": now})
            told = {"status": status.value}
            record(session, glass, LedgerKind.BREAK_GLASS_REFUSED, {**told}, actor=actor, now=now)
            telling.tell_everybody(session, request, glass, Told.REFUSED, without=(), now=now)


def _due(session: Session, *, now: datetime) -> list[tuple[UUID, UUID]]:
    return list(stored.due(session, now=now, unanswered_since=now - ANSWER_WITHIN))


def _end(session: Session, glass_id: UUID, request_id: UUID, *, now: datetime) -> bool:
    request, glass = approvals.held_request(session, request_id), glass_of(session, glass_id)
    if request is None or glass is None or (glass_id, request_id) not in _due(session, now=now):
        return False  # somebody was faster
    if glass.status is BreakGlassStatus.CALLED:
        is_undecided = request.status in PENDING
        _overtake(session, glass, Told.UNANSWERED if is_undecided else Told.DECIDED, now=now)
    else:
        _time_up(session, request, glass, now=now)
    return True


def _time_up(session: Session, request: RequestSnapshot, glass: GlassSnapshot, *, now: datetime) -> None:
    """Suspend it. Nothing is left of the break-glass once its request has ended too."""
    change(session, glass, BreakGlassStatus.ENDED, {})
    record(session, glass, LedgerKind.BREAK_GLASS_ENDED, {}, actor=None, now=now)
    cause = SuspensionCause.BREAK_GLASS_ENDED
    intake.suspend(session, glass.subject_id, cause, about=glass.id, actor=None, now=now)
    use_case = intake.use_case_of(session, glass.subject_id)
    known = {use_case.owner.id, use_case.sponsor.id} if use_case else set()  # who are told to stop it
    telling.tell_everybody(session, request, glass, Told.ENDED, without=known, now=now)


def _overtake(session: Session, glass: GlassSnapshot, why: Told, *, now: datetime) -> None:
    change(session, glass, BreakGlassStatus.OVERTAKEN, {"settled_at": now})
    record(session, glass, LedgerKind.BREAK_GLASS_LAPSED, {"why": why.value}, actor=None, now=now)
    telling.tell_of_call(session, glass, telling.news_of(glass, why, [glass.called_by]), now=now)
