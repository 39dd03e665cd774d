"""What another policy would change about this one, part by part, and whether people could decide about it at all."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from workflows.approvals.rules import approvals_needed
from workflows.policy.shape import POLICY, RELATIONS, Lane, Policy


class Part(StrEnum):
    """A part of the file. Items of each have keys of their own."""

    NAME = "name"
    ROLES = "roles"
    QUESTIONS = "questions"
    TIERS = "tiers"
    CHAINS = "chains"
    LANES = "lanes"
    SUBJECTS = "subjects"


@dataclass(frozen=True, slots=True)
class PartChanged:
    """The keys of what a part has more, less, and otherwise; at least one of the three holds something."""

    part: Part
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TooFew:
    """So many of a role must approve a change of the policy, and so many are `left` besides who proposes it."""

    role: str
    needed: int
    left: int


def differences(before: Policy, after: Policy) -> tuple[PartChanged, ...]:
    """Return what differs in meaning, part by part; nothing for the same policy written otherwise."""
    parts = {part: (_items(part, before), _items(part, after)) for part in Part}
    found = (_compared(part, *both) for part, both in parts.items())
    return tuple(each for each in found if each.added or each.removed or each.changed)


def too_few(policy: Policy, left: Mapping[str, int]) -> tuple[TooFew, ...]:
    """Return the roles that could not decide about a change of this policy, with so many `left` of each role.

    Nothing where changes of the policy are not decided by people.
    """
    found: dict[str, TooFew] = {}
    for lane in _deciding(policy):
        others = left.get(lane.role, 0)
        needed = approvals_needed(lane.rule.kind, lane.rule.amount, others)
        if others < needed and (lane.role not in found or needed > found[lane.role].needed):
            found[lane.role] = TooFew(lane.role, needed, others)
    return tuple(found.values())


def _deciding(policy: Policy) -> Iterator[Lane]:
    """Yield the lanes that decide about a change of this policy; those with a condition are never asked."""
    rule = policy.subjects.get(POLICY)
    key = rule.chains.get(rule.tier) if rule and rule.tier else None
    for stage in policy.chains[key].stages if key else ():
        yield from (lane for lane in stage.lanes if lane.when is None and lane.role not in RELATIONS)


def _compared(part: Part, before: Mapping[str, Hashable], after: Mapping[str, Hashable]) -> PartChanged:
    return PartChanged(
        part,
        added=tuple(key for key in after if key not in before),
        removed=tuple(key for key in before if key not in after),
        changed=tuple(key for key in after if key in before and after[key] != before[key]),
    )


def _items(part: Part, policy: Policy) -> Mapping[str, Hashable]:
    """Return the items of a part by their keys, each as a text that is the same when they mean the same."""
    match part:
        case Part.NAME:
            return {"name": policy.name}
        case Part.ROLES:
            return {key: role.model_dump_json() for key, role in policy.roles.items()}
        case Part.QUESTIONS:
            return {each.key: each.model_dump_json() for each in policy.questions}
        case Part.TIERS:
            return dict(_tiers(policy))
        case Part.CHAINS:
            return dict(_chains(policy))
        case Part.LANES:
            return dict(_lanes(policy))
        case Part.SUBJECTS:
            return {kind: rule.model_dump_json() for kind, rule in policy.subjects.items()}


def _tiers(policy: Policy) -> Iterator[tuple[str, Hashable]]:
    """Yield every line of the tiers; one that moves to another tier is gone from the first."""
    for tier in ("prohibited", "high", "medium"):
        for rule in getattr(policy.tiers, tier):
            yield f"{tier}.{rule.line}", rule.model_dump_json()
    yield "otherwise", policy.tiers.otherwise


def _chains(policy: Policy) -> Iterator[tuple[str, Hashable]]:
    """Yield every chain with what it says besides its lanes."""
    for key, chain in policy.chains.items():
        stages = tuple((stage.key, stage.name) for stage in chain.stages)
        yield key, (chain.distinct_approvers, chain.fallback, stages)


def _lanes(policy: Policy) -> Iterator[tuple[str, Hashable]]:
    for key, chain in policy.chains.items():
        for stage in chain.stages:
            for lane in stage.lanes:
                yield f"{key}.{stage.key}.{lane.key}", lane.model_dump_json()
