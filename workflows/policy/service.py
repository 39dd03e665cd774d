"""Policies as they are stored: apply a version, read the one in force, pin a chain to a request."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from importlib import resources
from uuid import UUID

from db.enums import LaneRule, Tier
from db.ids import new_id
from db.queries import configuration as stored
from db.session import Session
from workflows import ledger, people
from workflows.ledger import Fact, LedgerKind
from workflows.policy import document, routing, source
from workflows.policy.document import parse
from workflows.policy.facts import Facts
from workflows.policy.problems import Path, Problem
from workflows.policy.routing import Matched, TierReason
from workflows.policy.shape import ADMIN, AUDITOR, LEAD, Chain, Lane, Line, Policy, Question

STREAM = "configuration:policy"
BUILT_IN_NAMES = {ADMIN: "Admins", LEAD: "Programme leads", AUDITOR: "Auditors"}


@dataclass(frozen=True, slots=True)
class InForce:
    id: UUID
    number: int
    content_hash: str
    policy: Policy


@dataclass(frozen=True, slots=True)
class Pinned:
    """`number` is the policy's version; `decided` the sentence of the line that decided, if no person had to."""

    number: int
    reasons: tuple[TierReason, ...]
    decided: str | None


@dataclass(frozen=True, slots=True)
class PolicySnapshot:
    """What a submission pins: the tier and chain its facts lead to, why, and the hash of exactly that.

    Without a chain a line of the policy decides: it rejects what is prohibited and approves the rest. `fallbacks`
    are the roles asked, in order, when nobody may decide for a lane's own.
    """

    policy_version_id: UUID
    policy_number: int
    tier: Tier
    reasons: tuple[TierReason, ...]
    chain: Chain | None
    decided: Line | None
    fallbacks: Mapping[str, tuple[str, ...]]
    content: str
    content_hash: str


def apply(session: Session, text: str, *, actor: UUID | None, now: datetime) -> int:
    """Store `text` as the next version, in force from this commit on; return its number.

    Raises PolicyError when it cannot be used. Applying the content in force again changes nothing.
    """
    parse(text)
    stored.hold_counters(session)  # one change at a time
    latest = stored.policy_in_force(session)
    content_hash = _hash(text)
    if latest is not None and latest.content_hash == content_hash:
        return latest.number
    number = latest.number + 1 if latest else 1
    version = {"id": new_id(), "number": number, "content": text, "content_hash": content_hash}
    stored.insert_policy(session, version | {"applied_at": now, "applied_by": actor})
    fact = Fact(LedgerKind.POLICY_APPLIED, {"number": number, "content_hash": content_hash})
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
    return InForce(id=row.id, number=row.number, content_hash=row.content_hash, policy=_parsed(row.content))


def roles(session: Session) -> dict[str, str]:
    """Return the roles somebody can hold under the policy in force, key to name; the built-in ones come first."""
    declared = {key: role.name for key, role in in_force(session).policy.roles.items()}
    return BUILT_IN_NAMES | declared


def questions(session: Session) -> tuple[Question, ...]:
    """Return the questions of the organisation's own, in the order they are asked."""
    return in_force(session).policy.questions


def require_holders(session: Session, text: str) -> None:
    """Raise PolicyError when those who hold its roles today could never decide a lane of this policy."""
    policy = parse(text)
    named = {role for _, lane in _lanes(policy) for role in (lane.role, *policy.fallbacks(lane.role))}
    held = {role: len(people.holders_of(session, role)) for role in named}
    document.refuse(source.read(text), [*_unheld(policy, held), *_unreachable(policy, held)])


def _unheld(policy: Policy, held: Mapping[str, int]) -> Iterator[Problem]:
    """Yield every place a role nobody holds is named at. The programme leads, whom nobody names, come last anyway."""
    fallbacks = ((("roles", key, "fallback"), role.fallback) for key, role in policy.roles.items() if key in held)
    lanes = ((path, lane.role) for path, lane in _lanes(policy))
    for path, role in (*fallbacks, *lanes):
        if role is not None and not held[role]:
            new = "" if role in BUILT_IN_NAMES else " --new"
            yield path, f"nobody holds the role “{role}”; first: gatehouse roles grant {role} U…{new}"


def _unreachable(policy: Policy, held: Mapping[str, int]) -> Iterator[Problem]:
    for path, lane in _lanes(policy):
        if lane.rule.kind is LaneRule.AT_LEAST and 0 < held[lane.role] < (lane.rule.amount or 0):
            yield (
                (*path[:-1], "rule"),
                f"at least {lane.rule.amount} must approve; only {held[lane.role]} hold(s) the role “{lane.role}”",
            )


def _lanes(policy: Policy) -> Iterator[tuple[Path, Lane]]:
    """Yield every lane with the place its role is named at."""
    for key, chain in policy.chains.items():
        for position, stage in enumerate(chain.stages):
            for number, lane in enumerate(stage.lanes):
                yield ("chains", key, "stages", position, "lanes", number, "role"), lane


def text_in_force(session: Session) -> str:
    """Return the file as it was applied, or nothing before the first one."""
    row = stored.policy_in_force(session)
    return row.content if row else ""


def route(session: Session, subject_kind: str, facts: Facts) -> PolicySnapshot:
    """Return what a subject of this kind with these facts is judged under if it is submitted now.

    Raises LookupError for a kind the policy in force does not know.
    """
    current = in_force(session)
    found = routing.route(current.policy, subject_kind, facts)
    content = ledger.canonical(
        {
            "policy": current.content_hash,
            "number": current.number,
            "subject": subject_kind,
            "tier": found.tier.value,
            "reasons": [asdict(reason) for reason in found.reasons],
            "stages": found.chain.model_dump(mode="json")["stages"] if found.chain else [],
            "distinct_approvers": found.chain.has_distinct_approvers(found.tier) if found.chain else False,
            "decided": found.decided.model_dump(mode="json") if found.decided else None,
        }
    )
    lanes = [lane for stage in found.chain.stages for lane in stage.lanes] if found.chain else []
    return PolicySnapshot(
        policy_version_id=current.id,
        policy_number=current.number,
        tier=found.tier,
        reasons=found.reasons,
        chain=found.chain,
        decided=found.decided,
        fallbacks={lane.role: current.policy.fallbacks(lane.role) for lane in lanes},
        content=content,
        content_hash=_hash(content),
    )


def pinned(content: str) -> Pinned:
    """Read back what a round pinned: enough to say why it got its tier."""
    told = json.loads(content)
    reasons = tuple(
        TierReason(each["line"], each["text"], tuple(Matched(**answer) for answer in each["matched"]))
        for each in told["reasons"]
    )
    return Pinned(told["number"], reasons, told["decided"]["reason"] if told["decided"] else None)


@lru_cache(maxsize=8)
def _parsed(content: str) -> Policy:
    """Return a stored policy. It is asked for with every click, and reading YAML takes longer than all the rest."""
    return parse(content)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
