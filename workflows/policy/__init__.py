"""Policy as data: which tier and chain a subject's facts lead to, in versions that are never changed."""

from workflows.policy.checks import vocabulary
from workflows.policy.document import parse
from workflows.policy.facts import BUILT_IN, OF_ONE, UNKNOWN, Facts
from workflows.policy.holders import require_holders, require_rule_for
from workflows.policy.problems import PolicyError
from workflows.policy.routing import Matched, Route, TierReason, is_asked
from workflows.policy.routing import route as route_under
from workflows.policy.service import (
    RELATION_NAMES,
    InForce,
    Pinned,
    PolicySnapshot,
    Version,
    apply,
    apply_default_if_none,
    default_text,
    in_force,
    pinned,
    questions,
    roles,
    route,
    text_in_force,
    text_of_version,
    versions,
)
from workflows.policy.shape import (
    ADMIN,
    AUDITOR,
    LEAD,
    RELATIONS,
    Chain,
    Lane,
    Line,
    Policy,
    Question,
    Quorum,
    Stage,
)
from workflows.policy.source import text_of

__all__ = [
    "ADMIN",
    "AUDITOR",
    "BUILT_IN",
    "LEAD",
    "OF_ONE",
    "RELATIONS",
    "RELATION_NAMES",
    "UNKNOWN",
    "Chain",
    "Facts",
    "InForce",
    "Lane",
    "Line",
    "Matched",
    "Pinned",
    "Policy",
    "PolicyError",
    "PolicySnapshot",
    "Question",
    "Quorum",
    "Route",
    "Stage",
    "TierReason",
    "Version",
    "apply",
    "apply_default_if_none",
    "default_text",
    "in_force",
    "is_asked",
    "parse",
    "pinned",
    "questions",
    "require_holders",
    "require_rule_for",
    "roles",
    "route",
    "route_under",
    "text_in_force",
    "text_of",
    "text_of_version",
    "versions",
    "vocabulary",
]
