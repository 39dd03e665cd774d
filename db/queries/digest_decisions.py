"""What people decided about use cases, and what waited."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import and_, func
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import col

from db.enums import APPROVING, RequestStatus, Verb
from db.queries.digest_cases import KIND, CaseRow, Teams, cases, in_teams, not_before
from db.session import Session
from db.tables import ApprovalLane, ApprovalRequest, ApprovalSeat, ApprovalStage, ApprovalVote, Person, UseCase

_VERBS: Final[Mapping[RequestStatus, Collection[Verb]]] = {
    RequestStatus.APPROVED: APPROVING,
    RequestStatus.REJECTED: (Verb.REJECT,),
}


class DecidedRow(NamedTuple):
    """A request that people approved or rejected, and whoever sent it."""

    id: UUID
    requester_id: UUID
    opened_at: datetime
    settled_at: datetime
    status: RequestStatus


def decided(session: Session, since: datetime, until: datetime, teams: Teams) -> Sequence[DecidedRow]:
    """Return the requests about use cases, and changes of them, that people decided in this time, the oldest first."""
    statement = select_columns(
        col(ApprovalRequest.id),
        col(ApprovalRequest.requester_id),
        col(ApprovalRequest.opened_at),
        col(ApprovalRequest.settled_at),
        col(ApprovalRequest.status),
    ).where(
        col(ApprovalRequest.subject_kind) == KIND,
        col(ApprovalRequest.status).in_(list(_VERBS)),
        col(ApprovalRequest.decided_by_line).is_(None),
        col(ApprovalRequest.settled_at) >= since,
        col(ApprovalRequest.settled_at) < until,
        in_teams(col(ApprovalRequest.subject_id), teams),
    )
    found = session.connection().execute(statement.order_by(col(ApprovalRequest.settled_at), col(ApprovalRequest.id)))
    return [DecidedRow._make(row) for row in found]


def expired(session: Session, since: datetime, until: datetime, teams: Teams) -> Sequence[datetime]:
    """Return when requests about use cases ended in this time because nobody decided them."""
    statement = select_columns(col(ApprovalRequest.settled_at)).where(
        col(ApprovalRequest.subject_kind) == KIND,
        col(ApprovalRequest.status) == RequestStatus.EXPIRED,
        col(ApprovalRequest.settled_at) >= since,
        col(ApprovalRequest.settled_at) < until,
        in_teams(col(ApprovalRequest.subject_id), teams),
    )
    return [at for (at,) in session.connection().execute(statement) if at is not None]


def cases_about(session: Session, since: datetime, until: datetime) -> Mapping[UUID, CaseRow]:
    """Return the use case of each request about one that was settled in this time."""
    asked = aliased(ApprovalRequest)
    statement = (
        cases(col(asked.id))
        .join(asked, and_(col(asked.subject_kind) == KIND, col(asked.subject_id) == col(UseCase.id)))
        .where(col(asked.settled_at) >= since, col(asked.settled_at) < until)
    )
    return {row[0]: CaseRow(*row[1:]) for row in session.connection().execute(statement)}


def deciders(session: Session, since: datetime, until: datetime, outcome: RequestStatus) -> Sequence[tuple[UUID, str]]:
    """Return (request, name) of whoever gave a vote that led there, in the round that was decided, first come first."""
    statement = (
        select_columns(col(ApprovalVote.request_id), col(Person.name))
        .join(ApprovalLane, col(ApprovalLane.id) == col(ApprovalVote.lane_id))
        .join(ApprovalStage, col(ApprovalStage.id) == col(ApprovalLane.stage_id))
        .join(
            ApprovalRequest,
            and_(
                col(ApprovalRequest.id) == col(ApprovalVote.request_id),
                col(ApprovalRequest.round) == col(ApprovalStage.round),
            ),
        )
        .join(Person, col(Person.id) == col(ApprovalVote.cast_by))
        .where(
            col(ApprovalRequest.subject_kind) == KIND,
            col(ApprovalRequest.status) == outcome,
            col(ApprovalRequest.settled_at) >= since,
            col(ApprovalRequest.settled_at) < until,
            col(ApprovalVote.verb).in_(list(_VERBS[outcome])),
        )
        .order_by(col(ApprovalVote.cast_at), col(ApprovalVote.id))
    )
    return [(row[0], row[1]) for row in session.connection().execute(statement)]


def waited(session: Session, until: datetime, teams: Teams) -> tuple[int, int]:
    """Return how many requests about use cases were not decided at a moment long past, and how many were past due.

    Past due is one with a lane not settled by then in which the time of everybody asked first was up. Those that were
    with their proposers are among the first.
    """
    first = (
        select_columns(col(ApprovalSeat.lane_id), func.min(col(ApprovalSeat.asked_at)).label("at"))
        .group_by(col(ApprovalSeat.lane_id))
        .subquery("first_asked")
    )
    up = (
        select_columns(col(ApprovalSeat.request_id))
        .join(first, and_(first.c.lane_id == col(ApprovalSeat.lane_id), first.c.at == col(ApprovalSeat.asked_at)))
        .join(ApprovalLane, col(ApprovalLane.id) == col(ApprovalSeat.lane_id))
        .where(not_before(col(ApprovalLane.settled_at), until))
        .group_by(col(ApprovalSeat.request_id), col(ApprovalSeat.lane_id))
        .having(func.max(col(ApprovalSeat.due_at)) < until)
        .subquery("up")
    )
    statement = (
        select_columns(func.count(col(ApprovalRequest.id).distinct()), func.count(up.c.request_id.distinct()))
        .outerjoin(up, up.c.request_id == col(ApprovalRequest.id))
        .where(
            col(ApprovalRequest.subject_kind) == KIND,
            col(ApprovalRequest.opened_at) < until,
            not_before(col(ApprovalRequest.settled_at), until),
            in_teams(col(ApprovalRequest.subject_id), teams),
        )
    )
    row = session.connection().execute(statement).one()
    return int(row[0]), int(row[1])
