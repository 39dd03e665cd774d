"""How long requests waited until people decided them, and which lanes wait now."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import and_, bindparam, func, or_, text
from sqlalchemy import select as select_columns
from sqlmodel import col

from db.enums import LaneStatus, RequestStatus, Tier
from db.prepared import Prepared
from db.session import Session
from db.tables import ApprovalLane, ApprovalRequest, ApprovalSeat, ApprovalStage

MOST = 500
"""How many decided requests of one tier are read, the newest; what they tell hardly changes with more."""


class DecidedRow(NamedTuple):
    """A request that people approved or rejected, and whoever sent it."""

    requester_id: UUID
    opened_at: datetime
    settled_at: datetime


class DecidedLaneRow(NamedTuple):
    """A lane that its people approved or rejected, since the first of them was asked, and whoever sent the request."""

    role: str
    requester_id: UUID
    asked_at: datetime
    settled_at: datetime


class WaitingRow(NamedTuple):
    """A lane of a request in review that waits now. `role` is whose holders were asked, or are to be.

    `since` is when its people were asked; when its stage opened where nobody could be. `is_by_name`: one person was
    asked in it besides the policy's lanes. `timeouts` is how often the time of everybody asked was up.
    """

    lane_id: UUID
    request_id: UUID
    requester_id: UUID
    role: str
    since: datetime
    is_blocked: bool
    is_by_name: bool
    timeouts: int
    subject_kind: str
    subject_id: UUID


_DECIDED = Prepared(
    select_columns(col(ApprovalRequest.requester_id), col(ApprovalRequest.opened_at), col(ApprovalRequest.settled_at))
    .where(
        or_(
            col(ApprovalRequest.status) == RequestStatus.APPROVED,
            col(ApprovalRequest.status) == RequestStatus.REJECTED,
        ),
        col(ApprovalRequest.decided_by_line).is_(None),
        col(ApprovalRequest.subject_kind) == bindparam("kind"),
        col(ApprovalRequest.tier) == bindparam("of_tier"),
        col(ApprovalRequest.settled_at) < bindparam("before"),
    )
    .order_by(col(ApprovalRequest.settled_at).desc(), col(ApprovalRequest.id).desc())
    .limit(MOST)
)

# The words are those of the index on lanes that are not done; SQLite compares them.
_NOT_DONE = text("approval_lanes.status IN ('open', 'blocked')")
_ASKED_AT = (
    select_columns(func.min(col(ApprovalSeat.asked_at)))
    .where(col(ApprovalSeat.lane_id) == col(ApprovalLane.id))
    .correlate(ApprovalLane)
    .scalar_subquery()
)
_WAITING = Prepared(
    select_columns(
        col(ApprovalLane.id),
        col(ApprovalLane.request_id),
        col(ApprovalRequest.requester_id),
        func.coalesce(col(ApprovalLane.seated_role), col(ApprovalLane.role)),
        _ASKED_AT,
        col(ApprovalStage.opened_at),
        col(ApprovalLane.status),
        col(ApprovalLane.ad_hoc_id),
        col(ApprovalLane.timeouts),
        col(ApprovalRequest.subject_kind),
        col(ApprovalRequest.subject_id),
    )
    .join(ApprovalStage, col(ApprovalStage.id) == col(ApprovalLane.stage_id))
    .join(
        ApprovalRequest,
        and_(
            col(ApprovalRequest.id) == col(ApprovalLane.request_id),
            col(ApprovalRequest.round) == col(ApprovalStage.round),
        ),
    )
    .where(_NOT_DONE, col(ApprovalRequest.status) == RequestStatus.IN_REVIEW)
)

_NEWEST_OF_ROLE = (
    select_columns(
        col(ApprovalLane.role),
        col(ApprovalRequest.requester_id),
        _ASKED_AT.label("asked_at"),
        col(ApprovalLane.settled_at),
        func.row_number()
        .over(
            partition_by=col(ApprovalLane.role),
            order_by=(col(ApprovalLane.settled_at).desc(), col(ApprovalLane.id).desc()),
        )
        .label("place"),
    )
    .join(ApprovalRequest, col(ApprovalRequest.id) == col(ApprovalLane.request_id))
    .where(
        or_(col(ApprovalLane.status) == LaneStatus.APPROVED, col(ApprovalLane.status) == LaneStatus.REJECTED),
        col(ApprovalLane.kept_from).is_(None),
        col(ApprovalLane.ad_hoc_id).is_(None),
        col(ApprovalRequest.subject_kind) == bindparam("kind"),
    )
    .subquery()
)
_DECIDED_LANES = Prepared(
    select_columns(
        _NEWEST_OF_ROLE.c.role,
        _NEWEST_OF_ROLE.c.requester_id,
        _NEWEST_OF_ROLE.c.asked_at,
        _NEWEST_OF_ROLE.c.settled_at,
    ).where(_NEWEST_OF_ROLE.c.place <= bindparam("most"), _NEWEST_OF_ROLE.c.asked_at.is_not(None))
)


def decided_lanes(session: Session, kind: str, *, most: int) -> Sequence[DecidedLaneRow]:
    """Return the lanes about subjects of this kind that people decided: of each role the newest, at most `most`.

    One that kept the approval of an earlier round is not among them, nor one person asked by name.
    """
    return [DecidedLaneRow._make(row) for row in _DECIDED_LANES.all(session, kind=kind, most=most)]


def decided_by_people(session: Session, kind: str, tier: Tier, *, before: datetime) -> Sequence[DecidedRow]:
    """Return the requests of this kind and tier that people decided before a moment, the newest decision first.

    Withdrawn and expired ones are not among them, nor what a line of the policy decided. There are at most `MOST`.
    """
    rows = _DECIDED.all(session, kind=kind, of_tier=tier, before=before)
    return [DecidedRow._make(row) for row in rows]


def waiting_lanes(session: Session) -> Sequence[WaitingRow]:
    """Return every lane that waits for somebody now, or for somebody who may decide it, of whatever subject."""
    found = []
    for lane_id, request_id, requester_id, role, asked_at, opened_at, status, ad_hoc_id, *more in _WAITING.all(session):
        is_blocked = status == LaneStatus.BLOCKED
        since, is_by_name = asked_at or opened_at, ad_hoc_id is not None
        found.append(WaitingRow(lane_id, request_id, requester_id, role, since, is_blocked, is_by_name, *more))
    return found
