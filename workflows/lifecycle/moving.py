"""Move use cases through their life: one step at a time, by who may, and only where nothing is lacking."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from db.enums import Membership, OutboxKind, SuspensionCause, UseCaseState, WorkstreamKind
from db.queries import configuration
from db.queries import intake as stored_intake
from db.queries import lifecycle as stored
from db.session import Session
from workflows import approvals, checkins, intake, ledger, outbox, people, policy
from workflows.intake import SUBJECT_KIND, UseCaseSnapshot
from workflows.ledger import Fact, LedgerKind
from workflows.lifecycle import reading, streams
from workflows.lifecycle.hearing import asked_at
from workflows.lifecycle.rules import leads_to, why_not
from workflows.lifecycle.snapshots import Moved, NotMoved, Why
from workflows.lifecycle.states import FORWARD, Move
from workflows.outbox import Promise
from workflows.people import LEAD, Actor

_TOLD_BY_INTAKE = frozenset({Move.SUSPEND, Move.RESUME, Move.RETIRE})
"""Of these owner and sponsor hear from intake, which does the same for the clock."""


def who_may(session: Session, use_case: UseCaseSnapshot, move: Move) -> tuple[Actor, ...]:
    """Return who may move a use case so: its owner (its sponsor once they left) and leads; stop it the sponsor too."""
    is_stop = move in (Move.SUSPEND, Move.RESUME)
    named = [reading.owner_now(use_case), *([use_case.sponsor] if is_stop else [])]
    able = [each for each in named if each.membership is Membership.MEMBER]
    return tuple({each.id: each for each in (*able, *people.holders_of(session, LEAD))}.values())


def may_move(session: Session, use_case_id: UUID, move: Move, *, actor: Actor, now: datetime) -> NotMoved | None:
    """Return why this person cannot move a use case so now, or None; reads only."""
    use_case = intake.use_case_of(session, use_case_id)
    if use_case is None or use_case.state not in (*intake.CHANGEABLE, UseCaseState.RETIRED):
        return NotMoved(Why.UNKNOWN, move)
    able = who_may(session, use_case, move)
    if actor.id not in {each.id for each in able}:
        return NotMoved(Why.NOT_YOURS, move, use_case, who_may=able)
    missing = why_not(move, reading.facts_of(session, [use_case], now=now)[use_case_id])
    return NotMoved(Why.LACKING, move, use_case, missing, able) if missing else None


def move_on(session: Session, use_case_id: UUID, move: Move, *, actor: Actor, now: datetime) -> Moved | NotMoved:
    """Make a move that leads on, or say what is lacking. The use case is locked, and its workstreams.

    Of several who deploy at once while one place is free, one gets it: the counters are locked first.
    """
    if move not in FORWARD:
        raise LookupError(f"{move} does not lead on")
    if move is Move.DEPLOY:
        configuration.hold_counters(session)
    if stored_intake.lock(session, use_case_id) is None:
        return NotMoved(Why.UNKNOWN, move)
    stored.lock_workstreams(session, use_case_id)
    refused = may_move(session, use_case_id, move, actor=actor, now=now)
    use_case = intake.use_case_of(session, use_case_id)
    if refused is not None or use_case is None:
        return refused or NotMoved(Why.UNKNOWN, move)
    state = leads_to(move, use_case.state)
    intake.move(session, use_case_id, state, actor=actor, now=now)
    stored.insert_stage(session, use_case_id, state, by=actor.id, at=now)
    if move is Move.DEPLOY:
        _begin(session, use_case, actor=actor, now=now)
    tell(session, use_case, move, actor=actor, now=now)
    return _moved(session, use_case_id, move)


def suspend(session: Session, use_case_id: UUID, reason: str, *, actor: Actor, now: datetime) -> Moved | NotMoved:
    """Stop a use case by hand, with a reason its owner and sponsor read. The use case is locked."""
    refused = _held(session, use_case_id, Move.SUSPEND, actor=actor, now=now)
    use_case = intake.use_case_of(session, use_case_id)
    if refused is not None or use_case is None:
        return refused or NotMoved(Why.UNKNOWN, Move.SUSPEND)
    if not reason.strip():
        return NotMoved(Why.REASON_MISSING, Move.SUSPEND, use_case)
    written = ledger.write_text(session, reason.strip(), by=actor.id, now=now)
    intake.suspend(session, use_case_id, SuspensionCause.BY_HAND, reason=written, actor=actor, now=now)
    tell(session, use_case, Move.SUSPEND, actor=actor, reason=written[0], now=now)
    return _moved(session, use_case_id, Move.SUSPEND)


def resume(session: Session, use_case_id: UUID, *, actor: Actor, now: datetime) -> Moved | NotMoved:
    """Let go on what was stopped by hand. The use case is locked; whatever else holds it up still does."""
    refused = _held(session, use_case_id, Move.RESUME, actor=actor, now=now)
    use_case = intake.use_case_of(session, use_case_id)
    if refused is not None or use_case is None:
        return refused or NotMoved(Why.UNKNOWN, Move.RESUME)
    intake.lift(session, use_case_id, [SuspensionCause.BY_HAND], actor=actor, now=now)
    tell(session, use_case, Move.RESUME, actor=actor, now=now)
    return _moved(session, use_case_id, Move.RESUME)


def retire(session: Session, use_case_id: UUID, reason: str, *, actor: Actor, now: datetime) -> Moved | NotMoved:
    """End the life of a use case about which nothing is asked any more. The use case is locked.

    `reactions.retire_by_hand` takes back what is asked about it first, and does what follows.
    """
    refused = _held(session, use_case_id, Move.RETIRE, actor=actor, now=now)
    use_case = intake.use_case_of(session, use_case_id)
    if refused is not None or use_case is None:
        return refused or NotMoved(Why.UNKNOWN, Move.RETIRE)
    if not reason.strip():
        return NotMoved(Why.REASON_MISSING, Move.RETIRE, use_case)
    written = ledger.write_text(session, reason.strip(), by=actor.id, now=now)
    intake.retire(session, use_case_id, written, actor=actor, now=now)
    retired(session, use_case, actor=actor, reason=written[0], now=now)
    return _moved(session, use_case_id, Move.RETIRE)


def retired(
    session: Session, use_case: UseCaseSnapshot, *, actor: Actor, reason: UUID | None = None, now: datetime
) -> None:
    """Do what it means here that a use case was retired, by hand or as its owner's answer. The caller holds it."""
    stored.insert_stage(session, use_case.id, UseCaseState.RETIRED, by=actor.id, at=now)
    tell(session, use_case, Move.RETIRE, actor=actor, reason=reason, now=now)


