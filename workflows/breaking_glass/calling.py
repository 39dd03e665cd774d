"""Call break-glass, and answer the call: two named people let something go ahead before it is approved."""

from datetime import datetime, timedelta
from uuid import UUID

from db.enums import BreakGlassStatus, Exclusion, OutboxKind
from db.ids import new_id
from db.queries import breaking_glass as stored
from db.session import Session
from workflows import approvals, intake, ledger
from workflows.approvals import RequestSnapshot
from workflows.breaking_glass import rules, telling
from workflows.breaking_glass.judging import MayRead, why_not_it, why_not_they
from workflows.breaking_glass.reading import glass_of
from workflows.breaking_glass.rules import NoGlass
from workflows.breaking_glass.snapshots import At, Form, GlassSnapshot, Refused
from workflows.breaking_glass.states import BREAK_GLASS
from workflows.breaking_glass.telling import Told
from workflows.ledger import Fact, LedgerKind
from workflows.outbox import Promise
from workflows.people import Actor


def call(
    session: Session, request_id: UUID, form: Form, *, caller: Actor, may_read: MayRead, now: datetime
) -> GlassSnapshot | Refused:
    """Ask a second person to agree that a request goes ahead for some hours. Nothing goes ahead before they do.

    The request is locked. Refused to who may be neither of the two, to a second who may not be one, and where
    break-glass is not for it; each refusal names the field it stands at.
    """
    request = approvals.held_request(session, request_id)
    if request is None or (request.confidential and not may_read(request, caller.id)):
        return Refused(NoGlass.UNKNOWN)
    why = why_not_it(session, request, now=now) or why_not_they(session, request, caller.id, may_read)
    if why is not None:
        return Refused(why)
    hours, wrong = rules.hours_of(form.hours), _wrong_in(session, request, form, caller, may_read)
    if wrong is not None or hours is None or form.second_id is None:
        return wrong or Refused(NoGlass.HOURS, At.HOURS)
    reason_id, digest = ledger.write_text(session, form.reason, by=caller.id, now=now)
    glass_id = new_id()
    BREAK_GLASS.require(None, BreakGlassStatus.CALLED)
    stored.insert_glass(
        session,
        {
            "id": glass_id,
            "request_id": request.id,
            "subject_kind": request.subject_kind,
            "subject_id": request.subject_id,
            "called_by": caller.id,
            "called_at": now,
            "second_id": form.second_id,
            "hours": hours,
            "reason_id": reason_id,
            "status": BreakGlassStatus.CALLED,
        },
    )
    glass = _existing(session, glass_id)
    told: dict[str, ledger.Value] = {"second": str(form.second_id), "hours": hours, "reason": digest}
    record(session, glass, LedgerKind.BREAK_GLASS_CALLED, told, actor=caller, now=now)
    news = [Promise(OutboxKind.BREAK_GLASS_ASKED, glass.second.slack_id, glass.id)]
    telling.tell_of_call(session, glass, news, now=now)
    return glass


def agree(
    session: Session, glass_id: UUID, *, actor: Actor, may_read: MayRead, now: datetime
) -> GlassSnapshot | Refused:
    """Let it go ahead from now on, for the hours that were called. Neither of the two votes on it any more.

    The request is locked, so what was decided or asked meanwhile counts: everything is judged again.
    """
    held = _held(session, glass_id)
    if held is None:
        return Refused(NoGlass.UNKNOWN)
    request, glass = held
    why = _why_not_answered(glass, actor, now=now) or why_not_it(session, request, now=now, answers_call=True)
    why = why or why_not_they(session, request, actor.id, may_read)
    if why is not None:
        return Refused(why, glass=glass)
    why = why_not_they(session, request, glass.called_by.id, may_read)
    if why is not None:
        return Refused(why, At.SECOND, glass)
    ends_at = now + timedelta(hours=glass.hours)
    change(session, glass, BreakGlassStatus.IN_FORCE, {"in_force_at": now, "ends_at": ends_at})
    approvals.bar(session, request.id, [glass.called_by.id, actor.id], Exclusion.BROKE_GLASS)
    intake.allow(session, request.subject_id, actor=actor, now=now)
    told: dict[str, ledger.Value] = {"called_by": str(glass.called_by.id), "ends": ledger.stamp(ends_at)}
    record(session, glass, LedgerKind.BREAK_GLASS_AGREED, told, actor=actor, now=now)
    glass = _existing(session, glass_id)
    telling.tell_everybody(session, request, glass, Told.IN_FORCE, without={actor.id}, now=now)
    return glass


