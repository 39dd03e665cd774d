"""Turn the clock of a check-in: ask in working hours, remind twice, tell the sponsor once, then let it rest."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from db.enums import CheckInState, Membership, OutboxKind
from db.queries import checkin_runs as stored
from db.session import Session
from db.tables import CheckIn, CheckInSchedule
from workflows import ledger, outbox, people
from workflows.checkins import turns
from workflows.checkins.organisation import asked_from
from workflows.checkins.turns import LOOK_AGAIN, OPEN, REMINDERS
from workflows.ledger import Fact, LedgerKind
from workflows.outbox import Promise
from workflows.people import LEAD, Actor, Calendar

AT_ONCE = 20

Period = tuple[date, datetime]
"""The date and the moment at which a period has ended and the next one begins."""


def turn_due(session: Session, *, now: datetime) -> int:
    """Do what is due with the check-ins that are open; return with how many something was."""
    return sum(turn(session, each, now=now) for each in stored.check_ins_due(session, now, limit=AT_ONCE))


def turn(session: Session, check_in_id: UUID, *, now: datetime) -> bool:
    """Do what is due with one check-in, one thing at a time; say whether anybody hears of it.

    It is locked first, so of several replicas one does it and the others find nothing due.
    """
    row = stored.lock_check_in(session, check_in_id)
    if row is None or row.act_at is None or row.act_at > now:
        return False
    if now >= row.closes_at:
        return _close(session, row, now=now)
    standing = stored.standing_of(session, row.use_case_id)
    if standing is None or turns.why_not_asked(standing.state, asked_from(session)) is not None:
        stored.update_check_in(session, row.id, {"act_at": row.closes_at})
        return False
    asked, row = _who_is_asked(session, row, now=now)
    calendar = people.calendars_of(session, [asked.id])[asked.id]
    if row.state in (CheckInState.PENDING, CheckInState.AWAY):
        return _ask(session, row, asked, calendar, now=now)
    if row.snoozed_until is not None:
        return _wake(session, row, asked, calendar, now=now)
    return _step(session, row, asked, calendar, now=now)


def close(session: Session, check_in_id: UUID, *, now: datetime) -> None:
    """End the period of a check-in, because the next one begins."""
    row = stored.lock_check_in(session, check_in_id)
    if row is not None and row.act_at is not None:
        _close(session, row, now=now)


def drop(session: Session, check_in_id: UUID, *, now: datetime) -> None:
    """Ask no more for something nobody reports in this schedule any longer."""
    row = stored.lock_check_in(session, check_in_id)
    if row is not None and row.act_at is not None:
        _settle(session, row, CheckInState.SKIPPED, now=now)


def ask_instead(session: Session, check_in_id: UUID, before: UUID, to: Actor, *, now: datetime) -> None:
    """Ask somebody else what is asked of whoever reported before; what was handed to a third person stays theirs."""
    row = stored.lock_check_in(session, check_in_id)
    if row is None or row.asked_id != before:
        return
    values = {"asked_id": to.id, "state": CheckInState.PENDING, "act_at": now, "snoozed_until": None, "reminders": 0}
    stored.update_check_in(session, row.id, values)
    data: dict[str, ledger.Value] = {"from": str(before), "to": str(to.id), "for_good": True}
    record(session, row, LedgerKind.CHECK_IN_HANDED_OVER, data, now=now)
    redraw(session, row, now=now)


def open_run(
    session: Session, schedule: CheckInSchedule, on_date: date, ends: Period, *, asked: UUID, now: datetime
) -> UUID:
    """Store a date of a schedule, to be looked at by the clock at once. The caller advanced the schedule past it."""
    values = {"state": CheckInState.PENDING, "asked_id": asked, "act_at": now}
    return _open(session, schedule, on_date, ends, values, now=now)


def skip_late(session: Session, schedule: CheckInSchedule, on_date: date, ends: Period, *, now: datetime) -> UUID:
    """Store a date of a schedule that the clock came to more than a period late: nobody was asked."""
    values = {"state": CheckInState.SKIPPED, "asked_id": schedule.person_id, "act_at": None}
    return _open(session, schedule, on_date, ends, values, now=now)


def whom(session: Session, use_case_id: UUID, person: Actor) -> Actor:
    """Return who is asked: this person, or, when they left, the owner, the sponsor, or a programme lead.

    When nobody is left it is the person themselves, and the period will be missed.
    """
    if person.membership is Membership.MEMBER:
        return person
    standing = stored.standing_of(session, use_case_id)
    ids = [standing.owner_id, standing.sponsor_id] if standing else []
    known = people.named(session, ids)
    others = [known[each] for each in ids if each in known and known[each].membership is Membership.MEMBER]
    return next(iter([*others, *people.holders_of(session, LEAD)]), person)


def redraw(session: Session, row: CheckIn, *, now: datetime, is_bulk: bool = False) -> None:
    """Promise every copy of the prompt drawn anew, and the Homes of those who have or had one.

    `is_bulk` where the clock does it to many at once, and nobody waits for it.
    """
    prompts = stored.prompts_of(session, row.id)
    known = people.named(session, {each.person_id for each in prompts} | {row.asked_id})
    cards = [Promise(OutboxKind.CHECK_IN, known[each.person_id].slack_id, each.id, is_bulk=is_bulk) for each in prompts]
    homes = [
        Promise(OutboxKind.HOME_SYNC, outbox.home_of(each.slack_id), each.id, is_bulk=is_bulk)
        for each in people.with_home_open(session, list(known))
    ]
    outbox.promise(session, [*cards, *homes], now=now)


def give_prompt(session: Session, row: CheckIn, person: Actor, *, now: datetime) -> None:
    """Promise somebody the message that asks them; who has it already gets it drawn anew."""
    if all(each.person_id != person.id for each in stored.prompts_of(session, row.id)):
        stored.insert_prompt(session, check_in_id=row.id, person_id=person.id)
    redraw(session, row, now=now, is_bulk=True)


def record(
    session: Session,
    row: CheckIn,
    kind: LedgerKind,
    data: dict[str, ledger.Value],
    *,
    now: datetime,
    actor: UUID | None = None,
) -> None:
    """Append a fact to a check-in's stream. The caller holds it, or has just made it."""
    ledger.record(session, f"check_in:{row.id}", [Fact(kind, data)], actor=actor, now=now)


