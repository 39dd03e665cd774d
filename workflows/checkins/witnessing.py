"""Read what second persons said of readings, as frozen pictures."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from db.enums import UseCaseState, Verdict
from db.queries import checkin_runs as stored_runs
from db.queries import verifying as stored
from db.session import Session
from db.tables import Kpi
from workflows import people
from workflows.checkins.hits import Progress, VerdictSnapshot, Witnessed, progress
from workflows.checkins.reading import kpis_of, says
from workflows.checkins.run_reading import check_in_of
from workflows.checkins.run_snapshots import CheckInSnapshot
from workflows.checkins.snapshots import KpiSnapshot
from workflows.checkins.turns import ENDED
from workflows.checkins.verdicts import judged_by, why_no_verdict
from workflows.people import LEAD, Actor


@dataclass(frozen=True, slots=True)
class Line:
    """A reading of a check-in with its KPI, and the newest reading of that from a day before."""

    kpi: KpiSnapshot
    reading: Witnessed
    before: Witnessed | None


@dataclass(frozen=True, slots=True)
class Confirmations:
    """How the readings of a check-in stand with those `asked` to confirm them, in the order they were asked."""

    check_in: CheckInSnapshot
    asked: tuple[Actor, ...]
    lines: tuple[Line, ...]

    @property
    def readings(self) -> tuple[Witnessed, ...]:
        return tuple(each.reading for each in self.lines)

    @property
    def revision(self) -> int:
        """The revision of the answer that brought the newest of these readings."""
        return max((each.revision or 0 for each in self.readings), default=0)

    @property
    def doubt(self) -> VerdictSnapshot | None:
        return max(filter(None, (each.doubt for each in self.readings)), key=lambda each: each.at, default=None)

    @property
    def confirmation(self) -> VerdictSnapshot | None:
        """Who made the last of these readings sure, once all are that somebody can confirm."""
        open_to_all = [each for each in self.readings if not each.is_sure]
        said = [each.confirmation for each in self.readings if each.confirmation]
        return None if open_to_all else max(said, key=lambda each: each.at, default=None)

    def for_person(self, person_id: UUID) -> tuple[Witnessed, ...]:
        """Return the readings this person can say something of."""
        return judged_by(person_id, self.readings)


@dataclass(frozen=True, slots=True)
class AskedToConfirm:
    """A message that asks somebody to confirm, and where it is: its channel and ts."""

    request_id: UUID
    person_id: UUID
    channel: str | None
    ts: str | None
    about: Confirmations


def witnessed_of(session: Session, kpi_ids: Collection[UUID]) -> Mapping[UUID, Sequence[Witnessed]]:
    """Return every reading of these KPIs that counts, with what was said of it, the first day first."""
    rows, said = stored.readings_of(session, kpi_ids), stored.verdicts_on(session, kpi_ids)
    known = people.named(
        session, {row.entered_by for row in rows if row.entered_by} | {each.row.person_id for each in said}
    )
    verdicts: defaultdict[UUID, list[VerdictSnapshot]] = defaultdict(list)
    for row, reason in said:
        verdict = VerdictSnapshot(known[row.person_id], row.verdict, row.said_at, reason or "")
        verdicts[row.reading_id].append(verdict)
    found: defaultdict[UUID, list[Witnessed]] = defaultdict(list)
    for reading in rows:
        found[reading.kpi_id].append(
            Witnessed(
                id=reading.id,
                kpi_id=reading.kpi_id,
                value=reading.value,
                unit=reading.unit,
                read_for=reading.read_for,
                source=reading.source,
                entered_at=reading.entered_at,
                entered_by=known[reading.entered_by] if reading.entered_by else None,
                check_in_id=reading.check_in_id,
                revision=reading.revision,
                instead_of=reading.instead_of,
                verdicts=tuple(verdicts[reading.id]),
            )
        )
    return found


def progress_of(session: Session, kpis: Collection[KpiSnapshot]) -> Mapping[UUID, Progress]:
    """Return how far each of these KPIs is on the way to being hit, by its id: three questions for however many."""
    found = witnessed_of(session, [each.id for each in kpis])
    return {each.id: progress(each.says, found.get(each.id, ())) for each in kpis}


def progress_of_kpis(session: Session, rows: Collection[Kpi]) -> Mapping[UUID, Progress]:
    """Return the same of stored KPIs, for who needs nothing else of them."""
    found = witnessed_of(session, [row.id for row in rows])
    return {row.id: progress(says(row), found.get(row.id, ())) for row in rows}


def confirmations_of(session: Session, check_in_id: UUID) -> Confirmations | None:
    """Return how the readings of a check-in stand; None when there is no such check-in."""
    check_in = check_in_of(session, check_in_id)
    if check_in is None:
        return None
    asked = [each.person_id for each in stored.requests_of(session, check_in_id)]
    known = people.named(session, asked)
    kpis = kpis_of(session, [check_in.use_case_id]).get(check_in.use_case_id, ())
    found = witnessed_of(session, [each.id for each in kpis])
    lines = [
        Line(kpi, reading, _before(reading, found[kpi.id]))
        for kpi in kpis
        for reading in found.get(kpi.id, ())
        if reading.check_in_id == check_in_id
    ]
    return Confirmations(check_in, tuple(known[each] for each in asked), tuple(lines))


def to_confirm(session: Session, person_id: UUID, *, limit: int) -> list[Confirmations]:
    """Return the check-ins whose readings this person was asked to confirm and has said nothing of, newest first.

    Not what somebody else made sure since, nor that of a use case that has ended.
    """
    found = (confirmations_of(session, each) for each in stored.unsaid_by(session, person_id, limit=limit))
    return [each for each in found if each is not None and _waits_for(each, person_id)]


def _waits_for(about: Confirmations, person_id: UUID) -> bool:
    theirs = about.for_person(person_id)
    is_open = any(not each.is_sure and each.said_by(person_id) is None for each in theirs)
    return is_open and about.check_in.stands.use_case not in ENDED


def asked_to_confirm(session: Session, request_id: UUID) -> AskedToConfirm | None:
    row = stored.request(session, request_id)
    about = confirmations_of(session, row.check_in_id) if row else None
    return AskedToConfirm(row.id, row.person_id, row.channel, row.ts, about) if row and about else None


def place_request(session: Session, request_id: UUID, *, channel: str | None, ts: str | None) -> None:
    """Keep where a message that asks somebody to confirm is, or that it is not there any more."""
    stored.place_request(session, request_id, channel=channel, ts=ts)


def confirmable_by(
    session: Session, use_case_id: UUID, readings: Collection[Witnessed], viewer: UUID
) -> frozenset[UUID]:
    """Return which of these readings this person can confirm unasked, and has not."""
    standing = stored_runs.standing_of(session, use_case_id)
    if standing is None:
        return frozenset()
    may = has_a_part(session, use_case_id, viewer)
    return frozenset(
        each.id
        for each in readings
        if why_no_verdict(viewer, [each], may=may, use_case=standing.state) is None and not _confirmed(each, viewer)
    )


def has_a_part(session: Session, use_case_id: UUID, person_id: UUID) -> bool:
    """Say whether somebody may confirm the readings of a use case unasked: its owner, its sponsor, programme leads.

    Who was asked about one of its check-ins has a part, too.
    """
    standing = stored_runs.standing_of(session, use_case_id)
    if standing is not None and person_id in (standing.owner_id, standing.sponsor_id):
        return True
    asked = {each.person_id for each in stored.requests_about(session, use_case_id)}
    return person_id in asked or LEAD in people.roles_of(session, person_id)


def state_of(session: Session, use_case_id: UUID) -> UseCaseState:
    """Return where a use case is. Raises LookupError when there is none."""
    standing = stored_runs.standing_of(session, use_case_id)
    if standing is None:
        raise LookupError(f"no use case {use_case_id}")
    return standing.state


def _confirmed(reading: Witnessed, person_id: UUID) -> bool:
    said = reading.said_by(person_id)
    return said is not None and said.verdict is Verdict.CONFIRMED


def _before(reading: Witnessed, every: Sequence[Witnessed]) -> Witnessed | None:
    earlier = [each for each in every if each.read_for < reading.read_for and each.unit == reading.unit]
    return earlier[-1] if earlier else None
