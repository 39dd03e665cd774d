"""Say how a line that approves stands: the same words, in plain text, for Slack and for the command line."""

from collections.abc import Mapping
from typing import Final

from db.enums import AuditResult
from handlers.text import counted
from workflows.auditing import LineSnapshot

RESULTS: Final[Mapping[AuditResult | None, str]] = {
    AuditResult.PASSED: "passed",
    AuditResult.FAILED: "failed",
    None: "still open",
    AuditResult.UNSEEN: "not looked at in time",
    AuditResult.OVERTAKEN: "no longer needed",
}


def state_text(line: LineSnapshot) -> str:
    """Return whether a line approves now, and how much of it is audited."""
    if line.reason is None:
        return "no longer in the policy"
    if line.stands is None:
        return "open, not audited"
    if line.is_closed:
        return "closed"
    is_more = line.rule is not None and line.stands.share > line.rule.share
    return f"open, {line.stands.share} % audited" + (" since audits failed" if is_more else "")


def audits_text(line: LineSnapshot) -> str:
    """Return how many were drawn to be audited and what came of them."""
    told = [f"{line.audits[result]} {words}" for result, words in RESULTS.items() if line.audits.get(result)]
    if not line.drawn:
        return "none drawn for an audit"
    return f"{line.drawn} drawn for an audit" + (f": {', '.join(told)}" if told else "")


def summary_text(line: LineSnapshot, when: str) -> str:
    """Return “14 approved this month, 2 drawn for an audit: 1 passed, 1 failed; open, 10 % audited”."""
    return f"{line.approved} approved {when}, {audits_text(line)}; {state_text(line)}"


def why_text(line: LineSnapshot) -> str:
    """Return what the last audits say and what follows from one more failure, empty where it is not audited."""
    rule, stands = line.rule, line.stands
    if rule is None or stands is None:
        return ""
    last = (
        f"{stands.failed} of the last {counted(stands.counted, 'audit')} failed"
        if stands.counted
        else "No audit counts yet"
    )
    if stands.is_closed:
        return f"{last}; after {counted(rule.close.after_failures, 'failure')} it approves nothing."
    can_widen = rule.widened > stands.share
    widens = (
        f"After {counted(rule.widen.after_failures, 'failure')}, {rule.widened} % are audited. " if can_widen else ""
    )
    closes = f"After {counted(rule.close.after_failures, 'failure')} among the last {rule.of_last} it approves nothing."
    return f"{last}. {widens}{closes}"
