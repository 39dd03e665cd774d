"""The lines that approve by themselves: how they stand, and how one that its audits closed is opened again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from db.enums import AuditResult
from db.queries import auditing as stored
from db.session import Session
from workflows import intake, ledger, people, policy
from workflows.ledger import Fact, LedgerKind
from workflows.people import Actor
from workflows.policy import AuditRule, FastLane, fast_lane

EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""From when on audits of a line are counted that was never opened again."""


@dataclass(frozen=True, slots=True)
class LineSnapshot:
    """A line that approves use cases. One that the policy in force has no longer has no `reason`.

    `rule` says how it is audited, `stands` how it does by that; neither where it is not. `approved` and `audits` are
    how many there were since the moment asked for; audits that are still open have no result.
    """

    line: str
    reason: str | None
    rule: AuditRule | None
    stands: FastLane | None
    approved: int
    audits: Mapping[AuditResult | None, int]
    reopened_at: datetime | None = None
    reopened_by: Actor | None = None

    @property
    def drawn(self) -> int:
        return sum(self.audits.values())

    @property
    def is_closed(self) -> bool:
        return self.stands is not None and self.stands.is_closed


class NotReopened(StrEnum):
    UNKNOWN = "unknown"
    NOT_CLOSED = "not_closed"
    REASON_MISSING = "reason_missing"


def lines_of(session: Session, *, since: datetime | None = None) -> list[LineSnapshot]:
    """Return the lines that approve use cases, in the policy's order, then those of earlier policies.

    Counted is what happened since then, or ever.
    """
    rules = policy.in_force(session).policy
    ours = {line.line: line for line in policy.approving(rules, intake.SUBJECT_KIND)}
    stand = policy.fast_lanes(session, rules, intake.SUBJECT_KIND).lines
    counted = stored.tallies(session, intake.SUBJECT_KIND, since=since)
    known = {row.line: row for row in stored.lines(session)}
    openers = people.named(session, {row.reopened_by for row in known.values() if row.reopened_by})
    found = []
    for line in dict.fromkeys((*ours, *counted)):
        written, tally, row = ours.get(line), counted.get(line, stored.Tally(0, {})), known.get(line)
        found.append(
            LineSnapshot(
                line=line,
                reason=written.reason if written else None,
                rule=written.audit if written else None,
                stands=stand.get(line),
                approved=tally.approved,
                audits=tally.audits,
                reopened_at=row.counted_from if row and row.counted_from > EVER else None,
                reopened_by=openers.get(row.reopened_by) if row and row.reopened_by else None,
            )
        )
    return found


def reopen(session: Session, line: str, reason: str, *, actor: Actor | None, now: datetime) -> NotReopened | None:
    """Let a line its audits closed approve again; return why not, or None when it is done.

    Its audits are counted from now on, so that it takes as many failures again to close it. `actor` is None for the
    command line. The line is locked.
    """
    if not reason.strip():
        return NotReopened.REASON_MISSING
    known = stored.hold_line(session, line)
    stands = standing_of(session, line)
    if stands is None:
        return NotReopened.UNKNOWN
    if known is None or not stands.is_closed:
        return NotReopened.NOT_CLOSED
    by = actor.id if actor else None
    _, digest = ledger.write_text(session, reason.strip(), by=by, now=now)
    stored.reopen_line(session, line, by=by, at=now)
    fact = Fact(LedgerKind.FAST_LANE_REOPENED, {"line": line, "reason": digest})
    ledger.record(session, _stream_of(line), [fact], actor=by, now=now)
    return None


def standing_of(session: Session, line: str) -> FastLane | None:
    """Return how a line stands by the policy in force; None where that has no such line, or does not audit it."""
    rules = policy.in_force(session).policy
    rule = next((each.audit for each in policy.approving(rules, intake.SUBJECT_KIND) if each.line == line), None)
    return fast_lane(rule, stored.results(session, {line: rule.of_last})[line]) if rule else None


def record_line(session: Session, line: str, stands: FastLane, *, now: datetime) -> None:
    """Put on the record how a line stands now. The caller holds it."""
    data: dict[str, ledger.Value] = {"line": line, "share": stands.share, "closed": stands.is_closed}
    data |= {"failed": stands.failed, "of": stands.counted}
    ledger.record(session, _stream_of(line), [Fact(LedgerKind.FAST_LANE_CHANGED, data)], actor=None, now=now)


def _stream_of(line: str) -> str:
    return f"fast_lane:{line}"
