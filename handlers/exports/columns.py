"""The columns of the register and of its KPIs: what each is called, what it says, and how an entry fills it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from db.enums import SuspensionCause, UseCaseState
from handlers.exports.words import condition_text, decided_by, kpi_text, moment_text, vote_text, who, why_tier
from handlers.kpis import CADENCES, SOURCES
from handlers.sheets import Cell
from handlers.text import (
    AFFECTED,
    AREAS,
    BUILDS,
    DATA_CLASSES,
    DECISIONS,
    OUTPUT_USES,
    PRACTICES,
    PROCESSINGS,
    REQUEST_STATUSES,
    SUSPENDED_BECAUSE,
    TIERS,
    USE_CASE_STATES,
)
from workflows import recorded
from workflows.exports import CaseEntry, Entry, Measured, RecordedEntry
from workflows.people import Actor
from workflows.programme import PHASES

OfCase = Callable[[CaseEntry], Cell]
OfRecording = Callable[[RecordedEntry], Cell]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the register. `says` is what stands in it, in the words of the documentation."""

    heading: str
    says: str
    of_case: OfCase
    of_recording: OfRecording = lambda _: None

    def cell(self, entry: Entry) -> Cell:
        return self.of_case(entry) if isinstance(entry, CaseEntry) else self.of_recording(entry)


def _moment(at: datetime | None) -> str | None:
    return moment_text(at) or None


def _who(person: Actor | None) -> str | None:
    return who(person) or None


def _lines(lines: list[str]) -> str | None:
    return "\n".join(lines) or None


def _yes(says: object) -> str:
    return "yes" if says else "no"


def _first(state: UseCaseState) -> OfCase:
    return lambda entry: _moment(entry.entered.get(state))


def _policy(entry: CaseEntry) -> Cell:
    return entry.decided.policy_number if entry.decided else None


def _state(entry: CaseEntry) -> str:
    was = f", was {USE_CASE_STATES[entry.was].lower()}" if entry.was is not entry.case.state else ""
    return USE_CASE_STATES[entry.case.state] + was


def _open_conditions(entry: CaseEntry) -> list[str]:
    return [condition_text(each) for each in entry.conditions if each.is_in_force]


def _suspended_because(entry: CaseEntry) -> list[str]:
    causes: list[SuspensionCause] = [each.cause for each in entry.suspensions]
    return [SUSPENDED_BECAUSE[each] for each in dict.fromkeys(causes)]


def _own_answers(entry: CaseEntry) -> list[str]:
    return [f"{each.asked} {' · '.join(each.says or each.values)}" for each in entry.case.says.own]


def _asked(entry: CaseEntry) -> str | None:
    asked = entry.asked
    return f"Version {asked.revision}: {REQUEST_STATUSES[asked.status].lower()}" if asked else None


