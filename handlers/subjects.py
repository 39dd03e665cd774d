"""Put a request's subject into words. The engine does not know what it decides on; the screens do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from db.enums import Direction
from db.session import Session
from handlers.text import (
    AFFECTED,
    AREAS,
    BUILDS,
    DATA_CLASSES,
    DECISIONS,
    NONE_OF_THESE,
    OUTPUT_USES,
    PRACTICES,
    PROCESSINGS,
)
from workflows import intake
from workflows.approvals import RequestSnapshot
from workflows.intake import Kpi, Proposal, UseCaseSnapshot, plain_number

VALUE_ON_CARD = 160
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class SubjectPicture:
    """A subject as every card shows it. `reference`, `title` and `team` are for every member, the rest for insiders.

    `facts` are short enough for a card; `whole` says everything. `source` is a link to the message it was made from.
    """

    reference: str
    title: str
    team: str
    story: str
    facts: Pairs
    whole: Pairs = ()
    source: str | None = None


def picture_of(session: Session, request: RequestSnapshot) -> SubjectPicture:
    """Return the words for what `request` is about. Raises LookupError for a kind no screen knows."""
    if request.subject_kind == intake.SUBJECT_KIND:
        use_case = intake.use_case_of(session, request.subject_id)
        if use_case is not None:
            return use_case_picture(use_case)
    raise LookupError(f"no screen shows {request.subject_kind!r} {request.subject_id}")


def use_case_picture(use_case: UseCaseSnapshot) -> SubjectPicture:
    told = [pair for pair in _told(use_case) if pair[1]]
    return SubjectPicture(
        reference=use_case.reference,
        title=use_case.name,
        team=use_case.team,
        story=use_case.says.problem,
        facts=[(label, _short(value)) for label, value in told],
        whole=told,
        source=use_case.source_link,
    )


def kpi_in_words(kpi: Kpi) -> str:
    """Return “Hours per file: from 6 to 3 hours by 1 Dec 2026”."""
    ends = [plain_number(end) for end in (kpi.target, kpi.target_high) if end is not None]
    if kpi.direction is Direction.BAND:
        today = f", today {plain_number(kpi.baseline)}" if kpi.baseline is not None else ""
        return f"{kpi.name}: stay between {' and '.join(ends)} {kpi.unit}{today}, by {_day(kpi.due)}"
    way = {Direction.UP: "up", Direction.DOWN: "down"}[kpi.direction]
    today = f"from {plain_number(kpi.baseline)}" if kpi.baseline is not None else way
    unknown = "" if kpi.baseline is not None else " (today not known)"
    return f"{kpi.name}: {today} to {ends[0]} {kpi.unit}{unknown} by {_day(kpi.due)}"


def _told(use_case: UseCaseSnapshot) -> Iterator[tuple[str, str]]:
    """Yield everything a use case says besides its problem, what decides most first."""
    says = use_case.says
    yield "Objective", says.objective
    yield "Produces", says.outputs
    yield "Used for", OUTPUT_USES[says.output_use]
    yield "Data", f"{DATA_CLASSES[says.data_class]}. Processed in: {PROCESSINGS[says.processing]}"
    yield "Built by", _built(says)
    yield "Affects", ", ".join(AFFECTED[each] for each in says.affected)
    yield "Decision", DECISIONS[says.decision]
    yield "Checked", says.oversight
    yield "Areas where a mistake harms", ", ".join(AREAS[each] for each in says.areas) or NONE_OF_THESE
    yield "⚠️ Practices nobody may follow", ", ".join(PRACTICES[each] for each in says.practices)
    for answer in says.own:
        yield answer.asked, ", ".join(answer.says or answer.values)
    for kpi in says.kpis:
        yield "Shown to work by", kpi_in_words(kpi)
    yield "Benefit", says.benefit
    yield "Owner", use_case.owner.name
    yield "Sponsor", use_case.sponsor.name
    yield "Team", says.team
    if says.differs:
        yield f"Differs from {', '.join(use_case.similar) or 'similar ones'}", says.differs
    yield "Proposed before as", use_case.copied_from or ""
    yield "Confidential", "Only those involved know of it" if use_case.confidential else ""


def _built(says: Proposal) -> str:
    return ": ".join(filter(None, (BUILDS[says.build], ", ".join(filter(None, (says.vendor, says.model))))))


def _short(value: str) -> str:
    line = " ".join(value.split())
    return line if len(line) <= VALUE_ON_CARD else line[: VALUE_ON_CARD - 1].rstrip() + "…"


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
