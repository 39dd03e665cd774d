"""What the clock of check-ins has to know besides them: quiet times, who was given KPIs, and who was away."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Integer, Select, TextClause, and_, bindparam, exists, or_, text, union, update
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from db.enums import CheckInState, Membership
from db.ids import new_id
from db.prepared import Prepared
from db.session import Session
from db.tables import CheckIn, CheckInSchedule, Delegation, HandBack, KpiGiven, Leave, Person, QuietTime

_GIVEN_DUE = Prepared(
    select_columns(col(KpiGiven.id))
    .where(col(KpiGiven.tell_at) <= bindparam("now"))
    .order_by(col(KpiGiven.tell_at))
    .limit(bindparam("at_most", type_=Integer()))
)
_STILL_OPEN = (CheckInState.PENDING, CheckInState.DUE, CheckInState.OVERDUE, CheckInState.AWAY)


def still_of_use(session: Session, use_case_id: UUID, *, limit: int) -> Sequence[CheckIn]:
    """Return the newest check-ins about a use case that somebody can still do something with.

    They are open, or were missed and nobody has answered a later one of their schedule.
    """
    later = aliased(CheckIn)
    overtaken = exists().where(
        col(later.schedule_id) == col(CheckIn.schedule_id),
        col(later.on_date) > col(CheckIn.on_date),
        col(later.revision) > 0,
    )
    missed = and_(col(CheckIn.state) == CheckInState.MISSED, ~overtaken)
    statement = select(CheckIn).where(CheckIn.use_case_id == use_case_id, or_(col(CheckIn.act_at).is_not(None), missed))
    return session.exec(statement.order_by(col(CheckIn.on_date).desc(), col(CheckIn.id)).limit(limit)).all()


# --------------------------------------------------------------------------------------- quiet times

_KEEP_QUIET_TIME = text(
    "INSERT INTO quiet_times (person_id, starts_at, ends_at, checked_at) "
    "VALUES (:person_id, :starts_at, :ends_at, :checked_at) ON CONFLICT (person_id) DO UPDATE SET "
    "starts_at = excluded.starts_at, ends_at = excluded.ends_at, checked_at = excluded.checked_at "
    "WHERE quiet_times.checked_at <= excluded.checked_at"
).bindparams(
    *(
        bindparam(name, type_=QuietTime.metadata.tables["quiet_times"].c[name].type)
        for name in ("person_id", "starts_at", "ends_at", "checked_at")
    )
)


class AskedSoon(NamedTuple):
    """Somebody who will be asked soon, and whose quiet time is not known, or not any more."""

    person_id: UUID
    slack_id: str


def quiet_time(session: Session, person_id: UUID, *, since: datetime) -> tuple[datetime, datetime] | None:
    """Return somebody's quiet time as Slack has told it since then, or None."""
    statement = select_columns(col(QuietTime.starts_at), col(QuietTime.ends_at)).where(
        col(QuietTime.person_id) == person_id,
        col(QuietTime.checked_at) >= since,
        col(QuietTime.starts_at).is_not(None),
        col(QuietTime.ends_at).is_not(None),
    )
    row = session.connection().execute(statement).first()
    return (row[0], row[1]) if row and row[0] and row[1] else None


def quiet_times(
    session: Session, ids: Collection[UUID], *, since: datetime
) -> Mapping[UUID, tuple[datetime, datetime]]:
    """Return the quiet times of these people as Slack has told them since then; who has none is missing."""
    if not ids:
        return {}
    statement = select_columns(col(QuietTime.person_id), col(QuietTime.starts_at), col(QuietTime.ends_at)).where(
        col(QuietTime.person_id).in_(ids), col(QuietTime.checked_at) >= since
    )
    rows = session.connection().execute(statement)
    return {row[0]: (row[1], row[2]) for row in rows if row[1] and row[2]}


