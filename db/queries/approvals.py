"""Approval requests: the lock, the state a vote is judged on, and the writes that follow."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BindParameter, Integer, Select, and_, bindparam, case, delete, exists, insert, or_, text, update
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from db.enums import PENDING, Exclusion, LaneStatus, Membership, RequestStatus, StageStatus, Tier, Verb
from db.prepared import Prepared
from db.queries import bursts
from db.session import Session
from db.tables import (
    ApprovalExclusion,
    ApprovalLane,
    ApprovalRelation,
    ApprovalRequest,
    ApprovalRound,
    ApprovalSeat,
    ApprovalSection,
    ApprovalStage,
    ApprovalVote,
    Card,
    Delegation,
    Leave,
    Person,
    RoleChannel,
)


class LockedRequest(NamedTuple):
    """A request held until the transaction ends."""

    id: UUID
    subject_kind: str
    subject_id: UUID
    reference: str
    revision: int
    round: int
    tier: Tier
    status: RequestStatus
    confidential: bool
    decided_by_line: str | None
    distinct_approvers: bool
    requester_id: UUID
    requester_slack_id: str
    version: int
    orphaned_at: datetime | None


class SeatState(NamedTuple):
    """One line of the state a vote is judged on: a lane, its stage, and one person asked there, if any."""

    lane_id: UUID
    lane_status: LaneStatus
    needed: int | None
    rejections: int
    content_digest: str
    stage_id: UUID
    position: int
    stage_status: StageStatus
    person_id: UUID | None
    vacated_at: datetime | None
    delegate_id: UUID | None
    verb: Verb | None
    cast_by: UUID | None
    voter_excluded: Exclusion | None
    lately_approved: int


REMINDERS = 3
"""At 50, 80 and 100 per cent of a person's time; with the last one it is up."""

TIMEOUTS = 2
"""At the first a lane escalates, at the second the programme leads are told and it gets its last date."""

_VOTE_OF_SEAT = and_(
    col(ApprovalVote.lane_id) == col(ApprovalSeat.lane_id), col(ApprovalVote.person_id) == col(ApprovalSeat.person_id)
)
_LOCK = select_columns(
    col(ApprovalRequest.id),
    col(ApprovalRequest.subject_kind),
    col(ApprovalRequest.subject_id),
    col(ApprovalRequest.reference),
    col(ApprovalRequest.revision),
    col(ApprovalRequest.round),
    col(ApprovalRequest.tier),
    col(ApprovalRequest.status),
    col(ApprovalRequest.confidential),
    col(ApprovalRequest.decided_by_line),
    col(ApprovalRequest.distinct_approvers),
    col(ApprovalRequest.requester_id),
    col(Person.slack_id),
    col(ApprovalRequest.version),
    col(ApprovalRequest.orphaned_at),
).join(Person, col(Person.id) == col(ApprovalRequest.requester_id))
_OF_LANE = _LOCK.join(ApprovalLane, col(ApprovalLane.request_id) == col(ApprovalRequest.id)).where(
    col(ApprovalLane.id) == bindparam("lane_id")
)
_LOCK_BY_LANE = Prepared(_OF_LANE.with_for_update(of=ApprovalRequest))
_LOCK_BY_ID = Prepared(
    _LOCK.where(col(ApprovalRequest.id) == bindparam("request_id")).with_for_update(of=ApprovalRequest)
)

_STATE = Prepared(
    select_columns(
        col(ApprovalLane.id),
        col(ApprovalLane.status),
        col(ApprovalLane.needed),
        col(ApprovalLane.rejections),
        col(ApprovalLane.content_digest),
        col(ApprovalStage.id),
        col(ApprovalStage.position),
        col(ApprovalStage.status),
        col(ApprovalSeat.person_id),
        col(ApprovalSeat.vacated_at),
        col(ApprovalSeat.delegate_id),
        col(ApprovalVote.verb),
        col(ApprovalVote.cast_by),
        select_columns(col(ApprovalExclusion.why))
        .where(
            col(ApprovalExclusion.request_id) == bindparam("request_id"),
            col(ApprovalExclusion.person_id) == bindparam("voter_id"),
        )
        .scalar_subquery(),
        bursts.LATELY_APPROVED,
    )
    .join(ApprovalStage, col(ApprovalStage.id) == col(ApprovalLane.stage_id))
    .outerjoin(ApprovalSeat, col(ApprovalSeat.lane_id) == col(ApprovalLane.id))
    .outerjoin(ApprovalVote, _VOTE_OF_SEAT)
    .where(
        col(ApprovalLane.request_id) == bindparam("request_id"), col(ApprovalStage.round) == bindparam("current_round")
    )
    .order_by(col(ApprovalStage.position), col(ApprovalLane.key), col(ApprovalSeat.id))
)
_CARDS = Prepared(
    select_columns(col(Card.id), col(Card.conversation)).where(col(Card.request_id) == bindparam("request_id"))
)
_INSERT_VOTE = Prepared(
    insert(ApprovalVote),
    *("id", "request_id", "lane_id", "person_id", "cast_by", "verb", "content_digest", "reason_id", "cast_at"),
)
_AS_SEEN = update(ApprovalRequest).where(
    col(ApprovalRequest.id) == bindparam("request_id"), col(ApprovalRequest.version) == bindparam("seen")
)
_NEWEST_FIRST = (col(ApprovalRequest.opened_at).desc(), col(ApprovalRequest.id).desc())
_TOUCH_REQUEST = Prepared(_AS_SEEN.values(version=col(ApprovalRequest.version) + 1))
_SETTLE_REQUEST = Prepared(
    _AS_SEEN.values(
        version=col(ApprovalRequest.version) + 1, status=bindparam("new_status"), settled_at=bindparam("at")
    )
)
_SET_REQUESTER = Prepared(
    _AS_SEEN.values(
        version=col(ApprovalRequest.version) + 1,
        requester_id=bindparam("new_requester"),
        orphaned_at=bindparam("new_orphaned_at"),
    )
)
_SETTLE_STAGE = Prepared(
    update(ApprovalStage).where(col(ApprovalStage.id) == bindparam("stage_id")).values(status=bindparam("new_status"))
)
_SETTLE_LANE = Prepared(
    update(ApprovalLane)
    .where(col(ApprovalLane.id) == bindparam("lane_id"))
    .values(status=bindparam("new_status"), settled_at=bindparam("at"))
)
_REMINDERS_OF_LANE = (
    update(ApprovalSeat)
    .where(col(ApprovalSeat.lane_id) == bindparam("of_lane"), col(ApprovalSeat.remind_at).is_not(None))
    .values(remind_at=None)
)
_CLEAR_REMINDERS = Prepared(_REMINDERS_OF_LANE)
_CLEAR_REMINDERS_OF = Prepared(_REMINDERS_OF_LANE.where(col(ApprovalSeat.person_id) == bindparam("of_person")))


