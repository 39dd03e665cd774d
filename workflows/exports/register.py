"""Read the register, a page at a time: however long it is, a page is all that is held."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Final
from uuid import UUID

from db.enums import PENDING, KpiSource, RequestStatus, UseCaseState, Verdict
from db.queries import exports as stored
from db.queries import trends
from db.queries.exports import Cast, Requested
from db.session import Session
from workflows import checkins, conditions, intake, people, policy, recorded
from workflows.checkins import KpiSnapshot
from workflows.exports.snapshots import (
    CaseEntry,
    Decided,
    Entry,
    LastRead,
    Measured,
    RecordedEntry,
    StreamHead,
    Suspension,
    VoteGiven,
)
from workflows.intake import SUBJECT_KIND, UseCaseSnapshot
from workflows.recorded import RecordingSnapshot

PAGE: Final = 250
_STANDS_ON_NONE: Final = (
    UseCaseState.IN_REVIEW,
    UseCaseState.CHANGES_REQUESTED,
    UseCaseState.REJECTED,
    UseCaseState.WITHDRAWN,
    UseCaseState.EXPIRED,
)


def hold_still(session: Session) -> None:
    """See one state of everything until this transaction ends, however long a file takes. Its first question."""
    stored.hold_still(session)


def count(session: Session) -> int:
    """Return how many entries the register has: use cases, and what was recorded and not proposed yet."""
    return stored.count(session)


def entries(session: Session, *, page: int = PAGE) -> Iterator[Entry]:
    """Yield every use case, and everything recorded that nobody has proposed yet, by number.

    Confidential ones are among them: whoever asks has been asked whether they may read all.
    """
    last = 0
    while found := stored.entries_after(session, last, limit=page):
        last = found[-1].number
        numbers = {each.id: each.number for each in found}
        cases = _cases(session, numbers, [each.id for each in found if not each.is_recording])
        waiting = _recordings(session, numbers, [each.id for each in found if each.is_recording])
        every: list[Entry] = [*cases, *waiting]
        yield from sorted(every, key=attrgetter("number"))


def entry_of(session: Session, use_case_id: UUID) -> CaseEntry | None:
    """Return one use case as the register says it; None when there is none."""
    use_case = intake.use_case_of(session, use_case_id)
    if use_case is None:
        return None
    number = intake.reference_number(use_case.reference) or 0
    return _cases(session, {use_case_id: number}, [use_case_id])[0]


def _recordings(session: Session, numbers: Mapping[UUID, int], ids: Sequence[UUID]) -> list[RecordedEntry]:
    if not ids:
        return []
    heads = stored.heads(session, [recorded.stream_of(each) for each in ids])
    return [
        RecordedEntry(numbers[each], one, _head(heads, recorded.stream_of(each)))
        for each, one in recorded.recordings_of(session, ids).items()
    ]


def _cases(session: Session, numbers: Mapping[UUID, int], ids: Sequence[UUID]) -> list[CaseEntry]:
    """Return entries of use cases; that takes as many questions as for one."""
    if not ids:
        return []
    found, rows = intake.use_cases_of(session, ids), stored.identities(session, ids)
    decided, asked = _requests(session, found)
    in_force = conditions.in_force(session, SUBJECT_KIND, ids)
    entered, kpis = _entered(session, ids), _kpis(session, ids)
    suspended = _suspensions(session, ids)
    heads = stored.heads(session, [intake.stream_of(each) for each in ids])
    before = _recorded_as(session, ids)
    return [
        CaseEntry(
            number=numbers[each],
            case=found[each],
            was=rows[each].suspended_from or found[each].state,
            created_at=rows[each].created_at,
            decided=decided.get(each),
            asked=asked.get(each),
            conditions=tuple(in_force.get(each, ())),
            suspensions=tuple(suspended[each]),
            entered=entered[each],
            kpis=tuple(kpis[each]),
            head=_head(heads, intake.stream_of(each)),
            recorded=before.get(each),
        )
        for each in ids
    ]


def _entered(session: Session, ids: Sequence[UUID]) -> Mapping[UUID, Mapping[UseCaseState, datetime]]:
    found: defaultdict[UUID, dict[UseCaseState, datetime]] = defaultdict(dict)
    for (use_case_id, state), at in stored.first_entered(session, ids).items():
        found[use_case_id][state] = at
    return found


def _requests(
    session: Session, cases: Mapping[UUID, UseCaseSnapshot]
) -> tuple[Mapping[UUID, Decided], Mapping[UUID, Decided]]:
    """Return, by use case, the approval that counts, else the newest request; and a newer one that is still open."""
    chosen: dict[UUID, Requested] = {}
    newest: dict[UUID, Requested] = {}
    for each in stored.requests_about(session, SUBJECT_KIND, list(cases)):
        before = chosen.get(each.use_case_id)
        newest[each.use_case_id] = each
        if before is None or each.status is RequestStatus.APPROVED or not _holds(cases[each.use_case_id], before):
            chosen[each.use_case_id] = each
    asked = {key: row for key, row in newest.items() if row.status in PENDING and row.id != chosen[key].id}
    votes: defaultdict[UUID, list[Cast]] = defaultdict(list)
    for vote in stored.votes_that_count(session, [row.id for row in (*chosen.values(), *asked.values())]):
        votes[vote.request_id].append(vote)
    ids_of_people = {who for some in votes.values() for vote in some for who in (vote.person_id, vote.cast_by)}
    known = people.named(session, ids_of_people)
    return (
        {key: _decided(row, votes[row.id], known) for key, row in chosen.items()},
        {key: _decided(row, votes[row.id], known) for key, row in asked.items()},
    )


def _holds(case: UseCaseSnapshot, request: Requested) -> bool:
    """Say whether an approval is what a use case stands on, whatever is asked about it since."""
    return request.status is RequestStatus.APPROVED and case.state not in _STANDS_ON_NONE and not case.provisional


def _decided(row: Requested, votes: Sequence[Cast], known: Mapping[UUID, people.Actor]) -> Decided:
    return Decided(
        revision=row.revision,
        tier=row.tier,
        reasons=policy.pinned(row.snapshot).reasons,
        policy_number=row.policy_number,
        policy_hash=row.snapshot_hash,
        status=row.status,
        opened_at=row.opened_at,
        settled_at=row.settled_at,
        line=row.decided_by_line,
        votes=tuple(
            VoteGiven(
                lane=vote.lane,
                person=known[vote.person_id],
                delegate=known[vote.cast_by] if vote.cast_by != vote.person_id else None,
                verb=vote.verb,
                at=vote.cast_at,
            )
            for vote in votes
        ),
    )


def _kpis(session: Session, ids: Sequence[UUID]) -> Mapping[UUID, list[Measured]]:
    """Return the KPIs of these use cases that are in use, with their last readings."""
    of_cases = checkins.kpis_of(session, ids)
    in_use = [kpi for found in of_cases.values() for kpi in found if kpi.in_use]
    last, progress = _last_read(session, in_use), checkins.progress_of(session, in_use)
    found: defaultdict[UUID, list[Measured]] = defaultdict(list)
    for kpi in in_use:
        found[kpi.use_case_id].append(Measured(kpi, last.get(kpi.id), checkins.hit_at(progress[kpi.id])))
    return found


def _last_read(session: Session, kpis: Sequence[KpiSnapshot]) -> Mapping[UUID, LastRead]:
    rows = trends.newest_readings(session, [kpi.id for kpi in kpis], each=1)
    said = trends.verdicts(session, [row.id for row in rows])
    doubted = {reading_id for reading_id, _, verdict in said if verdict is Verdict.DOUBTED}
    confirmed = {reading_id for reading_id, _, verdict in said if verdict is Verdict.CONFIRMED} - doubted
    return {
        row.kpi_id: LastRead(
            value=row.value,
            unit=row.unit,
            on=row.read_for,
            source=row.source,
            verified=row.id in confirmed or (row.source is KpiSource.SYSTEM and row.id not in doubted),
            doubted=row.id in doubted,
        )
        for row in rows
    }


def _suspensions(session: Session, ids: Sequence[UUID]) -> Mapping[UUID, list[Suspension]]:
    """Return why these use cases may not go on now, by use case."""
    found: defaultdict[UUID, list[Suspension]] = defaultdict(list)
    for each in stored.suspensions(session, ids):
        if each.lifted_at is None:
            found[each.use_case_id].append(Suspension(each.cause, each.since, reason=each.reason))
    return found


def _recorded_as(session: Session, ids: Collection[UUID]) -> Mapping[UUID, RecordingSnapshot]:
    """Return what of these use cases was recorded before it was proposed, by use case."""
    rows = {row.id: row.use_case_id for row in stored.recordings_become(session, ids)}
    found = recorded.recordings_of(session, list(rows))
    return {use_case_id: found[key] for key, use_case_id in rows.items() if use_case_id is not None}


def _head(heads: Mapping[str, stored.Head], stream: str) -> StreamHead | None:
    return StreamHead(heads[stream].seq, heads[stream].hash) if stream in heads else None
