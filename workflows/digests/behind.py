"""What stands behind a number of a digest: who said what, when, and on which approval it stands.

Everything is read as it counted at a moment, so that what was posted can be explained later. Whoever asks decides who
may read it: confidential use cases are among the rows.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from db.enums import APPROVING, RootCause
from db.queries import digest_answers as answers
from db.queries import digest_behind as stored
from db.session import Session
from db.tables import Reading
from workflows import approvals, checkins, intake, people
from workflows.approvals import RequestSnapshot
from workflows.checkins import BaselineSnapshot, KpiSnapshot, VerdictSnapshot, Witnessed
from workflows.digests import number_rules as rules
from workflows.digests.numbers import by_cause, days_of, named
from workflows.digests.snapshots import Named, Span
from workflows.digests.standing_scope import spellings
from workflows.digests.windows import Window


@dataclass(frozen=True, slots=True)
class StandsOn:
    """The approval a use case stands on: people approved it, or a line of the policy, whose sentence it is, did."""

    request_id: UUID
    reference: str
    decided_at: datetime
    by: tuple[str, ...]
    line: str | None


@dataclass(frozen=True, slots=True)
class KpiBehind:
    """A KPI with what counted at a moment: its locked baseline, and its readings, the newest first.

    `baseline` may have another unit than the KPI, and readings another unit or source: only the KPI's own count in the
    digest. `earlier` are up to eight from before the window. Each says who entered it (nobody: a system) and who
    confirmed or doubts it.
    """

    of: Named
    confidential: bool
    kpi: KpiSnapshot
    baseline: BaselineSnapshot | None
    readings: tuple[Witnessed, ...]
    earlier: tuple[Witnessed, ...]
    approval: StandsOn | None


@dataclass(frozen=True, slots=True)
class CorrectedBehind:
    """What was looked at and corrected of one use case; `rate` is None where nobody looked.

    `unknown` answers do not say how many outputs somebody looked at, or how many of these had to be corrected.
    """

    of: Named
    confidential: bool
    looked_at: int
    by_cause: dict[RootCause, int]
    rate: float | None
    unknown: int


@dataclass(frozen=True, slots=True)
class HoursBehind:
    """Hours saved as people said; without a locked baseline they are unverifiable, and never counted with the others.

    `net` is None without a baseline, and where it is not known how much had to be corrected.
    """

    of: Named
    confidential: bool
    hours: Span
    has_baseline: bool
    rate: float | None
    net: Span | None


def kpi_behind(session: Session, kpi_id: UUID, *, window: Window, as_of: datetime) -> KpiBehind | None:
    """Return what stood behind a KPI's line in a digest of this window made at `as_of`; None when there is no such KPI.

    The KPI itself and its approval are as they are now.
    """
    kpi = checkins.kpi_of(session, kpi_id)
    use_case = intake.use_case_of(session, kpi.use_case_id) if kpi else None
    if kpi is None or use_case is None:
        return None
    days = (window.first, window.last)
    rows = stored.readings_at(session, kpi_id, days, as_of=as_of, earlier=rules.MOST_EARLIER)
    readings = _witnessed(session, rows, as_of=as_of)
    approved = approvals.approval_in_force(session, intake.SUBJECT_KIND, use_case.id)
    locked = [each for each in kpi.baselines if each.locked_at <= as_of]
    return KpiBehind(
        of=Named(use_case.id, use_case.reference, use_case.name, use_case.team),
        confidential=use_case.confidential,
        kpi=kpi,
        baseline=locked[-1] if locked else None,
        readings=tuple(each for each in readings if each.read_for >= window.first),
        earlier=tuple(each for each in readings if each.read_for < window.first),
        approval=_stands_on(approved) if approved else None,
    )


def corrections_behind(
    session: Session, window: Window, team: str | None = None, *, as_of: datetime | None = None
) -> Sequence[CorrectedBehind]:
    """Return what was said of corrections in a window, use case by use case; with `as_of` as it counted then.

    Those of which nobody said anything else are among them where somebody answered, with their `unknown`.
    """
    return [
        CorrectedBehind(
            of=named(row.case),
            confidential=row.confidential,
            looked_at=row.looked_at,
            by_cause=by_cause(row),
            rate=_rate(row),
            unknown=row.unknown,
        )
        for row in answers.told(session, days_of(window), spellings(session, team), as_of=as_of)
        if row.looked_at or row.unknown
    ]


def hours_behind(
    session: Session, window: Window, team: str | None = None, *, as_of: datetime | None = None
) -> Sequence[HoursBehind]:
    """Return who claimed hours in a window, use case by use case; with `as_of` as it counted then.

    Whether a baseline is locked is as it is now.
    """
    found = []
    for row in answers.told(session, days_of(window), spellings(session, team), as_of=as_of):
        if row.low is None or row.high is None:
            continue
        hours, rate = Span(row.low, row.high), _rate(row)
        net = rules.less_corrected(hours, rate) if row.has_baseline else None
        found.append(HoursBehind(named(row.case), row.confidential, hours, row.has_baseline, rate, net))
    return found


def approval_of(session: Session, use_case_id: UUID) -> StandsOn | None:
    """Return the approval a use case stands on now; None where nobody approved it."""
    approved = approvals.approval_in_force(session, intake.SUBJECT_KIND, use_case_id)
    return _stands_on(approved) if approved else None


def _rate(row: answers.Told) -> float | None:
    return rules.rate(sum(by_cause(row).values()), row.looked_at)


def _stands_on(request: RequestSnapshot) -> StandsOn:
    """Return what an approved request stands on: whose approvals count in its lanes, each name once."""
    seats = [seat for stage in request.stages for lane in stage.lanes for seat in lane.seats if seat.vote]
    by = dict.fromkeys(seat.person.name for seat in seats if seat.vote and seat.vote.verb in APPROVING)
    decided_at = request.settled_at or request.opened_at
    return StandsOn(request.id, request.reference, decided_at, tuple(by), request.pinned.decided)


def _witnessed(session: Session, rows: Sequence[Reading], *, as_of: datetime) -> list[Witnessed]:
    said = stored.verdicts_at(session, [row.id for row in rows], as_of=as_of)
    entered = {row.entered_by for row in rows if row.entered_by}
    known = people.named(session, entered | {row.person_id for row, _ in said})
    verdicts: defaultdict[UUID, list[VerdictSnapshot]] = defaultdict(list)
    for row, reason in said:
        verdict = VerdictSnapshot(known[row.person_id], row.verdict, row.said_at, reason or "")
        verdicts[row.reading_id].append(verdict)
    return [
        Witnessed(
            id=row.id,
            kpi_id=row.kpi_id,
            value=row.value,
            unit=row.unit,
            read_for=row.read_for,
            source=row.source,
            entered_at=row.entered_at,
            entered_by=known[row.entered_by] if row.entered_by else None,
            check_in_id=row.check_in_id,
            revision=row.revision,
            verdicts=tuple(verdicts[row.id]),
        )
        for row in rows
    ]
