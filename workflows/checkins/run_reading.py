"""Read check-ins as frozen pictures."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from db.enums import CheckInState, Membership
from db.queries import checkin_runs as stored
from db.session import Session
from db.tables import CheckIn, CheckInAnswer, CheckInSchedule, Reading
from workflows import people
from workflows.checkins import periods
from workflows.checkins.organisation import asked_from
from workflows.checkins.reading import kpis_of
from workflows.checkins.rules import Rhythm
from workflows.checkins.run_snapshots import (
    AnswerSnapshot,
    Asked,
    CheckInSnapshot,
    NotDoneNow,
    ReadingSnapshot,
    Said,
    ScheduleSnapshot,
)
from workflows.checkins.turns import EARLIEST, No, Stands, why_not_asked
from workflows.people import LEAD, Actor

MOST_SHOWN = 10


def check_in_of(session: Session, check_in_id: UUID) -> CheckInSnapshot | None:
    row = stored.check_in(session, check_in_id)
    schedule = stored.schedule(session, row.schedule_id) if row else None
    return snapshot(session, schedule, row) if schedule else None


def check_in_prompted(session: Session, prompt_id: UUID) -> tuple[CheckInSnapshot, UUID, str | None, str | None] | None:
    """Return the check-in a message asks about, whom, and where the message is: its channel and ts."""
    prompt = stored.prompt(session, prompt_id)
    found = check_in_of(session, prompt.check_in_id) if prompt else None
    return (found, prompt.person_id, prompt.channel, prompt.ts) if prompt and found else None


def place_prompt(session: Session, prompt_id: UUID, *, channel: str | None, ts: str | None) -> None:
    """Keep where a message that asks somebody is, or that it is not there any more."""
    stored.place_prompt(session, prompt_id, channel=channel, ts=ts)


def schedules_of(session: Session, person_id: UUID, *, now: datetime) -> list[ScheduleSnapshot]:
    """Return when this person is asked next about what, the next first, with how the newest period stands."""
    schedules = stored.schedules_of(session, person_id, limit=MOST_SHOWN)
    newest = {row.schedule_id: row for row in stored.latest(session, [each.id for each in schedules])}
    return [_schedule(session, each, newest.get(each.id), now=now) for each in schedules]


def next_of(session: Session, schedule_id: UUID) -> CheckInSnapshot | None:
    """Return the next check-in of a schedule, which is not there yet: whoever answers early opens it."""
    schedule = stored.schedule(session, schedule_id)
    return snapshot(session, schedule, None) if schedule else None


def asked_of(session: Session, person_id: UUID) -> list[CheckInSnapshot]:
    """Return what was handed to this person to answer this time, or came to them because somebody left."""
    found = []
    for row in stored.asked_of(session, person_id, limit=MOST_SHOWN):
        schedule = stored.schedule(session, row.schedule_id)
        if schedule is not None and schedule.person_id != person_id:
            found.append(snapshot(session, schedule, row))
    return found


def why_not_theirs(session: Session, found: CheckInSnapshot, person_id: UUID) -> NotDoneNow | None:
    """Return why somebody may do nothing with a check-in: it is not theirs, or was handed over; None when they may.

    Who reports its numbers, and who answers for its use case, may whoever is asked: they can take it back.
    """
    if person_id in found.may:
        return None
    had_it = found.id is not None and any(each.person_id == person_id for each in stored.prompts_of(session, found.id))
    return NotDoneNow(No.HANDED_OVER, found) if had_it else NotDoneNow(No.NOT_YOURS)


def snapshot(session: Session, schedule: CheckInSchedule, row: CheckIn | None) -> CheckInSnapshot:
    """Return a check-in, or without a row the next one of its schedule, which is not there yet."""
    standing = stored.standing_of(session, schedule.use_case_id)
    if standing is None:
        raise LookupError(f"no use case {schedule.use_case_id}")
    answers = stored.answers_of(session, row.id) if row else []
    ids = {schedule.person_id, standing.sponsor_id, *(each.answered_by for each in answers)}
    ids |= {schedule.verifier_id} if schedule.verifier_id else set()
    ids |= {each for each in (row.asked_id, row.skipped_by) if each} if row else set()
    known = people.named(session, ids)
    on_date = row.on_date if row else schedule.next_date
    last = stored.last_answer(session, schedule.id, before=on_date) if schedule.is_whole else None
    worded = _texts(session, [*answers, *([last] if last else [])], row)
    asked = known[row.asked_id if row else schedule.person_id]
    return CheckInSnapshot(
        id=row.id if row else None,
        schedule_id=schedule.id,
        use_case_id=schedule.use_case_id,
        on_date=on_date,
        ends_on=row.ends_on if row else _ends_on(schedule),
        stands=Stands(
            state=row.state if row else CheckInState.PENDING,
            closes_at=row.closes_at if row else periods.moment(schedule.zone, _ends_on(schedule), schedule.minute),
            revision=row.revision if row else 0,
            overtaken=stored.answered_later(session, row) if row else False,
            use_case=standing.state,
            asked_from=asked_from(session),
        ),
        person=known[schedule.person_id],
        asked=asked,
        may=_who_may(session, {schedule.person_id, asked.id, standing.owner_id}, known[standing.sponsor_id], asked),
        is_whole=schedule.is_whole,
        kpis=_kpis(session, schedule, row),
        prompted_at=row.prompted_at if row else None,
        due_at=row.due_at if row else None,
        reminders=row.reminders if row else 0,
        snoozed_until=row.snoozed_until if row else None,
        still_open=row is not None and row.act_at is not None,
        skipped_by=known[row.skipped_by] if row and row.skipped_by else None,
        reason=worded.get(row.reason_id, "") if row and row.reason_id else "",
        answers=tuple(
            AnswerSnapshot(each.revision, known[each.answered_by], each.answered_at, each.is_unchanged, said)
            for each in answers
            for said in [_said(each, worded)]
        ),
        before=_said(last, worded) if last else None,
        verifier=known[schedule.verifier_id] if schedule.verifier_id else None,
    )


def _who_may(session: Session, others: set[UUID], sponsor: Actor, asked: Actor) -> frozenset[UUID]:
    """Return who may do something with a check-in: besides the others its sponsor, whom silence is told to.

    Where the sponsor left or is asked themselves, programme leads stand in.
    """
    is_there = sponsor.membership is Membership.MEMBER and sponsor.id != asked.id
    leads = () if is_there else people.holders_of(session, LEAD)
    return frozenset({*others, sponsor.id, *(each.id for each in leads)})


def _schedule(
    session: Session, schedule: CheckInSchedule, newest: CheckIn | None, *, now: datetime
) -> ScheduleSnapshot:
    standing = stored.standing_of(session, schedule.use_case_id)
    why_not = why_not_asked(standing.state, asked_from(session)) if standing else No.ENDED
    is_open = newest is not None and newest.act_at is not None and newest.state is not CheckInState.ANSWERED
    return ScheduleSnapshot(
        id=schedule.id,
        use_case_id=schedule.use_case_id,
        rhythm=Rhythm(schedule.cadence, schedule.every_weeks),
        next_date=schedule.next_date,
        newest=snapshot(session, schedule, newest) if newest else None,
        may_answer_next=why_not is None and not is_open and schedule.next_at - now <= EARLIEST,
        why_not_asked=why_not,
    )


def _ends_on(schedule: CheckInSchedule) -> date:
    return periods.next_date(Rhythm(schedule.cadence, schedule.every_weeks), schedule.weekday, schedule.next_date)


def _kpis(session: Session, schedule: CheckInSchedule, row: CheckIn | None) -> tuple[Asked, ...]:
    every = kpis_of(session, [schedule.use_case_id]).get(schedule.use_case_id, ())
    reports = {schedule.person_id, row.asked_id if row and schedule.ended_at else schedule.person_id}
    kpis = [each for each in every if each.in_use and each.owner.id in reports]
    before = stored.last_readings(session, [each.id for each in kpis], before=row)
    last = {each.kpi_id: _reading(each) for each in before}
    # An early answer is read before the date it was asked for, and is that date's all the same.
    asked_on = stored.asked_on(session, {each.check_in_id for each in before if each.check_in_id})
    when = {each.kpi_id: asked_on[each.check_in_id] if each.check_in_id else each.read_for for each in before}
    now = {each.kpi_id: _reading(each) for each in (stored.readings_in(session, row.id) if row else ())}
    on = row.on_date if row else schedule.next_date
    return tuple(
        Asked(each, last.get(each.id), now.get(each.id), periods.is_wanted(each.rhythm, when.get(each.id), on))
        for each in kpis
    )


def _reading(row: Reading) -> ReadingSnapshot:
    return ReadingSnapshot(row.value, row.read_for, row.unit)


def _texts(session: Session, answers: Sequence[CheckInAnswer], row: CheckIn | None) -> dict[UUID, str]:
    ids = {getattr(each, f"{name}_id") for each in answers for name in stored.TEXTS}
    return dict(stored.texts(session, {each for each in ids | {row.reason_id if row else None} if each}))


def _said(row: CheckInAnswer, worded: dict[UUID, str]) -> Said:
    def text(name: str) -> str:
        text_id: UUID | None = getattr(row, f"{name}_id")
        return worded.get(text_id, "") if text_id else ""

    is_range = row.hours_low is not None and row.hours_high is not None
    return Said(
        confidence=row.confidence,
        why=text("why"),
        help=text("help"),
        eligible=row.eligible,
        active=row.active,
        hours=(row.hours_low or 0, row.hours_high or 0) if is_range else None,
        hours_method=text("hours_method"),
        looked_at=row.looked_at,
        corrected=(row.corrected_prompt, row.corrected_context, row.corrected_workflow),
        cost=row.cost,
        currency=row.currency,
        blockers=text("blockers"),
        wins=text("wins"),
        evidence=row.evidence_link or "",
    )
