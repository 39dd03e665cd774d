"""What is done about root causes of corrections, and what answers say had to be corrected."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Integer, and_, bindparam, insert, update
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import col, select
from sqlmodel.sql.expression import Select

from db.enums import Membership, RootCause, UseCaseState
from db.ids import new_id
from db.prepared import Prepared, among
from db.queries.checkin_runs import Standing
from db.session import Session
from db.tables import CheckIn, CheckInAnswer, Fix, FreeText, Person, UseCase, UseCaseRevision

_REASON = aliased(FreeText)
_OPEN = and_(col(Fix.done_at).is_(None), col(Fix.dropped_at).is_(None))
_HAS_ENDED = among(
    col(UseCase.state), (UseCaseState.REJECTED, UseCaseState.WITHDRAWN, UseCaseState.EXPIRED, UseCaseState.RETIRED)
)

# Every beat of the clock asks these two, so they are prepared.
_DUE = Prepared(
    select_columns(col(Fix.id))
    .where(_OPEN, col(Fix.remind_at) <= bindparam("now"))
    .order_by(col(Fix.remind_at), col(Fix.id))
    .limit(bindparam("at_most", type_=Integer()))
)
_OF_LEAVERS = Prepared(
    select_columns(col(Fix.id))
    .join(Person, col(Person.id) == col(Fix.owner_id))
    .join(UseCase, col(UseCase.id) == col(Fix.use_case_id))
    .where(_OPEN, col(Person.membership) != Membership.MEMBER, ~_HAS_ENDED)
    .order_by(col(Fix.id))
    .limit(bindparam("at_most", type_=Integer()))
)


Worded = tuple[Fix, str, str | None, date]
"""A fix, what is to be done, why it was dropped, and the date of the check-in on whose answer it was accepted."""


class LookedRow(NamedTuple):
    """What the answer that counts of a check-in says of outputs somebody looked at."""

    use_case_id: UUID
    check_in_id: UUID
    on_date: date
    looked_at: int | None
    by_prompt: int | None
    by_context: int | None
    by_workflow: int | None


def fix(session: Session, fix_id: UUID) -> Worded | None:
    return session.exec(_worded().where(Fix.id == fix_id)).first()


def fixes_of(session: Session, use_case_ids: Collection[UUID]) -> Sequence[Worded]:
    """Return every fix of these use cases, the newest first."""
    if not use_case_ids:
        return []
    statement = _worded().where(col(Fix.use_case_id).in_(use_case_ids))
    return session.exec(statement.order_by(col(Fix.accepted_at).desc(), col(Fix.id).desc())).all()


def open_of(session: Session, person_id: UUID, *, limit: int) -> Sequence[Worded]:
    """Return the open fixes this person has to do, the soonest due first; not those of use cases that have ended."""
    statement = _worded().join(UseCase, col(UseCase.id) == col(Fix.use_case_id))
    statement = statement.where(_OPEN, col(Fix.owner_id) == person_id, ~_HAS_ENDED)
    return session.exec(statement.order_by(col(Fix.due), col(Fix.id)).limit(limit)).all()


def open_one(session: Session, use_case_id: UUID, cause: RootCause) -> UUID | None:
    """Return the fix of a use case and cause that is open."""
    statement = select_columns(col(Fix.id)).where(_OPEN, col(Fix.use_case_id) == use_case_id, col(Fix.cause) == cause)
    return session.connection().execute(statement).scalar()


def lock_fix(session: Session, fix_id: UUID) -> Fix | None:
    """Return a fix that nobody else can change before the commit."""
    return session.exec(select(Fix).where(Fix.id == fix_id).with_for_update()).first()


def due(session: Session, now: datetime, *, limit: int) -> Sequence[UUID]:
    """Return the open fixes the clock has to look at, the longest due first."""
    return [row[0] for row in _DUE.all(session, now=now, at_most=limit)]


def of_leavers(session: Session, *, limit: int) -> Sequence[UUID]:
    """Return open fixes whose owners are no longer full members; not those of use cases that have ended."""
    return [row[0] for row in _OF_LEAVERS.all(session, at_most=limit)]


def insert_fix(session: Session, values: Mapping[str, Any]) -> UUID:
    """Store a fix; a second open one of the same use case and cause violates its key, and its transaction fails."""
    fix_id = new_id()
    session.connection().execute(insert(Fix), {"id": fix_id, "version": 1, "reminders": 0, **values})
    return fix_id


def update_fix(session: Session, held: Fix, values: Mapping[str, Any]) -> None:
    """Write `values` to a fix the caller holds; the transaction fails unless it is still at that version."""
    statement = update(Fix).where(col(Fix.id) == held.id, col(Fix.version) == held.version)
    changed = session.connection().execute(statement.values({**values, "version": held.version + 1}))
    if changed.rowcount != 1:
        raise LookupError(f"fix {held.id} is no longer at version {held.version}")


def looked(session: Session, use_case_ids: Collection[UUID]) -> Sequence[LookedRow]:
    """Return what the answers about these use cases say that looked at any output, the oldest first.

    Of each check-in the revision that counts.
    """
    if not use_case_ids:
        return []
    counts = and_(
        col(CheckInAnswer.check_in_id) == col(CheckIn.id), col(CheckInAnswer.revision) == col(CheckIn.revision)
    )
    statement = (
        select_columns(
            col(CheckIn.use_case_id),
            col(CheckIn.id),
            col(CheckIn.on_date),
            col(CheckInAnswer.looked_at),
            col(CheckInAnswer.corrected_prompt),
            col(CheckInAnswer.corrected_context),
            col(CheckInAnswer.corrected_workflow),
        )
        .join(CheckInAnswer, counts)
        .where(col(CheckIn.use_case_id).in_(use_case_ids), col(CheckInAnswer.looked_at) > 0)
    )
    found = session.connection().execute(statement.order_by(col(CheckIn.on_date), col(CheckIn.id)))
    return [LookedRow(*row) for row in found]


def standings_of(session: Session, use_case_ids: Collection[UUID]) -> Mapping[UUID, Standing]:
    """Return where these use cases are, and who answers for them."""
    if not use_case_ids:
        return {}
    in_force = and_(
        col(UseCaseRevision.use_case_id) == col(UseCase.id), col(UseCaseRevision.revision) == col(UseCase.revision)
    )
    statement = (
        select_columns(
            col(UseCase.id),
            col(UseCase.number),
            col(UseCase.state),
            col(UseCaseRevision.owner_id),
            col(UseCaseRevision.sponsor_id),
        )
        .join(UseCaseRevision, in_force)
        .where(col(UseCase.id).in_(use_case_ids))
    )
    return {row[0]: Standing(*row[1:]) for row in session.connection().execute(statement)}


def _worded() -> Select[Fix, str, str, date]:
    return (
        select(Fix, FreeText.body, _REASON.body, col(CheckIn.on_date))
        .join(FreeText, col(FreeText.id) == col(Fix.text_id))
        .join(CheckIn, col(CheckIn.id) == col(Fix.check_in_id))
        .outerjoin(_REASON, col(_REASON.id) == col(Fix.reason_id))
    )
