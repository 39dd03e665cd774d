"""Whether enough people hold the roles that decide about a policy."""

from db.session import Session
from workflows import people
from workflows.policy import ADMIN, Policy
from workflows.policy_changes import rules
from workflows.policy_changes.rules import TooFew


def too_few(session: Session, rules_of: Policy) -> tuple[TooFew, ...]:
    """Return the roles too few hold today for a change of this policy to be decided, whichever admin proposes it."""
    roles = {lane.role for chain in rules_of.chains.values() for stage in chain.stages for lane in stage.lanes}
    proposers = {person.id for person in people.holders_of(session, ADMIN)}
    held = {role: {person.id for person in people.holders_of(session, role)} for role in roles}
    return rules.too_few(rules_of, {role: len(ids) - bool(ids & proposers) for role, ids in held.items()})