# What every card is drawn from, written once: building a statement takes longer than SQLite needs to answer it.
_OF_REQUEST: BindParameter[Any] = bindparam("of_request")
_STAGES = (
    select(ApprovalStage)
    .where(ApprovalStage.request_id == _OF_REQUEST, ApprovalStage.round == bindparam("of_round"))
    .order_by(col(ApprovalStage.position))
)
_LANES = (
    select(ApprovalLane)
    .join(ApprovalStage, col(ApprovalStage.id) == col(ApprovalLane.stage_id))
    .where(ApprovalLane.request_id == _OF_REQUEST, ApprovalStage.round == bindparam("of_round"))
    .order_by(ApprovalLane.key)
)
_SEATS = select(ApprovalSeat).where(ApprovalSeat.request_id == _OF_REQUEST).order_by(col(ApprovalSeat.id))
_VOTES = select(ApprovalVote).where(ApprovalVote.request_id == _OF_REQUEST).order_by(col(ApprovalVote.cast_at))
_EXCLUSIONS = select(ApprovalExclusion).where(ApprovalExclusion.request_id == _OF_REQUEST)


def lock_by_lane(session: Session, lane_id: UUID) -> LockedRequest | None:
    """Lock the request a lane belongs to. Always the first lock of a vote."""
    row = _LOCK_BY_LANE.first(session, lane_id=lane_id)
    return LockedRequest._make(row) if row else None


def lock(session: Session, request_id: UUID) -> LockedRequest | None:
    row = _LOCK_BY_ID.first(session, request_id=request_id)
    return LockedRequest._make(row) if row else None


def state(
    session: Session, request_id: UUID, *, current_round: int, voter_id: UUID, lately: datetime
) -> Sequence[SeatState]:
    """Return the lanes of a locked request's round with who is asked and how they voted, stage by stage.

    Each line also says how many approvals the voter gave after `lately`, as far as they are committed.
    """
    rows = _STATE.all(session, request_id=request_id, current_round=current_round, voter_id=voter_id, lately=lately)
    return [SeatState._make(row) for row in rows]


def insert_request(session: Session, values: dict[str, Any]) -> None:
    session.connection().execute(insert(ApprovalRequest), values)


def renew_request(session: Session, request_id: UUID, *, version: int, values: dict[str, Any]) -> None:
    """Write what a new round changes; the transaction fails unless the row still has `version`."""
    statement = (
        update(ApprovalRequest)
        .where(col(ApprovalRequest.id) == request_id, col(ApprovalRequest.version) == version)
        .values(values | {"version": version + 1})
    )
    if session.connection().execute(statement).rowcount != 1:
        raise LookupError(f"request {request_id} is no longer at version {version}")


def set_confidential(session: Session, subject_kind: str, subject_id: UUID, *, confidential: bool) -> tuple[UUID, ...]:
    """Say of every request about a subject whether only the people involved may know of it; return those changed."""
    statement = (
        update(ApprovalRequest)
        .where(
            col(ApprovalRequest.subject_kind) == subject_kind,
            col(ApprovalRequest.subject_id) == subject_id,
            col(ApprovalRequest.confidential) != confidential,
        )
        .values(confidential=confidential)
        .returning(col(ApprovalRequest.id))
    )
    return tuple(sorted(session.connection().execute(statement).scalars()))


def insert_round(session: Session, values: dict[str, Any]) -> None:
    session.connection().execute(insert(ApprovalRound), values)


