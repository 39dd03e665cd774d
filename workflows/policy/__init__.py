"""Policy as data: which chain a subject goes through, in versions that are never changed."""

from workflows.policy.document import Chain, Lane, Policy, PolicyError, Stage, parse
from workflows.policy.service import (
    PolicySnapshot,
    apply,
    apply_default_if_none,
    in_force,
    roles,
    snapshot_for,
    text_in_force,
)

__all__ = [
    "Chain",
    "Lane",
    "Policy",
    "PolicyError",
    "PolicySnapshot",
    "Stage",
    "apply",
    "apply_default_if_none",
    "in_force",
    "parse",
    "roles",
    "snapshot_for",
    "text_in_force",
]
