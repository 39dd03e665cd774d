"""Hold a request and a person against the rules of break-glass, as they are stored now."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from db.enums import BreakGlassStatus
from db.queries import breaking_glass as stored
from db.session import Session
from workflows import approvals, intake, people
from workflows.approvals import RequestSnapshot
from workflows.breaking_glass import rules
from workflows.breaking_glass.reading import glasses_of
from workflows.breaking_glass.rules import NOT_AGAIN_WITHIN, WAS_IN_FORCE, Case, NoGlass, Part
from workflows.breaking_glass.snapshots import Ways
from workflows.people import BREAK_GLASS, Actor

MayRead = Callable[[RequestSnapshot, UUID], bool]
"""Whether somebody may read what a request is about; who calls this layer knows."""


def ways_of(session: Session, request: RequestSnapshot, person_id: UUID, *, may_read: MayRead, now: datetime) -> Ways:
    """Return what this person can do about break-glass for a request; nothing for who does not hold its role."""
    if BREAK_GLASS not in people.roles_of(session, person_id):
        return Ways()
    waiting = (each for each in glasses_of(session, request.id) if each.status is BreakGlassStatus.CALLED)
    call = next((each for each in waiting if person_id in (each.called_by.id, each.second.id)), None)
    may_call = (why_not_it(session, request, now=now) or why_not_they(session, request, person_id, may_read)) is None
    return Ways(may_call, call)


def seconds_for(session: Session, request: RequestSnapshot, caller_id: UUID, *, may_read: MayRead) -> tuple[Actor, ...]:
    """Return who else may agree that a request goes ahead by break-glass, in the order they got the role."""
    holders = (each for each in people.holders_of(session, BREAK_GLASS) if each.id != caller_id)
    return tuple(each for each in holders if why_not_they(session, request, each.id, may_read) is None)


def why_not_it(
    session: Session, request: RequestSnapshot, *, now: datetime, answers_call: bool = False
) -> NoGlass | None:
    """Return why a request does not go ahead by break-glass; `answers_call`: one waits and is being answered."""
    statuses = [each.status for each in stored.of_request(session, request.id)]
    is_use_case = request.subject_kind == intake.SUBJECT_KIND
    lineage = intake.lineage(session, request.subject_id) if is_use_case else []
    case = Case(
        status=request.status,
        tier=request.tier,
        kind_goes=is_use_case,
        is_change=request.is_change,
        is_called=BreakGlassStatus.CALLED in statuses and not answers_call,
        was_used=not WAS_IN_FORCE.isdisjoint(statuses),
        was_used_before=stored.was_in_force_since(session, lineage, now - NOT_AGAIN_WITHIN) if lineage else False,
    )
    return rules.why_not_it(case)


def why_not_they(session: Session, request: RequestSnapshot, person_id: UUID, may_read: MayRead) -> NoGlass | None:
    """Return why this person may be neither of the two for this request, or None when they may."""
    part = Part(
        holds_role=any(each.id == person_id for each in people.holders_of(session, BREAK_GLASS)),
        may_read=may_read(request, person_id),
        excluded=request.excluded.get(person_id),
        has_voted=person_id in approvals.voters_of(session, request.id),
        is_asked=request.is_asked(person_id),
    )
    return rules.why_not_they(part)
