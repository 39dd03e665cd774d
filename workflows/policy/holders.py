"""Whether everything that can be submitted is decided under a policy, and could be by those who hold its roles."""

from collections.abc import Iterator, Mapping

from db.enums import LaneRule
from db.session import Session
from workflows import people
from workflows.policy import document, source
from workflows.policy.document import parse
from workflows.policy.problems import Path, Problem
from workflows.policy.shape import BUILT_IN_ROLES, RELATIONS, STAKEHOLDER, Chain, Lane, Policy


def require_rule_for(text: str, kind: str) -> None:
    """Raise PolicyError when this policy cannot be used or says nothing about subjects of `kind`."""
    if kind not in parse(text).subjects:
        document.refuse(source.read(text), [(("subjects",), f"there is no rule for {kind}; each would be refused")])


def require_holders(session: Session, text: str) -> None:
    """Raise PolicyError when those who hold its roles today could never decide a lane of this policy.

    Relations are held by nobody: who they lead to is known with each use case.
    """
    policy = parse(text)
    asked = {role for _, lane, chain in _lanes(policy) for role in (lane.role, *policy.stand_ins(lane, chain))}
    audits = {role for _, each in _audits(policy) for role in (each, *policy.fallbacks(each))}
    named = (asked | audits) - RELATIONS
    held = {role: len(people.holders_of(session, role)) for role in named}
    problems = [*_unheld(policy, held), *_unreachable(policy, held)]
    if problems:
        document.refuse(source.read(text), problems)


def _unheld(policy: Policy, held: Mapping[str, int]) -> Iterator[Problem]:
    """Yield each role nobody holds, where it is named first."""
    fallbacks = ((("roles", key, "fallback"), role.fallback) for key, role in policy.roles.items() if key in held)
    lanes = ((path, lane.role) for path, lane, _ in _lanes(policy))
    own = (((*path[:-1], "fallback"), lane.fallback) for path, lane, _ in _lanes(policy))
    of_chains = ((("chains", key, "fallback"), chain.fallback) for key, chain in policy.chains.items())
    told: set[str] = set()
    for path, role in (*lanes, *own, *of_chains, *_audits(policy), *fallbacks):
        if role is not None and held.get(role) == 0 and role not in told:
            told.add(role)
            if role == STAKEHOLDER:
                yield (
                    path,
                    f"nobody holds the role “{role}”; first have a stakeholder map approved that names approvers",
                )
                continue
            new = "" if role in BUILT_IN_ROLES else " --new"
            yield path, f"nobody holds the role “{role}”; first: gatehouse roles grant {role} U…{new}"


def _unreachable(policy: Policy, held: Mapping[str, int]) -> Iterator[Problem]:
    """Yield every rule that takes more people than there are."""
    for path, lane, _ in _lanes(policy):
        holders = held.get(lane.role, 0)
        for key, rule, verb in (("rule", lane.rule, "approve"), ("reject", lane.reject, "reject")):
            if rule.kind is LaneRule.AT_LEAST and 0 < holders < (rule.amount or 0):
                hold = "1 person holds" if holders == 1 else f"{holders} people hold"
                yield (*path[:-1], key), f"at least {rule.amount} must {verb}, but {hold} the role “{lane.role}”"


def _lanes(policy: Policy) -> Iterator[tuple[Path, Lane, Chain]]:
    """Yield every lane with the place its role is named at, and its chain."""
    for key, chain in policy.chains.items():
        for position, stage in enumerate(chain.stages):
            for number, lane in enumerate(stage.lanes):
                yield ("chains", key, "stages", position, "lanes", number, "role"), lane, chain


def _audits(policy: Policy) -> Iterator[tuple[Path, str]]:
    """Yield every role that audits, with the place it is named at."""
    for kind, rule in policy.subjects.items():
        for tier, lines in rule.approved_by.items():
            for number, line in enumerate(lines):
                if line.audit is not None:
                    yield ("subjects", kind, "approved_by", tier, number, "audit", "role"), line.audit.role