def _open(
    session: Session, schedule: CheckInSchedule, on_date: date, ends: Period, values: dict[str, Any], *, now: datetime
) -> UUID:
    ends_on, closes_at = ends
    common = {
        "schedule_id": schedule.id,
        "use_case_id": schedule.use_case_id,
        "on_date": on_date,
        "ends_on": ends_on,
        "closes_at": closes_at,
    }
    opened = stored.insert_check_in(session, common | values)
    data: dict[str, ledger.Value] = {
        "schedule": str(schedule.id),
        "use_case": str(schedule.use_case_id),
        "on": on_date.isoformat(),
        "until": ends_on.isoformat(),
        "state": values["state"].value,
    }
    ledger.record(session, f"check_in:{opened}", [Fact(LedgerKind.CHECK_IN_OPENED, data)], actor=None, now=now)
    return opened


def _who_is_asked(session: Session, row: CheckIn, *, now: datetime) -> tuple[Actor, CheckIn]:
    """Return who is asked, and the check-in as it is then: what was asked of somebody who left is asked of another."""
    known = people.named(session, [row.asked_id])
    asked = whom(session, row.use_case_id, known[row.asked_id])
    if asked.id == row.asked_id:
        return asked, row
    before, values = row.asked_id, {"asked_id": asked.id, "state": CheckInState.PENDING, "snoozed_until": None}
    stored.update_check_in(session, row.id, values)
    changed = stored.check_in(session, row.id)
    if changed is None:
        raise LookupError(f"check-in {row.id} is held and gone")
    data: dict[str, ledger.Value] = {"from": str(before), "to": str(asked.id), "left": True}
    record(session, changed, LedgerKind.CHECK_IN_HANDED_OVER, data, now=now)
    redraw(session, changed, now=now, is_bulk=True)
    return asked, changed


def _ask(session: Session, row: CheckIn, asked: Actor, calendar: Calendar, *, now: datetime) -> bool:
    """Ask in somebody's working hours. Who does not work again before the period ends is away, until they do."""
    at = turns.prompt_at(calendar, now, row.closes_at)
    if at is None or at > now:
        state = CheckInState.AWAY if at is None else CheckInState.PENDING
        stored.update_check_in(
            session, row.id, {"state": state, "act_at": min(at or row.closes_at, now + LOOK_AGAIN, row.closes_at)}
        )
        if state is not row.state:
            redraw(session, row, now=now, is_bulk=True)
        return False
    values = {"state": CheckInState.DUE, "prompted_at": row.prompted_at or now, "counts_from": now}
    values |= {"due_at": turns.step_at(calendar, now, days=REMINDERS)}
    stored.update_check_in(session, row.id, values | {"act_at": _next(calendar, now, row)})
    record(session, row, LedgerKind.CHECK_IN_PROMPTED, {"person": str(asked.id)}, now=now)
    give_prompt(session, row, asked, now=now)
    return True


