"""Whom an audit asks: one lane, as the line that approved what is audited says."""

from db.enums import LaneRule, Section, Tier
from db.queries import configuration as stored
from db.session import Session
from workflows.policy.document import parse
from workflows.policy.routing import Route, TierReason
from workflows.policy.service import BUILT_IN_NAMES, InForce, PolicySnapshot, Sampled, snapshot_of, told_of
from workflows.policy.shape import Chain, Lane, Quorum, Stage

AUDIT_KIND = "audit"
"""The kind of subject an audit is. No policy has a rule for it: each line that approves says who audits it."""

_SECTIONS = tuple(each for each in Section if each is not Section.COSMETIC)


def audit_route(session: Session, sampled: Sampled, *, number: int, reason: str) -> PolicySnapshot:
    """Return what an audit is judged under: the policy of this number, under which the line approved for this reason.

    Raises LookupError when there is no such version.
    """
    row = stored.policy_version(session, number)
    if row is None:
        raise LookupError(f"there is no policy version {number}")
    current = InForce(id=row.id, number=row.number, content_hash=row.content_hash, policy=parse(row.content))
    named = {key: role.name for key, role in current.policy.roles.items()} | BUILT_IN_NAMES
    lane = Lane(
        key=AUDIT_KIND,
        name=named.get(sampled.role, sampled.role),
        role=sampled.role,
        rule=Quorum(kind=LaneRule.ANY),
        sections=_SECTIONS,
        answer_within_hours=sampled.answer_within_hours,
    )
    chain = Chain(distinct_approvers=False, stages=(Stage(key=AUDIT_KIND, name="Audit", lanes=(lane,)),))
    found = Route(Tier.LOW, (TierReason(sampled.line, reason),), chain, None)
    return snapshot_of(current, found, told_of(current, AUDIT_KIND, found))
