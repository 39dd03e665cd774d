"""The rows behind each part of a digest: gathered for who may see them, and drawn one by one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from db.enums import RequestStatus, RootCause
from handlers.blocks import BlockKit
from handlers.checkins.trend_words import short_number
from handlers.corrections import CAUSES
from handlers.digests.behind_look import Look
from handlers.digests.behind_views import Row, open_button
from handlers.digests.parts import kpi_button
from handlers.digests.words import (
    DUES,
    LACKS,
    STAGES,
    STANDINGS,
    UNANSWERED,
    case_text,
    name_of,
    percent_text,
    span_text,
)
from handlers.kpis import NAME_SHOWN, unit_text
from handlers.programme.words import programme_button
from handlers.text import counted, day_in_words, inline, listed, moment, named
from handlers.use import use_line
from workflows import adoption, approvals, digests, intake
from workflows.adoption import SourceUse
from workflows.digests import (
    CaseBehind,
    CorrectedBehind,
    Due,
    GateNow,
    HoursBehind,
    KpiLine,
    Lacks,
    Named,
    NoAnswer,
    RequestBehind,
    Return,
    Seen,
    Stage,
)

LEAST_TOLD: Final = 0.05  # working days; what is less is rounded to none, and never told as none


# --------------------------------------------------------------------------------------------------- standing


@dataclass(frozen=True, slots=True)
class _Reached:
    stage: Stage
    of: Named
    confidential: bool
    case: CaseBehind


def reached(look: Look) -> Seen[_Reached]:
    window, team = look.shown.digest.window, look.shown.digest.team
    moved = [each.stage for each in look.shown.digest.standing.funnel.reached if each.new]
    found = [
        _Reached(stage, case.of, case.confidential, case)
        for stage in moved
        for case in digests.reached_behind(look.session, window, stage, team=team)
    ]
    return look.known(found)


def reached_row(look: Look, row: _Reached) -> Row:
    text = f"{case_text(row.of)}\n{STAGES[row.stage].capitalize()}, {moment(row.case.reached_at)}"
    return text, open_button(row.case.request_id if look.reads(row.of.id) else None, _what(row.of))


def lacking(look: Look) -> Seen[tuple[GateNow, Lacks]]:
    gates = look.shown.digest.standing.programme.gates
    return Seen(tuple((gate, each) for gate in gates for each in gate.lacking), 0)


def lacking_row(_: Look, row: tuple[GateNow, Lacks]) -> Row:
    gate, lacks = row
    since = f", since {moment(lacks.since)}" if lacks.since else ""
    owes = f" · {named(lacks.owner)} can do something about it" if lacks.owner else ""
    lead = f"The gate into {name_of(gate.phase)}: {name_of(lacks.criterion)}"
    return f"{lead}\n{LACKS[lacks.standing].capitalize()}{since}{owes}", programme_button("digest", "Open")


@dataclass(frozen=True, slots=True)
class _Decided:
    outcome: RequestStatus
    of: Named
    confidential: bool
    request: RequestBehind


def decided(look: Look) -> Seen[_Decided]:
    window, team = look.shown.digest.window, look.shown.digest.team
    found = [
        _Decided(outcome, each.of, each.confidential, each)
        for outcome in (RequestStatus.APPROVED, RequestStatus.REJECTED)
        for each in digests.requests_behind(look.session, window, team=team, outcome=outcome)
    ]
    return look.known(found)


def decided_row(look: Look, row: _Decided) -> Row:
    reads = look.reads(row.of.id)
    names = listed([named(each) for each in row.request.decided_by], last="and")
    by = f" by {names}" if reads and names else ""
    days = row.request.days
    took = f"{short_number(round(days, 1)) if days >= LEAST_TOLD else 'less than 0.1'} working days"
    text = f"{case_text(row.of)}\n{row.outcome.value.capitalize()}{by}, {moment(row.request.settled_at)}, after {took}"
    return text, open_button(row.request.request_id if reads else None, _what(row.of))


def coming(look: Look) -> Seen[Due]:
    return Seen(look.shown.digest.standing.coming.listed, 0)


def coming_row(look: Look, row: Due) -> Row:
    late = "⚠️ Was due" if row.is_late else "Due"
    return f"{case_text(row.of)}\n{DUES[row.kind].capitalize()}: {late.lower()} {day_in_words(row.on)}", _opens(
        look, row.of
    )


# ---------------------------------------------------------------------------------------------------- numbers


@dataclass(frozen=True, slots=True)
class _Says:
    of: Named
    confidential: bool
    says: SourceUse


def sources(look: Look) -> Seen[_Says]:
    window, team = look.shown.digest.window, look.shown.digest.team
    found = adoption.sources_behind(look.session, window.first, window.last, team=team, now=look.now)
    cases = intake.use_cases_of(look.session, {each for each, _ in found}) if found else {}
    of = {key: Named(key, each.reference, each.name, each.team) for key, each in cases.items()}
    rows = [_Says(of[key], cases[key].confidential, says) for key, says in found if key in of]
    return look.readable(look.known(rows).rows)


def source_row(look: Look, row: _Says) -> Row:
    says = row.says
    defined = [inline(says.definition, limit=160)] if says.definition else []
    return _based(look, row.of, use_line(says), *defined)


def kpis(look: Look) -> Seen[KpiLine]:
    return look.readable(look.shown.digest.numbers.kpis.worst)


def kpi_row(look: Look, row: KpiLine) -> Row:
    unit = unit_text(row.unit)

    def value(number: float | None, missing: str) -> str:
        return missing if number is None else f"{short_number(number)} {unit}"

    on = f" on {day_in_words(row.read_on)}" if row.read_on else ""
    told = [
        f"{value(row.value, 'Not read in these days')}{on}, before: {value(row.before, 'not read')}",
        f"baseline: {value(row.baseline, 'not locked')}",
    ]
    text = f"{case_text(row.of)}, {inline(row.name, limit=NAME_SHOWN)}: *{STANDINGS[row.standing]}*\n{'; '.join(told)}"
    return text, kpi_button(look.shown.id, row.kpi_id, row.name)


@dataclass(frozen=True, slots=True)
class _Corrected:
    of: Named
    confidential: bool
    then: CorrectedBehind | None
    now: CorrectedBehind | None


def corrected(look: Look) -> Seen[_Corrected]:
    digest = look.shown.digest
    then = digests.corrections_behind(look.session, digest.window, digest.team, as_of=digest.made_at)
    now = digests.corrections_behind(look.session, digest.window, digest.team)
    return look.readable(look.known([_Corrected(*each) for each in _pairs(then, now)]).rows)


def corrected_row(look: Look, row: _Corrected) -> Row:
    return _based(look, row.of, *_then_and_now(_corrected_text(row.then), _corrected_text(row.now)))


@dataclass(frozen=True, slots=True)
class _Hours:
    of: Named
    confidential: bool
    then: HoursBehind | None
    now: HoursBehind | None


def hours(look: Look) -> Seen[_Hours | Return]:
    digest = look.shown.digest
    then = digests.hours_behind(look.session, digest.window, digest.team, as_of=digest.made_at)
    now = digests.hours_behind(look.session, digest.window, digest.team)
    told = look.known([_Hours(*each) for each in _pairs(then, now)]).rows
    return look.readable([*told, *digest.numbers.value.returns])


def hours_row(look: Look, row: _Hours | Return) -> Row:
    if isinstance(row, Return):
        sums = f"value {short_number(row.value)}, cost {short_number(row.cost)} {inline(row.currency)}"
        ratio = f" ({short_number(round(row.ratio * 100, 1))} %)" if row.cost else ""
        return _based(look, row.of, f"Return{ratio}: {sums}")
    return _based(look, row.of, *_then_and_now(_hours_text(row.then), _hours_text(row.now)))


def unanswered(look: Look) -> Seen[NoAnswer]:
    return Seen(look.shown.digest.numbers.answers.missing, 0)


def unanswered_row(look: Look, row: NoAnswer) -> Row:
    return f"{case_text(row.of)}\n{UNANSWERED[row.state].capitalize()}", _opens(look, row.of)


# ------------------------------------------------------------------------------------------------------ words


def _pairs(then: Iterable[Any], now: Iterable[Any]) -> list[tuple[Named, bool, Any, Any]]:
    """Return the rows of each use case as they counted then and as they do now, and whether it is confidential."""
    before, after = {each.of.id: each for each in then}, {each.of.id: each for each in now}
    keys = dict.fromkeys((*before, *after))
    either = [after.get(key) or before[key] for key in keys]
    return [(each.of, each.confidential, before.get(each.of.id), after.get(each.of.id)) for each in either]


def _then_and_now(then: str, now: str) -> list[str]:
    """Return what counted then, and what does now where somebody corrected it since."""
    return [then] if then == now else [then, f"✏️ Corrected since: {now[:1].lower()}{now[1:]}"]


def _corrected_text(row: CorrectedBehind | None) -> str:
    if row is None:
        return "Nothing was said of it"
    causes = [f"{CAUSES[cause]} {row.by_cause[cause]}" for cause in RootCause if row.by_cause.get(cause)]
    because = f": {', '.join(causes)}" if causes else ""
    looked = f"{sum(row.by_cause.values())} of {row.looked_at} outputs corrected ({percent_text(row.rate)}){because}"
    missing = f"{counted(row.unknown, 'answer')} in which nobody looked" if row.unknown else ""
    return "; ".join(filter(None, [looked if row.looked_at else "", missing]))


def _hours_text(row: HoursBehind | None) -> str:
    if row is None:
        return "Nobody said anything of hours"
    if not row.has_baseline:
        return f"{span_text(row.hours)}, unverifiable: no baseline is locked"
    net = span_text(row.net) if row.net else "not known, for nobody looked how much had to be corrected"
    return f"{span_text(row.hours)} gross; net {net}"


def _based(look: Look, of: Named, *lines: str) -> Row:
    """Return a row of numbers with the approval they stand on."""
    stands, way = look.standing(of)
    return "\n".join([case_text(of), *lines, stands]), way


def _opens(look: Look, of: Named) -> BlockKit | None:
    """Return the way to the newest request about a use case, for who may read it."""
    if not look.reads(of.id):
        return None
    found = approvals.latest_about(look.session, intake.SUBJECT_KIND, [of.id]).get(of.id)
    return open_button(found.id if found else None, _what(of))


def _what(of: Named) -> str:
    return f"{of.reference}, {of.name}"
