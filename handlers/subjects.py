"""Put a request's subject into words. The engine does not know what it decides on; the screens do."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from db.enums import PENDING, Direction, RequestStatus, UseCaseState
from db.session import Session
from handlers.blocks import NOTHING
from handlers.foundation.pictures import part_picture
from handlers.glass import alarm_text
from handlers.kinds import CHANGE
from handlers.picture import Pairs, SubjectPicture
from handlers.policy_changes.pictures import policy_picture
from handlers.programme.pictures import gate_picture
from handlers.rollouts.home import teams_text
from handlers.rollouts.pictures import rollout_picture
from handlers.standing import approved_until, in_use, what_holds
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
    USE_CASE_STATES,
    listed,
    moment,
)
from workflows import (
    auditing,
    breaking_glass,
    conditions,
    foundation,
    intake,
    policy,
    policy_changes,
    programme,
    rollouts,
)
from workflows.approvals import RequestSnapshot
from workflows.auditing import AuditSnapshot
from workflows.checkins import plain_number
from workflows.intake import Kpi, Proposal, UseCaseSnapshot

__all__ = ["SubjectPicture", "kpi_in_words", "picture_of", "use_case_picture"]

VALUE_ON_CARD = 160
COMPARED = ("Data", "Built by", "Affects", "Decision", "Areas where a mistake harms")
KPI_FACT = "Shown to work by"
BETWEEN = " · "  # answers hold commas of their own


def picture_of(
    session: Session, request: RequestSnapshot, *, in_short: bool = False, now: datetime | None = None
) -> SubjectPicture:
    """Return the words for what `request` is about. Raises LookupError for a kind no screen knows.

    `in_short` may leave out what is read besides: what changed, similar ones, and what holds meanwhile. What changes by
    time alone is drawn as it is `now`, where that is said.
    """
    at_a_moment = AT_A_MOMENT.get(request.subject_kind)
    if now is not None and at_a_moment is not None:
        return at_a_moment(session, request, now)
    draw = (IN_SHORT if in_short else DRAWERS).get(request.subject_kind) or DRAWERS.get(request.subject_kind)
    if draw is None:
        raise LookupError(f"no screen shows {request.subject_kind!r} {request.subject_id}")
    return draw(session, request)


def _use_case_in_short(session: Session, request: RequestSnapshot) -> SubjectPicture:
    use_case = intake.as_submitted(session, request.subject_id, request.revision)
    if use_case is None:
        raise LookupError(f"{request.reference} was submitted and is gone")
    return use_case_picture(use_case)


def _use_case(session: Session, request: RequestSnapshot) -> SubjectPicture:
    use_case = intake.as_submitted(session, request.subject_id, request.revision)
    if use_case is None:
        raise LookupError(f"{request.reference} was submitted and is gone")
    glass = breaking_glass.in_force_about(session, [use_case.id] if use_case.provisional else [])
    alarming = glass.get(use_case.id)
    stands = what_holds(request, use_case.state, use_case.suspended_by)
    holds = (in_use(use_case.state), stands, approved_until(use_case), teams_text(session, use_case))
    return replace(
        use_case_picture(use_case),
        changes=_changes(session, request, use_case),
        changes_are="What would change" if request.is_change else f"What changed in version {request.revision}",
        is_asked_again=request.is_change and request.status in PENDING,
        precedents=_precedents(session, use_case),
        holds=" ".join(filter(None, holds)),
        may_change=use_case.may_change,
        is_over=use_case.state is UseCaseState.RETIRED,
        conditions=conditions.shown_with(session, request),
        alarm=alarm_text(alarming) if alarming else "",
        alarm_reason=alarming.reason if alarming else "",
    )


def use_case_picture(use_case: UseCaseSnapshot) -> SubjectPicture:
    told = [pair for pair in _told(use_case) if pair[1]]
    return SubjectPicture(
        reference=use_case.reference,
        title=use_case.name,
        team=use_case.team,
        story=use_case.says.problem,
        facts=[*_on_card(told), ("Team", _people(use_case))],
        whole=told,
        source=use_case.source_link,
    )


def _on_card(told: Pairs) -> Iterator[tuple[str, str]]:
    """Yield what stands on a card: shortened, without what says that there is nothing, and without the people."""
    for label, value in told:
        if label not in ("Owner", "Sponsor", "Team") and value != NONE_OF_THESE:
            yield label, _short(value)


def _people(use_case: UseCaseSnapshot) -> str:
    """Return team, owner and sponsor in one line."""
    owner, sponsor = use_case.owner.name, use_case.sponsor.name
    named = f"{owner} owns and sponsors it" if owner == sponsor else f"{owner} owns it, {sponsor} sponsors it"
    return f"{_short(use_case.says.team)}; {named}"


def _changes(session: Session, request: RequestSnapshot, use_case: UseCaseSnapshot) -> Pairs:
    """Return what changed since it was submitted before, answer by answer: “before → now”, shortened.

    Of a change that is what was approved.
    """
    earlier = request.amended_revision if request.amended_revision is not None else request.revision - 1
    before = intake.as_submitted(session, use_case.id, earlier) if earlier else None
    if before is None:
        return ()
    was, now = _by_label(before), _by_label(use_case)
    return [
        (label, f"{_short(was.get(label, '')) or NOTHING} → {_short(now.get(label, '')) or NOTHING}")
        for label in {**was, **now}
        if was.get(label, "") != now.get(label, "")
    ]


def _by_label(use_case: UseCaseSnapshot) -> dict[str, str]:
    """Return everything a use case says, by what it answers; several KPIs stand together."""
    told: dict[str, str] = {"Name": use_case.name, "Problem": use_case.says.problem}
    for label, value in _told(use_case):
        told[label] = "; ".join(filter(None, (told.get(label), value)))
    return told


def _precedents(session: Session, use_case: UseCaseSnapshot) -> list[str]:
    """Return what became of the use cases this one was found similar to, and in which facts it is another.

    What these facts are stands on the card anyway.
    """
    lines = []
    for reference in use_case.similar:
        other = intake.find(session, intake.reference_number(reference) or 0)
        if other is None or other.confidential:
            continue
        ours, theirs = _by_label(use_case), _by_label(other)
        new = [label for label in COMPARED if ours.get(label) != theirs.get(label)]
        state = USE_CASE_STATES[other.state].lower()
        differs = listed(new, last="and") or "nothing"
        lines.append(f"{other.reference} “{_short(other.name)}” is {state}. Different here: {differs}.")
    return lines


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
    yield "Data", f"{DATA_CLASSES[says.data_class]}. Processed by: {PROCESSINGS[says.processing]}"
    yield "Built by", _built(says)
    yield "Affects", BETWEEN.join(AFFECTED[each] for each in says.affected)
    yield "Decision", DECISIONS[says.decision]
    yield "Checked", says.oversight
    yield "Areas where a mistake harms", BETWEEN.join(AREAS[each] for each in says.areas) or NONE_OF_THESE
    yield "⚠️ Practices nobody may follow", BETWEEN.join(PRACTICES[each] for each in says.practices)
    for answer in says.own:
        yield answer.asked, BETWEEN.join(answer.says or answer.values)
    for kpi in says.kpis:
        yield KPI_FACT, kpi_in_words(kpi)
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


def _audit(session: Session, request: RequestSnapshot) -> SubjectPicture:
    """Draw the use case as the policy approved it, and what is asked about that."""
    audit = auditing.audit_of(session, request.subject_id)
    if audit is None:
        raise LookupError(f"{request.reference} was drawn and is gone")
    return replace(use_case_picture(audit.use_case), reference=audit.reference, holds=_of_audit(audit, request.status))


def _of_audit(audit: AuditSnapshot, status: RequestStatus) -> str:
    """Return what is asked in an audit, or what it led to."""
    what = f"*{audit.use_case.reference}*"
    match status:
        case RequestStatus.APPROVED:
            return f"{what} stays approved."
        case RequestStatus.REJECTED if audit.use_case.state is UseCaseState.SUSPENDED:
            return f"⏸️ {what} is suspended until people have approved it: send it again by “{CHANGE}”."
        case RequestStatus.IN_REVIEW:
            return (
                f"This audits {what}: the policy's line `{audit.line}` approved it, {moment(audit.approved_at)}. "
                "Does it belong there?"
            )
        case RequestStatus.EXPIRED:
            return f"{what} stays as it is. Programme leads are told."
        case _:
            return ""


DRAWERS: Final[Mapping[str, Callable[[Session, RequestSnapshot], SubjectPicture]]] = {
    intake.SUBJECT_KIND: _use_case,
    policy_changes.SUBJECT_KIND: policy_picture,
    policy.AUDIT_KIND: _audit,
    programme.SUBJECT_KIND: gate_picture,
    **dict.fromkeys(foundation.SUBJECT_KINDS, part_picture),
    rollouts.SUBJECT_KIND: rollout_picture,
}
"""Who draws a subject, by its kind."""
AT_A_MOMENT: Final[Mapping[str, Callable[[Session, RequestSnapshot, datetime], SubjectPicture]]] = {
    programme.SUBJECT_KIND: gate_picture,
}
"""Who draws a subject of which some is otherwise as time passes, where that is known."""
IN_SHORT: Final[Mapping[str, Callable[[Session, RequestSnapshot], SubjectPicture]]] = {
    intake.SUBJECT_KIND: _use_case_in_short,
}
"""Who draws a subject where there is no room or need for everything; other kinds are drawn whole."""
