"""Keep the schedules of those who report KPIs, and fire the dates that have come, each once.

Several replicas may do this at the same moment: who advances a schedule, by compare-and-set, stores what comes of it.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from db.enums import KpiSource
from db.queries import checkin_runs as stored
from db.queries import checkins as stored_kpis
from db.session import Session
from db.tables import CheckInSchedule
from db.tables import Kpi as KpiRow
from workflows import ledger, people
from workflows.checkins import asking, opening, periods
from workflows.checkins.organisation import asked_from, time_of_day
from workflows.checkins.redrawing import redraw_asked
from workflows.checkins.rules import Rhythm
from workflows.checkins.turns import ENDED, why_not_asked
from workflows.ledger import Fact, LedgerKind
from workflows.people import Actor

AT_ONCE: Final = 20
"""How many schedules one beat fires: all of an organisation's may have the same hour, and people press meanwhile."""

_FURTHEST_MOVE: Final = timedelta(hours=26)
"""How much earlier a local time can be after somebody has changed zones, at most."""


def anything_due(session: Session, *, now: datetime) -> bool:
    """Say whether a schedule or a check-in waits for the clock; reads only."""
    soon = now + _FURTHEST_MOVE
    return bool(stored.schedules_due(session, now, soon=soon, limit=1) or stored.check_ins_due(session, now, limit=1))


def fire_due(session: Session, *, now: datetime) -> int:
    """Fire what has come of the schedules, and move those whose person is in another zone; return how many.

    What somebody holds is left to the next beat: the clock takes many at once, and must not wait in a circle.
    """
    due = stored.schedules_due(session, now, soon=now + _FURTHEST_MOVE, limit=AT_ONCE)
    known = people.named(session, {each.person_id for each in due})
    when = time_of_day(session)
    return sum(_fire(session, each, known[each.person_id], when, now=now) for each in due)


def follow(session: Session, use_case_id: UUID, *, now: datetime) -> None:
    """Let the schedules of a use case be those of whoever reports its KPIs now: begun, changed, given on, and ended.

    A schedule goes with its dates, and with what is asked already, to whoever reports instead. Each schedule that is
    there is locked. The caller holds all KPIs of the use case, and changed some in this transaction.
    """
    wanted = _wanted(session, use_case_id)
    known = people.named(session, wanted)
    there = {each.person_id: each for each in stored.lock_schedules(session, use_case_id)}
    gone = [each for person_id, each in there.items() if person_id not in wanted and each.ended_at is None]
    new = [person_id for person_id in wanted if person_id not in there]
    for schedule, person_id in zip(gone, new, strict=False):
        give(session, schedule, known[person_id], now=now)
    for schedule in gone[len(new) :]:
        end(session, schedule, now=now)
        for check_in_id in stored.not_over(session, schedule.id):
            if not _goes_on(session, schedule, check_in_id, there):
                asking.drop(session, check_in_id, now=now)
    there = {each.person_id: each for each in stored.lock_schedules(session, use_case_id)}
    for person_id, columns in wanted.items():
        if person_id in there:
            _change(session, there[person_id], known[person_id], columns, now=now)
        else:
            _begin(session, use_case_id, known[person_id], columns, now=now)
    redraw_asked(session, use_case_id, now=now)


def _goes_on(
    session: Session, ended: CheckInSchedule, check_in_id: UUID, schedules: Mapping[UUID, CheckInSchedule]
) -> bool:
    """Say whether what an ended schedule asks is handed to who reports it now and is not asked for it otherwise."""
    row = stored.check_in(session, check_in_id)
    if row is None or row.asked_id == ended.person_id or row.asked_id not in schedules:
        return False
    return not stored.not_over(session, schedules[row.asked_id].id)