COLUMNS: Final = (
    Column(
        "Reference", "the use case's number, which it keeps", lambda e: e.case.reference, lambda e: e.recorded.reference
    ),
    Column(
        "Record",
        "`Use case`, or `Recorded, not proposed`: in use already, and nobody has proposed it yet",
        lambda _: "Use case",
        lambda _: recorded.NOT_PROPOSED,
    ),
    Column("Name", "what it is called", lambda e: e.case.name, lambda e: e.recorded.name),
    Column("Team", "the team that uses it", lambda e: e.case.team, lambda e: e.recorded.team),
    Column("State", "where it is in its life; of what is suspended also what it was before", _state),
    Column(
        "Programme phase",
        "the phase of the programme its state belongs to; what came to an end has none",
        lambda e: PHASES[e.phase] if e.phase else None,
    ),
    Column(
        "Confidential",
        "`yes` where only those involved may know of it",
        lambda e: _yes(e.case.confidential),
        lambda _: "no",
    ),
    Column(
        "Tier",
        "as the policy computed it for the decision below",
        lambda e: TIERS[e.decided.tier] if e.decided else None,
    ),
    Column(
        "Why this tier",
        "the policy's sentences, with the answers that met them",
        lambda e: _lines(why_tier(e.decided)) if e.decided else None,
    ),
    Column("Policy version", "under which it was submitted for that decision", _policy),
    Column(
        "Policy snapshot SHA-256",
        "over tier, reasons and chain as they were pinned then",
        lambda e: e.decided.policy_hash if e.decided else None,
    ),
    Column("Owner", "who answers for it once it runs", lambda e: _who(e.case.owner), lambda e: _who(e.recorded.owner)),
    Column(
        "Owner's Slack id",
        "",
        lambda e: e.case.owner.slack_id,
        lambda e: e.recorded.owner.slack_id if e.recorded.owner else None,
    ),
    Column("Sponsor", "who stands up for it and its cost", lambda e: _who(e.case.sponsor)),
    Column("Sponsor's Slack id", "", lambda e: e.case.sponsor.slack_id),
    Column("Proposer", "who proposed it", lambda e: _who(e.case.proposer)),
    Column("Proposer's Slack id", "", lambda e: e.case.proposer.slack_id),
    Column("Objective", "the business objective it serves", lambda e: e.case.says.objective),
    Column("Problem", "which problem it solves", lambda e: e.case.says.problem, lambda e: e.recorded.problem),
    Column("Benefit", "what gets better, and for whom", lambda e: e.case.says.benefit),
    Column("Produces", "what comes out of it", lambda e: e.case.says.outputs),
    Column("Used for", "what people do with that", lambda e: OUTPUT_USES[e.case.says.output_use]),
    Column("Vendor", "as it was said", lambda e: e.case.says.vendor or None, lambda e: e.recorded.vendor),
    Column("Model", "model or product", lambda e: e.case.says.model or None),
    Column("Built by", "", lambda e: BUILDS[e.case.says.build]),
    Column("Data class", "of the most sensitive data it uses", lambda e: DATA_CLASSES[e.case.says.data_class]),
    Column("Processed where", "where the data is processed", lambda e: PROCESSINGS[e.case.says.processing]),
    Column("Affected", "whom its output affects", lambda e: _lines([AFFECTED[each] for each in e.case.says.affected])),
    Column("Who decides", "what is decided with it, and by whom", lambda e: DECISIONS[e.case.says.decision]),
    Column("Oversight", "who checks what it produces, and how", lambda e: e.case.says.oversight or None),
    Column(
        "Areas of harm", "where a mistake harms people", lambda e: _lines([AREAS[each] for each in e.case.says.areas])
    ),
    Column("Prohibited practices named", "", lambda e: _lines([PRACTICES[each] for each in e.case.says.practices])),
    Column("Own questions", "the organisation's own questions and the answers", lambda e: _lines(_own_answers(e))),
    Column(
        "Recorded on",
        "when it was recorded as in use, before it was proposed",
        lambda e: _moment(e.recorded.recorded_at) if e.recorded else None,
        lambda e: _moment(e.recorded.recorded_at),
    ),
    Column(
        "Recorded from",
        "where it stood in another register",
        lambda e: e.recorded.origin if e.recorded else None,
        lambda e: e.recorded.origin,
    ),
    Column(
        "Stage as recorded",
        "as that source said; a blank stayed blank",
        lambda e: e.recorded.stage if e.recorded else None,
        lambda e: e.recorded.stage,
    ),
    Column("To be proposed by", "the last day, where its owner is", lambda _: None, lambda e: e.recorded.propose_by),
    Column("First proposed on", "", lambda e: _moment(e.created_at)),
    Column("Text in force", "its version; this line is of that text", lambda e: e.case.revision),
    Column("Text sent on", "when that version was sent", lambda e: _moment(e.case.submitted_at)),
    Column("Change asked for", "a newer version people decide about", _asked),
    Column(
        "Decision",
        "of the approval that counts, else of the newest request",
        lambda e: REQUEST_STATUSES[e.decided.status] if e.decided else None,
    ),
    Column("Decided on", "", lambda e: _moment(e.decided.settled_at) if e.decided else None),
    Column(
        "Decided by", "people, or the named line of the policy", lambda e: decided_by(e.decided) if e.decided else None
    ),
    Column(
        "Votes",
        "one a line: lane, who, for whom, how, when",
        lambda e: _lines([vote_text(each) for each in e.decided.votes]) if e.decided else None,
    ),
    Column(
        "Let through by break-glass",
        "`yes` while it is in use before it is approved",
        lambda e: _yes(e.case.provisional),
    ),
    Column("Valid until", "the last day its approval holds, where its owner is", lambda e: e.case.valid_until),
    Column("Conditions to meet", "how many are neither met nor waived", lambda e: len(_open_conditions(e))),
    Column("Conditions done", "how many are met or waived", lambda e: len(e.conditions) - len(_open_conditions(e))),
    Column("Open conditions", "one a line: what, who, by when, what it blocks", lambda e: _lines(_open_conditions(e))),
    Column("Suspended since", "", lambda e: _moment(min((each.since for each in e.suspensions), default=None))),
    Column("Suspended because", "every reason that stands", lambda e: _lines(_suspended_because(e))),
    Column("In deployment since", "the first time; so with the next four", _first(UseCaseState.IN_DEPLOYMENT)),
    Column("First deployed on", "", _first(UseCaseState.DEPLOYED)),
    Column("Optimising since", "", _first(UseCaseState.OPTIMISING)),
    Column("Scaling since", "", _first(UseCaseState.SCALING)),
    Column("Retired on", "", _first(UseCaseState.RETIRED)),
    Column(
        "KPIs",
        "one a line: baseline, target, last reading; each by itself on the sheet “KPIs” of a workbook",
        lambda e: _lines(_kpis(e)),
    ),
    Column(
        "Ledger stream",
        "where its facts stand on the record",
        lambda e: f"use_case:{e.case.id}",
        lambda e: f"recording:{e.recorded.id}",
    ),
    Column(
        "Ledger events",
        "how many that stream has",
        lambda e: e.head.events if e.head else None,
        lambda e: e.head.events if e.head else None,
    ),
    Column(
        "Ledger head",
        "the hash of its last event",
        lambda e: e.head.hash if e.head else None,
        lambda e: e.head.hash if e.head else None,
    ),
)


