"""How audits of what a line approves change the line: more of it is audited, or it approves nothing any more. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from db.enums import AuditResult
from workflows.policy.shape import AuditRule

COUNTED = (AuditResult.PASSED, AuditResult.FAILED)
"""What says something about the line. That nobody looked, or that it was overtaken, says nothing."""


@dataclass(frozen=True, slots=True)
class FastLane:
    """A line that approves, by its audits: `share` is how much of it is audited now, in per cent.

    `failed` of the `counted` last audits failed.
    """

    share: int
    is_widened: bool
    is_closed: bool
    failed: int
    counted: int


def fast_lane(rule: AuditRule, results: Sequence[AuditResult]) -> FastLane:
    """Return how a line stands after these audits of it, the newest first."""
    counted = [each for each in results if each in COUNTED][: rule.of_last]
    failed = counted.count(AuditResult.FAILED)
    is_widened = failed >= rule.widen.after_failures
    return FastLane(
        share=rule.widened if is_widened else rule.share,
        is_widened=is_widened,
        is_closed=failed >= rule.close.after_failures,
        failed=failed,
        counted=len(counted),
    )
