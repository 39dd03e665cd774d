"""Policies as they are stored: apply a version, read the one in force, pin a chain to a request."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from importlib import resources
from uuid import UUID

from db.enums import Relation, Section, Tier
from db.ids import new_id
from db.queries import configuration as stored
from db.session import Session
from workflows import ledger, people
from workflows.ledger import Fact, LedgerKind
from workflows.people import Actor
from workflows.policy import routing
from workflows.policy.document import parse
from workflows.policy.facts import Facts
from workflows.policy.fast_lanes import FastLanes, fast_lanes
from workflows.policy.routing import Matched, TierReason
from workflows.policy.shape import (
    ADMIN,
    AUDITOR,
    BREAK_GLASS,
    LEAD,
    STAKEHOLDER,
    ApprovingLine,
    Chain,
    Line,
    Policy,
    Question,
)

STREAM = "configuration:policy"
BUILT_IN_NAMES = {
    ADMIN: "Admins",
    LEAD: "Programme leads",
    AUDITOR: "Auditors",
    BREAK_GLASS: "Break-glass",
    STAKEHOLDER: "Stakeholders of the map",
}
RELATION_NAMES: Mapping[str, str] = {
    Relation.SPONSOR: "the sponsor",
    Relation.OWNERS_MANAGER: "the owner's manager",
    Relation.OBJECTIVE_OWNER: "the objective's owner",
}


@dataclass(frozen=True, slots=True)
class InForce:
    id: UUID
    number: int
    content_hash: str
    policy: Policy


@dataclass(frozen=True, slots=True)
class Version:
    """A policy that is or was in force. `applied_by` is nobody when the command line or a first start did."""

    number: int
    content_hash: str
    applied_at: datetime
    applied_by: Actor | None


@dataclass(frozen=True, slots=True)
class Sampled:
    """A share, in per cent, of what a line approves that people look at afterwards, as it was when it approved."""

    line: str
    share: int
    role: str
    answer_within_hours: float


@dataclass(frozen=True, slots=True)
class Pinned:
    """`number` is the policy's version; `decided` the sentence of the line that decided, if no person had to.

    `course` is the digest of what decides: tier, lanes, who stands in, or the line. It is the same under every policy
    that leads to the same people. `audit` is how what the line approves is looked at afterwards.
    """

    number: int
    reasons: tuple[TierReason, ...]
    decided: str | None
    course: str
    audit: Sampled | None = None


@dataclass(frozen=True, slots=True)
class PolicySnapshot:
    """What a submission pins: the tier and chain its facts lead to, why, and the hash of exactly that.

    Without a chain a line of the policy decides: it rejects what is prohibited and approves the rest. `fallbacks`
    are the roles asked, in order, when nobody may decide for a lane's own, by the keys of its stage and of the lane.
    """

    policy_version_id: UUID
    policy_number: int
    tier: Tier
    reasons: tuple[TierReason, ...]
    chain: Chain | None
    decided: Line | None
    fallbacks: Mapping[str, Mapping[str, tuple[str, ...]]]
    content: str
    content_hash: str
    course: str  # as in Pinned
    audit: Sampled | None = None


def hold(session: Session) -> None:
    """Wait for whoever puts a policy in force, and make others wait until the commit."""
    stored.hold_counters(session)


def apply(session: Session, text: str, *, actor: UUID | None, request: UUID | None = None, now: datetime) -> int:
    """Store `text` as the next version, in force from this commit on; return its number.

    `request` is the one in which people decided that; whether they must is for the caller to say. Raises PolicyError
    when the file cannot be used. Applying the content in force again changes nothing.
    """
    parse(text)
    hold(session)  # one change at a time
    latest = stored.policy_in_force(session)
    content_hash = _hash(text)
    if latest is not None and latest.content_hash == content_hash:
        return latest.number
    number = latest.number + 1 if latest else 1
    version = {"id": new_id(), "number": number, "content": text, "content_hash": content_hash}
    stored.insert_policy(session, version | {"applied_at": now, "applied_by": actor})
    decided: dict[str, ledger.Value] = {"request": str(request)} if request else {}
    fact = Fact(LedgerKind.POLICY_APPLIED, {"number": number, "content_hash": content_hash, **decided})
    ledger.record(session, STREAM, [fact], actor=actor, now=now)
    return number


def apply_default_if_none(session: Session, *, now: datetime) -> bool:
    """Apply the shipped policy when the database has none; return whether it was needed."""
    if stored.policy_in_force(session) is not None:
        return False
    stored.hold_counters(session)
    if stored.policy_in_force(session) is not None:  # another replica started in the same moment
        return False
    apply(session, default_text(), actor=None, now=now)
    return True


def default_text() -> str:
    return resources.files("workflows.policy").joinpath("default.yml").read_text(encoding="utf-8")


def in_force(session: Session) -> InForce:
    """Return the version with the highest number. Raises LookupError before the first one is applied."""
    row = stored.policy_in_force(session)
    if row is None:
        raise LookupError("no policy has been applied yet")
    return InForce(id=row.id, number=row.number, content_hash=row.content_hash, policy=parse(row.content))


def as_if_in_force(session: Session, text: str) -> InForce:
    """Return what this file would be if it were applied next; nothing is stored. Raises PolicyError."""
    latest = stored.policy_in_force(session)
    number = latest.number + 1 if latest else 1
    return InForce(id=new_id(), number=number, content_hash=_hash(text), policy=parse(text))


def roles(session: Session) -> dict[str, str]:
    """Return the roles somebody can hold under the policy in force, key to name; the built-in ones come first."""
    declared = {key: role.name for key, role in in_force(session).policy.roles.items()}
    return BUILT_IN_NAMES | declared


def questions(session: Session) -> tuple[Question, ...]:
    """Return the questions of the organisation's own, in the order they are asked."""
    return in_force(session).policy.questions


