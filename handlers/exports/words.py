"""What files say in words: plain text, which whoever writes the file makes harmless for it."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from db.enums import ConditionStatus, DemandStatus, Membership, Verb
from handlers.kpis import SOURCES
from handlers.subjects import kpi_in_words
from handlers.terms import WHAT_IT_BLOCKS
from handlers.text import answer_in_words
from workflows.checkins import plain_number
from workflows.conditions import ConditionSnapshot
from workflows.exports import Decided, LastRead, Measured, VoteGiven
from workflows.intake import Kpi
from workflows.people import Actor
from workflows.policy import TierReason

VERBS: Final = {
    Verb.APPROVE: "approved",
    Verb.APPROVE_WITH_CONDITIONS: "approved with conditions",
    Verb.REQUEST_CHANGES: "requested changes",
    Verb.REJECT: "rejected",
}


def said(value: StrEnum) -> str:
    """Return a word of a closed vocabulary for a table of a file."""
    return value.value.replace("_", " ")


def who(person: Actor | None) -> str:
    if person is None:
        return ""
    return person.name if person.membership is Membership.MEMBER else f"{person.name} (no longer a member)"


def moment_text(at: datetime | None) -> str:
    """Return a moment in UTC: a file is read in every zone."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if at else ""


def why_tier(decided: Decided) -> list[str]:
    return [reason_text(each) for each in decided.reasons]


def reason_text(reason: TierReason) -> str:
    """Return the sentence of a line of the policy, with the answers that met it."""
    answers = [answer_in_words(each.fact, each.value) or each.says or each.value for each in reason.matched]
    seen = "; ".join(dict.fromkeys(answers))
    return f"{reason.text} ({seen})" if seen else reason.text


def decided_by(decided: Decided) -> str | None:
    if decided.settled_at is None:
        return None
    return f"policy line {decided.line}" if decided.line else "people"


def vote_text(vote: VoteGiven) -> str:
    """Return “Legal: Ann (for Cleo) approved, 2026-03-02 09:00 UTC”."""
    given = f"{vote.delegate.name} for {vote.person.name}" if vote.delegate else vote.person.name
    return f"{vote.lane}: {given} {VERBS[vote.verb]}, {moment_text(vote.at)}"


def condition_text(condition: ConditionSnapshot) -> str:
    blocks = "; ".join(WHAT_IT_BLOCKS[each].lower() for each in sorted(condition.blocks))
    late = ", overdue" if condition.overdue_at else ""
    offered = ", evidence given" if condition.status is ConditionStatus.OFFERED else ""
    asked = ", ".join(condition.asked_by)
    return f"{condition.text}: {condition.owner.name} by {condition.due_on}{late}{offered} (asked by {asked}; {blocks})"


def demand_text(condition: ConditionSnapshot) -> list[str]:
    """Return, lane by lane, what became of a condition: who asked for it, who judged it, and why."""
    lines = []
    for each in condition.demands:
        judged = f" by {each.settled_by.name}, {moment_text(each.settled_at)}" if each.settled_by else ""
        became = "still asks" if each.status is DemandStatus.STANDING else said(each.status)
        reason = f": “{each.reason}”" if each.reason else ""
        lines.append(f"{each.lane} ({each.person.name}), by {each.due_on}: {became}{judged}{reason}")
    return lines


def kpi_text(kpi: Measured | Kpi) -> str:
    """Return a KPI in one line: what was proposed, and once it is approved baseline and last reading."""
    if isinstance(kpi, Kpi):
        return kpi_in_words(kpi)
    baseline = kpi.kpi.baseline
    stood = f"locked baseline {plain_number(baseline.value)} {baseline.unit}" if baseline else "no locked baseline"
    last = reading_text(kpi.last) if kpi.last else "no reading"
    return f"{kpi_in_words(kpi.kpi.says)}; {stood}; {last}; {'hit' if kpi.hit_at else 'not hit'}"


def reading_text(last: LastRead) -> str:
    sure = "doubted" if last.doubted else "verified" if last.verified else "not verified"
    return f"last {plain_number(last.value)} {last.unit} for {last.on} ({SOURCES[last.source]}, {sure})"
