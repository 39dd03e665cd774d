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
    AuditResult.UNSEEN: "nobody looked at",
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
    """Return how many were drawn and what came of them."""
    told = [f"{line.audits[result]} {words}" for result, words in RESULTS.items() if line.audits.get(result)]
    return f"{line.drawn} drawn" + (f": {', '.join(told)}" if told else "")


def summary_text(line: LineSnapshot, when: str) -> str:
    """Return “14 approved this month, 2 drawn: 1 passed, 1 failed; open, 50 % audited since audits failed”."""
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
        return f"{last}; {rule.close.after_failures} close it."
    can_widen = rule.widened > stands.share
    widens = f"{rule.widen.after_failures} widen the sample to {rule.widened} %, " if can_widen else ""
    return f"{last}; {widens}{rule.close.after_failures} of {rule.of_last} close it."
