"""What waits on people and roles, across features: for whoever administers."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import and_, func, or_
from sqlalchemy import select as select_columns
from sqlmodel import col

from db.enums import LaneStatus, Membership, RequestStatus, UseCaseState
from db.session import Session
from db.tables import (
    ApprovalLane,
    ApprovalRequest,
    ApprovalSeat,
    ApprovalStage,
    ApprovalVote,
    Person,
    RoleHolder,
    UseCase,
    UseCaseRevision,
)

_OVER = (UseCaseState.REJECTED, UseCaseState.WITHDRAWN, UseCaseState.EXPIRED, UseCaseState.RETIRED)
_IN_FORCE = and_(
    col(ApprovalRequest.id) == col(ApprovalLane.request_id),
    col(ApprovalRequest.status) == RequestStatus.IN_REVIEW,
    col(ApprovalRequest.round) == col(ApprovalStage.round),
)


def blocked_roles(session: Session) -> Mapping[str, int]:
    """Return how many lanes nobody may decide, by the role they ask."""
    statement = (
        select_columns(col(ApprovalLane.role), func.count())
        .join(ApprovalStage, col(ApprovalStage.id) == col(ApprovalLane.stage_id))
        .join(ApprovalRequest, _IN_FORCE)
        .where(col(ApprovalLane.status) == LaneStatus.BLOCKED)
        .group_by(col(ApprovalLane.role))
        .order_by(col(ApprovalLane.role))
    )
    return {row[0]: row[1] for row in session.connection().execute(statement)}


def gone(session: Session) -> Sequence[tuple[UUID, str, str]]:
    """Return (id, Slack id, name) of the people whose account is deactivated and on whom something may wait."""
    holding = select_columns(col(RoleHolder.person_id))
    asked = select_columns(col(ApprovalSeat.person_id))
    named = select_columns(col(UseCaseRevision.owner_id)).union(select_columns(col(UseCaseRevision.sponsor_id)))
    statement = (
        select_columns(col(Person.id), col(Person.slack_id), col(Person.name))
        .where(
            col(Person.membership) == Membership.DEACTIVATED,
            or_(col(Person.id).in_(holding), col(Person.id).in_(asked), col(Person.id).in_(named)),
        )
        .order_by(col(Person.name), col(Person.id))
    )
    return [(row[0], row[1], row[2]) for row in session.connection().execute(statement)]


def roles_held(session: Session, ids: Collection[UUID]) -> Sequence[tuple[UUID, str]]:
    """Return (person, role) of what these people hold by themselves."""
    statement = select_columns(col(RoleHolder.person_id), col(RoleHolder.role))
    found = session.connection().execute(
        statement.where(col(RoleHolder.person_id).in_(ids)).order_by(col(RoleHolder.role))
    )
    return [(row[0], row[1]) for row in found]


def open_seats(session: Session, ids: Collection[UUID]) -> Sequence[tuple[UUID, str]]:
    """Return (person, reference) of the open lanes in which these people are asked and have not voted."""
    statement = (
        select_columns(col(ApprovalSeat.person_id), col(ApprovalRequest.reference))
        .join(ApprovalLane, col(ApprovalLane.id) == col(ApprovalSeat.lane_id))
        .join(ApprovalStage, col(ApprovalStage.id) == col(ApprovalLane.stage_id))
        .join(ApprovalRequest, _IN_FORCE)
        .outerjoin(
            ApprovalVote,
            and_(
                col(ApprovalVote.lane_id) == col(ApprovalSeat.lane_id),
                col(ApprovalVote.person_id) == col(ApprovalSeat.person_id),
            ),
        )
        .where(
            col(ApprovalSeat.person_id).in_(ids),
            col(ApprovalLane.status) == LaneStatus.OPEN,
            col(ApprovalVote.id).is_(None),
        )
        .order_by(col(ApprovalRequest.opened_at), col(ApprovalRequest.id))
        .distinct()
        .add_columns(col(ApprovalRequest.opened_at), col(ApprovalRequest.id))
    )
    return [(row[0], row[1]) for row in session.connection().execute(statement)]


def named_in(session: Session, ids: Collection[UUID]) -> Sequence[tuple[UUID, UUID, int]]:
    """Return (owner, sponsor, number) of the use cases that go on and have one of these people as either."""
    statement = (
        select_columns(col(UseCaseRevision.owner_id), col(UseCaseRevision.sponsor_id), col(UseCase.number))
        .join(UseCase, col(UseCase.id) == col(UseCaseRevision.use_case_id))
        .where(
            col(UseCaseRevision.revision) == col(UseCase.revision),
            col(UseCase.state).not_in(_OVER),
            or_(col(UseCaseRevision.owner_id).in_(ids), col(UseCaseRevision.sponsor_id).in_(ids)),
        )
        .order_by(col(UseCase.number))
    )
    return [(row[0], row[1], row[2]) for row in session.connection().execute(statement)]