def decline(session: Session, glass_id: UUID, *, actor: Actor, now: datetime) -> GlassSnapshot | Refused:
    """End a call because the second person does not agree; whoever made it is told."""
    held = _held(session, glass_id)
    if held is None:
        return Refused(NoGlass.UNKNOWN)
    _, glass = held
    why = _why_not_answered(glass, actor, now=now)
    if why is not None:
        return Refused(why, glass=glass)
    change(session, glass, BreakGlassStatus.DECLINED, {"settled_at": now})
    record(session, glass, LedgerKind.BREAK_GLASS_DECLINED, {}, actor=actor, now=now)
    telling.tell_of_call(session, glass, telling.news_of(glass, Told.DECLINED, [glass.called_by]), now=now)
    return _existing(session, glass_id)


def take_back(session: Session, glass_id: UUID, *, actor: Actor, now: datetime) -> GlassSnapshot | Refused:
    """End a call because whoever made it thinks better of it; the second person is told that nothing is asked."""
    held = _held(session, glass_id)
    if held is None:
        return Refused(NoGlass.UNKNOWN)
    _, glass = held
    if actor.id != glass.called_by.id:
        return Refused(NoGlass.NOT_YOURS, glass=glass)
    if glass.status is not BreakGlassStatus.CALLED:
        return Refused(NoGlass.OVER, glass=glass)
    change(session, glass, BreakGlassStatus.OVERTAKEN, {"settled_at": now})
    record(session, glass, LedgerKind.BREAK_GLASS_TAKEN_BACK, {}, actor=actor, now=now)
    telling.tell_of_call(session, glass, telling.news_of(glass, Told.TAKEN_BACK, [glass.second]), now=now)
    return _existing(session, glass_id)


def change(session: Session, glass: GlassSnapshot, after: BreakGlassStatus, values: dict[str, object]) -> None:
    """Write what becomes of a break-glass; the transaction fails unless it stands as `glass` says."""
    BREAK_GLASS.require(glass.status, after)
    stored.change(session, glass.id, before=glass.status, values={"status": after, **values})


def record(
    session: Session,
    glass: GlassSnapshot,
    kind: LedgerKind,
    data: dict[str, ledger.Value],
    *,
    actor: Actor | None,
    now: datetime,
) -> None:
    """Record a fact on the stream of the request, which the caller holds."""
    fact = Fact(kind, {"break_glass": str(glass.id), **data})
    by = actor.id if actor else None
    ledger.record(session, approvals.stream_of(glass.request_id), [fact], actor=by, now=now)


def _wrong_in(
    session: Session, request: RequestSnapshot, form: Form, caller: Actor, may_read: MayRead
) -> Refused | None:
    """Return the first thing that is wrong in the form besides its hours."""
    if not rules.is_reason(form.reason):
        return Refused(NoGlass.REASON_SHORT, At.REASON)
    if form.second_id is None or form.second_id == caller.id:
        return Refused(NoGlass.THEMSELVES, At.SECOND)
    why = why_not_they(session, request, form.second_id, may_read)
    return Refused(why, At.SECOND) if why is not None else None


def _why_not_answered(glass: GlassSnapshot, actor: Actor, *, now: datetime) -> NoGlass | None:
    if actor.id != glass.second.id:
        return NoGlass.NOT_YOURS
    is_waiting = glass.status is BreakGlassStatus.CALLED and now < glass.lapses_at
    return None if is_waiting else NoGlass.OVER


def _held(session: Session, glass_id: UUID) -> tuple[RequestSnapshot, GlassSnapshot] | None:
    """Lock the request first, then return it with the break-glass as it is under that lock."""
    found = stored.glass(session, glass_id)
    request = approvals.held_request(session, found.request_id) if found else None
    return (request, _existing(session, glass_id)) if request else None


def _existing(session: Session, glass_id: UUID) -> GlassSnapshot:
    glass = glass_of(session, glass_id)
    if glass is None:
        raise LookupError(f"break-glass {glass_id} was there and is gone")
    return glass
