"""When use cases are asked for their numbers, what became of each time, and what was answered."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, and_, bindparam, func, insert, or_, update
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from db.enums import CheckInState, UseCaseState
from db.ids import new_id
from db.prepared import Prepared
from db.session import Session
from db.tables import (
    CheckIn,
    CheckInAnswer,
    CheckInPrompt,
    CheckInSchedule,
    FreeText,
    Kpi,
    Person,
    Reading,
    UseCase,
    UseCaseRevision,
)

OPEN = (CheckInState.PENDING, CheckInState.DUE, CheckInState.OVERDUE)
TEXTS = ("why", "help", "hours_method", "blockers", "wins")
"""What of an answer is a text of its own: the column is `<name>_id`."""


# Every beat of the clock asks these two, so they are prepared.
_SCHEDULES_DUE = (
    select(CheckInSchedule)
    .join(Person, col(Person.id) == col(CheckInSchedule.person_id))
    .where(
        col(CheckInSchedule.ended_at).is_(None),
        col(CheckInSchedule.next_at) <= bindparam("soon"),
        or_(col(CheckInSchedule.next_at) <= bindparam("now"), col(Person.zone) != col(CheckInSchedule.zone)),
    )
    .order_by(col(CheckInSchedule.next_at), col(CheckInSchedule.id))
)
_SCHEDULE_DUE = Prepared(_SCHEDULES_DUE.with_only_columns(col(CheckInSchedule.id)).limit(1))
_CHECK_INS_DUE = Prepared(
    select_columns(col(CheckIn.id))
    .where(col(CheckIn.act_at) <= bindparam("now"))
    .order_by(col(CheckIn.act_at), col(CheckIn.id))
    .limit(bindparam("at_most", type_=Integer()))
)


class Standing(NamedTuple):
    """Where a use case is, and who answers for it by its text in force."""

    number: int
    state: UseCaseState
    owner_id: UUID
    sponsor_id: UUID


def standing_of(session: Session, use_case_id: UUID) -> Standing | None:
    statement = (
        select_columns(
            col(UseCase.number), col(UseCase.state), col(UseCaseRevision.owner_id), col(UseCaseRevision.sponsor_id)
        )
        .join(
            UseCaseRevision,
            and_(
                col(UseCaseRevision.use_case_id) == col(UseCase.id),
                col(UseCaseRevision.revision) == col(UseCase.revision),
            ),
        )
        .where(col(UseCase.id) == use_case_id)
    )
    row = session.connection().execute(statement).first()
    return Standing(*row) if row else None


# ------------------------------------------------------------------------------------------- schedules


def schedule(session: Session, schedule_id: UUID) -> CheckInSchedule | None:
    return session.exec(select(CheckInSchedule).where(CheckInSchedule.id == schedule_id)).first()


def schedules(session: Session, ids: Collection[UUID]) -> Sequence[CheckInSchedule]:
    return session.exec(select(CheckInSchedule).where(col(CheckInSchedule.id).in_(ids))).all() if ids else []


def lock_schedule(session: Session, schedule_id: UUID) -> CheckInSchedule | None:
    """Return a schedule that nobody else can advance before the commit."""
    return session.exec(select(CheckInSchedule).where(CheckInSchedule.id == schedule_id).with_for_update()).first()


def lock_schedules(session: Session, use_case_id: UUID) -> Sequence[CheckInSchedule]:
    """Return every schedule a use case ever had, which nobody else can change before the commit."""
    statement = select(CheckInSchedule).where(CheckInSchedule.use_case_id == use_case_id)
    return session.exec(statement.order_by(col(CheckInSchedule.id)).with_for_update()).all()


def hold_schedules(session: Session, ids: Collection[UUID]) -> None:
    """Let nobody else advance these schedules before the commit; everybody who takes several takes them by id."""
    statement = select_columns(col(CheckInSchedule.id)).where(col(CheckInSchedule.id).in_(ids))
    session.connection().execute(statement.order_by(col(CheckInSchedule.id)).with_for_update())


def hold_if_free(session: Session, schedule_id: UUID) -> CheckInSchedule | None:
    """Return a schedule that nobody else can advance before the commit; None where somebody holds it already."""
    statement = select(CheckInSchedule).where(CheckInSchedule.id == schedule_id)
    return session.exec(statement.with_for_update(skip_locked=True)).first()


def schedules_of(session: Session, person_id: UUID, *, limit: int) -> Sequence[CheckInSchedule]:
    """Return the schedules in force that ask this person, the next one first."""
    statement = select(CheckInSchedule).where(
        CheckInSchedule.person_id == person_id, col(CheckInSchedule.ended_at).is_(None)
    )
    return session.exec(statement.order_by(col(CheckInSchedule.next_at)).limit(limit)).all()


def schedules_due(session: Session, now: datetime, *, soon: datetime, limit: int) -> Sequence[CheckInSchedule]:
    """Return the schedules whose date has come, and those that come soon and whose person is in another zone now."""
    if _SCHEDULE_DUE.first(session, now=now, soon=soon) is None:
        return []
    return session.exec(_SCHEDULES_DUE.limit(limit), params={"now": now, "soon": soon}).all()


def insert_schedule(session: Session, values: Mapping[str, Any]) -> UUID:
    schedule_id = new_id()
    session.connection().execute(insert(CheckInSchedule), {"id": schedule_id, "version": 1, **values})
    return schedule_id


def advance(session: Session, schedule: CheckInSchedule, values: Mapping[str, Any]) -> bool:
    """Write `values` unless somebody was faster; say whether nobody was. Only one caller ever hears yes."""
    statement = update(CheckInSchedule).where(
        col(CheckInSchedule.id) == schedule.id, col(CheckInSchedule.version) == schedule.version
    )
    changed = session.connection().execute(statement.values({**values, "version": schedule.version + 1}))
    return changed.rowcount == 1


# ------------------------------------------------------------------------------------------- check-ins


def check_in(session: Session, check_in_id: UUID) -> CheckIn | None:
    return session.exec(select(CheckIn).where(CheckIn.id == check_in_id)).first()


def check_in_on(session: Session, schedule_id: UUID, on_date: date) -> CheckIn | None:
    return session.exec(select(CheckIn).where(CheckIn.schedule_id == schedule_id, CheckIn.on_date == on_date)).first()


def lock_check_in(session: Session, check_in_id: UUID) -> CheckIn | None:
    """Return a check-in that nobody else can change before the commit."""
    return session.exec(select(CheckIn).where(CheckIn.id == check_in_id).with_for_update()).first()


def lock_check_in_if_free(session: Session, check_in_id: UUID) -> CheckIn | None:
    """Return the same; None where somebody else holds it already."""
    return session.exec(select(CheckIn).where(CheckIn.id == check_in_id).with_for_update(skip_locked=True)).first()


def check_ins_due(session: Session, now: datetime, *, limit: int) -> Sequence[UUID]:
    """Return the check-ins the clock has to look at, the longest due first."""
    return [row[0] for row in _CHECK_INS_DUE.all(session, now=now, at_most=limit)]


def not_over(session: Session, schedule_id: UUID) -> Sequence[UUID]:
    """Return the check-ins of a schedule that the clock still has to look at, the first one first."""
    statement = select_columns(col(CheckIn.id)).where(
        col(CheckIn.schedule_id) == schedule_id, col(CheckIn.act_at).is_not(None)
    )
    return session.connection().execute(statement.order_by(col(CheckIn.on_date))).scalars().all()


def latest(session: Session, schedule_ids: Collection[UUID]) -> Sequence[CheckIn]:
    """Return the newest check-in of each of these schedules that has one."""
    if not schedule_ids:
        return []
    newest = (
        select_columns(col(CheckIn.schedule_id), func.max(col(CheckIn.on_date)).label("on_date"))
        .where(col(CheckIn.schedule_id).in_(schedule_ids))
        .group_by(col(CheckIn.schedule_id))
        .subquery()
    )
    on_it = and_(newest.c.schedule_id == col(CheckIn.schedule_id), newest.c.on_date == col(CheckIn.on_date))
    return session.exec(select(CheckIn).join(newest, on_it)).all()


def asked_of(session: Session, person_id: UUID, *, limit: int) -> Sequence[CheckIn]:
    """Return the check-ins this person is asked for now, the first one first."""
    statement = select(CheckIn).where(CheckIn.asked_id == person_id, col(CheckIn.act_at).is_not(None))
    return session.exec(statement.order_by(col(CheckIn.on_date)).limit(limit)).all()


def last_answered(session: Session, schedule_ids: Collection[UUID]) -> Mapping[UUID, date]:
    """Return the date of the newest check-in with an answer, of each of these schedules that has one."""
    if not schedule_ids:
        return {}
    statement = select_columns(col(CheckIn.schedule_id), func.max(col(CheckIn.on_date))).where(
        col(CheckIn.schedule_id).in_(schedule_ids), col(CheckIn.revision) > 0
    )
    return {row[0]: row[1] for row in session.connection().execute(statement.group_by(col(CheckIn.schedule_id)))}


def insert_check_in(session: Session, values: Mapping[str, Any]) -> UUID:
    """Store one date of a schedule; a second one of the same date violates its key, and its transaction fails."""
    check_in_id = new_id()
    common = {"id": check_in_id, "reminders": 0, "revision": 0}
    session.connection().execute(insert(CheckIn), {**common, **values})
    return check_in_id


def update_check_in(session: Session, check_in_id: UUID, values: Mapping[str, Any]) -> None:
    """Write `values` to a check-in the caller holds."""
    session.connection().execute(update(CheckIn).where(col(CheckIn.id) == check_in_id).values(**values))


def move_end(session: Session, schedule_id: UUID, *, ends_on: date, closes_at: datetime, now: datetime) -> None:
    """Let the open periods of a schedule end when its next one begins, and have the clock look at them now."""
    statement = update(CheckIn).where(col(CheckIn.schedule_id) == schedule_id, col(CheckIn.act_at).is_not(None))
    session.connection().execute(statement.values(ends_on=ends_on, closes_at=closes_at, act_at=now))


# --------------------------------------------------------------------------------------------- prompts


def prompt(session: Session, prompt_id: UUID) -> CheckInPrompt | None:
    return session.exec(select(CheckInPrompt).where(CheckInPrompt.id == prompt_id)).first()


def prompts_of(session: Session, check_in_id: UUID) -> Sequence[CheckInPrompt]:
    statement = select(CheckInPrompt).where(CheckInPrompt.check_in_id == check_in_id)
    return session.exec(statement.order_by(col(CheckInPrompt.id))).all()


def insert_prompt(session: Session, *, check_in_id: UUID, person_id: UUID) -> UUID:
    prompt_id = new_id()
    values = {"id": prompt_id, "check_in_id": check_in_id, "person_id": person_id}
    session.connection().execute(insert(CheckInPrompt), values)
    return prompt_id


def place_prompt(session: Session, prompt_id: UUID, *, channel: str | None, ts: str | None) -> None:
    statement = update(CheckInPrompt).where(col(CheckInPrompt.id) == prompt_id)
    session.connection().execute(statement.values(channel=channel, ts=ts))


# --------------------------------------------------------------------------------------------- answers


def answers_of(session: Session, check_in_ids: Collection[UUID]) -> Sequence[CheckInAnswer]:
    """Return every revision of the answers to these check-ins, the newest first."""
    if not check_in_ids:
        return []
    statement = select(CheckInAnswer).where(col(CheckInAnswer.check_in_id).in_(check_in_ids))
    return session.exec(statement.order_by(col(CheckInAnswer.revision).desc())).all()


def last_answers(session: Session, before: Mapping[UUID, date]) -> Mapping[UUID, CheckInAnswer]:
    """Return the answer that counts of the newest answered check-in before a date, of each of these schedules."""
    if not before:
        return {}
    of = and_(col(CheckInAnswer.check_in_id) == col(CheckIn.id), col(CheckInAnswer.revision) == col(CheckIn.revision))
    earlier = or_(*(and_(col(CheckIn.schedule_id) == each, col(CheckIn.on_date) < on) for each, on in before.items()))
    newest = (
        select_columns(col(CheckIn.schedule_id), func.max(col(CheckIn.on_date)).label("on_date"))
        .where(earlier, col(CheckIn.revision) > 0)
        .group_by(col(CheckIn.schedule_id))
        .subquery()
    )
    on_it = and_(newest.c.schedule_id == col(CheckIn.schedule_id), newest.c.on_date == col(CheckIn.on_date))
    statement = select(CheckIn.schedule_id, CheckInAnswer).join(CheckInAnswer, of).join(newest, on_it)
    return {row[0]: row[1] for row in session.exec(statement)}


def insert_answer(session: Session, values: Mapping[str, Any]) -> None:
    session.connection().execute(insert(CheckInAnswer), values)


def texts(session: Session, ids: Collection[UUID]) -> Mapping[UUID, str]:
    if not ids:
        return {}
    statement = select_columns(col(FreeText.id), col(FreeText.body)).where(col(FreeText.id).in_(ids))
    return {row[0]: row[1] for row in session.connection().execute(statement)}


# -------------------------------------------------------------------------------------------- readings


def readings_in(session: Session, *check_in_ids: UUID) -> Sequence[Reading]:
    """Return the readings that count of these check-ins."""
    if not check_in_ids:
        return []
    in_them = select(Reading).where(col(Reading.check_in_id).in_(check_in_ids))
    return session.exec(in_them.where(col(Reading.superseded_at).is_(None))).all()


def last_readings(session: Session, before: Mapping[UUID, CheckIn | None]) -> Sequence[Reading]:
    """Return the newest reading that counts of each of these KPIs, from its own source and in its own unit.

    `before` has with each a check-in: what it says itself is not what was before, nor what a later one does, nor what a
    system or a survey read after its period.
    """
    if not before:
        return []
    order = (col(Reading.read_for).desc(), col(Reading.entered_at).desc())
    ranked = (
        select_columns(
            col(Reading.id), func.row_number().over(partition_by=col(Reading.kpi_id), order_by=order).label("place")
        )
        .join(Kpi, col(Kpi.id) == col(Reading.kpi_id))
        .where(
            col(Reading.superseded_at).is_(None),
            col(Reading.source) == col(Kpi.source),
            col(Reading.unit) == col(Kpi.unit),
        )
    )
    ranked = ranked.outerjoin(CheckIn, col(CheckIn.id) == col(Reading.check_in_id)).where(_is_before(before))
    numbered = ranked.subquery()
    newest = aliased(numbered)
    return session.exec(select(Reading).join(newest, newest.c.id == col(Reading.id)).where(newest.c.place == 1)).all()


def _is_before(before: Mapping[UUID, CheckIn | None]) -> ColumnElement[bool]:
    """Return what is true of readings of these KPIs that were there before the check-in named with each."""
    wanted: list[ColumnElement[bool]] = []
    for row in {row.id if row else None: row for row in before.values()}.values():
        of_kpis = col(Reading.kpi_id).in_([kpi_id for kpi_id, each in before.items() if _same(each, row)])
        if row is None:
            wanted.append(of_kpis)
            continue
        is_earlier = and_(col(CheckIn.id) != row.id, col(CheckIn.on_date) <= row.on_date)
        is_imported = and_(col(Reading.check_in_id).is_(None), col(Reading.read_for) < row.ends_on)
        wanted.append(and_(of_kpis, or_(is_earlier, is_imported)))
    return or_(*wanted)


def _same(one: CheckIn | None, other: CheckIn | None) -> bool:
    return (one.id if one else None) == (other.id if other else None)


def asked_on(session: Session, check_in_ids: Collection[UUID]) -> Mapping[UUID, date]:
    """Return the date of each of these check-ins."""
    if not check_in_ids:
        return {}
    statement = select_columns(col(CheckIn.id), col(CheckIn.on_date)).where(col(CheckIn.id).in_(check_in_ids))
    return {row[0]: row[1] for row in session.connection().execute(statement)}


def insert_readings(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        session.connection().execute(insert(Reading), [{"id": new_id(), **row} for row in rows])


def supersede(session: Session, ids: Collection[UUID], *, at: datetime) -> None:
    """Let these readings count no more; what replaces them is stored by the caller."""
    if ids:
        statement = update(Reading).where(col(Reading.id).in_(ids))
        session.connection().execute(statement.values(superseded_at=at))
