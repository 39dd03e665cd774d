"""Lay a request out, and say what of the round before holds: approvals, votes of open lanes, lanes people added."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from db.enums import LaneStatus, Section, Tier
from db.queries import approvals as stored
from db.session import Session
from db.tables import ApprovalLane
from workflows.approvals import related
from workflows.approvals.laying import AD_HOC, Extra, Kept, Round, insert_chain, insert_round, shape_of
from workflows.approvals.round_rules import open_votes
from workflows.approvals.rules import EarlierLane, LaneShape, is_same_chain, kept_approvals
from workflows.approvals.snapshots import Subject
from workflows.approvals.streams import digest_over
from workflows.policy import Chain, PolicySnapshot


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
    insert_round(session, laid, now=now)
    if laid.number > 1:
        stored.close_unfinished(session, laid.request_id, at=now)
    tier, chain = laid.snapshot.tier, laid.snapshot.chain
    if chain is None:
        return None
    if before is None:
        return insert_chain(session, laid, chain, Kept({}, {}, ()), now=now)
    if before.id != laid.request_id:
        kept = kept_of_amended(session, before, laid.subject, laid.snapshot, excluded=excluded)
        return insert_chain(session, laid, chain, Kept(kept, {}, ()), now=now)
    lanes = stored.lanes(session, before.id, of_round=before.round)
    earlier = _earlier(session, before, lanes, laid.subject)
    added = [lane for lane in lanes if lane.ad_hoc_id is not None]
    shapes = _shapes(chain, laid.subject)
    # Whoever was asked besides and may not vote any more takes a lane with them: that is another chain too.
    is_same = _is_same(before, tier, chain, earlier, shapes) and not any(lane.ad_hoc_id in excluded for lane in added)
    kept = kept_approvals(earlier, shapes, excluded=excluded) if is_same else {}
    extra = _extra_lanes(session, laid, before, added, is_same=is_same, excluded=excluded)
    votes = open_votes(earlier, shapes) if is_same else {}
    return insert_chain(session, laid, chain, Kept(kept, votes, extra), now=now)


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
    return {shape_of(stage.key, lane, subject) for stage in chain.stages for lane in stage.lanes}


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
) -> list[Extra]:
    """Return the lanes people added in the round before: they stay, and keep an approval nothing has changed about."""
    if not added or laid.snapshot.chain is None:
        return []
    keys, voters = _stage_keys(session, before), _voters(session, before.id)
    places = [stage.key for stage in laid.snapshot.chain.stages]
    content = digest_over(
        digest for section, digest in laid.subject.sections.items() if section is not Section.COSMETIC
    )
    found: list[Extra] = []
    for lane in sorted((each for each in added if each.ad_hoc_id not in excluded), key=lambda each: each.id):
        stage = keys[lane.stage_id] if keys[lane.stage_id] in places else places[-1]
        is_free = not voters.get(lane.id, set()) & frozenset(excluded)
        is_kept = is_same and is_free and lane.status is LaneStatus.APPROVED and lane.content_digest == content
        found.append(Extra(stage, f"{AD_HOC}_{len(found) + 1}", lane, content, is_kept))
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