def give(session: Session, schedule: CheckInSchedule, to: Actor, *, now: datetime) -> None:
    """Let a schedule ask somebody else from now on, also what it asks already. They have none for this use case."""
    next_at = periods.moment(to.zone, schedule.next_date, schedule.minute)
    before = schedule.person_id
    stored.advance(session, schedule, {"person_id": to.id, "zone": to.zone, "next_at": next_at})
    stored.move_end(session, schedule.id, ends_on=schedule.next_date, closes_at=next_at, now=now)
    for check_in_id in stored.not_over(session, schedule.id):
        asking.ask_instead(session, check_in_id, before, to, for_good=True, now=now)


def end(session: Session, schedule: CheckInSchedule, *, now: datetime) -> bool:
    """Ask no more; what is asked already may still be answered until its period ends."""
    if not stored.advance(session, schedule, {"ended_at": now}):
        return False
    _record(session, schedule.id, Fact(LedgerKind.CHECK_INS_ENDED, {}), now=now)
    return True


def take_next(session: Session, schedule: CheckInSchedule, *, now: datetime) -> UUID:
    """Open the next period before its date, for somebody who answers early; return it.

    The caller holds the schedule.
    """
    rhythm = Rhythm(schedule.cadence, schedule.every_weeks)
    following = periods.next_date(rhythm, schedule.weekday, schedule.next_date)
    next_at = periods.moment(schedule.zone, following, schedule.minute)
    if not stored.advance(session, schedule, {"next_date": following, "next_at": next_at}):
        raise LookupError(f"schedule {schedule.id} is held, and was advanced by another")
    ends = (following, next_at)
    return opening.open_run(session, schedule, schedule.next_date, ends, asked=schedule.person_id, now=now)


def _fire(session: Session, schedule: CheckInSchedule, person: Actor, when: tuple[int, int], *, now: datetime) -> bool:
    """Advance a schedule past what has come; store the dates skipped and the one that is fired."""
    seen, held = schedule.version, stored.hold_if_free(session, schedule.id)
    if held is None or held.version != seen:
        return False
    weekday, minute = when
    rhythm = Rhythm(schedule.cadence, schedule.every_weeks)
    # The date that comes next keeps its hour; what the organisation has set since counts from the one after it on.
    found = periods.due(
        rhythm, weekday, zone=person.zone, minute=schedule.minute, next_date=schedule.next_date, now=now
    )
    at = found.next_at if found.fired is None else periods.moment(person.zone, found.next_date, minute)
    values = {"zone": person.zone, "next_date": found.next_date, "next_at": at}
    values |= {"weekday": weekday, "minute": minute} if found.fired else {}
    if not stored.advance(session, schedule, values):
        return False
    if found.fired is None:
        stored.move_end(session, schedule.id, ends_on=found.next_date, closes_at=at, now=now)
        return True
    for check_in_id in stored.not_over(session, schedule.id):
        asking.close(session, check_in_id, now=now)
    standing = stored.standing_of(session, schedule.use_case_id)
    if standing is None or standing.state in ENDED:
        advanced = stored.lock_schedule(session, schedule.id)
        return advanced is not None and end(session, advanced, now=now)
    if why_not_asked(standing.state, asked_from(session)) is None:
        _open(session, schedule, person, found, at, now=now)
    return True


def _open(
    session: Session, schedule: CheckInSchedule, person: Actor, found: periods.Due, ends_at: datetime, *, now: datetime
) -> None:
    dates = [*found.skipped, *([found.fired] if found.fired else [])]
    for day, following in zip(found.skipped, dates[1:], strict=False):
        closed_at = periods.moment(person.zone, following, schedule.minute)
        opening.skip_late(session, schedule, day, (following, closed_at), now=now)
    asked = asking.whom_now(session, schedule.use_case_id, person, now=now)
    opened = opening.open_run(session, schedule, dates[-1], (found.next_date, ends_at), asked=asked.id, now=now)
    asking.turn(session, opened, now=now)


