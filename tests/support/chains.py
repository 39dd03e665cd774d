"""Policies for tests: chains of any shape, put in force in one call."""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from tests.support.fakes import member
from tests.support.house import House
from workflows import policy

DEFAULT_SECTIONS = ("purpose", "data", "value")


def lane(
    key: str,
    role: str,
    *,
    rule: str | Mapping[str, int] = "any",
    sections: Sequence[str] = DEFAULT_SECTIONS,
    hours: float = 24,
) -> dict[str, Any]:
    return {
        "key": key,
        "name": key.capitalize(),
        "role": role,
        "rule": rule if isinstance(rule, str) else dict(rule),
        "sections": list(sections),
        "answer_within_hours": hours,
    }


def stage(key: str, *lanes: dict[str, Any]) -> dict[str, Any]:
    return {"key": key, "name": f"{key.capitalize()} stage", "lanes": list(lanes)}


def policy_text(*stages: dict[str, Any], kind: str = "use_case", tier: str = "medium", **chain: Any) -> str:
    """Return a policy file with one chain for `kind`, of these stages and keys; other kinds go through the same one."""
    rule = {"tier": tier, "chains": {tier: "tested"}}
    lanes = [each for one in stages for each in one["lanes"]]
    roles = {each["role"] for each in lanes} | {each["escalate"]["to"] for each in lanes if "escalate" in each}
    roles |= {each["fallback"] for each in (*lanes, chain) if "fallback" in each}
    roles -= {"admin", "lead", "auditor", "stakeholder"} | policy.RELATIONS
    document = {
        "name": "A policy for a test",
        "version": 1,
        "roles": {role: {"name": role.capitalize()} for role in sorted(roles)},
        "chains": {"tested": {**chain, "stages": list(stages)}},
        "subjects": {kind: rule} | {"use_case": rule},
    }
    return yaml.safe_dump(document, sort_keys=False)


def put_in_force(house: House, text: str) -> None:
    with house.database.transaction() as session:
        policy.apply(session, text, actor=None, now=house.clock.now())


def hire(house: House, slack_id: str, *roles: str, **facts: Any) -> None:
    """Add a person to the workspace, with these roles."""
    house.world.people[slack_id] = member(slack_id, **facts)
    for role in roles:
        house.grant(role, slack_id)