def _wake(session: Session, row: CheckIn, asked: Actor, calendar: Calendar, *, now: datetime) -> bool:
    """Ask again who wanted to be asked later; what they have heard of it counts from now on."""
    until = row.snoozed_until or now
    at = turns.prompt_at(calendar, until, row.closes_at)
    if at is None or at > now:
        stored.update_check_in(session, row.id, {"act_at": min(at or row.closes_at, row.closes_at)})
        return False
    values = {"snoozed_until": None, "counts_from": now, "due_at": turns.step_at(calendar, now, days=REMINDERS)}
    stored.update_check_in(session, row.id, values | {"act_at": _next(calendar, now, row)})
    record(session, row, LedgerKind.CHECK_IN_REMINDED, {"person": str(asked.id), "snoozed": True}, now=now)
    _say(session, row, OutboxKind.CHECK_IN_REMINDER, asked, {"why": "snoozed"}, now=now)
    return True


def _step(session: Session, row: CheckIn, asked: Actor, calendar: Calendar, *, now: datetime) -> bool:
    """Give the next reminder, or tell the sponsor, a working day after somebody last heard of it."""
    at = turns.step_at(calendar, row.counts_from or now)
    if at is None or at > now:
        stored.update_check_in(session, row.id, {"act_at": min(at or row.closes_at, row.closes_at)})
        return False
    if row.reminders < REMINDERS:
        _remind(session, row, asked, calendar, now=now)
        return True
    return _tell_sponsor(session, row, asked, now=now)


def _remind(session: Session, row: CheckIn, asked: Actor, calendar: Calendar, *, now: datetime) -> None:
    given = row.reminders + 1
    state = CheckInState.OVERDUE if given == REMINDERS else CheckInState.DUE
    values = {"reminders": given, "state": state, "counts_from": now, "act_at": _next(calendar, now, row)}
    stored.update_check_in(session, row.id, values)
    data: dict[str, ledger.Value] = {"person": str(asked.id), "reminder": given}
    record(session, row, LedgerKind.CHECK_IN_REMINDED, data, now=now)
    _say(session, row, OutboxKind.CHECK_IN_REMINDER, asked, {"reminder": str(given)}, now=now)


def _tell_sponsor(session: Session, row: CheckIn, asked: Actor, *, now: datetime) -> bool:
    """Tell the sponsor, in their own hours, that nobody answers; then nothing comes until the period ends."""
    sponsor = _sponsor(session, row, asked)
    if sponsor is None or row.sponsor_told_at is not None:
        stored.update_check_in(session, row.id, {"act_at": row.closes_at})
        return False
    theirs = people.calendars_of(session, [sponsor.id])[sponsor.id]
    at = turns.prompt_at(theirs, now, row.closes_at)
    if at is None or at > now:
        stored.update_check_in(session, row.id, {"act_at": at or row.closes_at})
        return False
    stored.update_check_in(session, row.id, {"sponsor_told_at": now, "act_at": row.closes_at})
    record(session, row, LedgerKind.CHECK_IN_SPONSOR_TOLD, {"person": str(sponsor.id)}, now=now)
    _say(session, row, OutboxKind.CHECK_IN_SILENT, sponsor, {}, now=now)
    return True


def _sponsor(session: Session, row: CheckIn, asked: Actor) -> Actor | None:
    """Return whom silence is told to: the sponsor; where they left or are asked themselves, a programme lead."""
    standing = stored.standing_of(session, row.use_case_id)
    known = people.named(session, [standing.sponsor_id] if standing else [])
    possible = [*known.values(), *people.holders_of(session, LEAD)]
    return next((each for each in possible if each.membership is Membership.MEMBER and each.id != asked.id), None)


def _close(session: Session, row: CheckIn, *, now: datetime) -> bool:
    """Say what became of a period that has ended without an answer. Nothing is made up for it."""
    if row.state not in (*OPEN, CheckInState.AWAY):
        stored.update_check_in(session, row.id, {"act_at": None})
        return False
    standing = stored.standing_of(session, row.use_case_id)
    if standing is None or turns.why_not_asked(standing.state, asked_from(session)) is not None:
        state = CheckInState.SKIPPED
    else:
        calendar = people.calendars_of(session, [row.asked_id])[row.asked_id]
        state = turns.at_end(calendar, row.prompted_at, row.closes_at)
    _settle(session, row, state, now=now)
    return True


def _settle(session: Session, row: CheckIn, state: CheckInState, *, now: datetime) -> None:
    stored.update_check_in(session, row.id, {"state": state, "act_at": None, "snoozed_until": None})
    record(session, row, LedgerKind.CHECK_IN_CLOSED, {"state": state.value}, now=now)
    redraw(session, row, now=now, is_bulk=True)


def _next(calendar: Calendar, now: datetime, row: CheckIn) -> datetime:
    return min(turns.step_at(calendar, now) or row.closes_at, row.closes_at)


def _say(
    session: Session, row: CheckIn, kind: OutboxKind, to: Actor, payload: dict[str, str | None], *, now: datetime
) -> None:
    outbox.promise(
        session, [Promise(kind, to.slack_id, row.id, {"person": str(to.id), **payload}, is_bulk=True)], now=now
    )
    redraw(session, row, now=now, is_bulk=True)