def _kpis(entry: CaseEntry) -> list[str]:
    if entry.kpis:
        return [kpi_text(each) for each in entry.kpis]
    return [kpi_text(each) for each in entry.case.says.kpis]


# ---------------------------------------------------------------------------------------------- the KPIs


OfKpi = Callable[[CaseEntry, Measured], Cell]


@dataclass(frozen=True, slots=True)
class KpiColumn:
    """A column of the sheet that has a line for each KPI in use of what was approved."""

    heading: str
    of: OfKpi


def _hit(measured: Measured) -> str:
    return f"hit {_moment(measured.hit_at)}" if measured.hit_at else "not hit"


def _verified(measured: Measured) -> str | None:
    if measured.last is None:
        return None
    return "doubted" if measured.last.doubted else _yes(measured.last.verified)


KPI_COLUMNS: Final = (
    KpiColumn("Reference", lambda e, _: e.case.reference),
    KpiColumn("Use case", lambda e, _: e.case.name),
    KpiColumn("Team", lambda e, _: e.case.team),
    KpiColumn("Confidential", lambda e, _: _yes(e.case.confidential)),
    KpiColumn("KPI", lambda _, m: m.kpi.name),
    KpiColumn("Unit", lambda _, m: m.kpi.unit),
    KpiColumn("Direction", lambda _, m: m.kpi.direction.value),
    KpiColumn("Target", lambda _, m: m.kpi.says.target),
    KpiColumn("Upper target", lambda _, m: m.kpi.says.target_high),
    KpiColumn("Due", lambda _, m: m.kpi.says.due),
    KpiColumn("As proposed", lambda _, m: m.kpi.says.baseline),
    KpiColumn("Baseline", lambda _, m: m.kpi.baseline.value if m.kpi.baseline else None),
    KpiColumn("Baseline unit", lambda _, m: m.kpi.baseline.unit if m.kpi.baseline else None),
    KpiColumn("Measured from", lambda _, m: m.kpi.baseline.first_day if m.kpi.baseline else None),
    KpiColumn("Measured to", lambda _, m: m.kpi.baseline.last_day if m.kpi.baseline else None),
    KpiColumn("Cases measured", lambda _, m: m.kpi.baseline.n if m.kpi.baseline else None),
    KpiColumn("Locked by", lambda _, m: _who(m.kpi.baseline.locked_by) if m.kpi.baseline else None),
    KpiColumn("Locked on", lambda _, m: _moment(m.kpi.baseline.locked_at) if m.kpi.baseline else None),
    KpiColumn("Baselines amended", lambda _, m: max(len(m.kpi.baselines) - 1, 0)),
    KpiColumn("Last reading", lambda _, m: m.last.value if m.last else None),
    KpiColumn("Reading unit", lambda _, m: m.last.unit if m.last else None),
    KpiColumn("Read for", lambda _, m: m.last.on if m.last else None),
    KpiColumn("Source", lambda _, m: SOURCES[m.last.source] if m.last else None),
    KpiColumn("Verified", lambda _, m: _verified(m)),
    KpiColumn("Hit", lambda _, m: _hit(m)),
    KpiColumn("Reported by", lambda _, m: _who(m.kpi.owner)),
    KpiColumn("How often", lambda _, m: CADENCES[m.kpi.rhythm.cadence].format(weeks=m.kpi.rhythm.weeks)),
)
