"""Write a round down: its content, its stages and lanes, and the approvals of the round before that still hold."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from db.enums import EscalationMode, LaneStatus, RoundCause, StageStatus
from db.ids import new_id
from db.queries import approvals as stored
from db.session import Session
from db.tables import ApprovalLane, ApprovalSeat, ApprovalVote
from workflows.approvals import related
from workflows.approvals.carrying import vote_in
from workflows.approvals.rules import LaneShape
from workflows.approvals.snapshots import Subject
from workflows.approvals.streams import digest_over
from workflows.policy import Chain, Lane, PolicySnapshot

AD_HOC = "ad_hoc"
"""The role of a lane added for one person. Nobody holds it, and no policy can name it."""


@dataclass(frozen=True, slots=True)
class Round:
    """`by` is None when the command line laid it out."""

    request_id: UUID
    number: int
    cause: RoundCause
    subject: Subject
    snapshot: PolicySnapshot
    by: UUID | None


@dataclass(frozen=True, slots=True)
class Extra:
    """A lane somebody added in the round before, and the stage and key it has in the new one."""

    stage: str
    key: str
    lane: ApprovalLane
    content_digest: str
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """What the round before leaves to this one: approvals that hold, votes of open lanes, and lanes people added."""

    approvals: Mapping[LaneShape, UUID]
    votes: Mapping[LaneShape, UUID]
    extra: Sequence[Extra]


def insert_round(session: Session, laid: Round, *, now: datetime) -> None:
    key = {"request_id": laid.request_id, "round": laid.number}
    stored.insert_round(
        session,
        key
        | {
            "cause": laid.cause,
            "revision": laid.subject.revision,
            "tier": laid.snapshot.tier,
            "policy_version_id": laid.snapshot.policy_version_id,
            "snapshot": laid.snapshot.content,
            "snapshot_hash": laid.snapshot.content_hash,
            "opened_by": laid.by,
            "opened_at": now,
        },
    )
    stored.insert_sections(
        session,
        [key | {"section": section.value, "digest": digest} for section, digest in laid.subject.sections.items()],
    )
    related.keep(session, laid.request_id, laid.number, laid.subject.relations)


def shape_of(stage: str, lane: Lane, subject: Subject) -> LaneShape:
    """Return a lane with the digest of what it looks at: what its votes are bound to."""
    covered = digest_over(digest for section, digest in subject.sections.items() if section in lane.sections)
    person = related.of_role(lane.role, subject.relations)
    return LaneShape(stage, lane.key, lane.role, lane.rule.kind, lane.rule.amount, lane.rejections, covered, person)


def _extra_row(laid: Round, stage_id: UUID, extra: Extra, *, now: datetime) -> dict[str, object]:
    before = extra.lane
    copied = ("name", "role", "fallbacks", "rule", "amount", "rejections", "ad_hoc_id", "answer_within_minutes")
    return {name: getattr(before, name) for name in (*copied, "escalate_to", "escalation")} | {
        "id": new_id(),
        "request_id": laid.request_id,
        "stage_id": stage_id,
        "key": extra.key,
        "seated_role": None,
        "needed": 1,
        "kept_from": before.id if extra.is_kept else None,
        "votes_from": None,  # one vote settles it
        "timeouts": 0,
        "content_digest": extra.content_digest,
        "status": LaneStatus.APPROVED if extra.is_kept else LaneStatus.WAITING,
        "settled_at": now if extra.is_kept else None,
    }


def insert_chain(session: Session, laid: Round, chain: Chain, kept: Kept, *, now: datetime) -> UUID:
    """Insert stages and lanes and return the first stage that is not approved already."""
    lanes: list[dict[str, object]] = []
    stages: list[dict[str, object]] = []
    turn: UUID | None = None
    for position, stage in enumerate(chain.stages):
        stage_id = new_id()
        rows = [_lane_row(laid, stage_id, stage.key, lane, kept, now=now) for lane in stage.lanes]
        rows += [_extra_row(laid, stage_id, extra, now=now) for extra in kept.extra if extra.stage == stage.key]
        is_approved = all(row["status"] is LaneStatus.APPROVED for row in rows)
        turn = turn or (None if is_approved else stage_id)
        stages.append(
            {
                "id": stage_id,
                "request_id": laid.request_id,
                "round": laid.number,
                "position": position,
                "key": stage.key,
                "name": stage.name,
                "status": StageStatus.APPROVED if is_approved and turn is None else StageStatus.WAITING,
            }
        )
        lanes += rows
    if turn is None:
        raise LookupError(f"every lane of request {laid.request_id} would keep its approval")
    stored.insert_stages(session, stages)
    stored.insert_lanes(session, lanes)
    _keep_votes(session, lanes)
    return turn


def _lane_row(laid: Round, stage_id: UUID, stage: str, lane: Lane, kept: Kept, *, now: datetime) -> dict[str, object]:
    shape = shape_of(stage, lane, laid.subject)
    kept_from = kept.approvals.get(shape)
    return {
        "id": new_id(),
        "request_id": laid.request_id,
        "stage_id": stage_id,
        "key": lane.key,
        "name": lane.name,
        "role": lane.role,
        "fallbacks": ",".join(laid.snapshot.fallbacks[stage][lane.key]),
        "seated_role": None,
        "rule": lane.rule.kind,
        "amount": lane.rule.amount,
        "needed": None,
        "rejections": lane.rejections,
        "ad_hoc_id": None,
        "kept_from": kept_from,
        "votes_from": kept.votes.get(shape),
        "answer_within_minutes": round(lane.answer_within_hours * 60),
        "escalate_to": lane.escalate.to if lane.escalate else None,
        "escalation": lane.escalate.how if lane.escalate else EscalationMode.ADD,
        "timeouts": 0,
        "content_digest": shape.content_digest,
        "status": LaneStatus.APPROVED if kept_from else LaneStatus.WAITING,
        "settled_at": now if kept_from else None,
    }


def _keep_votes(session: Session, lanes: Collection[Mapping[str, object]]) -> None:
    """Seat those who approved an earlier round's lane in the one that keeps it, with their votes as they cast them."""
    kept = {row["kept_from"]: row for row in lanes if row["kept_from"] is not None}
    sources = [lane for lane in (stored.lane(session, cast("UUID", each)) for each in kept) if lane is not None]
    for request_id in {lane.request_id for lane in sources}:  # one: the request itself, or the one it amends
        seats, votes = stored.seats(session, request_id), stored.votes(session, request_id)
        for before in (lane for lane in sources if lane.request_id == request_id):
            _copy(session, before, kept[before.id], seats, votes)


def _copy(
    session: Session,
    before: ApprovalLane,
    row: Mapping[str, object],
    seats: Sequence[ApprovalSeat],
    votes: Sequence[ApprovalVote],
) -> None:
    """Copy what `seats` and `votes` hold of the lane `before` into the lane of this row."""
    request_id, lane_id = cast("UUID", row["request_id"]), cast("UUID", row["id"])
    common = {"request_id": request_id, "lane_id": lane_id}
    stored.set_lanes(session, [lane_id], {"needed": before.needed, "seated_role": before.seated_role})
    stored.insert_seats(
        session,
        [
            common
            | {
                "id": new_id(),
                "person_id": each.person_id,
                "asked_at": each.asked_at,
                "remind_at": None,
                "reminders": each.reminders,
            }
            for each in seats
            if each.lane_id == before.id
        ],
    )
    of_lane = [each for each in votes if each.lane_id == before.id]
    stored.insert_votes(session, [vote_in(each, request_id=request_id, lane_id=lane_id) for each in of_lane])
