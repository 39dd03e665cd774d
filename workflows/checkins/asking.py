"""Turn the clock of a check-in: ask in working hours, remind twice, tell the sponsor once, then let it rest."""

from datetime import datetime
from typing import Any
from uuid import UUID

from db.enums import CheckInState, Membership, OutboxKind
from db.queries import checkin_runs as stored
from db.session import Session
from db.tables import CheckIn
from workflows import ledger, outbox, people
from workflows.checkins import giving, turns
from workflows.checkins.organisation import asked_from
from workflows.checkins.reaching import LOOK_SOON, Reach, reach_of
from workflows.checkins.turns import LOOK_AGAIN, OPEN, REMINDERS, No
from workflows.ledger import Fact, LedgerKind
from workflows.outbox import Promise
from workflows.people import LEAD, Actor, Calendar

AT_ONCE = 20


def turn_due(session: Session, *, now: datetime) -> int:
    """Do what is due with the check-ins that are open; return with how many something was."""
    return sum(turn(session, each, now=now) for each in stored.check_ins_due(session, now, limit=AT_ONCE))


def turn(session: Session, check_in_id: UUID, *, now: datetime) -> bool:
    """Do what is due with one check-in, one thing at a time; say whether anybody hears of it.

    It is locked first, so of several replicas one does it and the others find nothing due. What somebody holds is left
    to the next beat: the clock holds many at once, and must not wait in a circle.
    """
    row = stored.lock_check_in_if_free(session, check_in_id)
    if row is None or row.act_at is None or row.act_at > now:
        return False
    if now >= row.closes_at:
        return _close(session, row, now=now)
    standing = stored.standing_of(session, row.use_case_id)
    why_not = turns.why_not_asked(standing.state, asked_from(session)) if standing else No.ENDED
    if why_not is not None:
        return _rest(session, row, why_not, now=now)
    asked, row = _who_is_asked(session, row, now=now)
    reach = reach_of(session, asked, now=now)
    if row.state in (CheckInState.PENDING, CheckInState.AWAY):
        return _ask(session, row, reach, now=now)
    if row.snoozed_until is not None:
        return _wake(session, row, reach, now=now)
    if row.counts_from is None:
        return _go_on(session, row, reach, now=now)
    return _step(session, row, reach, now=now)


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


def ask_instead(session: Session, check_in_id: UUID, before: UUID, to: Actor, *, for_good: bool, now: datetime) -> None:
    """Ask somebody else what is asked of who was asked before; what was handed to a third person stays theirs."""
    row = stored.lock_check_in(session, check_in_id)
    if row is None or row.asked_id != before:
        return
    begin_anew(session, row, to, now=now)
    data: dict[str, ledger.Value] = {"from": str(before), "to": str(to.id), "for_good": for_good}
    record(session, row, LedgerKind.CHECK_IN_HANDED_OVER, data, now=now)
    redraw(session, row, now=now)


def begin_anew(session: Session, row: CheckIn, to: Actor, *, now: datetime) -> None:
    """Have the clock ask somebody else from the beginning: what others heard does not count.

    Who had it before gets a new message, since nobody hears of one that changes. The caller holds the check-in.
    """
    values: dict[str, Any] = {"asked_id": to.id, "state": CheckInState.PENDING, "act_at": now, "reminders": 0}
    values |= {"counts_from": None, "due_at": None, "snoozed_until": None}
    stored.update_check_in(session, row.id, values)
    for each in stored.prompts_of(session, row.id):
        if each.person_id == to.id:
            stored.place_prompt(session, each.id, channel=None, ts=None)


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


def whom_now(session: Session, use_case_id: UUID, person: Actor, *, now: datetime) -> Actor:
    """Return the same; a programme lead who has to stand in hears once for each use case why, and what to do."""
    asked = whom(session, use_case_id, person)
    standing = stored.standing_of(session, use_case_id) if asked.id != person.id else None
    if standing is not None and asked.id not in (standing.owner_id, standing.sponsor_id):
        giving.stand_in(session, use_case_id, asked, now=now)
    return asked


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


def _who_is_asked(session: Session, row: CheckIn, *, now: datetime) -> tuple[Actor, CheckIn]:
    """Return who is asked, and the check-in as it is then: what was asked of somebody who left is asked of another."""
    known = people.named(session, [row.asked_id])
    asked = whom_now(session, row.use_case_id, known[row.asked_id], now=now)
    if asked.id == row.asked_id:
        return asked, row
    before = row.asked_id
    begin_anew(session, row, asked, now=now)
    changed = stored.check_in(session, row.id)
    if changed is None:
        raise LookupError(f"check-in {row.id} is held and gone")
    data: dict[str, ledger.Value] = {"from": str(before), "to": str(asked.id), "left": True}
    record(session, changed, LedgerKind.CHECK_IN_HANDED_OVER, data, now=now)
    redraw(session, changed, now=now, is_bulk=True)
    return asked, changed