def _begin(session: Session, use_case_id: UUID, person: Actor, wanted: Mapping[str, Any], *, now: datetime) -> None:
    weekday, minute = time_of_day(session)
    first = periods.first_date(_rhythm_in(wanted), weekday, people.local_day(person, now))
    values = {
        "use_case_id": use_case_id,
        "person_id": person.id,
        "zone": person.zone,
        "minute": minute,
        "weekday": weekday,
        "next_date": first,
        "next_at": periods.moment(person.zone, first, minute),
        "began_at": now,
        **wanted,
    }
    _scheduled(session, stored.insert_schedule(session, values), use_case_id, person, values, now=now)


def _change(
    session: Session, schedule: CheckInSchedule, person: Actor, wanted: Mapping[str, Any], *, now: datetime
) -> None:
    """Let a schedule ask as often as it should now, and again when it had ended."""
    is_same = schedule.ended_at is None and all(getattr(schedule, name) == each for name, each in wanted.items())
    if is_same:
        return
    next_date = _next_date(session, schedule, _rhythm_in(wanted), today=people.local_day(person, now))
    next_at = periods.moment(person.zone, next_date, schedule.minute)
    values = {"next_date": next_date, "next_at": next_at, "zone": person.zone, "ended_at": None, **wanted}
    if stored.advance(session, schedule, values):
        stored.move_end(session, schedule.id, ends_on=next_date, closes_at=next_at, now=now)
        _scheduled(session, schedule.id, schedule.use_case_id, person, values, now=now)


def _next_date(session: Session, schedule: CheckInSchedule, rhythm: Rhythm, *, today: date) -> date:
    """Return when a changed schedule asks next: sooner where it asks more often now, and else as it would have."""
    if schedule.ended_at is None and rhythm == Rhythm(schedule.cadence, schedule.every_weeks):
        return schedule.next_date
    first = periods.first_date(rhythm, schedule.weekday, today)
    newest = next(iter(stored.latest(session, [schedule.id])), None)
    if newest is not None:
        first = max(first, periods.next_date(rhythm, schedule.weekday, newest.on_date))
    return first if schedule.ended_at is not None else min(first, schedule.next_date)


def _scheduled(
    session: Session, schedule_id: UUID, use_case_id: UUID, person: Actor, values: Mapping[str, Any], *, now: datetime
) -> None:
    next_date: date = values["next_date"]
    data: dict[str, ledger.Value] = {
        "use_case": str(use_case_id),
        "person": str(person.id),
        "cadence": values["cadence"].value,
        "every_weeks": values["every_weeks"],
        "next": next_date.isoformat(),
        "whole": values["is_whole"],
    }
    _record(session, schedule_id, Fact(LedgerKind.CHECK_INS_SCHEDULED, data), now=now)


def _record(session: Session, schedule_id: UUID, fact: Fact, *, now: datetime) -> None:
    ledger.record(session, f"check_ins:{schedule_id}", [fact], actor=None, now=now)


def _wanted(session: Session, use_case_id: UUID) -> dict[UUID, dict[str, Any]]:
    """Return who is to be asked, and how often: who reports KPIs that people type, and one about the whole."""
    rows = [row for row in stored_kpis.kpis_of(session, [use_case_id]) if row.retired_at is None]
    standing = stored.standing_of(session, use_case_id)
    owners = list(dict.fromkeys(row.owner_id for row in rows))
    leading = standing.owner_id if standing and standing.owner_id in owners else next(iter(owners), None)
    found = {}
    for owner in owners:
        own = [row for row in rows if row.owner_id == owner]
        typed = [row for row in own if row.source is KpiSource.SELF]
        if typed or owner == leading:
            found[owner] = {"is_whole": owner == leading, **_columns(_rhythm(typed or own))}
    return found


def _rhythm(rows: Sequence[KpiRow]) -> Rhythm:
    return periods.most_frequent([Rhythm(row.cadence, row.every_weeks) for row in rows])


def _rhythm_in(values: Mapping[str, Any]) -> Rhythm:
    return Rhythm(values["cadence"], values["every_weeks"])


def _columns(rhythm: Rhythm) -> dict[str, Any]:
    return {"cadence": rhythm.cadence, "every_weeks": rhythm.weeks}