def insert_sections(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    session.connection().execute(insert(ApprovalSection), rows)


def insert_relations(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    session.connection().execute(insert(ApprovalRelation), rows)


def relations(session: Session, request_id: UUID, *, of_round: int | None = None) -> dict[str, UUID]:
    """Return who somebody is to what a request is about, as its current round was laid out, or an earlier one."""
    statement = select_columns(col(ApprovalRelation.relation), col(ApprovalRelation.person_id)).where(
        col(ApprovalRelation.request_id) == request_id
    )
    if of_round is None:
        statement = statement.join(
            ApprovalRequest,
            and_(
                col(ApprovalRequest.id) == col(ApprovalRelation.request_id),
                col(ApprovalRequest.round) == col(ApprovalRelation.round),
            ),
        )
    else:
        statement = statement.where(col(ApprovalRelation.round) == of_round)
    return {row[0]: row[1] for row in session.connection().execute(statement)}


def set_exclusions(session: Session, request_id: UUID, excluded: Mapping[UUID, Exclusion]) -> None:
    """Say who may never vote on the request from now on; who was barred before and is not any more may."""
    session.connection().execute(delete(ApprovalExclusion).where(col(ApprovalExclusion.request_id) == request_id))
    rows = [{"request_id": request_id, "person_id": person, "why": why} for person, why in excluded.items()]
    session.connection().execute(insert(ApprovalExclusion), rows)


def insert_stages(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    session.connection().execute(insert(ApprovalStage), rows)


def insert_lanes(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    session.connection().execute(insert(ApprovalLane), rows)


def insert_seats(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    session.connection().execute(insert(ApprovalSeat), rows)


def insert_cards(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    session.connection().execute(insert(Card), rows)


def insert_votes(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    session.connection().execute(insert(ApprovalVote), rows)


def insert_vote(session: Session, values: dict[str, Any]) -> None:
    _INSERT_VOTE.run(session, **values)


def replace_vote(session: Session, *, lane_id: UUID, person_id: UUID, values: dict[str, Any]) -> None:
    session.connection().execute(
        update(ApprovalVote)
        .where(col(ApprovalVote.lane_id) == lane_id, col(ApprovalVote.person_id) == person_id)
        .values(values)
    )


def touch_request(session: Session, request_id: UUID, *, version: int) -> None:
    """Count the row's version up; the transaction fails unless it still is `version`."""
    _TOUCH_REQUEST.change_one(session, request_id=request_id, seen=version)


def settle_request(
    session: Session, request_id: UUID, *, version: int, status: RequestStatus, at: datetime | None
) -> None:
    """Give the request another status; `at` is when it ended, if it did. Fails unless the row has `version`."""
    _SETTLE_REQUEST.change_one(session, request_id=request_id, seen=version, new_status=status, at=at)


def set_requester(
    session: Session, request_id: UUID, *, version: int, requester_id: UUID, orphaned_at: datetime | None
) -> None:
    """Say who answers for the request, and since when nobody is left to. Fails unless the row has `version`."""
    _SET_REQUESTER.change_one(
        session, request_id=request_id, seen=version, new_requester=requester_id, new_orphaned_at=orphaned_at
    )


def bar(session: Session, request_id: UUID, person_id: UUID, why: Exclusion) -> None:
    """Say that one more person may never vote on the request."""
    session.connection().execute(
        insert(ApprovalExclusion), {"request_id": request_id, "person_id": person_id, "why": why}
    )


def set_stage(session: Session, stage_id: UUID, values: dict[str, Any]) -> None:
    session.connection().execute(update(ApprovalStage).where(col(ApprovalStage.id) == stage_id).values(values))


def settle_stages(session: Session, stage_ids: Sequence[UUID], status: StageStatus) -> None:
    _SETTLE_STAGE.run_each(session, [{"stage_id": each, "new_status": status} for each in stage_ids])


def set_lanes(session: Session, lane_ids: Sequence[UUID], values: dict[str, Any]) -> None:
    session.connection().execute(update(ApprovalLane).where(col(ApprovalLane.id).in_(lane_ids)).values(values))


def settle_lanes(session: Session, lane_ids: Sequence[UUID], status: LaneStatus, *, at: datetime) -> None:
    _SETTLE_LANE.run_each(session, [{"lane_id": each, "new_status": status, "at": at} for each in lane_ids])


def clear_reminders(session: Session, lane_ids: Sequence[UUID]) -> None:
    """Forget the reminders of these lanes: nothing is left to remind of."""
    _CLEAR_REMINDERS.run_each(session, [{"of_lane": each} for each in lane_ids])


def clear_reminders_of(session: Session, lane_id: UUID, person_id: UUID) -> None:
    """Forget the reminders of one person in a lane: they have voted."""
    _CLEAR_REMINDERS_OF.run(session, of_lane=lane_id, of_person=person_id)


def advance_reminder(
    session: Session, seat: ApprovalSeat, *, remind_at: datetime | None, due_at: datetime | None, reminders: int
) -> bool:
    """Take one due reminder and set the next; say whether it was still there. Only one caller ever hears yes."""
    statement = (
        update(ApprovalSeat)
        .where(col(ApprovalSeat.id) == seat.id, col(ApprovalSeat.remind_at) == seat.remind_at)
        .values(remind_at=remind_at, due_at=due_at, reminders=reminders)
    )
    return session.connection().execute(statement).rowcount == 1


_DUE_REMINDERS = (
    select(ApprovalSeat)
    .join(ApprovalLane, col(ApprovalLane.id) == col(ApprovalSeat.lane_id))
    .where(col(ApprovalSeat.remind_at) <= bindparam("now"), col(ApprovalLane.status) == LaneStatus.OPEN)
    .order_by(col(ApprovalSeat.remind_at))
    .limit(bindparam("at_most", type_=Integer()))
)


def due_reminders(session: Session, now: datetime, *, limit: int) -> Sequence[ApprovalSeat]:
    """Return the seats whose reminder is due, the longest due first. A lane that is blocked reminds nobody."""
    return session.exec(_DUE_REMINDERS, params={"now": now, "at_most": limit}).all()


def cards(session: Session, request_id: UUID) -> Sequence[tuple[UUID, str]]:
    """Return (card id, conversation) of every copy of a request's card."""
    rows = _CARDS.all(session, request_id=request_id)
    return [(row[0], row[1]) for row in rows]


def card(session: Session, card_id: UUID) -> Card | None:
    return session.get(Card, card_id)


def set_card_place(session: Session, card_id: UUID, *, channel: str | None, ts: str | None) -> None:
    session.connection().execute(update(Card).where(col(Card.id) == card_id).values(channel=channel, ts=ts))


def request(session: Session, request_id: UUID) -> ApprovalRequest | None:
    return session.get(ApprovalRequest, request_id)


def request_id_of_lane(session: Session, lane_id: UUID) -> UUID | None:
    return session.exec(select(ApprovalLane.request_id).where(ApprovalLane.id == lane_id)).first()


def round_of(session: Session, request_id: UUID, number: int) -> ApprovalRound | None:
    return session.get(ApprovalRound, (request_id, number))


def stages(session: Session, request_id: UUID, *, of_round: int) -> Sequence[ApprovalStage]:
    return session.exec(_STAGES, params={"of_request": request_id, "of_round": of_round}).all()


def lanes(session: Session, request_id: UUID, *, of_round: int) -> Sequence[ApprovalLane]:
    """Return the lanes of a round; those of one stage come in the order of their keys."""
    return session.exec(_LANES, params={"of_request": request_id, "of_round": of_round}).all()


def lanes_of_stage(session: Session, stage_id: UUID) -> Sequence[ApprovalLane]:
    return session.exec(select(ApprovalLane).where(ApprovalLane.stage_id == stage_id).order_by(ApprovalLane.key)).all()


class LaneSeat(NamedTuple):
    """Somebody asked in a lane, and how they voted there, if they did."""

    id: UUID
    person_id: UUID
    delegate_id: UUID | None
    vacated_at: datetime | None
    reminders: int
    remind_at: datetime | None
    verb: Verb | None


def lane_seats(session: Session, lane_id: UUID) -> Sequence[LaneSeat]:
    """Return everybody asked in a lane, those who left included."""
    statement = (
        select_columns(
            col(ApprovalSeat.id),
            col(ApprovalSeat.person_id),
            col(ApprovalSeat.delegate_id),
            col(ApprovalSeat.vacated_at),
            col(ApprovalSeat.reminders),
            col(ApprovalSeat.remind_at),
            col(ApprovalVote.verb),
        )
        .outerjoin(ApprovalVote, _VOTE_OF_SEAT)
        .where(col(ApprovalSeat.lane_id) == lane_id)
    )
    return [LaneSeat._make(row) for row in session.connection().execute(statement)]


class SeatOfLeaver(NamedTuple):
    """An open seat of somebody who is no longer a full member, or has come to answer for the request."""

    id: UUID
    request_id: UUID
    lane_id: UUID
    person_id: UUID


# Every beat of the clock asks the next five, so they are prepared, and begin at the lanes that are not done: their cost
# grows with what is open, not with all that ever was. The words are those of the index; SQLite compares them.
_NOT_DONE = text("approval_lanes.status IN ('open', 'blocked')")
_OPEN = and_(_NOT_DONE, text("approval_lanes.status = 'open'"))
_BLOCKED = and_(_NOT_DONE, text("approval_lanes.status = 'blocked'"))
_SEATS_OF_LEAVERS = Prepared(
    select_columns(
        col(ApprovalSeat.id), col(ApprovalSeat.request_id), col(ApprovalSeat.lane_id), col(ApprovalSeat.person_id)
    )
    .join(ApprovalLane, col(ApprovalLane.id) == col(ApprovalSeat.lane_id))
    .join(ApprovalRequest, col(ApprovalRequest.id) == col(ApprovalSeat.request_id))
    .join(Person, col(Person.id) == col(ApprovalSeat.person_id))
    .outerjoin(ApprovalVote, _VOTE_OF_SEAT)
    .where(
        _OPEN,
        col(ApprovalRequest.status) == RequestStatus.IN_REVIEW,
        or_(
            col(Person.membership) != Membership.MEMBER,
            col(ApprovalSeat.person_id) == col(ApprovalRequest.requester_id),
        ),
        col(ApprovalSeat.vacated_at).is_(None),
        col(ApprovalVote.id).is_(None),
    )
    .order_by(col(ApprovalSeat.id))
)


def seats_of_leavers(session: Session) -> Sequence[SeatOfLeaver]:
    """Return the seats in lanes that are decided now of people who may not vote there any more, and have not."""
    return [SeatOfLeaver._make(row) for row in _SEATS_OF_LEAVERS.all(session)]


class RequestOfLeaver(NamedTuple):
    """A pending request whose proposer is no longer a full member, or was not when `orphaned_at` was written."""

    id: UUID
    subject_kind: str
    subject_id: UUID
    requester_id: UUID
    membership: Membership
    orphaned_at: datetime | None


_REQUESTS_OF_LEAVERS = Prepared(
    select_columns(
        col(ApprovalRequest.id),
        col(ApprovalRequest.subject_kind),
        col(ApprovalRequest.subject_id),
        col(ApprovalRequest.requester_id),
        col(Person.membership),
        col(ApprovalRequest.orphaned_at),
    )
    .join(Person, col(Person.id) == col(ApprovalRequest.requester_id))
    .where(
        or_(*(col(ApprovalRequest.status) == each for each in PENDING)),
        or_(col(Person.membership) != Membership.MEMBER, col(ApprovalRequest.orphaned_at).is_not(None)),
    )
    .order_by(col(ApprovalRequest.id))
)


def requests_of_leavers(session: Session) -> Sequence[RequestOfLeaver]:
    """Return the pending requests whose proposer left, and those nobody answers for; every beat of the clock asks."""
    return [RequestOfLeaver._make(row) for row in _REQUESTS_OF_LEAVERS.all(session)]


def vacate_seat(session: Session, seat_id: UUID, *, at: datetime) -> bool:
    """Take a seat from whoever left; say whether it was still theirs. Only one caller ever hears yes."""
    statement = (
        update(ApprovalSeat)
        .where(col(ApprovalSeat.id) == seat_id, col(ApprovalSeat.vacated_at).is_(None))
        .values(vacated_at=at, remind_at=None)
    )
    return session.connection().execute(statement).rowcount == 1


class SeatToHandOver(NamedTuple):
    """A seat of an open lane whose delegate is not the one it should have now; `stands_in` is, and `stood_in` was.

    `vote_id` is the vote that stands in its person's name, if there is one: then nothing more is asked here.
    """

    id: UUID
    request_id: UUID
    lane_id: UUID
    person_id: UUID
    stood_in: UUID | None
    vote_id: UUID | None
    stands_in: UUID | None


def _delegate_of_seat() -> Select[UUID]:
    """Return who may decide in a seat's place at the bound `now`: the delegate of whoever has it, unless barred."""
    now: BindParameter[datetime] = bindparam("now")
    others, delegates = aliased(ApprovalSeat), aliased(Delegation)
    delegate_id = col(Delegation.delegate_id)
    is_barred = (
        exists()
        .where(
            col(ApprovalExclusion.request_id) == col(ApprovalSeat.request_id),
            col(ApprovalExclusion.person_id) == delegate_id,
        )
        .correlate(ApprovalSeat, Delegation)
    )
    is_settled = (  # whoever they stood in for has voted, so that seat asks nothing of them any more
        exists()
        .where(col(ApprovalVote.lane_id) == col(others.lane_id), col(ApprovalVote.person_id) == col(others.person_id))
        .where(col(ApprovalVote.cast_by) != delegate_id)
        .correlate(others, Delegation)
    )
    has_a_seat = (
        exists()
        .where(
            col(others.lane_id) == col(ApprovalSeat.lane_id),
            or_(
                col(others.person_id) == delegate_id,
                and_(col(others.delegate_id) == delegate_id, col(others.id) != col(ApprovalSeat.id), ~is_settled),
            ),
        )
        .correlate(ApprovalSeat, Delegation)
    )
    cast = aliased(ApprovalVote)
    has_voted_here = (  # for somebody whose delegate they may be no longer: one human, one seat
        exists()
        .where(col(cast.lane_id) == col(ApprovalSeat.lane_id), col(cast.cast_by) == delegate_id)
        .correlate(ApprovalSeat, Delegation)
    )
    voted, lane, stage = aliased(ApprovalVote), aliased(ApprovalLane), aliased(ApprovalStage)
    voted_elsewhere = (  # where nobody votes in two stages of a round
        exists()
        .where(
            col(ApprovalRequest.distinct_approvers),
            col(voted.request_id) == col(ApprovalSeat.request_id),
            col(voted.cast_by) == delegate_id,
            col(lane.id) == col(voted.lane_id),
            col(lane.stage_id) != col(ApprovalLane.stage_id),
            col(stage.id) == col(lane.stage_id),
            col(stage.round) == col(ApprovalRequest.round),
        )
        .correlate(ApprovalSeat, ApprovalLane, ApprovalRequest, Delegation)
    )
    is_away = (
        exists()
        .where(col(delegates.person_id) == delegate_id, col(delegates.starts_at) <= now, col(delegates.ends_at) > now)
        .correlate(Delegation)
    )
    return (
        select_columns(delegate_id)
        .join(Person, col(Person.id) == delegate_id)
        .where(
            col(Delegation.person_id) == col(ApprovalSeat.person_id),
            col(Delegation.starts_at) <= now,
            col(Delegation.ends_at) > now,
            col(Person.membership) == Membership.MEMBER,
            ~is_barred,
            ~has_a_seat,
            ~has_voted_here,
            ~is_away,
            ~voted_elsewhere,
        )
        .order_by(col(Delegation.id).desc())
        .limit(1)
        .correlate(ApprovalSeat, ApprovalLane, ApprovalRequest)
    )


def _delegate_of_vote() -> Select[UUID]:
    """Return who may still change a vote besides the person it is of, at the bound `now`: whoever gave it for them.

    Where that person voted themselves, it is whoever stood in for them meanwhile, while that lasts.
    """
    now: BindParameter[datetime] = bindparam("now")
    gave_it = case(
        (col(ApprovalVote.cast_by) == col(ApprovalSeat.person_id), col(ApprovalSeat.delegate_id)),
        else_=col(ApprovalVote.cast_by),
    )
    return (
        select_columns(col(Delegation.delegate_id))
        .join(Person, col(Person.id) == col(Delegation.delegate_id))
        .where(
            col(Delegation.person_id) == col(ApprovalSeat.person_id),
            col(Delegation.delegate_id) == gave_it,
            col(Delegation.starts_at) <= now,
            col(Delegation.ends_at) > now,
            col(Person.membership) == Membership.MEMBER,
        )
        .limit(1)
        .correlate(ApprovalSeat, ApprovalVote)
    )


_STANDS_IN = case(
    (col(ApprovalVote.id).is_(None), _delegate_of_seat().scalar_subquery()),
    else_=_delegate_of_vote().scalar_subquery(),
)
_SOMEBODY_MAY_STAND_IN = col(ApprovalSeat.person_id).in_(
    select_columns(col(Delegation.person_id)).where(
        col(Delegation.starts_at) <= bindparam("now"), col(Delegation.ends_at) > bindparam("now")
    )
)
_TO_HAND_OVER = (
    select_columns(
        col(ApprovalSeat.id),
        col(ApprovalSeat.request_id),
        col(ApprovalSeat.lane_id),
        col(ApprovalSeat.person_id),
        col(ApprovalSeat.delegate_id),
        col(ApprovalVote.id),
        _STANDS_IN,
    )
    .join(ApprovalLane, col(ApprovalLane.id) == col(ApprovalSeat.lane_id))
    .join(ApprovalRequest, col(ApprovalRequest.id) == col(ApprovalSeat.request_id))
    .outerjoin(ApprovalVote, _VOTE_OF_SEAT)
    .where(
        _OPEN,
        col(ApprovalRequest.status) == RequestStatus.IN_REVIEW,
        col(ApprovalSeat.vacated_at).is_(None),
        # The second condition implies the first, which is answered for all seats at once.
        or_(col(ApprovalSeat.delegate_id).is_not(None), _SOMEBODY_MAY_STAND_IN),
        col(ApprovalSeat.delegate_id).is_distinct_from(_STANDS_IN),
    )
    .order_by(col(ApprovalSeat.id))
)
_ALL_TO_HAND_OVER = Prepared(_TO_HAND_OVER)
_OF_REQUEST_TO_HAND_OVER = Prepared(_TO_HAND_OVER.where(col(ApprovalSeat.request_id) == bindparam("of_request")))


def seats_to_hand_over(session: Session, *, now: datetime, request_id: UUID | None = None) -> Sequence[SeatToHandOver]:
    """Return the seats in open lanes, of one request or of all, whose delegate has to change at `now`."""
    if request_id is None:
        rows = _ALL_TO_HAND_OVER.all(session, now=now)
    else:
        rows = _OF_REQUEST_TO_HAND_OVER.all(session, now=now, of_request=request_id)
    return [SeatToHandOver._make(row) for row in rows]


def set_delegate(session: Session, seat_id: UUID, delegate_id: UUID | None) -> None:
    session.connection().execute(
        update(ApprovalSeat).where(col(ApprovalSeat.id) == seat_id).values(delegate_id=delegate_id)
    )


def voters_outside(session: Session, request_id: UUID, stage_id: UUID) -> set[UUID]:
    """Return the humans whose votes stand in other stages of the same round than this one."""
    stage, this = aliased(ApprovalStage), aliased(ApprovalStage)
    statement = (
        select_columns(col(ApprovalVote.cast_by))
        .join(ApprovalLane, col(ApprovalLane.id) == col(ApprovalVote.lane_id))
        .join(stage, col(stage.id) == col(ApprovalLane.stage_id))
        .join(this, and_(col(this.id) == stage_id, col(this.round) == col(stage.round)))
        .where(col(ApprovalVote.request_id) == request_id, col(stage.id) != stage_id)
    )
    return set(session.connection().execute(statement).scalars())


def voters_in(session: Session, lane_id: UUID) -> set[UUID]:
    """Return the humans whose votes stand in a lane, in whosever name."""
    statement = select_columns(col(ApprovalVote.cast_by)).where(col(ApprovalVote.lane_id) == lane_id)
    return set(session.connection().execute(statement).scalars())


def voters_of(session: Session, lane_id: UUID) -> set[UUID]:
    """Return in whose names votes stand in a lane."""
    statement = select_columns(col(ApprovalVote.person_id)).where(col(ApprovalVote.lane_id) == lane_id)
    return set(session.connection().execute(statement).scalars())


def lock_about(session: Session, subject_kind: str, subject_id: UUID) -> None:
    """Lock every request about a subject, the oldest first, so that two who do so never wait in a circle."""
    statement = select_columns(col(ApprovalRequest.id)).where(
        col(ApprovalRequest.subject_kind) == subject_kind, col(ApprovalRequest.subject_id) == subject_id
    )
    session.connection().execute(statement.order_by(col(ApprovalRequest.id)).with_for_update()).all()


def barred_about(session: Session, request_id: UUID) -> set[UUID]:
    """Return who may never vote on this request, or on another one about the same subject."""
    this = aliased(ApprovalRequest)
    statement = (
        select_columns(col(ApprovalExclusion.person_id))
        .join(ApprovalRequest, col(ApprovalRequest.id) == col(ApprovalExclusion.request_id))
        .join(
            this,
            and_(
                col(this.subject_kind) == col(ApprovalRequest.subject_kind),
                col(this.subject_id) == col(ApprovalRequest.subject_id),
            ),
        )
        .where(col(this.id) == request_id)
    )
    return set(session.connection().execute(statement).scalars())


def asked_ever(session: Session, request_id: UUID) -> set[UUID]:
    """Return everybody who was ever asked about a request and still has the seat's row, and who stands in for them."""
    statement = select_columns(col(ApprovalSeat.person_id), col(ApprovalSeat.delegate_id)).where(
        col(ApprovalSeat.request_id) == request_id
    )
    return {each for row in session.connection().execute(statement) for each in row if each is not None}


def _whose_clock_runs() -> Select[UUID]:
    """Return a seat of a lane whose holder is awaited, has time left, and no leave about today."""
    leave = exists().where(
        col(Leave.person_id) == col(ApprovalSeat.person_id),
        col(Leave.first_day) <= bindparam("tomorrow"),
        col(Leave.last_day) >= bindparam("yesterday"),
    )
    return (
        select_columns(col(ApprovalSeat.id))
        .where(
            col(ApprovalSeat.lane_id) == col(ApprovalLane.id),
            col(ApprovalSeat.vacated_at).is_(None),
            col(ApprovalSeat.reminders) < REMINDERS,
            ~leave.correlate(ApprovalSeat),
            ~exists().where(_VOTE_OF_SEAT).correlate(ApprovalSeat),
        )
        .limit(1)
        .correlate(ApprovalLane)
    )


_OUT_OF_TIME = Prepared(
    select_columns(col(ApprovalLane.request_id), col(ApprovalLane.id))
    .join(ApprovalRequest, col(ApprovalRequest.id) == col(ApprovalLane.request_id))
    .where(
        _OPEN,
        col(ApprovalRequest.status) == RequestStatus.IN_REVIEW,
        or_(
            # No EXISTS: PostgreSQL would answer it for all seats there ever were.
            and_(col(ApprovalLane.timeouts) < TIMEOUTS, _whose_clock_runs().scalar_subquery().is_(None)),
            col(ApprovalLane.expires_at) <= bindparam("now"),
        ),
    )
    .order_by(col(ApprovalLane.id))
)


def lanes_out_of_time(session: Session, now: datetime, *, today: date) -> Sequence[tuple[UUID, UUID]]:
    """Return (request, lane) of open lanes in which nobody's clock may be running any more.

    Nobody is awaited there whose time is not up and who has no leave about `today`; whether their leave covers this
    moment in their zone is for the caller to say.
    """
    day = timedelta(days=1)
    rows = _OUT_OF_TIME.all(session, now=now, yesterday=today - day, tomorrow=today + day)
    return [(row[0], row[1]) for row in rows]


def drop_vacated_seats(session: Session, lane_id: UUID, person_ids: Collection[UUID]) -> None:
    """Forget the seats these people had given up in a lane, so that they can be asked there again."""
    session.connection().execute(
        delete(ApprovalSeat).where(
            col(ApprovalSeat.lane_id) == lane_id,
            col(ApprovalSeat.person_id).in_(person_ids),
            col(ApprovalSeat.vacated_at).is_not(None),
        )
    )


_BLOCKED_LANES = Prepared(
    select_columns(col(ApprovalLane.id))
    .join(ApprovalRequest, col(ApprovalRequest.id) == col(ApprovalLane.request_id))
    .where(_BLOCKED, col(ApprovalRequest.status) == RequestStatus.IN_REVIEW)
    .order_by(col(ApprovalLane.id))
)


def blocked_lanes(session: Session) -> Sequence[ApprovalLane]:
    """Return the lanes of requests in review that wait for somebody who may decide, oldest first."""
    ids = [row[0] for row in _BLOCKED_LANES.all(session)]
    if not ids:
        return []
    return session.exec(select(ApprovalLane).where(col(ApprovalLane.id).in_(ids)).order_by(col(ApprovalLane.id))).all()


def lane(session: Session, lane_id: UUID) -> ApprovalLane | None:
    """Return a lane as it is now, whatever this session read before."""
    return session.get(ApprovalLane, lane_id, populate_existing=True)


def close_unfinished(session: Session, request_id: UUID, *, at: datetime) -> None:
    """Say that what an earlier round left open is no longer required."""
    unfinished = (LaneStatus.WAITING, LaneStatus.OPEN, LaneStatus.BLOCKED)
    lanes_left = col(ApprovalLane.request_id) == request_id, col(ApprovalLane.status).in_(unfinished)
    session.connection().execute(
        update(ApprovalLane).where(*lanes_left).values(status=LaneStatus.NO_LONGER_REQUIRED, settled_at=at)
    )
    session.connection().execute(
        update(ApprovalStage)
        .where(
            col(ApprovalStage.request_id) == request_id,
            col(ApprovalStage.status).in_((StageStatus.WAITING, StageStatus.OPEN)),
        )
        .values(status=StageStatus.NO_LONGER_REQUIRED)
    )
    session.connection().execute(
        update(ApprovalSeat)
        .where(col(ApprovalSeat.request_id) == request_id, col(ApprovalSeat.remind_at).is_not(None))
        .values(remind_at=None)
    )


def role_channels(session: Session, roles: Collection[str]) -> dict[str, str]:
    """Return the channels of these roles, of those that have one."""
    statement = select_columns(col(RoleChannel.role), col(RoleChannel.channel)).where(col(RoleChannel.role).in_(roles))
    return {row[0]: row[1] for row in session.connection().execute(statement)}


def in_review(session: Session) -> Sequence[UUID]:
    """Return the requests that are in review or with their proposer, oldest first."""
    statement = select_columns(col(ApprovalRequest.id)).where(col(ApprovalRequest.status).in_(PENDING))
    return list(session.connection().execute(statement.order_by(col(ApprovalRequest.opened_at))).scalars())


def seats(session: Session, request_id: UUID) -> Sequence[ApprovalSeat]:
    return session.exec(_SEATS, params={"of_request": request_id}).all()


def votes(session: Session, request_id: UUID) -> Sequence[ApprovalVote]:
    return session.exec(_VOTES, params={"of_request": request_id}).all()


def exclusions(session: Session, request_id: UUID) -> Sequence[ApprovalExclusion]:
    return session.exec(_EXCLUSIONS, params={"of_request": request_id}).all()


def latest_about(session: Session, subject_kind: str, subject_ids: Sequence[UUID]) -> Sequence[ApprovalRequest]:
    """Return the requests about these subjects, oldest revision first."""
    return session.exec(
        select(ApprovalRequest)
        .where(ApprovalRequest.subject_kind == subject_kind, col(ApprovalRequest.subject_id).in_(subject_ids))
        .order_by(col(ApprovalRequest.revision))
    ).all()


def newest_called(session: Session, subject_kind: str, reference: str) -> ApprovalRequest | None:
    """Return the newest request about a subject of this kind that has this reference."""
    statement = select(ApprovalRequest).where(
        ApprovalRequest.subject_kind == subject_kind, ApprovalRequest.reference == reference
    )
    return session.exec(statement.order_by(*_NEWEST_FIRST).limit(1)).first()


def sent_by(
    session: Session, person_id: UUID, subject_kinds: Collection[str], *, limit: int
) -> Sequence[ApprovalRequest]:
    """Return the requests about subjects of these kinds that a person answers for, newest first."""
    statement = select(ApprovalRequest).where(
        col(ApprovalRequest.subject_kind).in_(subject_kinds), ApprovalRequest.requester_id == person_id
    )
    return session.exec(statement.order_by(*_NEWEST_FIRST).limit(limit)).all()


def waiting_for(
    session: Session, person_id: UUID, *, limit: int, tier: Tier | None = None, kinds: Collection[str] = ()
) -> Sequence[UUID]:
    """Return the requests in which this person is asked and has not voted, longest waiting first.

    Of one tier, and about these kinds of subject, where they are given.
    Somebody with seats in two lanes of a request uses up two of the limit.
    """
    statement = (
        select_columns(col(ApprovalSeat.request_id))
        .join(ApprovalLane, col(ApprovalLane.id) == col(ApprovalSeat.lane_id))
        .join(ApprovalRequest, col(ApprovalRequest.id) == col(ApprovalSeat.request_id))
        .outerjoin(ApprovalVote, _VOTE_OF_SEAT)
        .where(
            or_(col(ApprovalSeat.person_id) == person_id, col(ApprovalSeat.delegate_id) == person_id),
            col(ApprovalSeat.vacated_at).is_(None),
            col(ApprovalLane.status) == LaneStatus.OPEN,
            col(ApprovalRequest.status) == RequestStatus.IN_REVIEW,
            col(ApprovalVote.id).is_(None),
            *([col(ApprovalRequest.tier) == tier] if tier else []),
            *([col(ApprovalRequest.subject_kind).in_(kinds)] if kinds else []),
        )
        .order_by(col(ApprovalSeat.asked_at), col(ApprovalSeat.id))
        .limit(limit)
    )
    return list(dict.fromkeys(row[0] for row in session.connection().execute(statement)))