def tell(
    session: Session,
    use_case: UseCaseSnapshot,
    move: Move,
    *,
    actor: Actor,
    reason: UUID | None = None,
    now: datetime,
) -> None:
    """Tell owner, sponsor and leads of a move, and promise everything that shows it drawn anew."""
    leads, two = people.holders_of(session, LEAD), (use_case.owner, use_case.sponsor)
    told = {each.id: each for each in (*two, *leads) if each.membership is Membership.MEMBER}
    besides = {actor.id, *(each.id for each in two if move in _TOLD_BY_INTAKE)}
    payload = {"move": move.value, "by": str(actor.id)} | ({"reason": str(reason)} if reason else {})
    news = [
        Promise(OutboxKind.MOVED, each.slack_id, use_case.id, payload)
        for each in told.values()
        if each.id not in besides
    ]
    outbox.promise(session, news, now=now)
    tasks = [
        task for each in streams.workstreams_of(session, [use_case.id]).get(use_case.id, ()) for task in each.tasks
    ]
    shows = {*told, use_case.proposer.id, *(each.owner.id for each in tasks)}
    redraw(session, use_case.id, shows, now=now)


def redraw(session: Session, use_case_id: UUID, shows: Iterable[UUID], *, now: datetime) -> None:
    """Promise the cards of a use case, what is asked about its numbers, and these people's Homes drawn anew."""
    request = approvals.latest_about(session, SUBJECT_KIND, [use_case_id]).get(use_case_id)
    approvals.redraw_for(session, request.id if request else None, now=now)
    homes(session, shows, now=now)
    checkins.redraw_asked(session, use_case_id, now=now)


def homes(session: Session, ids: Iterable[UUID], *, now: datetime) -> None:
    """Promise the Homes of these people drawn anew, where they ever opened it."""
    opened = people.with_home_open(session, list(set(ids)))
    promises = [Promise(OutboxKind.HOME_SYNC, outbox.home_of(each.slack_id), each.id) for each in opened]
    outbox.promise(session, promises, now=now)


def _held(session: Session, use_case_id: UUID, move: Move, *, actor: Actor, now: datetime) -> NotMoved | None:
    """Lock a use case; return why this person cannot move it so."""
    if stored_intake.lock(session, use_case_id) is None:
        return NotMoved(Why.UNKNOWN, move)
    return may_move(session, use_case_id, move, actor=actor, now=now)


def _begin(session: Session, use_case: UseCaseSnapshot, *, actor: Actor, now: datetime) -> None:
    """Begin both workstreams and the clock of the first value."""
    owner = reading.owner_now(use_case)
    for kind in WorkstreamKind:
        workstream_id = stored.insert_workstream(session, use_case.id, kind, owner.id)
        data: dict[str, ledger.Value] = {"use_case": str(use_case.id), "kind": kind.value, "owner": str(owner.id)}
        fact = Fact(LedgerKind.WORKSTREAM_BEGUN, data)
        ledger.record(session, f"workstream:{workstream_id}", [fact], actor=actor.id, now=now)
    days = policy.in_force(session).policy.programme.first_value_days
    due_on = people.local_day(use_case.owner, now) + timedelta(days=days)
    calendar = people.calendars_of(session, [owner.id])[owner.id]
    values = {"use_case_id": use_case.id, "started_at": now, "due_on": due_on, "ask_at": asked_at(calendar, due_on)}
    stored.insert_clock(session, values)


def _moved(session: Session, use_case_id: UUID, move: Move) -> Moved:
    use_case = intake.use_case_of(session, use_case_id)
    if use_case is None:
        raise LookupError(f"use case {use_case_id} was moved and is gone")
    return Moved(move, use_case)
