"""Policies as they are stored: apply a version, read the one in force, pin a chain to a request."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from uuid import UUID

from db.enums import Tier
from db.ids import new_id
from db.queries import configuration as stored
from db.session import Session
from workflows import ledger
from workflows.ledger import Fact, LedgerKind
from workflows.policy.document import Chain, Policy, parse

STREAM = "configuration:policy"


@dataclass(frozen=True, slots=True)
class InForce:
    id: UUID
    number: int
    content_hash: str
    policy: Policy


@dataclass(frozen=True, slots=True)
class PolicySnapshot:
    """What a submission pins: the chain and tier its subject got, and the hash of exactly that."""

    policy_version_id: UUID
    tier: Tier
    chain: Chain
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
    return InForce(id=row.id, number=row.number, content_hash=row.content_hash, policy=parse(row.content))


def roles(session: Session) -> set[str]:
    """Return the roles the policy in force names."""
    chains = in_force(session).policy.chains.values()
    return {lane.role for chain in chains for stage in chain.stages for lane in stage.lanes}


def text_in_force(session: Session) -> str:
    """Return the file as it was applied, or nothing before the first one."""
    row = stored.policy_in_force(session)
    return row.content if row else ""


def snapshot_for(session: Session, subject_kind: str) -> PolicySnapshot:
    """Return what a subject of this kind submitted now is judged under. Raises LookupError for an unknown kind."""
    current = in_force(session)
    rule = current.policy.subjects.get(subject_kind)
    if rule is None:
        raise LookupError(f"policy {current.number} has no rule for subjects of kind {subject_kind!r}")
    chain = current.policy.chains[rule.chain]
    content = ledger.canonical(
        {
            "policy": current.content_hash,
            "subject": subject_kind,
            "tier": rule.tier.value,
            "chain": rule.chain,
            "stages": chain.model_dump(mode="json")["stages"],
        }
    )
    return PolicySnapshot(current.id, rule.tier, chain, content, _hash(content))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
