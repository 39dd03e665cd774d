"""Read check-ins as frozen pictures."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from db.enums import CheckInState, Membership
from db.queries import checkin_runs as stored
from db.queries.fixes import standings_of
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
from workflows.checkins.snapshots import KpiSnapshot
from workflows.checkins.turns import EARLIEST, AskedFrom, No, Stands, why_not_asked
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
    rows = {row.schedule_id: row for row in stored.latest(session, [each.id for each in schedules])}
    drawn = snapshots(session, [(each, rows[each.id]) for each in schedules if each.id in rows])
    standings, beginning = standings_of(session, {each.use_case_id for each in schedules}), asked_from(session)
    newest = {each.schedule_id: each for each in drawn}
    found = []
    for each in schedules:
        standing, row = standings.get(each.use_case_id), rows.get(each.id)
        why_not = why_not_asked(standing.state, beginning) if standing else No.ENDED
        is_open = row is not None and row.act_at is not None and row.state is not CheckInState.ANSWERED
        found.append(
            ScheduleSnapshot(
                id=each.id,
                use_case_id=each.use_case_id,
                rhythm=Rhythm(each.cadence, each.every_weeks),
                next_date=each.next_date,
                newest=newest.get(each.id),
                may_answer_next=why_not is None and not is_open and each.next_at - now <= EARLIEST,
                why_not_asked=why_not,
            )
        )
    return found


def next_of(session: Session, schedule_ids: Collection[UUID]) -> Mapping[UUID, CheckInSnapshot]:
    """Return the next check-in of each schedule, which is not there yet: whoever answers early opens it."""
    found = snapshots(session, [(each, None) for each in stored.schedules(session, schedule_ids)])
    return {each.schedule_id: each for each in found}


def asked_of(session: Session, person_id: UUID) -> list[CheckInSnapshot]:
    """Return what was handed to this person to answer this time, or came to them because somebody left."""
    found = []
    for row in stored.asked_of(session, person_id, limit=MOST_SHOWN):
        schedule = stored.schedule(session, row.schedule_id)
        if schedule is not None and schedule.person_id != person_id:
            found.append(snapshot(session, schedule, row))
    return found


def to_answer_of(session: Session, person_id: UUID) -> list[CheckInSnapshot]:
    """Return the check-ins this person was asked for and has not answered, the first one first."""
    due = (CheckInState.DUE, CheckInState.OVERDUE)
    rows = [row for row in stored.asked_of(session, person_id, limit=MOST_SHOWN) if row.state in due]
    schedules = {each.id: each for each in stored.schedules(session, {row.schedule_id for row in rows})}
    return snapshots(session, [(schedules[row.schedule_id], row) for row in rows])


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
    return snapshots(session, [(schedule, row)])[0]


def snapshots(session: Session, pairs: Sequence[tuple[CheckInSchedule, CheckIn | None]]) -> list[CheckInSnapshot]:
    """Return the same of one check-in of each of these schedules, in their order: as many questions as for one."""
    if not pairs:
        return []
    standings = standings_of(session, {schedule.use_case_id for schedule, _ in pairs})
    gone = next((each.use_case_id for each, _ in pairs if each.use_case_id not in standings), None)
    if gone is not None:
        raise LookupError(f"no use case {gone}")
    rows = [row for _, row in pairs if row]
    answers: defaultdict[UUID, list[CheckInAnswer]] = defaultdict(list)
    for each in stored.answers_of(session, [row.id for row in rows]):
        answers[each.check_in_id].append(each)
    every_answer = [each for found in answers.values() for each in found]
    last = stored.last_answers(session, {each.id: _on(each, row) for each, row in pairs if each.is_whole})
    shared = _Shared(
        standings=standings,
        answers=answers,
        last=last,
        known=people.named(session, _named_in(pairs, every_answer) | {each.sponsor_id for each in standings.values()}),
        leads=[each.id for each in people.holders_of(session, LEAD)],
        worded=_texts(session, [*every_answer, *last.values()], rows),
        answered=stored.last_answered(session, {row.schedule_id for row in rows}),
        kpis=_kpis(session, pairs),
        asked_from=asked_from(session),
    )
    return [_drawn(schedule, row, shared) for schedule, row in pairs]


@dataclass(frozen=True, slots=True)
class _Shared:
    """What is read at once for several check-ins."""

    standings: Mapping[UUID, stored.Standing]
    answers: Mapping[UUID, Sequence[CheckInAnswer]]
    last: Mapping[UUID, CheckInAnswer]
    known: Mapping[UUID, Actor]
    leads: Sequence[UUID]
    worded: Mapping[UUID, str]
    answered: Mapping[UUID, date]
    kpis: Mapping[UUID, tuple[Asked, ...]]
    asked_from: AskedFrom


def _drawn(schedule: CheckInSchedule, row: CheckIn | None, shared: _Shared) -> CheckInSnapshot:
    standing, known = shared.standings[schedule.use_case_id], shared.known
    answers = shared.answers.get(row.id, ()) if row else ()
    last = shared.last.get(schedule.id)
    asked = known[row.asked_id if row else schedule.person_id]
    return CheckInSnapshot(
        id=row.id if row else None,
        schedule_id=schedule.id,
        use_case_id=schedule.use_case_id,
        on_date=_on(schedule, row),
        ends_on=row.ends_on if row else _ends_on(schedule),
        stands=Stands(
            state=row.state if row else CheckInState.PENDING,
            closes_at=row.closes_at if row else periods.moment(schedule.zone, _ends_on(schedule), schedule.minute),
            revision=row.revision if row else 0,
            overtaken=bool(row) and shared.answered.get(schedule.id, date.min) > _on(schedule, row),
            use_case=standing.state,
            asked_from=shared.asked_from,
        ),
        person=known[schedule.person_id],
        asked=asked,
        may=_who_may(schedule, asked, shared),
        is_whole=schedule.is_whole,
        kpis=shared.kpis[schedule.id],
        prompted_at=row.prompted_at if row else None,
        due_at=row.due_at if row else None,
        reminders=row.reminders if row else 0,
        snoozed_until=row.snoozed_until if row else None,
        still_open=row is not None and row.act_at is not None,
        skipped_by=known[row.skipped_by] if row and row.skipped_by else None,
        reason=shared.worded.get(row.reason_id, "") if row and row.reason_id else "",
        answers=tuple(
            AnswerSnapshot(each.revision, known[each.answered_by], each.answered_at, each.is_unchanged, said)
            for each in answers
            for said in [_said(each, shared.worded)]
        ),
        before=_said(last, shared.worded) if last else None,
        verifier=known[schedule.verifier_id] if schedule.verifier_id else None,
    )


def _who_may(schedule: CheckInSchedule, asked: Actor, shared: "_Shared") -> frozenset[UUID]:
    """Return who may do something with a check-in: who is asked or reports, owner and sponsor, whom silence is told to.

    Where the sponsor left or is asked themselves, programme leads stand in.
    """
    standing = shared.standings[schedule.use_case_id]
    sponsor = shared.known[standing.sponsor_id]
    is_there = sponsor.membership is Membership.MEMBER and sponsor.id != asked.id
    return frozenset({schedule.person_id, asked.id, standing.owner_id, sponsor.id, *(() if is_there else shared.leads)})


def _named_in(pairs: Sequence[tuple[CheckInSchedule, CheckIn | None]], answers: Sequence[CheckInAnswer]) -> set[UUID]:
    ids = {each.answered_by for each in answers}
    for schedule, row in pairs:
        named = (schedule.person_id, schedule.verifier_id, *((row.asked_id, row.skipped_by) if row else ()))
        ids |= {each for each in named if each}
    return ids


def _on(schedule: CheckInSchedule, row: CheckIn | None) -> date:
    return row.on_date if row else schedule.next_date


def _ends_on(schedule: CheckInSchedule) -> date:
    return periods.next_date(Rhythm(schedule.cadence, schedule.every_weeks), schedule.weekday, schedule.next_date)


def _kpis(
    session: Session, pairs: Sequence[tuple[CheckInSchedule, CheckIn | None]]
) -> Mapping[UUID, tuple[Asked, ...]]:
    """Return what each of these schedules asks for, by its id."""
    every = kpis_of(session, {each.use_case_id for each, _ in pairs})
    theirs = {each.id: _theirs(every.get(each.use_case_id, ()), each, row) for each, row in pairs}
    last = _last(session, pairs, theirs)
    # An early answer is read before the date it was asked for, and is that date's all the same.
    asked_on = stored.asked_on(session, {each.check_in_id for each in last.values() if each.check_in_id})
    when = {key: asked_on[each.check_in_id] if each.check_in_id else each.read_for for key, each in last.items()}
    rows = stored.readings_in(session, *(row.id for _, row in pairs if row))
    now = {(each.check_in_id, each.kpi_id): _reading(each) for each in rows}
    return {
        each.id: tuple(
            Asked(
                kpi,
                _reading(last[key]) if key in last else None,
                now.get((row.id, kpi.id)) if row else None,
                periods.is_wanted(kpi.rhythm, when.get(key), _on(each, row)),
            )
            for kpi in theirs[each.id]
            for key in [(each.id, kpi.id)]
        )
        for each, row in pairs
    }


def _theirs(every: Sequence[KpiSnapshot], schedule: CheckInSchedule, row: CheckIn | None) -> list[KpiSnapshot]:
    """Return the KPIs a check-in asks for; where its schedule ended, those of whoever it was given to as well."""
    reports = {schedule.person_id, row.asked_id if row and schedule.ended_at else schedule.person_id}
    return [kpi for kpi in every if kpi.in_use and kpi.owner.id in reports]


def _last(
    session: Session,
    pairs: Sequence[tuple[CheckInSchedule, CheckIn | None]],
    theirs: Mapping[UUID, Sequence[KpiSnapshot]],
) -> dict[tuple[UUID, UUID], Reading]:
    """Return what was read before, by schedule and KPI: asked once, or again for KPIs that two of these ask for."""
    found: dict[tuple[UUID, UUID], Reading] = {}
    left = list(pairs)
    while left:
        before: dict[UUID, CheckIn | None] = {}
        place: dict[UUID, UUID] = {}
        later = []
        for schedule, row in left:
            kpi_ids = [kpi.id for kpi in theirs[schedule.id]]
            if before.keys() & set(kpi_ids):
                later.append((schedule, row))
                continue
            before |= dict.fromkeys(kpi_ids, row)
            place |= dict.fromkeys(kpi_ids, schedule.id)
        found |= {(place[each.kpi_id], each.kpi_id): each for each in stored.last_readings(session, before)}
        left = later
    return found


def _reading(row: Reading) -> ReadingSnapshot:
    return ReadingSnapshot(row.value, row.read_for, row.unit)


def _texts(session: Session, answers: Sequence[CheckInAnswer], rows: Sequence[CheckIn]) -> Mapping[UUID, str]:
    ids = {getattr(each, f"{name}_id") for each in answers for name in stored.TEXTS}
    return stored.texts(session, {each for each in ids | {row.reason_id for row in rows} if each})


def _said(row: CheckInAnswer, worded: Mapping[UUID, str]) -> Said:
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
