"""What is due soon or late already, and which use cases have lost their owners."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, literal, null, or_, union_all
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import col

from db.enums import ConditionStatus, Membership, RecertificationAnswer, UseCaseState
from db.queries.digest_cases import KIND, CaseRow, Teams, cases, in_teams, not_before, number_of
from db.session import Session
from db.tables import ApprovalRequest, Condition, Person, Recertification, UseCase, UseCaseRevision

_IN_FORCE = (ConditionStatus.OPEN, ConditionStatus.OFFERED)


class OwnerLeft(NamedTuple):
    """A use case whose owner is no full member any more, since then as far as that is known.

    `sponsor_id` is its sponsor where that is still one.
    """

    case: CaseRow
    left_at: datetime | None
    sponsor_id: UUID | None


class DueRow(NamedTuple):
    """`is_condition`: it is one; otherwise an approval is to be renewed."""

    is_condition: bool
    on: date
    case: CaseRow


def due(session: Session, until: datetime, teams: Teams, *, by: date, today: date) -> Mapping[bool, tuple[int, int]]:
    """Return how many conditions (True) and renewals (False) are due by a day, and how many of them before `today`."""
    each = _due(until, teams, by=by)
    statement = select_columns(each.c.is_condition, func.count(), number_of(each.c.due_on < today))
    found = session.connection().execute(statement.group_by(each.c.is_condition))
    return {bool(row[0]): (int(row[1]), int(row[2] or 0)) for row in found}


def due_first(session: Session, until: datetime, teams: Teams, *, by: date, limit: int) -> Sequence[DueRow]:
    """Return what is due first of it, of use cases everybody may know of."""
    each = _due(until, teams, by=by)
    statement = (
        cases(each.c.is_condition, each.c.due_on)
        .join(each, each.c.use_case_id == col(UseCase.id))
        .where(col(UseCase.confidential).is_(False))
        .order_by(each.c.due_on, col(UseCase.number), each.c.is_condition.desc())
    )
    found = session.connection().execute(statement.limit(limit))
    return [DueRow(bool(row[0]), row[1], CaseRow(*row[2:])) for row in found]


def owner_left(
    session: Session, states: Collection[UseCaseState], until: datetime, teams: Teams
) -> Sequence[OwnerLeft]:
    """Return the use cases in these states whose owners left before a moment, by their number."""
    owner, sponsor = aliased(Person), aliased(Person)

    def is_gone(person: type[Person]) -> ColumnElement[bool]:
        when = or_(col(person.left_at).is_(None), col(person.left_at) < until)
        return and_(col(person.membership) != Membership.MEMBER, when)

    still = case((is_gone(sponsor), null()), else_=col(sponsor.id))
    statement = (
        cases(col(owner.left_at), still)
        .join(owner, col(owner.id) == col(UseCaseRevision.owner_id))
        .join(sponsor, col(sponsor.id) == col(UseCaseRevision.sponsor_id))
        .where(col(UseCase.state).in_(list(states)), is_gone(owner), in_teams(col(UseCase.id), teams))
        .order_by(col(UseCase.number))
    )
    return [OwnerLeft(CaseRow(*row[2:]), row[0], row[1]) for row in session.connection().execute(statement)]


def _due(until: datetime, teams: Teams, *, by: date) -> Subquery:
    """Return (is_condition, use_case_id, due_on) of what was not done before a moment and is due by a day.

    A condition counts from when the request it was set on was approved. An approval that lapsed is still to be renewed.
    """
    conditions: Select[Any, Any, Any] = (
        select_columns(
            literal(1).label("is_condition"),
            col(Condition.subject_id).label("use_case_id"),
            col(Condition.due_on).label("due_on"),
        )
        .join(ApprovalRequest, col(ApprovalRequest.id) == col(Condition.request_id))
        .where(
            col(Condition.subject_kind) == KIND,
            col(Condition.due_on) <= by,
            or_(col(Condition.status).in_(_IN_FORCE), col(Condition.settled_at) >= until),
            col(ApprovalRequest.settled_at) < until,
            in_teams(col(Condition.subject_id), teams),
        )
    )
    renewals = select_columns(literal(0), col(Recertification.use_case_id), col(Recertification.due_on)).where(
        col(Recertification.due_on) <= by,
        col(Recertification.asked_at) < until,
        not_before(col(Recertification.settled_at), until),
        or_(
            not_before(col(Recertification.answered_at), until),
            col(Recertification.answer) == RecertificationAnswer.LAPSED,
        ),
        in_teams(col(Recertification.use_case_id), teams),
    )
    return union_all(conditions, renewals).subquery("due")
