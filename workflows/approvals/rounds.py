"""One laying-out of a request: its stages and lanes, and the approvals of the round before that still hold."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast
from uuid import UUID

from db.enums import EscalationMode, LaneStatus, RoundCause, Section, StageStatus, Tier
from db.ids import new_id
from db.queries import approvals as stored
from db.session import Session
from db.tables import ApprovalLane
from workflows.approvals import related
from workflows.approvals.round_rules import open_votes
from workflows.approvals.rules import EarlierLane, LaneShape, is_same_chain, kept_approvals
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
class _Extra:
    """A lane somebody added in the round before, and the stage and key it has in the new one."""

    stage: str
    key: str
    lane: ApprovalLane
    content_digest: str
    is_kept: bool


@dataclass(frozen=True, slots=True)
class _Kept:
    """What the round before leaves to this one: approvals that hold, votes of open lanes, and lanes people added."""

    approvals: Mapping[LaneShape, UUID]
    votes: Mapping[LaneShape, UUID]
    extra: Sequence[_Extra]


def lay_out(
    session: Session,
    laid: Round,
    *,
    before: stored.LockedRequest | None,
    excluded: Collection[UUID],
    now: datetime,
) -> UUID | None:
    """Store the round with its stages and lanes; return the stage whose turn it is, or None when a line decided.

    `before` is the request as it was, or the one that is amended, if there is either. What the round before left open
    is closed. Raises LookupError when every lane would keep its approval: then nobody would look at what changed,
    which no caller means.
    """
    laid = replace(laid, subject=related.with_manager(session, laid.subject))
    _insert_round(session, laid, now=now)
    if laid.number > 1:
        stored.close_unfinished(session, laid.request_id, at=now)
    tier, chain = laid.snapshot.tier, laid.snapshot.chain
    if chain is None:
        return None
    if before is None:
        return _insert_chain(session, laid, chain, _Kept({}, {}, ()), now=now)
    if before.id != laid.request_id:
        kept = kept_of_amended(session, before, laid.subject, laid.snapshot, excluded=excluded)
        return _insert_chain(session, laid, chain, _Kept(kept, {}, ()), now=now)
    lanes = stored.lanes(session, before.id, of_round=before.round)
    earlier = _earlier(session, before, lanes, laid.subject)
    added = [lane for lane in lanes if lane.ad_hoc_id is not None]
    shapes = _shapes(chain, laid.subject)
    # Whoever was asked besides and may not vote any more takes a lane with them: that is another chain too.
    is_same = _is_same(before, tier, chain, earlier, shapes) and not any(lane.ad_hoc_id in excluded for lane in added)
    kept = kept_approvals(earlier, shapes, excluded=excluded) if is_same else {}
    extra = _extra_lanes(session, laid, before, added, is_same=is_same, excluded=excluded)
    votes = open_votes(earlier, shapes) if is_same else {}
    return _insert_chain(session, laid, chain, _Kept(kept, votes, extra), now=now)


def kept_of_amended(
    session: Session,
    amended: stored.LockedRequest,
    subject: Subject,
    snapshot: PolicySnapshot,
    *,
    excluded: Collection[UUID],
) -> Mapping[LaneShape, UUID]:
    """Return which lanes keep their approval when an approved request's subject is changed to this one.

    Where no lane looks at what is changed, none keeps it: somebody has to look. People who were asked besides the
    policy's lanes were asked about what was approved, and are not asked again.
    """
    if snapshot.chain is None:
        return {}
    subject = related.with_manager(session, subject)
    shapes = _shapes(snapshot.chain, subject)
    lanes = stored.lanes(session, amended.id, of_round=amended.round)
    earlier = _earlier(session, amended, lanes, subject)
    is_same = _is_same(amended, snapshot.tier, snapshot.chain, earlier, shapes)
    kept = kept_approvals(earlier, shapes, excluded=excluded) if is_same else {}
    return kept if len(kept) < len(shapes) else {}


def _is_same(
    before: stored.LockedRequest,
    tier: Tier,
    chain: Chain,
    earlier: Collection[EarlierLane],
    shapes: Collection[LaneShape],
) -> bool:
    is_same_rule = (before.tier, before.distinct_approvers) == (tier, chain.has_distinct_approvers(tier))
    return is_same_rule and is_same_chain([each.shape for each in earlier], shapes)


def _shapes(chain: Chain, subject: Subject) -> set[LaneShape]:
    return {_shape(stage.key, lane, subject) for stage in chain.stages for lane in stage.lanes}


def _insert_round(session: Session, laid: Round, *, now: datetime) -> None:
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


def _shape(stage: str, lane: Lane, subject: Subject) -> LaneShape:
    """Return a lane with the digest of what it looks at: what its votes are bound to."""
    covered = digest_over(digest for section, digest in subject.sections.items() if section in lane.sections)
    person = related.of_role(lane.role, subject.relations)
    return LaneShape(stage, lane.key, lane.role, lane.rule.kind, lane.rule.amount, lane.rejections, covered, person)


def _earlier(
    session: Session, before: stored.LockedRequest, lanes: Sequence[ApprovalLane], subject: Subject
) -> list[EarlierLane]:
    """Return the lanes the policy gave the round before, with whom they asked by what they are to the subject."""
    keys = _stage_keys(session, before)
    voters = _voters(session, before.id)
    then = related.as_asked(session, lanes, of_round=before.round, now=subject.relations, voters=voters)
    return [
        EarlierLane(
            lane.id,
            LaneShape(
                keys[lane.stage_id],
                lane.key,
                lane.role,
                lane.rule,
                lane.amount,
                lane.rejections,
                lane.content_digest,
                then.get(lane.id),
            ),
            lane.status,
            frozenset(voters.get(lane.id, ())),
            lane.votes_from if lane.needed is None else None,  # once people are seated its own votes are all there are
        )
        for lane in lanes
        if lane.ad_hoc_id is None
    ]


def _extra_lanes(
    session: Session,
    laid: Round,
    before: stored.LockedRequest,
    added: Sequence[ApprovalLane],
    *,
    is_same: bool,
    excluded: Collection[UUID],
) -> list[_Extra]:
    """Return the lanes people added in the round before: they stay, and keep an approval nothing has changed about."""
    if not added or laid.snapshot.chain is None:
        return []
    keys, voters = _stage_keys(session, before), _voters(session, before.id)
    places = [stage.key for stage in laid.snapshot.chain.stages]
    content = digest_over(
        digest for section, digest in laid.subject.sections.items() if section is not Section.COSMETIC
    )
    found: list[_Extra] = []
    for lane in sorted((each for each in added if each.ad_hoc_id not in excluded), key=lambda each: each.id):
        stage = keys[lane.stage_id] if keys[lane.stage_id] in places else places[-1]
        is_free = not voters.get(lane.id, set()) & frozenset(excluded)
        is_kept = is_same and is_free and lane.status is LaneStatus.APPROVED and lane.content_digest == content
        found.append(_Extra(stage, f"{AD_HOC}_{len(found) + 1}", lane, content, is_kept))
    return found


def _stage_keys(session: Session, before: stored.LockedRequest) -> dict[UUID, str]:
    stages = stored.stages(session, before.id, of_round=before.round)
    return {stage.id: stage.key for stage in stages}


def _voters(session: Session, request_id: UUID) -> dict[UUID, set[UUID]]:
    """Return who gave the votes of each lane, and in whose name."""
    found: dict[UUID, set[UUID]] = {}
    for vote in stored.votes(session, request_id):
        found.setdefault(vote.lane_id, set()).update((vote.person_id, vote.cast_by))
    return found


def _extra_row(laid: Round, stage_id: UUID, extra: _Extra, *, now: datetime) -> dict[str, object]:
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


def _insert_chain(session: Session, laid: Round, chain: Chain, kept: _Kept, *, now: datetime) -> UUID:
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


def _lane_row(laid: Round, stage_id: UUID, stage: str, lane: Lane, kept: _Kept, *, now: datetime) -> dict[str, object]:
    shape = _shape(stage, lane, laid.subject)
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
    for row in lanes:
        source = row["kept_from"]
        if not isinstance(source, UUID):
            continue
        before = stored.lane(session, source)
        if before is not None:
            _copy(session, before, row)


def _copy(session: Session, before: ApprovalLane, row: Mapping[str, object]) -> None:
    common = {"request_id": row["request_id"], "lane_id": row["id"]}
    stored.set_lanes(session, [cast("UUID", row["id"])], {"needed": before.needed, "seated_role": before.seated_role})
    seats = [each for each in stored.seats(session, before.request_id) if each.lane_id == before.id]
    votes = [each for each in stored.votes(session, before.request_id) if each.lane_id == before.id]
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
        ],
    )
    stored.insert_votes(
        session,
        [
            common
            | {
                "id": new_id(),
                "person_id": each.person_id,
                "cast_by": each.cast_by,
                "verb": each.verb,
                "content_digest": each.content_digest,
                "reason_id": each.reason_id,
                "cast_at": each.cast_at,
            }
            for each in votes
        ],
    )
