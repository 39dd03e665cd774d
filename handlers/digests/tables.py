"""A digest as one tidy table: a number a row, with what it is about, its unit, and why it is missing where it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from handlers.corrections import CAUSES
from handlers.digests.parts import NAMES, Part
from handlers.digests.words import DUES, LACKS, STAGES, STANDINGS, UNANSWERED, figure_text
from handlers.programme.words import STATES as GATE_STATES
from workflows.adoption import Figure, TeamUse, Telling
from workflows.checkins import plain_number
from workflows.digests import Count, Digest, KpiLine, KpiStanding, Named, Span
from workflows.programme import CRITERION_NAMES, PHASES

WINS, REST = "Wins", "Besides"
USE_CASES, DAYS, PEOPLE, HOURS, PER_CENT = "use cases", "working days", "users", "hours", "%"
NOT_KEPT: Final = "not known any more"
_SHOWN: Final = Telling.SHOWN


@dataclass(frozen=True, slots=True)
class Row:
    """`value` is None where there is none to be told, and `telling` says why; `why` in other words than usual."""

    section: str
    item: str
    team: str
    measure: str
    value: float | str | None
    unit: str = ""
    telling: Telling = _SHOWN
    why: str = ""

    @property
    def says(self) -> str:
        """Return the value as people read it, without its unit; of a missing one why."""
        if self.value is None:
            return self.why or figure_text(Figure(self.telling))
        if isinstance(self.value, str):
            return self.value
        return plain_number(round(self.value, 4))


def rows(digest: Digest, *, with_values: bool) -> Sequence[Row]:
    """Return every number of a digest, section by section. Values of single use cases only `with_values`."""
    return [
        *_funnel(digest),
        *_programme(digest),
        *_approvals(digest),
        *_adoption(digest),
        *_kpis(digest, with_values=with_values),
        *(() if digest.in_short else (*_corrections(digest), *_hours(digest, with_values=with_values))),
        *_answers(digest),
        *_due(digest),
        *_rest(digest),
    ]


def _number(section: str, item: str, measure: str, value: float | None, unit: str = "", *, team: str = "") -> Row:
    figure = Figure.of(value)
    return Row(section, item, team, measure, figure.value, unit, figure.telling)


def _count(section: str, item: str, counted: Count, unit: str) -> Iterator[Row]:
    yield _number(section, item, "in the window", counted.now, unit)
    yield _number(section, item, "seven days before", counted.before, unit)


def _funnel(digest: Digest) -> Iterator[Row]:
    section, funnel = NAMES[Part.FUNNEL], digest.standing.funnel
    for each in funnel.reached:
        item = STAGES[each.stage].capitalize()
        yield _number(section, item, "in all", each.total, USE_CASES)
        yield _number(section, item, "in the window", each.new, USE_CASES)
        yield _number(section, item, "seven days before", each.new_before, USE_CASES)
    yield from _count(section, "Rejected", funnel.rejected, USE_CASES)
    yield _number(section, "Suspended", "in all", funnel.suspended, USE_CASES)
    yield _number(section, "Retired", "in all", funnel.retired, USE_CASES)
    yield _number(section, "In use, never proposed", "in all", funnel.to_propose, USE_CASES)
    yield _number(section, "In use, never proposed, past their day", "in all", funnel.late, USE_CASES)


def _programme(digest: Digest) -> Iterator[Row]:
    section, programme = NAMES[Part.PROGRAMME], digest.standing.programme
    yield Row(section, PHASES[programme.phase], "", "stands", "current phase")
    yield _number(section, PHASES[programme.phase], "so far", programme.weeks, "whole weeks")
    for gate in programme.gates:
        into = f"Gate into {PHASES[gate.phase]}"
        yield Row(section, into, "", "stands", GATE_STATES[gate.state])
        yield _number(section, into, "met", gate.met, "criteria")
        yield _number(section, into, "asked for", gate.criteria, "criteria")
        for each in gate.lacking:
            yield Row(section, f"{into}: {CRITERION_NAMES[each.criterion]}", "", "stands", LACKS[each.standing])


def _approvals(digest: Digest) -> Iterator[Row]:
    section, found = NAMES[Part.APPROVALS], digest.standing.approvals
    yield from _count(section, "Approved by people", found.approved, "requests")
    yield from _count(section, "Rejected by people", found.rejected, "requests")
    yield from _count(section, "Expired undecided", found.expired, "requests")
    yield _number(section, "Median until decided", "in the window", found.median_days, DAYS)
    yield _number(section, "Median until decided", "seven days before", found.median_before, DAYS)
    then = "" if found.places is not None else " at the end of the window"
    yield _number(section, "All requests", f"waiting{then}", found.waiting, "requests")
    yield _number(section, "All requests", f"past due{then}", found.past_due, "requests")
    if found.places is None:
        for what in ("blocked", "waiting by role"):
            yield Row(section, "All requests", "", f"{what}{then}", None, "requests", Telling.NOT_MEASURABLE, NOT_KEPT)
    else:
        yield _number(section, "All requests", "blocked", found.blocked, "requests")
    for each in found.places or ():
        yield _number(section, f"At {each.role}", "waiting", each.waiting, "requests")
        yield _number(section, f"At {each.role}", "past due", each.past_due, "requests")
        yield _number(section, f"At {each.role}", "median waited", each.days, DAYS)


def _adoption(digest: Digest) -> Iterator[Row]:
    section, found = NAMES[Part.ADOPTION], digest.adoption
    for each in found.teams:
        yield from _use(section, "Team", each)
    yield from _use(section, "All teams", found.total)
    yield _number(section, "No answer", "in all", found.unreported, USE_CASES)
    yield _number(section, "Sources say different things", "in all", found.disputed, USE_CASES)


def _use(section: str, item: str, use: TeamUse) -> Iterator[Row]:
    yield _number(section, item, "use cases", use.cases, USE_CASES, team=use.team)
    for measure, figure, unit in (
        ("eligible", use.eligible, PEOPLE),
        ("given access", use.assigned, PEOPLE),
        ("active", use.active, PEOPLE),
        ("active of eligible", use.rate, PER_CENT),
        ("active, seven days before", use.before, PEOPLE),
        ("change", use.change, PEOPLE),
    ):
        yield Row(section, item, use.team, measure, figure.value, unit, figure.telling)


def _kpis(digest: Digest, *, with_values: bool) -> Iterator[Row]:
    section, found = NAMES[Part.KPIS], digest.numbers.kpis
    for standing in KpiStanding:
        if standing in found.now or standing in found.before:
            item = f"All {STANDINGS[standing]}"
            yield _number(section, item, "in the window", found.now.get(standing, 0), "KPIs")
            yield _number(section, item, "seven days before", found.before.get(standing, 0), "KPIs")
    for each in found.worst:
        yield from _kpi(section, each, with_values=with_values)


def _kpi(section: str, kpi: KpiLine, *, with_values: bool) -> Iterator[Row]:
    item, team = f"{_case(kpi.of)}: {kpi.name}", kpi.of.team
    yield Row(section, item, team, "stands", STANDINGS[kpi.standing])
    yield Row(section, item, team, "due", kpi.due.isoformat())
    if with_values:
        read = {"last reading": kpi.value, "reading before": kpi.before, "baseline": kpi.baseline}
        for measure, value in (*read.items(), ("target", kpi.target), ("target, at most", kpi.target_high)):
            if value is not None or measure in read:
                yield _number(section, item, measure, value, kpi.unit, team=team)


def _corrections(digest: Digest) -> Iterator[Row]:
    section, found = NAMES[Part.CORRECTIONS], digest.numbers.corrections
    yield _number(section, "Outputs looked at", "in the window", found.looked_at, "outputs")
    for cause, number in found.by_cause.items():
        yield _number(section, f"Corrected: {CAUSES[cause]}", "in the window", number, "outputs")
    for measure, rate in (("in the window", found.rate), ("seven days before", found.rate_before)):
        yield _number(section, "Corrected of looked at", measure, None if rate is None else rate * 100, PER_CENT)
    yield _number(section, "Answers in which nobody looked", "in the window", found.unknown, "answers")


def _hours(digest: Digest, *, with_values: bool) -> Iterator[Row]:
    section, value = NAMES[Part.HOURS], digest.numbers.value
    yield from _span(section, "Gross, against a locked baseline", value.gross, value.gross_of)
    yield from _span(section, "Gross, seven days before", value.gross_before, None)
    yield from _span(section, "Net of corrections", value.net, value.net_of)
    yield from _span(section, "Unverifiable, without a baseline", value.unverifiable, value.unverifiable_of)
    for currency, cost in value.costs.items():
        yield _number(section, "Cost", f"in {currency}", cost, currency)
    for each in value.returns if with_values else ():
        yield _number(
            section, _case(each.of), f"value in {each.currency}", each.value, each.currency, team=each.of.team
        )
        yield _number(section, _case(each.of), f"cost in {each.currency}", each.cost, each.currency, team=each.of.team)
        ratio = each.ratio if each.cost else None
        yield _number(section, _case(each.of), "return on cost", ratio, team=each.of.team)
    for win in digest.numbers.wins:
        yield Row(WINS, _case(win.of), win.of.team, "says", win.says)


def _span(section: str, item: str, span: Span | None, of: int | None) -> Iterator[Row]:
    yield _number(section, item, "at least", span.low if span else None, HOURS)
    yield _number(section, item, "at most", span.high if span else None, HOURS)
    if of is not None:
        yield _number(section, item, "of", of, USE_CASES)


def _answers(digest: Digest) -> Iterator[Row]:
    section, found = NAMES[Part.ANSWERS], digest.numbers.answers
    counts = {"asked": found.asked, "answered": found.answered, "away": found.away, "left out": found.skipped}
    for measure, number in (*counts.items(), ("missing", found.silent), ("still open", found.still_open)):
        yield _number(section, "All check-ins", measure, number, "check-ins")
    for each in found.missing:
        yield Row(section, _case(each.of), each.of.team, "stands", UNANSWERED[each.state])


def _due(digest: Digest) -> Iterator[Row]:
    section, found = NAMES[Part.DUE], digest.standing.coming
    yield _number(section, "Conditions", "due or late", found.conditions)
    yield _number(section, "Conditions", "late", found.conditions_late)
    yield _number(section, "Recertifications", "due or late", found.recertifications)
    yield _number(section, "Recertifications", "late", found.recertifications_late)
    for each in found.listed:
        item = f"{DUES[each.kind].capitalize()} of {_case(each.of)}"
        yield Row(section, item, each.of.team, "due", each.on.isoformat())
        yield Row(section, item, each.of.team, "stands", "late" if each.is_late else "to come")


def _rest(digest: Digest) -> Iterator[Row]:
    standing, training = digest.standing, digest.numbers.training
    yield _number(REST, "Without an owner", "in all", standing.ownerless_in_all, USE_CASES)
    for each in standing.ownerless:
        yield Row(REST, _case(each), each.team, "stands", "without an owner")
    for measure, people in (("to train", training.to_train), ("trained", training.trained)):
        telling = _SHOWN if people is not None else Telling.SUPPRESSED
        yield Row(REST, "Training", "", measure, people, "people", telling)
    yield _number(REST, "Training", "did not say", training.unknown, "workstreams")
    yield from _count(REST, "Break-glass called", standing.break_glass, "times")
    yield _number(REST, "The record", "streams", standing.head.streams)
    yield Row(REST, "The record", "", "head", standing.head.hash or None, "", _head_telling(digest))


def _head_telling(digest: Digest) -> Telling:
    return _SHOWN if digest.standing.head.hash else Telling.NOT_REPORTED


def _case(named: Named) -> str:
    return f"{named.reference} {named.name}"
