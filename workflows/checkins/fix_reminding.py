"""Tell and remind whoever has a fix to do, in their working hours: when it is due, once more, and then no more."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from db.enums import Membership, OutboxKind
from db.queries import checkin_runs as stored_runs
from db.queries import fixes as stored
from db.session import Session
from db.tables import Fix
from workflows import ledger, outbox, people
from workflows.checkins import asking, corrections
from workflows.checkins.corrections import REMINDERS
from workflows.checkins.turns import ENDED, LOOK_AGAIN
from workflows.ledger import Fact, LedgerKind
from workflows.outbox import Promise
from workflows.people import LEAD, Actor, Calendar

AT_ONCE = 20


def anything_due(session: Session, *, now: datetime) -> bool:
    """Say whether somebody is to be told of a fix, or one's owner left who can be replaced; reads only."""
    if stored.due(session, now, limit=1):
        return True
    leavers = [stored.fix(session, each) for each in stored.of_leavers(session, limit=AT_ONCE)]
    return any(_heir(session, row[0].use_case_id) is not None for row in leavers if row)


def run(session: Session, *, now: datetime) -> int:
    """Give on what people who left had to do, and tell whoever is to be told of a fix; return how many that were.

    Each fix is locked first, so of several replicas one does it and the others find nothing due.
    """
    given = sum(_give_on(session, each, now=now) for each in stored.of_leavers(session, limit=AT_ONCE))
    return given + sum(_turn(session, each, now=now) for each in stored.due(session, now, limit=AT_ONCE))


def tell(session: Session, held: Fix, owner: Actor, *, is_theirs: bool, now: datetime) -> None:
    """Tell somebody, in their hours, that a fix is theirs now, and have them reminded; `is_theirs`: they know it."""
    calendar = people.calendars_of(session, [owner.id])[owner.id]
    at = people.works_at(calendar, now)
    is_told = is_theirs or at == now
    if is_told and not is_theirs:
        _promise(session, held, OutboxKind.FIX_ACCEPTED, owner, now=now)
    following = corrections.first_reminder(calendar, held.due, heard=now) if is_told else at
    _set(session, held, {"remind_at": following or now + LOOK_AGAIN, "reminders": 0})


def redraw(session: Session, held: Fix, concerned: Collection[UUID], *, now: datetime) -> None:
    """Promise what shows a fix drawn anew: the messages of its check-in, and these people's Homes."""
    row = stored_runs.check_in(session, held.check_in_id)
    if row is not None:
        asking.redraw(session, row, now=now)
    homes = [
        Promise(OutboxKind.HOME_SYNC, outbox.home_of(each.slack_id), each.id)
        for each in people.with_home_open(session, list(concerned))
    ]
    outbox.promise(session, homes, now=now)


def record(
    session: Session,
    fix_id: UUID,
    kind: LedgerKind,
    data: dict[str, ledger.Value],
    *,
    now: datetime,
    actor: UUID | None = None,
) -> None:
    """Append a fact to a fix's stream. The caller holds it, or has just made it."""
    ledger.record(session, f"fix:{fix_id}", [Fact(kind, data)], actor=actor, now=now)


def _turn(session: Session, fix_id: UUID, *, now: datetime) -> bool:
    """Tell the owner what is due to be told, in their hours; say whether they hear of it."""
    held = stored.lock_fix(session, fix_id)
    if held is None or held.remind_at is None or held.remind_at > now:
        return False  # it was done meanwhile, or another process was faster
    standing = stored_runs.standing_of(session, held.use_case_id)
    if standing is None or standing.state in ENDED or held.reminders >= REMINDERS:
        _set(session, held, {"remind_at": None})
        return False
    owner = people.named(session, [held.owner_id])[held.owner_id]
    calendar = people.calendars_of(session, [owner.id])[owner.id]
    at = people.works_at(calendar, now)
    if owner.membership is not Membership.MEMBER or at is None or at > now:
        _set(session, held, {"remind_at": min(at or now + LOOK_AGAIN, now + LOOK_AGAIN)})
        return False
    _say(session, held, owner, calendar, now=now)
    return True


def _say(session: Session, held: Fix, owner: Actor, calendar: Calendar, *, now: datetime) -> None:
    """Say that a fix is theirs, where its day is still to come, and else that it is due."""
    on = corrections.day_of_reminder(calendar, held.due)
    if held.reminders == 0 and on is not None and people.local_day(owner, now) < on:
        _promise(session, held, OutboxKind.FIX_ACCEPTED, owner, now=now)
        _set(session, held, {"remind_at": corrections.first_reminder(calendar, held.due, heard=now)})
        return
    given = held.reminders + 1
    following = corrections.second_reminder(calendar, heard=now) if given < REMINDERS else None
    data: dict[str, ledger.Value] = {"person": str(owner.id), "reminder": given}
    record(session, held.id, LedgerKind.FIX_REMINDED, data, now=now)
    _promise(session, held, OutboxKind.FIX_DUE, owner, now=now, reminder=str(given))
    _set(session, held, {"remind_at": following, "reminders": given})


def _give_on(session: Session, fix_id: UUID, *, now: datetime) -> bool:
    """Give what somebody who left had to do to whoever answers for its use case, else to a programme lead."""
    held = stored.lock_fix(session, fix_id)
    if held is None or held.done_at is not None or held.dropped_at is not None:
        return False
    before = people.named(session, [held.owner_id])[held.owner_id]
    heir = _heir(session, held.use_case_id)
    if before.membership is Membership.MEMBER or heir is None:
        return False  # another process was faster, they are back, or nobody is left
    _set(session, held, {"owner_id": heir.id})
    data: dict[str, ledger.Value] = {"from": str(before.id), "to": str(heir.id)}
    record(session, fix_id, LedgerKind.FIX_GIVEN_ON, data, now=now)
    after = stored.lock_fix(session, fix_id)
    if after is not None:
        tell(session, after, heir, is_theirs=False, now=now)
        redraw(session, after, {heir.id}, now=now)
    return True


def _heir(session: Session, use_case_id: UUID) -> Actor | None:
    """Return who has a fix to do whose owner left: the use case's owner, its sponsor, or a programme lead."""
    standing = stored_runs.standing_of(session, use_case_id)
    ids = [standing.owner_id, standing.sponsor_id] if standing else []
    known = people.named(session, ids)
    able = [known[each] for each in ids if each in known and known[each].membership is Membership.MEMBER]
    return next(iter([*able, *people.holders_of(session, LEAD)]), None)


def _promise(session: Session, held: Fix, kind: OutboxKind, owner: Actor, *, now: datetime, **more: str) -> None:
    outbox.promise(session, [Promise(kind, owner.slack_id, held.id, {"person": str(owner.id), **more})], now=now)


def _set(session: Session, held: Fix, values: dict[str, object]) -> None:
    stored.update_fix(session, held, values)
