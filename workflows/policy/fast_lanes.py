"""How the lines that approve stand today, by the audits of what they approved."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from db.queries import auditing as stored
from db.session import Session
from workflows.policy.sampling import FastLane, fast_lane
from workflows.policy.shape import ApprovingLine, Policy


@dataclass(frozen=True, slots=True)
class FastLanes:
    """The audited lines of a policy, by their audits. `doubted` are subjects no line may approve."""

    lines: Mapping[str, FastLane] = field(default_factory=dict)
    doubted: frozenset[UUID] = frozenset()

    def closed_to(self, rules: Policy, kind: str, subject_id: UUID | None) -> frozenset[str]:
        """Return which lines of a policy may not approve this subject; one that is new has no id yet."""
        if subject_id in self.doubted:
            return frozenset(line.line for line in approving(rules, kind))
        return frozenset(line for line, stands in self.lines.items() if stands.is_closed)

    def share_of(self, line: ApprovingLine) -> int | None:
        """Return how much of what a line approves is audited, in per cent; None of one that is not."""
        if line.audit is None:
            return None
        return self.lines[line.line].share if line.line in self.lines else line.audit.share


def fast_lanes(
    session: Session, rules: Policy, kind: str, subjects: Collection[UUID] = (), *, by_open: bool = True
) -> FastLanes:
    """Return how the audited lines for subjects of a kind stand, and which of these subjects are doubted.

    An audit of those failed; `by_open`: or is open still, so that nobody gets out of it by sending a change.
    """
    audited = {line.line: line.audit for line in approving(rules, kind) if line.audit is not None}
    results = stored.results(session, {line: rule.of_last for line, rule in audited.items()})
    lines = {line: fast_lane(rule, results[line]) for line, rule in audited.items()}
    return FastLanes(lines, stored.doubted(session, subjects, by_open=by_open) if subjects else frozenset())


def approving(rules: Policy, kind: str) -> Iterator[ApprovingLine]:
    """Yield the lines that approve subjects of a kind, in their order."""
    for lines in rules.subjects[kind].approved_by.values() if kind in rules.subjects else ():
        yield from lines