def to_ask_about(session: Session, *, soon: datetime, stale: datetime, limit: int) -> Sequence[AskedSoon]:
    """Return members who will be asked or reminded by then, of whom Slack has told nothing since `stale`."""
    dates: Select[UUID] = select_columns(col(CheckInSchedule.person_id).label("person_id")).where(
        col(CheckInSchedule.ended_at).is_(None), col(CheckInSchedule.next_at) <= soon
    )
    steps: Select[UUID] = select_columns(col(CheckIn.asked_id).label("person_id")).where(
        col(CheckIn.act_at) <= soon, col(CheckIn.state).in_(_STILL_OPEN)
    )
    wanted = union(dates, steps).subquery()
    statement = (
        select_columns(col(Person.id), col(Person.slack_id))
        .join(wanted, wanted.c.person_id == col(Person.id))
        .outerjoin(QuietTime, col(QuietTime.person_id) == col(Person.id))
        .where(
            col(Person.membership) == Membership.MEMBER,
            or_(col(QuietTime.checked_at).is_(None), col(QuietTime.checked_at) < stale),
        )
    )
    rows = session.connection().execute(statement.order_by(col(Person.id)).limit(limit))
    return [AskedSoon._make(row) for row in rows]


def keep_quiet_times(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Keep what Slack told of people, each with when it was asked; what it has told since stays."""
    if rows:
        session.connection().execute(_KEEP_QUIET_TIME, sorted(rows, key=lambda row: str(row["person_id"])))


# ---------------------------------------------------------------------------------------- given KPIs

_GIVEN = ("id", "use_case_id", "person_id", "given_by", "given_at", "tell_at")
_GIVE = (
    "INSERT INTO kpis_given (id, use_case_id, person_id, given_by, given_at, tell_at) "
    "VALUES (:id, :use_case_id, :person_id, :given_by, :given_at, :tell_at) ON CONFLICT (use_case_id, person_id) DO "
)


def _binding(statement: str) -> TextClause:
    columns = KpiGiven.metadata.tables["kpis_given"].c
    return text(statement).bindparams(*(bindparam(name, type_=columns[name].type) for name in _GIVEN))


_GIVE_AGAIN = _binding(
    f"{_GIVE} UPDATE SET given_by = excluded.given_by, given_at = excluded.given_at, tell_at = excluded.tell_at"
)
_GIVE_ONCE = _binding(f"{_GIVE} NOTHING")


def give_kpis(session: Session, use_case_id: UUID, person_id: UUID, *, by: UUID, at: datetime) -> None:
    """Have somebody told that they report KPIs now, once for all they are given of a use case until they are told."""
    session.connection().execute(_GIVE_AGAIN, _given(use_case_id, person_id, by, at))


def give_kpis_once(session: Session, use_case_id: UUID, person_id: UUID, *, at: datetime) -> None:
    """Have somebody told that they are asked for KPIs of those who left, unless they were told of them ever before."""
    session.connection().execute(_GIVE_ONCE, _given(use_case_id, person_id, None, at))


def _given(use_case_id: UUID, person_id: UUID, by: UUID | None, at: datetime) -> dict[str, Any]:
    said = {"use_case_id": use_case_id, "person_id": person_id, "given_by": by}
    return {"id": new_id(), **said, "given_at": at, "tell_at": at}


def given(session: Session, given_id: UUID) -> KpiGiven | None:
    return session.exec(select(KpiGiven).where(KpiGiven.id == given_id)).first()


def given_due(session: Session, now: datetime, *, limit: int) -> Sequence[UUID]:
    """Return what somebody is to be told of now, the longest due first."""
    return [row[0] for row in _GIVEN_DUE.all(session, now=now, at_most=limit)]


def lock_given_due(session: Session, now: datetime, *, limit: int) -> Sequence[KpiGiven]:
    """Return the same as rows; what another transaction tells already is left out."""
    statement = select(KpiGiven).where(col(KpiGiven.tell_at) <= now).order_by(col(KpiGiven.tell_at)).limit(limit)
    return session.exec(statement.with_for_update(skip_locked=True)).all()


def set_tell_at(session: Session, given_id: UUID, at: datetime | None) -> None:
    session.connection().execute(update(KpiGiven).where(col(KpiGiven.id) == given_id).values(tell_at=at))


def next_at(session: Session, use_case_id: UUID, person_id: UUID) -> datetime | None:
    """Return when somebody is asked about a use case next, if they are."""
    statement = select_columns(col(CheckInSchedule.next_at)).where(
        col(CheckInSchedule.use_case_id) == use_case_id,
        col(CheckInSchedule.person_id) == person_id,
        col(CheckInSchedule.ended_at).is_(None),
    )
    return session.connection().execute(statement).scalar()


# --------------------------------------------------------------------------------- who was away

_KEEP_HAND_BACK = text(
    "INSERT INTO hand_backs (person_id, last_day, told_at) VALUES (:person_id, :last_day, :told_at) "
    "ON CONFLICT (person_id, last_day) DO NOTHING"
).bindparams(
    *(
        bindparam(name, type_=HandBack.metadata.tables["hand_backs"].c[name].type)
        for name in ("person_id", "last_day", "told_at")
    )
)


class LeaveRow(NamedTuple):
    person_id: UUID
    zone: str
    first_day: date
    last_day: date


_LEAVES = select_columns(col(Leave.person_id), col(Person.zone), col(Leave.first_day), col(Leave.last_day)).join(
    Person, col(Person.id) == col(Leave.person_id)
)


_TOLD = exists().where(col(HandBack.person_id) == col(Leave.person_id), col(HandBack.last_day) == col(Leave.last_day))
_NOT_TOLD = (
    _LEAVES.where(
        col(Leave.last_day) >= bindparam("since"),
        col(Leave.last_day) <= bindparam("until"),
        ~_TOLD,
        col(Person.membership) == Membership.MEMBER,
        col(Leave.person_id).in_(select_columns(col(CheckInSchedule.person_id))),
    )
    .order_by(col(Leave.last_day), col(Leave.person_id))
    .limit(bindparam("at_most", type_=Integer()))
)
_FIRST_NOT_TOLD = Prepared(_NOT_TOLD)  # every beat of the clock asks it
_NEXT_NOT_TOLD = Prepared(
    _NOT_TOLD.where(
        or_(
            col(Leave.last_day) > bindparam("day"),
            and_(col(Leave.last_day) == bindparam("day"), col(Leave.person_id) > bindparam("person_id")),
        )
    )
)


def leaves_not_told(
    session: Session, since: date, until: date, *, after: LeaveRow | None = None, limit: int
) -> Sequence[LeaveRow]:
    """Return the leaves that end in these days, of members who report numbers and were not told what became of them.

    The first to end come first, from the one `after` which the caller has seen all.
    """
    asked: dict[str, Any] = {"since": since, "until": until, "at_most": limit}
    if after is None:
        rows = _FIRST_NOT_TOLD.all(session, **asked)
    else:
        rows = _NEXT_NOT_TOLD.all(session, **asked, day=after.last_day, person_id=after.person_id)
    return [LeaveRow._make(row) for row in rows]


def leaves_around(session: Session, person_id: UUID, first: date, last: date) -> Sequence[LeaveRow]:
    """Return somebody's leaves that share a day with these."""
    statement = _LEAVES.where(
        col(Leave.person_id) == person_id, col(Leave.first_day) <= last, col(Leave.last_day) >= first
    )
    return [LeaveRow._make(row) for row in session.connection().execute(statement)]


def keep_hand_back(session: Session, person_id: UUID, last_day: date, *, at: datetime) -> bool:
    """Keep that somebody is told of a leave; False when they are already. Only one caller ever hears yes."""
    values = {"person_id": person_id, "last_day": last_day, "told_at": at}
    return session.connection().execute(_KEEP_HAND_BACK, values).rowcount == 1


def told_back(session: Session, ids: Collection[UUID]) -> set[tuple[UUID, date]]:
    """Return of which leaves these people were told, each by the last day it has."""
    if not ids:
        return set()
    statement = select_columns(col(HandBack.person_id), col(HandBack.last_day)).where(col(HandBack.person_id).in_(ids))
    return {(row[0], row[1]) for row in session.connection().execute(statement)}


def had_delegate(session: Session, person_id: UUID, begins: datetime, ends: datetime) -> bool:
    """Say whether anybody could decide for this person at any time between these moments."""
    statement = select_columns(col(Delegation.id)).where(
        col(Delegation.person_id) == person_id,
        col(Delegation.starts_at) < ends,
        col(Delegation.ends_at) > begins,
        col(Delegation.starts_at) < col(Delegation.ends_at),
    )
    return session.connection().execute(statement.limit(1)).first() is not None


def check_ins_within(session: Session, person_id: UUID, first: date, last: date, *, limit: int) -> Sequence[CheckIn]:
    """Return the check-ins of the schedules of this person whose period shares a day with these, the newest first."""
    statement = (
        select(CheckIn)
        .join(CheckInSchedule, col(CheckInSchedule.id) == col(CheckIn.schedule_id))
        .where(col(CheckInSchedule.person_id) == person_id, col(CheckIn.on_date) <= last, col(CheckIn.ends_on) > first)
    )
    return session.exec(statement.order_by(col(CheckIn.on_date).desc(), col(CheckIn.id)).limit(limit)).all()