def text_in_force(session: Session) -> str:
    """Return the file as it was applied, or nothing before the first one."""
    row = stored.policy_in_force(session)
    return row.content if row else ""


def text_of_version(session: Session, number: int) -> str | None:
    """Return a version's file as it was applied, or None when there is no such version."""
    row = stored.policy_version(session, number)
    return row.content if row else None


def versions(session: Session) -> Sequence[Version]:
    """Return every version that was ever in force, the first one first."""
    rows = stored.policy_versions(session)
    known = people.named(session, {row.applied_by for row in rows if row.applied_by})
    return [
        Version(row.number, row.content_hash, row.applied_at, known.get(row.applied_by) if row.applied_by else None)
        for row in rows
    ]


def route(
    session: Session,
    subject_kind: str,
    facts: Facts,
    *,
    subject_id: UUID | None = None,
    sections: Collection[Section] | None = None,
) -> PolicySnapshot:
    """Return what a subject of this kind with these facts is judged under if it is submitted now.

    A line its audits have closed approves nothing, and no line what an audit found wrong: `subject_id` is the
    subject's, if it is not new. With `sections` only the lanes that look at one of them are asked, and the first one
    where none does. Raises LookupError for a kind the policy in force does not know.
    """
    current = in_force(session)
    lanes = FastLanes()
    if routing.route(current.policy, subject_kind, facts).is_approved_by_line:  # most are not, and ask for nothing more
        lanes = fast_lanes(session, current.policy, subject_kind, [subject_id] if subject_id else [])
    return route_in(current, subject_kind, facts, lanes=lanes, subject_id=subject_id, sections=sections)


def route_in(
    current: InForce,
    subject_kind: str,
    facts: Facts,
    *,
    lanes: FastLanes = FastLanes(),  # noqa: B008 - it is frozen
    subject_id: UUID | None = None,
    sections: Collection[Section] | None = None,
) -> PolicySnapshot:
    """Return what `route` does, under this version while its lines stand like this."""
    closed = lanes.closed_to(current.policy, subject_kind, subject_id)
    found = routing.route(current.policy, subject_kind, facts, closed=closed)
    if sections is not None and found.chain is not None:
        found = replace(found, chain=routing.looking_at(found.chain, sections))
    audit = _audit(found.decided, lanes)
    told = told_of(current, subject_kind, found)
    told |= {"passed": list(found.passed)} if found.passed else {}
    told |= {"audit": asdict(audit)} if audit else {}
    return snapshot_of(current, found, told, audit)


def told_of(current: InForce, subject_kind: str, found: routing.Route) -> dict[str, object]:
    """Return what a route pins, whatever its subject."""
    return {
        "policy": current.content_hash,
        "number": current.number,
        "subject": subject_kind,
        "tier": found.tier.value,
        "reasons": [asdict(reason) for reason in found.reasons],
        "stages": _told(found.chain) if found.chain else [],
        "distinct_approvers": found.chain.has_distinct_approvers(found.tier) if found.chain else False,
        "fallbacks": _fallbacks(current.policy, found.chain),
        "decided": {"line": found.decided.line, "reason": found.decided.reason} if found.decided else None,
    }


def snapshot_of(
    current: InForce, found: routing.Route, told: Mapping[str, object], audit: Sampled | None = None
) -> PolicySnapshot:
    """Return a route as it is pinned: `told` says everything that decides."""
    content = ledger.canonical(told)
    return PolicySnapshot(
        policy_version_id=current.id,
        policy_number=current.number,
        tier=found.tier,
        reasons=found.reasons,
        chain=found.chain,
        decided=found.decided,
        fallbacks=_fallbacks(current.policy, found.chain),
        content=content,
        content_hash=_hash(content),
        course=_course(told),
        audit=audit,
    )


def pinned(content: str) -> Pinned:
    """Read back what a round pinned: why it got its tier, and what tells its course from another."""
    told = json.loads(content)
    reasons = tuple(
        TierReason(each["line"], each["text"], tuple(Matched(**answer) for answer in each["matched"]))
        for each in told["reasons"]
    )
    decided = told["decided"]["reason"] if told["decided"] else None
    audit = Sampled(**told["audit"]) if "audit" in told else None
    return Pinned(told["number"], reasons, decided, _course(told), audit)


def _audit(decided: Line | None, lanes: FastLanes) -> Sampled | None:
    if not isinstance(decided, ApprovingLine) or decided.audit is None:
        return None
    rule, share = decided.audit, lanes.share_of(decided)
    return Sampled(decided.line, share or rule.share, rule.role, rule.answer_within_hours)


def _fallbacks(rules: Policy, chain: Chain | None) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return the roles that stand in, by the keys of a stage and of a lane."""
    if chain is None:
        return {}
    return {stage.key: {lane.key: rules.stand_ins(lane, chain) for lane in stage.lanes} for stage in chain.stages}


def _told(chain: Chain) -> list[object]:
    """Return the stages as they are pinned: without the fallbacks as written, which are pinned as they come out."""
    lanes = {"lanes": {"__all__": {"fallback"}}}
    stages: list[object] = chain.model_dump(mode="json", exclude={"stages": {"__all__": lanes}})["stages"]
    return stages


def _course(told: Mapping[str, object]) -> str:
    parts = ("tier", "stages", "distinct_approvers", "fallbacks", "decided")
    return _hash(ledger.canonical({part: told.get(part) for part in parts}))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