def _rest(session: Session, row: CheckIn, why: No, *, now: datetime) -> bool:
    """Ask nothing while its use case is not asked; what somebody has heard of it does not count when it goes on."""
    again = row.closes_at if why is No.ENDED else min(now + LOOK_SOON, row.closes_at)
    stored.update_check_in(session, row.id, {"act_at": again, "counts_from": None})
    return False


def _go_on(session: Session, row: CheckIn, reach: Reach, *, now: datetime) -> bool:
    """Let the clock of what was suspended go on from here: nothing is made up for at once."""
    due_at = turns.step_at(reach.calendar, now, days=max(REMINDERS - row.reminders, 1))
    values = {"counts_from": now, "due_at": due_at, "act_at": _next(reach.calendar, now, row)}
    stored.update_check_in(session, row.id, values)
    redraw(session, row, now=now)
    return False


def _ask(session: Session, row: CheckIn, reach: Reach, *, now: datetime) -> bool:
    """Ask in somebody's working hours. Who does not work again before the period ends is away, until they do."""
    calendar = reach.calendar
    at = turns.prompt_at(calendar, now, row.closes_at, reach.quiet)
    if at is None or at > now:
        state = CheckInState.AWAY if at is None else CheckInState.PENDING
        again = min(reach.look_again(at, row.closes_at, now=now), now + LOOK_AGAIN)
        stored.update_check_in(session, row.id, {"state": state, "act_at": again})
        if state is not row.state:
            redraw(session, row, now=now, is_bulk=True)
        return False
    values = {"state": CheckInState.DUE, "prompted_at": row.prompted_at or now, "counts_from": now}
    values |= {"due_at": turns.step_at(calendar, now, days=REMINDERS), "snoozed_until": None}
    stored.update_check_in(session, row.id, values | {"act_at": _next(calendar, now, row)})
    record(session, row, LedgerKind.CHECK_IN_PROMPTED, {"person": str(reach.person.id)}, now=now)
    give_prompt(session, row, reach.person, now=now)
    return True


def _wake(session: Session, row: CheckIn, reach: Reach, *, now: datetime) -> bool:
    """Ask again who wanted to be asked later; what they have heard of it counts from now on."""
    calendar, until = reach.calendar, row.snoozed_until or now
    at = turns.prompt_at(calendar, max(until, now), row.closes_at, reach.quiet)
    if at is None or at > now:
        stored.update_check_in(session, row.id, {"act_at": reach.look_again(at, row.closes_at, now=now)})
        return False
    values = {"snoozed_until": None, "counts_from": now, "due_at": turns.step_at(calendar, now, days=REMINDERS)}
    stored.update_check_in(session, row.id, values | {"act_at": _next(calendar, now, row)})
    data: dict[str, ledger.Value] = {"person": str(reach.person.id), "snoozed": True}
    record(session, row, LedgerKind.CHECK_IN_REMINDED, data, now=now)
    _say(session, row, OutboxKind.CHECK_IN_REMINDER, reach.person, {"why": "snoozed"}, now=now)
    return True


def _step(session: Session, row: CheckIn, reach: Reach, *, now: datetime) -> bool:
    """Give the next reminder, or tell the sponsor, a working day after somebody last heard of it."""
    is_theirs = row.reminders < REMINDERS  # what follows is for others, who have hours of their own
    quiet = reach.quiet if is_theirs else None
    at = turns.reminder_at(reach.calendar, row.counts_from or now, row.closes_at, quiet)
    if is_theirs and at is not None and at <= now:  # that was their time: now may be none
        at = turns.prompt_at(reach.calendar, now, row.closes_at, quiet)
    if at is None or at > now:
        stored.update_check_in(session, row.id, {"act_at": reach.look_again(at, row.closes_at, now=now)})
        return False
    if row.reminders < REMINDERS:
        _remind(session, row, reach, now=now)
        return True
    return _tell_sponsor(session, row, reach.person, now=now)


def _remind(session: Session, row: CheckIn, reach: Reach, *, now: datetime) -> None:
    given = row.reminders + 1
    state = CheckInState.OVERDUE if given == REMINDERS else CheckInState.DUE
    values = {"reminders": given, "state": state, "counts_from": now, "act_at": _next(reach.calendar, now, row)}
    stored.update_check_in(session, row.id, values)
    data: dict[str, ledger.Value] = {"person": str(reach.person.id), "reminder": given}
    record(session, row, LedgerKind.CHECK_IN_REMINDED, data, now=now)
    _say(session, row, OutboxKind.CHECK_IN_REMINDER, reach.person, {"reminder": str(given)}, now=now)


def _tell_sponsor(session: Session, row: CheckIn, asked: Actor, *, now: datetime) -> bool:
    """Tell the sponsor, in their own hours, that nobody answers; then nothing comes until the period ends."""
    sponsor = _sponsor(session, row, asked)
    if sponsor is None or row.sponsor_told_at is not None:
        stored.update_check_in(session, row.id, {"act_at": row.closes_at})
        return False
    theirs = reach_of(session, sponsor, now=now)
    at = turns.prompt_at(theirs.calendar, now, row.closes_at, theirs.quiet)
    if at is None or at > now:
        stored.update_check_in(session, row.id, {"act_at": theirs.look_again(at, row.closes_at, now=now)})
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
